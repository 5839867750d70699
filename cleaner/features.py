"""Blocks become numbers: one row a block, one named column a feature.

All columns of a group are computed for all blocks of a page at once; the function of each group says what its columns
are. The weights file names the columns that its trees use, so a column can be added without touching it.
Shares go from 0 to 1, scores are log-odds, distances are in blocks or words, and -1 stands for "the page does not say".
Words are counted as in :mod:`cleaner.words`; "prose" is a closed block of at least 15 words with few links.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from cleaner import words
from cleaner.document import Evidence, Label
from cleaner.layout import Layout
from cleaner.segment import Page

Array = NDArray[np.float32]
Ints = NDArray[np.int64]
Columns = dict[str, Array]

RESIDUE: Final = tuple(label for label in Label if label is not Label.BODY)
#: Ancestors whose presence is a column of its own.
AREAS: Final = tuple("article main aside nav header footer figure form table a blockquote button noscript".split())
#: Share of words in common from which a block is the page's title, and the most words a title has.
TITLE: Final = 0.7
TITLE_WORDS: Final = 40
#: How many of the elements around a block are looked at one by one.
LEVELS: Final = 3

_WORD: Final = re.compile(r"\w+")


class Scorer(Protocol):
    """Learned log-odds: of each node from its class and id tokens, of each block from its words."""

    def nodes(self, page: Page) -> Array: ...

    def texts(self, page: Page) -> Array: ...


@dataclass(frozen=True, slots=True)
class _Tree:
    """The nodes of a page as arrays, and the sums over what each one holds."""

    parent: Ints
    depth: Ints
    levels: list[Ints]
    block_node: Ints

    def below(self, values: Array) -> Array:
        """Sums over the blocks at or below each node; ``values`` has a row a block."""
        sums = np.zeros((len(self.parent), values.shape[1]), np.float32)
        np.add.at(sums, self.block_node, values)
        for level in reversed(self.levels[1:]):
            np.add.at(sums, self.parent[level], sums[level])
        return sums

    def above(self, values: Array, combine: np.ufunc) -> Array:
        """``values`` combined over each node and the nodes around it."""
        out = values.copy()
        for level in self.levels[1:]:
            out[level] = combine(out[level], out[self.parent[level]])
        return out


def _tree(page: Page) -> _Tree:
    parent = np.array([max(node.parent, 0) for node in page.nodes], np.int64)
    depth = np.array([node.depth for node in page.nodes], np.int64)
    order = np.argsort(depth, kind="stable")
    cuts = np.searchsorted(depth[order], np.arange(1, depth[order][-1] + 1))
    return _Tree(parent, depth, np.split(order, cuts), np.array([b.node for b in page.blocks], np.int64))


def compute(page: Page, layout: Layout, evidence: Sequence[Sequence[Evidence]], scorer: Scorer) -> Columns:
    """All columns of a page's blocks: float32 arrays, one entry a block."""
    base = _Base(page, layout)
    columns: Columns = {}
    columns |= _text_shape(page, base)
    columns |= _position(base)
    columns |= _page_level(page, base)
    columns |= _own_words(page, base)
    columns |= _rule_columns(evidence, base)
    text_score = scorer.texts(page)
    columns |= _windows("text_score", text_score, base)
    if page.kind == "html":
        tree = _tree(page)
        columns |= _elements(page, tree)
        columns |= _containers(page, tree, base)
        columns |= _styles(page, base)
        node_score = scorer.nodes(page)
        columns |= _node_scores(node_score, tree, base)
        columns |= _container_scores(text_score, tree, base)
    return columns


class _Base:
    """What several groups of columns start from."""

    def __init__(self, page: Page, layout: Layout) -> None:
        blocks = page.blocks
        self.n = len(blocks)
        self.words = np.array(layout.words, np.float32)
        self.prose = np.array(layout.prose, np.float32)
        self.prose_words = self.words * self.prose
        self.chars = np.array([max(len(b.plain), 1) for b in blocks], np.float32)
        self.linked = np.array([b.linked for b in blocks], np.float32)
        self.link_share = np.minimum(self.linked / self.chars, 1)
        self.heading = np.array([b.level for b in blocks])
        self.ended = np.array([words.ENDED.search(b.plain[-12:]) is not None for b in blocks], np.float32)
        self.layout = layout


# -- the text itself -----------------------------------------------------------------------------


@cache
def _classes() -> NDArray[np.uint8]:
    """The class of each character below U+3000: 1 upper, 2 lower, 3 digit, 4 punctuation, 5 space, 0 other."""
    table = np.zeros(0x3000, np.uint8)
    for code in range(0x3000):
        category = unicodedata.category(chr(code))
        table[code] = {"Lu": 1, "Lt": 1, "Ll": 2, "Nd": 3, "Zs": 5}.get(category, 4 if category[0] in "PS" else 0)
    return table


def _character_counts(texts: Sequence[str]) -> NDArray[np.float32]:
    """For each text how many characters of each class it has: (texts, 6)."""
    whole = "\n".join(texts) + "\n"
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _classes()[np.minimum(codes, 0x2FFF)]
    ends = np.cumsum([len(text) + 1 for text in texts])
    starts = np.concatenate([[0], ends[:-1]])
    counts = [np.add.reduceat(classes == k, starts, dtype=np.float32) for k in range(6)]
    return np.stack(counts, axis=1).astype(np.float32)


def _text_shape(page: Page, base: _Base) -> Columns:
    texts = [b.plain for b in page.blocks]
    counts = _character_counts(texts)
    upper, lower, digits, marks = counts[:, 1], counts[:, 2], counts[:, 3], counts[:, 4]
    letters = np.maximum(upper + lower, 1)
    last = [t.rstrip("'\"”’»“)]）」』】› ")[-1:] for t in texts]
    return {
        "words": base.words,
        "word_length": base.chars / np.maximum(base.words, 1),
        "ended": base.ended,
        "prose": base.prose,
        "upper_share": upper / letters,
        "digit_share": digits / base.chars,
        "mark_share": marks / base.chars,
        "capitals_a_word": upper / np.maximum(base.words, 1),
        "commas": _count(texts, ",", "，", "、"),
        "starts": np.array([_first_kind(t) for t in texts], np.float32),
        "ends": np.array([".!?…:;,。！？".find(c) + 1 if c else 0 for c in last], np.float32),
        "quotes": np.array([any(q in t for q in '"“”„«»「『') for t in texts], np.float32),
        "bars": _count(texts, "|", "•", "·", "›", "»", "/"),
        "address": np.array([("@" in t) + 2 * ("http" in t or "www." in t) for t in texts], np.float32),
        "lines": _count(texts, "\n"),
        "link_share": base.link_share,
        "links": np.array([b.links for b in page.blocks], np.float32),
        "media": np.array([min(b.media, 9) for b in page.blocks], np.float32),
        "heading": base.heading.astype(np.float32),
        "item": np.array([b.tag == "li" or "li" in b.context for b in page.blocks], np.float32),
    }


def _count(texts: Sequence[str], *characters: str) -> Array:
    return np.array([sum(t.count(c) for c in characters) for t in texts], np.float32)


def _first_kind(text: str) -> int:
    first = text[:1]
    if first.isupper():
        return 1
    if first.islower():
        return 2
    if first.isdigit():
        return 3
    return 4 if first in "\"'“„«‘-–—" else 5 if first.isalpha() else 6


# -- where it stands -----------------------------------------------------------------------------


def _position(base: _Base) -> Columns:
    n = base.n
    index = np.arange(n, dtype=np.float32)
    before = np.cumsum(base.words) - base.words
    total = max(float(base.words.sum()), 1.0)
    prose_before = np.cumsum(base.prose_words) - base.prose_words
    prose_total = max(float(base.prose_words.sum()), 1.0)
    first, last = base.layout.first, base.layout.last
    columns = {
        "index": index,
        "index_from_end": n - 1 - index,
        "words_before": before / total,
        "prose_before": prose_before / prose_total,
        "prose_words_after": prose_total - prose_before - base.prose_words,
        "since_first_prose": np.clip(index - first, -50, 50),
        "since_last_prose": np.clip(index - last, -50, 50),
        "between_prose": ((index > first) & (index < last)).astype(np.float32),
    }
    columns |= _distances("prose", base.prose > 0, base)
    columns |= _distances("heading", base.heading > 0, base)
    for name, values in (("words", base.words), ("link_share", base.link_share), ("ended", base.ended)):
        columns |= _neighbours(name, values)
    return columns


def _distances(name: str, there: NDArray[np.bool_], base: _Base) -> Columns:
    """How many blocks and words lie between each block and the last and next one of a kind; 50 and 999 at most."""
    n = base.n
    index = np.arange(n)
    previous = np.maximum.accumulate(np.where(there, index, -1))
    previous = np.concatenate([[-1], previous[:-1]])
    following = np.minimum.accumulate(np.where(there, index, n)[::-1])[::-1]
    following = np.concatenate([following[1:], [n]])
    sums = np.concatenate([[0], np.cumsum(base.words)])
    words_back = np.where(previous >= 0, sums[index] - sums[np.minimum(previous + 1, n)], 999)
    words_on = np.where(following < n, sums[np.minimum(following, n)] - sums[index + 1], 999)
    return {
        f"blocks_since_{name}": np.where(previous >= 0, np.minimum(index - previous, 50), 50).astype(np.float32),
        f"blocks_until_{name}": np.where(following < n, np.minimum(following - index, 50), 50).astype(np.float32),
        f"words_since_{name}": np.minimum(words_back, 999).astype(np.float32),
        f"words_until_{name}": np.minimum(words_on, 999).astype(np.float32),
    }


def _neighbours(name: str, values: Array) -> Columns:
    padded = np.concatenate([[-1, -1], values, [-1, -1]]).astype(np.float32)
    return {f"{name}_{k:+d}": padded[2 + k : len(values) + 2 + k] for k in (-2, -1, 1, 2)}


def _windows(name: str, values: Array, base: _Base) -> Columns:
    """A score itself, its neighbours', and its means over windows, blocks weighed by the root of their words."""
    weight = np.sqrt(np.maximum(base.words, 1))
    columns = {name: values}
    padded = np.concatenate([[0], values, [0]]).astype(np.float32)
    columns |= {f"{name}_-1": padded[:-2], f"{name}_+1": padded[2:]}
    for reach in (2, 6):
        columns[f"{name}_window{reach}"] = _mean(values * weight, reach) / _mean(weight, reach)
    return columns


def _mean(values: Array, reach: int) -> Array:
    sums = np.concatenate([[0], np.cumsum(values, dtype=np.float64)])
    index = np.arange(len(values))
    low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, len(values))
    means: Array = ((sums[high] - sums[low]) / (high - low)).astype(np.float32)
    return means


# -- what the page says --------------------------------------------------------------------------


def _page_level(page: Page, base: _Base) -> Columns:
    total = max(float(base.words.sum()), 1.0)
    types = " ".join(page.types)
    values = {
        "page_blocks": base.n,
        "page_words": total,
        "page_prose": float(base.prose_words.sum()),
        "page_prose_share": float(base.prose_words.sum()) / total,
        "page_prose_blocks": float(base.prose.sum()),
        "page_link_share": float(base.linked.sum() / base.chars.sum()),
        "page_headings": float((base.heading > 0).sum()),
        "page_article": ("article" in types) + 2 * ("blogposting" in types) + 4 * ("og:article" in types),
        "page_product": "product" in types,
        "page_forum": "discussionforum" in types or "qapage" in types or "question" in types,
        "page_list": "itemlist" in types or "collectionpage" in types,
        "page_body": len(page.article_body.split()),
    }
    return {name: np.full(base.n, value, np.float32) for name, value in values.items()}


def _own_words(page: Page, base: _Base) -> Columns:
    """How far a block's words stand in the page's own words about itself; -1 where it has none."""
    info = page.metadata
    tokens = [set(_WORD.findall(b.plain.lower())) for b in page.blocks]
    said = {"title": info.title, "description": info.description, "author": info.author, "site": info.site}
    columns = {f"in_{name}": _overlap(tokens, text) for name, text in said.items()}
    columns["title_in"] = _overlap_back(tokens, info.title)
    columns["description_in"] = _overlap_back(tokens, info.description)
    is_title = (columns["title_in"] >= TITLE) & (columns["in_title"] >= TITLE) & (base.words <= TITLE_WORDS)
    is_title |= np.array([b.level == 1 for b in page.blocks])
    columns |= _distances("title", is_title, base)
    columns["titles_before"] = np.minimum(np.cumsum(is_title), np.float32(9)).astype(np.float32)
    body = " ".join(_WORD.findall(page.article_body.lower()))
    joined = [" ".join(_WORD.findall(b.plain.lower())) for b in page.blocks]
    inside = [text in body if len(text) > 8 else False for text in joined] if body else [-1] * base.n
    columns["in_body"] = np.array(inside, np.float32)
    folded = [words.fold(b.plain) for b in page.blocks]
    times = Counter(folded)
    columns["times"] = np.array([min(times[text], 20) for text in folded], np.float32)
    columns["before_same"] = _seen_before(folded)
    return columns


def _overlap(tokens: Sequence[set[str]], text: str) -> Array:
    """The share of each block's words that stand in a text."""
    known = set(_WORD.findall(text.lower()))
    return np.array([len(t & known) / max(len(t), 1) if known else -1 for t in tokens], np.float32)


def _overlap_back(tokens: Sequence[set[str]], text: str) -> Array:
    """The share of a text's words that stand in each block."""
    known = set(_WORD.findall(text.lower()))
    return np.array([len(t & known) / len(known) if known else -1 for t in tokens], np.float32)


def _seen_before(folded: Sequence[str]) -> Array:
    seen: set[str] = set()
    out = np.zeros(len(folded), np.float32)
    for at, text in enumerate(folded):
        out[at] = text in seen
        seen.add(text)
    return out


def _rule_columns(evidence: Sequence[Sequence[Evidence]], base: _Base) -> Columns:
    """What the rules said: the surest weight for each label; and of any residue, around the block."""
    by_label = {label: np.zeros(base.n, np.float32) for label in Label}
    for at, about in enumerate(evidence):
        for e in about:
            by_label[e.label][at] = max(by_label[e.label][at], min(e.weight, 10))
    residue = np.max([by_label[label] for label in RESIDUE], axis=0)
    columns = {f"rule_{label}": by_label[label] for label in Label}
    columns["rule_residue"] = residue
    columns |= {f"rule_residue_{k}": v for k, v in (("before", _shift(residue, 1)), ("after", _shift(residue, -1)))}
    for reach in (2, 6):
        columns[f"rule_window{reach}"] = _mean(residue, reach)
    columns["rule_heading"] = _carried(residue, base.heading > 0)
    # Residue comes in runs: the share of blocks since the last prose that a rule knows.
    columns["rule_since_prose"] = _carried(residue, base.prose > 0, total=True)
    columns["rule_until_prose"] = _carried(residue[::-1], base.prose[::-1] > 0, total=True)[::-1]
    return columns


def _shift(values: Array, by: int) -> Array:
    out = np.zeros_like(values)
    if by > 0:
        out[by:] = values[:-by]
    else:
        out[:by] = values[-by:]
    return out


def _carried(values: Array, marks: NDArray[np.bool_], *, total: bool = False) -> Array:
    """The value at the last mark before each block; or the sum of the values since that mark."""
    index = np.arange(len(values))
    last = np.maximum.accumulate(np.where(marks, index, -1))
    if not total:
        return np.asarray(np.where(last >= 0, values[np.maximum(last, 0)], 0), np.float32)
    sums = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(sums[index + 1] - sums[np.maximum(last + 1, 0)], np.float32)


# -- elements ------------------------------------------------------------------------------------

_TAG_KINDS: Final = {
    "p": 1, "li": 2, "td": 3, "th": 3, "dd": 4, "dt": 5, "blockquote": 6, "pre": 7, "figcaption": 8,
    "div": 9, "section": 9, "article": 9, "main": 9, "body": 9, "button": 10, "label": 10, "select": 10, "textarea": 10,
    "h1": 11, "h2": 12, "h3": 13, "h4": 14, "h5": 14, "h6": 14, "address": 15, "header": 16, "footer": 17, "nav": 17,
    "summary": 18, "caption": 8, "cite": 15,
}  # fmt: skip


def _elements(page: Page, tree: _Tree) -> Columns:
    inside = np.zeros((len(page.nodes), len(AREAS)), np.float32)
    wanted = {area: k for k, area in enumerate(AREAS)}
    for number, node in enumerate(page.nodes):
        if node.tag in wanted:
            inside[number, wanted[node.tag]] = 1
    inside = tree.above(inside, np.maximum)[tree.block_node]
    columns = {f"in_{area}": inside[:, k] for k, area in enumerate(AREAS)}
    columns["tag"] = np.array([_TAG_KINDS.get(b.tag, 0) for b in page.blocks], np.float32)
    columns["inline"] = np.array([page.nodes[b.node].tag != b.tag for b in page.blocks], np.float32)
    columns["depth"] = tree.depth[tree.block_node].astype(np.float32)
    columns["hidden"] = np.array([b.hidden for b in page.blocks], np.float32)
    ordinal = np.cumsum([node.tag == "article" for node in page.nodes]) * [node.tag == "article" for node in page.nodes]
    # The innermost article around a block, counted from the first of the page: the second one is often the next story.
    columns["article"] = tree.above(ordinal.astype(np.float32)[:, None], np.maximum)[tree.block_node, 0]
    columns["page_articles"] = np.full(len(page.blocks), min(float(ordinal.max()), 50), np.float32)
    return columns


def _containers(page: Page, tree: _Tree, base: _Base) -> Columns:
    """The elements around a block: how much of the page's prose they hold, how linked and how large they are."""
    ones = np.ones(base.n, np.float32)
    sums = tree.below(np.stack([base.prose_words, base.words, base.linked, base.chars, ones], axis=1))
    share = sums[:, 0] / max(float(base.prose_words.sum()), 1.0)
    links: Array = np.asarray(sums[:, 2] / np.maximum(sums[:, 3], 1), np.float32)
    columns: Columns = {}
    node = tree.block_node
    for level in range(1, LEVELS + 1):
        columns[f"prose_share_{level}"] = share[node]
        columns[f"link_share_{level}"] = links[node]
        columns[f"blocks_{level}"] = np.minimum(sums[node, 4], np.float32(500))
        columns[f"alike_{level}"] = _alike(page)[node]
        node = tree.parent[node]
    branch, levels = _branch(tree, share)
    columns["branch_prose_share"] = share[branch]
    columns["branch_words"] = sums[branch, 1]
    columns["branch_link_share"] = links[branch]
    columns["branch_blocks"] = np.minimum(sums[branch, 4], np.float32(500))
    columns["branch_levels"] = levels.astype(np.float32)
    return columns


def _branch(tree: _Tree, share: Array) -> tuple[Ints, Ints]:
    """The largest element around each block that does not hold half of the page's prose, and how many levels up it
    is.
    """
    node = tree.block_node.copy()
    levels = np.zeros(len(node), np.int64)
    for _ in range(30):
        above = tree.parent[node]
        climb = (share[above] < 0.5) & (above != node)
        if not climb.any():
            break
        node = np.where(climb, above, node)
        levels += climb
    return node, levels


def _alike(page: Page) -> Array:
    """For each node how many of its siblings have the same tag and classes: cards, list items, forum posts."""
    keys = [(node.parent, node.tag, node.tokens) for node in page.nodes]
    times = Counter(keys)
    return np.array([min(times[key], 100) for key in keys], np.float32)


def _styles(page: Page, base: _Base) -> Columns:
    """Blocks that look alike: the share of the page's prose in the same style, and how linked the style is."""
    total = max(float(base.prose_words.sum()), 1.0)
    columns: Columns = {}
    for name, group in _groups(page).items():
        size = np.bincount(group)
        prose = np.bincount(group, base.prose_words)
        links = np.bincount(group, base.linked) / np.maximum(np.bincount(group, base.chars), 1)
        columns[f"{name}_prose_share"] = (prose / total)[group].astype(np.float32)
        columns[f"{name}_blocks"] = np.minimum(size, 200)[group].astype(np.float32)
        columns[f"{name}_words"] = (np.bincount(group, base.words) / size)[group].astype(np.float32)
        columns[f"{name}_link_share"] = links[group].astype(np.float32)
    return columns


def _groups(page: Page) -> dict[str, Ints]:
    """For each block the number of its style (its tag and classes) and of its place (with its parent's)."""
    nodes = page.nodes
    style = [(b.tag, nodes[b.node].tokens) for b in page.blocks]
    parents = [nodes[max(nodes[b.node].parent, 0)] for b in page.blocks]
    place = [(*key, parent.tag, parent.tokens) for key, parent in zip(style, parents, strict=True)]
    return {"style": _numbered(style), "place": _numbered(place)}


def _numbered(keys: Sequence[Hashable]) -> Ints:
    numbers = {key: k for k, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys], np.int64)


def _node_scores(scores: Array, tree: _Tree, base: _Base) -> Columns:
    """The class and id scores of the elements around a block, and of the blocks around it."""
    at = tree.block_node
    total = tree.above(scores, np.add)[at]
    columns = {
        "node_score_sum": total,
        "node_score_min": tree.above(scores, np.minimum)[at],
        "node_score_max": tree.above(scores, np.maximum)[at],
    }
    node = at
    for level in range(1, LEVELS + 1):
        columns[f"node_score_{level}"] = scores[node]
        node = tree.parent[node]
    windows = _windows("node_score_sum", total, base)
    del windows["node_score_sum"]
    return columns | windows


def _container_scores(scores: Array, tree: _Tree, base: _Base) -> Columns:
    """The mean text score of what the elements around a block hold."""
    weight = np.sqrt(np.maximum(base.words, 1))
    sums = tree.below(np.stack([scores * weight, weight], axis=1))
    mean: Array = np.asarray(sums[:, 0] / np.maximum(sums[:, 1], 1), np.float32)
    columns: Columns = {}
    node = tree.block_node
    for level in range(1, LEVELS + 1):
        node = tree.parent[node]
        columns[f"text_score_around_{level}"] = mean[node]
    return columns


def matrix(columns: Columns, names: Sequence[str]) -> Array:
    """The columns of these names side by side: (blocks, names)."""
    return np.stack([columns[name] for name in names], axis=1).astype(np.float32)
