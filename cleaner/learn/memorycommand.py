"""``cleaner-learn memory``: fits the weights of recurring lines, and measures what memories are worth."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cleaner import pipeline
from cleaner.learn import corpus, dataset, memorybench, memorysimulation, recurring, residue, texts
from cleaner.learn.corpus import DEFAULT_TYPE, FOLDS, Example
from cleaner.learn.memorybench import Scored
from cleaner.memory.weights import RecurrenceWeights
from cleaner.model.scoring import Scores

#: The extractor whose texts are used: with those of several, the same page would count as several documents.
UPSTREAM = ("trafilatura",)


def scored_texts(examples: Sequence[Example]) -> Iterator[Scored]:
    """The texts that the extractor makes of articles, without its failures."""
    samples = [sample for sample in texts.build(examples, UPSTREAM) if not sample.failed]
    for sample, log_odds in zip(samples, residue.installed(samples), strict=True):
        scores = Scores(log_odds, sample.columns, None, sample.evidence)
        decision = pipeline.decide_scored(sample.prepared, scores, dataset.POLICY).decision
        yield recurring.of_text(sample, scores, decision), sample.prepared, scores


def scored_pages(examples: Sequence[Example]) -> Iterator[Scored]:
    """The pages that are articles."""
    for sample in dataset.build([example for example in examples if example.type == DEFAULT_TYPE]):
        prepared = sample.prepared
        scores = pipeline.score(prepared)
        body = pipeline.decide_scored(prepared, scores, dataset.POLICY).decision.body
        yield recurring.of_page(sample, scores.log_odds, body), prepared, scores


def fit(examples: Sequence[Example], print_line: Callable[[str], Any] = print) -> RecurrenceWeights:
    """The weights of recurring lines. Prints what they are worth, cross-validated by site, and a simulation."""
    of_texts, of_pages = list(scored_texts(examples)), list(scored_pages(examples))
    rows = recurring.rows(document for document, _, _ in [*of_texts, *of_pages])
    folds = [RecurrenceWeights(coefficients) for coefficients in recurring.out_of_fold(rows, FOLDS)]
    for name, scored in (("Texts", of_texts), ("Pages", of_pages)):
        print_line(f"\n{name}, by number of other documents of the site that are known:\n")
        for line in memorybench.measure(scored, folds.__getitem__).lines():
            print_line(line)
    churns = memorysimulation.churn(document for document, _, _ in of_texts)
    print_line(f"\nSimulated sites, texts. Lines of residue by length: {'; '.join(map(str, churns))}\n")
    print_line(memorybench.HEADER)
    for size, counts in memorysimulation.simulate(of_texts, churns, folds.__getitem__).items():
        print_line(counts.row(str(size)))
    provenance = {
        "corpora": corpus.digests(examples),
        "texts": len(of_texts),
        "pages": len(of_pages),
        "rows": len(rows),
    }
    return RecurrenceWeights(recurring.fit(rows), provenance)


def measure(examples: Sequence[Example], learned: RecurrenceWeights, print_line: Callable[[str], Any] = print) -> None:
    """Print what memories are worth with the installed weights: for corpora that these were not fitted on."""
    for name, scored in (("Texts", scored_texts(examples)), ("Pages", scored_pages(examples))):
        print_line(f"\n{name}, by number of other documents of the site that are known:\n")
        for line in memorybench.measure(list(scored), lambda _: learned).lines():
            print_line(line)
