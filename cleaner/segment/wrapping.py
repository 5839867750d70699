"""Whether a text is wrapped by hand: its lines have one width, and break where the next word has no room."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from cleaner.segment.lines import BULLET, Line
from cleaner.text import words

#: Narrowest and widest column, in characters, at which people and programs wrap lines.
MIN_WIDTH: Final = 40
MAX_WIDTH: Final = 120
#: Share of the width that a line must have to be one that may have been wrapped.
MIN_LINE: Final = 0.5
#: Columns by which a full line may be short of the width: programs differ in where they break.
RAGGED: Final = 4
#: Full lines (without room for the next line's first word) of a wrapped text: their number, and their share of all
#: lines that may have been wrapped.
MIN_FULL_LINES: Final = 3
MIN_FULL_SHARE: Final = 0.75
#: Verse has full lines too, but ends them with punctuation and begins the next ones with capitals. Shares of a wrapped
#: text's full lines that do, at most.
MAX_PUNCTUATED: Final = 0.4
MAX_CAPITALS: Final = 0.7


def wrap_width(lines: Sequence[Line]) -> int:
    """The width at which the text is hard-wrapped, in characters; 0 for a text that is not.

    The parts of a text of a known shape do not count: they are no paragraphs.
    """
    width = max((len(line.text) for line in lines if not line.part), default=0)
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return 0
    followed = [
        (line, following)
        for line, following in pairwise(lines)
        if len(line.text) > MIN_LINE * width
        and following.text
        and not (line.part or following.part or BULLET.match(following.text))
    ]
    full = [(line, following) for line, following in followed if is_full(line, following, width)]
    if len(full) < MIN_FULL_LINES or len(full) < MIN_FULL_SHARE * len(followed):
        return 0
    punctuated = sum(line.text[-1] in ".,;:!?" for line, _ in full)
    capitals = sum(following.text[0].isupper() for _, following in full)
    return width if punctuated < MAX_PUNCTUATED * len(full) and capitals < MAX_CAPITALS * len(full) else 0


def is_full(line: Line, following: Line, width: int) -> bool:
    """Whether a line has no room for the first word of the following one."""
    first = following.text[:1] if words.UNSPACED.match(following.text) else following.text.split(None, 1)[0]
    return len(line.text) + 1 + len(first) > width - RAGGED
