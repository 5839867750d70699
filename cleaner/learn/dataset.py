"""Labelled pages become training rows: blocks by the run-time's own code, labels by alignment with the gold."""

import gc
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from cleaner import evidence, language, pipeline, source
from cleaner.arrays import Array
from cleaner.document import Evidence
from cleaner.layout import Layout, lay_out
from cleaner.learn import align
from cleaner.learn.corpus import Example
from cleaner.segment import Page, html

WORKERS = 2


@dataclass(slots=True)
class Sample:
    """A page ready for training: its blocks, what rules say of each by its own words and place, and the share of each
    that is gold.
    """

    example: Example
    page: Page
    lang: str
    layout: Layout
    evidence: list[list[Evidence]]
    shares: Array


def sample(example: Example) -> Sample | None:
    """The training sample of a page as it was fetched; None for a page without text."""
    page = html.segment(source.read(example.html, "html", max_size=10**9).text)
    if not page.blocks:
        return None
    lang = language.detect(page)
    layout = lay_out(page.blocks)
    said = evidence.listen(page, pipeline.rulebook(lang), layout)
    shares = align.shares([block.plain for block in page.blocks], example.gold)
    return Sample(example, page, lang, layout, said.about(range(len(page.blocks))), shares)


def build(examples: Sequence[Example]) -> list[Sample]:
    """Samples of all pages, in their order."""
    with ProcessPoolExecutor(WORKERS) as pool:
        samples = [made for made in pool.map(sample, examples, chunksize=16) if made]
    gc.freeze()
    return samples
