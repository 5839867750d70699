"""Draws how much residue is found in texts against how much body is lost, by the threshold."""

from collections.abc import Sequence
from pathlib import Path

from cleaner.document import DEFAULT_KEEP, Label
from cleaner.learn.measuring.residue import Report

#: Labels of which readers named fewer lines are not drawn: a curve of them says nothing.
LEAST = 10


def draw(points: Sequence[tuple[float, Report]], path: Path) -> None:
    """Writes an SVG: recall against precision and harm for each threshold, and recall by label."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "cleaner"  # the same figures give the same file
    mpl.rcParams["svg.fonttype"] = "none"
    figure, (trade, labels) = plt.subplots(1, 2, figsize=(10, 4.2))
    recall = [made.corrected.recall for _, made in points]
    trade.plot(recall, [made.corrected.precision for _, made in points], "o-", label="precision")
    for threshold, made in points:
        trade.annotate(f"{threshold:g}", (made.corrected.recall, made.corrected.precision), fontsize=7)
    trade.set_xlabel("recall of residue lines")
    trade.set_ylabel("precision")
    harm = trade.twinx()
    harm.plot(recall, [made.corrected.harm for _, made in points], "s--", color="tab:red", label="harm")
    harm.set_ylabel("body words lost in 10,000", color="tab:red")
    trade.set_title("by threshold")
    thresholds = [threshold for threshold, _ in points]
    for label in Label:
        if label not in DEFAULT_KEEP["text"] and points[0][1].labels[label].read >= LEAST:
            rows = [made.labels[label] for _, made in points]
            labels.plot(thresholds, [row.found / row.read for row in rows], ".-", label=label.value)
    labels.set_xlabel("threshold")
    labels.set_ylabel("recall of lines that readers gave the label")
    if labels.lines:
        labels.legend(fontsize=7)
    labels.set_title("by label")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
