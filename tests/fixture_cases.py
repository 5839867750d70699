"""Reads the fixtures: sources, and the labels that a careful reader gives their blocks.

``fixtures/README.md`` describes the files. Documents are labelled once and shared by all tests of a run.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from helpers import ROOT

from cleaner import Document, Label, label
from cleaner.serve import labels_file
from cleaner.text.characters import one_line

FIXTURES: Final = ROOT / "fixtures"
SUFFIXES: Final = {".html": "html", ".txt": "text"}
SOURCES: Final = sorted(path for path in FIXTURES.rglob("*") if path.suffix in SUFFIXES)

#: The checks that a case must fail, by the value of its header ``expect``. A block that is wrongly kept has a wrong
#: label too, and a wrong boundary makes a wrong block.
EXPECTED_FAILURES: Final = {
    "": frozenset[str](),
    "fail labels": frozenset({"labels"}),
    "fail": frozenset({"labels", "kept"}),
    "fail blocks": frozenset({"labels", "kept", "blocks"}),
}
#: The keys that a header may have.
HEADERS: Final = ("about", "lang", "trap", "expect", "why", "wrong")


@dataclass(frozen=True)
class Case:
    """The content of a ``.labels`` file.

    ``expect`` is "" or a known failure, ``why`` its reason and ``wrong`` the most blocks that may be wrong in it.
    """

    about: str
    lang: str | None
    trap: bool
    expect: str
    why: str
    wrong: str
    blocks: tuple[tuple[Label, str], ...]


def case_id(path: Path) -> str:
    """The source's path below ``fixtures/``, which names its tests."""
    return path.relative_to(FIXTURES).as_posix()


def kind_of(path: Path) -> str:
    """``html`` or ``text``."""
    return SUFFIXES[path.suffix]


def read_header(path: Path) -> dict[str, str]:
    """The header of a source's ``.labels`` file; empty where there is no such file.

    Tests are collected with it, so it raises for no content: one malformed file must not stop the others.
    """
    labels = path.with_suffix(".labels")
    header: dict[str, str] = {}
    for line in labels.read_text("utf-8", "replace").splitlines() if labels.exists() else ():
        if not line.startswith("#"):
            break
        key, _, value = line.lstrip("# ").partition(":")
        header[key.strip()] = value.strip()
    return header


@cache
def read_case(path: Path) -> Case:
    """The labels of a source. Raises ``AssertionError`` or ``ValueError`` where the file is missing or malformed."""
    labels = path.with_suffix(".labels")
    assert labels.exists(), f"{case_id(path)} has no {labels.name}; begin it with: python -m cleaner --labels {path}"
    try:
        file = labels_file.parse(labels.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{labels.name}, {error}") from error
    unknown = sorted(file.header.keys() - set(HEADERS))
    assert not unknown, f"{labels.name}: unknown header {unknown}; headers are {', '.join(HEADERS)}"
    return Case(
        about=file.header.get("about", ""),
        lang=file.header.get("lang"),
        trap="trap" in file.header,
        expect=file.header.get("expect", ""),
        why=file.header.get("why", ""),
        wrong=file.header.get("wrong", ""),
        blocks=file.blocks,
    )


@cache
def labelled(path: Path) -> Document:
    """The document of a source, labelled once in a test run. Its kind is recognised, not given."""
    return label(path.read_bytes(), lang=read_header(path).get("lang"))


def traps() -> list[Path]:
    """The sources with the header ``# trap``: they look like residue and are content."""
    return [path for path in SOURCES if "trap" in read_header(path)]


def params(check: str) -> list:
    """All sources as parameters of a test; the known failures of this check are strict expected failures."""
    parameters = []
    for path in SOURCES:
        header = read_header(path)
        fails = check in EXPECTED_FAILURES.get(header.get("expect", ""), ())
        marks = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=header.get("why", ""))] if fails else []
        parameters.append(pytest.param(path, id=case_id(path), marks=marks))
    return parameters


def verdicts(doc: Document, blocks: list[tuple[Label, str]], *, labels: bool) -> list[str]:
    """A line for each block: kept or dropped, its label if ``labels``, its text."""
    return [
        f"{'keep' if name in doc.keep else 'drop'}  {f'{name:<12}  ' if labels else ''}{text}" for name, text in blocks
    ]


def expected_and_actual(path: Path, *, labels: bool) -> tuple[list[str], list[str]]:
    """The verdicts that the ``.labels`` file has for a source, and those of the library."""
    doc = labelled(path)
    actual = [(block.label, one_line(block.text)) for block in doc.blocks]
    return verdicts(doc, list(read_case(path).blocks), labels=labels), verdicts(doc, actual, labels=labels)


def count_wrong(expected: list[str], actual: list[str]) -> int:
    """The number of wrong blocks: expected verdicts that are missing or unexpected ones, whichever are more.

    The order of the verdicts does not count, so one wrong boundary does not make every block behind it wrong.
    """
    missing, unexpected = Counter(expected) - Counter(actual), Counter(actual) - Counter(expected)
    return max(missing.total(), unexpected.total())
