"""trafilatura as a witness: asked when the policy says so, evidence and never a filter, absent when it fails."""

import numpy as np
import pytest

from cleaner import Cleaner, clean, label, witness
from cleaner.document import Metadata
from cleaner.witness import Verdict

STORY = [
    "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago.",
    "Passengers stood on the new pier in the rain, and nobody of them had brought an umbrella to the landing.",
    '"We had forgotten the sound of the horn," said Runa Tveit, who keeps the shop at the landing by the pier.',
]
PAGE = (
    '<html lang="en"><head><title>Ferry returns</title></head><body><nav><a href="/">Home</a></nav><article>'
    '<h1>Ferry returns</h1><span class="author" rel="author">By Mads Holm</span>'
    + "".join(f"<p>{text}</p>" for text in STORY)
    + "</article></body></html>"
)


def test_what_trafilatura_keeps():
    seen = witness.ask(PAGE, [*STORY, "Subscribe to the paper today and read on for free until spring."])
    assert seen is not None
    assert seen.kept.tolist() == [True, True, True, False]


@pytest.mark.parametrize("html", ["", "<p></p>", "<" * 60_000, "<p>" + "x" * 5_000_001])
def test_it_has_nothing_to_say(html):
    assert witness.ask(html, ["a text"]) is None


def test_a_witness_that_fails_is_absent(monkeypatch):
    import trafilatura

    monkeypatch.setattr(trafilatura, "extract", lambda html: 1 / 0)
    assert witness.ask(PAGE, STORY) is None
    doc = Cleaner(witness="always").label(PAGE)
    assert "witness:absent" in doc.flags
    assert doc.text == clean(PAGE)


@pytest.mark.parametrize("when", ["never", "unsure", "always"])
def test_when_it_is_asked(when, monkeypatch):
    asked = []
    monkeypatch.setattr(witness, "ask", lambda html, texts: asked.append(1) or Verdict(np.ones(len(texts), bool)))
    monkeypatch.setattr(witness, "UNSURE", 1.01)
    doc = Cleaner(witness=when).label(PAGE)
    assert len(asked) == (when != "never")
    assert ("witness" in doc.flags) == (when != "never")
    names = {e.name for block in doc.blocks for e in block.evidence}
    assert ("witness" in names) == (when != "never")


def test_metadata_are_completed_when_they_are_asked_for(monkeypatch):
    import pickle
    from dataclasses import replace

    doc = label(PAGE)
    assert (doc.title, doc.stated.authors) == ("Ferry returns", ())
    assert doc.metadata.authors == ("Mads Holm",)
    assert doc.metadata == Cleaner().metadata(PAGE) == replace(doc, flags=("x",)).metadata
    assert pickle.loads(pickle.dumps(label(PAGE))).metadata == doc.metadata
    assert doc == label(PAGE), "whether they were asked for or not"
    assert label("A text by Mads Holm.").metadata == Metadata()
    monkeypatch.setattr(witness, "complete", lambda html, metadata: pytest.fail("asked"))
    doc = label(PAGE)
    for not_asking in (doc.title, doc.text, doc.explain(), doc.to_dict(), doc.to_html(), repr(doc), doc._repr_html_()):
        assert not_asking
    assert doc == label(PAGE)


def test_a_sure_page_needs_no_witness(monkeypatch):
    monkeypatch.setattr(witness, "ask", lambda html, texts: pytest.fail("asked"))
    monkeypatch.setattr(witness, "UNSURE", 0.0)
    assert Cleaner(witness="unsure").clean(PAGE) == clean(PAGE)


def test_it_moves_the_score_by_its_weight(monkeypatch):
    monkeypatch.setattr(witness, "ask", lambda html, texts: Verdict(np.zeros(len(texts), bool)))
    odds = [
        np.log(block.score / (1 - block.score))
        for cleaner in (Cleaner(), Cleaner(witness="always"))
        for block in cleaner.label(PAGE).blocks
        if block.text == STORY[0]
    ]
    assert odds[1] - odds[0] == pytest.approx(-witness.WEIGHT, abs=0.05)


def test_text_has_no_witness(monkeypatch):
    monkeypatch.setattr(witness, "ask", lambda html, texts: pytest.fail("asked"))
    text = "\n\n".join(STORY)
    assert Cleaner(witness="always").clean(text) == text


def test_another_word_is_an_error():
    with pytest.raises(ValueError, match="never, unsure, always"):
        Cleaner(witness="sometimes")


def test_clean_and_label_agree_with_a_witness():
    cleaner = Cleaner(witness="always")
    assert cleaner.clean(PAGE) == cleaner.label(PAGE).text


def test_metadata_is_completed():
    assert label(PAGE).stated.author == ""
    found = Cleaner().metadata(PAGE)
    assert (found.title, found.author) == ("Ferry returns", "Mads Holm")


def test_what_the_head_says_goes_first():
    known = Metadata("A title", ("An author",), "2026-01-01", "A site")
    assert witness.complete(PAGE, known) == known


def test_metadata_of_a_text_and_of_nothing():
    assert Cleaner().metadata("A text.") == Metadata()
    assert Cleaner().metadata("", kind="html") == Metadata()


def test_metadata_where_trafilatura_fails(monkeypatch):
    import trafilatura

    monkeypatch.setattr(trafilatura, "extract_metadata", lambda html: 1 / 0)
    assert Cleaner().metadata(PAGE).title == "Ferry returns"
