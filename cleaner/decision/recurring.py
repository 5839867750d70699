"""What recurs on a site: the door to the memories (:mod:`cleaner.memory`), and the labels of what they know."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from cleaner.decision.policy import Policy
from cleaner.decision.state import Prepared
from cleaner.document import Evidence, Label
from cleaner.model.scoring import Scores
from cleaner.rules.evidence import EvidenceByBlock

#: Blocks beside a recurring one from which it may take its label, at most.
LABEL_REACH: Final = 3


def recall(prepared: Prepared, scores: Scores, policy: Policy) -> Scores:
    """The scores with what the policy's memory knows about the site of the source."""
    if policy.memory is None or not prepared.request.url:
        return scores
    from cleaner.memory.evidence import with_memory  # who has no memory loads nothing of it

    return with_memory(scores, policy.memory, prepared.page, prepared.prose_map, prepared.request.url)


def with_recurring(by_block: EvidenceByBlock, recurring: Mapping[int, Evidence]) -> EvidenceByBlock:
    """All evidence about each block, with that of a memory. It counts for the label that rules give the block, or else
    the nearest block beside it that recurs too.
    """
    if not recurring:
        return by_block
    labels = {at: _label(by_block[at]) for at in recurring}
    return [
        [*pieces, _named(recurring[at], _nearest(at, labels))] if at in recurring else pieces
        for at, pieces in enumerate(by_block)
    ]


def _label(pieces: Sequence[Evidence]) -> Label:
    residue = [e for e in pieces if e.label not in (Label.BODY, Label.OTHER)]
    return max(residue, key=lambda e: (e.weight, e.name)).label if residue else Label.OTHER


def _nearest(at: int, labels: Mapping[int, Label]) -> Label:
    """The label of a block, or of the nearest one that recurs as well, with none in between that does not."""
    if labels[at] is not Label.OTHER:
        return labels[at]
    for distance in range(1, LABEL_REACH + 1):
        for step in (-1, 1):
            reached = [labels.get(at + step * part) for part in range(1, distance + 1)]
            if None not in reached and (label := reached[-1]) not in (None, Label.OTHER):
                return label
    return Label.OTHER


def _named(piece: Evidence, label: Label) -> Evidence:
    """The evidence under the name of a label: ``other.recurring`` becomes ``subscription.recurring``."""
    return replace(piece, name=f"{label}.{piece.name.partition('.')[2]}", label=label)
