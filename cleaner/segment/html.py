"""HTML becomes blocks: lexbor parses it as a browser does, and a walk over its tree gives :class:`Builder` the events.

The tree is that of the HTML standard. Sources on which lexbor's time would grow with the square of their size are found
before parsing (:func:`is_hostile`); the standard library's parser reads them.
"""

import codecs
import html.parser
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from cleaner.segment.hostile import Tags, is_hostile
from cleaner.segment.html_attributes import with_values
from cleaner.segment.html_builder import Builder
from cleaner.segment.html_cdata import with_text_of_cdata
from cleaner.segment.html_formulas import make_readable
from cleaner.segment.html_metadata import Collector
from cleaner.segment.html_signs import add_signs
from cleaner.segment.html_tags import (
    APART,
    BELOW,
    BREAK_OUT,
    CONTAINER,
    HOLDS_HTML,
    MEDIA,
    META,
    SKIPPED,
    TEXT,
    Tag,
)
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
#: Sources inside of each other at most, of ``<noscript>`` and HTML in an ``svg``.
MAX_NESTING: Final = 8
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
#: A frameset makes a browser drop all text of the page outside of it.
_FRAMESET: Final = re.compile(rb"(</?)frameset(?=[\s>/])", re.IGNORECASE)
#: The start tag of an element of text that ends the element in XHTML, and as programs write trees as XML. To a browser
#: that reads HTML, all that follows is in the element.
_SELF_CLOSED: Final = re.compile(rb"<(title|script|style|textarea|iframe)((?:\s[^<>]*)?)/>", re.IGNORECASE)
#: The start tag of a title with the text behind it, and an end tag.
_TITLE: Final = re.compile(rb"<title(?:\s[^<>]*+)?>[^<]*+", re.IGNORECASE)
_TITLE_END: Final = re.compile(rb"</title", re.IGNORECASE)
#: A fragment of a table. Without the table a browser drops the tags of rows and cells.
_TABLE_PART: Final = re.compile(
    rb"\s*(?:<!--.{0,5000}?-->\s*)?<(?:t[rdh]|tbody|thead|tfoot|caption|colgroup)[\s>/]", re.IGNORECASE | re.DOTALL
)


def segment(source: str | bytes, *, images: bool = False, builder: type[Builder] = Builder) -> Page:
    """The blocks of an HTML page or fragment, in the order of a browser's tree; its pictures as well with ``images``.

    ``source`` is a string, or the same in valid UTF-8. ``builder`` is the class that makes blocks of the events. Raises
    nothing. Where lexbor gives up or would take too long, the standard library's parser is used, and the page has the
    flag ``fallback``. Where all of the page would be in an element of XHTML without an end tag (``<script src="x"/>``),
    or in a title that is never closed, it is ended, and the page has the flag ``self_closed`` or ``unclosed_title``.
    """
    data = (_encoded(source) if isinstance(source, str) else source).removeprefix(codecs.BOM_UTF8)
    data = with_text_of_cdata(data)
    page = _segment(data, builder, images=images)
    for flag, repair in (("self_closed", _with_end_tags), ("unclosed_title", _with_end_of_title)):
        if not page.blocks and (repaired := repair(data)):
            page = _segment(repaired, builder, images=images)
            page.flags += (flag,)
    return page


def _encoded(source: str) -> bytes:
    try:
        return source.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", source).encode()


def _segment(data: bytes, builder: type[Builder], *, images: bool) -> Page:
    tags = Tags(data)
    if is_hostile(tags):
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
    try:
        if root is not None:
            make_readable(root, tags)
            add_signs(root, tags)
            walk(root, receiver, MIN_NODES + NODES_PER_TAG * len(tags))
    except TooManyNodes:
        return _fallback(data.decode(), builder(images=images))
    return receiver.page()


def _with_end_tags(data: bytes) -> bytes | None:
    """A source of which elements that hold text are ended in their start tags, with end tags. None of any other."""
    repaired, count = _SELF_CLOSED.subn(rb"<\1\2></\1>", data)
    return repaired if count else None


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


class TooManyNodes(Exception):
    """A tree has far more nodes than its source has tags, or too many sources are inside of each other."""


def walk(  # noqa: C901 calls would cost time
    root: LexborNode, builder: Builder, max_steps: int, nesting: int = 0
) -> None:
    """Pass a node with all elements and texts in it to the builder as events, in order.

    Elements without content that are neither special nor containers have no events: all they can do is end a block.
    Raises :class:`TooManyNodes` after ``max_steps`` steps: one for a node, one for the end of an element.
    """

    def walk_inner(nodes: Iterable[LexborNode]) -> None:
        for inner in nodes:
            if nesting >= MAX_NESTING:
                raise TooManyNodes
            walk(inner, builder, max_steps, nesting + 1)

    start, end, data, parts = builder.start, builder.end, builder.data, builder.parts
    # By lexbor's numbers, which are read in half the time of names. Those of unknown tags differ from tree to tree.
    tags: dict[int, Tag] = {}
    open_elements: list[tuple[LexborNode, Tag]] = []
    node: LexborNode | None = root
    for _ in range(max_steps):
        if node is None:
            if not open_elements:
                return
            node, tag = open_elements.pop()
            end(tag)
            node = node.next if open_elements else None
            continue
        number = node.tag_id
        tag = tags.get(number) or tags.setdefault(number, builder.tags[node.tag or "-"])
        child: LexborNode | None = None
        if tag.content == TEXT:
            # White space between blocks is most of the texts, and is passed over.
            if (parts or not node.is_empty_text_node) and (text := node.text_content):
                data(text)
        elif tag.content == APART:
            child = _start_apart(node, tag, builder, walk_inner)
        elif tag.content == BELOW:
            child = node.first_child
            if child is not None:
                start(tag, node.attributes)
            elif tag.kind >= CONTAINER:
                start(tag, node.attributes)
                end(tag)
            elif parts and not tag.is_inline:
                builder.empty(tag)
        if child is not None:
            open_elements.append((node, tag))
            node = child
        else:
            node = node.next if open_elements else None
    raise TooManyNodes


def _start_apart(
    node: LexborNode, tag: Tag, builder: Builder, walk_inner: Callable[[Iterable[LexborNode]], None]
) -> LexborNode | None:
    """Pass a node whose content is not below it to the builder.

    Returns the first node of the content if the walk is to go on there: then the element has started, but not ended.
    """
    child = node.first_child
    if tag.name == "head":
        walk_inner(_read_head(node, builder.meta))
    elif tag.name == "script":
        _read_script(node, builder.meta)
    elif tag.name == "template" or (tag.name == "noscript" and child is not None):
        builder.start(tag, node.attributes)
        if tag.name == "template":
            child = _content(node)
        elif child is not None and (fragment := _markup(child)):
            walk_inner(fragment)
            child = None
        if child is not None:
            return child
        builder.end(tag)
    elif tag.name == "noscript":
        builder.flush()
    else:
        builder.media += tag.name in MEDIA
        if tag.name == "svg" and _is_last(node) and (swallowed := _html_in(node)):
            hidden = builder.tags["template"]  # nothing of it is shown
            builder.start(hidden, {})
            walk_inner(swallowed)
            builder.end(hidden)
    return None


def _read_head(head: LexborNode, meta: Collector) -> list[LexborNode]:
    """Pass on the metadata of a head, and return what is not metadata: in it, browsers allow nothing else."""
    others: list[LexborNode] = []
    node = head.first_child
    while node is not None:
        name = node.tag or "-"
        if name == "script":
            _read_script(node, meta)
        elif name in META:
            meta.start(name, with_values(node.attributes))
            if name == "title":
                _read_texts(node, meta)
            meta.end(name)
        elif name in ("noscript", "template"):
            others.append(node)
        node = node.next
    return others


def _read_script(script: LexborNode, meta: Collector) -> None:
    """Pass on a script. The text of one that holds no JSON is not read."""
    meta.start("script", with_values(script.attributes))
    if meta.in_json:
        _read_texts(script, meta)
    meta.end("script")


def _read_texts(element: LexborNode, meta: Collector) -> None:
    node = element.first_child
    while node is not None:
        meta.data(node.text_content or "")
        node = node.next


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


def _html_in(drawing: LexborNode) -> list[LexborNode]:
    """The blocks of HTML in a drawing: where a ``<foreignObject>`` is never closed, the whole rest of the page."""
    inside: set[int] = set()  # elements of which the parent is such a block or inside of one
    outermost: list[LexborNode] = []
    for node in drawing.traverse():
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

    While ``skipping`` is not 0, an element of ``SKIPPED`` is open, and elements are only counted: it is the number of
    open elements from that one on. What a head and a script hold goes to the metadata.
    """

    def __init__(self, builder: Builder) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = builder
        self.open: list[str] = []
        self.n_open: Counter[str] = Counter()  # how many of each tag are open
        self.skipping = 0
        self.has_metadata = False  # the skipped element is a head or a script
        self.in_svg = False  # the skipped element is an svg without HTML in it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in IN_HEAD:
            self.end_head()
        self._start(tag, {name: value or "" for name, value in attrs} if attrs else {})
        if tag in VOID:
            self._end(tag)
        elif len(self.open) < FALLBACK_DEPTH or tag in SKIPPED:
            self.open.append(tag)
            self.n_open[tag] += 1
        else:  # deeper elements are closed at once: their text is kept, not their nesting
            self._end(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.n_open.get(tag):
            while self.open:
                last = self.open.pop()
                self.n_open[last] -= 1
                self._end(last)
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "head" and not data.isspace():
            self.end_head()
        if self.skipping:
            self.builder.meta.data(data)
        else:
            self.builder.data(data)

    def updatepos(self, i: int, j: int) -> int:  # noqa: ARG002 overrides
        """Called for each token to count lines. Nobody asks for them."""
        return j

    def end_head(self) -> None:
        """End an open head: something starts that may not stand in it, and few pages have the end tag."""
        if self.n_open.get("head"):
            self.handle_endtag("head")

    def close(self) -> None:
        super().close()
        while self.open:
            self._end(self.open.pop())

    def _start(self, tag: str, attrs: dict[str, str]) -> None:
        builder = self.builder
        if self.skipping and not (self.in_svg and tag in BREAK_OUT):
            self.skipping += 1
            if self.has_metadata:
                builder.meta.start(tag, attrs)
            elif tag in HOLDS_HTML:
                self.in_svg = False
            return
        if self.skipping:  # HTML in an svg that was not closed: it is inside of the elements that are open there
            unclosed, self.skipping, self.in_svg = self.skipping, 0, False
            for _ in range(unclosed):
                builder.start(builder.tags["g"], {})
        if tag in SKIPPED:
            self.skipping = 1
            self.has_metadata = tag in ("head", "script")
            self.in_svg = tag == "svg"
            builder.media += tag in MEDIA
            builder.meta.start(tag, attrs)
        else:
            builder.start(builder.tags[tag], attrs)

    def _end(self, tag: str) -> None:
        if not self.skipping:
            self.builder.end(self.builder.tags[tag])
            return
        self.skipping -= 1
        self.builder.meta.end(tag)
        if not self.skipping:
            self.has_metadata = self.in_svg = False
