"""Words as numbers: all words of many texts at once, and what is known of words as a table.

To cut a page into words, to make each a string and to look it up took longer than all other columns together. Here a
word is a hash of its characters: 64 bits of a multilinear hash (Thorup, High Speed Hashing for Integers and Strings,
2015), of which the upper 32 are kept. Of 190,000 words that the weights do not know one is taken for one of the 22,600
that they know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.text import charstats
from cleaner.text.arrays import Array, Flags, Ints

Hashes = NDArray[np.uint32]
Codes = NDArray[np.uint32]

NEWLINE: Final = ord("\n")
#: Characters of a word that have a factor of their own; what is longer is data.
LONGEST: Final = 64
#: Bits of the place that a hash has in a table. Of 24,500 words in 2 ** 17 places one in twelve has another's: those
#: of fewest sites are not learned.
PLACES: Final = 17

#: Odd numbers of 64 bits, in which no pattern is known: powers of the golden ratio's.
_FACTORS: Final = np.array([pow(0x9E3779B97F4A7C15, power, 1 << 64) for power in range(1, LONGEST + 3)], np.uint64)
_PAIR, _FIRST = _FACTORS[-2:]
_FACTORS_OF_WORDS: Final = _FACTORS[:LONGEST]
_NONE, _WORD, _UNSPACED = range(3)


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of characters in a text: a hash of each, where it starts, and how many characters it has."""

    hashes: Hashes
    starts: Ints
    sizes: Ints


def runs(codes: Codes, inside: Flags) -> Runs:
    """The runs of those characters of a text that are ``inside``."""
    at = np.flatnonzero(inside)
    begins = np.ones(len(at), bool)
    begins[1:] = np.diff(at) > 1
    first = np.flatnonzero(begins)
    starts = at[first]
    sizes = np.diff(np.append(first, len(at)))
    place = at - np.repeat(starts, sizes)
    values = codes[at] * _FACTORS_OF_WORDS.take(place, mode="clip")
    sums = np.add.reduceat(values, first) if len(first) else np.zeros(0, np.uint64)
    return Runs(_upper(sums), starts, sizes)


def words(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """The words of texts, each on one line, in lower case and in order; and for each the number of its text. In scripts
    that do not part words they are the pairs of characters.
    """
    codes = codes_of("".join([f"{text}\n" for text in texts]).lower())
    kinds = _kinds().take(codes, mode="clip")
    found = runs(codes, kinds > _NONE)
    hashes, starts = found.hashes, found.starts
    if (kinds == _UNSPACED).any():
        hashes, starts = _with_pairs(codes, kinds, found)
    return hashes, np.cumsum(codes == NEWLINE)[starts]


def codes_of(text: str) -> Codes:
    """The characters of a text as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def pair(one: Hashes, other: Hashes) -> Hashes:
    """The hash of two words that follow each other."""
    return _upper(one * _PAIR + other * _FIRST)


def first(one: Hashes) -> Hashes:
    """The hash of a word as the first of its text."""
    return _upper((one.astype(np.uint64) + np.uint64(1)) * _PAIR)


def single(word: str) -> Hashes:
    """The hash of one word, as an array of one."""
    return runs(codes := codes_of(word), np.ones(len(codes), bool)).hashes


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of words: a number for each hash. ``hashes`` are in order, and no two have the same place."""

    hashes: Hashes
    weights: Array
    _table: Hashes
    _values: Array

    @classmethod
    def make(cls, hashes: Hashes, weights: Array) -> Self:
        """The lexicon of some hashes. Raises ``ValueError`` where two have one place."""
        places = hashes >> np.uint32(32 - PLACES)
        if np.bincount(places).max(initial=0) > 1:
            raise ValueError("two words have one place")
        order = np.argsort(hashes)
        table, values = np.zeros(1 << PLACES, np.uint32), np.zeros(1 << PLACES, np.float32)
        table[places], values[places] = hashes, weights
        return cls(hashes[order], np.asarray(weights, np.float32)[order], table, values)

    @classmethod
    def of_words(cls, weights: Mapping[str, float]) -> Self:
        """The lexicon of some words or names."""
        hashes = np.concatenate([np.zeros(0, np.uint32), *map(single, weights)])
        return cls.make(hashes, np.array(list(weights.values()), np.float32))

    def weigh(self, hashes: Hashes) -> Array:
        """The number of each hash, 0 for those that are unknown."""
        place = hashes >> np.uint32(32 - PLACES)
        weights: Array = self._values.take(place) * (self._table.take(place) == hashes)
        return weights


def _upper(hashes: NDArray[np.uint64]) -> Hashes:
    return (hashes >> np.uint64(32)).astype(np.uint32)


def _with_pairs(codes: Codes, kinds: NDArray[np.uint8], found: Runs) -> tuple[Hashes, Ints]:
    """The words, and instead of each longer one that has characters of unspaced scripts its pairs of characters."""
    counts = np.add.reduceat(kinds == _UNSPACED, found.starts, dtype=np.int64)  # what follows a word is no character
    cut = (counts > 0) & (found.sizes > 2)
    sizes = found.sizes[cut] - 1
    at = np.repeat(found.starts[cut] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    pairs = _upper(codes[at] * _FACTORS[0] + codes[at + 1] * _FACTORS[1])
    starts = np.concatenate([found.starts[~cut], at])
    order = np.argsort(starts)
    return np.concatenate([found.hashes[~cut], pairs])[order], starts[order]


@cache
def _kinds() -> NDArray[np.uint8]:
    """Which characters words are made of, and which of those are of unspaced scripts."""
    kinds = charstats.kinds_of_characters()
    letters = np.isin(kinds, [charstats.UPPER, charstats.LOWER, charstats.DIGIT, charstats.OTHER])
    letters[ord("_")] = True
    letters[: ord(" ")] = False
    return np.where(kinds == charstats.UNSPACED, _UNSPACED, letters).astype(np.uint8)
