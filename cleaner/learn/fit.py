"""Fits the trees of both stages and puts a weights file together."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any

import lightgbm
import numpy as np

from cleaner.features.columns import FIRST as FIRST_COLUMNS
from cleaner.features.columns import SECOND as SECOND_COLUMNS
from cleaner.features.page_features import PageFeatures, matrix
from cleaner.learn import pagetypes, scorers
from cleaner.learn.corpus import FOLDS
from cleaner.learn.dataset import Sample
from cleaner.model.trees import Trees
from cleaner.model.weights import FORMAT, RULES, SURE_BODY, SURE_RESIDUE, Weights, in_doubt
from cleaner.text.arrays import Array, Flags, Ints

#: Chosen by word F1 and log-loss on unseen sites; one seed and a fixed number of threads make two runs give the same
#: trees.
PARAMETERS: Mapping[str, Any] = {
    "objective": "cross_entropy",
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "seed": 3,
    "verbosity": -1,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """How the trees of a stage are grown: how many, how fast they learn, how many leaves and levels a tree has at most,
    and how many rows a leaf at least.
    """

    rounds: int
    learning_rate: float
    leaves: int = 31
    least: int = 150
    depth: int = 6


FIRST = Stage(120, 0.1, least=400)
SECOND = Stage(160, 0.1)


@dataclass(frozen=True, slots=True)
class Rows:
    """Training rows, one a block: a table of columns, what is to be learned, and which part of the
    cross-validation each row is in. ``base`` are log-odds that the trees correct: 0 where there are none.
    """

    names: list[str]
    table: Array
    shares: Array
    weight: Array
    folds: Ints
    base: Array | None = None

    def train(self, use: Flags, stage: Stage) -> lightgbm.Booster:
        """Trees learned from some of the rows."""
        base = None if self.base is None else self.base[use]
        chosen = lightgbm.Dataset(self.table[use], self.shares[use], weight=self.weight[use], init_score=base)
        parameters = {
            **PARAMETERS,
            "learning_rate": stage.learning_rate,
            "num_leaves": stage.leaves,
            "max_depth": stage.depth,
            "min_data_in_leaf": stage.least,
        }
        return lightgbm.train(parameters, chosen, num_boost_round=stage.rounds)

    def trees(self, stage: Stage) -> Trees:
        """Trees learned from all rows."""
        model = self.train(np.ones(len(self.folds), bool), stage)
        return flatten(model.dump_model()["tree_info"], self.names)

    def log_odds(self, stage: Stage, without: Collection[int]) -> Array:
        """The log_odds of the rows of some folds, by trees that have not seen them; of the others 0."""
        out = np.zeros(len(self.folds), np.float32)
        left_out = np.isin(self.folds, list(without))
        out[left_out] = self.train(~left_out, stage).predict(self.table[left_out], raw_score=True)
        if self.base is not None:
            out[left_out] += self.base[left_out]
        return out

    def only(self, use: Flags, table: Array, names: list[str]) -> "Rows":
        """Some of the rows, with another table."""
        return Rows(names, table, self.shares[use], self.weight[use], self.folds[use])


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights; and for each page what models say that have not seen its site: the log-odds of body of its blocks, and
    the columns that the decision reads.
    """

    weights: Weights
    log_odds: Sequence[Array]
    features: Sequence[PageFeatures]


def recipe() -> str:
    """A fingerprint of how weights are learned: the parameters, and the columns that there are. Weights with another
    one are not those that this version fits.
    """
    columns = sorted({*FIRST_COLUMNS, *SECOND_COLUMNS})
    parts = [sorted(PARAMETERS.items()), asdict(FIRST), asdict(SECOND), columns, SURE_RESIDUE, SURE_BODY]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def with_about(weights: Weights, about: Mapping[str, Any]) -> Weights:
    """The same weights with another account of what they were learned from."""
    return replace(weights, about={"format": FORMAT, **about})


def weights(samples: Sequence[Sample], about: Mapping[str, Any]) -> Fitted:
    """Everything learned from labelled pages, cross-validated by site on the way.

    What one step hands to the next is computed out of fold: trained on what it has itself learned, a model would
    trust it more than new pages deserve.
    """
    whole, parts = scorers.fit(samples)
    features = [PageFeatures(s.page, s.prose_map, parts[s.example.fold]) for s in samples]
    types, type_probabilities = pagetypes.fit(samples, features)
    for page_features, row in zip(features, type_probabilities, strict=True):
        page_features.typed(row)
    first = first_rows(samples, features)
    log_odds, nested = _first_log_odds(first)
    second, _ = second_rows(samples, features, log_odds, first)
    trees = (first.trees(FIRST), second.trees(SECOND))
    out = log_odds.copy()
    for fold, seen in enumerate(nested):
        rows, doubtful = second_rows(samples, features, seen, first)
        here = rows.folds == fold
        known = rows.table[:, rows.names.index("rule_residue")]
        out[np.flatnonzero(doubtful)[here]] = (rows.log_odds(SECOND, [fold]) - np.float32(RULES) * known)[here]
    fitted = with_about(replace(whole, first=trees[0], second=trees[1], types=types), about)
    return Fitted(fitted, np.split(out, np.cumsum([len(s.page.blocks) for s in samples])[:-1]), features)


def _first_log_odds(first: Rows) -> tuple[Array, list[Array]]:
    """The first stage's log_odds, each by trees that have not seen its fold; and for each fold those that its second
    stage may learn from: by trees that have seen neither that fold nor the row's own.
    """
    alone = [first.log_odds(FIRST, [fold]) for fold in range(FOLDS)]
    out = np.sum(alone, axis=0)
    nested = [part.copy() for part in alone]
    for one, other in combinations(range(FOLDS), 2):
        both = first.log_odds(FIRST, [one, other])
        nested[one] += np.where(first.folds == other, both, 0)
        nested[other] += np.where(first.folds == one, both, 0)
    return out, nested


def first_rows(samples: Sequence[Sample], features: Sequence[PageFeatures]) -> Rows:
    """The rows of the first stage: all blocks.

    A page counts as much as any other, whatever its size, as it does in the measures; within it blocks count by the
    root of their words, at most 8: short residue is to be learned too.
    """
    words = [np.clip(np.sqrt(np.array(s.prose_map.words, np.float32)), 1, 8) for s in samples]
    weight = np.concatenate([w / w.sum() for w in words])
    names = sorted(features[0].first)
    return Rows(
        names,
        np.concatenate([matrix(features.first, names) for features in features]),
        np.concatenate([s.shares for s in samples]),
        weight / weight.mean(),
        np.repeat([s.example.fold for s in samples], [len(w) for w in words]),
    )


def second_rows(
    samples: Sequence[Sample], features: Sequence[PageFeatures], log_odds: Array, first: Rows
) -> tuple[Rows, Flags]:
    """The rows of the second stage, and which of all blocks they are: those that the first leaves in doubt."""
    cuts = np.cumsum([len(s.page.blocks) for s in samples])[:-1]
    names: list[str] = []
    tables: list[Array] = []
    for sample, page_features, own in zip(samples, features, np.split(log_odds, cuts), strict=True):
        doubtful = np.flatnonzero(in_doubt(own))
        if len(doubtful):
            columns = page_features.second(own, doubtful, [sample.evidence[at] for at in doubtful])
            names = names or sorted(columns)
            tables.append(matrix(columns, names, doubtful))
    everywhere = in_doubt(log_odds)
    return first.only(everywhere, np.concatenate(tables), names), everywhere


def flatten(trees: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Trees:
    """LightGBM's trees as arrays, with only the columns that they use."""
    nodes: list[tuple[int, float, int, float]] = []
    roots = [_add(tree["tree_structure"], nodes) for tree in trees]
    used = sorted({feature for feature, *_ in nodes if feature >= 0})
    place = {feature: at for at, feature in enumerate(used)}
    leaf = np.array([feature < 0 for feature, *_ in nodes])
    here = np.arange(len(nodes))
    right = np.array([node[2] for node in nodes])
    return Trees(
        tuple(names[feature] for feature in used),
        np.array(roots, np.int64),
        np.array([place.get(feature, 0) for feature, *_ in nodes], np.int64),
        np.array([node[1] for node in nodes], np.float32),
        np.stack([np.where(leaf, here, here + 1), right], axis=1).ravel(),
        np.array([node[3] for node in nodes], np.float32),
        max((_depth(tree["tree_structure"]) for tree in trees), default=0),
    )


def _add(node: Mapping[str, Any], nodes: list[tuple[int, float, int, float]]) -> int:
    """Appends a node (feature, threshold, right child, value) and what is below it, left first; its number."""
    at = len(nodes)
    if "leaf_value" in node:
        nodes.append((-1, 0.0, at, node["leaf_value"]))
        return at
    nodes.append((-1, 0.0, at, 0.0))
    _add(node["left_child"], nodes)
    right = _add(node["right_child"], nodes)
    nodes[at] = (node["split_feature"], node["threshold"], right, 0.0)
    return at


def _depth(node: Mapping[str, Any]) -> int:
    return 0 if "leaf_value" in node else 1 + max(_depth(node["left_child"]), _depth(node["right_child"]))
