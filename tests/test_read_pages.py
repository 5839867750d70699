"""What readers found wrong with pages, one small page for each kind of fault: what went and stays now, and what stayed
and goes now.
"""

import numpy as np
import pytest

from cleaner import pipeline
from cleaner.decision.decision import Decision
from cleaner.decision.overrides.comments import thread_of_comments
from cleaner.decision.overrides.override import Review
from cleaner.decision.overrides.teasers import blocks_of_rails
from cleaner.decision.page_body import with_overrides
from cleaner.decision.page_view import PageView
from cleaner.decision.policy import Policy
from cleaner.decision.steps.captions import without_captions_by_place
from cleaner.decision.steps.linked_lines import without_contents, without_linked_lists
from cleaner.decision.steps.lists import with_whole_lists
from cleaner.decision.steps.plea_boxes import without_plea_boxes
from cleaner.decision.steps.quotations import attributions
from cleaner.features.hashing import Lexicons
from cleaner.features.page_features import compute_features
from cleaner.reading.request import Request

PROSE = "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago."
STORY = "".join(f"<p>{PROSE} It did so {day}.</p>" for day in ("at dawn", "at noon", "at dusk", "at night"))


def view_of(inner, *, score=0.95, low=(), low_score=0.4):
    """A page that is surely an article, with one score for all blocks, but for those that begin with ``low``."""
    html = f"<html><head><title>Ferry returns</title></head><body>{inner}</body></html>"
    prepared = pipeline.prepare(Request(html, lang="en", kind="html"), Policy())
    n_blocks = len(prepared.page.blocks)
    types = {"type_article": np.ones(n_blocks), "type_forum": np.zeros(n_blocks)}
    columns = {**compute_features(prepared.page, prepared.prose_map, Lexicons()).first_stage, **types}
    scores = [low_score if low and block.plain.startswith(low) else score for block in prepared.page.blocks]
    return prepared, PageView(prepared.page, prepared.prose_map, columns, np.array(scores))


def removed_by(step, inner, **options):
    """The texts of the blocks that a step removes from a page of which all blocks are body."""
    _, view = view_of(inner, **options)
    kept = step(view, np.ones(len(view.scores), bool))
    return [block.plain for block, stays in zip(view.page.blocks, kept.tolist(), strict=True) if not stays]


def after_overrides(inner, *, without=(), **options):
    """The texts that stay of a page whose blocks are body, but for those that begin with ``without``."""
    prepared, view = view_of(inner, **options)
    body = np.array([not (without and block.plain.startswith(without)) for block in prepared.page.blocks])
    decision = with_overrides(Review(prepared, view, Decision(body, 1.0)))
    return [b.plain for b, stays in zip(prepared.page.blocks, decision.body.tolist(), strict=True) if stays]


LAST = "Nobody on the island had counted the days, said the harbour master, who had counted every single one of them."


@pytest.mark.parametrize(
    ("end", "score", "stays"),
    [
        (f"<div>Advertisement</div><p>{LAST}</p>", 0.4, True),
        (f'<p class="last">{LAST}</p>', 0.4, True),
        (f"<p>{LAST}</p>", 0.1, False),
        (f"<div><p>{LAST}</p></div>", 0.4, False),
        (f'<p>{LAST} <a href="/club">Our club</a></p>', 0.4, False),
        (f"<p>{LAST} Subscribe to our newsletter.</p>", 0.4, False),
    ],
    ids=["behind an advert", "with a class", "surely residue", "elsewhere", "with a link", "a plea"],
)
def test_the_last_paragraph_of_an_article_stays(end, score, stays):
    kept = after_overrides(f"<main>{STORY}{end}</main>", without=(LAST, "Advert"), low=(LAST,), low_score=score)
    assert (LAST in kept) == stays


@pytest.mark.parametrize(
    ("html", "speakers"),
    [
        (f"<figure><blockquote><p>{PROSE}</p></blockquote><figcaption>Ann Lee</figcaption></figure>", ["Ann Lee"]),
        (
            f"<figure><blockquote><p>{PROSE}</p><div>“</div></blockquote><figcaption>Ann Lee</figcaption></figure>",
            ["Ann Lee"],
        ),
        (
            f"<div><figure><blockquote><p>{PROSE}</p></blockquote></figure><figcaption>Ann Lee</figcaption></div>",
            ["Ann Lee"],
        ),
        (
            f"<blockquote><p>{PROSE}</p></blockquote><figure><img src='a'><figcaption>Ann Lee on the pier</figcaption></figure>",
            [],
        ),
    ],
    ids=["in its figure", "behind the quotation mark", "beside the figure", "a picture's caption"],
)
def test_whose_words_a_quotation_is(html, speakers):
    _, view = view_of(STORY + html)
    body = np.array([block.plain not in ("“", "Ann Lee", "Ann Lee on the pier") for block in view.page.blocks])
    assert [view.page.blocks[at].plain for at in attributions(view.page, body)] == speakers


def test_questions_that_unfold_are_no_teasers():
    """Their links lead nowhere."""
    faq = "".join(
        f"<div><h4><a>What does the ticket number {number} cost?</a></h4><p>It costs four crowns at the landing.</p></div>"
        for number in range(4)
    )
    _, view = view_of(STORY * 2 + faq, low=("What does", "It costs"))
    assert blocks_of_rails(view, np.ones(len(view.scores), bool)) == []


def test_the_summary_in_a_banner_stays():
    summary = "The island has its ferry back after two winters, and the harbour office has its pier."
    page = f'<h1>Ferry returns</h1><div class="banner"><p>{{}}</p><a href="/book">Book now</a></div>{STORY * 2}'
    assert removed_by(without_plea_boxes, page.format(summary)) == ["Book now"]
    offer = "The harbour office rents out its rooms for parties of up to forty people"
    assert removed_by(without_plea_boxes, f"{page.format(offer)}") == [offer, "Book now"]


def test_a_sub_heading_below_a_picture_is_no_caption():
    """Each paragraph has a wrapper, and its text is in a span."""

    def wrapped(inner):
        return f"<main><div><p><span>{inner}</span></p></div></main>"

    picture = "<figure><img src='pier.jpg'></figure>"
    page = (
        f"<section><div><p><span>{PROSE}</span></p></div>{picture}<div><p><span>3. What the pier costs</span></p></div>"
    )
    page += f"<div><p><span>{PROSE} It did.</span></p></div></section>"
    assert removed_by(without_captions_by_place, page) == []
    page = f"<section><p>{PROSE}</p></section><aside><div>{picture}<p><span>The pier at noon</span></p></div></aside>"
    assert removed_by(without_captions_by_place, page) == ["The pier at noon"]


def test_a_section_about_comments_ends_at_the_next_heading():
    section = f"<h2>Comments</h2><p>{PROSE} They said so.</p><h2>Fares</h2><p>{PROSE} They rose.</p>"
    prepared, view = view_of(f"<main>{STORY}{section}</main>")
    review = Review(prepared, view, Decision(np.ones(len(view.scores), bool), 1.0))
    headings = [at for at, block in enumerate(view.page.blocks) if block.level]
    assert thread_of_comments(review, review.matches(headings)) == {}
    prepared, view = view_of(f"<main>{STORY}<h2>Comments</h2><p>{PROSE} They said so.</p></main>")
    review = Review(prepared, view, Decision(np.ones(len(view.scores), bool), 1.0))
    headings = [at for at, block in enumerate(view.page.blocks) if block.level]
    assert len(thread_of_comments(review, review.matches(headings))) == 2


def test_the_button_at_the_end_of_a_list_does_not_come_back():
    prices = "<ul><li>Adults pay four crowns</li><li>Children pay two</li><li>{}</li></ul>"

    def kept(last):
        _, view = view_of(f"<p>{PROSE}</p>{prices.format(last)}<p>{PROSE}</p>", score=0.3)
        body = np.array([True, True, True, False, True])
        return with_whole_lists(view, body).tolist()

    assert kept("Dogs travel free")[3]
    assert not kept('<a href="/order">Order your ticket here</a>')[3]


def linked_items(count):
    return "".join(
        f'<li><a href="/news/{number}">Bakers of Norvale go on strike for day {number}</a></li>'
        for number in range(count)
    )


@pytest.mark.parametrize(
    ("end", "stays"),
    [
        (f"<ul>{linked_items(12)}</ul>", False),
        (f"<p>These stories tell more about the strike of the bakers of Norvale:</p><ul>{linked_items(12)}</ul>", True),
        (f"<ul>{linked_items(4)}</ul>", True),
    ],
    ids=["long", "announced", "short"],
)
def test_a_long_list_of_headlines_below_the_article_goes(end, stays):
    assert (removed_by(without_linked_lists, STORY + end) == []) == stays


def test_contents_without_a_list_go():
    links = "".join(f'<div><p><a href="#s{number}">Step {number}</a></p></div>' for number in range(1, 5))
    assert removed_by(without_contents, f"<p>{PROSE}</p>{links}{STORY}") == ["Step 1", "Step 2", "Step 3", "Step 4"]
    apart = STORY.join(f'<p><a href="#n{number}">Note {number}</a></p>' for number in range(1, 5))
    assert removed_by(without_contents, f"<p>{PROSE}</p>{apart}") == []


def test_a_question_to_readers_goes_with_its_call_for_comments():
    call = "How do you get to the island in winter when the ferry from the old pier is full? Tell us in the comments."
    assert call not in after_overrides(f"<main>{STORY}<p>{call}</p></main>", low=("How do you",), low_score=0.8)
    assert call in after_overrides(f"<main>{STORY}<p>{call}</p></main>")


def test_what_the_machinery_of_a_page_left_goes():
    line = '{{book-a-pilot="/banners/book-a-pilot"}}'
    assert line not in after_overrides(f"<main>{STORY}<p>{line}</p>{STORY}</main>")


def test_a_heading_above_the_box_of_a_plea_goes_with_it():
    heading, plea = "The stakes are high", "Sign up for our daily newsletter."
    lead = "Lawyers of the rich write to us each week, so that you never learn of what happens on the pier."
    box = f"<h4>{heading}</h4><div><p>{lead}</p><p>{plea}</p></div>"
    kept = after_overrides(f"<main>{STORY}</main>{box}", low=(heading, lead, plea), low_score=0.7)
    assert not {heading, lead, plea}.intersection(kept)


@pytest.mark.parametrize(
    ("opening", "score", "stays"),
    [
        ("<h1>Ferry returns</h1><h2>Two winters of waiting end on Skarn Island</h2>", 0.05, True),
        ("<h1>Ferry returns</h1><p class='subtitle'>Two winters of waiting</p>", 0.05, True),
        ("<h1>Ferry returns</h1><p>Two winters of waiting end on Skarn Island</p>", 0.05, False),
        ("<h1>Ferry returns</h1><h2>Two winters</h2>", 0.05, False),
        ("<h1><a href='/'>Ferry</a></h1><p class='subtitle'>Two winters of waiting</p>", 0.05, False),
        ("<h1>Ferry returns</h1><div>Share</div><h2>Two winters of waiting end on Skarn Island</h2>", 0.4, True),
        ("<h1>Ferry returns</h1><div>Share</div><h2>Two winters of waiting end on Skarn Island</h2>", 0.05, False),
        (f"<h1>Ferry returns</h1>{'<h2>Two winters of waiting end on Skarn Island</h2>' * 3}", 0.4, False),
        (
            "<h1>Ferry returns</h1><h2>03.01.2026 19:37, changed on 04.01.2026 20:15 by the office of Skarn</h2>",
            0.4,
            False,
        ),
    ],
    ids=[
        "a heading",
        "named",
        "a line",
        "short",
        "the motto of a blog",
        "a heading further down",
        "an unlikely one",
        "several",
        "a date",
    ],
)
def test_the_standfirst_is_known_by_its_place(opening, score, stays):
    _, view = view_of(opening + STORY, low=("Ferry", "Two winters", "Share", "03"), low_score=score)
    assert bool(view.standfirst) == stays


def test_a_heading_that_stays_for_its_text_goes_for_a_rule_that_knows_it():
    heading = "<h2>Advertisement</h2>"
    assert "Advertisement" not in after_overrides(
        f"<main>{STORY}{heading}{STORY}</main>", low=("Advert",), low_score=0.2
    )
    fares = "<h2>What the ferry costs</h2>"
    assert "What the ferry costs" in after_overrides(
        f"<main>{STORY}{fares}{STORY}</main>", low=("What",), low_score=0.2
    )


def test_the_paragraph_under_a_heading_about_the_author_goes():
    life = "Runa Tveit grew up on the island, and she has been writing about its boats for thirty years."
    end = f"<div><h2>{{}}</h2><p>{life}</p></div>"
    assert life not in after_overrides(
        f"<main>{STORY}{end.format('About the author')}</main>", low=("Runa",), low_score=0.7
    )
    assert life in after_overrides(
        f"<main>{STORY}{end.format('About the island')}</main>", low=("Runa",), low_score=0.7
    )


@pytest.mark.parametrize("name", ["InlineImage-captionContainer--x1", "imgCaption", "post-attachment"])
def test_a_caption_is_known_by_a_name_that_is_glued_together(name):
    caption = "The ferry waits at the new pier on Monday."
    kept = after_overrides(f'<main>{STORY}<div class="{name}"><p>{caption}</p></div>{STORY}</main>')
    assert caption not in kept


SPONSORED = "".join(
    f"<li><p>Houses on the island cost less than a boat. <a href='/ad/{number}'>See how you can buy one</a> today.</p></li>"
    for number in range(3)
)


@pytest.mark.parametrize(
    ("heading", "stays"),
    [("Read next:", False), ("What a house costs:", True)],
)
def test_sentences_with_links_under_a_heading_that_goes_go_with_it(heading, stays):
    page = f"<main>{STORY}<h3>{heading}</h3><ul>{SPONSORED}</ul>{STORY}</main>"
    kept = after_overrides(page, without=(heading,), low=(heading,))
    assert any(line.startswith("Houses") for line in kept) == stays


def test_a_plea_that_needs_help_goes():
    plea = "We are changing how the coast is told, but we need your help! Click here to get started."
    assert plea not in after_overrides(f"<main>{STORY}<p>{plea}</p>{STORY}</main>", low=("We are",), low_score=0.6)
