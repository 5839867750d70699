"""Finds sources on which lexbor's time or memory would grow with the square of their size, before they are parsed.

Three things make a parser of the HTML standard slow, and no real page has many of them:

- Deep nesting. Most tags look through all open elements: 20,000 nested ``<div>`` take 0.5 s, 40,000 take 1.9 s.
- Formatting that is never closed. Each paragraph opens it again: 2,000 times ``<p><b id=…>`` make 2 million nodes.
- Attributes. Each is compared with all others of its element: 20,000 take 0.7 s.

The tests are in steps. What costs nothing comes first, and tags are read one by one (:func:`_exceeds_limits`) only on
the few pages that have very many tags, much formatting or a very long tag.
"""

import re
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaner.text.arrays import Ints

#: Bytes below which no source is slow.
SMALL_SOURCE: Final = 10_000
#: Open elements at most. The deepest of the real pages has 138.
MAX_OPEN: Final = 1_000
#: Attributes of an element at most.
MAX_ATTRIBUTES: Final = 2_000
#: Elements that may be opened again in all: 200,000 take 50 MB.
MAX_REOPENED: Final = 200_000
#: Formatting elements that may be open at once before each further tag is counted as opening them again.
MANY_FORMATTING: Final = 2
#: Nesting is measured where the square of the number of ``<`` is larger than so many times the source's bytes, of which
#: 4 MB count at most. So elements that are nested and not measured take 0.25 s a MB at most, and 0.9 s in all.
TAGS_SQUARED_A_BYTE: Final = 400
COUNTED_BYTES: Final = 4_000_000
#: From 6,000 ``<`` on (0.04 s) it is measured where so many start tags follow each other without an end tag.
MANY_STARTS_FROM: Final = 6_000
MANY_STARTS: Final = 500
#: ``<`` from which formatting is counted, and the product of both counts from which it is measured. Before that the
#: parser makes 600,000 elements at most, in 0.2 s.
SOME_TAGS: Final = 1_500
MUCH_FORMATTING: Final = 1_000_000
#: Bytes without a ``>`` from which attributes are counted.
LONG_TAG: Final = 16_000
#: How often the bytes of a part of the source may be read to count the attributes of all tags that may begin there.
TIMES_READ: Final = 2
#: Open elements that an end tag is compared with. One that closes an element further outside is taken as closing none.
_FAR: Final = 64

_FORMATTING: Final = frozenset(b"b big code em font i s small strike strong tt u a nobr".split())
#: Formatting with attributes. Without any, only three of a kind are opened again. Two cases of a letter are faster than
#: ``IGNORECASE``, and one class of first letters, on which most tags fail, is faster than a name after the other.
_FORMATTING_TAG: Final = re.compile(
    rb"<[bcefistuBCEFISTU](?:(?<=[bisuBISU])|(?<=[bB])[iI][gG]|(?<=[cC])[oO][dD][eE]|(?<=[eE])[mM]|(?<=[fF])[oO][nN][tT]"
    rb"|(?<=[sS])(?:[mM][aA][lL][lL]|[tT][rR](?:[iI][kK][eE]|[oO][nN][gG]))|(?<=[tT])[tT])[\s/][^>]*"
)
#: Of formatting with one spelling, the parser opens so many again.
_MAX_ALIKE: Final = 3
#: Elements without an end tag.
_VOID: Final = frozenset(b"area base br col embed frame hr img input keygen link meta param source track wbr".split())
#: Elements whose content is text, in HTML.
_RAW: Final = frozenset(b"script style textarea title xmp iframe noembed noframes".split())
#: A start tag of the same kind ends them.
_ENDED_BY_SIBLING: Final = frozenset(b"p li dd dt td th tr option".split())
#: Elements whose end tag closes those inside of it as well, except for the barriers.
_BLOCKS: Final = frozenset(
    b"address applet article aside blockquote button center dd details dialog dir div dl dt fieldset figcaption figure "
    b"footer h1 h2 h3 h4 h5 h6 header hgroup li listing main marquee menu nav object ol p pre search section summary "
    b"ul".split()
)
_TABLE: Final = frozenset(b"table caption tbody thead tfoot tr td th".split())
_CELLS: Final = frozenset((b"td", b"th"))
#: In an ``svg`` or ``math``: elements that may hold HTML.
_HOLDS_HTML: Final = frozenset(b"foreignobject desc title mi mo mn ms mtext annotation-xml".split())
_FOREIGN: Final = frozenset((b"svg", b"math"))
#: Inside of these, end tags of blocks that are open outside are ignored.
_BARRIERS: Final = (
    _TABLE | _HOLDS_HTML | _FOREIGN | frozenset(b"applet button marquee noscript object select template".split())
)
#: Inside of these, all other end tags are ignored.
_SPECIAL: Final = _BLOCKS | _BARRIERS | _RAW | frozenset(b"colgroup form body html head frameset".split())
#: Inside of these, the end tags of a table's parts are ignored.
_TABLE_BARRIERS: Final = _FOREIGN | _HOLDS_HTML | frozenset(b"table template select noscript".split())
_LISTS: Final = frozenset((b"ol", b"ul"))
#: CDATA sections at most. In an ``svg`` they hide tags.
_MAX_CDATA: Final = 1_000

#: One attribute, as the standard reads it.
_ATTRIBUTE: Final = rb"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+))?+"""
_ATTRIBUTES: Final = re.compile(_ATTRIBUTE)
#: The usual form of it, which is read faster.
_USUAL_ATTRIBUTE: Final = rb'\s[a-z-]++="[^"]*+"'
#: By the byte behind a ``<``: whether it begins the name of a start tag, or is the slash of an end tag.
_IS_LETTER_OR_SLASH: Final = np.isin(np.arange(256), list(b"/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
#: By the two bytes behind a ``<``: whether formatting with attributes may begin there, such as "b " or "fo".
_LIKE_FORMATTING: Final = np.zeros((256, 256), bool)
for _name in [*"bi co em fo sm st tt".split(), *map("".join, product("bisu", " \t\n\r\f\v/"))]:
    for _one, _two in product(*({char.lower(), char.upper()} for char in _name)):
        _LIKE_FORMATTING[ord(_one), ord(_two)] = True
_TAG_START: Final = re.compile(rb"<[a-zA-Z]")
#: A tag up to its end, or up to the attribute that is one too many, which is the group.
_UP_TO_MANY_ATTRIBUTES: Final = re.compile(
    rb"<[a-zA-Z][^\s/>]*+(?:%s){0,%d}+(%s)?+" % (_ATTRIBUTE, MAX_ATTRIBUTES - 1, _ATTRIBUTE)
)
_SCRIPT_END: Final = re.compile(rb"</[sS][cC][rR][iI][pP][tT](?=[\s/>])")
#: A script in which another one begins in a comment: the end tag of the other one does not end it.
_ESCAPED_SCRIPT: Final = re.compile(rb"<!--(?:[^<-]++|-(?!->)|<(?!script[\s/>]))*+<script", re.IGNORECASE)
_TOKEN: Final = re.compile(
    rb"<(?:(/?)([a-zA-Z][^\s/>]*+)((?:" + _USUAL_ATTRIBUTE + rb")*+(?:" + _ATTRIBUTE + rb")*+)([\s/]*+)"
    rb"|!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)"
    rb"|[!?/][^>]*+)"
)


class Tags:
    """Where the tags of a source begin: as arrays, which show all tags at once in a tenth of the time of a pattern."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.source = np.frombuffer(data, np.uint8)
        self.starts: Ints = np.flatnonzero(self.source == ord("<"))

    def __len__(self) -> int:
        """The number of ``<`` in the source."""
        return len(self.starts)

    def behind(self, offset: int) -> NDArray[np.uint8]:
        """The byte that stands so far behind each ``<``; the last byte of the source where there is none."""
        return self.source.take(self.starts + offset, mode="clip")

    def named(self, name: bytes) -> Ints:
        """Where tags begin whose names begin with this one, in lower case, in any case of letters."""
        found = self.starts
        for offset, letter in enumerate(name, 1):
            if not len(found):
                break
            found = found[self.source.take(found + offset, mode="clip") | 0x20 == letter]  # to lower case
        return found

    def have_many_starts(self) -> bool:
        """Whether ``MANY_STARTS`` start tags follow each other without an end tag."""
        first = self.behind(1)
        first = first[_IS_LETTER_OR_SLASH[first]]
        ends = np.flatnonzero(first == ord("/"))
        return bool((np.diff(ends, prepend=-1, append=len(first)) > MANY_STARTS).any())

    def like_formatting(self) -> int:
        """How many tags begin as formatting with attributes does, in any case of letters."""
        return int(np.count_nonzero(_LIKE_FORMATTING[self.behind(1), self.behind(2)]))


def is_hostile(tags: Tags) -> bool:
    """Whether lexbor would need far more time or memory for a source than for others of its size."""
    data, n_tags = tags.data, len(tags)
    if len(data) < SMALL_SOURCE:
        return False
    suspicious = (
        n_tags * n_tags > TAGS_SQUARED_A_BYTE * min(len(data), COUNTED_BYTES)
        or _has_long_tag(data)
        or (n_tags > MANY_STARTS_FROM and tags.have_many_starts())
        or (n_tags > SOME_TAGS and n_tags * tags.like_formatting() > MUCH_FORMATTING and _has_much_formatting(tags))
    )
    return suspicious and _exceeds_limits(data)


def _has_much_formatting(tags: Tags) -> bool:
    """Whether very many formatting elements may be opened again: three of each spelling."""
    found = _FORMATTING_TAG.findall(tags.data)
    if len(tags) * len(found) <= MUCH_FORMATTING:
        return False
    cut = sum(bool(tag.count(b'"') % 2 or tag.count(b"'") % 2) for tag in found)  # a value has a ">" in it
    return len(tags) * (_MAX_ALIKE * len(set(found)) + cut) > MUCH_FORMATTING


def _has_long_tag(data: bytes) -> bool:
    """Whether a tag of some ``LONG_TAG`` bytes may have very many attributes.

    Looks at the last ``>`` of each window, so few of the bytes are read. In a long tag, each stands in a value. Or
    there is none, and the tag begins in that window or before.
    """
    at = since = 0  # a long tag begins at the second place or later
    double = single = -1  # the last quote of each kind
    was_in_value = False
    while at + LONG_TAG < len(data):
        last = data.rfind(b">", at, at + LONG_TAG)
        is_run = last < 0
        if is_run:
            last = data.find(b">", at + LONG_TAG)
            if last < 0:
                last = len(data)
        double = max(data.rfind(b'"', at, last), double)
        single = max(data.rfind(b"'", at, last), single)
        in_value = _begins_value(data, double) or _begins_value(data, single)
        if is_run or (in_value and was_in_value):
            # Where it is in no value, this ">" ends the tag.
            if _has_many_attributes(data, since, last) and (in_value or _have_many_separators(data[since:last])):
                return True
            since = last
        if not in_value:
            since = last + 1
        at, was_in_value = last + 1, in_value
    return False


def _has_many_attributes(data: bytes, start: int, end: int) -> bool:
    """Whether one of the tags that begin in a part of the source may have very many attributes."""
    n_read = 0
    for tag in _TAG_START.finditer(data, start, end):
        read = _UP_TO_MANY_ATTRIBUTES.match(data, tag.start())
        assert read
        n_read += len(read[0])
        if read[1] or n_read > TIMES_READ * (end - start):
            return True
    return False


def _have_many_separators(attributes: bytes) -> bool:
    """Whether bytes may be very many attributes: before each stands white space, a slash or the quote of a value."""
    return len(attributes.split()) + sum(map(attributes.count, (b"/", b'"', b"'"))) >= MAX_ATTRIBUTES


def _begins_value(data: bytes, quote: int) -> bool:
    """Whether the value of an attribute may begin with the quote at this place."""
    while quote > 0 and data[quote - 1] in b" \t\n\r\f":
        quote -= 1
    return quote > 0 and data[quote - 1] == ord("=")


def _exceeds_limits(data: bytes) -> bool:
    """Whether the open elements, the attributes of one, or the formatting that is opened again exceed the limits."""
    if data.count(b"<![CDATA[") > _MAX_CDATA:
        return True
    count = _Count()
    tokens = _TOKEN.finditer(data)
    while token := next(tokens, None):
        end, name, attributes, empty = token.groups()
        if (attributes or not name) and token[0].rfind(b"</") > 0 and count.may_end_in(token[0]):
            return True
        if not name:
            continue
        name = name if name.islower() else name.lower()
        if end:
            count.end(name)
        elif count.start(name, attributes, empty.endswith(b"/")):
            return True
        elif count.raw == b"script" and not count.in_foreign():  # quotes in it are not those of values
            script_end = _SCRIPT_END.search(data, token.end())
            if script_end is None:
                return False
            if _ESCAPED_SCRIPT.search(data, token.end(), script_end.start()):  # it may not end there
                return True
            tokens = _TOKEN.finditer(data, script_end.start())
    return False


class _Count:
    """Follows the tags of a source. It holds all elements that are open in the parser, and perhaps more.

    An end tag closes an element only where the standard says so for certain. Otherwise a source could hide its depth.
    """

    def __init__(self) -> None:
        self.open: list[bytes] = []
        self.formatting: list[bytes] = []  # of each open element: the spelling of its start tag if it is formatting
        self.n_formatting = 0  # of the open elements: how many are formatting
        self.raw = b""  # the element in which tags are text
        self.foreign = False  # an svg or math is open, and nothing has ended it
        self.unclosed: dict[bytes, int] = {}  # formatting that ended with the element around it, by its spelling
        self.n_unclosed = self.n_reopened = self.of_root = 0

    def start(self, name: bytes, attributes: bytes, empty: bool) -> bool:  # noqa: FBT001, PLR0911
        """A start tag; ``empty`` if it ends with a slash. Returns whether a limit is exceeded."""
        if self.raw and not self.in_foreign():
            return False
        n_attributes = len(_ATTRIBUTES.findall(attributes)) if len(attributes) > MAX_ATTRIBUTES else 0
        if name in (b"html", b"body"):  # the attributes of all of them are put together
            self.of_root += len(_ATTRIBUTES.findall(attributes))
            return self.of_root > MAX_ATTRIBUTES
        # What is open here may have been ended in the parser, by a tag that is not followed that far.
        self.n_reopened += self.n_unclosed
        if self.n_formatting > MANY_FORMATTING:
            self.n_reopened += self.n_formatting - MANY_FORMATTING
        if n_attributes > MAX_ATTRIBUTES or self.n_reopened > MAX_REOPENED:
            return True
        if name in _VOID or (empty and self.foreign and name not in _SPECIAL):
            return False
        if name in _FOREIGN:
            self.foreign = True
        elif name in _SPECIAL or name in _FORMATTING or name == b"span":
            self.foreign = False
        if name in _RAW and not self.raw:
            self.raw = name
            if not self.in_foreign():
                return False
        if name == b"tr" and self.open and self.open[-1] in _CELLS:  # it ends the cell, and then its row
            del self.open[-1], self.formatting[-1]
        if self.open and self.open[-1] == name and name in _ENDED_BY_SIBLING:
            return False
        self.open.append(name)
        spelling = b"" if name not in _FORMATTING else name if name in (b"a", b"nobr") else name + attributes
        self.formatting.append(spelling)
        self.n_formatting += bool(spelling)
        return len(self.open) + self.n_unclosed > MAX_OPEN

    def end(self, name: bytes) -> None:
        """An end tag."""
        if self.raw:
            if name != self.raw:
                return
            self.raw = b""
            if not self.in_foreign():
                return
        if self.open and self.open[-1] == name:  # most end tags
            del self.open[-1]
            self.n_formatting -= bool(self.formatting.pop())
            return
        at = self._closed_by(name)
        if at < 0:
            return
        if name == b"form":  # what is open inside of it stays open
            del self.open[at], self.formatting[at]
            return
        self.n_formatting -= sum(map(bool, self.formatting[at:]))
        for spelling in self.formatting[at + 1 :]:
            if spelling and self.unclosed.get(spelling, 0) < _MAX_ALIKE:
                self.unclosed[spelling] = self.unclosed.get(spelling, 0) + 1
                self.n_unclosed += 1
        del self.open[at:], self.formatting[at:]

    def in_foreign(self) -> bool:
        """Whether an ``svg`` or ``math`` may be open."""
        return b"svg" in self.open or b"math" in self.open

    def may_end_in(self, token: bytes) -> bool:
        """Whether a text with this tag or comment in it may end there, so that what follows is no part of the token."""
        name = self.raw or (b"noscript" if b"noscript" in self.open else b"")
        return bool(name) and token.lower().rfind(b"</" + name) > 0

    def _closed_by(self, name: bytes) -> int:
        """The index of the open element that an end tag closes, with those inside of it; -1 for none."""
        barriers = _TABLE_BARRIERS if name in _TABLE else _BARRIERS if name in _BLOCKS else _SPECIAL
        if name == b"li":
            barriers |= _LISTS
        elif name == b"form":
            barriers = _BARRIERS
        elif name == b"noscript":  # all of it is one text
            barriers = frozenset()
        for at in range(len(self.open) - 1, max(len(self.open) - 1 - _FAR, -1), -1):
            if self.open[at] == name:
                return at
            if self.open[at] in barriers:
                return -1
        return -1
