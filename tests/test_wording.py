"""The wording of lines: residue of texts in words that no rule knows. The lines in ``fixtures/wording`` were written by
others than those that the weights were fitted on, and are never trained on.
"""

import numpy as np
import pytest
from fixture_cases import FIXTURES

from cleaner import Label, label
from cleaner.document import Evidence, Origin
from cleaner.features.wording import Wording
from cleaner.features.wording_context import COLUMNS, WordingContext
from cleaner.learn.data.lines import written
from cleaner.model.wording import LABELS, WordingWeights, evidence, load
from cleaner.rules import languages
from cleaner.segment import segment
from cleaner.segment.prose import find_prose

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
    assert np.array_equal(again.judge, load().judge)
    assert again.labels.shape[1] == len(LABELS)


def test_weights_of_another_format_are_refused():
    data = WordingWeights(load().residue, load().labels, load().judge, {"format": 0}).dump()
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


def context_of(source: list[str], line: str, known: tuple[str, ...] = ()) -> dict[str, float]:
    """The columns of a line, and whether it stands between two paragraphs, with wording that speaks against it alone."""
    page = segment("\n".join(source), "text")
    blocks = page.blocks
    asked = [at for at, block in enumerate(blocks) if block.plain not in known]
    log_odds = np.array([1.0 if blocks[at].plain == line else -1.0 for at in asked], np.float32)
    is_known = np.array([block.plain in known for block in blocks])
    context = WordingContext.of(blocks, find_prose(blocks), is_known, asked, log_odds)
    assert [blocks[asked[row]].plain for row in context.rows] == [line]
    return dict(zip(COLUMNS, context.columns[0].tolist(), strict=True)) | {"between": context.between[0]}


def test_the_form_of_a_line_whose_wording_is_asked_about():
    lines = {
        "Fares from 2027 on": [0, 1, 1, 1],
        "Who pays?": [2, 1, 1, 1],
        "It is open to all who ask us.": [8, 0, 0, 0],
    }
    for line, (words, is_open, is_short, is_few) in lines.items():
        columns = context_of([*STORY[:2], line, *STORY[2:]], line)
        found = [columns[name] for name in ("sentence_words", "open", "short", "few")]
        assert found == [words, is_open, is_short, is_few], line
    assert context_of([*STORY, "Fares from 2027 on"], "Fares from 2027 on")["digits"] == pytest.approx(40 / 18)


def test_what_stands_around_a_line_whose_wording_is_asked_about():
    above, below, credit = STORY[:2], STORY[2:], "Photo: Ida Holm"
    between = context_of([*above, PLEA, *below], PLEA)
    assert (between["between"], between["below"], between["known_neighbours"]) == (True, 0, 0)
    beside_residue = context_of([*above, credit, PLEA, *below], PLEA, known=(credit,))
    assert (beside_residue["between"], beside_residue["known_neighbours"]) == (True, 1)
    beside_another = context_of([*above, PLEA, "Fares", *below], PLEA)
    assert (beside_another["between"], beside_another["below"]) == (False, 0)
    at_the_end = context_of([*STORY, PLEA, credit], PLEA, known=(credit,))
    assert (at_the_end["between"], at_the_end["below"], at_the_end["known_neighbours"]) == (False, 1, 1)


def test_residue_beside_a_line_makes_it_likelier_to_be_residue():
    line = "Fares and times of the week ahead"
    source = [*STORY[:2], "Ferry", line, "Photo: Ida Holm", "Piers", *STORY[2:]]
    columns = context_of(source, line, known=("Photo: Ida Holm",))
    rows = np.array([[columns[name] for name in COLUMNS]] * 2, np.float32)
    rows[0, COLUMNS.index("known_neighbours")] = 0
    alone, beside = load().judged(WordingContext(np.arange(2), rows, np.zeros(2, bool)))
    assert beside > alone


def test_below_the_article_a_line_needs_less_to_go_than_between_two_paragraphs():
    (below,) = evidence_of("\n".join([*STORY, PLEA]), PLEA)
    between = evidence_of("\n".join([*STORY[:2], PLEA, *STORY[2:]]), PLEA)
    assert below.weight > sum(piece.weight for piece in between)


@pytest.mark.parametrize("line", ["8 p.m. Dec. 22 at the Salt Hall, 1357 N. Quay Street; tickets from $48"])
def test_wording_says_nothing_about_entries_with_several_numbers(line):
    assert not evidence_of("\n".join([*STORY, line]), line)


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
    """The share of the residue and of the lines of articles against which wording speaks between two paragraphs, where
    no rule is asked.
    """
    known = lines(lang)
    goes = np.array([_is_spoken_against(text) for _, text in known])
    is_residue = np.array([name is not Label.BODY for name, _ in known])
    return goes[is_residue].mean(), goes[~is_residue].mean()


def _is_spoken_against(line: str) -> bool:
    page = segment("\n\n".join([*STORY[:2], line, *STORY[2:]]), "text")
    return 2 in evidence(page, find_prose(page.blocks), np.zeros(len(page.blocks), bool), load())


def test_the_lines_to_learn_from_are_many_and_never_those_that_it_is_tried_on():
    written_lines = list(written())
    for label_of_lines in {Label.BODY, *LABELS}:
        assert sum(line.label is label_of_lines for line in written_lines) >= 700
    tried = {text for lang in languages() for _, text in lines(lang)}
    learned = {line.text for line in written_lines}
    assert not tried & learned
