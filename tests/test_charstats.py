"""Counts of characters and words, code points, shingles, and the ends of sentences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.text import charstats
from cleaner.text.charstats import KINDS, char_stats, word_counts
from cleaner.text.codepoints import codes_of
from cleaner.text.shingles import PRESENT, Shingles, tokens
from cleaner.text.words import ENDED, SENTENCE_BREAK, normalize_line, sentence_gap

LINE = st.text(st.characters(exclude_characters="\n"), max_size=40)


def test_counts_of_a_line():
    stats = char_stats(["Ann Lee (41) paid 3€, she said: “yes”.", "渡轮晚点了", ""])
    counts = dict(zip(("other", "upper", "lower", "digit", "mark", "space", "unspaced", "comma", "bar", "quote", "at", "money"), stats.counts[0], strict=True))  # fmt: skip
    assert counts == {"other": 0, "upper": 2, "lower": 18, "digit": 3, "mark": 4, "space": 8, "unspaced": 0, "comma": 1, "bar": 0, "quote": 2, "at": 0, "money": 1}  # fmt: skip
    assert stats.chars.tolist() == [38, 5, 1]
    assert stats.words.tolist() == [8, 2, 0]
    assert stats.first.tolist() == [charstats.UPPER, charstats.UNSPACED, charstats.SPACE]
    assert stats.last == [".", "了", ""]
    assert stats.ended.tolist() == [True, False, False]


@given(st.lists(LINE, min_size=1, max_size=8))
@settings(deadline=None)
def test_each_text_is_counted_by_itself(texts):
    together = char_stats(texts)
    assert together.counts.shape == (len(texts), KINDS)
    assert together.counts.sum(1).tolist() == [len(text) + 1 for text in texts]
    for at, text in enumerate(texts):
        alone = char_stats([text])
        assert np.array_equal(together.counts[at], alone.counts[0])
        assert (together.words[at], together.first[at], together.last[at], together.ended[at]) == (
            alone.words[0],
            alone.first[0],
            alone.last[0],
            alone.ended[0],
        )


@given(st.text(st.characters(codec="ascii", exclude_characters="\n\0"), max_size=80))
@settings(deadline=None)
def test_words_are_what_white_space_separates(text):
    assert char_stats([text]).words[0] == len(text.split())


@given(
    st.text(st.characters(exclude_characters="\n") | st.sampled_from(" \xa0\u2028\u3000\x1c\x85市ก・、Ａ"), max_size=80)
)
@settings(deadline=None)
def test_few_texts_are_counted_as_many_are(text):
    assert word_counts([text, ""]) == char_stats([text, ""]).words.tolist()


@given(st.text(st.characters()))
@settings(deadline=None)
def test_code_points_are_those_of_the_text(text):
    assert codes_of(text).tolist() == [ord(char) for char in text]


def test_tokens():
    assert tokens("The vote: on 5 May!") == ["the", "vote", "on", "5", "may"]
    assert tokens("渡轮 late") == ["渡", "轮", "late"]


SAID = "The ferry to Skarn Island is late again, the harbour master said on Monday."


@pytest.mark.parametrize(
    "text, share",
    [
        (SAID, 1.0),
        ("the FERRY – to\nSkarn", 1.0),
        ("late", 1.0),
        ("late again", 1.0),
        ("again late", 0.0),
        ("early", 0.0),
        ("ferry to Skarn Island tomorrow", 2 / 3),
        ("—", 1.0),
        ("", 1.0),
    ],
)
def test_containment(text, share):
    shingles = Shingles(SAID)
    assert shingles.containment(text) == pytest.approx(share)
    assert shingles.contains(text) == (share >= PRESENT)


@pytest.mark.parametrize("text", ["He left.", "“He left.”", "彼は去った。", "Did he?) ", "…", "वह गया।"])
def test_ends_of_sentences(text):
    assert ENDED.search(text)


@pytest.mark.parametrize("text", ["He left", "He left:", "Contents", "He left. She"])
def test_other_ends(text):
    assert not ENDED.search(text)


def test_gaps_between_sentences():
    text = "He left.  “She stayed.” Then came 3.5 km. of road. 彼は去った。彼女は残った。"
    start, sentences = 0, []
    for match in SENTENCE_BREAK.finditer(text):
        gap, end = sentence_gap(match)
        sentences.append(text[start:gap])
        assert not text[gap:end].strip()
        start = end
    sentences.append(text[start:])
    assert sentences == ["He left.", "“She stayed.”", "Then came 3.5 km. of road. 彼は去った。", "彼女は残った。"]


@pytest.mark.parametrize(
    "line", ["About the Author", "• ABOUT  the author:", "– About the author …", "About the author |"]
)
def test_lines_are_compared_without_case_and_outer_punctuation(line):
    assert normalize_line(line) == "about the author"
