"""Literals of patterns, all found in one pass over a text (Aho and Corasick, *Efficient String Matching*, 1975)."""

from collections.abc import Mapping, Sequence

import ahocorasick


class Automaton:
    """Literals with the numbers of the patterns that ask for each."""

    def __init__(self, literals: Mapping[str, Sequence[int]]) -> None:
        self._patterns = list(literals.values())
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for number, literal in enumerate(literals):
            self._automaton.add_word(literal, number)
        if literals:  # without any it is none, and cannot be asked
            self._automaton.make_automaton()

    def pairs(self, texts: Sequence[str], first: int = 0) -> set[int]:
        """The pairs of a pattern and a text that holds a literal of it: the number of the pattern, counted from
        ``first``, times that of all texts, plus that of the text.
        """
        if not self._patterns:
            return set()
        n, found = len(texts), self._automaton.iter
        literals = ((at, literal) for at, text in enumerate(texts) for literal in {number for _, number in found(text)})
        return {(first + pattern) * n + at for at, literal in literals for pattern in self._patterns[literal]}
