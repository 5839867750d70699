"""HTML of texts: what Markdown marks becomes elements, what is no Markdown stays as it is."""

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fromstring

from cleaner import Block, Cleaner, Document, Image, Label, label
from cleaner.document import Mark

KNEW = "The council of Skarn knew in May that the bridge would have to close, the mayor said on Monday."
TOLD = "It had been told so by two engineers who looked at the pier, and by the harbour office."


def html_of(markdown: str) -> str:
    """The HTML of a Markdown text, all of which is kept; its blocks are those of the segmenter."""
    return Document(label(markdown, kind="text").blocks, frozenset(Label)).to_html()


def one(text: str) -> str:
    """The HTML of a text of one block."""
    return Document((Block(text),)).to_html()


def test_the_structure_of_a_text_is_that_of_its_markdown():
    doc = label(f"# Bridge *closes*\n\n{KNEW}\n\n- one\n- two\n\n## Plan\n\n{TOLD}")
    assert doc.to_html() == (
        f"<h1>Bridge <em>closes</em></h1>\n<p>{KNEW}</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
        f"<h2>Plan</h2>\n<p>{TOLD}</p>"
    )
    assert [item.string for item in doc.to_soup().find_all("li")] == ["one", "two"]


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        # headings
        ("### The plan ###", "<h3>The plan</h3>"),
        ("#tag and #another", "<p>#tag and #another</p>"),
        ("The plan\n========\n\nText", "<h1>The plan</h1>\n<p>Text</p>"),
        ("The plan\n---\n\nText", "<h2>The plan</h2>\n<p>Text</p>"),
        ("Text\n\n---\n\nText", "<p>Text</p>\n<p>---</p>\n<p>Text</p>"),
        # lists
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("1. a\n1. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("1. a\n3. b", '<ol>\n<li>a</li>\n<li value="3">b</li>\n</ol>'),
        (
            "- a\n  1. b\n  2. c\n- d",
            "<ul>\n<li>a\n<ol>\n<li>b</li>\n<li>c</li>\n</ol></li>\n<li>d</li>\n</ul>",
        ),
        ("- a\n\n  b\n- c", "<ul>\n<li><p>a</p>\n<p>b</p></li>\n<li>c</li>\n</ul>"),
        # quotes
        ("> a\n>\n> - b\n> - c", "<blockquote>\n<p>a</p>\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n</blockquote>"),
        ("> a\n> > b", "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>\n</blockquote>"),
        # code
        (
            "```python\nif a < b:\n    go()\n```",
            '<pre><code class="language-python">if a &lt; b:\n    go()</code></pre>',
        ),
        ("~~~\n# go\n~~~", "<pre><code># go</code></pre>"),
        ('```"><b>\na\n```', "<pre><code>a</code></pre>"),
        # tables
        (
            "| Phase | Dates |\n| --- | :-: |\n| `a\\|b` | |\n| 1<br>2 | *May* |",
            (
                "<table>\n<tr><th>Phase</th><th>Dates</th></tr>\n<tr><td><code>a|b</code></td><td></td></tr>\n<tr><td>1<br>2</td>"
                "<td><em>May</em></td></tr>\n</table>"
            ),
        ),
        ("| a | b |\n| c | d |", "<table>\n<tr><td>a</td><td>b</td></tr>\n<tr><td>c</td><td>d</td></tr>\n</table>"),
        ("A | B\n---|---\n1 | 2", "<table>\n<tr><th>A</th><th>B</th></tr>\n<tr><td>1</td><td>2</td></tr>\n</table>"),
    ],
)
def test_structure(markdown, wanted):
    assert html_of(markdown) == wanted


@pytest.mark.parametrize(
    ("markdown", "wanted"),
    [
        ("See [the *plan*](/plan_(b) 'x').", '<p>See <a href="/plan_%28b%29">the <em>plan</em></a>.</p>'),
        ("<https://skarn.example/a>", '<p><a href="https://skarn.example/a">https://skarn.example/a</a></p>'),
        ("**a *b* c** ***d***", "<p><strong>a <em>b</em> c</strong> <strong><em>d</em></strong></p>"),
        ("这是**重点**内容", "<p>这是<strong>重点</strong>内容</p>"),
        ("`a*b*` and ``x`y``", "<p><code>a*b*</code> and <code>x`y</code></p>"),
        ("The ![lamp](lamp.jpg) shines", "<p>The lamp shines</p>"),
        ("[![the pier](pier.jpg)](/pier)", '<p><a href="/pier">the pier</a></p>'),
        ("\\*no\\* 1\\. H<sub>2</sub>O &amp; &lt;b>", "<p>*no* 1. H<sub>2</sub>O &amp; &lt;b&gt;</p>"),
        # what must not be a link
        ("[x](javascript:alert(1))", "<p>x</p>"),
        ("[x](<java\tscript:alert(1)>)", "<p>x</p>"),
        ("![x](data:text/html;base64,AAAA)", "<p>x</p>"),
        ("[x](&#106;avascript:alert)", "<p>x</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ('[x](/a" onclick="b)', "<p>[x](/a&quot; onclick=&quot;b)</p>"),
    ],
)
def test_inline(markdown, wanted):
    assert one(markdown) == wanted


PLAIN = [
    "5 * 3 * 2 and 5*3*2", "f**k this s**t, ****ing", "12 %*, 3 %*", "snake_case_name", "a ____ b", "a [1] (b) [sic](he said)",
    "1. FC Skarn won", "12. May 2026", "- Yes, she said", "• item", "|x| = 3", "| a |", "* * *", "\\(x^2\\) and C:\\temp",
    "a `b", "a **b", "[a](", "a | b", "# ", "``` a", "[a]()", "[^1]: note", "۱. الف",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_markdown_stays(text):
    assert fromstring(one(text)).text_content() == text.strip()
    assert re.sub("&.*?;", "", one(text)).count("<") == 2


def test_a_plain_text_is_a_paragraph_a_block():
    doc = label(f"Bridge closes\n\n{KNEW}\n{TOLD}\n\n“{TOLD}” she said. 3 < 4 & so on.")
    assert doc.to_html() == "\n".join(
        f"<p>{block.text.replace('&', '&amp;').replace('<', '&lt;')}</p>" for block in doc.kept
    )
    assert one("one\n  two") == "<p>one<br>  two</p>"


def test_marks_that_a_block_has_already_stay():
    assert Document((Block("# a", marks=(Mark(2, 3, "b"),)),)).to_html() == "<p># <strong>a</strong></p>"
    assert Document((Block("a\n b", tag="pre"),)).to_html() == "<pre>a\n b</pre>"


def test_an_item_that_goes_does_not_end_the_list():
    items = [Block("1. a"), Block("2. x", Label.ADVERT, gap="\n"), Block("3. b", gap="\n")]
    assert Document(tuple(items)).to_html() == '<ol>\n<li>a</li>\n<li value="3">b</li>\n</ol>'
    rows = [Block("| a |"), Block("|---|", gap="\n"), Block("| x |", Label.ADVERT, gap="\n"), Block("| b |", gap="\n")]
    assert Document(tuple(rows)).to_html() == "<table>\n<tr><th>a</th></tr>\n<tr><td>b</td></tr>\n</table>"


def test_the_rest_of_a_line_stays_in_its_item():
    pieces = (
        Block("- a."),
        Block("Sign up.", Label.SUBSCRIPTION, gap=" "),
        Block("b.", gap=" "),
        Block("- c", gap="\n"),
    )
    assert Document(pieces).to_html() == "<ul>\n<li><p>a.</p>\n<p>b.</p></li>\n<li>c</li>\n</ul>"


def test_links_are_absolute_where_the_address_is_known():
    doc = label(
        f"{KNEW}\n\nSee [the plan](/plan) of the council for the bridge. {TOLD}", url="https://skarn.example/news"
    )
    assert '<a href="https://skarn.example/plan">the plan</a>' in doc.to_html()


MARKED = (
    f"# Bridge\n\n{KNEW}\n\n![the *old* pier](pier.jpg)\n\n{TOLD} See ![the lamp](lamp.jpg) there.\n\n{KNEW} {TOLD}"
)


def test_pictures_are_shown_on_request():
    doc = label(MARKED)
    assert (doc.images, "<img" in doc.to_html()) == ((), False)
    assert "See the lamp there." in doc.to_html()
    shown = Cleaner(images=True).label(MARKED)
    assert (shown.text, shown.blocks) == (doc.text, doc.blocks)
    assert shown.images == (Image("pier.jpg", "the old pier", 2), Image("lamp.jpg", "the lamp", 3))
    html = shown.to_html()
    assert f'<p>{KNEW}</p>\n<p><img alt="the old pier" src="pier.jpg"></p>\n<p><img alt="the lamp"' in html
    assert "See  there." in html
    advert = Document((Block(KNEW), Block("![x](x.jpg)", Label.ADVERT)), images=(Image("x.jpg", "x", 1),))
    assert advert.to_html() == f"<p>{KNEW}</p>"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("# Bridge *closes*", "Bridge closes"),
        ("**Bridge closes** #", "Bridge closes #"),
        ("## [Bridge](/b) closes ##", "Bridge closes"),
        ("> Bridge closes", "Bridge closes"),
        ("1. FC Skarn wins 3*2", "1. FC Skarn wins 3*2"),
        ("* * *", "* * *"),
        ("Bridge closes", "Bridge closes"),
    ],
)
def test_the_title_is_plain_text(line, wanted):
    blocks = (Block(line, Label.TITLE), Block(KNEW))
    assert Document(blocks).title == Document(blocks).to_dict()["title"] == wanted
    assert Document(blocks, kind="html").title == Document(blocks).blocks[0].text == line


def test_the_title_of_a_labelled_text():
    assert label("# Bridge *closes*\n\nThe mayor left.").title == "Bridge closes"


SIGNS = st.text(st.sampled_from("ab *_[]!>|-+#\\\n.:=&1"), max_size=60)


@given(SIGNS)
@settings(deadline=None)
def test_no_letter_is_lost(text):
    assert re.findall("[ab]", fromstring(f"<div>{html_of(text)}</div>").text_content()) == re.findall("[ab]", text)


@pytest.mark.parametrize(
    "unit",
    [
        "[", "*", "|", "`", "_", "**a ", "![", "[a](", "[a](b)", "![a](b", "> ", "- ", "\n- a", "\n| a", "\n  - > a", "<sub>",
        "*a* _b_ ", "***a", "`a``b", "\n>", "\n---", "# ", '[a](b "', "\\", "&amp", "\n1. a",
    ],
)  # fmt: skip
def test_the_time_is_linear(unit):
    def seconds(number: int) -> float:
        doc = Document((Block(unit * number),))
        start = process_time()
        doc.to_html()
        return process_time() - start

    assert seconds(20_000) < 8 * seconds(5_000) + 0.5


@pytest.mark.parametrize(
    "text", ["![" * 20_000 + "](x)" * 20_000, "[" * 20_000 + "](x)" * 20_000, "*a " * 20_000 + "b* " * 20_000]
)
def test_nested_signs_take_no_long_time(text):
    start = process_time()
    one(text)
    assert process_time() - start < 5
