"""The fixtures: every block of every case is what a careful reader says it is. See ``fixtures/README.md``."""

import difflib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from cleaner import Document, Label, clean, label
from cleaner.document import DEFAULT_KEEP
from cleaner.text.characters import one_line

FIXTURES = Path(__file__).parents[1] / "fixtures"
SOURCES = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".txt", ".html"))


@dataclass(frozen=True)
class Case:
    """What the ``.labels`` file of a source says."""

    about: str
    lang: str | None
    expect: str
    why: str
    trap: bool
    blocks: tuple[tuple[Label, str], ...]


def parse(path: Path) -> Case:
    head: dict[str, str] = {}
    blocks = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("#") and not blocks:
            key, _, value = line.lstrip("# ").partition(":")
            head[key.strip()] = value.strip()
        elif line.strip():
            name, tab, text = line.partition("\t")
            assert tab, f"{path.name}, line {number}: no tab between the label and the text: {line!r}"
            blocks.append((Label(name), text))
    unknown = head.keys() - {"about", "lang", "expect", "why", "trap"}
    assert not unknown, f"{path.name}: unknown header {sorted(unknown)}"
    return Case(
        head.get("about", ""),
        head.get("lang"),
        head.get("expect", ""),
        head.get("why", ""),
        "trap" in head,
        tuple(blocks),
    )


@cache
def labelled(path: Path) -> Document:
    return label(path.read_bytes(), lang=case(path).lang, kind="html" if path.suffix == ".html" else "text")


@cache
def case(path: Path) -> Case:
    labels = path.with_suffix(".labels")
    assert labels.exists(), f"{path.name} has no {labels.name}; python -m cleaner --labels {path} begins one"
    return parse(labels)


def lines(keep: frozenset[Label], blocks: list[tuple[Label, str]], *, exact: bool) -> list[str]:
    return [f"{'keep' if name in keep else 'drop'}  {f'{name:<12}  ' if exact else ''}{text}" for name, text in blocks]


def compare(path: Path, *, exact: bool) -> None:
    wanted, doc = case(path), labelled(path)
    expected = lines(doc.keep, list(wanted.blocks), exact=exact)
    got = lines(doc.keep, [(block.label, one_line(block.text)) for block in doc.blocks], exact=exact)
    diff = "\n".join(difflib.unified_diff(expected, got, "expected", "got", lineterm="", n=1))
    assert got == expected, f"{path.name}: {wanted.about}\n{diff}"


def marked(path: Path, *known: str):
    """A case whose header says that it fails must: one that comes right is no longer a known failure."""
    labels = path.with_suffix(".labels")
    wanted = parse(labels) if labels.exists() else None
    marks = pytest.mark.xfail(strict=True, reason=wanted.why) if wanted and wanted.expect in known else ()
    return pytest.param(path, id=path.name, marks=marks)


KEPT = [marked(path, "fail") for path in SOURCES]
LABELS = [marked(path, "fail", "fail labels") for path in SOURCES]
TYPICAL = [path for path in SOURCES if path.name.startswith("typical") and path.suffix == ".txt"]
#: Known failures, at most.
KNOWN = 12


def test_there_are_cases():
    kinds = {path.name.split("-")[0].split(".")[0] for path in SOURCES}
    assert kinds >= {"typical", "trap", "dirty", "page"}
    assert len(SOURCES) >= 60


def test_known_failures_are_few():
    known = [path.name for path in SOURCES if case(path).expect]
    assert len(known) <= KNOWN
    assert [name for name in known if name.startswith("trap") or re.match(r"typical.*[.]txt", name)] == []


def test_no_labels_are_left_over():
    lonely = [
        path.name
        for path in FIXTURES.glob("*.labels")
        if not any(path.with_suffix(s).exists() for s in (".txt", ".html"))
    ]
    assert lonely == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_case_is_well_formed(path):
    wanted = case(path)
    assert wanted.about, f"{path.name} does not say what it shows"
    assert wanted.expect in ("", "fail", "fail labels")
    assert bool(wanted.expect) == bool(wanted.why), f"{path.name}: a known failure says why"
    if wanted.trap:
        assert {name for name, _ in wanted.blocks} <= DEFAULT_KEEP["text"], f"{path.name}: of a trap nothing goes"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_cutting(path):
    """The blocks themselves, whatever becomes of them."""
    expected = [text for _, text in case(path).blocks]
    got = [one_line(block.text) for block in labelled(path).blocks]
    diff = "\n".join(difflib.unified_diff(expected, got, "expected", "got", lineterm="", n=1))
    assert got == expected, f"{path.name}\n{diff}"


@pytest.mark.parametrize("path", KEPT)
def test_kept_and_removed(path):
    compare(path, exact=False)


@pytest.mark.parametrize("path", LABELS)
def test_labels(path):
    compare(path, exact=True)


@pytest.mark.parametrize("path", TYPICAL, ids=lambda path: path.name)
def test_the_typical_text_comes_out_to_the_letter(path):
    """The kept paragraphs as they stand in the source, with the source's own spacing between them."""
    source = path.read_text("utf-8")
    keep = [text for name, text in case(path).blocks if name in DEFAULT_KEEP["text"]]
    spans = []
    for text in keep:
        found = re.compile(r"\s+".join(map(re.escape, text.split()))).search(source, spans[-1][1] if spans else 0)
        assert found, f"{path.name} does not hold {text!r}"
        spans.append(found.span())
    got = clean(source, lang=case(path).lang)
    if _unbroken(case(path)):
        assert got == source[spans[0][0] : spans[-1][1]]
    else:
        assert [part for part in re.split(r"\n+", got) if part.strip()] == [source[slice(*span)] for span in spans]


def _unbroken(wanted: Case) -> bool:
    """Whether all that is kept stands in one piece."""
    kept = [name in DEFAULT_KEEP["text"] for name, _ in wanted.blocks]
    first, last = kept.index(True), len(kept) - kept[::-1].index(True)
    return all(kept[first:last])


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name.startswith("trap")], ids=lambda path: path.name)
def test_a_trap_comes_out_as_it_went_in(path):
    if path.suffix == ".txt":
        source = path.read_text("utf-8")
        assert clean(source, lang=case(path).lang, kind="text") == source.strip("\n")
