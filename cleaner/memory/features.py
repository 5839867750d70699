"""What tells residue from content among the lines that recur: a column each, for the lines of one document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaner.memory.index import Recurrence
from cleaner.memory.innocent import Innocent
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Flags, Floats

#: A line is evidence from this number of other documents on: a single one may be a copy of the article, or quote it.
#: One more is needed from each of the numbers of known documents in ``MANY`` on: among many, some agree by chance.
MIN_COUNT: Final = 2
MANY: Final = (4, 30, 300)
#: One document less is enough for a line of at least so many words that stands at an end here, and in at least this
#: share of the others.
CLEAR_WORDS: Final = 5
CLEAR_AT_ENDS: Final = 0.5
#: Other documents that have the beginning or the end of a line, at least, and their share.
MIN_PARTS: Final = 3
MIN_PART_SHARE: Final = 0.2
#: Blocks with lower log-odds of body without a memory go anyway.
GOING_LOG_ODDS: Final = -1.0
#: Lines on each side that are looked at, at most.
BESIDE: Final = 2
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
    # Of lines whose beginning or end recurs, and that do not recur as a whole often enough. The columns above that are
    # about the line as a whole are 0 for them.
    "part": 0,  # 1 for each of them
    "part_share": 1,  # log-odds of the share of the known documents that have the part, half a document added
    "part_words": -1,  # ln(1 + words)
    "part_numbers": 1,  # ln(1 + numbers in the line)
}

_QUOTE: Final = re.compile(r"[\"“”„«»‘’'「『]")
_NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the lines of a document.

    ``values``  (n_lines, n_columns) float64, 0 for lines that are no evidence
    ``asked``   (n_lines,) bool: the lines that may be evidence. The others stand in too few documents, introduce new
                text, or belong to a story that several documents tell.
    ``found``   what is known of each line, or of the part of it that is asked about
    """

    values: Floats
    asked: Flags
    found: Sequence[Recurrence]

    @property
    def of_part(self) -> Flags:
        """The lines of which a part is asked about: (n_lines,) bool."""
        return np.asarray(self.values[:, list(NAMES).index("part")] > 0, bool)


def columns(
    page: Page, prose_map: ProseMap, blocks: Sequence[int], recurrences: Sequence[Recurrence], log_odds: Array
) -> Columns:
    """The columns of the lines of a document. ``blocks`` are the blocks of the page that the lines are, in order, and
    ``recurrences`` what is known of each. ``log_odds`` are (n_blocks,), those of the page's blocks without a memory.
    """
    new = np.array([recurrence.documents == 0 for recurrence in recurrences], np.float64)
    whole = np.array([_has_enough(prose_map, *line) for line in zip(blocks, recurrences, strict=True)], bool)
    found = [
        line if enough or line.part is None or not _is_enough_of_parts(line.part) else line.part
        for line, enough in zip(recurrences, whole, strict=True)
    ]
    of_part = np.array([line is not other for line, other in zip(recurrences, found, strict=True)], bool)
    asked = whole | of_part
    recurring = {blocks[line] for line in np.flatnonzero(asked).tolist()}
    innocent = Innocent(page, prose_map, recurring, set(np.flatnonzero(log_odds < GOING_LOG_ODDS).tolist()))
    for line in np.flatnonzero(asked).tolist():
        asked[line] = not innocent.is_innocent(blocks[line], found[line], of_part=bool(of_part[line]))
    values = np.zeros((len(blocks), len(NAMES)))
    for line in np.flatnonzero(asked).tolist():
        at = blocks[line]
        of_line = _of_part(page, prose_map, at, found[line]) if of_part[line] else _of_line(prose_map, at, found[line])
        above, below = new[max(line - BESIDE, 0) : line], new[line + 1 : line + 1 + BESIDE]
        of_line["new_above"] = above.mean() if len(above) else 0.0
        of_line["new_below"] = below.mean() if len(below) else 0.0
        of_line["quote"] = _QUOTE.match(page.blocks[at].plain) is not None
        values[line] = [of_line.get(name, 0.0) for name in NAMES]
    return Columns(values, asked, found)


def _of_line(prose_map: ProseMap, at: int, recurrence: Recurrence) -> dict[str, float]:
    """The columns about a line as a whole."""
    words = np.log1p(prose_map.words[at])
    return {
        "one": 1.0,
        "count": np.log(recurrence.documents),
        "share": _share_odds(recurrence),
        "words": words,
        "long_share": words * recurrence.documents / recurrence.known,
        "at_end": prose_map.zones.zone(at) != "middle",
        "at_ends_there": recurrence.at_ends,
    }


def _of_part(page: Page, prose_map: ProseMap, at: int, recurrence: Recurrence) -> dict[str, float]:
    """The columns about a line whose beginning or end recurs."""
    return {
        "part": 1.0,
        "part_share": _share_odds(recurrence),
        "part_words": np.log1p(prose_map.words[at]),
        "part_numbers": np.log1p(len(_NUMBER.findall(page.blocks[at].plain))),
    }


def _share_odds(recurrence: Recurrence) -> float:
    return float(np.log((recurrence.documents + 0.5) / (recurrence.known - recurrence.documents + 0.5)))


def _has_enough(prose_map: ProseMap, at: int, recurrence: Recurrence) -> bool:
    """Whether enough other documents have a line."""
    documents, known = recurrence.documents, recurrence.known
    is_clear = (
        prose_map.words[at] >= CLEAR_WORDS
        and recurrence.at_ends >= CLEAR_AT_ENDS
        and prose_map.zones.zone(at) != "middle"
    )
    return documents >= MIN_COUNT and documents >= MIN_COUNT + sum(known >= many for many in MANY) - is_clear


def _is_enough_of_parts(part: Recurrence) -> bool:
    """Whether enough other documents have the beginning or the end of a line."""
    return part.documents >= MIN_PARTS and part.documents >= MIN_PART_SHARE * part.known
