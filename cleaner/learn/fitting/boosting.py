"""Boosted trees: the training rows, LightGBM's fit on them, and its trees as the library reads them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np

from cleaner.learn.data.pages import Sample
from cleaner.learn.data.texts import TextSample
from cleaner.learn.hyperparameters import LIGHTGBM, SEED, Stage
from cleaner.model.trees import Trees
from cleaner.text.arrays import Array, Flags, Ints


@dataclass(frozen=True, slots=True)
class Rows:
    """Training rows, one a block.

    Fields:

    - ``names``: the columns.
    - ``table``: ``(n_rows, n_names) float32``.
    - ``targets``: ``(n_rows,) float32``, the share of body that the trees learn.
    - ``weight``: ``(n_rows,) float32``.
    - ``folds``: ``(n_rows,) int64``, the fold of the block's site.
    - ``prior``: ``(n_rows,) float32``, log-odds of body that the trees are fitted to correct; None for 0.
    """

    names: list[str]
    table: Array
    targets: Array
    weight: Array
    folds: Ints
    prior: Array | None = None

    def boost(self, use: Flags, stage: Stage, seed: int = SEED) -> lightgbm.Booster:
        """LightGBM's model, fitted on the rows in ``use``, ``(n_rows,) bool``."""
        prior = None if self.prior is None else self.prior[use]
        data = lightgbm.Dataset(self.table[use], self.targets[use], weight=self.weight[use], init_score=prior)
        parameters = {
            **LIGHTGBM,
            "seed": seed,
            "learning_rate": stage.learning_rate,
            "num_leaves": stage.leaves,
            "max_depth": stage.depth,
            "min_data_in_leaf": stage.min_rows,
        }
        return lightgbm.train(parameters, data, num_boost_round=stage.rounds)

    def trees(self, stage: Stage) -> Trees:
        """The trees fitted on all rows."""
        model = self.boost(np.ones(len(self.folds), bool), stage)
        return from_lightgbm(model.dump_model(), self.names)

    def out_of_fold(self, stage: Stage, folds: Collection[int], seed: int = SEED) -> Array:
        """The log-odds of body of the rows in some folds, by trees fitted on all other folds; 0 for other rows.

        ``(n_rows,) float32``, the prior included.
        """
        log_odds = np.zeros(len(self.folds), np.float32)
        left_out = np.isin(self.folds, list(folds))
        log_odds[left_out] = self.boost(~left_out, stage, seed).predict(self.table[left_out], raw_score=True)
        if self.prior is not None:
            log_odds[left_out] += self.prior[left_out]
        return log_odds

    def select(self, use: Flags, table: Array, names: list[str]) -> "Rows":
        """The rows in ``use``, with other columns."""
        return Rows(names, table, self.targets[use], self.weight[use], self.folds[use])


def by_page(values: Array, samples: Sequence[Sample | TextSample]) -> list[Array]:
    """The values of all blocks, ``(n_rows,)``, cut into those of each page or text."""
    return np.split(values, np.cumsum([len(s.shares) for s in samples])[:-1])


def from_lightgbm(model: Mapping[str, Any], names: Sequence[str]) -> Trees:
    """The trees of ``lightgbm.Booster.dump_model()``, with only the columns that they use.

    A node of the dump is a dict: a leaf has ``leaf_value``; an inner node has ``split_feature``, the index of a column,
    ``threshold``, and ``left_child``, where values up to the threshold go, and ``right_child``.
    """
    nodes: list[_Node] = []
    roots = np.array([_add(tree["tree_structure"], nodes) for tree in model["tree_info"]], np.int64)
    used = sorted({node.feature for node in nodes if node.feature >= 0})
    column = {feature: at for at, feature in enumerate(used)}
    is_leaf = np.array([node.feature < 0 for node in nodes])
    index = np.arange(len(nodes))
    right = np.array([node.right for node in nodes])
    child = np.stack([np.where(is_leaf, index, index + 1), right], axis=1).ravel()
    return Trees(
        tuple(names[feature] for feature in used),
        roots,
        np.array([column.get(node.feature, 0) for node in nodes], np.int64),
        np.array([node.threshold for node in nodes], np.float32),
        child,
        np.array([node.value for node in nodes], np.float32),
    )


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of a tree in preorder; ``feature`` is -1 for a leaf, ``right`` the index of the right child, or the leaf's
    own.
    """

    right: int
    feature: int = -1
    threshold: float = 0.0
    value: float = 0.0


def _add(tree: Mapping[str, Any], nodes: list[_Node]) -> int:
    """Appends a tree of the dump in preorder; the index of its root."""
    at = len(nodes)
    if "leaf_value" in tree:
        nodes.append(_Node(at, value=tree["leaf_value"]))
        return at
    nodes.append(_Node(at))  # replaced below: the right child's index is known once the left one has been added
    _add(tree["left_child"], nodes)
    right = _add(tree["right_child"], nodes)
    nodes[at] = _Node(right, tree["split_feature"], tree["threshold"])
    return at
