"""Articles that stand in a ``<noscript>`` element: the copy of a page for readers and crawlers without scripts.

The blocks of a copy are blocks of the page like others. They are scored as such, and rightly kept: of 1,358 pages of
the web at large 17 have their body there, all of them forums.
"""

from typing import Final

import numpy as np

from cleaner.segment.page import Page
from cleaner.text.arrays import Columns, Flags, Floats
from cleaner.text.shingles import Shingles

#: The flag of a page of which most of the body stands in a ``<noscript>``.
NOSCRIPT: Final = "noscript"


def without_repeated_lead(
    page: Page, columns: Columns, body: Flags, word_counts: Floats
) -> tuple[Flags, tuple[str, ...]]:
    """The body without what a longer ``<noscript>`` copy repeats, (n_blocks,) bool, and the flags of the page.

    Where most words of the body stand in the copy, the rest of it may be the lead of the same article.
    ``columns`` are those of the first stage; ``word_counts`` (n_blocks,) float64.
    """
    inside = body & (columns["in_noscript"] > 0)
    outside = body & ~inside
    if word_counts[inside].sum() <= word_counts[outside].sum():
        return body, ()
    if not outside.any():
        return body, (NOSCRIPT,)
    copy = Shingles(" ".join(page.blocks[at].plain for at in np.flatnonzero(inside).tolist()))
    repeated = [at for at in np.flatnonzero(outside).tolist() if copy.contains(page.blocks[at].plain)]
    left = body.copy()
    left[repeated] = False
    return left, (NOSCRIPT,)
