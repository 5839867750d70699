"""Words as hashes: all words of many texts at once, and tables of learned weights that are looked up by hash.

To split a page into words, make each a string and look it up in a dict took longer than all other columns together.
Here a word is the upper 32 of the 64 bits of a multilinear hash of its characters (Thorup, High Speed Hashing for
Integers and Strings, 2015). The chance of a collision with a known word is small: of 190,000 words that the weights do
not know, one is taken for one of the 22,600 that they know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.text import charstats
from cleaner.text.arrays import Array, Flags, Ints
from cleaner.text.codepoints import Codes, codes_of

Hashes = NDArray[np.uint32]

NEWLINE: Final = ord("\n")
#: Characters of a word that have a hash factor of their own; all later ones share the last. Longer words are data.
MAX_CHARACTERS: Final = 64
#: log2 of the number of slots in a lexicon's hash table. 24,500 words in 131,072 slots: 8 % collide; training drops the
#: word seen on fewer sites.
TABLE_BITS: Final = 17

#: Odd 64-bit factors without a visible pattern: powers of 2 ** 64 divided by the golden ratio. One a character, and two
#: that combine words.
_FACTORS: Final = np.array(
    [pow(0x9E3779B97F4A7C15, power, 1 << 64) for power in range(1, MAX_CHARACTERS + 3)], np.uint64
)
_PAIR_FACTOR, _SECOND_FACTOR = _FACTORS[-2:]
_CHARACTER_FACTORS: Final = _FACTORS[:MAX_CHARACTERS]
#: Classes of characters: no part of a word; part of one; part of one in a script without spaces between words.
_OUTSIDE, _WORD, _UNSPACED = range(3)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, in order: ``hashes`` ``(n_tokens,) uint32``; ``starts``, the index of the first character,
    and ``sizes``, the number of characters, both ``(n_tokens,) int64``.
    """

    hashes: Hashes
    starts: Ints
    sizes: Ints


def tokenize(codes: Codes, inside: Flags) -> Tokens:
    """The maximal runs of characters that are ``inside``, ``(n_characters,) bool``."""
    changes = np.empty(len(inside) + 1, bool)  # between a character and the one before it
    changes[1:-1] = inside[1:] != inside[:-1]
    changes[0], changes[-1] = inside[:1].any(), inside[-1:].any()
    bounds = np.flatnonzero(changes)
    starts, sizes = bounds[::2], bounds[1::2] - bounds[::2]
    at = np.flatnonzero(inside)
    first = np.cumsum(sizes) - sizes  # of each token, as an index into ``at``
    offset = at - np.repeat(starts, sizes)  # of each character in its token
    terms = codes[at] * _CHARACTER_FACTORS.take(offset, mode="clip")
    sums = np.add.reduceat(terms, first) if len(first) else np.zeros(0, np.uint64)
    return Tokens(_upper_half(sums), starts, sizes)


def words(texts: Sequence[str]) -> tuple[Hashes, Ints]:
    """The words of texts, each on one line: lower case, in order.

    In scripts without spaces between words each pair of neighbouring characters is a word. Returns the hashes,
    ``(n_words,) uint32``, and the index of the text that each is from, ``(n_words,) int64``.
    """
    codes = codes_of("".join([f"{text}\n" for text in texts]).lower())
    classes = _character_classes().take(codes, mode="clip")
    tokens = tokenize(codes, classes > _OUTSIDE)
    hashes, starts = tokens.hashes, tokens.starts
    if (classes == _UNSPACED).any():
        hashes, starts = _with_character_pairs(codes, classes, tokens)
    return hashes, np.cumsum(codes == NEWLINE)[starts]


def hash_word(word: str) -> Hashes:
    """The hash of one word: ``(1,) uint32``."""
    codes = codes_of(word)
    return tokenize(codes, np.ones(len(codes), bool)).hashes


def hash_pair(first: Hashes, second: Hashes) -> Hashes:
    """The hash of two successive words, elementwise."""
    return _upper_half(first * _PAIR_FACTOR + second * _SECOND_FACTOR)


def hash_first(word: Hashes) -> Hashes:
    """The hash of a word as the first of its text, elementwise: a token beside the word itself."""
    return _upper_half((word.astype(np.uint64) + np.uint64(1)) * _PAIR_FACTOR)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Learned weights of tokens: a hash table without chains, so that all tokens of a page are looked up at once.

    ``hashes`` ``(n_known,) uint32`` ascend; ``weights`` ``(n_known,) float32`` are log-odds of body. The table has
    ``2 ** TABLE_BITS`` slots, indexed by the upper bits of a hash; no two hashes share a slot.
    """

    hashes: Hashes
    weights: Array
    _slot_hashes: Hashes
    _slot_weights: Array

    @classmethod
    def make(cls, hashes: Hashes, weights: Array) -> Self:
        """The lexicon of tokens with these weights. Raises ``ValueError`` where two hashes share a slot."""
        slots = slots_of(hashes)
        if np.bincount(slots).max(initial=0) > 1:
            raise ValueError("two hashes share a slot of the table")
        order = np.argsort(hashes)
        slot_hashes, slot_weights = np.zeros(1 << TABLE_BITS, np.uint32), np.zeros(1 << TABLE_BITS, np.float32)
        slot_hashes[slots], slot_weights[slots] = hashes, weights
        return cls(hashes[order], np.asarray(weights, np.float32)[order], slot_hashes, slot_weights)

    @classmethod
    def of_words(cls, weights: Mapping[str, float]) -> Self:
        """The lexicon of these words or names."""
        hashes = np.concatenate([np.zeros(0, np.uint32), *map(hash_word, weights)])
        return cls.make(hashes, np.array(list(weights.values()), np.float32))

    def weights_of(self, hashes: Hashes) -> Array:
        """The weight of each hash, 0 for unknown ones: same shape, float32."""
        slots = slots_of(hashes)
        weights: Array = self._slot_weights.take(slots) * (self._slot_hashes.take(slots) == hashes)
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


def _with_character_pairs(codes: Codes, classes: NDArray[np.uint8], tokens: Tokens) -> tuple[Hashes, Ints]:
    """The hashes and starts of all words, where each token of three and more characters that has some of an unspaced
    script is replaced by its pairs of characters.
    """
    # A token's slice of reduceat also has the characters up to the next token; none of these is unspaced.
    unspaced = np.add.reduceat(classes == _UNSPACED, tokens.starts, dtype=np.int64)
    replaced = (unspaced > 0) & (tokens.sizes > 2)
    pairs = tokens.sizes[replaced] - 1
    at = np.repeat(tokens.starts[replaced] - np.cumsum(pairs) + pairs, pairs) + np.arange(pairs.sum())
    pair_hashes = _upper_half(codes[at] * _FACTORS[0] + codes[at + 1] * _FACTORS[1])
    starts = np.concatenate([tokens.starts[~replaced], at])
    order = np.argsort(starts)
    return np.concatenate([tokens.hashes[~replaced], pair_hashes])[order], starts[order]


@cache
def _character_classes() -> NDArray[np.uint8]:
    """The class of each character of the basic plane: ``(65536,) uint8``; later planes count with its last."""
    kinds = charstats.kinds_of_characters()
    letters = np.isin(kinds, [charstats.UPPER, charstats.LOWER, charstats.DIGIT, charstats.OTHER])
    letters[ord("_")] = True
    letters[: ord(" ")] = False
    return np.where(kinds == charstats.UNSPACED, _UNSPACED, letters).astype(np.uint8)
