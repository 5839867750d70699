"""Metadata of pages: headline, authors, date, the base of links."""

import json

import pytest
from helpers import count_calls
from hypothesis import given
from hypothesis import strategies as st

from cleaner.segment.dates import iso_date
from cleaner.segment.headline import MAX_BLOCKS, headline
from cleaner.segment.html import segment
from cleaner.segment.html_metadata import MAX_FIELD, Info
from cleaner.segment.page import Page
from cleaner.text.addresses import base_url, resolve
from cleaner.text.characters import strip_unsafe_chars

ARTICLE = {"@type": "NewsArticle", "headline": "Ferry returns to Skarn"}


def page(head: str = "", body: str = "<p>The ferry runs again.</p>") -> Page:
    return segment(f"<html><head>{head}</head><body>{body}</body></html>")


def ld(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def meta(**fields: str) -> str:
    return "".join(f'<meta property="{name.replace("_", ":", 1)}" content="{text}">' for name, text in fields.items())


# -- headline ------------------------------------------------------------------------------------

SITE = meta(og_site_name="Skarn Courier")
H1 = "<h1>Ferry returns to Skarn</h1>"
HEADLINES = {
    "the title alone": ("<title>Ferry returns</title>", "", "Ferry returns"),
    "the name behind a bar": (SITE + "<title>Ferry returns | Skarn Courier</title>", "", "Ferry returns"),
    "behind a hyphen": (SITE + "<title>Ferry returns - Skarn Courier</title>", "", "Ferry returns"),
    "behind a dash": (SITE + "<title>Ferry returns – Skarn Courier</title>", "", "Ferry returns"),
    "behind a dot": (SITE + "<title>Ferry returns · Skarn Courier</title>", "", "Ferry returns"),
    "behind a bar without spaces": (SITE + "<title>Ferry returns|Skarn Courier</title>", "", "Ferry returns"),
    "before a colon": (SITE + "<title>Skarn Courier: Ferry returns</title>", "", "Ferry returns"),
    "before a bar": (
        SITE + "<title>The Skarn Courier | Ferry returns</title>",
        "",
        "Ferry returns",
    ),
    "a section of the site": (SITE + "<title>Ferry returns - Skarn Courier Sport</title>", "", "Ferry returns"),
    "section and site": (
        SITE + "<title>Ferry returns | Boats | Skarn Courier</title>",
        "<p>Ferry returns</p>",
        "Ferry returns",
    ),
    "application name": ("<meta name=application-name content=Courier><title>A - Courier</title>", "", "A"),
    "publisher": (ld(ARTICLE | {"publisher": {"name": "Courier"}, "headline": "A - Courier"}), "", "A"),
    "the site in JSON-LD": (ld({"@type": "WebSite", "name": "Courier"}) + "<title>A - Courier</title>", "", "A"),
    "the host": ("<link rel=canonical href=https://www.skarncourier.co.uk/x><title>A – Skarn Courier</title>", "", "A"),
    "of an h1 too": (SITE + "<title>A b | Skarn Courier</title>", "<h1>A b | Skarn Courier</h1>", "A b"),
    "a dash in the headline": (SITE + "<title>Ferry - the return</title>", "", "Ferry - the return"),
    "a dash in headline and h1": (
        SITE + "<title>Ferry – the return</title>",
        "<h1>Ferry – the return</h1>",
        "Ferry – the return",
    ),
    "a colon in the headline": (SITE + "<title>Skarn: Ferry returns</title>", "", "Skarn: Ferry returns"),
    "a headline that begins with the site": (
        SITE + "<title>Skarn Courier wins a prize</title>",
        "",
        "Skarn Courier wins a prize",
    ),
    "nothing but the name": (SITE + "<title>Skarn Courier</title>", "", "Skarn Courier"),
    "the h1 in the title": ("<title>Ferry returns to Skarn - Boats</title>", H1, "Ferry returns to Skarn"),
    "the h1 in JSON-LD": (ld(ARTICLE) + "<title>Ferry: how it came back</title>", H1, "Ferry returns to Skarn"),
    "the h1 beside titles for search engines": (
        meta(og_title="Skarn ferry: when does it sail?", og_type="article"),
        H1,
        "Ferry returns to Skarn",
    ),
    "an h1 that shares too few words": ("<title>Boats and timetables</title>", H1, "Boats and timetables"),
    "an h1 that is the site": (SITE + "<title>A b - Skarn Courier</title>", "<h1>Skarn Courier</h1>", "A b"),
    "an h1 that is an unknown site": (
        "<title>The Deckhand - Ferry returns to Skarn</title>",
        "<h1>The Deckhand</h1><h2>Ferry returns to Skarn</h2>",
        "Ferry returns to Skarn",
    ),
    "a logo and an h1": (
        "<title>Ferry returns to Skarn - The Deckhand</title>",
        f"<h1>The Deckhand</h1>{H1}",
        "Ferry returns to Skarn",
    ),
    "a heading of a box": (
        "<title>Ferry returns to Skarn | Boats | The Deckhand</title>",
        f"{H1}<h3>Boats</h3>",
        "Ferry returns to Skarn",
    ),
    "a block that is no heading": (
        "<title>Deckhand - Ferry returns to Skarn - Boats</title>",
        "<div>Ferry returns to Skarn</div>",
        "Ferry returns to Skarn",
    ),
    "no spaces between words": ("<title>渡轮恢复航行_新闻_海岛网</title>", "<h1>渡轮恢复航行</h1>", "渡轮恢复航行"),
    "a link to the heading": ("<title>Timetable — Boats 2.0</title>", "<h1>Timetable¶</h1>", "Timetable"),
    "stray separators": ("<title>: Ferry  returns |</title>", "", "Ferry returns"),
    "escaped twice": (ld(ARTICLE | {"headline": "Boats &amp; tides"}), "", "Boats & tides"),
    "quotes differ": (
        "<title>Skarn's ferry returns | Boats</title>",
        "<h1>Skarn’s ferry returns</h1>",
        "Skarn’s ferry returns",
    ),
    "a site name that is the title": (
        meta(og_site_name="Ferry returns to Skarn", og_title="Ferry returns to Skarn"),
        H1,
        "Ferry returns to Skarn",
    ),
    "no title, one h1": ("", H1 + H1, "Ferry returns to Skarn"),
    "no title, several h1": ("", H1 + "<h1>Sport</h1>", ""),
    "nothing": ("", "<p>The ferry runs again.</p>", ""),
    "signs alone": ("<title>???</title>", "", ""),
}


@pytest.mark.parametrize("name", HEADLINES)
def test_headline(name):
    head, body, wanted = HEADLINES[name]
    assert page(head, body or "<p>The ferry runs again.</p>").metadata.headline == wanted


def test_the_title_of_the_metadata_stays_as_it_is():
    found = page(SITE + "<title>Ferry returns | Skarn Courier</title>", H1)
    assert found.metadata.title == "Ferry returns | Skarn Courier"


@given(st.lists(st.text(max_size=60), max_size=4), st.lists(st.text(max_size=20), max_size=3), st.text(max_size=60))
def test_a_headline_is_made_of_what_the_page_states(titles, sites, h1):
    block = segment(f"<h1>{h1}</h1>").blocks
    found = headline(Info(titles=tuple(titles), sites=tuple(sites)), block)
    assert found == " ".join(found.split())
    sources = [" ".join(text.split()) for text in (*titles, *(b.plain for b in block))]
    assert found == "" or any(found in source for source in sources)


HOSTILE = {
    "separators": (f"<title>{'a | ' * 500}</title>", "<h1>a</h1>" * 20_000),
    "names": (ld([{"@type": "Organization", "name": f"n{i} " * 300} for i in range(500)]) + "<title>a - b</title>", H1),
    "marks": ("<title>x</title>", f"<h1>{'¶' * 50_000}x</h1><h1>{' -' * 50_000}x</h1><h1>{'# ' * 50_000}</h1>"),
    "long": (f"<title>{'x: ' * 600}</title>", f"<h1>{'a ' * 100_000}</h1>"),
    "authors": ("<meta name=author content='By By'>" * 20_000, ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_metadata_cost_little(name):
    """The calls grow with the length of the source: it takes at most 6 for a character, were it compared with others 600."""
    head, body = HOSTILE[name]
    assert len(page(head, body).metadata.headline) <= MAX_FIELD
    assert count_calls(lambda: page(head, body)) < 10 * len(head + body)


def test_a_headline_far_down_the_page_is_not_looked_for():
    body = "<p>x</p>" * MAX_BLOCKS + H1
    assert page("<title>Ferry returns to Skarn - Boats</title>", body).metadata.headline.endswith("Boats")


# -- authors -------------------------------------------------------------------------------------

AUTHORS = {
    "one meta": ("<meta name=author content='Ann Lee'>", ("Ann Lee",)),
    "several meta": (
        "<meta name=author content='Ann Lee'><meta name=author content='Mads Holm'>",
        ("Ann Lee", "Mads Holm"),
    ),
    "the best kind of meta": ("<meta name=byl content='By B'><meta name=author content=A>", ("A",)),
    "an address is no name": (
        "<meta property=article:author content=https://social.example/ann><meta name=dc.creator content='Ann Lee'>",
        ("Ann Lee",),
    ),
    "by": ("<meta name=byl content='By Ann Lee'>", ("Ann Lee",)),
    "joined by the page": ("<meta name=author content='By Ann Lee and Mads Holm'>", ("Ann Lee and Mads Holm",)),
    "twice": ("<meta name=author content='Ann Lee'><meta name=author content='ann lee '>", ("Ann Lee",)),
    "a list of strings": (ld(ARTICLE | {"author": ["Ann Lee", "Mads Holm"]}), ("Ann Lee", "Mads Holm")),
    "a list of objects": (
        ld(ARTICLE | {"author": [{"@type": "Person", "name": "Ann Lee"}, {"name": ["Mads Holm"]}, {}, None, 5]}),
        ("Ann Lee", "Mads Holm"),
    ),
    "references": (
        ld({"@graph": [ARTICLE | {"author": {"@id": "#ann"}}, {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}]}),
        ("Ann Lee",),
    ),
    "the article before its comments": (
        ld([{"@type": "Comment", "author": "Troll"}, ARTICLE | {"author": "Ann Lee"}]),
        ("Ann Lee",),
    ),
    "JSON-LD before meta": (
        "<meta name=author content='Ann Lee'>" + ld(ARTICLE | {"author": ["Ann Lee", "Mads Holm"]}),
        ("Ann Lee", "Mads Holm"),
    ),
    "escaped": (ld(ARTICLE | {"author": "Ann &amp; Mads"}), ("Ann & Mads",)),
    "unsafe": (ld(ARTICLE | {"author": "Ann\u202e \ud800Lee\n"}), ("Ann Lee",)),
    "none": (ld(ARTICLE | {"author": {"name": {}}}), ()),
}


@pytest.mark.parametrize("name", AUTHORS)
def test_authors(name):
    head, wanted = AUTHORS[name]
    found = page(head).metadata
    assert found.authors == wanted
    assert found.author == ", ".join(wanted)


def test_features_compare_with_the_first_author_as_written():
    assert page("<meta name=byl content='By Ann Lee'>").author == "By Ann Lee"
    assert page("<meta name=author content=A><meta name=author content=B>").author == "A"
    assert page("<meta name=author content=A>" + ld(ARTICLE | {"author": ["B", "C"]})).author == "A"
    assert page(ld(ARTICLE | {"author": [{"name": "B"}, "C"]})).author == "B"
    assert page("<meta property=article:author content=https://a.example/b>").author == "https://a.example/b"


# -- dates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-03-03", "2026-03-03"),
        ("2026/3/3", "2026-03-03"),
        ("2026-03-03T10:00", "2026-03-03T10:00:00"),
        ("2026-03-03T10:00:00Z", "2026-03-03T10:00:00+00:00"),
        ("2026-03-03T10:00:00.123456789+01:00", "2026-03-03T10:00:00+01:00"),
        ("2026-03-03 10:00:00 UTC", "2026-03-03T10:00:00+00:00"),
        ("2026-03-03 10:00:00 -0530 +0530", "2026-03-03T10:00:00-05:30"),
        (" 2026-03-03T10:00:00+0100 ", "2026-03-03T10:00:00+01:00"),
        ("March 3, 2026", "2026-03-03"),
        ("Mar 03 2026", "2026-03-03"),
        ("Tuesday, 3rd of March 2026", "2026-03-03"),
        ("Sept. 3, 2026 4:05 PM", "2026-09-03T16:05:00"),
        ("Mar 3, 2026 at 12:05 a.m.", "2026-03-03T00:05:00"),
        ("Tue, 03 Mar 2026 10:00:00 GMT", "2026-03-03T10:00:00+00:00"),
        ("Tue Mar 3 2026 10:00:00 GMT+0100 (CET)", "2026-03-03T10:00:00+01:00"),
    ],
)
def test_dates_are_iso_8601(text, wanted):
    assert iso_date(text) == wanted
    assert iso_date(wanted) == wanted
    assert page(f"<meta name=date content='{text}'>").metadata.date == wanted


UNREADABLE = [
    "", "2026", "03/04/2026", "3. März 2026", "2026-13-01", "2026-02-30", "2026-03-03T25:00:00Z", "0000-00-00",
    "2026-03-03T10:00:00+99:00", "3 Mar 2026 10:00 EST", "Maybe 3, 2026", "31 June 2026", "yesterday", "٢٠٢٦-٠٣-٠٣",
    "2026-03-03" + "x" * 80,
]  # fmt: skip


@pytest.mark.parametrize("text", UNREADABLE)
def test_other_dates_stay_as_they_are(text):
    assert iso_date(text) == text


def test_dates_of_json_ld():
    assert page(ld(ARTICLE | {"datePublished": "March 3, 2026"})).metadata.date == "2026-03-03"


@given(st.text(max_size=70))
def test_any_text_may_be_a_date(text):
    assert iso_date(iso_date(text)) == iso_date(text)


# -- addresses -----------------------------------------------------------------------------------


def test_the_first_base_counts():
    assert page("<base target=_top><base href=' /a '><base href=/b>").base == "/a"
    assert page("", "<base href=/c><p>x").base == "/c"
    assert page().base == ""


URL = "https://courier.example/news/ferry"


@pytest.mark.parametrize(
    ("url", "base", "canonical", "wanted"),
    [
        ("", "", "", ""),
        (URL, "", "https://other.example/", URL),
        ("", "", URL, URL),
        ("courier.example", "", URL, URL),
        ("ftp://courier.example/", "", URL, URL),
        (URL, "/archive/", "", "https://courier.example/archive/"),
        (URL, "https://other.example/x", "", "https://other.example/x"),
        (URL, "//other.example/x", "", "https://other.example/x"),
        ("", "https://other.example/x", "", "https://other.example/x"),
        ("", "/archive/", "", ""),
        (URL, "javascript:alert(1)", "", URL),
        (URL, "java\nscript:alert(1)", "", URL),
        (URL, "data:text/html,x", "", URL),
        (URL, "https://[", "", URL),
        (URL, "https:///x", "", URL),
        ("https://[", "", URL, URL),
        ("HTTPS://courier.example/a\u202eb\n", "", "", "HTTPS://courier.example/ab"),
    ],
)
def test_base_url(url, base, canonical, wanted):
    assert base_url(url, base, canonical) == wanted


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_may_be_an_address(url, base, canonical):
    found = base_url(url, base, canonical)
    assert found == "" or found.lower().startswith(("http://", "https://"))
    assert strip_unsafe_chars(found) == found
    resolve(base, found)
