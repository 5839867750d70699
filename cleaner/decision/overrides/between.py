"""Prose that the model alone would drop, between prose that looks the same and stays, or below the last of it."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from cleaner.decision.overrides.override import Review
from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.model.scoring import RECURRING
from cleaner.rules.evidence import Match
from cleaner.rules.gather import evidence_for_blocks
from cleaner.segment.page import Page, Style
from cleaner.text.arrays import Flags
from cleaner.text.structure import ITEMS_AND_CELLS

#: Why it stays.
BETWEEN: Final = Evidence("body.between", Label.BODY, 4.0, "between paragraphs like it", origin=Origin.NEIGHBOUR)
BELOW: Final = Evidence("body.below", Label.BODY, 4.0, "below paragraphs beside it", origin=Origin.NEIGHBOUR)
#: Prose below the last paragraph that stays has this score at least, and at most so many blocks between it and that
#: paragraph.
BELOW_BAR: Final = 0.25
BELOW_REACH: Final = 20
#: Elements from a paragraph without classes upwards that look like those of another one of its kind.
COMPARED_ELEMENTS: Final = 6


def prose_between_siblings(review: Review, _: Sequence[Match]) -> dict[int, Evidence]:
    """The prose between kept siblings about which no rule says anything, and no memory."""
    return _unless_known(review, prose_between(review.view, review.decision.body), BETWEEN)


def prose_below_siblings(review: Review, _: Sequence[Match]) -> dict[int, Evidence]:
    """The prose below the last kept prose about which no rule says anything, and no memory."""
    return _unless_known(review, prose_below(review.view, review.decision.body), BELOW)


def _unless_known(review: Review, prose: Sequence[int], found: Evidence) -> dict[int, Evidence]:
    """Evidence for the blocks about which no rule says that they are residue, and that do not recur."""
    decision, recurs = review.decision, review.view.columns.get(RECURRING)
    asked = [at for at in prose if at not in decision.decisive and (recurs is None or recurs[at] <= 0)]
    if not asked:
        return {}
    by_block = evidence_for_blocks(review.prepared.matcher, asked)
    return {at: found for at, pieces in zip(asked, by_block, strict=True) if all(e.label is Label.BODY for e in pieces)}


def prose_below(view: PageView, body: Flags) -> list[int]:
    """The prose below the last prose of an article that stays, beside it and with the same tag; no items, no links.

    A model that takes an article to be over, as behind an advert, drops its last paragraphs. What has a link may lead
    to what the publisher offers.
    """
    kept = view.prose(body)
    if not view.is_sure_article or not kept or view.page.blocks[kept[-1]].tag in ITEMS_AND_CELLS:
        return []
    page, last = view.page, kept[-1]
    parents, tag = page.elements.parent, page.blocks[last].tag
    reach = range(last + 1, min(last + 1 + BELOW_REACH, len(body)))
    may_stay = view.prose_map.in_prose & (view.scores >= BELOW_BAR)
    alike = [at for at in reach if may_stay[at] and page.blocks[at].tag == tag and not page.blocks[at].linked]
    around = parents[page.own_element(last)] if alike else 0
    return [at for at in alike if parents[page.own_element(at)] == around]


def prose_between(view: PageView, body: Flags) -> list[int]:
    """The prose that goes although prose before and behind it stays with the same tag and classes.

    Where it has no classes, the elements around it look alike as well. Quotations count that stand between two blocks
    of body.
    """
    kept = view.prose(body)
    missing = [at for at in view.prose(~body) if kept and kept[0] < at < kept[-1]]
    if not missing:
        return []
    first: dict[tuple[Style, ...], int] = {}
    last: dict[tuple[Style, ...], int] = {}
    for at in kept:
        first.setdefault(_kind(view, at), at)
        last[_kind(view, at)] = at
    return [
        at
        for at in missing
        if first.get(kind := _kind(view, at), at) < at < last.get(kind, at) or _is_quoted_between(view.page, body, at)
    ]


def _kind(view: PageView, at: int) -> tuple[Style, ...]:
    """What the elements of paragraphs of one kind have in common: tag and classes, or those of the elements around
    where they have no classes.
    """
    node = view.page.blocks[at].node
    own = view.look(node)
    if own.tokens:
        return (own,)
    around = islice(view.page.elements.outwards(node), COMPARED_ELEMENTS)
    return tuple(view.look(element) for element in around)


def _is_quoted_between(page: Page, body: Flags, at: int) -> bool:
    """Whether a block is a quotation of its own, set between two blocks of body in the element around the quotation."""
    parents, blocks = page.elements.parent, page.blocks
    if "blockquote" not in blocks[at].context or not (0 < at < len(body) - 1 and body[at - 1] and body[at + 1]):
        return False
    around = parents[blocks[at - 1].node]
    return around == parents[blocks[at + 1].node] and around == parents[parents[blocks[at].node]]
