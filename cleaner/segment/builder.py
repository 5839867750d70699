"""A parser's events become blocks: where one begins and ends, and what is known about the place it stands in.

This runs a few thousand times a page, so each event does as little as it can: a tag's nature is one look-up
(:data:`TRAITS`), what an element's attributes say is found once for each way of writing them, and marks stay tuples.
"""

import re
from collections.abc import Mapping
from typing import Final

from cleaner.segment import Elements, Page, RawBlock, Style
from cleaner.segment import metadata as meta

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

#: What a tag is, as bits: inline, marked or with a context; or one of the rarer things that ``_special`` sees to.
_INLINE, _MARKED, _CONTEXT, _SPECIAL = 1, 2, 4, 8
TRAITS: Final[dict[str, int]] = {
    tag: _INLINE * (tag in INLINE)
    + _MARKED * (tag in MARKED)
    + _CONTEXT * (tag in CONTEXT)
    + _SPECIAL * (tag in MEDIA | SKIPPED | SAYING or tag in ("br", "option", "optgroup", "template"))
    for tag in INLINE | SKIPPED | MEDIA | CONTEXT | SAYING | {*MARKED, "br", "template", "div", "p", "section", "h2"}
}

#: The attributes that make up tokens, each with its sign; "!" for those that may hide an element.
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
    "hidden": "!",
    "aria-hidden": "!",
    "style": "!",
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
        self.marks: list[_Markup] = []

    # -- the parser's events -------------------------------------------------------------------

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:  # noqa: C901, PLR0912 a call more would show
        """An element begins."""
        if self.in_drawing and tag in BREAK_OUT:
            self._leave_drawing()
        if self.skipping:
            self.skipping += 1
            if self.in_head:
                self.meta.start(tag, attrs)
            elif tag in HOLDS_HTML:
                self.in_drawing = False
            return
        traits = TRAITS.get(tag) or _INLINE * (":" in tag)
        if traits & _SPECIAL and self._special(tag, attrs):
            return
        elements = self.elements
        node = self.node
        depth = elements.depth[node] + 1
        if depth > MAX_DEPTH:
            self.deeper += 1
            if not traits & _INLINE:
                self.flush()
            return
        if not traits & _INLINE:
            if self.parts or self.breaks:
                self.flush()
            self.around.append(len(elements.parent))
        else:
            self.around.append(self.around[node])
        hidden = elements.hidden[node]
        written = tag
        for name, value in attrs.items() if attrs else ():
            sign = SIGNS.get(name)
            if sign is None:
                continue
            if sign == "!":
                hidden = hidden or _hides(name, value)
            elif value:
                written = f"{written}\0{sign}{value[:MAX_ATTRIBUTE]}"
        style = self.known.get(written)
        if style is None:
            style = self.known[written] = self._style(tag, attrs)
        self.node = len(elements.parent)
        elements.parent.append(node)
        elements.depth.append(depth)
        elements.style.append(style)
        elements.hidden.append(hidden or tag == "template")
        if traits & _CONTEXT:
            self._enter(tag)
        elif traits & _MARKED:
            self._mark(tag, attrs)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self.skipping:
            self.skipping -= 1
            self.meta.end(tag)
            if not self.skipping:
                self.in_head = self.in_drawing = False
            return
        traits = TRAITS.get(tag) or _INLINE * (":" in tag)
        if traits & _SPECIAL:
            if tag == "br":
                return
            if tag == "title":
                self.meta.end(tag)
        if self.deeper:
            self.deeper -= 1
            if not traits & _INLINE:
                self.flush()
            return
        if not traits & _INLINE:
            if self.parts or self.breaks:
                self.flush()
            if traits & _CONTEXT and self.contexts:
                self.context, self.row = self.contexts.pop()
                self.in_pre = "pre" in self.context
        elif traits & _MARKED:
            self._unmark(tag)
        parent = self.elements.parent[self.node]
        self.node = max(parent, 0)

    def data(self, data: str) -> None:
        """Text."""
        if self.skipping or self.meta.in_title:
            self.meta.data(data)
            return
        blank = data.isspace()
        if blank and not self.parts:
            return
        if not self.in_pre:
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
                self.link_count += self.fresh_link
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
            sign = SIGNS.get(name, "!")
            if sign != "!" and value:
                found += [sign + token[:MAX_TOKEN] for token in value[:MAX_ATTRIBUTE].lower().split()]
        style = Style(tag[:MAX_TAG], tuple(found))
        number = self.styles.setdefault(style, len(self.styles))
        if number == len(self.elements.styles):
            self.elements.styles.append(style)
        return number

    def _enter(self, tag: str) -> None:
        self.contexts.append((self.context, self.row))
        self.context = (*self.context[1 - MAX_CONTEXT :], tag)
        self.in_pre = "pre" in self.context
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
        whole = "".join(self.parts)
        white = "\n" if self.in_pre else None
        text = whole.strip(white)
        if self.owner >= 0 and text.strip():
            self._add(text, len(whole) - len(whole.lstrip(white)))
        # A link or emphasis that goes on into the next block starts again at its beginning.
        if self.marks_open:
            self.marks_open = [(tag, 0, href) for tag, _, href in self.marks_open]
        self.fresh_link = self.links > 0
        self._clear()

    def _add(self, text: str, shift: int) -> None:
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
                context=context,
                row=self.row if context and context[-1] == "tr" else None,
                markup=_clipped(markup, shift, len(text)) if markup else (),
                linked=min(self.linked, len(text)),
                links=self.link_count,
                media=self.media,
                hidden=self.elements.hidden[self.owner],
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
            metadata=info.metadata,
            types=info.types,
            article_body=info.article_body,
            flags=flags,
        )


def _clipped(marks: list[_Markup], shift: int, length: int) -> tuple[_Markup, ...]:
    """The marks of a text from which ``shift`` characters were taken at its start; those of white space alone go."""
    moved = [(max(b - shift, 0), min(e - shift, length), tag, href) for b, e, tag, href in marks]
    return tuple(dict.fromkeys(mark for mark in moved if mark[0] < mark[1]))


def _hides(name: str, value: str) -> bool:
    """Whether an attribute hides its element."""
    if name == "hidden":
        return True
    if name == "aria-hidden":
        return value.lower() == "true"
    return _HIDDEN.search(value[:MAX_ATTRIBUTE]) is not None
