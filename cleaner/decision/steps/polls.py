"""Polls and quizzes: the answers that a reader may choose, and the question above them."""

from typing import Final

from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.text.arrays import Flags

#: Labels of form fields in a row, at least. A single one may be the heading of a part that opens by a click.
MIN_CHOICES: Final = 2
#: Why they go.
POLL: Final = Evidence("comment.poll", Label.COMMENT, 4.0, "answers to choose", origin=Origin.FORM)


def without_polls(view: PageView, body: Flags) -> Flags:
    """The body of an article without the labels of form fields in a row, and without the question right above them."""
    blocks = view.page.blocks
    labels = [at for at, block in enumerate(blocks) if block.tag == "label"]
    if len(labels) < MIN_CHOICES:
        return body
    left = body.copy()
    for row in _rows(labels):
        if len(row) >= MIN_CHOICES:
            left[row] = False
            if row[0] and blocks[row[0] - 1].plain.endswith(("?", "？", "؟")):
                left[row[0] - 1] = False
    return left


def _rows(blocks: list[int]) -> list[list[int]]:
    """The blocks in rows, in each of which they follow each other without a gap."""
    rows: list[list[int]] = []
    for at in blocks:
        if rows and rows[-1][-1] == at - 1:
            rows[-1].append(at)
        else:
            rows.append([at])
    return rows
