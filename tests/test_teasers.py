"""Rails of teasers below an article: which of them go, and what looks like one and stays."""

import numpy as np
import pytest

from cleaner.decision.overrides.teasers import blocks_of_rails
from cleaner.decision.page_view import PageView
from cleaner.features.hashing import Lexicons
from cleaner.features.page_features import compute_features
from cleaner.segment import segment
from cleaner.segment.prose import find_prose

STORY = "".join(
    f"<p>The ferry to Skarn Island sailed {day} for the first time since the pier gave way two winters ago, and nobody "
    "on board seemed to mind the rain that fell all the way across.</p>"
    for day in ("on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday")
)
SUMMARY = "The council of Norvale wants to close the swimming pool in the old harbour before the winter."
TITLES = ("Pool in the harbour may close", "Bakers of Norvale go on strike", "Lighthouse gets a new lamp at last")


def rail(links=("/news/1", "/news/2", "/news/3"), titles=TITLES):
    """A rail of three teasers."""
    return "".join(
        f'<div class="t"><h4><a href="{link}">{title}</a></h4><p>{SUMMARY}</p></div>'
        for link, title in zip(links, titles, strict=True)
    )


def removed(html, address="", headline=0.2, summary=0.7):
    """The plain texts of the blocks that go from a page of which all blocks are body."""
    page = segment(html, "html")
    prose_map = find_prose(page.blocks)
    columns = compute_features(page, prose_map, Lexicons()).first_stage
    scores = np.array([0.95] * len(page.blocks))
    for at, block in enumerate(page.blocks):
        if block.tag == "h4":
            scores[at], scores[at + 1] = headline, summary
    view = PageView(page, prose_map, columns, scores, address=address)
    return [page.blocks[at].plain for at in blocks_of_rails(view, np.ones(len(page.blocks), bool))]


def test_headlines_and_summaries_of_a_rail_go():
    assert removed(STORY + rail()) == [text for title in TITLES for text in (title, SUMMARY)]


@pytest.mark.parametrize(
    "link", ["https://courier.example/{}", "//www.courier.example/{}", "https://sport.courier.example/{}"]
)
def test_links_to_the_site_by_its_address_are_links_to_the_site(link):
    links = [link.format(number) for number in range(3)]
    assert len(removed(STORY + rail(links), "https://www.courier.example/ferry")) == 6
    assert removed(STORY + rail(links), "https://gazette.example/ferry") == []
    assert removed(STORY + rail(links)) == []


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(rail() + STORY, id="above the story: a round-up"),
        pytest.param(STORY + rail(("/1", "/2"), TITLES[:2]), id="two teasers"),
        pytest.param(STORY + rail(("#1", "#2", "#3")), id="questions that open their answers"),
        pytest.param(STORY + rail(titles=("Ann Lee", "Bo Holm", "Cy Moe")), id="names"),
        pytest.param(
            STORY + rail(titles=("ann.l said 3 days ago", "bo said 2 days ago", "cy said today at 6")), id="accounts"
        ),
        pytest.param(
            STORY + rail().replace("</div>", "").replace('<div class="t">', ""), id="links between paragraphs"
        ),
        pytest.param(STORY.join(rail().split("</div>")), id="headlines far from each other"),
    ],
)
def test_what_looks_like_a_rail_stays(html):
    assert removed(html) == []


def test_headlines_that_are_likely_body_are_those_of_a_list_article():
    assert removed(STORY + rail(), headline=0.6) == []
    assert removed(STORY + rail(), summary=0.95) == []
