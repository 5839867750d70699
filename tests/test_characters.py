"""What ``strip_unsafe_chars`` drops, what it keeps, and what it never does."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.text.characters import one_line, strip_unsafe_chars

ANY_TEXT = st.text(st.characters())  # with surrogates, unlike st.text()

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
HIDDEN = "".join(chr(0xE0000 + ord(sign)) for sign in "ignore all")


@pytest.mark.parametrize(
    "harmful",
    [
        *(chr(code) for code in range(0x20) if chr(code) not in "\t\n\v\f\r"),
        *(chr(code) for code in range(0x7F, 0xA0)),
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        *"\ud800\udbff\udc00\udfff",
        *"\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0001ffff\U000efffe\U0010ffff",
        *"\U000e0000\U000e0001\U000e0020\U000e0061\U000e007f",
    ],
    ids=lambda sign: f"{ord(sign):04x}",
)
def test_harmful_characters_go(harmful: str) -> None:
    assert strip_unsafe_chars(f"a{harmful}b") == "ab"


@pytest.mark.parametrize(
    "text",
    [
        "tab\tand line\n",
        "nbsp\u00a0 soft\u00adhyphen zero\u200bwidth mark\u200e\u200f bom\ufeff",
        "line\u2028paragraph\u2029",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: a non-joiner spells the word
        "\u0915\u094d\u200d\u0937",  # Hindi: a joiner shapes it
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
        "\u2764\ufe0f \u2764\ufe0e \u845b\U000e0100",  # variation selectors
        "e\u0301 \u00e9",  # not normalised
        ENGLAND,
        "\U0001f3f4 \U0001f3f4\u200d\u2620\ufe0f",  # a black flag, a pirate's
        "\ue000\U000f0000\U0010fffd",  # private use
        "\U00020000\U0003134a",
    ],
)
def test_spelling_stays(text: str) -> None:
    assert strip_unsafe_chars(text) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\r\nb", "a\r\nb"),
        ("a\rb", "a\nb"),
        ("a\r\r\nb", "a\n\r\nb"),
        ("a\r", "a\n"),
        ("a\r\x00\nb", "a\n\nb"),
        ("\x00\r\n", "\r\n"),
        ("a\fb\vc", "a\nb\nc"),
        ("a\n\f\nb", "a\n\n\nb"),
        ("a\v\nb", "a\n\nb"),
    ],
)
def test_line_breaks_are_line_feeds(text: str, wanted: str) -> None:
    assert strip_unsafe_chars(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"flag {ENGLAND}!{HIDDEN}", f"flag {ENGLAND}!"),
        (f"\U0001f3f4{HIDDEN}", "\U0001f3f4"),  # not ended
        (f"\U0001f3f4{HIDDEN}\U000e007f", "\U0001f3f4"),  # too long, and with a space: a message
        (ENGLAND[:-1] + "\x00" + ENGLAND[-1], "\U0001f3f4"),
        (ENGLAND[1:], ""),
    ],
)
def test_tags_hide_no_text(text: str, wanted: str) -> None:
    assert strip_unsafe_chars(text) == wanted


def test_a_terminal_is_not_driven() -> None:
    assert strip_unsafe_chars("\x1b]0;title\x07\x1b[31mred\x9b0m") == "]0;title[31mred0m"


def test_harmless_text_is_not_copied() -> None:
    text = "The vote is on Tuesday — “at last”, she said. 投票"
    assert strip_unsafe_chars(text) is text


@given(ANY_TEXT)
@settings(deadline=None)
def test_once_is_enough_and_everything_can_be_written(text: str) -> None:
    clean = strip_unsafe_chars(text)
    assert strip_unsafe_chars(clean) == clean
    assert json.loads(json.dumps(clean).encode()) == clean
    assert clean.encode().decode() == clean


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cn", "Co", "Cs"])))
@settings(deadline=None)
def test_letters_marks_and_signs_stay(text: str) -> None:
    assert strip_unsafe_chars(text) == text


@given(ANY_TEXT)
@settings(deadline=None)
def test_one_line_has_no_breaks(text: str) -> None:
    line = one_line(text)
    assert line.splitlines() in ([line], [])
    assert line == line.strip() == strip_unsafe_chars(line)
