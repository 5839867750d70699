"""Columns from the words themselves: a block's form, and what it has in common with what the page says of itself."""

from typing import Final

import numpy as np

from cleaner.features import position
from cleaner.features.blockwords import BlockWords
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text import charstats as kinds
from cleaner.text.arrays import Columns
from cleaner.text.charstats import CharStats

#: Share of words in common from which a block is the page's title, and the most words a title has.
TITLE: Final = 0.7
TITLE_WORDS: Final = 40
#: Words that make a block more than a label.
SHORT: Final = 6
#: How often a text stands on the page, at most.
MAX_TIMES: Final = 20

#: The kinds of first characters: capital 1, small 2, digit 3, quote or dash 4, other letter 5, anything else 6.
_FIRST: Final = np.array([5, 1, 2, 3, 6, 6, 5, 6, 6, 4, 6, 6], np.float32)
_LAST: Final = {char: float(at) for at, char in enumerate(".!?…:;,。！？", 1)}


def shape(page: Page, stats: CharStats, prose_map: ProseMap) -> Columns:
    """What a block looks like."""
    blocks, counts, chars = page.blocks, stats.counts, stats.chars
    words = stats.words.astype(np.float32)
    upper = counts[:, kinds.UPPER]
    marks = counts[:, [kinds.MARK, kinds.COMMA, kinds.BAR, kinds.QUOTE, kinds.AT, kinds.MONEY]].sum(axis=1)
    return {
        "words": words,
        "word_length": chars / np.maximum(words, 1),
        "ended": stats.ended.astype(np.float32),
        "prose": prose_map.in_prose.astype(np.float32),
        "upper_share": upper / np.maximum(upper + counts[:, kinds.LOWER], 1),
        "digit_share": counts[:, kinds.DIGIT] / chars,
        "mark_share": marks / chars,
        "capitals_a_word": upper / np.maximum(words, 1),
        "commas": counts[:, kinds.COMMA],
        "starts": _FIRST[stats.first],
        "ends": np.array([_LAST.get(char, 0.0) for char in stats.last], np.float32),
        "quotes": (counts[:, kinds.QUOTE] > 0).astype(np.float32),
        "bars": counts[:, kinds.BAR],
        "money": (counts[:, kinds.MONEY] > 0).astype(np.float32),
        "short": (words < SHORT).astype(np.float32),
        "address": counts[:, kinds.AT]
        + np.array([2.0 * ("://" in b.plain or "www." in b.plain) for b in blocks], np.float32),
        "link_share": np.minimum(prose_map.linked / chars, 1),
        "links": np.array([b.links for b in blocks], np.float32),
        "media": np.minimum(np.array([b.media for b in blocks], np.float32), 9),
        "heading": prose_map.level,
        "item": np.array([b.tag == "li" or "li" in b.context for b in blocks], np.float32),
    }


def about_the_page(page: Page, prose_map: ProseMap) -> Columns:
    """The same for all blocks of a page: how much of what it has, and what it says that it is."""
    stats = prose_map.stats
    words, prose = stats.words, prose_map.in_prose
    total = max(float(words.sum()), 1.0)
    in_prose = float(words[prose].sum())
    types = " ".join(page.types)
    values = {
        "page_blocks": len(page.blocks),
        "page_words": total,
        "page_prose": in_prose,
        "page_prose_share": in_prose / total,
        "page_prose_blocks": float(prose.sum()),
        "page_link_share": float(prose_map.linked.sum() / stats.chars.sum()),
        "page_headings": float((prose_map.level > 0).sum()),
        "page_article": ("article" in types) + 2 * ("blogposting" in types) + 4 * ("og:article" in types),
        "page_product": "product" in types,
        "page_forum": "discussionforum" in types or "qapage" in types or "question" in types,
        "page_list": "itemlist" in types or "collectionpage" in types,
        "page_news": "newsarticle" in types,
        "page_webpage": "webpage" in types,
        "page_website": "og:website" in types,
        "page_breadcrumb": "breadcrumb" in types,
        "page_body": len(page.article_body.split()),
    }
    return {name: np.full(len(page.blocks), value, np.float32) for name, value in values.items()}


def own_words(page: Page, tokens: BlockWords, prose_map: ProseMap) -> Columns:
    """How far a block's words stand in the page's own words about itself; -1 where it has none."""
    info = page.metadata
    columns: Columns = {}
    title, description, author, site = tokens.shared([info.title, info.description, page.author, info.site])
    columns["in_title"], columns["title_in"] = title
    columns["in_description"], columns["description_in"] = description
    columns["in_author"], columns["in_site"] = author[0], site[0]
    is_title = (columns["title_in"] >= TITLE) & (columns["in_title"] >= TITLE) & (tokens.number <= TITLE_WORDS)
    is_title |= prose_map.level == 1
    columns |= position.distances("title", is_title, prose_map)
    columns["titles_before"] = np.minimum(np.cumsum(is_title), 9).astype(np.float32)
    return columns | repetition(page)


def repetition(page: Page) -> Columns:
    """How often a block's text stands on the page, and whether it stood there before."""
    known: dict[str, int] = {}
    first = np.array([known.setdefault(block.plain.casefold(), at) for at, block in enumerate(page.blocks)])
    return {
        "times": np.minimum(np.bincount(first)[first], MAX_TIMES).astype(np.float32),
        "before_same": (first < np.arange(len(first))).astype(np.float32),
    }
