"""How the names of removed blocks agree with the labels that readers gave them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cleaner.decision.labels import name_removed
from cleaner.document import Label
from cleaner.features.naming import NAMES
from cleaner.learn.naming.sample import NamingSample
from cleaner.model.naming import NamingWeights


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often names agree with readers.

    ``pairs``     how often each pair of the reader's label and the given one occurs
    ``of_pages``  for each page the share of its blocks that agree
    """

    pairs: Counter[tuple[Label, Label]]
    of_pages: Sequence[float]

    @property
    def blocks(self) -> float:
        """The share of blocks that agree."""
        return sum(n for (truth, name), n in self.pairs.items() if truth is name) / max(self.pairs.total(), 1)

    @property
    def pages(self) -> float:
        """The mean over pages of the share of blocks that agree."""
        return sum(self.of_pages) / max(len(self.of_pages), 1)

    def lines(self) -> list[str]:
        """The report: agreement, then precision and recall of each label, then the most frequent confusions."""
        agree = f"{self.blocks:.1%} agree, {self.pages:.1%} as a mean over pages"
        report = [
            f"{self.pairs.total()} blocks of {len(self.of_pages)} pages: {agree}",
            f"{'':14}{'read':>6}{'precision':>11}{'recall':>8}",
        ]
        for label in NAMES:
            read = sum(n for (truth, _), n in self.pairs.items() if truth is label)
            named = sum(n for (_, name), n in self.pairs.items() if name is label)
            right = self.pairs[label, label]
            report.append(f"{label:14}{read:6}{right / max(named, 1):11.2f}{right / max(read, 1):8.2f}")
        confused = [(n, truth, name) for (truth, name), n in self.pairs.most_common() if truth is not name]
        return report + [f"{n:5} {truth} called {name}" for n, truth, name in confused[:10]]


def agreement(samples: Iterable[NamingSample], of_folds: Sequence[NamingWeights]) -> Agreement:
    """How names agree with readers on the blocks that were read, by the weights of each page's fold."""
    pairs: Counter[tuple[Label, Label]] = Counter()
    of_pages: list[float] = []
    for sample in samples:
        rows_read = np.flatnonzero((sample.read >= 0) & sample.of_block)
        if sample.features is None or sample.decision is None or not len(rows_read):
            continue
        weights = of_folds[sample.example.fold]
        names = name_removed(sample.features.page, sample.features, sample.decision, sample.evidence, weights).labels
        of_page = [(NAMES[sample.read[row]], names[sample.rows[row]]) for row in rows_read.tolist()]
        pairs.update(of_page)
        of_pages.append(sum(truth is name for truth, name in of_page) / len(of_page))
    return Agreement(pairs, of_pages)
