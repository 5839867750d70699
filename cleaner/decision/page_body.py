"""Which blocks of a page are body: the steps and the overrides, in their order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from cleaner.decision.counted import COUNTED, counted_lines
from cleaner.decision.decision import (
    MIN_BODY_WORDS,
    Decision,
    Decisive,
    changed,
    expected_f1,
    in_force,
    overruled,
    with_blocks,
    with_certainty,
)
from cleaner.decision.overrides.between import prose_below_siblings, prose_between_siblings
from cleaner.decision.overrides.captions import captions_by_element
from cleaner.decision.overrides.comment_records import lines_above_comments, records_of_comments
from cleaner.decision.overrides.comments import headings_below_prose, thread_of_comments
from cleaner.decision.overrides.known_residue import known_residue, short_lines
from cleaner.decision.overrides.override import Override, Review
from cleaner.decision.overrides.plea_boxes import (
    first_lines_of_boxes,
    last_plea_boxes,
    lines_of_last_boxes,
    rest_of_plea_boxes,
)
from cleaner.decision.overrides.related_lists import blocks_above_links, lists_of_related_links
from cleaner.decision.overrides.teasers import rails_of_teasers
from cleaner.decision.overrides.under_headings import headings_above_body, pleas_under_headings
from cleaner.decision.page_scores import CONSENT, in_consent_dialog, moved_by_type
from cleaner.decision.page_view import PageView
from cleaner.decision.standfirst import NAMES, STANDFIRST
from cleaner.decision.state import Prepared
from cleaner.decision.steps.captions import BELOW_PICTURE, without_captions_by_place
from cleaner.decision.steps.code import with_short_code
from cleaner.decision.steps.guard import NOTHING_LEFT, with_best_prose
from cleaner.decision.steps.headings import BOLD_HEADING, with_bold_headings, with_headings_of_body
from cleaner.decision.steps.linked_lines import (
    CONTENTS,
    ELSEWHERE,
    without_contents,
    without_linked_lists,
    without_links,
)
from cleaner.decision.steps.lists import with_whole_lists
from cleaner.decision.steps.live_blog import with_entries_of_live_blogs
from cleaner.decision.steps.nested_articles import NESTED, without_nested_articles
from cleaner.decision.steps.next_stories import without_next_stories
from cleaner.decision.steps.noscript import NOSCRIPT, is_in_noscript, without_repeated_lead
from cleaner.decision.steps.opening import with_first_sentence, with_standfirst, without_bare_names
from cleaner.decision.steps.own_rules import with_what_own_rules_decide
from cleaner.decision.steps.plea_boxes import PLEA_BOX, without_plea_boxes
from cleaner.decision.steps.polls import POLL, without_polls
from cleaner.decision.steps.posts import with_whole_posts
from cleaner.decision.steps.quotations import SPEAKER, with_speakers
from cleaner.decision.steps.step import Pages, Step
from cleaner.decision.steps.tables import with_rest_of_tables, with_whole_rows, without_line_numbers
from cleaner.decision.steps.threads import POST, with_whole_threads
from cleaner.document import Evidence, Label
from cleaner.text.arrays import Columns, Flags, Floats, indices

#: The steps from the blocks that scores choose (``PageView.chosen``) to the body. Word F1, by which they are chosen,
#: does not see what readers notice. Each takes the body as the step before leaves it.
STEPS: Final = (
    Step(with_standfirst, reason=STANDFIRST, worth=11),
    Step(with_first_sentence, reason=STANDFIRST, worth=1),
    Step(without_bare_names, Pages.ARTICLES, NAMES, worth=2),
    Step(without_next_stories, Pages.ARTICLES, worth=0),
    Step(with_whole_rows, worth=1),
    Step(with_whole_lists, worth=0),
    Step(with_short_code, worth=0),
    Step(with_entries_of_live_blogs, worth=0),
    Step(with_whole_threads, reason=POST, worth=0),
    Step(with_whole_posts, Pages.ARTICLES, worth=4),
    # Twice: what a user's rules decide counts for the headings above it, and nothing counts against it.
    Step(with_what_own_rules_decide),
    Step(with_bold_headings, reason=BOLD_HEADING, worth=0),
    Step(with_headings_of_body, worth=4),
    Step(without_polls, Pages.ARTICLES, POLL, worth=2),
    Step(with_speakers, Pages.ARTICLES, SPEAKER, worth=3),
    Step(without_links, Pages.SURE_ARTICLES, ELSEWHERE, worth=3),
    Step(without_linked_lists, Pages.SURE_ARTICLES, ELSEWHERE, worth=0),
    Step(without_contents, Pages.SURE_ARTICLES, CONTENTS, worth=0),
    Step(without_captions_by_place, Pages.SURE_ARTICLES, BELOW_PICTURE, worth=1),
    Step(without_nested_articles, Pages.SURE_ARTICLES, NESTED, worth=1),
    Step(without_plea_boxes, Pages.SURE_ARTICLES, PLEA_BOX, worth=0),
    Step(with_rest_of_tables, worth=0),
    Step(without_line_numbers, worth=0),
    Step(with_best_prose, flag=NOTHING_LEFT),
    Step(without_repeated_lead, worth=0),
    Step(with_what_own_rules_decide),
)

#: Where rules and neighbours go before the model. All judge the same body; of two about one block the later one counts.
OVERRIDES: Final = (
    Override(known_residue, short_lines),
    Override(captions_by_element),
    Override(thread_of_comments, headings_below_prose),
    Override(records_of_comments, lines_above_comments),
    Override(rails_of_teasers),
    Override(rest_of_plea_boxes, first_lines_of_boxes),
    Override(last_plea_boxes, lines_of_last_boxes),
    Override(lists_of_related_links, blocks_above_links),
    Override(pleas_under_headings, headings_above_body),
    Override(prose_between_siblings),
    Override(prose_below_siblings),
)

#: A page of a few words is empty when this share of them, at most, is expected to be body.
EMPTY_SHARE: Final = 0.15


def decide_page(prepared: Prepared, columns: Columns, scores: Floats, decisive: Decisive) -> Decision:
    """Which blocks of a page are body.

    ``columns`` are those of the first stage; ``scores`` (n_blocks,) float64 are probabilities of body, moved by the
    caller's threshold.
    """
    in_dialog = in_consent_dialog(prepared.page)
    scores = np.where(in_dialog, 0, moved_by_type(columns, scores))
    view = PageView(prepared.page, prepared.prose_map, columns, scores, decisive, prepared.request.url or "")
    decision = body_by_steps(view)
    consent = in_force({at: CONSENT for at in indices(in_dialog) if at not in decisive}, decision.body)
    review = Review(prepared, view, replace(decision, reasons={**decision.reasons, **consent}))
    return with_counted_lines(view, with_overrides(review))


def body_by_steps(view: PageView) -> Decision:
    """Which blocks are body by scores, form and place: what the steps make of the blocks that scores choose."""
    if _is_empty(view):
        nothing = np.zeros(len(view.scores), bool)
        confidence = expected_f1(view.scores, view.word_counts, nothing)
        return Decision(overruled(nothing, view.decisive), confidence, (), view.decisive, view.next_story)
    body = view.chosen
    flags: list[str] = []
    reasons: dict[int, Evidence] = {}
    for step in STEPS:
        if not step.pages.include(view):
            continue
        before, body = body, step.change(view, body)
        if step.reason:
            reasons |= changed(before, body, step.reason)
        if step.flag and not np.array_equal(before, body):
            flags.append(step.flag)
    if is_in_noscript(view, body):
        flags.append(NOSCRIPT)
    reasons = {at: found for at, found in in_force(reasons, body).items() if at not in view.decisive}
    confidence = expected_f1(with_certainty(view.scores, reasons), view.word_counts, body)
    return Decision(body, confidence, tuple(flags), view.decisive, view.next_story, reasons)


def _is_empty(view: PageView) -> bool:
    """Whether a page has hardly any body. What has no title may be a fragment, with a body of a few words."""
    expected_words = float((view.scores * view.word_counts).sum())
    is_low = expected_words < MIN_BODY_WORDS and expected_words < EMPTY_SHARE * float(view.word_counts.sum())
    return is_low and bool(view.page.metadata.title)


def with_overrides(review: Review) -> Decision:
    """The decision after the overrides, each of which is evidence that the document shows beside the model's.

    The confidence is that of the new body: what is overridden counts as certain. Blocks about which a user's rules
    decide are not overridden.
    """
    view, decision = review.view, review.decision
    if not decision.body.any():
        return decision
    asked = [override.asks(review) for override in OVERRIDES]
    matches = review.matches(sorted({at for blocks in asked for at in blocks}))
    overridden: dict[int, Evidence] = {}
    for override, blocks in zip(OVERRIDES, asked, strict=True):
        overridden |= override.find(review, [match for match in matches if match.block in blocks])
    overridden = {at: found for at, found in overridden.items() if at not in decision.decisive}
    if not overridden:
        return decision
    body = decision.body.copy()
    for at, evidence in overridden.items():
        body[at] = evidence.label is Label.BODY
    return _decided_anew(view, decision, body, overridden) if body.any() else decision


def with_counted_lines(view: PageView, decision: Decision) -> Decision:
    """The decision with the lines that the article counts."""
    counted = [at for at in counted_lines(view.page.blocks, decision.body) if at not in decision.decisive]
    if not counted:
        return decision
    return _decided_anew(view, decision, with_blocks(decision.body, counted), dict.fromkeys(counted, COUNTED))


def _decided_anew(view: PageView, decision: Decision, body: Flags, reasons: Mapping[int, Evidence]) -> Decision:
    """The decision with another body, and with the reasons for what has changed."""
    reasons = {**in_force(decision.reasons, body), **reasons}
    confidence = expected_f1(with_certainty(view.scores, reasons), view.word_counts, body)
    return replace(decision, body=body, reasons=reasons, confidence=confidence)
