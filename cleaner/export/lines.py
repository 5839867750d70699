"""One line a block: what became of it and why (:func:`explain`), or what it is (:func:`labels`)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cleaner.document import Block, Document, Evidence
from cleaner.text.characters import one_line

#: Terminal columns: of a line, of a block's beginning, and of the words that a rule saw.
LINE: Final = 120
TEXT: Final = 48
QUOTE: Final = 30
#: Columns from which such words are shown: fewer say nothing.
SHORTEST: Final = 8


def explain(doc: Document) -> str:
    """One line a block: kept or not, label, score, how the text begins, and the evidence.

    The strongest evidence comes first, as much as fits on the line; the document has all of it.
    Where the document has flags, a line with its kind, language, counts and flags goes ahead.

    >>> from cleaner import Block, Document
    >>> print(explain(Document((Block("The vote is on Tuesday.", score=0.97),))))
    keep  body  0.97  The vote is on Tuesday.
    """
    width = max((len(block.label) for block in doc.blocks), default=0)
    texts = [_shorten(block.text, TEXT) for block in doc.blocks]
    column = max(map(_columns, texts), default=0)
    room = LINE - len(f"keep  {'':{width}}  0.00  {'':{column}}  ")
    lines = [_header(doc)] if doc.flags else []
    for block, text in zip(doc.blocks, texts, strict=True):
        verdict = "keep" if block.label in doc.keep else "drop"
        padding = " " * (column - _columns(text))
        why = _evidence(strongest(block), room)
        line = f"{verdict}  {block.label:<{width}}  {block.score:.2f}  {text}{padding}  {why}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def labels(doc: Document) -> str:
    r"""One line a block, ``label<TAB>text``: what the tests are written in and models learn from.

    >>> from cleaner import Block, Document
    >>> labels(Document((Block("The vote\nis on."),)))
    'body\tThe vote is on.'
    """
    return "\n".join(f"{block.label}\t{one_line(block.text)}" for block in doc.blocks)


def strongest(block: Block) -> list[Evidence]:
    """The block's evidence by weight, whichever way it points; of equal pieces, the one for its label first."""
    return sorted(block.evidence, key=lambda found: (-abs(found.weight), found.label != block.label))


def _header(doc: Document) -> str:
    facts = [
        doc.kind,
        *([doc.lang] if doc.lang else []),
        f"{len(doc.kept)} of {len(doc.blocks)} blocks kept",
    ]
    counts = ", ".join(f"{label} {count}" for label, count in doc.counts.most_common())
    facts += [counts] if counts else []
    return one_line(f"{' | '.join(facts)} | flags: {', '.join(doc.flags)}")


def _evidence(found: Sequence[Evidence], room: int) -> str:
    """The strongest evidence, as much as there is room for but one piece at least; how much more."""
    line = ""
    for number, one in enumerate(found):
        left = len(found) - number - 1
        more = f"  … {left} more" if left else ""
        item = _piece(one, room - _columns(line + more) - 2)
        if line and _columns(line + item + more) + 2 > room:
            return f"{line}  … {left + 1} more"
        line = f"{line}  {item}" if line else item
    return line


def _piece(found: Evidence, room: int) -> str:
    """The evidence without its quote, and with as much of that as there is room for."""
    piece = one_line(str(replace(found, quote="")))
    columns = min(room - _columns(piece) - 3, QUOTE)
    quote = _shorten(found.quote, columns) if columns >= SHORTEST else ""
    return f"{piece} “{quote}”" if quote else piece


def _shorten(text: str, columns: int) -> str:
    """The beginning of the text on one line, with an ellipsis where it goes on."""
    text = one_line(text[: 20 * columns])  # enough, whatever the white space
    if _columns(text) <= columns:
        return text
    end = width = 0
    while width + _columns(text[end]) < columns:
        width += _columns(text[end])
        end += 1
    return text[:end].rstrip() + "…"


def _columns(text: str) -> int:
    """How many columns a terminal gives the text: two to a wide sign, none to one that joins."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(sign) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(sign) in "WF"
        else 1
        for sign in text
    )
