"""Lists: items between others that stay, and lists of which most stays."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from cleaner.decision.page_view import PageView
from cleaner.segment.page import Page
from cleaner.text.arrays import Flags

#: An item of a list between two that stay stays from this score on.
ITEM_BAR: Final = 0.1
#: Share of a list of definitions that stays, so that all of it does.
DEFINITIONS_SHARE: Final = 0.5


def with_whole_lists(view: PageView, body: Flags) -> Flags:
    """The body with the items of lists that are body otherwise.

    These are an item between two that are body, the last one where all others are, terms and definitions of a list of
    which half is body, and the list that a block of body right above it announces with a colon.
    """
    page, scores, whole = view.page, view.scores, body.copy()
    for before, at, behind in _neighbouring_items(page):
        # Items further up may have been added: two in a row are added one after the other.
        if whole[before] and whole[behind] and scores[at] >= ITEM_BAR:
            whole[at] = True
    for blocks, is_definitions in _lists(page):
        items = np.array(blocks)
        kept = whole[items]
        above = int(items[0]) - 1
        is_announced = above >= 0 and whole[above] and page.blocks[above].plain.endswith((":", "："))
        if (
            (is_definitions and kept.mean() >= DEFINITIONS_SHARE)
            or (len(items) > 1 and kept[:-1].all())
            or is_announced
        ):
            whole[items] |= scores[items] >= ITEM_BAR
    return whole


def _lists(page: Page) -> Iterator[tuple[list[int], bool]]:
    """The blocks of each list without those of lists inside of it, and whether it is one of definitions."""
    lists: dict[int, list[int]] = defaultdict(list)
    definitions: set[int] = set()
    for at, block in enumerate(page.blocks):
        for tag, container in zip(reversed(block.context), reversed(block.containers), strict=False):
            if tag in ("ul", "ol", "dl"):
                lists[container].append(at)
                if tag == "dl":
                    definitions.add(container)
                break
    for container, blocks in lists.items():
        yield blocks, container in definitions


def _neighbouring_items(page: Page) -> Iterator[tuple[int, int, int]]:
    """Each three items of one list that follow each other."""
    parent = page.elements.parent
    items = [at for at, block in enumerate(page.blocks) if block.tag == "li"]
    for three in zip(items, items[1:], items[2:], strict=False):
        if three[2] - three[0] == 2 and len({parent[page.blocks[at].node] for at in three}) == 1:
            yield three
