"""Captions that no element and no rule calls so: a line right below a picture, in an element of its own."""

from typing import Final

import numpy as np

from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Page
from cleaner.text.arrays import Flags, Ints
from cleaner.text.structure import ITEMS

#: Words of such a line, at most.
MAX_WORDS: Final = 40
#: Blocks above and below it, at most, of which none may be prose in the element around its own.
NEARBY: Final = 6
#: Marks behind which an article goes on.
_GOES_ON: Final = (":", ",", ";", "：", "，")
#: Why it goes.
BELOW_PICTURE: Final = Evidence("caption.place", Label.CAPTION, 4.0, "below a picture", origin=Origin.FORM)


def without_captions_by_place(view: PageView, body: Flags) -> Flags:
    """The body without the lines that are captions by their place: (n_blocks,) bool.

    Such a line stands right below a picture and below the first prose, is no sentence, no heading, no item and no link,
    and neither its element nor the one around that holds prose. With three sets of scores, on the 258 pages that
    readers went through, this takes 4, 5 and 7 captions or names of products, and one line of body.
    """
    page, columns, left = view.page, view.columns, body.copy()
    prose = np.flatnonzero(body & (columns["prose"] > 0))
    if not len(prose):
        return body
    candidates = body & (columns["ended"] == 0) & (columns["words"] <= MAX_WORDS) & (columns["heading"] == 0)
    candidates[: prose[0]] = False
    for at in np.flatnonzero(candidates).tolist():
        block = page.blocks[at]
        if block.media and not block.linked and block.tag not in ITEMS and not block.plain.endswith(_GOES_ON):
            left[at] = _has_prose_beside(page, prose, at)
    return left


def _has_prose_beside(page: Page, prose: Ints, at: int) -> bool:
    """Whether the element two levels above a block holds any of the blocks of prose near it."""
    parents, blocks = page.elements.parent, page.blocks
    around = max(parents[max(parents[blocks[at].node], 0)], 0)
    for other in prose[(prose >= at - NEARBY) & (prose <= at + NEARBY) & (prose != at)].tolist():
        element = blocks[other].node
        while element > around:  # parents stand before their children
            element = parents[element]
        if element == around:
            return True
    return False
