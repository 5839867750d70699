"""Columns of the second stage from regions: parts of a page that are body or residue as a whole.

The *article element* is the innermost element that holds at least half of the words that the first stage expects to be
body. A *region* of blocks is the outermost element around them that is neither the article element nor one of its
ancestors: a thread of comments, a rail of teasers, one paragraph. A *section* are the blocks from a heading to the
next.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.features.ancestors import AncestorTable
from cleaner.features.context import last_index, root_words
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Flags, Ints

#: Share of the expected body words from which an element holds the article.
ARTICLE_SHARE: Final = 0.5
#: Distances and counts of blocks are cut off here.
MAX_BLOCKS: Final = 200


def region_columns(score: Array, rules: Columns, ancestors: AncestorTable, prose_map: ProseMap) -> Columns:
    """The region and the section of each block: how much body the first stage expects there, and what rules say.

    ``score`` (n_blocks,) float32 is the first stage's probability of body; ``rules`` are the columns of
    :func:`cleaner.features.second_stage.rule_columns`, 0 where rules were not run.
    """
    words = prose_map.stats.words.astype(np.float32)
    expected = ancestors.sum_over_descendants(score * words)
    share = expected / max(float((score * words).sum()), 1.0)
    holds_article = share >= ARTICLE_SHARE
    region, _ = ancestors.outermost_below(holds_article)
    inside = _is_inside(ancestors, holds_article)
    columns: dict[str, NDArray[Any]] = {
        "region_share": share[region],
        "in_article_element": inside,
        "since_article_element": _blocks_since(inside),
    }
    columns |= _of_group("region", region, score, rules, prose_map)
    last_heading = last_index(prose_map.level > 0)
    columns |= _of_group("section", last_heading + 1, score, rules, prose_map)
    index = np.maximum(last_heading, 0)
    columns["section_heading"] = np.where(last_heading >= 0, score[index], -1)
    columns["section_heading_rule"] = np.where(last_heading >= 0, rules["rule_residue"][index], 0)
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}


def _of_group(name: str, group: Ints, score: Array, rules: Columns, prose_map: ProseMap) -> dict[str, NDArray[Any]]:
    """Means and counts over the blocks of each group; ``group`` (n_blocks,) int64 has its number."""
    weight = root_words(prose_map)
    size = np.maximum(np.bincount(group), 1)
    total = np.maximum(np.bincount(group, weight), 1e-6)
    chars = np.maximum(np.bincount(group, prose_map.stats.chars), 1)
    return {
        f"{name}_score": (np.bincount(group, score * weight) / total)[group],
        f"{name}_words": np.bincount(group, prose_map.stats.words)[group],
        f"{name}_blocks": np.minimum(size, MAX_BLOCKS)[group],
        f"{name}_link_share": (np.bincount(group, prose_map.linked) / chars)[group],
        f"{name}_rules": (np.bincount(group, rules["rule_residue"]) / size)[group],
        f"{name}_comments": (np.bincount(group, rules["rule_comment"]) / size)[group],
    }


def _is_inside(ancestors: AncestorTable, holds_article: Flags) -> Flags:
    """Whether each block is in the article element: (n_blocks,) bool."""
    holders = np.flatnonzero(holds_article[: ancestors.no_element])
    if not len(holders):
        return np.zeros(len(ancestors.node), bool)
    article = holders[np.argmax(ancestors.depth[holders])]
    return np.asarray((ancestors.table == article).any(axis=1))


def _blocks_since(inside: Flags) -> Ints:
    """Blocks since the last block inside, negative before the first one, 0 inside: (n_blocks,) int64."""
    index = np.arange(len(inside))
    last = last_index(inside)
    first = int(np.argmax(inside)) if inside.any() else 0
    return np.clip(np.where(last >= 0, index - last, index - first), -MAX_BLOCKS, MAX_BLOCKS)
