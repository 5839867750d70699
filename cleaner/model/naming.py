"""What was learned about the names of removed blocks: the label of each, with its probability.

A multinomial logistic regression over the columns of :mod:`cleaner.features.naming`, fitted by ``cleaner-learn naming``
to labels that readers gave. Blocks of one region mostly have one label, so each block's log-probabilities are added to
the mean of its region.

The file ``naming.npz`` is a numpy archive without pickles:

``provenance``                      JSON as UTF-8 bytes: the format, what the weights were fitted on, how well they
                                    agree with readers, and which concepts decide
``mean``, ``scale``                 ``(n_columns,) float32``, by which columns are standardised
``coefficients``                    ``(n_columns + 1, n_labels) float16``; the last row is the intercept
``word_hashes``, ``word_scores``    the lexicon of words: differences between successive hashes, uint32, and log-odds of
                                    each label times ``LEXICON_SCALE``, ``(n_known, n_labels) int8``
``class_hashes``, ``class_scores``  the lexicon of the names of elements, likewise
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.document import Origin
from cleaner.features.naming import NAMES, LabelLexicon, LabelLexicons, mean_of_group
from cleaner.model.trees import encode_text
from cleaner.text.arrays import Array, Floats, Ints, inner
from cleaner.text.data_files import read_data

#: The format of the file that this version reads and writes.
FORMAT: Final = 1
#: Standardised columns are cut off here, so that no single value decides.
MAX_DEVIATIONS: Final = 6.0
#: The least probability of a label before regions are counted.
LEAST: Final = 1e-4
#: What the mean of a region counts beside a block's own log-probabilities.
REGION_SHARE: Final = 0.75
#: Scores in lexicons are stored as multiples of one part of this number.
LEXICON_SCALE: Final = 16.0


@dataclass(frozen=True, slots=True)
class NamingWeights:
    """The regression and its lexicons.

    ``mean``, ``scale``  (n_columns,) float32
    ``coefficients``     (n_columns + 1, n_labels) float32
    ``indecisive``       concepts that do not decide about the name of a block though its own words match: a date is
                         the byline's, or that of a comment
    ``telling``          concepts that decide without words of the block: by an element around it, or by a heading above
    """

    lexicons: LabelLexicons
    mean: Array
    scale: Array
    coefficients: Array
    indecisive: frozenset[str] = frozenset()
    telling: frozenset[tuple[str, Origin]] = frozenset()
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def probabilities(self, columns: Array, region: Ints) -> Floats:
        """The probability of each label of ``NAMES``: ``(n_rows, n_labels) float64``.

        ``columns`` (n_rows, n_columns) float32 are those of :func:`cleaner.features.naming.naming_columns`; ``region``
        (n_rows,) int64 is the region of each row.
        """
        deviations = ((columns - self.mean) / self.scale).clip(-MAX_DEVIATIONS, MAX_DEVIATIONS)
        own = _softmax(inner(deviations, self.coefficients[:-1].T) + self.coefficients[-1])
        logs = np.log(np.maximum(own, LEAST)).astype(np.float32)
        return _softmax(logs + REGION_SHARE * mean_of_group(logs, region))

    def dump(self) -> bytes:
        """The weights file. Equal weights give equal bytes."""
        concepts = {"indecisive": sorted(self.indecisive), "telling": sorted(self.telling)}
        provenance = {"format": FORMAT, **concepts, **self.provenance}
        out = io.BytesIO()
        arrays: dict[str, Any] = {
            "provenance": encode_text(json.dumps(provenance, sort_keys=True)),
            "mean": self.mean,
            "scale": self.scale,
            "coefficients": self.coefficients.astype(np.float16),
            **_lexicon_arrays(self.lexicons.words, "word"),
            **_lexicon_arrays(self.lexicons.class_names, "class"),
        }
        np.savez_compressed(out, **arrays)
        return out.getvalue()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The weights in a file. Raises ``ValueError`` for a file of another format or with other labels."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            provenance: dict[str, Any] = json.loads(file["provenance"].tobytes())
            coefficients = file["coefficients"].astype(np.float32)
            if provenance.pop("format") != FORMAT or coefficients.shape[1] != len(NAMES):
                raise ValueError("the weights of names are of another version")
            indecisive = frozenset(provenance.pop("indecisive"))
            telling = frozenset((name, Origin(origin)) for name, origin in provenance.pop("telling"))
            lexicons = LabelLexicons(_lexicon(file, "word"), _lexicon(file, "class"))
            return cls(lexicons, file["mean"], file["scale"], coefficients, indecisive, telling, provenance)


def _softmax(scores: Array) -> Floats:
    odds = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True, initial=-np.inf))
    probabilities: Floats = odds / odds.sum(axis=1, keepdims=True)
    return probabilities


def _lexicon_arrays(lexicon: LabelLexicon, prefix: str) -> dict[str, NDArray[Any]]:
    scores = (lexicon.scores * LEXICON_SCALE).round().clip(-127, 127)
    return {
        f"{prefix}_hashes": np.diff(lexicon.hashes, prepend=np.uint32(0)),
        f"{prefix}_scores": scores.astype(np.int8),
    }


def _lexicon(file: Mapping[str, NDArray[Any]], prefix: str) -> LabelLexicon:
    hashes = np.cumsum(file[f"{prefix}_hashes"], dtype=np.uint32)
    return LabelLexicon(hashes, file[f"{prefix}_scores"].astype(np.float32) / np.float32(LEXICON_SCALE))


@cache
def load() -> NamingWeights:
    """The bundled weights."""
    return NamingWeights.parse(read_data("cleaner.model", "naming.npz"))
