"""The arrays that columns, scores and decisions are made of."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Columns and log-odds: one entry a block, an element, a style.
Array = NDArray[np.float32]
#: Probabilities, where sums are taken over them.
Floats = NDArray[np.float64]
#: Numbers of blocks, elements and groups.
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
#: Columns by their names.
Columns = dict[str, Array]


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The distinct values of an array, in order: ``(n_values,) -> (n_distinct,)``."""
    # numpy.unique without a second output imports numpy.ma, which takes 10 ms of the first call.
    return np.asarray(np.unique(values, return_counts=True)[0])
