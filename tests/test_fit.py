"""Learning, from a small made corpus: the command runs, and two runs write the same file. Needs the extra learn."""

import gzip
import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("lightgbm", reason="needs the extra learn")
pytest.importorskip("sklearn", reason="needs the extra learn")
pytest.importorskip("resiliparse", reason="needs the extra peers")

from cleaner.learn import baselines, bench, corpus, crossval, dataset, evaluate, fit, fittext, metrics
from cleaner.learn.cli import main
from cleaner.model.weights import TextWeights, Weights

BODY = (
    "The ferry to island {0} sailed on Monday for the first time since the pier gave way {0} winters ago.",
    "All of the {0} passengers stood on deck in the rain, and nobody of them had brought an umbrella along.",
)
POST = "My boiler makes a noise like an owl since day {0}, and the dog has moved to the shed because of it."


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    root = tmp_path_factory.mktemp("corpora")
    for name, make in (("news", article), ("boards", forum)):
        folder = root / name
        (folder / "html").mkdir(parents=True)
        with gzip.open(folder / "gold.jsonl.gz", "wt") as rows:
            for n in range(30):
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


def test_two_processes_write_the_same_file(corpora, tmp_path):
    folders = [tmp_path / f"{seed}" for seed in (1, 2)]
    for seed, folder in enumerate(folders):
        folder.mkdir()
        command = [sys.executable, "-m", "cleaner.learn.cli", "fit", str(corpora), "-o", str(folder)]
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for name in ("html.npz", "text.npz"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


@pytest.mark.filterwarnings("ignore:nltk is not installed")  # newspaper4k says so while it is imported
def test_what_is_easy_is_learned_and_reported(corpora, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(fit.PARAMETERS, "min_data_in_leaf", 5)
    plot = tmp_path / "plot.svg"
    assert main(["fit", str(corpora), "-o", str(tmp_path), "--plot", str(plot)]) == 0
    out = capsys.readouterr().out
    assert "news article" in out
    assert "page types told" in out
    about = Weights.parse((tmp_path / "html.npz").read_bytes()).about
    assert (about["pages"], about["corpora"]) == (60, corpus.digest(list(corpus.read(corpora))))
    assert about["recipe"] == fit.recipe()
    assert about["cross_validated"]["news"][0] > 0.9
    learned = TextWeights.parse((tmp_path / "text.npz").read_bytes())
    assert (learned.about["recipe"], learned.about["corpora"]) == (fittext.recipe(), about["corpora"])
    assert "| trafilatura | 30 |" in out
    assert plot.read_text().startswith("<?xml")


def test_by_page_reports_sites_apart_and_writes_nothing(corpora, tmp_path, capsys):
    assert main(["fit", str(corpora), "--by-page", "--kind", "html", "-o", str(tmp_path)]) == 0
    assert "site seen" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


def test_a_missing_extractor_is_an_error_and_no_empty_text(monkeypatch):
    monkeypatch.setitem(sys.modules, "justext", None)
    with pytest.raises(ImportError, match=r"article-cleaner\[baselines\]"):
        baselines.require(["trafilatura", "justext"])


def test_nested_margins_have_not_seen_what_they_must_not(corpora, monkeypatch):
    samples = dataset.build(list(corpus.read(corpora)))
    seen = []
    monkeypatch.setattr(
        fit.Rows, "log_odds", lambda self, stage, without: seen.append(sorted(without)) or self.shares * 0
    )
    rows = fit.Rows(
        ["a"], samples[0].shares[:, None], samples[0].shares, samples[0].shares, samples[0].shares.astype(int)
    )
    fit._first_log_odds(rows)
    assert [pair for pair in seen if len(pair) == 1] == [[fold] for fold in range(corpus.FOLDS)]
    assert len([pair for pair in seen if len(pair) == 2]) == 10


def test_calibration_is_ordered_and_complete():
    example = next(iter([corpus.Example("c", "1", "s", "article", "", "gold", None)]))
    found = [crossval.Outcome(example, metrics.score("gold", "gold"), k / 20, "article") for k in range(20)]
    table = crossval.calibration(found, 4)
    assert [number for *_, number in table] == [5] * 4
    assert [confidence for confidence, *_ in table] == sorted(confidence for confidence, *_ in table)
    assert all(f1 == 1 for _, f1, _ in table)


def test_the_exponent_of_growth():
    assert bench.exponent([(10, 1.0), (100, 10.0), (1000, 100.0)]) == pytest.approx(1)
    assert bench.exponent([(10, 1.0), (100, 100.0)]) == pytest.approx(2)
    assert len(bench.made(5_000)) >= 5_000


def test_a_row_of_the_benchmark():
    nothing = evaluate.summary([])
    base = bench.Run("base", [0.02, 0.04], 100, nothing)
    row = bench.Run("own", [0.01, 0.01], 50, nothing).row(base)
    assert row.startswith("| own | 10.0 | 0.33 | 0.38 | 50 |")
