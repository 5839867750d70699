"""Searches runs of every unit, beside the literals that a pattern requires, with every pattern of every pack.

    python -m tests.hostile.patterns [characters]

Prints the patterns that backtrack: those that exceed the time limit on so short a text. Exits with 1 if there are any.
``tests/test_packs.py`` tries all patterns on fewer strings.
"""

import sys
from collections.abc import Iterator, Sequence

from cleaner import rules
from cleaner.rules.schema import Pattern

from .cases import UNITS

#: CPU seconds that one search may take. A linear search takes about a thousandth.
SECONDS = 0.2
#: Characters of repeated units in one text.
CHARACTERS = 4_000
#: Prefixes and required literals of a pattern, of each so many, that are tried before and after the repeated units.
LITERALS = 3


def patterns(packs: Sequence[str]) -> Iterator[Pattern]:
    """The patterns of bundled packs."""
    for name in packs:
        for rule in rules.bundled(name, examples=True).rules:  # the packs that other tests have compiled
            yield from rule.patterns


def texts(pattern: Pattern, units: Sequence[str], characters: int) -> Iterator[str]:
    """The texts that a pattern is tried on."""
    required = pattern.required
    literals = ["", *sorted(required.prefixes or ())[:LITERALS], *sorted(required.any_of or ())[:LITERALS]]
    for unit in units:
        run = unit * (characters // len(unit))
        for literal in literals:
            yield literal + run
            yield run + literal


def slow_patterns(
    packs: Sequence[str], units: Sequence[str] = UNITS, characters: int = CHARACTERS
) -> Iterator[tuple[str, str]]:
    """The patterns that exceed the time limit, each with the beginning of the text."""
    for pattern in patterns(packs):
        for text in texts(pattern, units, characters):
            try:
                pattern.compiled.search(text, timeout=SECONDS)
            except TimeoutError:
                yield pattern.where, text[:30]
                break


def main() -> int:
    """Runs the command and returns its exit code."""
    packs = ("shared", *rules.languages())
    slow = list(slow_patterns(packs, characters=int(sys.argv[1]) if len(sys.argv) > 1 else CHARACTERS))
    for where, text in slow:
        print(where, repr(text))
    print(f"{len(slow)} patterns of {sum(1 for _ in patterns(packs))}")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
