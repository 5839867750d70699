"""Fits the weights of wordings: two regularised logistic regressions over hashed sequences of letters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleaner.document import Label
from cleaner.features.wording import Wording
from cleaner.learn.data import lines
from cleaner.learn.data.corpus import Example, digests
from cleaner.learn.data.lines import LabelledLine
from cleaner.learn.hyperparameters import GOLD_WEIGHT, NEVER, PAGE_LINE_WEIGHT, WORDING_C, WORDING_LABELS_C
from cleaner.model.wording import BAR, BAR_OF_SHORT_LINE, LABEL_BITS, LABELS, MIN_WEIGHT, RESIDUE_BITS, WordingWeights
from cleaner.text.arrays import Array

#: Steps of the regressions at most.
RESIDUE_STEPS: Final = 100
LABEL_STEPS: Final = 300
#: One line in so many measures what was learned from the others.
PARTS: Final = 5


@dataclass(frozen=True, slots=True)
class Lines:
    """What the weights are fitted on: ``known``, lines of the library with their labels; ``of_pages``, lines of pages
    with the labels that the model of pages gives them; ``paragraphs`` of the gold of pages.
    """

    known: Sequence[LabelledLine]
    of_pages: Sequence[LabelledLine]
    paragraphs: Sequence[str]


def fit(examples: Sequence[Example]) -> WordingWeights:
    """The weights, fitted on the labelled lines of the library, on lines of pages, and on paragraphs of their gold.
    Prints how many of a fifth of the lines of the library go by what is learned from the others.
    """
    found = Lines(list(lines.read()), lines.of_pages(examples), lines.of_gold(examples))
    print(*measure(found), sep="\n")
    provenance = {
        "corpora": digests(examples),
        "lines": len(found.known),
        "lines of pages": len(found.of_pages),
        "paragraphs": len(found.paragraphs),
    }
    return WordingWeights(residue_weights(found), label_weights(found.known), provenance)


def residue_weights(found: Lines) -> Array:
    """The weight of each slot, and the intercept: ``(n_slots + 1,) float32``, log-odds of residue."""
    labelled = [*found.known, *found.of_pages]
    texts = [*(line.text for line in labelled), *found.paragraphs]
    is_residue = [*(line.label is not Label.BODY for line in labelled), *(False for _ in found.paragraphs)]
    numbers = [len(found.known), len(found.of_pages), len(found.paragraphs)]
    counts = np.repeat([1.0, PAGE_LINE_WEIGHT, GOLD_WEIGHT], numbers)
    model = LogisticRegression(C=WORDING_C, solver="liblinear", max_iter=RESIDUE_STEPS)
    model.fit(_table(texts, RESIDUE_BITS), is_residue, sample_weight=counts)
    return np.append(model.coef_[0], model.intercept_).astype(np.float32)


def label_weights(known: Sequence[LabelledLine]) -> Array:
    """The weight of each slot for each label, and the intercepts: ``(n_slots + 1, n_labels) float32``."""
    residue = [line for line in known if line.label in LABELS]
    numbers = [LABELS.index(line.label) for line in residue]
    model = LogisticRegression(C=WORDING_LABELS_C, max_iter=LABEL_STEPS)
    model.fit(_table([line.text for line in residue], LABEL_BITS), numbers)
    weights = np.zeros((1 << LABEL_BITS, len(LABELS)), np.float32)
    intercepts = np.full(len(LABELS), NEVER, np.float32)  # of a label that no line has
    weights[:, model.classes_], intercepts[model.classes_] = model.coef_.T, model.intercept_
    return np.vstack([weights, intercepts])


def measure(found: Lines) -> list[str]:
    """How many of a fifth of the lines of the library go by their wording alone, if the weights are fitted without
    them. All have the bar of short lines between two paragraphs. Lines of one writer are alike, so those of others go
    less often.
    """
    rest = [line for at, line in enumerate(found.known) if at % PARTS]
    weights = WordingWeights(residue_weights(replace(found, known=rest)), np.zeros((1, len(LABELS)), np.float32))
    tested = found.known[::PARTS]
    goes = weights.log_odds([line.text for line in tested]) >= BAR + BAR_OF_SHORT_LINE + MIN_WEIGHT
    is_residue = np.array([line.label is not Label.BODY for line in tested])
    return [
        f"of {np.count_nonzero(of_kind)} lines of {name} {goes[of_kind].mean():.1%} go by their wording"
        for name, of_kind in (("residue", is_residue), ("articles", ~is_residue))
    ]


def _table(texts: Sequence[str], bits: int) -> csr_matrix:
    """How often each text has a sequence of each slot, times what a sequence counts: ``(n_texts, n_slots) float64``."""
    wording = Wording.of(texts)
    values = wording.shares.take(wording.line).astype(np.float64)
    table = csr_matrix((values, (wording.line, wording.slots(bits))), (len(texts), 1 << bits))
    # Sorted, with slots of a text added up: sums of floats depend on their order.
    table.sum_duplicates()
    return table
