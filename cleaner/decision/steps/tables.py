"""Tables: rows stay as a whole, and so do tables of which most stays. The numbers beside lines of code do not."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaner.decision.chosen import FLOOR
from cleaner.decision.decision import with_blocks, without_blocks
from cleaner.decision.page_view import PageView
from cleaner.export.tables import data_tables
from cleaner.segment.page import RawBlock
from cleaner.text.arrays import Flags, indices
from cleaner.text.structure import LONG_CELL, is_code

#: Share of a table's cells that stays, so that all of them do.
TABLE_SHARE: Final = 0.6
#: Share of the characters of a table of data that stays after all steps, so that its other cells do.
MOST: Final = 0.75
#: Digits that a number of a line has fewer than.
MAX_DIGITS: Final = 7


def with_whole_rows(view: PageView, body: Flags) -> Flags:
    """The body with all cells of a table's row of which some cells are body, and with all cells of a table of which
    most are.
    """
    blocks, stays = view.page.blocks, body.tolist()
    whole: list[int] = []
    for cells in _incomplete_tables(view, body, FLOOR):
        rows: dict[int, list[int]] = defaultdict(list)
        for at in cells:
            if cell := blocks[at].cell:
                rows[cell.row].append(at)
        is_whole = sum(stays[at] for at in cells) / len(cells) >= TABLE_SHARE
        groups = [row for row in rows.values() if any(stays[at] for at in row)] + ([cells] if is_whole else [])
        whole += [at for group in groups if all(len(blocks[at].plain) < LONG_CELL for at in group) for at in group]
    return with_blocks(body, [at for at in whole if view.scores[at] >= FLOOR])


def with_rest_of_tables(view: PageView, body: Flags) -> Flags:
    """The body with all cells of a table of data of which nearly all is body, such as names that are links, or signs.

    Of a table with long cells, those stay that may be body at all.
    """
    blocks = view.page.blocks
    whole = body.copy()
    for cells in _incomplete_tables(view, body, 0):
        lengths = np.array([len(blocks[at].plain) for at in cells])
        most_stays = lengths[body[cells]].sum() >= MOST * lengths.sum()
        if most_stays and _has_rows_and_columns(view, cells):
            has_long_cell = bool((lengths >= LONG_CELL).any())
            whole[cells] |= view.scores[cells] >= (FLOOR if has_long_cell else 0)
    return whole


def _incomplete_tables(view: PageView, body: Flags, bar: float) -> list[list[int]]:
    """The cells of each table of data of which a cell with this score at least is not in a body."""
    blocks = view.page.blocks
    missing = view.outside(body, bar) if view.has_cells else []
    incomplete = {cell.table for at in missing if (cell := blocks[at].cell)}
    tables: dict[int, list[int]] = defaultdict(list)
    for at, block in enumerate(blocks if incomplete else ()):
        if block.cell and block.cell.table in incomplete:
            tables[block.cell.table].append(at)
    return list(tables.values())


def _has_rows_and_columns(view: PageView, cells: Sequence[int]) -> bool:
    """Whether cells of one table are data in several rows and columns."""
    blocks = [view.page.blocks[at] for at in cells]
    places = [block.cell for block in blocks if block.cell]
    several = len({place.row for place in places}) > 1 and len({place.column for place in places}) > 1
    return several and bool(data_tables((block, True) for block in blocks))


def without_line_numbers(view: PageView, body: Flags) -> Flags:
    """The body without the cells that number the lines of code beside them."""
    blocks = view.page.blocks
    if not view.has_cells:
        return body
    numbers = [at for at in indices(body) if blocks[at].cell and _numbers_lines(blocks[at])]
    return without_blocks(body, numbers)


def _numbers_lines(block: RawBlock) -> bool:
    """Whether a cell of code holds nothing but numbers that count up."""
    words = block.plain.split() if is_code(block) else []
    if not words or not all(word.isdecimal() and len(word) < MAX_DIGITS for word in words):
        return False
    return [int(word) for word in words] == list(range(int(words[0]), int(words[0]) + len(words)))
