"""Lists of links to other stories inside of an article, under a heading that says so: "More from this author"."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from cleaner.decision.overrides.override import Review
from cleaner.decision.steps.linked_lines import LINKED_SHARE, host_of, link_targets, stays_on_site
from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import Match
from cleaner.text.charstats import word_counts

#: Links of a list at least.
MIN_LINKS: Final = 2
#: The name and weight (log-odds) of the evidence.
LIST: Final = "related.list"
LIST_WEIGHT: Final = 6.0


def blocks_above_links(review: Review) -> set[int]:
    """The blocks right above lists of links on the page of an article."""
    return {run.start - 1 for run in _lists(review)}


def lists_of_related_links(review: Review, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The lists of links under a line that announces other stories and says nothing else, with this line."""
    page, decisive = review.view.page, review.decision.decisive
    found: dict[int, Evidence] = {}
    quotes = {match.block: match.evidence.quote for match in matches if match.evidence.label is Label.RELATED}
    for run in _lists(review) if quotes else ():
        above = run.start - 1
        line = page.blocks[above].plain
        if above not in quotes or any(word_counts([line.replace(quotes[above], "", 1)])):
            continue
        evidence = Evidence(LIST, Label.RELATED, LIST_WEIGHT, line, origin=Origin.INHERITED)
        found |= {at: evidence for at in (above, *run) if at not in decisive}
    return found


def _lists(review: Review) -> Iterator[range]:
    """The blocks of body in a row that have the same tag, and are links as a whole to other pages of the site."""
    view, body = review.view, review.decision.body
    if not view.is_article:
        return
    page, host = view.page, host_of(review.prepared.base_url)
    is_link = body & (view.columns["link_share"] >= LINKED_SHARE)
    for start in (np.flatnonzero(is_link[1:] & ~is_link[:-1]) + 1).tolist():
        stop = start
        while (
            stop < len(body)
            and is_link[stop]
            and page.blocks[stop].tag == page.blocks[start].tag
            and all(stays_on_site(target, host) for target in link_targets(page.blocks[stop]))
        ):
            stop += 1
        if stop - start >= MIN_LINKS:
            yield range(start, stop)
