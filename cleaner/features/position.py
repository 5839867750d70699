"""Columns from the position of a block: its place on the page, and its distance from prose, headings and titles."""

from typing import Final

import numpy as np

from cleaner.features import context
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Columns, Flags

#: Distances are cut off at these: blocks, and words.
MAX_BLOCKS: Final = 50
MAX_WORDS: Final = 999


def columns(prose_map: ProseMap) -> Columns:
    """The place of each block on the page and in its prose, and its distance from prose and headings."""
    words = prose_map.stats.words.astype(np.float32)
    n = len(words)
    index = np.arange(n, dtype=np.float32)
    words_before = np.cumsum(words) - words
    total = max(float(words.sum()), 1.0)
    prose = prose_map.in_prose
    prose_words = words * prose
    prose_before = np.cumsum(prose_words) - prose_words
    prose_total = max(float(prose_words.sum()), 1.0)
    first, last = prose_map.zones.first, prose_map.zones.last
    place = {
        "index": index,
        "index_from_end": n - 1 - index,
        "words_before": words_before / total,
        "prose_before": prose_before / prose_total,
        "prose_words_after": prose_total - prose_before - prose_words,
        "since_first_prose": np.clip(index - first, -MAX_BLOCKS, MAX_BLOCKS),
        "since_last_prose": np.clip(index - last, -MAX_BLOCKS, MAX_BLOCKS),
        "between_prose": ((index > first) & (index < last)).astype(np.float32),
    }
    return place | distances("prose", prose, prose_map) | distances("heading", prose_map.level > 0, prose_map)


def distances(name: str, flags: Flags, prose_map: ProseMap) -> Columns:
    """For each block the distance, in blocks and in words between, from the last flagged block before it and to the
    next one after it. The block's own flag does not count. The maximum stands where there is none.
    """
    n = len(flags)
    index = np.arange(n)
    last = np.concatenate([[-1], context.last_index(flags)[:-1]])
    following = np.concatenate([context.next_index(flags)[1:], [n]])
    words_to = np.concatenate([[0], np.cumsum(prose_map.stats.words)])  # words before block i, for i up to n
    words_since = np.where(last >= 0, words_to[index] - words_to[np.minimum(last + 1, n)], MAX_WORDS)
    words_until = np.where(following < n, words_to[np.minimum(following, n)] - words_to[index + 1], MAX_WORDS)
    blocks_since = np.where(last >= 0, np.minimum(index - last, MAX_BLOCKS), MAX_BLOCKS)
    blocks_until = np.where(following < n, np.minimum(following - index, MAX_BLOCKS), MAX_BLOCKS)
    return {
        f"blocks_since_{name}": blocks_since.astype(np.float32),
        f"blocks_until_{name}": blocks_until.astype(np.float32),
        f"words_since_{name}": np.minimum(words_since, MAX_WORDS).astype(np.float32),
        f"words_until_{name}": np.minimum(words_until, MAX_WORDS).astype(np.float32),
    }
