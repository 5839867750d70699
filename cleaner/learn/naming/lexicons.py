"""What words and the names of elements say about labels, counted on the blocks whose label readers or rules know."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from cleaner.features.naming import NAMES, LabelLexicon, LabelLexicons
from cleaner.learn.naming.rules import Reliability
from cleaner.learn.naming.sample import NamingSample
from cleaner.text.hashes import Hashes

#: Blocks that rules know, of each label and page, that the lexicons are counted on at most.
KNOWN_BLOCKS: Final = 30
#: A word is known from so many sites on; so many words are kept of each lexicon; the share of each label among all
#: words counts like so many sites.
LEAST_SITES: Final = 3
LEXICON_SIZE: Final = 2_500
PRIOR_SITES: Final = 3.0


def lexicons(samples: Iterable[NamingSample], known_by: Reliability) -> LabelLexicons:
    """The lexicons of the words of blocks, and of the names of the elements around them.

    Each site counts once for a word, with the shares of the labels of its blocks: log((n_label + k p) / ((n + k) p)),
    where n are the sites of the word, p is the share of the label among all words, and k is ``PRIOR_SITES``.
    """
    of_words: dict[str, list[tuple[int, Hashes]]] = defaultdict(list)
    of_names: dict[str, list[tuple[int, Hashes]]] = defaultdict(list)
    for sample in samples:
        for row, label in _labelled_rows(sample, known_by):
            of_words[sample.example.site].append((label, sample.words[row]))
            of_names[sample.example.site].append((label, sample.names[row]))
    return LabelLexicons(_lexicon(of_words.values()), _lexicon(of_names.values()))


def _labelled_rows(sample: NamingSample, known_by: Reliability) -> Iterator[tuple[int, int]]:
    """The rows of a page with the number of their label: by reading, or else by a rule that tells it."""
    used: Counter[int] = Counter()
    for row, (label, known) in enumerate(zip(sample.read.tolist(), sample.known, strict=True)):
        if label >= 0:
            yield row, label
        elif known and known_by.get(known.key, True) and used[known.label] < KNOWN_BLOCKS:
            used[known.label] += 1
            yield row, known.label


def _lexicon(sites: Iterable[Sequence[tuple[int, Hashes]]]) -> LabelLexicon:
    """The lexicon of the words of the blocks of each site."""
    hashes, shares = [np.zeros(0, np.uint32)], [np.zeros((0, len(NAMES)))]
    for blocks in sites:
        words = np.concatenate([block for _, block in blocks])
        labels = np.repeat([label for label, _ in blocks], [len(block) for _, block in blocks])
        of_site, number = np.unique(words, return_inverse=True)
        counts = np.zeros((len(of_site), len(NAMES)))
        np.add.at(counts, (number, labels), 1)
        roots = np.sqrt(counts)  # a menu of a hundred links is one finding, not a hundred
        hashes.append(of_site)
        shares.append(roots / np.maximum(roots.sum(axis=1, keepdims=True), 1e-9))
    known, number = np.unique(np.concatenate(hashes), return_inverse=True)
    sums = np.zeros((len(known), len(NAMES)))
    np.add.at(sums, number, np.concatenate(shares))
    if not len(known):
        return LabelLexicon.none()
    prior = (sums.sum(axis=0) + 1e-3) / (sums.sum() + 1e-3 * len(NAMES))
    kept = sums.sum(axis=1) >= LEAST_SITES
    known, sums = known[kept], sums[kept]
    n_sites = sums.sum(axis=1, keepdims=True)
    posterior = (sums + PRIOR_SITES * prior) / (n_sites + PRIOR_SITES)
    scores = np.log(posterior / prior)
    information = (n_sites * posterior * scores).sum(axis=1)
    best = np.sort(np.argsort(-information, kind="stable")[:LEXICON_SIZE])
    return LabelLexicon(known[best].astype(np.uint32), scores[best].astype(np.float32))
