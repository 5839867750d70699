"""Articles that stand in a ``<noscript>`` element: the copy of a page for readers and crawlers without scripts.

The blocks of a copy are blocks of the page like others. They are scored as such, and rightly kept: of 1,358 pages of
the web at large 17 have their body there, all of them forums.
"""

from typing import Final

from cleaner.decision.decision import without_blocks
from cleaner.decision.page_view import PageView
from cleaner.text.arrays import Flags, indices
from cleaner.text.shingles import Shingles

#: The flag of a page of which most of the body stands in a ``<noscript>``.
NOSCRIPT: Final = "noscript"


def without_repeated_lead(view: PageView, body: Flags) -> Flags:
    """The body without what a longer ``<noscript>`` copy repeats: (n_blocks,) bool.

    Where most words of the body stand in the copy, the rest of it may be the lead of the same article.
    """
    if not is_in_noscript(view, body):
        return body
    inside = body & (view.columns["in_noscript"] > 0)
    outside = indices(body & ~inside)
    if not outside:
        return body
    copy = Shingles(" ".join(view.page.blocks[at].plain for at in indices(inside)))
    return without_blocks(body, [at for at in outside if copy.contains(view.page.blocks[at].plain)])


def is_in_noscript(view: PageView, body: Flags) -> bool:
    """Whether most words of the body stand in a ``<noscript>``."""
    in_noscript = view.columns["in_noscript"] > 0
    if not in_noscript.any():
        return False
    inside = body & in_noscript
    return bool(view.word_counts[inside].sum() > view.word_counts[body & ~inside].sum())
