"""Labelled pages → training rows: blocks and evidence by the run-time code, labels by alignment with the gold and by
reading.
"""

import gc
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from cleaner import pipeline
from cleaner.decision.policy import Policy
from cleaner.decision.state import Prepared
from cleaner.document import Label
from cleaner.features.hashing import Lexicons
from cleaner.features.page_features import compute_features
from cleaner.learn.data import align, annotations, conventions
from cleaner.learn.data.annotations import Reading
from cleaner.learn.data.corpus import DEFAULT_TYPE, Example
from cleaner.learn.hyperparameters import READ_WEIGHT, TYPE_WEIGHT
from cleaner.reading.request import Request
from cleaner.reading.source import Source
from cleaner.rules.evidence import EvidenceByBlock
from cleaner.rules.gather import evidence_for_blocks
from cleaner.rules.matcher import Matcher
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

    ``evidence``  what rules say of each block by itself, as serving gives it to the model
    ``shares``    (n_blocks,) float32, the share of each block that is gold, by alignment
    ``readings``  the label that a reader gave to each block; None where nobody read it
    ``trust``     (n_blocks,) float32, how far a block's share is to be trusted (:mod:`.conventions`)
    """

    example: Example
    page: Page
    lang: str
    prose_map: ProseMap
    evidence: EvidenceByBlock
    shares: Array
    readings: Sequence[Reading | None]
    trust: Array

    @property
    def targets(self) -> Array:
        """What training takes the share of body of each block to be: (n_blocks,) float32. A reader's label goes before
        the alignment.
        """
        targets = self.shares.copy()
        for at, reading in enumerate(self.readings):
            if reading and reading.label:
                targets[at] = reading.label is Label.BODY
        return targets

    @property
    def weights(self) -> Array:
        """What each block counts in training, apart from its length: (n_blocks,) float32.

        What a reader called ``?`` counts nothing, nor does a block about which the gold of its corpus is no judge.
        """
        of_page = conventions.of(self.example.corpus).weight * (1 if self.example.type == DEFAULT_TYPE else TYPE_WEIGHT)
        weights = self.trust * np.float32(of_page)
        for at, reading in enumerate(self.readings):
            if reading:
                weights[at] = of_page * READ_WEIGHT if reading.label else 0
        return weights

    @property
    def prepared(self) -> Prepared:
        """The page as the pipeline has it, except for the text of the source."""
        return prepared_again(self.page, self.prose_map, self.lang)


def prepared_again(page: Page, prose_map: ProseMap, lang: str) -> Prepared:
    """A page or text of a sample as the pipeline has it, except for the text of the source. The index of rules is not
    kept in samples, as these go from process to process.
    """
    source = Source("", "html" if page.kind == "html" else "text")
    return Prepared(source, lang, Matcher(page, prose_map, rule_index(lang)))


def sample(example: Example) -> Sample | None:
    """The training sample of a page as it was fetched; None for a page without text."""
    prepared = pipeline.prepare(Request(example.html, kind="html"), POLICY)
    page, prose_map = prepared.page, prepared.prose_map
    if not page.blocks:
        return None
    evidence = evidence_for_blocks(prepared.matcher, range(len(page.blocks)))
    texts = [block.plain for block in page.blocks]
    shares = align.shares(texts, example.gold)
    known = annotations.load_blocks()
    readings = [known.get(mark) for mark in annotations.fingerprints(example.corpus, example.id, texts)]
    slim = replace(page, scripts=())  # megabytes that training does not read
    trust = _trust(example, page, prose_map, evidence, shares)
    return Sample(example, slim, prepared.lang, prose_map, evidence, shares, readings, trust)


def _trust(example: Example, page: Page, prose_map: ProseMap, evidence: EvidenceByBlock, shares: Array) -> Array:
    """How far the gold of the example is to be trusted about each block: (n_blocks,) float32, 1 or 0."""
    columns = compute_features(page, prose_map, Lexicons()).first_stage
    kinds = conventions.kinds_of_blocks(page, prose_map, evidence, columns, shares >= conventions.GOLD_SHARE)
    trust = conventions.trust(conventions.of(example.corpus), kinds, shares)
    if example.uncertain:
        open_shares = align.shares([block.plain for block in page.blocks], example.uncertain)
        trust[(open_shares >= conventions.GOLD_SHARE) & (shares < conventions.GOLD_SHARE)] = 0
    return trust


def build(examples: Sequence[Example]) -> list[Sample]:
    """Samples of all pages, in their order."""
    with ProcessPoolExecutor(WORKERS) as pool:
        samples = [made for made in pool.map(sample, examples, chunksize=16) if made]
    gc.freeze()
    return samples
