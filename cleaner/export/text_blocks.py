"""The blocks of a text as those of a page: its Markdown becomes headings, lists, quotes, code, tables and inline marks.

This is less than CommonMark, and what it does not know stays as text. A line is read for what it is, whether it stays
or goes: an item that goes does not end its list.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Final, NamedTuple

from cleaner.document import Block, Cell, Document, Image, Label
from cleaner.export.text_inline import read_inline
from cleaner.text.characters import strip_unsafe_chars
from cleaner.text.structure import is_code

#: Containers around a line that are read; the signs of further ones stay as text.
MAX_DEPTH: Final = 6
#: Cells of a text that are read; rows beyond them stay as lines.
MAX_CELLS: Final = 100_000
#: Columns from the sign of an item to that of an item inside of it, at least.
MIN_INDENT: Final = 2
#: Columns of white space before a number sign that is no heading: outside of lists that is code.
CODE_INDENT: Final = 4

_CONTAINER: Final = re.compile(r"(?P<quote>>)[ \t]*|(?:[-+*]|(?P<number>[0-9]{1,3})[.)])[ \t]+(?=\S)")
#: A line across the page, which is no item of a list.
_RULE: Final = re.compile(r"([-*_])[ \t]*+(?:\1[ \t]*+){2,}+$")
_UNDERLINE: Final = re.compile(r"(?:={3,}|-{3,})$")
_HEADING: Final = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_FENCE: Final = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})[ \t]*(?:(?P<language>[\w+#.-]{1,30})(?!\S))?")
_BAR: Final = re.compile(r"(?<!\\)\|")
_BELOW_HEAD: Final = re.compile(r"[ \t]*:?-+:?[ \t]*$")
_BREAK_IN_CELL: Final = re.compile(r"<br ?/?>", re.IGNORECASE)

#: A container: its tag, and the number that tells it from others.
_Step = tuple[str, int]


class _Container(NamedTuple):
    """An open quote, or an open item with its list. ``steps`` are the list's and its own.

    ``column`` is that of its sign, counted from 0. ``sign`` is that of an item, ``number`` its number.
    """

    steps: tuple[_Step, ...]
    column: int
    sign: str = ""
    number: int | None = None

    @property
    def tag(self) -> str:
        return self.steps[0][0]


@dataclass(slots=True)
class _Piece:
    """A line or paragraph, a row, or a block of code: all of a block of the document, or a part of it.

    ``block``          the number of the block
    ``text``           without the signs of its line
    ``steps``          the containers around it, outermost first
    ``tag``            as in a page; "" for a block that is no Markdown
    ``sign, number``   those of the item that it begins
    ``opens``          whether it stands at the beginning of a paragraph
    ``goes_on``        whether it goes on in the line of the piece above
    ``table``          the number of its table
    ``is_head``        whether a row is the head of its table
    ``is_below_head``  whether a row is the line below the head, which is not shown
    """

    block: int
    text: str
    steps: tuple[_Step, ...] = ()
    tag: str = "p"
    language: str = ""
    sign: str = ""
    number: int | None = None
    opens: bool = False
    goes_on: bool = False
    table: int | None = None
    is_head: bool = False
    is_below_head: bool = False

    @property
    def is_paragraph(self) -> bool:
        return self.tag == "p" and self.table is None


def as_page(doc: Document) -> Document:
    """The document of a text as that of a page, with the structure and the inline marks that its Markdown says.

    A block that has marks already is no Markdown.
    """
    reader = _Reader()
    for at, block in enumerate(doc.blocks):
        reader.add(at, block)
    images = [image for image in doc.images if _stays(image, doc)]
    shown = frozenset(image.src for image in images)
    blocks: list[Block] = []
    above: list[int] = []  # for each block of the text, the number of blocks of the page above it
    for piece in reader.finished():
        above += [len(blocks)] * (piece.block + 1 - len(above))
        block = doc.blocks[piece.block]
        if piece.table is None or block.label in doc.keep:  # a row that goes would part its table
            blocks += _blocks(piece, block, shown, next(reader.keys))
    above += [len(blocks)] * (len(doc.blocks) + 1 - len(above))
    placed = tuple(replace(image, before=above[min(image.before, len(doc.blocks))]) for image in images)
    return replace(doc, kind="html", blocks=tuple(blocks), images=placed)


def _stays(image: Image, doc: Document) -> bool:
    """Whether the block that has the picture stays, or is its caption at most."""
    own = doc.blocks[image.before : image.before + 1]
    return all(block.label in doc.keep or block.label is Label.CAPTION for block in own)


def without_markdown(line: str) -> str:
    """A line such as a headline without its Markdown. The number of an item stays, as does what is no Markdown.

    >>> without_markdown("## The *bridge* closes")
    'The bridge closes'
    """
    found = _container_sign(line.strip())
    text = line.strip()[found.end() :] if found and not found["number"] else line
    heading = _HEADING.match(text.strip())
    return read_inline(_heading_text(text.strip(), heading) if heading else text).text


@dataclass(slots=True)
class _Reader:
    """The pieces so far, the containers that are open, the last number of each list, and the rows of each table."""

    pieces: list[_Piece] = field(default_factory=list)
    open: list[_Container] = field(default_factory=list)
    numbers: dict[_Step, int | None] = field(default_factory=dict)
    rows: Counter[int] = field(default_factory=Counter)
    cells: int = 0
    keys: "count[int]" = field(default_factory=lambda: count(1))

    def add(self, at: int, block: Block) -> None:
        """Add the pieces of a block."""
        text = strip_unsafe_chars(block.text)
        gap = strip_unsafe_chars(block.gap)
        breaks = gap.count("\n") if at else 2
        indent = gap[gap.rfind("\n") + 1 :]
        fence = _fence(text)
        if block.marks or (is_code(block) and not fence):
            self.open.clear()
            self.pieces.append(_Piece(at, text, tag=""))
        elif fence and is_code(block) and "\n" in text:
            self._add_code(at, text, _width(indent), fence)
        else:
            for line in text.split("\n"):
                spaces = line[: len(line) - len(line.lstrip())]
                self._add_line(at, line, _width(indent + spaces), breaks)
                indent, breaks = "", 1

    def finished(self) -> Iterator[_Piece]:
        """The pieces. A number or dash alone begins no list ("1. FC Skarn won", "- Yes, she said"), unless it stands in
        an item, and a row alone is no table.
        """
        items = Counter(piece.steps[-2] for piece in self.pieces if piece.sign)
        parts = Counter(step for piece in self.pieces if not piece.goes_on for step in piece.steps)
        for piece in self.pieces:
            lists = [step for step in piece.steps if step[0] in ("ul", "ol")]
            if len(lists) == 1 and piece.steps[-2] == lists[0] and items[lists[0]] == parts[lists[0]] == 1:
                piece.steps = piece.steps[:-2]
                piece.text = piece.sign + piece.text
                piece.number = None
            if piece.table is not None and self.rows[piece.table] < 2:
                piece.table = None
            yield piece

    def _add_code(self, at: int, text: str, column: int, fence: re.Match[str]) -> None:
        """Add a fenced block: its lines without the fences and without the indentation of the first one."""
        code = text.split("\n")[1:]
        last = code[-1].strip()
        if last.startswith(fence["fence"]) and not last.strip(fence["fence"][0]):
            code.pop()
        code = [line[min(column, len(line) - len(line.lstrip(" \t"))) :] for line in code]
        self._enter("", column, 2)
        self.pieces.append(_Piece(at, "\n".join(code), self._steps(), "pre", fence["language"] or ""))

    def _add_line(self, at: int, line: str, column: int, breaks: int) -> None:
        """Add a line of a block: ``column`` is where its text begins, ``breaks`` the number of line breaks above it."""
        if not breaks and self.pieces:
            self.pieces.append(_Piece(at, line, self.pieces[-1].steps, goes_on=True))
            return
        text, item = self._enter(line.strip(), column, breaks)
        piece = _Piece(at, line if text == line.strip() else text, self._steps())
        if item and item.sign:
            piece.sign = item.sign
            is_again = self.numbers.get(item.steps[0]) == item.number  # "1." before each item: it counts on
            piece.number = None if is_again else item.number
            self.numbers[item.steps[0]] = item.number
        above = self.pieces[-1] if self.pieces and breaks == 1 and self.pieces[-1].steps == piece.steps else None
        piece.opens = above is None
        if above and above.opens and above.is_paragraph and _UNDERLINE.match(text):
            above.tag = "h1" if text[0] == "=" else "h2"
            return
        if "|" in text:
            self._read_row(piece, above)
        if piece.table is None and (column < CODE_INDENT or piece.steps) and (heading := _HEADING.match(text)):
            piece.tag = f"h{len(heading[1])}"
            piece.text = _heading_text(text, heading)
        if above and above.block == at and above.is_paragraph and piece.is_paragraph and above.text and text:
            above.text += f"\n{piece.text}"
            above.opens = False
        else:
            self.pieces.append(piece)

    def _enter(self, line: str, column: int, breaks: int) -> tuple[str, _Container | None]:
        """Close the containers that a line is not in, and open those that it begins: the line without their signs, and
        the innermost one that it begins.
        """
        depth = 0
        begun = None
        while True:
            while depth < len(self.open) and self.open[depth].tag != "blockquote" and self._is_inside(depth, column):
                depth += 1
            sign = _container_sign(line) if depth < MAX_DEPTH else None
            if not sign:
                break
            known = self.open[depth] if depth < len(self.open) else None
            if not (known and known.tag == "blockquote" and sign["quote"] and breaks == 1):
                begun = self._begun(sign, column, known)
                self.open[depth:] = [begun]
            depth += 1
            column += _width(sign.group())
            line = line[sign.end() :]
        del self.open[depth:]
        return line, begun

    def _is_inside(self, depth: int, column: int) -> bool:
        return column >= self.open[depth].column + MIN_INDENT

    def _begun(self, sign: re.Match[str], column: int, known: _Container | None) -> _Container:
        """The container that a sign begins, in the list of the ``known`` one at its place if it is of the same kind."""
        key = next(self.keys)
        if sign["quote"]:
            return _Container((("blockquote", key),), column)
        tag = "ol" if sign["number"] else "ul"
        around = known.steps[0] if known and known.tag == tag else (tag, key)
        number = int(sign["number"]) if sign["number"] else None
        return _Container((around, ("li", key)), column, sign.group(), number)

    def _steps(self) -> tuple[_Step, ...]:
        return tuple(step for container in self.open for step in container.steps)

    def _read_row(self, piece: _Piece, above: _Piece | None) -> None:
        """Put a line with bars into the table of the row above, or into a new one.

        A row has bars at both ends. Rows without them are those of a table that has a line below its head.
        """
        cells = _cells(piece.text)
        is_below_head = all(map(_BELOW_HEAD.match, cells))
        table = above.table if above else None
        is_open = above is not None and above.opens and above.is_paragraph and "|" in above.text
        if above and is_open and is_below_head and len(_cells(above.text)) == len(cells):
            table = self._add_row(above, len(cells), next(self.keys))
        if table is None and _has_bars_around(piece.text):
            table = next(self.keys)
        if table is not None and self._add_row(piece, len(cells), table) and is_below_head:
            piece.is_below_head = True
            if above and self.rows[table] == 2:
                above.is_head = True

    def _add_row(self, piece: _Piece, cells: int, table: int) -> int | None:
        """The number of the table to which the row is added; None where there are too many cells."""
        if self.cells + cells > MAX_CELLS:
            return None
        self.cells += cells
        self.rows[table] += 1
        piece.table = table
        return table


def _container_sign(line: str) -> re.Match[str] | None:
    """The sign with which a quote or an item begins."""
    found = _CONTAINER.match(line)
    return None if found and not found["quote"] and _RULE.match(line) else found


def _fence(text: str) -> re.Match[str] | None:
    """The fence at the beginning of a block. A line with code in it, between three backticks, is none."""
    found = _FENCE.match(text)
    return None if found and "`" in text[found.end("fence") :].partition("\n")[0] else found


def _heading_text(line: str, sign: re.Match[str]) -> str:
    """The text of a heading without the number signs at both ends."""
    text = line[sign.end() :]
    inner = text.rstrip("#")
    return inner.rstrip() if inner.endswith((" ", "\t")) else text


def _has_bars_around(line: str) -> bool:
    line = line.strip()
    return len(line) > 1 and line.startswith("|") and line.endswith("|")


def _cells(line: str) -> list[str]:
    """The cells of a row."""
    cells = _BAR.split(line.strip())
    if len(cells) > 1 and not cells[0].strip():
        del cells[0]
    if len(cells) > 1 and not cells[-1].strip():
        del cells[-1]
    return cells


def _width(spaces: str) -> int:
    return len(spaces.expandtabs(4))


def _blocks(piece: _Piece, block: Block, shown: Collection[str], row: int) -> Iterator[Block]:
    """The blocks of a page that a piece of a block becomes; ``row`` is a number that no other row has."""
    tags, keys = tuple(tag for tag, _ in piece.steps), tuple(key for _, key in piece.steps)
    given = partial(replace, block, tag=piece.tag, context=tags, containers=keys, cell=None, number=piece.number)
    if not piece.tag:
        yield given(tag="pre" if is_code(block) else "p")
    elif piece.tag == "pre":
        code = (*tags, "pre", "code")
        yield given(text=piece.text, context=code, containers=(*keys, 0, 0), language=piece.language)
    elif piece.table is None:
        text, marks, _ = read_inline(piece.text, shown)
        yield given(text=text, marks=marks)
    elif not piece.is_below_head:
        tag = "th" if piece.is_head else "td"
        context, containers = (*tags, "table", "tr"), (*keys, piece.table, row)
        for column, cell in enumerate(_cells(piece.text)):
            text, marks, _ = read_inline(_BREAK_IN_CELL.sub("\n", cell.replace("\\|", "|")).strip())
            place = Cell(row, column, piece.is_head, piece.table)
            yield given(text=text, tag=tag, context=context, containers=containers, marks=marks, cell=place)
