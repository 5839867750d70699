"""The patterns that can match a text at all: those whose required literals it holds.

All literals are found in one pass over a text (Aho and Corasick, *Efficient String Matching*, 1975).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

import regex

from cleaner.rules.automaton import Automaton
from cleaner.rules.prefilter import lowered
from cleaner.rules.schema import Pattern
from cleaner.rules.tables import HEAD_LENGTH, LiteralTable, Numbers, Patterns, PatternTable, each_of

#: Beginnings of texts whose prefixes a :class:`PatternIndex` remembers.
MAX_HEADS: Final = 4_096

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
        lower, n = all_lowered(texts), len(texts)
        pairs = self._literals.find(texts, lower)
        for at, text in enumerate(lower):
            pairs.update(number * n + at for number in self._with_prefix(text))
        for number in self._unfiltered:
            pattern = self._pattern(number)
            pairs.update(number * n + at for at, text in enumerate(texts) if has_length(pattern, text))
        possible: list[tuple[Pattern, int]] = []
        for pattern, at in self._in_order(pairs, n):
            least, most = pattern.concept.min_words, pattern.concept.max_words
            if least <= word_counts[at] <= most and holds(pattern, lower[at], texts[at]):
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

    def literal_candidates(self, texts: Sequence[str], lower: Sequence[str]) -> Iterator[tuple[Pattern, int]]:
        """The pairs of a pattern and the number of a text that holds a literal of it, in order; ``lower`` are the texts
        as :func:`all_lowered` returns them.
        """
        return self._in_order(self._literals.find(texts, lower), len(texts))

    def _in_order(self, pairs: Collection[int], n_texts: int) -> Iterator[tuple[Pattern, int]]:
        """Each pattern with the number of its text. ``pairs``: the number of a pattern times that of all texts, plus
        that of the text.
        """
        for pair in sorted(pairs):
            yield self._pattern(pair // n_texts), pair % n_texts

    def _find_pattern(self, number: int) -> Pattern:
        pack = bisect_right(self._firsts, number) - 1
        return self._packs[pack][number - self._firsts[pack]]


def all_lowered(texts: Sequence[str]) -> list[str]:
    """Each text as :func:`cleaner.rules.prefilter.lowered` returns it, which is called once for all."""
    starts = accumulate((len(text) for text in texts), initial=0)
    whole = lowered("".join(texts))
    return [whole[start : start + len(text)] for start, text in zip(starts, texts, strict=False)]


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
    """Finds the literals of several packs. Those of a pack are shared by all languages with it."""

    def __init__(self, tables: Sequence[tuple[LiteralTable, int]]) -> None:
        """``tables``: each with the number of the first pattern of its pack."""
        exact: dict[str, list[int]] = defaultdict(list)
        for table, first in tables:
            for literal, numbers in table.exact.items():
                exact[literal] += [first + number for number in each_of(numbers)]
        self._automata = [(table.automaton, first) for table, first in tables]
        self._exact = Automaton(exact)  # few, so one for all packs

    def find(self, texts: Sequence[str], lower: Sequence[str]) -> set[int]:
        """The pairs of a pattern and a text that holds a literal of it: the number of the pattern times that of all
        texts, plus that of the text.
        """
        of_packs = [automaton.pairs(lower, first) for automaton, first in self._automata]
        return self._exact.pairs(texts).union(*of_packs)
