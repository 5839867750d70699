"""The bundled weights fit the code: ``cleaner-learn fit`` is due where they do not. And what the fingerprint notices."""

import gzip
import os
from enum import StrEnum
from pathlib import Path

import numpy as np
import pytest

from cleaner import rules
from cleaner.document import Label
from cleaner.features import form, second_stage, text_lines
from cleaner.learn import cli, fingerprint, hyperparameters, probes
from cleaner.learn.data import corpus, texts
from cleaner.learn.fingerprint import Difference, difference, stamped
from cleaner.model import weights
from cleaner.rules import packs
from cleaner.segment import html, prose, text

#: A folder with the corpora that the weights were fitted on, which are not part of the repository.
CORPORA = os.environ.get("CLEANER_CORPORA", "")
BUNDLED = {"html": weights.load, "text": weights.load_text}


@pytest.fixture(params=BUNDLED)
def bundled(request):
    return BUNDLED[request.param]()


# -- the bundled weights -----------------------------------------------------------------------


def test_the_bundled_weights_fit_the_code(bundled):
    found = difference(bundled)
    assert not found.stale, "\n".join(found.lines())


def test_the_bundled_weights_are_as_new_as_the_packs(bundled):
    if found := difference(bundled).packs:
        pytest.skip(f"packs changed since the fit: {', '.join(found)}")


@pytest.mark.skipif(not CORPORA, reason="CLEANER_CORPORA names no folder")
def test_the_bundled_weights_are_from_these_corpora(bundled):
    assert not fingerprint.changed_corpora(bundled, Path(CORPORA))


def test_the_probes_tell_every_column_that_the_trees_use(bundled):
    values = fingerprint.columns(bundled)
    of_text = isinstance(bundled, weights.TextWeights)
    used = {*bundled.trees.columns} if of_text else {*bundled.first_stage.columns, *bundled.second_stage.columns}
    assert used <= values.keys()
    assert [name for name, column in values.items() if np.ptp(column) == 0] == []


def test_the_probes_do_not_depend_on_the_bundled_packs(bundled):
    assert not {rule.concept.name for rule in probes.pack().rules} & set(rules.concepts())
    pages = [html.segment(probes._read(name)) for name in probes.PAGES]
    pages += [text.segment(probes._read(name)) for name in probes.TEXTS]
    evidence = [
        e for page in pages for of_block in probes.evidence(page, prose.find_prose(page.blocks)) for e in of_block
    ]
    assert {e.name for e in evidence} == {rule.concept.name for rule in probes.pack().rules}


# -- what changes a fingerprint, and what does not ---------------------------------------------


def test_a_column_that_the_trees_do_not_use_changes_nothing(bundled, monkeypatch):
    repetition = form.repetition
    monkeypatch.setattr(
        form, "repetition", lambda page: repetition(page) | {"new_column": np.ones(len(page.blocks), np.float32)}
    )
    assert not difference(bundled).stale


def test_a_new_label_changes_nothing(bundled, monkeypatch):
    monkeypatch.setattr(second_stage, "LABELS", (*Label, StrEnum("Label", {"RECIPE": "recipe"}).RECIPE))
    assert "rule_recipe" in second_stage.rule_columns([[]])
    assert not difference(bundled).stale


@pytest.mark.parametrize(
    ("module", "constant", "value", "changed"),
    [
        (form, "SHORT_WORDS", 7, {"short", "page_words_short"}),
        (second_stage, "MAX_WEIGHT", 5.0, {"rule_residue"}),
        (prose, "PROSE_WORDS", 24, {"prose", "prose_before", "page_prose_share", "blocks_since_prose"}),
        (text_lines, "SURE_RULE", 5.0, {"page_rules"}),
    ],
)
def test_another_meaning_of_a_column_is_noticed(module, constant, value, changed, monkeypatch):
    monkeypatch.setattr(module, constant, value)
    found = {name for load in BUNDLED.values() for name in difference(load()).columns}
    assert changed <= found
    assert "times" not in found


def test_two_values_that_change_places_are_noticed(bundled, monkeypatch):
    repetition = form.repetition

    def exchanged(page):
        columns = repetition(page)
        columns["times"] = columns["times"][::-1]
        return columns

    monkeypatch.setattr(form, "repetition", exchanged)
    assert "times" in difference(bundled).columns


def test_noise_of_the_last_digits_is_none(bundled):
    stored = bundled.provenance["fingerprint"]["columns"]
    for name, values in fingerprint.columns(bundled).items():
        assert fingerprint.agrees(stored[name], values * (1 + 1e-7)), name


def test_a_column_that_is_gone_is_noticed(bundled, monkeypatch):
    repetition = form.repetition
    monkeypatch.setattr(form, "repetition", lambda page: {"before_same": repetition(page)["before_same"]})
    assert difference(bundled).columns == ("times",)


def test_other_settings_of_training_are_noticed(monkeypatch):
    monkeypatch.setattr(hyperparameters, "FIRST_STAGE", hyperparameters.Stage(121, 0.1))
    monkeypatch.setattr(texts, "FAILURE", 0.4)
    pages, lines = difference(weights.load()), difference(weights.load_text())
    assert (pages.training, lines.training) == (("first_stage",), ("failed_extraction",))
    assert pages.stale
    assert lines.stale
    assert "run cleaner-learn fit" in "\n".join(pages.lines())


def test_other_packs_are_reported_and_make_no_weights_stale(bundled, monkeypatch):
    present = fingerprint.packs()
    assert {"concepts", "shared", "en"} <= present.keys()
    monkeypatch.setattr(fingerprint, "packs", lambda: present | {"en": "another", "tlh": "new"})
    found = difference(bundled)
    assert not found.stale
    assert {"en", "tlh"} <= set(found.packs)
    assert any("en" in line and "tlh" in line for line in found.lines())


def test_a_digest_of_a_pack_is_of_what_it_matches():
    table = '[related.tip]\npatterns = ["^see also"]'
    same = "# a comment\n" + table + '\nyes = ["See also"]\nno = ["I see"]\nabout = "tips"'
    assert fingerprint.digest(table) == fingerprint.digest(same)
    assert fingerprint.digest(table) != fingerprint.digest(table.replace("also", "too"))
    assert fingerprint.digest(table) != fingerprint.digest(table + '\nstrength = "weak"')
    assert set(fingerprint.packs()) == {"concepts", "shared", *packs.languages()}


def test_weights_without_a_fingerprint_are_stale():
    assert difference(weights.Weights()).stale
    assert difference(stamped(weights.Weights())) == Difference()


# -- the command, and the corpora --------------------------------------------------------------


def test_check_names_what_changed_and_accepts_on_demand(tmp_path, monkeypatch, capsys):
    for name, load in BUNDLED.items():
        (tmp_path / f"{name}.npz").write_bytes(stamped(load()).dump())
    assert cli.main(["check", str(tmp_path)]) == 0
    monkeypatch.setattr(form, "SHORT_WORDS", 7)
    assert cli.main(["check", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "page_words_short" in out
    assert cli.main(["check", str(tmp_path), "--accept"]) == 0
    assert cli.main(["check", str(tmp_path)]) == 0


def test_the_packs_of_the_fit_stay_when_the_present_code_is_accepted(monkeypatch):
    fitted = stamped(weights.Weights())
    monkeypatch.setattr(fingerprint, "packs", lambda: {"en": "another"})
    assert "en" in difference(stamped(fitted)).packs


def test_corpora_are_compared_by_name(tmp_path):
    for name in ("one", "two", "further"):
        (tmp_path / name / "html").mkdir(parents=True)
        write_gold(tmp_path / name, '{"id": "p1", "gold": "Text"}')
        (tmp_path / name / "html" / "p1.html.gz").write_bytes(b"page")
    fitted = weights.Weights(provenance={"corpora": corpus.digests(corpus.read(tmp_path, ["one", "two"]))})
    assert fingerprint.changed_corpora(fitted, tmp_path) == ()
    write_gold(tmp_path / "two", '{"id": "p1", "gold": "Other"}')
    assert fingerprint.changed_corpora(fitted, tmp_path) == ("two",)
    (tmp_path / "one" / "html" / "p1.html.gz").write_bytes(b"another page")
    assert fingerprint.changed_corpora(fitted, tmp_path) == ("one", "two")


def write_gold(folder: Path, rows: str) -> None:
    (folder / "gold.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
