"""The patterns that can match a text at all, told by the literals that they require."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from cleaner.rules.index import RuleIndex
from cleaner.rules.prefilter import lowered
from cleaner.rules.schema import Pattern


def possible_matches(
    texts: Sequence[str], word_counts: Sequence[int], index: RuleIndex
) -> Iterator[tuple[Pattern, int]]:
    """The pairs of a pattern and the number of a text that can match at all: the text begins as the pattern does or
    holds one of its literals, and has as many words as the concept asks for.
    """
    starts = [0, *accumulate(len(text) + 1 for text in texts)][:-1]
    whole = lowered("\n".join(texts))
    lower = [whole[start : start + len(text)] for start, text in zip(starts, texts, strict=False)]
    for at, (text, count) in enumerate(zip(lower, word_counts, strict=True)):
        for pattern in index.prefix_candidates(text):
            concept = pattern.concept
            if concept.min_words <= count <= concept.max_words and has_literals(pattern, text):
                yield pattern, at
    tried: set[tuple[int, int]] = set()  # by identity: equality of patterns takes long to tell
    for patterns, position in index.find_candidates(whole):
        at = bisect_right(starts, position) - 1
        count = word_counts[at]
        for pattern in patterns:
            concept = pattern.concept
            if concept.min_words <= count <= concept.max_words and (id(pattern), at) not in tried:
                tried.add((id(pattern), at))
                if has_literals(pattern, lower[at]):
                    yield pattern, at
    for pattern in index.unfiltered:
        for at, count in enumerate(word_counts):
            if pattern.concept.min_words <= count <= pattern.concept.max_words:
                yield pattern, at


def has_literals(pattern: Pattern, text: str) -> bool:
    """Whether a text holds all literals that a pattern requires; the text is as
    :func:`cleaner.rules.prefilter.lowered` returns it. Looking for literals is faster than a search.
    """
    for literals in pattern.required.all_of:
        for literal in literals:
            if literal in text:
                break
        else:
            return False
    return True
