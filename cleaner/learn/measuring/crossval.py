"""What cross-validated models make of each page: the figures of ``docs/model-card.md``."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cleaner import pipeline
from cleaner.features.page_features import PageFeatures
from cleaner.learn.data.corpus import Example
from cleaner.learn.data.pages import POLICY, Sample
from cleaner.learn.measuring import by_reading, evaluate, metrics
from cleaner.learn.measuring.by_reading import Verdict
from cleaner.learn.measuring.metrics import Score
from cleaner.model.scoring import Scores, is_fragment, log_odds_by_rules
from cleaner.text.arrays import Array


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """One page: its score, the confidence, the page type that the model found, and the verdict by reading, None for a
    page that nobody went through.
    """

    example: Example
    score: Score
    confidence: float
    page_type: str
    lang: str = ""
    verdict: Verdict | None = None


def outcomes(
    samples: Sequence[Sample], features: Sequence[PageFeatures], log_odds: Sequence[Array]
) -> list[PageOutcome]:
    """The outcome of each page by the run-time's own decision."""
    return [_outcome(*page) for page in zip(samples, features, log_odds, strict=True)]


def _outcome(sample: Sample, features: PageFeatures, log_odds: Array) -> PageOutcome:
    if is_fragment(sample.page, sample.prose_map):
        log_odds = log_odds_by_rules(sample.evidence)
    decided = pipeline.decide_scored(sample.prepared, Scores(log_odds, features.first_stage, features), POLICY)
    score = metrics.score(pipeline.text_of(decided, POLICY), sample.example.gold)
    verdict = by_reading.verdict(sample, decided.decision.body) if by_reading.is_read(sample) else None
    confidence, page_type = decided.decision.confidence, decided.scores.page_type
    return PageOutcome(sample.example, score, confidence, page_type, sample.lang, verdict)


def without_text(examples: Iterable[Example], samples: Sequence[Sample]) -> list[PageOutcome]:
    """The outcome of pages that have no block of their own. Their data (JSON-LD) are not read here."""
    known = {(s.example.corpus, s.example.id) for s in samples}
    left = [e for e in examples if (e.corpus, e.id) not in known]
    return [PageOutcome(e, metrics.score("", e.gold), 0.0, "") for e in left]


def groups(found: Sequence[PageOutcome]) -> Mapping[str, evaluate.Summary]:
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


def _corpora(found: Iterable[PageOutcome]) -> set[str]:
    return {outcome.example.corpus for outcome in found}


def calibration(found: Sequence[PageOutcome], parts: int = 10) -> list[tuple[float, float, int]]:
    """Mean confidence, mean word F1 and number of pages, for parts of equal size, sorted by confidence."""
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


def types_right(found: Sequence[PageOutcome]) -> float:
    """The share of pages whose type was found."""
    return sum(o.page_type == o.example.type for o in found) / max(len(found), 1)


def seen(found: Sequence[PageOutcome]) -> Mapping[str, evaluate.Summary]:
    """Summaries by corpus of those pages whose site has pages in other folds, and of the others."""
    folds: dict[str, set[int]] = defaultdict(set)
    for outcome in found:
        folds[outcome.example.site].add(outcome.example.fold)
    scores: dict[str, list[Score]] = defaultdict(list)
    for outcome in found:
        known = "site seen" if len(folds[outcome.example.site]) > 1 else "site unseen"
        scores[f"{outcome.example.corpus} {known}"].append(outcome.score)
    return {name: evaluate.summary(part) for name, part in sorted(scores.items())}
