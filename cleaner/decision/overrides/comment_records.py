"""Readers' comments below an article under no heading that a rule knows: a name and a date above each of them.

"Marta Quill on March 3, 2024" above a paragraph, and a line like it above the next one: records of a thread.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from cleaner.decision.overrides.comments import MAX_QUOTE, THREAD, THREAD_FORUM, THREAD_WEIGHT
from cleaner.decision.overrides.override import Review
from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import Match
from cleaner.segment.page import Style
from cleaner.text.arrays import indices

#: Words of body above the records, at least. Where less stands there, the replies are the page.
STORY_WORDS: Final = 60
#: Words of a line above a comment, at most; lines of a thread, at least; blocks from one to the next, at most, and from
#: the last one to the end of the body.
LINE_WORDS: Final = 14
MIN_RECORDS: Final = 2
MAX_DISTANCE: Final = 15
#: The rule that has to know one of the lines, and rules that may know the others.
META: Final = "comment.meta"
BYLINES: Final = frozenset({META, "byline.name", "byline.date"})
BYLINE_WEIGHT: Final = 3.0
#: Dates and names in these are data.
_CELLS: Final = frozenset({"td", "th"})


def lines_above_comments(review: Review) -> set[int]:
    """The short lines of an article that may stand above comments: there are several that look alike."""
    return {at for run in _runs(review) for at in run}


def records_of_comments(review: Review, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The comments with their lines, down to the end of the page, where nothing of the article follows.

    With three sets of scores of models that had not seen the sites, this removes 4, 30 and 10 blocks of comments from
    3,200 development pages, and no body.
    """
    names: dict[int, set[str]] = defaultdict(set)
    for at, evidence, _ in matches:
        if evidence.name in BYLINES and evidence.weight >= BYLINE_WEIGHT:
            names[at].add(evidence.name)
    if not any(META in found for found in names.values()):
        return {}
    decision = review.decision
    last = int(np.flatnonzero(decision.body)[-1])
    for run in _runs(review):
        records = [at for at in run if names[at]]
        is_thread = len(records) >= MIN_RECORDS and any(META in names[at] for at in records)
        if is_thread and all(below - at <= MAX_DISTANCE for at, below in pairwise([*records, last])):
            line = review.view.page.blocks[records[0]].plain[:MAX_QUOTE]
            found = Evidence(THREAD, Label.COMMENT, THREAD_WEIGHT, line, origin=Origin.NEIGHBOUR)
            return dict.fromkeys(range(records[0], last + 1), found)
    return {}


def _runs(review: Review) -> Iterator[list[int]]:
    """The short lines right above body that have the same look, below a story of ``STORY_WORDS`` words."""
    view, body = review.view, review.decision.body
    if not view.is_sure_article or view.columns["type_forum"][0] > THREAD_FORUM:
        return
    words = view.word_counts
    is_line = (words > 0) & (words <= LINE_WORDS)
    is_line[:1] = is_line[-1:] = False
    is_line[1:] &= np.cumsum(words * body)[:-1] >= STORY_WORDS
    stays_in_two = body.copy()  # a block or the one below it
    stays_in_two[:-1] |= body[1:]
    is_line[:-1] &= stays_in_two[1:]
    alike: dict[tuple[str, Style], list[int]] = defaultdict(list)
    for at in indices(is_line):
        block = view.page.blocks[at]
        if block.tag not in _CELLS:
            alike[block.tag, view.look(block.node)].append(at)
    yield from (run for run in alike.values() if len(run) >= MIN_RECORDS)
