"""Texts as an extractor would leave them, for what stands around a line to be learned from: articles with residue.

Few lines of extractors were read, and the rules were written by them. Here pages give articles, with some of the
residue that stood in and below them; and lines that were written to learn from stand in articles of the library.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaner import pipeline
from cleaner.document import Label
from cleaner.features import text_lines
from cleaner.learn.data import lines
from cleaner.learn.data.corpus import DEFAULT_TYPE
from cleaner.learn.data.lines import LEAST_GOLD, LabelledPage, PageLine, is_certain_residue
from cleaner.learn.data.pages import POLICY
from cleaner.model.scoring import goes_without_wording
from cleaner.model.weights import load_text
from cleaner.reading.request import Request
from cleaner.rules.check import articles
from cleaner.rules.gather import evidence_for_text
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Flags

#: Corpora whose gold is an article: that of the others, written by the author or copied by hand, has pleas and credits.
CORPORA: Final = frozenset({"andy-dev", "fundus-dev", "wcxb-dev", "daniel-waddle", "turing-sites"})
#: Texts of a site, at most, and how often a line of residue may be in them.
TEXTS_OF_SITE: Final = 12
TIMES_OF_LINE: Final = 2
#: Words of an article, at least.
ARTICLE_WORDS: Final = 80
#: The share of the lines of residue inside of an article that stay; and numbers of lines, of which one is drawn, that
#: stay below it and above.
SHARE_INSIDE: Final = 0.7
NUMBERS_BELOW: Final = (0, 1, 2, 4)
NUMBERS_ABOVE: Final = (0, 0, 1, 2)
#: The lines of each language that are placed in articles, and the share of them that stands between two paragraphs.
WRITTEN_LINES: Final = 400
SHARE_BETWEEN: Final = 0.6


@dataclass(frozen=True, slots=True)
class SimulatedText:
    """A text of which it is known what each line is.

    ``known``    (n_blocks,) bool, what rules and trees know as residue
    ``residue``  (n_blocks,) bool
    ``counted``  (n_blocks,) bool, the lines to learn from
    ``fold``     of its site, or of the line in it
    ``written``  whether its lines are those of the library
    """

    page: Page
    prose_map: ProseMap
    known: Flags
    residue: Flags
    counted: Flags
    fold: int
    written: bool


def of_pages(pages: Iterable[LabelledPage]) -> Iterator[SimulatedText]:
    """Texts of the articles of those corpora whose gold has no residue."""
    draw = random.Random(1)  # noqa: S311 nobody is to guess these
    texts, times = Counter[str](), Counter[tuple[str, str]]()
    for page in pages:
        site = page.example.site
        if page.example.corpus not in CORPORA or page.example.type != DEFAULT_TYPE or texts[site] >= TEXTS_OF_SITE:
            continue
        seen = {line.text for line in page.lines if times[site, line.text] >= TIMES_OF_LINE}
        left = _left(page.lines, seen, draw)
        is_residue = [line.label is not Label.BODY for line in left]
        text = _text([line.text for line in left], is_residue, [True] * len(left), page.example.fold)
        if text:
            texts[site] += 1
            times.update((site, line.text) for line in left if line.label is not Label.BODY)
            yield text


def _left(page: Sequence[PageLine], seen: set[str], draw: random.Random) -> list[PageLine]:
    """The lines of a page that an extractor would leave: its article and some residue that was not ``seen``. None
    without an article.
    """
    body = [at for at, line in enumerate(page) if line.label is Label.BODY and line.share >= LEAST_GOLD and line.words]
    if sum(page[at].words for at in body) < ARTICLE_WORDS:
        return []
    residue = [
        at for at, line in enumerate(page) if line.words > 1 and is_certain_residue(line) and line.text not in seen
    ]
    above = [at for at in residue if at < body[0]]
    inside = [at for at in residue if body[0] < at < body[-1] and draw.random() < SHARE_INSIDE]
    below = [at for at in residue if at > body[-1]]
    chosen = [
        *draw.sample(above, min(len(above), draw.choice(NUMBERS_ABOVE))),
        *inside,
        *draw.sample(below, min(len(below), draw.choice(NUMBERS_BELOW))),
    ]
    return [page[at] for at in sorted([*body, *chosen])]


def of_written() -> Iterator[SimulatedText]:
    """Some of the lines that were written to learn from, each in an article of its language: between two paragraphs or
    below the last.
    """
    draw = random.Random(2)  # noqa: S311 nobody is to guess these
    for language, of_language in lines.written_by_language().items():
        if language not in articles():
            continue
        article = articles()[language]
        paragraphs = [*article.before, *article.after]
        for line in draw.sample(of_language, min(len(of_language), WRITTEN_LINES)):
            is_between = draw.random() < SHARE_BETWEEN
            place = draw.randrange(1, len(paragraphs)) if is_between else len(paragraphs)
            texts = [*paragraphs[:place], line.text, *paragraphs[place:]]
            counted = [at == place for at in range(len(texts))]
            is_residue = [this and line.label is not Label.BODY for this in counted]
            text = _text(texts, is_residue, counted, line.fold, lang=language)
            if text:
                yield text


def _text(
    texts: Sequence[str], is_residue: Sequence[bool], counted: Sequence[bool], fold: int, lang: str = ""
) -> SimulatedText | None:
    """A text of these lines; None where there is none, or where its blocks are others."""
    if not texts:
        return None
    prepared = pipeline.prepare(Request("\n\n".join(texts), kind="text", lang=lang or None), POLICY)
    page, prose_map = prepared.page, prepared.prose_map
    if len(page.blocks) != len(texts):
        return None
    columns = text_lines.columns(page, prose_map, evidence_for_text(prepared.matcher).by_block)
    known = goes_without_wording(columns, load_text().log_odds(columns))
    return SimulatedText(page, prose_map, known, np.array(is_residue), np.array(counted), fold, written=bool(lang))
