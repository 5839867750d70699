"""The ancestors of each block as one table, so that sums and extremes over them are array operations."""

from typing import Final

import numpy as np

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
    - ``look``: ``(n_elements,) int64``, equal for elements of the same tag and tokens but for ids.
    - ``depth``: ``(n_elements,) int64``, number of ancestors.
    - ``node``: ``(n_blocks,) int64``, the innermost element that holds all of a block.
    - ``table``: ``(n_blocks, n_levels) int64``; column 0 is ``node``, column k its k-th ancestor.
    """

    def __init__(self, page: Page) -> None:
        elements = page.elements
        self.no_element = len(elements)
        self.parent: Ints = np.array([*elements.parent, self.no_element], np.int64)
        self.parent[0] = self.no_element
        self.style: Ints = np.array(elements.style, np.int64)
        self.look: Ints = np.array(elements.looks(), np.int64)[self.style]
        self.depth: Ints = np.array(elements.depth, np.int64)
        self.node: Ints = np.array([block.node for block in page.blocks], np.int64)
        levels: list[Ints] = []
        node = self.node
        while len(levels) < MAX_LEVELS and (node != self.no_element).any():
            levels.append(node)
            node = self.parent[node]
        self.table: Ints = np.stack(levels, axis=1)
        self._flat = self.table.ravel()

    def with_no_element(self, values: Array) -> Array:
        """Values of elements, ``(n_elements,)``, with 0 appended for ``no_element``: ``(n_elements + 1,)``."""
        return np.append(values, values.dtype.type(0))

    def at_level(self, level: int) -> Ints:
        """The element that many levels above the node of each block, ``no_element`` above the root: ``(n_blocks,)``."""
        if level < self.table.shape[1]:
            return np.asarray(self.table[:, level])
        return np.full(len(self.node), self.no_element)

    def sum_over_descendants(self, values: Array) -> Array:
        """For each element the sum of ``values``, ``(n_blocks,)``, over the blocks at or below it.

        ``(n_elements + 1,) float32``; 0 for ``no_element``.
        """
        repeated = np.repeat(values, self.table.shape[1])
        sums = np.bincount(self._flat, weights=repeated, minlength=self.no_element + 1)
        sums[self.no_element] = 0
        return sums.astype(np.float32)

    def outermost_below(self, is_outer: Flags) -> tuple[Ints, Ints]:
        """For each block the outermost element around it whose parent is one of the outer elements or the outside, and
        its level above the block's node: both ``(n_blocks,) int64``.

        ``is_outer``: ``(n_elements + 1,) bool``; an ancestor of an outer element has to be one too. A block whose own
        node is an outer element has that.
        """
        outside = np.arange(len(is_outer)) == self.no_element
        parent_is_outer = (is_outer | outside)[self.table[:, 1:]]
        beyond_table = np.ones((len(self.node), 1), bool)
        levels = np.argmax(np.concatenate([parent_is_outer, beyond_table], axis=1), axis=1)
        return np.asarray(self.table[np.arange(len(levels)), levels]), levels
