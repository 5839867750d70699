"""Means of the scores of pages. :mod:`cleaner.learn.measuring.residue` measures what is taken out of texts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cleaner.learn.measuring.metrics import Score, score


@dataclass(frozen=True, slots=True)
class Summary:
    """The means over some pages."""

    pages: int
    f1: float
    precision: float
    recall: float
    perfect: float
    residue_words: float
    lost: float

    def row(self, name: str) -> str:
        """A line of the report: F1, precision, recall, perfect pages, residue words a page, share of gold
        paragraphs lost.
        """
        return (
            f"{name:34}{self.pages:6}{self.f1:8.4f}{self.precision:8.3f}{self.recall:8.3f}"
            f"{self.perfect:9.1%}{self.residue_words:9.1f}{self.lost:9.2%}"
        )


HEADER = f"{'':34}{'pages':>6}{'F1':>8}{'P':>8}{'R':>8}{'perfect':>9}{'residue':>9}{'lost':>9}"


def summary(scores: Sequence[Score]) -> Summary:
    """The means over some pages' scores; the share of lost paragraphs is over all paragraphs."""
    n = max(len(scores), 1)
    return Summary(
        len(scores),
        sum(s.f1 for s in scores) / n,
        sum(s.precision for s in scores) / n,
        sum(s.recall for s in scores) / n,
        sum(s.perfect for s in scores) / n,
        sum(s.residue_words for s in scores) / n,
        sum(s.lost for s in scores) / max(sum(s.paragraphs for s in scores), 1),
    )


def pages(rows: Iterable[tuple[str, str, str]], extract: Callable[[str], str]) -> Mapping[str, Summary]:
    """A summary for each group of (group, html, gold)."""
    groups: dict[str, list[Score]] = {}
    for group, html, gold in rows:
        groups.setdefault(group, []).append(score(extract(html), gold))
    return {group: summary(scores) for group, scores in groups.items()}
