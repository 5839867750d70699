"""The rules of several packs, arranged so that a page meets only those that can speak about it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from cleaner.rules import Concept, Pack, Pattern, Rule, Selector, concepts

#: Characters of a cue's beginning by which it is looked up.
GRAM: Final = 4

_WORD: Final = re.compile(r"[a-z]+|\d+")
_KINDS: Final = {".": "class", "#": "id", "@": "role", "%": "itemprop"}


class Rulebook:
    """The rules of several packs, arranged for quick looking up. Immutable once made."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        self.cues: dict[str, list[tuple[Concept, Pattern]]] = defaultdict(list)
        self.uncued: list[tuple[Concept, Pattern]] = []
        self.lines: dict[str, list[Rule]] = defaultdict(list)
        self.tokens: dict[tuple[str, str], list[tuple[Rule, Selector]]] = defaultdict(list)
        self.shaped: list[Rule] = []
        for rule in self.rules:
            self._add(rule)
        # Shapes need no words, so the concepts that are nothing else stand in no pack.
        own = {rule.concept.name for rule in self.rules}
        self.shaped += [Rule(c, f"concepts:{c.name}") for c in concepts().values() if c.shape and c.name not in own]
        #: The cues by how they begin, and those too short for that: most can be told absent without a search.
        self.grams: dict[str, list[str]] = defaultdict(list)
        self.short = [cue for cue in self.cues if len(cue) < GRAM]
        for cue in self.cues:
            if len(cue) >= GRAM:
                self.grams[cue[:GRAM]].append(cue)
        #: Words beyond which no pattern and no line looks at a block.
        self.longest = max((rule.concept.max_words for rule in self.rules if rule.patterns or rule.lines), default=0)

    def _add(self, rule: Rule) -> None:
        for pattern in rule.patterns:
            for cue in pattern.cues or ():
                self.cues[cue].append((rule.concept, pattern))
            if pattern.cues is None:
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


@lru_cache(maxsize=65_536)
def keys(token: str) -> tuple[tuple[str, str], ...]:
    """What selectors can ask of a class, an id or the like."""
    kind = _KINDS.get(token[0])
    if kind is None:
        return ()
    words_in = split(token[1:]) if kind in ("class", "id") else ()
    return ((kind, token[1:]), *(("word", word) for word in words_in))


@lru_cache(maxsize=65_536)
def split(token: str) -> tuple[str, ...]:
    """The words of a class or id.

    >>> split("c-newsletter__box--2")
    ('c', 'newsletter', 'box', '2')
    """
    return tuple(_WORD.findall(token))
