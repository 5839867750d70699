"""Columns from the elements around a block: what they are, what they hold, and which other blocks stand in such ones.

Three terms. The *main elements* of a page are those that hold at least half of its prose: the root, the article, and
all between. The *branch* of a block is the outermost element around it that is no main element, such as a sidebar or
one paragraph. A *group* are the blocks whose elements have the same tags and classes.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.features.ancestors import AncestorTable
from cleaner.features.context import root_words, windows
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Ints, renumbered

#: For each kind of group (``style``, ``place``, ``path``) the number of each block's group: ``(n_blocks,) int64``.
Groups = dict[str, Ints]

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


def area_columns(page: Page, ancestors: AncestorTable) -> Columns:
    """The element of each block: its tag and depth, which of ``AREAS`` are around it, and which article it is in."""
    elements, blocks = page.elements, page.blocks
    bits = {tag: 1 << at for at, tag in enumerate(AREAS)}
    of_style = np.array([bits.get(style.tag, 0) for style in elements.styles], np.int64)
    of_element = np.append(of_style[ancestors.style], 0)
    around = np.bitwise_or.reduce(of_element[ancestors.table], axis=1)
    columns = {f"in_{tag}": ((around >> at) & 1).astype(np.float32) for at, tag in enumerate(AREAS)}
    is_article = (of_element[:-1] & bits["article"]) > 0
    ordinal = np.append(np.cumsum(is_article) * is_article, 0)
    columns["tag"] = np.array([TAG_KINDS.get(block.tag, 0) for block in blocks], np.float32)
    columns["inline"] = np.array([elements.tag(block.node) != block.tag for block in blocks], np.float32)
    columns["depth"] = ancestors.depth[ancestors.node].astype(np.float32)
    columns["hidden"] = np.array([block.hidden for block in blocks], np.float32)
    # The page's first article element is number 1; the second is often the next story.
    columns["article"] = ordinal[ancestors.table].max(axis=1).astype(np.float32)
    columns["page_articles"] = np.full(len(blocks), min(float(is_article.sum()), MAX_ARTICLES), np.float32)
    return columns


def container_columns(ancestors: AncestorTable, prose_map: ProseMap) -> Columns:
    """The three innermost elements around each block, and its branch: prose, links, blocks, siblings."""
    stats = prose_map.stats
    words = stats.words.astype(np.float32)
    prose = words * prose_map.in_prose
    prose_share = ancestors.sum_over_descendants(prose) / max(float(prose.sum()), 1.0)
    linked = ancestors.sum_over_descendants(prose_map.linked)
    characters = np.maximum(ancestors.sum_over_descendants(stats.chars), 1)
    link_share: Array = np.asarray(linked / characters, np.float32)
    blocks = np.minimum(ancestors.sum_over_descendants(np.ones(len(words), np.float32)), MAX_BLOCKS)
    siblings = ancestors.with_no_element(_siblings_of_style(ancestors))
    columns: Columns = {}
    for level in range(LEVELS):
        node = ancestors.at_level(level)
        columns[f"prose_share_{level + 1}"] = prose_share[node]
        columns[f"link_share_{level + 1}"] = link_share[node]
        columns[f"blocks_{level + 1}"] = blocks[node]
        columns[f"alike_{level + 1}"] = siblings[node]
    branch, level_of_branch = ancestors.outermost_below(prose_share >= MAIN_SHARE)
    columns["branch_prose_share"] = prose_share[branch]
    columns["branch_words"] = ancestors.sum_over_descendants(words)[branch]
    columns["branch_link_share"] = link_share[branch]
    columns["branch_blocks"] = blocks[branch]
    columns["branch_levels"] = level_of_branch.astype(np.float32)
    return columns


def _siblings_of_style(ancestors: AncestorTable) -> Array:
    """For each element the number of its parent's children that have its style, itself included: cards, list items,
    forum posts. ``(n_elements,) float32``.
    """
    key = ancestors.parent[:-1] * (int(ancestors.look.max()) + 1) + ancestors.look
    group = renumbered(key)
    return np.asarray(np.minimum(np.bincount(group), MAX_SIBLINGS)[group], np.float32)


def block_groups(page: Page, ancestors: AncestorTable) -> Groups:
    """The groups of blocks: by the tag and classes of the block (``style``), by these and its parent's (``place``),
    and by the classes of the three elements above as well (``path``). Ids do not count: some pages give
    each paragraph its own.
    """
    tags: dict[str, int] = {}
    tag = np.array([tags.setdefault(block.tag, len(tags)) for block in page.blocks], np.int64)
    n_looks = len(page.elements.styles) + 1  # the last one is that of no element
    look_of = np.append(ancestors.look, n_looks - 1)
    looks = [look_of[ancestors.at_level(level)] for level in range(LEVELS + 1)]
    style = renumbered(looks[0] * len(tags) + tag)
    place = renumbered(style * n_looks + looks[1])
    path = place
    for above in looks[2:]:
        path = renumbered(path * n_looks + above)
    return {"style": style, "place": place, "path": path}


def group_columns(groups: Groups, text_score: Array, prose_map: ProseMap) -> Columns:
    """The groups of each block: their share of the page, how linked and long they are, and how far they spread.

    ``text_score``: ``(n_blocks,) float32``, log-odds of body.
    """
    stats = prose_map.stats
    words = stats.words.astype(np.float64)
    prose = words * prose_map.in_prose
    prose_total, total = max(float(prose.sum()), 1.0), max(float(words.sum()), 1.0)
    columns: dict[str, NDArray[Any]] = {}
    for name, group in groups.items():
        size = np.bincount(group)
        group_words = np.bincount(group, words)
        columns[f"{name}_prose_share"] = (np.bincount(group, prose) / prose_total)[group]
        columns[f"{name}_share"] = (group_words / total)[group]
        columns[f"{name}_blocks"] = np.minimum(size, MAX_GROUP)[group]
        columns[f"{name}_words"] = (group_words / size)[group]
        columns[f"{name}_link_share"] = (np.bincount(group, prose_map.linked) / np.bincount(group, stats.chars))[group]
    path, size = groups["path"], np.bincount(groups["path"])
    columns["path_text_score"] = (np.bincount(path, text_score) / size)[path]
    index = np.arange(len(path))
    first, last = np.full(len(size), len(path)), np.zeros(len(size), np.int64)
    np.minimum.at(first, path, index)
    np.maximum.at(last, path, index)
    columns["path_spread"] = ((last - first + 1) / size)[path]
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}


def class_score_columns(style_scores: Array, ancestors: AncestorTable, prose_map: ProseMap) -> Columns:
    """The class scores of the elements around each block: sum, extremes, the innermost ones, and their context.

    ``style_scores``: ``(n_styles,) float32``, log-odds of body.
    """
    scores = ancestors.with_no_element(style_scores[ancestors.style])[ancestors.table]  # (n_blocks, n_levels)
    is_element = ancestors.table != ancestors.no_element
    total = scores.sum(axis=1, dtype=np.float32)
    columns = {
        "node_score_min": np.where(is_element, scores, np.inf).min(axis=1).astype(np.float32),
        "node_score_max": np.where(is_element, scores, -np.inf).max(axis=1).astype(np.float32),
    }
    for level in range(LEVELS):
        columns[f"node_score_{level + 1}"] = scores[:, level] if level < scores.shape[1] else np.zeros_like(total)
    # The difference from the page's prose: sites differ in the level of their scores more than the elements around the
    # articles of one site do.
    prose = prose_map.stats.words * prose_map.in_prose
    columns["node_score_prose"] = np.full_like(total, (total * prose).sum() / max(float(prose.sum()), 1.0))
    columns["node_score_from_prose"] = total - columns["node_score_prose"]
    return columns | windows("node_score_sum", total, prose_map)


def standfirst_column(is_standfirst: Array, ancestors: AncestorTable, columns: Columns) -> Columns:
    """Whether an element of each block has a name for a standfirst: its node, or one above with hardly another block.

    ``is_standfirst``: ``(n_styles,) float32``; ``columns`` are those of :func:`container_columns`.
    """
    of_element = ancestors.with_no_element(is_standfirst[ancestors.style])
    named = of_element[ancestors.node].copy()
    for level in range(1, LEVELS):
        small = columns[f"blocks_{level + 1}"] <= STANDFIRST_BLOCKS
        named = np.maximum(named, of_element[ancestors.at_level(level)] * small)
    return {"standfirst": np.asarray(named, np.float32)}


def text_score_columns(text_score: Array, ancestors: AncestorTable, prose_map: ProseMap) -> Columns:
    """The weighted mean text score of all blocks that each of the elements above a block holds."""
    weight = root_words(prose_map).astype(np.float32)
    weights = np.maximum(ancestors.sum_over_descendants(weight), 1)
    mean: Array = np.asarray(ancestors.sum_over_descendants(text_score * weight) / weights, np.float32)
    return {f"text_score_around_{level}": mean[ancestors.at_level(level)] for level in range(1, LEVELS + 1)}
