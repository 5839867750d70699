"""``cleaner-learn memory``: fits the weights of recurring lines, and measures what memories are worth."""

from collections.abc import Iterator, Sequence

from cleaner import pipeline
from cleaner.learn.data import corpus, pages, texts
from cleaner.learn.data.corpus import Example
from cleaner.learn.measuring import residue
from cleaner.learn.recurring import bench, documents, simulation
from cleaner.learn.recurring import fit as recurring_fit
from cleaner.learn.recurring.bench import Scored
from cleaner.memory.weights import RecurrenceWeights
from cleaner.model.scoring import Scores

#: The extractor whose texts are used: with those of several, the same page would count as several documents.
UPSTREAM = ("trafilatura",)


def scored_texts(examples: Sequence[Example]) -> Iterator[Scored]:
    """The texts that the extractor makes of articles, without its failures."""
    samples = [sample for sample in texts.build(examples, UPSTREAM) if not sample.failed]
    for sample, log_odds in zip(samples, residue.installed(samples), strict=True):
        scores = Scores(log_odds, sample.columns, None, sample.evidence)
        decision = pipeline.decide_scored(sample.prepared, scores, pages.POLICY).decision
        yield documents.of_text(sample, scores, decision), sample.prepared, scores


def scored_pages(examples: Sequence[Example]) -> Iterator[Scored]:
    """The pages as they are."""
    for sample in pages.build(examples):
        prepared = sample.prepared
        scores = pipeline.score(prepared)
        body = pipeline.decide_scored(prepared, scores, pages.POLICY).decision.body
        yield documents.of_page(sample, scores.log_odds, body), prepared, scores


def fit(examples: Sequence[Example]) -> RecurrenceWeights:
    """The weights of recurring lines. Prints what they are worth, cross-validated by site, and a simulation."""
    articles = documents.with_others(examples)
    of_texts, of_pages = list(scored_texts(articles)), list(scored_pages(articles))
    # One after the other: the text of a page is no other document of its site.
    rows = [row for scored in (of_texts, of_pages) for row in recurring_fit.rows(document for document, _, _ in scored)]
    folds = [RecurrenceWeights(coefficients) for coefficients in recurring_fit.out_of_fold(rows)]
    for name, scored in (("Texts", of_texts), ("Pages", of_pages)):
        print(f"\n{name}, by number of other documents of the site that are known:\n")
        print(*bench.measure(scored, folds.__getitem__).lines(), sep="\n")
    churns = simulation.churn(document for document, _, _ in of_texts)
    print("\nSimulated sites, texts. How residue recurs:\n")
    print(*churns.describe(), sep="\n")
    print()
    print(bench.HEADER)
    for size, counts in simulation.simulate(of_texts, churns, folds.__getitem__).items():
        print(counts.row(str(size)))
    provenance = {
        "corpora": corpus.digests(examples),
        "texts": len(of_texts),
        "pages": len(of_pages),
        "rows": len(rows),
    }
    return RecurrenceWeights(recurring_fit.fit(rows), provenance)


def measure(examples: Sequence[Example], learned: RecurrenceWeights) -> None:
    """Print what memories are worth with the installed weights: for corpora that these were not fitted on."""
    articles = documents.with_others(examples)
    for name, scored in (("Texts", scored_texts(articles)), ("Pages", scored_pages(articles))):
        print(f"\n{name}, by number of other documents of the site that are known:\n")
        print(*bench.measure(list(scored), lambda _: learned).lines(), sep="\n")
