"""Every pattern of every pack on runs of every unit, beside each of the literals that it requires: does any backtrack?

    python -m tests.hostile.patterns [characters]

Prints the patterns that take longer than a search of so short a text may; its exit code is 1 where there are some.
"""

import sys
from collections.abc import Iterator, Sequence

from cleaner import rules
from cleaner.rules.packs import Pattern

from .cases import UNITS

#: CPU seconds that a search may take, many times what a linear one needs; and characters of a run.
SECONDS = 0.2
CHARACTERS = 4_000
#: Literals of a pattern that are tried before and behind a run.
LITERALS = 3


def patterns() -> Iterator[Pattern]:
    """The patterns of all packs that come with the library."""
    for name in ("shared", *rules.languages()):
        for rule in rules.bundled(name).rules:
            yield from rule.patterns


def texts(pattern: Pattern, units: Sequence[str] = UNITS, characters: int = CHARACTERS) -> Iterator[str]:
    """The strings on which a pattern is tried."""
    required = pattern.required
    literals = ["", *sorted(required.prefixes or ())[:LITERALS], *sorted(required.any_of or ())[:LITERALS]]
    for unit in units:
        run = unit * (characters // len(unit))
        for literal in literals:
            yield literal + run
            yield run + literal


def slow(units: Sequence[str] = UNITS, characters: int = CHARACTERS) -> Iterator[tuple[str, str]]:
    """The patterns that run out of time, each with the beginning of the text."""
    for pattern in patterns():
        for text in texts(pattern, units, characters):
            try:
                pattern.compiled.search(text, timeout=SECONDS)
            except TimeoutError:
                yield pattern.where, text[:30]
                break


if __name__ == "__main__":
    found = list(slow(characters=int(sys.argv[1]) if len(sys.argv) > 1 else CHARACTERS))
    for where, text in found:
        print(where, repr(text))
    print(f"{len(found)} patterns of {sum(1 for _ in patterns())}")
    sys.exit(bool(found))
