"""The tables by which the rules of a pack are looked up, as plain data: compiled packs hold them.

Patterns, rules and selectors stand in the tables by their numbers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, Protocol

from cleaner.rules.automaton import Automaton
from cleaner.rules.packs import glued_concepts
from cleaner.rules.prefilter import RequiredLiterals, is_common
from cleaner.rules.schema import Concept, Pack, Pattern, Selector

#: Characters at the beginning of a prefix by which it is looked up, at most.
HEAD_LENGTH: Final = 3

#: The sign before the value in a token of an element's style, and the key of selectors that it belongs to.
KEY_OF_SIGN: Final = {".": "class", "#": "id", "@": "role", "%": "itemprop"}
_SIGN_OF_KEY: Final = {"tag": "<", **{key: sign for sign, key in KEY_OF_SIGN.items()}}


#: One number or several. Most keys have one, and lists would be half of what is read from a compiled pack.
Numbers = int | Sequence[int]


class Patterns(Protocol):
    """The patterns of a pack by their numbers. A compiled pack makes them on first use."""

    def __getitem__(self, number: int, /) -> Pattern: ...

    def __len__(self) -> int: ...


class IndexedRule(NamedTuple):
    """What is known of a rule without its words: whether it has any (patterns or lines), and whether selectors."""

    concept: Concept
    where: str
    has_words: bool = False
    has_selectors: bool = False


@dataclass(frozen=True)
class LiteralTable:
    """Literals of which a text must hold one for a pattern to match it, each with the numbers of its patterns.

    ``lower``: as :func:`cleaner.rules.prefilter.lowered` returns them. ``exact``: found in the same case alone, as the
    other literals of their patterns are in many texts.
    """

    lower: Mapping[str, Numbers]
    exact: Mapping[str, Numbers]

    @cached_property
    def automaton(self) -> Automaton:
        """Finds the literals in lower case."""
        return Automaton({literal: each_of(numbers) for literal, numbers in self.lower.items()})


@dataclass(frozen=True, slots=True)
class PatternTable:
    """Where patterns are looked up.

    ``heads``: anchored patterns by the first ``HEAD_LENGTH`` characters of a prefix, or the whole of a shorter one, and
    then by the prefix.

    ``literals``: all other patterns by the literals of which a text must hold one.

    ``unfiltered``: patterns with none of these, which are tried on every text.
    """

    heads: Mapping[str, Mapping[str, Numbers]]
    literals: LiteralTable
    unfiltered: Sequence[int]


@dataclass(frozen=True, slots=True)
class Tables:
    """Where the rules of a pack are looked up: ``patterns``, and ``glued`` for those of concepts that may be glued to a
    paragraph.

    ``lines``: rules by a normalized line. ``selectors``: each with the number of its rule. ``tokens``: selectors by a
    token of an element, or by ``<`` and its tag; ``words``: selectors by a word of a class or id.
    """

    patterns: PatternTable
    glued: PatternTable
    lines: Mapping[str, Numbers]
    selectors: Sequence[tuple[int, Selector]]
    tokens: Mapping[str, Numbers]
    words: Mapping[str, Numbers]


def indexed_rules(pack: Pack) -> list[IndexedRule]:
    """The rules of a pack without their words."""
    return [
        IndexedRule(rule.concept, rule.where, bool(rule.patterns or rule.lines), bool(rule.selectors))
        for rule in pack.rules
    ]


def patterns_of(pack: Pack) -> list[Pattern]:
    """The patterns of a pack, as the tables number them."""
    return [pattern for rule in pack.rules for pattern in rule.patterns]


def tables_of(pack: Pack) -> Tables:
    """The tables of a pack."""
    patterns = list(enumerate(patterns_of(pack)))
    glued = [(number, pattern) for number, pattern in patterns if pattern.concept.name in glued_concepts()]
    selectors = [(number, selector) for number, rule in enumerate(pack.rules) for selector in rule.selectors]
    keys = [(*_most_selective_condition(selector), number) for number, (_, selector) in enumerate(selectors)]
    return Tables(
        _pattern_table(patterns, use_prefixes=True),
        _pattern_table(glued, use_prefixes=False),
        _grouped((line, number) for number, rule in enumerate(pack.rules) for line in sorted(rule.lines)),
        selectors,
        _grouped((_SIGN_OF_KEY[key] + value, at) for key, values, at in keys if key != "word" for value in values),
        _grouped((value, at) for key, values, at in keys if key == "word" for value in values),
    )


def _most_selective_condition(selector: Selector) -> tuple[str, list[str]]:
    """The condition by which a selector is looked up: its key, and its values. A tag is the least selective one; all
    conditions are checked on the candidates.
    """
    key, values = max(selector, key=lambda condition: condition[0] != "tag")
    return key, sorted(values)


def _pattern_table(patterns: Collection[tuple[int, Pattern]], *, use_prefixes: bool) -> PatternTable:
    """The table of some patterns with their numbers. Without prefixes, anchored patterns are found anywhere in a text,
    which may be a part of a block.
    """
    prefixes: dict[str, list[int]] = defaultdict(list)
    literals: dict[str, list[int]] = defaultdict(list)
    exact: dict[str, list[int]] = defaultdict(list)
    unfiltered: list[int] = []
    for number, pattern in patterns:
        required = pattern.required
        if use_prefixes and required.prefixes and not _has_rarer_literal(required):
            table, keys = prefixes, required.prefixes
        elif _is_found_by_case(required):
            table, keys = exact, required.exact[0]
        elif required.any_of is None:
            unfiltered.append(number)
            continue
        else:
            table, keys = literals, required.any_of
        for key in keys:
            table[key].append(number)
    return PatternTable(
        _nested((prefix[:HEAD_LENGTH], prefix, found) for prefix, found in prefixes.items()),
        LiteralTable(_compact(literals), _compact(exact)),
        unfiltered,
    )


def _is_found_by_case(required: RequiredLiterals) -> bool:
    """Whether the literals of a pattern in their own case tell more than those in lower case, which many texts hold."""
    exact = required.exact[0] if required.exact else ()
    is_cased = any(literal != literal.lower() for literal in exact)
    return bool(exact) and (required.any_of is None or (is_cased and is_common(required.any_of)))


def _has_rarer_literal(required: RequiredLiterals) -> bool:
    """Whether many texts begin as a pattern does, such as with a digit, and few hold one of its literals."""
    prefixes, any_of = required.prefixes or (), required.any_of or ()
    return bool(any_of) and is_common(prefixes) and not is_common(any_of)


def _nested(entries: Iterable[tuple[str, str, list[int]]]) -> dict[str, dict[str, Numbers]]:
    nested: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for outer, inner, numbers in entries:
        nested[outer][inner] = numbers
    return {outer: _compact(inner) for outer, inner in nested.items()}


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, Numbers]:
    groups: dict[str, list[int]] = defaultdict(list)
    for key, number in pairs:
        groups[key].append(number)
    return _compact(groups)


def _compact(groups: Mapping[str, list[int]]) -> dict[str, Numbers]:
    return {key: numbers[0] if len(numbers) == 1 else numbers for key, numbers in groups.items()}


def each_of(numbers: Numbers) -> Sequence[int]:
    """The numbers of an entry as a sequence."""
    return (numbers,) if isinstance(numbers, int) else numbers
