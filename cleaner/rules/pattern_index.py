"""The patterns that can match a text at all: those whose required literals it holds.

Literals are looked for in all texts of a page at once, by the hashes of their parts (:mod:`cleaner.text.hashes`). A
hash may be that of another string by chance. Then a pattern is tried in vain, and nothing else changes.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import accumulate
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
#: Characters in which literals are looked for together, which limits the memory that a long text takes.
CHARACTERS_AT_ONCE: Final = 16_384
#: Beginnings of texts whose prefixes a :class:`PatternIndex` remembers.
MAX_HEADS: Final = 4_096
#: Stands between texts that are searched together. No pattern of a pack asks for it.
SEPARATOR: Final = "\0"

_NON_WORD: Final = regex.compile(r"\W*")
_NOTHING: Final[Mapping[str, Numbers]] = {}


class Source(NamedTuple):
    """Where the patterns of a pack are looked up; and these."""

    table: PatternTable
    patterns: Patterns


class Prefixes(NamedTuple):
    """The prefixes with which a text may begin, and by their lengths each with the numbers of its patterns."""

    all: tuple[str, ...]
    by_length: Mapping[int, Mapping[str, Sequence[int]]]


class PatternIndex:
    """The patterns of several packs. It remembers those that it was asked for, and beginnings of texts.

    A pattern has a number: its place among the patterns of all packs.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        sources = tuple(sources)
        self._packs = [source.patterns for source in sources]
        #: The number of the first pattern of each pack, and of all patterns.
        self._firsts = list(accumulate((len(patterns) for patterns in self._packs), initial=0))
        self._tables = [(source.table, first) for source, first in zip(sources, self._firsts, strict=False)]
        self._unfiltered = [first + number for table, first in self._tables for number in table.unfiltered]
        self._pattern = cache(self._find_pattern)
        # Bounded: texts of all sites together begin in more ways than memory has room for.
        self._prefixes = lru_cache(maxsize=MAX_HEADS)(self._find_prefixes)

    @cached_property
    def _literals(self) -> "_LiteralSearch":
        return _LiteralSearch([(table.literals, first) for table, first in self._tables])

    def possible_matches(self, texts: Sequence[str], word_counts: Sequence[int]) -> list[tuple[Pattern, int]]:
        """The pairs of a pattern and the number of a text that can match at all: the text begins as the pattern does or
        holds one of its literals, and has as many words as the concept asks for.
        """
        if not texts:  # all are known: the calls of numpy alone would take a tenth of a millisecond
            return []
        joined, n = Joined(texts), len(texts)
        pairs = self._literals.find(joined)
        for at, text in enumerate(joined.lower):
            pairs.update(number * n + at for number in self._with_prefix(text))
        for number in self._unfiltered:
            pattern = self._pattern(number)
            pairs.update(number * n + at for at, text in enumerate(texts) if has_length(pattern, text))
        possible: list[tuple[Pattern, int]] = []
        for pattern, at in self._in_order(pairs, n):
            least, most = pattern.concept.min_words, pattern.concept.max_words
            if least <= word_counts[at] <= most and holds(pattern, joined.lower[at], texts[at]):
                possible.append((pattern, at))
        return possible

    def _with_prefix(self, text: str) -> list[int]:
        """The numbers of the anchored patterns of which a text begins with a prefix; ``text`` is as
        :func:`cleaner.rules.prefilter.lowered` returns it.
        """
        # Most texts begin with a letter. Signs that ``str`` counts as digits, such as "①", are no word characters.
        start = 0 if text[:1].isalpha() else _NON_WORD.match(text).end()
        prefixes = self._prefixes(text[start : start + HEAD_LENGTH])
        if not text.startswith(prefixes.all, start):
            return []
        found = (numbers.get(text[start : start + length], ()) for length, numbers in prefixes.by_length.items())
        return [number for numbers in found for number in numbers]

    def _find_prefixes(self, head: str) -> Prefixes:
        """The prefixes that begin with a head, and those with which the head begins."""
        by_length: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for table, first in self._tables:
            for length in range(1, len(head) + 1):
                for prefix, numbers in table.heads.get(head[:length], _NOTHING).items():
                    by_length[len(prefix)][prefix] += [first + number for number in each_of(numbers)]
        return Prefixes(tuple(prefix for prefixes in by_length.values() for prefix in prefixes), by_length)

    def literal_candidates(self, texts: "Joined") -> Iterator[tuple[Pattern, int]]:
        """The pairs of a pattern and the number of a text that holds a literal of it, in order."""
        return self._in_order(self._literals.find(texts), len(texts))

    def _in_order(self, pairs: Collection[int], n_texts: int) -> Iterator[tuple[Pattern, int]]:
        """Each pattern with the number of its text. ``pairs``: the number of a pattern times that of all texts, plus
        that of the text.
        """
        for pair in sorted(pairs):
            yield self._pattern(pair // n_texts), pair % n_texts

    def _find_pattern(self, number: int) -> Pattern:
        pack = bisect_right(self._firsts, number) - 1
        return self._packs[pack][number - self._firsts[pack]]


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
    required = pattern.required
    return (
        has_length(pattern, text)
        and (not required.all_of or _holds_each(required.all_of, lower))
        and (not required.exact or _holds_each(required.exact, text))
    )


def has_length(pattern: Pattern, text: str) -> bool:
    """Whether a text has as many characters as a pattern asks for."""
    length = pattern.required.length
    return length is None or length[0] <= len(text) <= length[1]


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

    def find(self, texts: Joined) -> set[int]:
        """The pairs of a pattern and a text that holds a literal of it: the number of the pattern times that of all
        texts, plus that of the text.
        """
        pairs: set[int] = set()
        for start in range(0, len(texts.hashes), CHARACTERS_AT_ONCE):
            stop = min(start + CHARACTERS_AT_ONCE, len(texts.hashes))
            parts = texts.hashes.long_of_lengths(self._gram_lengths, start, stop)
            found, grams = self._grams.find_long(parts.ravel())
            pairs.update(self._pairs(texts, *self._around(texts, start + found % (stop - start), grams)))
        return pairs

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

    def _pairs(self, texts: Joined, literals: Ints, starts: Ints) -> list[int]:
        """The pairs of the patterns of some literals and the texts in which these begin, see :meth:`find`."""
        counts = self._n_patterns.take(literals)
        patterns = self._patterns.take(ranges(self._first_pattern.take(literals), counts))
        pairs: list[int] = (patterns * len(texts) + texts.numbers(starts).repeat(counts)).tolist()
        return pairs


def _numbers(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, np.int64)
