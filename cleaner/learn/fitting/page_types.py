"""Fits the page types: a multinomial logistic regression from the profile of a page to its type."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from cleaner.features.page_features import PageFeatures
from cleaner.features.profile import PAGE_TYPES
from cleaner.learn.data import conventions
from cleaner.learn.data.corpus import FOLDS
from cleaner.learn.data.pages import Sample
from cleaner.learn.hyperparameters import NEVER, PAGE_TYPES_C
from cleaner.model.weights import PageTypes
from cleaner.text.arrays import Floats, Ints


def fit(samples: Sequence[Sample], features: Sequence[PageFeatures]) -> tuple[PageTypes, Floats]:
    """The regression fitted on all pages; and for each page the probability of each type out of fold, by a regression
    that was fitted without the page's site: ``(n_pages, n_types) float64``.

    Pages of corpora of articles count little (:mod:`cleaner.learn.data.conventions`). With equal weights 43 % of the
    listings of the web at large were taken for articles (a probability of .3) and 16 % of the products; with these 29
    and 9 %.
    """
    profiles = np.stack([page_features.profile for page_features in features])
    types = np.array([PAGE_TYPES.index(s.example.type) for s in samples])
    weights = np.array([conventions.of(s.example.corpus).types for s in samples])
    folds = np.array([s.example.fold for s in samples])
    out_of_fold = np.zeros((len(profiles), len(PAGE_TYPES)))
    for fold in range(FOLDS):
        others = folds != fold
        fitted = _fit(profiles[others], types[others], weights[others])
        pages = np.flatnonzero(folds == fold)
        out_of_fold[pages] = [fitted.probabilities(profiles[at]) for at in pages]
    return _fit(profiles, types, weights), out_of_fold


def _fit(profiles: Floats, types: Ints, page_weights: Floats) -> PageTypes:
    """``profiles``: ``(n_pages, n_profile) float64``; ``types``: ``(n_pages,) int64``, indices into ``PAGE_TYPES``;
    ``page_weights``: ``(n_pages,) float64``.

    Profiles are standardised for the fit; mean and standard deviation are then folded into the coefficients.
    """
    weights = np.zeros((len(PAGE_TYPES), profiles.shape[1] + 1))
    weights[:, -1] = NEVER
    if len(seen := np.unique(types)) == 1:  # nothing to tell apart
        weights[seen, -1] = 0
        return PageTypes(weights)
    mean, deviation = profiles.mean(axis=0), profiles.std(axis=0) + 1e-6
    model = LogisticRegression(C=PAGE_TYPES_C, max_iter=1000)
    model.fit((profiles - mean) / deviation, types, sample_weight=page_weights)
    weights[model.classes_, :-1] = model.coef_ / deviation
    weights[model.classes_, -1] = model.intercept_ - (model.coef_ / deviation) @ mean
    return PageTypes(weights)
