"""The rules of several packs, arranged so that a page meets only those that can speak about it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import numpy as np
import regex
from numpy.typing import NDArray

from cleaner.rules import Concept, Pack, Pattern, Rule, Selector, concepts

#: Characters of a cue's beginning by which it is looked up.
GRAM: Final = 4
#: Characters of an opening by which it is looked up.
HEAD: Final = 3
#: Bits of the table that tells most places from those where a cue may begin.
BITS: Final = 16

_MARKS: Final = regex.compile(r"\W*")
_WORD: Final = re.compile(r"[a-z]+|\d+")
_KINDS: Final = {".": "class", "#": "id", "@": "role", "%": "itemprop"}


class Rulebook:
    """The rules of several packs, arranged for quick looking up. Immutable once made.

    ``anchored`` patterns are found by how a text begins; where they are to be found inside of one, by their cues.
    """

    def __init__(self, packs: Iterable[Pack], *, anchored: bool = True) -> None:
        self.anchored = anchored
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        self._parts: dict[frozenset[str], Rulebook] = {}
        self.cues: dict[str, list[tuple[Concept, Pattern]]] = defaultdict(list)
        self.openings: dict[str, list[tuple[str, Concept, Pattern]]] = defaultdict(list)
        self.uncued: list[tuple[Concept, Pattern]] = []
        self.lines: dict[str, list[Rule]] = defaultdict(list)
        self.tokens: dict[tuple[str, str], list[tuple[Rule, Selector]]] = defaultdict(list)
        self.shaped: list[Rule] = []
        for rule in self.rules:
            self._add(rule)
        # Shapes need no words, so the concepts that are nothing else stand in no pack.
        own = {rule.concept.name for rule in self.rules}
        self.shaped += [Rule(c, f"concepts:{c.name}") for c in concepts().values() if c.shape and c.name not in own]
        everything = {rule.where: rule.concept for rule in (*self.rules, *self.shaped)}
        #: The concepts that take along what follows, and those that ask for a neighbour, by their rules.
        self.reaching = {where: concept for where, concept in everything.items() if concept.spread}
        self.asking = {where: concept for where, concept in everything.items() if concept.next or concept.previous}
        self._grams: dict[int, list[str]] = defaultdict(list)
        self._short = [cue for cue in self.cues if len(cue) < GRAM]
        for cue in self.cues:
            if len(cue) >= GRAM:
                self._grams[int(_grams(cue)[0])].append(cue)
        self._known = np.array(sorted(self._grams), np.uint64)
        self._maybe = np.zeros(1 << BITS, bool)
        self._maybe[_hashed(self._known)] = True
        #: Words beyond which no pattern and no line looks at a block.
        self.longest = max((rule.concept.max_words for rule in self.rules if rule.patterns or rule.lines), default=0)

    def only(self, names: frozenset[str]) -> "Rulebook":
        """The rules of some concepts, by their names, to be found inside of texts."""
        if names not in self._parts:
            rules = tuple(rule for rule in self.rules if rule.concept.name in names)
            self._parts[names] = Rulebook([Pack("", rules=rules)], anchored=False)
        return self._parts[names]

    def beginning(self, text: str) -> Iterator[tuple[Concept, Pattern]]:
        """The anchored patterns that can match a text, each once, by how it begins; the text is as
        :func:`cleaner.cues.lowered` gives it.
        """
        begin = _MARKS.match(text).end()
        head = text[begin : begin + HEAD]
        seen: set[int] = set()  # by identity: two packs of a user's may have one name
        for length in range(1, len(head) + 1):
            for opening, concept, pattern in self.openings.get(head[:length], ()):
                if text.startswith(opening, begin) and id(pattern) not in seen:
                    seen.add(id(pattern))
                    yield concept, pattern

    def places(self, whole: str) -> Iterator[tuple[str, int]]:
        """The cues that stand in a text, each with its places; the text is as :func:`cleaner.cues.lowered` gives it.

        All places are asked at once whether one of the cues may begin there, by its first ``GRAM`` characters: one in
        fifty has to be looked at.
        """
        for cue in self._short:
            at = whole.find(cue)
            while at >= 0:
                yield cue, at
                at = whole.find(cue, at + 1)
        if len(whole) < GRAM or not len(self._known):
            return
        grams = _grams(whole)
        maybe = np.flatnonzero(self._maybe[_hashed(grams)])
        number = np.minimum(np.searchsorted(self._known, grams[maybe]), len(self._known) - 1)
        sure = self._known[number] == grams[maybe]
        for at, gram in zip(maybe[sure].tolist(), grams[maybe[sure]].tolist(), strict=True):
            for cue in self._grams[gram]:
                if whole.startswith(cue, at):
                    yield cue, at

    def _add(self, rule: Rule) -> None:
        for pattern in rule.patterns:
            needs = pattern.needs
            if self.anchored and needs.openings:
                for opening in needs.openings:
                    self.openings[opening[:HEAD]].append((opening, rule.concept, pattern))
                continue
            for cue in needs.cues or ():
                self.cues[cue].append((rule.concept, pattern))
            if needs.cues is None:
                self.uncued.append((rule.concept, pattern))
        for line in rule.lines:
            self.lines[line].append(rule)
        for selector in rule.selectors:
            # One condition finds the candidates, the rest is checked on them; a tag is the least telling.
            key, values = max(selector, key=lambda condition: condition[0] != "tag")
            for value in values:
                self.tokens[key, value].append((rule, selector))
        if rule.concept.shape and not (rule.patterns or rule.lines or rule.selectors):
            self.shaped.append(rule)


def _grams(text: str) -> NDArray[np.uint64]:
    """The ``GRAM`` characters from each place of a text on, as one number."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64) & np.uint64(0xFFFF)
    n = len(codes) - GRAM + 1
    grams = codes[:n].copy()
    for at in range(1, GRAM):
        grams |= codes[at : at + n] << np.uint64(16 * at)
    return grams


def _hashed(grams: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (grams * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - BITS)


@lru_cache(maxsize=8_192)
def keys(token: str) -> tuple[tuple[str, str], ...]:
    """What selectors can ask of a class, an id or the like."""
    kind = _KINDS.get(token[0])
    if kind is None:
        return ()
    words_in = split(token[1:]) if kind in ("class", "id") else ()
    return ((kind, token[1:]), *(("word", word) for word in words_in))


@lru_cache(maxsize=8_192)
def split(token: str) -> tuple[str, ...]:
    """The words of a class or id.

    >>> split("c-newsletter__box--2")
    ('c', 'newsletter', 'box', '2')
    """
    return tuple(_WORD.findall(token))
