"""The text that extractors make of labelled pages → training rows: the residue that they leave is to be learned."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from cleaner import pipeline
from cleaner.decision.state import Prepared
from cleaner.document import DEFAULT_KEEP
from cleaner.features import text_lines
from cleaner.learn.data import align, annotations, baselines
from cleaner.learn.data.annotations import Reading
from cleaner.learn.data.corpus import Example
from cleaner.learn.data.pages import POLICY, WORKERS, prepared_again
from cleaner.reading.decode import decode
from cleaner.reading.request import Request
from cleaner.rules.evidence import PageEvidence
from cleaner.rules.gather import evidence_for_text
from cleaner.segment import segment
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Flags, Ints
from cleaner.text.shingles import PRESENT, tokens

#: Share of a text's words from which its residue is a failure of the extractor, and no residue in an article.
FAILURE = 0.5
#: Lines among which the headline and the standfirst are looked for; the share of such a line's words that must stand in
#: the page's title or description.
TOP_LINES = 4
HEADLINE_SHARE = 0.8


@dataclass(slots=True)
class TextSample:
    """The text that an extractor made of a page.

    ``evidence``  the evidence about each line, as serving gives it to the model
    ``columns``   (n_lines,) float32 each
    ``shares``    (n_lines,) float32, the share of each line that is gold, by alignment
    ``read``      what a reader said of each line; None where nobody read it
    ``headline``  (n_lines,) bool, whether a line is the page's title or standfirst
    ``words``     (n_lines,) int64, counted as the measures count words
    """

    example: Example
    upstream: str
    page: Page
    lang: str
    prose_map: ProseMap
    evidence: PageEvidence
    columns: Columns
    shares: Array
    read: Sequence[Reading | None]
    headline: Flags
    words: Ints

    @property
    def prepared(self) -> Prepared:
        """The text as the pipeline has it, except for the text of the source."""
        return prepared_again(self.page, self.prose_map, self.lang)

    @property
    def gold(self) -> Array:
        """The share of each line that is content: (n_lines,) float32.

        What a reader said goes before the alignment. Headlines are content, since a text keeps them, though gold mostly
        leaves them out.
        """
        shares = np.where(self.headline, np.float32(1), self.shares)
        for at, reading in enumerate(self.read):
            if reading and reading.label:
                shares[at] = reading.label in DEFAULT_KEEP["text"]
        return np.asarray(shares, np.float32)

    @property
    def failed(self) -> bool:
        """Whether the extractor took most of the text from outside of the article."""
        residue = int(self.words[self.shares < PRESENT].sum())
        return residue > FAILURE * int(self.words.sum())


def build(examples: Sequence[Example], upstreams: Sequence[str] = tuple(baselines.UPSTREAM)) -> list[TextSample]:
    """What each extractor makes of each article among the pages, in their order.

    Raises ``ImportError`` where one is not installed.
    """
    baselines.require(upstreams)
    articles = [example for example in examples if example.type == "article"]
    with ProcessPoolExecutor(WORKERS) as pool:
        parts = pool.map(partial(samples, upstreams=upstreams), articles, chunksize=8)
        return [made for part in parts for made in part]


def samples(example: Example, upstreams: Sequence[str]) -> list[TextSample]:
    """What each extractor makes of one page; nothing where it gives no text."""
    decoded = decode(example.html).text
    metadata = segment(decoded, "html").metadata
    outputs = [(name, baselines.run(name, decoded)) for name in upstreams]
    return [
        sample(example, name, output, (metadata.title, metadata.description))
        for name, output in outputs
        if output.strip()
    ]


def sample(example: Example, upstream: str, output: str, head: Sequence[str]) -> TextSample:
    """The sample of one text; ``head`` are the title and the description of its page."""
    prepared = pipeline.prepare(Request(output, kind="text"), POLICY)
    page, prose_map = prepared.page, prepared.prose_map
    evidence = evidence_for_text(prepared.matcher)
    return TextSample(
        example,
        upstream,
        page,
        prepared.lang,
        prose_map,
        evidence,
        text_lines.columns(page, prose_map, evidence.by_block),
        align.shares([block.plain for block in page.blocks], example.gold),
        _read(example, page, annotations.load()),
        _headlines(page, head),
        np.array([len(tokens(block.plain)) for block in page.blocks], np.int64),
    )


def _read(example: Example, page: Page, labels: Mapping[str, Reading]) -> list[Reading | None]:
    """What readers said of each line."""
    marks = [
        [annotations.fingerprint(example.corpus, example.id, line) for line in (block.text, block.plain)]
        for block in page.blocks
    ]
    return [next((labels[mark] for mark in known if mark in labels), None) for known in marks]


def _headlines(page: Page, head: Sequence[str]) -> Flags:
    """The lines at the top that are what the page says its title or its description is."""
    known = [set(tokens(text)) for text in head]
    out = np.zeros(len(page.blocks), bool)
    for at, block in enumerate(page.blocks[:TOP_LINES]):
        own = set(tokens(block.plain))
        out[at] = any(len(own & words) >= HEADLINE_SHARE * len(own) for words in known if own and words)
    return out
