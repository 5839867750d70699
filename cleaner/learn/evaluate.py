"""Measures: pages against gold, and what is left in the text that other extractors give.

Everything here goes through the public API, so what is measured is what users get.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cleaner.api import Cleaner
from cleaner.learn import align
from cleaner.learn.metrics import Score, score
from cleaner.shingles import PRESENT, tokens

#: An output of which more than this share of the words is residue is the extractor's failure, not residue in an
#: article.
FAILURE = 0.5


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


@dataclass(slots=True)
class TextReport:
    """What clean() did to the texts of an extractor: paragraphs of residue found, and gold words taken."""

    pages: int = 0
    failures: int = 0
    residue: int = 0
    removed: int = 0
    right: int = 0
    body_words: float = 0.0
    lost_words: float = 0.0
    clean_before: int = 0
    clean_after: int = 0

    def __str__(self) -> str:
        pages = max(self.pages, 1)
        recall, precision = self.right / max(self.residue, 1), self.right / max(self.removed, 1)
        harm = 1e4 * self.lost_words / max(self.body_words, 1)
        return (
            f"{self.pages} texts ({self.failures} failures left out): recall {recall:.3f}, precision {precision:.3f}, "
            f"{harm:.1f} body words lost in 10,000, "
            f"texts without residue {self.clean_before / pages:.1%} -> {self.clean_after / pages:.1%}"
        )


def texts(rows: Iterable[tuple[str, str]], cleaner: Cleaner) -> TextReport:
    """The report over (text, gold). A paragraph is residue when under 80 % of its words are gold, by alignment."""
    report = TextReport()
    for text, gold in rows:
        document = cleaner.label(text, kind="text")
        shares = align.shares([block.text for block in document.blocks], gold)
        number = [len(tokens(block.text)) for block in document.blocks]
        residue_words = sum(n for n, share in zip(number, shares, strict=True) if share < PRESENT)
        if residue_words > FAILURE * sum(number):
            report.failures += 1
            continue
        _add(report, [b.label in document.keep for b in document.blocks], shares.tolist(), number)
    return report


def _add(report: TextReport, kept: Sequence[bool], shares: Sequence[float], number: Sequence[int]) -> None:
    residue = [share < PRESENT for share in shares]
    report.pages += 1
    report.residue += sum(residue)
    report.removed += sum(not k for k in kept)
    report.right += sum(r and not k for r, k in zip(residue, kept, strict=True))
    report.body_words += sum(n * share for n, share in zip(number, shares, strict=True))
    report.lost_words += sum(
        n * share for n, share, k in zip(number, shares, kept, strict=True) if not k and share >= PRESENT
    )
    report.clean_before += not any(residue)
    report.clean_after += not any(r and k for r, k in zip(residue, kept, strict=True))
