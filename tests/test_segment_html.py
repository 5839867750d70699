"""HTML becomes blocks, and what the page says of itself becomes metadata."""

import gc
import json

import pytest

from cleaner.segment import html as html_segment
from cleaner.segment import html_builder
from cleaner.segment.html import segment
from cleaner.segment.page import Page, RawBlock


def blocks(source: str) -> list[RawBlock]:
    return segment(source).blocks


def pairs(source: str) -> list[tuple[str, str]]:
    return [(block.tag, block.text) for block in blocks(source)]


def marks(block: RawBlock) -> list[tuple[str, str, str]]:
    """The marks of a block as (tag, the words it covers, href)."""
    for mark in block.marks:
        assert 0 <= mark.start < mark.end <= len(block.text), f"{mark} outside of {block.text!r}"
    return [(mark.tag, block.text[mark.start : mark.end], mark.href) for mark in block.marks]


# -- cutting ---------------------------------------------------------------------------------------

CUTS = [
    ("", []),
    ("   ", []),
    ("<!-- only -->", []),
    ("<p></p><div> </div>", []),
    ("<p>one</p><p>two</p>", [("p", "one"), ("p", "two")]),
    ("<p>one<p>two", [("p", "one"), ("p", "two")]),
    (
        "<h1>T</h1>loose<p>x</p>loose2<div>y</div>",
        [("h1", "T"), ("body", "loose"), ("p", "x"), ("body", "loose2"), ("div", "y")],
    ),
    ("<h1>a</h1><h6>b</h6>", [("h1", "a"), ("h6", "b")]),
    ("<p>a <b>b</b> <span>c</span>d</p>", [("p", "a b cd")]),
    ("<div>a<div>b</div>c</div>", [("div", "a"), ("div", "b"), ("div", "c")]),
    ("<div><span>a</span></div>", [("div", "a")]),
    ("<ul><li>one<li>two</ul>", [("li", "one"), ("li", "two")]),
    ("<blockquote><p>q</p></blockquote>", [("p", "q")]),
    ("<dl><dt>T<dd>D1<dd>D2</dl>", [("dt", "T"), ("dd", "D1"), ("dd", "D2")]),
    ("<figure><img><figcaption>cap</figcaption></figure>", [("figcaption", "cap")]),
    ("a<br>b<br><br>c<br> <br>d", [("body", "a\nb"), ("body", "c"), ("body", "d")]),
    ("<p>a <br/> b</p>", [("p", "a\nb")]),
    ("<p><br>a<br></p>", [("p", "a")]),
    ("<p>a<br>&nbsp;<br>b</p>", [("p", "a"), ("p", "b")]),
    ("<p>  lots \n\t of \r\n  white </p>", [("p", "lots of white")]),
    ("<p>a</p>  \n <p>b</p>", [("p", "a"), ("p", "b")]),
    ("<pre>\n  a\n    b\n</pre>", [("pre", "  a\n    b")]),
    ("<pre>a<br>b</pre>", [("pre", "a\nb")]),
    ("<pre><code><div>a</div><div>  b<br></div>c</code></pre>", [("pre", "a\n  b\nc")]),
    ("<pre><div>sh</div><div><code>a\nb</code></div></pre>", [("div", "sh"), ("div", "a\nb")]),
    ("<pre><p>a</p><p>b</p></pre>", [("p", "a"), ("p", "b")]),
    ("<p>a&amp;b &lt;c&gt; &eacute; &#233; &#x1F600; &bogus; &copy</p>", [("p", "a&b <c> é é 😀 &bogus; ©")]),
    ("<select><option>A</option><option>B</option></select>", [("select", "A B")]),
    ("<p>a<!-- c -->b<?php echo ?>c</p>", [("p", "abc")]),
    ("<script>var a='<p>no</p>'</script><p>yes", [("p", "yes")]),
    ("<style>p{}</style><p>x", [("p", "x")]),
    ("<p>a<script>no</script>b<style>no</style>c", [("p", "abc")]),
    ("<svg><text>s</text><title>Icon</title></svg><p>a", [("p", "a")]),
    ("<iframe>no</iframe><canvas>no</canvas>x", [("body", "x")]),
    ("<noscript><p>ns</p></noscript><p>u", [("p", "ns"), ("p", "u")]),
    ("<textarea>ta</textarea><p>x", [("textarea", "ta"), ("p", "x")]),
    ("<button>Go</button><button>On</button>", [("button", "Go"), ("button", "On")]),
    ("<my-card>one</my-card><x-y>two</x-y>", [("my-card", "one"), ("x-y", "two")]),
    ("<p>text <o:p>foo</o:p> bar</p>", [("p", "text foo bar")]),
    ("<math><mi>x</mi><mo>=</mo><mn>2</mn></math>", [("math", "x=2")]),
    ("<p>a <math><mfrac><mi>x</mi><msqrt><mi>y</mi></msqrt></mfrac></math> b</p>", [("p", "a x/√y b")]),
    ("<p>a <mjx-container><mjx-math></mjx-math><math><mi>x</mi></math></mjx-container> b</p>", [("p", "a x b")]),
    ("<p>vec&lt;int&gt;</p>", [("p", "vec<int>")]),
    ("<head><title>T</title><p>text<p>more", [("p", "text"), ("p", "more")]),
    ("<body><title>T</title><p>x</p>", [("p", "x")]),
    ("<html><body><p>one</p></body></html><p>two</p></html><p>three", [("p", "one"), ("p", "two"), ("p", "three")]),
    ("<HTML><BODY><P>one</BODY ></HTML>\n<P>two", [("p", "one"), ("p", "two")]),
    ("<p>x</p><", [("p", "x"), ("body", "<")]),
    ("plain", [("body", "plain")]),
]


@pytest.mark.parametrize("source, expected", CUTS, ids=[source for source, _ in CUTS])
def test_cutting(source, expected):
    got = pairs(source)
    # Which element holds text that stands in none is the parser's choice.
    got = [("body" if tag in ("html", "body") else tag, text) for tag, text in got]
    expected = [("math" if tag == "math" else tag, text) for tag, text in expected]
    if expected and expected[0][0] == "math":
        got = [("math", text) for _, text in got]
    assert got == expected


def test_plain_is_on_one_line():
    (block,) = blocks("<pre>a\n  b</pre>")
    assert (block.text, block.plain) == ("a\n  b", "a b")


CONTEXTS = [
    ("<ul><li>a</li></ul>", [("ul", "li")]),
    ("<ul><li><ol><li>a</ol></ul>b", [("ul", "li", "ol", "li"), ()]),
    ("<ul><li>a<ul><li>b</ul>c</ul>", [("ul", "li"), ("ul", "li", "ul", "li"), ("ul", "li")]),
    ("<blockquote><p>a</p></blockquote><p>b", [("blockquote",), ()]),
    ("<figure><figcaption>a</figcaption></figure>", [("figure",)]),
    ("<dl><dt>a<dd>b</dl>", [("dl", "dt"), ("dl", "dd")]),
    ("<div><section>a</section></div>", [()]),
]


@pytest.mark.parametrize("source, expected", CONTEXTS)
def test_context(source, expected):
    assert [block.context for block in blocks(source)] == expected


def test_table_cells_know_their_row():
    found = blocks("<table><tr><th>A<td>B<tr><td>C<td>D</table><table><tr><td>E</table>")
    assert [(b.tag, b.text, b.row) for b in found] == [
        ("th", "A", 1),
        ("td", "B", 1),
        ("td", "C", 2),
        ("td", "D", 2),
        ("td", "E", 3),
    ]


TABLES = [
    ("<tr><td>a<td><td>b<tr><td><td>c", [(1, 0), (1, 2), (2, 1)]),  # empty cells
    ("<tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d", [(1, 0), (1, 1), (2, 1), (3, 0)]),
    ("<tr><td colspan=2 rowspan=2>a<td>b<tr><td>c", [(1, 0), (1, 2), (2, 2)]),
    ("<tr><td colspan=x rowspan=-1>a<td>b<tr><td>c", [(1, 0), (1, 1), (2, 0)]),
    ("<tr><td><p>a</p><ul><li>b<li>c</ul><td>d", [(1, 0), (1, 0), (1, 0), (1, 1)]),
]


@pytest.mark.parametrize("rows, expected", TABLES)
def test_table_cells_know_their_column(rows, expected):
    found = blocks(f"<table>{rows}</table>")
    assert [(b.cell.row, b.cell.column) for b in found] == expected
    assert len({b.cell.table for b in found}) == 1


def test_header_cells_are_those_of_th_and_thead():
    found = blocks("<table><thead><tr><td>a</thead><tbody><tr><th>b<td>c</tbody></table>")
    assert [b.cell.header for b in found] == [True, True, False]


def test_tables_that_arrange_a_page_have_no_cells():
    outer = "<table><tr><td>a<td><table><tr><td>b</table><tr><td>c</table><p>d"
    assert [(b.text, b.cell is not None) for b in blocks(outer)] == [
        ("a", False),
        ("b", True),
        ("c", False),
        ("d", False),
    ]
    assert [b.cell for b in blocks("<table role=presentation><tr><td>a<td>b</table>")] == [None, None]


def test_containers_tell_elements_apart():
    found = blocks("<ul><li>a<p>b</p><li><p>c</p></ul><ul><li>d</ul><blockquote>e</blockquote><blockquote>f")
    assert all(len(b.containers) == len(b.context) for b in found)
    (a, b, c, d, e, f) = [b.containers for b in found]
    assert a == b
    assert c[0] == a[0]
    assert c[1] != a[1]
    assert d[0] != a[0]
    assert e != f


def test_items_of_lists_that_do_not_count_from_one_have_numbers():
    def numbers(source):
        return [b.number for b in blocks(source)]

    assert numbers("<ol><li>a<li>b</ol>") == [None, None]
    assert numbers("<ol start=1><li>a</ol><ol start=x><li>b</ol>") == [None, None]
    assert numbers("<ol start=5><li>a<li><p>b</p><p>c</p></ol>") == [5, 6, 6]
    assert numbers("<ol reversed><li>a<li>b<ul><li>c</ul><li>d</ol>") == [3, 2, 2, 1]
    assert numbers("<ol><li>a<li value=7>b<li>c<li value=x>d</ol>") == [1, 7, 8, 9]
    assert numbers("<ol reversed><li value=7>a<li>b</ol><ul><li value=7>c</ul>") == [7, 6, None]
    assert numbers("<ol start=10 reversed><li>a<li>b<ol><li>c</ol></ol>") == [10, 9, None]


CODE_LANGUAGES = [
    ('<pre><code class="language-python">a</code></pre>', "python"),
    ('<div class="highlight-source-shell"><pre>a</pre></div>', "shell"),
    ('<div class="highlight-c++ notranslate"><div class="highlight"><pre><span>a</span></pre></div></div>', "c++"),
    ('<pre data-lang="Rust">a</pre>', "rust"),
    ('<pre data-lang="x y`">a</pre>', ""),
    ('<pre class="language-none">a</pre>', ""),
    ('<p><code class="language-python">a</code></p>', ""),
]


@pytest.mark.parametrize("source, expected", CODE_LANGUAGES)
def test_code_has_the_language_that_the_page_names(source, expected):
    assert [b.language for b in blocks(source)] == [expected]


def test_the_node_is_the_innermost_element_around_all_of_the_text():
    page = segment('<div class="out"><p id="in">a <b>b</b></p><p><b class="bold">all</b></p></div>')
    elements = page.elements
    first, second = (block.node for block in page.blocks)
    assert (elements.tag(first), elements.tokens(first)) == ("p", ("#in",))
    assert (elements.tag(second), elements.tokens(second)) == ("b", (".bold",))
    assert page.blocks[1].tag == "p", "a block's tag is never inline"
    assert elements.tokens(elements.parent[first]) == (".out",)


def test_tokens_are_classes_ids_and_roles_in_lower_case():
    source = '<div class="Lead  BIG" id="Main" role="navigation" itemprop="articleBody" data-testid="Teaser" title="x">a</div>'
    page = segment(source)
    assert page.elements.tokens(page.blocks[0].node) == (
        ".lead",
        ".big",
        "#main",
        "@navigation",
        "%articlebody",
        "~teaser",
    )


HIDDEN = [
    "<p hidden>x",
    "<div hidden><p>x",
    "<div style='color:red; DISPLAY : none'><p>x",
    "<p style='visibility:hidden'>x",
    "<p aria-hidden='TRUE'>x",
    "<template><p>x",
]
SHOWN = [
    "<p>x",
    "<p aria-hidden=false>x",
    "<p style='display:block'>x",
    "<p hidden>y</p><p>x",
    "<template>y</template><p>x",
]


@pytest.mark.parametrize("source", HIDDEN)
def test_hidden(source):
    assert [block.hidden for block in blocks(source)] == [True], source


@pytest.mark.parametrize("source", SHOWN)
def test_shown(source):
    assert not blocks(source)[-1].hidden, source


# -- links, media, marks -----------------------------------------------------------------------------

LINKS = [
    ("<p>abc</p>", [(0, 0)]),
    ("<p>see <a href=u>this</a></p>", [(4, 1)]),
    ("<p><a href=u>ab</a> <a href=v>cd</a></p>", [(4, 2)]),
    ("<p><a>ab</a></p>", [(2, 1)]),
    ("<p><a href=u>a <b>b</b></a></p>", [(3, 1)]),
    ("<p><a href=u></a>x</p>", [(0, 0)]),
    ("<a href=u><img></a><p>x</p>", [(0, 0)]),
    ("<a href=u><p>one</p><p>two</p></a><p>x</p>", [(3, 1), (3, 1), (0, 0)]),
    ("<p>x <a href=u>one<p>two</a> three", [(3, 1), (3, 1)]),
]


@pytest.mark.parametrize("source, expected", LINKS)
def test_links(source, expected):
    assert [(block.linked, block.links) for block in blocks(source)] == expected


MEDIA = [
    ("<p>a<img>b", [1, 0]),
    ("<img><img><p>a<p>b", [2, 0]),
    ("<video><source></video><p>a", [1]),
    ("<iframe src=x></iframe><p>a", [1]),
    ("<svg><g><image/></g></svg><p>a", [1]),
]


@pytest.mark.parametrize("source, expected", MEDIA)
def test_media_count_for_the_block_that_they_stand_in_or_before(source, expected):
    assert [block.media for block in blocks(source)] == expected


MARKS = [
    ("<p>a <b>bold</b> c</p>", [[("b", "bold", "")]]),
    ("<p><strong>a</strong><em>b</em><code>c</code></p>", [[("b", "a", ""), ("i", "b", ""), ("code", "c", "")]]),
    ("<p>  a   <a href='u'>link\n  text</a></p>", [[("a", "link text", "u")]]),
    ("<p>&nbsp; <b>bold</b></p>", [[("b", "bold", "")]]),
    ("<p>x<b> </b>y</p>", [[("b", " ", "")]]),
    ("<p>x<b> </b></p>", [[]]),
    ("<p><b></b>x</p>", [[]]),
    ("<p><a>no address</a></p>", [[]]),
    ("<p><b>a <i>b</i></b></p>", [[("i", "b", ""), ("b", "a b", "")]]),
    ("<p><b>a<i>b</b>c</i></p>", None),
    ("<a href=u><p>one</p><p>two</p></a>", [[("a", "one", "u")], [("a", "two", "u")]]),
    ("<pre>\n\n  a <b>bold</b>\n c</pre>", [[("b", "bold", "")]]),
    ("<p>a<br><b>b</b></p>", [[("b", "b", "")]]),
    ("<p>a <br><b>b</b></p>", [[("b", "b", "")]]),
]


@pytest.mark.parametrize("source, expected", MARKS)
def test_marks(source, expected):
    got = [marks(block) for block in blocks(source)]
    if expected is not None:
        assert got == expected


def test_an_endless_stack_of_marks_is_one():
    (block,) = blocks("<b>" * 300 + "x")
    assert marks(block) == [("b", "x", "")]


# -- hostile -----------------------------------------------------------------------------------------


def test_a_page_goes_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        segment("<p>MARKED-FOR-REMOVAL</p>")
        left = [o for o in gc.get_objects() if isinstance(o, RawBlock) and o.text == "MARKED-FOR-REMOVAL"]
    finally:
        gc.enable()
    assert not left


@pytest.mark.parametrize("depth", [300, 3_000, 10_000])
@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "table><tr><td", "a href=x", "font"])
def test_depth_loses_nothing(depth, tag):
    page = segment(f"<p>before</p>{f'<{tag}>' * depth}deep" + "</div></b></a></font>" * depth + "<p>AFTER</p>")
    text = " ".join(block.text for block in page.blocks)
    assert text.split() == ["before", "deep", "AFTER"], text[:200]
    assert max(page.elements.depth) <= html_builder.MAX_DEPTH


@pytest.mark.parametrize("depth", [300, 3_000])
def test_unclosed_depth_loses_nothing(depth):
    page = segment("<div><p>w" * depth)
    assert len(page.blocks) == depth


def test_a_text_node_over_libxml2s_limit():
    first, second = blocks("<p>" + "word-word " * 1_000_100 + "</p><p>AFTER</p>")
    assert len(first.text) == 10_000_999
    assert second.text == "AFTER"


@pytest.mark.parametrize("source", ["<p a='{}'>x</p><p>AFTER", "<!--{}--><p>x</p><p>AFTER", "<p {}=1>x</p><p>AFTER"])
def test_an_attribute_over_libxml2s_limit(source):
    assert [block.text for block in blocks(source.format("x" * 10_000_100))] == ["x", "AFTER"]


ODD = [
    ("<p>a\ud800b</p><p>AFTER</p>", ["a\ufffdb", "AFTER"]),
    ("<p>a\0b</p><p>AFTER</p>", ["ab", "AFTER"]),
    ("<p>&#xD800;&#0;x</p><p>AFTER</p>", ["\ufffd\ufffdx", "AFTER"]),
    ("<p>\x01\x02a\x0bb</p><p>AFTER</p>", ["\x01\x02a b", "AFTER"]),
    ("<p>a\u2028b</p>", ["a b"]),
    ("<p>\ufffe\U0001fffe</p><p>AFTER</p>", ["\ufffe\U0001fffe", "AFTER"]),
    ("\ufeff<p>x", ["x"]),
]


@pytest.mark.parametrize("source, expected", ODD, ids=[ascii(source) for source, _ in ODD])
def test_odd_characters_cut_nothing(source, expected):
    assert [block.text for block in blocks(source)] == expected


def test_a_page_of_endless_blocks_keeps_its_words(monkeypatch):
    monkeypatch.setattr(html_builder, "MAX_BLOCKS", 3)
    page = segment("<p>a<p>b<p>c<p>d<p>e")
    assert [block.text for block in page.blocks] == ["a", "b", "c\nd\ne"]
    assert page.flags == ("truncated",)
    assert segment("<p>a<p>b<p>c").flags == ()


@pytest.mark.parametrize(
    "unit",
    [
        "<p>",
        "<b>",
        "<div>",
        "</p>",
        "<br>",
        "<a href=x>",
        "<td>",
        "<option>",
        "<",
        "&",
        "<p a=",
        "<!--",
        "<b id=x><i><p>",
        "<title>",
        "<svg>",
        "<li>x",
        "<script>",
    ],
)
def test_time_grows_in_proportion(unit):
    segment(unit * 2_000 + "x")  # would take minutes if it grew with the square


# -- the parser of the standard library, for when lexbor gives up ------------------------------------------

SAME = [
    "<html><head><title>T</title><body><p>one</p><p>two</p>",
    "<head><title>T</title><meta name=author content=A><p>no end of the head",
    "<title>T</title>text first",
    "<head>text in it",
    "<head><script>x</script><style>y</style></head><p>z",
    "<div class=a><h1>T</h1><ul><li>one</li><li>two <a href=u>l</a></li></ul></div>",
    "<table><tr><td>a</td><td>b</td></tr></table>",
    "<p>a & b &amp; c</p><pre>\n x\n</pre>",
    "<p>a<br>b<br><br>c</p><svg><g>t</g></svg>d",
    "<script>var a = '<p>no</p>';</script><p>x</p>",
    "<p hidden>x</p><template><p>y</p></template>",
]


@pytest.mark.parametrize("source", SAME)
def test_the_fallback_gives_the_same_text(source):
    def words(page: Page) -> list[str]:
        return [block.text for block in page.blocks]

    one, other = segment(source), html_segment._fallback(source, html_builder.Builder())
    assert words(other) == words(one)
    assert other.metadata == one.metadata
    assert other.flags == ("fallback",)


@pytest.mark.parametrize("depth", [500, 5_000])
def test_the_fallback_loses_nothing_to_depth(depth):
    source = "<div>" * depth + "<script>bad()</script><style>bad</style><p>deep</p>" + "</div>" * depth + "<p>AFTER</p>"
    assert [block.text for block in html_segment._fallback(source, html_builder.Builder()).blocks] == ["deep", "AFTER"]


def test_when_lexbor_gives_up_the_fallback_does_the_work(monkeypatch):
    def gives_up(*_, **__):
        raise html_segment.SelectolaxError("no")

    monkeypatch.setattr(html_segment, "LexborHTMLParser", gives_up)
    page = segment("<p>x</p>")
    assert ([block.text for block in page.blocks], page.flags) == (["x"], ("fallback",))


# -- metadata ----------------------------------------------------------------------------------------


def ld(data: object) -> Page:
    return segment(f'<html><head><script type="application/ld+json">{json.dumps(data)}</script></head><body><p>x')


def test_meta_elements():
    page = segment(
        '<html lang="EN-gb"><head><title> The\n Title </title><meta property="og:title" content="OG">'
        '<meta name="Author" content="Ann Lee"><meta property="article:published_time" content="2024-01-02">'
        '<meta property="og:site_name" content="Site"><meta name="description" content="D"><meta property="og:type" content="Article">'
        '<meta property="og:url" content="https://a.b/og"><link rel="Canonical" href="https://a.b/c"></head><body><p>x'
    )
    info = page.metadata
    assert (info.title, info.author, info.date, info.site, info.description, info.url) == (
        "OG",
        "Ann Lee",
        "2024-01-02",
        "Site",
        "D",
        "https://a.b/c",
    )
    assert page.lang == "en-gb"
    assert page.types == {"og:article"}


def test_the_title_element_where_nothing_else_names_one():
    assert segment("<head><title> The\n Title &amp; more</title></head><p>x").metadata.title == "The Title & more"


def test_the_locale_where_no_language_is_declared():
    assert segment('<meta property="og:locale" content="de_DE"><p>x').lang == "de_de"


def test_the_first_meta_element_of_a_name_counts():
    assert segment('<meta name=author content="A"><meta name=author content="B"><p>x').author == "A"


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "H",
    "author": {"@type": "Person", "name": "Ann"},
    "datePublished": "2024",
    "articleBody": "The <b>text</b>.",
}

VARIANTS = {
    "object": ARTICLE,
    "list": [{"@type": "WebSite"}, ARTICLE],
    "graph": {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, ARTICLE]},
    "nested": {"@type": "WebPage", "mainEntity": ARTICLE},
    "list of authors": ARTICLE | {"author": [{"name": "Ann"}, {"name": "Bo"}]},
    "author as string": ARTICLE | {"author": "Ann"},
    "list of types": ARTICLE | {"@type": ["NewsArticle", "ReportageNewsArticle"]},
    "body as list": ARTICLE | {"articleBody": ["The <b>text</b>."]},
    "odd values": ARTICLE | {"publisher": None, "description": 5, "image": [None, True, 1.5]},
}


@pytest.mark.parametrize("name", VARIANTS)
def test_json_ld(name):
    page = ld(VARIANTS[name])
    assert (page.metadata.title, page.author, page.metadata.date) == ("H", "Ann", "2024")
    assert "newsarticle" in page.types
    assert page.article_body.split() == ["The", "text", "."]


ODD_JSON = ["", "null", "true", "5", '"x"', "[]", "{}", "[null]", '{"@graph": 5}', '{"@type": null}', '{"@type": {"a": 1}}', "{broken", '{"a": 1} {"b": 2}', '{"articleBody": {"a": []}}', '{"author": [[], {}, {"name": {}}]}', '{"headline": "   "}', "[" * 100_000, '{"a":' * 5_000 + "1" + "}" * 5_000, '{"x": ' + "9" * 5_000 + "}"]  # fmt: skip


@pytest.mark.parametrize("script", ODD_JSON, ids=lambda script: script[:20])
def test_odd_json_ld_says_nothing(script):
    page = segment(f'<script type="application/ld+json">{script}</script><p>x</p>')
    assert [block.text for block in page.blocks] == ["x"]
    assert (page.metadata.title, page.metadata.author, page.article_body) == ("", "", "")


@pytest.mark.parametrize("depth", [500, 900, 990, 20_000])
def test_nested_json_ld(depth):
    nested = '{"@type": ' * depth + "1" + "}" * depth
    page = segment(f'<script type="application/ld+json">{nested}</script><p>x</p>')
    assert page.types == frozenset()


def test_huge_json_ld_is_not_read():
    assert ld(ARTICLE | {"articleBody": "word " * 300_000}).article_body == ""
    assert len(ld(ARTICLE | {"articleBody": "word " * 100_000}).article_body) == 500_000


def test_json_ld_in_the_body_of_the_page():
    page = segment(f'<body><p>x</p><script type="application/ld+json">{json.dumps(ARTICLE)}</script><p>y</p>')
    assert page.metadata.title == "H"
    assert [block.text for block in page.blocks] == ["x", "y"]


def test_metadata_can_be_printed():
    page = ld(ARTICLE | {"headline": "A\ud800B\u0000C\u202eD"})
    assert page.metadata.title == "ABCD"
    assert segment("<head><title>a\x1b[1mb</title></head><p>x").metadata.title == "a[1mb"


def test_metadata_is_short():
    assert len(segment(f"<head><title>{'x' * 5_000}</title></head><p>x").metadata.title) == 2_000


SENTENCES = [
    ('The strain on the line is <img class="latex" alt="T = 2mg"> here.', "The strain on the line is T = 2mg here."),
    ('<img alt="🙂"> was happy <img class="wp-smiley emoji" alt=":)">', "🙂 was happy :)"),
    (
        'Turn the ring until the mark <img src="m.gif" alt="" width="12"> stands.',
        "Turn the ring until the mark stands.",
    ),
    ("Then press the key <button>Save</button> and <svg><path/></svg>wait.", "Then press the key Save and wait."),
    ("It goes on<wbr>ward.", "It goes onward."),
    ("Then the keeper turned to <keyword>water</keyword>, and left.", "Then the keeper turned to water, and left."),
    ("The <x-term>ring</x-term> was gone.", "The ring was gone."),
    ("Nobody knew the word <side-note><b>ring</b></side-note> then.", "Nobody knew the word ring then."),
]


@pytest.mark.parametrize("source, expected", SENTENCES)
def test_pieces_in_a_sentence_do_not_end_it(source, expected):
    (block,) = blocks(f"<p>{source}</p>")
    assert (block.text, block.tag, block.media - ("svg" in source)) == (expected, "p", 0)


def test_pictures_and_buttons_between_sentences_end_the_block():
    def texts(source):
        return [b.text for b in blocks(source)]

    assert texts("<p>The ring is turned to the left.<img>A ring in a box</p>") == [
        "The ring is turned to the left.",
        "A ring in a box",
    ]
    assert texts("<p>The ring is turned to the <img width=640>A ring</p>") == ["The ring is turned to the", "A ring"]
    assert texts("<p>The ring is turned to the<br><br><img>A ring</p>") == ["The ring is turned to the", "A ring"]
    assert texts("<a href=/>The home of all rings</a><img><a href=/n>News</a>") == ["The home of all rings", "News"]
    assert texts("<div>Rings<button>Menu</button>Home</div>") == ["Rings", "Menu", "Home"]
    assert texts("<p>The ring is turned to the left.<my-card>A ring</my-card></p>") == [
        "The ring is turned to the left.",
        "A ring",
    ]
    assert texts("<my-card>Rings</my-card><my-card>Home</my-card>") == ["Rings", "Home"]


def test_a_piece_below_the_depth_limit_is_no_other_element():
    source = "<div>" * 450 + "The ring is turned to the <img> left" + "</div>" * 450 + "<p>b"
    assert [b.text for b in blocks(source)][-1] == "b"


PERMALINKS = [
    ('<h2>Backups<a class="headerlink" href="#b">¶</a></h2>', "Backups", 0),
    ('<h2><a href="#b" aria-hidden="true">#</a> Backups of <code>C#</code></h2>', "Backups of C#", 0),
    ('<h3>Backups <a href="#b">\uf0c1</a></h3>', "Backups", 0),
    ('<h2>Life<span>[</span><a href="/w?title=x&action=edit">edit</a><span>]</span></h2>', "Life", 0),
    ('<h2>Leben [<a href="/x">Bearbeiten</a> | <a href="/y">Quelltext bearbeiten</a>]</h2>', "Leben", 0),
    ('<h2>Notes <a href="#n">[1]</a></h2>', "Notes [1]", 1),
    ('<h2><a href="/">#</a></h2>', "#", 1),
    ('<p>See <a href="#b">¶</a> 3</p>', "See ¶ 3", 1),
]


@pytest.mark.parametrize("source, expected, links", PERMALINKS)
def test_links_of_a_heading_to_itself_and_its_editor_go(source, expected, links):
    (block,) = blocks(source)
    assert (block.text, block.plain, block.links) == (expected, expected, links)
    assert all(0 <= start < end <= len(block.text) for start, end, _, _ in block.markup)


ANSWER = "<div><p>It takes about three days from the day on which you send it.</p></div>"
QUESTIONS = [
    (f"<div role=button>What does it cost?</div>{ANSWER}", "h3"),
    (f"<h2><button>What does it cost?</button></h2>{ANSWER}", "h2"),
    (f"<details><summary>Postage</summary>{ANSWER}</details>", "h3"),
    (f"<button aria-expanded=false>The cost</button>{ANSWER}<button aria-expanded=false>B</button>{ANSWER}", "h3"),
    (f"<button aria-expanded=false>Share</button>{ANSWER}", "button"),
    (f"<button>Subscribe</button>{ANSWER}", "button"),
    ("<button>What does it cost?</button><a href=/>It takes about three days from the day of your order</a>", "button"),
]


@pytest.mark.parametrize("source, expected", QUESTIONS)
def test_questions_above_their_answers_are_headings(source, expected):
    page = segment(source)
    assert page.blocks[0].tag == expected
    chain, at = set(), page.blocks[0].node
    while at > 0:
        chain.add(page.elements.tag(at))
        at = page.elements.parent[at]
    assert ("button" in chain) == (expected == "button")


@pytest.mark.parametrize("spacer", ["&#8203;", "&#847;&zwnj;&nbsp;&#847;", "&#xFEFF;", "&shy; &lrm;", "<b>&#8203;</b>"])
def test_a_paragraph_in_which_nothing_is_seen_is_no_block(spacer):
    source = f"<p>{spacer}</p><p>The ferry&#8203; sailed.</p><p>{spacer}</p><p>{spacer}It was late.</p>"
    texts = [block.text for block in segment(source).blocks]
    assert (len(texts), texts[0], texts[1][-12:]) == (2, "The ferry\u200b sailed.", "It was late.")
