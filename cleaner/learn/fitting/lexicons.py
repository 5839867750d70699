"""Fits the lexicons: log-odds of body of words, and of tags, classes and ids, by regularised logistic regression."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleaner.features.blockwords import BlockWords
from cleaner.features.classnames import ClassNames
from cleaner.features.hashing import Lexicon, Lexicons, slots_of
from cleaner.features.measures import root_words
from cleaner.learn.data.corpus import FOLDS
from cleaner.learn.data.pages import Sample
from cleaner.learn.hyperparameters import CLASS_NAMES_C, MIN_SITES, MIN_WEIGHT, WORDS_C
from cleaner.text.arrays import Flags, Floats, Ints
from cleaner.text.hashes import Hashes

#: The tokens of a page's blocks: hashes ``(n_tokens,) uint32``, and the index of each token's block.
Tokenizer = Callable[[Sample], tuple[Hashes, Ints]]


@dataclass(frozen=True, slots=True)
class _Table:
    """The training rows of a lexicon: the tokens of all blocks of all pages.

    Fields:

    - ``vocabulary``: ``(n_known,) uint32``, ascending.
    - ``tokens``: ``(n_blocks, n_known)`` sparse float32: occurrences of a token in a block, scaled or not.
    - ``body``: ``(n_blocks,) bool``, the label.
    - ``weight``: ``(n_blocks,) float64``.
    - ``folds``: ``(n_blocks,) int64``.
    """

    vocabulary: Hashes
    tokens: csr_matrix
    body: Flags
    weight: Floats
    folds: Ints

    def fit(self, c: float, without: int | None) -> Lexicon:
        """The lexicon fitted on all folds but one, or on all of them. ``c`` is the inverse strength of the penalty."""
        use = self.folds != without if without is not None else np.ones(len(self.body), bool)
        weight = self.weight[use]
        model = LogisticRegression(C=c, solver="lbfgs", max_iter=300, tol=1e-4)
        model.fit(self.tokens[use], self.body[use], sample_weight=weight / weight.mean())
        weights = model.coef_[0].round(3).astype(np.float32)
        kept = np.abs(weights) >= MIN_WEIGHT
        return Lexicon.make(self.vocabulary[kept], weights[kept])


def fit(samples: Sequence[Sample]) -> tuple[Lexicons, list[Lexicons]]:
    """The lexicons fitted on all samples, and for each fold those that were fitted without its sites."""
    words = _table(samples, _words_of_blocks, scaled=True)
    class_names = _table(samples, _class_names_of_blocks, scaled=False)

    def without(fold: int | None) -> Lexicons:
        return Lexicons(words=words.fit(WORDS_C, fold), class_names=class_names.fit(CLASS_NAMES_C, fold))

    return without(None), [without(fold) for fold in range(FOLDS)]


def _class_names_of_blocks(sample: Sample) -> tuple[Hashes, Ints]:
    """The tokens of all elements around each block, each token once a block."""
    elements = sample.page.elements
    names = ClassNames(elements.styles)
    of_style: list[set[int]] = [set() for _ in elements.styles]
    for token, style in zip(names.hashes.tolist(), names.style.tolist(), strict=True):
        of_style[style].add(token)
    inherited: list[frozenset[int]] = []  # the tokens of an element and its ancestors
    for parent, style in zip(elements.parent, elements.style, strict=True):
        above = inherited[parent] if parent >= 0 else frozenset()
        inherited.append(above | of_style[style])
    of_block = [inherited[block.node] for block in sample.page.blocks]
    tokens = np.array([token for around in of_block for token in around], np.uint32)
    return tokens, np.repeat(np.arange(len(of_block)), [len(around) for around in of_block])


def _words_of_blocks(sample: Sample) -> tuple[Hashes, Ints]:
    """Words, first words and pairs of words of each block."""
    words = BlockWords(sample.page)
    return words.hashes, words.block


def _table(samples: Sequence[Sample], tokenizer: Tokenizer, *, scaled: bool) -> _Table:
    """The training rows. ``scaled``: a block's tokens count 1 / sqrt(their number) each, as in ``BlockWords.score``."""
    site_numbers = {site: number for number, site in enumerate(sorted({s.example.site for s in samples}))}
    tokenized = [tokenizer(sample) for sample in samples]
    tokens = np.concatenate([hashes for hashes, _ in tokenized])
    sites = np.repeat([site_numbers[s.example.site] for s in samples], [len(hashes) for hashes, _ in tokenized])
    starts = np.cumsum([0, *(len(s.page.blocks) for s in samples)])
    row = np.concatenate([block + start for (_, block), start in zip(tokenized, starts, strict=False)])
    vocabulary = _vocabulary(tokens, sites)
    column = np.searchsorted(vocabulary, tokens).clip(max=len(vocabulary) - 1)
    in_vocabulary = vocabulary[column] == tokens
    values = np.maximum(np.bincount(row, minlength=starts[-1]), 1)[row] ** -0.5 if scaled else np.ones(len(row))
    entries = values[in_vocabulary].astype(np.float32), (row[in_vocabulary], column[in_vocabulary])
    table = csr_matrix(entries, (starts[-1], len(vocabulary)))
    # Sorted, with repeated tokens of a block added up: sums of floats depend on their order.
    table.sum_duplicates()
    shares = np.concatenate([s.targets for s in samples])
    # A block that is half gold teaches nothing; a long one teaches more than a short one.
    weight = np.concatenate([root_words(s.prose_map) * s.weights for s in samples]) * np.abs(shares - 0.5) * 2
    folds = np.repeat([s.example.fold for s in samples], [len(s.page.blocks) for s in samples])
    return _Table(vocabulary, table, shares >= 0.5, weight, folds)


def _vocabulary(tokens: Hashes, sites: Ints) -> Hashes:
    """The tokens of at least ``MIN_SITES`` sites, ascending. Of those that share a slot of a lexicon's table, the one
    of most sites.
    """
    distinct = np.unique(tokens.astype(np.uint64) << np.uint64(32) | sites.astype(np.uint64))  # (token, site)
    hashes, n_sites = np.unique((distinct >> np.uint64(32)).astype(np.uint32), return_counts=True)
    hashes, n_sites = hashes[n_sites >= MIN_SITES], n_sites[n_sites >= MIN_SITES]
    order = np.lexsort((hashes, -n_sites))
    _, chosen = np.unique(slots_of(hashes[order]), return_index=True)
    return np.sort(hashes[order][chosen])
