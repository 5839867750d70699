"""What the address, the declared types and the layout of a page say about its type, beside what its columns say."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

import numpy as np

from cleaner.features.measures import Measures
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text import charstats

#: Words in the path of an address, by the kind of pages that have them.
PATH_WORDS: Final = {
    "forum": "answers board boards comments discussion discussions forum forums q questions r showthread t thread "
    "threads topic topics viewtopic",
    "product": "buy dp item items itm p pd prod product products shop store",
    "collection": "all brand brands browse c cat catalog categories category collection collections men sale women",
    "list": "archive archives blog categories category directory events jobs list lists news page search tag tags "
    "topic topics",
    "documentation": "api doc docs documentation guide guides help latest learn man manual reference sdk stable "
    "tutorial tutorials wiki",
    "article": "article articles blog news opinion post posts stories story",
    "service": "about company contact features industries platform pricing service services solution solutions",
}
#: The same for the name of the host.
HOST_WORDS: Final = {
    "documentation": "api developer developers docs help support wiki",
    "forum": "answers community discuss forum forums reddit stackexchange stackoverflow",
    "product": "shop store",
}
#: Types that a page declares as schema.org's or as the Open Graph protocol's (``og:``).
DECLARED: Final = {
    "article": "article newsarticle reportagenewsarticle",
    "blog": "blogposting",
    "og_article": "og:article",
    "questions": "faqpage",
    "discussion": "discussionforumposting",
    "answers": "qapage",
    "items": "itemlist",
    "collection": "collectionpage",
    "og_product": "og:product",
    "product_group": "productgroup og:product.group",
    "offer": "offer aggregateoffer",
    "service": "service localbusiness professionalservice",
    "organization": "organization",
    "manual": "techarticle",
    "software": "softwareapplication",
    "review": "review aggregaterating",
    "search_action": "searchaction",
    "person": "profilepage person",
}
#: Names of the facts of a page, in order.
NAMES: Final = (
    *(f"path_{kind}" for kind in PATH_WORDS),
    *(f"host_{kind}" for kind in HOST_WORDS),
    *"address_missing address_root address_depth address_name_words address_number address_year".split(),
    *(f"declared_{kind}" for kind in DECLARED),
    "declared_none",
    *"prose_siblings prose_of_parent prose_with_siblings".split(),
    *"headings_linked log_headings_linked log_lines_linked words_linked".split(),
    *"log_prices log_questions log_controls log_headlines".split(),
)

_YEAR: Final = re.compile(r"/(?:19|20)\d\d/")
_NUMBER: Final = re.compile(r"\d{4}")
_WORD: Final = re.compile("[a-z]+")
#: Parts of a path are counted up to this number; an address that is missing counts as ``UNKNOWN_DEPTH``.
MAX_DEPTH: Final = 6
UNKNOWN_DEPTH: Final = 2
#: A line is linked when links have this share of its characters.
LINKED: Final = 0.8
#: Fewer words are a label, not a line that names a story or a product.
MIN_LINE_WORDS: Final = 4
#: A currency sign in a line of so many words is a price.
MAX_PRICE_WORDS: Final = 6
_CONTROLS: Final = frozenset({"label", "button", "select", "option"})

_Vocabulary = tuple[tuple[str, frozenset[str]], ...]


def _vocabulary(words: Mapping[str, str], prefix: str) -> _Vocabulary:
    return tuple((f"{prefix}_{kind}", frozenset(of_kind.split())) for kind, of_kind in words.items())


_PATH: Final = _vocabulary(PATH_WORDS, "path")
_HOST: Final = _vocabulary(HOST_WORDS, "host")
_DECLARED: Final = _vocabulary(DECLARED, "declared")


def type_facts(page: Page, prose_map: ProseMap, measures: Measures) -> dict[str, float]:
    """The facts of a page with at least one block, by the names in ``NAMES``.

    The address is the one that the page states (a canonical link or ``og:url``). The facts of the layout tell a text,
    whose paragraphs are siblings, from records, whose texts have an element each and headings that are links.
    """
    facts = of_address(page.metadata.url)
    facts |= _found(_DECLARED, page.types) | {"declared_none": float(not page.types)}
    facts |= of_layout(page, prose_map, measures)
    return facts


def of_address(url: str) -> dict[str, float]:
    """What an address says; "" is a missing one."""
    parts = _split(url)
    path = parts.path.casefold()
    names = [name for name in path.split("/") if name]
    last = names[-1] if names else ""
    return (
        _found(_PATH, _WORD.findall(path))
        | _found(_HOST, _WORD.findall(parts.netloc.casefold()))
        | {
            "address_missing": float(not url),
            "address_root": float(bool(parts.netloc) and not names),
            "address_depth": float(min(len(names), MAX_DEPTH) if url else UNKNOWN_DEPTH),
            "address_name_words": float(np.log1p(sum(bool(word) for word in re.split(r"[-_.]", last)))),
            "address_number": float(_NUMBER.search(last) is not None),
            "address_year": float(_YEAR.search(path) is not None),
        }
    )


def of_layout(page: Page, prose_map: ProseMap, measures: Measures) -> dict[str, float]:
    """How the prose of a page stands among its elements, and how many of its lines are links, prices, controls."""
    parents = page.elements.parent
    prose = np.flatnonzero(measures.is_prose)
    # Text outside of any element, which only the parser of hostile sources leaves there, is inside of the root.
    parent = np.array([max(parents[page.blocks[at].node], 0) for at in prose.tolist()], np.int64)
    siblings = np.bincount(parent) if len(prose) else np.zeros(1, np.int64)
    words = measures.words
    by_parent = np.bincount(parent, weights=words[prose]) if len(prose) else np.zeros(1)
    is_linked = measures.linked > LINKED * measures.chars
    headings = int(np.count_nonzero(measures.is_heading))
    linked_headings = int(np.count_nonzero(measures.is_heading & is_linked))
    linked_lines = is_linked & (words >= MIN_LINE_WORDS)
    prices = (prose_map.stats.counts[:, charstats.MONEY] > 0) & (words <= MAX_PRICE_WORDS)
    return {
        "prose_siblings": float(np.log1p(siblings.max())),
        "prose_of_parent": float(by_parent.max()) / measures.all_words,
        "prose_with_siblings": float(by_parent[siblings > 1].sum()) / measures.all_prose_words,
        "headings_linked": linked_headings / max(headings, 1),
        "log_headings_linked": float(np.log1p(linked_headings)),
        "log_lines_linked": float(np.log1p(np.count_nonzero(linked_lines))),
        "words_linked": float(words[linked_lines].sum()) / measures.all_words,
        "log_prices": float(np.log1p(np.count_nonzero(prices))),
        "log_questions": float(np.log1p(sum(char == "?" for char in prose_map.stats.last))),
        "log_controls": float(np.log1p(sum(block.tag in _CONTROLS for block in page.blocks))),
        "log_headlines": float(np.log1p(np.count_nonzero(prose_map.level == 1))),
    }


def _split(url: str) -> SplitResult:
    """The parts of an address; those of "" for one that is none."""
    try:
        return urlsplit(url)
    except ValueError:  # such as brackets around what is no address of a host
        return urlsplit("")


def _found(vocabulary: _Vocabulary, words: Iterable[str]) -> dict[str, float]:
    """For each kind whether one of its words occurs."""
    present = frozenset(words)
    return {name: float(not of_kind.isdisjoint(present)) for name, of_kind in vocabulary}
