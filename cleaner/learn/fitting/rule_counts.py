"""Counts how often rules are right about what a model would keep: :mod:`cleaner.model.rule_precision`.

Gold is no judge here: it holds "Read more: …" as often as it leaves it out. So only blocks and lines count that were
read (:mod:`cleaner.learn.data.annotations`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from cleaner.decision.page_body import body_by_steps
from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label
from cleaner.features.page_features import PageFeatures
from cleaner.learn.data.annotations import Reading
from cleaner.learn.data.pages import Sample
from cleaner.learn.data.texts import TextSample
from cleaner.model.rule_precision import Count, Key, RulePrecision, form_of
from cleaner.model.scoring import Scores
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array

#: A rule about a block on a site: the site, what is counted apart, and whether the block is residue.
Found = tuple[str, Key, bool]


def count(
    samples: Sequence[Sample], features: Sequence[PageFeatures], log_odds: Sequence[Array], lines: Sequence[TextSample]
) -> RulePrecision:
    """The counts over the blocks that are kept of pages, and over the lines that an extractor keeps of them.

    ``log_odds`` (n_blocks,) float32 of body of each page are by models that have not seen its site. Each site counts
    once for a key, however many blocks it has: they are mostly right or wrong for the same reason.
    """
    found: dict[Key, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    parts = [*map(_of_page, samples, features, log_odds), *map(_of_text, lines)]
    for site, key, is_residue in chain.from_iterable(parts):
        found[key][site].append(is_residue)
        found[Key(key.form)][site].append(is_residue)
    return RulePrecision({key: _count(sites.values()) for key, sites in found.items()})


def _count(sites: Iterable[Sequence[bool]]) -> Count:
    """The count of a key by the verdicts about the blocks of each site."""
    shares = [sum(verdicts) / len(verdicts) for verdicts in sites]
    return Count(sum(shares), len(shares) - sum(shares))


def _of_page(sample: Sample, features: PageFeatures, log_odds: Array) -> Iterator[Found]:
    """What rules say of the blocks that were read and would stay."""
    if not any(sample.readings):
        return
    scores = Scores(log_odds, features.first_stage, features)
    view = PageView(sample.page, sample.prose_map, scores.columns, scores.probabilities)
    body = body_by_steps(view).body
    readings = [reading if stays else None for reading, stays in zip(sample.readings, body.tolist(), strict=True)]
    yield from _of_blocks(sample.example.site, sample.page, sample.prose_map, readings, sample.evidence)


def _of_text(sample: TextSample) -> Iterator[Found]:
    """What rules say of the lines that were read."""
    yield from _of_blocks(sample.example.site, sample.page, sample.prose_map, sample.read, sample.evidence.by_block)


def _of_blocks(
    site: str,
    page: Page,
    prose_map: ProseMap,
    readings: Sequence[Reading | None],
    by_block: Sequence[Sequence[Evidence]],
) -> Iterator[Found]:
    """For each rule about a block that was read, whether the block is residue."""
    for at, (reading, evidence) in enumerate(zip(readings, by_block, strict=True)):
        if reading is None or reading.label is None:
            continue
        forms = ((piece, form_of(piece, page, prose_map, at)) for piece in evidence)
        for piece, form in forms:
            if form is not None:
                yield site, Key(form, piece.name), reading.label is not Label.BODY
