"""Texts as they come: Markdown, one line, lines glued or split; what goes and, above all, what stays."""

from pathlib import Path

import numpy as np
import pytest

from cleaner import Cleaner, Label, clean, label
from cleaner.features import text_lines
from cleaner.model.weights import TextWeights, Trees, load_text, not_by_place_alone, prior
from cleaner.segment import text as segment_text
from cleaner.segment.prose import find_prose

FIXTURES = Path(__file__).parents[1] / "fixtures"
TEXTS = sorted(FIXTURES.rglob("*.txt"))
PROSE = (
    "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago.",
    "Passengers stood on the new pier in the rain, and nobody of them had brought an umbrella to the landing.",
    "The harbour board paid for the repairs with a loan, which the island will pay back over eleven years.",
    "Fares stay as they are until the end of May, when the board will look at them and at the loan again.",
)
CARD = "Subscribe to the Skarn Courier\n\n• Unlimited access to all articles\n\n• Our app\n\n• Cancel at any time"


def kept(source: str) -> list[str]:
    return [block.text for block in label(source, kind="text").kept]


def joined(*parts: str) -> str:
    return "\n\n".join(parts)


# -- Markdown ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "residue",
    [
        "![flooded pier](https://img.example/p.jpg)\n\n*Passengers at the pier. Photo: Odd Brekke / Reuters*",
        "[Sign up for our newsletter](https://skarn.example/nl)",
        "**Read more:** [Fares rise for the third time](https://skarn.example/2)",
        "#### About the author",
        "[Share on Facebook](https://a.example)",
    ],
)
def test_residue_in_markdown_is_known(residue):
    assert kept(joined(*PROSE, residue)) == list(PROSE)


def test_a_picture_alone_goes_and_one_in_a_sentence_stays():
    inside = PROSE[1].replace("new pier", "![new pier](pier.jpg)")
    source = joined(PROSE[0], "![boats at the pier](<boats.jpg 800w, boats-2.jpg 1200w>)", inside, *PROSE[2:])
    assert kept(source) == [PROSE[0], inside, *PROSE[2:]]
    assert "![boats" in Cleaner(also_keep=["caption"]).clean(source, kind="text")


def test_a_link_in_a_sentence_stays_to_the_letter():
    linked = PROSE[1].replace("new pier", "[new pier](https://skarn.example/pier)")
    assert linked in kept(joined(PROSE[0], linked, *PROSE[2:]))


def test_a_link_without_more_is_evidence():
    found = label(joined(*PROSE, "[Ferry captain retires after forty years](https://skarn.example/3)"), kind="text")
    assert "related.linked" in {evidence.name for evidence in found.blocks[-1].evidence}


@pytest.mark.parametrize("mark", ["---", "* * *", "———"])
def test_a_line_of_marks_goes_with_what_it_parts(mark):
    between = joined(PROSE[0], PROSE[1], mark, PROSE[2], PROSE[3])
    assert mark in kept(between)
    assert kept(joined(*PROSE, mark, "Sign up for our newsletter")) == list(PROSE)
    assert kept(joined(*PROSE, mark)) == list(PROSE)


# -- one line ------------------------------------------------------------------------------------------


def test_what_is_certain_goes_from_an_article_on_one_line():
    residue = "Sign up for our daily newsletter to get the news in your inbox. Photo: Odd Brekke/Reuters."
    source = " ".join([*PROSE[:2], residue, *PROSE[2:], "All rights reserved."])
    assert clean(source, kind="text") == " ".join(PROSE)
    assert "one_line" in label(source, kind="text").flags


def test_an_article_on_one_line_without_residue_is_unaltered():
    source = "  ".join([*PROSE, "Read it and weep.", "Follow the pilot, the board said."])
    assert clean(source, kind="text") == source


# -- residue as blocks, glued and split ----------------------------------------------------------------


@pytest.mark.parametrize(
    "card", [CARD, CARD.replace("\n\n", "\n"), joined(CARD, CARD)], ids=["split", "glued", "twice"]
)
def test_a_card_goes_whole(card):
    assert kept(joined(*PROSE, card)) == list(PROSE)


def test_several_articles_in_one_text_stay():
    source = joined("Ferry returns", *PROSE, "Board meets", *(f"On Holm, {text}" for text in PROSE))
    assert clean(source, kind="text") == source


def test_the_heading_of_a_list_stays_where_only_its_form_speaks_against_it():
    items = [f"- {text}" for text in ("two cups of lentils", "one carrot", "a spoon of cumin", "six cups of water")]
    assert "Ingredients" in kept(joined("Lentil soup", *PROSE[:2], "Ingredients", *items, "Method", *PROSE[2:]))


def test_headlines_below_a_cue_at_the_end_go():
    headlines = ["The captain who would not retire", "Ferry times: what changes in the spring"]
    assert kept(joined(*PROSE, "Read more", *headlines)) == list(PROSE)
    assert kept(joined(*PROSE[:2], "Read more", "The pier that sank twice", *PROSE[2:])) == [
        *PROSE[:2], "The pier that sank twice", *PROSE[2:]
    ]  # fmt: skip


def test_an_item_goes_on_below_related_headlines():
    counted = [line for number, prose in enumerate(PROSE, 1) for line in (f"{number}. The pier is not alone", prose)]
    lines = [*counted[:4], "Recommended", "Ferry times: what changes in the spring", *counted[4:]]
    assert kept(joined(*lines)) == counted


def test_a_counted_sub_heading_is_no_plea():
    lines = [
        "Five things to do", "1. Take the ferry", PROSE[0], "2. Subscribe to the car club", PROSE[1], "3. Get the app",
        PROSE[2],
    ]  # fmt: skip
    assert kept(joined(*lines)) == lines
    assert kept(joined(*PROSE, "1. Subscribe to our newsletter", "2. Get our app")) == list(PROSE)


def test_an_item_of_a_list_heads_no_other():
    items = ["- Author information", "- Timestamp", "- Commit message"]
    assert kept(joined(*PROSE[:2], *items, *PROSE[2:]))[2:] == [*items[1:], *PROSE[2:]]


def test_the_only_paragraph_stays_with_its_credit():
    text = "The pier gave way on Monday, the board said. Nobody was on it. It was old. Photo: Odd Brekke / Reuters"
    document = label(text, kind="text")
    assert (document.text, document.flags) == (text, ("guard:too_much_removed",))
    assert clean("Photo: Odd Brekke / Reuters", kind="text") == ""


def test_who_reported_goes_from_the_end_of_the_last_paragraph():
    text = joined(*PROSE[:3], f"{PROSE[3]} (Reporting by Runa Tveit; editing by Odd Brekke)")
    assert clean(text, kind="text") == joined(*PROSE)


def test_an_item_is_no_standfirst():
    lines = ["Five things to do", "1. Take the ferry", PROSE[0], "2. Read the minutes", PROSE[1]]
    assert Cleaner(drop=["title"]).clean(joined(*lines), kind="text") == joined(*lines[1:])


def test_a_quotation_twice_below_the_article_stays_once():
    quotation = "“We want to see the pier,” she said. “We want to meet the board. It has not answered us since May.”"
    text = joined(*PROSE, quotation, quotation)
    assert clean(text, kind="text") == joined(*PROSE, quotation)


def test_form_counts_in_a_news_item_of_short_paragraphs():
    sentences = [
        "The ferry to Skarn will not sail before Monday.",
        "A rock fell on the landing in the night.",
        "Nobody was hurt there, the harbour office said.",
        "Divers will look at the stones on Friday.",
        "Passengers may take the bus to Ostra instead.",
    ]
    caption = "The landing on Thursday. Photo: Odd Brekke/Reuters"
    assert kept(joined(*sentences[:2], "ferry fog", caption, *sentences[2:])) == sentences
    verses = [line.rstrip(".") for line in sentences]
    assert kept(joined(*verses[:2], "ferry fog", *verses[2:])) == [*verses[:2], "ferry fog", *verses[2:]]


# -- the same text twice --------------------------------------------------------------------------------


def test_cleaning_twice_is_cleaning_once():
    changed = [path.name for path in TEXTS if clean(text := clean(path.read_bytes(), kind="text"), kind="text") != text]
    assert len(changed) <= 0.03 * len(TEXTS), changed


def test_a_name_above_the_article_is_a_byline_also_between_menus():
    """The names in a menu make the name of the author one of a list, until the menu is gone."""
    teams = ("Harbour Cup", "Skarn United", "Ostra Rovers", "Nordvik Town", "Holm Athletic", "Tveit Harriers")
    menu = ["Home", "News", "Sport", *teams, "Weather", "Subscribe", "Log in", "Newsletters", "Contact us", "Advertise"]
    footer = ["Privacy policy", "Terms of use", "About us", "Cookie policy", "Contact us", "Advertise"]
    cleaned = clean("\n".join([*menu, "Ferry returns to Skarn", "Odd Brekke", *PROSE, *footer]), kind="text")
    assert cleaned.split("\n") == ["Ferry returns to Skarn", *PROSE]
    assert clean(cleaned, kind="text") == cleaned


# -- the model ------------------------------------------------------------------------------------------


def test_trees_correct_what_rules_say():
    page = segment_text.segment(joined(*PROSE, "Share this"))
    columns = text_lines.columns(page, find_prose(page.blocks), [[]] * len(page.blocks))
    leaf = np.zeros(1, np.int64)
    one = np.ones(1, np.float32)
    trees = Trees((), leaf, leaf, 0 * one, np.zeros(2, np.int64), 2 * one)
    assert (TextWeights(trees).log_odds(columns) - prior(columns)).tolist() == pytest.approx([2] * len(page.blocks))


def test_no_line_goes_for_its_place_alone():
    """Only a run of lines like headlines between sure residue may go without a rule, and pictures and links."""
    lines = {
        "residue": {"rule_residue": 4, "starts": 1, "words": 3},
        "headline": {"starts": 1, "words": 3},
        "sentence": {"starts": 1, "ended": 1, "ends": 1, "words": 3},
        "weak": {"rule_residue": 1, "starts": 1, "words": 3},
        "picture": {"starts": 1, "words": 3, "media": 1},
        "link": {"starts": 1, "words": 3, "link_share": 1},
        "title": {"starts": 1, "words": 9},
    }
    names = ("rule_residue", "starts", "ended", "ends", "item", "digit_share", "words", "media", "link_share")

    def floored(*text: str, first: int = 1) -> list[bool]:
        columns = {name: np.array([lines[line].get(name, 0) for line in text], np.float32) for name in names}
        columns["since_first_prose"] = np.full(len(text), first, np.float32)
        return (not_by_place_alone(np.full(len(text), -3, np.float32), columns) > 0).tolist()

    assert floored("residue", "headline", "headline", "residue") == [False] * 4
    assert floored("residue", "headline", "headline") == [False, True, True]
    assert floored("headline", "headline", "residue") == [True, True, False]
    assert floored("residue", "headline", "sentence", "headline", "residue") == [False, True, True, True, False]
    assert floored("residue", "headline", "weak", "headline", "residue") == [False] * 5
    assert floored("residue", *["headline"] * 6, "residue") == [False] * 8
    assert floored("residue", *["headline"] * 12, "residue") == [False, *[True] * 12, False]
    assert floored("residue", "title", "headline", "residue") == [False] * 4
    assert floored("residue", "title", "headline", "residue", first=-1) == [False, True, True, False]
    assert floored("sentence", "picture", "headline", "link") == [True, False, True, False]


def test_weights_of_text_come_back_as_they_were():
    weights = load_text()
    again = TextWeights.parse(weights.dump())
    assert again.dump() == weights.dump()
    assert again.provenance == weights.provenance
    with pytest.raises(ValueError, match="format 99"):
        TextWeights.parse(TextWeights(weights.trees, {"format": 99}).dump())


def test_a_rule_of_a_users_own_counts_by_its_prior(tmp_path):
    pack = tmp_path / "own.toml"
    pack.write_text(
        '[notice.harbour]\nabout = "ours"\nstrength = "strong"\npatterns = ["^Tide tables? by"]\nyes = ["Tide table by us"]\n'
    )
    line = "Tide tables by the harbour office, which the board has printed again for the coming year and for all."
    source = joined(*PROSE[:2], line, *PROSE[2:])
    assert line in kept(source)
    found = Cleaner(packs=[pack]).label(source, kind="text")
    assert [block.text for block in found.removed] == [line]
    assert found.removed[0].label is Label.NOTICE


# -- what a neighbour tells ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "residue",
    [
        ("Sign up for our newsletter", "4 weeks for 1 crown, then 9 a month", "Subscribe now"),
        ("Enlarge image", "The first passengers of the day in the rain", "Photo: Odd Brekke"),
        ("flooded harbour at dusk", "The lower town in March. Nobody sleeps here.", "Photo: Odd Brekke"),
    ],
    ids=["pitch between pleas", "caption below a button", "caption below its alternative text"],
)
def test_what_stands_between_two_lines_of_residue_goes(residue):
    assert kept(joined(*PROSE[:2], *residue, *PROSE[2:])) == list(PROSE)


@pytest.mark.parametrize("beside", [("Sign up for our newsletter", PROSE[3]), ("Enlarge image", PROSE[3])])
def test_what_stands_beside_one_line_of_residue_stays(beside):
    line = "The first passengers of the day stood in the rain"
    assert line in kept(joined(*PROSE[:3], beside[0], line, beside[1]))


def test_the_next_question_of_an_interview_ends_a_list_of_other_articles():
    question = "Q. Does the ferry carry dogs? — Runa"
    source = joined("Q. When does it sail?", *PROSE[:2], "Recommended", "How to tie a rope", question, *PROSE[2:])
    assert question in kept(source)
    assert "How to tie a rope" not in kept(source)


def test_a_list_that_sells_nothing_is_no_card():
    items = ["• The lamp of Skarn", "• Storm over Ostra", "• The last pilot"]
    source = joined(PROSE[0], "Sign up for our newsletter", *PROSE[1:], "The songs we heard", *items)
    assert kept(source)[-3:] == items


def test_keywords_below_their_heading_go_and_a_line_with_a_number_stays():
    assert kept(joined(*PROSE, "Topics", "Ferries", "Skarn Island")) == list(PROSE)
    assert kept(joined(*PROSE, "Topics", "Fare: 12 crowns")) == [*PROSE, "Fare: 12 crowns"]


def test_a_contents_list_goes_on_below_a_button():
    entries = ("The pier gave way", "The ferry is back")
    source = joined("Ferry", "Key events", "4h ago", entries[0], "2h ago", entries[1], entries[0], *PROSE[:2],
                    entries[1], *PROSE[2:])  # fmt: skip
    assert kept(source) == ["Ferry", entries[0], *PROSE[:2], entries[1], *PROSE[2:]]


def test_the_author_is_known_by_the_byline():
    residue = ("Runa Tveit is a writer. Her new novel is about the pier.", "Runa Tveit", "lives on Skarn Island")
    for bylines in ("By Runa Tveit", "Runa Tveit"):
        assert kept(joined("Ferry", bylines, *PROSE, residue[0])) == ["Ferry", *PROSE]
    assert kept(joined("Ferry", "By Runa Tveit", *PROSE, *residue[1:])) == ["Ferry", *PROSE]
    person = "Odd Brekke saw it sink, and he called the harbour before he called his wife."
    assert person in kept(joined("Ferry", "By Runa Tveit", *PROSE, person))


def test_the_box_of_a_match_has_a_heading_that_a_footer_has_too():
    story = "O União venceu o Santa Rita por um a zero no domingo, com um gol de falta aos quarenta minutos do jogo."
    assert "FICHA TÉCNICA" in clean(joined("União vence", story, "FICHA TÉCNICA", "Local: Estádio da Barra", story))
