"""Compiled packs: the indexes of the library's packs, made when the wheel is built, so that a language is read rather
than built.

The documents of a compiled file (:mod:`cleaner.rules.compiled`) are the rules, the tables, the version of the ``regex``
package, and then the patterns, each of which is read on first use: a page meets a few dozen of a thousand.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from cleaner.rules import stored_regex
from cleaner.rules.compiled import dump_concepts, dump_documents, read_documents
from cleaner.rules.index import PackIndex, pack_index
from cleaner.rules.packs import bundled, concepts
from cleaner.rules.prefilter import RequiredLiterals
from cleaner.rules.schema import Pattern
from cleaner.rules.tables import IndexedRule, LiteralTable, Numbers, PatternTable, Tables
from cleaner.text.data_files import read_data


class StoredPatterns:
    """The patterns of a compiled pack, each made on first use. Threads may share it: what one makes twice is equal."""

    def __init__(self, rules: Sequence[IndexedRule], documents: Sequence[bytes], *, are_compiled: bool) -> None:
        self._rules = rules
        self._documents = documents
        self._are_compiled = are_compiled  # by this version of the regex package
        self._patterns: dict[int, Pattern] = {}

    def __len__(self) -> int:
        return len(self._documents)

    def __getitem__(self, number: int) -> Pattern:
        pattern = self._patterns.get(number)
        if pattern is None:
            pattern = self._patterns[number] = self._read(json.loads(self._documents[number]))
        return pattern

    def _read(self, values: list[Any]) -> Pattern:
        rule, number, text, lists, required, compiled = values
        concept, where, *_ = self._rules[rule]
        return Pattern(
            concept,
            where,
            number,
            text,
            tuple((name, tuple(words)) for name, words in lists),
            _required_literals(*required),
            trusted=True,
            stored=compiled if self._are_compiled else None,
        )


def _required_literals(
    any_of: list[str] | None,
    all_of: list[list[str]],
    prefixes: list[str] | None,
    exact: list[list[str]],
    length: list[int] | None,
) -> RequiredLiterals:
    return RequiredLiterals(
        None if any_of is None else tuple(any_of),
        tuple(map(tuple, all_of)),
        None if prefixes is None else tuple(prefixes),
        tuple(map(tuple, exact)),
        None if length is None else (length[0], length[1]),
    )


def read_index(name: str, source: bytes) -> PackIndex | None:
    """The compiled index of a pack; ``source`` is the content of its TOML file. None if none was made from that content
    and with the concepts that there are.
    """
    documents = read_documents(name, source)
    if documents is None:
        return None
    (rules, tables, version), patterns = map(json.loads, documents[:3]), documents[3:]
    if any(concept not in concepts() for concept, *_ in rules):
        return None
    indexed = [IndexedRule(concepts()[concept], f"{name}:{concept}", *has) for concept, *has in rules]
    stored = StoredPatterns(indexed, patterns, are_compiled=version == stored_regex.VERSION)
    return PackIndex(indexed, _tables(tables), stored)


def _tables(values: dict[str, Any]) -> Tables:
    selectors = [
        (rule, tuple((key, frozenset(allowed)) for key, allowed in selector)) for rule, selector in values["selectors"]
    ]
    return Tables(
        _pattern_table(**values["patterns"]),
        _pattern_table(**values["glued"]),
        values["lines"],
        selectors,
        values["tokens"],
        values["words"],
    )


def _pattern_table(
    heads: dict[str, dict[str, Numbers]], literals: dict[str, Any], unfiltered: list[int]
) -> PatternTable:
    return PatternTable(heads, LiteralTable(**literals), unfiltered)


# -- when the wheel is built -------------------------------------------------------------------------


def files(names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The compiled files of the concepts and of some packs of the library: their names and their bytes."""
    yield "concepts.json", dump_concepts(read_data("cleaner.rules", "data/concepts.toml"), concepts())
    for name in names:
        yield f"{name}.json", _dump_index(read_data("cleaner.rules", f"data/{name}.toml"), pack_index(bundled(name)))


def _dump_index(source: bytes, index: PackIndex) -> bytes:
    numbers = {rule.where: number for number, rule in enumerate(index.rules)}
    tables = asdict(index.tables)
    tables["selectors"] = [
        [rule, [[key, sorted(values)] for key, values in selector]] for rule, selector in index.tables.selectors
    ]
    return dump_documents(
        source,
        [[rule.concept.name, rule.has_words, rule.has_selectors] for rule in index.rules],
        tables,
        stored_regex.VERSION,
        *(
            [
                numbers[each.rule],
                each.number,
                each.text,
                each.lists,
                each.required,
                stored_regex.dump(each.compiled),
            ]
            for each in map(index.patterns.__getitem__, range(len(index.patterns)))
        ),
    )
