"""Columns from the text of a block: its form, its overlap with the page's metadata, its repetition; and page counts."""

from typing import Final

import numpy as np

from cleaner.features import position
from cleaner.features.blockwords import BlockWords
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text import charstats
from cleaner.text.arrays import Columns, constant

#: A block is the page's title when it shares this part of its words with the title and this part of the title's words
#: with it, and has at most so many words.
TITLE_OVERLAP: Final = 0.7
MAX_TITLE_WORDS: Final = 40
#: Blocks of fewer words are short: labels, links, credits.
SHORT_WORDS: Final = 6
#: Repetitions of a text are counted up to this number.
MAX_TIMES: Final = 20
#: Pictures and players before a block are counted up to this number; so are the titles so far.
MAX_MEDIA: Final = 9
MAX_TITLES: Final = 9

#: The codes of ``starts``, by the class of the first character: capital 1, lower case 2, digit 3, quotation mark or
#: dash 4, other letter 5, anything else 6.
_FIRST_CODES: Final = np.array([5, 1, 2, 3, 6, 6, 5, 6, 6, 4, 6, 6], np.float32)
#: The codes of ``ends``, by the last character.
_LAST_CODES: Final = {char: float(code) for code, char in enumerate(".!?…:;,。！？", 1)}


def block_columns(page: Page, prose_map: ProseMap) -> Columns:
    """The form of each block: length, shares of kinds of characters, first and last character, links, element."""
    blocks, stats = page.blocks, prose_map.stats
    counts, chars = stats.counts, stats.chars
    words = stats.words.astype(np.float32)
    upper = counts[:, charstats.UPPER]
    marks = [charstats.MARK, charstats.COMMA, charstats.BAR, charstats.QUOTE, charstats.AT, charstats.MONEY]
    urls = np.array([2.0 * ("://" in block.plain or "www." in block.plain) for block in blocks], np.float32)
    return {
        "words": words,
        "word_length": chars / np.maximum(words, 1),
        "ended": stats.ended.astype(np.float32),
        "prose": prose_map.in_prose.astype(np.float32),
        "upper_share": upper / np.maximum(upper + counts[:, charstats.LOWER], 1),
        "digit_share": counts[:, charstats.DIGIT] / chars,
        "mark_share": counts[:, marks].sum(axis=1) / chars,
        "capitals_a_word": upper / np.maximum(words, 1),
        "commas": counts[:, charstats.COMMA],
        "starts": _FIRST_CODES[stats.first],
        "ends": np.array([_LAST_CODES.get(char, 0.0) for char in stats.last], np.float32),
        "quotes": (counts[:, charstats.QUOTE] > 0).astype(np.float32),
        "bars": counts[:, charstats.BAR],
        "money": (counts[:, charstats.MONEY] > 0).astype(np.float32),
        "short": (words < SHORT_WORDS).astype(np.float32),
        "address": counts[:, charstats.AT] + urls,
        "link_share": np.minimum(prose_map.linked / chars, 1),
        "links": np.array([block.links for block in blocks], np.float32),
        "media": np.minimum(np.array([block.media for block in blocks], np.float32), MAX_MEDIA),
        "heading": prose_map.level,
        "item": np.array([block.tag == "li" or "li" in block.context for block in blocks], np.float32),
    }


def page_counts(prose_map: ProseMap) -> dict[str, float]:
    """Counts of a whole page or text, by the names of their columns."""
    words, prose = prose_map.stats.words, prose_map.in_prose
    total = max(float(words.sum()), 1.0)
    return {
        "page_blocks": float(len(words)),
        "page_words": total,
        "page_prose_share": float(words[prose].sum()) / total,
        "page_prose_blocks": float(prose.sum()),
        "page_link_share": float(prose_map.linked.sum() / prose_map.stats.chars.sum()),
        "page_headings": float((prose_map.level > 0).sum()),
    }


def page_columns(page: Page, prose_map: ProseMap) -> Columns:
    """Columns that are constant over a page: its counts, and the types that its metadata declares."""
    types = " ".join(page.types)
    values = page_counts(prose_map) | {
        "page_prose": float(prose_map.stats.words[prose_map.in_prose].sum()),
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
    return constant(values, len(page.blocks))


def metadata_overlap(page: Page, words: BlockWords, prose_map: ProseMap) -> Columns:
    """The overlap of each block's words with the page's title, description, author and site; -1 for a field that the
    page lacks. And the distances from blocks that are the title.
    """
    fields = page.metadata
    title, description, author, site = words.overlap([fields.title, fields.description, page.author, fields.site])
    columns: Columns = {}
    columns["in_title"], columns["title_in"] = title
    columns["in_description"], columns["description_in"] = description
    columns["in_author"], columns["in_site"] = author[0], site[0]
    is_title = (columns["title_in"] >= TITLE_OVERLAP) & (columns["in_title"] >= TITLE_OVERLAP)
    is_title &= words.number <= MAX_TITLE_WORDS
    is_title |= prose_map.level == 1
    columns |= position.distances("title", is_title, prose_map)
    columns["titles_before"] = np.minimum(np.cumsum(is_title), MAX_TITLES).astype(np.float32)
    return columns


def repetition(page: Page) -> Columns:
    """How often the text of each block occurs on the page, ignoring case, and whether it occurred before the block."""
    first_at: dict[str, int] = {}
    first = np.array([first_at.setdefault(block.plain.casefold(), at) for at, block in enumerate(page.blocks)])
    return {
        "times": np.minimum(np.bincount(first)[first], MAX_TIMES).astype(np.float32),
        "before_same": (first < np.arange(len(first))).astype(np.float32),
    }
