"""The wording of lines: residue of texts in words that no rule knows. The lines in ``fixtures/wording`` were written by
others than those that the weights were fitted on, and are never trained on.
"""

import numpy as np
import pytest
from fixture_cases import FIXTURES

from cleaner import Label, label
from cleaner.document import Evidence, Origin
from cleaner.features.wording import Wording
from cleaner.learn.data.lines import written
from cleaner.model.wording import BAR, BAR_OF_SHORT_LINE, LABELS, MIN_WEIGHT, WordingWeights, load
from cleaner.rules import languages

STORY = [
    "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago.",
    "Four hundred passengers stood on the new pier in the rain, and the harbour office counted all of them.",
    "The council paid for the pier with a loan that it will pay back over twenty years, the treasurer said.",
    "Runa Tveit, who keeps the shop at the landing, said that she had forgotten the sound of the horn.",
]
#: Residue that no rule knows: its wording alone tells what it is.
PLEA = "Tuck into our Sunday email"

#: The mean share over all languages that goes between two paragraphs by wording alone.
LEAST_OF_RESIDUE = 0.25
MOST_OF_ARTICLES = 0.006


def lines(lang: str) -> list[tuple[Label, str]]:
    rows = (FIXTURES / "wording" / f"{lang}.tsv").read_text("utf-8").splitlines()
    return [(Label(name), text) for name, text in (row.split("\t") for row in rows)]


def evidence_of(text: str, line: str) -> list[Evidence]:
    (block,) = [block for block in label(text).blocks if block.text == line]
    return [piece for piece in block.evidence if piece.name == "wording"]


def test_all_sequences_of_letters_of_a_line_count():
    wording = Wording.of(["ab c", "", "x"])
    assert wording.number.tolist() == [5 + 4 + 3 + 2, 1, 2 + 1]  # with the ends of the line, by length
    assert wording.line.tolist() == [0] * 5 + [1] + [2] * 2 + [0] * 4 + [2] + [0] * 3 + [0] * 2


def test_case_white_space_and_digits_do_not_count():
    one, other = Wording.of(["Photo:  ANA  12"]), Wording.of(["photo: ana 98"])
    assert one.hashes.tolist() == other.hashes.tolist()


def test_a_line_has_the_same_sequences_whatever_stands_around():
    alone, among = Wording.of(["Sign up"]), Wording.of(["The pier", "Sign up", "The horn"])
    assert sorted(alone.hashes.tolist()) == sorted(among.hashes[among.line == 1].tolist())


def test_weights_are_the_same_after_they_are_written_and_read():
    again = WordingWeights.parse(load().dump())
    assert np.array_equal(again.residue, load().residue)
    assert np.array_equal(again.labels, load().labels)
    assert again.labels.shape[1] == len(LABELS)


def test_weights_of_another_format_are_refused():
    data = WordingWeights(load().residue, load().labels, {"format": 0}).dump()
    with pytest.raises(ValueError, match="another version"):
        WordingWeights.parse(data)


def test_residue_in_words_that_no_rule_knows_goes_and_says_why():
    doc = label("\n".join([*STORY, PLEA]))
    (block,) = [block for block in doc.blocks if block.text == PLEA]
    assert block.label is Label.SUBSCRIPTION
    assert ("wording", Label.SUBSCRIPTION, Origin.MODEL) in [(e.name, e.label, e.origin) for e in block.evidence]
    assert doc.text == "\n".join(STORY)


@pytest.mark.parametrize("text", ["Council votes for new pier", PLEA, f"{PLEA}\n\nBy Mads Holm"])
def test_wording_says_nothing_where_there_is_no_paragraph(text):
    assert not [piece for block in label(text).blocks for piece in block.evidence if piece.name == "wording"]


@pytest.mark.parametrize("line", ["#...#...#..X..#...#.X..#", f"{PLEA},"])
def test_wording_says_nothing_about_drawings_and_lines_that_go_on(line):
    assert not evidence_of("\n".join([*STORY, line]), line)


def test_between_two_paragraphs_a_line_needs_more_to_go():
    below = evidence_of("\n".join([*STORY, PLEA]), PLEA)
    between = evidence_of("\n".join([*STORY[:2], PLEA, *STORY[2:]]), PLEA)
    assert below[0].weight > sum(piece.weight for piece in between)


@pytest.mark.parametrize("line", [f"## {PLEA}", f"- {PLEA}", f"“{PLEA}”", PLEA.lower()])
def test_wording_says_nothing_about_marked_lines_and_speech(line):
    assert not evidence_of("\n".join([*STORY, line]), line)


def test_wording_says_nothing_about_headlines():
    assert not evidence_of("\n".join([PLEA, *STORY]), PLEA)


def test_wording_says_nothing_about_lists():
    pleas = [PLEA, "Tuck into our Monday email", "Tuck into our Friday email"]
    assert label("\n".join([*STORY, *pleas])).text == "\n".join([*STORY, *pleas])


def test_a_line_between_paragraphs_needs_more_than_one_below_the_article():
    assert label("\n".join([*STORY, PLEA])).text == "\n".join(STORY)
    assert PLEA in label("\n".join([*STORY[:3], PLEA, STORY[3]])).text


def test_lines_of_others_are_told_from_sentences_of_articles():
    found = {lang: _share_that_goes(lang) for lang in languages()}
    residue = np.mean([share for share, _ in found.values()])
    articles = np.mean([share for _, share in found.values()])
    assert residue >= LEAST_OF_RESIDUE, found
    assert articles <= MOST_OF_ARTICLES, found


def _share_that_goes(lang: str) -> tuple[float, float]:
    """The share of the residue and of the lines of articles, without rules."""
    known = lines(lang)
    against = load().log_odds([text for _, text in known])
    goes = against >= BAR + BAR_OF_SHORT_LINE + MIN_WEIGHT
    is_residue = np.array([name is not Label.BODY for name, _ in known])
    return goes[is_residue].mean(), goes[~is_residue].mean()


def test_the_lines_to_learn_from_are_many_and_never_those_that_it_is_tried_on():
    written_lines = list(written())
    for label_of_lines in {Label.BODY, *LABELS}:
        assert sum(line.label is label_of_lines for line in written_lines) >= 700
    tried = {text for lang in languages() for _, text in lines(lang)}
    learned = {line.text for line in written_lines}
    assert not tried & learned
