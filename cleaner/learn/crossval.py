"""What the cross-validated models make of each page: the figures of ``docs/model-card.md``."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cleaner import pipeline
from cleaner.decision import body
from cleaner.export.plain import join
from cleaner.features.page_features import PageFeatures
from cleaner.features.profile import PAGE_TYPES
from cleaner.learn import evaluate, metrics
from cleaner.learn.corpus import Example
from cleaner.learn.dataset import Sample
from cleaner.learn.metrics import Score
from cleaner.rules import glued_pleas
from cleaner.text.arrays import Array
from cleaner.text.odds import probability


@dataclass(frozen=True, slots=True)
class Outcome:
    """One page: its score, how sure the model was, and what kind of page it took it for."""

    example: Example
    score: Score
    confidence: float
    page_type: str
    lang: str = ""


def outcomes(samples: Sequence[Sample], features: Sequence[PageFeatures], log_odds: Sequence[Array]) -> list[Outcome]:
    """The outcome of each page by the run-time's own decision."""
    return [_outcome(*page) for page in zip(samples, features, log_odds, strict=True)]


def _outcome(sample: Sample, features: PageFeatures, log_odds: Array) -> Outcome:
    page = sample.page
    scores = probability(log_odds.astype(np.float64))
    decision = body.html(page, sample.layout, features.first_stage, scores, {})
    cuts = glued_pleas.find(page.blocks, np.flatnonzero(decision.body).tolist(), pipeline.rulebook(sample.lang))
    text = join(*glued_pleas.apply(page.blocks, decision.body.tolist(), cuts), page.kind)
    return Outcome(
        sample.example, metrics.score(text, sample.example.gold), decision.confidence, features.page_type, sample.lang
    )


def without_text(examples: Iterable[Example], samples: Sequence[Sample]) -> list[Outcome]:
    """The outcome of pages that have no block at all: nothing comes out."""
    known = {(s.example.corpus, s.example.id) for s in samples}
    left = [e for e in examples if (e.corpus, e.id) not in known]
    return [Outcome(e, metrics.score("", e.gold), 0.0, PAGE_TYPES[0]) for e in left]


def groups(found: Sequence[Outcome]) -> Mapping[str, evaluate.Summary]:
    """Summaries by corpus, by corpus and type of page, and by corpus and language where it has several."""
    scores: dict[str, list[Score]] = defaultdict(list)
    languages = {corpus: Counter(o.lang for o in found if o.example.corpus == corpus) for corpus in _corpora(found)}
    for outcome in found:
        corpus = outcome.example.corpus
        scores[corpus].append(outcome.score)
        scores[f"{corpus} {outcome.example.type}"].append(outcome.score)
        if languages[corpus].most_common(1)[0][1] < 0.5 * languages[corpus].total():
            scores[f"{corpus} lang {outcome.lang}"].append(outcome.score)
    return {name: evaluate.summary(part) for name, part in sorted(scores.items())}


def _corpora(found: Iterable[Outcome]) -> set[str]:
    return {outcome.example.corpus for outcome in found}


def calibration(found: Sequence[Outcome], parts: int = 10) -> list[tuple[float, float, int]]:
    """Pages in parts of equal number, the least sure first: mean confidence, mean word F1, number of pages."""
    order = sorted(found, key=lambda outcome: outcome.confidence)
    cuts = np.array_split(np.arange(len(order)), parts)
    return [
        (
            float(np.mean([order[at].confidence for at in part])),
            float(np.mean([order[at].score.f1 for at in part])),
            len(part),
        )
        for part in cuts
        if len(part)
    ]


def types_right(found: Sequence[Outcome]) -> float:
    """The share of pages whose type was told."""
    return sum(o.page_type == o.example.type for o in found) / max(len(found), 1)


def seen(found: Sequence[Outcome]) -> Mapping[str, evaluate.Summary]:
    """Summaries by corpus of those pages whose site has pages in other folds, and of the others."""
    folds: dict[str, set[int]] = defaultdict(set)
    for outcome in found:
        folds[outcome.example.site].add(outcome.example.fold)
    scores: dict[str, list[Score]] = defaultdict(list)
    for outcome in found:
        known = "site seen" if len(folds[outcome.example.site]) > 1 else "site unseen"
        scores[f"{outcome.example.corpus} {known}"].append(outcome.score)
    return {name: evaluate.summary(part) for name, part in sorted(scores.items())}
