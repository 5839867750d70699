"""A parser's events become blocks: where one begins and ends, and what is known about the place it stands in.

This runs a few thousand times a page, so each event does as little as it can: a tag's nature is one look-up
(:data:`TRAITS`), what an element's attributes say is found once for each way of writing them, and marks stay tuples.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cleaner.segment import html_metadata as meta
from cleaner.segment.headline import headline
from cleaner.segment.page import Elements, Page, RawBlock, Style

INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark math mi mn mo mrow ms msub msup "
    "mtext nobr option optgroup q rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
#: Elements whose content is no text of the page.
SKIPPED: Final = frozenset("script style svg canvas iframe noembed noframes head".split())
#: Elements of HTML that end a drawing that was never closed, as browsers have it; and those of a drawing that may hold
#: HTML.
BREAK_OUT: Final = frozenset("blockquote body center dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table ul".split())
HOLDS_HTML: Final = frozenset("foreignobject desc title".split())
MEDIA: Final = frozenset("img picture video audio iframe embed object svg canvas amp-img".split())
#: Elements that say how the blocks inside hang together; they make up ``Block.context``.
CONTEXT: Final = frozenset("ul ol li table tr blockquote pre dl figure".split())
MARKED: Final = {"a": "a", "b": "b", "strong": "b", "i": "i", "em": "i", "code": "code", "kbd": "code", "tt": "code"}
#: Elements that say something of the page outside of its head as well.
SAYING: Final = frozenset("meta title html link base".split())

#: Longest class, id or address that is looked at, in characters: longer ones are data, and cost time.
MAX_ATTRIBUTE: Final = 2_000
#: Longest single class or id that is kept whole, in characters.
MAX_TOKEN: Final = 100
#: Longest name of an element that is kept whole, in characters.
MAX_TAG: Final = 60
#: Open elements beyond which the nesting is counted but no longer recorded: real pages end at 138.
MAX_DEPTH: Final = 400
#: Blocks a page may have; what follows is put into the last one.
MAX_BLOCKS: Final = 200_000
#: Lists nested deeper than this are not told apart.
MAX_CONTEXT: Final = 9

#: Blocks of which nothing else is to be known.
PLAIN: Final = frozenset(
    "address article aside body button center dd details div dt fieldset figcaption footer form g h1 h2 h3 h4 h5 h6 "
    "header hr input label main nav noscript p section select source summary tbody td textarea th thead".split()
)
#: Elements that ``Builder`` sees to one by one.
SPECIAL: Final = MEDIA | SKIPPED | SAYING | {"br", "option", "optgroup", "template"}


#: What a tag is: inline or else a block, marked, with a context, special. A plain tuple: others take longer to unpack.
_Traits = tuple[bool, bool, bool, bool]


class _TraitsOf(dict[str, _Traits]):
    """The traits of any tag: unknown ones are blocks, but inline where a namespace says that they are not HTML's."""

    def __missing__(self, tag: str) -> _Traits:
        return (":" in tag, False, False, False)


TRAITS: Final = _TraitsOf(
    {tag: (tag in INLINE, tag in MARKED, tag in CONTEXT, tag in SPECIAL) for tag in INLINE | CONTEXT | PLAIN | SPECIAL}
)

#: The attributes that make up tokens, each with its sign; those that may hide an element have none.
SIGNS: Final = {
    "class": ".",
    "id": "#",
    "role": "@",
    "itemprop": "%",
    "data-component": "~",
    "data-testid": "~",
    "data-qa": "~",
    "data-type": "~",
    "data-module": "~",
    "hidden": "",
    "aria-hidden": "",
    "style": "",
}

#: White space that is to become one space: single spaces, the most of it, are left alone.
_SPACES: Final = re.compile(r"[ \t\n\r\f\v\u2028\u2029]{2,}|[\t\n\r\f\v\u2028\u2029]")
_HIDDEN: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

_Markup = tuple[int, int, str, str]


class Builder:
    """Takes the parser's events and cuts the text into blocks."""

    def __init__(self) -> None:
        self.elements = Elements()
        self.known: dict[str, int] = {}  # styles by how an element writes its attributes
        self.styles: dict[Style, int] = {Style("html"): 0}
        self.around: list[int] = [0]  # for each element the innermost one around it, itself included, not inline
        self.blocks: list[RawBlock] = []
        self.beyond: list[str] = []  # texts beyond MAX_BLOCKS
        self.meta = meta.Collector()
        self.node = 0
        self.deeper = 0  # open elements beyond MAX_DEPTH
        self.skipping = 0  # open elements inside a skipped one, itself included
        self.in_drawing = False  # what is skipped is an svg that holds no HTML
        self.in_head = False
        self.in_pre = False
        self.links = 0  # open links
        self.fresh_link = False  # the open link has no text in this block yet
        self.rows = 0
        self.row: int | None = None
        self.media = 0
        self.context: tuple[str, ...] = ()
        self.contexts: list[tuple[tuple[str, ...], int | None, bool]] = []
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
        self.marks: list[_Markup] = []

    # -- the parser's events -------------------------------------------------------------------

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:  # noqa: C901, PLR0912 a call more would show
        """An element begins."""
        if self.skipping:
            if not self.in_drawing or tag not in BREAK_OUT:
                self.skipping += 1
                if self.in_head:
                    self.meta.start(tag, attrs)
                elif tag in HOLDS_HTML:
                    self.in_drawing = False
                return
            self._leave_drawing()
        inline, marked, context, special = TRAITS[tag]
        if special and self._special(tag, attrs):
            return
        elements = self.elements
        node = self.node
        depth = elements.depth[node] + 1
        if depth > MAX_DEPTH:
            self.deeper += 1
            if not inline:
                self.flush()
            return
        number = len(elements.parent)
        if inline:
            self.around.append(self.around[node])
        else:
            if self.parts or self.breaks:
                self.flush()
            self.around.append(number)
        hidden = elements.hidden[node] or (special and tag == "template")
        written = tag
        for name in attrs or ():
            if name in SIGNS:
                sign = SIGNS[name]
                if sign:
                    written = f"{written}\0{sign}{attrs[name]}"
                else:
                    hidden = hidden or _hides(name, attrs[name])
        style = self.known.get(written)
        if style is None:
            style = self.known[written] = self._style(tag, attrs)
        self.node = number
        elements.parent.append(node)
        elements.depth.append(depth)
        elements.style.append(style)
        elements.hidden.append(hidden)
        if marked:
            self._mark(tag, attrs)
        elif context:
            self._enter(tag)

    def end(self, tag: str) -> None:  # noqa: C901 as in start
        """An element ends."""
        if self.skipping:
            self.skipping -= 1
            self.meta.end(tag)
            if not self.skipping:
                self.in_head = self.in_drawing = False
            return
        inline, marked, context, special = TRAITS[tag]
        if special:
            if tag == "br":
                return
            if tag == "title":
                self.meta.end(tag)
        if self.deeper:
            self.deeper -= 1
            if not inline:
                self.flush()
            return
        if marked:
            self._unmark(tag)
        elif not inline:
            if self.parts or self.breaks:
                self.flush()
            if context and self.contexts:
                self.context, self.row, self.in_pre = self.contexts.pop()
        if self.node:
            self.node = self.elements.parent[self.node]

    def data(self, data: str) -> None:
        """Text."""
        if self.skipping or self.meta.in_title:
            self.meta.data(data)
            return
        blank = data.isspace()
        if blank and not self.parts:
            return
        if not self.in_pre:
            if not data.isprintable() or "  " in data:
                data = " " if blank and data.isascii() else _SPACES.sub(" ", data)
            if self.space and data[:1] == " ":
                data = data[1:]
        if not data:
            return
        self.space = data[-1] in " \n"
        self.parts.append(data)
        self.length += len(data)
        if not blank:
            self.breaks = 0
            if self.owner != self.node:
                self.owner = self.node if self.owner < 0 else self._common(self.owner, self.node)
            if self.links:
                self.linked += len(data)
                if self.fresh_link:
                    self.link_count += 1
                    self.fresh_link = False

    def close(self) -> None:
        """The source ends."""
        self.flush()

    # -- elements ----------------------------------------------------------------------------

    def _special(self, tag: str, attrs: Mapping[str, str]) -> bool:
        """What is more than a block or inline element; whether nothing else is to be done about it."""
        self.media += tag in MEDIA
        if tag in SKIPPED:
            self.skipping = 1
            self.in_head = tag in ("head", "script")
            self.in_drawing = tag == "svg"
            self.meta.start(tag, attrs)
            return True
        if tag == "br":
            self._break()
            return True
        if tag in ("option", "optgroup"):
            self.data(" ")  # browsers show each on a line of its own
        elif tag in SAYING:
            self.meta.start(tag, attrs)
        return False

    def _leave_drawing(self) -> None:
        """HTML begins in a drawing that nobody closed: its open elements become elements around what follows."""
        unclosed, self.skipping, self.in_drawing = self.skipping, 0, False
        for _ in range(unclosed):
            self.start("g", {})

    def _style(self, tag: str, attrs: Mapping[str, str]) -> int:
        found: list[str] = []
        for name, value in attrs.items():
            sign = SIGNS.get(name)
            if sign:
                for token in value[:MAX_ATTRIBUTE].lower().split():
                    found.append(sign + token[:MAX_TOKEN])  # noqa: PERF401 a comprehension is a call more
        style = Style(tag[:MAX_TAG], tuple(found))
        number = self.styles.setdefault(style, len(self.styles))
        if number == len(self.elements.styles):
            self.elements.styles.append(style)
        return number

    def _enter(self, tag: str) -> None:
        self.contexts.append((self.context, self.row, self.in_pre))
        self.context = self.context[1 - MAX_CONTEXT :] + (tag,)  # noqa: RUF005 unpacking takes three times as long
        self.in_pre = tag == "pre" or (self.in_pre and "pre" in self.context)
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
            self.links -= self.links > 0
        if self.marks_open and self.marks_open[-1][0] == tag:
            _, begin, href = self.marks_open.pop()
            if begin < self.length and (tag != "a" or href):
                self.marks.append((begin, self.length, MARKED[tag], href))

    def _common(self, one: int, other: int) -> int:
        """The innermost element around two."""
        depth, parent = self.elements.depth, self.elements.parent
        while one != other:
            if depth[one] >= depth[other]:
                one = parent[one]
            else:
                other = parent[other]
        return one

    # -- blocks ------------------------------------------------------------------------------

    def _break(self) -> None:
        if self.in_pre:
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
        if self.owner >= 0:  # not white space alone
            self._add("".join(self.parts))
        # A link or emphasis that goes on into the next block starts again at its beginning.
        if self.marks_open:
            self.marks_open = [(tag, 0, href) for tag, _, href in self.marks_open]
        self.fresh_link = self.links > 0
        self._clear()

    def _add(self, whole: str) -> None:
        white = "\n" if self.in_pre else None
        text = whole.strip(white)
        if len(self.blocks) >= MAX_BLOCKS:
            self.beyond.append(text)
            return
        markup = self.marks
        if self.marks_open:
            markup = markup + [(b, self.length, MARKED[t], h) for t, b, h in self.marks_open if t != "a" or h]
        context = self.context
        self.blocks.append(
            RawBlock(
                text,
                " ".join(text.split()) if "\n" in text else text,
                self.elements.tag(self.around[self.owner]),
                self.owner,
                None,
                "\n\n",
                context,
                self.row if context and context[-1] == "tr" else None,
                _clipped(markup, len(whole) - len(whole.lstrip(white)), len(text)) if markup else (),
                min(self.linked, len(text)),
                self.link_count,
                self.media,
                self.elements.hidden[self.owner],
            )
        )
        self.media = 0

    def page(self) -> Page:
        """What the events made up."""
        self.flush()
        info = self.meta.finish()
        flags: tuple[str, ...] = ()
        if self.beyond:  # their words stay; nobody judges them one by one
            self.blocks[-1].text = "\n".join((self.blocks[-1].text, *self.beyond))
            flags = ("truncated",)
        return Page(
            "html",
            self.blocks,
            self.elements,
            lang=info.lang,
            metadata=replace(info.metadata, headline=headline(info, self.blocks)),
            author=info.author,
            base=info.base,
            types=info.types,
            article_body=info.article_body,
            flags=flags,
        )


def _clipped(marks: list[_Markup], shift: int, length: int) -> tuple[_Markup, ...]:
    """The marks of a text from which ``shift`` characters were taken at its start; those of white space alone go."""
    if len(marks) == 1 and not shift and marks[0][0] < marks[0][1] <= length:
        return (marks[0],)  # the most of them, and nothing to do
    moved = [(max(b - shift, 0), min(e - shift, length), tag, href) for b, e, tag, href in marks]
    return tuple(dict.fromkeys(mark for mark in moved if mark[0] < mark[1]))


def _hides(name: str, value: str) -> bool:
    """Whether an attribute hides its element."""
    if name == "hidden":
        return True
    if name == "aria-hidden":
        return value.lower() == "true"
    return _HIDDEN.search(value[:MAX_ATTRIBUTE]) is not None
