"""What the characters of blocks tell: words, capitals, digits, marks, counted for all blocks of a page at once.

All texts are joined and looked at as one array of code points, since a page has hundreds of short blocks and a call a
block would cost more than the counting.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaner.text.arrays import Array, Flags, Ints
from cleaner.text.words import CLOSERS, ENDS, UNSPACED_RANGES

#: Kinds of characters, the columns of :attr:`CharStats.counts`.
OTHER, UPPER, LOWER, DIGIT, MARK, SPACE, UNSPACED, COMMA, BAR, QUOTE, AT, MONEY = range(12)
KINDS: Final = 12
_CLOSING: Final = CLOSERS + " \t\n\xa0"
_ENDING: Final = frozenset(ENDS)
_SPECIAL: Final = {",，、،": COMMA, "|•·›/": BAR, '"“”„«»「『': QUOTE, "@＠": AT}


_PLAIN_KINDS: Final = {"Lu": UPPER, "Lt": UPPER, "Ll": LOWER, "Nd": DIGIT, "Sc": MONEY}
#: The kind of the characters of each Unicode category.
_KIND: Final = {
    category: _PLAIN_KINDS.get(category, {"Z": SPACE, "P": MARK, "S": MARK}.get(category[0], OTHER))
    for category in "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn".split()
}


@dataclass(frozen=True, slots=True)
class CharStats:
    """For each block: ``counts`` of its characters by kind (blocks, KINDS), ``chars`` in all, ``words``; the kind of
    the ``first`` character; the ``last`` one that is no closing quote or bracket, and whether it ends a sentence.
    """

    counts: Array
    chars: Array
    words: Ints
    first: NDArray[np.uint8]
    last: Sequence[str]
    ended: Flags


def char_stats(texts: Sequence[str]) -> CharStats:
    """The surface of texts, each on one line."""
    n = len(texts)
    whole = "\n".join([*texts, ""])  # each text ends in a line break
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = kinds_of_characters().take(codes, mode="clip")
    lengths = np.fromiter(map(len, texts), np.int64, n)
    starts = np.cumsum(lengths + 1) - lengths - 1
    column = np.repeat(np.arange(n) * KINDS, lengths + 1) + kinds
    counts = np.bincount(column, minlength=n * KINDS).reshape(n, KINDS).astype(np.float32)
    space = kinds == SPACE
    begins = ~space
    begins[1:] &= space[:-1]
    words = np.add.reduceat(begins, starts, dtype=np.int64)
    # Two characters count as one word where words are not parted.
    words = np.maximum(words, counts[:, UNSPACED].astype(np.int64) // 2)
    last = [text.rstrip(_CLOSING)[-1:] for text in texts]
    ended = np.array([char in _ENDING for char in last], bool)
    return CharStats(counts, np.maximum(lengths, 1).astype(np.float32), words, kinds[starts], last, ended)


@cache
def kinds_of_characters() -> NDArray[np.uint8]:
    """The kind of each character of the basic plane; the others count with its last."""
    table = np.zeros(0x10000, np.uint8)
    for part in (range(0x3040), range(0xFF00, 0xFFEF)):
        table[part.start : part.stop] = [_KIND[category] for category in map(unicodedata.category, map(chr, part))]
    for code in (9, 10, 11, 12, 13, 0x1C, 0x1D, 0x1E, 0x1F, 0x85):
        table[code] = SPACE
    for low, high in UNSPACED_RANGES:
        table[low : high + 1] = UNSPACED
    for characters, kind in _SPECIAL.items():
        for char in characters:
            table[ord(char)] = kind
    return table
