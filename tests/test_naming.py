"""The names of removed blocks."""

import numpy as np
import pytest

from cleaner import Label, label
from cleaner.decision.labels import deciding_labels, is_wordless
from cleaner.document import Evidence, Origin
from cleaner.features.naming import NAMES, LabelLexicon, mean_of_group
from cleaner.model.naming import NamingWeights, load

STORY = """<title>Ferry returns</title><article><h1>Ferry returns</h1>
<p>The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago.</p>
<p>Four hundred passengers stood on the new pier in the rain, and the harbour office counted all of them.</p>
<p>The council paid for the pier with a loan that it will pay back over twenty years, the treasurer said.</p>
</article>"""


def words(name: str, of: Label, weight: float = 4.0) -> Evidence:
    return Evidence(name, of, weight, rule=f"en:{name}", origin=Origin.WORDS)


def test_each_name_of_the_model_stands_among_the_evidence():
    links = '<p><a href="/1">Bakery sells out of mirrors again</a></p><p><a href="/2">New bridge for Ostra</a></p>'
    html = f'{STORY}<div class="rail">{links}</div>'
    named = [(block, piece) for block in label(html).removed for piece in block.evidence if piece.name == "naming"]
    assert named
    assert all(block.label is piece.label and piece.origin is Origin.MODEL for block, piece in named)
    assert all(0 < int(piece.quote.rstrip("%")) <= 100 for _, piece in named)


def test_own_words_decide_without_the_model():
    (block,) = [b for b in label(STORY + "<p>Sign up for our daily newsletter.</p>").removed if "Sign" in b.text]
    assert block.label is Label.SUBSCRIPTION
    assert "naming" not in [piece.name for piece in block.evidence]


@pytest.mark.parametrize(
    ("evidence", "labels"),
    [
        ([words("related.inline", Label.RELATED)], [Label.RELATED]),
        ([words("byline.date", Label.BYLINE)], []),
        ([words("related.inline", Label.RELATED), words("caption.credit", Label.CAPTION, 6.0)], [Label.CAPTION]),
        ([words("body.quote", Label.BODY)], []),
        ([Evidence("own", Label.SHARE, 4.0, rule="mine:own", origin=Origin.ELEMENT)], [Label.SHARE]),
        ([Evidence("comment.thread", Label.COMMENT, 4.0, origin=Origin.INHERITED)], [Label.COMMENT]),
    ],
)
def test_which_evidence_decides(evidence, labels):
    assert deciding_labels(evidence, load()) == labels


def test_the_evidence_that_disagrees_is_given_back_whole():
    evidence = [words("related.inline", Label.RELATED), words("caption.credit", Label.CAPTION)]
    assert deciding_labels(evidence, load()) == [Label.RELATED, Label.CAPTION]


def test_a_short_link_in_a_menu_is_navigation_wherever_it_leads():
    doc = label(f'{STORY}<footer><ul><li><a href="/1">About us</a></li><li><a href="/2">Privacy</a></li></ul></footer>')
    assert [block.label for block in doc.blocks if block.text in ("About us", "Privacy")] == [Label.NAVIGATION] * 2


def test_what_has_no_letter_is_other():
    assert is_wordless("* * *")
    assert is_wordless("\u200d")
    assert not is_wordless("5")


def test_the_weights_survive_their_file():
    weights = load()
    again = NamingWeights.parse(weights.dump())
    assert again.dump() == weights.dump()
    assert (again.indecisive, again.telling) == (weights.indecisive, weights.telling)


def test_probabilities_sum_to_one_and_regions_pull_together():
    weights = load()
    columns = np.tile(weights.mean, (2, 1)).astype(np.float32)
    columns[0, :] += 2 * weights.scale
    alone = weights.probabilities(columns, np.array([0, 1]))
    together = weights.probabilities(columns, np.array([0, 0]))
    assert alone.shape == (2, len(NAMES))
    assert np.allclose(together.sum(axis=1), 1)
    assert np.abs(together[0] - together[1]).sum() <= np.abs(alone[0] - alone[1]).sum() + 1e-6


def test_a_lexicon_sums_the_words_that_it_knows():
    lexicon = LabelLexicon(np.array([3, 7], np.uint32), np.eye(2, len(NAMES), dtype=np.float32))
    sums = lexicon.sums(np.array([7, 5, 7, 3], np.uint32), np.array([0, 0, 0, 1]), 2)
    assert sums[:, :2].tolist() == [[0, 2], [1, 0]]


def test_the_mean_of_the_others_leaves_a_row_out():
    values = np.array([[1], [3], [5]], np.float32)
    assert mean_of_group(values, np.array([0, 0, 1]), others=True).ravel().tolist() == [3, 1, 0]
