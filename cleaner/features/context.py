"""What stands around a block: shifted columns, the last and next block of a kind, means over windows, ranks.

All arrays have one entry a block, in the order of the page.
"""

import numpy as np

from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Flags, Floats, Ints


def shifted(name: str, values: Array, radius: int, fill: float) -> Columns:
    """A column of the neighbours up to ``radius`` blocks before (``name_-1``) and after (``name_+1``).

    ``fill`` stands where there is no neighbour.

    >>> {name: values.tolist() for name, values in shifted("words", np.array([3, 5], np.float32), 1, -1).items()}
    {'words_-1': [-1.0, 3.0], 'words_+1': [5.0, -1.0]}
    """
    n = len(values)
    edge = np.full(radius, fill, np.float32)
    padded = np.concatenate([edge, values, edge]).astype(np.float32)
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


def root_words(prose_map: ProseMap) -> Floats:
    """The weight of a block in means over blocks: the square root of its words, at least 1. ``(n_blocks,) float64``."""
    weight: Floats = np.sqrt(np.maximum(prose_map.stats.words, 1))
    return weight


def window_mean(values: Array, radius: int, weight: Array | None = None) -> Array:
    """The mean over each block and its neighbours up to ``radius`` blocks away: ``(n_blocks,) float32``.

    >>> window_mean(np.array([0, 3, 6, 9], np.float32), 1).tolist()
    [1.5, 3.0, 6.0, 7.5]
    """
    if weight is not None:
        return window_mean(values * weight, radius) / window_mean(weight, radius)
    n = len(values)
    sums = np.concatenate([[0], np.cumsum(values, dtype=np.float64)])
    low = np.maximum(np.arange(n) - radius, 0)
    high = np.minimum(np.arange(n) + radius + 1, n)
    return np.asarray((sums[high] - sums[low]) / (high - low), np.float32)


def windows(name: str, values: Array, prose_map: ProseMap) -> Columns:
    """A score (log-odds) of each block, of the two blocks beside it, and its weighted means over two windows."""
    weight = root_words(prose_map).astype(np.float32)
    columns = {name: values} | shifted(name, values, 1, fill=0)
    for radius in (2, 6):
        columns[f"{name}_window{radius}"] = window_mean(values, radius, weight)
    return columns


def relative_to_page(name: str, values: Array, prose_map: ProseMap) -> Columns:
    """A score beside those of the whole page: the page's weighted median and .9 quantile, the difference from that
    quantile, and the weighted share of the page that has no higher score.
    """
    weight = root_words(prose_map)
    order = np.argsort(values, kind="stable")
    sums = np.cumsum(weight[order])
    ranked = values[order]
    median, high = (ranked[min(int(np.searchsorted(sums, q * sums[-1])), len(values) - 1)] for q in (0.5, 0.9))
    rank = np.empty(len(values), np.float32)
    rank[order] = sums / sums[-1]
    return {
        f"{name}_median": np.full(len(values), median, np.float32),
        f"{name}_high": np.full(len(values), high, np.float32),
        f"{name}_below_high": values - high,
        f"{name}_rank": rank,
    }


def of_heading(columns: Columns, heading: Array) -> Columns:
    """For each block the values that the nearest heading at or above it has, as ``heading_<name>``; 0 without one.

    ``heading`` is the level of each block, ``(n_blocks,) float32``, 0 for what is no heading.
    """
    last = last_index(heading > 0)
    index = np.maximum(last, 0)
    return {
        f"heading_{name}": np.where(last >= 0, values[index], 0).astype(np.float32) for name, values in columns.items()
    }
