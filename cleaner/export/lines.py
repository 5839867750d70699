"""A document as lines for the terminal, one a block: the decision and its reasons, or the labels alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cleaner.document import Block, Document, Evidence
from cleaner.text.characters import one_line

#: Widths in terminal columns: of a line, of a block's beginning, and of a quote.
LINE: Final = 120
TEXT: Final = 48
QUOTE: Final = 30
#: Columns that a quote must have to be shown: less of it is not understood.
SHORTEST: Final = 8


def explain(doc: Document) -> str:
    """One line a block: kept or not, label, score, the beginning of the text, and the evidence.

    The strongest evidence comes first, as much as fits on the line; the document has all of it. Where the document
    has flags, a line with its kind, language, counts and flags goes ahead.

    >>> from cleaner import Block, Document
    >>> print(explain(Document((Block("The vote is on Tuesday.", score=0.97),))))
    keep  body  0.97  The vote is on Tuesday.
    """
    width = max((len(block.label) for block in doc.blocks), default=0)
    texts = [shorten(block.text, TEXT) for block in doc.blocks]
    column = max(map(_columns, texts), default=0)
    room = LINE - len(f"keep  {'':{width}}  0.00  {'':{column}}  ")
    lines = [_header(doc)] if doc.flags else []
    for block, text in zip(doc.blocks, texts, strict=True):
        decision = "keep" if block.label in doc.keep else "drop"
        padding = " " * (column - _columns(text))
        reasons = _evidence(strongest(block), room)
        line = f"{decision}  {block.label:<{width}}  {block.score:.2f}  {text}{padding}  {reasons}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def labels(doc: Document) -> str:
    r"""One line a block, ``label<TAB>text``: the format of test cases and of training data.

    >>> from cleaner import Block, Document
    >>> labels(Document((Block("The vote\nis on."),)))
    'body\tThe vote is on.'
    """
    return "\n".join(f"{block.label}\t{one_line(block.text)}" for block in doc.blocks)


def strongest(block: Block) -> list[Evidence]:
    """The block's evidence by the size of its weight; at equal weights, that for the block's own label first."""
    return sorted(block.evidence, key=lambda evidence: (-abs(evidence.weight), evidence.label != block.label))


def _header(doc: Document) -> str:
    facts = [
        doc.kind,
        *([doc.lang] if doc.lang else []),
        f"{len(doc.kept)} of {len(doc.blocks)} blocks kept",
    ]
    counts = ", ".join(f"{label} {count}" for label, count in doc.counts.most_common())
    facts += [counts] if counts else []
    return one_line(f"{' | '.join(facts)} | flags: {', '.join(doc.flags)}")


def _evidence(evidence: Sequence[Evidence], room: int) -> str:
    """The first of the evidence, as much as fits into ``room`` columns but at least one; and how many are left out."""
    line = ""
    for number, one in enumerate(evidence):
        left = len(evidence) - number - 1
        rest = f"  … {left} more" if left else ""
        item = _item(one, room - _columns(line + rest) - 2)
        if line and _columns(line + item + rest) + 2 > room:
            return f"{line}  … {left + 1} more"
        line = f"{line}  {item}" if line else item
    return line


def _item(evidence: Evidence, room: int) -> str:
    """Evidence as its ``str`` has it, with the quote cut to ``room`` columns, or left out where little would fit."""
    bare = one_line(str(replace(evidence, quote="")))
    # A quote of one letter shows what stands around a quote: the marks, and "under" before an inherited one.
    around = _columns(one_line(str(replace(evidence, quote="x")))) - _columns(bare) - 1
    columns = min(room - _columns(bare) - around, QUOTE)
    quote = shorten(evidence.quote, columns) if columns >= SHORTEST else ""
    return one_line(str(replace(evidence, quote=quote)))


def shorten(text: str, columns: int) -> str:
    """The beginning of the text on one line, with an ellipsis where more follows."""
    text = one_line(text[: 20 * columns])  # enough, whatever the white space
    if _columns(text) <= columns:
        return text
    end = columns - 1 if text.isascii() else 0
    while _columns(text[: end + 1]) < columns:
        end += 1
    return text[:end].rstrip() + "…"


def _columns(text: str) -> int:
    """The columns that the text takes on a terminal: two for a wide character, none for one that joins."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth  # most lines do without its tables

    return max(wcswidth(text), 0)
