"""The counts of a page's blocks that most columns are shares, sums or means of, computed once."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Flags, Floats, Ints


def root_words(prose_map: ProseMap) -> Floats:
    """The weight of each block in means over blocks, the square root of its words, at least 1: (n_blocks,) float64."""
    weight: Floats = np.sqrt(np.maximum(prose_map.stats.words, 1))
    return weight


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts of each block, ``(n_blocks,) float32`` where nothing else is said.

    Fields:

    - ``words``, ``chars``: its words and characters; a block without text has one character.
    - ``linked``: characters inside links.
    - ``prose_words``: words of a block that is prose, 0 for others.
    - ``weight``: what it counts in weighted means (:func:`root_words`): float64.
    - ``is_prose``, ``is_heading``: ``(n_blocks,) bool``.
    - ``words_before``: ``(n_blocks + 1,) int64``, the words of all blocks before each one, and of all blocks.
    - ``all_words``, ``all_prose_words``: those of the page, at least 1.
    """

    words: Array
    chars: Array
    linked: Array
    prose_words: Array
    weight: Floats
    is_prose: Flags
    is_heading: Flags
    words_before: Ints
    all_words: float
    all_prose_words: float

    @classmethod
    def of(cls, prose_map: ProseMap) -> Self:
        """The measures of the blocks that a prose map is about."""
        stats = prose_map.stats
        words = stats.words.astype(np.float32)
        words_before = np.zeros(len(words) + 1, np.int64)
        np.cumsum(stats.words, out=words_before[1:])
        prose_words = words * prose_map.in_prose
        return cls(
            words,
            stats.chars,
            prose_map.linked,
            prose_words,
            root_words(prose_map),
            prose_map.in_prose,
            prose_map.level > 0,
            words_before,
            max(float(words_before[-1]), 1.0),
            max(float(prose_words.sum()), 1.0),
        )
