"""The conventions of corpora, and what readers said of pages: what training trusts, and the figures by reading."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cleaner.document import Label
from cleaner.learn.data import annotations, conventions
from cleaner.learn.data.annotations import Reading
from cleaner.learn.data.conventions import NONE, Convention, Kind
from cleaner.learn.data.corpus import Example
from cleaner.learn.data.pages import Sample
from cleaner.learn.measuring import by_reading
from cleaner.segment import segment
from cleaner.segment.prose import find_prose

PROSE = "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago."


def convention(**answers: str) -> Convention:
    return replace(NONE, answers={**NONE.answers, **{Kind(name): answer for name, answer in answers.items()}})


def sample(shares: list[float], readings: list[Reading | None], corpus: str = "none") -> Sample:
    page = segment("".join(f"<p>{PROSE} {at}</p>" for at in range(len(shares))), "html")
    example = Example(corpus, "1", "skarn", "article", "", "", Path())
    trust = np.ones(len(shares), np.float32)
    return Sample(example, page, "en", find_prose(page.blocks), [], np.array(shares, np.float32), readings, trust)


def test_every_corpus_says_what_it_holds():
    loaded = conventions.load()
    assert {"fundus-dev", "andy-dev", "wcxb-dev"} <= loaded.keys()
    assert all(of_corpus.answers.keys() == set(Kind) and 0 < of_corpus.weight <= 2 for of_corpus in loaded.values())
    assert conventions.of("fundus-dev").follows_rubric(Kind.STANDFIRST)
    assert not conventions.of("fundus-dev").follows_rubric(Kind.POST)
    assert all(conventions.of("unheard").follows_rubric(kind) for kind in Kind)


def test_gold_that_differs_from_the_rubric_is_not_trusted_where_the_corpus_has_another_convention():
    kinds = [Kind.CAPTION, Kind.CAPTION, None, Kind.LIST]
    shares = np.array([1, 0, 1, 0], np.float32)  # the caption is in the gold, the list is not
    assert conventions.trust(NONE, kinds, shares).tolist() == [1, 1, 1, 1]
    unknown = convention(caption="unknown", list="unknown")
    assert conventions.trust(unknown, kinds, shares).tolist() == [0, 1, 1, 0]


def test_a_list_far_from_the_article_is_a_menu():
    shares = np.zeros(20, np.float32)
    shares[0] = 1
    trust = conventions.trust(convention(list="unknown"), [Kind.LIST] * 20, shares)
    assert trust.tolist() == [1.0] + [0.0] * conventions.REACH + [1.0] * (19 - conventions.REACH)


def test_kinds_of_blocks():
    from cleaner.features.hashing import Lexicons
    from cleaner.features.page_features import compute_features

    page = segment(
        f"<title>Ferry to Skarn Island returns</title><h1>Ferry to Skarn Island returns</h1><p class='dek'>At last, it is"
        f" back</p><p>{PROSE}</p><figure><figcaption>The pier</figcaption></figure><h2>Fares</h2><ul><li>Adults</li>"
        f"</ul><div class='comments'><p>Nice</p></div>",
        "html",
    )
    prose_map = find_prose(page.blocks)
    columns = compute_features(page, prose_map, Lexicons()).first_stage
    evidence: list[list] = [[] for _ in page.blocks]
    kinds = conventions.kinds_of_blocks(page, prose_map, evidence, columns, prose_map.in_prose)
    assert kinds == [
        Kind.HEADLINE, Kind.STANDFIRST, None, Kind.CAPTION, Kind.SUBHEADING, Kind.LIST, Kind.COMMENT
    ]  # fmt: skip


def test_what_a_reader_says_goes_before_gold():
    made = sample([1, 1, 0, 0.6], [Reading(Label.RELATED), None, Reading(Label.BODY), Reading(None)])
    assert made.targets.tolist() == pytest.approx([0, 1, 1, 0.6])
    assert made.weights.tolist() == [2, 1, 2, 0]


def test_figures_by_reading():
    whole = partial_reading = Reading(Label.RELATED, drawn=False, whole_page=True)
    assert by_reading.is_read(sample([1], [whole]))
    assert not by_reading.is_read(sample([1], [partial_reading._replace(whole_page=False)]))
    made = sample([1, 1, 0, 0.5, 0], [whole, None, Reading(Label.NOTE), None, None])
    assert by_reading.truth(made).tolist() == [0, 1, -1, -1, 0]
    perfect = by_reading.verdict(made, np.array([False, True, True, False, False]))
    faulty = by_reading.verdict(made, np.array([True, False, False, True, True]))
    assert (perfect.residue, perfect.lost) == (0, 0)
    assert (faulty.residue, faulty.lost, faulty.lost_words) == (2, 1, faulty.body_words)
    found = by_reading.groups([perfect, faulty])
    assert found["all"].perfect == found["none"].with_residue == found["none"].with_loss == 0.5
    assert "50.0%" in found["all"].row("all")


def test_readings_are_fingerprints_without_text():
    assert len(annotations.load("pages.tsv")) > 4000
    assert len(annotations.load("blocks.tsv")) > 500
    assert all(re.fullmatch("[0-9a-f]{12}", mark) for mark in annotations.load_blocks())
    assert annotations.load_blocks()[next(iter(annotations.load("pages.tsv")))].whole_page


def test_labels_of_runs_come_last():
    found = annotations.of_files(["pages.tsv", "blocks.tsv", "runs.tsv"])
    assert found.items() >= annotations.load_blocks().items()
    of_runs = [reading for reading in found.values() if reading.of_run]
    assert len(of_runs) > 20_000
    assert not any(reading.drawn or reading.whole_page for reading in of_runs)
    assert not any(reading.of_run for reading in annotations.load_blocks().values())


def test_blocks_of_the_same_text_are_told_apart():
    marks = annotations.fingerprints("c", "p", ["Share", "Ferry", " Share "])
    assert len(set(marks)) == 3
    assert marks[0].startswith(annotations.fingerprint("c", "p", "Share"))
