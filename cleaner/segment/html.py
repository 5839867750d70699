"""HTML becomes blocks in one pass over the parser's events.

lxml hands the events of its parser straight to :class:`_Builder`; no tree is ever made. That is faster than
a tree and a walk over it (3.6 ms against 4.5 ms a page, mean of 120 pages), and libxml2's limit on depth,
behind which a tree silently ends, does not apply to it.
"""

import html.parser
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from lxml import etree

from cleaner.document import Mark
from cleaner.segment import Node, Page, RawBlock
from cleaner.segment import metadata as meta

INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark math mi mn mo mrow ms msub msup "
    "mtext nobr option optgroup q rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
#: Elements whose content is no text of the page.
SKIPPED: Final = frozenset("script style svg canvas object embed applet iframe noembed noframes head".split())
MEDIA: Final = frozenset("img picture video audio iframe embed object svg canvas amp-img".split())
#: Elements that say how the blocks inside hang together; they make up ``Block.context``.
CONTEXT: Final = frozenset("ul ol li table tr blockquote pre dl figure".split())
#: What a head may hold.
IN_HEAD: Final = frozenset("html head base link meta noscript script style template title".split())
VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
MARKED: Final = {"a": "a", "b": "b", "strong": "b", "i": "i", "em": "i", "code": "code", "kbd": "code", "tt": "code"}

#: Longest class, id or address that is looked at, in characters: longer ones are data, and cost time.
MAX_ATTRIBUTE: Final = 2_000
#: Longest name of an element that is kept whole, in characters.
MAX_TAG: Final = 60
#: Open elements beyond which the nesting is counted but no longer recorded: real pages end at 138.
MAX_DEPTH: Final = 400
#: Open elements beyond ``MAX_DEPTH`` at which lxml is stopped: it compares each end tag with all that are open, so
#: the time of a megabyte of them would grow to a minute.
TOO_DEEP: Final = 2_000
#: Bytes that lxml gets at a time; in between it can be stopped.
CHUNK: Final = 16_384
#: Blocks a page may have; what follows is put into the last one.
MAX_BLOCKS: Final = 200_000

_END_OF_PAGE: Final = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
#: White space that is to become one space: single spaces, the most of it, are left alone.
_SPACES: Final = re.compile(r"[ \t\n\r\f\v\u2028\u2029]{2,}|[\t\n\r\f\v\u2028\u2029]")
_HIDDEN: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def segment(source: str) -> Page:
    """The blocks of an HTML page or fragment, in the source's order.

    Raises nothing: where lxml gives up, the standard library's parser does the work and the page's flags
    say ``fallback``.
    """
    # Text behind the first </html> would go into a second root that parsers give up on; browsers ignore the tag too.
    source = _END_OF_PAGE.sub("", source)
    builder = _Builder()
    target: Any = builder  # lxml calls what it has; its stubs want more
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    data = _SURROGATE.sub("\ufffd", source).encode()  # as parsers do with NUL
    try:
        for start in range(0, len(data), CHUNK):
            parser.feed(data[start : start + CHUNK])
            if builder.deeper > TOO_DEEP:
                return _fallback(source)
        parser.close()
    except (etree.XMLSyntaxError, etree.ParserError):
        if source.strip():
            return _fallback(source)
    if any(e.type_name == "ERR_RESOURCE_LIMIT" for e in parser.error_log.filter_from_fatals()):
        return _fallback(source)
    return builder.page()


def _fallback(source: str) -> Page:
    builder = _Builder()
    parser = _Standard(builder)
    parser.feed(source)
    parser.close()
    page = builder.page()
    page.flags += ("fallback",)
    return page


class _Standard(html.parser.HTMLParser):
    """The standard library's tokens as the events that lxml gives, with the open elements kept straight."""

    def __init__(self, builder: "_Builder") -> None:
        super().__init__(convert_charrefs=True)
        self.builder = builder
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in IN_HEAD:
            self.end_head()
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        elif len(self.open) < MAX_DEPTH or tag in SKIPPED:
            self.open.append(tag)
        else:  # deeper elements are closed at once: their text stays, their nesting goes
            self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open:
                last = self.open.pop()
                self.builder.end(last)
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "head" and not data.isspace():
            self.end_head()
        self.builder.data(data)

    def end_head(self) -> None:
        """A head ends where something begins that cannot stand in it: few pages close it."""
        if "head" in self.open:
            self.handle_endtag("head")

    def close(self) -> None:
        super().close()
        while self.open:
            self.builder.end(self.open.pop())


class _Builder:
    """Takes the parser's events and cuts the text into blocks."""

    def __init__(self) -> None:
        self.nodes: list[Node] = [Node("html", -1, 0)]
        self.blocks: list[RawBlock] = []
        self.beyond: list[str] = []  # texts beyond MAX_BLOCKS
        self.meta = meta.Collector()
        self.node = 0
        self.deeper = 0  # open elements beyond MAX_DEPTH
        self.skipping = 0  # open elements inside a skipped one, itself included
        self.in_head = False
        self.links = 0  # open links
        self.fresh_link = False  # the open link has no text in this block yet
        self.rows = 0
        self.row: int | None = None
        self.media = 0
        self.context: tuple[str, ...] = ()
        self.contexts: list[tuple[tuple[str, ...], int | None]] = []
        self.marks_open: list[tuple[str, int, str]] = []
        self._clear()

    def _clear(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.space = True  # the text so far ends in white space: what follows needs none
        self.breaks = 0
        self.linked = 0
        self.link_count = 0
        self.owner = -1
        self.marks: list[Mark] = []

    # -- the parser's events -------------------------------------------------------------------

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        if self.skipping:
            self.skipping += 1
            if self.in_head:
                self.meta.start(tag, attrs)
            return
        self.media += tag in MEDIA
        if tag in SKIPPED:
            self.skipping = 1
            self.in_head = tag in ("head", "script")
            self.meta.start(tag, attrs)
        elif tag == "br":
            self._break()
        else:
            self._start_shown(tag, attrs)

    def _start_shown(self, tag: str, attrs: Mapping[str, str]) -> None:
        if tag in ("option", "optgroup"):
            self.data(" ")  # browsers show each on a line of its own
        elif tag in ("meta", "title", "html", "link", "base"):
            self.meta.start(tag, attrs)
        if self.nodes[self.node].depth >= MAX_DEPTH:
            self.deeper += 1
            if tag not in INLINE:
                self.flush()
            return
        block = tag not in INLINE and ":" not in tag
        if block:
            self.flush()
        self._open(tag, attrs)
        if block and tag in CONTEXT:
            self._enter(tag)
        elif tag in MARKED:
            self._mark(tag, attrs)

    def end(self, tag: str) -> None:
        if self.skipping:
            self.skipping -= 1
            self.meta.end(tag)
            if not self.skipping:
                self.in_head = False
            return
        if tag == "br":
            return
        if tag == "title":
            self.meta.end(tag)
        if self.deeper:
            self.deeper -= 1
            if tag not in INLINE:
                self.flush()
            return
        if tag not in INLINE and ":" not in tag:
            self.flush()
            if tag in CONTEXT and self.contexts:
                self.context, self.row = self.contexts.pop()
        elif tag in MARKED:
            self._unmark(tag)
        self.node = max(self.nodes[self.node].parent, 0)

    def data(self, data: str) -> None:
        if self.skipping or self.meta.in_title:
            self.meta.data(data)
            return
        if self.context and "pre" in self.context:
            text = data
        else:
            text = _SPACES.sub(" ", data)
            if self.space and text[:1] == " ":
                text = text[1:]
        if not text:
            return
        blank = text.isspace()
        if blank and not self.parts:
            return
        self.breaks = 0 if not blank else self.breaks
        self.space = text[-1] in " \n"
        self.parts.append(text)
        self.length += len(text)
        if not blank:
            self.owner = self.node if self.owner < 0 else self._common(self.owner, self.node)
            if self.links:
                self.linked += len(text)
                self.link_count += self.fresh_link
                self.fresh_link = False

    def close(self) -> None:
        self.flush()

    # -- elements ----------------------------------------------------------------------------

    def _open(self, tag: str, attrs: Mapping[str, str]) -> None:
        above = self.nodes[self.node]
        hidden = above.hidden
        tokens: tuple[str, ...] = ()
        if attrs:
            tokens = _tokens(attrs)
            hidden = hidden or _is_hidden(attrs)
        hidden = hidden or tag == "template"
        self.nodes.append(Node(tag[:MAX_TAG], self.node, above.depth + 1, tokens, hidden))
        self.node = len(self.nodes) - 1

    def _enter(self, tag: str) -> None:
        self.contexts.append((self.context, self.row))
        self.context = (*self.context[-8:], tag)  # nobody reads lists nested deeper
        if tag == "tr":
            self.rows += 1
            self.row = self.rows
        elif tag == "table":
            self.row = None

    def _mark(self, tag: str, attrs: Mapping[str, str]) -> None:
        href = ""
        if tag == "a":
            href = attrs.get("href", "")[:MAX_ATTRIBUTE]
            self.links += 1
            self.fresh_link = True
        self.marks_open.append((tag, self.length, href))

    def _unmark(self, tag: str) -> None:
        if tag == "a":
            self.links = max(self.links - 1, 0)
        if self.marks_open and self.marks_open[-1][0] == tag:
            _, begin, href = self.marks_open.pop()
            if begin < self.length and (tag != "a" or href):
                self.marks.append(Mark(begin, self.length, MARKED[tag], href))

    def _common(self, one: int, other: int) -> int:
        nodes = self.nodes
        while one != other:
            if nodes[one].depth >= nodes[other].depth:
                one = nodes[one].parent
            else:
                other = nodes[other].parent
        return one

    # -- blocks ------------------------------------------------------------------------------

    def _break(self) -> None:
        if "pre" in self.context:
            self.data("\n")
            return
        self.breaks += 1
        if self.breaks > 1:
            self.flush()
        elif self.parts:
            if self.parts[-1][-1:] == " ":
                self.parts[-1] = self.parts[-1][:-1]
                self.length -= 1
            self.parts.append("\n")
            self.length += 1
            self.space = True

    def flush(self) -> None:
        """End the block under way, if it has any text."""
        if not self.parts:
            self.breaks = 0
            return
        whole = "".join(self.parts)
        white = "\n" if "pre" in self.context else None
        text = whole.strip(white)
        if text.strip() and self.owner >= 0:
            self._add(text, len(whole) - len(whole.lstrip(white)))
        # A link or emphasis that goes on into the next block starts again at its beginning.
        self.marks_open = [(tag, 0, href) for tag, _, href in self.marks_open]
        self.fresh_link = self.links > 0
        self._clear()

    def _add(self, text: str, shift: int) -> None:
        if len(self.blocks) >= MAX_BLOCKS:
            self.beyond.append(text)
            return
        node = self.nodes[self.owner]
        open_marks = [Mark(b, self.length, MARKED[t], h) for t, b, h in self.marks_open if t != "a" or h]
        self.blocks.append(
            RawBlock(
                text=text,
                plain=" ".join(text.split()) if "\n" in text else text,
                tag=self._block_tag(),
                node=self.owner,
                context=self.context,
                row=self.row if self.context and self.context[-1] == "tr" else None,
                marks=_clipped((*self.marks, *open_marks), shift, len(text)),
                linked=min(self.linked, len(text)),
                links=self.link_count,
                media=self.media,
                hidden=node.hidden,
            )
        )
        self.media = 0

    def _block_tag(self) -> str:
        """The innermost element around the text that is not inline."""
        at = self.owner
        while at > 0 and self.nodes[at].tag in INLINE:
            at = self.nodes[at].parent
        return self.nodes[at].tag

    def page(self) -> Page:
        self.flush()
        info = self.meta.finish()
        flags: tuple[str, ...] = ()
        if self.beyond:  # their words stay; nobody judges them one by one
            self.blocks[-1].text = "\n".join((self.blocks[-1].text, *self.beyond))
            flags = ("truncated",)
        return Page(
            "html",
            self.blocks,
            self.nodes,
            lang=info.lang,
            metadata=info.metadata,
            types=info.types,
            article_body=info.article_body,
            flags=flags,
        )


def _clipped(marks: Iterable[Mark], shift: int, length: int) -> tuple[Mark, ...]:
    """The marks of a text from which ``shift`` characters were taken at its start; those of white space alone go."""
    moved = (Mark(max(m.start - shift, 0), min(m.end - shift, length), m.tag, m.href) for m in marks)
    return tuple(dict.fromkeys(mark for mark in moved if mark.start < mark.end))


def _is_hidden(attrs: Mapping[str, str]) -> bool:
    style = attrs.get("style")
    return (
        "hidden" in attrs
        or attrs.get("aria-hidden", "").lower() == "true"
        or (style is not None and _HIDDEN.search(style[:MAX_ATTRIBUTE]) is not None)
    )


_TOKENS: Final = {
    "class": ".",
    "id": "#",
    "role": "@",
    "itemprop": "%",
    "data-component": "~",
    "data-testid": "~",
    "data-qa": "~",
    "data-type": "~",
    "data-module": "~",
}


def _tokens(attrs: Mapping[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    for name, value in attrs.items():
        sign = _TOKENS.get(name)
        if sign and value:
            found += [sign + token for token in value[:MAX_ATTRIBUTE].lower().split()]
    return tuple(found)
