"""What a source may be, how bytes are decoded, and what counts as HTML."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from lxml import etree
from lxml import html as lxml_html

from cleaner.errors import InputTooLarge
from cleaner.reading.decode import decode
from cleaner.reading.sniff import looks_like_html
from cleaner.reading.source import read

PAGE = '<html lang="en"><body><div class="x"><p>One &amp; two<br>three</p>tail</div></body></html>'
FRENCH = "Le café est fermé à Noël, là-bas où l'été dure. " * 5


# -- types ---------------------------------------------------------------------------------------

SOURCES: dict[str, Callable[[], Any]] = {
    "str": lambda: PAGE,
    "bytes": PAGE.encode,
    "bytearray": lambda: bytearray(PAGE.encode()),
    "memoryview": lambda: memoryview(PAGE.encode()),
    "soup": lambda: BeautifulSoup(PAGE, "html.parser"),
    "soup by lxml": lambda: BeautifulSoup(PAGE, "lxml"),
    "Tag": lambda: BeautifulSoup(PAGE, "html.parser").find("div"),
    "NavigableString": lambda: BeautifulSoup(PAGE, "html.parser").find("p").contents[0],
    "lxml element": lambda: lxml_html.fromstring(PAGE),
    "lxml inner element": lambda: lxml_html.fromstring(PAGE).find(".//p"),
    "lxml tree": lambda: lxml_html.fromstring(PAGE).getroottree(),
    "etree element": lambda: etree.fromstring("<div><p>One &amp; two</p></div>"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_documented_type_is_read(name):
    got = read(SOURCES[name]())
    assert "One" in got.text, got
    assert "two" in got.text, got
    assert got.kind == ("text" if name == "NavigableString" else "html"), got


def test_an_element_comes_without_what_follows_it():
    element = lxml_html.fromstring("<div><p>inside</p>outside</div>").find("p")
    assert "outside" not in read(element).text


@pytest.mark.parametrize("kind", ["soup", "Tag", "lxml element", "lxml tree"])
def test_a_callers_tree_stays_as_it_is(kind):
    tree = SOURCES[kind]()
    serialise = str if kind in ("soup", "Tag") else etree.tostring
    before = serialise(tree)
    read(tree)
    assert serialise(tree) == before


def test_subclasses_of_trees_are_trees():
    class Mine(BeautifulSoup):
        pass

    class Element(etree.ElementBase):
        pass

    assert "One" in read(Mine(PAGE, "html.parser")).text
    element = Element()
    element.text = "One"
    assert "One" in read(element).text


def test_an_empty_tree_is_empty():
    assert read(etree.ElementTree()).text == ""
    assert read(BeautifulSoup("", "html.parser")).text == ""


WRONG = [
    None,
    5,
    1.5,
    ["<p>x</p>"],
    {"html": "x"},
    object(),
    io.StringIO("x"),
    io.BytesIO(b"x"),
    PAGE.split,
    etree.QName("p"),
]


@pytest.mark.parametrize("source", WRONG, ids=lambda source: type(source).__name__)
def test_another_type_is_told_what_to_pass(source):
    with pytest.raises(TypeError) as caught:
        read(source)
    message = str(caught.value)
    assert type(source).__name__ in message, message
    for what in ("str", "bytes", "BeautifulSoup", "lxml"):
        assert what in message, message


def test_another_kind_is_an_error():
    with pytest.raises(ValueError, match="kind is"):
        read("x", "xml")


def test_a_kind_that_is_given_is_not_guessed():
    assert read("<p>x</p>", "text").kind == "text"
    assert read("plain", "html").kind == "html"


@pytest.mark.parametrize(
    "source", ["x" * 101, b"x" * 101, BeautifulSoup("<p>" + "x" * 101, "html.parser")], ids=["str", "bytes", "soup"]
)
def test_too_large_names_the_size_and_the_option(source):
    with pytest.raises(InputTooLarge, match=r"limit 100.*max_size"):
        read(source, max_size=100)


def test_a_bom_in_a_str_leaves_its_place():
    got = read("\ufeffOne")
    assert got.text == " One", "spans count from the source's own start"


# -- decoding ------------------------------------------------------------------------------------


def _meta(charset: str) -> bytes:
    return f'<meta charset="{charset}">'.encode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_bom_names_the_encoding(encoding):
    assert decode("é Hello 今日".encode(encoding)) == ("é Hello 今日", ())


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["<p>Hello world, this is text</p>", "<p>今日は雨です</p>", "Plain words only."])
def test_utf_16_without_a_bom_gives_itself_away(name, text):
    assert decode(text.encode(name)) == (text, ())


def test_a_stray_nul_makes_no_utf_16():
    assert decode(b"a\0b")[0] == "a\0b"
    assert decode(b"Some text\0 with a NUL in it, and more of it.")[0].startswith("Some text\0 with")


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16", "ascii", "rot13", "utf-99", ""])
def test_sound_utf_8_is_utf_8_whatever_the_page_says(charset):
    data = _meta(charset) + FRENCH.encode()
    assert decode(data) == (data.decode(), ())


DECLARED = [
    ("iso-8859-1", "latin-1", FRENCH),
    ("ISO-8859-1", "cp1252", FRENCH + "“quoted” – dash"),
    ("ascii", "cp1252", FRENCH),
    ("windows-1251", "cp1251", "Привет, мир: это новости дня."),
    ("koi8-r", "koi8-r", "Привет, мир: это новости дня."),
    ("iso-8859-2", "iso-8859-2", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
    ("shift_jis", "cp932", "今日は雨です。①"),
    ("x-sjis", "cp932", "今日は雨です。"),
    ("euc-jp", "euc-jp", "今日は雨です。"),
    ("gb2312", "gb18030", "今天下雨了。镕"),
    ("gbk", "gb18030", "今天下雨了。"),
    ("big5", "big5", "今天下雨了。"),
    ("euc-kr", "cp949", "오늘은 비가 옵니다. 똠"),
    ("tis-620", "cp874", "สวัสดีชาวโลก"),
]


@pytest.mark.parametrize("charset, codec, text", DECLARED)
def test_a_declared_charset_is_read_as_browsers_do(charset, codec, text):
    assert decode(_meta(charset) + text.encode(codec))[0] == _meta(charset).decode() + text


@pytest.mark.parametrize(
    "head", ['<?xml version="1.0" encoding="{}"?>', "<meta http-equiv=Content-Type content='text/html; charset={}'>"]
)
def test_other_places_of_a_declaration(head):
    data = head.format("iso-8859-2").encode() + "žluťoučký kůň".encode("iso-8859-2")
    assert decode(data)[0].endswith("žluťoučký kůň")


@pytest.mark.parametrize(
    "charset",
    [
        "utf-8",
        "utf-99",
        "none",
        "rot13",
        "idna",
        "punycode",
        "unicode_escape",
        "base64",
        "x-user-defined",
        "utf-16",
        "hz",
        "a" * 200,
    ],
)
def test_a_lying_unknown_or_foreign_name_of_a_charset_does_no_harm(charset):
    data = _meta(charset) + (FRENCH + r"C:\new\u0041").encode("latin-1")
    text, _ = decode(data)
    assert text.endswith(FRENCH + r"C:\new\u0041"), text


@pytest.mark.parametrize("charset", ["", "utf-8", "windows-1252", "iso-8859-15"])
def test_one_bad_byte_costs_itself_only(charset):
    data = _meta(charset) + FRENCH.encode() + b"\xe9 end"
    text, flags = decode(data)
    assert text == _meta(charset).decode() + FRENCH + "\ufffd end", text
    assert flags == ("decode_replaced",)


def test_a_page_cut_inside_a_character_keeps_the_rest():
    data = ("Ein Café. " * 100 + "é").encode()[:-1]
    text, flags = decode(data)
    assert text == "Ein Café. " * 100 + "\ufffd"
    assert flags == ("decode_replaced",)


def test_undeclared_encodings_are_detected():
    text = "Привет, мир: это новости сегодняшнего дня, и их сегодня много. " * 10
    assert decode(text.encode("cp1251"))[0] == text


def test_detection_looks_at_a_sample_that_may_end_inside_a_character():
    text = "今天下雨了，大家都在家里看书。" * 3_000
    data = b"x" + text.encode("gb18030")
    assert decode(data)[0] == "x" + text


@pytest.mark.parametrize(
    "data", [b"\xff", b"\x80" * 10, bytes(range(256)), b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b""]
)
def test_any_bytes_give_a_text(data):
    assert isinstance(decode(data)[0], str)


MAGIC = [b"%PDF-1.4", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"PK\x03\x04", b"\x1f\x8b\x08", b"RIFF....WEBPVP8", b"\0\0\0\x20ftypisom", b"\x7fELF"]  # fmt: skip


@pytest.mark.parametrize("magic", MAGIC)
def test_files_that_are_no_text_are_empty_and_flagged(magic):
    assert decode(magic + b"\0\1\2" * 20) == ("", ("binary",))


@pytest.mark.parametrize(
    "text", ["RIFFED on the stage all night", "GIF8 is no joke", "PKs were scored", "100% PDF-free"]
)
def test_texts_that_begin_like_binaries_are_texts(text):
    assert decode(text.encode()) == (text, ())


# -- HTML or text --------------------------------------------------------------------------------

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
    "<section><p>never closed:</p>\n```\n<p>x</p></section>",
    "<custom-card><p>x</p></custom-card>",
    "<details><summary>x</summary><p>y</p></details>",
    "<blockquote>q</blockquote>",
    "<meta charset=utf-8><title>x</title>",
    "<p>\n\nx\n\n</p>",
    "<label>x</label><p>y</p>",
    "<hr>\n<p>text</p>",
]
TEXT = [
    "",
    "   ",
    "plain text",
    "a < b and c > d",
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
]


@pytest.mark.parametrize("text", HTML)
def test_html_is_html(text):
    assert looks_like_html(text), text


@pytest.mark.parametrize("text", TEXT)
def test_text_is_text(text):
    assert not looks_like_html(text), text


@pytest.mark.parametrize(
    "unit", ["<!---->", "<!-- -->", "<?xml>", "<", "<p ", "`", "```x\n", "<br ", "<a-", "</p", "\n", "<!--"]
)
def test_telling_them_apart_takes_time_in_proportion(unit):
    looks_like_html(unit * 20_000 + "x")  # would take years if each repetition doubled it


JAPANESE = "今日は雨です。明日も雨でしょう。"
CHINESE = "渡轮时刻表将在春天调整。港务局星期二宣布。"


@pytest.mark.parametrize(
    "text, codec, declared, flags",
    [
        (JAPANESE, "iso2022_jp", "iso-2022-jp", ()),
        (JAPANESE, "iso2022_jp", "", ()),
        (CHINESE, "hz", "hz-gb-2312", ()),
        (f"{CHINESE}\n{CHINESE}", "hz", "", ()),
        ("ตารางเรือข้ามฟาก", "cp874", "windows-874", ()),
        ("Größe und Länge der Fähre", "cp1252", "", ("decode_guessed",)),
    ],
)
def test_encodings_that_look_like_ascii_or_have_another_name(text, codec, declared, flags):
    head = f"<meta charset={declared}>" if declared else "<meta name=x>"
    assert decode((head + text).encode(codec)) == (head + text, flags)


def test_utf_7_is_not_read_but_flagged():
    data = b"<meta charset=utf-7>+ADw-script+AD4-"
    assert decode(data) == (data.decode(), ("decode_guessed",))
