"""The document as data: what it computes, prints, pickles, and writes to JSON."""

import json
import pickle
from collections import Counter
from dataclasses import FrozenInstanceError, replace

import pytest
from helpers import count_calls
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_export import documents

from cleaner import Cleaner, clean, export, label
from cleaner.document import DEFAULT_KEEP, Block, Cell, Document, Evidence, Label, Mark, Metadata, Origin

PAGE = """<html lang="en"><head><title>Ferry returns to Skarn - Skarn Courier</title>
<meta property="og:site_name" content="Skarn Courier"><link rel="canonical" href="https://courier.example/news/ferry">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><main><h1>Ferry returns to Skarn</h1>
<p>The ferry to <a href="../skarn">Skarn Island</a> will run again from Monday, the harbour authority said on
Friday, after three weeks in the yard.</p><p>Two boats will sail each day, one in the morning and one in the
evening, and the crossing takes forty minutes as before.</p></main></body></html>"""
TEXT = "Ferry returns\n\nThe council voted on Tuesday, the mayor said.\n\nSign up for our daily newsletter."


def some_document() -> Document:
    evidence = (
        Evidence("caption.credit", Label.CAPTION, 4.0, "Photo:", "en:caption.credit", 2),
        Evidence("subscription.heading", Label.SUBSCRIPTION, 3.2, "Newsletter", origin=Origin.INHERITED),
    )
    blocks = (
        Block("The vote is on Tuesday.", score=0.97, span=(0, 23), gap=""),
        Block(
            "Photo: Ann Lee",
            Label.CAPTION,
            0.02,
            evidence,
            "li",
            (25, 39),
            "\n\n",
            ("ul", "li"),
            (4, 5),
            Cell(3, 1, header=True, table=2),
            7,
            "python",
        ),
        Block("See it", marks=(Mark(4, 6, "a", "/x"),)),
    )
    metadata = Metadata("T - Site", ("Ann Lee", "Mads Holm"), "2026-03-03", "Site", "D", "https://a.example/x", "T")
    flags = ("truncated",)
    return Document(blocks, DEFAULT_KEEP["html"], "html", "en", metadata, flags, "article", 0.92, "https://a.example/x")


# -- what it computes ----------------------------------------------------------------------------


def test_the_text_is_computed_once(monkeypatch):
    calls = []
    monkeypatch.setattr(export, "to_text", lambda doc: calls.append(doc) or "text")
    doc = some_document()
    assert [doc.text, doc.text, doc.text] == ["text"] * 3
    assert len(calls) == 1
    assert replace(doc, keep=frozenset(Label)).text == "text"
    assert len(calls) == 2, "another document has a text of its own"


def test_the_cached_text_is_no_part_of_the_document():
    doc, fresh = some_document(), some_document()
    assert doc.text == "The vote is on Tuesday.\n\nSee it"
    assert (doc, hash(doc), repr(doc)) == (fresh, hash(fresh), repr(fresh))
    assert doc.to_dict() == fresh.to_dict()


def test_a_document_is_immutable_and_pickles():
    doc = some_document()
    for copy in (pickle.loads(pickle.dumps(doc)), pickle.loads(pickle.dumps(some_document()))):
        assert (copy, copy.text, hash(copy)) == (doc, doc.text, hash(doc))
    with pytest.raises(FrozenInstanceError):
        doc.kind = "text"
    with pytest.raises(FrozenInstanceError):
        doc.text = "x"


def test_a_document_is_one_line():
    doc = some_document()
    assert repr(doc) == "Document(title='T', kind='html', lang='en', kept=2/3, confidence=0.92, flags=('truncated',))"
    assert repr(replace(doc, stated=Metadata(headline="a\nb"))).count("\n") == 0
    assert len(repr(label(PAGE))) < 200


def test_counts_take_labels_and_their_values():
    doc = some_document()
    assert doc.counts == Counter(body=2, caption=1)
    assert [doc.counts[block.label] for block in doc.blocks] == [2, 1, 2]
    assert (doc.counts["body"], doc.counts[Label.NOTE]) == (2, 0)


def test_kept_and_removed_are_the_whole_source():
    doc = label(TEXT)
    assert sorted([*doc.kept, *doc.removed], key=lambda block: block.span) == list(doc.blocks)
    assert doc.removed


# -- its title -----------------------------------------------------------------------------------


def test_the_title_of_a_page_is_its_headline():
    doc = label(PAGE)
    assert doc.title == doc.metadata.headline == "Ferry returns to Skarn"
    assert doc.metadata.title == "Ferry returns to Skarn - Skarn Courier"


def test_the_title_of_a_text_is_the_first_title_block():
    blocks = (Block("x"), Block("One", Label.TITLE), Block("Two", Label.TITLE))
    assert Document(blocks).title == "One"
    assert Document(blocks[:1]).title == ""
    assert Document(blocks, stated=Metadata(title="Of the page", headline="Three")).title == "Three"


def test_the_title_of_a_fragment_is_its_only_h1():
    fragment = PAGE[PAGE.index("<h1>") :]
    assert label(fragment, kind="html").title == "Ferry returns to Skarn"
    doc = label(fragment.replace("</main>", "<h1>Sport</h1></main>"), kind="html")
    assert doc.stated.headline == ""
    assert doc.title == next((block.text for block in doc.blocks if block.label is Label.TITLE), "")


# -- its links -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "base", "wanted"),
    [
        (None, "", "https://courier.example/skarn"),
        ("https://mirror.example/a/b/c", "", "https://mirror.example/a/skarn"),
        ("https://mirror.example/a/b/c", "<base href='/x/y/z'>", "https://mirror.example/x/skarn"),
        (None, "<base href='https://other.example/x/y'><base href='/z'>", "https://other.example/skarn"),
        (None, "<base href='javascript:alert(1)//'>", "https://courier.example/skarn"),
        ("javascript:alert(1)", "<base target=_top>", "https://courier.example/skarn"),
        ("file:///etc/", "<base href='data:text/html,x'>", "https://courier.example/skarn"),
        ("courier.example", "", "https://courier.example/skarn"),
    ],
)
def test_links_are_resolved(url, base, wanted):
    doc = label(PAGE.replace("<title>", base + "<title>"), url=url)
    assert f"[Skarn Island]({wanted})" in doc.to_markdown()
    assert f'<a href="{wanted}">Skarn Island</a>' in doc.to_html()
    assert doc.text == label(PAGE).text == clean(PAGE)


def test_links_stay_relative_where_no_address_is_known():
    page = PAGE.replace('rel="canonical"', 'rel="other"')
    assert label(page).base_url == ""
    assert "[Skarn Island](../skarn)" in label(page).to_markdown()
    assert label("", url="https://courier.example/").base_url == "https://courier.example/"


# -- JSON ----------------------------------------------------------------------------------------


@given(documents(st.text(st.characters(exclude_categories=["Cs"]), max_size=40)))
@settings(deadline=None)
def test_a_document_comes_back_from_its_dict(doc):
    data = json.loads(json.dumps(doc.to_dict(), ensure_ascii=False).encode())
    assert Document.from_dict(data) == doc
    assert (data["text"], data["title"]) == (doc.text, doc.title)


@given(documents(st.text(st.one_of(st.characters(), st.characters(categories=["Cs"])), max_size=10)))
@example(Document((Block("\ud800"),)))
@example(Document((Block("\ud800", Label.TITLE),), kind="html"))
@settings(deadline=None)
def test_every_dict_encodes(doc):
    data = json.loads(json.dumps(doc.to_dict(), ensure_ascii=False).encode())
    again = Document.from_dict(data)
    assert again.to_dict() == data, "what was replaced once stays"


SURROGATES = [
    TEXT + "\n\nPhoto: Ann \ud800 Lee / Reuters",
    PAGE.replace("<title>", "<title>\ud800 \udfff"),
    PAGE.replace("Ferry returns", "Ferry \udcff\x00\u202e returns"),
    "<p>&#xD800; &#56832; x</p>" + PAGE,
]


@pytest.mark.parametrize("source", SURROGATES)
def test_a_labelled_source_comes_back_whatever_is_in_it(source):
    doc = label(source)
    data = json.loads(json.dumps(doc.to_dict(), ensure_ascii=False).encode())
    assert Document.from_dict(data) == doc


def test_all_fields_are_written():
    doc = some_document()
    data = doc.to_dict()
    assert Document.from_dict(json.loads(json.dumps(data))) == doc
    assert list(data)[:2] == ["title", "text"]
    assert data["metadata"]["author"] == "Ann Lee, Mads Holm"
    assert data["blocks"][1]["evidence"][0] == {
        "name": "caption.credit",
        "label": "caption",
        "weight": 4.0,
        "quote": "Photo:",
        "rule": "en:caption.credit",
        "pattern": 2,
        "origin": "words",
    }


def test_files_of_earlier_versions_are_read():
    data = some_document().to_dict()
    for block in data["blocks"]:
        block["row"] = None
        for name in ("cell", "containers", "number", "language"):
            del block[name]
        for evidence in block["evidence"]:
            del evidence["pattern"], evidence["origin"]
    del data["base_url"], data["page_type"], data["confidence"]
    data["metadata"] = {"title": "T", "author": "Ann Lee", "date": "", "site": "", "description": "", "url": ""}
    doc = Document.from_dict(data)
    assert doc.title == data["metadata"]["title"], "as that version had it"
    assert doc.metadata.authors == ("Ann Lee",)
    assert doc.blocks[1].evidence[1].origin is Origin.WORDS
    assert (doc.base_url, doc.page_type, doc.confidence) == ("", "", 1.0)
    assert (doc.blocks[1].cell, doc.blocks[1].containers, doc.blocks[1].number) == (None, (), None)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "these data have no 'blocks'"),
        ([], "these data differ: list indices"),
        (None, "these data differ: 'NoneType'"),
        (Document((Block("x"),)).to_dict() | {"metadata": {}}, "these data have no 'title'"),
        (Document((Block("x"),)).to_dict() | {"blocks": [{"text": "x", "cell": None}]}, "these data have no 'span'"),
        (Document((Block("x"),)).to_dict() | {"blocks": 3}, "these data differ: 'int' object is not iterable"),
        (Document((Block("x"),)).to_dict() | {"keep": ["bodies"]}, "'bodies' is not a valid Label"),
    ],
)
def test_other_data_are_no_document(data, message):
    with pytest.raises(ValueError, match=message):
        Document.from_dict(data)


def test_cells_of_earlier_versions_stand_in_their_order():
    blocks = [Block(text, tag=tag) for text, tag in (("a", "th"), ("b", "th"), ("c", "td"), ("d", "td"), ("e", "p"))]
    data = Document(tuple(blocks), kind="html").to_dict()
    for block, row in zip(data["blocks"], (4, 4, 5, 5, None), strict=True):
        del block["cell"]
        block["row"] = row
    doc = Document.from_dict(data)
    assert [block.row for block in doc.blocks] == [4, 4, 5, 5, None]
    assert doc.text == "a\tb\nc\td\n\ne"
    assert doc.to_markdown() == "| a | b |\n| --- | --- |\n| c | d |\n\ne"


def test_a_large_document_is_written_soon():
    """Field by field: 62 calls a block, where ``dataclasses.asdict`` makes 550."""
    evidence = tuple(Evidence(f"rule.{n}", Label.NOTE, 1.5, "“words”", "en:rule", n) for n in range(3))
    blocks = tuple(
        Block(f"Block {n}: größer", evidence=evidence, gap="\n\n", context=("ul", "li")) for n in range(1_000)
    )
    doc = Document(blocks)
    assert len(doc.to_dict()["blocks"]) == 1_000
    assert count_calls(doc.to_dict) < 100 * 1_000


# -- its parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "wanted"),
    [("a\ud800b", "ab"), ("\x1b[1mx\u202e", "[1mx"), ("größer", "größer"), ("two\nlines", "two\nlines"), ("", "")],
)
def test_quotes_have_no_unsafe_characters(quote, wanted):
    assert Evidence("x", Label.NOTE, 1.0, quote).quote == wanted


def test_evidence_reads_as_a_line():
    assert str(Evidence("share.follow", Label.SHARE, 4, "Follow us")) == "share.follow +4.0 “Follow us”"
    inherited = Evidence("share.follow", Label.SHARE, 3.2, "Follow us", origin=Origin.INHERITED)
    assert str(inherited) == "share.follow +3.2 under “Follow us”"
    assert str(Evidence("model", Label.BODY, -4.25)) == "model -4.2"


def test_metadata_has_no_unsafe_characters():
    text = "a\ud800\x00b"
    metadata = Metadata(text, (text, "c"), text, text, text, text, text)
    assert metadata == Metadata("ab", ("ab", "c"), "ab", "ab", "ab", "ab", "ab")
    assert (metadata.author, Metadata().author) == ("ab, c", "")


def test_metadata_of_a_source_and_of_its_document_agree():
    assert Cleaner().metadata(PAGE).headline == label(PAGE).title
