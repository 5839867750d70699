"""Whose words a quotation is: the line below it belongs to it."""

from typing import Final

import numpy as np

from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Page
from cleaner.text.arrays import Flags

#: Why they stay.
SPEAKER: Final = Evidence("body.speaker", Label.BODY, 4.0, "the caption of a quotation", origin=Origin.NEIGHBOUR)


def attributions(page: Page, body: Flags) -> Flags:
    """The captions of quotations that are body: (n_blocks,) bool.

    Pages set a quotation as a figure, and the name of the speaker as its caption: ``<figure><blockquote>…</blockquote>
    <figcaption>…</figcaption></figure>``. Without the name nobody knows who speaks.
    """
    elements = page.elements
    in_caption = elements.inside(lambda element: elements.styles[elements.style[element]].tag == "figcaption")
    found = np.zeros(len(body), bool)
    for at in range(1, len(page.blocks)):
        if in_caption[page.blocks[at].node]:
            above = page.blocks[at - 1]
            found[at] = (body[at - 1] and "blockquote" in above.context) or found[at - 1]
    return found
