"""Posts of social networks: which blocks belong to one, and that an article keeps or drops them as a whole."""

import numpy as np

from cleaner.decision.page_view import PageView
from cleaner.decision.steps.posts import with_whole_posts
from cleaner.segment import segment
from cleaner.segment.page import Page
from cleaner.segment.posts import POST
from cleaner.segment.prose import find_prose

PROSE = "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago."
TWEET = """<blockquote class="twitter-tweet"><p>The pier is open again, and so is the bakery!</p>
— Mads Holm (@madsholm) <a href="https://example.org/1">March 3, 2026</a></blockquote>"""
UNNAMED = "<blockquote><p>The pier is open again.</p><p>— Mads Holm (@madsholm) March 3, 2026</p></blockquote>"
EMPTY = (
    '<blockquote class="instagram-media"><a href="https://example.org/2">View this post on Instagram</a></blockquote>'
)


def page(*parts: str) -> Page:
    return segment(f"<html><body><article>{''.join(parts)}</article></body></html>", "html")


def with_posts(made: Page, body: np.ndarray) -> np.ndarray:
    return with_whole_posts(PageView(made, find_prose(made.blocks), {}, np.zeros(len(body))), body)


def in_posts(made: Page) -> list[bool]:
    return [POST in block.context for block in made.blocks]


def test_a_post_is_part_of_the_context_of_its_blocks():
    made = page(f"<p>{PROSE}</p>", TWEET, f"<p>{PROSE}</p>")
    assert in_posts(made) == [False, True, True, False]
    assert made.blocks[1].context == (POST, "blockquote")
    assert made.blocks[1].containers[0] == made.blocks[2].containers[0]


def test_a_quotation_that_an_account_signs_is_a_post_without_a_class():
    assert in_posts(page(f"<p>{PROSE}</p>", UNNAMED)) == [False, True, True]
    for account in ("@madsholm.example", "@madsholm@skarn.example"):  # Bluesky, Mastodon
        assert in_posts(page(f"<p>{PROSE}</p>", UNNAMED.replace("@madsholm", account))) == [False, True, True]
    assert in_posts(page(f"<blockquote><p>{PROSE}</p></blockquote>")) == [False]
    assert in_posts(page("<p>— Mads Holm (@madsholm) March 3, 2026</p>")) == [False]


def test_a_post_in_the_article_stays_as_a_whole():
    made = page(f"<p>{PROSE}</p>", TWEET, f"<p>{PROSE}</p>")
    assert with_posts(made, np.array([True, False, False, True])).all()
    assert with_posts(made, np.array([True, True, False, True])).all()


def test_a_post_outside_of_the_article_goes_as_a_whole():
    made = page(f"<p>{PROSE}</p>", TWEET)
    assert with_posts(made, np.array([True, False, False])).tolist() == [True, False, False]
    assert with_posts(made, np.array([True, True, False])).tolist() == [True, True, True]
    assert with_posts(made, np.array([False, True, False])).tolist() == [False, False, False]


def test_a_post_without_words_goes():
    made = page(f"<p>{PROSE}</p>", EMPTY, f"<p>{PROSE}</p>")
    assert with_posts(made, np.array([True, True, True])).tolist() == [True, False, True]


def test_a_page_without_posts_stays_as_it_is():
    body = np.array([True])
    assert with_posts(page(f"<p>{PROSE}</p>"), body) is body
