"""HTML becomes blocks: lexbor parses it as a browser does, and a walk over its tree gives :class:`Builder` the events.

The tree is that of the HTML standard. Sources on which lexbor's time would grow with the square of their size are found
before parsing (:func:`is_hostile`); the standard library's parser reads them.
"""

import codecs
import html.parser
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from cleaner.segment.hostile import is_hostile
from cleaner.segment.html_builder import BREAK_OUT, SKIPPED, TRAITS, Builder
from cleaner.segment.page import Page

#: Elements that may stand in a head.
IN_HEAD: Final = frozenset("html head base link meta noscript script style template title".split())
#: Elements without an end tag.
VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())

#: Steps of the walk for each ``<`` of the source, and in addition: more are elements that the parser opened again and
#: again. Real pages take 3 for each ``<`` at most.
NODES_PER_TAG: Final = 6
MIN_NODES: Final = 10_000

#: Depth to which the standard library's parser keeps the nesting. It reads sources that no browser was made for.
FALLBACK_DEPTH: Final = 100

#: No events of changes to the tree: ``<selectedcontent>`` would get a copy of the selected ``<option>``.
_OPTIONS: Final = LexborDocumentOptions.WO_EVENTS.value
#: Nodes without content of the page: comments and the like.
_NO_CONTENT: Final = frozenset({"-comment", "-doctype", "-document", "-undef"})
#: Sources inside of each other at most, of ``<noscript>`` and HTML in an ``svg``.
MAX_NESTING: Final = 8
#: Elements whose content is not below them in the tree.
_CONTENT_APART: Final = frozenset(("noscript", "template"))
#: Elements of which the content is never part of the page. The walk does not enter them.
_CLOSED: Final = SKIPPED - {"head", "script"}
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
#: A frameset makes a browser drop all text of the page outside of it.
_FRAMESET: Final = re.compile(rb"(</?)frameset(?=[\s>/])", re.IGNORECASE)
#: The start tag of a title with the text behind it, and an end tag.
_TITLE: Final = re.compile(rb"<title(?:\s[^<>]*+)?>[^<]*+", re.IGNORECASE)
_TITLE_END: Final = re.compile(rb"</title", re.IGNORECASE)
#: A fragment of a table. Without the table a browser drops the tags of rows and cells.
_TABLE_PART: Final = re.compile(
    rb"\s*(?:<!--.{0,5000}?-->\s*)?<(?:t[rdh]|tbody|thead|tfoot|caption|colgroup)[\s>/]", re.IGNORECASE | re.DOTALL
)


def segment(source: str, *, images: bool = False, builder: type[Builder] = Builder) -> Page:
    """The blocks of an HTML page or fragment, in the order of a browser's tree; its pictures as well with ``images``.

    ``builder`` is the class that makes blocks of the events. Raises nothing. Where lexbor gives up or would take too
    long, the standard library's parser is used, and the page has the flag ``fallback``. A title that is never closed
    ends at its first tag: else it would be all of the page. The page has the flag ``unclosed_title`` then.
    """
    try:
        data = source.encode()
    except UnicodeEncodeError:
        data = _SURROGATE.sub("\ufffd", source).encode()
    data = data.removeprefix(codecs.BOM_UTF8)
    page = _segment(data, builder, images=images)
    if not page.blocks and (repaired := _with_end_of_title(data)):
        page = _segment(repaired, builder, images=images)
        page.flags += ("unclosed_title",)
    return page


def _segment(data: bytes, builder: type[Builder], *, images: bool) -> Page:
    tags = data.count(b"<")
    if is_hostile(data, tags):
        return _fallback(data.decode(), builder(images=images))
    if _TABLE_PART.match(data):
        data = b"<table>" + data
    try:
        root = _parse(data)
        if root is not None and _has_frameset(root):
            root = _parse(_FRAMESET.sub(rb"\1div", data))
    except SelectolaxError:
        return _fallback(data.decode(), builder(images=images))
    receiver = builder(images=images)
    if root is not None and not walk(root, receiver, MIN_NODES + NODES_PER_TAG * tags):
        return _fallback(data.decode(), builder(images=images))
    return receiver.page()


def _with_end_of_title(data: bytes) -> bytes | None:
    """A source of which the title is never closed, so that a browser takes all of the page for it, with an end of the
    title before the next tag. None of any other source.
    """
    title = _TITLE.search(data)
    if title is None or title.end() == len(data) or _TITLE_END.search(data, title.end()):
        return None
    return data[: title.end()] + b"</title>" + data[title.end() :]


def _parse(data: bytes) -> LexborNode | None:
    """The root of the tree. Its nodes hold the parser, and with it the tree."""
    return LexborHTMLParser(data, options=_OPTIONS, scripting=True).root


def _has_frameset(root: LexborNode) -> bool:
    """Whether the page has a frameset in the place of a body. A browser ignores all others."""
    child = root.first_child
    while child is not None and child.tag != "frameset":
        child = child.next
    return child is not None


def walk(root: LexborNode, builder: Builder, max_steps: int, nesting: int = 0) -> bool:  # noqa: C901, PLR0912, PLR0915
    """Pass a node with all elements and texts in it to the builder as events, in order.

    Elements without content that are neither special nor containers have no events: all they can do is end a block.
    Returns whether it came to the end in ``max_steps`` steps: one for a node, one for the end of an element.
    """

    def walk_inner(nodes: Iterable[LexborNode]) -> bool:
        return nesting < MAX_NESTING and all(walk(node, builder, max_steps, nesting + 1) for node in nodes)

    start, end, data = builder.start, builder.end, builder.data
    open_elements: list[tuple[LexborNode, str]] = []
    in_head: list[LexborNode] = []  # what a head may hold and the builder would skip there
    node: LexborNode | None = root
    for _ in range(max_steps):
        if node is None:
            if not open_elements:
                return True
            node, tag = open_elements.pop()
            end(tag)
            if tag == "head" and in_head and not walk_inner(in_head):
                return False
            node = node.next if open_elements else None
            continue
        name = node.tag
        child = None
        if name == "-text":
            text = node.text_content
            if text and (builder.parts or not text.isspace() or builder.skipping):
                data(text)
        elif name is None or name in _NO_CONTENT:
            child = node.first_child if name == "-document" else None
        elif name in _CLOSED:
            start(name, {})
            end(name)
            if name == "svg" and _is_last(node) and (swallowed := _html_in(node)):
                start("template", {})  # nothing of it is shown
                if not walk_inner(swallowed):
                    return False
                end("template")
        elif name in _CONTENT_APART and builder.skipping:
            in_head.append(node)
        else:
            child = node.first_child
            inline, _marked, context, special = TRAITS[name]
            if child is None and not (special or context or builder.skipping):
                if not inline and (builder.parts or builder.breaks):
                    builder.flush()
                node = node.next if open_elements else None
                continue
            attributes: Any = node.attributes
            if None in attributes.values():  # the value of an attribute without one
                attributes = {key: value or "" for key, value in attributes.items()}
            start(name, attributes)
            if name == "script" and not builder.meta.in_json:
                child = None  # no one reads it
            elif name == "template":
                child = _content(node)
            elif name == "noscript" and child is not None and (fragment := _markup(child)):
                if not walk_inner(fragment):
                    return False
                child = None
            if child is not None:
                open_elements.append((node, name))
                node = child
                continue
            end(name)
        node = node.next if open_elements else None
    return False


def _content(template: LexborNode) -> LexborNode | None:
    """The first node in a ``<template>``. Its content is no part of the tree."""
    fragments = template.template_fragments()
    return fragments[0].first_child if fragments else None


def _markup(text: LexborNode) -> list[LexborNode]:
    """The nodes that the text in a ``<noscript>`` stands for; none where it is no markup.

    Browsers that run scripts read it as one text. Its markup must not reach beyond it: trackers in it leave an
    ``<iframe>`` open, which would swallow the rest of the page.
    """
    source = text.text_content
    if source is None or not ("<" in source or "&" in source):
        return []
    nodes: list[LexborNode] = []
    node = LexborHTMLParser(source, is_fragment=True, options=_OPTIONS).root
    while node is not None:
        nodes.append(node)
        node = node.next
    return nodes


def _is_last(node: LexborNode) -> bool:
    """Whether no element follows a node in the page."""
    ancestor: LexborNode | None = node
    while ancestor is not None:
        following = ancestor.next
        while following is not None and (following.tag or "-")[0] == "-":
            following = following.next
        if following is not None:
            return False
        ancestor = ancestor.parent
    return True


def _html_in(svg: LexborNode) -> list[LexborNode]:
    """The blocks of HTML in an ``svg``: where a ``<foreignObject>`` or ``<desc>`` is never closed, the whole rest."""
    inside: set[int] = set()  # elements of which the parent is such a block or inside of one
    outermost: list[LexborNode] = []
    for node in svg.traverse():
        parent = node.parent
        if parent is not None and parent.mem_id in inside:
            inside.add(node.mem_id)
        elif node.tag in BREAK_OUT:
            inside.add(node.mem_id)
            outermost.append(node)
    return outermost


def _fallback(source: str, builder: Builder) -> Page:
    parser = _Standard(builder)
    parser.feed(source)
    parser.close()
    page = builder.page()
    page.flags += ("fallback",)
    return page


class _Standard(html.parser.HTMLParser):
    """The standard library's parser, which gives the builder the events that :func:`walk` gives it: elements end in
    order, and a head ends by itself.
    """

    def __init__(self, builder: Builder) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = builder
        self.open: list[str] = []
        self.n_open: Counter[str] = Counter()  # how many of each tag are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in IN_HEAD:
            self.end_head()
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        elif len(self.open) < FALLBACK_DEPTH or tag in SKIPPED:
            self.open.append(tag)
            self.n_open[tag] += 1
        else:  # deeper elements are closed at once: their text is kept, not their nesting
            self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.n_open[tag]:
            while self.open:
                last = self.open.pop()
                self.n_open[last] -= 1
                self.builder.end(last)
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "head" and not data.isspace():
            self.end_head()
        self.builder.data(data)

    def end_head(self) -> None:
        """End an open head: something starts that may not stand in it, and few pages have the end tag."""
        if self.n_open["head"]:
            self.handle_endtag("head")

    def close(self) -> None:
        super().close()
        while self.open:
            self.builder.end(self.open.pop())
