"""Packs become rules. A pack is a TOML file: one concept a table, its patterns with examples beside them.

What a concept is, how sure it is and how far it reaches stands once, in ``packs/concepts.toml``; the packs hold the
words. A pack of a user's own may bring concepts of its own, with the same keys. ``docs/rules.md`` shows how.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any, Final

import regex

from cleaner.document import Label
from cleaner.errors import PackError
from cleaner.rules import prefilter
from cleaner.rules.prefilter import Needs
from cleaner.text.words import normalize_line

#: What a concept adds to the log-odds of its label before anything has been learned about it. 4 is odds of 50:1, what
#: a block between two body paragraphs needs to be told from them; a hint alone removes nothing. ``always`` decides
#: alone: for the rules of a user's own packs.
STRENGTHS: Final = {"always": 100.0, "certain": 6.0, "strong": 4.0, "weak": 2.0, "hint": 1.0}
ZONES: Final = frozenset({"head", "middle", "tail"})
SPREADS: Final = frozenset({"", "bullets", "contents", "run", "section", "rest"})
SHAPES: Final = frozenset(
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
    }
)
SELECTOR_KEYS: Final = frozenset({"tag", "class", "id", "role", "itemprop", "word"})

_PROPERTIES: Final = frozenset(
    {"about", "strength", "zone", "max_words", "min_words", "shape", "next", "previous", "spread", "selectors_only"}
)
_WORDS: Final = frozenset({"patterns", "lines", "selectors", "yes", "no"})
_PACK_KEYS: Final = frozenset({"language", "hosts", "about", "lists"})

Selector = tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """What a rule looks for: the same in every language. The keys of ``concepts.toml``, checked."""

    name: str
    label: Label
    about: str = ""
    strength: str = "strong"
    zone: frozenset[str] = ZONES
    max_words: int = 10_000
    min_words: int = 0
    shape: frozenset[str] = frozenset()
    next: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    spread: str = ""
    selectors_only: bool = False

    @property
    def weight(self) -> float:
        """The prior, in log-odds."""
        return STRENGTHS[self.strength]


@dataclass(frozen=True)
class Pattern:
    """A pattern of a rule. ``number`` is its place in the rule, from 1 on; ``needs`` is what a text must have for it to
    match at all.
    """

    concept: Concept
    rule: str
    number: int
    text: str
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    needs: Needs
    trusted: bool

    @property
    def where(self) -> str:
        """Where the pattern stands: ``en:caption.credit[2]``."""
        return f"{self.rule}[{self.number}]"

    @cached_property
    def compiled(self) -> "regex.Pattern[str]":
        """Compiled when it is first needed: most patterns never meet a text that holds one of their literals."""
        # The module would keep those of packs that are no longer used.
        lists = {name: list(words) for name, words in self.lists}
        return regex.compile(self.text, regex.IGNORECASE, cache_pattern=False, **lists)


@dataclass(frozen=True, slots=True)
class Rule:
    """One concept in one pack."""

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

    ``language`` is "" where the rules hold in every language; ``hosts`` is empty where they hold on every site.
    """

    origin: str
    language: str = ""
    hosts: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = field(default=(), repr=False)

    def __hash__(self) -> int:
        """Of the little that tells packs apart: rulebooks are looked up by their packs on every page."""
        return hash((self.origin, self.language, self.hosts, len(self.rules)))

    def holds_for(self, host: str) -> bool:
        """Whether the pack speaks about pages of a host: that host itself or a part of it."""
        host = host.lower()
        return not self.hosts or any(host == h or host.endswith("." + h) for h in self.hosts)


@cache
def concepts() -> dict[str, Concept]:
    """Every concept that comes with the library, by name."""
    origin = "concepts.toml"
    tables = _tables(_data().joinpath(origin).read_text("utf-8"), origin)
    return {name: _concept(name, table, origin) for name, table in tables.items()}


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a pack, as ISO 639-1 codes."""
    names = (entry.name.removesuffix(".toml") for entry in _data().iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(name for name in names if name not in ("concepts", "shared")))


@cache
def bundled(name: str, *, examples: bool = False) -> Pack:
    """A pack that comes with the library: ``shared`` or a language's. Its examples are for its tests."""
    pack = parse(_data().joinpath(f"{name}.toml").read_text("utf-8"), f"{name}.toml", trusted=True)
    return pack if examples else replace(pack, rules=tuple(replace(rule, yes=(), no=()) for rule in pack.rules))


def read(path: PathLike[str] | str) -> Pack:
    """A user's own pack. Raises :class:`PackError` when it cannot be read or used."""
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"{path}: {error}") from error
    return parse(text, str(path))


def parse(text: str, origin: str, *, trusted: bool = False) -> Pack:
    """The pack in a TOML text. ``trusted`` patterns are known to be fast and run without a time limit.

    Raises :class:`PackError`, which names the origin, the table and the pattern.
    """
    tables = _tables(text, origin)
    head = tables.pop("", {})
    lists = _lists(head.get("lists", {}), origin)
    return Pack(
        origin,
        language=_text(head, "language", f"{origin}:"),
        hosts=tuple(host.lower() for host in _strings(head, "hosts", f"{origin}:")),
        rules=tuple(_rule(name, table, lists, origin, trusted=trusted) for name, table in tables.items()),
    )


def _data() -> Any:  # importlib's Traversable has moved between modules
    return resources.files("cleaner.rules").joinpath("data")


def _tables(text: str, origin: str) -> dict[str, Mapping[str, Any]]:
    """The tables of a pack by concept; what stands above them under ""."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{origin}: {error}") from error
    tables: dict[str, Mapping[str, Any]] = {"": {key: raw.pop(key) for key in _PACK_KEYS & raw.keys()}}
    for label, group in raw.items():
        if label not in set(Label) or not isinstance(group, dict):
            raise PackError(f"{origin}: [{label}] is no label; labels are {', '.join(Label)}")
        for name, table in group.items():
            if not isinstance(table, dict):
                raise PackError(f"{origin}: [{label}] {name} stands outside of a concept's table, as [{label}.name]")
            tables[f"{label}.{name}"] = table
    if not tables[""]:
        del tables[""]
    return tables


def _concept(name: str, table: Mapping[str, Any], origin: str) -> Concept:
    where = f"{origin}: [{name}]"
    strength = _text(table, "strength", where, "strong")
    if strength not in STRENGTHS:
        raise PackError(f"{where} strength {strength!r} is not one of {', '.join(STRENGTHS)}")
    spread = _text(table, "spread", where)
    if spread not in SPREADS:
        raise PackError(f"{where} spread {spread!r} is not one of {', '.join(sorted(SPREADS - {''}))}")
    return Concept(
        name,
        Label(name.split(".", maxsplit=1)[0]),
        about=_text(table, "about", where),
        strength=strength,
        zone=_subset(table, "zone", ZONES, where) or ZONES,
        max_words=_number(table, "max_words", 10_000, where),
        min_words=_number(table, "min_words", 0, where),
        shape=_subset(table, "shape", SHAPES, where),
        next=_strings(table, "next", where),
        previous=_strings(table, "previous", where),
        spread=spread,
        selectors_only=bool(table.get("selectors_only", False)),
    )


def _rule(
    name: str, table: Mapping[str, Any], lists: Mapping[str, Sequence[str]], origin: str, *, trusted: bool
) -> Rule:
    where = f"{origin}: [{name}]"
    if unknown := table.keys() - _PROPERTIES - _WORDS:
        raise PackError(f"{where} has the unknown key {min(unknown)!r}")
    known = concepts().get(name)
    own = _PROPERTIES & table.keys()
    if known and not own:
        concept = known
    elif known and trusted:
        raise PackError(f"{where} {min(own)} belongs into concepts.toml")
    else:
        concept = _concept(name, table, origin)
    short = f"{origin.rsplit('/', 1)[-1].removesuffix('.toml')}:{name}"
    patterns = _strings(table, "patterns", where)
    return Rule(
        concept,
        where=short,
        patterns=tuple(_pattern(p, i, lists, concept, (where, short, trusted)) for i, p in enumerate(patterns, 1)),
        lines=frozenset(_line(line, where) for line in _strings(table, "lines", where)),
        selectors=_selectors(table.get("selectors", []), where),
        yes=_strings(table, "yes", where),
        no=_strings(table, "no", where),
    )


def _pattern(
    text: str, number: int, lists: Mapping[str, Sequence[str]], concept: Concept, origin: tuple[str, str, bool]
) -> Pattern:
    where, short, trusted = origin
    used = {name: tuple(words) for name, words in lists.items() if f"\\L<{name}>" in text}
    pattern = Pattern(concept, short, number, text, tuple(used.items()), prefilter.read(text, used), trusted)
    if not trusted:
        check(pattern, where)
    return pattern


def check(pattern: Pattern, where: str) -> None:
    """Raises :class:`PackError` for a pattern that cannot be used. The library's own are checked by its tests."""
    try:
        if pattern.compiled.fullmatch("", timeout=1):
            raise PackError(f"{where} pattern {pattern.text!r} matches an empty text, and so every block")
    except (regex.error, ValueError, RecursionError) as error:
        if isinstance(error, PackError):
            raise
        raise PackError(f"{where} pattern {pattern.text!r}: {error}") from error


def _line(text: str, where: str) -> str:
    folded = normalize_line(text)
    if not folded:
        raise PackError(f"{where} lines: {text!r} has no words, and would equal every line that has none")
    return folded


def _lists(tables: object, origin: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(tables, dict):
        raise PackError(f"{origin}: lists is no table of lists of strings")
    return {name: _strings(tables, name, f"{origin}: [lists]") for name in tables}


def _selectors(tables: object, where: str) -> tuple[Selector, ...]:
    if not isinstance(tables, list):
        raise PackError(f'{where} selectors is not a list of tables, as selectors = [{{ class = "promo" }}]')
    return tuple(_selector(table, where) for table in tables)


def _selector(table: object, where: str) -> Selector:
    if not isinstance(table, dict) or not table or table.keys() - SELECTOR_KEYS:
        raise PackError(f"{where} selector {table!r} is not a table of {', '.join(sorted(SELECTOR_KEYS))}")
    found: list[tuple[str, frozenset[str]]] = []
    for key, value in sorted(table.items()):
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise PackError(f"{where} selector {key} = {value!r} is neither a string nor a list of strings")
        found.append((key, frozenset(v.lower() for v in values)))
    return tuple(found)


def _text(table: Mapping[str, Any], key: str, where: str, default: str = "") -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise PackError(f"{where} {key} {value!r} is not a string")
    return value


def _strings(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = table.get(key, ())
    if not isinstance(values, Iterable) or isinstance(values, str) or not all(isinstance(v, str) for v in values):
        raise PackError(f"{where} {key} is not a list of strings")
    return tuple(values)


def _subset(table: Mapping[str, Any], key: str, allowed: frozenset[str], where: str) -> frozenset[str]:
    values = frozenset(_strings(table, key, where))
    if values - allowed:
        raise PackError(f"{where} {key} {min(values - allowed)!r} is not one of {', '.join(sorted(allowed))}")
    return values


def _number(table: Mapping[str, Any], key: str, default: int, where: str) -> int:
    value = table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise PackError(f"{where} {key} = {value!r} is no number of words")
    return value
