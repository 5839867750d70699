"""Fits the page types: a regression from the profile of a page to what kind of page it is."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from cleaner.features.page_features import PageFeatures
from cleaner.features.profile import PAGE_TYPES
from cleaner.learn.corpus import FOLDS
from cleaner.learn.dataset import Sample
from cleaner.model.weights import PageTypes
from cleaner.text.arrays import Floats, Ints

#: Inverse strength of the L2 penalty, chosen by the log-loss on unseen sites.
C = 0.05


def fit(samples: Sequence[Sample], features: Sequence[PageFeatures]) -> tuple[PageTypes, Floats]:
    """The regression learned from all pages; and for each page what one says that has not seen its site."""
    rows = np.stack([features.profile for features in features])
    types = np.array([PAGE_TYPES.index(s.example.type) for s in samples])
    folds = np.array([s.example.fold for s in samples])
    out = np.zeros((len(rows), len(PAGE_TYPES)))
    for fold in range(FOLDS):
        part = _fit(rows[folds != fold], types[folds != fold])
        here = np.flatnonzero(folds == fold)
        out[here] = [part.probabilities(rows[at]) for at in here]
    return _fit(rows, types), out


def _fit(rows: Floats, types: Ints) -> PageTypes:
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    model = LogisticRegression(C=C, max_iter=1000).fit((rows - mean) / spread, types)
    weights = np.zeros((len(PAGE_TYPES), rows.shape[1] + 1))
    weights[:, -1] = -50.0  # a type that no training page has
    weights[model.classes_, :-1] = model.coef_ / spread
    weights[model.classes_, -1] = model.intercept_ - (model.coef_ / spread) @ mean
    return PageTypes(weights)
