"""What a whole page is like, as one row of numbers: what its type is told by, and how sure its result is."""

from typing import Final

import numpy as np

from cleaner.features.containers import TAG_KINDS
from cleaner.text.arrays import Columns, Floats

#: Kinds of page, WCXB's, the most frequent first.
PAGE_TYPES: Final = ("article", "service", "forum", "listing", "product", "collection", "documentation")
#: Columns that are the same for all blocks: counts, which enter as logarithms, and others.
COUNTS: Final = "page_blocks page_words page_prose page_prose_blocks page_headings page_articles page_body".split()
FACTS: Final = (
    "page_prose_share page_link_share page_product page_forum page_list page_news page_webpage page_website "
    "page_breadcrumb"
).split()
#: Columns of which the mean over the page's words is taken, the mean over its blocks, and the highest value.
BY_WORDS: Final = (
    "text_score node_score_sum in_form in_table in_article in_main in_nav in_aside digit_share quotes heading item "
    "short"
).split()
BY_BLOCKS: Final = "link_share money before_same hidden media ended text_score".split()
HIGHEST: Final = "style_prose_share branch_prose_share title_in description_in in_author in_site node_score_sum".split()

_KINDS: Final = max(TAG_KINDS.values()) + 1
NAMES: Final = (
    *(f"log_{name}" for name in COUNTS),
    *FACTS,
    *(f"words_{name}" for name in BY_WORDS),
    *(f"blocks_{name}" for name in BY_BLOCKS),
    *(f"max_{name}" for name in HIGHEST),
    *(f"words_tag{kind}" for kind in range(_KINDS)),
    *(f"log_tag{kind}" for kind in range(_KINDS)),
)
#: Numbers of the profile that each block has as columns.
SPREAD: Final = (
    "words_text_score words_node_score_sum words_heading words_item words_short words_tag1 words_tag3 blocks_money"
).split()
#: Node scores beyond this are alike: a page with one strange wrapper is not another kind of page.
CLIP: Final = 8.0


def profile(columns: Columns) -> Floats:
    """The row of a page, a number for each of ``NAMES``."""
    words = np.maximum(columns["words"], 1).astype(np.float64)
    share = words / words.sum()

    def table(names: list[str]) -> Floats:
        return np.clip(np.stack([columns[name] for name in names]), -1e4, 1e4).astype(np.float64)

    by_words = table(BY_WORDS)
    by_words[1] = np.clip(by_words[1], -CLIP, CLIP)
    kinds = columns["tag"].astype(np.int64)
    return np.concatenate(
        [
            np.log1p([float(columns[name][0]) for name in COUNTS]),
            [float(columns[name][0]) for name in FACTS],
            by_words @ share,
            table(BY_BLOCKS).mean(axis=1),
            table(HIGHEST).max(axis=1),
            np.bincount(kinds, weights=share, minlength=_KINDS),
            np.log1p(np.bincount(kinds, minlength=_KINDS)),
        ]
    )


def columns(row: Floats, types: Floats, blocks: int) -> Columns:
    """The page's type and those of its numbers that tell pages apart, the same for all of its blocks."""
    found = {f"type_{name}": types[at] for at, name in enumerate(PAGE_TYPES)}
    found |= {f"page_{name}": row[NAMES.index(name)] for name in SPREAD}
    return {name: np.full(blocks, value, np.float32) for name, value in found.items()}
