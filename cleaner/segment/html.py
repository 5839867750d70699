"""HTML becomes blocks in one pass over the events of a parser.

lxml's parser passes its events to :class:`Builder`, and no tree is built. That is faster than walking a tree (3.6 ms
against 4.5 ms for a page, mean of 120 pages). libxml2 also cuts trees off at a certain depth without an error, which
does not apply to events.
"""

import html.parser
import re
from typing import Any, Final

from lxml import etree

from cleaner.segment.html_builder import MAX_DEPTH, SKIPPED, Builder
from cleaner.segment.page import Page

#: Elements that may stand in a head.
IN_HEAD: Final = frozenset("html head base link meta noscript script style template title".split())
#: Elements without an end tag.
VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())

#: Open elements below ``MAX_DEPTH`` at which lxml is stopped. It compares each end tag with all open elements: a
#: megabyte of nested elements would take a minute.
TOO_DEEP: Final = 2_000
#: Bytes that lxml gets at a time. Between two chunks it can be stopped.
CHUNK: Final = 16_384
_END_OF_PAGE: Final = re.compile(
    rb"</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s*>"
)  # the literal prefix makes the search fast
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def segment(source: str, *, images: bool = False) -> Page:
    """The blocks of an HTML page or fragment, in the order of the source; its pictures as well where ``images`` is set.

    Raises nothing. Where lxml gives up, the standard library's parser is used, and the page has the flag ``fallback``.
    """
    try:
        data = source.encode()
    except UnicodeEncodeError:
        data = _SURROGATE.sub("\ufffd", source).encode()  # as parsers replace NUL
    # Text after the first </html> would be a second root, which parsers drop. Browsers ignore the tag as well.
    data = _END_OF_PAGE.sub(b"", data)
    builder = Builder(images=images)
    try:
        if _parse(data, builder) or not data.strip():
            return builder.page()
    finally:
        # The parser and its target are in a reference cycle. The builder's lists would live until the next collection.
        vars(builder).clear()
    return _fallback(data.decode(), images=images)


def _parse(data: bytes, builder: Builder) -> bool:
    """Pass the events of a source to the builder. Returns whether lxml parsed all of it."""
    target: Any = builder  # lxml calls the methods that it finds; its stubs demand all of them
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    try:
        for start in range(0, len(data), CHUNK):
            parser.feed(data[start : start + CHUNK])
            if builder.too_deep > TOO_DEEP:
                return False
        parser.close()
    except (etree.XMLSyntaxError, etree.ParserError):
        return False
    return all(e.type_name != "ERR_RESOURCE_LIMIT" for e in parser.error_log.filter_from_fatals())


def _fallback(source: str, *, images: bool = False) -> Page:
    builder = Builder(images=images)
    parser = _Standard(builder)
    parser.feed(source)
    parser.close()
    page = builder.page()
    page.flags += ("fallback",)
    return page


class _Standard(html.parser.HTMLParser):
    """The standard library's parser with lxml's events: elements are closed in order, and a head ends by itself."""

    def __init__(self, builder: Builder) -> None:
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
        else:  # deeper elements are closed at once: their text is kept, not their nesting
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
        """End an open head: something starts that may not stand in it, and few pages have the end tag."""
        if "head" in self.open:
            self.handle_endtag("head")

    def close(self) -> None:
        super().close()
        while self.open:
            self.builder.end(self.open.pop())
