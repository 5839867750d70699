"""Fitting the weights of recurring lines, and measuring memories: what needs no corpora."""

import random
from importlib.util import find_spec

import numpy as np
import pytest
from test_memory import SLOGAN, address, article, story

from cleaner import pipeline
from cleaner.learn.data.corpus import Example
from cleaner.learn.recurring import bench, fit, simulation
from cleaner.learn.recurring import documents as of_sites
from cleaner.learn.recurring.fit import Row
from cleaner.learn.recurring.simulation import Churn, SiteChurn
from cleaner.memory import features
from cleaner.memory.weights import load

needs_scipy = pytest.mark.skipif(find_spec("scipy") is None, reason="needs scipy, of the extra learn")


def example(number, site="courier"):
    return Example("ssg-markdown", str(number), site, "article", address(number), "", None)


def scored(number, *more):
    """A text with what the pipeline makes of it; ``more`` is its residue."""
    prepared = pipeline.prepare(pipeline.Request(article(number, *more), kind="text"), pipeline.Policy())
    scores = pipeline.score(prepared)
    kept = pipeline.decide_scored(prepared, scores, pipeline.Policy()).decision.body
    content = np.array([block.plain not in more for block in prepared.page.blocks], np.float32)
    nobody, everyone = np.zeros(len(kept), bool), np.ones(len(kept), np.float32)
    facts = example(number), prepared.page, prepared.prose_map, scores.log_odds, kept, content, everyone, nobody
    return of_sites.document_of(*facts), prepared, scores


def rows_of(n, *, slope, rng):
    """Rows of which the more are residue, the more words they have."""
    found = []
    for at in range(n):
        values = np.zeros(len(features.NAMES))
        values[0], values[list(features.NAMES).index("words")] = 1, rng.random() * 3
        logit = slope * values[list(features.NAMES).index("words")] - 2
        found.append(Row(values, rng.random() < 1 / (1 + np.exp(-logit)), 0.0, at % 5, 1.0))
    return found


def test_coefficients_are_found():
    found = fit.fit(rows_of(4000, slope=2.0, rng=random.Random(1)))
    named = dict(zip(features.NAMES, found, strict=True))
    assert named["words"] == pytest.approx(2.0, abs=0.25)
    assert named["one"] == pytest.approx(-2.0, abs=0.35)


def test_a_coefficient_with_the_wrong_sign_is_zero():
    found = dict(zip(features.NAMES, fit.fit(rows_of(2000, slope=-2.0, rng=random.Random(1))), strict=True))
    assert found["words"] == 0


def test_each_fold_is_fitted_on_the_others():
    found = rows_of(500, slope=2.0, rng=random.Random(1))
    folds = fit.out_of_fold(found)
    assert len(folds) == 5
    assert folds[2] == pytest.approx(fit.fit([row for row in found if row.fold != 2]))


def test_rows_are_recurring_lines_that_are_kept():
    documents = [scored(number, SLOGAN)[0] for number in range(8)]
    found = fit.rows(documents)
    assert found
    assert all(row.residue for row in found)
    names = list(features.NAMES)
    assert {round(float(row.columns[names.index("words")]), 2) for row in found} == {round(float(np.log1p(9)), 2)}
    assert sum(row.weight for row in found) < 3  # the line counts once, not once a document


def test_readings_go_before_gold():
    assert set(of_sites.readings().values()) == {True, False, None}
    document = scored(1, SLOGAN)[0]
    assert of_sites.is_residue(document, 6) is True
    assert of_sites.is_residue(document, 0) is False


def test_the_bench_counts_with_and_without_a_memory():
    documents = [scored(number, SLOGAN) for number in range(8)]
    report = bench.measure(documents, lambda _: load())
    for size, counts in report.by_size.items():
        expected = {1: 0, 2: 8, 5: 8, 10: 0}.get(size, 8)
        assert (counts.before, counts.after) == (0, expected), size
        assert counts.lost_after == counts.lost_before == 0
    assert (report.enough.before, report.enough.after) == (0, report.enough.residue)
    text = "\n".join(report.lines())
    assert "| all others, 4 or more | 8 | 8 | 0.000 → 1.000 | – | +0.0 |" in text


@needs_scipy
def test_churn_is_found_again():
    rng = random.Random(3)
    real = Churn(0.4, 3.0, 1.0)
    counts = []
    for _ in range(3000):
        share = real.share(rng.random())
        counts.append((sum(rng.random() < share for _ in range(10)), 10))
    found = simulation.fit_churn(counts)
    assert found.once == pytest.approx(0.4, abs=0.06)
    assert found.a / (found.a + found.b) == pytest.approx(0.75, abs=0.05)


@needs_scipy
def test_churn_of_documents():
    documents = [scored(number, SLOGAN)[0] for number in range(8)]
    churn = simulation.churn(documents)
    slogan = documents[0].lines.blocks[-1]
    assert churn.lines[simulation.line_class(documents[0], slogan)].once == 0
    assert churn.lines[0].once == 1.0  # none was seen
    assert churn.parts.share(0.9) == 0.0
    assert len(list(churn.describe())) == len(churn.lines) + 2


def test_lines_of_residue_that_recur_together():
    more = [f"The {word} of the Courier is on paper from the mill at Vik." for word in ("print", "ink", "fold")]
    documents = [scored(number, *(more if number < 4 else [f"{line} {number}" for line in story(number)]))[0]
                 for number in range(8)]  # fmt: skip
    assert simulation.churn(documents).together > 0.8
    apart = [scored(number, more[number % 3], story(number)[0], more[(number + 1) % 3])[0] for number in range(9)]
    assert simulation.churn(apart).together == 0


@needs_scipy
def test_a_line_that_hardly_recurs_may_have_a_part_that_does():
    documents = [scored(0, "Set by hand by Runa Tveit on Monday")]
    never, always = Churn(1.0, 1.0, 1.0), Churn(0.0, 8.0, 0.1)
    for parts, gone in ((always, 1), (never, 0)):
        counts = simulation.simulate(documents, SiteChurn([never] * 6, parts, 0.0), lambda _: load())
        assert counts[100].after - counts[100].before == gone


@needs_scipy
def test_the_simulation_is_the_same_every_time():
    documents = [scored(number, SLOGAN) for number in range(4)]
    once, often = Churn(1.0, 1.0, 1.0), Churn(0.0, 8.0, 0.1)
    churns = SiteChurn([often] * 6, once, 0.5)
    one = simulation.simulate(documents, churns, lambda _: load())
    assert one == simulation.simulate(documents, churns, lambda _: load())
    assert one[100].after == 4
    never = simulation.simulate(documents, SiteChurn([once] * 6, once, 0.5), lambda _: load())
    assert never[500].after == never[500].before == 0


def test_gold_says_nothing_about_a_line_without_words():
    document = scored(1, "| | |")[0]
    assert document.page.blocks[-1].plain == "| | |"
    assert of_sites.is_residue(document, len(document.page.blocks) - 1) is None


def test_articles_of_sites_with_others():
    alone = Example("ssg-markdown", "9", "elsewhere", "article", "https://elsewhere.example/9", "", None)
    forum = Example("ssg-markdown", "8", "courier", "forum", address(8), "", None)
    two = [example(1), example(2)]
    assert of_sites.with_others([alone, *two, forum]) == two
    assert of_sites.with_others([example(1), forum]) == []
