"""Which rules tell the label of a block, measured on the blocks that were read."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Final

import numpy as np

from cleaner.document import Label, Origin
from cleaner.features.naming import NUMBER_OF
from cleaner.learn.naming.sample import Key, NamingSample
from cleaner.rules.packs import concepts

#: A concept tells the label of a block where the lower bound of its precision is at least this; all concepts together
#: count like so many sites of each.
RELIABLE: Final = 0.7
POOLED_SITES: Final = 4.0

#: For each concept and way of matching, whether it tells the label of a block.
Reliability = Mapping[Key, bool]


def reliability(samples: Sequence[NamingSample]) -> Reliability:
    """Which concepts tell the label of a block, by the blocks that were read.

    The share of blocks of a site that a concept is right about counts as one; the lower bound is that of
    :class:`cleaner.model.rule_precision.RulePrecision`.
    """
    verdicts: dict[Key, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for sample in samples:
        for key, is_right in _verdicts(sample):
            verdicts[key][sample.example.site].append(is_right)
    sites = {key: [sum(blocks) / len(blocks) for blocks in of_site.values()] for key, of_site in verdicts.items()}
    pooled = {
        origin: float(np.mean([share for key, shares in sites.items() if key[1] is origin for share in shares] or 0.5))
        for origin in Origin
    }
    return {key: _lower_bound(shares, pooled[key[1]]) >= RELIABLE for key, shares in sites.items()}


def _verdicts(sample: NamingSample) -> Iterator[tuple[Key, bool]]:
    """For each piece of evidence about a block that was read, whether it is for the reader's label."""
    if not sample.evidence:
        return
    labels = zip(sample.rows.tolist(), sample.read.tolist(), strict=True)
    read = [(piece, label) for at, label in labels if label >= 0 for piece in sample.evidence[at]]
    for piece, label in read:
        if piece.label in NUMBER_OF:
            yield (piece.name, piece.origin), NUMBER_OF[piece.label] == label


def _lower_bound(shares: Sequence[float], pooled: float) -> float:
    number = len(shares) + POOLED_SITES
    mean = (sum(shares) + POOLED_SITES * pooled) / number
    return mean - sqrt(mean * (1 - mean) / (number + 1))


def telling_concepts(known_by: Reliability) -> frozenset[Key]:
    """The concepts that decide about the name of a block by an element around it, or by a heading above it."""
    without_words = {Origin.ELEMENT, Origin.INHERITED}
    known = {key for key, is_reliable in known_by.items() if key[1] in without_words and is_reliable}
    return frozenset(key for key in known if key[0] not in _byline_concepts())


def indecisive_concepts(known_by: Reliability) -> frozenset[str]:
    """The concepts that do not decide about the name of a block, though its own words match: those that were often
    wrong, and bylines, since the names and dates of comments and of other articles look the same.
    """
    unreliable = {name for (name, origin), known in known_by.items() if origin is Origin.WORDS and not known}
    return _byline_concepts() | unreliable


def _byline_concepts() -> frozenset[str]:
    return frozenset(concept.name for concept in concepts().values() if concept.label is Label.BYLINE)
