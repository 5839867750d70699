"""The stand-in for trafilatura: its parameters, its formats and its types, with cleaner's choice of the text."""

import csv
import inspect
import json
import logging

import lxml.html
import pytest
import trafilatura
from helpers import ROOT, TYPICAL_PAGE, TYPICAL_TEXT

from cleaner import Cleaner, clean, label
from cleaner.compat import trafilatura as compat
from cleaner.compat.trafilatura import bare_extraction, extract

PAGE = TYPICAL_PAGE.read_text("utf-8")
TABLES = (ROOT / "fixtures/html/page-tables-data.html").read_text("utf-8")
EMPTY = "<html><body><nav><a href='/'>Home</a> <a href='/news'>News</a></nav></body></html>"
STORY = [
    "The ferry to Skarn Island sailed on Monday, for the first time since the pier gave way two winters ago.",
    '"We had forgotten the sound of the horn," said Runa Tveit, who keeps the shop at the landing.',
    "The new pier is built on larch piles, and the council expects that they will last for sixty years.",
]
LINKED = (
    '<html lang="en"><head><title>Ferry returns | Courier</title><meta name="author" content="Mads Holm">'
    '<meta property="article:published_time" content="2026-03-03"></head><body><article><h1>Ferry returns</h1>'
    f'<p>{STORY[0]} <a href="/pier">A new pier</a> was <b>built</b>.</p><h2>In June</h2><p>{STORY[1]}</p>'
    f'<figure><img src="/pier.jpg" alt="The pier" width="900"></figure><p>{STORY[2]}</p></article>'
    '<div class="comments"><h3>Comments</h3><div class="comment" id="c1"><p>I was on that ferry, and it rained.</p></div>'
    '<div class="comment" id="c2"><p>So was I. The horn is too loud for me.</p></div></div></body></html>'
)


def words(text):
    return text.split()


def test_every_parameter_is_known():
    theirs = {*inspect.signature(trafilatura.extract).parameters} | {
        *inspect.signature(trafilatura.bare_extraction).parameters
    }
    ours = {*compat.Options.__annotations__, *compat.NO_COUNTERPART, "filecontent", "url", "record_id"}
    assert ours == theirs


def test_the_text_is_cleaners():
    assert words(extract(PAGE)) == words(clean(PAGE))
    assert words(bare_extraction(PAGE).text) == words(clean(PAGE))
    assert extract(PAGE) == extract(PAGE.encode()) == extract(lxml.html.fromstring(PAGE))
    assert words(extract(TYPICAL_TEXT.read_text("utf-8"))) == words(clean(TYPICAL_TEXT.read_bytes()))


@pytest.mark.parametrize("nothing", [None, "", EMPTY, b"\x89PNG\r\n\x1a\n", "<html></html>"])
def test_none_where_there_is_no_article(nothing):
    assert extract(nothing) is None
    assert bare_extraction(nothing) is None


@pytest.mark.parametrize("output_format", ["csv", "html", "json", "markdown", "txt", "xml", "xmltei"])
def test_formats_have_the_form_of_trafilatura(output_format):
    """Of a page of which both take the same text, the output is the same but for white space and what cleaner finds."""
    plain = "<html><body><article>" + "".join(f"<p>{text}</p>" for text in STORY) + "</article></body></html>"
    options = {"output_format": output_format, "with_metadata": True, "record_id": "a1"}
    ours, theirs = extract(plain, **options), trafilatura.extract(plain, **options)
    if output_format == "csv":
        assert next(csv.reader([ours], delimiter="\t"))[7:] == next(csv.reader([theirs], delimiter="\t"))[7:]
    elif output_format == "json":
        ours, theirs = json.loads(ours), json.loads(theirs)
        assert list(ours) == list(theirs)
        assert (ours["text"], ours["id"]) == (theirs["text"], "a1")
    else:
        language = ' language="en"', '<meta name="language" content="en"/>'
        for found in language:
            ours = ours.replace(found, "")
        skipped = {"fingerprint", "<note"}  # of the white space in the raw text
        lines = [[line for line in words_of_lines(text) if not skipped & set(line)] for text in (ours, theirs)]
        assert [" ".join(line).split('fingerprint="')[0] for line in lines[0]] == [
            " ".join(line).split('fingerprint="')[0] for line in lines[1]
        ]


def words_of_lines(text):
    """The words of each line; lines without words, and the break between elements, do not matter."""
    return [line.split() for line in text.replace("><", ">\n<").split("\n") if line.strip()]


def test_links_formatting_and_pictures():
    assert "A new pier was built." in extract(LINKED)
    assert "[A new pier](/pier)" not in extract(LINKED, output_format="markdown")
    markdown = extract(LINKED, output_format="markdown", include_links=True, include_images=True)
    assert "[A new pier](/pier) was **built**." in markdown
    assert "## In June" in markdown
    assert "![The pier](/pier.jpg)" in markdown
    assert "(https://courier.example/pier)" in extract(
        LINKED, url="https://courier.example/ferry", output_format="markdown", include_links=True
    )
    xml = extract(LINKED, output_format="xml", include_links=True, include_formatting=True)
    assert '<ref target="/pier">A new pier</ref> was <hi rend="#b">built</hi>.' in xml


def test_tables():
    assert "| 1 | Ormsay | 4 |" in extract(TABLES, output_format="markdown")
    assert "Ormsay" not in extract(TABLES, include_tables=False)
    assert "The regatta opened" in extract(TABLES, include_tables=False)


def test_comments_are_apart_and_only_on_request():
    assert "it rained" not in extract(LINKED)
    text = extract(LINKED, include_comments=True)
    assert words(text)[: len(words(extract(LINKED)))] == words(extract(LINKED))
    assert "I was on that ferry" in text
    document = bare_extraction(LINKED, include_comments=True)
    assert ("it rained" in document.comments, "it rained" in document.text) == (True, False)
    assert bare_extraction(LINKED).comments == ""


def test_precision_and_recall_are_thresholds():
    assert words(extract(PAGE, favor_precision=True)) == words(Cleaner(threshold=compat.PRECISE).clean(PAGE))
    assert words(extract(PAGE, favor_recall=True)) == words(Cleaner(threshold=compat.COMPLETE).clean(PAGE))


def test_metadata():
    document = bare_extraction(LINKED, url="https://courier.example/ferry", with_metadata=True)
    assert isinstance(document, trafilatura.settings.Document)
    assert (document.title, document.author, document.date) == ("Ferry returns", "Mads Holm", "2026-03-03")
    assert (document.hostname, document.language) == ("courier.example", "en")
    assert document.as_dict()["text"] == document.text
    assert bare_extraction(LINKED).title is None
    assert extract(LINKED, with_metadata=True).startswith("---\ntitle: Ferry returns\nauthor: Mads Holm\n")
    assert "---" not in extract(LINKED)


def test_metadata_of_a_page_that_trafilatura_fails_on(monkeypatch):
    monkeypatch.setattr(compat, "extract_metadata", lambda *_, **__: 1 / 0)
    document = bare_extraction(LINKED, with_metadata=True)
    assert (document.title, document.author, document.date) == ("Ferry returns", "Mads Holm", "2026-03-03")


def test_what_excludes_a_page():
    url = "https://courier.example/ferry"
    assert extract(LINKED, target_language="de") is None
    assert extract(LINKED, target_language="en")
    assert extract(LINKED, url=url, only_with_metadata=True)
    assert extract(EMPTY.replace("<nav>", f"<p>{STORY[0]}</p><nav>"), only_with_metadata=True) is None
    assert extract(LINKED, url=url, url_blacklist={url}) is None
    assert bare_extraction(LINKED, url=url, author_blacklist={"Mads Holm"}).author is None


def test_elements_that_an_xpath_selects_are_no_part_of_the_page():
    tree = lxml.html.fromstring(LINKED)
    before = lxml.html.tostring(tree)
    for source in (LINKED, tree):
        assert STORY[1] not in extract(source, prune_xpath="//article/p[2]")
        assert extract(source, prune_xpath=["//article/p", "//h2"]) is None
    assert lxml.html.tostring(tree) == before


def test_parameters_without_a_counterpart():
    for name in compat.NO_COUNTERPART:
        with pytest.raises(ValueError, match=f"{name} has no counterpart in cleaner: "):
            extract(PAGE, **{name: True})
        assert extract(PAGE, **{name: None}) == extract(PAGE)
    with pytest.raises(TypeError, match="no parameter 'include_link'"):
        extract(PAGE, include_link=True)
    with pytest.raises(ValueError, match="markdown"):
        extract(PAGE, output_format="md")
    with pytest.raises(ValueError, match="bare_extraction"):
        extract(PAGE, output_format="python")
    with pytest.raises(TypeError, match="not int"):
        extract(5)


def test_a_response_with_data():
    class Response:
        data = PAGE.encode()

    assert extract(Response()) == extract(PAGE)


def test_it_logs_nothing_about_a_usual_page(caplog):
    with caplog.at_level(logging.INFO):
        assert extract(PAGE, fast=True, no_fallback=True, with_metadata=True)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_label_is_what_it_is_made_of():
    assert label(PAGE).lang == bare_extraction(PAGE).language
