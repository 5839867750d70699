"""Draws quality against time: word F1 and CPU ms per page, a panel for each corpus."""

from pathlib import Path
from typing import Any

from cleaner.learn.bench.extractors import EXTRACTORS
from cleaner.learn.bench.report import CorpusReport, Report


def draw(report: Report, path: Path) -> None:
    """Writes an SVG. A hollow mark is a score on pages that the weights were fitted on; the full mark below it is the
    cross-validated score.
    """
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "cleaner"  # the same figures give the same file
    mpl.rcParams["svg.fonttype"] = "none"
    n = len(report.corpora)
    figure, panels = plt.subplots(1, n, figsize=(4.5 * n, 4), squeeze=False)
    for panel, corpus in zip(panels[0], report.corpora, strict=True):
        _panel(panel, corpus)
    panels[0][0].set_ylabel("word F1")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _panel(panel: Any, corpus: CorpusReport) -> None:
    for row in corpus.rows:
        extractor = EXTRACTORS[row.extractor]
        if row.f1 is None or extractor.takes == "text" or (extractor.own and row.extractor != "clean"):
            continue
        color = "tab:red" if extractor.own else "tab:blue"
        seen = extractor.own and corpus.fitted
        panel.plot(row.mean, row.f1, "o", color=color, fillstyle="none" if seen else "full")
        name = f"{row.extractor}, fitted on these pages" if seen else row.extractor
        panel.annotate(name, (row.mean, row.f1), xytext=(5, 3), textcoords="offset points", fontsize=7)
        if row.extractor == "clean" and corpus.unseen:
            f1 = corpus.unseen[0]
            panel.plot([row.mean, row.mean], [row.f1, f1], ":", color=color)
            panel.plot(row.mean, f1, "o", color=color)
            at = (row.mean, f1)
            panel.annotate("clean, unseen sites", at, xytext=(5, -8), textcoords="offset points", fontsize=7)
    panel.set_xscale("log")
    panel.set_xlabel("CPU ms per page")
    panel.margins(x=0.4)
    panel.set_title(f"{corpus.name}, {corpus.pages} pages")
