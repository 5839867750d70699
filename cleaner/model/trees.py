"""Gradient-boosted decision trees, evaluated in numpy: for many rows and many trees at once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.text.arrays import Array, Columns, Ints, rows_of

#: Trees after which rows that are settled are left out.
BATCH: Final = 40
#: Rows times trees that are evaluated at a time: what a step reads and writes then fits into the processor's cache.
CHUNK: Final = 1 << 15
#: Rows whose columns are put into one table: a page with more has several.
TABLE_ROWS: Final = 4_096


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some trees, each filled up to a complete binary tree, so that no step has to look up a child.

    Level ``k`` of all trees is one sequence of nodes, ``2 ** k`` a tree. The children of its node ``i`` are the nodes
    ``2 * i`` and ``2 * i + 1`` of level ``k + 1``. Below a leaf stand copies of it, down to the last level. There is at
    least one level above the last.

    Fields:

    - ``features``: for each level but the last the column that each node compares: ``(n_trees * 2 ** k,) int64``.
    - ``thresholds``: for each of these levels the threshold of each node: float32; infinite for a leaf.
    - ``leaves``: the values of the last level: ``(n_trees * 2 ** depth,) float32``.
    """

    features: tuple[Ints, ...]
    thresholds: tuple[Array, ...]
    leaves: Array

    @classmethod
    def of(cls, trees: "Trees", roots: Ints) -> Self:
        """The trees with these roots."""
        features: list[Ints] = []
        thresholds: list[Array] = []
        level = roots
        while not features or (trees.child[2 * level] != level).any():
            is_leaf = trees.child[2 * level] == level
            features.append(trees.feature[level])
            thresholds.append(np.where(is_leaf, np.float32(np.inf), trees.threshold[level]))
            level = trees.child.reshape(-1, 2)[level].ravel()
        return cls(tuple(features), tuple(thresholds), trees.value[level])

    @property
    def n_trees(self) -> int:
        """The number of trees."""
        return len(self.features[0])

    def sum_of_leaves(self, table: Array, rows: Ints) -> Array:
        """The sum over the trees of the leaf that each row reaches: ``(n_rows,) float32``.

        ``table``: ``(n_columns, n) float32``; ``rows``, ``(n_rows,) int64``, are indices of its second axis, each once.
        All rows go down all trees together, one level per step.
        """
        values, n = table.ravel(), table.shape[1]
        of_roots = table.take(self.features[0], axis=0)
        if len(rows) < n:
            of_roots = of_roots.take(rows, axis=1)
        goes_right = of_roots > self.thresholds[0][:, None]
        node = np.arange(0, 2 * self.n_trees, 2)[:, None] + goes_right
        for feature, threshold in zip(self.features[1:], self.thresholds[1:], strict=True):
            at = (feature * n).take(node)
            at += rows
            goes_right = values.take(at) > threshold.take(node)
            node += node
            node += goes_right
        total: Array = self.leaves.take(node).sum(axis=0)
        return total


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble of binary regression trees; the sum of one leaf of each tree is the log-odds of body.

    They are fitted by LightGBM (Ke et al., LightGBM: A Highly Efficient Gradient Boosting Decision Tree, 2017);
    ``cleaner.learn.fitting.boosting.from_lightgbm`` reads its dump. To evaluate a tree takes memory for ``2 ** depth``
    leaves, so trees are fitted with a limit of their depth.

    The nodes of all trees are stored in one sequence, each tree in preorder, so that the left child of an inner node is
    the next node.

    Fields:

    - ``columns``: names of the features that the trees use.
    - ``roots``: ``(n_trees,) int64``, the node that each tree starts at.
    - ``feature``: ``(n_nodes,) int64``, the index into ``columns`` that a node compares; 0 for a leaf.
    - ``threshold``: ``(n_nodes,) float32``. A row goes to the left child if its feature is at most the threshold.
    - ``child``: ``(2 * n_nodes,) int64``, the left and right child of each node in turn; a leaf is its own child.
    - ``value``: ``(n_nodes,) float32``, log-odds of a leaf; 0 for an inner node.
    """

    columns: tuple[str, ...]
    roots: Ints
    feature: Ints
    threshold: Array
    child: Ints
    value: Array
    _batches: dict[int, tuple[_Batch, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def arrays(self, prefix: str) -> dict[str, Any]:
        """The arrays of a weights file, their names with a prefix.

        ``<prefix>_columns`` are the names, one per line, as UTF-8 bytes; ``_roots`` int32 and ``_feature`` uint8 as
        above; ``_right`` uint16 the distance from a node to its right child, 0 for a leaf; ``_number`` float32 the
        threshold of an inner node or the value of a leaf.
        """
        right = self.child[1::2]
        index = np.arange(len(right))
        is_leaf = right == index
        return {
            f"{prefix}_columns": encode_text("\n".join(self.columns)),
            f"{prefix}_roots": self.roots.astype(np.int32),
            f"{prefix}_feature": self.feature.astype(np.uint8),
            f"{prefix}_right": np.where(is_leaf, 0, right - index).astype(np.uint16),
            f"{prefix}_number": np.where(is_leaf, self.value, self.threshold).astype(np.float32),
        }

    @classmethod
    def parse(cls, file: Mapping[str, NDArray[Any]], prefix: str) -> Self:
        """The trees in the arrays of a weights file."""
        distance, number = file[f"{prefix}_right"].astype(np.int64), file[f"{prefix}_number"]
        index = np.arange(len(distance))
        is_leaf = distance == 0
        child = np.stack([np.where(is_leaf, index, index + 1), index + distance], axis=1).ravel()
        return cls(
            tuple(decode_lines(file[f"{prefix}_columns"])),
            file[f"{prefix}_roots"].astype(np.int64),
            file[f"{prefix}_feature"].astype(np.int64),
            np.where(is_leaf, np.float32(0), number),
            child,
            np.where(is_leaf, number, np.float32(0)),
        )

    @classmethod
    def none(cls) -> Self:
        """No trees: log-odds of 0."""
        ints, floats = np.zeros(0, np.int64), np.zeros(0, np.float32)
        return cls((), ints, ints, floats, ints, floats)

    def log_odds(self, columns: Columns, rows: Ints | None = None, settled: float = math.inf) -> Array:
        """The log-odds of body of all rows, or of those given: ``(n_rows,) float32``.

        A row whose log-odds are beyond ``settled``, up or down, after a batch of trees skips the remaining ones.
        """
        n = len(next(iter(columns.values()))) if rows is None else len(rows)
        if not len(self.roots) or not n:
            return np.zeros(n, np.float32)
        if n <= TABLE_ROWS:
            return self._log_odds(columns, rows, settled)
        rows = np.arange(n) if rows is None else rows
        parts = [rows[start : start + TABLE_ROWS] for start in range(0, n, TABLE_ROWS)]
        return np.concatenate([self._log_odds(columns, part, settled) for part in parts])

    def _log_odds(self, columns: Columns, rows: Ints | None, settled: float) -> Array:
        """The log-odds of body of rows that fit into one table."""
        # Trees of one leaf each use no column.
        n = len(next(iter(columns.values()))) if rows is None else len(rows)
        table = rows_of(columns, self.columns, rows) if self.columns else np.zeros((1, n), np.float32)
        batches = self._in_batches(BATCH if settled < math.inf else len(self.roots))
        n_rows = max(CHUNK // batches[0].n_trees, 1)
        log_odds = np.zeros(n, np.float32)
        for start in range(0, n, n_rows):
            part, total = np.ascontiguousarray(table[:, start : start + n_rows]), log_odds[start : start + n_rows]
            unsettled = np.arange(len(total))
            for batch in batches:
                total[unsettled] += batch.sum_of_leaves(part, unsettled)
                unsettled = (np.abs(total) < settled).nonzero()[0]
        return log_odds

    def _in_batches(self, size: int) -> tuple[_Batch, ...]:
        """The trees in batches of that many, which are made once."""
        if size not in self._batches:
            starts = range(0, len(self.roots), size)
            self._batches[size] = tuple(_Batch.of(self, self.roots[at : at + size]) for at in starts)
        return self._batches[size]


def encode_text(text: str) -> NDArray[np.uint8]:
    """A text as an array of its UTF-8 bytes: the form in which a weights file holds it."""
    return np.frombuffer(text.encode(), np.uint8)


def decode_lines(data: NDArray[np.uint8]) -> list[str]:
    """The lines of a text in a weights file."""
    text = data.tobytes().decode()
    return text.split("\n") if text else []
