"""Whose words a quotation is: the line below it belongs to it."""

from cleaner.segment.page import Page
from cleaner.text.arrays import Flags


def with_attributions(page: Page, body: Flags) -> Flags:
    """The body with the captions of quotations that are body.

    Pages set a quotation as a figure, and the name of the speaker as its caption: ``<figure><blockquote>…</blockquote>
    <figcaption>…</figcaption></figure>``. Without the name nobody knows who speaks.
    """
    named = body.copy()
    figcaptions = page.elements.inside(
        lambda element: page.elements.styles[page.elements.style[element]].tag == "figcaption"
    )
    for at in range(1, len(page.blocks)):
        if named[at - 1] and figcaptions[page.blocks[at].node]:
            above = page.blocks[at - 1]
            named[at] |= "blockquote" in above.context or figcaptions[above.node]
    return named
