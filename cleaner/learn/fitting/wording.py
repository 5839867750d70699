"""Fits the weights of wordings: two regularised logistic regressions over hashed sequences of letters."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleaner.document import Label
from cleaner.features.wording import Wording
from cleaner.learn.data import lines
from cleaner.learn.data.corpus import FOLDS, Example, digests
from cleaner.learn.data.lines import LabelledLine
from cleaner.learn.hyperparameters import GOLD_WEIGHT, NEVER, WORDING_C, WORDING_LABELS_C
from cleaner.model.wording import BAR, BAR_IN_THE_MIDDLE, LABEL_BITS, LABELS, MIN_WEIGHT, RESIDUE_BITS, WordingWeights
from cleaner.text.arrays import Array, Floats

#: Steps of the regressions at most.
RESIDUE_STEPS: Final = 100
LABEL_STEPS: Final = 300


def fit(examples: Sequence[Example]) -> WordingWeights:
    """The weights, fitted on the labelled lines of the library and on paragraphs of the gold of pages. Prints how many
    of the lines go that were written for it, cross-validated.
    """
    known, paragraphs = list(lines.read()), lines.of_gold(examples)
    print(*measure(known, paragraphs), sep="\n")
    provenance = {"corpora": digests(examples), "lines": len(known), "paragraphs": len(paragraphs)}
    return WordingWeights(residue_weights(known, paragraphs), label_weights(known), provenance)


def residue_weights(known: Sequence[LabelledLine], paragraphs: Sequence[str]) -> Array:
    """The weight of each slot, and the intercept: ``(n_slots + 1,) float32``, log-odds of residue."""
    texts = [*(line.text for line in known), *paragraphs]
    is_residue = [*(line.label is not Label.BODY for line in known), *(False for _ in paragraphs)]
    counts = [*(1.0 for _ in known), *(GOLD_WEIGHT for _ in paragraphs)]
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


def measure(known: Sequence[LabelledLine], paragraphs: Sequence[str]) -> list[str]:
    """How many lines of each kind go between two paragraphs by their wording alone, cross-validated: each line is
    judged by weights that were fitted without it. Lines of one writer are alike, so lines of others go less often.
    """
    fold = np.arange(len(known)) % FOLDS
    against: Floats = np.zeros(len(known))
    for left_out in range(FOLDS):
        others = [line for line, of_line in zip(known, fold, strict=True) if of_line != left_out]
        weights = WordingWeights(residue_weights(others, paragraphs), np.zeros((1, len(LABELS)), np.float32))
        tested = (fold == left_out).nonzero()[0]
        against[tested] = weights.log_odds([known[at].text for at in tested.tolist()])
    goes = against >= BAR + BAR_IN_THE_MIDDLE + MIN_WEIGHT
    is_residue = np.array([line.label is not Label.BODY for line in known])
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
