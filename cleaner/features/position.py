"""Columns from where a block stands: between which others, how far from what."""

import numpy as np

from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Flags

#: Distances beyond these are alike, in blocks and in words.
FAR = 50
FAR_WORDS = 999


def columns(prose_map: ProseMap) -> Columns:
    """Where a block stands on the page and in its prose, and how far from prose and headings."""
    stats = prose_map.stats
    n = len(prose_map.words)
    words = stats.words.astype(np.float32)
    index = np.arange(n, dtype=np.float32)
    before = np.cumsum(words) - words
    total = max(float(words.sum()), 1.0)
    prose = prose_map.in_prose
    prose_words = words * prose
    prose_before = np.cumsum(prose_words) - prose_words
    prose_total = max(float(prose_words.sum()), 1.0)
    first, last = prose_map.zones.first, prose_map.zones.last
    found = {
        "index": index,
        "index_from_end": n - 1 - index,
        "words_before": before / total,
        "prose_before": prose_before / prose_total,
        "prose_words_after": prose_total - prose_before - prose_words,
        "since_first_prose": np.clip(index - first, -FAR, FAR),
        "since_last_prose": np.clip(index - last, -FAR, FAR),
        "between_prose": ((index > first) & (index < last)).astype(np.float32),
    }
    found |= distances("prose", prose, prose_map)
    found |= distances("heading", prose_map.level > 0, prose_map)
    return found


def distances(name: str, there: Flags, prose_map: ProseMap) -> Columns:
    """How many blocks and words lie between each block and the last and next one of a kind."""
    n = len(there)
    index = np.arange(n)
    previous = np.maximum.accumulate(np.where(there, index, -1))
    previous = np.concatenate([[-1], previous[:-1]])
    following = np.minimum.accumulate(np.where(there, index, n)[::-1])[::-1]
    following = np.concatenate([following[1:], [n]])
    sums = np.concatenate([[0], np.cumsum(prose_map.stats.words)])
    words_back = np.where(previous >= 0, sums[index] - sums[np.minimum(previous + 1, n)], FAR_WORDS)
    words_on = np.where(following < n, sums[np.minimum(following, n)] - sums[index + 1], FAR_WORDS)
    return {
        f"blocks_since_{name}": np.where(previous >= 0, np.minimum(index - previous, FAR), FAR).astype(np.float32),
        f"blocks_until_{name}": np.where(following < n, np.minimum(following - index, FAR), FAR).astype(np.float32),
        f"words_since_{name}": np.minimum(words_back, FAR_WORDS).astype(np.float32),
        f"words_until_{name}": np.minimum(words_on, FAR_WORDS).astype(np.float32),
    }


def windows(name: str, values: Array, prose_map: ProseMap) -> Columns:
    """A score itself, its neighbours', and its means over windows, blocks weighed by the root of their words."""
    weight = np.sqrt(np.maximum(prose_map.stats.words, 1)).astype(np.float32)
    found = {name: values}
    padded = np.concatenate([[0], values, [0]]).astype(np.float32)
    found |= {f"{name}_-1": padded[:-2], f"{name}_+1": padded[2:]}
    for reach in (2, 6):
        found[f"{name}_window{reach}"] = mean(values * weight, reach) / mean(weight, reach)
    return found


def mean(values: Array, reach: int) -> Array:
    """The mean over the blocks up to ``reach`` before and behind each block."""
    n = len(values)
    sums = np.concatenate([[0], np.cumsum(values, dtype=np.float64)])
    low = np.maximum(np.arange(n) - reach, 0)
    high = np.minimum(np.arange(n) + reach + 1, n)
    return np.asarray((sums[high] - sums[low]) / (high - low), np.float32)


def relative(name: str, values: Array, prose_map: ProseMap) -> Columns:
    """A score held against the page's others, blocks weighed by the root of their words: the page's median and upper
    tenth, how far the block is from that, and the share of the page below it.
    """
    weight = np.sqrt(np.maximum(prose_map.stats.words, 1))
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


def of_heading(scores: dict[str, Array], heading: Array) -> Columns:
    """What the heading above a block, or the block itself where it is one, has for scores; 0 where there is none."""
    at = np.maximum.accumulate(np.where(heading > 0, np.arange(len(heading)), -1))
    there, at = at >= 0, np.maximum(at, 0)
    return {f"heading_{name}": np.where(there, values[at], 0).astype(np.float32) for name, values in scores.items()}
