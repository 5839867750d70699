"""Whose words a quotation is: the line below it belongs to it."""

from typing import Final

import numpy as np

from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Elements, Page
from cleaner.text.arrays import Flags

#: Why they stay.
SPEAKER: Final = Evidence("body.speaker", Label.BODY, 4.0, "the caption of a quotation", origin=Origin.NEIGHBOUR)


def with_speakers(view: PageView, body: Flags) -> Flags:
    """The body with the names of those who are quoted: (n_blocks,) bool."""
    return body | attributions(view.page, body)


def attributions(page: Page, body: Flags) -> Flags:
    """The captions of quotations that are body: (n_blocks,) bool.

    Pages set a quotation as a figure, and the name of the speaker as its caption: ``<figure><blockquote>…</blockquote>
    <figcaption>…</figcaption></figure>``. Without the name nobody knows who speaks.
    """
    found = np.zeros(len(body), bool)
    for at in range(1, len(page.blocks)):
        is_below = found[at - 1] or (body[at - 1] and "blockquote" in page.blocks[at - 1].context)
        found[at] = is_below and _is_in_caption(page.elements, page.blocks[at].node)
    return found


def _is_in_caption(elements: Elements, element: int) -> bool:
    """Whether an element or one around it is the caption of a figure."""
    while element > 0:
        if elements.styles[elements.style[element]].tag == "figcaption":
            return True
        element = elements.parent[element]
    return False
