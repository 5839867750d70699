"""What stands around a block: shifted columns, the last and next block of a kind, means over windows, ranks.

All arrays have one entry per block, in the order of the page. A page has a few hundred blocks, so that a numpy call
costs more than what it computes: columns that are made in the same way are made together, as rows of one table.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.features.measures import Measures
from cleaner.text.arrays import Array, Columns, Flags, Floats, Ints, columns_of, constant

#: The blocks on each side over which the means of a score are columns.
RADII: Final = (2, 6)
_QUANTILES: Final = np.array([0.5, 0.9])


def shifted(name: str, values: Array, radius: int, fill: float) -> Columns:
    """A column of the neighbours up to ``radius`` blocks before (``name_-1``) and after (``name_+1``).

    ``fill`` stands where there is no neighbour.

    >>> {name: values.tolist() for name, values in shifted("words", np.array([3, 5], np.float32), 1, -1).items()}
    {'words_-1': [-1.0, 3.0], 'words_+1': [5.0, -1.0]}
    """
    n = len(values)
    padded = np.full(n + 2 * radius, fill, np.float32)
    padded[radius : radius + n] = values
    return {f"{name}_{by:+d}": padded[radius + by : n + radius + by] for by in range(-radius, radius + 1) if by}


def last_index(flags: Flags) -> Ints:
    """The index of the last flagged block up to and including each block; -1 where there is none.

    >>> last_index(np.array([False, True, False])).tolist()
    [-1, 1, 1]
    """
    return np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))


def next_index(flags: Flags) -> Ints:
    """The index of the first flagged block from each block on, itself included; ``n_blocks`` where there is none.

    >>> next_index(np.array([False, True, False])).tolist()
    [1, 1, 3]
    """
    n = len(flags)
    return np.minimum.accumulate(np.where(flags, np.arange(n), n)[::-1])[::-1]


def window_sums(values: NDArray[Any], radii: Sequence[int]) -> list[Floats]:
    """The sums over each block and its neighbours up to a number of blocks away, for each such radius.

    ``values`` are rows, ``(n_rows, n_blocks)``; so is each result, float64.

    >>> [sums.tolist() for sums in window_sums(np.array([[0, 3, 6, 9]]), (1, 2))]
    [[[3.0, 9.0, 18.0, 15.0]], [[9.0, 18.0, 18.0, 18.0]]]
    """
    n_rows, n = values.shape
    most = max(radii)
    # The sums of the blocks before each block, padded so that a window may go beyond the page.
    before = np.zeros((n_rows, n + 2 * most + 1))
    np.cumsum(values, axis=1, dtype=np.float64, out=before[:, most + 1 : most + 1 + n])
    before[:, most + 1 + n :] = before[:, most + n : most + n + 1]
    return [before[:, most + by + 1 : most + by + 1 + n] - before[:, most - by : most - by + n] for by in radii]


def windows(scores: Mapping[str, Array], measures: Measures) -> Columns:
    """Scores (log-odds) of the two blocks beside each block, and their weighted means over two windows."""
    rows = np.array([*(values * measures.weight for values in scores.values()), measures.weight])
    columns: Columns = {}
    for name, values in scores.items():
        columns |= shifted(name, values, 1, fill=0)
    for radius, sums in zip(RADII, window_sums(rows, RADII), strict=True):
        columns |= columns_of([f"{name}_window{radius}" for name in scores], sums[:-1] / sums[-1])
    return columns


def relative_to_page(scores: Mapping[str, Array], measures: Measures) -> Columns:
    """Scores beside those of the whole page: the page's weighted median and .9 quantile, the difference from that
    quantile, and the weighted share of the page that has no higher score.
    """
    columns: Columns = {}
    of_page: dict[str, float] = {}
    for name, values in scores.items():
        order = values.argsort(kind="stable")
        sums = measures.weight.take(order).cumsum()
        at = sums.searchsorted(sums[-1] * _QUANTILES)
        median, high = values.take(order.take(at, mode="clip")).tolist()
        of_page |= {f"{name}_median": median, f"{name}_high": high}
        columns[f"{name}_below_high"] = values - np.float32(high)
        columns[f"{name}_rank"] = rank = np.empty(len(values), np.float32)
        rank[order] = sums / sums[-1]
    return columns | constant(of_page, len(measures.words))


def of_heading(columns: Columns, is_heading: Flags) -> Columns:
    """For each block the values that the nearest heading at or above it has, as ``heading_<name>``; 0 without one."""
    last = last_index(is_heading)
    rows = np.array(list(columns.values())).take(np.maximum(last, 0), axis=1) * (last >= 0)
    return columns_of([f"heading_{name}" for name in columns], rows)
