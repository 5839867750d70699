"""Boxes of pleas, by a plea in them: the sentence between "Get the news by mail" and the button goes with the plea.

A *plea* asks the reader to subscribe, give, buy, join or comment. A *box* is a small element that a publisher sets into
an article or below it. It is one thing: its other sentences are no part of the article, however much they read like it.
There are two places, and in each another line of the box has to be the plea:

- Within the article it is the first line, which a rule knows from end to end (:func:`rest_of_plea_boxes`).
- Below the article's last sure paragraph it is any line, since there a box may lead up to its plea: three paragraphs
  about the price of reporting, then "Please support us" (:func:`last_plea_boxes`).

Boxes that their class names are a step (:mod:`cleaner.decision.steps.plea_boxes`), since no rule is asked about them.
A plea under a heading of its own, in no box, is :mod:`cleaner.decision.overrides.under_headings`.
"""

from collections.abc import Sequence
from itertools import islice, takewhile
from typing import Final

import numpy as np

from cleaner.decision.overrides.override import Review
from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.model.rule_precision import Form, form_of
from cleaner.rules.evidence import STRONG, Match
from cleaner.rules.packs import concepts_with_role
from cleaner.text.arrays import indices

#: Elements above a block in which its box is looked for.
REACH: Final = 3
#: Words of a box that would stay, at most.
MAX_WORDS: Final = 45
#: Blocks below this score are doubtful.
SURE: Final = 0.9
#: The name and weight (log-odds) of the evidence.
BOX: Final = "subscription.box"
BOX_WEIGHT: Final = 6.0


def first_lines_of_boxes(review: Review) -> set[int]:
    """The first block of each possible box on the page of an article."""
    return {box.start for box in _boxes(review)}


def rest_of_plea_boxes(review: Review, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The blocks that would stay of boxes whose first line is a plea or the notice of an embedded post.

    That line is known from end to end, and goes by the model's word or for a rule that may decide.
    """
    embeds = concepts_with_role("embed")
    body = review.decision.body
    pleas = {
        at: evidence.label
        for at, evidence, _ in matches
        if (evidence.label is Label.SUBSCRIPTION or evidence.name in embeds) and _is_known_line(review, at, evidence)
    }
    if not pleas:
        return {}
    return {at: _in_box(pleas[box.start]) for box in _boxes(review) if box.start in pleas for at in box if body[at]}


def lines_of_last_boxes(review: Review) -> set[int]:
    """The blocks of each box below the last sure paragraph of an article."""
    return {at for box in _last_boxes(review) for at in box}


def last_plea_boxes(review: Review, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The blocks that would stay of boxes below the last sure paragraph of an article of which another line is a plea:
    a strong rule says so, and the line goes by the model's word or for this rule.

    With scores of models that had not seen the sites, this takes 30 blocks of residue and 4 of body from 3,200 pages of
    the development corpora, by gold.
    """
    body = review.decision.body
    pleas = {
        at
        for at, found, _ in matches
        if found.label is Label.SUBSCRIPTION and found.weight >= STRONG and review.goes(at, found)
    }
    boxes = [_with_heading(review, box) for box in _last_boxes(review) if not pleas.isdisjoint(box)] if pleas else []
    return {
        at: _in_box(Label.SUBSCRIPTION)
        for box in boxes
        for at in box
        if body[at] and not pleas.isdisjoint({*box} - {at})
    }


def _in_box(label: Label) -> Evidence:
    """Why a block in the box of a plea goes: for the label of the plea."""
    return Evidence(BOX, label, BOX_WEIGHT, "in the box of a plea", origin=Origin.INHERITED)


def _last_boxes(review: Review) -> list[range]:
    """The largest small elements around each block of body below the last sure paragraph of an article."""
    view, body = review.view, review.decision.body
    sure = indices(body & view.prose_map.in_prose & (view.scores >= SURE))
    if not view.is_sure_article or not sure:
        return []
    last = sure[-1]
    found = {at: _largest_around(view, at, last) for at in indices(body) if at > last}
    return [box for at, box in found.items() if len(box) == 1 or (box and not _is_beside_its_kind(view, at, last))]


def _is_beside_its_kind(view: PageView, at: int, paragraph: int) -> bool:
    """Whether a block has the tag of a paragraph, and stands in an element with its classes: an advert may part an
    article into sections, and the last one holds a plea below the article's own end.
    """
    blocks, parents = view.page.blocks, view.page.elements.parent
    around = view.look(parents[blocks[at].node])
    return bool(around.tokens) and (blocks[at].tag, around) == (
        blocks[paragraph].tag,
        view.look(parents[blocks[paragraph].node]),
    )


def _with_heading(review: Review, box: range) -> range:
    """A box and the heading right above it."""
    above = box.start - 1
    has_heading = above >= 0 and review.view.page.blocks[above].level > 0
    return range(above, box.stop) if has_heading else box


def _largest_around(view: PageView, at: int, last: int) -> range:
    """The blocks of the largest small element around a block that begins below another block; none if there is none."""
    below = takewhile(lambda box: box.start > last, islice(view.small_elements(at), REACH))
    return max(below, key=len, default=range(0))


def _is_known_line(review: Review, at: int, evidence: Evidence) -> bool:
    """Whether a rule knows a block from end to end, and it goes by the model's word or for this rule."""
    form = form_of(evidence, review.view.page, review.view.prose_map, at)
    return form in (Form.LINE, Form.WHOLE) and review.goes(at, evidence)


def _boxes(review: Review) -> list[range]:
    """The smallest boxes around doubtful blocks of body: below the first prose of an article, and small."""
    view, body = review.view, review.decision.body
    prose = np.flatnonzero(body & view.prose_map.in_prose)
    if not view.is_article or not len(prose):
        return []
    doubtful = np.flatnonzero(body[prose[0] :] & (view.scores[prose[0] :] < SURE)) + prose[0]
    found = (_around(view, at) for at in doubtful.tolist())
    words = view.prose_map.words
    return [box for box in found if box and sum(words[at] for at in box if body[at]) <= MAX_WORDS]


def _around(view: PageView, at: int) -> range | None:
    """The blocks of the smallest small element around a block that begins with another block."""
    around = islice(view.small_elements(at), 1, REACH + 1)  # not the block's own element
    return next((box for box in around if box.start < at), None)
