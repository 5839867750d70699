"""What a page's address, declared types and layout say about its type."""

import pytest

from cleaner import label
from cleaner.features import type_facts
from cleaner.features.measures import Measures
from cleaner.features.profile import NAMES, PAGE_TYPES
from cleaner.model.weights import PageTypes
from cleaner.segment import html
from cleaner.segment.prose import find_prose

SENTENCE = "The harbour office counted four hundred passengers on the first ferry of the winter, more than ever before."


def facts(source: str) -> dict[str, float]:
    page = html.segment(source)
    prose_map = find_prose(page.blocks)
    return type_facts.type_facts(page, prose_map, Measures.of(prose_map))


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://ostra.example/forum/viewtopic?t=1", {"path_forum"}),
        ("https://shop.ostra.example/", {"host_product", "address_root"}),
        ("https://ostra.example/2031/04/ferry-returns", {"address_year"}),
        ("https://ostra.example/threadbare-coats", set()),
        ("", {"address_missing"}),
        ("https://[ostra/news", set()),
    ],
)
def test_words_of_an_address_are_facts(url, found):
    flags = {name for name, value in type_facts.of_address(url).items() if value == 1 and "_depth" not in name}
    assert flags - {"address_name_words"} == found


def test_an_address_has_a_depth_and_a_number_of_words_in_its_name():
    found = type_facts.of_address("https://ostra.example/a/b/ferry-returns-4012.html")
    assert found["address_depth"] == 3
    assert found["address_number"] == 1
    assert type_facts.of_address("/x/" * 50)["address_depth"] == type_facts.MAX_DEPTH


def test_declared_types_are_facts():
    found = facts('<script type="application/ld+json">{"@type": "FAQPage"}</script><p>Where is the ferry?</p>')
    assert found["declared_questions"] == 1
    assert found["declared_none"] == found["declared_items"] == 0
    assert facts("<p>Where is the ferry?</p>")["declared_none"] == 1


def test_paragraphs_of_a_text_are_siblings_and_those_of_records_are_not():
    story = facts(f"<article>{f'<p>{SENTENCE}</p>' * 6}</article>")
    records = facts(f'<div><h3><a href="/1">Ferry returns today again</a></h3><p>{SENTENCE}</p></div>' * 6)
    assert story["prose_with_siblings"] == 1
    assert records["prose_with_siblings"] == 0
    assert story["prose_siblings"] > records["prose_siblings"]
    assert (story["headings_linked"], records["headings_linked"]) == (0, 1)
    assert records["log_lines_linked"] > 0


def test_prices_questions_and_controls_are_counted():
    found = facts("<p>$ 12.50</p><p>Which size?</p><button>Add to basket</button>")
    assert min(found[name] for name in ("log_prices", "log_questions", "log_controls")) > 0


def test_every_page_has_all_facts():
    assert tuple(facts("<p>x</p>")) == type_facts.NAMES == NAMES[-len(type_facts.NAMES) :]


def test_numbers_of_a_profile_that_are_newer_than_the_weights_count_nothing():
    older = PageTypes.parse({"page_types": PageTypes.none().weights[:, : -len(type_facts.NAMES)] + 1})
    assert older.weights.shape == (len(PAGE_TYPES), len(NAMES) + 1)
    assert older.used.tolist() == [True] * (len(NAMES) - len(type_facts.NAMES)) + [False] * len(type_facts.NAMES)
    assert (older.weights[:, -1] == 1).all()


def test_prose_outside_of_any_element():
    """Only the parser of hostile sources leaves it there."""
    prose = (
        "The ferry to Skarn sailed on Monday, for the first time in two winters, and nobody had thought that it would."
    )
    doc = label(f"{prose} {prose}" + "<div>" * 20_000, kind="html")
    assert doc.flags == ("fallback",)
    assert doc.text == f"{prose} {prose}"
