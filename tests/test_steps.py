"""The steps of the decision: what they leave as it is, and the ones with loops of their own against plain ones."""

from dataclasses import replace

import numpy as np
import pytest

from cleaner.decision.chosen import SHORT_BAR
from cleaner.decision.page_body import STEPS, body_by_steps
from cleaner.decision.page_view import PageView
from cleaner.decision.steps.headings import HEADING_BAR, with_headings_of_body
from cleaner.decision.steps.lists import with_whole_lists
from cleaner.decision.steps.polls import without_polls
from cleaner.decision.steps.tables import with_rest_of_tables, with_whole_rows, without_line_numbers
from cleaner.decision.steps.threads import with_whole_threads
from cleaner.features.hashing import Lexicons
from cleaner.features.page_features import compute_features
from cleaner.features.profile import PAGE_TYPES
from cleaner.segment import segment
from cleaner.segment.prose import find_prose

PROSE = "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago."


def view_of(inner: str, scores: list[float] | float, page_type: str = "article") -> PageView:
    page = segment(f"<html><head><title>Ferry</title></head><body>{inner}</body></html>", "html")
    types = np.eye(len(PAGE_TYPES))[PAGE_TYPES.index(page_type)]
    made = compute_features(page, find_prose(page.blocks), Lexicons()).with_page_types(types)
    return PageView(page, made.prose_map, made.first_stage, np.full(len(page.blocks), scores, np.float64))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_no_step_changes_paragraphs_alone(step):
    view = view_of(f"<p>{PROSE}</p>" * 4, 0.95)
    body = np.array([True, True, False, True])
    before = body.copy()
    assert np.array_equal(step.change(view, body), before)
    assert np.array_equal(body, before)


def test_no_step_changes_the_body_that_it_is_given():
    """Each returns a new array where something changes."""
    inner = (
        f"<h1>Ferry</h1><p>By Ann Lee</p><p>{PROSE}</p><h2>Fares</h2><ul><li>Adults</li><li>Children</li><li>Dogs</li></ul>"
        f"<table><tr><th>Day</th><td>3</td></tr><tr><td>Monday</td><td>4</td></tr></table><pre>ferry --go</pre><p>{PROSE}</p>"
        "<p>Which pier?</p><label>Old</label><label>New</label>"
    )
    view = view_of(inner, 0.4)
    for step in STEPS:
        body = np.arange(len(view.page.blocks)) % 2 == 0
        before = body.copy()
        step.change(view, body)
        assert np.array_equal(body, before), step.name


def test_a_heading_goes_with_the_text_that_a_rule_of_the_users_removes():
    view = view_of(f"<h1>Ferry</h1><p>{PROSE}</p><h2>Fares</h2><p>{PROSE} Dogs travel free.</p>", 0.95)
    fares, text = 2, 3
    assert body_by_steps(view).body[[fares, text]].all()
    assert not body_by_steps(replace(view, decisive={text: False})).body[[fares, text]].any()


def with_headings_block_by_block(
    levels: list[int], body: list[bool], scores: list[float], *, spared: bool
) -> list[bool]:
    """The step for headings as a loop over all blocks from the last to the first."""
    kept = list(body)
    first = body.index(True) if True in body else len(body)
    body_below, text_below, level_below = False, False, 0
    for at in range(len(body) - 1, -1, -1):
        if level := levels[at]:
            stays = body[at] and (text_below or level_below > level or spared)
            kept[at] = bool(stays or (body_below and at > first and scores[at] >= HEADING_BAR))
            body_below = kept[at]
            text_below, level_below = (False, level) if kept[at] else (text_below, level_below)
        else:
            text_below = text_below or body[at]
            body_below = body[at] and scores[at] > SHORT_BAR
    return kept


@pytest.mark.parametrize("page_type", ["article", "listing"])
@pytest.mark.parametrize("seed", range(20))
def test_headings(seed, page_type):
    chance = np.random.default_rng(seed)
    tags = [f"h{chance.integers(2, 5)}" if chance.random() < 0.5 else "p" for _ in range(12)]
    scores = chance.choice([0.05, 0.2, 0.4, 0.6, 0.9], 12).tolist()
    view = view_of("".join(f"<{tag}>Piers of Skarn {at}</{tag}>" for at, tag in enumerate(tags)), scores, page_type)
    body = chance.random(12) < 0.5
    levels = [block.level for block in view.page.blocks]
    expected = with_headings_block_by_block(levels, body.tolist(), scores, spared=page_type != "article")
    assert with_headings_of_body(view, body).tolist() == expected


def test_an_item_that_was_added_counts_for_the_next_one():
    view = view_of(f"<p>{PROSE}</p><ol>{'<li>Pier</li>' * 5}</ol>", 0.3)
    body = np.array([True, True, False, True, False, True])
    assert with_whole_lists(view, body).all()
    assert with_whole_lists(view, np.array([True, True, False, False, False, True])).tolist() == [
        True, True, False, False, False, True,
    ]  # fmt: skip


def test_a_list_inside_of_a_list_is_another_list():
    view = view_of(f"<p>{PROSE}:</p><ul><li>Pier<ul><li>Old</li><li>New</li></ul></li><li>Ferry</li></ul>", 0.3)
    body = np.array([True, False, False, False, False])
    assert with_whole_lists(view, body).tolist() == [True, True, False, False, True]


def test_cells_of_a_row_stay_together():
    view = view_of("<table><tr><td>Monday</td><td>9</td></tr><tr><td>Sunday</td><td>11</td></tr></table>", 0.3)
    assert with_whole_rows(view, np.array([True, False, False, False])).tolist() == [True, True, False, False]
    assert with_whole_rows(view, np.array([True, True, True, False])).all()


ISLANDS = "<tr><td><a href=/s>Skarn</a></td><td>forty boats and a ferry</td></tr>"


@pytest.mark.parametrize(
    ("table", "body", "score", "wanted"),
    [
        (ISLANDS * 3, [False, True] * 3, 0.01, [True] * 6),
        (ISLANDS * 3, [True, False] * 3, 0.4, [True, False] * 3),  # little of it stays
        (ISLANDS, [False, True], 0.4, [False, True]),  # one row
        (f"<tr><td>Skarn<td>{PROSE} {PROSE}<tr><td>Home<td>Links", [True, True, False, False], 0.01, None),
        (f"<tr><td>Skarn<td>{PROSE} {PROSE}<tr><td>Home<td>Links", [True, True, False, False], 0.2, [True] * 4),
        (
            f"<tr><td>Home<td><h2>News</h2><p>{PROSE}</p><tr><td>Links<td>Mail",
            [False, True, True, False, False],
            0.2,
            None,
        ),
    ],
)
def test_a_table_of_which_nearly_all_stays_is_whole(table, body, score, wanted):
    view = view_of(f"<table>{table}</table>", score)
    assert with_rest_of_tables(view, np.array(body)).tolist() == (wanted or body)


@pytest.mark.parametrize(
    ("cell", "goes"),
    [("<pre>9\n10\n11</pre>", True), ("<pre>1</pre>", True), ("<pre>1\n3</pre>", False), ("1", False)],
)
def test_numbers_beside_lines_of_code_go(cell, goes):
    view = view_of(f"<table><tr><td>{cell}</td><td><pre>a = 1</pre></td></tr></table>", 0.9)
    assert without_line_numbers(view, np.array([True, True])).tolist() == [not goes, True]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ([True, True, False, False], [True, False, False, False]),  # the question alone would stay
        ([True, False, True, False], [True, False, False, False]),
        ([True, False, False, False], [True, False, False, False]),
    ],
)
def test_answers_and_their_question_go(body, left):
    view = view_of(f"<p>{PROSE}</p><p>Which pier?</p><label>The old one</label><label>The new one</label>", 0.6)
    assert without_polls(view, np.array(body)).tolist() == left


def test_a_page_with_hardly_any_body_has_none():
    assert not body_by_steps(view_of("<p>Page not found</p>" + "<p>Menu of the harbour</p>" * 9, 0.02)).body.any()


def test_posts_of_a_thread_stay_or_go_as_one():
    posts = "".join(f'<div class="post"><p>{text}</p></div>' for text in (PROSE, PROSE, PROSE, "Same here."))
    view = view_of(posts + "<p>Same here.</p>", [0.9, 0.9, 0.9, 0.1, 0.1], "forum")
    kept = np.array([True, True, True, False, False])
    assert with_whole_threads(view, kept).tolist() == [True, True, True, True, False]
    few = np.array([True, False, False, False, False])
    assert with_whole_threads(view, few).tolist() == few.tolist()


def test_a_post_without_any_score_does_not_stay_for_the_others():
    posts = "".join(f'<div class="post"><p>{text}</p></div>' for text in (PROSE, PROSE, PROSE, "Log in."))
    view = view_of(posts, [0.9, 0.9, 0.9, 0.01], "forum")
    assert with_whole_threads(view, np.array([True, True, True, False])).tolist() == [True, True, True, False]


def test_only_a_forum_has_threads():
    posts = "".join(f'<div class="post"><p>{text}</p></div>' for text in (PROSE, PROSE, PROSE, "Same here."))
    kept = np.array([True, True, True, False])
    assert with_whole_threads(view_of(posts, [0.9, 0.9, 0.9, 0.1], "listing"), kept).tolist() == kept.tolist()
