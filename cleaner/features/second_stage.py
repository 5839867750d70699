"""The additional columns of the second stage: the evidence of rules, and the first stage's scores of other blocks."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np

from cleaner.document import Evidence, Label
from cleaner.features import position
from cleaner.features.ancestors import AncestorTable
from cleaner.features.containers import LEVELS, Groups
from cleaner.features.context import last_index, next_index, shifted, window_sums
from cleaner.features.measures import Measures
from cleaner.text.arrays import Array, Columns, Floats, Ints, columns_of, constant

#: Weights of evidence (log-odds) are cut off here. Rules that decide alone do so in the decision, not in the model.
MAX_WEIGHT: Final = 10.0
#: Neighbours on each side whose first-stage probabilities are columns.
NEIGHBOURS: Final = 3
#: A block is in doubt for ``first_page_doubt`` when its first-stage probability is between these.
DOUBT: Final = (0.1, 0.9)
#: The blocks on each side over which the mean probability, and the mean weight of rules, are columns.
RADII: Final = (2, 6, 20)
RULE_RADII: Final = (2, 6)

#: The labels that rules speak for.
LABELS: Final = tuple(Label)


def first_stage_columns(log_odds: Array, score: Array, measures: Measures) -> Columns:
    """The first stage's probability of body of each block, of its neighbours, and over the page.

    ``log_odds`` and ``score``, its probability: ``(n_blocks,) float32``, of body.
    """
    n, words = len(score), measures.words
    columns: Columns = {"first": log_odds} | shifted("first", score, NEIGHBOURS, fill=-1)
    sums = window_sums(np.array([score * measures.weight, measures.weight]), RADII)
    columns |= columns_of([f"first_window{by}" for by in RADII], np.array([scores / weight for scores, weight in sums]))
    body_words = score * words
    expected = float(body_words.sum())  # words of body
    in_doubt = (score > DOUBT[0]) & (score < DOUBT[1])
    of_page = {
        "first_page": expected / measures.all_words,
        "first_page_words": expected,
        "first_page_doubt": float(body_words[in_doubt].sum()) / max(expected, 1.0),
    }
    order = (-score).argsort(kind="stable")
    ranked = words.take(order)
    better = np.empty(n, np.float64)  # words of blocks with a higher probability
    better[order] = ranked.cumsum() - ranked
    body = score >= 0.5
    sure_words = words * body
    before = sure_words.cumsum() - sure_words
    ranks = np.array([better / max(expected, 1.0), before / max(float(sure_words.sum()), 1.0)])
    columns |= columns_of(["first_rank", "body_before"], ranks)
    return columns | position.distances({"body": body}, measures) | constant(of_page, n)


def container_columns(score: Array, ancestors: AncestorTable, groups: Groups, measures: Measures) -> Columns:
    """The weighted mean probability, ``score``, of all blocks in each of the elements above a block, and in its groups.

    ``groups`` are those of :func:`cleaner.features.containers.block_groups`.
    """
    rows = np.array([score * measures.weight, measures.weight])
    scores, weights = ancestors.sums_over_descendants(rows).take(ancestors.at_levels(1, LEVELS + 1), axis=1)
    names = [f"first_around_{level}" for level in range(1, LEVELS + 1)]
    of_groups, weights_of_groups = groups.sums(rows)
    return columns_of(names, scores / np.maximum(weights, 1e-6)) | columns_of(
        [f"first_{kind}" for kind in groups.kinds], of_groups / weights_of_groups
    )


def rule_columns(evidence: Sequence[Sequence[Evidence]], at: Ints | None = None, n_blocks: int = 0) -> Columns:
    """The highest weight of any evidence for each label, and for any residue label, of each block.

    ``evidence`` has one entry per block: for all blocks, or for those of the indices ``at`` among ``n_blocks``. Columns
    are log-odds, 0 without evidence.
    """
    places = range(len(evidence)) if at is None else at.tolist()
    n = len(evidence) if at is None else n_blocks
    row_of = {label: row for row, label in enumerate(LABELS)}
    highest: dict[int, float] = {}  # by the place in the table
    for place, of_block in zip(places, evidence, strict=True):
        for e in of_block:
            cell = row_of[e.label] * n + place
            highest[cell] = max(highest.get(cell, 0.0), e.weight)
    table = np.zeros((len(LABELS) + 1, n), np.float32)
    if highest:
        table.ravel()[list(highest)] = np.minimum(list(highest.values()), MAX_WEIGHT)
        table[-1] = table[[row for label, row in row_of.items() if label is not Label.BODY]].max(axis=0)
    return columns_of(_rule_names(LABELS), table)


@cache
def _rule_names(labels: tuple[Label, ...]) -> tuple[str, ...]:
    return *(f"rule_{label}" for label in labels), "rule_residue"


def rule_context_columns(residue: Array, measures: Measures) -> Columns:
    """The evidence for residue around each block. Residue comes in runs, of which rules match only some lines.

    ``residue``: ``(n_blocks,) float32``, the highest weight (log-odds) of any rule for a residue label; 0 for blocks
    on which rules were not run.
    """
    n = len(residue)
    before: Floats = np.zeros(n + 1)  # of the blocks before each block
    np.cumsum(residue, out=before[1:])
    since, until = last_index(measures.is_prose) + 1, next_index(measures.is_prose)
    rows = [sums / number for sums, number in window_sums(np.array([residue, np.ones(n)]), RULE_RADII)]
    rows += [before[1:] - before[since], before[until] - before[:-1]]
    names = *(f"rule_window{by}" for by in RULE_RADII), "rule_since_prose", "rule_until_prose"
    return shifted("rule_residue", residue, 1, fill=0) | columns_of(names, np.array(rows))
