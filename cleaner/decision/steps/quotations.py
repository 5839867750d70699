"""Whose words a quotation is: the line below it belongs to it."""

from typing import Final

from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Elements, Page
from cleaner.text.arrays import Flags, indices

#: Why they stay.
SPEAKER: Final = Evidence("body.speaker", Label.BODY, 4.0, "the caption of a quotation", origin=Origin.NEIGHBOUR)


def with_speakers(view: PageView, body: Flags) -> Flags:
    """The body with the names of those who are quoted: (n_blocks,) bool."""
    speakers = attributions(view.page, body)
    if not speakers:
        return body
    named = body.copy()
    named[speakers] = True
    return named


def attributions(page: Page, body: Flags) -> list[int]:
    """The blocks that are captions of quotations that are body.

    Pages set a quotation as a figure, and the name of the speaker as its caption: ``<figure><blockquote>…</blockquote>
    <figcaption>…</figcaption></figure>``. Without the name nobody knows who speaks.
    """
    blocks, found = page.blocks, []
    for quotation in indices(body):
        if "blockquote" in blocks[quotation].context:
            at = quotation + 1
            while at < len(blocks) and _is_in_caption(page.elements, blocks[at].node):
                found.append(at)
                at += 1
    return found


def _is_in_caption(elements: Elements, element: int) -> bool:
    """Whether an element or one around it is the caption of a figure."""
    while element > 0:
        if elements.styles[elements.style[element]].tag == "figcaption":
            return True
        element = elements.parent[element]
    return False
