"""Polls and quizzes: the answers that a reader may choose, and the question above them."""

from typing import Final

import numpy as np

from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.text.arrays import Flags

#: Labels of form fields in a row, at least. A single one may be the heading of a part that opens by a click.
MIN_CHOICES: Final = 2
#: Why they go.
POLL: Final = Evidence("comment.poll", Label.COMMENT, 4.0, "answers to choose", origin=Origin.FORM)


def without_polls(view: PageView, body: Flags) -> Flags:
    """The body of an article without the labels of form fields in a row, and without the question right above them."""
    page, kept = view.page, body.copy()
    is_label = np.array([block.tag == "label" for block in page.blocks])
    start = 0
    while start < len(body):
        stop = start
        while stop < len(body) and is_label[stop]:
            stop += 1
        if stop - start >= MIN_CHOICES:
            kept[start:stop] = False
            if start and page.blocks[start - 1].plain.endswith(("?", "？", "؟")):
                kept[start - 1] = False
        start = max(stop, start + 1)
    return kept
