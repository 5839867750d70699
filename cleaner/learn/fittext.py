"""Fits the trees for text, cross-validated by site, from what extractors leave in the articles of labelled pages."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from cleaner.document import DEFAULT_KEEP, Label
from cleaner.features.columns import TEXT as COLUMNS
from cleaner.features.page_features import matrix
from cleaner.learn.baselines import UPSTREAM
from cleaner.learn.corpus import FOLDS
from cleaner.learn.fit import PARAMETERS, Rows, Stage
from cleaner.learn.texts import TextSample
from cleaner.model.weights import FORMAT, TextWeights, prior
from cleaner.text.arrays import Array

#: Chosen by recall at ten body words lost in 10,000 on unseen sites, and by what becomes of the fixtures, whose twenty
#: languages the corpora hardly have: 120 trees that start from nothing find .521 of the residue, 30 that correct the
#: rules .506, but the 120 lose 14 lines of fixtures and leave 31, the 30 lose none and leave 4.
TREES = Stage(30, 0.1, leaves=15, least=300, depth=8)
#: A line counts by the root of its words, at most this many.
MOST_WORDS = 64
#: What a line that a reader labelled counts more than one that only gold speaks about.
READ = 3.0
ASIDE = DEFAULT_KEEP["text"] - {Label.BODY}


@dataclass(frozen=True, slots=True)
class FittedText:
    """Weights; and for each text the log-odds of body of its lines, by trees that have not seen its site."""

    weights: TextWeights
    log_odds: Sequence[Array]


def recipe() -> str:
    """A fingerprint of how the weights are learned: those with another one are not what this version fits."""
    parts = [sorted(PARAMETERS.items()), asdict(TREES), sorted(COLUMNS), sorted(UPSTREAM), MOST_WORDS, READ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def weights(samples: Sequence[TextSample], about: Mapping[str, Any]) -> FittedText:
    """What is learned from texts, cross-validated by site."""
    table = rows(samples)
    log_odds = np.sum([table.log_odds(TREES, [fold]) for fold in range(FOLDS)], axis=0)
    fitted = TextWeights(table.trees(TREES), {"format": FORMAT, **about})
    return FittedText(fitted, np.split(log_odds, np.cumsum([len(s.shares) for s in samples])[:-1]))


def rows(samples: Sequence[TextSample]) -> Rows:
    """The training rows: all lines. Those of failed extractions have no weight, nor have notes and fact boxes, which
    stay without being body.

    A long text counts more than a short one, but by the root of its length.
    """
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
    words = np.sqrt(np.clip(np.array(sample.prose_map.words, np.float32), 1, MOST_WORDS))
    weight = words / np.sqrt(words.sum())
    read = np.array([1.0 if reading is None else 0.0 if reading.label in ASIDE else READ for reading in sample.read])
    return np.asarray(0 * weight if sample.failed else read * weight, np.float32)
