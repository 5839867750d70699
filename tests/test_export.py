"""Documents as text, Markdown, HTML and lines; what holds for every exporter. test_report.py has the report."""

import html
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, fromstring
from wcwidth import wcswidth

from cleaner import export, label
from cleaner.document import Block, Cell, Document, Evidence, Label, Mark, Metadata, Origin
from cleaner.export.inline import safe_href
from cleaner.export.report import asset
from cleaner.segment.html import segment
from cleaner.text.characters import one_line, strip_unsafe_chars

EXPORTERS: list[Callable[[Document], str]] = [
    export.to_text,
    export.to_markdown,
    export.to_html,
    export.to_report,
    export.to_notebook,
    export.explain,
    export.labels,
]
ALLOWED = set("p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code table tr td th dl dt dd a strong em sub sup br".split())


def text_of(*blocks: Block) -> str:
    return export.to_text(Document(blocks))


def page(*blocks: Block) -> Document:
    """A document; the cells of each row stand in the columns from 0 on."""
    columns: Counter[int] = Counter()
    placed = []
    for block in blocks:
        if block.cell is None:
            placed.append(block)
            continue
        placed.append(replace(block, cell=block.cell._replace(column=columns[block.cell.row])))
        columns[block.cell.row] += 1
    return Document(tuple(placed), kind="html")


def li(text: str, *context: str) -> Block:
    return Block(text, tag="li", context=context or ("ul", "li"))


def cell(text: str, row: int, tag: str = "td", label: Label = Label.BODY) -> Block:
    return Block(text, label, tag=tag, cell=Cell(row, header=tag == "th"), context=("table", "tr"))


def marked(text: str, *marks: Mark, tag: str = "p") -> Document:
    return page(Block(text, tag=tag, marks=marks))


def removed(text: str, gap: str = "\n\n", label: Label = Label.ADVERT) -> Block:
    return Block(text, label, gap=gap)


# -- text from text ------------------------------------------------------------------------------


def test_kept_neighbours_stand_as_in_the_source() -> None:
    blocks = [Block("A", gap=" \n"), Block("B", gap="\n"), Block("C", gap="\n \n\n"), Block("D")]
    assert text_of(*blocks) == "A\nB\n \n\nC\n\nD"


@pytest.mark.parametrize(
    ("gaps", "wanted"),
    [
        (("\n", "\n"), "A\nC"),
        (("\n\n\n", "\n"), "A\n\n\nC"),
        (("\n", "\n\n"), "A\n\nC"),
        (("\r\n", "\r\n\r\n"), "A\r\n\r\nC"),
        (("", " "), "A C"),
        (("\f", " "), "A\nC"),
        (("\r", "\n "), "A\nC"),
    ],
)
def test_the_widest_gap_stands_where_blocks_went(gaps: tuple[str, str], wanted: str) -> None:
    assert text_of(Block("A"), removed("x", gaps[0]), Block("C", gap=gaps[1])) == wanted


def test_nothing_stands_at_the_ends() -> None:
    assert text_of(removed("x"), Block("A", gap="\n\n"), removed("y")) == "A"


def test_a_block_is_not_altered() -> None:
    text = "  indented\n\tcode  \n\n* item  "
    assert text_of(Block(text, gap="\n")) == text


def test_nothing_kept_is_nothing() -> None:
    for doc in (Document(), Document((removed("x"),)), page(removed("x")), page(Block(" \x00"))):
        assert (export.to_text(doc), export.to_markdown(doc), export.to_html(doc)) == ("", "", "")


# -- text from HTML ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "wanted"),
    [
        ([Block("A"), Block("B", gap="")], "A\n\nB"),
        ([Block("A"), li("b"), li("c"), Block("D")], "A\n\nb\nc\n\nD"),
        ([li("a"), li("b", "ul", "li", "ul", "li"), li("c")], "a\nb\nc"),
        ([li("a"), li("b", "ol", "li")], "a\n\nb"),
        ([Block("a", tag="p", context=("ul", "li")), li("b")], "a\nb"),
        ([li("a"), Block("x", Label.SHARE, tag="li", context=("ul", "li")), li("b")], "a\nb"),
        ([li("a"), removed("x"), li("b")], "a\n\nb"),
        ([cell("a", 1), cell("b", 1), cell("c", 2), cell("d", 2)], "a\tb\nc\td"),
        ([cell("a", 1), removed("x"), cell("b", 2)], "a\n\nb"),
        ([cell("a", 1), cell("x", 1, label=Label.ADVERT), cell("b", 2)], "a\nb"),
        ([Block("\n  if x:\n    y\n", tag="pre"), Block("z")], "  if x:\n    y\n\nz"),
        ([Block("A"), Block(" \n"), Block("B")], "A\n\nB"),
    ],
)
def test_html_blocks_are_joined_by_what_they_are(blocks: list[Block], wanted: str) -> None:
    assert export.to_text(page(*blocks)) == wanted


def test_a_page_laid_out_as_a_table_is_no_table() -> None:
    prose = "The harbour authority said on Tuesday that the timetable would change in spring." * 2
    doc = page(Block("Home", Label.NAVIGATION, tag="td", cell=Cell(1)), cell(prose, 1), cell(prose, 1))
    assert export.to_text(doc) == f"{prose}\n\n{prose}"
    assert export.to_markdown(doc) == f"{prose}\n\n{prose}"


#: Pages with a table: their text and their Markdown. The blocks are those of the segmenter, all of them kept.
TABLES = [
    (
        "<tr><th><th>Crew<th>Won<tr><td>1<td>Skarn<td><tr><td>2<td><td>6",
        "\tCrew\tWon\n1\tSkarn\n2\t\t6",
        "|  | Crew | Won |\n| --- | --- | --- |\n| 1 | Skarn |  |\n| 2 |  | 6 |",
    ),
    (
        "<tr><th>Day<th>Plan<tr><td>Mon<td><p>Out</p><p>In</p><tr><td>Tue<td>Rest",
        "Day\tPlan\nMon\tOut In\nTue\tRest",
        "| Day | Plan |\n| --- | --- |\n| Mon | Out<br>In |\n| Tue | Rest |",
    ),
    (
        "<tr><td>Wed<td><ul><li>10 to 14<li>16 to 20</ul><tr><td>Thu<td>Closed",
        "Wed\t10 to 14 16 to 20\nThu\tClosed",
        "|  |  |\n| --- | --- |\n| Wed | 10 to 14<br>16 to 20 |\n| Thu | Closed |",
    ),
    (
        "<tr><td rowspan=2>Skarn<td>Alma<tr><td>Brisa",
        "Skarn\tAlma\n\tBrisa",
        "|  |  |\n| --- | --- |\n| Skarn | Alma |\n|  | Brisa |",
    ),
    (
        "<tr><td>Pier<td>1 Quay<br>Fenn<tr><td>Phone<td>555",
        "Pier\t1 Quay Fenn\nPhone\t555",
        "|  |  |\n| --- | --- |\n| Pier | 1 Quay<br>Fenn |\n| Phone | 555 |",
    ),
    (  # columns without any text
        "<tr><td>Town<td><td>Skarn<tr><td>Sea<td><td>North",
        "Town\tSkarn\nSea\tNorth",
        "|  |  |\n| --- | --- |\n| Town | Skarn |\n| Sea | North |",
    ),
    (  # a heading in a cell
        "<tr><td><h2>Weekly</h2><p>Dear all,</p><td><p>Yours",
        "Weekly\n\nDear all,\n\nYours",
        "## Weekly\n\nDear all,\n\nYours",
    ),
    ("<tr><td><p>One.</p><p>Two.</p>", "One.\n\nTwo.", "One.\n\nTwo."),
    ("<tr><td>1<br>2<td><pre>a = 1\n  b</pre>", "1\n2\n\na = 1\n  b", "1  \n2\n\n```\na = 1\n  b\n```"),
]


def document_of(source: str) -> Document:
    """The blocks of a page, all of them body."""
    blocks = segment(source).blocks
    fields = [
        (
            b.text,
            Label.BODY,
            1.0,
            (),
            b.tag,
            None,
            b.gap,
            b.context,
            b.containers,
            b.cell,
            b.number,
            b.language,
            b.marks,
        )
        for b in blocks
    ]
    return Document(tuple(Block(*values) for values in fields), kind="html")


@pytest.mark.parametrize("rows, text, markdown", TABLES)
def test_tables(rows: str, text: str, markdown: str) -> None:
    doc = document_of(f"<table>{rows}</table>")
    assert export.to_text(doc) == text
    assert export.to_markdown(doc) == markdown
    assert export.to_text(Document.from_dict(doc.to_dict())) == text


def test_a_cell_with_several_blocks_is_one_cell_in_html() -> None:
    doc = document_of("<table><tr><td>a<td><p>b</p><p>c</p><tr><td><td><ul><li>d</ul></table>")
    assert export.to_html(doc) == (
        "<table>\n<tr><td>a</td><td><p>b</p>\n<p>c</p></td></tr>\n"
        "<tr><td></td><td><ul>\n<li>d</li>\n</ul></td></tr>\n</table>"
    )


def test_a_sparse_table_is_not_filled_with_empty_cells() -> None:
    rows = "<tr>" + "<td>x" * 1_000 + "<tr><td colspan=999><td>y" * 5_000
    doc = document_of(f"<table>{rows}</table>")
    for exporter in (export.to_text, export.to_markdown, export.to_html):
        assert len(exporter(doc)) < 10 * len(rows)


def test_items_with_several_paragraphs_are_one_item() -> None:
    doc = document_of("<ol><li>a<p>b</p><li><p>c</p><p>d</p></ol>")
    assert export.to_markdown(doc) == "1. a\n\n   b\n\n2. c\n\n   d"
    assert export.to_html(doc) == "<ol>\n<li><p>a</p>\n<p>b</p></li>\n<li><p>c</p>\n<p>d</p></li>\n</ol>"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("<ul><li>a</li><ul><li>b</li><li>c</li></ul><li>d</li></ul>", "- a\n  - b\n  - c\n- d"),
        ("<ol><li>a</li><ol><li>b</li><ul><li>c</li></ul><li>d</li></ol></ol>", "1. a\n   1. b\n      - c\n   2. d"),
        ("<ul><ul><li>a</li></ul><li>b</li></ul>", "- - a\n- b"),
    ],
)
def test_a_list_between_items_is_in_the_item_above(source: str, wanted: str) -> None:
    assert export.to_markdown(document_of(source)) == wanted


def test_terms_stay_with_their_definitions() -> None:
    doc = document_of("<dl><dt>a</dt><dt>b</dt><dd><p>c</p><p>d</p></dd><dd>e</dd><dt>f</dt><dd>g</dd></dl>")
    assert export.to_markdown(doc) == "**a**\n\n**b**\n: c\n\n  d\n: e\n\n**f**\n: g"
    assert export.to_html(doc) == (
        "<dl>\n<dt>a</dt>\n<dt>b</dt>\n<dd><p>c</p>\n<p>d</p></dd>\n<dd>e</dd>\n<dt>f</dt>\n<dd>g</dd>\n</dl>"
    )


def test_a_removed_block_opens_no_list_in_its_cell() -> None:
    context = ("table", "tr", "td")
    blocks = (
        Block("a", context=context, cell=Cell(1)),
        Block("b", Label.SHARE, tag="dd", context=(*context, "dl", "dd"), cell=Cell(1)),
        Block("c", context=context, cell=Cell(2)),
    )
    doc = Document(blocks, kind="html")
    assert export.to_markdown(doc) == "a\n\nc"
    assert export.to_html(doc) == "<table>\n<tr><td>a</td></tr>\n<tr><td>c</td></tr>\n</table>"


def test_lists_count_as_on_the_page() -> None:
    doc = document_of("<ol start=5><li>a<li>b</ol><ol reversed><li>c<li>d</ol><ol><li>e</ol>")
    assert export.to_markdown(doc) == "5. a\n6. b\n\n2. c\n1. d\n\n1. e"
    nested = document_of("<ul><li>a<ol start=3><li>b</ol><li>c<ol><li>d</ol></ul>")
    assert export.to_markdown(nested) == "- a\n\n  3. b\n\n- c\n  1. d"
    assert export.to_html(doc) == (
        '<ol start="5">\n<li>a</li>\n<li>b</li>\n</ol>\n<ol reversed start="2">\n<li>c</li>\n<li>d</li>\n</ol>\n'
        "<ol>\n<li>e</li>\n</ol>"
    )


def test_items_have_their_own_numbers() -> None:
    doc = document_of("<ol><li>a<li value=7>b<li>c</ol><ol><li value=3>d<li value=2>e</ol><ol><li value=1>f</ol>")
    assert export.to_markdown(doc) == "1. a\n7. b\n8. c\n\n3. d\n2. e\n\n1. f"
    assert export.to_html(doc) == (
        '<ol>\n<li>a</li>\n<li value="7">b</li>\n<li>c</li>\n</ol>\n'
        '<ol reversed start="3">\n<li>d</li>\n<li>e</li>\n</ol>\n<ol>\n<li>f</li>\n</ol>'
    )
    advert = replace(doc.blocks[0], label=Label.ADVERT)
    assert export.to_html(replace(doc, blocks=(advert, *doc.blocks[1:3]))) == (
        '<ol start="7">\n<li>b</li>\n<li>c</li>\n</ol>'
    )


def test_code_keeps_its_language() -> None:
    assert export.to_markdown(document_of("<pre><code class=language-c++>a</code></pre>")) == "```c++\na\n```"


def test_code_with_line_breaks_keeps_its_lines() -> None:
    doc = document_of("<p><code>def sail():<br>&nbsp; return 9</code></p><p>Call <code>sail()<br>twice</code>.</p>")
    assert export.to_markdown(doc) == "```\ndef sail():\n\xa0 return 9\n```\n\nCall `sail() twice`."
    assert export.to_html(doc).startswith("<p><code>def sail():<br>\xa0 return 9</code></p>")


def test_indices_and_exponents_are_told_apart() -> None:
    doc = document_of("<p>H<sub>2</sub>O, 10<sup>3</sup>, <b>x<sup><a href=/n>1</a></sup></b></p>")
    assert export.to_text(doc) == "H2O, 103, x1"
    assert export.to_markdown(doc) == "H<sub>2</sub>O, 10<sup>3</sup>, **x[<sup>1</sup>](/n)**"
    assert export.to_html(doc) == (
        '<p>H<sub>2</sub>O, 10<sup>3</sup>, <strong>x<a href="/n"><sup>1</sup></a></strong></p>'
    )


# -- Markdown ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "wanted"),
    [
        ([Block("A", tag="h1"), Block("B", tag="h4")], "# A\n\n#### B"),
        ([Block("A\nB", tag="h2")], "## A B"),
        ([Block("C #", tag="h2"), Block("#", tag="h3")], "## C \\#\n\n### \\#"),
        ([Block("A\nB")], "A  \nB"),
        ([li("a"), li("b")], "- a\n- b"),
        ([li("a", "ol", "li"), li("b", "ol", "li")], "1. a\n2. b"),
        ([li("a"), li("b", "ul", "li", "ol", "li"), li("c")], "- a\n  1. b\n- c"),
        ([li("a", "ol"), li("b", "ol", "li", "ul"), li("c", "ol")], "1. a\n   - b\n2. c"),
        ([li("a"), removed("x"), li("b")], "- a\n\n- b"),
        ([Block(t, tag="p", context=("ul", "li")) for t in "ab"], "- a\n- b"),
        (
            [li("a"), Block("x\n\ny", tag="pre", context=("ul", "li", "pre")), li("b")],
            "- a\n\n  ```\n  x\n\n  y\n  ```\n\n- b",
        ),
        ([Block(t, context=("blockquote",)) for t in "ab"], "> a\n>\n> b"),
        ([li("a", "blockquote", "ul", "li"), li("b", "blockquote", "ul", "li")], "> - a\n> - b"),
        ([Block("a\n  b", tag="pre")], "```\na\n  b\n```"),
        ([Block("a\n````\nb", tag="pre")], "`````\na\n````\nb\n`````"),
        (
            [cell("a", 1, "th"), cell("b|c", 1, "th"), cell("1", 2), cell("2\n3", 2), cell("4", 3)],
            "| a | b\\|c |\n| --- | --- |\n| 1 | 2<br>3 |\n| 4 |  |",
        ),
        (
            [cell("a", 1), cell("x", 1, label=Label.ADVERT), cell("b", 1)],
            "|  |  |  |\n| --- | --- | --- |\n| a |  | b |",
        ),
        ([cell("a", 1), cell("b", 2)], "a\n\nb"),
        (
            [Block(t, tag=tag, context=("dl",)) for t, tag in zip("abcd", ["dt", "dd"] * 2, strict=True)],
            "**a**\n: b\n\n**c**\n: d",
        ),
    ],
)
def test_markdown_blocks(blocks: list[Block], wanted: str) -> None:
    assert export.to_markdown(page(*blocks)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# no heading", "\\# no heading"),
        ("#hashtag", "#hashtag"),
        ("- no item", "\\- no item"),
        ("+ no item", "\\+ no item"),
        ("a\n* no item", "a  \n\\* no item"),
        ("1986. A year", "1986\\. A year"),
        ("1) one", "1\\) one"),
        ("3.5 million", "3.5 million"),
        ("> no quote", "\\> no quote"),
        ("a\n===", "a  \n\\==="),
        ("a\n---", "a  \n\\---"),
        ("a | b\n--|--", "a | b  \n\\--|--"),
        ("    no code", "no code"),
        ("[x] done", "\\[x] done"),
        ("*a* 5 * 3", "\\*a\\* 5 * 3"),
        ("_a_ snake_case", "\\_a\\_ snake_case"),
        ("`a`", "\\`a\\`"),
        ("[1], [click](u)", "[1], [click\\](u)"),
        ("[a]: u", "[a\\]: u"),
        ("![alt](u)", "\\![alt\\](u)"),
        ("Stop!", "Stop!"),
        ("a < b <3 <p>", "a < b <3 &lt;p>"),
        ("<https://x.org>", "&lt;https://x.org>"),
        ("AT&T &lt; &#60;", "AT&T &amp;lt; &amp;#60;"),
        ("C:\\Users \\*", "C:\\Users \\\\\\*"),
        ("~~a~~ ~5", "\\~\\~a\\~\\~ ~5"),
        ("10~12, 2~5 and /~ann", "10\\~12, 2\\~5 and /~ann"),
    ],
)
def test_text_means_nothing_in_markdown(text: str, wanted: str) -> None:
    assert export.to_markdown(page(Block(text))) == wanted


def test_a_control_character_hides_no_markup() -> None:
    assert export.to_markdown(page(Block("\x00# a <\x01b>"))) == "\\# a &lt;b>"


@pytest.mark.parametrize(
    ("doc", "wanted"),
    [
        (marked("a bc d", Mark(2, 4, "b")), "a **bc** d"),
        (marked("a bc d", Mark(1, 5, "b")), "a **bc** d"),
        (marked("a bc d", Mark(2, 4, "i")), "a _bc_ d"),
        (marked("a b`c d", Mark(2, 5, "code")), "a ``b`c`` d"),
        (marked("a b*c d", Mark(2, 5, "code")), "a `b*c` d"),
        (marked("see it now", Mark(4, 6, "a", "/x")), "see [it](/x) now"),
        (marked("see [it] now", Mark(4, 8, "a", "/x")), "see [\\[it\\]](/x) now"),
        (marked("Oh! it", Mark(4, 6, "a", "/x")), "Oh! [it](/x)"),
        (marked("Oh!it", Mark(3, 5, "a", "/x")), "Oh\\![it](/x)"),
        (marked("abc def", Mark(0, 7, "b"), Mark(4, 7, "i")), "**abc _def_**"),
        (marked("ab cd ef", Mark(0, 5, "b"), Mark(3, 8, "i")), "**ab _cd_** _ef_"),
        (marked("ab cd ef", Mark(0, 8, "a", "/x"), Mark(3, 5, "b")), "[ab **cd** ef](/x)"),
        (marked("ab cd", Mark(0, 5, "a", "/x"), Mark(3, 5, "a", "/y")), "[ab cd](/x)"),
        (marked("ab cd", Mark(0, 2, "b"), Mark(2, 5, "b")), "**ab cd**"),
        (marked("ab cd", Mark(0, 5, "b"), Mark(0, 2, "code")), "`ab` **cd**"),
        (marked("ab cd", Mark(0, 5, "b"), Mark(3, 5, "code")), "**ab** `cd`"),
        (marked("ab cd ef", Mark(0, 4, "b"), Mark(3, 7, "code"), Mark(6, 8, "b")), "**ab** `cd e`**f**"),
        (marked("5 * a", Mark(0, 4, "b")), "**5 \\*** a"),
        (marked("a\\ b", Mark(0, 3, "sup")), "<sup>a\\\\</sup> b"),
        (marked("x×y", Mark(0, 1, "i"), Mark(2, 3, "i")), "x×y"),
        (marked("100€bis", Mark(0, 4, "b")), "100€bis"),
        (
            marked("https://a.example/<p> <b>", Mark(18, 21, "code"), Mark(22, 25, "code")),
            "https://a.example/&lt;p> `<b>`",
        ),
        (marked("un frigging", Mark(0, 1, "i")), "un frigging"),
        (marked("“a”b", Mark(0, 3, "b")), "“a”b"),
        (marked("中文字", Mark(0, 2, "b")), "**中文**字"),
        (marked("ab", Mark(-5, 99, "b")), "**ab**"),
        (marked("ab", Mark(1, 1, "b"), Mark(2, 1, "i"), Mark(0, 2, "u")), "ab"),
        (marked("\x00\x00ab cd", Mark(2, 4, "b")), "**ab** cd"),
        (marked("  ab cd", Mark(2, 4, "b")), "**ab** cd"),
        (
            marked("ab", Mark(0, 2, "a", "/a b(c)<d>|&amp;")),
            "[ab](/a%20b%28c%29%3Cd%3E%7C&amp;amp;)",
        ),
    ],
)
def test_markdown_marks(doc: Document, wanted: str) -> None:
    assert export.to_markdown(doc) == wanted


def test_a_text_may_be_markdown_already() -> None:
    doc = Document((Block("# A *b*"), Block("- c", gap="\n")))
    assert export.to_markdown(doc) == export.to_text(doc) == "# A *b*\n- c"


# -- HTML ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("doc", "wanted"),
    [
        (page(Block("a\nb")), "<p>a<br>b</p>"),
        (page(Block('1 < 2 & "3"', tag="h2")), "<h2>1 &lt; 2 &amp; &quot;3&quot;</h2>"),
        (page(Block("a", tag="script")), "<p>a</p>"),
        (page(Block("a\n b", tag="pre")), "<pre>a\n b</pre>"),
        (page(li("a"), li("b")), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        (
            page(li("a"), li("b", "ul", "li", "ol", "li")),
            "<ul>\n<li>a\n<ol>\n<li>b</li>\n</ol></li>\n</ul>",
        ),
        (
            page(Block("a", tag="h3", context=("ul", "li")), Block("b", context=("ul", "li"))),
            "<ul>\n<li><h3>a</h3>\n<p>b</p></li>\n</ul>",
        ),
        (page(Block("a", context=("blockquote",))), "<blockquote>\n<p>a</p>\n</blockquote>"),
        (
            page(cell("a", 1, "th"), cell("b", 2), cell("x", 2, label=Label.ADVERT)),
            "<table>\n<tr><th>a</th><td></td></tr>\n<tr><td>b</td><td></td></tr>\n</table>",
        ),
        (
            page(Block("a", tag="dt"), Block("b", tag="dd")),
            "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>",
        ),
        (
            marked("a b", Mark(0, 3, "b"), Mark(2, 3, "a", 'x"y')),
            '<p><strong>a <a href="x%22y">b</a></strong></p>',
        ),
        (
            marked("abc", Mark(0, 2, "b"), Mark(1, 3, "i")),
            "<p><strong>a<em>b</em></strong><em>c</em></p>",
        ),
        (
            marked("abc", Mark(0, 3, "code"), Mark(1, 2, "a", "/x")),
            '<p><code>a</code><a href="/x"><code>b</code></a><code>c</code></p>',
        ),
        (Document((Block("a\n<b>"),)), "<p>a<br>&lt;b&gt;</p>"),
    ],
)
def test_html(doc: Document, wanted: str) -> None:
    assert export.to_html(doc) == wanted


# -- links ---------------------------------------------------------------------------------------

SAFE = [
    "https://example.org/a?b=c&d=e#f",
    "HTTP://example.org:8080/a:b",
    "//example.org/a",
    "mailto:ann@example.org",
    "/a/b.html",
    "a/b:c",
    "../a",
    "?q=javascript:alert(1)"[:3] + "=x:y",
    "#note",
    "/suche/größe",
    "https://user@example.org/%20%3A",
]
ATTACKS = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "jAvAsCrIpT\n:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\r\nscript:alert(1)",
    "java\x00script:alert(1)",
    "java script:alert(1)",
    "java\u200bscript:alert(1)",
    "java\u00adscript:alert(1)",
    "\u202ejavascript:alert(1)",
    "\ufeffjavascript:alert(1)",
    "\u00a0javascript:alert(1)",
    "javascript\uff1aalert(1)",
    "\uff4aavascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3A;alert(1)",
    "javascript&#0000058alert(1)",
    "&#106;avascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "javascript&amp;colon;alert(1)",
    "javascript%3Aalert(1)",
    "%6Aavascript:alert(1)",
    "javascript://example.org/%0Aalert(1)",
    "vbscript:msgbox(1)",
    "VBSCRIPT:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "DATA:image/svg+xml,<svg onload=alert(1)>",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "view-source:javascript:alert(1)",
    "livescript:alert(1)",
    "feed:javascript:alert(1)",
    "jar:javascript:alert(1)!/",
    "intent://x#Intent;end",
    ":javascript:alert(1)",
    "",
    " ",
    "https://example.org/" + "a" * 3000,
]


@pytest.mark.parametrize("href", SAFE)
def test_safe_links_stay(href: str) -> None:
    assert safe_href(href) == href
    assert f'href="{html.escape(href)}"' in export.to_html(marked("ab", Mark(0, 2, "a", href)))


@pytest.mark.parametrize("href", ATTACKS)
def test_other_links_go_and_their_text_stays(href: str) -> None:
    doc = marked("see here", Mark(4, 8, "a", href))
    assert safe_href(href) == ""
    assert export.to_html(doc) == "<p>see here</p>"
    assert export.to_markdown(doc) == "see here"


@pytest.mark.parametrize("href", ATTACKS)
@pytest.mark.parametrize("base", ["https://courier.example/a/b", "https://courier.example/?q=", "http://x/#"])
def test_unsafe_links_go_where_links_are_resolved(href: str, base: str) -> None:
    doc = replace(marked("see here", Mark(4, 8, "a", href)), base_url=base)
    assert export.to_html(doc) == "<p>see here</p>"
    assert export.to_markdown(doc) == "see here"


@pytest.mark.parametrize(
    ("href", "wanted"),
    [
        ("/skarn", "https://courier.example/skarn"),
        ("skarn", "https://courier.example/news/skarn"),
        ("../a b?c=d&e", "https://courier.example/a%20b?c=d&e"),
        ("?page=2", "https://courier.example/news/ferry?page=2"),
        ("#note", "https://courier.example/news/ferry#note"),
        ("//other.example/x", "https://other.example/x"),
        ("HTTP://other.example:8080/a:b", "HTTP://other.example:8080/a:b"),
        ("mailto:ann@courier.example", "mailto:ann@courier.example"),
        ("//[::x]/y", "//[::x]/y"),
    ],
)
def test_relative_links_are_resolved(href: str, wanted: str) -> None:
    doc = marked("see here", Mark(4, 8, "a", href))
    known = replace(doc, base_url="https://courier.example/news/ferry")
    assert export.to_html(known) == f'<p>see <a href="{html.escape(wanted)}">here</a></p>'
    assert export.to_markdown(known) == f"see [here]({wanted})"
    address = href.replace(" ", "%20")
    assert export.to_markdown(doc) == f"see [here]({address})"


def test_resolving_changes_no_text() -> None:
    doc = Document((Block("See [the plan](/plan)."),), base_url="https://courier.example/")
    assert export.to_markdown(doc) == export.to_text(doc) == "See [the plan](/plan)."


@pytest.mark.parametrize("href", SAFE + ATTACKS[:-1])
def test_an_address_ends_neither_its_attribute_nor_its_brackets(href: str) -> None:
    doc = marked("ab", Mark(0, 2, "a", f"/\"'><script>)(\n\\ {href}"))
    (link,) = parsed(export.to_html(doc)).iter("a")
    assert set(link.attrib) == {"href"}
    assert re.fullmatch(r"\[ab\]\([^\s<>()\\]+\)", export.to_markdown(doc))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        '"><svg onload=alert(1)>',
        "</style><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "<\x00script>alert(1)</script>",
        "<!--><img src=x onerror=alert(1)>-->",
        "[click](javascript:alert(1))",
        "[click]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
    ],
)
@pytest.mark.parametrize("keep", [Label.BODY, Label.OTHER])
def test_text_is_never_markup(text: str, keep: Label) -> None:
    evidence = (Evidence(text, Label.ADVERT, 1.0, text, text),)
    block = Block(text, evidence=evidence)
    doc = Document((block,), frozenset({keep}), "html", text, Metadata(text), (text,))
    report = export.to_page([export.to_report(doc, text)], title=text)
    own_script = report[report.rindex("<script ") :]
    assert own_script == f"<script type=module>{asset('report.js')}</script>"
    for out in (export.to_html(doc), export.to_notebook(doc), report.removesuffix(own_script)):
        root = parsed(out)
        assert not root.xpath("//script | //img | //svg | //@*[starts-with(name(), 'on')]")
        assert not root.xpath("//comment()")
    assert one_line(text) in one_line(parsed(report).text_content())
    markdown = export.to_markdown(doc)
    assert not re.search(r"<[a-z/!?]", markdown)
    assert not re.search(r"\](?=[(:])(?<!\\\])", markdown)


def parsed(out: str) -> HtmlElement:
    return fromstring(f"<div>{out}</div>")


# -- lines ----------------------------------------------------------------------------

DOC = Document(
    (
        Block("The vote\nis on Tuesday.", score=0.987, evidence=(Evidence("m", Label.BODY, 4.3),)),
        Block(
            "Sign up for our newsletter and never again miss a story that matters to you.",
            Label.SUBSCRIPTION,
            0.012,
            (
                Evidence("model", Label.BODY, -4.6),
                Evidence("subscription.newsletter", Label.SUBSCRIPTION, 7.0, "Sign up", "en:x[2]"),
                Evidence("zone", Label.OTHER, 0.5),
            ),
        ),
    ),
    lang="en",
)


def test_explain_aligns_and_sorts_by_weight() -> None:
    text = "Sign up for our newsletter and never again miss…"
    assert export.explain(DOC).splitlines() == [
        f"keep  body          0.99  {'The vote is on Tuesday.':{len(text)}}  m +4.3",
        f"drop  subscription  0.01  {text}  subscription.newsletter +7.0  … 2 more",
    ]


def test_explain_names_the_reason_for_the_label_first() -> None:
    found = [Evidence("b", Label.BODY, 4), Evidence("a", Label.NOTE, 4), Evidence("c", Label.BODY, -5)]
    doc = Document((Block("x", Label.NOTE, 0.1, tuple(found)),))
    assert export.explain(doc) == "drop  note  0.10  x  c -5.0  a +4.0  b +4.0"


def test_explain_has_a_header_where_there_are_flags() -> None:
    header, *lines = export.explain(Document(DOC.blocks, lang="en", flags=("truncated",))).split("\n")
    assert header == "text | en | 1 of 2 blocks kept | body 1, subscription 1 | flags: truncated"
    assert "\n".join(lines) == export.explain(DOC)
    assert export.explain(Document()) == ""


def test_explain_fits_a_terminal() -> None:
    found = tuple(Evidence(f"rule.number{n}", Label.NOTE, 9 - n, "words " * 9) for n in range(9))
    blocks = [Block(text * 30, label, 0, found) for text in ("word ", "文字", "👩‍🚀 ") for label in Label]
    lines = export.explain(Document(tuple(blocks))).splitlines()
    assert all(wcswidth(line) <= 120 for line in lines)
    assert all("rule.number0 +9.0 “words" in line for line in lines)


def test_explain_shows_more_evidence_on_wider_lines() -> None:
    assert "  zone +0.5" in DOC.explain(width=200)
    assert " more" not in DOC.explain(width=200)
    assert max(map(len, DOC.explain(width=80).splitlines())) <= 80
    assert all(DOC.explain(width=width) for width in range(0, 60, 5))


def test_explain_aligns_wide_characters() -> None:
    doc = Document(
        tuple(Block(text, evidence=(Evidence("m", Label.BODY, 1),)) for text in ("文字", "ab", "👩‍🚀c", "é"))
    )
    assert len({wcswidth(line[: line.index("m +1.0")]) for line in export.explain(doc).splitlines()}) == 1


def test_inherited_evidence_names_the_line_that_it_comes_from() -> None:
    evidence = Evidence("author.heading", Label.AUTHOR, 3.2, "About the writer", origin=Origin.INHERITED)
    doc = Document((Block("Ann Lee writes on ferries.", Label.AUTHOR, 0.1, (evidence,)),))
    assert export.explain(doc).endswith("  author.heading +3.2 under “About the writer”")
    assert "\nauthor.heading +3.2 under “About the writer”</dl>" in export.to_report(doc)
    long = Evidence("author.heading", Label.AUTHOR, 3.2, "About the writer " * 9, origin=Origin.INHERITED)
    line = export.explain(Document((Block("word " * 30, Label.AUTHOR, 0.1, (long,)),)))
    assert "+3.2 under “About" in line
    assert line.endswith("…”")
    assert len(line) <= 120


def test_labels_are_one_line_a_block() -> None:
    doc = Document((Block(" a\tb\n c\r\n"), Block("", Label.OTHER), Block("\x1b\u2028x", Label.NOTE)))
    assert export.labels(doc) == "body\ta b c\nother\t\nnote\tx"


def test_the_document_offers_all_of_it() -> None:
    assert DOC.text == export.to_text(DOC)
    assert DOC.explain() == export.explain(DOC)
    assert DOC.to_markdown() == export.to_markdown(DOC)
    assert DOC.to_html() == export.to_html(DOC)
    assert DOC._repr_html_() == export.to_notebook(DOC)


# -- any document --------------------------------------------------------------------------------

CONTEXT = ["ul", "ol", "li", "dl", "blockquote", "table", "tr", "pre", "figure"]
TAGS = ["p", "h1", "h6", "li", "td", "th", "dt", "dd", "pre", "blockquote", "div", "script", "ul"]
SIGNS = st.one_of(st.characters(), st.sampled_from("<>&\"'`*_[]()!\\#-+|~:= \n\r\t1.a"))
TEXT = st.text(SIGNS, max_size=40)
PLACE = st.integers(-3, 45)


def blocks_of(text: st.SearchStrategy[str]) -> st.SearchStrategy[Block]:
    """Blocks of which every string is one of the texts."""
    href = st.one_of(text, st.sampled_from(SAFE + ATTACKS))
    mark = st.builds(Mark, PLACE, PLACE, st.sampled_from(["a", "b", "i", "code", "sub", "sup", "x"]), href)
    found = st.builds(Evidence, text, st.sampled_from(Label), st.floats(-99, 99), text, text)
    return st.builds(
        Block,
        text,
        st.sampled_from([Label.BODY, Label.BODY, Label.TITLE, Label.ADVERT]),
        st.floats(0, 1),
        st.lists(found, max_size=3).map(tuple),
        st.sampled_from(TAGS),
        st.none() | st.tuples(st.integers(0), st.integers(0)),
        st.text(" \n\r\t\x00", max_size=3),
        st.lists(st.sampled_from(CONTEXT), max_size=12).map(tuple),
        marks=st.lists(mark, max_size=6).map(tuple),
        cell=st.none() | st.builds(Cell, st.integers(0, 3), st.integers(0, 3), st.booleans(), st.integers(0, 1)),
        number=st.none() | st.integers(-2, 12),
        language=text,
    )


def documents(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Document]:
    return st.builds(
        Document,
        st.lists(blocks_of(text), max_size=8).map(tuple),
        st.sets(st.sampled_from(Label)).map(frozenset) | st.just(frozenset({Label.BODY})),
        st.sampled_from(["html", "text"]),
        text,
        st.builds(Metadata, text, st.lists(text, max_size=2).map(tuple)),
        st.lists(text, max_size=2).map(tuple),
        base_url=st.sampled_from(["", "https://courier.example/news/"]),
    )


@given(documents())
@settings(deadline=None)
def test_everything_that_goes_out_is_clean(doc: Document) -> None:
    for exporter in EXPORTERS:
        out = exporter(doc)
        assert out.encode().decode() == out
        assert strip_unsafe_chars(out) == out, exporter.__name__


@given(documents())
@settings(deadline=None)
def test_html_holds_allowed_tags_and_links_alone(doc: Document) -> None:
    for element in parsed(export.to_html(doc)).iterdescendants():
        assert element.tag in ALLOWED
        allowed = {"a": {"href"}, "ol": {"start", "reversed"}, "li": {"value"}, "code": {"class"}}
        assert set(element.attrib) <= allowed.get(str(element.tag), set())
        assert safe_href(element.get("href", "/")) != ""


@given(documents())
@settings(deadline=None)
def test_html_and_text_hold_every_kept_word_in_order(doc: Document) -> None:
    wanted = "".join("".join(strip_unsafe_chars(block.text) for block in doc.kept).split())
    assert "".join(export.to_text(doc).split()) == wanted
    if doc.kind == "html":  # of texts, Markdown's signs go: tests/test_html_of_texts.py
        found = "".join(parsed(export.to_html(doc)).text_content().split())
        has_cells = any(block.cell for block in doc.kept)  # those of a row stand in the order of their columns
        assert sorted(found) == sorted(wanted) if has_cells else found == wanted


@given(documents())
@settings(deadline=None)
def test_markdown_begins_no_tag_and_no_other_link(doc: Document) -> None:
    plain = [Block(b.text, b.label, tag=b.tag, context=b.context, cell=b.cell) for b in doc.blocks]
    plain = [b for b in plain if b.tag != "pre" and "pre" not in b.context]
    markdown = export.to_markdown(page(*plain))
    assert not re.search(r"<(?!br>)[A-Za-z/!?]", markdown)
    assert not re.search(r"(?<!\\)(?:\\\\)*\]\(", markdown)


@given(st.lists(blocks_of(st.text("ab \n", min_size=1)), max_size=8))
@settings(deadline=None)
def test_a_text_of_which_nothing_goes_comes_back(blocks: list[Block]) -> None:
    doc = Document(tuple(blocks), keep=frozenset(Label))
    kept = [block for block in blocks if block.text.strip()]
    text = export.to_text(doc)
    assert text == text.strip("\n\r")
    at = 0
    for number, block in enumerate(kept):
        inner = block.text.strip() if number in (0, len(kept) - 1) else block.text
        found = text.find(inner, at)
        assert found >= 0
        at = found + len(inner)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("See [it](javascript:alert(1)) here.", "See [it\\](javascript:alert(1)) here."),
        ("See [it](\njavascript:alert(1)) here.", "See [it\\](\njavascript:alert(1)) here."),
        ("See [it](javascript\\:alert(1)) here.", "See [it\\](javascript\\:alert(1)) here."),
        (f"See [it]({' ' * 30}javascript:x) here.", f"See [it\\]({' ' * 30}javascript:x) here."),
        ("See [it](https://a.example/x) and [that](/b).", "See [it](https://a.example/x) and [that](/b)."),
        ("An <img src=x onerror=alert(1)> here.", "An &lt;img src=x onerror=alert(1)> here."),
        ("No link](<img src=x onerror=alert(1)>)", "No link](&lt;img src=x onerror=alert(1)>)"),
        # An escape, and escapes of the backslash alone.
        ("\\<p> \\\\<img src=x>", "&lt;p> \\\\&lt;img src=x>"),
        ("https://a.example/\\<img src=x>", "https://a.example/&lt;img src=x>"),
        ("1 < 2, `<b>` and <https://a.example>.", "1 < 2, `<b>` and <https://a.example>."),
        ("```\n<script>\n```", "```\n<script>\n```"),
        ("[it]: vbscript:x\n\nwords", "[it\\]: vbscript:x\n\nwords"),
    ],
)
def test_markdown_of_somebody_elses_runs_nothing(text, expected):
    assert label(text, kind="text").to_markdown() == expected


@pytest.mark.parametrize(
    "text",
    [
        "Use `<b>`, ``<i>`` and [this](/x).\n`<p>` is one.",
        "```html\n<a href=`x`>\n```",
        "~~~\n<a>\n\n<b>\n~~~\n\nAs said.",
        "- Do this:\n\n    ```\n    <a>\n    ```\n\n- Or that.",
        "[10:15]: Anna: the ferry sails at nine, [she says].",
        "See [docs]: it is data: as it was.",
    ],
)
def test_code_and_words_of_somebody_elses_markdown_stay(text):
    assert export.to_markdown(Document((Block(text),))) == text


@pytest.mark.parametrize(
    "text",
    [
        "A ` here\n\n{}\n\nand a ` there",  # another paragraph
        "- A ` here\n- {} and a ` there",
        "# A ` here\n{} and a ` there",
        "A ` here\nand a `{}` there `",  # the second mark ends what the first began
        "\\`{}\\`",
        "| a ` | {} ` |",
        "<https://a.example/`>{}`",
        "https://a.example/`{}`",
        "[a](x`y) {} `",
        "``` a`b\n{}\n```",
        "- ```\n  a\n  ```\n  {}\n  ```",
        "- a\n  ```\n{}\n  ```",
        "Words\n    ```\n\n{}\n    ```",
        "~~~\n```\n~~~\n{}\n```",
    ],
)
def test_marks_that_only_some_readers_take_for_code_hide_no_tag(text):
    assert "<img" not in export.to_markdown(Document((Block(text.format("<img src=x onerror=alert(1)>")),)))
