"""Prose that the model alone would drop, between prose that looks the same and stays."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaner.decision.overrides.override import Review
from cleaner.document import Evidence, Label, Origin
from cleaner.model.scoring import RECURRING
from cleaner.rules.evidence import Match
from cleaner.rules.gather import evidence_for_blocks
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Flags

#: The name and weight (log-odds) of the evidence.
BETWEEN: Final = "body.between"
BETWEEN_WEIGHT: Final = 4.0
#: Elements from a paragraph without classes upwards that look like those of another one of its kind.
COMPARED_ELEMENTS: Final = 6


def prose_between_siblings(review: Review, _: Sequence[Match]) -> dict[int, Evidence]:
    """The prose between kept siblings about which no rule says anything, and no memory."""
    page, prose_map, decision = review.view.page, review.view.prose_map, review.decision
    dropped = np.flatnonzero(prose_between(page, prose_map, decision.body)).tolist()
    recurs = review.view.columns.get(RECURRING, np.zeros(len(decision.body), np.float32)) > 0
    asked = [at for at in dropped if at not in decision.decisive and not recurs[at]]
    if not asked:
        return {}
    by_block = evidence_for_blocks(review.prepared.matcher, asked)
    found = Evidence(BETWEEN, Label.BODY, BETWEEN_WEIGHT, "between paragraphs like it", origin=Origin.NEIGHBOUR)
    return {at: found for at, pieces in zip(asked, by_block, strict=True) if all(e.label is Label.BODY for e in pieces)}


def prose_between(page: Page, prose_map: ProseMap, body: Flags) -> Flags:
    """The prose that goes although prose before and behind it stays with the same tag and classes: (n_blocks,) bool.

    Where it has no classes, the elements around it look alike as well. Quotations count that stand between two blocks
    of body.
    """
    between = np.zeros(len(body), bool)
    kept = np.flatnonzero(prose_map.in_prose & body)
    if not len(kept):
        return between
    inner = np.flatnonzero(prose_map.in_prose[kept[0] : kept[-1]] & ~body[kept[0] : kept[-1]]) + kept[0]
    if not len(inner):
        return between
    elements, looks = page.elements, page.elements.looks()

    def kind(at: int) -> tuple[int, ...]:
        node = page.blocks[at].node
        has_classes = any(token[0] != "#" for token in elements.styles[elements.style[node]].tokens)
        if has_classes:
            return (looks[elements.style[node]],)
        chain: list[int] = []
        while node > 0 and len(chain) < COMPARED_ELEMENTS:
            chain.append(looks[elements.style[node]])
            node = elements.parent[node]
        return tuple(chain)

    first: dict[tuple[int, ...], int] = {}
    last: dict[tuple[int, ...], int] = {}
    for at in kept.tolist():
        first.setdefault(kind(at), at)
        last[kind(at)] = at
    for at in inner.tolist():
        between[at] = first.get(kind(at), at) < at < last.get(kind(at), at) or _is_quoted_between(page, body, at)
    return between


def _is_quoted_between(page: Page, body: Flags, at: int) -> bool:
    """Whether a block is a quotation of its own, set between two blocks of body in the element around the quotation."""
    parents, blocks = page.elements.parent, page.blocks
    if "blockquote" not in blocks[at].context or not (0 < at < len(body) - 1 and body[at - 1] and body[at + 1]):
        return False
    around = parents[blocks[at - 1].node]
    return around == parents[blocks[at + 1].node] and around == parents[parents[blocks[at].node]]
