"""The kept blocks as HTML that is safe to put on a page."""

import html
import re
from typing import Final

from cleaner.document import Block, Document
from cleaner.export.inline import IMAGE, Span, render, tidy
from cleaner.export.outline import Node, outline
from cleaner.text.characters import strip_unsafe_chars
from cleaner.text.structure import is_code

_INLINE: Final = {"a": "a", "b": "strong", "i": "em", "code": "code"}
HEADING: Final = re.compile(r"h[1-6]")
_BREAK: Final = re.compile(r"\r?\n")
#: Elements in which a single paragraph needs no ``<p>``.
_ITEMS: Final = frozenset({"li", "dt", "dd"})


def to_html(doc: Document) -> str:
    """The kept blocks as an HTML fragment; "" when nothing is kept.

    Its tags are ``p h1-h6 ul ol li blockquote pre table tr td th dl dt dd a strong em code br img``, its attributes
    ``href`` on links and ``src`` and ``alt`` on pictures, with addresses that :func:`~cleaner.export.inline.safe_href`
    lets through; they are absolute where the document has a ``base_url``. From text, each block is a paragraph, and
    its own marks (``#``, ``•``) stay.

    >>> to_html(Document((Block("1 < 2", tag="h2"),), kind="html"))
    '<h2>1 &lt; 2</h2>'
    """
    if doc.kind == "text":
        blocks = [tidy(block, doc.base_url) for block in doc.kept]
        return "\n".join(_element("pre" if is_code(block) else "p", block) for block in blocks if block.text)
    return "\n".join(_child(child, "body") for child in outline(doc).children)


def escaped(text: str) -> str:
    """The text escaped for HTML, inside of attributes as well."""
    return html.escape(strip_unsafe_chars(text))


def _child(child: Node | Block, parent: str) -> str:
    return _node(child) if isinstance(child, Node) else _element(_tag(child, parent), child)


def _node(node: Node) -> str:
    inner = [_child(child, node.tag) for child in node.children]
    if node.tag in _ITEMS:
        first = node.children[0]
        if isinstance(first, Block) and _tag(first, node.tag) == "p":
            inner[0] = _inner(first)
        return f"<{node.tag}>" + "\n".join(inner) + f"</{node.tag}>"
    between = "" if node.tag == "tr" else "\n"
    return between.join([f"<{node.tag}>", *inner, f"</{node.tag}>"])


def _tag(block: Block, parent: str) -> str:
    if parent == "tr":
        return "th" if block.tag == "th" else "td"
    if is_code(block) and block.tag != IMAGE:
        return "pre"
    return block.tag if HEADING.fullmatch(block.tag) else "p"


def _element(tag: str, block: Block) -> str:
    return f"<{tag}>{escaped(block.text) if tag == 'pre' else _inner(block)}</{tag}>"


def _inner(block: Block) -> str:
    if block.tag == IMAGE:
        return f'<img alt="{escaped(block.text)}" src="{escaped(block.marks[0].href)}">'
    inner = render(block, lambda start, end, _: escaped(block.text[start:end]), _wrap)
    return _BREAK.sub("<br>", inner)


def _wrap(span: Span, inner: str) -> str:
    tag = _INLINE[span.tag]
    href = f' href="{escaped(span.href)}"' if tag == "a" else ""
    return f"<{tag}{href}>{inner}</{tag}>"
