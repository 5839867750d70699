"""The scores that a page is decided by: moved by its type, and nil in dialogs that ask for consent."""

import numpy as np
import pytest

from cleaner import Cleaner, Label, label, rules
from cleaner.decision.page_scores import TOO_LOW, in_consent_dialog, moved_by_type
from cleaner.features.profile import PAGE_TYPES
from cleaner.segment import segment
from cleaner.text import odds

SENTENCES = (
    "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago.",
    "Four hundred passengers stood on the new pier in the rain, and the harbour office counted all of them.",
    "The council paid for the pier with a loan that it will pay back over twenty years, the treasurer said.",
)
PURPOSE = "Information about your activity on this service can be stored and combined with other information about you."
STORY = "<title>Ferry returns</title><article><h1>Ferry returns</h1>" + "".join(f"<p>{s}</p>" for s in SENTENCES)
PAGE = STORY + f'</article><div id="onetrust-consent-sdk"><div class="ot-desc">{f"<p>{PURPOSE}</p>" * 4}</div></div>'


def columns(**types: float) -> dict[str, np.ndarray]:
    return {f"type_{name}": np.full(2, types.get(name, 0.0), np.float32) for name in PAGE_TYPES}


@pytest.mark.parametrize("page_type", TOO_LOW)
def test_scores_of_other_pages_than_articles_rise_by_the_type(page_type):
    moved = moved_by_type(columns(**{page_type: 1.0}), np.array([0.2, 0.6]))
    by = odds.log_odds(moved) - odds.log_odds(np.array([0.2, 0.6]))
    assert by == pytest.approx(TOO_LOW[page_type])


def test_a_type_counts_by_its_probability():
    moved = moved_by_type(columns(listing=0.5, product=0.5), np.array([0.5, 0.5]))
    assert odds.log_odds(moved) == pytest.approx(TOO_LOW["listing"] / 2)


def test_scores_of_articles_stay():
    assert moved_by_type(columns(article=0.3, listing=0.7), np.array([0.2, 1.0])).tolist() == [0.2, 1.0]


def test_scores_of_0_and_1_are_moved_without_a_warning():
    moved = moved_by_type(columns(listing=1.0), np.array([0.0, 1.0]))
    assert moved == pytest.approx([0, 1], abs=1e-6)


def test_a_consent_dialog_is_removed_as_a_notice():
    doc = label(PAGE)
    assert [block.text for block in doc.kept] == list(SENTENCES)
    dialog = [block for block in doc.removed if block.text == PURPOSE]
    assert {block.label.value for block in dialog} == {"notice"}
    assert all("notice.cookie" in {evidence.name for evidence in block.evidence} for block in dialog)


@pytest.mark.parametrize(
    ("attribute", "found"),
    [
        ('id="CybotCookiebotDialog"', True),
        ('class="qc-cmp2-container dark"', True),
        ('class="cookies-and-milk"', False),
        ('id="klaro-strand"', False),
    ],
)
def test_dialogs_are_known_by_the_names_of_consent_managers(attribute, found):
    page = segment(f"<div {attribute}><p>{PURPOSE}</p></div><p>{SENTENCES[0]}</p>", "html")
    assert in_consent_dialog(page).tolist() == [found, False]


def test_a_class_of_the_whole_page_is_no_dialog():
    page = segment(f'<html><body class="onetrust-consent-sdk"><p>{SENTENCES[0]}</p></body></html>', "html")
    assert in_consent_dialog(page).tolist() == [False]


def test_a_users_rule_keeps_a_dialog():
    pack = rules.parse(
        """
[body.purpose]
strength = "always"
patterns = ['^information about your activity']
""",
        "mine.toml",
    )
    assert PURPOSE in [block.text for block in Cleaner(packs=[pack]).label(PAGE).kept]


def test_a_dialog_that_asks_for_consent_does_not_come_back() -> None:
    ask = "<p>We and our partners store information on a device to measure what is read on this site every day.</p>"
    document = label(f'<body><div id="onetrust-consent-sdk">{ask * 4}</div></body>')
    assert (document.text, document.flags) == ("", ("empty",))
    assert {block.label for block in document.blocks} == {Label.NOTICE}
