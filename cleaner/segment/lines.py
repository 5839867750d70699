"""The lines of a text, as segmenting reads them."""

import re
from typing import Final, NamedTuple

from cleaner.segment.page import MAX_BLOCKS, Part

_LINE: Final = re.compile(r"[^\n\r\f\v\u2028\u2029]*(?:\r\n|[\n\r\f\v\u2028\u2029]|\Z)")

#: A list item's bullet, number or letter. A capital with a period is no bullet: it is an initial.
BULLET: Final = re.compile(
    r"\s*(?:[•·‣▪▫◦●○■□➤➢►✓✔✅☞※]\s*|[-*+–—]\s+|\(?\d{1,3}[.)]\s+|\(?[a-z][.)]\s+(?=\S)|\(?[A-Z]\)\s+(?=\S))"
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
    for match in _LINE.finditer(source):
        if len(lines) >= MAX_BLOCKS:
            return lines, match.start()
        raw = match.group()
        text = raw.strip()
        indent = len(raw) - len(raw.lstrip())
        start = match.start() + indent
        lines.append(Line(text, start, start + len(text), indent > 0, raw.endswith("\f")))
    return lines, len(source)
