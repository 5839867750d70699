"""The arrays that columns, scores and decisions are made of."""

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
