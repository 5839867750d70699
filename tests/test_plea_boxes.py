"""Pleas to the reader and small articles inside of an article: what goes, and what looks like it and stays."""

import numpy as np
import pytest

from cleaner import pipeline
from cleaner.decision.decision import Decision
from cleaner.decision.overrides.override import Review
from cleaner.decision.page_body import with_overrides
from cleaner.decision.page_view import PageView
from cleaner.decision.policy import Policy
from cleaner.decision.steps.nested_articles import without_nested_articles
from cleaner.decision.steps.plea_boxes import without_plea_boxes
from cleaner.features.hashing import Lexicons
from cleaner.features.page_features import compute_features
from cleaner.reading.request import Request

STORY = "".join(
    f"<p>The ferry to Skarn Island sailed {day} for the first time since the pier gave way two winters ago, and nobody "
    "on board seemed to mind the rain that fell all the way across.</p>"
    for day in ("on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday")
)
OFFER = "Our builders know every kind of pier, and they would be glad to plan the next one together with you."


def view_of(html, *, score=0.95, low=(), article=1.0):
    """A page with one score for all blocks, but for those that begin with ``low``, which have .6."""
    prepared = pipeline.prepare(Request(html, lang="en", kind="html"), Policy())
    n_blocks = len(prepared.page.blocks)
    types = {"type_article": np.full(n_blocks, article), "type_forum": np.zeros(n_blocks)}
    columns = {**compute_features(prepared.page, prepared.prose_map, Lexicons()).first_stage, **types}
    scores = [0.6 if low and block.plain.startswith(low) else score for block in prepared.page.blocks]
    return prepared, PageView(prepared.page, prepared.prose_map, columns, np.array(scores))


def removed_by(step, html, **options):
    """The texts of the blocks that a step removes from a page of which all blocks are body."""
    _, view = view_of(html, **options)
    everything = np.ones(len(view.scores), bool)
    kept = step(view, everything)
    return [block.plain for block, stays in zip(view.page.blocks, kept.tolist(), strict=True) if not stays]


def removed_by_rules(html, **options):
    """The texts of the blocks that the overrides remove."""
    prepared, view = view_of(html, **options)
    decision = with_overrides(Review(prepared, view, Decision(np.ones(len(view.scores), bool), 1.0)))
    return [block.plain for block, stays in zip(view.page.blocks, decision.body.tolist(), strict=True) if not stays]


@pytest.mark.parametrize("name", ["cta-box", "article-banner", "PostCta_title__x1y2", "newsletter promo", "donate_box"])
def test_the_box_of_an_appeal_goes(name):
    box = f'<div class="{name}"><h3>Piers that last</h3><p>{OFFER}</p><a href="/contact">Talk to us</a></div>'
    assert removed_by(without_plea_boxes, STORY + box + STORY) == ["Piers that last", OFFER, "Talk to us"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("cta", f"<p>{OFFER}</p>", id="nothing to press"),
        pytest.param("subscriptions-x bannered", f'<p>{OFFER} <a href="/x">More</a></p>', id="parts of other words"),
        pytest.param("cta", f'{STORY}<p><a href="/x">Talk to us</a></p>', id="as long as a story"),
    ],
)
def test_what_is_no_box_of_an_appeal_stays(name, content):
    html = STORY + f'<div class="{name}">{content}</div>'
    assert removed_by(without_plea_boxes, html) == []


def test_an_appeal_stays_where_the_page_may_be_no_article():
    box = f'<div class="cta"><p>{OFFER}</p><a href="/contact">Talk to us</a></div>'
    assert removed_by(without_plea_boxes, STORY + box, article=0.6) == []


TEASER = "<article><h4>Bakers on strike</h4><p>The bakers of Norvale want to sleep until six.</p></article>"


def test_a_small_article_inside_of_the_story_goes():
    html = f"<article>{STORY}{TEASER}{STORY}</article>"
    assert removed_by(without_nested_articles, html) == [
        "Bakers on strike",
        "The bakers of Norvale want to sleep until six.",
    ]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<article>{STORY}</article>{TEASER}", id="beside the story"),
        pytest.param(f"<article><p>Three shops.</p>{TEASER * 6}</article>", id="entries of a list"),
        pytest.param(f"<main>{STORY}{TEASER}</main>", id="the story is no article element"),
    ],
)
def test_other_articles_stay(html):
    assert removed_by(without_nested_articles, html) == []


APPEAL = (
    "Help keep news free for everyone by giving us as little as one crown. Your gift will go a long way in the "
    "villages of the coast, where nobody else sends a reporter."
)


def test_an_appeal_of_which_the_model_is_not_sure_goes_with_all_its_sentences():
    html = f"<article>{STORY}<p>{APPEAL}</p>{STORY}</article>"
    assert removed_by_rules(html, low=APPEAL[:20]) == [APPEAL]
    assert removed_by_rules(html, low=APPEAL[:20], article=0.4) == []
    assert removed_by_rules(html) == []


def test_a_line_that_two_rules_know_goes_as_the_plea_that_it_is():
    line = "DON'T MISS: Want to hear of the harbour first? Sign up for our new newsletter!"
    assert removed_by_rules(f"<article>{STORY}<p>{line}</p></article>", low=line[:10]) == [line]


def test_a_plea_under_the_heading_of_a_plea_goes_however_sure_the_model_is():
    plea = (
        "If you're enjoying this article, consider supporting our journalism by subscribing. By purchasing a "
        "subscription you help to ensure the future of stories about the coast and the people who live there."
    )
    headed = f"<article>{STORY}<h2>Support our journalism</h2><p>{plea}</p>{STORY}</article>"
    assert plea in removed_by_rules(headed, score=0.98)
    assert removed_by_rules(headed.replace("Support our journalism", "A long winter"), score=0.98) == []


@pytest.mark.parametrize("heading", ["5. Film / Video", "TOP READS OF THE WINTER", "Related"])
def test_a_heading_right_above_text_is_no_credit_and_announces_no_links(heading):
    assert removed_by_rules(f"<article>{STORY}<h3>{heading}</h3>{STORY}</article>") == []


def test_a_heading_above_links_goes():
    links = '<ul><li><a href="/a">Bakers on strike</a></li><li><a href="/b">Pool may close</a></li></ul>'
    assert "Related" in removed_by_rules(f"<article>{STORY}<h3>Related</h3>{links}{STORY}</article>")


COMMENTS = "".join(
    f'<div class="c"><div class="by">{who} on March {day}, 2024</div><p>{words}</p></div>'
    for who, day, words in (
        ("Marta Quill", 3, "I waited for an hour last week, and nobody at the landing knew when the boat would leave."),
        (
            "Odd Brekke",
            4,
            "The crew were friendly as always, but the timetable on the pier is that of the year before.",
        ),
    )
)


def test_comments_under_names_and_dates_go_with_no_heading_above_them():
    removed = removed_by_rules(f"<article>{STORY}</article><div>{COMMENTS}</div>")
    assert [line for line in removed if line.startswith(("Marta", "I waited", "Odd", "The crew"))] == removed
    assert len(removed) == 4


@pytest.mark.parametrize(
    ("html", "options"),
    [
        pytest.param(f"<div>{COMMENTS}</div>", {}, id="nothing above: a forum"),
        pytest.param(f"<article>{STORY}</article><div>{COMMENTS}</div>", {"article": 0.4}, id="may be no article"),
        pytest.param(f"<article>{STORY}<div>{COMMENTS}</div>{STORY * 4}</article>", {}, id="letters in the story"),
    ],
)
def test_paragraphs_under_names_and_dates_stay_elsewhere(html, options):
    assert not [line for line in removed_by_rules(html, **options) if line.startswith(("I waited", "The crew"))]
