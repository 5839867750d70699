"""Look-up of rules: a document meets only the patterns, lines and selectors that can match it.

Patterns are found by their required literals (:mod:`cleaner.rules.pattern_index`), lines by their normalized text, and
selectors by a class, an id or the tag of an element.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

from cleaner.rules.packs import concepts, rule_without_words
from cleaner.rules.pattern_index import PatternIndex, Source
from cleaner.rules.schema import Concept, Pack, Selector
from cleaner.rules.tables import (
    KEY_OF_SIGN,
    IndexedRule,
    Patterns,
    Tables,
    each_of,
    indexed_rules,
    patterns_of,
    tables_of,
)
from cleaner.segment.page import Style

_CLASS_WORD: Final = re.compile(r"[a-z]+|\d+")
#: Tokens of elements whose selectors a :class:`RuleIndex` remembers. A page has a few hundred.
MAX_TOKENS: Final = 2_048


class PackIndex:
    """The rules of one pack, and where they are looked up. Immutable; every :class:`RuleIndex` with the pack shares
    it.
    """

    def __init__(self, rules: Sequence[IndexedRule], tables: Tables, patterns: Patterns) -> None:
        self.rules = rules
        self.tables = tables
        self.patterns = patterns

    def selectors(self, token: str) -> list[tuple[str, IndexedRule, Selector]]:
        """The selectors that are looked up by a token: the value that it has, the rule and the selector."""
        tables = self.tables
        numbers = [(token[1:], each) for each in each_of(tables.tokens[token])] if token in tables.tokens else []
        if token[0] in ".#":
            words = [word for word in _CLASS_WORD.findall(token) if word in tables.words]
            numbers += [(word, number) for word in words for number in each_of(tables.words[word])]
        found = ((value, *tables.selectors[number]) for value, number in numbers)
        return [(value, self.rules[rule], selector) for value, rule, selector in found]


@lru_cache(maxsize=128)  # bounded, as users may make packs and throw them away
def pack_index(pack: Pack) -> PackIndex:
    """The index of a pack."""
    return PackIndex(indexed_rules(pack), tables_of(pack), patterns_of(pack))


class RuleIndex:
    """The rules of several packs: those of the library, whose indexes may come from compiled files, and those of the
    user. Immutable.
    """

    def __init__(self, packs: Iterable[Pack], library: Iterable[PackIndex] = ()) -> None:
        self.indexes = (*library, *map(pack_index, packs))
        self._with_selectors = tuple(index for index in self.indexes if index.tables.selectors)  # few packs
        rules = [rule for index in self.indexes for rule in index.rules]
        # Bounded: pages of all sites together have more names than memory.
        self._selectors = lru_cache(maxsize=MAX_TOKENS)(self._find_selectors)
        #: Rules of concepts that have conditions or neighbours and no words.
        self.conditional = _conditional_rules(rules)
        every_rule = {rule.where: rule.concept for rule in (*rules, *self.conditional)}
        #: The concepts that spread to the blocks below, by their rules.
        self.spreading = {where: concept for where, concept in every_rule.items() if concept.spread}
        #: The concepts that require a neighbour, by their rules.
        self.neighboured = {where: concept for where, concept in every_rule.items() if concept.next or concept.previous}
        #: Whether a rule decides by itself (``strength = "always"``).
        self.has_decisive = any(rule.concept.strength == "always" for rule in rules)
        #: Words of the longest block that a pattern or a line can match.
        self.max_words = max((rule.concept.max_words for rule in rules if rule.has_words), default=0)

    def _find_selectors(self, token: str) -> tuple[tuple[str, IndexedRule, Selector], ...]:
        return tuple(chain.from_iterable([index.selectors(token) for index in self._with_selectors]))

    @cached_property
    def patterns(self) -> PatternIndex:
        """All patterns."""
        return PatternIndex(Source(index.tables.patterns, index.patterns) for index in self.indexes)

    @cached_property
    def glued(self) -> PatternIndex:
        """The patterns of concepts that may be glued to a paragraph. Anchored ones, too, are found anywhere in a text,
        which may be a part of a block.
        """
        return PatternIndex(Source(index.tables.glued, index.patterns) for index in self.indexes)

    def lines(self, text: str) -> Iterator[IndexedRule]:
        """The rules with a line; ``text`` is as :func:`cleaner.text.words.normalize_line` returns it."""
        for index in self.indexes:
            if text in index.tables.lines:
                yield from (index.rules[number] for number in each_of(index.tables.lines[text]))

    def selector_candidates(self, style: Style) -> list[tuple[str, IndexedRule, Selector]]:
        """The selectors of which an element has one condition: the value that it has, the rule and the selector."""
        found = list(self._selectors(f"<{style.tag}"))
        for token in style.tokens:
            found += self._selectors(token)
        return found


def _conditional_rules(rules: Sequence[IndexedRule]) -> list[IndexedRule]:
    """The rules of concepts with conditions or neighbours and without words: those of packs, and those of the library.
    Those that require a neighbour come last.
    """
    conditional = [rule for rule in rules if _has_place(rule.concept) and not (rule.has_words or rule.has_selectors)]
    in_packs = {rule.concept.name for rule in rules}
    of_library = [concept for concept in concepts().values() if _has_place(concept) and concept.name not in in_packs]
    conditional += [IndexedRule(concept, rule_without_words(concept)) for concept in of_library]
    return sorted(conditional, key=lambda rule: bool(rule.concept.next or rule.concept.previous))


def _has_place(concept: Concept) -> bool:
    """Whether a concept asks for a form or for a neighbour."""
    return bool(concept.requires or concept.next or concept.previous)


# -- selectors ---------------------------------------------------------------------------------------


def selector_keys(token: str) -> tuple[tuple[str, str], ...]:
    """The pairs of key and value of selectors that a token of an element meets.

    >>> selector_keys(".site-nav")
    (('class', 'site-nav'), ('word', 'site'), ('word', 'nav'))
    """
    key = KEY_OF_SIGN.get(token[0])
    if key is None:
        return ()
    words = class_words(token[1:]) if key in ("class", "id") else ()
    return ((key, token[1:]), *(("word", word) for word in words))


@lru_cache(maxsize=1_024)  # the tokens of a page, which several packs look up
def class_words(token: str) -> tuple[str, ...]:
    """The words of a class or id.

    >>> class_words("c-newsletter__box--2")
    ('c', 'newsletter', 'box', '2')
    """
    return tuple(_CLASS_WORD.findall(token))
