"""Lines that recur on a site → training rows, and the weights of their evidence (:mod:`cleaner.memory.weights`).

A document is asked about with a memory of other documents of its site: of one, two, four, and of all of them, so that
the weights hold where little is known and where more is. Only lines that the model keeps are rows: about the others
there is nothing to decide.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

import numpy as np

from cleaner.decision.decision import Decision
from cleaner.learn import annotations, conventions
from cleaner.learn.corpus import DEFAULT_TYPE, Example
from cleaner.learn.dataset import Sample
from cleaner.learn.texts import TextSample
from cleaner.memory import features
from cleaner.memory.index import Recurrence, SiteIndex
from cleaner.memory.lines import About, PageLines, day_of, lines_of_page, normalize
from cleaner.memory.sample import SiteSample
from cleaner.memory.sites import place_of
from cleaner.memory.table import SiteTable
from cleaner.model.scoring import Scores
from cleaner.model.weights import PRIOR
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Flags, Floats
from cleaner.text.shingles import PRESENT, tokens

#: Numbers of other documents that a memory is made of; ALL stands for all of them.
ALL: Final = 10**6
SIZES: Final = (2, 4, ALL)
#: The corpora have no site with more than thirty documents, and larger sites have many authors and sections, each with
#: lines of its own. So each row is taken three times: as it is, and as if so many documents without the line were known
#: as well.
DILUTED: Final = (0, 20, 200)
#: Weight of the squared coefficients.
RIDGE: Final = 0.1
#: Steps of Newton's method, at most.
STEPS: Final = 100


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


# -- rows ----------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A line that recurs and that the model keeps: its columns, whether it is residue, the model's log-odds of residue,
    the fold of its site, and what it counts.
    """

    columns: Floats
    residue: bool
    offset: float
    fold: int
    weight: float


def rows(documents: Iterable[SiteDocument]) -> list[Row]:
    """The rows of documents, with memories of several sizes."""
    found: list[Row] = []
    for of_site in by_site(documents).values():
        for at, document in enumerate(of_site):
            sizes = [size for size in SIZES if size == ALL or size < len(of_site) - 1]
            weight = 1 / (len(sizes) * len(DILUTED))
            for size in sizes:
                recurrences = index_of(others(of_site, at, size)).recurrences_of(document.lines)
                for more in DILUTED:
                    found += _rows(document, [_diluted(recurrence, more) for recurrence in recurrences], weight)
    return found


def _diluted(recurrence: Recurrence, more: int) -> Recurrence:
    if more and recurrence.part:  # lines that are alike by chance stand on a small share of the documents
        recurrence = recurrence._replace(part=None)
    return recurrence._replace(known=recurrence.known + more) if recurrence.documents else recurrence


def _rows(document: SiteDocument, recurrences: Sequence[Recurrence], weight: float) -> list[Row]:
    """The rows of a document. A line counts once a site, however many documents have it."""
    blocks = document.lines.blocks
    columns = features.columns(document.page, document.prose_map, blocks, recurrences, document.log_odds)
    of_corpus = weight * conventions.of(document.example.corpus).weight
    found = []
    for line in np.flatnonzero(columns.asked).tolist():
        at = blocks[line]
        residue = is_residue(document, at)
        if not document.kept[at] or residue is None:
            continue
        offset = -min(float(document.log_odds[at]), PRIOR)
        own = of_corpus * float(document.trust[at]) / (columns.found[line].documents + 1)
        found.append(Row(columns.values[line], residue, offset, document.example.fold, own))
    return found


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
    text = resources.files("cleaner.learn").joinpath("recurring.tsv").read_text("ascii")
    words = {"residue": True, "body": False, "?": None}
    return {mark: words[word] for mark, word in (line.split("\t") for line in text.splitlines())}


# -- the fit -------------------------------------------------------------------------------------


def fit(found: Sequence[Row]) -> Floats:
    """The coefficients of rows: a logistic regression with the model's log-odds as offset, a penalty on the squares of
    the coefficients, and the signs that :data:`cleaner.memory.features.NAMES` asks for. Fitted by Newton's method over
    the coefficients that are not held at zero (an active set): (n_columns,) float64.
    """
    values = np.array([row.columns for row in found]).reshape(-1, len(features.NAMES))
    residue = np.array([row.residue for row in found], np.float64)
    offset, weight = np.array([row.offset for row in found]), np.array([row.weight for row in found])
    signs = np.array(list(features.NAMES.values()))
    free = np.ones(len(signs), bool)
    while True:
        coefficients = _newton(values[:, free], residue, offset, weight)
        whole = np.zeros(len(signs))
        whole[free] = coefficients
        wrong = free & (whole * signs < 0)
        if not wrong.any():
            return whole
        free[np.flatnonzero(wrong)[np.argmax(np.abs(whole[wrong]))]] = False


def _newton(values: Floats, residue: Floats, offset: Floats, weight: Floats) -> Floats:
    coefficients = np.zeros(values.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-(offset + values @ coefficients)))
        slope = values.T @ (weight * (residue - p)) - RIDGE * coefficients
        curvature = (values * (weight * p * (1 - p))[:, None]).T @ values + RIDGE * np.eye(len(coefficients))
        step = np.linalg.solve(curvature, slope)
        coefficients += step
        if np.abs(step).max() < 1e-9:
            break
    return coefficients


def out_of_fold(found: Sequence[Row], folds: int) -> list[Floats]:
    """For each fold the coefficients of the rows of the others."""
    return [fit([row for row in found if row.fold != fold]) for fold in range(folds)]
