"""What the gold of each corpus holds, and which blocks it is therefore no judge of.

Corpora do not agree about headlines, standfirsts, bylines, dates, captions, lists and posts. Trained on all of them as
they are, a model learns the mean of their habits. ``conventions.toml`` says for each corpus which kinds its gold holds.
``docs/labels.md`` is the rubric. Where gold and rubric differ about a block of a kind for which the corpus has another
convention, or none, the block is not trained on.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal, cast, get_args

import numpy as np

from cleaner.decision.chosen import is_own_title
from cleaner.decision.standfirst import find_opening, headline_mask, marked_as_standfirst
from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import EvidenceByBlock
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.posts import POST
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Flags, indices

#: What the gold of a corpus does with a kind of block.
Answer = Literal["in", "out", "unknown"]


class Kind(StrEnum):
    """Kinds of blocks about which corpora differ."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATE = "date"
    CAPTION = "caption"
    COMMENT = "comment"
    LIST = "list"
    TABLE = "table"
    POST = "post"
    NOTE = "note"
    SUBHEADING = "subheading"


#: Which kinds docs/labels.md calls body.
RUBRIC: Final[Mapping[Kind, bool]] = MappingProxyType(
    {kind: kind in (Kind.STANDFIRST, Kind.LIST, Kind.TABLE, Kind.POST, Kind.SUBHEADING) for kind in Kind}
)


@dataclass(frozen=True, slots=True)
class Convention:
    """The convention of a corpus: what a page of it counts in training, what its gold does with each kind, and what a
    page counts when the types of pages are fitted.
    """

    weight: float
    answers: Mapping[Kind, Answer]
    types: float = 1.0

    def follows_rubric(self, kind: Kind) -> bool:
        """Whether the gold treats a kind as docs/labels.md does."""
        return self.answers[kind] == ("in" if RUBRIC[kind] else "out")


#: The convention of a corpus that nobody has described: its gold is taken at its word.
NONE: Final = Convention(1.0, MappingProxyType({kind: "in" if RUBRIC[kind] else "out" for kind in Kind}))

#: A block is gold from this share on.
GOLD_SHARE: Final = 0.5
#: A block has a kind by a rule from this weight on.
RULE_WEIGHT: Final = 3.0
#: Blocks further than this from the gold of a page are outside of its article: there a list is a menu.
REACH: Final = 6
#: An author's line has this many words at most, and this share of them stands in the author's name.
AUTHOR_WORDS: Final = 8
AUTHOR_SHARE: Final = 0.6

#: Classes and ids of readers' comments.
_COMMENTS: Final = re.compile(r"comment|disqus|respond\b")
_OF_TAG: Final = {
    "figcaption": Kind.CAPTION, "caption": Kind.CAPTION, "time": Kind.DATE, "li": Kind.LIST, "dt": Kind.LIST,
    "dd": Kind.LIST, "td": Kind.TABLE, "th": Kind.TABLE,
}  # fmt: skip
_OF_LABEL: Final = {
    Label.CAPTION: Kind.CAPTION, Label.BYLINE: Kind.BYLINE, Label.COMMENT: Kind.COMMENT, Label.NOTE: Kind.NOTE,
}  # fmt: skip


@cache
def load() -> Mapping[str, Convention]:
    """The conventions by corpus. Raises ``KeyError`` or ``ValueError`` for a table that lacks a kind or a weight."""
    tables = tomllib.loads(resources.files("cleaner.learn.data").joinpath("conventions.toml").read_text("utf-8"))
    return {name: _convention(table) for name, table in tables.items()}


def of(corpus: str) -> Convention:
    """The convention of a corpus; ``NONE`` for one that is not described."""
    return load().get(corpus, NONE)


def _convention(table: Mapping[str, str | float]) -> Convention:
    answers: dict[Kind, Answer] = {}
    for kind in Kind:
        answer = table[kind]
        if answer not in get_args(Answer):
            raise ValueError(f"{kind} is one of {', '.join(get_args(Answer))}, not {answer!r}")
        answers[kind] = cast("Answer", answer)
    return Convention(float(table["weight"]), answers, float(table["types"]))


def trust(convention: Convention, kinds: Sequence[Kind | None], shares: Array) -> Array:
    """How far the gold is to be trusted about each block: (n_blocks,) float32, 1 or 0.

    ``kinds`` has one entry per block, ``shares`` (n_blocks,) float32 is the share of each that is gold.
    """
    trusted = np.ones(len(shares), np.float32)
    in_gold = shares >= GOLD_SHARE
    near = near_gold(in_gold)
    for at, kind in enumerate(kinds):
        if kind is None or convention.follows_rubric(kind) or in_gold[at] == RUBRIC[kind]:
            continue
        if in_gold[at] or near[at]:
            trusted[at] = 0
    return trusted


def near_gold(in_gold: Flags) -> Flags:
    """The blocks from a little above the first block of the gold to a little below the last: (n_blocks,) bool."""
    near = np.zeros(len(in_gold), bool)
    at = np.flatnonzero(in_gold)
    if len(at):
        near[max(at[0] - REACH, 0) : at[-1] + REACH + 1] = True
    return near


def kinds_of_blocks(
    page: Page, prose_map: ProseMap, evidence: EvidenceByBlock, columns: Columns, in_gold: Flags
) -> list[Kind | None]:
    """The kind of each block, None for a block of no kind that matters.

    ``columns`` are those of the first stage; ``in_gold`` (n_blocks,) bool is needed to find the article's first prose.
    """
    headlines = is_own_title(columns) | headline_mask(columns)
    prose = prose_map.in_prose & in_gold & ~headlines
    standfirsts = marked_as_standfirst(columns, find_opening(indices(headline_mask(columns)), indices(prose)))
    comments = _inside(page, _COMMENTS)
    first = prose_map.zones.first
    return [
        Kind.HEADLINE if headlines[at]
        else Kind.POST if POST in block.context
        else Kind.STANDFIRST if at in standfirsts
        else Kind.COMMENT if comments[block.node] and at > first
        else _kind(block, evidence[at], float(columns["in_author"][at]), prose_map.words[at])
        for at, block in enumerate(page.blocks)
    ]  # fmt: skip


def _kind(block: RawBlock, evidence: Sequence[Evidence], in_author: float, words: int) -> Kind | None:
    """The kind of a block by its rules, its author and its tag."""
    strong = [e for e in evidence if e.weight >= RULE_WEIGHT]
    if any(e.name == "byline.date" and e.origin is Origin.WORDS for e in strong):
        return Kind.DATE
    if _OF_TAG.get(block.tag) in (Kind.CAPTION, Kind.DATE):
        return _OF_TAG[block.tag]
    for e in sorted(strong, key=lambda e: -e.weight):
        if e.label in _OF_LABEL:
            return _OF_LABEL[e.label]
    if in_author >= AUTHOR_SHARE and words <= AUTHOR_WORDS:
        return Kind.BYLINE
    return _OF_TAG.get(block.tag) or (Kind.SUBHEADING if block.level else None)


def _inside(page: Page, name: re.Pattern[str]) -> list[bool]:
    """For each element whether it or one around it has a class or id that the pattern describes."""
    elements = page.elements
    named = [any(name.search(token) for token in style.tokens) for style in elements.styles]
    return elements.inside(lambda element: named[elements.style[element]])
