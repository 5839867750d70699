"""The standfirst: where it is looked for, what marks it, and that headings of the opening stay."""

import numpy as np

from cleaner.decision.page_body import body_by_steps
from cleaner.decision.page_view import PageView
from cleaner.decision.standfirst import find_opening, headline_mask, marked_as_standfirst
from cleaner.features.hashing import Lexicons
from cleaner.features.page_features import PageFeatures, compute_features
from cleaner.features.profile import PAGE_TYPES
from cleaner.segment import segment
from cleaner.segment.prose import find_prose

TITLE = "Ferry to Skarn Island returns after two winters"
PROSE = "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago."
OTHER = "Passengers stood on the new pier in the rain, and nobody of them had brought an umbrella to the landing."
ARTICLE = np.eye(len(PAGE_TYPES))[PAGE_TYPES.index("article")]


def features(body: str) -> PageFeatures:
    page = segment(f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>", "html")
    return compute_features(page, find_prose(page.blocks), Lexicons()).with_page_types(ARTICLE)


def opening(made: PageFeatures) -> range | None:
    """The opening of a page whose prose stays."""
    headlines = np.flatnonzero(headline_mask(made.first_stage)).tolist()
    return find_opening(headlines, np.flatnonzero(made.prose_map.in_prose).tolist())


def kept(body: str, scores: list[float]) -> list[bool]:
    made = features(body)
    decision = body_by_steps(PageView(made.page, made.prose_map, made.first_stage, np.array(scores)))
    return decision.body.tolist()


def test_the_opening_reaches_from_the_last_headline_above_the_prose_to_the_prose():
    menu = f"<ul><li><h2>{TITLE}</h2></li>" + "<li>Harbour</li>" * 20 + "</ul>"
    made = features(f"{menu}<h1>{TITLE}</h1><h2>The island has waited</h2><p>{PROSE}</p><p>{OTHER}</p>")
    assert np.flatnonzero(headline_mask(made.first_stage)).tolist() == [0, 21]
    assert opening(made) == range(22, 24)


def test_a_page_without_a_headline_has_no_opening():
    made = features(f"<p>{PROSE}</p><p>{OTHER}</p>")
    assert opening(made) is None


def test_a_name_of_the_element_or_of_a_small_one_around_it_marks_the_standfirst():
    for lead in (
        '<p class="dek">The island waited</p>',
        '<div class="article-intro"><div><p>The island waited</p></div></div>',
        '<p class="contentheaderdek">The island waited</p>',
    ):
        made = features(f"<h1>{TITLE}</h1>{lead}<p>{PROSE}</p><p>{OTHER}</p>")
        assert marked_as_standfirst(made.first_stage, opening(made)) == [1]


def test_a_name_of_a_large_element_marks_nothing():
    rest = "".join(f"<p>{PROSE}</p>" for _ in range(4))
    made = features(f"<h1>{TITLE}</h1><div class='intro'><p>Ann Lee</p>{rest}</div>")
    assert marked_as_standfirst(made.first_stage, opening(made)) == []


def test_a_heading_of_the_opening_stays_above_another_heading():
    body = f"<h1>{TITLE}</h1><h2>The island has waited for it</h2><h3>Mads Holm</h3><p>{PROSE}</p><p>{OTHER}</p>"
    assert kept(body, [0.1, 0.8, 0.05, 0.95, 0.95]) == [False, True, False, True, True]


def test_a_heading_above_headings_that_stay_stays():
    body = f"<h1>{TITLE}</h1><p>{PROSE}</p><h2>Questions</h2><h3>Why</h3><p>{OTHER}</p><h2>More</h2><h2>Most read</h2>"
    assert kept(body, [0.1, 0.95, 0.9, 0.9, 0.95, 0.7, 0.05]) == [False, True, True, True, True, False, False]
