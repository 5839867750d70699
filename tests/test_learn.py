"""Alignment, metrics and corpora: the parts of training and measuring that need no extra."""

import gzip
import json
import re
from pathlib import Path

import pytest

from cleaner import Label
from cleaner.learn import cli
from cleaner.learn.data import align, annotations, corpus, texts
from cleaner.learn.measuring import metrics, residue

GOLD = """\
The ferry to Aldmouth will stop for nine days in May, the harbour board said on Monday.
Repairs
Two of its three engines have run since 1988 and nobody makes parts for them any more.
A bus will go round the bay instead, twice an hour."""
LINES = GOLD.split("\n")


def test_gold_blocks_are_gold_and_others_are_not():
    blocks = ["Sign up for our newsletter and never miss a boat again, dear reader.", *LINES, "Share this"]
    assert align.shares(blocks, GOLD).tolist() == [0, 1, 1, 1, 1, 0]


def test_of_two_copies_one_is_gold():
    shares = align.shares([LINES[0], *LINES], GOLD)
    assert sorted(shares[:2].tolist()) == [0, 1]
    assert shares[2:].tolist() == [1, 1, 1]


def test_a_short_block_is_gold_only_in_its_place():
    shares = align.shares([*LINES, "Repairs"], GOLD)
    assert shares.tolist() == [1, 1, 1, 1, 0]


def test_a_block_that_is_half_gold_gets_half():
    extended = f"{LINES[2]} Advertisement ends here, the article goes on below this line of ours now"
    assert 0.4 < align.shares([extended], GOLD)[0] < 0.7


def test_unspaced_scripts_are_compared_by_character():
    gold = "市は来月から図書館の開館時間を二時間延ばすと発表した。"
    assert align.shares([gold, "関連記事を読む"], gold).tolist() == [1, 0]


@pytest.mark.parametrize(
    "output, f1, residue, lost",
    [
        (GOLD, 1.0, 0, 0),
        (GOLD + "\nSubscribe to the Aldmouth Gazette today", pytest.approx(0.92, abs=0.03), 1, 0),
        ("\n".join(LINES[:3]), pytest.approx(0.88, abs=0.04), 0, 1),
        ("", 0.0, 0, 4),
    ],
)
def test_score(output, f1, residue, lost):
    result = metrics.score(output, GOLD)
    assert (result.f1, result.residue, result.lost) == (f1, residue, lost)
    assert result.perfect == (not residue and not lost)


def test_a_corpus_is_read_and_its_sites_stay_together(tmp_path):
    folder = tmp_path / "news"
    (folder / "html").mkdir(parents=True)
    urls = ["https://www.gazette.example/a", "https://gazette.example/b", "https://other.example/c"]
    with gzip.open(folder / "gold.jsonl.gz", "wt") as rows:
        for number, url in enumerate(urls):
            rows.write(json.dumps({"id": f"p{number}", "type": "article", "url": url, "gold": GOLD}) + "\n")
            (folder / "html" / f"p{number}.html.gz").write_bytes(gzip.compress(b"<p>Text</p>"))
    examples = list(corpus.read(tmp_path))
    assert [e.site for e in examples] == ["gazette", "gazette", "other"]
    assert examples[0].fold == examples[1].fold
    assert examples[0].html == b"<p>Text</p>"
    assert corpus.digests(examples) == corpus.digests(examples[::-1])
    assert corpus.digests(examples).keys() == {"news"}
    assert corpus.digests(examples[:2]) != corpus.digests(examples)


def test_a_row_of_a_corpus_needs_no_more_than_an_id(tmp_path):
    (tmp_path / "news").mkdir()
    with gzip.open(tmp_path / "news" / "gold.jsonl.gz", "wt") as rows:
        rows.write('{"id": "gazette_1"}\n{"id": "p2", "type": null, "url": null, "gold": null, "domain": null}\n')
    first, second = corpus.read(tmp_path)
    assert (first.type, first.url, first.gold, first.site) == ("article", "", "", "gazette")
    assert (second.type, second.url, second.gold, second.site) == ("article", "", "", "p2")


def test_only_the_named_corpora_are_read(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with gzip.open(tmp_path / name / "gold.jsonl.gz", "wt") as rows:
            rows.write('{"id": "p1"}\n')
    assert [e.corpus for e in corpus.read(tmp_path)] == ["one", "two"]
    assert [e.corpus for e in corpus.read(tmp_path, ["two"])] == ["two"]


def test_a_folder_without_corpus_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gold\.jsonl\.gz"):
        list(corpus.read(tmp_path))


def test_the_command_reports_a_missing_corpus_in_one_line(tmp_path, capsys):
    assert cli.main(["errors", str(tmp_path)]) == cli.FAILED
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"cleaner-learn: {tmp_path} has no corpus: a folder with gold.jsonl.gz and html/\n"


def test_all_fits_run_one_after_the_other(tmp_path, monkeypatch):
    run = []
    monkeypatch.setattr(cli, "INSTALLED", cli.OUTPUT.resolve())
    monkeypatch.setattr(cli.subprocess, "run", lambda command, **_: run.append(command[3:]) or Done(len(run) == 3))
    assert cli.main(["retrain", str(tmp_path), "--only", "news"]) == 1
    assert run == [[command, str(tmp_path), "--only", "news"] for command in ("fit", "naming", "wording")]


class Done:
    """What ``subprocess.run`` returns, with an exit code."""

    def __init__(self, returncode):
        self.returncode = int(returncode)


def test_fits_that_would_not_use_each_other_are_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli, "INSTALLED", tmp_path / "site-packages" / "cleaner" / "model")
    assert cli.main(["retrain", str(tmp_path)]) == cli.FAILED
    assert "pip install --editable" in capsys.readouterr().err


def a_text(output: str, gold: str = GOLD) -> texts.TextSample:
    example = corpus.Example("news", "p1", "gazette", "article", "", gold, Path("p1.html.gz"))
    return texts.sample(example, "trafilatura", output, ("Ferry to stop", ""))


def counted(output: str) -> residue.Report:
    sample = a_text(output)
    return residue.report(residue.outcomes([sample], residue.installed([sample])))


def test_what_becomes_of_a_text_is_counted():
    report = counted("\n\n".join([*LINES, "Sign up for our newsletter."]))
    tally = report.by_gold
    assert (tally.texts, tally.residue, tally.removed, tally.right) == (1, 1, 1, 1)
    assert (tally.recall, tally.word_recall, tally.precision, tally.harm) == (1, 1, 1, 0)
    assert (tally.clean_before, tally.clean_after, tally.perfect_after) == (0, 1, 1)
    assert report.labels[Label.SUBSCRIPTION].removed == report.labels[Label.SUBSCRIPTION].right == 1


def test_the_report_has_rows_for_extractors_languages_and_labels():
    sample = a_text("\n\n".join([*LINES, "Sign up for our newsletter."]))
    lines = list(residue.lines(residue.outcomes([sample], residue.installed([sample]))))
    counts = "1 | 1.000 | 1.000 | 1.000 | 0.0 | 0% → 100% | 100%"
    assert [line for line in lines if line.endswith(f"{counts} |")] == [
        f"| trafilatura | {counts} |",  # by corrected gold, and by gold alone
        f"| trafilatura | {counts} |",
        f"| en | {counts} |",
    ]
    assert "| subscription | 0 | – | 1 | 1.000 |" in lines


def test_a_text_that_is_mostly_residue_is_left_out():
    report = counted("Nothing of this is in the gold, not one word of it is.")
    assert (report.by_gold.texts, report.failures) == (0, 1)


def test_what_a_reader_said_counts_for_more_than_gold(monkeypatch):
    lost, kept = "Two harbours are meant.", LINES[3]
    marks = {annotations.fingerprint("news", "p1", line): label for line, label in ((lost, "body"), (kept, "notice"))}
    monkeypatch.setattr(
        annotations, "load", lambda: {mark: annotations.Reading(Label(label)) for mark, label in marks.items()}
    )
    sample = a_text("\n\n".join([*LINES, lost]))
    assert sample.shares.tolist() == [1, 1, 1, 1, 0]
    assert sample.gold.tolist() == [1, 1, 1, 0, 1]


def test_the_headline_of_the_page_is_known():
    assert a_text("Ferry to stop\n\n" + LINES[0]).headline.tolist() == [True, False]


def test_labels_are_fingerprints_without_text():
    labels = annotations.load()
    assert len(labels) > 1300
    assert all(re.fullmatch("[0-9a-f]{8}", mark) for mark in labels)
    assert annotations.fingerprint("a", "b", " one  two ") == annotations.fingerprint("a", "b", "one two")
    assert annotations.parse(["0a\tbody", "0b\t?\tchosen"]) == {
        "0a": (Label.BODY, True, False, False),
        "0b": (None, False, False, False),
    }
    with pytest.raises(ValueError, match="wrong"):
        annotations.parse(["0a\twrong"])
