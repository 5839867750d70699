"""Lists of links to other stories inside of an article, under a heading that says so: "More from this author"."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from cleaner.decision.links import link_targets, stays_on_site
from cleaner.decision.overrides.override import Review
from cleaner.decision.steps.lists import ListAround, list_around
from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import Match
from cleaner.segment.page import RawBlock
from cleaner.text.arrays import indices
from cleaner.text.charstats import word_counts

#: Links of a list at least.
MIN_LINKS: Final = 2
#: Items of a list whose heading goes, at most.
MAX_ITEMS: Final = 10
#: The name and weight (log-odds) of the evidence.
LIST: Final = "related.list"
LIST_WEIGHT: Final = 6.0


def blocks_above_links(review: Review) -> set[int]:
    """The blocks right above lists of links on the page of an article."""
    return {run.start - 1 for run in (*_lists(review), *_lists_with_links(review))}


def lists_of_related_links(review: Review, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The lists of links under a line that announces other stories and says nothing else, with this line.

    Where the line goes by the model's word, or for a rule that may decide, the items may be sentences with a link in
    each: "Don't miss:". On 3,200 pages of the development corpora this is so on ten pages. On one of them the items are
    the article's, by reading.
    """
    page, body = review.view.page, review.decision.body
    lines = {
        at: evidence
        for at, evidence, _ in matches
        if evidence.label is Label.RELATED
        and not any(word_counts([page.blocks[at].plain.replace(evidence.quote, "", 1)]))
    }
    if not lines:
        return {}
    lists = [run for run in _lists(review) if run.start - 1 in lines]
    lists += [
        run
        for run in _lists_with_links(review)
        if (above := run.start - 1) in lines and review.goes(above, lines[above])
    ]
    found: dict[int, Evidence] = {}
    for run in lists:
        above = run.start - 1
        evidence = Evidence(LIST, Label.RELATED, LIST_WEIGHT, page.blocks[above].plain, origin=Origin.INHERITED)
        found |= {at: evidence for at in (above, *run) if body[at]}
    return found


def _lists(review: Review) -> Iterator[range]:
    """The blocks of body in a row that have the same tag, and are links as a whole to other pages of the site."""
    view, body = review.view, review.decision.body
    if not view.is_article:
        return
    page, host = view.page, view.host
    is_link = body & view.is_linked_line
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


def _lists_with_links(review: Review) -> Iterator[range]:
    """The small lists of an article whose items all have links, and stay at least in part."""
    view, body = review.view, review.decision.body
    if not view.is_sure_article:
        return
    blocks = view.page.blocks
    lists = {list_around(blocks[at]): at for at in indices(body) if "li" in blocks[at].context and blocks[at].linked}
    for around, at in lists.items():
        if around is None:
            continue
        items = _items_beside(blocks, around, at)
        is_short = items.start > 0 and MIN_LINKS <= len(items) <= MAX_ITEMS
        if is_short and all(blocks[item].linked for item in items):
            yield items


def _items_beside(blocks: Sequence[RawBlock], around: ListAround, at: int) -> range:
    """The blocks of a list in a row around one of them; of a list with more than ``MAX_ITEMS`` one more than that."""
    start, stop = at, at + 1
    while start > 0 and stop - start <= MAX_ITEMS and list_around(blocks[start - 1]) == around:
        start -= 1
    while stop < len(blocks) and stop - start <= MAX_ITEMS and list_around(blocks[stop]) == around:
        stop += 1
    return range(start, stop)
