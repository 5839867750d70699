"""The kept blocks as HTML that is safe to put on a page."""

import html
import re
from typing import Final

from cleaner.document import Block, Document
from cleaner.export.inline import IMAGE, Span, render
from cleaner.export.outline import Node, outline, table_rows
from cleaner.export.text_blocks import as_page
from cleaner.text.characters import strip_unsafe_chars
from cleaner.text.structure import ITEMS_AND_CELLS, LEVELS, is_code

_INLINE: Final = {"a": "a", "b": "strong", "i": "em", "code": "code", "sub": "sub", "sup": "sup"}
_BREAK: Final = re.compile(r"\r?\n")


def to_html(doc: Document) -> str:
    """The kept blocks as an HTML fragment; "" when nothing is kept.

    Its tags are ``p h1-h6 ul ol li blockquote pre table tr td th dl dt dd a strong em code sub sup br img``. Its
    attributes are ``start`` and ``reversed`` of lists, ``value`` of their items, ``class`` of code in texts, which
    names its language, ``href`` of links, and ``src`` and ``alt`` of pictures, with addresses that
    :func:`~cleaner.export.inline.safe_href` lets through. They are absolute where the document has a ``base_url``. The
    elements of a text are those that :func:`~cleaner.export.text_blocks.as_page` reads from its Markdown; what is no
    Markdown is a paragraph a block.

    >>> to_html(Document((Block("1 < 2", tag="h2"),), kind="html"))
    '<h2>1 &lt; 2</h2>'
    """
    return "\n".join(_child(child) for child in outline(as_page(doc) if doc.kind == "text" else doc).children)


def escaped(text: str) -> str:
    """The text escaped for HTML, inside of attributes as well."""
    return html.escape(strip_unsafe_chars(text))


def _child(child: Node | Block) -> str:
    return _node(child) if isinstance(child, Node) else _element(_tag(child), child)


def _node(node: Node, value: str = "") -> str:
    """An element with its children; ``value`` is the attribute of an item that does not count on from the one above."""
    if node.tag == "table":
        return "\n".join(["<table>", *map(_row, table_rows(node)), "</table>"])
    attributes, values = _numbering(node)
    inner = [
        _node(child, value) if isinstance(child, Node) else _child(child)
        for child, value in zip(node.children, values, strict=True)
    ]
    if node.tag in ITEMS_AND_CELLS:
        # A single paragraph needs no element of its own.
        if [isinstance(child, Block) and _tag(child) == "p" for child in node.children].count(True) == 1:
            first = node.children[0]
            inner[0] = _inner(first) if isinstance(first, Block) and _tag(first) == "p" else inner[0]
        return f"<{node.tag}{value}>" + "\n".join(inner) + f"</{node.tag}>"
    return "\n".join([f"<{node.tag}{attributes}>", *inner, f"</{node.tag}>"])


def _row(cells: list[Node | None]) -> str:
    return "<tr>" + "".join(_node(cell) if cell else "<td></td>" for cell in cells) + "</tr>"


def _numbering(node: Node) -> tuple[str, list[str]]:
    """The attributes of an ordered list that does not count from 1 upwards, and those of each of its children."""
    numbers = [child.number if isinstance(child, Node) else None for child in node.children]
    known = [number for number in numbers if number is not None]
    if node.tag != "ol" or not known:
        return "", [""] * len(numbers)
    step = -1 if known[-1] < known[0] else 1
    following = known[0]
    values: list[str] = []
    for number in numbers:
        values.append("" if number in (None, following) else f' value="{number}"')
        following = (following if number is None else number) + step
    start = f' start="{known[0]}"' if (known[0], step) != (1, 1) else ""
    return (" reversed" if step < 0 else "") + start, values


def _tag(block: Block) -> str:
    if is_code(block) and block.tag != IMAGE:
        return "pre"
    return block.tag if block.tag in LEVELS else "p"


def _element(tag: str, block: Block) -> str:
    if tag == "pre":
        return f"<pre>{_code(block)}</pre>"
    return f"<{tag}>{_inner(block)}</{tag}>"


def _code(block: Block) -> str:
    if block.context[-1:] != ("code",):  # what is preformatted on a page may be verse
        return escaped(block.text)
    language = f' class="language-{escaped(block.language)}"' if block.language else ""
    return f"<code{language}>{escaped(block.text)}</code>"


def _inner(block: Block) -> str:
    if block.tag == IMAGE:
        return f'<img alt="{escaped(block.text)}" src="{escaped(block.marks[0].href)}">'
    inner = render(block, lambda start, end, _: escaped(block.text[start:end]), _wrap)
    return _BREAK.sub("<br>", inner)


def _wrap(span: Span, inner: str) -> str:
    tag = _INLINE[span.tag]
    href = f' href="{escaped(span.href)}"' if tag == "a" else ""
    return f"<{tag}{href}>{inner}</{tag}>"
