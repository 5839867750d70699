"""Training on a small generated corpus: the command runs, and two runs write the same files. Needs the extra learn."""

import contextlib
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

# OpenMP's threads spin while they wait, and take ten times the CPU time on a busy machine. Read when it is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

pytest.importorskip("lightgbm", reason="needs the extra learn")
pytest.importorskip("sklearn", reason="needs the extra learn")
pytest.importorskip("resiliparse", reason="needs the extra peers")

from cleaner import Label, label
from cleaner.learn import cli, fingerprint, hyperparameters
from cleaner.learn.data import annotations, baselines, corpus, lines, pages
from cleaner.learn.data.corpus import FOLDS, Example
from cleaner.learn.data.lines import LabelledLine
from cleaner.learn.fitting import boosting, command
from cleaner.learn.fitting.html import first_stage_out_of_fold, taught_targets
from cleaner.learn.hyperparameters import Stage
from cleaner.learn.measuring import crossval, metrics
from cleaner.model.naming import NamingWeights
from cleaner.model.weights import TextWeights, Weights
from cleaner.model.wording import WordingWeights

# newspaper4k says so while it is imported.
pytestmark = pytest.mark.filterwarnings("ignore:nltk is not installed")

BODY = (
    "The ferry to island {0} sailed on Monday for the first time since the pier gave way {0} winters ago.",
    "All of the {0} passengers stood on deck in the rain, and nobody of them had brought an umbrella along.",
)
POST = "My boiler makes a noise like an owl since day {0}, and the dog has moved to the shed because of it."
PAGES = 30


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    root = tmp_path_factory.mktemp("corpora")
    for name, make in (("news", article), ("boards", forum)):
        folder = root / name
        (folder / "html").mkdir(parents=True)
        with gzip.open(folder / "gold.jsonl.gz", "wt") as rows:
            for n in range(PAGES):
                html, gold, kind = make(n)
                row = {"id": f"{name}{n}", "type": kind, "url": f"https://{name}{n % 15}.example/{n}", "gold": gold}
                rows.write(json.dumps(row) + "\n")
                (folder / "html" / f"{name}{n}.html.gz").write_bytes(gzip.compress(html.encode()))
    return root


def article(n: int) -> tuple[str, str, str]:
    texts = [text.format(n + k) for k in range(1, 8) for text in BODY]
    story = "".join(f'<p class="text">{text}</p>' for text in texts)
    menu = "".join(f'<li class="entry"><a href="/{k}">Section {k}</a></li>' for k in range(9))
    html = (
        f"<html><head><title>Ferry {n}</title></head><body><ul class=menu>{menu}</ul><article><h1>Ferry {n}</h1>{story}"
        f'</article><div class="newsletter"><p>Sign up for our newsletter {n}.</p></div></body></html>'
    )
    return html, "\n".join(texts), "article"


def forum(n: int) -> tuple[str, str, str]:
    texts = [POST.format(n + k) for k in range(6)]
    posts = "".join(
        f'<div class="post"><b class="user">owl{k}</b><div>{text}</div></div>' for k, text in enumerate(texts)
    )
    return f"<html><head><title>Boiler {n}</title></head><body>{posts}</body></html>", "\n".join(texts), "forum"


@pytest.fixture(scope="module")
def runs(corpora, tmp_path_factory):
    """Two fits, one here and one in a process of another hash seed: the folder and the report of each."""
    here, there = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("there")
    arguments = ["fit", str(corpora), "-o"]
    with contextlib.redirect_stdout(io.StringIO()) as report:
        assert cli.main([*arguments, str(here), "--plot", str(here / "plot.svg")]) == 0
    command = [sys.executable, "-m", "cleaner.learn.cli", *arguments, str(there)]
    environment = {**os.environ, "PYTHONHASHSEED": "2"}
    done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
    return (here, report.getvalue()), (there, done.stdout)


def test_two_processes_write_the_same_files_and_the_same_report(runs):
    (one, report), (other, again) = runs
    for name in ("html.npz", "text.npz"):
        assert (one / name).read_bytes() == (other / name).read_bytes()
    assert report == again


def test_what_is_easy_is_learned_and_reported(runs):
    folder, report = runs[0]
    weights = Weights.parse((folder / "html.npz").read_bytes())
    assert weights.provenance["cross_validated"]["news"][0] > 0.9
    assert len(weights.first_stage.roots) > 1
    assert len(weights.second_stage.roots) >= 1
    assert "news article" in report
    assert "page types predicted correctly: " in report
    assert f"| trafilatura | {PAGES} |" in report
    assert (folder / "plot.svg").read_text().startswith("<?xml")


def test_fitted_weights_say_what_they_are_from(runs, corpora):
    folder, _ = runs[0]
    html = Weights.parse((folder / "html.npz").read_bytes())
    text = TextWeights.parse((folder / "text.npz").read_bytes())
    assert (html.provenance["pages"], html.provenance["sites"]) == (2 * PAGES, 30)
    assert html.provenance["corpora"] == text.provenance["corpora"] == corpus.digests(corpus.read(corpora))
    for weights in (html, text):
        assert fingerprint.difference(weights) == fingerprint.Difference()
        assert fingerprint.changed_corpora(weights, corpora) == ()


def test_check_accepts_what_fit_wrote_on_these_corpora(runs, corpora, tmp_path, capsys):
    folder, _ = runs[0]
    assert cli.main(["check", str(folder), "--corpora", str(corpora)]) == 0
    assert capsys.readouterr().out.count("the weights fit the code") == 2
    others = tmp_path / "corpora"
    shutil.copytree(corpora, others)
    (others / "boards" / "html" / "boards0.html.gz").write_bytes(gzip.compress(b"another page"))
    assert cli.main(["check", str(folder), "--corpora", str(others)]) == 1
    assert capsys.readouterr().out.count("the corpus boards is not the one") == 2


def test_by_page_reports_sites_apart_and_writes_nothing(corpora, tmp_path, capsys, monkeypatch):
    for name in ("FIRST_STAGE", "SECOND_STAGE"):
        monkeypatch.setattr(hyperparameters, name, Stage(3, 0.1))
    assert cli.main(["fit", str(corpora), "--by-page", "--only", "boards", "--kind", "html", "-o", str(tmp_path)]) == 0
    report = capsys.readouterr().out
    assert "boards site seen" in report
    assert "news" not in report
    assert not list(tmp_path.iterdir())


def test_a_missing_extractor_is_an_error_and_no_empty_text(monkeypatch):
    baselines.require(["trafilatura"])  # which imports justext itself
    monkeypatch.setitem(sys.modules, "justext", None)
    with pytest.raises(ImportError, match=r"article-cleaner\[peers\]"):
        baselines.require(["trafilatura", "justext"])


def test_nested_log_odds_are_by_trees_that_have_seen_neither_fold(monkeypatch):
    """Each fit marks the rows that it predicts with the folds that it was made without."""

    def out_of_fold(self, stage, folds):
        return np.where(np.isin(self.folds, folds), sum(10**fold for fold in folds), 0).astype(np.float32)

    monkeypatch.setattr(boosting.Rows, "out_of_fold", out_of_fold)
    folds = np.arange(corpus.FOLDS).repeat(2)
    ones = np.ones(len(folds), np.float32)
    log_odds, nested = first_stage_out_of_fold(boosting.Rows(["a"], ones[:, None], ones, ones, folds))
    assert log_odds.tolist() == [10**fold for fold in folds]
    for measured in range(corpus.FOLDS):
        expected = [sum(10**k for k in {int(fold), measured}) for fold in folds]
        assert nested[measured].tolist() == expected


def test_targets_of_the_second_round_are_the_mean_of_gold_and_model_but_for_what_was_read(corpora):
    page = pages.sample(next(iter(corpus.read(corpora, ["news"]))))
    assert page is not None
    n = len(page.shares)
    page.readings = [annotations.Reading(Label.CAPTION), annotations.Reading(None), *[None] * (n - 2)]
    page.shares = np.linspace(0, 1, n, dtype=np.float32)
    taught = taught_targets([page], np.zeros(n, np.float32))
    assert taught.tolist() == pytest.approx([0, page.shares[1], *(page.shares[2:] / 2 + 0.25)])


def test_trees_of_lightgbm_give_what_lightgbm_predicts():
    random = np.random.default_rng(5)
    table = random.normal(size=(400, 3)).astype(np.float32)
    shares = (table[:, 0] * table[:, 2] > 0).astype(np.float32)
    ones = np.ones(len(table), np.float32)
    rows = boosting.Rows(["a", "b", "c"], table, shares, ones, np.arange(len(table)) % corpus.FOLDS)
    stage = Stage(20, 0.1, min_rows=5)
    columns = {name: table[:, at] for at, name in enumerate(rows.names)}
    predicted = rows.boost(ones > 0, stage).predict(table, raw_score=True)
    assert rows.trees(stage).log_odds(columns) == pytest.approx(predicted, abs=1e-4)
    assert np.abs(predicted).max() > 0.5


def test_calibration_is_ordered_and_complete():
    example = next(iter([corpus.Example("c", "1", "s", "article", "", "gold", None)]))
    found = [crossval.PageOutcome(example, metrics.score("gold", "gold"), k / 20, "article") for k in range(20)]
    table = crossval.calibration(found, 4)
    assert [number for *_, number in table] == [5] * 4
    assert [confidence for confidence, *_ in table] == sorted(confidence for confidence, *_ in table)
    assert all(f1 == 1 for _, f1, _ in table)


def test_a_fit_makes_the_folder_of_its_output_before_it_begins(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(cli, "_training_examples", lambda *_: [])
    monkeypatch.setattr(command, "fit_pages", lambda _, output: made.append(output.is_dir()))
    assert cli.main(["fit", str(tmp_path), "--kind", "html", "-o", str(tmp_path / "new" / "weights")]) == 0
    assert made == [True]


@pytest.fixture
def readings(corpora, monkeypatch):
    """What readers said of the removed blocks of the news: what a rule or the title tells of the same blocks."""
    labels = {"newsletter": Label.SUBSCRIPTION, "Section": Label.NAVIGATION, "Ferry": Label.TITLE}
    found = {}
    for example in corpus.read(corpora, ["news"]):
        texts = [block.text for block in label(example.html, kind="html").blocks]
        for mark, text in zip(annotations.fingerprints("news", example.id, texts), texts, strict=True):
            for word, name in labels.items():
                if word in text and len(text) < 60:
                    found[mark] = annotations.Reading(name)
    monkeypatch.setattr(annotations, "load_blocks", lambda: found)
    return found


def test_names_are_learned_from_readers(corpora, readings, tmp_path, capsys):
    assert cli.main(["naming", str(corpora), "-o", str(tmp_path)]) == 0
    report = capsys.readouterr().out
    assert report.startswith(f"{len(readings)} blocks of {PAGES} pages: 100.0% agree")
    learned = NamingWeights.parse((tmp_path / "naming.npz").read_bytes())
    assert learned.provenance["pages"] == PAGES
    assert learned.provenance["agreement"] == [1.0, 1.0]


def test_lines_of_pages_are_residue_that_the_gold_has_not_and_lines_without_a_full_stop_that_it_has(tmp_path):
    ferry, pier = (text.format(2) for text in BODY)
    page = article(1)[0].replace(pier, "The pier of Skarn").replace("<h1>", "<h1>News: ")
    found = [example(tmp_path, number, page, f"{ferry}\nThe pier of Skarn") for number in range(2)]
    assert lines.of_pages(lines.label_pages(found)) == [
        LabelledLine(Label.BODY, "The pier of Skarn", found[0].fold),
        LabelledLine(Label.SUBSCRIPTION, "Sign up for our newsletter 1.", found[0].fold),
    ]


def test_a_site_gives_some_lines_of_a_label_at_most(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LINES_OF_SITE", 2)
    found = [example(tmp_path, n, *article(n)[:2]) for n in range(4)]
    pages = lines.label_pages(found)
    assert [line.text for line in lines.of_pages(pages)] == [f"Sign up for our newsletter {n}." for n in range(2)]


def example(folder: Path, number: int, html: str, gold: str) -> Example:
    path = folder / f"{number}.html.gz"
    path.write_bytes(gzip.compress(html.encode()))
    return Example("news", str(number), "news.example", "article", "", gold, path)


def test_the_wording_of_lines_is_learned_from_lines_and_gold(corpora, tmp_path, monkeypatch, capsys):
    pleas = [f"Tuck into our {day} letter number {n}" for n, day in enumerate(("Monday", "Friday", "Sunday") * 10)]
    stories = [f"The ferry sailed on {day} with {n} goats" for n, day in enumerate(("Monday", "Friday", "Sunday") * 10)]
    known = [LabelledLine(Label.SUBSCRIPTION, text) for text in pleas]
    known += [LabelledLine(Label.BODY, text) for text in stories]
    known += [LabelledLine(Label.CAPTION, f"Photo: Odd Brekke {n}") for n in range(9)]
    known += [LabelledLine(Label.NAVIGATION, f"Back to top {n}") for n in range(9)]
    numbered = [line._replace(fold=number % FOLDS) for number, line in enumerate(known)]
    monkeypatch.setattr(lines, "read", lambda: iter(numbered))
    monkeypatch.setattr(lines, "written_by_language", lambda: {"en": numbered})
    assert cli.main(["wording", str(corpora), "-o", str(tmp_path)]) == 0
    assert "lines written for it, below them: of " in capsys.readouterr().out
    weights = WordingWeights.parse((tmp_path / "wording.npz").read_bytes())
    plea, story = weights.log_odds(["Tuck into our Tuesday letter", "The ferry sailed on Tuesday"])
    assert plea > 0 > story
    assert weights.labels_of(["Tuck into our letter", "Photo: Ida Brekke"]) == [Label.SUBSCRIPTION, Label.CAPTION]
    assert weights.provenance["lines"] == len(known)
