"""Fits the weights for text, cross-validated by site, on what extractors make of the articles of labelled pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaner.document import DEFAULT_KEEP, Label
from cleaner.learn import hyperparameters
from cleaner.learn.data.corpus import FOLDS
from cleaner.learn.data.texts import TextSample
from cleaner.learn.fitting.boosting import Rows, by_page
from cleaner.learn.hyperparameters import LABELLED_WEIGHT, MAX_WORDS
from cleaner.model.weights import TextWeights, not_by_place_alone, prior
from cleaner.text.arrays import Array, matrix

#: Labels that a text keeps although they are not body.
KEPT_BESIDE_BODY: Final = DEFAULT_KEEP["text"] - {Label.BODY}


@dataclass(frozen=True, slots=True)
class FittedText:
    """The fitted weights; and for each text the log-odds of body of its lines, ``(n_blocks,) float32``, by trees that
    were fitted without its site.
    """

    weights: TextWeights
    log_odds: Sequence[Array]


def fit(samples: Sequence[TextSample]) -> FittedText:
    """Fits the trees on labelled texts, and cross-validates them by site."""
    table = rows(samples)
    by_trees = np.sum([table.out_of_fold(hyperparameters.TEXT_STAGE, [fold]) for fold in range(FOLDS)], axis=0)
    log_odds = [
        not_by_place_alone(of_text, sample.columns)
        for of_text, sample in zip(by_page(by_trees, samples), samples, strict=True)
    ]
    return FittedText(TextWeights(table.trees(hyperparameters.TEXT_STAGE)), log_odds)


def rows(samples: Sequence[TextSample]) -> Rows:
    """The training rows: all lines, with the log-odds that rules give as the prior."""
    names = sorted(samples[0].columns)
    weight = np.concatenate([_weights(sample) for sample in samples])
    return Rows(
        names,
        np.concatenate([matrix(sample.columns, names) for sample in samples]),
        np.concatenate([sample.gold for sample in samples]),
        weight / weight.mean(),
        np.repeat([sample.example.fold for sample in samples], [len(sample.shares) for sample in samples]),
        np.concatenate([prior(sample.columns) for sample in samples]),
    )


def _weights(sample: TextSample) -> Array:
    """The weight of each line: ``(n_blocks,) float32``.

    The square root of its words, divided by that of the text's: a text counts by the square root of its length. 0 for
    the lines of a failed extraction, and for those that a person gave a label that stays without being body.
    """
    words = np.sqrt(np.clip(np.array(sample.prose_map.words, np.float32), 1, MAX_WORDS))
    weight = words / np.sqrt(words.sum())
    factors = np.array(
        [
            1.0 if reading is None else 0.0 if reading.label in KEPT_BESIDE_BODY else LABELLED_WEIGHT
            for reading in sample.read
        ]
    )
    return np.asarray(0 * weight if sample.failed else factors * weight, np.float32)
