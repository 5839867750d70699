"""trafilatura as a witness: its verdict on blocks, as evidence and never as a filter; and metadata that a page gives
away outside of its head. The only module that imports it, and only when it is asked.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from cleaner.document import Metadata
from cleaner.text.arrays import Flags
from cleaner.text.shingles import Shingles

#: Log-odds that a block gains when it stands in trafilatura's text, and loses when it does not. Of .5, 1 and 2 on
#: unseen sites .5 is best; 1 costs as much on shops and lists as it gains on news.
WEIGHT: Final = 0.5
#: A page is unsure where its confidence is below this: 8 pages of 100.
UNSURE: Final = 0.7
#: Start tags and characters beyond which a page is not shown to trafilatura: from there on its time is that of minutes
#: (at 100,000 elements more than 15 seconds).
MAX_ELEMENTS: Final = 25_000
MAX_CHARACTERS: Final = 5_000_000


def verdict(html: str, texts: Sequence[str]) -> Flags | None:
    """For each text of a page whether trafilatura keeps it; None where it has nothing to say: it found nothing, gave
    up, or the page is too large for it.
    """
    if not _fits(html):
        return None
    from trafilatura import extract

    try:
        text = extract(html)
    except Exception:  # third-party code on arbitrary pages: a witness that fails is absent
        return None
    if not text:
        return None
    shingles = Shingles(text)
    return np.array([shingles.hold(other) for other in texts], bool)


def complete(html: str, known: Metadata) -> Metadata:
    """Metadata in which trafilatura has filled in what was missing: title, author, date, site."""
    if (known.title and known.authors and known.date and known.site) or not _fits(html):
        return known
    from trafilatura import extract_metadata

    try:
        found = extract_metadata(html)
    except Exception:  # as above
        return known
    if found is None:
        return known
    return replace(
        known,
        title=known.title or found.title or "",
        authors=known.authors or (tuple(found.author.split("; ")) if found.author else ()),
        date=known.date or found.date or "",
        site=known.site or found.sitename or "",
        headline=known.headline or known.title or found.title or "",
    )


def _fits(html: str) -> bool:
    return len(html) <= MAX_CHARACTERS and html.count("<") <= 2 * MAX_ELEMENTS
