"""Alignment, metrics and corpora: the parts of training and measuring that need no extra."""

import gzip
import json

import pytest

from cleaner import Cleaner
from cleaner.learn import align, corpus, evaluate, metrics

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
    assert corpus.digest(examples) == corpus.digest(examples[::-1])


def test_a_folder_without_corpus_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gold\.jsonl\.gz"):
        list(corpus.read(tmp_path))


def test_what_clean_does_to_a_text_is_counted():
    dirty = "\n\n".join([*LINES, "Sign up for our newsletter."])
    report = evaluate.texts([(dirty, GOLD)], Cleaner())
    assert (report.pages, report.residue, report.removed, report.right) == (1, 1, 1, 1)
    assert (report.lost_words, report.clean_before, report.clean_after) == (0, 0, 1)


def test_a_text_that_is_mostly_residue_is_left_out():
    report = evaluate.texts([("Nothing of this is in the gold, not one word of it is.", GOLD)], Cleaner())
    assert (report.pages, report.failures) == (0, 1)
