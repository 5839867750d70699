"""The kept blocks as plain text."""

from collections.abc import Sequence
from typing import Protocol

from cleaner.document import Document
from cleaner.export.outline import LIST_ITEMS, data_rows
from cleaner.text.characters import strip_unsafe_chars


def to_text(doc: Document) -> str:
    r"""The kept blocks, unaltered and in order; "" when nothing is kept.

    From text, blocks stand as far apart as in the source; where blocks between them were removed,
    the gap with the most line breaks stands. From HTML, a blank line stands between blocks, a line
    break between the items of a list and the rows of a table, a tab between the cells of a row.

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
    def row(self) -> int | None: ...


def join(blocks: Sequence[Joinable], kept: Sequence[bool], kind: str) -> str:
    """The text of the blocks that ``kept`` marks, as :func:`to_text` gives it; ``kind`` is that of the source.

    It needs no document, so the text can be had before the blocks are labelled.
    """
    texts = {at: text for at, keep in enumerate(kept) if keep and (text := strip_unsafe_chars(blocks[at].text)).strip()}
    rows = data_rows((blocks[at].row, text) for at, text in texts.items())
    parts: list[str] = []
    last = -1
    for at, text in texts.items():
        if parts:
            between = blocks[last : at + 1]  # the kept block before, the removed ones, this one
            parts.append(_text_gap(between) if kind == "text" else _html_gap(between, rows))
        parts.append(text if kind == "text" else _trim(text))
        last = at
    return _trim(strip_unsafe_chars("".join(parts)))


def _text_gap(between: Sequence[Joinable]) -> str:
    """The source's own gap before the last block; of several, the one with the most line breaks."""
    gaps = [strip_unsafe_chars(block.gap) for block in between[1:]]
    return max(gaps, key=lambda gap: (gap.count("\n"), len(gap) > 0))


def _html_gap(between: Sequence[Joinable], rows: frozenset[int]) -> str:
    """A tab between cells of a row, a line break between rows and between items of a list, else a blank line."""
    before, block = between[0], between[-1]
    if before.row in rows and block.row in rows:
        if before.row == block.row:
            return "\t"
        if all(other.row is not None for other in between):
            return "\n"
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
