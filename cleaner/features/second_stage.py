"""The additional columns of the second stage: the evidence of rules, and the first stage's scores of other blocks."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Evidence, Label
from cleaner.features import position
from cleaner.features.ancestors import AncestorTable
from cleaner.features.containers import LEVELS, Groups
from cleaner.features.context import last_index, next_index, root_words, shifted, window_mean
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns
from cleaner.text.odds import probability

#: Weights of evidence (log-odds) are cut off here. Rules that decide alone do so in the decision, not in the model.
MAX_WEIGHT: Final = 10.0
#: Neighbours on each side whose first-stage probabilities are columns.
NEIGHBOURS: Final = 3
#: A block is in doubt for ``first_page_doubt`` when its first-stage probability is between these.
DOUBT: Final = (0.1, 0.9)


def first_stage_columns(log_odds: Array, ancestors: AncestorTable, prose_map: ProseMap, groups: Groups) -> Columns:
    """The first stage's probability of body around each block: neighbours, windows, elements, groups, page.

    ``log_odds``: ``(n_blocks,) float32``, of body.
    """
    score = probability(log_odds)
    words = prose_map.stats.words.astype(np.float32)
    weight = root_words(prose_map).astype(np.float32)
    n = len(score)
    columns: dict[str, NDArray[Any]] = {"first": log_odds}
    columns |= shifted("first", score, NEIGHBOURS, fill=-1)
    for radius in (2, 6, 20):
        columns[f"first_window{radius}"] = window_mean(score, radius, weight)
    around = ancestors.sum_over_descendants(score * weight) / np.maximum(ancestors.sum_over_descendants(weight), 1e-6)
    for level in range(1, LEVELS + 1):
        columns[f"first_around_{level}"] = around[ancestors.at_level(level)]
    for name, group in groups.items():
        columns[f"first_{name}"] = (np.bincount(group, score * weight) / np.bincount(group, weight))[group]
    total = max(float(words.sum()), 1.0)
    expected = float((score * words).sum())  # words of body
    columns["first_page"] = np.full(n, expected / total)
    columns["first_page_words"] = np.full(n, expected)
    in_doubt = (score > DOUBT[0]) & (score < DOUBT[1])
    columns["first_page_doubt"] = np.full(n, float((score * words)[in_doubt].sum()) / max(expected, 1.0))
    order = np.argsort(-score, kind="stable")
    better = np.empty(n, np.float64)  # words of blocks with a higher probability
    better[order] = np.cumsum(words[order]) - words[order]
    columns["first_rank"] = better / max(expected, 1.0)
    body = score >= 0.5
    columns |= position.distances("body", body, prose_map)
    body_words = np.where(body, words, 0)
    columns["body_before"] = (np.cumsum(body_words) - body_words) / max(float(body_words.sum()), 1.0)
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}


def rule_columns(evidence: Sequence[Sequence[Evidence]]) -> Columns:
    """The highest weight of any evidence for each label, and for any residue label, of each block.

    ``evidence`` has an entry a block, of all blocks or of some. Columns are log-odds, 0 without evidence.
    """
    weights = {label: np.zeros(len(evidence), np.float32) for label in Label}
    for at, of_block in enumerate(evidence):
        for e in of_block:
            row = weights[e.label]
            row[at] = max(row[at], min(e.weight, MAX_WEIGHT))
    residue = np.max([values for label, values in weights.items() if label is not Label.BODY], axis=0)
    return {f"rule_{label}": values for label, values in weights.items()} | {"rule_residue": residue}


def rule_context_columns(residue: Array, prose_map: ProseMap) -> Columns:
    """The evidence for residue around each block. Residue comes in runs, of which rules match only some lines.

    ``residue``: ``(n_blocks,) float32``, the highest weight (log-odds) of any rule for a residue label; 0 for blocks
    on which rules were not run.
    """
    index = np.arange(len(residue))
    sums = np.concatenate([[0], np.cumsum(residue)])  # of the blocks before block i
    since = np.maximum(last_index(prose_map.in_prose) + 1, 0)
    until = next_index(prose_map.in_prose)
    columns = shifted("rule_residue", residue, 1, fill=0) | {
        "rule_window2": window_mean(residue, 2),
        "rule_window6": window_mean(residue, 6),
        "rule_since_prose": sums[index + 1] - sums[since],
        "rule_until_prose": sums[until] - sums[index],
    }
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}
