"""The patterns that can match a text at all: those whose required literals it holds."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from cleaner.rules.prefilter import lowered
from cleaner.rules.schema import Pattern
from cleaner.rules.tables import GRAM_LENGTH, HEAD_LENGTH, Numbers, Patterns, PatternTable, each_of
from cleaner.text.codepoints import codes_of

#: log2 of the slots of the bitmaps that say where a gram may stand; larger ones mean fewer false candidates. With
#: 65,536 slots one position in forty is a candidate by mistake.
BITMAP_BITS: Final = 16
#: Stands between texts that are searched together. No pattern of a pack asks for it.
SEPARATOR: Final = "\0"

_NON_WORD: Final = regex.compile(r"\W*")
_NOTHING: Final[Mapping[str, Numbers]] = {}
#: The factor of the hash of grams, an odd one with its bits well mixed; and the lowest bit of the hash that is used.
_FACTOR: Final = 0x9E3779B1
_HASH_SHIFT: Final = 20


class Source(NamedTuple):
    """Where the patterns of a pack are looked up; and these."""

    table: PatternTable
    patterns: Patterns


class Prefixes(NamedTuple):
    """The prefixes with one head; and each with the numbers of its patterns, and these."""

    all: tuple[str, ...]
    entries: Sequence[tuple[str, Numbers, Patterns]]


class PatternIndex:
    """The patterns of several packs. It remembers the heads of prefixes that it has seen; nothing else changes."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = tuple(sources)
        self._heads = frozenset[str]().union(*(source.table.heads for source in self._sources))
        self._prefixes: dict[str, Prefixes] = {}
        self._marks = [(source.table.marks, source.patterns) for source in self._sources if source.table.marks]
        self._literals = _LiteralSearch([(source.table.grams, source.patterns) for source in self._sources])
        self._exact = _LiteralSearch([(source.table.exact, source.patterns) for source in self._sources])
        self._unfiltered = [source.patterns[number] for source in self._sources for number in source.table.unfiltered]

    def possible_matches(self, texts: Sequence[str], word_counts: Sequence[int]) -> list[tuple[Pattern, int]]:
        """The pairs of a pattern and the number of a text that can match at all: the text begins as the pattern does or
        holds one of its literals, and has as many words as the concept asks for.
        """
        joined = Joined(texts)
        lower = joined.lower
        candidates = [(pattern, at) for at, text in enumerate(lower) for pattern in self.prefix_candidates(text)]
        candidates += self.literal_candidates(joined)
        candidates += [(pattern, at) for pattern in self._unfiltered for at in range(len(texts))]
        tried: set[tuple[int, int]] = set()  # by identity: equality of patterns takes long to tell
        possible: list[tuple[Pattern, int]] = []
        for pattern, at in candidates:
            concept = pattern.concept
            if concept.min_words <= word_counts[at] <= concept.max_words and (id(pattern), at) not in tried:
                tried.add((id(pattern), at))
                if holds(pattern, lower[at], texts[at]):
                    possible.append((pattern, at))
        return possible

    def prefix_candidates(self, text: str) -> list[Pattern]:
        """The anchored patterns of which a text begins with a prefix; ``text`` is as
        :func:`cleaner.rules.prefilter.lowered` returns it.
        """
        start = 0 if text[:1].isalnum() else _NON_WORD.match(text).end()
        head = text[start : start + HEAD_LENGTH]
        found: list[Pattern] = []
        for length in range(len(head), 0, -1):
            if head[:length] not in self._heads:
                continue
            prefixes = self._prefixes_of(head[:length])
            if text.startswith(prefixes.all, start):
                for prefix, numbers, patterns in prefixes.entries:
                    if text.startswith(prefix, start):
                        found += [patterns[number] for number in each_of(numbers)]
        return found

    def _prefixes_of(self, head: str) -> Prefixes:
        """The prefixes that begin with a head, or are one that is shorter than ``HEAD_LENGTH``."""
        known = self._prefixes.get(head)
        if known is None:
            entries = [
                (prefix, numbers, patterns)
                for table, patterns in self._sources
                for prefix, numbers in table.heads.get(head, _NOTHING).items()
            ]
            known = self._prefixes[head] = Prefixes(tuple(prefix for prefix, *_ in entries), entries)
        return known

    def literal_candidates(self, texts: "Joined") -> list[tuple[Pattern, int]]:
        """The patterns of which a text holds a literal, with the number of the text: once for each such literal."""
        found = [
            (patterns[number], at)
            for marks, patterns in self._marks
            for mark, numbers in marks.items()
            if mark in texts.whole
            for at in texts.holding(mark)
            for number in each_of(numbers)
        ]
        found += self._literals.find(texts.whole, texts.number)
        found += self._exact.find(texts.original, texts.number)
        return found


class Joined:
    """Several texts as one, in which literals are found by one pass over all of them.

    ``original`` is the whole, ``whole`` the same as :func:`cleaner.rules.prefilter.lowered` returns it, and ``lower``
    the lowered text of each.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))[:-1]
        self.original = SEPARATOR.join(texts)
        self.whole = lowered(self.original)
        self.lower = [self.whole[start : start + len(text)] for start, text in zip(self._starts, texts, strict=True)]

    def number(self, position: int) -> int:
        """The number of the text at a position."""
        return bisect_right(self._starts, position) - 1

    def holding(self, mark: str) -> Iterator[int]:
        """The numbers of the texts whose lowered forms hold a mark."""
        at = self.whole.find(mark)
        while at >= 0:
            yield self.number(at)
            end = self.whole.find(SEPARATOR, at)
            at = self.whole.find(mark, end + 1) if end >= 0 else -1


def holds(pattern: Pattern, lower: str, text: str) -> bool:
    """Whether a text holds all literals that a pattern requires and has the length that it asks for; ``lower`` is the
    text as :func:`cleaner.rules.prefilter.lowered` returns it. Looking for literals is faster than a search.
    """
    _, all_of, _, exact, length = pattern.required
    if length is not None and not length[0] <= len(text) <= length[1]:
        return False
    return _holds_each(all_of, lower) and _holds_each(exact, text)


def _holds_each(sets: Sequence[Sequence[str]], text: str) -> bool:
    for literals in sets:
        for literal in literals:
            if literal in text:
                break
        else:
            return False
    return True


# -- literals of several characters --------------------------------------------------------------------


class _LiteralSearch:
    """Finds the literals of several packs by their grams: each gram is hashed, and so is each part of a text that is as
    long (Karp and Rabin 1987, "Efficient randomized pattern-matching algorithms"). A pass over the text takes a
    microsecond per 500 characters for each length of the grams.
    """

    def __init__(self, tables: Sequence[tuple[Mapping[str, Mapping[str, Numbers]], Patterns]]) -> None:
        self._tables = [(grams, patterns) for grams, patterns in tables if grams]
        grams = {gram for table, _ in self._tables for gram in table}
        by_length = ([gram for gram in grams if len(gram) == length] for length in range(GRAM_LENGTH + 1))
        #: For each length of grams, but for those that none has, where their hashes fall.
        self._bitmaps = {length: _bitmap(alike, length) for length, alike in enumerate(by_length) if alike}

    def find(self, text: str, number_of: Callable[[int], int]) -> Iterator[tuple[Pattern, int]]:
        """The patterns of which one of some joined texts holds a literal, with the number of that text, which
        ``number_of`` returns for a position. A literal counts once for a text: a hostile one repeats it endlessly.
        """
        if not self._bitmaps:
            return
        known: set[tuple[int, str, int]] = set()
        codes = codes_of(text).astype(np.int64)
        hashes = codes * _FACTOR
        for length in range(2, min(GRAM_LENGTH, len(text)) + 1):
            hashes = (hashes[:-1] + codes[length - 1 :]) * _FACTOR
            bitmap = self._bitmaps.get(length)
            if bitmap is None:
                continue
            for at in bitmap[_slots(hashes)].nonzero()[0].tolist():
                gram = text[at : at + length]
                for source, (grams, patterns) in enumerate(self._tables):
                    for literal, numbers in grams.get(gram, _NOTHING).items():
                        start = at - literal.index(gram)
                        if start < 0 or not text.startswith(literal, start):
                            continue
                        found = source, literal, number_of(start)
                        if found not in known:
                            known.add(found)
                            for number in each_of(numbers):
                                yield patterns[number], found[2]


def _bitmap(grams: Collection[str], length: int) -> NDArray[np.bool_]:
    """A bitmap of grams of one length: ``(2 ** BITMAP_BITS,)`` bool, True in the slots of their hashes."""
    codes = codes_of("".join(grams)).astype(np.int64).reshape(-1, length)
    hashes = np.zeros(len(codes), np.int64)
    for column in codes.T:
        hashes = (hashes + column) * _FACTOR
    bitmap = np.zeros(1 << BITMAP_BITS, np.bool_)
    bitmap[_slots(hashes)] = True
    return bitmap


def _slots(hashes: NDArray[np.int64]) -> NDArray[np.int64]:
    return (hashes >> _HASH_SHIFT) & ((1 << BITMAP_BITS) - 1)
