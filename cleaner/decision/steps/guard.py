"""The guard of pages: of a page that has prose, something stays."""

from typing import Final

import numpy as np

from cleaner.decision.page_view import PageView
from cleaner.text.arrays import Flags

#: Where nothing would be left, prose stays from this share of the highest score of prose on.
LEFT_SHARE: Final = 0.5
#: The flag of a page of which nothing would be left.
NOTHING_LEFT: Final = "guard:nothing_left"


def with_best_prose(view: PageView, body: Flags) -> Flags:
    """The body, or the best prose where it is empty."""
    scores = view.scores
    in_prose = view.prose_map.in_prose & (scores > 0)  # nothing comes back from a dialog that asks for consent
    if body.any() or not in_prose.any():
        return body
    return np.asarray(in_prose & (scores >= scores[in_prose].max() * LEFT_SHARE), bool)
