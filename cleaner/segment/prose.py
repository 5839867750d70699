"""Where the prose of a page lies: which blocks are prose, and what stands before, between and after them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from cleaner.segment.page import RawBlock
from cleaner.text.arrays import Array, Flags
from cleaner.text.charstats import CharStats, char_stats
from cleaner.text.structure import LEVELS

#: Words that make a closed block prose: the body of every article has such blocks, hardly any residue does.
PROSE_WORDS: Final = 15

Zone = Literal["head", "middle", "tail"]


@dataclass(frozen=True, slots=True)
class Zones:
    """The parts of a source: head before the ``first`` block of the article's prose, tail after the ``last``.

    Both are -1 where there is no prose: then all of the source is middle.
    """

    first: int
    last: int

    def zone(self, at: int) -> Zone:
        """The zone of block ``at``."""
        if self.last < 0:
            return "middle"
        return "head" if at < self.first else "tail" if at > self.last else "middle"


@dataclass(frozen=True, slots=True)
class ZonesOfArticles(Zones):
    """The parts of a text that has several articles: each article has its own head, middle and tail.

    ``starts`` are the first blocks of the articles, ``articles`` their zones; ``first`` and ``last`` are those of all.
    """

    starts: tuple[int, ...] = (0,)
    articles: tuple[Zones, ...] = ()

    def zone(self, at: int) -> Zone:
        """The zone of block ``at`` in its article."""
        return self.articles[bisect_right(self.starts, at) - 1].zone(at)


@dataclass(frozen=True, slots=True)
class ProseMap:
    """The counts by which blocks are told apart, and which of them are prose.

    A block is prose when it is closed (it ends as a sentence does), has ``PROSE_WORDS`` words or more, and less than
    half of it is linked.

    ``stats``     counts of characters, see :class:`~cleaner.text.charstats.CharStats`
    ``linked``    (n_blocks,) float32, characters inside links
    ``level``     (n_blocks,) float32, 1 to 6 for headings, 0 for other blocks
    ``in_prose``  (n_blocks,) bool
    ``words``     the words of each block, and
    ``prose``     whether it is prose: ``stats.words`` and ``in_prose`` as tuples, for loops over blocks
    ``zones``     where the prose begins and ends
    """

    stats: CharStats
    linked: Array
    level: Array
    in_prose: Flags
    words: tuple[int, ...]
    prose: tuple[bool, ...]
    zones: Zones


def find_prose(blocks: Sequence[RawBlock]) -> ProseMap:
    """The prose among blocks."""
    stats = char_stats([block.plain for block in blocks])
    linked = np.array([block.linked for block in blocks], np.float32)
    level = np.array([LEVELS.get(block.tag, 0) for block in blocks], np.float32)
    in_prose = (stats.words >= PROSE_WORDS) & (linked * 2 < stats.chars) & stats.ended
    at = np.flatnonzero(in_prose).tolist()
    zones = Zones(at[0], at[-1]) if at else Zones(-1, -1)
    return ProseMap(stats, linked, level, in_prose, tuple(stats.words.tolist()), tuple(in_prose.tolist()), zones)
