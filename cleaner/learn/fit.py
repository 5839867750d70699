"""Fits the trees and puts a weights file together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from cleaner.features import Array, Columns, matrix
from cleaner.learn import dataset, scorers
from cleaner.learn.corpus import FOLDS
from cleaner.learn.dataset import Sample
from cleaner.model import FORMAT, Trees, Weights

#: Chosen by word F1 on unseen sites; one seed and a fixed number of threads make two runs give the same trees.
PARAMETERS: Mapping[str, Any] = {
    "objective": "cross_entropy",
    "learning_rate": 0.08,
    "num_leaves": 31,
    "max_depth": 8,
    "min_data_in_leaf": 150,
    "feature_fraction": 0.4,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "seed": 7,
    "verbosity": -1,
}
ROUNDS = 160


@dataclass(frozen=True, slots=True)
class Rows:
    """The training rows of all pages: a row a block."""

    samples: Sequence[Sample]
    columns: Sequence[Columns]
    shares: Array
    weight: Array
    folds: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights, and for each training block what models that have not seen its site say: log-odds of body."""

    weights: Weights
    out_of_fold: Array


#: Scores nothing: for columns that need no scorer.
NOTHING = Weights(Trees.none())


def with_about(weights: Weights, about: Mapping[str, Any]) -> Weights:
    """The same weights with another account of what they were learned from."""
    return replace(weights, about={"format": FORMAT, **about})


def rows(samples: Sequence[Sample], parts: Sequence[Weights]) -> Rows:
    """Training rows; ``parts`` are scorers, one a fold, that have not seen it."""
    shares = np.concatenate([s.shares for s in samples])
    number = np.concatenate([s.layout.words for s in samples]).astype(np.float32)
    # The root of the words, at most 8: short residue is to be learned too.
    weight = np.clip(np.sqrt(number), 1, 8)
    folds = np.repeat([s.example.fold for s in samples], [len(s.page.blocks) for s in samples])
    return Rows(samples, dataset.columns(samples, parts), shares, weight, folds)


def weights(samples: Sequence[Sample], about: Mapping[str, Any]) -> Fitted:
    """Everything learned from labelled pages, cross-validated by site on the way.

    The scorers' columns are computed out of fold: trained on what it has itself learned, a model would trust it more
    than new pages deserve.
    """
    whole, parts = scorers.fit(samples)
    margins, trees = boost(rows(samples, parts))
    return Fitted(with_about(replace(whole, trees=trees), about), margins)


def boost(data: Rows) -> tuple[Array, Trees]:
    """The out-of-fold margins of all rows, and the trees learned from all of them."""
    names = sorted(data.columns[0])
    table = np.concatenate([matrix(page, names) for page in data.columns])

    def train(use: NDArray[np.bool_]) -> lightgbm.Booster:
        chosen = lightgbm.Dataset(table[use], data.shares[use], weight=data.weight[use])
        return lightgbm.train(dict(PARAMETERS), chosen, num_boost_round=ROUNDS)

    margins = np.zeros(len(table), np.float32)
    for fold in range(FOLDS):
        left_out = data.folds == fold
        margins[left_out] = train(~left_out).predict(table[left_out], raw_score=True)
    everything = train(np.ones(len(table), bool))
    return margins, flatten(everything.dump_model()["tree_info"], names)


def flatten(trees: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Trees:
    """LightGBM's trees as arrays, with only the columns that they use."""
    nodes: list[tuple[int, float, int, int, float]] = []
    roots = [_add(tree["tree_structure"], nodes) for tree in trees]
    used = sorted({node[0] for node in nodes if node[0] >= 0})
    place = {feature: at for at, feature in enumerate(used)}
    return Trees(
        tuple(names[feature] for feature in used),
        np.array(roots, np.int32),
        np.array([place.get(node[0], 0) for node in nodes], np.int16),
        np.array([node[1] for node in nodes], np.float32),
        np.array([node[2] for node in nodes], np.int32),
        np.array([node[3] for node in nodes], np.int32),
        np.array([node[4] for node in nodes], np.float32),
        max((_depth(tree["tree_structure"]) for tree in trees), default=0),
    )


def _add(node: Mapping[str, Any], nodes: list[tuple[int, float, int, int, float]]) -> int:
    """Appends a node and what is below it; its number."""
    at = len(nodes)
    if "leaf_value" in node:
        nodes.append((-1, 0.0, at, at, node["leaf_value"]))
        return at
    nodes.append((-1, 0.0, at, at, 0.0))
    left, right = _add(node["left_child"], nodes), _add(node["right_child"], nodes)
    nodes[at] = (node["split_feature"], node["threshold"], left, right, 0.0)
    return at


def _depth(node: Mapping[str, Any]) -> int:
    return 0 if "leaf_value" in node else 1 + max(_depth(node["left_child"]), _depth(node["right_child"]))
