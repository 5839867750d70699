"""What tells residue from content among the lines that recur: a column each, for the lines of one document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaner.memory.index import Recurrence
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Flags, Floats
from cleaner.text.words import ENDED, FULL_STOP

#: Other documents that a line stands in, at least, to be evidence: one alone may be a copy of the article, or quote it.
#: One more is asked for from each of these numbers of known documents on: among many, some tell the same by chance.
MIN_COUNT: Final = 2
MANY: Final = (4, 30, 300)
#: Words of a heading, a name or a label at most, and of a question; and how many of them may follow each other.
SHORT_WORDS: Final = 8
QUESTION_WORDS: Final = 20
MAX_HEADS: Final = 3
#: Lines on each side that are looked at, at most.
BESIDE: Final = 2
#: Days that the documents with a line span at most where they tell one story, and the days that all known documents
#: span at least, so that this tells anything.
STORY_DAYS: Final = 4
MIN_SPAN: Final = 30

#: The columns, in the order of the coefficients, with the sign that a coefficient may have. What is likelier to be
#: residue must not become less likely where more is known than the corpora have.
NAMES: Final = {
    "one": 0,  # 1 for every line
    "count": 1,  # ln(other documents with the line)
    "share": 1,  # log-odds of the share of the known documents that have it, half a document added
    "words": 1,  # ln(1 + words)
    "long_share": 1,  # that times the share
    "at_end": 1,  # 1 before the first and after the last prose of this document
    "at_ends_there": 1,  # share of the other documents in which it stands there
    "new_above": -1,  # share of the lines right above that no other document has; 0 at the top
    "new_below": -1,  # share of the lines right below that no other document has; 0 at the bottom
    "quote": -1,  # 1 for a line that begins with a quotation mark
}

_DIGIT: Final = re.compile(r"\d")
QUESTION_MARKS: Final = ("?", "？", "؟", "\u037e")  # the last one is Greek
_QUOTE: Final = re.compile(r"[\"“”„«»‘’'「『]")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the lines of a document.

    ``values``  (n_lines, n_columns) float64, 0 for lines that are no evidence
    ``asked``   (n_lines,) bool: the lines that may be evidence. The others stand in too few documents, introduce new
                text, or belong to a story that several documents tell.
    """

    values: Floats
    asked: Flags


def columns(page: Page, prose_map: ProseMap, blocks: Sequence[int], recurrences: Sequence[Recurrence]) -> Columns:
    """The columns of the lines of a document. ``blocks`` are the blocks of the page that the lines are, in order, and
    ``recurrences`` what is known of each.
    """
    new = np.array([recurrence.documents == 0 for recurrence in recurrences], np.float64)
    known = {at for at, recurrence in zip(blocks, recurrences, strict=True) if recurrence.documents}
    asked = np.array(
        [
            _has_enough(recurrence) and not _is_of_one_story(recurrence) and not _introduces(page, prose_map, at, known)
            for at, recurrence in zip(blocks, recurrences, strict=True)
        ],
        bool,
    )
    values = np.zeros((len(blocks), len(NAMES)))
    for line in np.flatnonzero(asked).tolist():
        at, recurrence = blocks[line], recurrences[line]
        above, below = new[max(line - BESIDE, 0) : line], new[line + 1 : line + 1 + BESIDE]
        words = np.log1p(prose_map.words[at])
        values[line] = (
            1.0,
            np.log(recurrence.documents),
            np.log((recurrence.documents + 0.5) / (recurrence.known - recurrence.documents + 0.5)),
            words,
            words * recurrence.documents / recurrence.known,
            prose_map.zones.zone(at) != "middle",
            recurrence.at_ends,
            above.mean() if len(above) else 0.0,
            below.mean() if len(below) else 0.0,
            _QUOTE.match(page.blocks[at].plain) is not None,
        )
    return Columns(values, asked)


def _has_enough(recurrence: Recurrence) -> bool:
    """Whether enough other documents have a line."""
    documents, known = recurrence.documents, recurrence.known
    return documents >= MIN_COUNT and documents >= MIN_COUNT + sum(known >= many for many in MANY)


def _is_of_one_story(recurrence: Recurrence) -> bool:
    """Whether all documents with a line are of a few days, though those of the site span weeks: a quotation that
    several articles on one event have.
    """
    return recurrence.all_days >= MIN_SPAN and 0 < recurrence.days <= STORY_DAYS


def _introduces(page: Page, prose_map: ProseMap, at: int, known: set[int]) -> bool:
    """Whether a line stands above new text as a heading, a name or a label does: "Ingredients", "Pros", the name of who
    answers, or a question that is asked every time. Between it and the new text may be other such lines.
    """
    for below in range(at, min(at + MAX_HEADS, len(page.blocks) - 1)):
        text, words = page.blocks[below].plain.rstrip(), prose_map.words[below]
        is_question = text.endswith(QUESTION_MARKS) and words <= QUESTION_WORDS
        if not is_question and (words > SHORT_WORDS or FULL_STOP.search(text)):
            return False
        if below + 1 not in known:
            return _may_be_content(page, prose_map, below + 1)
    return False


def _may_be_content(page: Page, prose_map: ProseMap, at: int) -> bool:
    """Whether a new line may be what a heading introduces. Behind the last prose, lines with the form of headlines are
    not: there a heading that recurs ("Most read") stands above headlines that do not.
    """
    block = page.blocks[at]
    if prose_map.zones.zone(at) != "tail" or block.tag not in ("p", "div"):
        return True
    return bool(_DIGIT.search(block.plain) or ENDED.search(block.plain))
