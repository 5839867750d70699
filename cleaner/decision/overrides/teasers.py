"""Rails of teasers on the page of an article: headlines that lead to other stories of the site, each with a summary.

The summaries are sentences like the article's own, so neither the model nor rules tell them from it one by one. What
tells them apart is the headline above each of them: a line that is a link as a whole, and that the model takes for
residue by itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from cleaner.decision.links import lead_on_site
from cleaner.decision.overrides.override import Review
from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import Match
from cleaner.segment.page import Style
from cleaner.text.arrays import Flags, indices

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
#: Why they go.
TEASERS: Final = Evidence("related.teasers", Label.RELATED, 6.0, "headlines of other stories", origin=Origin.NEIGHBOUR)
#: The code of a lower-case letter in the column ``starts``.
_LOWER_CASE: Final = 2


def rails_of_teasers(review: Review, _: Sequence[Match]) -> dict[int, Evidence]:
    """The blocks of rails of teasers on the page of an article."""
    view, decision = review.view, review.decision
    if not view.is_article:
        return {}
    rails = blocks_of_rails(view, decision.body)
    return dict.fromkeys(rails, TEASERS)


def blocks_of_rails(view: PageView, body: Flags) -> list[int]:
    """The blocks of body that belong to rails of teasers."""
    # Most of what looks like a rail is residue already: nothing has to be found out about it.
    runs = [headlines for headlines in _runs(_headlines(view)) if body[headlines[0] : headlines[-1] + 2].any()]
    groups = [group for headlines in runs for group in _alike(view, headlines, view.host)]
    rails = [rail for group in groups for rail in _runs(group) if _is_below_story(view, body, rail)]
    return sorted({at for rail in rails for at in range(rail[0], rail[-1] + 2) if body[at]})


def _headlines(view: PageView) -> list[int]:
    """The blocks that may be headlines of teasers, each with a summary below it, in order."""
    words, linked = view.columns["words"], view.columns["link_share"]
    is_headline = view.is_linked_line & (words >= MIN_HEADLINE) & (view.scores < HEADLINE_BAR)
    is_headline &= view.columns["starts"] != _LOWER_CASE  # the name of an account begins with one
    is_headline[:-1] &= (linked[1:] < SUMMARY_LINKED) & (words[1:] >= MIN_SUMMARY)
    is_headline[-1:] = False
    return indices(is_headline)


def _runs(headlines: Sequence[int]) -> Iterator[list[int]]:
    """The headlines that stand close to each other, where they are enough for a rail."""
    run: list[int] = []
    for at in headlines:
        if run and at - run[-1] > MAX_DISTANCE:
            if len(run) >= MIN_TEASERS:
                yield run
            run = []
        run.append(at)
    if len(run) >= MIN_TEASERS:
        yield run


def _alike(view: PageView, headlines: Sequence[int], host: str) -> Iterable[list[int]]:
    """The headlines that lead to other pages of the site, those that look alike together."""
    alike: dict[tuple[str, Style], list[int]] = defaultdict(list)
    for at in headlines:
        block = view.page.blocks[at]
        if lead_on_site(block, host):  # a link that shows an answer leads nowhere
            alike[block.tag, view.look(block.node)].append(at)
    return alike.values()


def _is_below_story(view: PageView, body: Flags, headlines: Sequence[int]) -> bool:
    """Whether the headlines and summaries of a rail look like teasers, and stand below a story and outside of it."""
    blocks, parents = view.page.blocks, view.page.elements.parent
    words, summaries = view.word_counts, [at + 1 for at in headlines]
    story = indices(body[: headlines[0]])
    around_story = {parents[blocks[at].node] for at in story}
    return (
        all(parents[blocks[at].node] not in around_story for at in summaries)
        and bool(np.median(words[headlines]) >= TYPICAL_HEADLINE)
        and bool(np.median(view.scores[summaries]) < SUMMARY_BAR)
        and bool(words[story].sum() >= MIN_STORY)
    )
