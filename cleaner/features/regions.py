"""Columns of the second stage from regions: parts of a page that are body or residue as a whole.

The *article element* is the innermost element that holds at least half of the words that the first stage expects to be
body. A *region* of blocks is the outermost element around them that is neither the article element nor one of its
ancestors: a thread of comments, a rail of teasers, one paragraph. A *section* are the blocks from a heading to the
next.
"""

from typing import Final

import numpy as np

from cleaner.features.ancestors import AncestorTable
from cleaner.features.containers import Groups
from cleaner.features.context import last_index
from cleaner.features.measures import Measures
from cleaner.text.arrays import Array, Columns, Flags, Ints, columns_of

#: Share of the expected body words from which an element holds the article.
ARTICLE_SHARE: Final = 0.5
#: Distances and counts of blocks are cut off here.
MAX_BLOCKS: Final = 200


def region_columns(score: Array, rules: Columns, ancestors: AncestorTable, measures: Measures) -> Columns:
    """The region and the section of each block: how much body the first stage expects there, and what rules say.

    ``score`` (n_blocks,) float32 is the first stage's probability of body; ``rules`` are the columns of
    :func:`cleaner.features.second_stage.rule_columns`, 0 where rules were not run.
    """
    body_words = score * measures.words
    (expected,) = ancestors.sums_over_descendants(body_words[None, :])
    share = expected / np.float32(max(float(body_words.sum()), 1.0))
    holds_article = share >= ARTICLE_SHARE
    region, _ = ancestors.outermost_below(holds_article)
    inside = _is_inside(ancestors, holds_article)
    last_heading = last_index(measures.is_heading)
    heading = np.maximum(last_heading, 0)
    columns = columns_of(
        "region_share in_article_element since_article_element section_heading section_heading_rule".split(),
        np.array(
            [
                share[region],
                inside,
                _blocks_since(inside),
                np.where(last_heading >= 0, score[heading], -1),
                np.where(last_heading >= 0, rules["rule_residue"][heading], 0),
            ],
            np.float32,
        ),
    )
    return columns | _group_columns(Groups({"region": region, "section": last_heading + 1}), score, rules, measures)


def _group_columns(groups: Groups, score: Array, rules: Columns, measures: Measures) -> Columns:
    """Means and counts over the blocks of each group."""
    weight = measures.weight
    values = [score * weight, weight, measures.words, measures.linked, measures.chars]
    values += [rules["rule_residue"], rules["rule_comment"]]
    scores, weights, words, linked, chars, residue, comments = groups.sums(np.array(values))
    return groups.columns(
        "score words blocks link_share rules comments".split(),
        np.array(
            [
                scores / np.maximum(weights, 1e-6),
                words,
                np.minimum(groups.size, MAX_BLOCKS),
                linked / np.maximum(chars, 1),
                residue / groups.size,
                comments / groups.size,
            ]
        ),
    )


def _is_inside(ancestors: AncestorTable, holds_article: Flags) -> Flags:
    """Whether each block is in the article element: (n_blocks,) bool."""
    holders = holds_article[: ancestors.no_element].nonzero()[0]
    if not len(holders):
        return np.zeros(len(ancestors.node), bool)
    return ancestors.holds(int(holders[ancestors.depth.take(holders).argmax()]))


def _blocks_since(inside: Flags) -> Ints:
    """Blocks since the last block inside, negative before the first one, 0 inside: (n_blocks,) int64."""
    index = np.arange(len(inside))
    last = last_index(inside)
    first = int(np.argmax(inside)) if inside.any() else 0
    since = index - np.where(last >= 0, last, first)
    return np.minimum(np.maximum(since, -MAX_BLOCKS), MAX_BLOCKS)
