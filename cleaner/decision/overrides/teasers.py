"""Rails of teasers on the page of an article: headlines that lead to other stories of the site, each with a summary.

The summaries are sentences like the article's own, so neither the model nor rules tell them from it one by one. What
tells them apart is the headline above each of them: a line that is a link as a whole, and that the model takes for
residue by itself.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from cleaner.decision.overrides.override import Review
from cleaner.decision.steps.linked_lines import LINKED_SHARE, host_of, link_targets, stays_on_site
from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import Match
from cleaner.segment.page import Page
from cleaner.text.arrays import Columns, Flags, Floats

#: A headline of a teaser has so many words at least, half of those of a rail so many, and a lower score than this.
MIN_HEADLINE: Final = 4
TYPICAL_HEADLINE: Final = 5
HEADLINE_BAR: Final = 0.5
#: A summary has so many words at least, and is linked to a lower share.
MIN_SUMMARY: Final = 6
SUMMARY_LINKED: Final = 0.5
#: Half of the summaries of a rail have a lower score than this.
SUMMARY_BAR: Final = 0.9
#: Teasers of a rail at least, and blocks from one headline to the next at most.
MIN_TEASERS: Final = 3
MAX_DISTANCE: Final = 5
#: Words of body above a rail at least. Where less stands there, the teasers may be what the page is about.
MIN_STORY: Final = 100
#: The name and weight (log-odds) of the evidence.
TEASERS: Final = "related.teasers"
TEASERS_WEIGHT: Final = 6.0
#: The code of a lower-case letter in the column ``starts``.
_LOWER_CASE: Final = 2


def rails_of_teasers(review: Review, _: Sequence[Match]) -> dict[int, Evidence]:
    """The blocks of rails of teasers on the page of an article."""
    view, decision = review.view, review.decision
    if not view.is_article:
        return {}
    rails = teaser_rails(view.page, view.columns, decision.body, view.scores, review.prepared.base_url)
    found = Evidence(TEASERS, Label.RELATED, TEASERS_WEIGHT, "headlines of other stories", origin=Origin.NEIGHBOUR)
    return {at: found for at in np.flatnonzero(rails).tolist() if at not in decision.decisive}


def teaser_rails(page: Page, columns: Columns, body: Flags, scores: Floats, address: str) -> Flags:
    """The blocks of body that belong to rails of teasers: (n_blocks,) bool.

    ``columns`` are those of the first stage, ``scores`` (n_blocks,) float64 probabilities of body. ``address`` is the
    page's own, "" where it is not known: then only relative links are known to stay on the site.
    """
    rails = np.zeros(len(body), bool)
    words, parents = columns["words"], page.elements.parent
    for headlines in _runs(_headlines(page, columns, scores, host_of(address))):
        first, last = headlines[0], headlines[-1] + 1
        summaries = np.array(headlines) + 1
        around_story = {parents[page.blocks[at].node] for at in np.flatnonzero(body[:first]).tolist()}
        in_story = any(parents[page.blocks[at].node] in around_story for at in summaries.tolist())
        if (
            not in_story
            and np.median(words[headlines]) >= TYPICAL_HEADLINE
            and np.median(scores[summaries]) < SUMMARY_BAR
            and words[:first][body[:first]].sum() >= MIN_STORY
        ):
            rails[first : last + 1] = True
    return rails & body


def _headlines(page: Page, columns: Columns, scores: Floats, host: str) -> Iterator[Sequence[int]]:
    """The blocks that may be headlines of teasers, those that look alike together, in order."""
    words, linked = columns["words"], columns["link_share"]
    is_headline = (linked >= LINKED_SHARE) & (words >= MIN_HEADLINE) & (scores < HEADLINE_BAR)
    is_headline &= columns["starts"] != _LOWER_CASE  # the name of an account begins with one
    is_headline[:-1] &= (linked[1:] < SUMMARY_LINKED) & (words[1:] >= MIN_SUMMARY)
    is_headline[-1:] = False
    candidates = np.flatnonzero(is_headline).tolist()
    if len(candidates) < MIN_TEASERS:
        return
    looks = page.elements.looks()
    alike: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at in candidates:
        block = page.blocks[at]
        if all(stays_on_site(target, host) for target in link_targets(block)):
            alike[block.tag, looks[page.elements.style[block.node]]].append(at)
    yield from alike.values()


def _runs(groups: Iterator[Sequence[int]]) -> Iterator[list[int]]:
    """The headlines of each rail: those of a group of which each stands close to the next."""
    for group in groups:
        run = [group[0]]
        for at, following in pairwise([*group, group[-1] + MAX_DISTANCE + 1]):
            if following - at > MAX_DISTANCE:
                if len(run) >= MIN_TEASERS:
                    yield run
                run = []
            run.append(following)
