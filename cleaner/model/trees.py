"""Gradient-boosted trees, evaluated in numpy: for all rows and many trees at once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.features.page_features import matrix
from cleaner.text.arrays import Array, Columns, Ints

#: Trees that are evaluated at a time; after each ``STEP`` of them, settled rows go no further.
STEP: Final = 40
#: Blocks that go through the trees at a time: what keeps memory flat on a page with 200,000.
CHUNK: Final = 2_048


@dataclass(frozen=True, slots=True)
class Trees:
    """Gradient-boosted trees, flattened: all nodes of all trees in one row of arrays, each tree in preorder.

    ``columns`` are the names of the features; ``feature`` says which of them a node asks, ``threshold`` up to which
    value it goes on to the left. ``child`` holds the left and right child of each node, a leaf's being itself;
    ``value`` is a leaf's log-odds.
    """

    columns: tuple[str, ...]
    roots: Ints
    feature: Ints
    threshold: Array
    child: Ints
    value: Array
    depth: int

    def arrays(self, prefix: str) -> dict[str, Any]:
        """The arrays of a weights file: a left child stands behind its parent, so that only right ones are named."""
        right = self.child[1::2]
        leaf = right == np.arange(len(right))
        return {
            f"{prefix}_columns": text_bytes("\n".join(self.columns)),
            f"{prefix}_roots": self.roots.astype(np.int32),
            f"{prefix}_feature": self.feature.astype(np.uint8),
            f"{prefix}_right": np.where(leaf, 0, right - np.arange(len(right))).astype(np.uint16),
            f"{prefix}_number": np.where(leaf, self.value, self.threshold).astype(np.float32),
        }

    @classmethod
    def parse(cls, file: Mapping[str, NDArray[Any]], prefix: str) -> Self:
        """The trees in the arrays of a weights file."""
        right, number = file[f"{prefix}_right"].astype(np.int64), file[f"{prefix}_number"]
        here = np.arange(len(right))
        leaf = right == 0
        child = np.stack([np.where(leaf, here, here + 1), here + right], axis=1).ravel()
        roots = file[f"{prefix}_roots"].astype(np.int64)
        return cls(
            tuple(text_lines(file[f"{prefix}_columns"])),
            roots,
            file[f"{prefix}_feature"].astype(np.int64),
            np.where(leaf, np.float32(0), number),
            child,
            np.where(leaf, number, np.float32(0)),
            _depth(roots, child),
        )

    @classmethod
    def none(cls) -> Self:
        """No trees at all."""
        numbers, floats = np.zeros(0, np.int64), np.zeros(0, np.float32)
        return cls((), numbers, numbers, floats, numbers, floats, 0)

    def log_odds(self, columns: Columns, rows: Ints | None = None, settled: float = math.inf) -> Array:
        """The log-odds of body for each row of the columns, or for some: (rows,). A row whose log-odds are beyond
        ``settled`` after every ``STEP`` trees goes no further.
        """
        n = len(next(iter(columns.values()))) if rows is None else len(rows)
        if not len(self.roots) or not n:
            return np.zeros(n, np.float32)
        # Trees that are leaves ask nothing.
        data = matrix(columns, self.columns, rows) if self.columns else np.zeros((n, 1), np.float32)
        log_odds = np.zeros(n, np.float32)
        for start in range(0, n, CHUNK):
            open_rows = np.arange(start, min(start + CHUNK, n))
            for tree in range(0, len(self.roots), STEP):
                log_odds[open_rows] += self._walk(data[open_rows], self.roots[tree : tree + STEP])
                open_rows = open_rows[np.abs(log_odds[open_rows]) < settled]
        return log_odds

    def _walk(self, data: Array, roots: Ints) -> Array:
        values = data.ravel()
        row = (np.arange(len(data)) * data.shape[1])[:, None]
        node = np.broadcast_to(roots, (len(data), len(roots)))
        for _ in range(self.depth):
            right = values.take(row + self.feature.take(node)) > self.threshold.take(node)
            node = self.child.take(2 * node + right)
        total: Array = self.value.take(node).sum(axis=1, dtype=np.float32)
        return total


def text_bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def text_lines(data: NDArray[np.uint8]) -> list[str]:
    text = data.tobytes().decode()
    return text.split("\n") if text else []


def _depth(roots: Ints, child: Ints) -> int:
    """The number of steps from a root to the deepest leaf."""
    depth, level = 0, roots
    while len(level):
        level = level[child[2 * level] != level]
        if not len(level):
            break
        level = np.concatenate([child[2 * level], child[2 * level + 1]])
        depth += 1
    return depth
