"""Where a block stands: the lists and tables that are open around it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cleaner.document import Cell
from cleaner.segment.page import RawBlock

#: Columns that a cell may span, as in browsers.
MAX_COLUMN_SPAN: Final = 1_000
#: Rows that a cell may span, as in browsers.
MAX_ROW_SPAN: Final = 65_534
#: Columns in which cells that span rows are looked for in the rows below: each of these takes so many steps.
MAX_SPANNED: Final = 60
#: Roles of a table that only arranges what is in it.
LAYOUT_ROLES: Final = frozenset({"presentation", "none"})

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,9}")


@dataclass(slots=True)
class Table:
    """An open table. ``number`` is the element of the table, ``row`` the number of the open row in the page.

    ``rows`` counts the rows so far. ``column`` is the next column of the open row. ``spanned`` has, for each column
    that a cell of a row above reaches into, the last of these rows.
    """

    number: int
    is_layout: bool = False
    in_head: bool = False
    row: int = 0
    rows: int = 0
    column: int = 0
    spanned: dict[int, int] = field(default_factory=dict)

    def next_row(self, row: int) -> None:
        """Begin a row; ``row`` is its number in the page."""
        self.row = row
        self.rows += 1
        self.column = 0

    def next_cell(self, tag: str, attrs: Mapping[str, str]) -> Cell | None:
        """The place of the cell that starts. Columns that are taken by cells of the rows above are skipped."""
        spanned = self.spanned
        while spanned and spanned.get(self.column, 0) >= self.rows:
            self.column += 1
        column = self.column
        columns = _span(attrs, "colspan", MAX_COLUMN_SPAN)
        rows = _span(attrs, "rowspan", MAX_ROW_SPAN)
        self.column += columns
        if rows > 1:
            spanned.update(dict.fromkeys(range(column, min(column + columns, MAX_SPANNED)), self.rows + rows - 1))
        return None if self.is_layout else Cell(self.row, column, tag == "th" or self.in_head, self.number)


@dataclass(slots=True)
class OrderedList:
    """An ordered list. ``items`` has its items by their elements: the number that an item has of its own, or None."""

    start: int | None
    is_reversed: bool
    items: dict[int, int | None] = field(default_factory=dict)

    def numbers(self) -> dict[int, int]:
        """The numbers of the items by their elements; none for a list that counts from 1 upwards."""
        if self.start in (None, 1) and not self.is_reversed and not any(self.items.values()):
            return {}
        step = -1 if self.is_reversed else 1
        number = self.start if self.start is not None else len(self.items) if self.is_reversed else 1
        numbers: dict[int, int] = {}
        for item, own in self.items.items():
            numbers[item] = number if own is None else own
            number = numbers[item] + step
        return numbers


#: The containers that are open, and what is known about them: their tags (``context``) and elements (``containers``),
#: whether one is a ``<pre>``, the language of code, the open table and cell. A plain tuple, as it is made so often.
Place = tuple[tuple[str, ...], tuple[int, ...], bool, str, Table | None, Cell | None]


def ordered_list(attrs: Mapping[str, str]) -> OrderedList:
    """The ordered list that begins."""
    return OrderedList(_integer(attrs.get("start", "")), "reversed" in attrs)


def own_number(attrs: Mapping[str, str]) -> int | None:
    """The number that an item of a list states; None for none."""
    return _integer(attrs["value"]) if "value" in attrs else None


def set_numbers(blocks: Iterable[RawBlock], lists: Iterable[OrderedList]) -> None:
    """Give the blocks in items of ordered lists that do not count from 1 upwards their numbers."""
    numbers = {item: number for ordered in lists for item, number in ordered.numbers().items()}
    if not numbers:
        return
    for block in blocks:
        if "ol" in block.context:
            at = len(block.context) - 1 - block.context[::-1].index("ol")
            block.number = next((numbers.get(item) for item in block.containers[at + 1 : at + 2]), None)


def _span(attrs: Mapping[str, str], name: str, limit: int) -> int:
    """The columns or rows that a cell spans."""
    return min(max(_integer(attrs[name]) or 1, 1), limit) if name in attrs else 1


def _integer(value: str) -> int | None:
    value = value.strip()
    return int(value) if _INTEGER.fullmatch(value) else None
