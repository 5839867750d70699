"""Hashes of the parts of a text: all parts that are asked for at once, each by two look-ups, however long it is.

A hash is the upper 32 of the 64 bits of a multilinear hash of the characters (Thorup, High Speed Hashing for Integers
and Strings, 2015).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.text.arrays import Ints, distinct
from cleaner.text.codepoints import Codes

#: ``(n,) uint32``.
Hashes = NDArray[np.uint32]

#: Characters of a part that have a factor of their own; all later ones share the last. Longer words are data.
MAX_CHARACTERS: Final = 64
#: log2 of the slots of the bitmap of a :class:`HashSet`: several times as many as it has hashes.
FILTER_BITS: Final = 12
#: Odd, so that it has an inverse modulo 2 ** 64; 2 ** 64 divided by the golden ratio, so without a visible pattern.
FACTOR: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(FACTOR, -1, 1 << 64)
#: The factor of all later characters.
_LAST_FACTOR: Final = np.uint64(pow(FACTOR, MAX_CHARACTERS, 1 << 64))
#: Characters up to which the powers of the factor are kept: nearly all pages.
_KEPT_POWERS: Final = 1 << 16


class TextHashes:
    """The hashes of all parts of a text, from sums over its beginnings.

    The hash of a part is the sum of its characters, each times a power of the factor: the first power for the first
    character, and so on. The sums are over the whole text, with the powers counted from its beginning. So a part is the
    difference of two of them, divided by the power at which it begins.
    """

    def __init__(self, codes: Codes | Hashes) -> None:
        """``codes``: ``(n_characters,) uint32``, or numbers of another kind to hash sequences of."""
        self._codes = codes
        self._sums = _sums_before(codes * _powers(FACTOR, len(codes) + 1)[1:])
        self._divisors = _powers(_INVERSE, len(codes) + 1)

    def __len__(self) -> int:
        return len(self._codes)

    def between(self, starts: Ints, ends: Ints) -> Hashes:
        """The hash of each part from a start to before an end: arrays of one shape."""
        return upper_half(self.long_between(starts, ends))

    def long_between(self, starts: Ints, ends: Ints) -> NDArray[np.uint64]:
        """The same with all 64 bits, for keys of which no two may be taken for each other."""
        cut = np.minimum(ends, starts + MAX_CHARACTERS)
        sums = (self._sums.take(cut) - self._sums.take(starts)) * self._divisors.take(starts)
        if (cut < ends).any():
            plain = _sums_before(self._codes)
            sums += (plain.take(ends) - plain.take(cut)) * _LAST_FACTOR
        return sums

    def long_of_lengths(self, lengths: Sequence[int], start: int, stop: int) -> NDArray[np.uint64]:
        """The hashes, with all 64 bits, of the parts of some lengths that begin at a place from ``start`` to before
        ``stop``: ``(n_lengths, stop - start)``; 0 for those that reach beyond the end of the text. A length is at most
        ``MAX_CHARACTERS``.
        """
        sums = np.zeros((len(lengths), stop - start), np.uint64)
        for row, length in zip(sums, lengths, strict=True):
            n = max(min(stop, len(self) - length + 1) - start, 0)
            np.subtract(self._sums[start + length :][:n], self._sums[start:][:n], out=row[:n])
        sums *= self._divisors[start:stop]
        return sums


class HashSet:
    """Some hashes, among which those of a page are looked up."""

    def __init__(self, hashes: Hashes) -> None:
        self.hashes = distinct(hashes)  # ascending
        # Most parts of a page are in no such set: a bitmap drops nearly all of them before they are looked up. Its
        # slots are the upper bits of a hash, so that none has to be cut to 32 bits before.
        self._may_be_in = np.zeros(1 << FILTER_BITS, bool)
        self._may_be_in[self.hashes >> np.uint32(32 - FILTER_BITS)] = True

    def find(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """The indices of the hashes that are in the set, and for each of these its index in ``self.hashes``."""
        candidates = self._may_be_in.take(hashes >> np.uint32(32 - FILTER_BITS)).nonzero()[0]
        return self._among(candidates, hashes.take(candidates))

    def _among(self, indices: Ints, hashes: Hashes) -> tuple[Ints, Ints]:
        place = self.hashes.searchsorted(hashes)
        found = (self.hashes.take(place, mode="clip") == hashes).nonzero()[0]
        return indices.take(found), place.take(found)


def upper_half(hashes: NDArray[np.uint64]) -> Hashes:
    """The upper 32 bits of hashes of 64."""
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
