"""The learned part at run time: a weights file, scores for tokens and words, and boosted trees, in numpy.

A weights file holds what was learned: a numpy archive without pickles, which ``cleaner-learn fit`` writes. There is one
for HTML (:class:`Weights`) and one for text (:class:`TextWeights`), which is trees alone. The arrays:

``about``                  JSON as UTF-8 bytes: format number, what it was trained on, scores
``node_hashes, node_weights``  hashes of tags, classes and ids, as the gaps between them, and their log-odds
``word_hashes, word_weights``  hashes of words of the text, likewise
``page_types``             see :class:`PageTypes`
``first_*, second_*``      the trees of each stage, see :class:`Trees`; ``text_*`` in the file for text
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.features.hashing import Lexicon
from cleaner.features.profile import NAMES, PAGE_TYPES
from cleaner.model.trees import Trees, text_bytes
from cleaner.text.arrays import Array, Columns, Flags, Floats
from cleaner.text.data_files import read_data

#: The format that this version reads.
FORMAT: Final = 3
#: The first stage decides alone where its log-odds of body are below the one or above the other: of seven blocks in
#: ten. Hearing rules about more of them changed no score on unseen sites; about fewer, from 2 on, cost .001 of F1. Nor
#: did hearing them about the blocks beside those in doubt.
SURE_RESIDUE: Final = -2.5
SURE_BODY: Final = 2.5
#: Share of the rules' weight that counts beside the trees, which know the rules as columns. It keeps a rule that is
#: newer than the weights from being ignored, and gave one more perfect news page in 100 on unseen sites for .002 of F1
#: elsewhere.
RULES: Final = 0.15
#: Log-odds of body of a line of text that no rule speaks about: five in six lines of an extractor's output are body.
PRIOR: Final = 1.6
#: Log-odds beyond which the first stage asks no more trees about a block. Half of the blocks are settled after the
#: first forty; of those that are, none came back into doubt on dev.
SETTLED: Final = 3.5


@dataclass(frozen=True, slots=True)
class PageTypes:
    """A multinomial logistic regression from a page's profile to its type; ``weights`` are (types, numbers + 1), the
    last one of each row its constant.
    """

    weights: Floats

    def probabilities(self, profile: Floats) -> Floats:
        """The probability of each type: (types,)."""
        log_odds = self.weights[:, :-1] @ profile + self.weights[:, -1]
        odds = np.exp(log_odds - log_odds.max())
        probabilities: Floats = odds / odds.sum()
        return probabilities

    @classmethod
    def none(cls) -> Self:
        """One that knows nothing."""
        return cls(np.zeros((len(PAGE_TYPES), len(NAMES) + 1)))


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that was learned for HTML."""

    first: Trees = field(default_factory=Trees.none)
    second: Trees = field(default_factory=Trees.none)
    types: PageTypes = field(default_factory=PageTypes.none)
    node_weights: Lexicon = field(default_factory=partial(Lexicon.of_words, {}))
    word_weights: Lexicon = field(default_factory=partial(Lexicon.of_words, {}))
    about: Mapping[str, Any] = field(default_factory=dict)

    def page_types(self, profile: Floats) -> Floats:
        """The probability of each page type: (types,)."""
        return self.types.probabilities(profile)

    def dump(self) -> bytes:
        """The weights file: equal weights give equal bytes."""
        out = io.BytesIO()
        arrays: dict[str, Any] = {
            "about": text_bytes(json.dumps(self.about, sort_keys=True)),
            **_lexicon_arrays(self.node_weights, "node"),
            **_lexicon_arrays(self.word_weights, "word"),
            "page_types": self.types.weights.astype(np.float32),
        }
        np.savez_compressed(out, **arrays, **self.first.arrays("first"), **self.second.arrays("second"))
        return out.getvalue()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The weights in a file. Raises ``ValueError`` for a file of another format."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            about = _about(file)
            return cls(
                Trees.parse(file, "first"),
                Trees.parse(file, "second"),
                PageTypes(file["page_types"].astype(np.float64)),
                _lexicon(file, "node"),
                _lexicon(file, "word"),
                about,
            )


@dataclass(frozen=True, slots=True)
class TextWeights:
    """Everything that was learned for text: trees over the columns of :mod:`cleaner.features.text_lines`.

    They correct what the rules say by their priors, and were learned as that: where the corpora say nothing, in a
    language that they lack or about a rule that is newer than they are, the rules hold.
    """

    trees: Trees = field(default_factory=Trees.none)
    about: Mapping[str, Any] = field(default_factory=dict)

    def log_odds(self, columns: Columns) -> Array:
        """The log-odds of body for each line: (lines,)."""
        return np.asarray(prior(columns) + self.trees.log_odds(columns), np.float32)

    def dump(self) -> bytes:
        """The weights file: equal weights give equal bytes."""
        out = io.BytesIO()
        np.savez_compressed(out, about=text_bytes(json.dumps(self.about, sort_keys=True)), **self.trees.arrays("text"))
        return out.getvalue()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The weights in a file. Raises ``ValueError`` for a file of another format."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return cls(Trees.parse(file, "text"), _about(file))


def prior(columns: Columns) -> Array:
    """What rules say by themselves: a line is body unless one speaks against it more surely than another one for it."""
    return np.asarray(PRIOR - columns["rule_residue"] + columns["rule_body"], np.float32)


def _about(file: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(file["about"].tobytes())
    if about.get("format") != FORMAT:
        raise ValueError(f"weights of format {about.get('format')}, this version reads {FORMAT}")
    return about


@cache
def load() -> Weights:
    """The weights for HTML that come with the library."""
    return Weights.parse(read_data("cleaner.model", "html.npz"))


@cache
def load_text() -> TextWeights:
    """The weights for text that come with the library."""
    return TextWeights.parse(read_data("cleaner.model", "text.npz"))


def in_doubt(log_odds: Array) -> Flags:
    """Which blocks the first stage leaves to the second: those it is not sure of."""
    return np.asarray((log_odds > SURE_RESIDUE) & (log_odds < SURE_BODY), bool)


def _lexicon_arrays(lexicon: Lexicon, prefix: str) -> dict[str, Any]:
    """The arrays of a weights file: gaps between hashes are smaller numbers than hashes."""
    return {
        f"{prefix}_hashes": np.diff(lexicon.hashes, prepend=np.uint32(0)),
        f"{prefix}_weights": lexicon.weights.astype(np.float16),
    }


def _lexicon(file: Mapping[str, NDArray[Any]], prefix: str) -> Lexicon:
    hashes = np.cumsum(file[f"{prefix}_hashes"], dtype=np.uint32)
    return Lexicon.make(hashes, file[f"{prefix}_weights"].astype(np.float32))
