"""What a memory says about the blocks of a page: evidence, which moves their log-odds before the decision."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from cleaner.document import Evidence, Label, Origin
from cleaner.memory import features
from cleaner.memory.index import Recurrence
from cleaner.memory.site_memory import SiteLookup, SiteMemory
from cleaner.memory.sites import Place
from cleaner.memory.weights import RecurrenceWeights, load
from cleaner.model.scoring import RECURRING, Scores
from cleaner.model.weights import PRIOR
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap

#: The last part of the name of this evidence: ``other.recurring``, ``subscription.recurring``.
NAME: Final = "recurring"
#: The least weight that is evidence, in log-odds.
MIN_WEIGHT: Final = 1.0
#: HTML: probability of being an article from which a memory is asked about a page.
ARTICLE: Final = 0.3
#: HTML: blocks with lower log-odds of body go anyway, and are not looked up.
ASKED_LOG_ODDS: Final = -2.5


def with_memory(scores: Scores, memory: SiteMemory, page: Page, prose_map: ProseMap, url: str) -> Scores:
    """The scores of a page with what a memory knows about its site; unchanged where it knows nothing."""
    blocks = asked_blocks(scores, page)
    lookup = memory.find(page, prose_map, blocks, url) if blocks else None
    return with_lookup(scores, page, prose_map, lookup, load()) if lookup else scores


def asked_blocks(scores: Scores, page: Page) -> Sequence[int]:
    """The blocks about which a memory is asked: all of a text, and those of an article's page that may stay. On the
    pages of shops and services, what recurs is content.
    """
    every = range(len(page.blocks))
    if page.kind == "text":
        return every
    if scores.columns["type_article"][0] < ARTICLE:
        return ()
    return [at for at in every if scores.log_odds[at] > ASKED_LOG_ODDS]


def with_lookup(
    scores: Scores, page: Page, prose_map: ProseMap, lookup: SiteLookup, learned: RecurrenceWeights
) -> Scores:
    """The scores of a page with what the index of its site says about its lines."""
    known = PageRecurrences(lookup.lines.blocks, lookup.index.recurrences_of(lookup.lines), lookup.place)
    return with_recurrences(scores, page, prose_map, known, learned)


class PageRecurrences(NamedTuple):
    """What is known of the lines of a page: the block of each, how it recurs, and on which site."""

    blocks: Sequence[int]
    recurrences: Sequence[Recurrence]
    place: Place


def with_recurrences(
    scores: Scores, page: Page, prose_map: ProseMap, known: PageRecurrences, learned: RecurrenceWeights
) -> Scores:
    """The scores of a page some of whose lines recur.

    The log-odds of a block whose line recurs are capped at those of a line of which nothing is known
    (:data:`~cleaner.model.weights.PRIOR`), and the weight of the evidence is subtracted, as for a user's own rules.
    Without the cap, no count could outweigh a model that is sure.
    """
    if all(line.documents < features.MIN_COUNT and line.part is None for line in known.recurrences):
        return scores
    about = features.columns(page, prose_map, known.blocks, known.recurrences, scores.log_odds)
    weights, of_part = learned.weights(about), about.of_part
    log_odds, recurring = scores.log_odds.copy(), {}
    column = np.zeros(len(log_odds), np.float32)
    for line in np.flatnonzero(weights >= MIN_WEIGHT).tolist():
        at, weight = known.blocks[line], round(float(weights[line]), 1)
        log_odds[at] = min(log_odds[at], PRIOR) - weight
        column[at] = weight
        recurring[at] = _evidence(about.found[line], known.place, weight, of_part=bool(of_part[line]))
    if not recurring:
        return scores
    return replace(scores, log_odds=log_odds, columns={**scores.columns, RECURRING: column}, recurring=recurring)


def _evidence(recurrence: Recurrence, place: Place, weight: float, *, of_part: bool) -> Evidence:
    where = place.section if recurrence.of_section else place.site
    what = "its beginning or end " if of_part else ""
    quote = f"{what}in {recurrence.documents} of {recurrence.known} documents of {where}"
    return Evidence(f"{Label.OTHER}.{NAME}", Label.OTHER, weight, quote, origin=Origin.SITE)
