"""Fits the linear scorers: log-odds of class and id tokens, and of words, regularised and pruned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleaner.features.blockwords import BlockWords
from cleaner.features.classnames import ClassNames
from cleaner.features.hashing import PLACES, Hashes, Lexicon
from cleaner.learn.corpus import FOLDS
from cleaner.learn.dataset import Sample
from cleaner.model.weights import Weights
from cleaner.text.arrays import Flags, Floats, Ints

#: A token that fewer sites use is that site's own, and says nothing about the next one.
MIN_SITES = 4
#: Weights below this are left out: they move no decision and fill the file.
MIN_WEIGHT = 0.1
#: Inverse strength of the L2 penalty, chosen by the log-loss on unseen sites.
NODE_C = 0.05
TEXT_C = 0.3

#: The tokens of a page's blocks, and for each the number of its block.
Featurize = Callable[[Sample], tuple[Hashes, Ints]]


@dataclass(frozen=True, slots=True)
class _Table:
    """The tokens of all blocks: a row a block, a column a token; and which blocks are body."""

    vocabulary: Hashes
    rows: csr_matrix
    body: Flags
    weight: Floats
    folds: Ints

    def fit(self, c: float, without: int | None) -> Lexicon:
        """The weights of a logistic regression from tokens to body, learned without one fold."""
        use = self.folds != without if without is not None else np.ones(len(self.body), bool)
        weight = self.weight[use]
        model = LogisticRegression(C=c, solver="lbfgs", max_iter=300, tol=1e-4)
        model.fit(self.rows[use], self.body[use], sample_weight=weight / weight.mean())
        found = model.coef_[0].round(3).astype(np.float32)
        telling = np.abs(found) >= MIN_WEIGHT
        return Lexicon.make(self.vocabulary[telling], found[telling])


def fit(samples: Sequence[Sample]) -> tuple[Weights, list[Weights]]:
    """The scorers learned from all samples, and one a fold learned without that fold's sites; without trees."""
    words = _table(samples, _block_words, scaled=True)
    nodes = _table(samples, _block_nodes, scaled=False)

    def one(without: int | None) -> Weights:
        return Weights(node_weights=nodes.fit(NODE_C, without), word_weights=words.fit(TEXT_C, without))

    return one(None), [one(fold) for fold in range(FOLDS)]


def _block_nodes(sample: Sample) -> tuple[Hashes, Ints]:
    """For each block the tokens of all elements around it, each once."""
    elements = sample.page.elements
    names = ClassNames(elements.styles)
    of_styles: list[set[int]] = [set() for _ in elements.styles]
    for token, style in zip(names.hashes.tolist(), names.style.tolist(), strict=True):
        of_styles[style].add(token)
    inherited: list[frozenset[int]] = []
    for parent, style in zip(elements.parent, elements.style, strict=True):
        above = inherited[parent] if parent >= 0 else frozenset()
        inherited.append(above | of_styles[style])
    around = [inherited[block.node] for block in sample.page.blocks]
    tokens = np.array([token for inside in around for token in inside], np.uint32)
    return tokens, np.repeat(np.arange(len(around)), [len(inside) for inside in around])


def _block_words(sample: Sample) -> tuple[Hashes, Ints]:
    tokens = BlockWords(sample.page)
    return tokens.hashes, tokens.block


def _table(samples: Sequence[Sample], featurize: Featurize, *, scaled: bool) -> _Table:
    """``scaled``: tokens count less the more a block has of them, as the text score counts them."""
    numbers = {site: number for number, site in enumerate(sorted({s.example.site for s in samples}))}
    found = [featurize(sample) for sample in samples]
    tokens = np.concatenate([of for of, _ in found])
    sites = np.repeat([numbers[s.example.site] for s in samples], [len(of) for of, _ in found])
    starts = np.cumsum([0, *(len(s.page.blocks) for s in samples)])
    row = np.concatenate([block + start for (_, block), start in zip(found, starts, strict=False)])
    vocabulary = _vocabulary(tokens, sites)
    column = np.searchsorted(vocabulary, tokens).clip(max=len(vocabulary) - 1)
    known = vocabulary[column] == tokens
    values = np.maximum(np.bincount(row, minlength=starts[-1]), 1)[row] ** -0.5 if scaled else np.ones(len(row))
    # Sorted, and the same token of a block added up: sums of floats depend on their order.
    rows = csr_matrix((values[known].astype(np.float32), (row[known], column[known])), (starts[-1], len(vocabulary)))
    rows.sum_duplicates()
    shares = np.concatenate([s.shares for s in samples])
    # Doubtful blocks teach little, long ones more than short ones.
    weight = np.sqrt(np.maximum(np.concatenate([s.prose_map.words for s in samples]), 1)) * np.abs(shares - 0.5) * 2
    folds = np.repeat([s.example.fold for s in samples], [len(s.page.blocks) for s in samples])
    return _Table(vocabulary, rows, shares >= 0.5, weight, folds)


def _vocabulary(tokens: Hashes, sites: Ints) -> Hashes:
    """The tokens of enough sites, in order; of those that have one place in a lexicon the one of most sites."""
    pairs = np.unique(tokens.astype(np.uint64) << np.uint64(32) | sites.astype(np.uint64))
    known, times = np.unique((pairs >> np.uint64(32)).astype(np.uint32), return_counts=True)
    known, times = known[times >= MIN_SITES], times[times >= MIN_SITES]
    order = np.lexsort((known, -times))
    _, chosen = np.unique(known[order] >> np.uint32(32 - PLACES), return_index=True)
    return np.sort(known[order][chosen])
