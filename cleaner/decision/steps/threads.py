"""Threads of a forum: posts that look alike are the content as a whole, the short ones among them too."""

from collections import defaultdict
from typing import Final

import numpy as np

from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Style
from cleaner.text.arrays import Flags

#: Probability of being a forum, at least.
FORUM: Final = 0.5
#: Blocks that look alike are posts when there are so many of them, so many are kept, and so much of their words.
MIN_ALIKE: Final = 4
MIN_KEPT: Final = 3
KEPT_SHARE: Final = 0.5
#: Score from which the others are kept as well.
BAR: Final = 0.05
#: Why they stay.
POST: Final = Evidence("body.post", Label.BODY, 4.0, "looks like the other posts", origin=Origin.FORM)


def with_whole_threads(view: PageView, body: Flags) -> Flags:
    """The body of a forum with all blocks that look like posts, most of which are kept: (n_blocks,) bool.

    Blocks look alike when their elements and the elements around these do.
    """
    if view.columns["type_forum"][0] < FORUM:
        return body
    alike: defaultdict[tuple[Style, Style], list[int]] = defaultdict(list)
    for at, block in enumerate(view.page.blocks):
        if block.node:
            alike[view.look(block.node), view.look(view.page.elements.parent[block.node])].append(at)
    whole = body.copy()
    for posts in alike.values():
        kept = body[posts]
        words = view.word_counts[posts]
        if len(posts) >= MIN_ALIKE and kept.sum() >= MIN_KEPT and words[kept].sum() >= KEPT_SHARE * words.sum():
            whole[posts] |= view.scores[posts] >= BAR
    return np.asarray(whole, bool)
