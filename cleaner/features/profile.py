"""The profile of a page: a row of numbers about the page as a whole, from which its type is predicted."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from cleaner.features import type_facts
from cleaner.features.containers import TAG_KINDS
from cleaner.text.arrays import Columns, Floats, constant, inner, rows_of

#: Types of pages, as the WCXB corpus names them, the most frequent first.
PAGE_TYPES: Final = ("article", "service", "forum", "listing", "product", "collection", "documentation")

#: Page columns that enter as they are, and those that enter as ``ln(1 + x)``.
LOG_COUNTS: Final = "page_blocks page_words page_prose page_prose_blocks page_headings page_articles page_body".split()
FLAGS_AND_SHARES: Final = (
    "page_prose_share page_link_share page_product page_forum page_list page_news page_webpage page_website "
    "page_breadcrumb"
).split()
#: Block columns that enter by their mean over the page's words, by their mean over its blocks, by their maximum.
MEAN_OVER_WORDS: Final = (
    "text_score node_score_sum in_form in_table in_article in_main in_nav in_aside digit_share quotes heading item "
    "short"
).split()
MEAN_OVER_BLOCKS: Final = "link_share money before_same hidden media ended text_score".split()
MAXIMUM: Final = "style_prose_share branch_prose_share title_in description_in in_author in_site node_score_sum".split()

_N_KINDS: Final = max(TAG_KINDS.values()) + 1
#: The numbers of a profile, in order. ``words_tag<k>`` is the share of words in blocks whose column ``tag`` is k,
#: ``log_tag<k>`` the logarithm of the number of such blocks. A new number goes to the end, since weights that are older
#: read those before it.
NAMES: Final = (
    *(f"log_{name}" for name in LOG_COUNTS),
    *FLAGS_AND_SHARES,
    *(f"words_{name}" for name in MEAN_OVER_WORDS),
    *(f"blocks_{name}" for name in MEAN_OVER_BLOCKS),
    *(f"max_{name}" for name in MAXIMUM),
    *(f"words_tag{kind}" for kind in range(_N_KINDS)),
    *(f"log_tag{kind}" for kind in range(_N_KINDS)),
    *type_facts.NAMES,
)
#: The block columns of a profile in order, and which of them are of each kind.
_OF_BLOCKS: Final = (*MEAN_OVER_WORDS, *MEAN_OVER_BLOCKS, *MAXIMUM)
_FIRST_OVER_BLOCKS: Final = len(MEAN_OVER_WORDS)
_FIRST_MAXIMUM: Final = _FIRST_OVER_BLOCKS + len(MEAN_OVER_BLOCKS)
_PARTS: Final = slice(_FIRST_OVER_BLOCKS), slice(_FIRST_OVER_BLOCKS, _FIRST_MAXIMUM), slice(_FIRST_MAXIMUM, None)
#: Numbers of the profile that are also columns (``page_<name>``), constant over the page.
AS_COLUMNS: Final = (
    "words_text_score words_node_score_sum words_heading words_item words_short words_tag1 words_tag3 blocks_money"
).split()
_PLACES_OF_COLUMNS: Final = {name: NAMES.index(name) for name in AS_COLUMNS}
#: Class scores are cut off here (log-odds) before their mean is taken: one strange wrapper is no other type of page.
MAX_CLASS_SCORE: Final = 8.0
#: All other columns are cut off here.
MAX_VALUE: Final = 1e4
_LIMITS: Final = np.full((len(_OF_BLOCKS), 1), MAX_VALUE, np.float32)
_LIMITS[MEAN_OVER_WORDS.index("node_score_sum")] = MAX_CLASS_SCORE


def profile(columns: Columns, facts: Mapping[str, float]) -> Floats:
    """The profile of a page from its columns and from what :mod:`.type_facts` found: ``(len(NAMES),) float64``."""
    words = np.maximum(columns["words"], 1).astype(np.float64)
    share = words / words.sum()
    table = np.minimum(np.maximum(rows_of(columns, _OF_BLOCKS), -_LIMITS), _LIMITS)
    over_words, over_blocks, highest = (table[rows].astype(np.float64) for rows in _PARTS)
    kinds = columns["tag"].astype(np.int64)
    return np.concatenate(
        [
            np.log1p([float(columns[name][0]) for name in LOG_COUNTS]),
            [float(columns[name][0]) for name in FLAGS_AND_SHARES],
            inner(over_words, share),
            over_blocks.mean(axis=1),
            highest.max(axis=1),
            np.bincount(kinds, weights=share, minlength=_N_KINDS),
            np.log1p(np.bincount(kinds, minlength=_N_KINDS)),
            [facts[name] for name in type_facts.NAMES],
        ]
    )


def profile_columns(row: Floats, n_blocks: int) -> Columns:
    """The numbers of a profile that are columns."""
    return constant({f"page_{name}": row[at] for name, at in _PLACES_OF_COLUMNS.items()}, n_blocks)


def type_columns(page_types: Floats, n_blocks: int) -> Columns:
    """The probability of each page type, ``(n_types,) float64``, as columns that are constant over the page."""
    return constant({f"type_{name}": page_types[at] for at, name in enumerate(PAGE_TYPES)}, n_blocks)
