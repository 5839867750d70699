"""Several articles in one text, parted by lines of one sign or by "Document 2 of 9".

Each has a beginning and an end of its own, where bylines, biographies and pleas stand. Asterisks within a story are
shorter than such a line, and what a line underlines has no blank line before it.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from cleaner.segment.lines import Line
from cleaner.segment.page import Part
from cleaner.segment.prose import PROSE_WORDS
from cleaner.text.charstats import word_counts
from cleaner.text.words import is_closed

#: Paragraphs of each article, at least.
MIN_PARAGRAPHS: Final = 2
#: Characters of the shortest paragraph: fewer are not counted.
MIN_CHARACTERS: Final = 20

_BREAK: Final = re.compile(r"([=*#_~+-])\1{19,}$|document \d+ of \d+$", re.IGNORECASE)
#: The characters with which a break begins.
_FIRST: Final = frozenset("=*#_~+-dD")


def find(lines: Sequence[Line], texts: Sequence[int]) -> list[Line] | None:
    """The lines of a text with the breaks between its articles as parts; None for a text that has none."""
    likely = [at for at in texts if lines[at].text[0] in _FIRST]  # a pattern on each line would take longer
    breaks = [at for at in likely if _BREAK.match(lines[at].text) and _stands_alone(lines, at)]
    if not breaks:
        return None
    edges = [-1, *breaks, len(lines)]
    is_article = [_is_article(lines[above + 1 : below]) for above, below in pairwise(edges)]
    found = {at for place, at in enumerate(breaks) if is_article[place] and is_article[place + 1]}
    if not found:
        return None
    return [line._replace(part=Part.ARTICLE_BREAK) if at in found else line for at, line in enumerate(lines)]


def _stands_alone(lines: Sequence[Line], at: int) -> bool:
    """Whether a line has blank lines above and below, or is at an end of the text."""
    return not any(line.text for line in [*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]])


def _is_article(lines: Sequence[Line]) -> bool:
    """Whether lines have enough paragraphs to be an article."""
    long = [line.text for line in lines if len(line.text) >= MIN_CHARACTERS and is_closed(line.text)]
    return sum(count >= PROSE_WORDS for count in word_counts(long)) >= MIN_PARAGRAPHS
