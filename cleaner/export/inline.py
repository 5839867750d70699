"""Inline markup of a block, links and emphasis, made safe and properly nested."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Final
from urllib.parse import unquote

from cleaner.document import Block, Mark
from cleaner.text.addresses import resolve
from cleaner.text.characters import strip_unsafe_chars
from cleaner.text.structure import is_code

SCHEMES: Final = frozenset({"http", "https", "mailto"})
#: Schemes that run code. :data:`SCHEMES` decides; these are looked for behind percent-encoding as well.
_CODE: Final = ("javascript:", "vbscript:", "data:")

#: Characters of the longest address that is kept: longer ones carry data.
MAX_ADDRESS: Final = 2_000

#: The tag of the blocks by which exporters represent pictures.
IMAGE: Final = "img"

_SCHEME: Final = re.compile(r"([^/?#\\:]*):")
_LINE_BREAKS: Final = re.compile(r"[\t\r\n]")
#: Characters that a browser encodes by itself, or that could end the address in HTML, Markdown or a table.
_ENCODED: Final = {ord(character): f"%{ord(character):02X}" for character in ' "<>()\\`|^{}\xa0'}


def safe_href(href: str) -> str:
    r"""The address where a link to it is safe (http, https, mailto, relative), or "".

    The scheme is read as the most lenient browser would, and beyond: entities are decoded twice, and controls, spaces
    and invisible characters are taken out first.

    >>> safe_href("/a b(c)")
    '/a%20b%28c%29'
    >>> safe_href("https://example.org/?q=1")
    'https://example.org/?q=1'
    >>> safe_href("java\tscript&colon;alert(1)")
    ''
    """
    address = strip_unsafe_chars(href).strip()
    if len(address) >= MAX_ADDRESS:  # the segmenter cuts longer ones off at this length
        return ""
    lenient = unicodedata.normalize("NFKC", html.unescape(html.unescape(address)))
    lenient = "".join(char for char in lenient if not char.isspace() and unicodedata.category(char)[0] != "C")
    scheme = _SCHEME.match(lenient)
    if scheme and scheme.group(1).lower() not in SCHEMES:
        return ""
    if unquote(lenient).lower().startswith(_CODE):
        return ""
    return _LINE_BREAKS.sub("", address).translate(_ENCODED)


def safe_src(src: str, base_url: str) -> str:
    """The address of a picture, absolute where there is a ``base_url``; "" where it is not http, https or relative.

    >>> safe_src("/pier.jpg", "https://courier.example/news/ferry"), safe_src("data:image/png;base64,AAAA", "")
    ('https://courier.example/pier.jpg', '')
    """
    address = safe_href(src)
    scheme = _SCHEME.match(address)
    if not address or (scheme and scheme.group(1).lower() == "mailto"):
        return ""
    return safe_href(_absolute(address, base_url))


def tidy(block: Block, base_url: str) -> Block:
    """The block without unsafe characters and outer white space, its marks moved accordingly, its links absolute.

    A block of code keeps its lines and indentation. ``base_url`` is the address that relative links are resolved
    against; where it is "", they stay relative.
    """
    text = block.text
    places = {min(max(place, 0), len(text)) for mark in block.marks for place in (mark.start, mark.end)}
    bounds = sorted(places | {0, len(text)})
    parts = [strip_unsafe_chars(text[start:end]) for start, end in pairwise(bounds)]
    moved = dict(zip(bounds, accumulate(map(len, parts), initial=0), strict=True))
    whole = "".join(parts)
    stripped = whole.strip("\n") if is_code(block) else whole.strip()
    lead = whole.find(stripped)

    def new_place(place: int) -> int:
        place = moved[min(max(place, 0), len(text))] - lead
        return min(max(place, 0), len(stripped))

    marks = tuple(
        Mark(new_place(mark.start), new_place(mark.end), mark.tag, _absolute(mark.href, base_url))
        for mark in block.marks
    )
    return replace(block, text=stripped if stripped.strip() else "", marks=marks)


def _absolute(href: str, base_url: str) -> str:
    if not base_url:
        return href
    address = safe_href(href)  # an unsafe address must not be resolved: it would become a safe one
    return resolve(address, base_url) if address else ""


@dataclass(frozen=True, slots=True)
class Span:
    """An inline element, from ``start`` to ``end`` in the block's text."""

    tag: str
    start: int
    end: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that has begun, with the parts of its content that have been written."""

    span: Span
    start: int = 0
    parts: list[str] = field(default_factory=list)


def render(block: Block, escape: Callable[[int, int, Sequence[Span]], str], wrap: Callable[[Span, str], str]) -> str:
    """The block's text with its marks written out.

    ``escape(start, end, spans)`` gives the text from one place to another, with the elements around it; ``wrap(span,
    inner)`` puts an element around its content. Elements nest whatever the marks do: one that would overlap another is
    ended and begun again. Links do not stand in links, and code holds no emphasis.
    """
    stack = [_Open(Span("", 0, len(block.text)))]
    for start, end, active in _runs(block):
        depth = 1
        while depth < len(stack) and stack[depth].span in active:
            depth += 1
        missing = [span for span in active if all(span is not other.span for other in stack[1:depth])]
        if missing and stack[depth - 1].span.tag == "code":
            depth -= 1  # code is innermost: an element that begins inside of it ends it
            missing.append(stack[depth].span)
        _close(stack, depth, start, wrap)
        missing.sort(key=lambda span: (span.tag == "code", -span.end))
        stack += [_Open(span, start) for span in missing]
        stack[-1].parts.append(escape(start, end, active))
    _close(stack, 1, len(block.text), wrap)
    return "".join(stack[0].parts)


def _close(stack: list[_Open], depth: int, end: int, wrap: Callable[[Span, str], str]) -> None:
    """End the open elements from ``depth`` on: each becomes a part of the one around it."""
    while len(stack) > depth:
        top = stack.pop()
        stack[-1].parts.append(wrap(replace(top.span, start=top.start, end=end), "".join(top.parts)))


def _runs(block: Block) -> Iterator[tuple[int, int, list[Span]]]:
    """The text divided wherever a span begins or ends: start, end, and the spans around it."""
    spans = _spans(block)
    bounds = sorted({0, len(block.text)}.union(*((span.start, span.end) for span in spans)))
    coming = iter(sorted(spans, key=lambda span: span.start))
    span = next(coming, None)
    active: list[Span] = []
    for start, end in pairwise(bounds):
        active = [other for other in active if other.end > start]
        while span is not None and span.start == start:
            active.append(span)
            span = next(coming, None)
        yield start, end, active


def _spans(block: Block) -> list[Span]:
    """The block's marks as spans: those of one tag do not touch, links are safe, and code has no emphasis in it."""
    ranges: dict[str, list[tuple[int, int]]] = {"b": [], "i": [], "sub": [], "sup": [], "code": []}
    spans: list[Span] = []
    for mark in sorted(block.marks, key=lambda mark: mark.start):
        if mark.start >= mark.end:
            continue
        if mark.tag in ranges:
            ranges[mark.tag].append((mark.start, mark.end))
        if mark.tag != "a" or (spans and mark.start < spans[-1].end):
            continue
        if href := safe_href(mark.href):
            spans.append(Span("a", mark.start, mark.end, href))
    code = _merged(ranges["code"])
    spans += [Span("code", start, end) for start, end in code]
    for tag in ("b", "i", "sub", "sup"):
        spans += [Span(tag, start, end) for start, end in _without(_merged(ranges[tag]), code)]
    return spans


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges, sorted by their start, with those that touch made one."""
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without(ranges: list[tuple[int, int]], holes: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of the ranges outside of the holes; both are in order."""
    at = 0
    for start, end in ranges:
        left = start
        while at < len(holes) and holes[at][0] < end:
            if left < holes[at][0]:
                yield left, holes[at][0]
            left = max(left, holes[at][1])
            if holes[at][1] > end:
                break  # the hole goes on into the next range
            at += 1
        if left < end:
            yield left, end
