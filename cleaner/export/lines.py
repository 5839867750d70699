"""A document as lines for the terminal, one a block: the decision and its reasons, or the labels alone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final, Literal, NamedTuple

from cleaner.document import Block, Document, Evidence
from cleaner.text.characters import one_line

#: Widths in terminal columns: of a line, of a block's beginning, and of a quote.
LINE: Final = 120
TEXT: Final = 48
QUOTE: Final = 30
#: Columns that a quote must have to be shown: less of it is not understood.
SHORTEST: Final = 8
#: The share of a narrow line that the block's beginning gets, after decision, label and score; evidence has the rest.
TEXT_SHARE: Final = 0.45
#: Removed blocks in a row with one label that are shown one by one; longer runs can be folded.
MAX_UNFOLDED: Final = 3

#: Which blocks are shown: those that are kept, or those that are dropped.
Only = Literal["kept", "dropped"]


class Line(NamedTuple):
    """A line about a block, or about a run of removed blocks; ``kept`` is None for the line with the flags."""

    text: str
    kept: bool | None


def explain(doc: Document, width: int = LINE) -> str:
    """One line a block: kept or not, label, score, the beginning of the text, and the evidence.

    The strongest evidence comes first, as much as fits into ``width`` columns; the document has all of it. Where the
    document has flags, a line with its kind, language, counts and flags goes ahead.

    >>> from cleaner import Block, Document
    >>> print(explain(Document((Block("The vote is on Tuesday.", score=0.97),))))
    keep  body  0.97  The vote is on Tuesday.
    """
    return "\n".join(line.text for line in explain_lines(doc, width))


def explain_lines(doc: Document, width: int = LINE, *, only: Only | None = None, fold: bool = False) -> list[Line]:
    """The lines of :func:`explain`, up to ``width`` columns wide.

    ``only`` leaves out the other blocks. ``fold`` shows a run of removed blocks with one label, such as a menu, as one
    line: the number of blocks, how they begin, and their highest score.
    """
    runs = list(_runs(doc, only, fold=fold))
    label_width = max((len(run[0].label) for run in runs), default=0)
    room = max(width - len(f"keep  {'':{label_width}}  0.00  "), 0)
    text_room = TEXT if width >= LINE else max(int(TEXT_SHARE * room), SHORTEST)
    texts = [shorten(run[0].text, text_room) for run in runs]
    column = max((_columns(text) for run, text in zip(runs, texts, strict=True) if len(run) == 1), default=0)
    lines = [Line(_header(doc), None)] if doc.flags else []
    for run, text in zip(runs, texts, strict=True):
        kept = run[0].label in doc.keep
        if len(run) > 1:
            said = _folded(run, room)
        else:
            said = f"{text}{' ' * (column - _columns(text))}  {_evidence(strongest(run[0]), room - column - 2)}"
        score = max(block.score for block in run)
        line = f"{'keep' if kept else 'drop'}  {run[0].label:<{label_width}}  {score:.2f}  {said}".rstrip()
        lines.append(Line(line if width >= LINE else _cut(line, width), kept))
    return lines


def _runs(doc: Document, only: Only | None, *, fold: bool) -> Iterator[list[Block]]:
    """The blocks that are shown, each in a list of its own, or in one with those that are folded into one line."""
    for label, group in groupby(doc.blocks, key=lambda block: block.label):
        kept = label in doc.keep
        if only and kept is not (only == "kept"):
            continue
        run = list(group)
        if fold and not kept and len(run) > MAX_UNFOLDED:
            yield run
        else:
            yield from ([block] for block in run)


def _folded(run: Sequence[Block], room: int) -> str:
    return shorten(f"{len(run)} blocks: {' / '.join(shorten(block.text, TEXT) for block in run)}", room)


def labels(doc: Document, only: Only | None = None) -> str:
    r"""One line a block, ``label<TAB>text``: the format of test cases and of training data.

    ``only`` leaves out the blocks that are not kept, or those that are.

    >>> from cleaner import Block, Document
    >>> labels(Document((Block("The vote\nis on."),)))
    'body\tThe vote is on.'
    """
    shown = [run[0] for run in _runs(doc, only, fold=False)]
    return "\n".join(f"{block.label}\t{one_line(block.text)}" for block in shown)


def strongest(block: Block) -> list[Evidence]:
    """The block's evidence by the size of its weight; at equal weights, that for the block's own label first."""
    return sorted(block.evidence, key=lambda evidence: (-abs(evidence.weight), evidence.label != block.label))


def reasons(block: Block) -> list[str]:
    """The block's evidence, strongest first, each on one line: with the rule and the number of its pattern, if any.

    >>> from cleaner import Label
    >>> evidence = Evidence("caption.credit", Label.CAPTION, 4.0, "Photo:", "en:caption.credit", 2)
    >>> reasons(Block("Photo: Ann Lee", evidence=(evidence,)))
    ['caption.credit +4.0 “Photo:” (en:caption.credit[2])']
    """
    return [one_line(f"{evidence}{_rule(evidence)}") for evidence in strongest(block)]


def _rule(evidence: Evidence) -> str:
    pattern = "" if evidence.pattern is None else f"[{evidence.pattern}]"
    return f" ({evidence.rule}{pattern})" if evidence.rule else ""


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
    """The first of the evidence, as much as fits into ``room`` columns but at least one; and how many are left out,
    where there is room for that.
    """
    line = ""
    for number, one in enumerate(evidence):
        left = len(evidence) - number - 1
        rest = f"  … {left} more" if left else ""
        item = _item(one, room - _columns(line + rest) - 2)
        if line and _columns(line + item + rest) + 2 > room:
            rest = f"  … {left + 1} more"
            return f"{line}{rest}" if _columns(line + rest) <= room else line
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
    return _cut(one_line(text[: 20 * columns]), columns)  # enough, whatever the white space


def _cut(text: str, columns: int) -> str:
    """The beginning of a line, with an ellipsis where more follows."""
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
