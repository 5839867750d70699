"""Words as hashes: all words of many texts at once, and tables of learned weights that are looked up by hash.

To split a page into words, make each a string and look it up in a dict took longer than all other columns together.
Here a word is a hash of 32 bits of its characters (:mod:`cleaner.text.hashes`). Collisions are rare: of 100,000 words
that the weights do not know, about one is taken for one of the 40,000 that they know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.text import charstats
from cleaner.text.arrays import Array, Ints, ranges, runs
from cleaner.text.codepoints import Codes, codes_of
from cleaner.text.hashes import FACTOR, MAX_CHARACTERS, Hashes, TextHashes, upper_half

NEWLINE: Final = ord("\n")
#: log2 of the number of slots in a lexicon's hash table: 131,072, about three for each word. Of the words that share a
#: slot training keeps the one seen on most sites.
TABLE_BITS: Final = 17

#: The factors of the two words of a pair, and of a first word: none that a character of a word has.
_PAIR_FACTOR, _SECOND_FACTOR = (np.uint64(pow(FACTOR, MAX_CHARACTERS + power, 1 << 64)) for power in (1, 2))
#: Classes of characters: no part of a word; part of one; part of one in a script without spaces between words.
_OUTSIDE, _WORD, _UNSPACED = range(3)


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
    return upper_half(first * _PAIR_FACTOR + second * _SECOND_FACTOR)


def hash_first(word: Hashes) -> Hashes:
    """The hash of a word as the first of its text, elementwise: a token beside the word itself."""
    return upper_half((word.astype(np.uint64) + np.uint64(1)) * _PAIR_FACTOR)


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


def _with_character_pairs(classes: NDArray[np.uint8], starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The starts and ends of all words, where each token of three and more characters that has some of an unspaced
    script is replaced by its pairs of characters.
    """
    # A token's slice of reduceat also has the characters up to the next token; none of these is unspaced.
    unspaced = np.add.reduceat(classes == _UNSPACED, starts, dtype=np.int64)
    replaced = (unspaced > 0) & (ends - starts > 2)
    pairs = (ends - starts)[replaced] - 1
    at = ranges(starts[replaced], pairs)
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
