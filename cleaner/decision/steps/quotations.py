"""Whose words a quotation is: the line below it belongs to it."""

from typing import Final

from cleaner.decision.decision import with_blocks
from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Page
from cleaner.text.arrays import Flags, indices

#: Why they stay.
SPEAKER: Final = Evidence("body.speaker", Label.BODY, 4.0, "the caption of a quotation", origin=Origin.NEIGHBOUR)


def with_speakers(view: PageView, body: Flags) -> Flags:
    """The body with the names of those who are quoted: (n_blocks,) bool."""
    return with_blocks(body, attributions(view.page, body))


def attributions(page: Page, body: Flags) -> list[int]:
    """The blocks that are captions of quotations that are body.

    Pages set a quotation as a figure, and the name of the speaker as its caption: ``<figure><blockquote>…</blockquote>
    <figcaption>…</figcaption></figure>``. Without the name nobody knows who speaks. The caption of a picture below a
    quotation has a figure of its own.
    """
    blocks, elements, found = page.blocks, page.elements, []
    for quotation in indices(body):
        if "blockquote" not in blocks[quotation].context:
            continue
        for at in range(quotation + 1, len(blocks)):
            caption = elements.nearest(blocks[at].node, "figcaption")
            if caption and elements.holds(elements.parent[caption], blocks[quotation].node):
                found.append(at)
            elif "blockquote" not in blocks[at].context:
                break
    return found
