"""Mails, text from PDFs, transcripts and the text of whole pages: their parts go, and what resembles them stays."""

import tomllib
from pathlib import Path

import pytest

from cleaner import Label, clean, label
from cleaner.rules.packs import concepts
from cleaner.rules.parts import CONCEPTS
from cleaner.segment.page import Part
from cleaner.segment.text import segment

FOLDER = Path(__file__).parent.parent / "fixtures"
LOOKALIKES = tomllib.loads((FOLDER / "shapes" / "lookalikes.toml").read_text("utf-8"))["text"]
SHAPES = sorted([*(FOLDER / "text").glob("shape-*.txt"), *(FOLDER / "lang").glob("*/shape-*.txt")])


THINGS = ("bread", "nets", "salt", "rope", "mail", "bells")


def parts(source: str) -> list[tuple[str, str]]:
    """The parts of a text with their words."""
    page = segment(source)
    return [(part.value, page.blocks[at].plain) for at, part in page.parts.items()]


@pytest.mark.parametrize("text", LOOKALIKES, ids=[f"{entry['lang']}: {entry['kind']}" for entry in LOOKALIKES])
def test_what_resembles_a_shape_stays(text):
    source = text["text"].strip()
    assert clean(source, lang=text["lang"]) == source


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_cleaned_text_stays_as_it_is(path):
    once = clean(path.read_text("utf-8"))
    assert once
    assert clean(once) == once


def test_each_part_has_a_concept_of_its_own():
    assert CONCEPTS.keys() == set(Part)
    assert len(set(CONCEPTS.values())) == len(Part)
    assert set(CONCEPTS.values()) <= concepts().keys()


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_part_goes_with_evidence(path):
    source = path.read_text("utf-8")
    page, document = segment(source), label(source)
    for at, part in page.parts.items():
        names = [evidence.name for evidence in document.blocks[at].evidence]
        assert CONCEPTS[part] in names
        assert (document.blocks[at] in document.kept) is (concepts()[CONCEPTS[part]].label is Label.BODY)


HEADER = (
    "From: Runa Tveit <runa@skarn.example>\nTo: all@ostra.example\nSubject: The pier\nDate: Mon, 4 May 2026 09:12\n"
)


@pytest.mark.parametrize(
    ("source", "removed"),
    [
        pytest.param(
            "WEBVTT\nKind: captions\n\n00:01.000 --> 00:03.000\nHello.\n\n00:04.000 --> 00:06.000\nBread?\n\n"
            "00:07.000 --> 00:09.000\nThank you.",
            ["WEBVTT", "Kind: captions", "00:01.000 --> 00:03.000", "00:04.000 --> 00:06.000",
             "00:07.000 --> 00:09.000"],
            id="subtitles of the web",
        ),
        pytest.param(
            "WEBVTT\n\n00:01.000 --> 00:03.000\nThe ferry sails again.",
            ["WEBVTT", "00:01.000 --> 00:03.000"],
            id="subtitles of the web with one cue",
        ),
        pytest.param(
            "WEBVTT - The ferry\nKind: captions\n\nSTYLE\n::cue {}\n\nNOTE by Runa\n\nfirst\n00:01.000 --> 00:03.000\n"
            + "- Bread?\n" * 20,
            ["WEBVTT - The ferry", "Kind: captions", "00:01.000 --> 00:03.000"],
            id="subtitles of the web with a long cue below a style, a note and a name",
        ),
        pytest.param(
            "1\n00:00:01,000 --> 00:00:03,000\nThe ferry sails again.\n\n2\n00:00:03,000 --> 00:00:04,000\nBread?",
            ["1", "00:00:01,000 --> 00:00:03,000", "2", "00:00:03,000 --> 00:00:04,000"],
            id="two numbered subtitles",
        ),
        pytest.param(
            HEADER + "\nHello,\nthe pier is built.\n\nRuna\n\nOn Sunday, 3 May 2026, Odd Brekke <odd@skarn.example>\n"
            "wrote:\n> Is it?\n\nSent with a pencil",
            ["From: Runa Tveit <runa@skarn.example>", "To: all@ostra.example", "Subject:",
             "Date: Mon, 4 May 2026 09:12"],
            id="what stands below a quotation is an answer",
        ),
        pytest.param(
            HEADER + "\nHello,\nthe pier is built.\n\nRuna\n\nOn Sunday, 3 May 2026, Odd Brekke <odd@skarn.example>\n"
            "wrote:\n> Is it?\n",
            ["From: Runa Tveit <runa@skarn.example>", "To: all@ostra.example", "Subject:",
             "Date: Mon, 4 May 2026 09:12", "On Sunday, 3 May 2026, Odd Brekke <odd@skarn.example>", "wrote:", "Is it?"],
            id="the earlier mail, with a sentence above it on two lines",
        ),
        pytest.param(
            HEADER + "\n---------- Forwarded message ---------\n" + HEADER.replace("Runa", "Odd") + "\nThe pier is built.",
            ["From: Runa Tveit <runa@skarn.example>", "To: all@ostra.example", "Subject:",
             "Date: Mon, 4 May 2026 09:12", "---------- Forwarded message ---------",
             "From: Odd Tveit <runa@skarn.example>", "To: all@ostra.example", "Subject: The pier",
             "Date: Mon, 4 May 2026 09:12"],
            id="a mail that is passed on is the content",
        ),
        pytest.param(
            HEADER + "\nThe pier is built.\n\n-- \nYou received this message because you are subscribed to the group.\n"
            "To unsubscribe from this group, send a mail to pier+leave@googlegroups.example.",
            ["From: Runa Tveit <runa@skarn.example>", "To: all@ostra.example", "Subject:",
             "Date: Mon, 4 May 2026 09:12", "--", "You received this message because you are subscribed to the group.",
             "To unsubscribe from this group, send a mail to pier+leave@googlegroups.example."],
            id="the footer of a group below two dashes",
        ),
    ],
)  # fmt: skip
def test_parts(source, removed):
    assert [words for _, words in parts(source)] == removed


@pytest.mark.parametrize(
    "source",
    [
        "WEBVTT\n\nA file of captions has times:\n\n00:01.000 --> 00:03.000\nThe ferry sails again.",
        "WEBVTT is a format for captions.\n\nIt has times.\n\n00:01.000 --> 00:03.000\nThe ferry sails again.",
        "WEBVTT\n\n```\n00:01.000 --> 00:03.000\nThe ferry sails again.\n```",
        "WEBVTT\n\nThe format of captions is ten years old.",
        "WEBVTTs\n\n00:01.000 --> 00:03.000\nThe ferry sails again.",
        "Part 1\n00:00:01,000 --> 00:00:03,000\nThe ferry sails again.",
        "1\n\n00:00:01,000 --> 00:00:03,000\nThe ferry sails again.",
    ],
)
def test_what_is_no_subtitle_file(source):
    assert parts(source) == []


def test_the_first_line_of_a_subtitle_file_is_no_headline():
    document = label(
        "\ufeffWEBVTT\n\n00:01.000 --> 00:03.000\nDoes the ferry sail?\n\n00:03.000 --> 00:05.000\nIt does."
    )
    assert (document.title, document.flags) == ("Does the ferry sail?", ("transcript",))
    assert [block.text for block in document.kept] == ["Does the ferry sail?", "It does."]


def test_the_subject_is_the_headline():
    document = label(HEADER + "\nHello,\nthe pier is built.")
    assert [block.text for block in document.blocks if block.label is Label.TITLE] == ["The pier"]
    assert document.flags == ("mail",)


SENDER, DATE = "From: Runa Tveit <runa@skarn.example>", "Date: Mon, 4 May 2026 09:12"


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Subject: The bridge closes\n for nine months,\n\tsays the council", "closes\n for nine months,\n\tsays the council"),
        ("Subject:\n The bridge closes\n for nine months", "closes\n for nine months"),
        ("Subject: The bridge closes\nX-Mailer: pencil\n and paper", "closes"),
        ("Subject: The bridge closes\nReceived: from Ostra\n by Skarn", "closes"),
    ],
)  # fmt: skip
def test_folded_lines_of_a_header_belong_to_the_field_above(subject, words):
    document = label(f"{SENDER}\n{subject}\n{DATE}\n\nHello,\nthe pier is built.")
    assert [block.text for block in document.kept] == [f"The bridge {words}", "Hello,", "the pier is built."]
    assert document.kept[0].label is Label.TITLE
    assert document.title == " ".join(f"The bridge {words}".split())


def test_in_an_indented_header_no_line_is_folded():
    header = "\n".join(f"  {line}" for line in (SENDER, "To: all@ostra.example", "Subject: The pier", "Room: 3", DATE))
    document = label(f"{header}\n\n  Hello,\n  the pier is built.")
    assert document.title == "The pier"
    assert "Room: 3" not in document.text


@pytest.mark.parametrize(
    "header",
    [
        "From: Runa\nTo: Odd\nSubject: The pier",
        "From: Runa Tveit <runa@skarn.example>\nTo: all@ostra.example",
        "Memo: runa@skarn.example\nTo: Odd\nSubject: The pier",
    ],
    ids=["no address and no time", "two fields", "no sender"],
)
def test_what_is_no_header(header):
    assert parts(header + "\n\nHello,\nthe pier is built.") == []


def test_what_is_divided_at_the_end_of_a_line_stays_to_the_letter():
    source = (FOLDER / "text" / "shape-pdf-form-feeds.txt").read_text("utf-8")
    kept = clean(source)
    for divided in ("harbour of-\nfice", "un-\ntil", "kind-", "ness and a cake", "dif-\nference"):
        assert divided in kept


def test_the_first_place_of_a_head_without_number_stays():
    """It may be the headline, which the head of each page repeats."""
    body = "The harbour of Skarn has had a lamp for two hundred years, and the lamp has had eleven keepers so far."
    source = f"The Lamp of Skarn\n\n{body}\n\f" * 3
    assert parts(source) == [("running_head", "The Lamp of Skarn")] * 2


def test_a_title_of_two_pages_in_ten_is_no_head():
    slides = ["Results" if at in (3, 4) else f"Slide about topic {chr(97 + at)}" for at in range(10)]
    source = "\n\f".join(f"{title}\n\nWe counted the ropes of pier {chr(97 + at)}." for at, title in enumerate(slides))
    assert parts(source) == []


def test_numbers_in_a_head_are_the_same_or_count_on():
    page = "Report {volume} of the lamps, page {number}\n\nThe lamp of pier {name} burns.\n"
    counted = "\f".join(page.format(volume=12, number=at + 7, name=chr(97 + at)) for at in range(5))
    assert [kind for kind, _ in parts(counted)] == ["running_head"] * 5
    others = "\f".join(page.format(volume=12, number=3 * at * at + 7, name=chr(97 + at)) for at in range(5))
    assert parts(others) == []


def test_a_column_of_numbers_is_no_page():
    prose = (
        (FOLDER / "text" / "shape-pdf-numbers.txt").read_text("utf-8").split("1 Introduction")[0].split("Abstract")[1]
    )
    assert parts(f"{prose}\n1\n2\n3\n4\n\n{prose}") == []


def test_each_article_of_several_has_an_end_of_its_own():
    source = (FOLDER / "text" / "shape-several-articles.txt").read_text("utf-8")
    assert "Mads Holm is a reporter at the Skarn Courier." not in clean(source)
    without_breaks = source.replace("=" * 40, "")
    assert "Mads Holm is a reporter at the Skarn Courier." in clean(without_breaks)


def test_a_menu_needs_known_entries():
    """A run of short lines alone is a list."""
    source = (FOLDER / "text" / "shape-dump.txt").read_text("utf-8")
    assert "Islands" not in clean(source).split("\n")
    for entry in ("Skip to content", "Menu", "Home", "News", "Sport", "Opinion", "Contact", "Log in", "Subscribe"):
        source = source.replace(f"\n{entry}\n", "\nHarbour\n")
    assert "Islands" in clean(source).split("\n")


def test_a_caption_stands_right_above_its_credit():
    prose = "The harbour of Skarn has had a lamp for two hundred years, and the lamp has had eleven keepers so far."
    caption = "Odd Brekke beside the ditch that runs behind the harbour office."
    pair = f"{prose}\n\n{prose}\n\n{prose}\n\n{caption}\nRuna Tveit for Skarn Courier\n\n{prose}"
    assert caption not in clean(pair)
    assert caption in clean(pair.replace(f"{caption}\n", f"{caption}\n\n"))


@pytest.mark.parametrize(
    ("source", "section"),
    [
        ("Investigations\n\nThe ditch was sold twice. Both buyers wait.\n\nBy Mads Holm\n\n{prose}", "Investigations"),
        ("Ditches\n\nThe ditch was sold twice. Both buyers wait.\n\nBy Mads Holm\n\n{prose}", ""),
        ("Home\nSkarn\nThe council sells the ditch twice\nBy Mads Holm\n{prose}", "Skarn"),
    ],
    ids=["known, above a sentence", "unknown, above a sentence", "unknown, above a headline and below a menu"],
)
def test_the_name_of_a_section(source, section):
    prose = "The harbour of Skarn has had a lamp for two hundred years, and the lamp has had eleven keepers so far."
    document = label(source.format(prose=prose))
    found = [block.text for block in document.removed if any(e.name == "navigation.section" for e in block.evidence)]
    assert found == [section][: bool(section)]


def test_a_long_menu_goes_up_to_the_top_of_the_page():
    known = ["Home", "Contact", "About us", "Subscribe", "Menu"]
    entries = [f"{place} {thing}" for place in ("Skarn", "Ostra", "Holm", "Brekke") for thing in THINGS]
    below = ["Piers", "Lamps", "Boats"]
    menu = ["Ferries", *entries[:6], known[0], *entries[6:12], known[1], *entries[12:], *known[2:], *below]
    title = "The Lamp of Vardal"
    prose = [
        f"The harbour of Vardal has had {count} keepers of its lamp, and all of them could swim." for count in THINGS
    ]
    document = label("\n".join([title, *menu, *prose]))
    assert [block.text for block in document.kept] == [title, *below, *prose]


STORY = "The ferry sailed on Monday, for the first time in two winters.\n\nNobody had counted the passengers before."
YAML = """\
---
title: "Ferry returns"
tags: [ferry, islands]
authors:
  - Mads Holm
- Runa Tveit
# not yet
description: >
  It sailed again.

  Nobody knew.
---
"""


@pytest.mark.parametrize(
    "front_matter",
    [
        YAML,
        YAML.replace("---\n", "...\n").replace("...\n", "---\n", 1),
        "\n---\ntitle: Ferry returns\n---\n",
        "+++\ntitle = 'Ferry returns'\n[menu.main]\nweight = 3\n+++\n",
    ],
)
def test_front_matter_goes_as_a_whole(front_matter):
    doc = label(front_matter + "\n" + STORY)
    assert doc.text == STORY
    assert doc.flags == ("front_matter",)
    assert {block.label for block in doc.removed} == {Label.BYLINE}
    assert clean("# Ferry returns\n\n" + STORY) == clean(front_matter + "\n# Ferry returns\n\n" + STORY)


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{STORY}\n---\n{STORY}",
        f"---\nRuna: {STORY}\n---\n{STORY}",
        f"---\ntitle: Ferry returns\ndate: 2026\n\n{STORY}",
        f"{STORY}\n\n{YAML}",
        "---\n---\n" + STORY,
    ],
)
def test_what_is_no_front_matter(text):
    assert segment(text).parts == {}
