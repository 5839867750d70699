"""The lines of a text, as segmenting reads them."""

import re
from typing import Final, NamedTuple

from cleaner.segment.page import MAX_BLOCKS, Part

_LINE: Final = re.compile(r"[^\n\r\f\v\u2028\u2029]*(?:\r\n|[\n\r\f\v\u2028\u2029]|\Z)")
#: Line breaks for ``str.splitlines``, but not for this module: information separators, and the next line control.
_NO_BREAKS: Final = "\x1c\x1d\x1e\x85"

_SIGNS: Final = "•·‣▪▫◦●○■□➤➢►✓✔✅☞※"
_DASHES: Final = "-*+–—"
#: The signs with which a list item begins that has no number.
BULLETS: Final = _SIGNS + _DASHES
#: A list item's bullet, number or letter. A capital with a period is no bullet: it is an initial.
BULLET: Final = re.compile(
    rf"\s*(?:[{_SIGNS}]\s*|[{_DASHES}]\s+|\(?\d{{1,3}}[.)]\s+|\(?[a-z][.)]\s+(?=\S)|\(?[A-Z]\)\s+(?=\S))"
)


class Line(NamedTuple):
    """A line of the source without white space around it.

    ``start`` and ``end`` are offsets in the source. ``indented`` lines have white space before their text. A form feed
    stands behind a line that ``ends_page``. ``part`` says what the line is in a text of a known shape.
    """

    text: str
    start: int
    end: int
    indented: bool = False
    ends_page: bool = False
    part: Part | None = None


def read_lines(source: str) -> tuple[list[Line], int]:
    """The first ``MAX_BLOCKS`` lines, and the offset of the rest of the source: longer texts are logs, not articles."""
    lines: list[Line] = []
    offset = 0
    for raw in _raw_lines(source):
        if len(lines) >= MAX_BLOCKS:
            return lines, offset
        text = raw.strip()
        start = offset if raw.startswith(text) else offset + raw.index(text)
        lines.append(Line(text, start, start + len(text), start > offset, raw.endswith("\f")))
        offset += len(raw)
    return lines, offset


def _raw_lines(source: str) -> list[str]:
    """The lines with their breaks. ``splitlines`` is ten times as fast as a pattern."""
    if any(char in source for char in _NO_BREAKS):
        return [raw for raw in _LINE.findall(source) if raw]
    return source.splitlines(keepends=True)
