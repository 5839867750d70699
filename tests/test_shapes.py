"""Mails, text from PDFs, transcripts and the text of whole pages: their parts go, and what resembles them stays."""

import tomllib
from pathlib import Path

import pytest

from cleaner import Label, clean, label
from cleaner.rules.packs import concepts
from cleaner.rules.parts import CONCEPTS
from cleaner.segment.page import Part
from cleaner.segment.text import segment

FOLDER = Path(__file__).parent.parent / "fixtures"
LOOKALIKES = tomllib.loads((FOLDER / "shapes" / "lookalikes.toml").read_text("utf-8"))["text"]
SHAPES = sorted([*(FOLDER / "text").glob("shape-*.txt"), *(FOLDER / "lang").glob("*/shape-*.txt")])


def parts(source: str) -> list[tuple[str, str]]:
    """The parts of a text with their words."""
    page = segment(source)
    return [(part.value, page.blocks[at].plain) for at, part in page.parts.items()]


@pytest.mark.parametrize("text", LOOKALIKES, ids=[f"{entry['lang']}: {entry['kind']}" for entry in LOOKALIKES])
def test_what_resembles_a_shape_stays(text):
    source = text["text"].strip()
    assert clean(source, lang=text["lang"]) == source


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_cleaned_text_stays_as_it_is(path):
    once = clean(path.read_text("utf-8"))
    assert once
    assert clean(once) == once


def test_each_part_has_a_concept_of_its_own():
    assert CONCEPTS.keys() == set(Part)
    assert len(set(CONCEPTS.values())) == len(Part)
    assert set(CONCEPTS.values()) <= concepts().keys()


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_part_goes_with_evidence(path):
    source = path.read_text("utf-8")
    page, document = segment(source), label(source)
    for at, part in page.parts.items():
        names = [evidence.name for evidence in document.blocks[at].evidence]
        assert CONCEPTS[part] in names
        assert (document.blocks[at] in document.kept) is (concepts()[CONCEPTS[part]].label is Label.BODY)
