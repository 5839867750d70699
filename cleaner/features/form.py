"""Columns from the text of a block: its form, its overlap with the page's metadata, its repetition; and page counts."""

from typing import Final

import numpy as np

from cleaner.features.blockwords import BlockWords
from cleaner.features.measures import Measures
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text import charstats
from cleaner.text.arrays import Columns, Flags, columns_of

#: A block is the page's title when it shares this part of its words with the title and this part of the title's words
#: with it, and has at most so many words.
TITLE_OVERLAP: Final = 0.7
MAX_TITLE_WORDS: Final = 40
#: Blocks of fewer words are short: labels, links, credits.
SHORT_WORDS: Final = 6
#: Repetitions of a text are counted up to this number.
MAX_TIMES: Final = 20
#: Pictures and players before a block are counted up to this number.
MAX_MEDIA: Final = 9

#: The codes of ``starts``, by the class of the first character: capital 1, lower case 2, digit 3, quotation mark or
#: dash 4, other letter 5, anything else 6.
_FIRST_CODES: Final = np.array([5, 1, 2, 3, 6, 6, 5, 6, 6, 4, 6, 6], np.float32)
#: The codes of ``ends``, by the last character.
_LAST_CODES: Final = {char: float(code) for code, char in enumerate(".!?…:;,。！？", 1)}


def block_columns(page: Page, prose_map: ProseMap, measures: Measures) -> Columns:
    """The form of each block: length, shares of kinds of characters, first and last character, links, element."""
    blocks, stats = page.blocks, prose_map.stats
    counts, chars, words = stats.counts.T, measures.chars, measures.words
    at_least_one_word = np.maximum(words, 1)
    upper = counts[charstats.UPPER]
    marks = [charstats.MARK, charstats.COMMA, charstats.BAR, charstats.QUOTE, charstats.AT, charstats.MONEY]
    return {
        "words": words,
        "word_length": chars / at_least_one_word,
        "ended": stats.ended.astype(np.float32),
        "prose": measures.is_prose.astype(np.float32),
        "upper_share": upper / np.maximum(upper + counts[charstats.LOWER], 1),
        "digit_share": counts[charstats.DIGIT] / chars,
        "mark_share": counts[marks].sum(axis=0) / chars,
        "capitals_a_word": upper / at_least_one_word,
        "commas": counts[charstats.COMMA],
        "starts": _FIRST_CODES.take(stats.first),
        "ends": np.array([_LAST_CODES.get(char, 0.0) for char in stats.last], np.float32),
        "quotes": (counts[charstats.QUOTE] > 0).astype(np.float32),
        "bars": counts[charstats.BAR],
        "money": (counts[charstats.MONEY] > 0).astype(np.float32),
        "short": (words < SHORT_WORDS).astype(np.float32),
        "address": counts[charstats.AT] + np.float32(2) * stats.has_address,
        "link_share": np.minimum(measures.linked / chars, 1),
        "links": np.array([block.links for block in blocks], np.float32),
        "media": np.minimum(np.array([block.media for block in blocks], np.float32), MAX_MEDIA),
        "heading": prose_map.level,
        "item": np.array([block.tag == "li" or "li" in block.context for block in blocks], np.float32),
    }


def page_counts(measures: Measures) -> dict[str, float]:
    """Counts of a whole page or text, by the names of their columns."""
    return {
        "page_blocks": float(len(measures.words)),
        "page_words": measures.all_words,
        "page_prose_share": float(measures.prose_words.sum()) / measures.all_words,
        "page_prose_blocks": float(np.count_nonzero(measures.is_prose)),
        "page_link_share": float(measures.linked.sum() / measures.chars.sum()),
        "page_headings": float(np.count_nonzero(measures.is_heading)),
    }


def page_facts(page: Page, measures: Measures) -> dict[str, float]:
    """Columns that are constant over a page: its counts, and the types that its metadata declares."""
    types = " ".join(page.types)
    return page_counts(measures) | {
        "page_prose": float(measures.prose_words.sum()),
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


def metadata_overlap(words: BlockWords) -> Columns:
    """The overlap of each block's words with the page's title, description, author and site; -1 for a field that the
    page lacks.
    """
    of_blocks, of_fields = words.overlap()
    columns = columns_of(("in_title", "in_description", "in_author", "in_site"), of_blocks)
    return columns | columns_of(("title_in", "description_in"), of_fields[:2])


def is_title(columns: Columns, words: BlockWords) -> Flags:
    """Whether each block is the page's title or an h1, by its other columns: ``(n_blocks,) bool``."""
    overlaps = np.minimum(columns["title_in"], columns["in_title"]) >= TITLE_OVERLAP
    return np.asarray((overlaps & (words.number <= MAX_TITLE_WORDS)) | (columns["heading"] == 1), bool)


def repetition(page: Page) -> Columns:
    """How often the text of each block occurs on the page, ignoring case, and whether it occurred before the block."""
    first_at: dict[str, int] = {}
    first = np.array([first_at.setdefault(block.plain.casefold(), at) for at, block in enumerate(page.blocks)])
    return {
        "times": np.minimum(np.bincount(first)[first], MAX_TIMES).astype(np.float32),
        "before_same": (first < np.arange(len(first))).astype(np.float32),
    }
