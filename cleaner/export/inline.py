"""What stands inside a block: links and emphasis, made safe and nested."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Final
from urllib.parse import unquote

from cleaner.document import Block, Mark
from cleaner.text.characters import strip_unsafe_chars

SCHEMES: Final = frozenset({"http", "https", "mailto"})
#: Schemes that run code. An allow-list decides; these are looked for in percent-encoding as well.
_CODE: Final = ("javascript:", "vbscript:", "data:")

#: Longest address in characters that is kept: longer ones carry data, not places.
MAX_ADDRESS: Final = 2_000

_SCHEME: Final = re.compile(r"([^/?#\\:]*):")
#: What a browser encodes by itself, or could end the address in HTML, Markdown or a table.
_QUOTED: Final = {ord(sign): f"%{ord(sign):02X}" for sign in ' "<>()\\`|^{}\xa0'}


def safe_href(href: str) -> str:
    r"""The address where a link to it is safe (http, https, mailto, relative), or "".

    The scheme is read as the most lenient browser would, and beyond: entities are decoded twice,
    and controls, spaces and invisible characters are taken out first.

    >>> safe_href("/a b(c)")
    '/a%20b%28c%29'
    >>> safe_href("https://example.org/?q=1")
    'https://example.org/?q=1'
    >>> safe_href("java\tscript&colon;alert(1)")
    ''
    """
    address = strip_unsafe_chars(href).strip()
    if len(address) >= MAX_ADDRESS:  # as the segmenter cuts longer ones there
        return ""
    seen = unicodedata.normalize("NFKC", html.unescape(html.unescape(address)))
    seen = "".join(sign for sign in seen if not sign.isspace() and unicodedata.category(sign)[0] != "C")
    scheme = _SCHEME.match(seen)
    if scheme and scheme.group(1).lower() not in SCHEMES:
        return ""
    if unquote(seen).lower().startswith(_CODE):
        return ""
    return re.sub(r"[\t\r\n]", "", address).translate(_QUOTED)


def tidy(block: Block) -> Block:
    """The block with strip_unsafe_chars text, no white space around it, and the marks moved along.

    A block of code keeps its lines and indentation.
    """
    text = block.text
    places = {min(max(place, 0), len(text)) for mark in block.marks for place in (mark.start, mark.end)}
    cuts = sorted(places | {0, len(text)})
    parts = [strip_unsafe_chars(text[a:b]) for a, b in pairwise(cuts)]
    moved = dict(zip(cuts, accumulate(map(len, parts), initial=0), strict=True))
    whole = "".join(parts)
    kept = whole.strip("\n") if is_code(block) else whole.strip()
    lead = whole.find(kept)

    def at(place: int) -> int:
        place = moved[min(max(place, 0), len(text))] - lead
        return min(max(place, 0), len(kept))

    marks = tuple(Mark(at(mark.start), at(mark.end), mark.tag, mark.href) for mark in block.marks)
    return replace(block, text=kept if kept.strip() else "", marks=marks)


def is_code(block: Block) -> bool:
    """Whether the block's line breaks and indentation matter."""
    return block.tag == "pre" or "pre" in block.context


@dataclass(frozen=True, slots=True)
class Span:
    """An element inside a block, from ``start`` to ``end`` in the block's text."""

    tag: str
    start: int
    end: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Open:
    span: Span
    start: int = 0
    parts: list[str] = field(default_factory=list)


def render(block: Block, escape: Callable[[int, int, Sequence[Span]], str], wrap: Callable[[Span, str], str]) -> str:
    """The block's text with its marks written out.

    ``escape`` gives the text from one place to another, with the elements around it; ``wrap`` puts an
    element around what it holds. Elements nest whatever the marks do: one that would overlap is ended and
    begun again. Links stand in no links, and code holds no emphasis.
    """
    stack = [_Open(Span("", 0, len(block.text)))]
    for start, end, active in _runs(block):
        depth = 1
        while depth < len(stack) and stack[depth].span in active:
            depth += 1
        missing = [span for span in active if all(span is not other.span for other in stack[1:depth])]
        if missing and stack[depth - 1].span.tag == "code":
            depth -= 1  # code stands innermost: what begins inside it ends it
            missing.append(stack[depth].span)
        _close(stack, depth, start, wrap)
        missing.sort(key=lambda span: (span.tag == "code", -span.end))
        stack += [_Open(span, start) for span in missing]
        stack[-1].parts.append(escape(start, end, active))
    _close(stack, 1, len(block.text), wrap)
    return "".join(stack[0].parts)


def _close(stack: list[_Open], depth: int, end: int, wrap: Callable[[Span, str], str]) -> None:
    while len(stack) > depth:
        top = stack.pop()
        stack[-1].parts.append(wrap(replace(top.span, start=top.start, end=end), "".join(top.parts)))


def _runs(block: Block) -> Iterator[tuple[int, int, list[Span]]]:
    """The text cut wherever a span begins or ends, and the spans around each part."""
    spans = _spans(block)
    cuts = sorted({0, len(block.text)}.union(*((span.start, span.end) for span in spans)))
    coming = iter(sorted(spans, key=lambda span: span.start))
    span = next(coming, None)
    active: list[Span] = []
    for start, end in pairwise(cuts):
        active = [other for other in active if other.end > start]
        while span is not None and span.start == start:
            active.append(span)
            span = next(coming, None)
        yield start, end, active


def _spans(block: Block) -> list[Span]:
    """The block's marks: of one tag none touch, links are safe, and code has no emphasis in it."""
    pairs: dict[str, list[tuple[int, int]]] = {"b": [], "i": [], "code": []}
    spans: list[Span] = []
    for mark in sorted(block.marks, key=lambda mark: mark.start):
        if mark.start >= mark.end:
            continue
        if mark.tag in pairs:
            pairs[mark.tag].append((mark.start, mark.end))
        if mark.tag != "a" or (spans and mark.start < spans[-1].end):
            continue
        if href := safe_href(mark.href):
            spans.append(Span("a", mark.start, mark.end, href))
    code = _merged(pairs["code"])
    spans += [Span("code", start, end) for start, end in code]
    for tag in ("b", "i"):
        spans += [Span(tag, start, end) for start, end in _without(_merged(pairs[tag]), code)]
    return spans


def _merged(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in pairs:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without(pairs: list[tuple[int, int]], holes: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What is left of the pairs outside of the holes; both in order."""
    at = 0
    for start, end in pairs:
        left = start
        while at < len(holes) and holes[at][0] < end:
            if left < holes[at][0]:
                yield left, holes[at][0]
            left = max(left, holes[at][1])
            if holes[at][1] > end:
                break  # it goes on into the next pair
            at += 1
        if left < end:
            yield left, end
