"""Fits the linear scorers: log-odds of class and id tokens, and of words, regularised and pruned."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleaner.features import names
from cleaner.features.tokens import Tokens
from cleaner.learn.corpus import FOLDS
from cleaner.learn.dataset import Sample
from cleaner.model import Weights

#: A token that fewer sites use is that site's own, and says nothing about the next one.
MIN_SITES = 4
#: Weights below this are left out: they move no decision and fill the file.
MIN_WEIGHT = 0.1
#: Longest token, in characters.
MAX_TOKEN = 40
#: Inverse strength of the L2 penalty, chosen by the log-loss on unseen sites.
NODE_C = 0.05
TEXT_C = 0.3

Featurize = Callable[[Sample], Iterator[Iterable[str]]]


@dataclass(frozen=True, slots=True)
class _Table:
    """The tokens of all blocks: a row a block, a column a token; and which blocks are body."""

    vocabulary: list[str]
    rows: csr_matrix
    body: NDArray[np.bool_]
    weight: NDArray[np.float64]
    folds: NDArray[np.int64]

    def fit(self, c: float, without: int | None) -> dict[str, float]:
        """The weights of a logistic regression from tokens to body, learned without one fold."""
        use = self.folds != without if without is not None else np.ones(len(self.body), bool)
        weight = self.weight[use]
        model = LogisticRegression(C=c, solver="lbfgs", max_iter=300, tol=1e-4)
        model.fit(self.rows[use], self.body[use], sample_weight=weight / weight.mean())
        found = zip(self.vocabulary, model.coef_[0], strict=True)
        return {token: round(float(w), 3) for token, w in found if abs(w) >= MIN_WEIGHT}


def fit(samples: Sequence[Sample]) -> tuple[Weights, list[Weights]]:
    """The scorers learned from all samples, and one a fold learned without that fold's sites; without trees."""
    words = _table(samples, _block_words, scaled=True)
    nodes = _table(samples, _block_nodes, scaled=False)

    def one(without: int | None) -> Weights:
        return Weights(node_weights=nodes.fit(NODE_C, without), word_weights=words.fit(TEXT_C, without))

    return one(None), [one(fold) for fold in range(FOLDS)]


def _block_nodes(sample: Sample) -> Iterator[Iterable[str]]:
    """For each block the tokens of all elements around it."""
    elements = sample.page.elements
    of_styles = [frozenset(names.tokens(style)) for style in elements.styles]
    inherited: list[frozenset[str]] = []
    for parent, style in zip(elements.parent, elements.style, strict=True):
        above = inherited[parent] if parent >= 0 else frozenset()
        inherited.append(above | of_styles[style])
    for block in sample.page.blocks:
        yield inherited[block.node]


def _block_words(sample: Sample) -> Iterator[Iterable[str]]:
    tokens = Tokens(sample.page, sample.layout.surface)
    for words, extra in zip(tokens.words, tokens.extra, strict=True):
        yield [*words, *extra]


def _table(samples: Sequence[Sample], featurize: Featurize, *, scaled: bool) -> _Table:
    """``scaled``: tokens count less the more a block has of them, as the text score counts them."""
    numbers: dict[str, int] = {}
    sites: dict[str, set[str]] = defaultdict(set)
    indices: list[int] = []
    values: list[float] = []
    starts = [0]
    for sample in samples:
        for tokens in featurize(sample):
            present = [token for token in tokens if len(token) <= MAX_TOKEN]
            for token in present:
                sites[token].add(sample.example.site)
                indices.append(numbers.setdefault(token, len(numbers)))
            values += [max(len(present), 1) ** -0.5 if scaled else 1.0] * len(present)
            starts.append(len(indices))
    rows = csr_matrix((np.array(values, np.float32), indices, starts), shape=(len(starts) - 1, len(numbers)))
    vocabulary = sorted(token for token, where in sites.items() if len(where) >= MIN_SITES)
    shares = np.concatenate([s.shares for s in samples])
    # Doubtful blocks teach little, long ones more than short ones.
    weight = np.sqrt(np.maximum(np.concatenate([s.layout.words for s in samples]), 1)) * np.abs(shares - 0.5) * 2
    folds = np.repeat([s.example.fold for s in samples], [len(s.page.blocks) for s in samples])
    chosen = rows[:, [numbers[token] for token in vocabulary]]
    chosen.sort_indices()  # sets have another order in every process, and sums of floats depend on theirs
    return _Table(vocabulary, chosen, shares >= 0.5, weight, folds)
