"""The packs that come with the library, and those of users.

A pack is a TOML file: each table is a concept with its patterns, lines and selectors, and with examples beside them.
What a concept is, how sure it is and where it applies is in ``data/concepts.toml``, once for all languages. The packs
of the languages hold the words. A user's pack may bring concepts of its own. ``docs/rules.md`` shows how.

:func:`bundled` gives the packs of the library, :func:`read` and :func:`parse` those of users.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from os import PathLike
from pathlib import Path
from typing import Final

from cleaner.errors import PackError
from cleaner.rules import compiled
from cleaner.rules.schema import Concept, Pack, Role, Rule
from cleaner.text.data_files import data_names, read_data

#: What stands before the names of rules that are in no pack: their concept needs no words.
_CONCEPTS: Final = "concepts"
#: Files of the data folder that are not the pack of a language.
_OTHERS: Final = frozenset({"articles", _CONCEPTS, "shared"})
#: What stands in the name of a rule between the pack and the concept.
_SEPARATOR: Final = ":"


# -- packs and concepts of the library ---------------------------------------------------------------


@cache
def concepts() -> dict[str, Concept]:
    """Every concept of the library, by name."""
    source = read_data("cleaner.rules", "data/concepts.toml")
    if (stored := compiled.read_concepts(source)) is not None:
        return stored
    from cleaner.rules import toml  # and with it what reads TOML: 6 ms that compiled packs save

    return toml.parse_concepts(source.decode(), "concepts.toml")


@cache
def concepts_with_role(role: Role) -> frozenset[str]:
    """The names of the library's concepts that have a role.

    >>> sorted(concepts_with_role("area"))
    ['navigation.area']
    """
    return frozenset(name for name, concept in concepts().items() if concept.role == role)


def concept_with_role(role: Role) -> Concept:
    """The concept of the library that has a role which one concept has alone."""
    (name,) = concepts_with_role(role)
    return concepts()[name]


@cache
def glued_concepts() -> frozenset[str]:
    """The names of the library's concepts for which a sentence may be cut off the edge of a paragraph."""
    return frozenset(name for name, concept in concepts().items() if concept.glued)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a pack, as ISO 639-1 codes."""
    names = (name.removesuffix(".toml") for name in data_names("cleaner.rules", "data") if name.endswith(".toml"))
    return tuple(sorted(name for name in names if name not in _OTHERS))


@cache
def _names_in_library() -> frozenset[str]:
    """The names that stand before the rules of the library: those of its packs, and that of ``concepts.toml``."""
    return frozenset({_CONCEPTS, "shared", *languages()})


def rule_without_words(concept: Concept) -> str:
    """The name of the rule of a concept of the library that needs no words: its form or its place tells."""
    return f"{_CONCEPTS}{_SEPARATOR}{concept.name}"


@lru_cache(maxsize=4_096)  # the rules of a few languages; bounded, as users make packs
def is_of_library(rule: str) -> bool:
    """Whether a rule is the library's, by its name: no pack of a user may have the name of one of the library.

    >>> is_of_library("en:caption.credit"), is_of_library("courier:caption.credit")
    (True, False)
    """
    return rule.partition(_SEPARATOR)[0] in _names_in_library()


@cache
def bundled(name: str, *, examples: bool = False) -> Pack:
    """A pack of the library: ``shared``, or that of a language. Only tests ask for its examples.

    Raises :class:`PackError` for another name.
    """
    if name != "shared" and name not in languages():
        raise PackError(f"the library has no pack {name!r}; cleaner.rules.read(path) reads a file of your own")
    if not examples:
        pack = bundled(name, examples=True)  # shares the patterns that tests have compiled
        return replace(pack, rules=tuple(replace(rule, yes=(), no=()) for rule in pack.rules))
    from cleaner.rules import toml

    source = read_data("cleaner.rules", f"data/{name}.toml")
    return toml.parse_pack(source.decode(), f"{name}.toml", concepts(), bundled=True)


# -- packs of users ----------------------------------------------------------------------------------


def read(path: PathLike[str] | str, *, check_speed: bool = True, check_examples: bool = True) -> Pack:
    """The pack in a user's file; the options are those of :func:`parse`.

    Raises :class:`PackError` as :func:`parse` does, and for a file that cannot be read.
    """
    try:
        text = Path(path).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise PackError(f"{path}: not UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise PackError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:  # a null character in the path
        raise PackError(f"{path!r}: {error}") from error
    return parse(text, str(path), check_speed=check_speed, check_examples=check_examples)


def parse(text: str, origin: str, *, check_speed: bool = True, check_examples: bool = True) -> Pack:
    """The pack in a TOML text of a user's; ``origin`` is its name in errors and, without folder and suffix, in rules.

    ``check_speed=False`` accepts patterns that are slow on adversarial strings: the limits on the time that they may
    take on a document still hold. ``check_examples=False`` accepts a ``yes`` that is not matched and a ``no`` that is.

    Raises :class:`PackError`, which names the origin, the table and what to write instead; ``TypeError`` for bytes.
    """
    from cleaner.rules import check, toml

    if not isinstance(text, str):
        raise TypeError(f"the text of a pack is a str, not {type(text).__name__}; rules.read(path) reads a file")
    pack = toml.parse_pack(text, origin, concepts())
    check.verify(pack, speed=check_speed, examples=check_examples)
    return pack


def check_names(packs: Sequence[Pack]) -> None:
    """Raises :class:`PackError` where two of a user's packs have one name, or one has that of a pack of the library.

    Rules are told apart by their names, which begin with that of the pack.
    """
    origins: dict[str, str] = {}
    for pack in packs:
        if is_of_library(pack.name):
            raise PackError(f"{pack.origin}: the library has a pack named {pack.name!r}; rename yours")
        if pack.name in origins:
            raise PackError(f"{pack.origin}: {origins[pack.name]} is named {pack.name!r} too; rename one of them")
        origins[pack.name] = pack.origin


def renamed(pack: Pack, name: str) -> Pack:
    """The pack with another name in the names of its rules; ``origin`` becomes ``name.toml``."""
    return replace(pack, origin=f"{name}.toml", rules=tuple(_renamed_rule(rule, name) for rule in pack.rules))


def _renamed_rule(rule: Rule, name: str) -> Rule:
    where = f"{name}{_SEPARATOR}{rule.concept.name}"
    return replace(rule, where=where, patterns=tuple(replace(pattern, rule=where) for pattern in rule.patterns))
