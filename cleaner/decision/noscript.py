"""Articles that stand in a ``<noscript>`` element: the copy of a page for readers and crawlers without scripts.

The blocks of a copy are blocks of the page like others. They are scored as such, and rightly kept: of 1,358 pages of
the web at large 17 have their body there, all of them forums.
"""

from typing import Final

import numpy as np

from cleaner.segment.page import Page
from cleaner.text.arrays import Flags, Floats
from cleaner.text.shingles import Shingles

#: The flag of a page of which most of the body stands in a ``<noscript>``.
NOSCRIPT: Final = "noscript"


def without_repeated_lead(page: Page, body: Flags, word_counts: Floats) -> tuple[Flags, tuple[str, ...]]:
    """The body without what a longer ``<noscript>`` copy repeats, (n_blocks,) bool, and the flags of the page.

    Where most words of the body stand in the copy, the rest of it may be the lead of the same article.
    ``word_counts`` (n_blocks,) float64.
    """
    if not any(style.tag == NOSCRIPT for style in page.elements.styles):
        return body, ()
    inside = body & _in_noscript(page)
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


def _in_noscript(page: Page) -> Flags:
    """Which blocks stand in a ``<noscript>``: (n_blocks,) bool."""
    elements = page.elements
    styles = {at for at, style in enumerate(elements.styles) if style.tag == NOSCRIPT}
    inside = elements.inside(lambda element: elements.style[element] in styles)
    return np.array([inside[block.node] for block in page.blocks], bool)
