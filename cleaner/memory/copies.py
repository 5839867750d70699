"""Which documents of a site are copies of each other: one article at several addresses is one document.

Two documents are copies where they share most of their long lines. A line counts by how rare it is on the site, so that
what stands on many pages makes none of them copies: the weighted Jaccard coefficient of the long lines is compared with
a bar. What stands on more than a quarter of the documents counts nothing.
"""

from itertools import pairwise
from typing import Final

import numpy as np

from cleaner.text.arrays import Flags, Floats, Ints

#: Weighted Jaccard coefficient of two documents' long lines from which they are copies.
COPY: Final = 0.5
#: Share of a document's long lines, by weight, that another one has, so that it is a copy or a part of it.
CONTAINED: Final = 0.8
#: Share of a site's documents above which a line tells nothing about copies; and the number up to which it always does.
COMMON_SHARE: Final = 0.25
NEVER_COMMON: Final = 16
#: A line's weight is ln((documents + SMOOTHING) / documents with the line). Without it, a line that both documents of a
#: site have would count nothing.
SMOOTHING: Final = 8.0


def line_weights(counts: Ints, n_documents: int) -> Floats:
    """The weights of lines by the number of documents that have each: (n_lines,) int64 -> (n_lines,) float64."""
    weights = np.log((n_documents + SMOOTHING) / np.maximum(counts, 1))
    return np.where(counts > max(NEVER_COMMON, COMMON_SHARE * n_documents), 0.0, weights)


def coefficient(shared: Floats, one: Floats, other: Floats | float) -> Floats:
    """The weighted Jaccard coefficient, from the weight of what two documents share and of what each has."""
    return np.asarray(shared / np.maximum(one + other - shared, 1e-12), np.float64)


def summed(keys: Ints, values: Floats, n_keys: int) -> Floats:
    """The sum of the values of each key: ``(n,), (n,) -> (n_keys,) float64``."""
    return np.bincount(keys, values, n_keys).astype(np.float64)


def find_copies(documents: Ints, lines: Ints, n_documents: int, n_lines: int) -> Ints:
    """For each document the number of its group of copies, from 0 on: ``(n_documents,) int64``.

    Each entry is a long line in a document: ``lines`` and ``documents`` are ``(n_entries,) int64`` each.
    """
    counts = np.bincount(lines, minlength=n_lines)
    weights = line_weights(counts, n_documents)
    totals = summed(documents, weights[lines], n_documents)
    useful = (counts[lines] > 1) & (weights[lines] > 0)
    firsts, seconds, shared = _shared_weights(documents[useful], lines[useful], weights, n_documents)
    are_copies = coefficient(shared, totals[firsts], totals[seconds]) >= COPY
    return _groups(firsts, seconds, are_copies, n_documents)


def _shared_weights(documents: Ints, lines: Ints, weights: Floats, n_documents: int) -> tuple[Ints, Ints, Floats]:
    """The pairs of documents that share lines, each once, and the weight of what they share."""
    order = np.lexsort((documents, lines))
    documents, lines = documents[order], lines[order]
    starts = np.flatnonzero(np.diff(lines, prepend=-1))
    pairs, of_pair = [np.zeros(0, np.int64)], [np.zeros(0)]
    for start, stop in pairwise([*starts.tolist(), len(lines)]):
        with_line = documents[start:stop]
        one, other = np.triu_indices(stop - start, 1)
        pairs.append(with_line[one] * n_documents + with_line[other])
        of_pair.append(np.full(len(one), weights[lines[start]]))
    distinct, number = np.unique(np.concatenate(pairs), return_inverse=True)
    return distinct // n_documents, distinct % n_documents, summed(number, np.concatenate(of_pair), len(distinct))


def _groups(firsts: Ints, seconds: Ints, joined: Flags, n_documents: int) -> Ints:
    """The connected parts of the graph of copies, numbered by their first documents."""
    parent = list(range(n_documents))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for one, other in zip(firsts[joined].tolist(), seconds[joined].tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    roots = np.array([root(at) for at in range(n_documents)], np.int64)
    return np.asarray(np.unique(roots, return_inverse=True)[1], np.int64).reshape(n_documents)
