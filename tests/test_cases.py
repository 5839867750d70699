"""Every block of every fixture is labelled as a careful reader labels it. ``fixtures/README.md`` describes the files."""

import difflib
import re
from pathlib import Path

import fixture_cases
import pytest
from fixture_cases import (
    EXPECTED_FAILURES,
    FIXTURES,
    ROOT,
    SOURCES,
    SUFFIXES,
    case_id,
    expected_and_actual,
    kind_of,
    labelled,
    params,
    read_case,
    read_header,
    traps,
)

from cleaner import rules
from cleaner.document import DEFAULT_KEEP
from cleaner.text.characters import one_line

KINDS = {"html": {".html"}, "text": {".txt"}}


def diff(expected: list[str], actual: list[str]) -> str:
    return "\n".join(difflib.unified_diff(expected, actual, "expected", "actual", lineterm="", n=1))


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


# -- the files -----------------------------------------------------------------------------------------


def test_every_kind_and_language_has_cases():
    folders = {path.parent.relative_to(FIXTURES).as_posix() for path in SOURCES}
    assert {*KINDS, *(f"lang/{code}" for code in rules.languages() if code != "en")} - folders == set()


def test_every_language_has_a_trap():
    assert set(rules.languages()) - {read_header(path).get("lang", "en") for path in traps()} == set()


def test_every_labels_file_has_a_source():
    without_source = [
        path.name
        for path in FIXTURES.rglob("*.labels")
        if not any(path.with_suffix(suffix).exists() for suffix in SUFFIXES)
    ]
    assert without_source == []


@pytest.mark.parametrize("path", SOURCES, ids=case_id)
def test_the_labels_file_is_well_formed(path):
    case = read_case(path)
    assert case.about, "the header `about` says in one line what the case shows"
    assert case.expect in EXPECTED_FAILURES, f"the header `expect` is one of {sorted(EXPECTED_FAILURES)}"
    assert bool(case.expect) == bool(case.why) == bool(case.wrong), "`expect`, `why` and `wrong` go together"
    assert re.fullmatch(r"\d*", case.wrong), "the header `wrong` is a number of blocks"
    if case.trap:
        assert not case.expect, "a trap is no known failure: leave `trap` out until the library gets it right"
        assert {name for name, _ in case.blocks} <= DEFAULT_KEEP[kind_of(path)], "every block of a trap is kept"


@pytest.mark.parametrize("path", SOURCES, ids=case_id)
def test_the_folder_says_kind_and_language(path):
    folder = path.parent.relative_to(FIXTURES).parts
    if folder[0] == "lang":
        assert read_case(path).lang == folder[1]
    else:
        assert path.suffix in KINDS[folder[0]]
        assert read_case(path).lang is None


# -- what the library makes of them --------------------------------------------------------------------


@pytest.mark.parametrize("path", SOURCES, ids=case_id)
def test_the_kind_is_recognised(path):
    assert labelled(path).kind == kind_of(path)


@pytest.mark.parametrize("path", params("blocks"))
def test_blocks(path):
    """The boundaries and words of the blocks."""
    expected = [text for _, text in read_case(path).blocks]
    actual = [one_line(block.text) for block in labelled(path).blocks]
    assert actual == expected, f"{case_id(path)}\n{diff(expected, actual)}"


@pytest.mark.parametrize("path", params("kept"))
def test_kept_and_removed(path):
    expected, actual = expected_and_actual(path, labels=False)
    assert actual == expected, f"{case_id(path)}: {read_case(path).about}\n{diff(expected, actual)}"


@pytest.mark.parametrize("path", params("labels"))
def test_labels(path):
    expected, actual = expected_and_actual(path, labels=True)
    assert actual == expected, f"{case_id(path)}: {read_case(path).about}\n{diff(expected, actual)}"


@pytest.mark.parametrize("path", [path for path in SOURCES if path.suffix == ".txt"], ids=case_id)
def test_kept_text_is_the_source_to_the_letter(path):
    """Kept blocks come back with the source's own characters, and with its spacing where nothing between them goes."""
    source, doc = path.read_bytes().decode(), labelled(path)  # read_text() would change line ends
    kept = [block.label in doc.keep for block in doc.blocks]
    assert all(source[slice(*block.span)] == block.text for block in doc.kept)
    first, last = kept.index(True), len(kept) - kept[::-1].index(True)
    if all(kept[first:last]):
        assert doc.text == source[doc.blocks[first].span[0] : doc.blocks[last - 1].span[1]]
    else:
        assert lines_of(doc.text) == [line for block in doc.kept for line in lines_of(block.text)]


@pytest.mark.parametrize("path", traps(), ids=case_id)
def test_a_trap_comes_out_as_it_went_in(path):
    assert labelled(path).removed == ()
    if path.suffix == ".txt":
        assert labelled(path).text == path.read_bytes().decode().strip("\r\n")


# -- the reader of the fixtures ------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of fixtures of a test's own."""
    monkeypatch.setattr(fixture_cases, "FIXTURES", tmp_path)

    def write(name: str, labels: str | None) -> Path:
        path = tmp_path / name
        path.write_text("The vote is on Tuesday.", "utf-8")
        if labels is not None:
            path.with_suffix(".labels").write_text(labels, "utf-8")
        monkeypatch.setattr(fixture_cases, "SOURCES", sorted(tmp_path.glob("*.txt")))
        return path

    return write


LABELS = "body\tThe vote is on Tuesday.\n"


@pytest.mark.parametrize(
    "expect, failing",
    [("fail", {"kept", "labels"}), ("fail labels", {"labels"}), ("fail blocks", {"blocks", "kept", "labels"})],
)
def test_a_known_failure_is_a_strict_expected_failure(folder, expect, failing):
    folder("x.txt", f"# about: x\n# expect: {expect}\n# why: no rule knows it\n# wrong: 1\n{LABELS}")
    folder("y.txt", f"# about: y\n{LABELS}")
    for check in ("blocks", "kept", "labels"):
        known, other = params(check)
        assert (known.id, other.id) == ("x.txt", "y.txt")
        assert [mark.kwargs["strict"] for mark in known.marks] == ([True] if check in failing else [])
        assert all(mark.kwargs["reason"] == "no rule knows it" for mark in known.marks)
        assert not other.marks


@pytest.mark.parametrize(
    "labels, error",
    [
        (None, "x.txt has no x.labels; begin it with: python -m cleaner --labels"),
        ("# abuot: x\n" + LABELS, r"x.labels: unknown header \['abuot'\]"),
        ("# about: x\nbody The vote is on Tuesday.\n", "x.labels, line 2: no tab"),
    ],
)
def test_a_malformed_case_fails_by_itself(folder, labels, error):
    path = folder("x.txt", labels)
    assert len(params("labels")) == 1
    with pytest.raises((AssertionError, ValueError), match=error):
        read_case(path)


def test_an_unknown_label_is_named(folder):
    with pytest.raises(ValueError, match=r"x\.labels, line 2: 'bdoy' is no label"):
        read_case(folder("x.txt", "# about: x\nbdoy\tThe vote is on Tuesday.\n"))


def test_headers_end_at_the_first_block(folder):
    path = folder("x.txt", "# about: a: b\n# trap\nbody\t# expect: fail\n# why: text that begins like a header\tx\n")
    assert read_header(path) == {"about": "a: b", "trap": ""}


def test_the_readme_of_the_fixtures_names_every_header_and_value():
    readme = (ROOT / "fixtures" / "README.md").read_text("utf-8")
    names = {*fixture_cases.HEADERS, *(f"expect: {value}" for value in EXPECTED_FAILURES if value)}
    assert {name for name in names if f"# {name}" not in readme} == set()
