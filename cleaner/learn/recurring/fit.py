"""Lines that recur on a site → training rows → the weights of their evidence.

A document is asked about with memories of two, of four and of all other documents of its site, so that the weights
hold where little is known and where more is. Only lines that the model keeps are rows: about the others there is
nothing to decide.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from cleaner.learn.data import conventions
from cleaner.learn.data.corpus import FOLDS
from cleaner.learn.recurring.documents import ALL, SiteDocument, by_site, index_of, is_residue, others
from cleaner.memory import features
from cleaner.memory.index import Recurrence
from cleaner.model.weights import PRIOR
from cleaner.text.arrays import Floats

#: Numbers of other documents that a memory is made of.
SIZES: Final = (2, 4, ALL)
#: The corpora have no site with more than thirty documents. Larger sites have many authors and sections, each with
#: lines of its own. So each row is taken three times, as if so many more documents without the line were known.
DILUTED: Final = (0, 20, 200)
#: Weight of the squared coefficients.
RIDGE: Final = 0.1
#: Steps of Newton's method, at most.
STEPS: Final = 100


class Row(NamedTuple):
    """A line that recurs and that the model keeps: its columns, whether it is residue, the model's log-odds of residue,
    the fold of its site, and what it counts.
    """

    columns: Floats
    residue: bool
    offset: float
    fold: int
    weight: float


def rows(documents: Iterable[SiteDocument]) -> list[Row]:
    """The rows of documents, with memories of several sizes."""
    sites = by_site(documents).values()
    return [row for of_site in sites for at in range(len(of_site)) for row in _rows_of_document(of_site, at)]


def _rows_of_document(of_site: Sequence[SiteDocument], at: int) -> Iterator[Row]:
    """The rows of a document of a site. All rows of a line together count as one."""
    sizes = [size for size in SIZES if size == ALL or size < len(of_site) - 1]
    weight = 1 / (len(sizes) * len(DILUTED))
    for size in sizes:
        recurrences = index_of(others(of_site, at, size)).recurrences_of(of_site[at].lines)
        for more in DILUTED:
            yield from _rows(of_site[at], [_diluted(recurrence, more) for recurrence in recurrences], weight)


def _diluted(recurrence: Recurrence, more: int) -> Recurrence:
    if more and recurrence.part:  # lines that are alike by chance stand on a small share of the documents
        recurrence = recurrence._replace(part=None)
    return recurrence._replace(known=recurrence.known + more) if recurrence.documents else recurrence


def _rows(document: SiteDocument, recurrences: Sequence[Recurrence], weight: float) -> list[Row]:
    """The rows of a document. A line counts once a site, however many documents have it."""
    blocks = document.lines.blocks
    columns = features.columns(document.page, document.prose_map, blocks, recurrences, document.log_odds)
    of_corpus = weight * conventions.of(document.example.corpus).weight
    found = []
    for line in np.flatnonzero(columns.asked).tolist():
        at = blocks[line]
        residue = is_residue(document, at)
        if not document.kept[at] or residue is None:
            continue
        offset = -min(float(document.log_odds[at]), PRIOR)
        own = of_corpus * float(document.trust[at]) / (columns.found[line].documents + 1)
        found.append(Row(columns.values[line], residue, offset, document.example.fold, own))
    return found


def fit(found: Sequence[Row]) -> Floats:
    """The coefficients of rows: a logistic regression with the model's log-odds as offset, a penalty on the squares of
    the coefficients, and the signs that :data:`cleaner.memory.features.NAMES` asks for. Fitted by Newton's method over
    the coefficients that are not held at zero (an active set): (n_columns,) float64.
    """
    values = np.array([row.columns for row in found]).reshape(-1, len(features.NAMES))
    residue = np.array([row.residue for row in found], np.float64)
    offset, weight = np.array([row.offset for row in found]), np.array([row.weight for row in found])
    signs = np.array(list(features.NAMES.values()))
    free = np.ones(len(signs), bool)
    while True:
        coefficients = _newton(values[:, free], residue, offset, weight)
        whole = np.zeros(len(signs))
        whole[free] = coefficients
        wrong = free & (whole * signs < 0)
        if not wrong.any():
            return whole
        free[np.flatnonzero(wrong)[np.argmax(np.abs(whole[wrong]))]] = False


def _newton(values: Floats, residue: Floats, offset: Floats, weight: Floats) -> Floats:
    coefficients = np.zeros(values.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-(offset + values @ coefficients)))
        slope = values.T @ (weight * (residue - p)) - RIDGE * coefficients
        curvature = (values * (weight * p * (1 - p))[:, None]).T @ values + RIDGE * np.eye(len(coefficients))
        step = np.linalg.solve(curvature, slope)
        coefficients += step
        if np.abs(step).max() < 1e-9:
            break
    return coefficients


def out_of_fold(found: Sequence[Row]) -> list[Floats]:
    """For each fold the coefficients of the rows of the others."""
    return [fit([row for row in found if row.fold != fold]) for fold in range(FOLDS)]
