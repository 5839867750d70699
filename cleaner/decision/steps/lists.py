"""Lists: items between others that stay, and lists of which most stays."""

from collections import defaultdict
from typing import Final, NamedTuple

from cleaner.decision.page_view import PageView
from cleaner.segment.page import Page, RawBlock
from cleaner.text.arrays import Flags

#: An item of a list between two that stay stays from this score on.
ITEM_BAR: Final = 0.1
#: Share of a list of definitions that stays, so that all of it does.
DEFINITIONS_SHARE: Final = 0.5
#: Tags of lists.
LISTS: Final = frozenset({"ul", "ol", "dl"})


class _List(NamedTuple):
    """The innermost list around a block: the number of its element, and whether it is one of definitions."""

    element: int
    is_definitions: bool


def with_whole_lists(view: PageView, body: Flags) -> Flags:
    """The body with the items of lists that are body otherwise.

    These are an item between two that are body, the last one where all others are, terms and definitions of a list of
    which half is body, and the list that a block of body right above it announces with a colon.
    """
    blocks, scores = view.page.blocks, view.scores
    missing = view.outside(body, ITEM_BAR)
    lists = {found for at in missing if (found := _list_around(blocks[at]))}
    between = [at for at in missing if _is_between_items(view.page, at)]
    if not (lists or between):
        return body
    whole = body.copy()
    for at in between:
        # Items further up may have been added: two in a row are added one after the other.
        whole[at] = whole[at - 1] and whole[at + 1]
    for of_list, items in _blocks_of_lists(view.page, lists).items():
        kept = whole[items]
        above = items[0] - 1
        is_announced = above >= 0 and whole[above] and blocks[above].plain.endswith((":", "："))
        if (
            (of_list.is_definitions and kept.mean() >= DEFINITIONS_SHARE)
            or (len(items) > 1 and kept[:-1].all())
            or is_announced
        ):
            whole[items] |= scores[items] >= ITEM_BAR
    return whole


def _list_around(block: RawBlock) -> _List | None:
    """The innermost list around a block."""
    for tag, container in zip(reversed(block.context), reversed(block.containers), strict=False):
        if tag in LISTS:
            return _List(container, tag == "dl")
    return None


def _blocks_of_lists(page: Page, lists: set[_List]) -> dict[_List, list[int]]:
    """The blocks of some lists, without those of lists inside of them, in the order of the lists."""
    if not lists:
        return {}
    found: dict[_List, list[int]] = defaultdict(list)
    for at, block in enumerate(page.blocks):
        around = _list_around(block) if block.context else None
        if around in lists and around:
            found[around].append(at)
    return found


def _is_between_items(page: Page, at: int) -> bool:
    """Whether a block is an item, and the blocks before and behind it are items beside it."""
    if page.blocks[at].tag != "li" or not 0 < at < len(page.blocks) - 1:
        return False
    three = page.blocks[at - 1 : at + 2]
    parents = {page.elements.parent[block.node] for block in three}
    return len(parents) == 1 and all(block.tag == "li" for block in three)
