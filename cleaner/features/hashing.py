"""Words as hashes: all words of many texts at once, and tables of learned weights that are looked up by hash.

To split a page into words, make each a string and look it up in a dict took longer than all other columns together.
Here a word is the upper 32 of the 64 bits of a multilinear hash of its characters (Thorup, High Speed Hashing for
Integers and Strings, 2015). The chance of a collision with a known word is small: of 190,000 words that the weights do
not know, one is taken for one of the 22,600 that they know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.text import charstats
from cleaner.text.arrays import Array, Ints, distinct, runs
from cleaner.text.codepoints import Codes, codes_of

Hashes = NDArray[np.uint32]

NEWLINE: Final = ord("\n")
#: Characters of a word that have a hash factor of their own; all later ones share the last. Longer words are data.
MAX_CHARACTERS: Final = 64
#: log2 of the number of slots in a lexicon's hash table. 24,500 words in 131,072 slots: 8 % collide; training drops the
#: word seen on fewer sites.
TABLE_BITS: Final = 17

#: Low bits of a hash, the index into the bitmap of a :class:`HashSet`.
_FILTER_MASK: Final = (1 << 12) - 1
#: Odd, so that it has an inverse modulo 2 ** 64; 2 ** 64 divided by the golden ratio, so without a visible pattern.
FACTOR: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(FACTOR, -1, 1 << 64)
#: The factor of all later characters, and two that combine words.
_LAST_FACTOR, _PAIR_FACTOR, _SECOND_FACTOR = (
    np.uint64(pow(FACTOR, MAX_CHARACTERS + power, 1 << 64)) for power in range(3)
)
#: Characters up to which the powers of the factor are kept: nearly all pages.
_KEPT_POWERS: Final = 1 << 15
#: Classes of characters: no part of a word; part of one; part of one in a script without spaces between words.
_OUTSIDE, _WORD, _UNSPACED = range(3)


class TextHashes:
    """The hashes of all parts of a text, from sums over its beginnings: two look-ups a part, however long it is.

    The hash of a part is the sum of its characters, each times a power of the factor: the first power for the first
    character, and so on. The sums are over the whole text, with the powers counted from its beginning. So a part is the
    difference of two of them, divided by the power at which it begins.
    """

    def __init__(self, codes: Codes | Hashes) -> None:
        """``codes``: ``(n_characters,) uint32``, or numbers of another kind to hash sequences of."""
        self._codes = codes
        self._sums = _sums_before(codes * _powers(FACTOR, len(codes) + 1)[1:])

    def between(self, starts: Ints, ends: Ints) -> Hashes:
        """The hash of each part from a start to before an end, all ``(n_parts,)``."""
        return _upper_half(self.long_between(starts, ends))

    def long_between(self, starts: Ints, ends: Ints) -> NDArray[np.uint64]:
        """The same with all 64 bits, for keys of which no two may be taken for each other."""
        divisors = _powers(_INVERSE, len(self._sums))
        cut = np.minimum(ends, starts + MAX_CHARACTERS)
        sums = (self._sums.take(cut) - self._sums.take(starts)) * divisors.take(starts)
        if (cut < ends).any():
            plain = _sums_before(self._codes)
            sums += (plain.take(ends) - plain.take(cut)) * _LAST_FACTOR
        return sums


def lines_of(starts: Ints, codes: Codes) -> Ints:
    """The number of the line that each token is on, ``(n_tokens,) int64``: ``starts`` ascend, and each line of the text
    ends in a line break.
    """
    ends = (codes == NEWLINE).nonzero()[0]
    tokens = starts.searchsorted(ends)  # up to the end of each line
    tokens[1:] -= tokens[:-1].copy()
    return np.arange(len(ends)).repeat(tokens)


def words(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """The words of texts, each on one line: lower case, in order.

    In scripts without spaces between words each pair of neighbouring characters is a word. Returns the hashes,
    ``(n_words,) uint32``, and the index of the text that each is from, ``(n_words,) int64``.
    """
    codes = codes_of("\n".join([*texts, ""]).lower())
    classes = _character_classes().take(codes, mode="clip")
    starts, ends = runs(classes > _OUTSIDE)
    if classes.max(initial=_OUTSIDE) == _UNSPACED:
        starts, ends = _with_character_pairs(classes, starts, ends)
    return TextHashes(codes).between(starts, ends), lines_of(starts, codes)


def hash_word(word: str) -> Hashes:
    """The hash of one word: ``(1,) uint32``."""
    return TextHashes(codes_of(word)).between(np.zeros(1, np.int64), np.full(1, len(word)))


def hash_pair(first: Hashes, second: Hashes) -> Hashes:
    """The hash of two successive words, elementwise."""
    return _upper_half(first * _PAIR_FACTOR + second * _SECOND_FACTOR)


def hash_first(word: Hashes) -> Hashes:
    """The hash of a word as the first of its text, elementwise: a token beside the word itself."""
    return _upper_half((word.astype(np.uint64) + np.uint64(1)) * _PAIR_FACTOR)


class HashSet:
    """A few hashes, among which those of a page are looked up."""

    def __init__(self, hashes: Hashes) -> None:
        self.hashes = distinct(hashes)  # ascending
        # Most words of a page are in no such set: a bitmap drops nearly all of them before they are looked up.
        self._may_be_in = np.zeros(_FILTER_MASK + 1, bool)
        self._may_be_in[self.hashes & _FILTER_MASK] = True

    def find(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """The indices of the hashes that are in the set, and for each of these its index in ``self.hashes``."""
        candidates = self._may_be_in.take(hashes & _FILTER_MASK).nonzero()[0]
        place = self.hashes.searchsorted(hashes.take(candidates))
        found = (self.hashes.take(place, mode="clip") == hashes.take(candidates)).nonzero()[0]
        return candidates.take(found), place.take(found)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Learned weights of tokens: a hash table without chains, so that all tokens of a page are looked up at once.

    ``hashes`` ``(n_known,) uint32`` ascend; ``weights`` ``(n_known,) float32`` are log-odds of body. The table has
    ``2 ** TABLE_BITS`` slots, indexed by the upper bits of a hash; no two hashes share a slot. The hash and the weight
    of a slot stand side by side, so that a look-up goes to one place in memory.
    """

    hashes: Hashes
    weights: Array
    _slots: NDArray[np.void]

    @classmethod
    def make(cls, hashes: Hashes, weights: Array) -> Self:
        """The lexicon of tokens with these weights. Raises ``ValueError`` where two hashes share a slot."""
        slots = slots_of(hashes)
        if np.bincount(slots).max(initial=0) > 1:
            raise ValueError("two hashes share a slot of the table")
        order = np.argsort(hashes)
        table = np.zeros(1 << TABLE_BITS, [("hash", np.uint32), ("weight", np.float32)])
        table["hash"][slots], table["weight"][slots] = hashes, weights
        return cls(hashes[order], np.asarray(weights, np.float32)[order], table)

    @classmethod
    def of_words(cls, weights: Mapping[str, float]) -> Self:
        """The lexicon of these words or names."""
        hashes = np.concatenate([np.zeros(0, np.uint32), *map(hash_word, weights)])
        return cls.make(hashes, np.array(list(weights.values()), np.float32))

    def weights_of(self, hashes: Hashes) -> Array:
        """The weight of each hash, 0 for unknown ones: same shape, float32."""
        found = self._slots.take(slots_of(hashes))
        weights: Array = found["weight"] * (found["hash"] == hashes)
        return weights


@dataclass(frozen=True, slots=True)
class Lexicons:
    """The two learned lexicons that columns are computed with: log-odds of body of words of the text, and of tags,
    classes and ids of elements.
    """

    words: Lexicon = field(default_factory=partial(Lexicon.of_words, {}))
    class_names: Lexicon = field(default_factory=partial(Lexicon.of_words, {}))


def slots_of(hashes: Hashes) -> Hashes:
    """The slot of each hash in a lexicon's table: its upper ``TABLE_BITS`` bits."""
    return hashes >> np.uint32(32 - TABLE_BITS)


def _upper_half(hashes: NDArray[np.uint64]) -> Hashes:
    return (hashes >> np.uint64(32)).astype(np.uint32)


def _sums_before(values: NDArray[Any]) -> NDArray[np.uint64]:
    """The sum of the values before each one, and of all: ``(n + 1,) uint64``, modulo 2 ** 64."""
    sums = np.zeros(len(values) + 1, np.uint64)
    np.cumsum(values, dtype=np.uint64, out=sums[1:])
    return sums


def _powers(base: int, n: int) -> NDArray[np.uint64]:
    """The first ``n`` powers of a number modulo 2 ** 64, from 1 on: ``(n,) uint64``."""
    return (_kept_powers(base) if n <= _KEPT_POWERS else _cumulative_powers(base, n))[:n]


@cache
def _kept_powers(base: int) -> NDArray[np.uint64]:
    return _cumulative_powers(base, _KEPT_POWERS)


def _cumulative_powers(base: int, n: int) -> NDArray[np.uint64]:
    factors = np.full(n, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


def _with_character_pairs(classes: NDArray[np.uint8], starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The starts and ends of all words, where each token of three and more characters that has some of an unspaced
    script is replaced by its pairs of characters.
    """
    # A token's slice of reduceat also has the characters up to the next token; none of these is unspaced.
    unspaced = np.add.reduceat(classes == _UNSPACED, starts, dtype=np.int64)
    replaced = (unspaced > 0) & (ends - starts > 2)
    pairs = (ends - starts)[replaced] - 1
    at = np.repeat(starts[replaced] - np.cumsum(pairs) + pairs, pairs) + np.arange(pairs.sum())
    all_starts = np.concatenate([starts[~replaced], at])
    order = np.argsort(all_starts)
    return all_starts[order], np.concatenate([ends[~replaced], at + 2])[order]


@cache
def _character_classes() -> NDArray[np.uint8]:
    """The class of each character of the basic plane: ``(65536,) uint8``; later planes count with its last."""
    kinds = charstats.kinds_of_characters()
    letters = np.isin(kinds, [charstats.UPPER, charstats.LOWER, charstats.DIGIT, charstats.OTHER])
    letters[ord("_")] = True
    letters[: ord(" ")] = False
    return np.where(kinds == charstats.UNSPACED, _UNSPACED, letters).astype(np.uint8)
