"""The fingerprint of weights: what their columns meant and how they were trained, so that stale weights are noticed.

Weights fit the code that made their columns. A changed constant, a corrected word count or another regular expression
changes what a column means, and the trees then read numbers that they were not fitted on. Nothing fails by itself. So
``cleaner-learn fit`` records a fingerprint in the provenance of the weights, and a test compares it with that of the
present code. It has three parts:

``columns``
    A checksum of each column that the trees use, and of each number of the page profile that the page types use, on
    the probes (:mod:`cleaner.learn.probes`), with the lexicons of the weights and the rules of the probes. A column
    that the trees do not use has no checksum: a new column, or the ``rule_…`` column of a new label, changes nothing.
``training``
    The hyper-parameters, the constants that training uses, and the labels that readers gave to lines.
``packs``
    A digest of the content of each bundled pack. Weights may be older than the packs, since a rule also counts by its
    own weight: a difference is reported, and is no failure.

A checksum is a weighted sum of a column's values, with another weight for each block, so that an exchange of two values
shows as well. It is compared with a tolerance, since numpy builds differ in the last digits of sums and exponentials.
"""

import hashlib
import json
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner import rules
from cleaner.document import DEFAULT_KEEP
from cleaner.features.profile import NAMES as PROFILE
from cleaner.learn import hyperparameters, probes
from cleaner.learn.data import align, baselines, corpus, texts
from cleaner.learn.hyperparameters import Stage
from cleaner.model import weights as model
from cleaner.model.weights import TextWeights, Weights
from cleaner.text.arrays import Columns, Floats
from cleaner.text.shingles import PRESENT

#: Two checksums agree when they differ by at most this part of the weighted sum of the absolute values. Noise is far
#: smaller: 4.6e-8 between numpy 1.26 and 2.4.
TOLERANCE: Final = 1e-5
#: Significant digits of a checksum that are stored.
DIGITS: Final = 8

_GOLDEN_RATIO: Final = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between the fingerprint in weights and that of the present code: names of columns, settings and
    packs. ``unknown`` where the weights have none.
    """

    columns: tuple[str, ...] = ()
    training: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    unknown: bool = False

    @property
    def stale(self) -> bool:
        """Whether a new fit is due. Changed packs are no reason."""
        return self.unknown or bool(self.columns or self.training)

    def lines(self) -> Iterator[str]:
        """The difference as a report."""
        if self.unknown:
            yield "no fingerprint: run cleaner-learn fit"
        if self.columns:
            yield f"columns mean something else than at the fit ({', '.join(self.columns)}): run cleaner-learn fit"
        if self.training:
            yield f"training has other settings than at the fit ({', '.join(self.training)}): run cleaner-learn fit"
        if self.packs:
            yield f"packs changed since the fit ({', '.join(self.packs)}): the weights still hold"


def stamped(weights: Weights | TextWeights) -> Weights | TextWeights:
    """The weights, as a file holds them, with the fingerprint of the present code in their provenance.

    Packs that it has already stay: they are those of the fit, which no later acceptance changes.
    """
    of_fit = weights.provenance.get("fingerprint", {}).get("packs")
    weights = type(weights).parse(weights.dump())  # a file has less precision
    fingerprint = {
        "columns": {name: checksum(values) for name, values in columns(weights).items()},
        "training": training(weights),
        "packs": of_fit or packs(),
    }
    return replace(weights, provenance={**weights.provenance, "fingerprint": fingerprint})


def write(path: Path, weights: Weights | TextWeights) -> None:
    """Write weights with the fingerprint of the present code (:func:`stamped`)."""
    path.write_bytes(stamped(weights).dump())


def difference(weights: Weights | TextWeights) -> Difference:
    """What differs between the fingerprint of these weights and the present code."""
    stored = weights.provenance.get("fingerprint")
    if not stored:
        return Difference(unknown=True)
    return Difference(
        columns=_changed_columns(stored["columns"], columns(weights)),
        training=_changed(stored["training"], training(weights)),
        packs=_changed(stored["packs"], packs()),
    )


def _changed(stored: Mapping[str, Any], present: Mapping[str, Any]) -> tuple[str, ...]:
    """The names whose values differ, or that one of the two lacks."""
    return tuple(sorted(name for name in stored.keys() | present.keys() if stored.get(name) != present.get(name)))


# -- columns -----------------------------------------------------------------------------------


def columns(weights: Weights | TextWeights) -> dict[str, NDArray[Any]]:
    """The values on all probes of each column that the trees use, ``(n_blocks of all probes,) float32``; and of each
    number of the profile that the page types use, ``(n_pages,) float64``, as ``profile.<name>``.

    A column that the code does not make any more is left out.
    """
    if isinstance(weights, TextWeights):
        return _joined(probes.text_columns(), weights.trees.columns)
    pages = probes.page_columns(weights)
    used = {*weights.first_stage.columns, *weights.second_stage.columns}
    profiles = np.stack([features.profile for features, _ in pages], axis=1)
    return _joined([of_page for _, of_page in pages], used) | {
        f"profile.{name}": values
        for name, values, is_used in zip(PROFILE, profiles, weights.types.used, strict=True)
        if is_used
    }


def _joined(parts: Sequence[Columns], names: Collection[str]) -> dict[str, NDArray[Any]]:
    return {name: np.concatenate([part[name] for part in parts]) for name in names if name in parts[0]}


def _changed_columns(stored: Mapping[str, float], present: Mapping[str, NDArray[Any]]) -> tuple[str, ...]:
    missing = stored.keys() ^ present.keys()
    changed = {name for name in stored.keys() & present.keys() if not agrees(stored[name], present[name])}
    return tuple(sorted(missing | changed))


def checksum(values: NDArray[Any]) -> float:
    """The weighted sum of a column."""
    return float(f"{_block_weights(len(values)) @ values.astype(np.float64):.{DIGITS}g}")


def agrees(stored: float, values: NDArray[Any]) -> bool:
    """Whether a column has the checksum that is stored, up to noise."""
    scale = _block_weights(len(values)) @ np.abs(values.astype(np.float64))
    return bool(abs(checksum(values) - stored) <= TOLERANCE * scale)


def _block_weights(n: int) -> Floats:
    """A weight from 1 to 2 for each block, no two the same: ``(n,) float64``."""
    return np.asarray(1 + np.arange(1, n + 1) * _GOLDEN_RATIO % 1, np.float64)


# -- training ----------------------------------------------------------------------------------


def training(weights: Weights | TextWeights) -> dict[str, Any]:
    """The settings that weights of this kind are fitted with, as JSON holds them.

    The names are the fingerprint's own, so that a constant can be renamed without a new fit.
    """
    settings = (_text_settings() if isinstance(weights, TextWeights) else _html_settings()) | {
        "lightgbm": hyperparameters.LIGHTGBM,
        "folds": corpus.FOLDS,
        "format": model.FORMAT,
        "alignment": [align.LONG, align.IN_CHAIN, align.SLACK, align.MIN_CLAIM_WORDS, align.NOT_FOUND],
    }
    plain = {name: asdict(value) if isinstance(value, Stage) else value for name, value in settings.items()}
    as_json: dict[str, Any] = json.loads(json.dumps(plain))
    return as_json


def _html_settings() -> dict[str, Any]:
    return {
        "first_stage": hyperparameters.FIRST_STAGE,
        "second_stage": hyperparameters.SECOND_STAGE,
        "teacher_share": hyperparameters.TEACHER_SHARE,
        "teacher_seeds": hyperparameters.TEACHER_SEEDS,
        "max_root_words": hyperparameters.MAX_ROOT_WORDS,
        "in_doubt": [model.SURE_RESIDUE, model.SURE_BODY],
        "min_sites": hyperparameters.MIN_SITES,
        "min_weight": hyperparameters.MIN_WEIGHT,
        "class_names_c": hyperparameters.CLASS_NAMES_C,
        "words_c": hyperparameters.WORDS_C,
        "page_types_c": hyperparameters.PAGE_TYPES_C,
        "never": hyperparameters.NEVER,
        "type_weight": hyperparameters.TYPE_WEIGHT,
        "read_weight": hyperparameters.READ_WEIGHT,
        "conventions": _digest_of_file("conventions.toml"),
        "readings": [_digest_of_file(name) for name in hyperparameters.READINGS],
    }


def _text_settings() -> dict[str, Any]:
    return {
        "stage": hyperparameters.TEXT_STAGE,
        "max_words": hyperparameters.MAX_WORDS,
        "labelled_weight": hyperparameters.LABELLED_WEIGHT,
        "prior": model.PRIOR,
        "failed_extraction": texts.FAILURE,
        "headline": [texts.TOP_LINES, texts.HEADLINE_SHARE],
        "present": PRESENT,
        "content": sorted(DEFAULT_KEEP["text"]),
        "extractors": sorted(baselines.UPSTREAM),
        "labels": _digest_of_file("labels.tsv"),
    }


def _digest_of_file(name: str) -> str:
    """A digest of a file of :mod:`cleaner.learn.data`."""
    return hashlib.sha256(resources.files("cleaner.learn.data").joinpath(name).read_bytes()).hexdigest()[:8]


# -- packs and corpora -------------------------------------------------------------------------


@cache
def packs() -> dict[str, str]:
    """A digest of each bundled pack, and of the concepts, by name."""
    data = resources.files("cleaner.rules").joinpath("data")
    names = ("concepts", "shared", *rules.languages())
    return {name: digest(data.joinpath(f"{name}.toml").read_text("utf-8")) for name in names}


def digest(toml: str) -> str:
    """A digest of what a pack matches: comments, descriptions and examples do not count."""
    content = _without_remarks(tomllib.loads(toml))
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]


def _without_remarks(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    return {key: _without_remarks(value) for key, value in content.items() if key not in ("about", "yes", "no")}


def changed_corpora(weights: Weights | TextWeights, root: Path) -> tuple[str, ...]:
    """The names of the corpora that weights were fitted on whose pages or gold under ``root`` are others now.

    Further corpora under ``root`` do not matter. Raises ``FileNotFoundError`` for one that is missing.
    """
    stored: Mapping[str, str] = weights.provenance["corpora"]
    return _changed(stored, corpus.digests(corpus.read(root, sorted(stored))))
