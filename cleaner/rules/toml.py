"""TOML → packs and concepts, or a :class:`PackError` that names the file, the table and what to write instead.

What can be told from the text of a pack alone is checked here. :mod:`cleaner.rules.check` runs the patterns.
"""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from cleaner.document import Label
from cleaner.errors import PackError
from cleaner.reading.language import check_language
from cleaner.rules.index import class_words
from cleaner.rules.prefilter import required_literals
from cleaner.rules.schema import (
    CONDITIONS,
    MAX_WORDS,
    ROLES,
    SELECTOR_KEYS,
    SPREADS,
    STRENGTHS,
    ZONES,
    Concept,
    Pack,
    Pattern,
    Role,
    Rule,
    Selector,
    Spread,
    ascii_host,
    pack_name,
)
from cleaner.text.words import normalize_line

#: Keys of concepts that users may set, and those that are for ``concepts.toml`` alone.
_CONCEPT_KEYS: Final = frozenset(
    {"about", "strength", "zone", "max_words", "min_words", "requires", "next", "previous", "spread", "selectors_only"}
)
_LIBRARY_KEYS: Final = frozenset({"role", "glued"})
#: The old name of ``requires``: packs of users have it.
_OLD_REQUIRES: Final = "shape"
_WORD_KEYS: Final = frozenset({"patterns", "lines", "selectors", "yes", "no"})
_PACK_KEYS: Final = frozenset({"language", "hosts", "about", "lists"})

#: What stands in a file for the control characters that TOML's double quotes make of escapes.
_ESCAPES: Final = {"\b": r"\b", "\f": r"\f", "\x1b": r"\e", "\0": r"\0"}

_HOST: Final = re.compile(r"[^\s/:@?#*.\[\]\\]+(?:\.[^\s/:@?#*.\[\]\\]+)*")
#: A scheme, user information and wildcards before a host name.
_BEFORE_HOST: Final = re.compile(r"(?:(?:[a-z][a-z0-9+.-]*:)?//)?(?:[^/@]*@)?[.*]*", re.IGNORECASE)
_HOST_NAME: Final = re.compile(r"[^\s/:?#]*")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a pack; ``name`` is "" for the keys above the tables. Each method gives a checked value of a key."""

    origin: str
    name: str
    values: Mapping[str, Any]

    def error(self, message: str) -> PackError:
        where = f"{self.origin}: [{self.name}]" if self.name else f"{self.origin}:"
        return PackError(f"{where} {message}")

    def text(self, key: str, default: str = "") -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.error(f"{key} {value!r} is not a string")
        return value

    def choice(self, key: str, allowed: Collection[str], default: str = "") -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise self.error(f"{key} {value!r} is not one of {_listed(allowed)}{_did_you_mean(value, allowed)}")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        values = self.values.get(key, ())
        if not isinstance(values, Iterable) or isinstance(values, str) or not all(isinstance(v, str) for v in values):
            raise self.error(f"{key} is not a list of strings")
        return tuple(values)

    def choices(self, key: str, allowed: Collection[str]) -> frozenset[str]:
        values = frozenset(self.strings(key))
        if unknown := values - frozenset(allowed):
            value = min(unknown)
            raise self.error(f"{key} {value!r} is not one of {_listed(allowed)}{_did_you_mean(value, allowed)}")
        return values

    def number(self, key: str, default: int) -> int:
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.error(f"{key} = {value!r} is not a number of words")
        return value

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.error(f"{key} = {value!r} is neither true nor false")
        return value


def parse_concepts(text: str, origin: str) -> dict[str, Concept]:
    """The concepts of ``concepts.toml`` by name."""
    _, tables = _read_tables(text, origin)
    for table in tables.values():
        _reject_unknown_keys(table, _CONCEPT_KEYS | _LIBRARY_KEYS)
    return {name: _concept(table) for name, table in tables.items()}


def parse_pack(text: str, origin: str, concepts: Mapping[str, Concept], *, bundled: bool = False) -> Pack:
    """The pack in a TOML text; ``concepts`` are those of the library, by name.

    ``bundled`` packs are the library's own: their patterns are trusted, and their tables hold words alone.

    Raises :class:`PackError`.
    """
    head, tables = _read_tables(text, origin)
    if not tables:
        raise PackError(f"{origin}: the pack is empty; it needs a table such as [related.tip] with patterns")
    lists = _lists(head)
    return Pack(
        origin,
        language=_language(head),
        hosts=tuple(_host(head, host) for host in head.strings("hosts")),
        rules=tuple(_rule(table, lists, concepts, bundled=bundled) for table in tables.values()),
    )


# -- tables ------------------------------------------------------------------------------------------


def _read_tables(text: str, origin: str) -> tuple[_Table, dict[str, _Table]]:
    """The keys above the tables, and the tables by the name of their concept."""
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"))  # a mark that editors on Windows put there
    except tomllib.TOMLDecodeError as error:
        hint = "; write patterns in single quotes, as '\\bword\\b'" if "Unescaped" in str(error) else ""
        raise PackError(f"{origin}: {error}{hint}") from error
    head = _Table(origin, "", {key: raw.pop(key) for key in _PACK_KEYS & raw.keys()})
    tables: dict[str, _Table] = {}
    for label, group in raw.items():
        if label not in set(Label):
            raise PackError(f"{origin}: {_unknown_label(label, group)}")
        if not isinstance(group, dict):
            raise PackError(f"{origin}: {label} = {group!r} is outside of a concept's table; write [{label}.name]")
        for name, table in group.items():
            if not isinstance(table, dict):
                raise PackError(f"{origin}: [{label}] {name} is outside of a concept's table; write [{label}.name]")
            tables[f"{label}.{name}"] = _Table(origin, f"{label}.{name}", table)
    return head, tables


def _unknown_label(name: str, value: object) -> str:
    if isinstance(value, dict):
        hint = _did_you_mean(name, [*Label, "lists"])
        return f"[{name}] is not a label; tables are named [label.name], labels are {', '.join(Label)}{hint}"
    return f"unknown key {name!r} above the tables; keys are {_listed(_PACK_KEYS)}{_did_you_mean(name, _PACK_KEYS)}"


def _reject_unknown_keys(table: _Table, allowed: Collection[str]) -> None:
    if unknown := table.values.keys() - set(allowed) - {_OLD_REQUIRES}:
        key = min(unknown)
        hint = "; it belongs above the tables" if key in _PACK_KEYS else _did_you_mean(key, allowed)
        raise table.error(f"has the unknown key {key!r}{hint}")


def _did_you_mean(word: str, options: Collection[str]) -> str:
    """What to add to an error for a word that is nearly one of the options.

    >>> _did_you_mean("host", ["hosts", "language"])
    "; did you mean 'hosts'?"
    >>> _did_you_mean("colour", ["hosts", "language"])
    ''
    """
    close = difflib.get_close_matches(word.lower(), sorted(options), n=1)
    return f"; did you mean {str(close[0])!r}?" if close else ""


def _listed(allowed: Collection[str]) -> str:
    """The values in the order of a mapping, those of a set by name; without ""."""
    return ", ".join(filter(None, allowed if isinstance(allowed, Mapping) else sorted(allowed)))


# -- concepts ----------------------------------------------------------------------------------------


def _concept(table: _Table) -> Concept:
    least, most = table.number("min_words", 0), table.number("max_words", MAX_WORDS)
    if least > most:
        raise table.error(f"min_words = {least} is more than max_words = {most}: it would never match")
    return Concept(
        table.name,
        Label(table.name.split(".", maxsplit=1)[0]),
        note=table.text("about"),
        strength=table.choice("strength", STRENGTHS, "strong"),
        zone=table.choices("zone", ZONES) or ZONES,
        max_words=most,
        min_words=least,
        requires=_requires(table),
        next=_neighbours(table, "next"),
        previous=_neighbours(table, "previous"),
        spread=cast("Spread", table.choice("spread", SPREADS)),
        selectors_only=table.flag("selectors_only"),
        role=cast("Role", table.choice("role", ROLES)),
        glued=table.flag("glued"),
    )


def _neighbours(table: _Table, key: str) -> tuple[str, ...]:
    """The names of concepts. That there are such concepts is not checked: packs of users may have any."""
    names = table.strings(key)
    for name in names:
        label, _, own = name.partition(".")
        if name != "*" and not (own and label in set(Label)):
            hint = _did_you_mean(label, list(Label))
            raise table.error(f"{key} {name!r} is not the name of a concept, such as caption.credit, nor '*'{hint}")
    return names


def _requires(table: _Table) -> frozenset[str]:
    if _OLD_REQUIRES in table.values and "requires" in table.values:
        raise table.error(f"has both 'requires' and its old name {_OLD_REQUIRES!r}; write 'requires' alone")
    return table.choices(_OLD_REQUIRES if _OLD_REQUIRES in table.values else "requires", CONDITIONS)


# -- rules -------------------------------------------------------------------------------------------


def _rule(table: _Table, lists: Mapping[str, Sequence[str]], concepts: Mapping[str, Concept], *, bundled: bool) -> Rule:
    if not bundled and (reserved := _LIBRARY_KEYS & table.values.keys()):
        raise table.error(f"{min(reserved)} is for concepts of the library alone")
    _reject_unknown_keys(table, _CONCEPT_KEYS | _LIBRARY_KEYS | _WORD_KEYS)
    concept = _concept_of(table, concepts, bundled=bundled)
    where = f"{pack_name(table.origin)}:{table.name}"
    patterns = []
    for number, text in enumerate(table.strings("patterns"), 1):
        _reject_control_characters(table, "pattern", text)
        used = {name: tuple(words) for name, words in lists.items() if f"\\L<{name}>" in text}
        required = required_literals(text, used)
        patterns.append(Pattern(concept, where, number, text, tuple(used.items()), required, trusted=bundled))
    lines = frozenset(_line(table, line) for line in table.strings("lines"))
    selectors = _selectors(table)
    if not (patterns or lines or selectors or concept.requires):
        raise table.error("has neither patterns, lines nor selectors: it would never match")
    return Rule(concept, where, tuple(patterns), lines, selectors, table.strings("yes"), table.strings("no"))


def _concept_of(table: _Table, concepts: Mapping[str, Concept], *, bundled: bool) -> Concept:
    """The library's concept of a name, unless the table sets keys of its own."""
    own = (_CONCEPT_KEYS | _LIBRARY_KEYS | {_OLD_REQUIRES}) & table.values.keys()
    if table.name not in concepts or (own and not bundled):
        return _concept(table)
    if own:
        raise table.error(f"{min(own)} belongs into concepts.toml")
    return concepts[table.name]


def _line(table: _Table, text: str) -> str:
    _reject_control_characters(table, "line", text)
    normalized = normalize_line(text)
    if not normalized:
        raise table.error(f"lines: {text!r} has no words, and would equal every line that has none")
    return normalized


def _reject_control_characters(table: _Table, kind: str, text: str) -> None:
    r"""``"\b"`` in TOML's double quotes is a backspace: a pattern that holds one was meant to have single quotes."""
    control = next((char for char in text if unicodedata.category(char) == "Cc" and char not in "\t\n\r"), None)
    if control is not None:
        instead = "".join(_ESCAPES.get(char, char) for char in text)
        raise table.error(
            f"{kind} {text!r} holds the control character U+{ord(control):04X}, which is what TOML makes of"
            f" {_ESCAPES.get(control, 'an escape')} in double quotes; write it in single quotes: '{instead}'"
        )


def _lists(head: _Table) -> dict[str, tuple[str, ...]]:
    tables = head.values.get("lists", {})
    if not isinstance(tables, dict):
        raise head.error("lists is not a table of lists of strings")
    lists = _Table(head.origin, "lists", tables)
    words = {name: lists.strings(name) for name in tables}
    for each in words.values():
        for word in each:
            _reject_control_characters(lists, "word", word)
    return words


# -- hosts and selectors -----------------------------------------------------------------------------


def _language(head: _Table) -> str:
    """The code of a language; "" where the pack has none."""
    language = head.text("language")
    try:
        return check_language(language) if language else ""
    except ValueError as error:
        raise head.error(str(error).replace("lang is", "language is", 1)) from error


def _host(head: _Table, host: str) -> str:
    """A host name as addresses have it; subdomains need no entry of their own."""
    if _HOST.fullmatch(host):
        return ascii_host(host)
    name = _HOST_NAME.match(host[_BEFORE_HOST.match(host).end() :]).group().strip(".")  # type: ignore[union-attr]
    name = name.lower().removeprefix("www.")
    instead = f'write "{name}"' if _HOST.fullmatch(name) else 'write one as "example.org"'
    raise head.error(f"hosts: {host!r} is not the name of a host; {instead}")


def _selectors(table: _Table) -> tuple[Selector, ...]:
    selectors = table.values.get("selectors", [])
    if not isinstance(selectors, list):
        raise table.error('selectors is not a list of tables; write selectors = [{ class = "promo" }]')
    return tuple(_selector(table, selector) for selector in selectors)


def _selector(table: _Table, selector: object) -> Selector:
    if not isinstance(selector, dict) or not selector:
        raise table.error(f'selector {selector!r} is not a table; write {{ class = "promo" }}')
    if unknown := selector.keys() - SELECTOR_KEYS:
        key = min(unknown)
        raise table.error(
            f"selector {selector!r} has the unknown key {key!r}; keys are {_listed(SELECTOR_KEYS)}"
            f"{_did_you_mean(key, SELECTOR_KEYS)}"
        )
    conditions: list[tuple[str, frozenset[str]]] = []
    for key, value in sorted(selector.items()):
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not values or not all(isinstance(v, str) and v for v in values):
            raise table.error(f"selector {key} = {value!r} is neither a string nor a list of strings")
        conditions.append((key, frozenset(_selector_value(table, key, v) for v in values)))
    return tuple(conditions)


def _selector_value(table: _Table, key: str, value: str) -> str:
    """A value in lower case. Elements are found by single names and words: no element has another value."""
    lower = value.lower()
    names = class_words(lower) if key == "word" else tuple(lower.split())
    if names == (lower,) and not lower.startswith((".", "#")):
        return lower
    written = " or ".join(repr(name.lstrip(".#")) for name in names)
    what = "one word of a class or id" if key == "word" else "one name, without a sign before it"
    raise table.error(f"selector {key} = {value!r} would never match: a value is {what}; write {written or 'another'}")
