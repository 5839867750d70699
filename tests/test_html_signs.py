"""Signs that a browser shows and that stand in no text: quotation marks, and brackets around readings."""

import pytest

from cleaner.segment.html import segment


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("She said <q>the sea is wide</q>, and left.", 'She said "the sea is wide", and left.'),
        (
            "She said <q>the <b>horn</b>, he said, is <i><q>lost</q></i></q>.",
            "She said \"the horn, he said, is 'lost'\".",
        ),
        ("She said <Q class=a>the sea is wide</Q>.", 'She said "the sea is wide".'),
        ("<q></q>A pier.", "A pier."),
        ("She said <q>“the sea”</q>, and “<q>the horn</q>”.", "She said “the sea”, and “the horn”."),
        ("<ruby>船<rt>ふね</rt></ruby>が<ruby>東<rt>ひがし</rt>京</ruby>", "船(ふね)が東(ひがし)京"),
        ("<ruby>船<rp>(</rp><rt>ふね</rt><rp>)</rp>長<rp>(</rp><rt>おさ</rt><rp>)</rp></ruby>", "船(ふね)長(おさ)"),
    ],
)
def test_signs_that_a_browser_shows_are_in_the_text(source, text):
    assert [block.text for block in segment(f"<p>{source}</p>").blocks] == [text]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "<span class='linenos'>1</span>def sail():\n<span class='linenos'>2</span>    return 9",
            "def sail():\n    return 9",
        ),
        (
            '<code><span class="ln"> 9</span>def sail():\n<span class="ln">10</span>    return 9\n</code>',
            "def sail():\n    return 9",
        ),
        ("<span class=linenos>1\n</span><span class=linenos>2</span>", "1\n2"),  # a column beside the code
        ("<span class=lineno>a = 1</span>", "a = 1"),
    ],
)
def test_numbers_of_lines_are_no_code(code, text):
    assert [block.text for block in segment(f"<pre>{code}</pre>").blocks] == [text]
