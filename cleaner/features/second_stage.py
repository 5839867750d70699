"""Columns of the second stage: what rules say of a block that is in doubt, and what the first stage thinks of the
blocks around it.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Evidence, Label
from cleaner.features import position
from cleaner.features.ancestors import AncestorTable
from cleaner.features.containers import LEVELS
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Ints

#: Weights beyond this are alike: a rule that decides alone does so elsewhere.
MAX_WEIGHT: Final = 10.0
#: Neighbours on each side whose first scores are columns of their own.
NEAR: Final = 3


def first_scores(log_odds: Array, ancestors: AncestorTable, prose_map: ProseMap, groups: dict[str, Ints]) -> Columns:
    """The first stage's probability of body: of the block, its neighbours, and all that stands or looks as it does."""
    score = (1 / (1 + np.exp(-log_odds))).astype(np.float32)
    words = prose_map.stats.words.astype(np.float32)
    weight = np.sqrt(np.maximum(words, 1))
    n = len(score)
    padded = np.concatenate([np.full(NEAR, -1), score, np.full(NEAR, -1)]).astype(np.float32)
    columns: dict[str, NDArray[Any]] = {"first": log_odds}
    columns |= {f"first_{k:+d}": padded[NEAR + k : n + NEAR + k] for k in range(-NEAR, NEAR + 1) if k}
    for reach in (2, 6, 20):
        columns[f"first_window{reach}"] = position.mean(score * weight, reach) / position.mean(weight, reach)
    around = ancestors.sum_over_descendants(score * weight) / np.maximum(ancestors.sum_over_descendants(weight), 1e-6)
    for level in range(1, LEVELS + 1):
        columns[f"first_around_{level}"] = around[ancestors.level(level)]
    for name, group in groups.items():
        columns[f"first_{name}"] = (np.bincount(group, score * weight) / np.bincount(group, weight))[group]
    total = max(float(words.sum()), 1.0)
    expected = float((score * words).sum())
    columns["first_page"] = np.full(n, expected / total)
    columns["first_page_words"] = np.full(n, expected)
    doubtful = (score > 0.1) & (score < 0.9)
    columns["first_page_doubt"] = np.full(n, float((score * words)[doubtful].sum()) / max(expected, 1.0))
    order = np.argsort(-score, kind="stable")
    better = np.empty(n, np.float64)
    better[order] = np.cumsum(words[order]) - words[order]
    columns["first_rank"] = better / max(expected, 1.0)
    body = score >= 0.5
    columns |= position.distances("body", body, prose_map)
    body_words = np.where(body, words, 0)
    before = np.cumsum(body_words) - body_words
    columns["body_before"] = before / max(float(body_words.sum()), 1.0)
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}


def rules(evidence: Sequence[Sequence[Evidence]]) -> Columns:
    """The surest weight that rules give each label, for each of some blocks; and that of any residue."""
    table = {label: np.zeros(len(evidence), np.float32) for label in Label}
    for at, about in enumerate(evidence):
        for e in about:
            row = table[e.label]
            row[at] = max(row[at], min(e.weight, MAX_WEIGHT))
    residue = np.max([values for label, values in table.items() if label is not Label.BODY], axis=0)
    return {f"rule_{label}": values for label, values in table.items()} | {"rule_residue": residue}


def rules_around(residue: Array, prose_map: ProseMap) -> Columns:
    """What rules say of the blocks around: the surest weight against each neighbour, the mean around, the sum since the
    last prose block and until the next one. Residue comes in runs, of which only some lines give themselves away.

    ``residue`` is the surest weight against each block of the page, 0 where nobody listened.
    """
    n = len(residue)
    padded = np.concatenate([[0], residue, [0]])
    prose = prose_map.in_prose
    index = np.arange(n)
    sums = np.concatenate([[0], np.cumsum(residue)])
    last = np.maximum.accumulate(np.where(prose, index, -1))
    following = np.minimum.accumulate(np.where(prose, index, n)[::-1])[::-1]
    found = {
        "rule_residue_-1": padded[:-2],
        "rule_residue_+1": padded[2:],
        "rule_window2": position.mean(residue, 2),
        "rule_window6": position.mean(residue, 6),
        "rule_since_prose": sums[index + 1] - sums[np.maximum(last + 1, 0)],
        "rule_until_prose": sums[following] - sums[index],
    }
    return {name: np.asarray(values, np.float32) for name, values in found.items()}
