"""The reports of measures: tables on standard output."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cleaner.learn.data.texts import TextSample
from cleaner.learn.measuring import by_reading, crossval, evaluate, residue
from cleaner.learn.measuring.crossval import PageOutcome
from cleaner.text.arrays import Array


def print_pages(outcomes: Sequence[PageOutcome], *, sites_apart: bool = False) -> None:
    """Scores by corpus, calibration of the confidence, page types, and the figures by reading.

    ``sites_apart``: also the scores of pages whose site is in other folds, and of the others.
    """
    print(evaluate.HEADER)
    for name, summary in {**crossval.groups(outcomes), **(crossval.seen(outcomes) if sites_apart else {})}.items():
        print(summary.row(name))
    print("\nconfidence, word F1, pages:")
    for confidence, f1, number in crossval.calibration(outcomes):
        print(f"{confidence:8.3f}{f1:8.3f}{number:8}")
    print(f"page types predicted correctly: {crossval.types_right(outcomes):.1%}")
    print_by_reading(by_reading.groups(outcome.verdict for outcome in outcomes if outcome.verdict))


def print_by_reading(groups: Mapping[str, by_reading.Summary]) -> None:
    """The figures by reading; nothing where no page was read."""
    if groups:
        print(f"\n{by_reading.HEADER}")
        for name, summary in groups.items():
            print(summary.row(name))


def print_texts(samples: Sequence[TextSample], log_odds: Sequence[Array], plot: Path | None) -> None:
    """What is taken out of texts, by extractor, language, label and threshold; ``plot`` is an SVG file to be written.

    ``log_odds`` (n_lines,) float32 of each text.
    """
    print(*residue.lines(residue.outcomes(samples, log_odds)), sep="\n")
    chosen = [at for at, s in enumerate(samples) if residue.is_news(s) and s.upstream == "trafilatura"]
    points = residue.curve([samples[at] for at in chosen], [log_odds[at] for at in chosen])
    print("\nNews, trafilatura, by threshold:\n")
    print(residue.HEADER.replace("texts of", "threshold", 1))
    for threshold, measured in points:
        print(measured.corrected.row(f"{threshold}"))
    if plot:
        from cleaner.learn.measuring import residue_plot  # matplotlib

        residue_plot.draw(points, plot)
