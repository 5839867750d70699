"""Tables: rows stay as a whole, and so do tables of which most stays."""

from collections import defaultdict
from typing import Final

from cleaner.decision.chosen import FLOOR
from cleaner.decision.page_view import PageView
from cleaner.text.arrays import Flags
from cleaner.text.structure import LONG_CELL

#: Share of a table's cells that stays, so that all of them do.
TABLE_SHARE: Final = 0.6


def with_whole_rows(view: PageView, body: Flags) -> Flags:
    """The body with all cells of a table's row of which some cells are body, and with all cells of a table of which
    most are.
    """
    blocks = view.page.blocks
    if not any(blocks[at].cell for at in view.outside(body, FLOOR)):
        return body
    rows: dict[int, list[int]] = defaultdict(list)
    tables: dict[int, list[int]] = defaultdict(list)
    for at, block in enumerate(blocks):
        if block.cell is not None:
            rows[block.cell.row].append(at)
            tables[block.cell.table].append(at)
    whole = body.copy()
    groups = [cells for cells in tables.values() if body[cells].mean() >= TABLE_SHARE]
    groups += [cells for cells in rows.values() if body[cells].any()]
    for cells in groups:
        if all(len(blocks[at].plain) < LONG_CELL for at in cells):
            whole[cells] |= view.scores[cells] >= FLOOR
    return whole
