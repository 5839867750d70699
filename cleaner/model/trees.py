"""Gradient-boosted decision trees, evaluated in numpy: for all rows and many trees at once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.text.arrays import Array, Columns, Ints, matrix

#: Trees that are evaluated at a time. Rows that are settled after one batch skip the next.
BATCH: Final = 40
#: Rows that are evaluated at a time: bounds the memory for a page of 200,000 blocks.
CHUNK: Final = 2_048


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble of binary regression trees; the sum of one leaf of each tree is the log-odds of body.

    They are fitted by LightGBM (Ke et al., LightGBM: A Highly Efficient Gradient Boosting Decision Tree, 2017);
    ``cleaner.learn.fit.from_lightgbm`` reads its dump.

    The nodes of all trees are stored in one sequence, each tree in preorder, so that the left child of an inner node is
    the next node.

    Fields:

    - ``columns``: names of the features that the trees use.
    - ``roots``: ``(n_trees,) int64``, the node that each tree starts at.
    - ``feature``: ``(n_nodes,) int64``, the index into ``columns`` that a node compares; 0 for a leaf.
    - ``threshold``: ``(n_nodes,) float32``. A row goes to the left child if its feature is at most the threshold.
    - ``child``: ``(2 * n_nodes,) int64``, the left and right child of each node in turn; a leaf is its own child.
    - ``value``: ``(n_nodes,) float32``, log-odds of a leaf; 0 for an inner node.
    - ``depth``: steps from a root to the deepest leaf.
    """

    columns: tuple[str, ...]
    roots: Ints
    feature: Ints
    threshold: Array
    child: Ints
    value: Array
    depth: int

    def arrays(self, prefix: str) -> dict[str, Any]:
        """The arrays of a weights file, their names with a prefix.

        ``<prefix>_columns`` are the names, a line each, as UTF-8 bytes; ``_roots`` int32 and ``_feature`` uint8 as
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
        roots = file[f"{prefix}_roots"].astype(np.int64)
        return cls(
            tuple(decode_lines(file[f"{prefix}_columns"])),
            roots,
            file[f"{prefix}_feature"].astype(np.int64),
            np.where(is_leaf, np.float32(0), number),
            child,
            np.where(is_leaf, number, np.float32(0)),
            depth_of(roots, child),
        )

    @classmethod
    def none(cls) -> Self:
        """No trees: log-odds of 0."""
        ints, floats = np.zeros(0, np.int64), np.zeros(0, np.float32)
        return cls((), ints, ints, floats, ints, floats, 0)

    def log_odds(self, columns: Columns, rows: Ints | None = None, settled: float = math.inf) -> Array:
        """The log-odds of body of all rows, or of those given: ``(n_rows,) float32``.

        A row whose log-odds are beyond ``settled``, up or down, after a batch of trees skips the remaining ones.
        """
        n = len(next(iter(columns.values()))) if rows is None else len(rows)
        if not len(self.roots) or not n:
            return np.zeros(n, np.float32)
        # Trees of one leaf each use no column.
        data = matrix(columns, self.columns, rows) if self.columns else np.zeros((n, 1), np.float32)
        log_odds = np.zeros(n, np.float32)
        for start in range(0, n, CHUNK):
            unsettled = np.arange(start, min(start + CHUNK, n))
            for tree in range(0, len(self.roots), BATCH):
                log_odds[unsettled] += self._sum_of_leaves(data[unsettled], self.roots[tree : tree + BATCH])
                unsettled = unsettled[np.abs(log_odds[unsettled]) < settled]
        return log_odds

    def _sum_of_leaves(self, data: Array, roots: Ints) -> Array:
        """The sum over some trees of the leaf that each row reaches: ``(n_rows,) float32``.

        ``data``: ``(n_rows, n_columns) float32``. All rows go down all trees together, a level a step; those that have
        reached a leaf stay there.
        """
        values = data.ravel()
        row = (np.arange(len(data)) * data.shape[1])[:, None]
        node = np.broadcast_to(roots, (len(data), len(roots)))
        for _ in range(self.depth):
            goes_right = values.take(row + self.feature.take(node)) > self.threshold.take(node)
            node = self.child.take(2 * node + goes_right)
        total: Array = self.value.take(node).sum(axis=1, dtype=np.float32)
        return total


def depth_of(roots: Ints, child: Ints) -> int:
    """The number of steps from a root to the deepest leaf; the arrays are those of :class:`Trees`."""
    depth, level = 0, roots
    while len(level := level[child[2 * level] != level]):  # the inner nodes of a level
        level = np.concatenate([child[2 * level], child[2 * level + 1]])
        depth += 1
    return depth


def encode_text(text: str) -> NDArray[np.uint8]:
    """A text as an array of its UTF-8 bytes: the form in which a weights file holds it."""
    return np.frombuffer(text.encode(), np.uint8)


def decode_lines(data: NDArray[np.uint8]) -> list[str]:
    """The lines of a text in a weights file."""
    text = data.tobytes().decode()
    return text.split("\n") if text else []
