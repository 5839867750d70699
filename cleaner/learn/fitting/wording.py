"""Fits the weights of wordings: regularised logistic regressions over hashed sequences of letters, and the judge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleaner.document import Label
from cleaner.features.wording import Wording
from cleaner.features.wording_context import COLUMNS, WordingContext
from cleaner.learn.data import lines, simulated
from cleaner.learn.data.corpus import FOLDS, Example, digests
from cleaner.learn.data.lines import LabelledLine
from cleaner.learn.data.simulated import SimulatedText
from cleaner.learn.hyperparameters import (
    GOLD_WEIGHT,
    NEVER,
    PAGE_LINE_WEIGHT,
    WORDING_C,
    WORDING_LABELS_C,
    WRITTEN_BODY_FACTOR,
    WRITTEN_LINE_WEIGHT,
)
from cleaner.model.wording import (
    BAR_BETWEEN,
    BAR_ELSEWHERE,
    LABEL_BITS,
    LABELS,
    MIN_WEIGHT,
    RESIDUE_BITS,
    WordingWeights,
    asked_lines,
)
from cleaner.text.arrays import Array, Flags, Floats, Ints

#: Steps of the regressions at most.
RESIDUE_STEPS: Final = 160
LABEL_STEPS: Final = 300
#: The columns that the judge reads of lines of each kind of place, in the order of its rows. More of them gained
#: nothing on unseen sites.
JUDGED_BY: Final = {
    "elsewhere": ("wording", "sentence_words", "known_neighbours", "below"),
    "between": ("wording", "sentence_words", "open", "short", "few", "digits"),
}


@dataclass(frozen=True, slots=True)
class Lines:
    """What the weights are fitted on: ``known``, lines of the library with their labels; ``of_pages``, lines of pages
    with the labels that the model of pages gives them; ``paragraphs`` of the gold of pages.
    """

    known: Sequence[LabelledLine]
    of_pages: Sequence[LabelledLine]
    paragraphs: Sequence[LabelledLine]


def fit(examples: Sequence[Example]) -> WordingWeights:
    """The weights, fitted on the labelled lines of the library, on lines of pages, and on paragraphs of their gold.
    Prints how many of the lines of simulated texts go by weights that were fitted without them.
    """
    pages = lines.label_pages(examples)
    found = Lines(list(lines.read()), lines.of_pages(pages), lines.of_gold(examples))
    table = ResidueTable.of(found)
    without_fold = [table.weights(table.fold != fold) for fold in range(FOLDS)]
    rows = JudgeRows.of([*simulated.of_pages(pages), *simulated.of_written()], without_fold)
    judge = judge_weights(rows)
    print(*measure(rows, judge), sep="\n")
    provenance = {
        "corpora": digests(examples),
        "lines": len(found.known),
        "lines of pages": len(found.of_pages),
        "paragraphs": len(found.paragraphs),
        "lines of texts": len(rows.is_residue),
    }
    everything = np.ones(len(table.fold), bool)
    return WordingWeights(table.weights(everything), label_weights(found.known), judge, provenance)


@dataclass(frozen=True, slots=True)
class ResidueTable:
    """The rows of the regression for residue: the sequences of each line, whether it is residue, what it counts, and
    its fold; ``(n_lines,)`` each.
    """

    sequences: csr_matrix
    is_residue: Flags
    weight: Array
    fold: Ints

    @classmethod
    def of(cls, found: Lines) -> Self:
        """The rows of all lines."""
        labelled = [*found.known, *found.of_pages, *found.paragraphs]
        numbers = [len(found.known), len(found.of_pages), len(found.paragraphs)]
        return cls(
            _table([line.text for line in labelled], RESIDUE_BITS).astype(np.float32),
            np.array([line.label is not Label.BODY for line in labelled]),
            np.repeat(np.array([1.0, PAGE_LINE_WEIGHT, GOLD_WEIGHT], np.float32), numbers),
            np.array([line.fold for line in labelled]),
        )

    def weights(self, chosen: Flags) -> Array:
        """The weight of each slot, and the intercept, by the chosen rows: ``(n_slots + 1,) float32``, log-odds of
        residue.
        """
        table, counts = self.sequences[chosen], self.weight[chosen] * np.float32(WORDING_C)
        signs = np.where(self.is_residue[chosen], np.float32(1), np.float32(-1))
        # Slots of frequent sequences are curved more. Steps in units of their curvature need a tenth of the time.
        squares = table.copy()
        squares.data **= 2
        scale = 1 / np.sqrt(0.1 * np.append(squares.T @ counts, counts.sum()).astype(np.float64) + 1)

        def loss(scaled: Floats) -> tuple[float, Floats]:
            weights = scaled * scale
            margins = signs * (table @ weights[:-1].astype(np.float32) + np.float32(weights[-1]))
            slopes = -signs * counts / (1 + np.exp(margins))
            gradient = np.append(table.T @ slopes, slopes.sum()) + weights
            value = float((counts * np.logaddexp(0, -margins)).sum() + weights @ weights / 2)
            return value, gradient * scale

        found: Any = minimize(
            loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B", options={"maxiter": RESIDUE_STEPS}
        )
        return np.asarray(found.x * scale, np.float32)


def label_weights(known: Sequence[LabelledLine]) -> Array:
    """The weight of each slot for each label, and the intercepts: ``(n_slots + 1, n_labels) float32``."""
    residue = [line for line in known if line.label in LABELS]
    numbers = [LABELS.index(line.label) for line in residue]
    model = LogisticRegression(C=WORDING_LABELS_C, max_iter=LABEL_STEPS)
    model.fit(_table([line.text for line in residue], LABEL_BITS), numbers)
    weights = np.zeros((1 << LABEL_BITS, len(LABELS)), np.float32)
    intercepts = np.full(len(LABELS), NEVER, np.float32)  # of a label that no line has
    weights[:, model.classes_], intercepts[model.classes_] = model.coef_.T, model.intercept_
    return np.vstack([weights, intercepts])


@dataclass(frozen=True, slots=True)
class JudgeRows:
    """The lines of simulated texts that may be residue by their wording, by weights that were fitted without them.

    ``columns`` ``(n, n_columns) float32``; ``between``, ``is_residue`` and ``written`` ``(n,) bool``.
    """

    columns: Array
    between: Flags
    is_residue: Flags
    written: Flags

    @classmethod
    def of(cls, texts: Iterable[SimulatedText], without_fold: Sequence[Array]) -> Self:
        """The lines of texts; ``without_fold`` are the weights for residue that were fitted without each fold."""
        no_labels = np.zeros((1, len(LABELS)), np.float32)
        no_judge = np.zeros((2, len(COLUMNS) + 1), np.float32)
        weights = [WordingWeights(residue, no_labels, no_judge) for residue in without_fold]
        parts = [_judge_rows(text, weights[text.fold]) for text in texts]
        return cls(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _judge_rows(text: SimulatedText, weights: WordingWeights) -> tuple[Array, Flags, Flags, Flags]:
    """The arrays of :class:`JudgeRows` for one text."""
    page, prose_map = text.page, text.prose_map
    asked = asked_lines(page, prose_map, text.known)
    log_odds = weights.log_odds([page.blocks[at].plain for at in asked])
    context = WordingContext.of(page.blocks, prose_map, text.known, asked, log_odds)
    at = np.array(asked, np.int64).take(context.rows)
    chosen = text.counted.take(at)
    written = np.full(np.count_nonzero(chosen), text.written)
    return context.columns[chosen], context.between[chosen], text.residue.take(at[chosen]), written


def judge_weights(rows: JudgeRows) -> Array:
    """The weights of the judge: ``(2, n_columns + 1) float32``."""
    judge = np.zeros((len(JUDGED_BY), len(COLUMNS) + 1), np.float32)
    for number, (place, names) in enumerate(JUDGED_BY.items()):
        here = rows.between == bool(number)
        used = [COLUMNS.index(name) for name in names]
        of_written = WRITTEN_LINE_WEIGHT[place] * np.where(rows.is_residue, 1, WRITTEN_BODY_FACTOR[place])
        counts = np.where(rows.written, of_written, 1)
        if len(set(rows.is_residue[here].tolist())) < 2:
            judge[number, -1] = NEVER
            continue
        model = LogisticRegression(max_iter=LABEL_STEPS)
        model.fit(rows.columns[here][:, used], rows.is_residue[here], sample_weight=counts[here])
        judge[number, used], judge[number, -1] = model.coef_[0], model.intercept_[0]
    return judge


def measure(rows: JudgeRows, judge: Array) -> list[str]:
    """How many of the lines of simulated texts are spoken against. Lines of one writer are alike, so those of others go
    less often.
    """
    weights = WordingWeights(np.zeros(1, np.float32), np.zeros((1, len(LABELS)), np.float32), judge)
    context = WordingContext(np.arange(len(rows.columns)), rows.columns, rows.between)
    bars = np.where(rows.between, BAR_BETWEEN, BAR_ELSEWHERE)
    goes = weights.judged(context) - bars >= MIN_WEIGHT
    groups = {
        "between paragraphs": rows.between & ~rows.written,
        "elsewhere": ~rows.between & ~rows.written,
        "written for it, between paragraphs": rows.between & rows.written,
        "written for it, below them": ~rows.between & rows.written,
    }
    return [
        f"lines {name}: of {np.count_nonzero(group & rows.is_residue)} of residue "
        f"{np.count_nonzero(goes & group & rows.is_residue)} are known by their wording, and of "
        f"{np.count_nonzero(group & ~rows.is_residue)} of articles {np.count_nonzero(goes & group & ~rows.is_residue)}"
        for name, group in groups.items()
    ]


def _table(texts: Sequence[str], bits: int) -> csr_matrix:
    """How often each text has a sequence of each slot, times what a sequence counts: ``(n_texts, n_slots) float64``."""
    wording = Wording.of(texts)
    values = wording.shares.take(wording.line).astype(np.float64)
    table = csr_matrix((values, (wording.line, wording.slots(bits))), (len(texts), 1 << bits))
    # Sorted, with slots of a text added up: sums of floats depend on their order.
    table.sum_duplicates()
    return table
