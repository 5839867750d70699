"""Strings on which a pattern that backtracks is slow: long runs of a unit, and what makes a match fail behind them.

There are two kinds: runs of what repeats in hostile and in broken texts, for every pattern; and runs of what a pattern
itself repeats, as its syntax tells.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, permutations
from typing import Final

import regex

from cleaner.rules.regex_syntax import Branch, Item, UnknownSyntaxError, parse
from cleaner.rules.schema import Pattern

#: What repeats in hostile texts and in broken ones.
UNITS: Final = ("a", "1", "(-", "a ", "A. ", ": ", "1 / ")
#: Characters that make a match fail behind a run: one that is no word character, and one that is.
_FAILING: Final = ("!", "a")
#: Blocks have single spaces and no other white space, so runs of it are not tried.
_SPACES: Final = re.compile(" {2,}")
#: Characters that are tried as members of a character class.
_MEMBERS: Final = "a1-. A,:/'|&@éя中"
#: Repeated parts of a pattern that are tried, and units of each: patterns of users seldom have more.
_MAX_PARTS: Final = 8
_MAX_UNITS: Final = 6


@dataclass(frozen=True, slots=True)
class Attack:
    """A run of a unit with a text before and a text behind it."""

    before: str
    unit: str
    behind: str

    def text(self, length: int, max_words: int) -> str:
        """The string, of about ``length`` characters and at most ``max_words`` words."""
        count = max((length - len(self.before) - len(self.behind)) // len(self.unit), 1)
        run = self.unit * count
        if " " in self.unit:
            words = max(max_words - len(self.before.split()) - len(self.behind.split()), 1)
            run = self.unit * min(count, words)
            if run.count(" ") >= words:
                run = " ".join(run.split(" ")[:words])
        text = f"{self.before}{run}{self.behind}"
        return _SPACES.sub(" ", text) if "  " in text else text

    def __str__(self) -> str:
        parts = [repr(self.before)] if self.before else []
        parts.append(f"{self.unit!r} many times")
        return " + ".join([*parts, repr(self.behind)] if self.behind else parts)


def attacks(pattern: Pattern, yes: Sequence[str] = ()) -> Iterator[Attack]:
    """The strings for a pattern; ``yes`` are texts that it matches, of which the first is a unit too."""
    literal = min(pattern.required.any_of or ("",))
    for unit in UNITS:
        yield Attack(f"{literal} ", unit, "")
        yield Attack("", unit, f" {literal}")
    yield from (Attack("", text, "") for text in yes[:1] if text)


def own_attacks(pattern: Pattern) -> Iterator[Attack]:
    r"""The strings that the syntax of a pattern tells: runs of each part that it repeats, behind what leads there.

    >>> from cleaner import rules
    >>> pack = rules.parse(r"[other.x]" "\n" r"patterns = ['id: (\w+\s?)+$']", "x.toml", check_speed=False)
    >>> [str(attack) for attack in own_attacks(pack.rules[0].patterns[0])][:2]
    ["'id: ' + 'a' many times", "'id: ' + 'a' many times + '!'"]
    """
    try:
        branches = parse(pattern.text, dict(pattern.lists))
    except (UnknownSyntaxError, RecursionError):
        return
    parts = dict.fromkeys(part for branch in branches for part in _repeated_parts(branch, "", ""))
    for before, item, behind in islice(parts, _MAX_PARTS):
        for unit in filter(str.strip, _units(item)):
            yield Attack(before, unit, "")
            for failing in _FAILING:
                yield Attack(before, unit, failing + behind)


def _repeated_parts(branch: Branch, before: str, behind: str) -> Iterator[tuple[str, Item, str]]:
    """The items of a sequence, and of the groups in it, that repeat: each with a text that leads there, and with one
    that would follow.
    """
    for number, item in enumerate(branch):
        rest = _sample(branch[number + 1 :]) + behind
        if item.repeats:
            yield before, item, rest
        for inner in item.branches:
            yield from _repeated_parts(inner, before, rest)
        if not item.optional:
            before += _item_sample(item)


def _units(item: Item) -> list[str]:
    """Texts that an item matches once: one of each branch of a group, and pairs of those."""
    if not item.branches:
        return [sample] if (sample := _item_sample(item)) else []
    singles = list(dict.fromkeys(filter(None, (_sample(branch) for branch in item.branches))))[:_MAX_UNITS]
    pairs = [one + other for one, other in permutations(singles[:3], 2)]
    return [*singles, *pairs][:_MAX_UNITS]


def _sample(branch: Branch) -> str:
    """A text that a sequence matches, without its optional items."""
    return "".join(_item_sample(item) for item in branch if not item.optional)


def _item_sample(item: Item) -> str:
    """A text that an item matches; "" for a lookaround, an anchor, and what no tried character matches."""
    if item.text:
        return item.text
    if item.branches:
        return _sample(item.branches[0])
    if item.words:
        return item.words[0]
    return _member(item.source)


@lru_cache(maxsize=256)
def _member(source: str) -> str:
    r"""A character that a character class or an escape matches.

    >>> [_member(source) for source in (r"\d", r"[^\w\s]", r"\s", "^")]
    ['1', '-', ' ', '']
    """
    if source in ("^", "$"):
        return ""
    try:
        compiled = regex.compile(source, regex.IGNORECASE, cache_pattern=False)
    except regex.error:
        return ""
    return next((char for char in _MEMBERS if compiled.fullmatch(char)), "")
