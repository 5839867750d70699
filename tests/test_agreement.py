"""Lists that stand in more than one place agree: of languages and of labels. CONTRIBUTING.md says what to add where."""

import re

from helpers import ROOT

import cleaner.serve  # noqa: F401  # its assets are read
from cleaner import Label, rules
from cleaner.export.report import asset
from cleaner.reading.language import stop_words
from cleaner.text.data_files import read_data

DOCS = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
}
STOP_WORDS = stop_words()
#: Labels that the decision gives without a rule.
WITHOUT_CONCEPT = {Label.TITLE}


# -- languages (their fixtures: test_cases.py; their examples: test_packs.py; docs/usage.md) ------------


def test_every_language_has_stop_words():
    assert set(rules.languages()) - STOP_WORDS.keys() == set()


def test_no_stop_word_stands_twice():
    twice = [(lang, word) for lang, words in STOP_WORDS.items() for word in set(words) if words.count(word) > 1]
    assert twice == []


# -- labels --------------------------------------------------------------------------------------------


def test_every_label_is_defined_in_the_docs():
    section = DOCS["docs/labels.md"].split("\n## The labels\n")[1].split("\n## ")[0]
    assert re.findall(r"^(?:\| |\*\*)`(\w+)`", section, re.MULTILINE) == list(Label)


def test_the_docs_count_the_labels():
    counts = {name: set(map(int, re.findall(r"\b(\d+) labels\b", text))) for name, text in DOCS.items()}
    assert {name: found for name, found in counts.items() if found - {len(Label)}} == {}


def test_every_label_of_residue_has_a_concept():
    residue = set(Label) - {Label.BODY} - WITHOUT_CONCEPT
    assert residue - {concept.label for concept in rules.concepts().values()} == set()


def test_every_label_has_its_own_key_on_the_local_page():
    script = read_data("cleaner.serve", "assets/serve.js").decode()
    keys = dict(re.findall(r'(\w): "(\w+)"', script.split("const KEYS = {")[1].split("}")[0]))
    assert list(keys.values()) == list(Label)


def test_every_label_of_residue_has_its_own_colour():
    hues = dict(re.findall(r"\.(\w+) \{ --hue: (\d+) \}", asset("labels.css")))
    assert list(hues) == [label for label in Label if label is not Label.BODY]
    assert len(set(hues.values())) == len(hues)
