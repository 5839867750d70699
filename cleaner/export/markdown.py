"""The kept blocks as Markdown (CommonMark, with GitHub's tables)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from cleaner.document import Block, Document
from cleaner.export.inline import Span, is_code, render, safe_href
from cleaner.export.markup import HEADING
from cleaner.export.outline import Node, outline
from cleaner.export.plain import to_text
from cleaner.text.characters import one_line, strip_unsafe_chars

# What would be read as markup, and no more than that: "5 * 3", "snake_case", "a < b", "[1]" and
# "AT&T" stay as they are.
_SIGN: Final = re.compile(r"[*_`<&\[\]!\\~]")
_MEANT: Final = re.compile(
    r"""
      (?<!\s)\*|\*(?!\s)                    # an asterisk, unless between spaces
    | (?<![^\W_])_|_(?![^\W_])              # an underscore at the edge of a word
    | `
    | <(?=[A-Za-z/!?])                      # a tag or an address
    | &(?=\#?\w{1,32};)                     # an entity
    | \](?=[(\[:])                          # the middle of a link, or a link's definition
    | !(?=\[)                               # an image
    | \\(?=[!-/:-@\[-`{-~\n]|\Z)            # an escape
    | ~(?=~)|(?<=~)~                        # struck-out text
    """,
    re.VERBOSE,
)
_ENTITY: Final = re.compile(r"&(?=#?\w{1,32};)")
_ESCAPES: Final = {"<": "&lt;", "&": "&amp;"}  # safe where Markdown is taken for HTML, too

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


#: In somebody else's Markdown: a span of code, which is harmless; the address of a link, in place or below; where a tag
#: may begin that is no link.
_RISK: Final = re.compile(
    r"""
      (?P<code>(?<!`)(`+)(?!`)[^`]+\2(?!`))
    | (?P<before>\]\(\s{0,20}<?|\]:\s{0,20}<?)(?P<address>[^\s<>)\]][^<>)\]\n]{0,2000})
    | (?P<tag>(?<!\\)<(?!https?:|mailto:)(?=[a-zA-Z/!?]))
    """,
    re.VERBOSE,
)


def to_markdown(doc: Document) -> str:
    r"""The kept blocks as Markdown, with headings, lists, quotes, code, tables and links.

    What a page's own text would mean in Markdown is escaped, ``<`` wherever a tag could begin.
    Links are those that :func:`~cleaner.export.inline.safe_href` lets through. A text may be
    Markdown already: from text, this is :func:`~cleaner.export.plain.to_text`, with the addresses of
    other links taken out and ``<`` escaped where a tag could begin, outside of code.

    >>> print(to_markdown(Document((Block("Stars *", tag="h2"), Block("1. *")), kind="html")))
    ## Stars \*
    <BLANKLINE>
    1\. \*
    """
    if doc.kind == "text":
        return _RISK.sub(_harmless, to_text(doc))
    return _flow(outline(doc))


def _harmless(risk: re.Match[str]) -> str:
    """What stands in Markdown where a browser could be made to run something."""
    if risk["code"]:
        return risk.group()
    if risk["tag"]:
        return "\\<"
    return risk.group() if safe_href(risk["address"]) else risk["before"]


def _flow(node: Node) -> str:
    """What stands in a node, one below the other."""
    parts: list[str] = []
    for before, child in pairwise((None, *node.children)):
        # A list that goes on from its item's text stands close to it.
        close = node.tag == "li" and isinstance(before, Block) and _is_list(child)
        parts.append("" if before is None else "\n" if close else "\n\n")
        parts.append(_node(child) if isinstance(child, Node) else _block(child) if child else "")
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
    for number, item in enumerate(_nodes(node), start=1):
        mark = f"{number}. " if node.tag == "ol" else "- "
        items.append(mark + _indented(_flow(item), len(mark)))
    return ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)


def _definitions(node: Node) -> str:
    """Terms in bold, and what they mean behind a colon, as Markdown's extensions have it.

    CommonMark knows no definitions. So what must begin a line, code or a list, gets no colon before it.
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
    return not is_code(block) and not HEADING.fullmatch(block.tag)


def _without_bold(block: Block) -> Block:
    return replace(block, marks=tuple(mark for mark in block.marks if mark.tag != "b"))


def _table(node: Node) -> str:
    """The rows, the first as the head, which GitHub's tables must have; one column is no table."""
    rows = [[child for child in row.children if isinstance(child, Block)] for row in _nodes(node)]
    width = max(map(len, rows))
    if width == 1:
        return "\n\n".join(_block(row[0]) for row in rows if row[0].text)
    lines = [_row([_cell(cell) for cell in row] + [""] * (width - len(row))) for row in rows]
    return "\n".join([lines[0], _row(["---"] * width), *lines[1:]])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(block: Block) -> str:
    return one_line(_inline(block)).replace("|", r"\|")


def _nodes(node: Node) -> list[Node]:
    return [child for child in node.children if isinstance(child, Node)]


def _indented(text: str, columns: int) -> str:
    return re.sub(r"\n(?=[^\n])", "\n" + " " * columns, text)


def _block(block: Block) -> str:
    if is_code(block):
        return _fenced(block.text)
    if HEADING.fullmatch(block.tag):
        # Marks at its end would close the heading; all of it is bold anyway.
        text = re.sub(r"(?<!\S)(#+)$", r"\\\1", one_line(_inline(_without_bold(block))))
        return "#" * int(block.tag[1]) + " " + text
    lines = (line.strip(" \t\r") for line in _inline(block).split("\n"))
    # Two spaces at the end of a line keep the break; a backslash is newer, and not read everywhere.
    return _LINE_START.sub(r"\1\\", "\n".join(lines)).replace("\n", "  \n")


def _fenced(text: str) -> str:
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}\n{strip_unsafe_chars(text)}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _inline(block: Block) -> str:
    text = block.text

    def escape(start: int, end: int, around: Sequence[Span]) -> str:
        linked = any(span.tag == "a" for span in around)
        parts = []
        done = start
        for match in _SIGN.finditer(text, start, end):
            at, sign = match.start(), match.group()
            # Beside a mark, the next sign is not the one that the text goes on with.
            edge = 0 < at == start or at + 1 == end < len(text)
            if edge or (linked and sign in "[]") or _MEANT.match(text, at):
                parts += [text[done:at], _ESCAPES.get(sign, "\\" + sign)]
                done = at + 1
        return "".join(parts) + text[done:end]

    def wrap(span: Span, inner: str) -> str:
        core = inner.strip()
        if not core:
            return inner
        # Marks with white space on their inside mean nothing: it goes outside.
        lead, trail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        before, after = lead or text[max(span.start - 1, 0) : span.start], trail or text[span.end : span.end + 1]
        if span.tag == "code":
            core = text[span.start : span.end]
        return f"{lead}{_marked(span, core, before, after)}{trail}"

    return render(block, escape, wrap)


def _marked(span: Span, core: str, before: str, after: str) -> str:
    """The mark around what it holds; only that where, between what stands outside, it would be no mark."""
    if span.tag == "code":
        return _code(core)
    if span.tag == "a":
        return f"[{core}]({_ENTITY.sub('&amp;', span.href)})"
    if span.tag == "i":
        return core if _in_word(before) or _in_word(after) else f"_{core}_"
    seen = (_in_word(core[0]) or not _in_word(before)) and (_in_word(core[-1]) or not _in_word(after))
    return f"**{core}**" if seen else core


def _in_word(sign: str) -> bool:
    """Whether CommonMark takes the sign for a part of a word: it is no space and no punctuation."""
    return bool(sign) and not sign.isspace() and unicodedata.category(sign)[0] not in "PS"


def _code(text: str) -> str:
    text = one_line(text)
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
