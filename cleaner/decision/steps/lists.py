"""Lists: items between others that stay, and lists of which most stays."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from cleaner.decision.page_view import PageView
from cleaner.segment.page import Page, RawBlock
from cleaner.text.arrays import Flags
from cleaner.text.words import COLONS

#: An item of a list between two that stay stays from this score on.
ITEM_BAR: Final = 0.1
#: Share of a list of definitions that stays, so that all of it does.
DEFINITIONS_SHARE: Final = 0.5
#: Tags of lists.
LISTS: Final = frozenset({"ul", "ol", "dl"})


class ListAround(NamedTuple):
    """The innermost list around a block: the number of its element, and whether it is one of definitions."""

    element: int
    is_definitions: bool


def with_whole_lists(view: PageView, body: Flags) -> Flags:
    """The body with the items of lists that are body otherwise.

    These are an item between two that are body, the last one where all others are, terms and definitions of a list of
    which half is body, and the list that a block of body right above it announces with a colon.
    """
    blocks = view.page.blocks
    missing = view.outside(body, ITEM_BAR)
    lists = {found: at for at in missing if (found := list_around(blocks[at]))}
    between = [at for at in missing if _is_between_items(view.page, at)]
    if not (lists or between):
        return body
    stays = body.tolist()  # a page has many small lists, for which numpy calls take longer
    for at in between:
        # Items further up may have been added: two in a row are added one after the other.
        stays[at] = stays[at - 1] and stays[at + 1]
    likely = set(missing)
    for of_list, items in _blocks_of_lists(view.page, lists):
        kept, above = [stays[at] for at in items], items[0] - 1
        half_is_kept = of_list.is_definitions and sum(kept) >= DEFINITIONS_SHARE * len(items)
        last_is_missing = len(items) > 1 and all(kept[:-1])
        is_announced = above >= 0 and stays[above] and blocks[above].plain.endswith(COLONS)
        if half_is_kept or last_is_missing or is_announced:
            for at in likely.intersection(items[:-1] if _is_only_link(view, items) else items):
                stays[at] = True
    return np.array(stays, bool)


def _is_only_link(view: PageView, items: Sequence[int]) -> bool:
    """Whether the last item is a link as a whole, and the one before is none: "Order here" below a list of prices."""
    is_link = view.is_linked_line
    return len(items) > 1 and bool(is_link[items[-1]] and not is_link[items[-2]])


def list_around(block: RawBlock) -> ListAround | None:
    """The innermost list around a block."""
    for tag, container in zip(reversed(block.context), reversed(block.containers), strict=False):
        if tag in LISTS:
            return ListAround(container, tag == "dl")
    return None


def _blocks_of_lists(page: Page, lists: Mapping[ListAround, int]) -> list[tuple[ListAround, list[int]]]:
    """The blocks of some lists, without those of lists inside of them, in the order of the lists. ``lists``: each with
    one of its blocks.
    """
    found: list[tuple[ListAround, list[int]]] = []
    for of_list, at in lists.items():
        start, stop = at, at + 1
        while start > 0 and of_list.element in page.blocks[start - 1].containers:
            start -= 1
        while stop < len(page.blocks) and of_list.element in page.blocks[stop].containers:
            stop += 1
        found.append((of_list, [at for at in range(start, stop) if list_around(page.blocks[at]) == of_list]))
    return sorted(found, key=lambda each: each[1])


def _is_between_items(page: Page, at: int) -> bool:
    """Whether a block is an item, and the blocks before and behind it are items beside it."""
    if page.blocks[at].tag != "li" or not 0 < at < len(page.blocks) - 1:
        return False
    three = page.blocks[at - 1 : at + 2]
    parents = {page.elements.parent[block.node] for block in three}
    return len(parents) == 1 and all(block.tag == "li" for block in three)
