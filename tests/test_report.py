"""The HTML report: what it shows and how, for files and for notebooks. test_browser.py tries it in a browser."""

import re
from itertools import groupby

import pytest
from fixture_cases import SOURCES, labelled
from hypothesis import given
from selectolax.lexbor import LexborHTMLParser, LexborNode
from test_export import DOC, documents

from cleaner import export
from cleaner.document import Block, Cell, Document, Evidence, Label, Metadata
from cleaner.export.report import NOTEBOOK_BYTES
from cleaner.text.characters import one_line, strip_unsafe_chars

#: The tags of a report of one document.
OWN_TAGS = set("article header h1 h2 h3 h4 h5 h6 p pre b s small details summary dl dt dd div a".split())


def parsed(report: str) -> LexborNode:
    root = LexborHTMLParser(f"<!doctype html><body>{report}").body
    assert root is not None
    return root


def texts(root: LexborNode, selector: str) -> list[str]:
    return [node.text() for node in root.css(selector)]


def report_of(*blocks: Block, name: str = "", **facts: object) -> LexborNode:
    return parsed(export.to_report(Document(blocks, **facts), name))


def run(length: int, label: Label = Label.NAVIGATION) -> list[Block]:
    return [Block(f"Line {number}", label, 0.01) for number in range(length)]


# -- what it shows -----------------------------------------------------------------------------------


def test_title_name_and_address_come_first():
    metadata = Metadata(headline="Ferry <returns>", url="https://courier.example/ferry?a=1&b=2")
    header = report_of(Block("x"), name="a.html", stated=metadata, kind="html").css_first("header")
    assert texts(header, "h1") == ["Ferry <returns>"]
    assert texts(header, ".where") == ["a.html · https://courier.example/ferry?a=1&b=2"]
    assert header.css_first("a").attributes == {"href": metadata.url, "rel": "noreferrer"}
    facts = Document((Block("x"), *run(2)), kind="html", lang="en", page_type="article", confidence=0.9, flags=("f",))
    assert "<p>1 of 3 blocks kept · html · en · article · confidence 0.90 · flags: f<p" in export.to_report(facts)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//courier.example/a", "data:text/html,x"])
def test_an_address_that_is_no_web_page_is_no_link(url):
    report = report_of(Block("x"), stated=Metadata(url=url))
    assert texts(report, ".where") == [url]
    assert not report.css("a")


def test_a_document_without_a_title_has_the_name_of_its_file():
    assert texts(report_of(Block("x"), name="a.html"), "h1") == ["a.html"]
    assert texts(report_of(Block("x")), "h1") == ["Without a title"]


def test_a_headline_that_is_kept_is_the_title_of_the_report():
    report = report_of(*run(1), Block("Ferry", Label.TITLE), Block("x"), keep=frozenset({Label.BODY, Label.TITLE}))
    assert [report.css_first("h1").text(deep=False), len(report.css("h1"))] == ["Ferry", 1]
    assert not report.css("header h1")


def test_kept_blocks_are_an_article():
    blocks = [
        Block("Head", tag="h1"),
        Block("One\ntwo."),
        Block("Item", tag="p", context=("ul", "li")),
        Block("- own mark", tag="li", span=(0, 10), context=("ul", "li")),
        Block("Quoted", context=("blockquote",)),
        Block("\n x = 1", tag="pre"),
        Block("Fact", Label.SIDEBAR),
    ]
    report = report_of(*blocks, keep=frozenset({Label.BODY, Label.SIDEBAR}))
    article = [node for node in report.css("article > *") if node.tag != "header"]
    assert [(node.tag, node.attributes.get("class"), node.text(deep=False)) for node in article] == [
        ("h2", None, "Head"),
        ("p", None, "One\ntwo."),
        ("p", "item", "Item"),
        ("p", None, "- own mark"),
        ("p", "quote", "Quoted"),
        ("pre", None, "\n x = 1"),
        ("p", "kept sidebar", "Fact"),
    ]


def test_cells_of_a_row_stand_beside_each_other():
    cells = [
        Block(text, tag="td", cell=Cell(row, column)) for row, column, text in ((1, 0, "a"), (1, 1, "b"), (2, 0, "c"))
    ]
    rows = report_of(*cells, Block("After")).css(".row")
    assert [[node.text(deep=False) for node in row.css("p")] for row in rows] == [["a", "b"], ["c"]]


def test_runs_of_removed_blocks_are_folded_with_their_labels():
    report = report_of(*run(3), *run(1, Label.SHARE), *run(1), Block("Body."), *run(1, Label.ADVERT))
    first, last = report.css("details")
    assert "open" not in first.attributes
    assert texts(first, "summary b") == ["navigation 4", "share 1"]
    assert texts(first, "summary s") == ["Line 0 · Line 1 · Line 2 · Line 0 · Line 0"]
    assert [(list_.attributes["class"], len(list_.css("dt"))) for list_ in first.css("dl")] == [
        ("navigation", 3),
        ("share", 1),
        ("navigation", 1),
    ]
    assert texts(last, "summary b") == ["advert 1"]
    assert texts(report, ".labels b") == ["navigation 4", "share 1", "advert 1"]


def test_the_evidence_is_that_of_explain():
    report = parsed(export.to_report(DOC))
    assert texts(report, "small") == ["body, score 0.99\nm +4.3"]
    assert texts(report, "dt") == [DOC.blocks[1].text]
    assert texts(report, "dd") == [
        "score 0.01\nsubscription.newsletter +7.0 “Sign up” (en:x[2])\nmodel -4.6\nzone +0.5"
    ]


def test_the_rest_of_long_evidence_is_counted():
    evidence = tuple(Evidence(f"e{n}", Label.NOTE, 9 - n) for n in range(9))
    why = texts(report_of(Block("x", Label.NOTE, 0, evidence)), "dd")[0].split("\n")
    assert why[0] == "score 0.00"
    assert why[1:7] == [str(one) for one in evidence[:6]]
    assert why[7:] == ["… 3 more"]


@given(documents())
def test_every_word_is_there_in_order(doc: Document) -> None:
    report = parsed(export.to_report(doc))
    assert {node.tag for node in report.css("*")} - {"body"} <= OWN_TAGS
    for node in report.css("header, small, summary, dd"):
        node.decompose()
    wanted = "".join(strip_unsafe_chars(block.text) for block in doc.blocks)
    assert "".join(report.text().split()) == "".join(wanted.split())


# -- the page ----------------------------------------------------------------------------------------


def test_a_page_has_one_style_and_the_script_that_its_policy_names():
    page = export.to_page([export.to_report(DOC, "a"), export.to_report(DOC, "b")], title="a, b <c>")
    assert page.count("<style>") == page.count("<script") == 1
    assert page.count("<article") == 2
    assert "<title>a, b &lt;c&gt;</title>" in page
    policy = LexborHTMLParser(page).css_first("meta[http-equiv]").attributes["content"] or ""
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert not re.search(r"\b(?:src|href|url)\s*[=(]", page)


@pytest.mark.parametrize("path", SOURCES[::10], ids=str)
def test_markup_is_small(path):
    """The fragment of a fixture beside the text that it shows. Fixtures are short; pages of sites have less of it."""
    report = export.to_report(labelled(path))
    assert len(report.encode()) < 1.6 * len(parsed(report).text().encode())


# -- the notebook ------------------------------------------------------------------------------------


def test_a_notebook_has_the_style_and_no_script():
    view = export.to_notebook(DOC)
    assert view.count("<style>") == 1
    assert not parsed(view).css("script, link, small")
    (why,) = texts(parsed(view), "dd")
    assert why == "score 0.01 · subscription.newsletter +7.0 “Sign up” (en:x[2]) · model -4.6 · … 1 more"


def test_a_notebook_shows_the_beginning_of_a_run():
    view = parsed(export.to_notebook(Document((*run(40), Block("Body.")))))
    assert len(view.css("dt")) == 12
    assert view.css_first("details > p").text() == "… 28 more"


def test_of_a_large_document_the_runs_have_their_headings_alone():
    blocks = [block for _ in range(40) for block in (*run(12), Block("The ferry sailed. " * 20))]
    view = parsed(export.to_notebook(Document(tuple(blocks))))
    assert [len(view.css(selector)) for selector in ("dt", "details", "article > p, .cleaner > p")] == [0, 40, 40]


def test_a_long_article_ends_with_the_number_of_blocks_that_follow():
    blocks = [block for _ in range(500) for block in (*run(1), Block("The ferry sailed. " * 20))]
    view = parsed(export.to_notebook(Document(tuple(blocks))))
    shown = len(view.css(".cleaner > p, details")) - 1
    last = view.css(".cleaner > p")[-1].text()
    assert last == (
        f"… {1000 - shown} more blocks, {500 - shown // 2} of them kept: cleaner --format report shows all of them."
    )


@given(documents())
def test_a_notebook_has_its_limit(doc: Document) -> None:
    many = Document(doc.blocks * 300, doc.keep, doc.kind, doc.lang * 500, doc.stated, doc.flags * 99)
    assert len(export.to_notebook(many).encode()) <= NOTEBOOK_BYTES


def test_a_notebook_cuts_whatever_is_long():
    long = "wörter & <mehr> " * 5_000
    evidence = (Evidence(long, Label.NOTE, 1, long, long),)
    doc = Document(
        (Block(long), Block(long, Label.NOTE, 0, evidence)), stated=Metadata(headline=long, url=f"https://{long}")
    )
    assert len(export.to_notebook(doc).encode()) <= NOTEBOOK_BYTES


def test_removed_blocks_stand_where_they_stood():
    for path in SOURCES[::25]:
        doc = labelled(path)
        kept_runs = [kept for kept, _ in groupby(block.label in doc.keep for block in doc.blocks)]
        report = parsed(export.to_report(doc))
        order = ["details" not in node.tag for node in report.css("article > *") if node.tag != "header"]
        assert [kept for kept, _ in groupby(order)] == kept_runs
        assert [one_line(text) for text in texts(report, "dt")] == [one_line(block.text) for block in doc.removed]
