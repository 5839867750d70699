"""Fits the weights of wordings: two regularised logistic regressions over hashed sequences of letters."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleaner.document import Label
from cleaner.features.wording import Wording
from cleaner.learn.data.lines import LabelledLine
from cleaner.learn.hyperparameters import GOLD_WEIGHT, WORDING_C, WORDING_LABELS_C
from cleaner.model.wording import LABEL_BITS, LABELS, RESIDUE_BITS, WordingWeights
from cleaner.text.arrays import Array


def fit(lines: Sequence[LabelledLine], paragraphs: Sequence[str]) -> WordingWeights:
    """The weights, fitted on labelled lines and on paragraphs of articles."""
    return WordingWeights(_residue(lines, paragraphs), _labels(lines))


def _residue(lines: Sequence[LabelledLine], paragraphs: Sequence[str]) -> Array:
    """The weight of each slot, and the intercept: ``(n_slots + 1,) float32``, log-odds of residue."""
    texts = [*(line.text for line in lines), *paragraphs]
    is_residue = [*(line.label is not Label.BODY for line in lines), *(False for _ in paragraphs)]
    weight = [*(1.0 for _ in lines), *(GOLD_WEIGHT for _ in paragraphs)]
    model = LogisticRegression(C=WORDING_C, solver="liblinear", max_iter=100)
    model.fit(_table(texts, RESIDUE_BITS), is_residue, sample_weight=weight)
    return np.append(model.coef_[0], model.intercept_).astype(np.float32)


def _labels(lines: Sequence[LabelledLine]) -> Array:
    """The weight of each slot for each label, and the intercepts: ``(n_slots + 1, n_labels) float32``."""
    residue = [line for line in lines if line.label in LABELS]
    numbers = [LABELS.index(line.label) for line in residue]
    model = LogisticRegression(C=WORDING_LABELS_C, max_iter=100)
    model.fit(_table([line.text for line in residue], LABEL_BITS), numbers)
    return np.vstack([model.coef_.T, model.intercept_]).astype(np.float32)


def _table(texts: Sequence[str], bits: int) -> csr_matrix:
    """How often each text has a sequence of each slot, times what a sequence counts: ``(n_texts, n_slots) float64``."""
    wording = Wording.of(texts)
    values = wording.shares.take(wording.line).astype(np.float64)
    table = csr_matrix((values, (wording.line, wording.slots(bits))), (len(texts), 1 << bits))
    table.sum_duplicates()
    return table
