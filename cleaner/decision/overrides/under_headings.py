"""Pleas under a heading that says so: "Support our work", and below it a paragraph that asks for a donation.

The paragraph looks like those of the article, and is too long for one rule to decide about it. Two that agree do.
"""

from collections.abc import Sequence
from typing import Final

from cleaner.decision.overrides.override import Review
from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import CERTAIN, STRONG, Match
from cleaner.text.arrays import indices

#: Words of such a heading, at most.
HEADING_WORDS: Final = 12
#: The weight (log-odds) of the rule about the block below, at least. About the heading it is a strong one.
WEIGHT_BELOW: Final = 3.0
#: What such a heading may announce.
LABELS: Final = frozenset({Label.SUBSCRIPTION, Label.ADVERT, Label.AUTHOR})
#: The name and weight (log-odds) of the evidence.
UNDER_HEADING: Final = "rule.under_heading"
UNDER_HEADING_WEIGHT: Final = 6.0


def headings_above_body(review: Review) -> set[int]:
    """The headings of an article right above a block of body."""
    view, body = review.view, review.decision.body
    if not view.is_sure_article:
        return set()
    is_heading = (view.prose_map.level > 0) & (view.prose_map.stats.words <= HEADING_WORDS)
    return set(indices(is_heading[:-1] & body[1:]))


def pleas_under_headings(review: Review, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The blocks right below a heading that goes, where a rule says the same of both; and the paragraph right below a
    heading that certainly announces the author's biography.
    """
    headings = {
        at: evidence
        for at, evidence, _ in matches
        if evidence.label in LABELS and evidence.weight >= STRONG and review.goes(at, evidence)
    }
    below = [at + 1 for at in headings]
    agreed = {
        at
        for at, evidence, _ in review.matches(below)
        if evidence.label is headings[at - 1].label and evidence.weight >= WEIGHT_BELOW
    }
    agreed |= {at for at in below if _introduces_author(review, headings[at - 1], at)}
    return {
        at: Evidence(UNDER_HEADING, heading.label, UNDER_HEADING_WEIGHT, heading.quote, origin=Origin.INHERITED)
        for at in sorted(agreed)
        if (heading := headings[at - 1])
    }


def _introduces_author(review: Review, heading: Evidence, below: int) -> bool:
    """Whether a heading certainly announces the author's biography ("Who wrote this?"), and a paragraph is below it."""
    is_certain = heading.label is Label.AUTHOR and heading.weight >= CERTAIN
    return is_certain and not review.view.page.blocks[below].level
