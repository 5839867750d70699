"""Labelled pages become training rows: blocks by the run-time's own code, labels by alignment with the gold."""

import gc
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from cleaner import pipeline
from cleaner.document import Evidence
from cleaner.learn import align
from cleaner.learn.corpus import Example
from cleaner.reading import language, source
from cleaner.rules import match
from cleaner.segment import html
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap, find_prose
from cleaner.text.arrays import Array

WORKERS = 2


@dataclass(slots=True)
class Sample:
    """A page ready for training: its blocks, what rules say of each by its own words and place, and the share of each
    that is gold.
    """

    example: Example
    page: Page
    lang: str
    layout: ProseMap
    evidence: list[list[Evidence]]
    shares: Array


def sample(example: Example) -> Sample | None:
    """The training sample of a page as it was fetched; None for a page without text."""
    page = html.segment(source.read(example.html, "html", max_size=10**9).text)
    if not page.blocks:
        return None
    lang = language.detect([block.plain for block in page.blocks], page.lang)
    layout = find_prose(page.blocks)
    said = match.listen(page, pipeline.rulebook(lang), layout)
    shares = align.shares([block.plain for block in page.blocks], example.gold)
    return Sample(example, page, lang, layout, said.about(range(len(page.blocks))), shares)


def build(examples: Sequence[Example]) -> list[Sample]:
    """Samples of all pages, in their order."""
    with ProcessPoolExecutor(WORKERS) as pool:
        samples = [made for made in pool.map(sample, examples, chunksize=16) if made]
    gc.freeze()
    return samples
