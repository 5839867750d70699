"""Labelled pages → training rows: blocks and evidence by the run-time code, labels by alignment with the gold."""

import gc
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

from cleaner import pipeline
from cleaner.decision.policy import Policy
from cleaner.decision.state import Prepared
from cleaner.document import Evidence
from cleaner.learn import align
from cleaner.learn.corpus import Example
from cleaner.reading.request import Request
from cleaner.reading.source import Source
from cleaner.rules.gather import evidence_for_blocks
from cleaner.rules.select import rule_index
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array

WORKERS = 2
#: The policy of training: pages of any size, and everything else as by default.
POLICY = Policy(max_size=10**9)


@dataclass(slots=True)
class Sample:
    """A page ready for training.

    ``evidence`` is what rules say of each block by itself, as serving gives it to the model; ``shares`` (n_blocks,)
    float32 is the share of each block that is gold.
    """

    example: Example
    page: Page
    lang: str
    prose_map: ProseMap
    evidence: list[list[Evidence]]
    shares: Array

    @property
    def prepared(self) -> Prepared:
        """The page as the pipeline has it, but for the text of the source. Indexes of rules are not kept in samples:
        these go from process to process.
        """
        return Prepared(Source("", "html"), self.page, self.lang, self.prose_map, rule_index(self.lang))


def sample(example: Example) -> Sample | None:
    """The training sample of a page as it was fetched; None for a page without text."""
    prepared = pipeline.prepare(Request(example.html, kind="html"), POLICY)
    page, prose_map = prepared.page, prepared.prose_map
    if not page.blocks:
        return None
    evidence = evidence_for_blocks(page, prose_map, prepared.index, range(len(page.blocks)))
    shares = align.shares([block.plain for block in page.blocks], example.gold)
    slim = replace(page, scripts=())  # megabytes that training does not read
    return Sample(example, slim, prepared.lang, prose_map, evidence, shares)


def build(examples: Sequence[Example]) -> list[Sample]:
    """Samples of all pages, in their order."""
    with ProcessPoolExecutor(WORKERS) as pool:
        samples = [made for made in pool.map(sample, examples, chunksize=16) if made]
    gc.freeze()
    return samples
