"""Lines of an article that go or stay for what they are: links, answers of polls, speakers, names, first sentences."""

import numpy as np
import pytest

from cleaner import label
from cleaner.decision.page_body import body_by_steps
from cleaner.decision.page_view import PageView
from cleaner.decision.standfirst import is_bare_name
from cleaner.features.hashing import Lexicons
from cleaner.features.page_features import compute_features
from cleaner.features.profile import PAGE_TYPES
from cleaner.segment import segment
from cleaner.segment.prose import find_prose

TITLE = "Ferry to Skarn Island returns after two winters"
PROSE = "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago."
OTHER = "Passengers stood on the new pier in the rain, and nobody of them had brought an umbrella to the landing."


def kept(inner: str, score: float, page_type: str = "article") -> list[str]:
    """What stays of an article with a headline, a paragraph, ``inner`` with a score, and another paragraph."""
    return kept_of(f"<h1>{TITLE}</h1><p>{PROSE}</p>{inner}<p>{OTHER}</p>", score, page_type)


def kept_of(body: str, score: float, page_type: str = "article") -> list[str]:
    page = segment(f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>", "html")
    types = np.eye(len(PAGE_TYPES))[PAGE_TYPES.index(page_type)]
    made = compute_features(page, find_prose(page.blocks), Lexicons()).with_page_types(types)
    texts = [block.plain for block in page.blocks]
    scores = np.array([0.98 if text in (PROSE, OTHER) else score for text in texts])
    body_flags = body_by_steps(PageView(page, made.prose_map, made.first_stage, scores)).body
    known = (TITLE, PROSE, OTHER)
    return [text for text, stays in zip(texts, body_flags.tolist(), strict=True) if stays and text not in known]


LINK = '<p><a href="/pier">Click through to the story of the old pier and its builders</a></p>'
NEWS = '<h3><a href="/pier">How the old pier was built</a></h3>'


@pytest.mark.parametrize("line", [LINK, NEWS])
def test_a_line_that_is_a_link_goes_from_an_article(line):
    assert kept(line, 0.6) == []


@pytest.mark.parametrize(
    ("line", "score", "page_type"),
    [
        (LINK, 0.7, "article"),  # the model is sure
        (f"<ul><li>{LINK}</li></ul>", 0.6, "article"),  # a list of things
        (LINK.replace("/pier", "https://gazette.example/pier"), 0.6, "article"),  # another site
        ('<p><a href="/pier">The old pier</a></p>', 0.6, "article"),  # the name of a thing
        (LINK, 0.6, "listing"),
        (LINK.replace("/pier", "#pier"), 0.6, "article"),  # a place on the same page
        ('<h3><a href="#built">How the old pier was built</a></h3>', 0.6, "article"),
        (f"<table><tr><td>{NEWS[4:-5]}</td><td>1904</td></tr></table>", 0.6, "article"),
    ],
)
def test_other_links_stay(line, score, page_type):
    assert kept(line, score, page_type)


def test_a_list_of_places_on_the_page_is_its_contents():
    items = [
        f'<li><a href="#part{n}">The {word} winter on Skarn Island without a ferry</a></li>' for n, word in WINTERS
    ]
    assert kept(f"<ol>{''.join(items)}</ol>", 0.95) == []
    assert len(kept(f"<ol>{''.join(items[:2])}</ol>", 0.95)) == 2


WINTERS = list(enumerate(("first", "second", "third")))


def test_the_answers_of_a_poll_go_with_their_question():
    answers = "<label>Yes, at once and for good.</label><label>No, the pier is too old for it.</label>"
    assert kept(f"<p>Should the ferry sail in winter as well?</p><div>{answers}</div>", 0.7) == []


def test_a_single_label_is_a_heading():
    assert kept("<label>What the ferry costs from next week on</label>", 0.7)


SPEAKER = "<figcaption>Ida Marsh, pilot</figcaption>"


def test_the_speaker_stays_with_the_quotation():
    quotation = f"<figure><blockquote><p>{OTHER[:-1]} at all.</p></blockquote>{SPEAKER}</figure>"
    page = f"<h1>{TITLE}</h1><p>{PROSE}</p>{quotation}<p>{OTHER}</p>"
    assert "Ida Marsh, pilot" not in kept_of(page.replace("blockquote", "div"), 0.3)
    assert "Ida Marsh, pilot" in kept_of(page, 0.98)


def test_the_sentence_below_the_headline_stays():
    lead = "The island has waited two winters for it."
    assert kept_of(f"<h1>{TITLE}</h1><div><p>{lead}</p></div><p>{PROSE}</p><p>{OTHER}</p>", 0.3) == [lead]
    assert kept_of(f"<h1>{TITLE}</h1><div><p>{lead[:-1]}</p></div><p>{PROSE}</p><p>{OTHER}</p>", 0.3) == []


def test_names_between_headline_and_story_are_a_byline():
    assert kept_of(f"<h1>{TITLE}</h1><p>Marta van der Quill / Tobias Fenn</p><p>{PROSE}</p><p>{OTHER}</p>", 0.9) == []
    assert kept("<p>Marta van der Quill / Tobias Fenn</p>", 0.9)


def test_a_bold_line_above_the_story_going_on_is_a_heading():
    assert kept("<div><b>Two winters without a ferry</b></div>", 0.3) == ["Two winters without a ferry"]
    assert kept("<div>Two winters without a ferry</div>", 0.3) == []
    assert kept("<div><b>Two winters without a ferry:</b></div>", 0.3) == []
    assert kept_of(f"<h1>{TITLE}</h1><div><b>Two winters without</b></div><p>{PROSE}</p><p>{OTHER}</p>", 0.3) == []


@pytest.mark.parametrize(
    ("top", "stays"),
    [
        (f"<h1>{TITLE}</h1><h2>Two winters without</h2>", True),
        (f"<h1>{TITLE}</h1><div><h2>Two winters without</h2></div>", False),  # a kicker, a date, a name
        (f"<h1>{TITLE}</h1><h2>4 March 2024, 10:30</h2>", False),
        (f"<h2>Two winters without</h2><h1>{TITLE}</h1>", False),
        ("<h2>Two winters without</h2>", False),
    ],
)
def test_the_first_sub_heading_stands_below_the_headline_and_beside_the_story(top, stays):
    assert kept_of(f"<main>{top}<p>{PROSE}</p><p>{OTHER}</p></main>", 0.3) == ["Two winters without"] * stays


@pytest.mark.parametrize(
    ("line", "is_name"),
    [
        ("Marta Quill", True),
        ("Marta Q. Quill-Moe and Tobias Fenn", True),
        ("Ida O’Marsh, Tobias van der Fenn", True),
        ("Żaneta Łęcka", True),
        ("Dear Readers and Friends", False),
        ("Aldmouth, Ostra", False),
        ("The ferry", False),
        ("Marta Quill sails on Monday", False),
        ("", False),
    ],
)
def test_the_form_of_names(line, is_name):
    assert is_bare_name(line) is is_name


PICTURE = '<div class="a"><div class="b"><img src="pier.jpg" alt=""><p>{}</p></div></div>'


def test_a_line_below_a_picture_is_a_caption_unless_it_is_a_sentence_or_has_prose_beside_it():
    assert kept(PICTURE.format("Four hundred people on the new pier"), 0.9) == []
    assert kept(PICTURE.format("Four hundred people stood on the new pier."), 0.9)
    assert kept(PICTURE.format("Four hundred people on the new pier"), 0.9, "listing")
    named = f'<div><div><img src="pier.jpg" alt=""><b>The old pier of Skarn Island</b></div><p>{PROSE[:-1]} again.</p></div>'
    assert "The old pier of Skarn Island" in kept(named, 0.9)


def test_each_step_says_why():
    page = segment(
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>Marta Quill</p><p>{PROSE}</p>{LINK}"
        f"<p>{OTHER}</p></body></html>",
        "html",
    )
    types = np.eye(len(PAGE_TYPES))[PAGE_TYPES.index("article")]
    made = compute_features(page, find_prose(page.blocks), Lexicons()).with_page_types(types)
    scores = np.array([0.1, 0.9, 0.98, 0.6, 0.98])
    decision = body_by_steps(PageView(page, made.prose_map, made.first_stage, scores))
    assert {at: found.name for at, found in decision.reasons.items()} == {1: "byline.opening", 3: "related.link"}
    decided = body_by_steps(PageView(page, made.prose_map, made.first_stage, scores, {1: True}))
    assert {at: found.name for at, found in decided.reasons.items()} == {3: "related.link"}


STORIES = ("The captain who would not retire", "Ferry times that change in spring", "A pier that sank twice in a year")


@pytest.mark.parametrize(
    ("address", "url", "goes"),
    [
        ("https://courier.example/{}", "https://courier.example/ferry", True),
        ("https://courier.example/{}", None, False),
        ("https://lantern.example/{}", "https://courier.example/ferry", False),
        ("mailto:desk{}@courier.example", "https://courier.example/ferry", False),
        ("tel:+47{}", None, False),
    ],
)
def test_a_list_of_links_goes_where_it_leads_to_the_site(address: str, url: str | None, *, goes: bool) -> None:
    items = "".join(f'<li><a href="{address.format(number)}">{story}</a></li>' for number, story in enumerate(STORIES))
    body = f"<h1>Ferry</h1><p>{PROSE}</p><p>And {PROSE}</p><ul>{items}</ul><p>So {PROSE}</p>"
    page = f"<html><head><title>Ferry</title></head><body><article>{body}<p>But {PROSE}</p></article></body></html>"
    document = label(page, url=url)
    assert [story in document.text for story in STORIES] == [not goes] * len(STORIES)
