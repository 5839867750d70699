"""The patterns that can match a text at all: those whose required literals it holds.

Literals are looked for in all texts of a page at once, by the hashes of their parts (:mod:`cleaner.text.hashes`). A
hash may be that of another string by chance. Then a pattern is tried in vain, and nothing else changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import numpy as np
import regex

from cleaner.rules.prefilter import lowered
from cleaner.rules.schema import Pattern
from cleaner.rules.tables import HEAD_LENGTH, LiteralTable, Numbers, Patterns, PatternTable, each_of
from cleaner.text.arrays import Ints, distinct, ranges
from cleaner.text.codepoints import codes_of
from cleaner.text.hashes import HashSet, TextHashes

#: log2 of the slots of the bitmap that says where a gram may stand; a language has some thousands of grams.
BITMAP_BITS: Final = 16
#: Places of grams that are looked at together, which limits the memory that a text of one phrase takes.
PLACES_AT_ONCE: Final = 4_096
#: Stands between texts that are searched together. No pattern of a pack asks for it.
SEPARATOR: Final = "\0"

_NON_WORD: Final = regex.compile(r"\W*")
_NOTHING: Final[Mapping[str, Numbers]] = {}


class Source(NamedTuple):
    """Where the patterns of a pack are looked up; and these."""

    table: PatternTable
    patterns: Patterns


class Prefixes(NamedTuple):
    """The prefixes with one head, and each with the numbers of its patterns."""

    all: tuple[str, ...]
    entries: Sequence[tuple[str, Sequence[int]]]


class PatternIndex:
    """The patterns of several packs. It remembers the heads of prefixes that it has seen; nothing else changes.

    A pattern has a number: its place among the patterns of all packs.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        sources = tuple(sources)
        self._patterns = [source.patterns for source in sources]
        #: The number of the first pattern of each pack, and of all patterns.
        self._firsts = list(accumulate((len(patterns) for patterns in self._patterns), initial=0))
        self._tables = [(source.table, first) for source, first in zip(sources, self._firsts, strict=False)]
        self._heads = frozenset[str]().union(*(source.table.heads for source in sources))
        self._prefixes: dict[str, Prefixes] = {}
        self._unfiltered = [first + number for table, first in self._tables for number in table.unfiltered]

    @cached_property
    def _literals(self) -> "_LiteralSearch":
        return _LiteralSearch([(table.literals, first) for table, first in self._tables])

    def possible_matches(self, texts: Sequence[str], word_counts: Sequence[int]) -> list[tuple[Pattern, int]]:
        """The pairs of a pattern and the number of a text that can match at all: the text begins as the pattern does or
        holds one of its literals, and has as many words as the concept asks for.
        """
        if not texts:  # all are known: the calls of numpy alone would take a tenth of a millisecond
            return []
        joined = Joined(texts)
        lower = joined.lower
        found = [(number, at) for at, text in enumerate(lower) for number in self._prefix_candidates(text)]
        found += [(number, at) for number in self._unfiltered for at in range(len(texts))]
        candidates = np.concatenate([np.array(found, np.int64).reshape(-1, 2), self._literals.find(joined)])
        possible: list[tuple[Pattern, int]] = []
        for pattern, numbers in self._by_pattern(candidates, len(texts)):
            least, most = pattern.concept.min_words, pattern.concept.max_words
            possible += [
                (pattern, at)
                for at in numbers
                if least <= word_counts[at] <= most and holds(pattern, lower[at], texts[at])
            ]
        return possible

    def prefix_candidates(self, text: str) -> list[Pattern]:
        """The anchored patterns of which a text begins with a prefix; ``text`` is as
        :func:`cleaner.rules.prefilter.lowered` returns it.
        """
        return [self._pattern(number) for number in self._prefix_candidates(text)]

    def _prefix_candidates(self, text: str) -> list[int]:
        start = 0 if text[:1].isalnum() else _NON_WORD.match(text).end()
        head = text[start : start + HEAD_LENGTH]
        found: list[int] = []
        for length in range(len(head), 0, -1):
            if head[:length] not in self._heads:
                continue
            prefixes = self._prefixes_of(head[:length])
            if text.startswith(prefixes.all, start):
                for prefix, numbers in prefixes.entries:
                    if text.startswith(prefix, start):
                        found += numbers
        return found

    def _prefixes_of(self, head: str) -> Prefixes:
        """The prefixes that begin with a head, or are one that is shorter than ``HEAD_LENGTH``."""
        known = self._prefixes.get(head)
        if known is None:
            entries = [
                (prefix, [first + number for number in each_of(numbers)])
                for table, first in self._tables
                for prefix, numbers in table.heads.get(head, _NOTHING).items()
            ]
            known = self._prefixes[head] = Prefixes(tuple(prefix for prefix, _ in entries), entries)
        return known

    def literal_candidates(self, texts: "Joined") -> Iterator[tuple[Pattern, list[int]]]:
        """The patterns with a literal that a text holds, each with the numbers of these texts in order."""
        return self._by_pattern(self._literals.find(texts), len(texts))

    def _by_pattern(self, candidates: Ints, n_texts: int) -> Iterator[tuple[Pattern, list[int]]]:
        """Each pattern with the numbers of its texts, in order. ``candidates``: (n, 2) int64, the number of a pattern
        and that of a text, the same pair perhaps several times.
        """
        numbers, texts = np.divmod(distinct(candidates @ np.array([n_texts, 1])), max(n_texts, 1))
        starts = np.flatnonzero(np.diff(numbers, prepend=-1))
        in_order = texts.tolist()
        for number, (start, stop) in zip(
            numbers.take(starts).tolist(), pairwise([*starts.tolist(), len(in_order)]), strict=True
        ):
            yield self._pattern(number), in_order[start:stop]

    def _pattern(self, number: int) -> Pattern:
        pack = len(self._patterns) - 1
        while number < self._firsts[pack]:
            pack -= 1
        return self._patterns[pack][number - self._firsts[pack]]


class Joined:
    """Several texts as one, in which literals are found by one pass over all of them.

    ``whole`` are the joined texts as :func:`cleaner.rules.prefilter.lowered` returns them, ``lower`` each of them so.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))[:-1]
        self._original = SEPARATOR.join(texts)
        self.whole = lowered(self._original)
        self.lower = [self.whole[start : start + len(text)] for start, text in zip(self._starts, texts, strict=True)]

    def __len__(self) -> int:
        return len(self.lower)

    def numbers(self, places: Ints) -> Ints:
        """The number of the text at each of some places of the whole: ``(n_places,)``."""
        return np.array(self._starts).searchsorted(places, "right") - 1

    @cached_property
    def hashes(self) -> TextHashes:
        """The hashes of the parts of the whole."""
        return TextHashes(codes_of(self.whole))

    @cached_property
    def exact_hashes(self) -> TextHashes:
        """The same where case counts."""
        return TextHashes(codes_of(self._original))


def holds(pattern: Pattern, lower: str, text: str) -> bool:
    """Whether a text holds all literals that a pattern requires and has the length that it asks for; ``lower`` is the
    text as :func:`cleaner.rules.prefilter.lowered` returns it. Looking for literals is faster than a search.
    """
    _, all_of, _, exact, length = pattern.required
    if length is not None and not length[0] <= len(text) <= length[1]:
        return False
    return (not all_of or _holds_each(all_of, lower)) and (not exact or _holds_each(exact, text))


def _holds_each(sets: Sequence[Sequence[str]], text: str) -> bool:
    for literals in sets:
        for literal in literals:
            if literal in text:
                break
        else:
            return False
    return True


# -- literals ------------------------------------------------------------------------------------------


class _LiteralSearch:
    """Finds the literals of several packs: the hash of a gram is looked for at every place of the texts (Karp and Rabin
    1987, "Efficient randomized pattern-matching algorithms"), and then that of the literals around it.

    The arrays have an entry for each literal of all packs.
    """

    def __init__(self, tables: Sequence[tuple[LiteralTable, int]]) -> None:
        """``tables``: each with the number of the first pattern of its pack."""
        texts = [text for table, _ in tables for text in table.texts]
        whole = "".join(texts)
        self._length = _numbers(map(len, texts))
        self._offset = _numbers(start for table, _ in tables for start in table.gram_starts)
        gram_length = _numbers(length for table, _ in tables for length in table.gram_lengths)
        ends: Ints = self._length.cumsum()
        starts: Ints = ends - self._length
        self._hashes = TextHashes(codes_of(whole)).between(starts, ends)
        starts = starts + self._offset
        grams = TextHashes(codes_of(lowered(whole))).between(starts, starts + gram_length)
        exact = [at >= len(table.texts) - table.n_exact for table, _ in tables for at in range(len(table.texts))]
        self._is_exact = np.array(exact, bool)
        #: The patterns of all literals, and for each literal how many it has and where they begin.
        self._patterns = _numbers(first + number for table, first in tables for number in table.patterns)
        self._n_patterns = _numbers(number for table, _ in tables for number in table.n_patterns)
        self._first_pattern: Ints = self._n_patterns.cumsum() - self._n_patterns
        #: The literals in the order of their grams, and for each gram how many have it and where they begin.
        self._by_gram: Ints = grams.argsort(kind="stable")
        self._grams = HashSet(grams, BITMAP_BITS)
        self._gram_lengths: list[int] = distinct(gram_length).tolist()
        self._first: Ints = grams.take(self._by_gram).searchsorted(self._grams.hashes)
        self._number: Ints = np.diff(self._first, append=len(texts))

    def find(self, texts: Joined) -> Ints:
        """The pairs of a pattern and a text that holds a literal of it, by their numbers: (n_pairs, 2)."""
        found = [self._grams.find_long(texts.hashes.long_of_length(length)) for length in self._gram_lengths]
        places = np.concatenate([np.zeros(0, np.int64), *(places for places, _ in found)])
        grams = np.concatenate([np.zeros(0, np.int64), *(grams for _, grams in found)])
        parts = [slice(at, at + PLACES_AT_ONCE) for at in range(0, len(places), PLACES_AT_ONCE)]
        pairs = [self._pairs(texts, *self._around(texts, places[part], grams[part])) for part in parts]
        return np.concatenate([np.zeros((0, 2), np.int64), *pairs])

    def _around(self, texts: Joined, places: Ints, grams: Ints) -> tuple[Ints, Ints]:
        """The literals that stand around some grams, and where they begin; ``places`` are those of the grams."""
        counts = self._number.take(grams)
        literal = self._by_gram.take(ranges(self._first.take(grams), counts))
        start = places.repeat(counts) - self._offset.take(literal)
        stop = start + self._length.take(literal)
        inside = ((start >= 0) & (stop <= len(texts.hashes))).nonzero()[0]
        literal, start, stop = literal.take(inside), start.take(inside), stop.take(inside)
        hashes = texts.hashes.between(start, stop)
        exact = self._is_exact.take(literal).nonzero()[0]
        if len(exact):
            hashes[exact] = texts.exact_hashes.between(start.take(exact), stop.take(exact))
        found = (hashes == self._hashes.take(literal)).nonzero()[0]
        return literal.take(found), start.take(found)

    def _pairs(self, texts: Joined, literals: Ints, starts: Ints) -> Ints:
        """The patterns of some literals, each with the number of the text in which the literal begins."""
        literals, numbers = np.divmod(distinct(literals * len(texts) + texts.numbers(starts)), max(len(texts), 1))
        counts = self._n_patterns.take(literals)
        patterns = self._patterns.take(ranges(self._first_pattern.take(literals), counts))
        return np.array([patterns, numbers.repeat(counts)]).T


def _numbers(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, np.int64)
