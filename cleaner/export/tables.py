"""Which tables hold data, and in which columns their cells stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from cleaner.document import Cell
from cleaner.text.characters import strip_unsafe_chars
from cleaner.text.structure import LEVELS, LONG_CELL, Tagged, is_code

#: Columns of a table by their numbers in the page, and their places in the table that is written: columns without any
#: block have none. It is empty where the table is too sparse to be written with its columns.
Columns = Mapping[int, int]

#: Paragraphs of a data cell at most. A cell with more of them arranges a part of the page.
MAX_PARAGRAPHS: Final = 3
#: Cells that are written for each cell that has text, and in a table of any size: a table with one cell in each of a
#: thousand rows and columns would be written as a million cells.
MAX_EMPTY: Final = 20
MAX_CELLS: Final = 10_000


class TableBlock(Tagged, Protocol):
    """A block with its place in a table."""

    @property
    def text(self) -> str: ...

    @property
    def cell(self) -> Cell | None: ...


@dataclass(slots=True)
class _Table:
    """What decides whether a table holds data. ``rows`` has the lengths of the texts of each row, in characters."""

    rows: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    columns: set[int] = field(default_factory=set)
    paragraphs: defaultdict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    has_header: bool = False
    arranges: bool = False  # there is a heading or a block of code in it


def data_tables(blocks: Iterable[tuple[TableBlock, bool]]) -> dict[int, Columns]:
    """The tables that hold data, by their numbers, with their columns. Other tables make up the page.

    ``blocks`` are all blocks of a document, each with whether it is kept.
    """
    tables: defaultdict[int, _Table] = defaultdict(_Table)
    for block, kept in blocks:
        if block.cell is not None:
            _add(tables[block.cell.table], block, block.cell, kept=kept)
    return {number: _columns(table) for number, table in tables.items() if table.rows and not _is_layout(table)}


def _add(table: _Table, block: TableBlock, cell: Cell, *, kept: bool) -> None:
    table.columns.add(cell.column)
    length = len(strip_unsafe_chars(block.text).strip()) if kept else 0
    if not length:
        return
    table.rows[cell.row].append(length)
    table.paragraphs[cell.row, cell.column] += not _in_list(block)
    table.has_header |= cell.header
    table.arranges |= block.tag in LEVELS or (is_code(block) and "\n" in block.text)


def _in_list(block: TableBlock) -> bool:
    """Whether the block is in a list that stands in the cell."""
    context = block.context
    inner = context[len(context) - context[::-1].index("tr") :] if "tr" in context else ()
    return "li" in inner


def _is_layout(table: _Table) -> bool:
    paragraphs = max(table.paragraphs.values())
    if table.arranges or paragraphs > MAX_PARAGRAPHS or (paragraphs > 1 and len(table.columns) == 1):
        return True
    if table.has_header:
        return False
    prose = sum(sum(lengths) for lengths in table.rows.values() if _is_prose(lengths))
    return 2 * prose > sum(map(sum, table.rows.values()))


def _is_prose(lengths: list[int]) -> bool:
    """Whether a row holds paragraphs. One long cell among others is a table with a column of descriptions."""
    long = [length for length in lengths if length >= LONG_CELL]
    return 2 * sum(long) > sum(lengths) and (len(long) > 1 or len(lengths) == 1)


def _columns(table: _Table) -> Columns:
    cells = len(table.paragraphs)
    if len(table.rows) * len(table.columns) > max(MAX_EMPTY * cells, MAX_CELLS):
        return {}
    return {column: place for place, column in enumerate(sorted(table.columns))}
