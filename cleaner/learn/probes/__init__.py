"""Small pages and texts on which the meaning of columns is checked, with rules of their own.

The files beside this one are written for this purpose; their names and events are invented. Every column that the
trees use takes more than one value on them, which a test holds. The rules are in ``rules.toml``: the columns of a probe
must not change with the bundled packs.
"""

from functools import cache
from importlib import resources
from typing import Final

import numpy as np

from cleaner import rules
from cleaner.features import text_lines
from cleaner.features.page_features import PageFeatures
from cleaner.model.scoring import page_features
from cleaner.model.weights import Weights
from cleaner.rules import Pack
from cleaner.rules.evidence import EvidenceByBlock
from cleaner.rules.gather import evidence_for_blocks, evidence_for_text
from cleaner.rules.index import RuleIndex
from cleaner.rules.matcher import Matcher
from cleaner.segment import html, text
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap, find_prose
from cleaner.text.arrays import Array, Columns

PAGES: Final = ("article.html", "forum.html", "shop.html", "address.html", "front.html")
TEXTS: Final = ("article.txt", "note.txt")


def page_columns(weights: Weights) -> list[tuple[PageFeatures, Columns]]:
    """The features of each probe page, and its columns in the second stage, by the lexicons and page types of these
    weights.
    """
    return [_page_columns(html.segment(_read(name)), weights) for name in PAGES]


def _page_columns(page: Page, weights: Weights) -> tuple[PageFeatures, Columns]:
    prose_map = find_prose(page.blocks)
    features = page_features(page, prose_map, weights)
    blocks = np.arange(len(page.blocks))
    return features, features.second_stage(_first_stage(len(blocks)), blocks, evidence(page, prose_map))


def text_columns() -> list[Columns]:
    """The columns of each probe text."""
    return [_text_columns(text.segment(_read(name))) for name in TEXTS]


def _text_columns(page: Page) -> Columns:
    prose_map = find_prose(page.blocks)
    return text_lines.columns(page, prose_map, evidence(page, prose_map))


def evidence(page: Page, prose_map: ProseMap) -> EvidenceByBlock:
    """The evidence of the probe rules, one entry per block: direct matches about a page, all evidence about a text.
    Forms that concepts of the library ask for do not count.
    """
    matcher = Matcher(page, prose_map, _index())
    if page.kind == "html":
        return evidence_for_blocks(matcher, range(len(page.blocks)))
    names = {rule.concept.name for rule in pack().rules}
    return [[e for e in pieces if e.name in names] for pieces in evidence_for_text(matcher).by_block]


@cache
def pack() -> Pack:
    """The probe rules."""
    return rules.parse(_read("rules.toml"), "probe.toml")


@cache
def _index() -> RuleIndex:
    return RuleIndex((pack(),))


def _first_stage(n: int) -> Array:
    """Log-odds from -4 to 4 in the place of those of the first stage, which change with every fit: ``(n,) float32``."""
    return ((np.arange(n) * 37 % 17 - 8) / 2).astype(np.float32)


def _read(name: str) -> str:
    return resources.files("cleaner.learn").joinpath("probes", name).read_text("utf-8")
