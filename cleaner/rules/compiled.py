"""Compiled packs: what reading the TOML files of the library gives, as JSON that loads in a tenth of the time.

The wheel holds them; a checkout of the repository does not, and reads the TOML files. A compiled file holds a digest of
the TOML files that it was made from. One that is missing, stale, or of another format is not used.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from cleaner.document import Label
from cleaner.rules.prefilter import RequiredLiterals
from cleaner.rules.schema import Concept, Pack, Pattern, Rule
from cleaner.text.data_files import read_data

#: To be raised with each change to what is stored, and to how required literals are found.
FORMAT: Final = 1
#: The folder of the compiled files, inside that of the TOML files.
FOLDER: Final = "compiled"


def read_concepts(source: bytes) -> dict[str, Concept] | None:
    """The compiled concepts; ``source`` is the content of ``concepts.toml``. None if none were made from that
    content.
    """
    stored = _read("concepts", digest(source))
    return None if stored is None else {values[0]: _concept(values) for values in stored}


def read_pack(name: str, source: bytes, concepts: Mapping[str, Concept]) -> Pack | None:
    """A compiled pack; ``source`` is the content of its TOML file. None if none was made from that content."""
    stored = _read(name, digest(source))
    if stored is None or any(concept not in concepts for concept, *_ in stored["rules"]):
        return None
    lists = {word_list: tuple(words) for word_list, words in stored["lists"].items()}
    rules = tuple(_rule(name, values, lists, concepts) for values in stored["rules"])
    return Pack(f"{name}.toml", stored["language"], tuple(stored["hosts"]), rules)


def digest(source: bytes) -> str:
    """What tells the versions of a source apart, and those of this module."""
    # Checksums find what changed by mistake, which is all that is asked here; ``hashlib`` takes 2 ms to import.
    return f"{FORMAT}-{len(source)}-{zlib.crc32(source):08x}-{zlib.adler32(source):08x}"


def without_examples(pack: Pack) -> Pack:
    return replace(pack, rules=tuple(replace(rule, yes=(), no=()) for rule in pack.rules))


def _read(name: str, expected: str) -> Any:
    try:
        stored = json.loads(read_data("cleaner.rules", f"data/{FOLDER}/{name}.json"))
    except (OSError, ValueError):
        return None
    return stored["data"] if isinstance(stored, dict) and stored.get("digest") == expected else None


# -- from JSON ---------------------------------------------------------------------------------------


def _concept(values: list[Any]) -> Concept:
    name, label, note, strength, zone, most, least, requires, after, before, *rest = values
    return Concept(
        name,
        Label(label),
        note,
        strength,
        frozenset(zone),
        most,
        least,
        frozenset(requires),
        tuple(after),
        tuple(before),
        *rest,
    )


def _rule(pack: str, values: list[Any], lists: Mapping[str, tuple[str, ...]], concepts: Mapping[str, Concept]) -> Rule:
    name, patterns, lines, selectors = values
    concept, where = concepts[name], f"{pack}:{name}"
    return Rule(
        concept,
        where,
        tuple(_pattern(each, lists, concept, (where, number)) for number, each in enumerate(patterns, 1)),
        frozenset(lines),
        tuple(tuple((key, frozenset(allowed)) for key, allowed in selector) for selector in selectors),
    )


def _pattern(
    values: list[Any], lists: Mapping[str, tuple[str, ...]], concept: Concept, place: tuple[str, int]
) -> Pattern:
    text, names, any_of, all_of, prefixes = values
    required = RequiredLiterals(
        None if any_of is None else tuple(any_of),
        tuple(map(tuple, all_of)),
        None if prefixes is None else tuple(prefixes),
    )
    return Pattern(concept, *place, text, tuple((name, lists[name]) for name in names), required, trusted=True)


# -- to JSON -----------------------------------------------------------------------------------------


def files(names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The compiled files of the concepts and of some packs: their names in ``FOLDER`` and their bytes."""
    from cleaner.rules import toml

    source = read_data("cleaner.rules", "data/concepts.toml")
    concepts = toml.parse_concepts(source.decode(), "concepts.toml")
    yield "concepts.json", _dumped(source, [_plain_concept(concept) for concept in concepts.values()])
    for name in names:
        source = read_data("cleaner.rules", f"data/{name}.toml")
        yield (
            f"{name}.json",
            _dumped(source, _plain_pack(toml.parse_pack(source.decode(), f"{name}.toml", concepts, bundled=True))),
        )


def _dumped(source: bytes, data: object) -> bytes:
    stored = {"digest": digest(source), "data": data}
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode()


def _plain_concept(concept: Concept) -> list[Any]:
    values = (getattr(concept, each.name) for each in fields(concept))
    return [sorted(value) if isinstance(value, frozenset) else value for value in values]


def _plain_pack(pack: Pack) -> dict[str, Any]:
    lists = {name: words for rule in pack.rules for pattern in rule.patterns for name, words in pattern.lists}
    return {
        "language": pack.language,
        "hosts": pack.hosts,
        "lists": lists,
        "rules": [_plain_rule(rule) for rule in pack.rules],
    }


def _plain_rule(rule: Rule) -> list[Any]:
    patterns = [
        [
            pattern.text,
            [name for name, _ in pattern.lists],
            pattern.required.any_of,
            pattern.required.all_of,
            pattern.required.prefixes,
        ]
        for pattern in rule.patterns
    ]
    selectors = [[[key, sorted(values)] for key, values in selector] for selector in rule.selectors]
    return [rule.concept.name, patterns, sorted(rule.lines), selectors]
