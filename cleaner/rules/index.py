"""Look-up tables for rules: a document meets only the patterns, lines and selectors that can match it.

Patterns are found by their required literals (see :mod:`cleaner.rules.prefilter`), lines by their normalized text, and
selectors by a class, an id or the tag of an element.
"""

import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final, TypeVar

import numpy as np
import regex
from numpy.typing import NDArray

from cleaner.rules.packs import concepts, glued_concepts
from cleaner.rules.prefilter import PREFIX_LENGTH
from cleaner.rules.schema import Pack, Pattern, Rule, Selector
from cleaner.segment.page import Style
from cleaner.text.codepoints import codes_of

#: Characters at the beginning of a literal that are hashed. The bitmap has one bit of a byte for each length up to
#: this.
HASHED_LENGTH: Final = 8
#: log2 of the slots of the bitmap that says where a literal may begin; a larger one means fewer false candidates. With
#: 65,536 slots one position in twenty is a candidate.
BITMAP_BITS: Final = 16

_NON_WORD: Final = regex.compile(r"\W*")
_CLASS_WORD: Final = re.compile(r"[a-z]+|\d+")
#: The sign before the value in a token of an element's style, and the key of selectors that it belongs to.
_KEY_OF_SIGN: Final = {".": "class", "#": "id", "@": "role", "%": "itemprop"}
_SIGN_OF_KEY: Final = {"tag": "<", **{key: sign for sign, key in _KEY_OF_SIGN.items()}}
#: Powers of a 32-bit multiplier, one for each character that is hashed.
_FACTORS: Final = tuple(pow(0x9E3779B1, power, 1 << 32) for power in range(1, HASHED_LENGTH + 1))

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class PackIndex:
    """The look-up tables of one pack, or of some of its rules. Immutable; every :class:`RuleIndex` with the pack shares
    it.

    ``prefixes``: anchored patterns by the first 1 to ``PREFIX_LENGTH`` characters of a text. ``literals``: all other
    patterns by a literal of which a text must hold one; ``beginnings``: the literals by their first ``HASHED_LENGTH``
    characters; ``single_char_literals``: those of one character. ``unfiltered``: patterns with neither, that run on
    every text. ``lines``: rules by a normalized line. ``tokens``: selectors by a token of an element, or by ``<`` and
    its tag; ``words``: selectors by a word of a class or id.
    """

    def __init__(self, rules: Iterable[Rule], *, use_prefixes: bool) -> None:
        self.rules = tuple(rules)
        patterns = [pattern for rule in self.rules for pattern in rule.patterns]
        anchored = [pattern for pattern in patterns if use_prefixes and pattern.required.prefixes]
        others = [pattern for pattern in patterns if not (use_prefixes and pattern.required.prefixes)]
        self.prefixes = _patterns_by_prefix(anchored)
        self.literals = _patterns_by_literal(others)
        self.beginnings = _grouped((literal[:HASHED_LENGTH], literal) for literal in self.literals)
        self.single_char_literals = tuple(literal for literal in self.literals if len(literal) == 1)
        self.unfiltered = tuple(pattern for pattern in others if pattern.required.any_of is None)
        self.lines = _grouped((line, rule) for rule in self.rules for line in rule.lines)
        self.tokens, self.words = _selectors_by_token_and_word(self.rules)


class RuleIndex:
    """The look-up tables of several packs. Immutable.

    With ``glued_only`` it has the rules of concepts that may be glued to a paragraph. Their patterns, anchored ones
    too, are then found anywhere in a text, since the text may be a part of a block.
    """

    def __init__(self, packs: Iterable[Pack], *, glued_only: bool = False) -> None:
        self._packs = tuple(packs)
        self.indexes = tuple(_pack_index(pack, glued_only=glued_only) for pack in self._packs)
        self._with_selectors = tuple(index for index in self.indexes if index.tokens or index.words)  # few packs
        rules = [rule for index in self.indexes for rule in index.rules]
        #: Patterns that run on every text.
        self.unfiltered = tuple(pattern for index in self.indexes for pattern in index.unfiltered)
        #: Rules of concepts that have conditions and no words.
        self.conditional = _conditional_rules(rules)
        every_rule = {rule.where: rule.concept for rule in (*rules, *self.conditional)}
        #: The concepts that spread to the blocks below, by their rules.
        self.spreading = {where: concept for where, concept in every_rule.items() if concept.spread}
        #: The concepts that require a neighbour, by their rules.
        self.neighboured = {where: concept for where, concept in every_rule.items() if concept.next or concept.previous}
        #: Whether a rule decides by itself (``strength = "always"``).
        self.has_decisive = any(rule.concept.strength == "always" for rule in rules)
        #: Words of the longest block that a pattern or a line can match.
        self.max_words = max((rule.concept.max_words for rule in rules if rule.patterns or rule.lines), default=0)
        self._lengths, self._bitmap = _bitmap(literal for index in self.indexes for literal in index.literals)

    @cached_property
    def glued(self) -> "RuleIndex":
        """The index of the rules of glued concepts, for parts of blocks."""
        return RuleIndex(self._packs, glued_only=True)

    def lines(self, text: str) -> Iterator[Rule]:
        """The rules with a line; ``text`` is as :func:`cleaner.text.words.normalize_line` returns it."""
        for index in self.indexes:
            yield from index.lines.get(text, ())

    def selector_candidates(self, style: Style) -> list[tuple[str, Rule, Selector]]:
        """The selectors of which an element has one condition: the value that it has, the rule and the selector."""
        candidates: list[tuple[str, Rule, Selector]] = []
        for index in self._with_selectors:
            for token in (f"<{style.tag}", *style.tokens):
                if token in index.tokens:
                    candidates += [(token[1:], *each) for each in index.tokens[token]]
                if token[0] in ".#":
                    for word in class_words(token[1:]):
                        if word in index.words:
                            candidates += [(word, *each) for each in index.words[word]]
        return candidates

    def prefix_candidates(self, text: str) -> Iterable[Pattern]:
        """The anchored patterns of which a text begins with a prefix, each once; ``text`` is as
        :func:`cleaner.rules.prefilter.lowered` returns it.
        """
        start = _NON_WORD.match(text).end()
        candidates: dict[int, Pattern] = {}  # by identity: equality of patterns takes long to tell
        for length in range(1, min(PREFIX_LENGTH, len(text) - start) + 1):
            prefix = text[start : start + length]
            for index in self.indexes:
                for pattern in index.prefixes.get(prefix, ()):
                    candidates[id(pattern)] = pattern
        return candidates.values()

    def find_candidates(self, text: str) -> Iterator[tuple[tuple[Pattern, ...], int]]:
        """The patterns of which a text holds a literal, with the position of each occurrence; ``text`` is as
        :func:`cleaner.rules.prefilter.lowered` returns it.

        Of a literal of one character only the first occurrence in each line counts.
        """
        yield from self._single_char_candidates(text)
        for length, hashes in _rolling_hashes(text):
            if length not in self._lengths:
                continue
            bits = self._bitmap.take(hashes >> np.uint32(32 - BITMAP_BITS)) & np.uint8(1 << length - 1)
            for at in np.flatnonzero(bits != 0).tolist():
                beginning = text[at : at + length]
                for index in self.indexes:
                    for literal in index.beginnings.get(beginning, ()):
                        if text.startswith(literal, at):
                            yield index.literals[literal], at

    def _single_char_candidates(self, text: str) -> Iterator[tuple[tuple[Pattern, ...], int]]:
        for index in self.indexes:
            for char in index.single_char_literals:
                at = text.find(char)
                while at >= 0:
                    yield index.literals[char], at
                    end = text.find("\n", at)
                    at = text.find(char, end + 1) if end >= 0 else -1


@lru_cache(maxsize=128)  # bounded, as users may make packs and throw them away
def _pack_index(pack: Pack, *, glued_only: bool) -> PackIndex:
    """The index of a pack, or of its rules of glued concepts."""
    rules = [rule for rule in pack.rules if rule.concept.name in glued_concepts()] if glued_only else pack.rules
    return PackIndex(rules, use_prefixes=not glued_only)


# -- tables ------------------------------------------------------------------------------------------


def _grouped(pairs: Iterable[tuple[_Key, _Value]]) -> Mapping[_Key, tuple[_Value, ...]]:
    """The values of each key. Keys with the same single value, such as the lines of a rule, share one tuple."""
    groups: dict[_Key, tuple[_Value, ...]] = {}
    singles: dict[int, tuple[_Value]] = {}  # by identity: that of equal patterns would take long to tell
    for key, value in pairs:
        if key in groups:
            groups[key] += (value,)
        else:
            groups[key] = singles.setdefault(id(value), (value,))
    return groups


def _patterns_by_prefix(patterns: Iterable[Pattern]) -> Mapping[str, tuple[Pattern, ...]]:
    pairs = ((pattern, {prefix[:PREFIX_LENGTH] for prefix in pattern.required.prefixes or ()}) for pattern in patterns)
    return _grouped((prefix, pattern) for pattern, prefixes in pairs for prefix in prefixes)


def _patterns_by_literal(patterns: Iterable[Pattern]) -> Mapping[str, tuple[Pattern, ...]]:
    return _grouped((literal, pattern) for pattern in patterns for literal in pattern.required.any_of or ())


_Selectors = Mapping[str, tuple[tuple[Rule, Selector], ...]]


def _selectors_by_token_and_word(rules: Iterable[Rule]) -> tuple[_Selectors, _Selectors]:
    conditions = list(_most_selective_conditions(rules))
    tokens = _grouped((_SIGN_OF_KEY[key] + value, each) for key, value, each in conditions if key != "word")
    return tokens, _grouped((value, each) for key, value, each in conditions if key == "word")


def _most_selective_conditions(rules: Iterable[Rule]) -> Iterator[tuple[str, str, tuple[Rule, Selector]]]:
    """The condition by which each selector is looked up: its key, and each of its values. A tag is the least selective
    one; all conditions are checked on the candidates.
    """
    for rule in rules:
        for selector in rule.selectors:
            key, values = max(selector, key=lambda condition: condition[0] != "tag")
            entry = rule, selector
            for value in values:
                yield key, value, entry


def _conditional_rules(rules: Sequence[Rule]) -> list[Rule]:
    """The rules of concepts with conditions and without words: those of packs, and those of the library."""
    conditional = [
        rule for rule in rules if rule.concept.requires and not (rule.patterns or rule.lines or rule.selectors)
    ]
    in_packs = {rule.concept.name for rule in rules}
    of_library = [concept for concept in concepts().values() if concept.requires and concept.name not in in_packs]
    return conditional + [Rule(concept, f"concepts:{concept.name}") for concept in of_library]


# -- hashes ------------------------------------------------------------------------------------------


def _bitmap(literals: Iterable[str]) -> tuple[Collection[int], NDArray[np.uint8]]:
    """The lengths of the hashed beginnings of literals; and a bitmap of these: ``(2 ** BITMAP_BITS,)`` uint8, in which
    bit n - 1 of a slot is set if a beginning of n characters hashes to it.
    """
    bitmap = np.zeros(1 << BITMAP_BITS, np.uint8)
    lengths = set()
    for literal in literals:
        beginning = literal[:HASHED_LENGTH]
        lengths.add(len(beginning))
        bitmap[_hash(beginning) >> 32 - BITMAP_BITS] |= 1 << len(beginning) - 1
    return lengths, bitmap


def _rolling_hashes(text: str) -> Iterator[tuple[int, NDArray[np.uint32]]]:
    """For each length from 2 to ``HASHED_LENGTH`` the hash of so many characters from each position of a text on:
    ``(len(text) - length + 1,)`` uint32.
    """
    codes = codes_of(text)
    hashes = codes * np.uint32(_FACTORS[0])
    for length in range(2, HASHED_LENGTH + 1):
        hashes = hashes[:-1] + codes[length - 1 :] * np.uint32(_FACTORS[length - 1])
        yield length, hashes


def _hash(beginning: str) -> int:
    """The hash that :func:`_rolling_hashes` gives for the same characters."""
    return sum(ord(char) * factor for char, factor in zip(beginning, _FACTORS, strict=False)) & 0xFFFFFFFF


# -- selectors ---------------------------------------------------------------------------------------


def selector_keys(token: str) -> tuple[tuple[str, str], ...]:
    """The pairs of key and value of selectors that a token of an element meets.

    >>> selector_keys(".site-nav")
    (('class', 'site-nav'), ('word', 'site'), ('word', 'nav'))
    """
    key = _KEY_OF_SIGN.get(token[0])
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
