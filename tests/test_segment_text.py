"""Texts become blocks."""

import pytest
from fixture_cases import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.segment import lines as text_lines
from cleaner.segment.lines import read_lines
from cleaner.segment.page import RawBlock
from cleaner.segment.text import plain_line, segment

WRAPPED = """The harbour council met on Tuesday to discuss the new
breakwater that engineers have proposed for the northern
side of the bay, where storms have twice in one winter
flooded the lower streets of the old town. Residents who
spoke at the meeting were divided about the plan.

A second paragraph begins here and it is wrapped at the
same width as the one before, so that its lines should
be joined into one block as well."""

VERSE = """Shall we go down to the river where the willows lean,
Counting every lantern that the ferrymen have seen,
Leave the evening papers and the letters on the stair,
Carry nothing with us but the salt upon the air;
Shall we ask the heron what the winter water said,
Or the old lock keeper with the feather on his head?"""


def blocks(source: str) -> list[RawBlock]:
    found = segment(source).blocks
    check(source, found)
    return found


def check(source: str, found: list[RawBlock]) -> None:
    """Each block is a slice, the gaps are the rest, and both in order are the source."""
    end = 0
    for block in found:
        assert block.span is not None
        assert source[slice(*block.span)] == block.text
        assert block.gap == source[end : block.span[0]]
        assert not block.gap.strip(), f"lost: {block.gap!r}"
        assert block.text == block.text.strip()
        end = block.span[1]
    assert not source[end:].strip(), f"lost: {source[end:]!r}"


def texts(source: str) -> list[str]:
    return [block.text for block in blocks(source)]


@pytest.mark.parametrize("source", ["", " ", "\n", "  \n\t\n ", "\u00a0\n\u3000", "\f\v\u2028"])
def test_white_space_alone_has_no_blocks(source):
    assert blocks(source) == []


LINES = [
    ("one", ["one"]),
    ("one\n\ntwo", ["one", "two"]),
    ("one\ntwo", ["one", "two"]),
    ("\n\n  one  \n \n\t two\n", ["one", "two"]),
    ("a\r\nb\r\n\r\nc", ["a", "b", "c"]),
    ("a\rb", ["a", "b"]),
    ("a\fb\vc\u2028d\u2029e", ["a", "b", "c", "d", "e"]),
    ("one-line blob. " * 100, [("one-line blob. " * 100).strip()]),
]


@pytest.mark.parametrize("source, expected", LINES)
def test_lines_and_blank_lines_separate_blocks(source, expected):
    assert texts(source) == expected


def test_hard_wrapped_lines_are_one_block():
    found = texts(WRAPPED)
    assert len(found) == 2, found
    assert found[0].count("\n") == 4


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_wrapped_text_reads_as_one_line(newline):
    block = blocks(WRAPPED.replace("\n", newline))[0]
    assert "the new breakwater that" in block.plain


def test_verse_is_not_joined():
    assert texts(VERSE * 3) == (VERSE * 3).split("\n")


def test_a_list_in_a_wrapped_text_stays_a_list():
    found = texts(WRAPPED + "\n\n- the first item of a list that is not wrapped\n- the second item\n")
    assert found[-2:] == ["- the first item of a list that is not wrapped", "- the second item"], found


def test_short_lines_are_not_wrapped():
    source = "Who goes over? Salt and iron,\ntwo old women and a dog.\nWho comes back? The dog, the iron,\nand a rumor in the fog."
    assert texts(source) == source.split("\n")


BULLETS = [
    ("• One", "One"),
    ("•One", "One"),
    ("- four", "four"),
    ("* five", "five"),
    ("+ six", "six"),
    ("1. seven", "1. seven"),
    ("12) eight", "12) eight"),
    ("(3) nine", "(3) nine"),
    ("a) ten", "a) ten"),
    ("a. ten", "a. ten"),
    ("B) ten", "B) ten"),
    ("– dash", "dash"),
    ("→ x", None),
    ("✓ done", "done"),
    ("-no space", None),
    ("—no space", None),
    ("1984 was a year.", None),
    ("3.5 million", None),
    ("J. Smith said so.", None),
    ("A man said so.", None),
]


@pytest.mark.parametrize("source, plain", BULLETS)
def test_bullets(source, plain):
    (block,) = blocks(source)
    expected = ("p", (), source) if plain is None else ("li", ("ul", "li"), plain)
    assert (block.tag, block.context, block.plain) == expected


MARKDOWN = [
    ("# Head", "h1", "Head"),
    ("### Head", "h3", "Head"),
    ("#tag", "p", "#tag"),
    ("####### Seven", "p", "####### Seven"),
    ("> quoted", "blockquote", "quoted"),
    (">quoted", "blockquote", "quoted"),
    ("| a | b |", "td", "| a | b |"),
    ("**bold** and _it_ in snake_case_x 2*3*4", "p", "bold and it in snake_case_x 2*3*4"),
    ("a * b * c", "p", "a * b * c"),
]


@pytest.mark.parametrize("source, tag, plain", MARKDOWN)
def test_markdown(source, tag, plain):
    (block,) = blocks(source)
    assert (block.tag, block.plain) == (tag, plain)


LINKS = [
    ("[link](http://x.y) text", "link text", 4, 1, 0),
    ('[a](b) and [cd](<e> "title")', "a and cd", 3, 2, 0),
    ("![alt text](u.jpg)", "alt text", 0, 0, 1),
    ("![](u.jpg) [x](y)", " x", 1, 1, 1),
    ("[not a link]", "[not a link]", 0, 0, 0),
    ("[x]()", "[x]()", 0, 0, 0),
    ("https://example.org", "https://example.org", 0, 0, 0),
]


@pytest.mark.parametrize("source, plain, linked, links, media", LINKS)
def test_markdown_links_and_images(source, plain, linked, links, media):
    (block,) = blocks(source)
    assert (block.plain, block.linked, block.links, block.media) == (plain, linked, links, media)


def test_a_fence_is_one_block():
    source = "before\n```py\ncode\n\n# no heading\n```\nafter"
    found = blocks(source)
    assert [block.text for block in found] == ["before", "```py\ncode\n\n# no heading\n```", "after"]
    assert found[1].tag == "pre"


def test_the_other_fence_does_not_close_one():
    assert texts("~~~\na\n```\nb\n~~~\nc") == ["~~~\na\n```\nb\n~~~", "c"]


def test_an_unclosed_fence_opens_nothing():
    assert texts("```\none\n\ntwo") == ["```", "one", "two"]


def test_the_rest_of_an_endless_text_is_one_block(monkeypatch):
    monkeypatch.setattr(text_lines, "MAX_BLOCKS", 5)
    source = "\n".join(f"line {i}" for i in range(9)) + "\n"
    page = segment(source)
    check(source, page.blocks)
    assert page.flags == ("truncated",)
    assert [block.text for block in page.blocks[-1:]] == ["line 5\nline 6\nline 7\nline 8"]


LINE = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["```", "~~~", "- item", "# head", "> quote", "| a |", "word " * 10, "x" * 58, "", " "]
)


@given(st.lists(LINE, max_size=12), st.sampled_from(["\n", "\n\n", "\r\n", "\u2028", "\f"]))
@settings(deadline=None, max_examples=100)
def test_blocks_and_gaps_are_the_source(lines, newline):
    source = newline.join(lines)
    check(source, segment(source).blocks)


@pytest.mark.parametrize("unit", ["*a", "[a", "](", "![](a", "\n", "```x\n", "a ", "(a", "> ", "| ", "1. ", "x\n"])
def test_time_grows_in_proportion(unit):
    blocks(unit * 30_000)  # would take minutes if it grew with the square


SENTENCES = (
    "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way. ",
    "Nobody of the passengers had brought an umbrella! ",
    "“It rained on Dr. Holm all day.”  ",
    "The board paid for the repairs with a loan, which the island will pay back over eleven years, it said. ",
    "Fares stay as they are until the end of May, when the board will look at them and at the loan again. ",
    "A bus goes round the bay.",
)


def test_an_article_on_one_line_is_cut_into_its_sentences():
    source = "  " + "".join(SENTENCES) + " \n"
    page = segment(source)
    check(source, page.blocks)
    assert "".join(block.gap + block.text for block in page.blocks) == source.rstrip()
    assert page.flags == ("one_line",)
    assert page.blocks[-1].text == "A bus goes round the bay."
    assert len(page.blocks) >= len(SENTENCES)


@pytest.mark.parametrize(
    "source",
    ["".join(SENTENCES[:4]), "".join(SENTENCES) + "\nShare this", "word " * 400, "".join(SENTENCES) * 2_000],
    ids=["short", "two lines", "no sentences", "a log"],
)
def test_other_texts_are_not_cut_into_sentences(source):
    assert segment(source).flags == ()
    assert "one_line" not in segment(source).flags


def test_chinese_sentences_have_no_space_between_them():
    source = "市は来月から図書館の開館時間を二時間延ばすと発表した。" * 20
    assert len(blocks(source)) == 20


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.txt"))[::9], ids=lambda path: path.name)
def test_a_line_without_markdown_is_the_text_of_its_blocks(path):
    for line in {" ".join(line.split()) for line in path.read_text("utf-8").splitlines()}:
        assert plain_line(line) == " ".join(block.plain for block in segment(line).blocks)


def test_separators_of_information_do_not_break_lines():
    for char in "\x1c\x1d\x1e\x85":
        assert [line.text for line in read_lines(f"One{char}two\nthree\r\nfour")[0]] == [
            f"One{char}two",
            "three",
            "four",
        ]
