"""The parser of HTML: pages as a browser reads them, and sources that lexbor must not get."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import label
from cleaner.segment import hostile, html_builder
from cleaner.segment import html as html_segment
from cleaner.segment.hostile import MANY_STARTS, MAX_ATTRIBUTES, Tags, is_hostile
from cleaner.segment.html import segment
from cleaner.segment.html_cdata import with_text_of_cdata
from cleaner.segment.page import Page

FIRST = "The lighthouse keeper counted eleven boats before the fog came in."
LAST = "In the morning there were twelve of them, and nobody could say why."


def texts(page: Page) -> list[str]:
    return [block.text for block in page.blocks]


def chain(page: Page, text: str) -> list[str]:
    """The tags and tokens of the elements around the block with a text, innermost first."""
    elements = page.elements
    (at,) = [block.node for block in page.blocks if block.text == text]
    found = []
    while at > 0:
        found.append(elements.tag(at) + "".join(elements.tokens(at)))
        at = elements.parent[at]
    return found


# -- as a browser reads it -------------------------------------------------------------------------

BROWSER = [
    ("<p>a</br>b", ["a\nb"]),  # an end tag of br is a line break
    ("<p>a<div>b</div>c", ["a", "b", "c"]),
    ("<b><p>a</b>b</p>c", ["ab", "c"]),
    ("<p>x <a href=u>one<p>two</a> three", ["x one", "two three"]),
    ("<table>x<tr><td>a</table>", ["x", "a"]),  # text between the parts of a table stands before it
    ("<!-- a --><p>b<!-- c -->d", ["bd"]),
    ("<p>a<![CDATA[b]]>c", ["ac"]),
    ("<?xml version='1.0' encoding='utf-16'?><p>a", ["a"]),
    ("<p>a</body></html><p>b", ["a", "b"]),
    ("<p>a<plaintext><p>b", ["a", "<p>b"]),
    ("<p>a<script>if (x < 1) document.write('<p>b</p>')</script>c", ["ac"]),
    ("<p>a<textarea><p>b</textarea>", ["a", "<p>b"]),
    ("<p>a&nbsp;&amp;&lt;b&#x41;&notit;", ["a\xa0&<bA¬it;"]),
    ("<p>a\r\nb\rc", ["a b c"]),
    ("<p>a\0b", ["ab"]),
    ("<select><option>a<option>b</select>", ["a b"]),
    ("<p>a<svg><title>t</title><path/></svg>b", ["ab"]),
    ("<p>a<svg><g><p>b", ["a", "b"]),
]


@pytest.mark.parametrize("source, expected", BROWSER)
def test_blocks_are_those_of_a_browser(source, expected):
    assert texts(segment(source)) == expected


def test_a_box_that_html_4_leaves_open_ends_where_a_browser_ends_it():
    source = f"<article><p>{FIRST}<span class=newsletter><div>Sign up</div></p></span><p>{LAST}</article>"
    page = segment(source)
    assert chain(page, LAST) == ["p", "article", "body", "html"]


FRAGMENTS = [
    ("<tr><td>a</td><td>b</td></tr><tr><td>c", ["a", "b", "c"], ("table", "tr")),
    ("<td>a<td>b", ["a", "b"], ("table", "tr")),
    (" <!-- rows --> <tbody><tr><td>a", ["a"], ("table", "tr")),
    ("<li>a<li>b", ["a", "b"], ("li",)),
    ("<dd>a", ["a"], ("dd",)),
    ("a<br>b", ["a\nb"], ()),
    ("<option>a", ["a"], ()),
    ("plain", ["plain"], ()),
    ("", [], ()),
]


@pytest.mark.parametrize("source, expected, context", FRAGMENTS)
def test_fragments_keep_text_and_structure(source, expected, context):
    page = segment(source)
    assert texts(page) == expected
    assert all(block.context == context for block in page.blocks)


def test_frames_do_not_drop_the_page():
    assert texts(segment("<frameset cols=2><frame src=x></frameset><p>a</p>")) == ["a"]
    assert texts(segment("<FRAMESET><frame></FRAMESET><body><p>a</p></body>")) == ["a"]


TEMPLATES = [
    ("<template><p>a</p></template><p>b", [("a", True), ("b", False)]),
    ("<head><template>a</template></head><p>b", [("a", True), ("b", False)]),
    ("<p>b<template><template>a</template></template>", [("b", False), ("a", True)]),
    ("<table><template><tr><td>a</td></tr></template><tr><td>b</table>", [("a", True), ("b", False)]),
]


@pytest.mark.parametrize("source, expected", TEMPLATES)
def test_templates_are_hidden(source, expected):
    assert [(block.text, block.hidden) for block in segment(source).blocks] == expected


NOSCRIPT = [
    ("<p>a</p><noscript><p>b</p></noscript><p>c", ["a", "b", "c"]),
    ("<p>a</p><noscript><iframe src=x /></noscript><p>c", ["a", "c"]),  # the iframe swallows no more than the noscript
    ("<p>a</p><noscript><!-- </noscript><p>c", ["a", "c"]),
    ("<p>a</p><noscript>5 &lt; 6 <b>b</b></noscript>", ["a", "5 < 6 b"]),
    ("<p>a</p><noscript>5 &lt; 6</noscript>", ["a", "5 < 6"]),
    ("<head><noscript><p>b</p></noscript><title>t</title></head><p>c", ["b", "c"]),
    ("<noscript>b", ["b"]),
]


@pytest.mark.parametrize("source, expected", NOSCRIPT)
def test_the_markup_of_a_noscript_stays_in_it(source, expected):
    assert texts(segment(source)) == expected


def test_a_head_after_a_noscript_is_read():
    page = segment(
        "<head><noscript><img src=x></noscript><title>t</title><link rel=canonical href=https://a.b/c></head><p>x"
    )
    assert (page.metadata.title, page.metadata.url) == ("t", "https://a.b/c")


def test_a_drawing_that_swallows_the_page_loses_nothing():
    page = segment("<svg><foreignObject><p>x</svg><p>y")
    assert [(block.text, block.hidden) for block in page.blocks] == [("x", True), ("y", True)]


def test_html_in_a_drawing_is_no_text_of_the_page():
    page = segment("<p>a</p><svg><foreignObject><div>label</div></foreignObject></svg><p>b")
    assert texts(page) == ["a", "b"]


def test_surrogates_and_byte_order_marks():
    assert texts(segment("\ufeff<p>a")) == ["a"]
    assert texts(segment("<p>a\ud800b")) == ["a\ufffdb"]


def test_elements_without_content_end_blocks_and_nothing_else():
    page = segment("<p>a<i class=icon></i>b<span></span>c<div class=rule></div>d</p>")
    assert texts(page) == ["abc", "d"]
    assert not {".icon", ".rule"} & {token for style in page.elements.styles for token in style.tokens}


def test_an_empty_line_of_code_stays_one():
    (block,) = segment("<pre><code><div>a</div><div></div><div>b</div></code></pre>").blocks
    assert block.text == "a\n\nb"


def test_attributes_without_a_value():
    page = segment("<p hidden class id>a</p><a href>b</a>")
    assert [(block.text, block.hidden) for block in page.blocks] == [("a", True), ("b", False)]


# -- CDATA of XHTML --------------------------------------------------------------------------------

XML = "<?xml version='1.0' encoding='utf-8'?>\n"


@pytest.mark.parametrize(
    "source, expected",
    [
        ("<p><![CDATA[Sixteen buses > one & <b>two</b> &amp;]]></p>c", ["Sixteen buses > one & <b>two</b> &amp;", "c"]),
        ("<p>a<![CDATA[]]><![CDATA[ b]]]]><![CDATA[>]]>", ["a b]]>"]),
        ("<title><![CDATA[A & B]]></title><p>a", ["a"]),
        (
            "<p>a<script>//<![CDATA[\nb = '</p>';//]]></script><style><![CDATA[p {}]]></style><p><![CDATA[c]]>",
            ["a", "c"],
        ),
        ("<p>a<SCRIPT src='x'/><p><![CDATA[c]]><script></script>d", ["ad"]),  # without blocks it would be repaired
        ("<script src='x'/><p><![CDATA[c]]>", ["c"]),
        ("<scripts><p><![CDATA[c]]>", ["c"]),
        ("<!--<![CDATA[a]]>--><!--><p><![CDATA[<!-- b]]><!-- c --><p><![CDATA[d]]>", ["<!-- b", "d"]),
        ("<p>a<svg><text><![CDATA[b]]></text></svg><![CDATA[c]]>", ["ac"]),
        ("<p>a<![CDATA[b</p><p><![CDATA[c > d]]><p><![CDATA[e", ["ab</p><p><![CDATA[c > d", "e"]),
        ("<p>a</p><!-- <p><![CDATA[b]]>", ["a"]),
        ("<rss><item><description><![CDATA[a <b>b</b> &amp; c<p>d</p>]]></description></item></rss>", ["a b & c", "d"]),
        ("<!-- <rss> --><p><![CDATA[<i>a</i>]]>", ["<i>a</i>"]),
    ],
)
def test_cdata_of_xhtml_are_text(source, expected):
    for begin in (XML, f"\ufeff \n{XML}"):
        assert texts(segment(begin + source)) == expected


def test_cdata_of_html_are_comments_as_in_a_browser():
    assert texts(segment("<!doctype html><p>a<![CDATA[b]]>c")) == ["ac"]
    assert texts(segment(f"<p>a<![CDATA[b]]>c{XML}")) == ["ac"]


@pytest.mark.parametrize(
    "unit", ["<![CDATA[", "<script ", "<script>", "<script/>", "<!--", "<![CDATA[]]>", "<style></"]
)
@pytest.mark.parametrize("begin", ["", "<p><![CDATA[a]]>"])
def test_cdata_are_found_in_linear_time(unit, begin):
    data = f"{XML}{begin}{unit * 100_000}<![CDATA[".encode()
    begun = time.process_time()
    with_text_of_cdata(data)
    assert time.process_time() - begun < 1


def test_many_cdata_of_xhtml_are_not_hostile():
    page = segment(XML + "<p><![CDATA[a]]></p>" * 2_000)
    assert (len(page.blocks), page.flags) == (2_000, ())


# -- hostile ---------------------------------------------------------------------------------------

NUMBER = 20_000
NAMES = " ".join(f"a{k}" for k in range(NUMBER))
DEEP = {
    "open": "<div>" * NUMBER,
    "closed": "<div>" * NUMBER + "</div>" * NUMBER,
    "inline": "<span>" * NUMBER,
    "end tags of others": "<span>" * 9_000 + "</x>" * 9_000,
    "svg": "<svg>" + "<g>" * NUMBER,
    "in scope": "<div><table><td></div></table>" * NUMBER,
    "end tag in a value": '<div title="</div>">' * NUMBER,
    "end tag in a comment": "<div><!--</div>-->" * NUMBER,
    "end tag in a script": "<div><script></div></script>" * NUMBER,
    "end tag in a noscript": "<div><noscript></div></noscript>" * NUMBER,
    "end tag in CDATA": "<svg>" + "<g><![CDATA[ ></g> ]]>" * NUMBER,
    "end tag of a form": "<form><div></form>" * NUMBER,
    "end tag of an unknown element": "<x><div></x>" * NUMBER,
    "broken out of a drawing": "<svg><p></p>" + "<path/>" * NUMBER,
    "title of a drawing": "<svg><title>" + "<g>" * NUMBER,
    "quotes in a name": '<p a"><p b=">">' + "<div>" * NUMBER,
}
FORMATTING = {
    "each with an id": "".join(f"<p><b id=x{k}>x</p>" for k in range(NUMBER)),
    "long ago": "".join(f"<div><b id=x{k}></div>" for k in range(400)) + "<p>x" * NUMBER,
    "in tables": "".join(f"<b id={k}><table><td></b></table>" for k in range(NUMBER)),
}
ATTRIBUTES = {
    "of one": "<div " + " ".join(f"a{k}=1" for k in range(NUMBER)) + ">x</div>",
    "of the body": "".join(f"<body a{k}=1>" for k in range(NUMBER)),
    "without spaces": "<div " + "".join(f'a{k}=""' for k in range(NUMBER)) + ">x</div>",
    "with a tag in a value": "<div " + " ".join(f'a{k}="<p>"' for k in range(NUMBER)) + ">x</div>",
    "with one end in a value": f'<div x=">" {NAMES}>x</div>',
    "with a few ends in values": "<div " + " ".join(f"a{k}" + "='>'" * (k % 999 == 0) for k in range(NUMBER)) + ">",
    "with white space before the value": "<div " + " ".join(f"a{k} = \n'>'" for k in range(NUMBER)) + ">",
    "behind a quote in a name": f"<div a\" b='>' c='> {NAMES}'><div a\" {NAMES.replace('a9999 ', 'x=`>` ')}>",
    "far behind the last tag": f"{'x ' * NUMBER}<div {NAMES}>",
    "behind a quote in a script": f"<script>'<i a=\"'</script><div {NAMES}>\"",
    "behind a comment in a script": f"<script><!--</script><div {NAMES}>-->",
    "behind a script in a script": f"<script><!--<script></script><i a='--></script><div {NAMES}>'",
    "behind a quote in a noscript": f"<noscript><i a='</noscript><div {NAMES}>'",
    "behind a quote in a textarea": f"<textarea><i a='</textarea><div {NAMES}>'",
    "behind a quote in a frame": f"<iframe><i a='</iframe><div {NAMES}>'",
}


@pytest.mark.parametrize(
    "middle", [*DEEP.values(), *FORMATTING.values(), *ATTRIBUTES.values()], ids=[*DEEP, *FORMATTING, *ATTRIBUTES]
)
def test_hostile_sources_are_found(middle):
    data = f"<p>{FIRST}</p>{middle}<p>{LAST}</p>".encode()
    assert is_hostile(Tags(data))


HARMLESS = {
    "paragraphs": "<p>x</p>" * NUMBER,
    "paragraphs that are not closed": "<p>x" * NUMBER,
    "items that are not closed": "<ul>" + "<li>x" * NUMBER + "</ul>",
    "rows that are not closed": "<table>" + "<tr><td>x" * NUMBER + "</table>",
    "links": "<li><a href=/x><b>x</b></a></li>" * NUMBER,
    "icons": "".join(f'<i class="icon icon-{k}"></i>' for k in range(NUMBER)),
    "drawings": '<svg viewBox="0 0 1 1"><g><path d="M0 0"/><circle r="1"/></g></svg>' * NUMBER,
    "scripts": "<script>document.write('<div><div>')</script>" * NUMBER,
    "comments": "<!-- <div> -->" * NUMBER,
    "long attribute": f'<img src="data:image/png;base64,{"A" * 2_000_000}">',
    "long script": f"<script>a<b {'x ' * NUMBER}</script>",
    "long script with ends": f'<script>a<b {"x " * NUMBER}=">" {"x " * NUMBER}=">" {"x " * NUMBER}</script>',
    "markup in scripts": "<script>x='<a href=\"' + y + '\">'; z=\"<i a='\"</script><p>x</p>" * NUMBER,
    "data with markup": f"""<script>{{{'"a b": "<p class=x>c</p>", ' * NUMBER}}}</script>""",
    "texts in values": "<p data-x='a > b'>x</p>" * NUMBER,
    "minified script": f"<script>{'if(a<b&&c<d)return;' * 2_000}</script>",
    "long paragraphs": f"<div><p class='text'>{'word ' * 20}</p></div>" * NUMBER,
}


@pytest.mark.parametrize("middle", HARMLESS.values(), ids=HARMLESS)
def test_long_pages_are_not_hostile(middle):
    data = f"<p>{FIRST}</p>{middle}<p>{LAST}</p>".encode()
    assert not is_hostile(Tags(data))


@pytest.mark.parametrize("name", ["open", "closed", "svg", "in scope", "end tag of a form"])
def test_hostile_sources_lose_nothing_and_are_flagged(name):
    page = segment(f"<p>{FIRST}</p>{DEEP[name]}<p>{LAST}</p>")
    assert page.flags == ("fallback",)
    assert {FIRST, LAST} <= {text.strip() for text in texts(page)}


def test_formatting_that_is_opened_again_and_again_is_given_up():
    page = segment(f"<p>{FIRST}</p><p>{'<b><i><u><s><em><font><tt><code><big>' * 3}{'<p>x' * 2_000}<p>{LAST}")
    assert page.flags == ("fallback",)
    assert {FIRST, LAST} <= set(texts(page))


def test_sources_inside_of_sources_are_given_up():
    page = segment(f"<p>{FIRST}</p>" + "<svg><desc><p>" * (html_segment.MAX_NESTING + 2) + LAST)
    assert page.flags == ("fallback",)


def test_attributes_are_counted_as_the_standard_reads_them():
    tag = "<div " + " ".join(f'a{k}="x > y" b{k}' for k in range(MAX_ATTRIBUTES)) + ">"
    assert is_hostile(Tags((tag + "x" * 1_000_000).encode()))
    fewer = "<div " + " ".join(f'a{k}="x > y"' for k in range(MAX_ATTRIBUTES // 2)) + ">"
    assert not is_hostile(Tags((fewer + "x" * 1_000_000).encode()))


#: Pieces of sources on which the arrays of the cheap tests and the patterns of the exact ones could differ.
PIECES = st.lists(
    st.sampled_from(
        ["<b ", "<B\n", "<b>", "<i/", "<u\v", "<big x>", "<Code\t", "<em ", "<eM>", "<FONT a='>'>", "<small ", "<strong ", "<tt ",
         "<s\f", "<body>", "<span ", '<a b="', "<a b='", '"', "'", ">", "<", "</b>", "</", "<!-- ", "x", "<é"]
    ),
    max_size=30,
)  # fmt: skip


@given(PIECES)
def test_the_cheap_tests_find_what_the_exact_ones_look_for(pieces):
    data = "".join(pieces).encode()
    tags = Tags(data)
    assert len(tags) == data.count(b"<")
    assert tags.like_formatting() >= len(hostile._FORMATTING_TAG.findall(data))


@pytest.mark.parametrize(
    "source, expected",
    [
        ("<p>" * (MANY_STARTS - 1) + "</p>", False),
        ("<p>" * MANY_STARTS, True),
        ("</p>" + "<p><!-- x -->" * MANY_STARTS, True),
        (("<p>" * (MANY_STARTS - 1) + "</p>") * 3, False),
        ("x", False),
    ],
)
def test_start_tags_in_a_row_are_counted(source, expected):
    assert Tags(source.encode()).have_many_starts() is expected


def test_tags_are_found_by_their_names():
    tags = Tags(b"<p><MATH>x</math> < math <mathx a='<math'><m")
    assert tags.named(b"math").tolist() == [3, 25, 35]
    assert tags.named(b"q").tolist() == []


def test_a_style_is_that_of_all_attributes():
    """Elements of one class are looked up by it, so those with other attributes must not be taken for them."""
    page = segment(
        "<p class='a b'>1</p><p class='a b' id=c>2</p><p class='A  B'>3</p><p class='a b' style='color:red'>4</p>"
        "<p class='a b' hidden>5</p><p>6</p><p class>7</p><div class='a b'>8</div><p id=c class='a b'>9</p>"
    )
    assert [chain(page, str(number))[0] for number in range(1, 10)] == [
        "p.a.b", "p.a.b#c", "p.a.b", "p.a.b", "p.a.b", "p", "p", "div.a.b", "p#c.a.b",
    ]  # fmt: skip
    assert [block.text for block in page.blocks if block.hidden] == ["5"]
    styles = page.elements.styles
    assert len(set(styles)) == len(styles)


def test_a_page_in_utf_8_is_the_page_of_the_string():
    for source in ("<title>é</title><p>Fähre – “x”</p>", "\ufeff<p>é</p>", "<p>a</p>"):
        assert segment(source.encode()) == segment(source)


def test_marks_inside_of_each_other_have_a_limit():
    page = segment("<code><b><i>" * 100 + "x")
    assert len(page.blocks[0].markup) <= html_builder.MAX_MARKS


def test_trees_are_read_as_their_source_is():
    bs4 = pytest.importorskip("bs4")
    from lxml import html as lxml_html

    source = f"<html><body><article><p>{FIRST}</p><p>{LAST}</p></article></body></html>"
    expected = label(source).text
    assert label(bs4.BeautifulSoup(source, "html.parser")).text == expected
    assert label(lxml_html.document_fromstring(source)).text == expected


_MUCH_BOLD = "".join(f"<b id=i{at}>" for at in range(900))


@pytest.mark.parametrize(
    "source",
    [
        f"<p>{_MUCH_BOLD}</p>" + "<p>x</p>" * 8_000,  # the end tag is far from what it ends
        f"<p>{_MUCH_BOLD}" + "<p>x" * 8_000,  # no end tag at all
        f"<ul><li>{_MUCH_BOLD}" + "<li>x" * 8_000,
    ],
)
def test_formatting_that_each_paragraph_opens_again_is_hostile(source):
    assert is_hostile(Tags(source.encode()))


def test_a_title_that_is_never_closed_ends_at_its_first_tag():
    page = segment("<html><head><title>Harbour wall\n<meta name=a></head><body><p>The wall was repaired.</p><p>x</p>")
    assert [block.text for block in page.blocks] == ["The wall was repaired.", "x"]
    assert (page.metadata.title, page.flags) == ("Harbour wall", ("unclosed_title",))


@pytest.mark.parametrize(
    "head", ["<title/>", '<title>Wall</title><script src="a.js" /><script src="b.js"/>', "<style/><title>Wall</title>"]
)
def test_elements_that_end_in_their_start_tags_as_in_xhtml_hide_no_page(head):
    page = segment(f"<html><head>{head}</head><body><p>The wall was repaired.</p></body></html>")
    assert [block.text for block in page.blocks] == ["The wall was repaired."]
    assert (page.metadata.title, page.flags) == ("Wall" if "Wall" in head else "", ("self_closed",))


@pytest.mark.parametrize("source", ["<title>a<b>c</title>", "<title>a", "<title>a</title><title>b", "<p><svg><title>a"])
def test_other_pages_without_text_stay_as_they_are(source):
    page = segment(source)
    assert (page.blocks, page.flags) == ([], ())
