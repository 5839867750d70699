"""Searches repeated units, after a literal that the pattern requires, with every pattern of every pack.

    python -m tests.hostile.patterns [characters]

Prints the patterns that backtrack: those that exceed the time limit on so short a text. Exits with 1 if there are any.
"""

import sys
from collections.abc import Iterator, Sequence

from cleaner import rules
from cleaner.rules.packs import Pattern

from .cases import UNITS

#: CPU seconds that one search may take. A linear search takes about a thousandth.
SECONDS = 0.2
#: Characters of repeated units in one text.
CHARACTERS = 4_000
#: Prefixes and required literals of a pattern, of each so many, that are tried before and after the repeated units.
LITERALS = 3


def patterns() -> Iterator[Pattern]:
    """The patterns of all bundled packs."""
    for name in ("shared", *rules.languages()):
        for rule in rules.bundled(name).rules:
            yield from rule.patterns


def texts(pattern: Pattern, units: Sequence[str] = UNITS, characters: int = CHARACTERS) -> Iterator[str]:
    """The texts that a pattern is tried on."""
    required = pattern.required
    literals = ["", *sorted(required.prefixes or ())[:LITERALS], *sorted(required.any_of or ())[:LITERALS]]
    for unit in units:
        run = unit * (characters // len(unit))
        for literal in literals:
            yield literal + run
            yield run + literal


def slow(units: Sequence[str] = UNITS, characters: int = CHARACTERS) -> Iterator[tuple[str, str]]:
    """The patterns that exceed the time limit, each with the beginning of the text."""
    for pattern in patterns():
        for text in texts(pattern, units, characters):
            try:
                pattern.compiled.search(text, timeout=SECONDS)
            except TimeoutError:
                yield pattern.where, text[:30]
                break


if __name__ == "__main__":
    slow_patterns = list(slow(characters=int(sys.argv[1]) if len(sys.argv) > 1 else CHARACTERS))
    for where, text in slow_patterns:
        print(where, repr(text))
    print(f"{len(slow_patterns)} patterns of {sum(1 for _ in patterns())}")
    sys.exit(bool(slow_patterns))
