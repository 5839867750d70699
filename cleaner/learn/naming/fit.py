"""Fits the regression that names removed blocks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from math import sqrt
from typing import Final, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from cleaner.decision.labels import with_reasons
from cleaner.document import Label
from cleaner.features.naming import KINDS, NAMES, NUMBER_OF, LabelLexicons, naming_columns, removed_blocks
from cleaner.learn.data import corpus
from cleaner.learn.data.corpus import FOLDS, Example
from cleaner.learn.data.pages import WORKERS
from cleaner.learn.naming.agreement import agreement
from cleaner.learn.naming.lexicons import lexicons
from cleaner.learn.naming.rules import Reliability, indecisive_concepts, reliability, telling_concepts
from cleaner.learn.naming.sample import SHORT_LINK, NamingSample, sample
from cleaner.model.naming import MAX_DEVIATIONS, NamingWeights
from cleaner.text.arrays import Array, Floats, Ints

#: Inverse of the strength of the L2 penalty of the regression, and its steps at most. From .01 to .04 agreement differs
#: by less than .01.
PENALTY: Final = 0.02
STEPS: Final = 300
#: What the short links of menus count beside blocks that were read, and how many of them a page has at most.
MENU_WEIGHT: Final = 0.1
MENU_LINKS: Final = 4
#: The intercept of a label that no reader gave.
UNSEEN: Final = -20.0


def fit(examples: Sequence[Example]) -> NamingWeights:
    """The weights of names. Prints how they agree with readers, cross-validated by site."""
    with ProcessPoolExecutor(WORKERS) as pool:
        samples = [found for found in pool.map(sample, examples, chunksize=16) if found]
    known_by = reliability(samples)
    by_fold = [lexicons([s for s in samples if s.example.fold != fold], known_by) for fold in range(FOLDS)]
    train = rows(samples, by_fold)
    of_folds = [
        regression(Rows(*(part[train.folds != fold] for part in train)), by_fold[fold], known_by)
        for fold in range(FOLDS)
    ]
    measured = agreement(samples, of_folds)
    print(*measured.lines(), sep="\n")
    telling = [f"{name} ({origin})" for name, origin in telling_concepts(known_by)]
    print(f"words that do not decide: {', '.join(sorted(indecisive_concepts(known_by)))}")
    print(f"elements and headings that decide: {', '.join(sorted(telling))}")
    provenance = {
        "corpora": corpus.digests(examples),
        "pages": sum(found.features is not None for found in samples),
        "rows": len(train.labels),
        "agreement": [round(measured.blocks, 4), round(measured.pages, 4)],
    }
    return replace(regression(train, lexicons(samples, known_by), known_by), provenance=provenance)


class Rows(NamedTuple):
    """Training rows.

    ``columns``  (n_rows, n_columns) float32
    ``labels``   (n_rows,) int64, numbers in ``NAMES``
    ``weights``  (n_rows,) float64
    ``folds``    (n_rows,) int64, the fold of each row's page
    """

    columns: Array
    labels: Ints
    weights: Floats
    folds: Ints


class _Row(NamedTuple):
    columns: Array
    label: int
    weight: float
    fold: int


def rows(samples: Sequence[NamingSample], by_fold: Sequence[LabelLexicons]) -> Rows:
    """The rows of the pages that were read; the lexicons of each fold have not seen its pages."""
    found = [row for sample in samples for row in _rows_of_page(sample, by_fold[sample.example.fold])]
    columns, labels, weights, folds = zip(*found, strict=True)
    return Rows(np.array(columns), np.array(labels), np.array(weights), np.array(folds))


def _rows_of_page(sample: NamingSample, of_fold: LabelLexicons) -> Iterator[_Row]:
    """The rows of a page: the blocks that were read, and some short links of its menus, without what rules say."""
    if sample.features is None:
        return
    table, fold = _columns(sample, of_fold), sample.example.fold
    counts = Counter(sample.read.tolist())
    menus = [row for row, known in enumerate(sample.known) if known and known.key == SHORT_LINK]
    spread = menus[:: max(len(menus) // MENU_LINKS, 1)][:MENU_LINKS]
    for row, label in enumerate(sample.read.tolist()):
        if label >= 0:
            yield _Row(table[row], label, 1 / sqrt(counts[label]), fold)
        elif row in spread:
            without_rules = table[row].copy()
            without_rules[: len(KINDS) * len(NAMES)] = 0
            yield _Row(without_rules, NUMBER_OF[Label.NAVIGATION], MENU_WEIGHT / sqrt(len(spread)), fold)


def _columns(sample: NamingSample, of_fold: LabelLexicons) -> Array:
    """The columns of the rows of a page that was read: (n_rows, n_columns) float32."""
    features, decision = sample.features, sample.decision
    if features is None or decision is None:
        raise ValueError("nobody read the page")
    removed = removed_blocks(features, decision.body)
    evidence = with_reasons(features.page, features, decision, sample.evidence)
    table = naming_columns(features, removed, evidence, of_fold)
    return table[np.searchsorted(removed.rows, sample.rows)]


def regression(train: Rows, of_pages: LabelLexicons, known_by: Reliability) -> NamingWeights:
    """The regression fitted to these rows: scikit-learn's, multinomial, with an L2 penalty."""
    mean = train.columns.mean(axis=0)
    scale = train.columns.std(axis=0) + np.float32(1e-3)
    deviations = ((train.columns - mean) / scale).clip(-MAX_DEVIATIONS, MAX_DEVIATIONS)
    fitted = LogisticRegression(C=PENALTY, max_iter=STEPS, tol=1e-3).fit(
        deviations, train.labels, sample_weight=train.weights
    )
    coefficients = np.zeros((deviations.shape[1] + 1, len(NAMES)), np.float32)
    coefficients[-1] = UNSEEN
    coefficients[:-1, fitted.classes_] = fitted.coef_.T
    coefficients[-1, fitted.classes_] = fitted.intercept_
    deciding = indecisive_concepts(known_by), telling_concepts(known_by)
    return NamingWeights(of_pages, mean, scale, coefficients, *deciding)
