"""The rules of several packs, arranged so that a page meets only those that can speak about it."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeVar

import numpy as np
import regex
from numpy.typing import NDArray

from cleaner.rules.packs import Pack, Pattern, Rule, Selector, concepts
from cleaner.rules.prefilter import OPENING
from cleaner.segment.page import Style
from cleaner.text.codepoints import codepoints

#: Characters of a cue's beginning by which it is looked up: what fits into the table.
HEAD: Final = 8
#: Bits of a number by which the table is looked up, that tells most places from those where a cue may begin.
BITS: Final = 16

_MARKS: Final = regex.compile(r"\W*")
_WORD: Final = re.compile(r"[a-z]+|\d+")
_KINDS: Final = {".": "class", "#": "id", "@": "role", "%": "itemprop"}
_SIGNS: Final = {"tag": "<", **{kind: sign for sign, kind in _KINDS.items()}}

#: Numbers that spread what is multiplied by them over 32 bits.
_FACTORS: Final = tuple(pow(0x9E3779B1, power, 1 << 32) for power in range(1, HEAD + 1))

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Index:
    """The rules of one pack, or those of some of its concepts, arranged for quick looking up. Immutable once made:
    all rulebooks that have the pack share it.

    ``openings`` gives the anchored patterns by how a text begins, up to ``OPENING`` characters. ``cues`` gives the
    others, and ``long`` the cues of at least ``HEAD`` characters by as many; ``signs`` are cues of one character.
    ``uncued`` have neither. ``tokens`` gives selectors by a token of an element, or its tag behind a ``<``; ``words``
    by a word of a token.
    """

    def __init__(self, rules: Iterable[Rule], *, anchored: bool) -> None:
        self.rules = tuple(rules)
        patterns = [pattern for rule in self.rules for pattern in rule.patterns]
        begun = [pattern for pattern in patterns if anchored and pattern.needs.openings]
        found = [pattern for pattern in patterns if not (anchored and pattern.needs.openings)]
        heads = ((pattern, {opening[:OPENING] for opening in pattern.needs.openings or ()}) for pattern in begun)
        self.openings = _by((head, pattern) for pattern, of in heads for head in of)
        self.cues = _by((cue, pattern) for pattern in found for cue in pattern.needs.cues or ())
        self.long = _by((cue[:HEAD], cue) for cue in self.cues if len(cue) >= HEAD)
        self.signs = tuple(cue for cue in self.cues if len(cue) == 1)
        self.uncued = tuple(pattern for pattern in found if pattern.needs.cues is None)
        self.lines = _by((line, rule) for rule in self.rules for line in rule.lines)
        sought = list(_sought(self.rules))
        self.tokens = _by((_SIGNS[kind] + value, found) for kind, value, found in sought if kind != "word")
        self.words = _by((value, found) for kind, value, found in sought if kind == "word")


class RuleIndex:
    """The rules of several packs, arranged for quick looking up. Immutable once made.

    ``anchored`` patterns are found by how a text begins; where they are to be found inside of one, by their cues.
    """

    def __init__(self, packs: Iterable[Pack], names: frozenset[str] | None = None) -> None:
        self._packs = tuple(packs)
        self._parts: dict[frozenset[str], RuleIndex] = {}
        self.indexes = tuple(_index(pack, names) for pack in self._packs)
        self._selecting = tuple(index for index in self.indexes if index.tokens or index.words)  # few packs have any
        self.uncued = tuple(pattern for index in self.indexes for pattern in index.uncued)
        rules = [rule for index in self.indexes for rule in index.rules]
        self.shaped = [
            rule for rule in rules if rule.concept.shape and not (rule.patterns or rule.lines or rule.selectors)
        ]
        # Shapes need no words, so the concepts that are nothing else stand in no pack.
        own = {rule.concept.name for rule in rules}
        self.shaped += [Rule(c, f"concepts:{c.name}") for c in concepts().values() if c.shape and c.name not in own]
        everything = {rule.where: rule.concept for rule in (*rules, *self.shaped)}
        #: The concepts that take along what follows, and those that ask for a neighbour, by their rules.
        self.reaching = {where: concept for where, concept in everything.items() if concept.spread}
        self.asking = {where: concept for where, concept in everything.items() if concept.next or concept.previous}
        #: Words beyond which no pattern and no line looks at a block.
        self.longest = max((rule.concept.max_words for rule in rules if rule.patterns or rule.lines), default=0)
        self._lengths = {len(cue[:HEAD]) for index in self.indexes for cue in index.cues}
        self._maybe = np.zeros(1 << BITS, np.uint8)  # a bit for each length
        for index in self.indexes:
            for cue in index.cues:
                head = cue[:HEAD]
                self._maybe[_number(head) >> 32 - BITS] |= 1 << len(head) - 1

    def only(self, names: frozenset[str]) -> "RuleIndex":
        """The rules of some concepts, by their names, to be found inside of texts."""
        if names not in self._parts:
            self._parts[names] = RuleIndex(self._packs, names)
        return self._parts[names]

    def lines(self, text: str) -> Iterator[Rule]:
        """The rules that have a whole line, as :func:`cleaner.text.words.normalize_line` gives it."""
        for index in self.indexes:
            yield from index.lines.get(text, ())

    def candidates(self, style: Style) -> list[tuple[str, Rule, Selector]]:
        """The selectors of which an element has what it is found by: that, the rule and the selector."""
        found: list[tuple[str, Rule, Selector]] = []
        for index in self._selecting:
            for token in (f"<{style.tag}", *style.tokens):
                if token in index.tokens:
                    found += [(token[1:], *each) for each in index.tokens[token]]
                if token[0] in ".#":
                    for word in split(token[1:]):
                        if word in index.words:
                            found += [(word, *each) for each in index.words[word]]
        return found

    def beginning(self, text: str) -> Iterable[Pattern]:
        """The anchored patterns that can match a text, each once, by how it begins; the text is as
        :func:`cleaner.rules.prefilter.lowered` gives it.
        """
        begin = _MARKS.match(text).end()
        found: dict[int, Pattern] = {}  # by identity: two packs of a user's may have one name
        for length in range(1, min(OPENING, len(text) - begin) + 1):
            head = text[begin : begin + length]
            for index in self.indexes:
                for pattern in index.openings.get(head, ()):
                    found[id(pattern)] = pattern
        return found.values()

    def places(self, whole: str) -> Iterator[tuple[tuple[Pattern, ...], int]]:
        """The patterns of which a cue stands in a text, each with the places; the text is as
        :func:`cleaner.rules.prefilter.lowered` gives it. Of a cue that is a single character the first place in each
        line is enough.

        All places are asked at once whether one of the cues may begin there, for each length of a head: one in twenty
        has to be looked at.
        """
        for index in self.indexes:
            for sign in index.signs:
                at = whole.find(sign)
                while at >= 0:
                    yield index.cues[sign], at
                    end = whole.find("\n", at)
                    at = whole.find(sign, end + 1) if end >= 0 else -1
        for length, numbers in _numbers(whole):
            if length not in self._lengths:
                continue
            bits = self._maybe.take(numbers >> np.uint32(32 - BITS)) & np.uint8(1 << length - 1)
            for at in np.flatnonzero(bits != 0).tolist():
                head = whole[at : at + length]
                for index in self.indexes:
                    if length < HEAD:
                        if head in index.cues:
                            yield index.cues[head], at
                        continue
                    for cue in index.long.get(head, ()):
                        if whole.startswith(cue, at):
                            yield index.cues[cue], at


@lru_cache(maxsize=128)  # the library's own, whole and in part, and as many of users, who may throw theirs away
def _index(pack: Pack, names: frozenset[str] | None) -> Index:
    """The rules of a pack; or those of some concepts, to be found inside of texts."""
    rules = pack.rules if names is None else (rule for rule in pack.rules if rule.concept.name in names)
    return Index(rules, anchored=names is None)


def _by(pairs: Iterable[tuple[_Key, _Value]]) -> Mapping[_Key, tuple[_Value, ...]]:
    """The values of each key. Most keys share theirs, as the lines of a rule do: they have one tuple in common."""
    found: dict[_Key, list[_Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    shared: dict[tuple[int, ...], tuple[_Value, ...]] = {}
    return {key: shared.setdefault(tuple(map(id, values)), tuple(values)) for key, values in found.items()}


def _sought(rules: Iterable[Rule]) -> Iterator[tuple[str, str, tuple[Rule, Selector]]]:
    """What has to stand at an element for a selector to be looked at: its kind and its value."""
    for rule in rules:
        for selector in rule.selectors:
            # One condition finds the candidates, the rest is checked on them; a tag is the least telling.
            kind, values = max(selector, key=lambda condition: condition[0] != "tag")
            found = rule, selector
            for value in values:
                yield kind, value, found


def _numbers(text: str) -> Iterator[tuple[int, NDArray[np.uint32]]]:
    """For each length from two up to ``HEAD`` a number for the characters from each place of a text on."""
    codes = codepoints(text)
    numbers = codes * np.uint32(_FACTORS[0])
    for length in range(2, HEAD + 1):
        numbers = numbers[:-1] + codes[length - 1 :] * np.uint32(_FACTORS[length - 1])
        yield length, numbers


def _number(head: str) -> int:
    """The same of the beginning of a cue."""
    return sum(ord(char) * factor for char, factor in zip(head, _FACTORS, strict=False)) & 0xFFFFFFFF


def keys(token: str) -> tuple[tuple[str, str], ...]:
    """What selectors can ask of a class, an id or the like."""
    kind = _KINDS.get(token[0])
    if kind is None:
        return ()
    words_in = split(token[1:]) if kind in ("class", "id") else ()
    return ((kind, token[1:]), *(("word", word) for word in words_in))


@lru_cache(maxsize=1_024)  # those of a page, which several rules ask
def split(token: str) -> tuple[str, ...]:
    """The words of a class or id.

    >>> split("c-newsletter__box--2")
    ('c', 'newsletter', 'box', '2')
    """
    return tuple(_WORD.findall(token))
