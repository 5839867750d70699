"""Counts of characters, words and sentence ends of all blocks of a page.

The texts are joined and processed as one array of code points. A page has hundreds of short blocks, and one numpy call
for each of them would cost more than the counting.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaner.text.arrays import Array, Flags, Ints
from cleaner.text.codepoints import codes_of
from cleaner.text.words import CLOSERS, ENDS, UNSPACED_RANGES
from cleaner.text.words import UNSPACED as UNSPACED_CHARACTER

#: Kinds of characters, the columns of :attr:`CharStats.counts`. ``MARK`` is punctuation and symbols, ``UNSPACED`` the
#: scripts without spaces between words.
OTHER, UPPER, LOWER, DIGIT, MARK, SPACE, UNSPACED, COMMA, BAR, QUOTE, AT, MONEY = range(12)
KINDS: Final = 12
_CLOSERS_AND_SPACE: Final = CLOSERS + " \t\n\xa0"
_ENDS: Final = frozenset(ENDS)
_CASES_AND_SIGNS: Final = {"Lu": UPPER, "Lt": UPPER, "Ll": LOWER, "Nd": DIGIT, "Sc": MONEY}
#: The kind of the characters of each Unicode category.
_KIND_BY_CATEGORY: Final = {
    category: _CASES_AND_SIGNS.get(category, {"Z": SPACE, "P": MARK, "S": MARK}.get(category[0], OTHER))
    for category in "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn".split()
}
_MARKS_BY_KIND: Final = {COMMA: ",，、،", BAR: "|•·›/", QUOTE: '"“”„«»「『', AT: "@＠"}
#: Control characters that Python counts as white space, and U+0085, the next line control.
_SPACE_CONTROLS: Final = (9, 10, 11, 12, 13, 0x1C, 0x1D, 0x1E, 0x1F, 0x85)


@dataclass(frozen=True, slots=True)
class CharStats:
    """Statistics of ``n`` texts, one entry for each text in every array.

    ``counts``: ``(n, KINDS) float32``, characters by kind; the line break that ends a text is counted as ``SPACE``.
    ``chars``: ``(n,) float32``, characters, at least 1. ``words``: ``(n,) int64``; in scripts without spaces two
    characters count as one word. ``first``: ``(n,) uint8``, the kind of the first character. ``last``: the last
    character that is no closing quote, bracket or space, "" where there is none. ``ended``: ``(n,) bool``, whether
    ``last`` ends a sentence. ``has_address``: ``(n,) bool``, whether there is a web address.
    """

    counts: Array
    chars: Array
    words: Ints
    first: NDArray[np.uint8]
    last: Sequence[str]
    ended: Flags
    has_address: Flags


def char_stats(texts: Sequence[str]) -> CharStats:
    """The statistics of texts, each of them on one line."""
    n = len(texts)
    joined = "\n".join([*texts, ""])  # each ends in a line break
    kinds = kinds_of_characters().take(codes_of(joined), mode="clip")
    lengths = np.array([*map(len, texts)], np.int64)
    ends = (lengths + 1).cumsum()
    starts = ends - lengths - 1
    cell = (np.arange(n) * KINDS).repeat(lengths + 1) + kinds
    counts = np.bincount(cell, minlength=n * KINDS).reshape(n, KINDS).astype(np.float32)
    space = kinds == SPACE
    word_starts = ~space
    word_starts[1:] &= space[:-1]
    words = np.add.reduceat(word_starts, starts, dtype=np.int64)
    words = np.maximum(words, counts[:, UNSPACED].astype(np.int64) // 2)
    last = [text.rstrip(_CLOSERS_AND_SPACE)[-1:] for text in texts]
    ended = np.array([char in _ENDS for char in last], bool)
    return CharStats(
        counts,
        np.maximum(lengths, 1).astype(np.float32),
        words,
        kinds.take(starts),
        last,
        ended,
        _has_address(joined, texts),
    )


def _has_address(joined: str, texts: Sequence[str]) -> Flags:
    """Whether each text has a web address: ``(n_texts,) bool``. ``joined`` are all texts: most pages have none."""
    if "://" not in joined and "www." not in joined:
        return np.zeros(len(texts), bool)
    return np.array(["://" in text or "www." in text for text in texts], bool)


def word_counts(texts: Sequence[str]) -> list[int]:
    """The number of words of each text, each on one line. In scripts without spaces two characters count as one word.

    >>> word_counts(["The vote is on Tuesday.", "市議会は火曜日に可決した。", ""])
    [5, 6, 0]
    """
    return [word_count(text) for text in texts]


def word_count(text: str) -> int:
    """The number of words of one text, as :attr:`CharStats.words` has it. Few texts are counted faster without arrays.

    >>> word_count("The vote is on Tuesday.")
    5
    """
    words = len(text.split())
    return words if text.isascii() else max(words, len(UNSPACED_CHARACTER.findall(text)) // 2)


@cache
def kinds_of_characters() -> NDArray[np.uint8]:
    """The kind of each code point of the basic plane: ``(65536,) uint8``. Look up other code points as U+FFFF.

    CJK ideographs, kana and Hangul have no case: they are ``UNSPACED`` or ``OTHER``, and their categories are not
    looked up.
    """
    table = np.zeros(0x10000, np.uint8)
    for part in (range(0x3040), range(0xFF00, 0xFFEF)):
        table[part.start : part.stop] = [_KIND_BY_CATEGORY[unicodedata.category(chr(code))] for code in part]
    for code in _SPACE_CONTROLS:
        table[code] = SPACE
    for low, high in UNSPACED_RANGES:
        table[low : high + 1] = UNSPACED
    for kind, characters in _MARKS_BY_KIND.items():
        for char in characters:
            table[ord(char)] = kind
    return table
