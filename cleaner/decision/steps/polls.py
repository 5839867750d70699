"""Polls and quizzes: the answers that a reader may choose, and the question above them."""

from collections.abc import Iterator, Sequence
from typing import Final

from cleaner.decision.decision import without_blocks
from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import RawBlock
from cleaner.text.arrays import Flags, indices
from cleaner.text.words import QUESTION_MARKS

#: Labels of form fields in a row, at least. A single one may be the heading of a part that opens by a click.
MIN_CHOICES: Final = 2
#: Why they go.
POLL: Final = Evidence("comment.poll", Label.COMMENT, 4.0, "answers to choose", origin=Origin.FORM)


def without_polls(view: PageView, body: Flags) -> Flags:
    """The body of an article without the labels of form fields in a row, and without the question right above them."""
    blocks = view.page.blocks
    polls: list[int] = []
    for row in _rows_of_labels(blocks, indices(body)):
        if len(row) >= MIN_CHOICES:
            above = row.start - 1
            has_question = above >= 0 and blocks[above].plain.endswith(QUESTION_MARKS)
            polls += [above, *row] if has_question else row
    return without_blocks(body, polls)


def _rows_of_labels(blocks: Sequence[RawBlock], kept: Sequence[int]) -> Iterator[range]:
    """The labels that follow each other, where one of them or the block right above is kept."""
    stop = 0
    for at in kept:
        start = at if blocks[at].tag == "label" else at + 1
        if start >= stop:
            while start and blocks[start - 1].tag == "label":
                start -= 1
            stop = start
            while stop < len(blocks) and blocks[stop].tag == "label":
                stop += 1
            yield range(start, stop)
