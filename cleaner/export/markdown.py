"""The kept blocks as Markdown (CommonMark, with GitHub's tables)."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from cleaner.document import Block, Document
from cleaner.export.given_markdown import made_safe
from cleaner.export.inline import IMAGE, Span, render
from cleaner.export.outline import Node, leaves_of, outline, table_rows
from cleaner.export.plain import to_text
from cleaner.text.characters import one_line, strip_unsafe_chars
from cleaner.text.structure import LEVELS, is_code

# What would be read as markup is escaped, and nothing else: "5 * 3", "snake_case", "a < b", "[1]" and "AT&T" stay.
# Characters that may be markup:
_SPECIAL: Final = re.compile(r"[*_`<&\[\]!\\~]")
#: ... and the places where they are.
_MARKUP: Final = re.compile(
    r"""
      (?<!\s)\*|\*(?!\s)                    # an asterisk, unless between spaces
    | (?<![^\W_])_|_(?![^\W_])              # an underscore at the edge of a word
    | `
    | <(?=[A-Za-z/!?])                      # a tag or an address
    | &(?=\#?\w{1,32};)                     # an entity
    | \](?=[(\[:])                          # the middle of a link, or a link's definition
    | !(?=\[)                               # an image
    | \\(?=[!-/:-@\[-`{-~\s]|\Z)            # an escape; a mark may come to stand before white space
    | ~(?=~)|(?<=[~\w])~|(?<=[^\w\s])~(?!\w)  # struck-out text: two tildes, or one that may end it
    """,
    re.VERBOSE,
)
_ENTITY: Final = re.compile(r"&(?=#?\w{1,32};)")
_ESCAPES: Final = {"<": "&lt;", "&": "&amp;"}  # safe where Markdown is read as HTML, too

#: Characters that are escaped in the alternative text of a picture.
_ALT: Final = re.compile(r"[\\`*_\[\]<&]")

_LINE_START: Final = re.compile(
    r"""
    ^(?: (\d{1,9})(?=[.)](?:\s|$))          # an ordered list
    | (?= (?:\#{1,6}|[-+*])(?:\s|$)         # a heading, a list
        | >                                 # a quotation
        | \[[ xX]\]\s                       # a task
        | =+\s*$                            # the line under a heading
        | [-|:][-|:\ \t]*$                  # ... or under a table's head; a rule
        ))
    """,
    re.VERBOSE | re.MULTILINE,
)

#: An address in a text. GitHub makes a link of all up to the next white space, whatever marks of code are in it.
_ADDRESS: Final = re.compile(r"(?:https?:|ftp:|www\.)[^ \t\r\n]*", re.IGNORECASE)

_LANGUAGE: Final = re.compile(r"[\w+#.-]{1,30}")


def to_markdown(doc: Document) -> str:
    r"""The kept blocks as Markdown, with headings, lists, quotes, code, tables and links.

    Characters of a page's text that Markdown would read as markup are escaped, ``<`` wherever a tag could begin. Links
    are those that :func:`~cleaner.export.inline.safe_href` lets through; they are absolute where the document has a
    ``base_url``. A text may be Markdown already: from text, this is :func:`~cleaner.export.plain.to_text`, made safe by
    :func:`~cleaner.export.given_markdown.made_safe`.

    >>> print(to_markdown(Document((Block("Stars *", tag="h2"), Block("1. *")), kind="html")))
    ## Stars \*
    <BLANKLINE>
    1\. \*
    """
    if doc.kind == "text":
        return made_safe(to_text(doc))
    return _flow(outline(doc))


def _flow(node: Node) -> str:
    """The children of a node, one below the other."""
    parts: list[str] = []
    for before, child in pairwise((None, *node.children)):
        part = _node(child) if isinstance(child, Node) else _block(child) if child else ""
        # A list inside an item follows the text of the item without a blank line. One that counts from another number
        # than 1 would be a part of that text.
        close = node.tag == "li" and isinstance(before, Block) and _is_list(child) and part.startswith(("- ", "1. "))
        parts += ["" if before is None else "\n" if close else "\n\n", part]
    return "".join(parts)


def _is_list(child: Node | Block | None) -> bool:
    return isinstance(child, Node) and child.tag in ("ul", "ol")


def _node(node: Node) -> str:
    match node.tag:
        case "ul" | "ol":
            return _list(node)
        case "dl":
            return _definitions(node)
        case "blockquote":
            return "\n".join(f"> {line}" if line else ">" for line in _flow(node).split("\n"))
        case "table":
            return _table(node)
    return _flow(node)


def _list(node: Node) -> str:
    items = []
    number = 0
    for item in _nodes(node):
        number = number + 1 if item.number is None or item.number < 0 else item.number
        mark = f"{number}. " if node.tag == "ol" else "- "
        items.append(mark + _indented(_flow(item), len(mark)))
    return ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)


def _definitions(node: Node) -> str:
    """Terms in bold, and their definitions behind a colon, as extensions of Markdown have it.

    CommonMark has no definition lists. So code and lists, which must begin a line, get no colon before them.
    """
    parts: list[str] = []
    for item in _nodes(node):
        first = item.children[0]
        plain = isinstance(first, Block) and _is_plain(first)
        if isinstance(first, Block) and plain and item.tag == "dt" and len(item.children) == 1:
            parts += ["\n\n", f"**{one_line(_inline(_without_bold(first)))}**"]
        else:
            colon = ": " if plain and item.tag == "dd" else ""
            parts += ["\n" if colon else "\n\n", colon + _indented(_flow(item), len(colon))]
    return "".join(parts[1:])


def _is_plain(block: Block) -> bool:
    return not is_code(block) and block.tag != IMAGE and block.tag not in LEVELS


def _without_bold(block: Block) -> Block:
    return replace(block, marks=tuple(mark for mark in block.marks if mark.tag != "b"))


def _table(node: Node) -> str:
    """The rows below a head, which GitHub's tables must have: it is empty where the page has none.

    A single column becomes paragraphs.
    """
    rows = table_rows(node)
    width = max(map(len, rows))
    if width == 1:
        return "\n\n".join(_flow(cell) for row in rows for cell in row if cell and cell.children)
    head = rows.pop(0) if _is_head(rows[0]) else []
    lines = [_row([_cell(cell) for cell in row]) for row in rows]
    return "\n".join([_row([*map(_cell, head), *[""] * (width - len(head))]), _row(["---"] * width), *lines])


def _is_head(row: list[Node | None]) -> bool:
    tags = {cell.tag for cell in row if cell and cell.children}
    return tags == {"th"}


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Node | None) -> str:
    """The content of a cell, which is one line: ``<br>`` stands for line breaks and between paragraphs."""
    lines = (one_line(line) for block in leaves_of(cell or Node("td")) for line in _inline(block).split("\n"))
    return "<br>".join(filter(None, lines)).replace("|", r"\|")


def _nodes(node: Node) -> list[Node]:
    return [child for child in node.children if isinstance(child, Node)]


def _indented(text: str, columns: int) -> str:
    return re.sub(r"\n(?=[^\n])", "\n" + " " * columns, text)


def _block(block: Block) -> str:
    if block.tag == IMAGE:
        return f"![{_ALT.sub(_escape, block.text)}]({_ENTITY.sub('&amp;', block.marks[0].href)})"
    if is_code(block) or _is_lines_of_code(block):
        return _fenced(block.text, block.language)
    if block.tag in LEVELS:
        # Number signs at its end would be read as the end of the heading; all of it is bold anyway.
        text = re.sub(r"(?<!\S)(#+)$", r"\\\1", one_line(_inline(_without_bold(block))))
        return "#" * LEVELS[block.tag] + " " + text
    lines = (line.strip(" \t\r") for line in _inline(block).split("\n"))
    # Two spaces at the end of a line keep the break; a backslash is newer, and not every reader knows it.
    return _LINE_START.sub(r"\1\\", "\n".join(lines)).replace("\n", "  \n")


def _is_lines_of_code(block: Block) -> bool:
    """Whether all of a block is code with line breaks, which a span of code cannot have: ``<code>`` with ``<br>``."""
    return "\n" in block.text and any(
        mark.tag == "code" and mark.start == 0 and mark.end == len(block.text) for mark in block.marks
    )


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match.group(), "\\" + match.group())


def _fenced(text: str, language: str) -> str:
    language = language if _LANGUAGE.fullmatch(language) else ""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{strip_unsafe_chars(text)}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _without_code_at_addresses(block: Block) -> Block:
    """The block without marks of code that begin in an address or right behind it: a tag in the code would be a tag."""
    if not any(mark.tag == "code" for mark in block.marks):
        return block
    addresses = [match.span() for match in _ADDRESS.finditer(block.text)]

    def is_inside(place: int) -> bool:
        at = bisect_left(addresses, (place, 0)) - 1
        return at >= 0 and place <= addresses[at][1]

    return replace(block, marks=tuple(mark for mark in block.marks if mark.tag != "code" or not is_inside(mark.start)))


def _inline(block: Block) -> str:
    block = _without_code_at_addresses(block)
    text = block.text

    def escape(start: int, end: int, spans: Sequence[Span]) -> str:
        linked, bold = (any(span.tag == tag for span in spans) for tag in "ab")
        parts = []
        done = start
        for match in _SPECIAL.finditer(text, start, end):
            at, char = match.start(), match.group()
            # At the edge of an element the neighbour in the Markdown is a mark, and not the next character of the text.
            edge = 0 < at == start or at + 1 == end < len(text)
            marked = (linked and char in "[]") or (bold and char == "*")
            if edge or marked or _MARKUP.match(text, at):
                parts += [text[done:at], _ESCAPES.get(char, "\\" + char)]
                done = at + 1
        return "".join(parts) + text[done:end]

    def wrap(span: Span, inner: str) -> str:
        core = inner.strip()
        if not core:
            return inner
        # A mark with white space on its inside is not read as one: the white space goes outside.
        lead, trail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        before, after = lead or text[max(span.start - 1, 0) : span.start], trail or text[span.end : span.end + 1]
        if span.tag == "code":
            core = text[span.start : span.end]
        return f"{lead}{_marked(span, core, before, after)}{trail}"

    return render(block, escape, wrap)


def _marked(span: Span, core: str, before: str, after: str) -> str:
    """The content with its mark, or without it where the characters beside it would keep it from being read as one."""
    if span.tag == "code":
        return _code(core)
    if span.tag == "a":
        return f"[{core}]({_ENTITY.sub('&amp;', span.href)})"
    if span.tag in ("sub", "sup"):
        return f"<{span.tag}>{core}</{span.tag}>"
    ends_word, begins_word = _may_be_in_word(before), _may_be_in_word(after)
    if span.tag == "i":
        return core if ends_word or begins_word else f"_{core}_"
    valid = (_is_in_word(core[0]) or not ends_word) and (_is_in_word(core[-1]) or not begins_word)
    return f"**{core}**" if valid else core


def _is_in_word(char: str) -> bool:
    """Whether every reader of CommonMark takes the character as part of a word, as no white space or punctuation."""
    return _may_be_in_word(char) and unicodedata.category(char)[0] != "S"


def _may_be_in_word(char: str) -> bool:
    """Whether some reader does: before version 0.31, symbols outside of ASCII ("×", "™", emoji) were no punctuation."""
    return bool(char) and not char.isspace() and unicodedata.category(char)[0] != "P" and char not in "$+<=>^`|~"


def _code(text: str) -> str:
    text = one_line(text)
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
