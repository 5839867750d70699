"""The kept blocks as plain text."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from cleaner.document import Cell, Document
from cleaner.export.outline import LIST_ITEMS
from cleaner.export.tables import Columns, data_tables
from cleaner.text.characters import one_line, strip_unsafe_chars


def to_text(doc: Document) -> str:
    r"""The kept blocks, unaltered and in order; "" when nothing is kept.

    From text, blocks stand as far apart as in the source; where blocks between them were removed, by the gap with the
    most line breaks. From HTML, a blank line stands between blocks, a line break between the items of a list and the
    rows of a table, and a tab between the cells of a row, which are one line each; empty cells have their tab, too.

    >>> from cleaner import Block
    >>> to_text(Document((Block("One.", gap=""), Block("Two.", gap="\n"), Block("Three."))))
    'One.\nTwo.\n\nThree.'
    """
    return join(doc.blocks, [block.label in doc.keep for block in doc.blocks], doc.kind)


class Joinable(Protocol):
    """The properties of a block that decide how it is joined to others."""

    @property
    def text(self) -> str: ...

    @property
    def tag(self) -> str: ...

    @property
    def gap(self) -> str: ...

    @property
    def context(self) -> tuple[str, ...]: ...

    @property
    def cell(self) -> Cell | None: ...


def join(blocks: Sequence[Joinable], kept: Sequence[bool], kind: str) -> str:
    """The text of the blocks that ``kept`` marks, as :func:`to_text` gives it; ``kind`` is that of the source.

    It needs no document, so the text can be had before the blocks are labelled.
    """
    texts = {at: text for at, keep in enumerate(kept) if keep and (text := strip_unsafe_chars(blocks[at].text)).strip()}
    if kind == "text":
        return _join_lines(blocks, texts)
    tables = data_tables((block, at in texts) for at, block in enumerate(blocks))
    parts: list[str] = []
    last = -1
    for at, text in texts.items():
        cell = blocks[at].cell
        columns = tables.get(cell.table) if cell else None
        if parts:
            between = blocks[last : at + 1]  # the kept block before, the removed ones, this one
            parts.append(_html_gap(between, columns))
        elif cell and columns:
            parts.append("\t" * columns[cell.column])
        parts.append(_trim(text) if columns is None else one_line(text))
        last = at
    return _trim("".join(parts))


def _join_lines(blocks: Sequence[Joinable], texts: Mapping[int, str]) -> str:
    """The texts with the gaps that they have in their source."""
    parts: list[str] = []
    last = -1
    for at, text in texts.items():
        if parts:
            parts.append(_text_gap(blocks[last : at + 1]))
        parts.append(text)
        last = at
    return _trim("".join(parts))


def _text_gap(between: Sequence[Joinable]) -> str:
    """The source's own gap before the last block; of several, the one with the most line breaks."""
    gaps = [strip_unsafe_chars(block.gap) for block in between[1:]]
    return max(gaps, key=lambda gap: (gap.count("\n"), len(gap) > 0))


def _html_gap(between: Sequence[Joinable], columns: Columns | None) -> str:
    """Tabs between cells of a row, a line break between rows and between items of a list, else a blank line.

    ``columns`` are those of the table of data in which the last block stands.
    """
    before, cell = between[0].cell, between[-1].cell
    if cell and columns is not None:
        place = columns.get(cell.column, 0)
        if not before or before.table != cell.table:
            return "\n\n" + "\t" * place
        if before.row == cell.row:
            if before.column == cell.column:
                return " "
            return "\t" * max(place - columns.get(before.column, 0), 1)
        return ("\n" if all(other.cell for other in between) else "\n\n") + "\t" * place
    # A removed item leaves the list whole; any other block between two items ends it.
    lists = {_list(other) for other in between}
    return "\n" if len(lists) == 1 and None not in lists else "\n\n"


def _list(block: Joinable) -> tuple[str, ...] | None:
    """The context of the block down to its outermost list; None where it is in no list."""
    for depth, tag in enumerate(block.context):
        if tag in LIST_ITEMS and "li" in (block.tag, *block.context[depth:]):
            return block.context[: depth + 1]
    return ("li",) if block.tag == "li" else None


def _trim(text: str) -> str:
    """The text without blank lines at its ends; the indentation of the first line stays."""
    text = text[text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1 :]
    end = text.find("\n", len(text.rstrip()))
    return text if end < 0 else text[:end].removesuffix("\r")
