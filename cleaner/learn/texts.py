"""Text that extractors made of labelled pages becomes training rows: what they leave in is what is to be learned."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from cleaner import pipeline
from cleaner.document import DEFAULT_KEEP
from cleaner.features import text_lines
from cleaner.learn import align, annotations, baselines
from cleaner.learn.annotations import Reading
from cleaner.learn.corpus import Example
from cleaner.learn.dataset import WORKERS
from cleaner.reading import language
from cleaner.reading.decode import decode
from cleaner.rules import match
from cleaner.rules.evidence import EvidenceByBlock
from cleaner.segment import html, text
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap, find_prose
from cleaner.text.arrays import Array, Columns, Flags, Ints
from cleaner.text.shingles import PRESENT, tokens

#: A text of which more than this share of the words is residue is the extractor's failure, not residue in an article.
FAILURE = 0.5
#: The headline and the standfirst are looked for among the first so many lines; of their words so many are the page's.
HEAD = 4
TITLE_SHARE = 0.8


@dataclass(slots=True)
class TextSample:
    """The text that an extractor made of a page: its lines, what rules say of them, and how much of each is gold.

    ``shares`` are those of the alignment, ``read`` what a reader said of a line (None where nobody read it);
    ``headline`` says which lines are the page's title or standfirst; ``words`` are counted as the measures count them.
    """

    example: Example
    upstream: str
    page: Page
    lang: str
    layout: ProseMap
    found: EvidenceByBlock
    columns: Columns
    shares: Array
    read: Sequence[Reading | None]
    headline: Flags
    words: Ints

    @property
    def gold(self) -> Array:
        """The share of each line that is content: what its reader said, where it has one; headlines are, though gold
        mostly leaves them out: a text keeps them.
        """
        shares = np.where(self.headline, np.float32(1), self.shares)
        for at, reading in enumerate(self.read):
            if reading and reading.label:
                shares[at] = reading.label in DEFAULT_KEEP["text"]
        return np.asarray(shares, np.float32)

    @property
    def failed(self) -> bool:
        """Whether the extractor took most of the text from elsewhere on the page."""
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
    decoded = decode(example.html)[0]
    about = html.segment(decoded).metadata
    outputs = [(name, baselines.run(name, decoded)) for name in upstreams]
    return [
        sample(example, name, output, (about.title, about.description)) for name, output in outputs if output.strip()
    ]


def sample(example: Example, upstream: str, output: str, head: Sequence[str]) -> TextSample:
    """The sample of one text; ``head`` are the title and the description of its page."""
    page = text.segment(output)
    lang = language.detect([block.plain for block in page.blocks], page.lang)
    layout = find_prose(page.blocks)
    book = pipeline.rulebook(lang)
    found = match.collect(page, book, layout)
    found.evidence = pipeline.without_cuts(page, range(len(page.blocks)), found.evidence, book)
    number = np.array([len(tokens(block.plain)) for block in page.blocks], np.int64)
    return TextSample(
        example,
        upstream,
        page,
        lang,
        layout,
        found,
        text_lines.columns(page, layout, found.evidence),
        align.shares([block.plain for block in page.blocks], example.gold),
        _read(example, page, annotations.load()),
        _headlines(page, head),
        number,
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
    for at, block in enumerate(page.blocks[:HEAD]):
        own = set(tokens(block.plain))
        out[at] = any(len(own & words) >= TITLE_SHARE * len(own) for words in known if own and words)
    return out
