"""Columns from the elements around a block: what they are, what they hold, what else looks like it."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.features.ancestors import AncestorTable
from cleaner.features.position import windows
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Ints

#: Columns before they are made to be float32.
Numbers = dict[str, NDArray[Any]]

#: Elements whose presence around a block is a column of its own.
AREAS: Final = tuple("article main aside nav header footer figure form table a blockquote button noscript".split())
#: How many of the elements around a block are looked at one by one.
LEVELS: Final = 3
#: Share of the page's prose from which an element is the article's, and no branch of it.
TRUNK: Final = 0.5
#: Counts beyond these are alike.
MANY_BLOCKS, MANY_ALIKE, MANY_STYLED, MANY_ARTICLES = 500, 100, 200, 50

#: Tags that mean the same have one number.
TAG_KINDS: Final = {
    "p": 1, "li": 2, "td": 3, "th": 3, "dd": 4, "dt": 5, "blockquote": 6, "pre": 7, "figcaption": 8,
    "div": 9, "section": 9, "article": 9, "main": 9, "body": 9, "button": 10, "label": 10, "select": 10, "textarea": 10,
    "h1": 11, "h2": 12, "h3": 13, "h4": 14, "h5": 14, "h6": 14, "address": 15, "header": 16, "footer": 17, "nav": 17,
    "summary": 18, "caption": 8, "cite": 15,
}  # fmt: skip


def areas(page: Page, ancestors: AncestorTable) -> Columns:
    """Which telling elements stand around a block, and which article of the page it is in."""
    elements, blocks = page.elements, page.blocks
    bit = {tag: 1 << at for at, tag in enumerate(AREAS)}
    of_style = np.array([bit.get(style.tag, 0) for style in elements.styles], np.int64)
    of_element = np.append(of_style[ancestors.style], 0)
    inside = np.bitwise_or.reduce(of_element[ancestors.table], axis=1)
    columns = {f"in_{tag}": ((inside >> at) & 1).astype(np.float32) for at, tag in enumerate(AREAS)}
    is_article = (of_element[:-1] & bit["article"]) > 0
    ordinal = np.append(np.cumsum(is_article) * is_article, 0)
    n = len(blocks)
    columns["tag"] = np.array([TAG_KINDS.get(b.tag, 0) for b in blocks], np.float32)
    columns["inline"] = np.array([elements.tag(b.node) != b.tag for b in blocks], np.float32)
    columns["depth"] = ancestors.depth[ancestors.node].astype(np.float32)
    columns["hidden"] = np.array([b.hidden for b in blocks], np.float32)
    # The innermost article around a block, counted from the first of the page: the second one is often the next story.
    columns["article"] = ordinal[ancestors.table].max(axis=1).astype(np.float32)
    columns["page_articles"] = np.full(n, min(float(is_article.sum()), MANY_ARTICLES), np.float32)
    return columns


def containers(page: Page, ancestors: AncestorTable, prose_map: ProseMap) -> Columns:
    """The elements around a block: how much of the page's prose they hold, how linked and how large they are."""
    stats = prose_map.stats
    words = stats.words.astype(np.float32)
    prose = words * prose_map.in_prose
    n = len(page.blocks)
    share = ancestors.sum_over_descendants(prose) / max(float(prose.sum()), 1.0)
    linked = ancestors.sum_over_descendants(prose_map.linked)
    links: Array = np.asarray(linked / np.maximum(ancestors.sum_over_descendants(stats.chars), 1), np.float32)
    number = np.minimum(ancestors.sum_over_descendants(np.ones(n, np.float32)), MANY_BLOCKS)
    alike = ancestors.padded(_alike(ancestors))
    columns: Columns = {}
    for level in range(LEVELS):
        node = ancestors.level(level)
        columns[f"prose_share_{level + 1}"] = share[node]
        columns[f"link_share_{level + 1}"] = links[node]
        columns[f"blocks_{level + 1}"] = number[node]
        columns[f"alike_{level + 1}"] = alike[node]
    branch, levels = _branch(ancestors, share)
    columns["branch_prose_share"] = share[branch]
    columns["branch_words"] = ancestors.sum_over_descendants(words)[branch]
    columns["branch_link_share"] = links[branch]
    columns["branch_blocks"] = number[branch]
    columns["branch_levels"] = levels.astype(np.float32)
    return columns


def _branch(ancestors: AncestorTable, share: Array) -> tuple[Ints, Ints]:
    """The largest element around each block that is no trunk, and how many levels up it is."""
    trunk = (share >= TRUNK) | (np.arange(len(share)) == ancestors.nothing)
    on_trunk = np.concatenate([trunk[ancestors.table[:, 1:]], np.ones((len(ancestors.node), 1), bool)], axis=1)
    levels = np.argmax(on_trunk, axis=1)
    return ancestors.table[np.arange(len(levels)), levels], levels


def _alike(ancestors: AncestorTable) -> Array:
    """For each element how many of its siblings have its style: cards, list items, forum posts."""
    key = ancestors.parent[:-1] * (int(ancestors.style.max()) + 1) + ancestors.style
    _, group, times = np.unique(key, return_inverse=True, return_counts=True)
    return np.asarray(np.minimum(times, MANY_ALIKE)[group], np.float32)


def styles(groups: dict[str, Ints], text_score: Array, prose_map: ProseMap) -> Columns:
    """Blocks that look alike: how much of the page's prose and words they are, how linked, how long, what their words
    are like, and how far apart they stand.
    """
    stats = prose_map.stats
    words = stats.words.astype(np.float64)
    prose = words * prose_map.in_prose
    prose_total, total = max(float(prose.sum()), 1.0), max(float(words.sum()), 1.0)
    columns: Numbers = {}
    for name, group in groups.items():
        size = np.bincount(group)
        spans = np.bincount(group, words)
        columns[f"{name}_prose_share"] = (np.bincount(group, prose) / prose_total)[group]
        columns[f"{name}_share"] = (spans / total)[group]
        columns[f"{name}_blocks"] = np.minimum(size, MANY_STYLED)[group]
        columns[f"{name}_words"] = (spans / size)[group]
        columns[f"{name}_link_share"] = (np.bincount(group, prose_map.linked) / np.bincount(group, stats.chars))[group]
    path, size = groups["path"], np.bincount(groups["path"])
    columns["path_text_score"] = (np.bincount(path, text_score) / size)[path]
    index = np.arange(len(path))
    first, last = np.full(len(size), len(path)), np.zeros(len(size), np.int64)
    np.minimum.at(first, path, index)
    np.maximum.at(last, path, index)
    columns["path_spread"] = ((last - first + 1) / size)[path]
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}


def groups(page: Page, ancestors: AncestorTable) -> dict[str, Ints]:
    """For each block the number of its style (its tag and classes), of its place (with its parent's), and of its path
    (with those of the three elements around it): blocks of one number look alike.
    """
    tags: dict[str, int] = {}
    tag = np.array([tags.setdefault(b.tag, len(tags)) for b in page.blocks], np.int64)
    number = len(page.elements.styles) + 1
    of_element = np.append(ancestors.style, number - 1)
    up = [of_element[ancestors.level(level)] for level in range(LEVELS + 1)]
    style = _numbered(up[0] * len(tags) + tag)
    place = _numbered(style * number + up[1])
    path = place
    for level in up[2:]:
        path = _numbered(path * number + level)
    return {"style": style, "place": place, "path": path}


def _numbered(keys: Ints) -> Ints:
    return np.asarray(np.unique(keys, return_inverse=True)[1], np.int64)


def scores(of_styles: Array, ancestors: AncestorTable, prose_map: ProseMap) -> Columns:
    """The class and id scores of the elements around a block, and of the blocks around it."""
    around = ancestors.padded(of_styles[ancestors.style])[ancestors.table]
    there = ancestors.table != ancestors.nothing
    total = around.sum(axis=1, dtype=np.float32)
    columns = {
        "node_score_sum": total,
        "node_score_min": np.where(there, around, np.inf).min(axis=1).astype(np.float32),
        "node_score_max": np.where(there, around, -np.inf).max(axis=1).astype(np.float32),
    }
    for level in range(LEVELS):
        columns[f"node_score_{level + 1}"] = around[:, level] if level < around.shape[1] else np.zeros_like(total)
    # How far the block's elements are from those of the page's prose: what a site calls its article varies less than
    # what sites do.
    prose = prose_map.stats.words * prose_map.in_prose
    columns["node_score_prose"] = np.full_like(total, (total * prose).sum() / max(float(prose.sum()), 1.0))
    columns["node_score_from_prose"] = total - columns["node_score_prose"]
    more = windows("node_score_sum", total, prose_map)
    del more["node_score_sum"]
    return columns | more


def standfirst(of_styles: Array, ancestors: AncestorTable) -> Columns:
    """Whether a block's own element names a standfirst."""
    return {"standfirst": np.asarray(of_styles[ancestors.style[ancestors.node]], np.float32)}


def text_scores(scores: Array, ancestors: AncestorTable, prose_map: ProseMap) -> Columns:
    """The mean text score of what the elements around a block hold."""
    weight = np.sqrt(np.maximum(prose_map.stats.words, 1)).astype(np.float32)
    mean: Array = np.asarray(
        ancestors.sum_over_descendants(scores * weight) / np.maximum(ancestors.sum_over_descendants(weight), 1),
        np.float32,
    )
    return {f"text_score_around_{level}": mean[ancestors.level(level)] for level in range(1, LEVELS + 1)}
