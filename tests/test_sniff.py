"""What is HTML, and what is text that has tags in it."""

import pytest

from cleaner import clean, label
from cleaner.reading.sniff import looks_like_html

HTML = [
    "<p>The vote is on Tuesday.</p>",
    "<!DOCTYPE html><html><body>x",
    '<!doctype HTML PUBLIC "x">\n<p>x',
    "<html lang=en>",
    "  \n<html>x",
    "<!-- saved from url=(1)x -->\n<!DOCTYPE html><html>",
    "<!-- one --><!-- two -->\n<html>",
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC><html>',
    "<HTML><BODY><P>OLD PAGE</BODY></HTML>",
    "<DIV>UPPER</DIV>",
    "<body><p>x",
    "<head><title>x</title></head>",
    '<div class="a">\n<p>One</p></div>',
    "<article><h1>T</h1></article>",
    "<p>Unclosed one\n<p>Unclosed two",
    "<br>line<br>line",
    "One.<br />\nTwo.<br />\nThree.",
    "Intro text.<p>One</p><p>Two</p>",
    "Text first\n<p>One</p>\n<p>Two</p>\n",
    "&nbsp;<p>x</p><p>y</p>",
    "<a href='x'>link</a> and more text",
    "<img src='x.jpg'>",
    "<span>hello</span>",
    "<table><tr><td>x</td></tr></table>",
    "<ul><li>a<li>b</ul>",
    "<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph -->",
    "<script>x</script><p>y</p>",
    "<h2>Heading</h2>\nText",
    "<b>bold</b> text",
    "<p>Use <code>`x`</code> here</p>",
    "<section><pre><code>```\nx\n```</code></pre></section>",
    "<p>Install it:</p>\n<pre><code>\n## first\nsail(a[0](b))\n## then</code></pre>\n<p>That is all.</p>\n<p>Bye.</p>",
    "<section><p>never closed:</p>\n```\n<p>x</p></section>",
    "<custom-card><p>x</p></custom-card>",
    "<details><summary>x</summary><p>y</p></details>",
    "<blockquote>q</blockquote>",
    "<meta charset=utf-8><title>x</title>",
    "<p>\n\nx\n\n</p>",
    "<label>x</label><p>y</p>",
    "<hr>\n<p>text</p>",
    "\n&nbsp;\n<table>\n<tr><td>x\n\ny\n\nz\n\n</td></tr>\n</table>\n\nw",
    "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html><head></head>\n<body><p>x\n\ny\n\nz</p>\nz\nz\n</body></html>\n",
    "{% endif %}\nx\n\n<body class=a>\nx\ny\nz\n</body>\n</html>\n<!-- page 3 -->\n",
]
TEXT = [
    "",
    "   ",
    "plain text",
    "a < b and c > d",
    "A page begins with <body> and ends with </body>, says the tutorial.\n\nThat is all.",
    "The last two tags of a page are\n</body>\n</html>\n",
    "The first tag is\n<body>\n\nand the last is </html>",
    "if a <b or c> d: use the <p> tag",
    "# Title\n\nSome *markdown* with <br> inside\n\nMore text here.",
    "Markdown with <kbd>Ctrl</kbd>+<kbd>C</kbd> keys\n\nand more",
    "Use the `<p>` tag.\n\n`<div>` too.",
    "```html\n<p>x</p>\n<div>y</div>\n```",
    "Intro\n\n```html\n<html><body><p>x</p></body></html>\n```\n\nText.",
    "~~~\n<div>x</div>\n~~~",
    '{"html": "<p>x</p>"}',
    '{"a": 1}',
    "[1, 2]",
    "On Monday Ann Lee <a@b.c> wrote:\n> hello\n> there",
    "<a@b.c> wrote on Monday",
    "From: Ann <ann@example.org>\nTo: Bob <bob@example.org>\n\nHello",
    "<3 this song",
    "<- back",
    "<<EOF\nfoo",
    "Price < 5 and > 3.",
    "<https://example.org> is a link",
    "<http://example.org/a>\n<http://example.org/b>",
    "The <title> element names a page.",
    "The <p> element starts a paragraph; </p> ends it.",
    "In HTML, <b>bold</b> text is marked up.\n\nThat is all there is to say.\n\nMore lines.\n\nAnd more.",
    "vector<int> v; std::map<std::string, int> m;",
    "List<String> names = new ArrayList<>();",
    "1 < 2\n2 < 3\n3 > 1",
    "<speaker> Hello there. <speaker2> Hi.",
    "<John> hello\n<Ann> hi there",
    "<p = 0.05 was not significant",
    "<i think this is fine",
    "<",
    "<>",
    "</p>",
    "a </p> b",
    "text <p>",
    "> <p>quoted</p>",
    "- <p>in a list</p>",
    "<enter> to go on",
    "&lt;p&gt;escaped&lt;/p&gt;",
    "Title\n\nThis tutorial shows <div> and <span>.\n\nFirst write <div>, then </div>.\n\nThen go home.",
    "<snip>\ntext",
    "[1] <br> used twice <br> in a text\n\nparagraph\n\nparagraph",
    "Read more<br>\n\nText one.\n\nText two.\n\nText three.",
    "<?php echo 1; ?>",
    '<p align="center"><img src="ferry.svg"></p>\n\nFerry plans times.\n\n## Install\n\n```sh\npip install ferry\n```\n',
    '<h1 align="center">Ferry</h1>\n\n[Docs](https://ferry.example) [CI](ci.yml)\n\n## Use\n\n- One\n- Two\n',
]


@pytest.mark.parametrize("text", HTML)
def test_html_is_html(text):
    assert looks_like_html(text), text


@pytest.mark.parametrize("text", TEXT)
def test_text_is_text(text):
    assert not looks_like_html(text), text


@pytest.mark.parametrize(
    "unit",
    [
        "<!---->",
        "<!-- -->",
        "<?xml>",
        "<",
        "<p ",
        "`",
        "```x\n",
        "<br ",
        "<a-",
        "</p",
        "\n",
        "<!--",
        "<p>](",
        "<p>\n## ",
    ],
)
def test_telling_them_apart_takes_time_in_proportion(unit):
    looks_like_html(unit * 20_000 + "x")  # would take years if each repetition doubled it


def test_sentences_that_end_before_line_breaks_are_html():
    assert looks_like_html("The ferry sailed.<br>The pier is open.<br/>Share this")
    assert looks_like_html("The ferry sailed<br><br>The pier is open<br><br>Share this")
    assert not looks_like_html("Use <br> and <br/> to break lines, or </p>.")
    assert not looks_like_html("The ferry sailed.<br>The pier is open.<br>\nUse two tags.\nOr none.\nOr a fence.")


def test_escaped_html_is_unescaped():
    document = label(
        "&lt;p&gt;The ferry sailed &amp;amp; came back.&lt;/p&gt;&lt;p&gt;Sign up for our newsletter.&lt;/p&gt;"
    )
    assert (document.text, document.kind, document.flags) == ("The ferry sailed & came back.", "html", ("escaped",))
    for text in ("&lt;b is smaller than c", "Use &lt;p&gt; and &lt;/p&gt; around it.", "Ferry &amp; pier"):
        assert (clean(text), label(text).flags) == (text, ())
    text = "&lt;p&gt;The ferry sailed.&lt;/p&gt;"
    assert clean(text, kind="text") == text
