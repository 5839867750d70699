"""What packs are made of: concepts, patterns, rules, packs, and the values that their keys may have."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PureWindowsPath
from typing import Any, Final, Literal, get_args

import regex

from cleaner.document import Label
from cleaner.rules import stored_regex
from cleaner.rules.prefilter import RequiredLiterals

#: The weight of a rule's evidence, in log-odds for the label of its concept. 4 is odds of 50:1, what a block between
#: two body paragraphs needs to be told from them. 1 removes nothing by itself. ``always`` is meant for the packs of
#: users: such a rule decides alone.
STRENGTHS: Final = {"always": 100.0, "certain": 6.0, "strong": 4.0, "weak": 2.0, "hint": 1.0}
#: Parts of a text: before the first prose block, between the first and the last one, after the last one.
ZONES: Final = frozenset({"head", "middle", "tail"})
#: Which blocks below a block share its evidence (:mod:`cleaner.rules.propagate`); "" for none.
Spread = Literal["", "bullets", "contents", "keywords", "run", "section", "rest"]
SPREADS: Final[frozenset[str]] = frozenset(get_args(Spread))
#: What a concept can require of a block besides its words; :mod:`cleaner.rules.conditions` has a method for each.
CONDITIONS: Final = frozenset(
    {
        "lowercase",
        "before_bullets",
        "repeated",
        "repeated_run",
        "doubled",
        "childless",
        "continues",
        "short",
        "unclosed",
        "linked",
        "twice",
        "echo",
        "leftover",
        "kicker",
        "bar_list",
        "signature",
        "stray",
        "number",
        "headline",
        "picture",
        "by_author",
        "byline",
        "credit",
    }
)
#: What the engine does with a concept of the library's, beside weighing its evidence. ``area``: an element that is a
#: menu, a footer, a banner. ``box``: an element that holds blocks of many kinds. ``card``: the lines of a subscription
#: card. ``embed``: the notice of an embedded post, whose box goes as a whole. ``loose_heading``: a short line at the
#: end of a text that belongs to the residue below it. ``thread``: the heading of readers' comments.
Role = Literal["", "area", "box", "card", "embed", "loose_heading", "thread"]
ROLES: Final[frozenset[str]] = frozenset(get_args(Role))
SELECTOR_KEYS: Final = frozenset({"tag", "class", "id", "role", "itemprop", "word"})
#: The default of ``max_words``: no limit, for any block of a news page.
MAX_WORDS: Final = 10_000

#: The conditions on one element: each key with the values of which one has to be there.
Selector = tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """What a rule looks for, the same in every language. ``docs/rules.md`` explains the keys."""

    name: str
    label: Label
    note: str = ""
    strength: str = "strong"
    zone: frozenset[str] = ZONES
    max_words: int = MAX_WORDS
    min_words: int = 0
    requires: frozenset[str] = frozenset()
    next: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    spread: Spread = ""
    selectors_only: bool = False
    role: Role = ""
    glued: bool = False

    @property
    def weight(self) -> float:
        """The weight of its evidence, in log-odds."""
        return STRENGTHS[self.strength]


@dataclass(frozen=True)
class Pattern:
    """A regular expression of a rule.

    ``rule`` is the rule's identifier (``en:caption.credit``) and ``number`` the pattern's position in it, from 1 on.
    ``lists`` are the named lists that it uses. ``required`` are the literals without which it cannot match.
    ``trusted`` patterns are those of the library: tests show that they are fast, so they run without a time limit.
    ``stored`` is the compiled expression of a pattern from a compiled pack (:mod:`cleaner.rules.stored_regex`).
    """

    concept: Concept
    rule: str
    number: int
    text: str
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    required: RequiredLiterals
    trusted: bool
    stored: Any = field(default=None, repr=False, compare=False)

    @property
    def where(self) -> str:
        """The rule and the number: ``en:caption.credit[2]``."""
        return f"{self.rule}[{self.number}]"

    @cached_property
    def compiled(self) -> "regex.Pattern[str]":
        """Compiled on first use, as most patterns never meet a text that holds their required literals.

        Raises ``regex.error`` and ``ValueError`` for a pattern that is none.
        """
        if self.stored is not None:
            return stored_regex.load(self.stored)
        # cache_pattern: the cache of ``regex`` would keep patterns of packs that are no longer used.
        lists = {name: list(words) for name, words in self.lists}
        return regex.compile(self.text, regex.IGNORECASE, cache_pattern=False, **lists)


@dataclass(frozen=True, slots=True)
class Rule:
    """One concept in one pack: ``where`` is its identifier, ``en:caption.credit``."""

    concept: Concept
    where: str
    patterns: tuple[Pattern, ...] = ()
    lines: frozenset[str] = frozenset()
    selectors: tuple[Selector, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A file of rules.

    ``origin`` is the path of the file. ``language`` is "" where the rules hold in every language; ``hosts`` is empty
    where they hold on every site.
    """

    origin: str
    language: str = ""
    hosts: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """The name of the pack in the names of its rules; see :func:`pack_name`."""
        return pack_name(self.origin)

    def __hash__(self) -> int:
        """Cheap, as rule indexes are looked up by their packs for every document: not of the rules themselves."""
        return hash((self.origin, self.language, self.hosts, len(self.rules)))

    def holds_for(self, host: str) -> bool:
        """Whether the pack applies to pages of a host: one of its own hosts, or a subdomain of one."""
        host = ascii_host(host)
        return not self.hosts or any(host == own or host.endswith("." + own) for own in self.hosts)


def ascii_host(host: str) -> str:
    """A host name as a DNS server knows it: in lower case, names in other scripts encoded, no dot at the end.

    >>> ascii_host("Bücher.example"), ascii_host("courier.example.")
    ('xn--bcher-kva.example', 'courier.example')
    """
    host = host.lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:  # a part that is too long, or has characters that no host has
        return host


def pack_name(origin: str) -> str:
    r"""The name of the file of a pack without folder and suffix, the same on every system.

    >>> pack_name("packs/courier.toml"), pack_name(r"C:\packs\courier.toml")
    ('courier', 'courier')
    """
    return PureWindowsPath(origin).name.removesuffix(".toml")  # it knows both separators
