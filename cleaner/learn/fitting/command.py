"""``cleaner-learn fit``: fits the weights of pages and of texts, prints their reports, and writes them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from cleaner.learn import fingerprint
from cleaner.learn.data import corpus, pages, texts
from cleaner.learn.data.corpus import DEFAULT_TYPE, Example
from cleaner.learn.fitting import html, rule_counts, text
from cleaner.learn.measuring import by_reading, crossval, report

#: The extractor on whose texts rules are counted as well: what it leaves is what nothing but words tells.
RULE_LINES_OF: Final = ("trafilatura",)


def fit_pages(examples: Sequence[Example], output: Path | None) -> None:
    """Fit the weights of pages, print their report, and write ``html.npz`` into the folder ``output``.

    None: nothing is written, and the report has the pages whose site has pages in other folds apart.
    """
    samples = pages.build(examples)
    fitted = html.fit(samples)
    outcomes = [
        *crossval.outcomes(samples, fitted.features, fitted.log_odds),
        *crossval.without_text(examples, samples),
    ]
    report.print_pages(outcomes, sites_apart=output is None)
    if output is None:
        return
    lines = texts.build([example for example in examples if example.type == DEFAULT_TYPE], RULE_LINES_OF)
    counts = rule_counts.count(samples, fitted.features, fitted.log_odds, lines)
    read = by_reading.groups(outcome.verdict for outcome in outcomes if outcome.verdict)
    provenance = {
        **_provenance(examples),
        "pages": len(samples),
        "cross_validated": {
            name: [round(summary.f1, 4), round(summary.perfect, 4)]
            for name, summary in crossval.groups(outcomes).items()
        },
        "perfect_by_reading": {name: round(summary.perfect, 4) for name, summary in read.items()},
    }
    weights = replace(fitted.weights, rule_precision=counts, provenance=provenance)
    fingerprint.write(output / "html.npz", weights)


def fit_texts(examples: Sequence[Example], output: Path | None, plot: Path | None) -> None:
    """Fit the weights of texts, print their report, and write ``text.npz`` into the folder ``output``, unless it is
    None. ``plot`` is an SVG file to be written.
    """
    samples = texts.build(examples)
    fitted = text.fit(samples)
    report.print_texts(samples, fitted.log_odds, plot)
    if output is not None:
        provenance = {**_provenance(examples), "texts": len(samples)}
        fingerprint.write(output / "text.npz", replace(fitted.weights, provenance=provenance))


def _provenance(examples: Sequence[Example]) -> dict[str, Any]:
    """What the weights were fitted on: digests of the corpora, and the number of sites."""
    return {"sites": len({e.site for e in examples}), "corpora": corpus.digests(examples)}
