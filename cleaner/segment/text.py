"""Text becomes blocks: its paragraphs and lines, each with its span in the source."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from cleaner.segment.page import Page, RawBlock
from cleaner.text import words

#: Lines a text may have before what follows becomes one block: beyond it is a log, not an article.
MAX_BLOCKS: Final = 200_000
#: Widest column, in characters, at which people and programs wrap lines by hand.
MAX_WIDTH: Final = 120
MIN_WIDTH: Final = 40
#: Share of a wrapped text's inner lines that leave no room for the next line's first word.
FULL_SHARE: Final = 0.75

#: Characters that a text on one line has, at least and at most, and its sentences, for it to be an article that lost
#: its line breaks.
ONE_LINE: Final = (400, 200_000)
LEAST_SENTENCES: Final = 5

#: The flag of an article on one line, whose blocks are its sentences.
ONE_LINE_FLAG: Final = "one_line"

_BREAK: Final = re.compile(r"[\n\r\f\v\u2028\u2029]")
_LINE: Final = re.compile(r"[^\n\r\f\v\u2028\u2029]*(?:\r\n|[\n\r\f\v\u2028\u2029]|\Z)")
# A capital with a period is somebody's initial.
BULLET: Final = re.compile(
    r"\s*(?:[•·‣▪▫◦●○■□➤➢►✓✔✅☞※]\s*|[-*+–—]\s+|\(?\d{1,3}[.)]\s+|\(?[a-z][.)]\s+(?=\S)|\(?[A-Z]\)\s+(?=\S))"
)
_HEADING: Final = re.compile(r"(#{1,6})\s+\S")
_QUOTE: Final = re.compile(r">\s?")
_FENCE: Final = re.compile(r"\s{0,3}(```|~~~)")
_ROW: Final = re.compile(r"\|.*\|\s*$")
_IMAGE: Final = re.compile(r"!\[([^\]\[]{0,500})\]\([^()\s]{1,2000}(?:\s\"[^\"]{0,300}\")?\)")
_LINK: Final = re.compile(r"\[([^\]\[]{1,500})\]\(<?[^()\s<>]{1,2000}>?(?:\s\"[^\"]{0,300}\")?\)")
_EMPHASIS: Final = re.compile(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.{1,300}?)(?<=\S)\1(?!\w)")


class _Line:
    """A line of the source: where it begins and ends, white space around it left out."""

    __slots__ = ("end", "start", "text")

    def __init__(self, start: int, raw: str) -> None:
        self.text = raw.strip()
        self.start = start + len(raw) - len(raw.lstrip())
        self.end = self.start + len(self.text)


def segment(source: str) -> Page:
    """The blocks of a text, each a slice of it.

    Blank lines separate blocks. Where lines are not wrapped by hand, a line break does too; where they are
    (at one width, each line too full for the next one's first word), it does not.
    """
    if sentences := _sentences(source):
        return sentences
    lines, rest = _lines(source)
    width = _wrap_width(lines)
    page = Page("text")
    end = 0
    for group in _groups(lines, width):
        start, stop = group[0].start, group[-1].end
        page.blocks.append(_block(source[start:stop], (start, stop), source[end:start]))
        end = stop
    if source[rest:].strip():
        stop = len(source.rstrip())
        start = rest + len(source[rest:]) - len(source[rest:].lstrip())
        page.blocks.append(_block(source[start:stop], (start, stop), source[end:start]))
        page.flags = ("truncated",)
    return page


def _sentences(source: str) -> Page | None:
    """The sentences of an article without any line break; None for another text."""
    start = len(source) - len(source.lstrip())
    stop = len(source.rstrip())
    if not ONE_LINE[0] <= stop - start <= ONE_LINE[1] or _BREAK.search(source, start, stop):
        return None
    gaps = [words.sentence_gap(border) for border in words.SENTENCE_BREAK.finditer(source, start, stop)]
    if len(gaps) + 1 < LEAST_SENTENCES:
        return None
    page = Page("text", flags=(ONE_LINE_FLAG,))
    for before, after in pairwise([(0, start), *gaps, (stop, stop)]):
        span = before[1], after[0]
        page.blocks.append(_block(source[slice(*span)], span, source[before[0] : before[1]]))
    return page


def _lines(source: str) -> tuple[list[_Line], int]:
    """The first ``MAX_BLOCKS`` lines, and where the rest of the source begins."""
    lines: list[_Line] = []
    for match in _LINE.finditer(source):
        if len(lines) >= MAX_BLOCKS:
            return lines, match.start()
        lines.append(_Line(match.start(), match.group()))
    return lines, len(source)


def _wrap_width(lines: list[_Line]) -> int:
    """The column at which the text is wrapped, in characters; 0 where it is not."""
    width = max((len(line.text) for line in lines), default=0)
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return 0
    inner = [
        (one, other)
        for one, other in pairwise(lines)
        if len(one.text) > width / 2 and other.text and not BULLET.match(other.text)
    ]
    full = [(one, other) for one, other in inner if _is_full(one, other, width)]
    if len(full) < 3 or len(full) < FULL_SHARE * len(inner):
        return 0
    # Verse fills its lines too, but it closes them, and begins the next one with a capital.
    closed = sum(one.text[-1] in ".,;:!?" for one, _ in full)
    capital = sum(other.text[0].isupper() for _, other in full)
    return width if closed < 0.4 * len(full) and capital < 0.7 * len(full) else 0


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    first = following.text[:1] if words.UNSPACED.match(following.text) else following.text.split(None, 1)[0]
    # A ragged margin, and the few columns by which wrapping programs differ.
    return len(line.text) + 1 + len(first) > width - 4


def _groups(lines: list[_Line], width: int) -> Iterator[list[_Line]]:
    """The lines that make up each block."""
    group: list[_Line] = []
    fence = ""
    for line in lines:
        mark = _FENCE.match(line.text)
        if fence:
            group.append(line)
            if mark and mark.group(1) == fence:
                yield group
                group, fence = [], ""
            continue
        if mark:
            if group:
                yield group
            group, fence = [line], mark.group(1)
            continue
        joins = bool(group and width and line.text and _is_full(group[-1], line, width))
        if group and not (joins and not BULLET.match(line.text) and not _HEADING.match(line.text)):
            yield group
            group = []
        if line.text:
            group.append(line)
    if fence:  # never closed: then it opened nothing
        yield from ([line] for line in group if line.text)
    elif group:
        yield group


def _block(text: str, span: tuple[int, int], gap: str) -> RawBlock:
    tag, context, skip = _kind(text)
    one_line = " ".join(text[skip:].split())
    plain, linked, links, media = _unmarked(one_line)
    return RawBlock(text, plain, tag, 0, span, gap, context, linked=linked, links=links, media=media)


def _kind(text: str) -> tuple[str, tuple[str, ...], int]:
    """The element that a text block would be in HTML, its context, and how long its mark is."""
    if heading := _HEADING.match(text):
        return f"h{len(heading.group(1))}", (), heading.end() - 1
    if _FENCE.match(text):
        return "pre", ("pre",), 0
    if _ROW.match(text):
        return "td", ("table", "tr"), 0
    if bullet := BULLET.match(text):
        # A number is part of what the item says ("3. Share it" is no share button), a dot is not.
        return "li", ("ul", "li"), 0 if any(c.isalnum() for c in bullet.group()) else bullet.end()
    if text.startswith(">") and (quote := _QUOTE.match(text)):
        return "blockquote", ("blockquote",), quote.end()
    return "p", (), 0


def _unmarked(text: str) -> tuple[str, int, int, int]:
    """The text without Markdown's marks; how many characters are linked, how many links and pictures it has."""
    linked = links = media = 0
    if "](" in text:
        media = len(_IMAGE.findall(text))
        text = _IMAGE.sub(r"\1", text)
        shown = _LINK.findall(text)
        links, linked = len(shown), sum(map(len, shown))
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\2", text)
    return text, linked, links, media
