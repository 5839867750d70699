"""Where the prose of a page stands: the spine that everything else is before, between or after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaner.segment.page import LEVELS, Page, RawBlock
from cleaner.text import charstats
from cleaner.text.arrays import Array, Flags
from cleaner.text.charstats import CharStats

#: Words that make a closed line prose: the body of every article has such lines, hardly any residue does.
PROSE_WORDS: Final = 15


@dataclass(frozen=True, slots=True)
class ProseMap:
    """Where the prose of a page stands: for each block its number of words, and whether it is prose.

    Prose is a closed block of at least ``PROSE_WORDS`` words, less than half of it linked. As arrays: ``linked``
    characters, the ``level`` of headings, and ``in_prose``, which is ``prose`` again.
    """

    words: tuple[int, ...]
    prose: tuple[bool, ...]
    first: int
    last: int
    stats: CharStats
    linked: Array
    level: Array
    in_prose: Flags

    def zone(self, at: int) -> str:
        """Head before the first prose block, tail after the last, middle between; a page without prose is all
        middle.
        """
        if self.last < 0:
            return "middle"
        return "head" if at < self.first else "tail" if at > self.last else "middle"


def find_prose(blocks: Sequence[RawBlock]) -> ProseMap:
    """Where the prose is."""
    seen = charstats.char_stats([block.plain for block in blocks])
    linked = np.array([block.linked for block in blocks], np.float32)
    level = np.array([LEVELS.get(block.tag, 0) for block in blocks], np.float32)
    prose = (seen.words >= PROSE_WORDS) & (linked * 2 < seen.chars) & seen.ended
    at = np.flatnonzero(prose).tolist()
    first, last = (at[0], at[-1]) if at else (-1, -1)
    return ProseMap(tuple(seen.words.tolist()), tuple(prose.tolist()), first, last, seen, linked, level, prose)


def prose_below(page: Page, prose_map: ProseMap) -> list[int]:
    """For each element how many prose blocks it holds, at any depth."""
    parent = page.elements.parent
    below = [0] * len(parent)
    for at in np.flatnonzero(prose_map.in_prose).tolist():
        below[page.blocks[at].node] += 1
    for number in range(len(parent) - 1, 0, -1):
        if held := below[number]:
            below[parent[number]] += held
    return below
