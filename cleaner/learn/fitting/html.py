"""Fits the weights for HTML: lexicons, page types, and the trees of both stages, cross-validated by site."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from cleaner.features.measures import root_words
from cleaner.features.page_features import PageFeatures, compute_features
from cleaner.learn import hyperparameters
from cleaner.learn.data.corpus import FOLDS
from cleaner.learn.data.pages import Sample
from cleaner.learn.fitting import lexicons, page_types
from cleaner.learn.fitting.boosting import Rows, by_page
from cleaner.learn.hyperparameters import MAX_ROOT_WORDS, SEED
from cleaner.model.weights import Weights, in_doubt, less_rule_share
from cleaner.text.arrays import Array, Flags, matrix
from cleaner.text.odds import probability


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fitted weights; and for each page its features and the log-odds of body of its blocks, ``(n_blocks,)
    float32``, both out of fold: by models that were fitted without the page's site.
    """

    weights: Weights
    log_odds: Sequence[Array]
    features: Sequence[PageFeatures]


def fit(samples: Sequence[Sample]) -> Fitted:
    """Fits everything on labelled pages, and cross-validates it by site on the way.

    The trees are fitted twice. Those of the second round learn from the labels and from what the first round says of
    the same blocks (:func:`taught_targets`).

    Each step learns from out-of-fold results of the step before. A model is surer on its own training pages than on new
    ones, so a step that learned from such results would trust them too much. There are five folds, and all pages of a
    site are in the same one. The pages of fold k get::

        columns                                    from lexicons     fitted without fold k
        type columns                               from page types   fitted without fold k
        targets                                    from both stages  fitted without fold k, in the first round
        log-odds, and columns of the second stage  from first stage  fitted without fold k
        log-odds of the blocks in doubt            from second stage fitted without fold k

    The weights are fitted on the out-of-fold columns of all pages. To measure the second stage takes a *nested*
    cross-validation: when it is measured on fold k, it must not have learned from log-odds of trees that have seen
    fold k. So the first stage is also fitted without each pair of folds. In this table, −13 are the log-odds of trees
    that were fitted without the folds 1 and 3. The second stage learns from one column of it: from that of k when it is
    measured on fold k, from the last one for the weights::

        first stage, pages of      k = 0   k = 1   k = 2   k = 3   k = 4     weights
        fold 0                     −0      −01     −02     −03     −04       −0
        fold 1                     −01     −1      −12     −13     −14       −1
        fold 2                     −02     −12     −2      −23     −24       −2
        fold 3                     −03     −13     −23     −3      −34       −3
        fold 4                     −04     −14     −24     −34     −4        −4

    The second round takes 15 fits of the first stage: 5 on the diagonal, 10 beside it.
    Lexicons, page types and the first round are not nested.
    """
    of_all_pages, of_folds = lexicons.fit(samples)
    features = [compute_features(s.page, s.prose_map, of_folds[s.example.fold]) for s in samples]
    types, fold_types = page_types.fit(samples, features)
    features = [of_page.with_page_types(row) for of_page, row in zip(features, fold_types, strict=True)]
    first = first_rows(samples, features)
    first = replace(first, targets=taught_targets(samples, first_round(samples, features, first)))
    log_odds, nested = first_stage_out_of_fold(first)
    second, _ = second_rows(samples, features, log_odds, first)
    trees = first.trees(hyperparameters.FIRST_STAGE), second.trees(hyperparameters.SECOND_STAGE)
    measured = log_odds.copy()
    for fold in range(FOLDS):
        rows, doubtful = second_rows(samples, features, nested[fold], first)
        in_fold = rows.folds == fold
        measured[np.flatnonzero(doubtful)[in_fold]] = second_stage_out_of_fold(rows, [fold])[in_fold]
    return Fitted(Weights(*trees, types, of_all_pages), by_page(measured, samples), features)


def taught_targets(samples: Sequence[Sample], log_odds: Array) -> Array:
    """The targets of the second round, ``(n_rows,) float32``: the share of the block that is gold, mixed with the
    probability of body that models of the first round give it, ``log_odds`` ``(n_rows,) float32``. They were fitted
    without the block's site. A block that a reader labelled has this label.

    Gold is wrong about half of the blocks on which a sure reader had to decide between it and a model. With such mixed
    targets a model learns less of what is wrong in one site's gold and right nowhere else. The method is the soft
    bootstrapping of Reed et al., *Training Deep Neural Networks on Noisy Labels with Bootstrapping*, 2015.
    """
    targets = np.concatenate([s.targets for s in samples])
    taught = (1 - hyperparameters.TEACHER_SHARE) * targets + hyperparameters.TEACHER_SHARE * probability(log_odds)
    read = np.array([bool(reading) for s in samples for reading in s.readings])
    return np.where(read, targets, taught).astype(np.float32)


def first_round(samples: Sequence[Sample], features: Sequence[PageFeatures], first: Rows) -> Array:
    """The log-odds of body of all blocks, ``(n_rows,) float32``, by models fitted on the labels alone, without the site
    of the page: the mean of some fits, which differ in what they draw at random.

    The second stage is not nested, so these log-odds are no measure.
    """
    fits = [_both_stages_out_of_fold(samples, features, first, seed) for seed in hyperparameters.TEACHER_SEEDS]
    mean: Array = np.mean(fits, axis=0)
    return mean


def _both_stages_out_of_fold(
    samples: Sequence[Sample], features: Sequence[PageFeatures], first: Rows, seed: int
) -> Array:
    single = [first.out_of_fold(hyperparameters.FIRST_STAGE, [fold], seed) for fold in range(FOLDS)]
    log_odds: Array = np.sum(single, axis=0)
    rows, doubtful = second_rows(samples, features, log_odds, first)
    log_odds[doubtful] = np.sum([second_stage_out_of_fold(rows, [fold], seed) for fold in range(FOLDS)], axis=0)
    return log_odds


def second_stage_out_of_fold(rows: Rows, folds: Collection[int], seed: int = SEED) -> Array:
    """The log-odds of body by the second stage, as serving has them, of the rows in some folds; 0 for other rows."""
    residue = rows.table[:, rows.names.index("rule_residue")]
    corrected = less_rule_share(rows.out_of_fold(hyperparameters.SECOND_STAGE, folds, seed), residue)
    return np.where(np.isin(rows.folds, list(folds)), corrected, np.float32(0))


def first_stage_out_of_fold(first: Rows) -> tuple[Array, list[Array]]:
    """The out-of-fold log-odds of body of the first stage, ``(n_rows,) float32``; and a nested array for each fold k,
    by trees that were fitted without fold k as well. They are the columns of the table in :func:`fit`.
    """
    single = [first.out_of_fold(hyperparameters.FIRST_STAGE, [fold]) for fold in range(FOLDS)]
    log_odds = np.sum(single, axis=0)
    nested = [part.copy() for part in single]
    for j, k in combinations(range(FOLDS), 2):
        without_both = first.out_of_fold(hyperparameters.FIRST_STAGE, [j, k])
        nested[j] += np.where(first.folds == k, without_both, 0)
        nested[k] += np.where(first.folds == j, without_both, 0)
    return log_odds, nested


def first_rows(samples: Sequence[Sample], features: Sequence[PageFeatures]) -> Rows:
    """The rows of the first stage: all blocks.

    All pages of a corpus have the same weight, whatever their size, as in the measures. Within a page a block counts by
    the square root of its words, at most ``MAX_ROOT_WORDS``, so that short residue is learned too, and by how far its
    label is to be trusted.
    """
    weights = [np.minimum(root_words(s.prose_map).astype(np.float32), MAX_ROOT_WORDS) for s in samples]
    weight = np.concatenate([w / w.sum() * s.weights for w, s in zip(weights, samples, strict=True)])
    names = sorted(features[0].first_stage)
    return Rows(
        names,
        np.concatenate([matrix(of_page.first_stage, names) for of_page in features]),
        np.concatenate([s.targets for s in samples]),
        weight / weight.mean(),
        np.repeat([s.example.fold for s in samples], [len(of_page) for of_page in weights]),
    )


def second_rows(
    samples: Sequence[Sample], features: Sequence[PageFeatures], log_odds: Array, first: Rows
) -> tuple[Rows, Flags]:
    """The rows of the second stage: the blocks on which the first is in doubt. And which of the rows of ``first`` these
    are: ``(n_rows,) bool``. ``log_odds`` ``(n_rows,) float32`` are the first stage's.
    """
    names: list[str] = []
    tables: list[Array] = []
    for sample, of_page, page_log_odds in zip(samples, features, by_page(log_odds, samples), strict=True):
        doubtful = np.flatnonzero(in_doubt(page_log_odds))
        if len(doubtful):
            columns = of_page.second_stage(page_log_odds, doubtful, [sample.evidence[at] for at in doubtful.tolist()])
            names = names or sorted(columns)
            tables.append(matrix(columns, names, doubtful))
    use = in_doubt(log_odds)
    return first.select(use, np.concatenate(tables), names), use
