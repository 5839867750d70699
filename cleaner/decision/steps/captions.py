"""Captions that no element and no rule calls so: a line right below a picture, in an element of its own."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from cleaner.decision.decision import without_blocks
from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Page
from cleaner.text.arrays import Flags, indices
from cleaner.text.structure import ITEMS_AND_CELLS

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
    page, prose, words = view.page, view.prose(body), view.prose_map.words
    captions: list[int] = []
    for at in indices(body & ~view.prose_map.stats.ended) if prose else ():
        block = page.blocks[at]
        is_line = not block.linked and not block.level and block.tag not in ITEMS_AND_CELLS and words[at] <= MAX_WORDS
        may_be_caption = block.media and at > prose[0] and is_line and not block.plain.endswith(_GOES_ON)
        if may_be_caption and not _has_prose_beside(page, prose, at):
            captions.append(at)
    return without_blocks(body, captions)


def _has_prose_beside(page: Page, prose: Sequence[int], at: int) -> bool:
    """Whether the element two levels above a block holds any of the blocks of prose near it."""
    parents, blocks = page.elements.parent, page.blocks
    around = max(parents[max(parents[page.own_element(at)], 0)], 0)
    near = prose[bisect_left(prose, at - NEARBY) : bisect_right(prose, at + NEARBY)]
    return any(page.elements.holds(around, blocks[other].node) for other in near)
