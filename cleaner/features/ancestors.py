"""The elements around each block as one table, so that sums and extremes over them are array operations."""

from typing import Final

import numpy as np

from cleaner.segment.page import Page
from cleaner.text.arrays import Array, Ints

#: Elements around a block that are looked at, the innermost first: one page in a thousand nests deeper than 56.
MAX_AROUND: Final = 64


class AncestorTable:
    """``around`` has a row a block and a column a level: the block's own element, its parent, and so on.

    Behind the root stands ``nothing``, a number one beyond the last element: values that are looked up by ``around``
    need one entry more than there are elements, which is neutral.
    """

    def __init__(self, page: Page) -> None:
        elements = page.elements
        self.nothing = len(elements)
        self.parent: Ints = np.array([*elements.parent, self.nothing], np.int64)
        self.parent[0] = self.nothing
        self.style: Ints = np.array(elements.style, np.int64)
        self.depth: Ints = np.array(elements.depth, np.int64)
        node: Ints = np.array([block.node for block in page.blocks], np.int64)
        self.node = node
        levels: list[Ints] = []
        while len(levels) < MAX_AROUND and (node != self.nothing).any():
            levels.append(node)
            node = self.parent[node]
        self.table: Ints = np.stack(levels, axis=1)
        self._flat = self.table.ravel()

    def padded(self, values: Array, neutral: float = 0.0) -> Array:
        """Values of elements with the entry for ``nothing``."""
        return np.append(values, np.asarray(neutral, values.dtype))

    def level(self, number: int) -> Ints:
        """For each block the element that many levels up; ``nothing`` above the root."""
        if number < self.table.shape[1]:
            return np.asarray(self.table[:, number])
        return np.full(len(self.node), self.nothing)

    def sum_over_descendants(self, values: Array) -> Array:
        """For each element the sum over the blocks at or below it; for ``nothing`` 0."""
        spread = np.repeat(values, self.table.shape[1])
        sums = np.bincount(self._flat, weights=spread, minlength=self.nothing + 1)
        sums[self.nothing] = 0
        return sums.astype(np.float32)
