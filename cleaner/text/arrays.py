"""The array types of features, scores and decisions.

Shapes are written in docstrings where an array is used: ``n_blocks`` is the number of blocks of a page, ``n_elements``
that of its elements, ``n_styles`` that of its distinct styles.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Feature columns and log-odds: float32, mostly ``(n_blocks,)``, ``(n_elements,)`` or ``(n_styles,)``.
Array = NDArray[np.float32]
#: Probabilities: float64, since they are summed over all blocks of a page.
Floats = NDArray[np.float64]
#: Counts, and indices of blocks, elements and groups: int64.
Ints = NDArray[np.int64]
#: Masks: bool.
Flags = NDArray[np.bool_]
#: Feature columns by name, each ``(n_blocks,)``.
Columns = dict[str, Array]


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The distinct values of an array, in order: ``(n_values,) -> (n_distinct,)``."""
    # numpy.unique without a second output imports numpy.ma, which takes 10 ms of the first call.
    return np.asarray(np.unique(values, return_counts=True)[0])


def matrix(columns: Columns, names: Sequence[str], rows: Ints | None = None) -> Array:
    """The columns of these names side by side: ``(n_rows, n_names) float32``, all rows or those given."""
    table = np.array([columns[name] for name in names], np.float32)
    return (table if rows is None else table[:, rows]).T.copy()
