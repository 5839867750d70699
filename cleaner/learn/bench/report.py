"""Statistics of a run, as tables in Markdown and as JSON."""

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from cleaner.learn.bench.extractors import BASE, EXTRACTORS
from cleaner.learn.bench.growth import Point, exponent
from cleaner.learn.bench.session import Record
from cleaner.learn.bench.stages import Stage
from cleaner.learn.measuring import evaluate
from cleaner.model import weights

#: Samples of the bootstrap.
RESAMPLES: Final = 2_000

_COLUMNS: Final = (
    "mean ms", "median ms", "p95 ms", "ratio (95 %)", "median ratio", "cold ms", "word F1", "perfect",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True, slots=True)
class Row:
    """One extractor on one corpus.

    ``mean``, ``median``, ``p95``  CPU ms per page
    ``ratio``         its mean time divided by the base's, on the same pages
    ``median_ratio``  the median of the ratios of single pages
    ``cold``          CPU ms of import and first page; None where it was not measured
    ``f1``            mean word F1, 0 to 1; None where it gives no text
    ``perfect``       share of perfect pages, 0 to 1; None where it gives no text
    ``failed``        pages on which it raised an exception
    """

    extractor: str
    mean: float
    median: float
    p95: float
    ratio: Interval
    median_ratio: float
    cold: float | None
    f1: float | None
    perfect: float | None
    failed: int


@dataclass(frozen=True, slots=True)
class StageTable:
    """The mean CPU ms of each stage of one extractor on one corpus."""

    extractor: str
    ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """The rows of one corpus.

    ``fitted``  whether the installed weights were fitted on this corpus
    ``unseen``  word F1 and share of perfect pages of ``clean()`` on the whole corpus, cross-validated by site when the
                weights were fitted; None where the weights file does not have it
    """

    name: str
    pages: int
    fitted: bool
    unseen: tuple[float, float] | None
    rows: tuple[Row, ...]
    stages: tuple[StageTable, ...]


@dataclass(frozen=True, slots=True)
class Quarter:
    """``clean()`` in a quarter of the run, on pages of all corpora: mean CPU ms per page, and ratio to the base's."""

    mean: float
    ratio: Interval


@dataclass(frozen=True, slots=True)
class Report:
    """All that the benchmark measured. ``peaks`` are the most memory of each process in MB, on the pages of all
    corpora. ``quarters`` show what is left of warming up.
    """

    versions: str
    seed: int
    corpora: tuple[CorpusReport, ...]
    peaks: Mapping[str, float]
    quarters: tuple[Quarter, ...]
    growth: tuple[Point, ...]


def summarize(
    records: Sequence[Record],
    versions: str,
    seed: int,
    cold: Mapping[str, Mapping[str, float]] | None = None,
    growth: Sequence[Point] = (),
) -> Report:
    """The report of a run. ``cold`` are CPU seconds, by corpus and extractor."""
    names = [name for name in EXTRACTORS if any(r.extractor == name for r in records)]
    corpora = []
    for corpus in sorted({record.corpus for record in records}):
        by_extractor = {
            name: sorted((r for r in records if (r.corpus, r.extractor) == (corpus, name)), key=lambda r: r.page)
            for name in names
        }
        corpora.append(_corpus(corpus, by_extractor, (cold or {}).get(corpus, {}), seed))
    peaks = {name: max(r.peak for r in records if r.extractor == name) for name in names if not EXTRACTORS[name].stages}
    return Report(
        f"Python {platform.python_version()}, {versions}",
        seed,
        tuple(corpora),
        peaks,
        _quarters(records, seed),
        tuple(growth),
    )


def _quarters(records: Sequence[Record], seed: int) -> tuple[Quarter, ...]:
    own = np.array_split(_seconds([r for r in records if r.extractor == "clean"]), 4)
    base = np.array_split(_seconds([r for r in records if r.extractor == BASE]), 4)
    return tuple(
        Quarter(1e3 * float(a.mean()), ratio_of_means(a.tolist(), b.tolist(), seed))
        for a, b in zip(own, base, strict=False)
        if len(a)
    )


def _corpus(corpus: str, records: Mapping[str, Sequence[Record]], cold: Mapping[str, float], seed: int) -> CorpusReport:
    base = _seconds(records[BASE])
    rows = [_row(of_one, base, cold.get(name), seed) for name, of_one in records.items() if not EXTRACTORS[name].stages]
    stages = [_stages(of_one) for name, of_one in records.items() if EXTRACTORS[name].stages]
    provenance = weights.load().provenance
    unseen = provenance.get("cross_validated", {}).get(corpus)
    fitted = corpus in provenance.get("corpora", {})
    return CorpusReport(corpus, len(base), fitted, tuple(unseen) if unseen else None, tuple(rows), tuple(stages))


def _row(records: Sequence[Record], base: Sequence[float], cold: float | None, seed: int) -> Row:
    seconds = _seconds(records)
    scores = [record.score for record in records if record.score]
    summary = evaluate.summary(scores) if scores else None
    return Row(
        records[0].extractor,
        1e3 * float(np.mean(seconds)),
        1e3 * float(np.median(seconds)),
        1e3 * float(np.percentile(seconds, 95)),
        ratio_of_means(seconds, base, seed),
        float(np.median(np.divide(seconds, np.maximum(base, 1e-9)))),
        None if cold is None else 1e3 * cold,
        summary.f1 if summary else None,
        summary.perfect if summary else None,
        sum(record.failed for record in records),
    )


def _stages(records: Sequence[Record]) -> StageTable:
    ms = {stage.value: 1e3 * float(np.mean([r.stages.get(stage.value, 0.0) for r in records])) for stage in Stage}
    return StageTable(records[0].extractor, ms)


def _seconds(records: Sequence[Record]) -> list[float]:
    return [record.seconds for record in records]


def ratio_of_means(own: Sequence[float], base: Sequence[float], seed: int) -> Interval:
    """The ratio of the mean times, with a percentile bootstrap of pages: both times of a page are drawn together."""
    a, b = np.asarray(own, np.float64), np.asarray(base, np.float64)
    drawn = np.random.default_rng(seed).integers(len(a), size=(RESAMPLES, len(a)))
    ratios = a[drawn].mean(axis=1) / np.maximum(b[drawn].mean(axis=1), 1e-9)
    low, high = np.percentile(ratios, [2.5, 97.5]).tolist()
    return Interval(float(a.mean() / max(b.mean(), 1e-9)), low, high)


def lines(report: Report) -> Iterator[str]:
    """The report as Markdown."""
    yield f"{report.versions}. Seed {report.seed}."
    for corpus in report.corpora:
        yield from ("", *_table([f"{corpus.name}, {corpus.pages} pages", *_COLUMNS], _cells(corpus)))
        yield from _notes(corpus)
    for takes, title in (("html", "stage of `clean()`, ms CPU per page"), ("text", "stage of `clean()` of a text, ms")):
        yield from _stage_table(report, takes, title)
    rows = [[f"`{name}`", f"{mb:.0f}"] for name, mb in report.peaks.items()]
    yield from ("", *_table(["process", "peak MB"], rows))
    if report.quarters:
        rows = [[f"{n}", f"{q.mean:.1f}", str(q.ratio)] for n, q in enumerate(report.quarters, 1)]
        yield from ("", *_table(["quarter of the run", "`clean`, mean ms", "ratio (95 %)"], rows))
    if report.growth:
        rows = [
            [f"{p.size:,}", f"{p.seconds:.3f}", f"{1e6 * p.seconds / p.size:.2f}", f"{p.peak:.0f}"]
            for p in report.growth
        ]
        yield from ("", *_table(["page, bytes", "seconds CPU", "seconds per MB", "peak MB"], rows))
        yield from ("", f"Exponent of the time by size: {exponent(report.growth):.2f}")


def to_json(report: Report, records: Sequence[Record]) -> str:
    """The report, and the records of single pages behind it."""
    pages = [
        {
            "corpus": r.corpus,
            "page": r.page,
            "extractor": r.extractor,
            "seconds": round(r.seconds, 7),
            "f1": r.score and round(r.score.f1, 4),
            "perfect": r.score and r.score.perfect,
        }
        for r in records
    ]
    return json.dumps({**asdict(report), "records": pages}, ensure_ascii=False) + "\n"


def _cells(corpus: CorpusReport) -> Iterator[list[str]]:
    for row in corpus.rows:
        seen = corpus.fitted and EXTRACTORS[row.extractor].own
        scores = ["" if row.f1 is None else f"{row.f1:.3f}", "" if row.perfect is None else _percent(row.perfect)]
        yield [
            f"`{row.extractor}`",
            *(f"{ms:.1f}" for ms in (row.mean, row.median, row.p95)),
            str(row.ratio),
            f"{row.median_ratio:.2f}",
            "" if row.cold is None else f"{row.cold:.0f}",
            *(f"({text})" if seen and text else text for text in scores),
        ]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _notes(corpus: CorpusReport) -> Iterator[str]:
    if corpus.fitted:
        yield from ("", "In brackets: the weights were fitted on these pages.")
    if corpus.unseen:
        f1, perfect = corpus.unseen
        yield f"Cross-validated by site, on the whole corpus: word F1 {f1:.3f}, perfect {_percent(perfect)}."
    if failed := [f"{row.extractor} on {row.failed}" for row in corpus.rows if row.failed]:
        yield from ("", f"Raised an exception: {', '.join(failed)}.")


def _stage_table(report: Report, takes: str, title: str) -> Iterator[str]:
    tables = {c.name: t.ms for c in report.corpora for t in c.stages if EXTRACTORS[t.extractor].takes == takes}
    if not tables:
        return
    rows = [[stage.value, *(f"{ms[stage.value]:.2f}" for ms in tables.values())] for stage in Stage]
    rows.append(["the whole", *(f"{sum(ms.values()):.2f}" for ms in tables.values())])
    yield from ("", *_table([title, *tables], [row for row in rows if any(float(cell) for cell in row[1:])]))


def _table(header: Sequence[str], rows: Iterator[list[str]] | Sequence[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{' --- |' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
