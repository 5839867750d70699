"""The short lines at the end of an article stay, whatever stands above them."""

import pytest

from cleaner import clean

PROSE = (
    "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago.",
    "Passengers stood on the new pier in the rain with their luggage, while the harbour master counted them twice.",
    "The council had spent eleven million crowns on the repairs, most of which came from a fund for roads.",
    "Mads Holm, who runs the bakery beside the landing, said that he had thrown away bread every evening.",
    "For the school the return of the ferry means that the older pupils can live at home again during the week.",
    "Engineers had found cracks in four of the nine piles after the storm, and divers reported worse below.",
    "The company that built the pier has denied any fault, but the case will be heard in the spring of next year.",
    "Until then the council has put aside a quarter of its budget, a sum that the opposition called reckless.",
    "Fishermen were the last to agree to the new place of the landing, since the current there is stronger.",
    "In the afternoon the ferry left again with forty-one people, six dogs and a piano for the school.",
)
SENTENCES = (
    "The vote is on Friday.", "Nobody waved.", "The hearing will resume on May 4.", "Work starts in June.",
    "He did not answer.", "That was all.", "The ferry was full.", "Rain is expected.", "She left at noon.",
    "The pier stays open.", "Entry is free.", "They will try again.", "No one was hurt.", "The case goes on.",
)  # fmt: skip
ITEMS = ("Adults 12 crowns", "Children 6 crowns", "Dogs travel free")
ABOVE = {
    "newsletter": '<div class="newsletter"><h4>Sign up for our newsletter</h4><p>The best of the islands.</p></div>',
    "advert": '<div class="ad">Advertisement</div>',
    "advert as a paragraph": "<p>Advertisement</p>",
    "related": '<div class="related"><h4>Read more</h4><ul><li><a href="/x">Storm on its way</a></li></ul></div>',
}


def page(paragraphs: int, above: str, last: str) -> str:
    story = "".join(f"<p>{text}</p>" for text in PROSE[:paragraphs])
    return (
        "<html><head><title>Ferry returns to Skarn | Skarn Courier</title></head><body><nav><ul>"
        '<li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav><main><article>'
        f"<h1>Ferry returns to Skarn</h1>{story}{above}{last}</article></main><aside><h3>Most read</h3><ul>"
        '<li><a href="/a">Storm on the way to the coast</a></li><li><a href="/b">Bread gets dearer</a></li></ul></aside>'
        "<footer><p>© 2026 Skarn Courier</p></footer></body></html>"
    )


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("paragraphs", [3, 5, 10])
def test_a_short_last_sentence_stays(paragraphs, above):
    lost = [s for s in SENTENCES if s not in clean(page(paragraphs, ABOVE[above], f"<p>{s}</p>"), kind="html")]
    assert lost == []


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("paragraphs", [3, 5, 10])
def test_a_list_at_the_end_stays(paragraphs, above):
    items = "".join(f"<li>{item}</li>" for item in ITEMS)
    text = clean(page(paragraphs, ABOVE[above], f"<ul>{items}</ul>"), kind="html")
    assert [item for item in ITEMS if item not in text] == []
