"""Labelled pages become training rows: blocks by the run-time's own code, labels by alignment with the gold."""

import gc
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner import evidence, features, language, pipeline, source
from cleaner.document import Evidence
from cleaner.features import Columns
from cleaner.layout import Layout, lay_out
from cleaner.learn import align
from cleaner.learn.corpus import Example
from cleaner.segment import Page
from cleaner.segment import html as html_segment
from cleaner.segment import text as text_segment

WORKERS = 2


@dataclass(slots=True)
class Sample:
    """A page ready for training: its blocks, what the rules say of them, and the share of each that is gold."""

    example: Example
    page: Page
    lang: str
    layout: Layout
    evidence: list[list[Evidence]]
    shares: NDArray[np.float32]


def from_html(example: Example) -> Sample | None:
    """The training sample of a page as it was fetched; None for a page without text."""
    page = html_segment.segment(source.read(example.html, "html", max_size=10**9).text)
    return _sample(example, page)


def from_text(example: Example, text: str) -> Sample | None:
    """The training sample of what an extractor made of a page."""
    return _sample(example, text_segment.segment(text))


def _sample(example: Example, page: Page) -> Sample | None:
    if not page.blocks:
        return None
    lang = language.detect(page)
    layout = lay_out(page.blocks)
    found = evidence.collect(page, pipeline.rulebook(lang), layout)
    shares = align.shares([block.plain for block in page.blocks], example.gold)
    return Sample(example, page, lang, layout, found.evidence, shares)


def build(examples: Sequence[Example]) -> list[Sample]:
    """Samples of all pages, in their order."""
    with ProcessPoolExecutor(WORKERS) as pool:
        samples = [sample for sample in pool.map(from_html, examples, chunksize=16) if sample]
    gc.freeze()
    return samples


def columns(samples: Iterable[Sample], scorers: Sequence[features.Scorer]) -> list[Columns]:
    """The columns of each sample; ``scorers`` has one a fold, learned without that fold."""
    return [features.compute(s.page, s.layout, s.evidence, scorers[s.example.fold % len(scorers)]) for s in samples]
