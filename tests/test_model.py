"""Trees, page types and the weights file; and the decision for a page as a whole."""

import io
from dataclasses import replace

import numpy as np
import pytest

from cleaner import Document, label
from cleaner.features import hashing
from cleaner.features.hashing import Lexicon, Lexicons
from cleaner.features.profile import NAMES, PAGE_TYPES
from cleaner.model import trees, weights
from cleaner.model.rule_precision import Count, Form, Key, RulePrecision
from cleaner.model.trees import Trees
from cleaner.model.weights import FORMAT, PageTypes, TextWeights, Weights

#: words <= 5 ? (heading <= 0 ? -1 : 2) : 3; and a tree that is a leaf of 0.5.
TREES = Trees(
    ("heading", "words"),
    np.array([0, 5]),
    np.array([1, 0, 0, 0, 0, 0]),
    np.array([5.0, 0.0, 0.0, 0.0, 0.0, 0.0], np.float32),
    np.array([1, 4, 2, 3, 2, 2, 3, 3, 4, 4, 5, 5]),
    np.array([0, 0, -1, 2, 3, 0.5], np.float32),
)


def test_trees():
    columns = {"words": np.array([5, 5, 6], np.float32), "heading": np.array([0, 1, 0], np.float32)}
    assert TREES.log_odds(columns).tolist() == [-0.5, 2.5, 3.5]
    assert TREES.log_odds(columns, np.array([2, 0])).tolist() == [3.5, -0.5]


def test_trees_of_any_shape_are_walked_from_root_to_leaf():
    """A chain of five nodes to the right beside a tree of one level: the shallow one waits in its leaf."""
    feature = np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0])
    threshold = np.array([1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0, 7, 0, 0], np.float32)
    child = np.array([1, 2, 1, 1, 3, 4, 3, 3, 5, 6, 5, 5, 7, 8, 7, 7, 9, 10, 9, 9, 10, 10, 12, 13, 12, 12, 13, 13])
    value = np.array([0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 6, 0, 10, 20], np.float32)
    chain = Trees(("x", "y"), np.array([0, 11]), feature, threshold, child, value)
    columns = {"x": np.array([1, 1.5, 3, 4, 9, 5], np.float32), "y": np.array([7, 8, 7, 8, 7, 8], np.float32)}
    assert chain.log_odds(columns).tolist() == [11, 22, 13, 24, 16, 25]


def test_no_rows_and_no_trees():
    assert TREES.log_odds({"words": np.zeros(0, np.float32), "heading": np.zeros(0, np.float32)}).shape == (0,)
    assert Trees.none().log_odds({"words": np.ones(3, np.float32)}).tolist() == [0, 0, 0]


def test_more_rows_than_a_chunk(monkeypatch):
    monkeypatch.setattr(trees, "CHUNK", 2)
    columns = {"words": np.array([5, 6, 5, 6, 5], np.float32), "heading": np.zeros(5, np.float32)}
    assert TREES.log_odds(columns).tolist() == [-0.5, 3.5, -0.5, 3.5, -0.5]


def test_rows_that_are_settled_go_no_further(monkeypatch):
    monkeypatch.setattr(trees, "BATCH", 1)
    one_by_one = replace(TREES)  # not yet in batches
    columns = {"words": np.array([5, 5, 6], np.float32), "heading": np.array([0, 1, 0], np.float32)}
    assert one_by_one.log_odds(columns, settled=2).tolist() == [-0.5, 2, 3]
    assert one_by_one.log_odds(columns, settled=2.5).tolist() == [-0.5, 2.5, 3]


def test_a_weights_file_is_read_back_and_equal_weights_give_equal_bytes():
    types = PageTypes(np.arange(len(PAGE_TYPES) * (len(NAMES) + 1), dtype=float).reshape(len(PAGE_TYPES), -1))
    weights = Weights(
        TREES,
        TREES,
        types,
        Lexicons(words=Lexicon.of_words({"up": 0.25}), class_names=Lexicon.of_words({".a": 1.5, "<p>": -2.0})),
        RulePrecision({Key(Form.LINE, "advert.label"): Count(5.0, 0.5)}),
        {"pages": 3},
    )
    data = weights.dump()
    again = Weights.parse(data)
    assert again.dump() == data
    columns = {"words": np.array([5, 5, 6], np.float32), "heading": np.array([0, 1, 0], np.float32)}
    assert (
        again.first_stage.log_odds(columns).tolist()
        == again.second_stage.log_odds(columns).tolist()
        == [-0.5, 2.5, 3.5]
    )
    assert again.lexicons.class_names.hashes.tolist() == weights.lexicons.class_names.hashes.tolist()
    assert again.lexicons.class_names.weights_of(hashing.hash_word(".a")).tolist() == [1.5]
    assert again.lexicons.words.weights_of(hashing.hash_word("up")).tolist() == [0.25]
    assert again.provenance == {"format": FORMAT, "pages": 3}
    assert again.types.weights.tolist() == types.weights.tolist()
    assert again.rule_precision == weights.rule_precision


def test_another_format_is_an_error():
    with pytest.raises(ValueError, match=f"format 99; this version reads format {FORMAT}"):
        Weights.parse(Weights(provenance={"format": 99}).dump())
    old = io.BytesIO()
    np.savez_compressed(old, about=trees.encode_text('{"format": 3}'))
    with pytest.raises(ValueError, match="a format before 4"):
        TextWeights.parse(old.getvalue())


def test_the_bundled_weights_say_what_they_were_fitted_on():
    html, text = weights.load().provenance, weights.load_text().provenance
    assert html["format"] == text["format"] == FORMAT
    assert html["pages"] > 1000
    assert html["cross_validated"]["fundus-dev"][0] > 0.95
    assert set(text["corpora"]) == {"andy-dev", "fundus-dev", "wcxb-dev"} < set(html["corpora"])


def test_page_types_are_probabilities():
    found = PageTypes.none().probabilities(np.ones(len(NAMES)))
    assert found.sum() == pytest.approx(1)
    assert len(found) == len(PAGE_TYPES)


STORY = "".join(
    f"<p>The ferry to island {n} sailed on Monday for the first time since the pier gave way {n} winters ago, and all "
    f"of the {n * 7} passengers stood on deck in the rain.</p>"
    for n in range(3, 12)
)
ARTICLE = (
    '<html lang="en"><head><title>Ferries return</title><meta property="og:type" content="article"></head><body>'
    f'<article class="article"><h1>Ferries return</h1><div class="article-body">{STORY}</div></article></body></html>'
)


def test_an_article_is_known_and_sure():
    doc = label(ARTICLE)
    assert doc.page_type == "article"
    assert doc.confidence > 0.9


def test_a_list_of_links_is_less_sure():
    links = "".join(
        f'<div class="card"><a href="/{n}">Storm {n} closes the coast road again</a></div>' for n in range(40)
    )
    doc = label(f"<html><head><title>News</title></head><body>{links}</body></html>")
    assert doc.page_type != "article"
    assert doc.confidence < label(ARTICLE).confidence


def test_type_and_confidence_survive_json():
    doc = label(ARTICLE)
    again = Document.from_dict(doc.to_dict())
    assert (again.page_type, again.confidence) == (doc.page_type, doc.confidence)


@pytest.mark.parametrize("source", ["", " ", b"%PDF-1.7"])
def test_nothing_has_no_confidence(source):
    assert label(source).confidence == 0


def test_a_text_has_no_page_type():
    doc = label("The vote is on Tuesday.")
    assert doc.page_type == ""
    assert 0 <= doc.confidence <= 1


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        ("<p>The vote is on Tuesday.</p>", "The vote is on Tuesday."),
        ("The vote is on Tuesday.", "The vote is on Tuesday."),
        ("<p>The vote is on Tuesday, she said. Sign up for our newsletter.</p>", "The vote is on Tuesday, she said."),
        ('<div class="promo">Sign up for our newsletter.</div>', ""),
        ("<p>The vote is on Tuesday.</p><p>Photo: Ann Lee / Reuters</p>", "The vote is on Tuesday."),
    ],
)
def test_of_a_piece_of_a_page_rules_decide(piece, text):
    assert label(piece, kind="html").text == text


def test_an_empty_shell_gives_nothing():
    menu = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(30))
    page = f'<html><head><title>Shop</title></head><body><nav><ul class="menu">{menu}</ul></nav></body></html>'
    assert label(page).text == ""


def endless(container: str, headline: str = "h1") -> str:
    """A page that has loaded a second story, each in an element of its own."""
    second = STORY.replace("ferry", "train").replace("island", "station")
    first, other = (
        f'<{container.format(n)}><h1>{title}</h1><div class="article-body">{text}</div></{container.split(" ", maxsplit=1)[0]}>'
        for n, title, text in ((1, "Ferries return", STORY), (2, "Trains stop", second))
    )
    other = other.replace("h1>", f"{headline}>")
    head = ARTICLE[: ARTICLE.index("<body>")]
    return f'{head}<body><div class="stream">{first}{other}</div></body></html>'


@pytest.mark.parametrize(
    "container", ['article class="article"', 'div class="story-body post-{0}" id="post-{0}"', 'section id="s{0}"']
)
def test_the_next_story_of_an_endless_page_goes(container):
    doc = label(endless(container))
    assert "train to station" not in doc.text
    assert "ferry to island 11" in doc.text
    assert {b.label.value for b in doc.blocks if "train to station" in b.text} == {"related"}


@pytest.mark.parametrize(
    "page",
    [
        endless('article class="article"', headline="h2"),
        endless('article class="article"').replace("<h1>Ferries return</h1>", "<h1>By sea and land</h1>"),
        endless('article class="article"').replace("<h1>Trains stop</h1>", '<h1 class="part">Trains stop</h1>'),
    ],
    ids=["no headline", "none is the page's", "another kind of headline"],
)
def test_a_text_in_several_parts_stays(page):
    assert "train to station" in label(page).text
