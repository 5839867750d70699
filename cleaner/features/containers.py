"""Columns from the elements around a block: what they are, what they hold, and which other blocks stand in such ones.

Three terms. The *main elements* of a page are those that hold at least half of its prose: the root, the article, and
all between. The *branch* of a block is the outermost element around it that is no main element, such as a sidebar or
one paragraph. A *group* are the blocks whose elements have the same tags and classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.features.ancestors import AncestorTable
from cleaner.features.measures import Measures
from cleaner.segment.page import Page
from cleaner.text.arrays import Array, Columns, Floats, Ints, columns_of, renumbered

#: Elements around a block whose presence is a column.
AREAS: Final = tuple("article main aside nav header footer figure form table a blockquote button noscript".split())
#: Levels of ancestors that have columns of their own.
LEVELS: Final = 3
#: Share of the page's prose from which an element is a main element.
MAIN_SHARE: Final = 0.5
#: Blocks of an element whose name says that they are the standfirst, at most.
STANDFIRST_BLOCKS: Final = 3
#: Counts are cut off at these: blocks of an element, siblings of one style, blocks of a group, articles of a page.
MAX_BLOCKS: Final = 500
MAX_SIBLINGS: Final = 100
MAX_GROUP: Final = 200
MAX_ARTICLES: Final = 50

#: The codes of the column ``tag``: tags of one purpose share a code.
TAG_KINDS: Final = {
    "p": 1, "li": 2, "td": 3, "th": 3, "dd": 4, "dt": 5, "blockquote": 6, "pre": 7, "figcaption": 8,
    "div": 9, "section": 9, "article": 9, "main": 9, "body": 9, "button": 10, "label": 10, "select": 10, "textarea": 10,
    "h1": 11, "h2": 12, "h3": 13, "h4": 14, "h5": 14, "h6": 14, "address": 15, "header": 16, "footer": 17, "nav": 17,
    "summary": 18, "caption": 8, "cite": 15,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a page, numbered: ``names`` has each once; ``of_block`` ``(n_blocks,) int64`` and ``of_style``
    ``(n_styles,) int64`` are indices into it.
    """

    names: tuple[str, ...]
    of_block: Ints
    of_style: Ints

    @classmethod
    def of(cls, page: Page) -> Self:
        """The tags of a page's blocks and styles."""
        numbers: dict[str, int] = {}
        of_block = [numbers.setdefault(block.tag, len(numbers)) for block in page.blocks]
        of_style = [numbers.setdefault(tag, len(numbers)) for tag in page.elements.tags]
        return cls(tuple(numbers), np.array(of_block, np.int64), np.array(of_style, np.int64))

    def values(self, by_tag: Mapping[str, int]) -> Ints:
        """The value of each tag, 0 where it has none: ``(n_names,) int64``."""
        return np.array([by_tag.get(tag, 0) for tag in self.names], np.int64)


def area_columns(page: Page, tags: Tags, ancestors: AncestorTable) -> Columns:
    """The element of each block: its tag and depth, which of ``AREAS`` are around it, and which article it is in."""
    bits = {tag: 1 << at for at, tag in enumerate(AREAS)}
    of_style = tags.values(bits).astype(np.uint16).take(tags.of_style)
    of_element = ancestors.with_no_element(of_style.take(ancestors.style))
    around = np.bitwise_or.reduce(of_element.take(ancestors.table), axis=0)
    shifts = np.arange(len(AREAS), dtype=np.uint16)
    columns = columns_of([f"in_{tag}" for tag in AREAS], (around >> shifts[:, None]) & 1)
    is_article = (of_element & bits["article"]) > 0
    ordinal = is_article.cumsum(dtype=np.int32) * is_article
    return columns | columns_of(
        ("tag", "inline", "depth", "article", "hidden", "page_articles"),
        np.array(
            [
                tags.values(TAG_KINDS).take(tags.of_block),
                tags.of_style.take(ancestors.style.take(ancestors.node)) != tags.of_block,
                ancestors.depth.take(ancestors.node),
                # The page's first article element is number 1; the second is often the next story.
                ordinal.take(ancestors.table).max(axis=0),
                np.array([block.hidden for block in page.blocks]),
                np.full(len(page.blocks), min(int(ordinal.max()), MAX_ARTICLES)),
            ],
            np.float32,
        ),
    )


def container_columns(ancestors: AncestorTable, looks: Ints, text_score: Array, measures: Measures) -> Columns:
    """The three innermost elements around each block, and its branch: prose, links, blocks, siblings, text scores.

    ``looks``: ``(n_styles,) int64``, of :class:`~cleaner.features.classnames.ClassNames`. ``text_score``: ``(n_blocks,)
    float32``, log-odds of body.
    """
    weight = measures.weight
    values = [measures.prose_words, measures.linked, measures.chars, measures.words, weight, text_score * weight]
    prose, linked, characters, words, weights, scores = ancestors.sums_over_descendants(np.array(values))
    blocks = np.minimum(ancestors.n_blocks_below, MAX_BLOCKS)
    prose_share = prose / np.float32(measures.all_prose_words)
    link_share = linked / np.maximum(characters, 1)
    of_element = np.array(
        [
            prose_share,
            link_share,
            blocks,
            ancestors.with_no_element(_siblings_of_look(ancestors, looks)),
            scores / np.maximum(weights, 1),
        ],
        np.float32,
    )
    levels = range(1, LEVELS + 1)
    names = "prose_share link_share blocks alike".split()
    nodes = ancestors.at_levels(0, LEVELS)
    columns = columns_of(
        [f"{name}_{level}" for name in names for level in levels],
        of_element[: len(names)].take(nodes, axis=1).reshape(-1, nodes.shape[1]),
    )
    parents = ancestors.at_levels(1, LEVELS + 1)
    columns |= columns_of([f"text_score_around_{level}" for level in levels], of_element[-1].take(parents))
    branch, level_of_branch = ancestors.outermost_below(prose_share >= MAIN_SHARE)
    of_branch = np.array([prose_share, words, link_share, blocks], np.float32).take(branch, axis=1)
    return (
        columns
        | columns_of("branch_prose_share branch_words branch_link_share branch_blocks".split(), of_branch)
        | {"branch_levels": level_of_branch.astype(np.float32)}
    )


def _siblings_of_look(ancestors: AncestorTable, looks: Ints) -> Array:
    """For each element the number of its parent's children that look as it does, itself included: cards, list items,
    forum posts. ``(n_elements,) float32``.
    """
    group = renumbered(ancestors.parent[:-1] * len(looks) + looks.take(ancestors.style))
    return np.minimum(np.bincount(group), MAX_SIBLINGS).astype(np.float32).take(group)


class Groups:
    """Groups of blocks, of several kinds, so that sums over the groups of all kinds are computed together.

    Fields:

    - ``kinds``: the names of the kinds.
    - ``number``: ``(n_kinds, n_blocks) int64``, the group of each block; groups of two kinds have different numbers.
    - ``size``: ``(n_kinds, n_blocks) int64``, the number of blocks in it.
    """

    def __init__(self, numbers: Mapping[str, Ints]) -> None:
        """``numbers``: for each kind the number of each block's group, ``(n_blocks,) int64``, small and not below 0."""
        self.kinds = tuple(numbers)
        self.number: Ints = np.array(list(numbers.values()))
        self.number += np.arange(len(numbers))[:, None] * (int(self.number.max()) + 1)
        self._flat = self.number.ravel()
        self.size: Ints = np.bincount(self._flat).take(self.number)

    def sums(self, values: NDArray[Any]) -> Floats:
        """The sums of rows of values, ``(n_rows, n_blocks)``, over the groups of each block:
        ``(n_rows, n_kinds, n_blocks) float64``.
        """
        repeated = np.concatenate([values] * len(self.kinds), axis=1)
        sums = np.array([np.bincount(self._flat, row) for row in repeated])
        return sums.take(self.number, axis=1)

    def columns(self, names: list[str], values: NDArray[Any]) -> Columns:
        """Columns of ``(n_names, n_kinds, n_blocks)`` values: each name for each kind, as ``style_words``."""
        all_names = [f"{kind}_{name}" for name in names for kind in self.kinds]
        return columns_of(all_names, values.reshape(len(all_names), -1))


def block_groups(tags: Tags, ancestors: AncestorTable, looks: Ints) -> Groups:
    """The groups of blocks: by the tag and classes of the block (``style``), by these and its parent's (``place``),
    and by the classes of the three elements above as well (``path``). Ids do not count: some pages give
    each paragraph its own.

    ``looks``: ``(n_styles,) int64``, of :class:`~cleaner.features.classnames.ClassNames`.
    """
    n_looks = len(looks) + 1
    of_element = ancestors.with_no_element(looks.take(ancestors.style), n_looks - 1)
    around = of_element.take(ancestors.at_levels(0, LEVELS + 1))
    style = renumbered(around[0] * len(tags.names) + tags.of_block)
    place = renumbered(style * n_looks + around[1])
    path = renumbered((place * n_looks + around[2]) * n_looks + around[3])
    return Groups({"style": style, "place": place, "path": path})


def group_columns(groups: Groups, text_score: Array, measures: Measures) -> Columns:
    """The groups of each block: their share of the page, how linked and long they are, and how far they spread.

    ``text_score``: ``(n_blocks,) float32``, log-odds of body.
    """
    values = np.array([measures.prose_words, measures.words, measures.linked, measures.chars, text_score])
    prose, words, linked, chars, text = groups.sums(values)
    columns = groups.columns(
        "prose_share share blocks words link_share".split(),
        np.array(
            [
                prose / measures.all_prose_words,
                words / measures.all_words,
                np.minimum(groups.size, MAX_GROUP),
                words / groups.size,
                linked / chars,
            ]
        ),
    )
    path, size = groups.number[-1], groups.size[-1]
    index = np.arange(len(path))
    first, last = np.zeros((2, int(path.max()) + 1), np.int64)
    first[path[::-1]] = index[::-1]  # the last assignment counts
    last[path] = index
    spread = (last - first + 1).take(path) / size
    return columns | columns_of(["path_text_score", "path_spread"], np.array([text[-1] / size, spread]))


def class_score_columns(style_scores: Array, ancestors: AncestorTable, measures: Measures) -> Columns:
    """The class scores of the elements around each block: sum, extremes, the innermost ones, and the page's level.

    ``style_scores``: ``(n_styles,) float32``, log-odds of body.
    """
    of_element = style_scores.take(ancestors.style)
    around = ancestors.with_no_element(of_element).take(ancestors.table)  # (n_levels, n_blocks)
    total = around.sum(axis=0)
    # The difference from the page's prose: sites differ in the level of their scores more than the elements around the
    # articles of one site do.
    of_prose = np.multiply(total, measures.prose_words, dtype=np.float64).sum()
    prose_mean = np.float32(of_prose / measures.all_prose_words)
    columns = {
        "node_score_sum": total,
        "node_score_min": ancestors.with_no_element(of_element, np.inf).take(ancestors.table).min(axis=0),
        "node_score_max": ancestors.with_no_element(of_element, -np.inf).take(ancestors.table).max(axis=0),
        "node_score_prose": np.full_like(total, prose_mean),
        "node_score_from_prose": total - prose_mean,
    }
    innermost = np.zeros((LEVELS, len(total)), np.float32)
    innermost[: len(around)] = around[:LEVELS]
    return columns | columns_of([f"node_score_{level}" for level in range(1, LEVELS + 1)], innermost)


def standfirst_column(is_standfirst: Array, ancestors: AncestorTable) -> Columns:
    """Whether an element of each block has a name for a standfirst: its node, or one above with hardly another block.

    ``is_standfirst``: ``(n_styles,) float32``.
    """
    of_element = ancestors.with_no_element(is_standfirst.take(ancestors.style))
    small = of_element * (ancestors.n_blocks_below <= STANDFIRST_BLOCKS)
    above = small.take(ancestors.at_levels(1, LEVELS)).max(axis=0)
    return {"standfirst": np.maximum(of_element.take(ancestors.node), above)}
