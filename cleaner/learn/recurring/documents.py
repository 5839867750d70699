"""The documents of each site: what a memory is made of, and what is asked about one."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np

from cleaner.decision.decision import Decision
from cleaner.learn.data import annotations
from cleaner.learn.data.corpus import DEFAULT_TYPE, Example
from cleaner.learn.data.pages import Sample
from cleaner.learn.data.texts import TextSample
from cleaner.memory.index import SiteIndex
from cleaner.memory.lines import About, PageLines, day_of, lines_of_page, normalize
from cleaner.memory.sample import SiteSample
from cleaner.memory.sites import place_of
from cleaner.memory.table import SiteTable
from cleaner.model.scoring import Scores
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Flags
from cleaner.text.shingles import PRESENT, tokens

#: A number of other documents that stands for all of them.
ALL: Final = 10**6


@dataclass(frozen=True, slots=True)
class SiteDocument:
    """A text or a page of a site, with what is needed to ask a memory about it.

    ``log_odds``  (n_blocks,) float32, log-odds of body without a memory
    ``kept``      (n_blocks,) bool, what stays without a memory
    ``content``   (n_blocks,) float32, the share of each block that is content, by gold and by reading
    ``trust``     (n_blocks,) float32, how far that is to be trusted
    ``drawn``     (n_blocks,) bool, whether a line was drawn at random for a reader
    """

    example: Example
    page: Page
    prose_map: ProseMap
    log_odds: Array
    kept: Flags
    content: Array
    trust: Array
    drawn: Flags
    lines: PageLines


def of_text(sample: TextSample, scores: Scores, decision: Decision) -> SiteDocument:
    """The document of an extractor's text."""
    trust = np.ones(len(sample.page.blocks), np.float32)
    drawn = np.array([reading is not None and reading.drawn for reading in sample.read], bool)
    facts = sample.example, sample.page, sample.prose_map
    return document_of(*facts, scores.log_odds, decision.body, sample.gold, trust, drawn)


def of_page(sample: Sample, log_odds: Array, body: Flags) -> SiteDocument:
    """The document of a page. All its blocks are lines, as when a memory is made."""
    trust = np.where(sample.weights > 0, np.float32(1), np.float32(0))
    drawn = np.array([reading is not None and reading.drawn for reading in sample.readings], bool)
    return document_of(sample.example, sample.page, sample.prose_map, log_odds, body, sample.targets, trust, drawn)


def document_of(  # noqa: PLR0913, PLR0917 what is known of the blocks
    example: Example, page: Page, prose_map: ProseMap, log_odds: Array, kept: Flags, content: Array, trust: Array,
    drawn: Flags,
) -> SiteDocument:  # fmt: skip
    """The document with these blocks; the arguments are the fields of :class:`SiteDocument`."""
    place, day = place_of(example.url), day_of(page.metadata.date, example.url)
    about = About(place.section_number if place else 0, day)
    lines = lines_of_page(page, prose_map, range(len(page.blocks)), about)
    return SiteDocument(example, page, prose_map, log_odds, kept, content, trust, drawn, lines)


def by_site(documents: Iterable[SiteDocument]) -> dict[tuple[str, str], list[SiteDocument]]:
    """The documents of each site of each corpus that has two at least."""
    sites: dict[tuple[str, str], list[SiteDocument]] = defaultdict(list)
    for document in documents:
        sites[site_of(document.example)].append(document)
    return {site: found for site, found in sites.items() if len(found) > 1}


def site_of(example: Example) -> tuple[str, str]:
    """The corpus and the site of an example. Where its address is known it says which site it is: many blogs are of one
    host.
    """
    place = place_of(example.url)
    return example.corpus, place.site if place else example.site


def with_others(examples: Iterable[Example]) -> list[Example]:
    """The articles of whose sites there are others."""
    articles = [example for example in examples if example.type == DEFAULT_TYPE]
    counts = Counter(map(site_of, articles))
    return [example for example in articles if counts[site_of(example)] > 1]


def others(documents: Sequence[SiteDocument], at: int, size: int) -> list[SiteDocument]:
    """Up to ``size`` documents of a site, chosen at random, without the one that is asked about."""
    rest = [document for other, document in enumerate(documents) if other != at]
    return random.Random(f"{size} {at}").sample(rest, min(size, len(rest)))  # noqa: S311 a choice of documents


def index_of(documents: Iterable[SiteDocument]) -> SiteIndex:
    """The index of some documents."""
    sample = SiteSample()
    for document in documents:
        sample.add(document.lines.document)
    return SiteIndex.of_table(SiteTable.of_sample(sample))


def is_residue(document: SiteDocument, at: int) -> bool | None:
    """Whether a line is residue, by reading or else by gold; None where a reader could not tell, and for a line without
    words (``}``, ``| |``), about which gold says nothing.
    """
    mark = fingerprint(document.example, document.page.blocks[at].plain)
    if mark in readings():
        return readings()[mark]
    if not tokens(document.page.blocks[at].plain):
        return None
    return bool(document.content[at] < PRESENT)


def fingerprint(example: Example, line: str) -> str:
    """The fingerprint of a line of a site."""
    return annotations.fingerprint(example.corpus, example.site, normalize(line))


@cache
def readings() -> Mapping[str, bool | None]:
    """What a reader said of recurring lines about which gold is wrong, by fingerprint: True for residue, None for what
    the reader could not tell. Authors' own files hold licences, series have the same introduction every time, and gold
    that was copied by hand holds disclaimers.
    """
    text = resources.files("cleaner.learn.recurring").joinpath("readings.tsv").read_text("ascii")
    words = {"residue": True, "body": False, "?": None}
    return {mark: words[word] for mark, word in (line.split("\t") for line in text.splitlines())}
