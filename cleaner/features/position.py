"""Columns from the position of a block: its place on the page, and its distance from prose, headings and titles."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from cleaner.features.measures import Measures
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Columns, Flags, columns_of

#: Distances are cut off at these: blocks, and words.
MAX_BLOCKS: Final = 50
MAX_WORDS: Final = 999
#: Titles are counted up to this number.
MAX_TITLES: Final = 9


def columns(prose_map: ProseMap, measures: Measures) -> Columns:
    """The place of each block on the page and in its prose."""
    n = len(measures.words)
    index = np.arange(n, dtype=np.float32)
    prose_so_far = measures.prose_words.cumsum()
    prose_before = prose_so_far - measures.prose_words
    first, last = prose_map.zones.first, prose_map.zones.last
    since = index - np.array([[first], [last]], np.float32)
    return columns_of(
        "index index_from_end words_before prose_before prose_words_after since_first_prose since_last_prose "
        "between_prose".split(),
        np.array([
            index,
            n - 1 - index,
            measures.words_before[:-1] / measures.all_words,
            prose_before / measures.all_prose_words,
            measures.all_prose_words - prose_so_far,
            *np.minimum(np.maximum(since, -MAX_BLOCKS), MAX_BLOCKS),
            (since[0] > 0) & (since[1] < 0),
        ], np.float32),
    )  # fmt: skip


def distances(flags: Mapping[str, Flags], measures: Measures) -> Columns:
    """For each block the distance, in blocks and in words between, from the last flagged block before it and to the
    next one after it, for flags of several names. The block's own flag does not count. The maximum stands where there
    is none.
    """
    table = np.array(list(flags.values()))
    n_rows, n = table.shape
    index = np.arange(n)
    # The last flagged block before each block, and the next one after it; where there is none, one that is far enough.
    last = np.full((n_rows, n), -MAX_BLOCKS)
    np.maximum.accumulate(np.where(table, index, -MAX_BLOCKS)[:, :-1], axis=1, out=last[:, 1:])
    following = np.full((n_rows, n), n + MAX_BLOCKS)
    np.minimum.accumulate(np.where(table, index, n + MAX_BLOCKS)[:, :0:-1], axis=1, out=following[:, -2::-1])
    words_before = measures.words_before
    words_since = words_before[:-1] - words_before.take(last + 1, mode="clip")
    words_until = words_before.take(following, mode="clip") - words_before[1:]
    words_since[last < 0] = words_until[following >= n] = MAX_WORDS
    blocks = np.minimum(np.concatenate([index - last, following - index]), MAX_BLOCKS)
    words = np.minimum(np.concatenate([words_since, words_until]), MAX_WORDS)
    ways = "blocks_since", "blocks_until", "words_since", "words_until"
    return columns_of([f"{way}_{name}" for way in ways for name in flags], np.concatenate([blocks, words]))


def titles_before(is_title: Flags) -> Columns:
    """The number of titles up to and including each block."""
    return {"titles_before": np.minimum(is_title.cumsum(), MAX_TITLES).astype(np.float32)}
