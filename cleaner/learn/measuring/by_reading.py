"""How good pages come out by reading: perfect pages, residue and loss, on the pages that readers went through.

The readers judged each block about which gold, the library and another extractor disagreed
(:mod:`cleaner.learn.data.annotations`). About all other blocks of these pages gold is taken at its word. Headlines,
fact boxes, notes and what readers could not tell count neither way.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaner.document import Label
from cleaner.learn.data.conventions import GOLD_SHARE
from cleaner.learn.data.pages import Sample
from cleaner.text.arrays import Flags, Ints

#: What may stay or go.
NEUTRAL: Final = frozenset({Label.TITLE, Label.SIDEBAR, Label.NOTE})
#: A block of which a share between these is gold is half in the article: by gold alone nothing can be said.
UNCLEAR: Final = (0.2, 0.8)

BODY: Final = 1
RESIDUE: Final = 0
EITHER: Final = -1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one page: blocks of residue that stay, blocks of body that are lost, and their words."""

    corpus: str
    residue: int
    residue_words: int
    lost: int
    lost_words: int
    body_words: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of some pages. ``lost_words`` are of 10,000 body words, ``residue_words`` of a page."""

    pages: int
    perfect: float
    with_residue: float
    with_loss: float
    lost_words: float
    residue_words: float

    def row(self, name: str) -> str:
        """A line of the report."""
        return (
            f"{name:34}{self.pages:6}{self.perfect:9.1%}{self.with_residue:9.1%}{self.with_loss:9.1%}"
            f"{self.lost_words:9.0f}{self.residue_words:9.1f}"
        )


HEADER: Final = f"{'by reading':34}{'pages':>6}{'perfect':>9}{'residue':>9}{'loss':>9}{'lost/10k':>9}{'residue':>9}"


def is_read(sample: Sample) -> bool:
    """Whether readers went through the page, and did not only judge one or two of its blocks."""
    return any(reading and reading.whole_page for reading in sample.readings)


def truth(sample: Sample) -> Ints:
    """``BODY``, ``RESIDUE`` or ``EITHER`` for each block: (n_blocks,) int64."""
    low, high = UNCLEAR
    truth = np.where(sample.shares >= GOLD_SHARE, BODY, RESIDUE)
    truth[(sample.shares > low) & (sample.shares < high)] = EITHER
    for at, reading in enumerate(sample.readings):
        if reading:
            neutral = reading.label is None or reading.label in NEUTRAL
            truth[at] = EITHER if neutral else BODY if reading.label is Label.BODY else RESIDUE
    return truth


def verdict(sample: Sample, body: Flags) -> Verdict:
    """What became of a page of which the blocks in ``body`` stay, (n_blocks,) bool."""
    truths, words = truth(sample), np.array(sample.prose_map.words)
    residue, lost = body & (truths == RESIDUE), ~body & (truths == BODY)
    return Verdict(
        sample.example.corpus,
        int(residue.sum()),
        int(words[residue].sum()),
        int(lost.sum()),
        int(words[lost].sum()),
        int(words[truths == BODY].sum()),
    )


def summary(verdicts: Sequence[Verdict]) -> Summary:
    """The figures of some pages."""
    n = max(len(verdicts), 1)
    return Summary(
        len(verdicts),
        sum(not v.residue and not v.lost for v in verdicts) / n,
        sum(v.residue > 0 for v in verdicts) / n,
        sum(v.lost > 0 for v in verdicts) / n,
        1e4 * sum(v.lost_words for v in verdicts) / max(sum(v.body_words for v in verdicts), 1),
        sum(v.residue_words for v in verdicts) / n,
    )


def groups(verdicts: Iterable[Verdict]) -> Mapping[str, Summary]:
    """The figures of all pages and of each corpus."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for one in verdicts:
        found["all"].append(one)
        found[one.corpus].append(one)
    return {name: summary(part) for name, part in found.items()}
