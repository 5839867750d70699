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


class Piece(Protocol):
    """What the joining of blocks needs to know of each."""

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


def join(blocks: Sequence[Piece], kept: Sequence[bool], kind: str) -> str:
    """The text of the kept ones among blocks of a ``kind`` of source: what :func:`to_text` gives of a document."""
    texts = {
        at: text for at, stays in enumerate(kept) if stays and (text := strip_unsafe_chars(blocks[at].text)).strip()
    }
    rows = data_rows((blocks[at].row, text) for at, text in texts.items())
    parts: list[str] = []
    last = -1
    for at, text in texts.items():
        if parts:
            passed = blocks[last : at + 1]  # the kept block before, those that went, this one
            parts.append(_text_gap(passed) if kind == "text" else _html_gap(passed, rows))
        parts.append(text if kind == "text" else _trim(text))
        last = at
    return _trim(strip_unsafe_chars("".join(parts)))


def _text_gap(passed: Sequence[Piece]) -> str:
    """The source's own gap before the last block; of several, the one with the most line breaks."""
    gaps = [strip_unsafe_chars(block.gap) for block in passed[1:]]
    return max(gaps, key=lambda gap: (gap.count("\n"), len(gap) > 0))


def _html_gap(passed: Sequence[Piece], rows: frozenset[int]) -> str:
    before, block = passed[0], passed[-1]
    if before.row in rows and block.row in rows:
        if before.row == block.row:
            return "\t"
        if all(other.row is not None for other in passed):
            return "\n"
    # A removed item leaves the list whole; anything else between two items ends it.
    same_list = {_list(other) for other in passed}
    return "\n" if len(same_list) == 1 and None not in same_list else "\n\n"


def _list(block: Piece) -> tuple[str, ...] | None:
    """Where the outermost list around the block is; None where there is none."""
    for depth, tag in enumerate(block.context):
        if tag in LIST_ITEMS and "li" in (block.tag, *block.context[depth:]):
            return block.context[: depth + 1]
    return ("li",) if block.tag == "li" else None


def _trim(text: str) -> str:
    """The text without the white lines at its ends; a first line's indentation stays."""
    text = text[text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1 :]
    end = text.find("\n", len(text.rstrip()))
    return text if end < 0 else text[:end].removesuffix("\r")
