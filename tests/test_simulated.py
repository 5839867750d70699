"""Texts with residue that are made to learn from: what stays of a page, and where written lines are placed."""

from pathlib import Path

import pytest

from cleaner import Label
from cleaner.learn.data import lines, simulated
from cleaner.learn.data.corpus import Example
from cleaner.learn.data.lines import LabelledLine, LabelledPage, PageLine

STORY = [
    f"The ferry to Skarn Island sailed on day {n} of the month, and nobody at the harbour had expected it at all."
    for n in range(6)
]


def page(corpus: str, below: str = "Tuck into our Sunday email") -> LabelledPage:
    body = [PageLine(Label.BODY, text, 0.9, 1.0, 20) for text in STORY]
    removed = [PageLine(Label.SUBSCRIPTION, "Join our harbour club", 0.05, 0.0, 4)]
    unsure = [PageLine(Label.SUBSCRIPTION, "The horn is new", 0.4, 0.0, 4)]
    last = [PageLine(Label.SUBSCRIPTION, below, 0.02, 0.0, 5)]
    example = Example(corpus, "1", "skarn", "article", "", "", Path("x"))
    return LabelledPage(example, [*body[:3], *removed, *unsure, *body[3:], *last])


def texts_of(pages: list[LabelledPage]) -> list[list[tuple[str, bool]]]:
    return [
        [(block.plain, bool(residue)) for block, residue in zip(text.page.blocks, text.residue, strict=True)]
        for text in simulated.of_pages(pages)
    ]


def test_an_article_keeps_its_lines_and_some_certain_residue():
    texts = texts_of([page("fundus-dev", f"Tuck into our email {n}") for n in range(8)])
    assert len(texts) == 8
    assert all([line for line, residue in text if not residue] == STORY for text in texts)
    residue = {line for text in texts for line, is_residue in text if is_residue}
    assert "Join our harbour club" in residue
    assert "The horn is new" not in residue
    assert any(line.startswith("Tuck into our email") for line in residue)


def test_a_line_of_residue_is_in_few_texts_of_a_site():
    texts = texts_of([page("fundus-dev") for _ in range(10)])
    times = sum(line == "Join our harbour club" for text in texts for line, _ in text)
    assert times == simulated.TIMES_OF_LINE


def test_a_site_gives_some_texts_at_most():
    assert len(texts_of([page("fundus-dev") for _ in range(20)])) == simulated.TEXTS_OF_SITE


@pytest.mark.parametrize("pages", [[page("ssg-markdown")], [page("fundus-dev")._replace(lines=[])]])
def test_pages_whose_gold_may_hold_residue_and_pages_without_an_article_give_no_text(pages):
    assert not texts_of(pages)


def test_written_lines_stand_in_an_article_of_their_language(monkeypatch):
    written = [LabelledLine(Label.SUBSCRIPTION, f"Rejoignez le club numéro {n}", n % 5) for n in range(20)]
    monkeypatch.setattr(lines, "written_by_language", lambda: {"fr": written})
    texts = list(simulated.of_written())
    assert len(texts) == len(written)
    assert all(text.counted.sum() == 1 and text.residue.tolist() == text.counted.tolist() for text in texts)
    last = [bool(text.counted[-1]) for text in texts]
    assert any(last)
    assert not all(last)
