"""The ancestors of each block as one table, so that sums and extremes over them are array operations."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.segment.page import Page
from cleaner.text.arrays import Array, Flags, Ints

#: Levels of the table: a block's innermost element and its nearest ancestors. One page in a thousand nests deeper
#: than 56.
MAX_LEVELS: Final = 64


class AncestorTable:
    """The elements around each block of a page.

    An element is known by its index in ``page.elements``. The index ``no_element``, one beyond the last element, stands
    for the outside of the document: it is the parent of the root, and fills the table where a block has fewer
    ancestors than others. An array that is looked up through the table therefore has one entry more than there are
    elements; :meth:`with_no_element` appends it.

    Fields:

    - ``no_element``: the number of elements.
    - ``parent``: ``(n_elements + 1,) int64``, the parent of each element.
    - ``style``: ``(n_elements,) int64``, index into ``page.elements.styles``.
    - ``depth``: ``(n_elements,) int64``, number of ancestors.
    - ``node``: ``(n_blocks,) int64``, the innermost element that holds all of a block.
    - ``table``: ``(n_levels, n_blocks) int64``; row 0 is ``node``, row k has the k-th ancestors.
    - ``n_blocks_below``: ``(n_elements + 1,) int64``, the number of blocks at or below each element.
    """

    def __init__(self, page: Page) -> None:
        elements = page.elements
        self.no_element = len(elements)
        self.parent: Ints = np.array([*elements.parent, self.no_element], np.int64)
        self.parent[0] = self.no_element
        self.style: Ints = np.array(elements.style, np.int64)
        self.depth: Ints = np.array(elements.depth, np.int64)
        self.node: Ints = np.array([block.node for block in page.blocks], np.int64)
        levels = [self.node]
        for _ in range(min(int(self.depth.take(self.node).max()), MAX_LEVELS - 1)):
            levels.append(self.parent.take(levels[-1]))
        self.table: Ints = np.concatenate(levels).reshape(len(levels), -1)
        # Blocks stand in the order of the document, so those at or below an element follow each other.
        n_levels, n_blocks = self.table.shape
        by_block = self.table.T.ravel()
        self._last = np.zeros(self.no_element + 1, np.int64)  # the index after the last block of each element
        self._last[by_block] = np.arange(1, n_blocks + 1).repeat(n_levels)  # the last assignment counts
        self.n_blocks_below: Ints = np.bincount(by_block, minlength=self.no_element + 1)
        self._last[-1] = self.n_blocks_below[-1] = 0
        self._first = self._last - self.n_blocks_below

    def with_no_element(self, values: NDArray[Any], value: float = 0) -> NDArray[Any]:
        """Values of elements, ``(n_elements,)``, with one appended for ``no_element``: ``(n_elements + 1,)``."""
        return np.concatenate([values, np.array([value], values.dtype)])

    def at_levels(self, start: int, stop: int) -> Ints:
        """The elements from ``start`` up to before ``stop`` levels above the node of each block, ``no_element`` above
        the root: ``(stop - start, n_blocks)``.
        """
        missing = stop - len(self.table)
        if missing <= 0:
            return self.table[start:stop]
        above_root = np.full((missing, len(self.node)), self.no_element)
        return np.concatenate([self.table, above_root])[start:stop]

    def sums_over_descendants(self, values: NDArray[Any]) -> Array:
        """For each element the sums of ``values``, ``(n_rows, n_blocks)``, over the blocks at or below it.

        ``(n_rows, n_elements + 1) float32``; 0 for ``no_element``.
        """
        before = np.zeros((len(values), len(self.node) + 1))  # the sums of the blocks before each one
        np.cumsum(values, axis=1, out=before[:, 1:])
        return (before.take(self._last, axis=1) - before.take(self._first, axis=1)).astype(np.float32)

    def holds(self, element: int) -> Flags:
        """Whether each block is at or below an element: ``(n_blocks,) bool``."""
        index = np.arange(len(self.node))
        return np.asarray((index >= self._first[element]) & (index < self._last[element]))

    def outermost_below(self, is_outer: Flags) -> tuple[Ints, Ints]:
        """For each block the outermost element around it whose parent is one of the outer elements or the outside, and
        its level above the block's node: both ``(n_blocks,) int64``.

        ``is_outer``: ``(n_elements + 1,) bool``; an ancestor of an outer element has to be one too. A block whose own
        node is an outer element has that.
        """
        is_inner = ~is_outer
        is_inner[self.no_element] = False
        n_inner = np.add.reduce(is_inner.take(self.table), axis=0, dtype=np.uint8)
        levels = np.maximum(n_inner, 1).astype(np.int64) - 1
        return np.asarray(self.table[levels, np.arange(len(levels))]), levels
