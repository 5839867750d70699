"""trafilatura as a witness: its verdict on blocks, which is evidence and no filter; and metadata outside of the head.

The only module of the pipeline that imports trafilatura, and only when it is asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from cleaner.decision.policy import Policy
from cleaner.decision.state import Decided
from cleaner.document import Evidence, Label, Metadata, Origin
from cleaner.reading.source import Source
from cleaner.text.arrays import Array, Flags
from cleaner.text.shingles import Shingles

#: Log-odds that a block gains when it stands in trafilatura's text, and loses when it does not. Of .5, 1 and 2 on
#: unseen sites .5 is best; 1 costs as much on shops and lists as it gains on news.
WEIGHT: Final = 0.5
#: A page is unsure where its confidence is below this: 8 pages of 100.
UNSURE: Final = 0.7
#: Start tags and characters beyond which a page is not shown to trafilatura, whose time grows to minutes from there on:
#: at 100,000 elements it takes more than 15 seconds.
MAX_ELEMENTS: Final = 25_000
MAX_CHARACTERS: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which blocks trafilatura keeps: (n_blocks,) bool."""

    kept: Flags

    @property
    def log_odds(self) -> Array:
        """What the verdict adds to the log-odds of body: (n_blocks,) float32."""
        return np.where(self.kept, WEIGHT, -WEIGHT).astype(np.float32)

    def with_evidence(self, by_block: Sequence[Sequence[Evidence]]) -> list[list[Evidence]]:
        """The evidence about each block, with the verdict."""
        return [[*evidence, _evidence(is_kept)] for evidence, is_kept in zip(by_block, self.kept.tolist(), strict=True)]


def _evidence(is_kept: bool) -> Evidence:  # noqa: FBT001
    weight, quote = (WEIGHT, "kept") if is_kept else (-WEIGHT, "not kept")
    return Evidence("witness", Label.BODY, weight, quote, origin=Origin.WITNESS)


def is_asked(policy: Policy, decided: Decided) -> bool:
    """Whether a policy wants the verdict on a page that is decided without it."""
    unsure = policy.witness == "unsure" and decided.decision.confidence < UNSURE
    return decided.prepared.page.kind == "html" and (policy.witness == "always" or unsure)


def ask(html: str, texts: Sequence[str]) -> Verdict | None:
    """The verdict of trafilatura on the blocks of a page, by their texts.

    None where it finds nothing, fails, or the page is too large for it.
    """
    if not fits(html):
        return None
    from trafilatura import extract

    try:
        text = extract(html)
    except Exception:  # third-party code on arbitrary pages: a witness that fails is absent
        return None
    if not text:
        return None
    shingles = Shingles(text)
    return Verdict(np.array([shingles.contains(other) for other in texts], bool))


def completion(source: Source) -> Callable[[Metadata], Metadata] | None:
    """What completes the metadata of a page; None for a text. It can be pickled, with the page in it."""
    return partial(complete, source.text) if source.kind == "html" else None


def complete(html: str, metadata: Metadata) -> Metadata:
    """The metadata with what trafilatura finds where it is empty: title, authors, date, site."""
    if (metadata.title and metadata.authors and metadata.date and metadata.site) or not fits(html):
        return metadata
    from trafilatura import extract_metadata

    try:
        found = extract_metadata(html)
    except Exception:  # as above
        return metadata
    if found is None:
        return metadata
    return replace(
        metadata,
        title=metadata.title or found.title or "",
        authors=metadata.authors or (tuple(found.author.split("; ")) if found.author else ()),
        date=metadata.date or found.date or "",
        site=metadata.site or found.sitename or "",
        headline=metadata.headline or metadata.title or found.title or "",
    )


def fits(html: str | bytes) -> bool:
    """Whether a page is small enough for trafilatura."""
    tags = html.count("<") if isinstance(html, str) else html.count(b"<")
    return len(html) <= MAX_CHARACTERS and tags <= 2 * MAX_ELEMENTS
