"""The additional columns of the second stage: the evidence of rules, and the first stage's scores of other blocks."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaner.document import Evidence, Label
from cleaner.features import position
from cleaner.features.ancestors import AncestorTable
from cleaner.features.containers import LEVELS, Groups
from cleaner.features.context import last_index, next_index, shifted, window_sums
from cleaner.features.measures import Measures
from cleaner.text.arrays import Array, Columns, Floats, columns_of, constant

#: Weights of evidence (log-odds) are cut off here. Rules that decide alone do so in the decision, not in the model.
MAX_WEIGHT: Final = 10.0
#: Neighbours on each side whose first-stage probabilities are columns.
NEIGHBOURS: Final = 3
#: A block is in doubt for ``first_page_doubt`` when its first-stage probability is between these.
DOUBT: Final = (0.1, 0.9)
#: The blocks on each side over which the mean probability, and the mean weight of rules, are columns.
RADII: Final = (2, 6, 20)
RULE_RADII: Final = (2, 6)

_ROWS: Final = {label: row for row, label in enumerate(Label)}
_RESIDUE_ROWS: Final = [row for label, row in _ROWS.items() if label is not Label.BODY]
#: The columns of the evidence about a block itself, in the order of :func:`rule_table`.
RULES: Final = (*(f"rule_{label}" for label in Label), "rule_residue")


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
    order = np.argsort(-score, kind="stable")
    better = np.empty(n, np.float64)  # words of blocks with a higher probability
    better[order] = np.cumsum(words[order]) - words[order]
    body = score >= 0.5
    sure_words = words * body
    before = np.cumsum(sure_words) - sure_words
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


def rule_table(evidence: Sequence[Sequence[Evidence]]) -> Array:
    """The highest weight of any evidence for each label, and for any residue label, of each block.

    ``evidence`` has an entry a block, of all blocks or of some: ``(len(RULES), len(evidence)) float32``, log-odds, 0
    without evidence.
    """
    highest: dict[tuple[int, int], float] = {}
    for at, of_block in enumerate(evidence):
        for e in of_block:
            place = _ROWS[e.label], at
            highest[place] = max(highest.get(place, 0.0), e.weight)
    table = np.zeros((len(RULES), len(evidence)), np.float32)
    if highest:
        rows, blocks = zip(*highest, strict=True)
        table[rows, blocks] = np.minimum(list(highest.values()), MAX_WEIGHT)
        table[-1] = table[_RESIDUE_ROWS].max(axis=0)
    return table


def rule_columns(evidence: Sequence[Sequence[Evidence]]) -> Columns:
    """The columns ``RULES`` of each block, from :func:`rule_table`."""
    return columns_of(RULES, rule_table(evidence))


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
