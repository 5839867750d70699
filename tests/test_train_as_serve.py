"""What the models are trained on is what they see at run time: the same evidence, the same columns."""

from pathlib import Path

import numpy as np
import pytest
from fixture_cases import SOURCES, read_case

from cleaner import pipeline
from cleaner.decision.policy import Policy
from cleaner.learn.data import pages, texts
from cleaner.learn.data.corpus import Example
from cleaner.learn.measuring import residue
from cleaner.model import scoring, wording
from cleaner.model.weights import load, load_text
from cleaner.reading.request import Request

PAGES = [path for path in SOURCES if path.suffix == ".html"]
TEXTS = [path for path in SOURCES if path.suffix == ".txt"][::7]


def example(path) -> Example:
    gold = "\n".join(text for label, text in read_case(path).blocks if label == "body")
    return Example("fixtures", path.stem, "site", "article", "", gold, path)


class Page(Example):
    """A page that is not compressed."""

    @property
    def html(self) -> bytes:
        return self.path.read_bytes()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages(path, monkeypatch):
    """Serving asks rules about the blocks in doubt, training about all: of the former both have the same evidence, and
    all blocks have the same log-odds.
    """
    seen = {}
    asked = scoring.evidence_for_blocks

    def evidence_for_blocks(matcher, blocks, **options):
        seen["blocks"], seen["evidence"] = list(blocks), asked(matcher, blocks, **options)
        return seen["evidence"]

    monkeypatch.setattr(scoring, "evidence_for_blocks", evidence_for_blocks)
    source = path.read_bytes()
    scores = pipeline.score(pipeline.prepare(Request(source, kind="html"), Policy()))
    sample = pages.sample(Page("fixtures", path.stem, "site", "article", "", "gold", path))
    assert [sample.evidence[at] for at in seen.get("blocks", ())] == seen.get("evidence", [])
    features = scoring.page_features(sample.page, sample.prose_map, load())
    trained = scoring.page_log_odds(features, sample.prepared.matcher, frozenset(), load())
    assert np.array_equal(trained, scores.log_odds)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_texts(path):
    source = path.read_text("utf-8")
    scores = pipeline.score(pipeline.prepare(Request(source, kind="text"), Policy()))
    sample = texts.sample(example(path), "fixture", source, ("", ""))
    by_rules = [[piece for piece in pieces if piece.name != wording.NAME] for pieces in scores.evidence.by_block]
    assert [list(pieces) for pieces in sample.evidence.by_block] == by_rules  # training asks for wording later
    assert sample.evidence.slow == scores.evidence.slow
    assert sample.columns.keys() == scores.columns.keys()
    assert all(np.array_equal(sample.columns[name], scores.columns[name]) for name in scores.columns)
    assert np.array_equal(residue.installed([sample])[0], scores.log_odds)


def test_measures_of_the_installed_weights_count_wording():
    story = [
        f"The ferry to Skarn Island sailed on day {n}, and nobody at the harbour had expected it." for n in range(5)
    ]
    source = "\n".join([*story, "Tuck into our Sunday email"])
    scores = pipeline.score(pipeline.prepare(Request(source, kind="text"), Policy()))
    sample = texts.sample(Example("c", "1", "s", "article", "", source, Path("x")), "fixture", source, ("", ""))
    assert np.array_equal(residue.installed([sample])[0], scores.log_odds)
    assert not np.array_equal(load_text().log_odds(sample.columns), scores.log_odds)


def test_an_article_on_one_line():
    """Its sentences have only the evidence that is about whole sentences, in training as well."""
    line = "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago. " * 6
    source = line + "Sign up for our daily newsletter."
    scores = pipeline.score(pipeline.prepare(Request(source, kind="text"), Policy()))
    sample = texts.sample(Example("fixtures", "x", "site", "article", "", line, None), "fixture", source, ("", ""))
    assert "one_line" in sample.page.flags
    assert sample.evidence == scores.evidence
    assert np.array_equal(residue.installed([sample])[0], scores.log_odds)
