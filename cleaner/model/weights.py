"""The learned weights, their files, and the constants that inference applies to the scores.

A weights file is a numpy archive without pickles, which ``cleaner-learn fit`` writes. ``html.npz`` holds
:class:`Weights`, ``text.npz`` holds :class:`TextWeights`. The arrays:

``provenance``                    JSON as UTF-8 bytes: the format, what the weights were fitted on, and the fingerprint
                                  of the code that they were fitted with (:mod:`cleaner.learn.fingerprint`)
``node_hashes``, ``node_weights``  the lexicon of tags, classes and ids: differences between successive hashes, uint32,
                                  and log-odds of body, float16
``word_hashes``, ``word_weights``  the lexicon of words, likewise
``page_types``                    the coefficients of :class:`PageTypes`
``rule_precision``                the counts of :class:`~cleaner.model.rule_precision.RulePrecision`, JSON as UTF-8
``first_*``, ``second_*``         the trees of each stage (:meth:`cleaner.model.trees.Trees.arrays`); ``text_*`` in
                                  ``text.npz``
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.features.hashing import Lexicon, Lexicons
from cleaner.features.profile import NAMES, PAGE_TYPES
from cleaner.model.rule_precision import RulePrecision
from cleaner.model.trees import Trees, encode_text
from cleaner.text.arrays import Array, Columns, Flags, Floats, inner
from cleaner.text.data_files import read_data

#: The format of weights files that this version reads and writes.
FORMAT: Final = 4
#: HTML: the first stage decides alone, and no rules are run, where its log-odds of body are at most the first or at
#: least the second: seven blocks in ten. A wider range changed no score on unseen sites; a narrower one, from 2 on,
#: cost .001 of word F1. Running rules on the neighbours of blocks in doubt as well changed nothing.
SURE_RESIDUE: Final = -2.5
SURE_BODY: Final = 2.5
#: HTML: log-odds, up or down, beyond which the first stage evaluates no further trees on a block. Half of the blocks
#: are settled after the first 40 trees; on the development pages none of these would have come back into doubt.
SETTLED: Final = 3.5
#: HTML: share of the strongest residue rule's weight that is subtracted from the second stage's log-odds, though its
#: trees see the rule in their columns. So a rule that is newer than the weights counts as well. On unseen sites it made
#: one more news page in 100 perfect and cost .002 of word F1 elsewhere.
RULE_SHARE: Final = 0.15
#: Text: log-odds of body of a line without evidence. Five in six lines of an extractor's output are body.
PRIOR: Final = 1.6

#: Text: the trees decide about a run of lines with the form of headlines where lines that rules call residue stand
#: above and below it, at most so many lines away. Six and twelve find the same.
AROUND: Final = 6
#: Text: weight of evidence (log-odds) from which rules call such a line residue.
AROUND_WEIGHT: Final = 4.0
#: Text: the least log-odds of body of any other line without evidence.
PLACE_FLOOR: Final = 2.0
#: Text: words from which a line above the first prose may be the headline.
TOP_WORDS: Final = 5
#: Text: share of a line's characters inside links from which it is a link.
LINKED: Final = 0.8
#: The code of a capital as the first character, in the column ``starts``.
CAPITAL: Final = 1


@dataclass(frozen=True, slots=True)
class PageTypes:
    """A multinomial logistic regression from a page's profile to its type.

    ``weights``: ``(n_types, n_profile + 1) float64``; the last column is the intercept. Fitted by scikit-learn's
    ``LogisticRegression``, with the standardisation of the profile folded into the coefficients.
    """

    weights: Floats

    @property
    def used(self) -> Flags:
        """Which numbers of the profile count: ``(n_profile,) bool``."""
        return np.asarray(self.weights[:, :-1].any(axis=0), bool)

    def probabilities(self, profile: Floats) -> Floats:
        """The probability of each type, the softmax of the scores: ``(n_types,) float64``."""
        scores = inner(self.weights[:, :-1], profile) + self.weights[:, -1]
        odds = np.exp(scores - scores.max())
        probabilities: Floats = odds / odds.sum()
        return probabilities

    @classmethod
    def none(cls) -> Self:
        """Without coefficients: every type is equally probable."""
        return cls(np.zeros((len(PAGE_TYPES), len(NAMES) + 1)))

    @classmethod
    def parse(cls, file: Mapping[str, NDArray[Any]]) -> Self:
        """The coefficients in a weights file. Numbers that are newer than it, at the profile's end, count nothing."""
        stored = file["page_types"].astype(np.float64)
        newer = np.zeros((len(stored), len(NAMES) + 1 - stored.shape[1]))
        return cls(np.hstack([stored[:, :-1], newer, stored[:, -1:]]))


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned for HTML: the trees of both stages, the page types, and the lexicons that columns are made of.

    ``provenance`` says what the weights were fitted on and with which code.
    """

    first_stage: Trees = field(default_factory=Trees.none)
    second_stage: Trees = field(default_factory=Trees.none)
    types: PageTypes = field(default_factory=PageTypes.none)
    lexicons: Lexicons = field(default_factory=Lexicons)
    rule_precision: RulePrecision = field(default_factory=RulePrecision)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def page_types(self, profile: Floats) -> Floats:
        """The probability of each of ``PAGE_TYPES`` for a page's profile: ``(n_types,) float64``."""
        return self.types.probabilities(profile)

    def dump(self) -> bytes:
        """The weights file. Equal weights give equal bytes."""
        return _archive(
            self.provenance,
            {
                **_lexicon_arrays(self.lexicons.class_names, "node"),
                **_lexicon_arrays(self.lexicons.words, "word"),
                "page_types": self.types.weights.astype(np.float32),
                "rule_precision": encode_text(self.rule_precision.dump()),
                **self.first_stage.arrays("first"),
                **self.second_stage.arrays("second"),
            },
        )

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The weights in a file. Raises ``ValueError`` for a file of another format."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            provenance = _provenance(file)
            return cls(
                Trees.parse(file, "first"),
                Trees.parse(file, "second"),
                PageTypes.parse(file),
                Lexicons(words=_lexicon(file, "word"), class_names=_lexicon(file, "node")),
                RulePrecision.parse(file["rule_precision"].tobytes().decode())
                if "rule_precision" in file
                else RulePrecision(),
                provenance,
            )


@dataclass(frozen=True, slots=True)
class TextWeights:
    """What was learned for text: trees over the columns of :mod:`cleaner.features.text_lines`.

    The trees are fitted to correct the prior that rules give (:func:`prior`). Where the corpora have no examples, for
    another language or a rule that is newer than the weights, the prior stands.
    """

    trees: Trees = field(default_factory=Trees.none)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def log_odds(self, columns: Columns) -> Array:
        """The log-odds of body of each line: ``(n_blocks,) float32``."""
        return not_by_place_alone(prior(columns) + self.trees.log_odds(columns), columns)

    def dump(self) -> bytes:
        """The weights file. Equal weights give equal bytes."""
        return _archive(self.provenance, self.trees.arrays("text"))

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The weights in a file. Raises ``ValueError`` for a file of another format."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            provenance = _provenance(file)
            return cls(Trees.parse(file, "text"), provenance)


def prior(columns: Columns) -> Array:
    """The log-odds of body that rules alone give: ``(n_blocks,) float32``.

    ``PRIOR``, less the highest weight of a rule for residue, plus the highest weight of a rule for body.
    """
    return np.asarray(PRIOR - columns["rule_residue"] + columns["rule_body"], np.float32)


def not_by_place_alone(log_odds: Array, columns: Columns) -> Array:
    """The log-odds of body of the lines of a text, ``(n_blocks,) float32``, where nothing but its place beside residue
    speaks against a line: ``PLACE_FLOOR`` at least.

    An article's last lines may stand below an advert: a sentence, a list, addresses and prices, results. The trees
    decide about three kinds of lines alone:

    - lines of which a rule says that they are residue;
    - pictures, links and separators, as Markdown shows them;
    - runs of lines between residue above and residue below that all have the form of headlines: unclosed, without
      digits, with a capital first, and no items of a list. Above the first prose the article's own headline has this
      form, so only lines of few words go there.
    """
    by_rules = columns["rule_residue"] > 0
    by_form = (columns["media"] > 0) | (columns["link_share"] >= LINKED) | (columns["words"] == 0)
    form_of_body = columns["ended"] + columns["item"] + columns["digit_share"] + columns["ends"] > 0
    at_the_top = (columns["since_first_prose"] < 0) & (columns["words"] >= TOP_WORDS)
    headline = ~form_of_body & (columns["starts"] == CAPITAL) & ~at_the_top
    residue, others = columns["rule_residue"] >= AROUND_WEIGHT, ~by_rules & ~headline
    between = _goes_on_from(residue, others) & _goes_on_from(residue[::-1], others[::-1])[::-1]
    known = by_rules | by_form | (headline & between)
    return np.asarray(np.where(known, log_odds, np.maximum(log_odds, PLACE_FLOOR)), np.float32)


def _goes_on_from(residue: Flags, others: Flags) -> Flags:
    """Whether residue stands at most ``AROUND`` blocks before each block, and none of the ``others`` in between:
    ``(n_blocks,) bool``.
    """
    index = np.arange(len(residue))
    last = np.maximum.accumulate(np.where(residue, index, -1 - AROUND))
    last_other = np.maximum.accumulate(np.where(others, index, -1))
    return np.asarray((index - last <= AROUND) & (last > last_other), bool)


def less_rule_share(log_odds: Array, residue_weight: Array) -> Array:
    """The log-odds of the second stage's trees, (n_rows,) float32, less the share of the strongest residue rule's
    weight, ``residue_weight``, that counts on top of them.
    """
    return log_odds - np.float32(RULE_SHARE) * residue_weight


def in_doubt(log_odds: Array) -> Flags:
    """Whether each block goes to the second stage: ``(n_blocks,) bool``. ``log_odds`` are the first stage's."""
    return np.asarray((log_odds > SURE_RESIDUE) & (log_odds < SURE_BODY), bool)


@cache
def load() -> Weights:
    """The bundled weights for HTML."""
    return Weights.parse(read_data("cleaner.model", "html.npz"))


@cache
def load_text() -> TextWeights:
    """The bundled weights for text."""
    return TextWeights.parse(read_data("cleaner.model", "text.npz"))


def _archive(provenance: Mapping[str, Any], arrays: Mapping[str, Any]) -> bytes:
    out = io.BytesIO()
    text = json.dumps({"format": FORMAT, **provenance}, sort_keys=True)
    np.savez_compressed(out, provenance=encode_text(text), **arrays)
    return out.getvalue()


def _provenance(file: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    if "provenance" not in file:
        raise ValueError(f"not a weights file, or one of a format before 4; this version reads format {FORMAT}")
    provenance: dict[str, Any] = json.loads(file["provenance"].tobytes())
    if provenance.get("format") != FORMAT:
        raise ValueError(f"weights of format {provenance.get('format')}; this version reads format {FORMAT}")
    return provenance


def _lexicon_arrays(lexicon: Lexicon, prefix: str) -> dict[str, Any]:
    """The arrays of a weights file. Differences between ascending hashes compress better than the hashes."""
    return {
        f"{prefix}_hashes": np.diff(lexicon.hashes, prepend=np.uint32(0)),
        f"{prefix}_weights": lexicon.weights.astype(np.float16),
    }


def _lexicon(file: Mapping[str, NDArray[Any]], prefix: str) -> Lexicon:
    hashes = np.cumsum(file[f"{prefix}_hashes"], dtype=np.uint32)
    return Lexicon.make(hashes, file[f"{prefix}_weights"].astype(np.float32))
