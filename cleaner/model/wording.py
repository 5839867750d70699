"""What was learned about the wording of lines: how much it speaks for residue, and for which kind.

A logistic regression over the sequences of letters of a line (:mod:`cleaner.features.wording`), and a second one over
those of residue for its label. A third, of few numbers, is the judge: it weighs what the first says by the form of the
line and what stands around it (:mod:`cleaner.features.wording_context`). ``cleaner-learn wording`` fits them to lines
that were written for it, in 24 languages, to lines of pages, and to paragraphs of the corpora. The lines of extractors
have no part in it: so what the rules and the trees make of these does not change, and a new line needs no new fit of
the trees.

The file ``wording.npz`` is a numpy archive without pickles:

``provenance``       JSON as UTF-8 bytes: the format, and what the weights were fitted on
``residue``          ``(2 ** RESIDUE_BITS + 1,) float16``, the weight of each slot; the last is the intercept
``labels``           ``(2 ** LABEL_BITS + 1, n_labels) int8``, times ``LABEL_SCALE``; likewise
``judge``            ``(2, n_columns + 1) float32``, the weights of the columns, and the intercept last: of lines
                     anywhere else, and of lines between two paragraphs
"""

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Self

import numpy as np

from cleaner.document import Evidence, Label, Origin
from cleaner.features.wording import Wording
from cleaner.features.wording_context import MIN_LOG_ODDS, WordingContext
from cleaner.model.trees import encode_text
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Flags, ranges, runs
from cleaner.text.data_files import read_data
from cleaner.text.structure import is_code
from cleaner.text.words import QUESTION_MARKS

#: The format of the file that this version reads and writes.
FORMAT: Final = 2
#: log2 of the slots of each table. With half as many, a sixth less of the residue is found that rules do not know.
RESIDUE_BITS: Final = 18
LABEL_BITS: Final = 15
#: What the wording of residue can be called, in the order of the table.
LABELS: Final = (
    Label.BYLINE,
    Label.CAPTION,
    Label.SUBSCRIPTION,
    Label.AUTHOR,
    Label.RELATED,
    Label.SHARE,
    Label.COMMENT,
    Label.ADVERT,
    Label.NOTICE,
    Label.NAVIGATION,
)
#: The weights of labels are stored as multiples of one part of this number.
LABEL_SCALE: Final = 6.0

#: The name of the evidence.
NAME: Final = "wording"
#: What is taken off the log-odds of residue that the judge gives to a line between two paragraphs, and to any other.
#: Chosen by the body words of news that are lost, and by ``fixtures/wording``.
BAR_BETWEEN: Final = 1.0
BAR_ELSEWHERE: Final = 0.5
#: Weight of evidence (log-odds) from which it counts, and at most: a little less than that of a strong rule.
MIN_WEIGHT: Final = 1.0
MAX_WEIGHT: Final = 3.5
#: Words and characters of the lines that are judged: fewer say too little, and longer residue has a sentence that
#: rules know.
MIN_WORDS: Final = 3
MIN_CHARACTERS: Final = 12
MAX_WORDS: Final = 60
#: The share of letters and digits in a line from which it consists of words, and is no drawing or pattern.
MIN_LETTERS: Final = 0.5
#: Lines whose sequences are in memory together: 20 MB of them.
LINES_AT_A_TIME: Final = 500
#: Lines without a full stop that follow each other, from which they are a list.
LIST_LINES: Final = 3

#: Words and numbers from which a line without a full stop is an entry: an event with its time, address and prices.
ENTRY_WORDS: Final = 10
ENTRY_NUMBERS: Final = 3

_NUMBER: Final = re.compile(r"\d+(?:[.,:/]\d+)*")
#: A question, or the heading of a box ("Facts: the ferry"), which belong to the sentence below.
_ASKS_OR_NAMES: Final = re.compile(rf"[{''.join(QUESTION_MARKS)}]$|^\w+[:：] ?[^.]*$")
#: The first characters of speech.
_SPEECH: Final = frozenset("“„«‘\"'「『–—")
#: The last characters of a line that goes on in the next one, as those of verses do.
_GOES_ON: Final = (",", ";", "，", "、", "؛", "،")
#: What stands between the columns of a table in plain text.
_COLUMN_GAP: Final = "  "


@dataclass(frozen=True, slots=True)
class WordingWeights:
    """The regressions: ``residue`` ``(n_slots + 1,) float32``, ``labels`` ``(n_slots + 1, n_labels) float32``, and
    ``judge`` ``(2, n_columns + 1) float32``.
    """

    residue: Array
    labels: Array
    judge: Array
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def log_odds(self, lines: Sequence[str]) -> Array:
        """The log-odds of residue of each line by its wording: ``(n_lines,) float32``."""
        return np.concatenate([np.zeros(0, np.float32), *map(self._log_odds, _parts(lines))])

    def labels_of(self, lines: Sequence[str]) -> list[Label]:
        """The likeliest label of each line, if it is residue."""
        return [label for part in _parts(lines) for label in self._labels_of(part)]

    def judged(self, context: WordingContext) -> Array:
        """The log-odds of residue of lines by wording, by form and by what stands around: ``(n,) float32``."""
        rows = self.judge.take(context.between.astype(np.int64), axis=0)
        return np.asarray((context.columns * rows[:, :-1]).sum(axis=1) + rows[:, -1], np.float32)

    def _log_odds(self, lines: Sequence[str]) -> Array:
        wording = Wording.of(lines)
        weights = self.residue.take(wording.slots(RESIDUE_BITS))
        sums = np.bincount(wording.line, weights, len(lines))
        return np.asarray(sums * wording.shares + self.residue[-1], np.float32)

    def _labels_of(self, lines: Sequence[str]) -> list[Label]:
        wording = Wording.of(lines)
        scores = np.tile(self.labels[-1], (len(lines), 1))
        shares = wording.shares.take(wording.line)[:, None]
        np.add.at(scores, wording.line, self.labels.take(wording.slots(LABEL_BITS), axis=0) * shares)
        return [LABELS[number] for number in scores.argmax(axis=1).tolist()]

    def dump(self) -> bytes:
        """The weights file. Equal weights give equal bytes."""
        out = io.BytesIO()
        np.savez_compressed(
            out,
            provenance=encode_text(json.dumps({"format": FORMAT, **self.provenance}, sort_keys=True)),
            residue=self.residue.astype(np.float16),
            labels=(self.labels * LABEL_SCALE).round().clip(-127, 127).astype(np.int8),
            judge=self.judge.astype(np.float32),
        )
        return out.getvalue()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The weights in a file. Raises ``ValueError`` for a file of another format."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            provenance: dict[str, Any] = json.loads(file["provenance"].tobytes())
            if provenance.pop("format") != FORMAT:
                raise ValueError("the weights of wordings are of another version")
            labels = file["labels"].astype(np.float32) / np.float32(LABEL_SCALE)
            return cls(file["residue"].astype(np.float32), labels, file["judge"], provenance)


def _parts(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """The lines, some at a time: a line of 240 characters has a thousand sequences."""
    return (lines[start : start + LINES_AT_A_TIME] for start in range(0, len(lines), LINES_AT_A_TIME))


def evidence(page: Page, prose_map: ProseMap, known: Flags, weights: WordingWeights) -> dict[int, Evidence]:
    """What the wording of lines of a text says against them, by the number of the line, where it says enough.

    ``known`` (n_blocks,) bool are lines that go without it. The others that are asked about (:func:`asked_lines`) are
    judged by their wording, their form, and what stands around them.
    """
    asked = asked_lines(page, prose_map, known)
    if not asked:
        return {}
    lines = [page.blocks[at].plain for at in asked]
    log_odds = weights.log_odds(lines)
    if log_odds.max() < MIN_LOG_ODDS:
        return {}
    context = WordingContext.of(page.blocks, prose_map, known, asked, log_odds)
    against = weights.judged(context) - np.where(context.between, np.float32(BAR_BETWEEN), np.float32(BAR_ELSEWHERE))
    is_telling = against >= MIN_WEIGHT
    telling, found = context.rows[is_telling].tolist(), np.minimum(against[is_telling], MAX_WEIGHT).tolist()
    labels = weights.labels_of([lines[row] for row in telling])
    return {
        asked[row]: Evidence(NAME, label, round(weight, 1), origin=Origin.MODEL)
        for row, label, weight in zip(telling, labels, found, strict=True)
    }


def asked_lines(page: Page, prose_map: ProseMap, known: Flags) -> list[int]:
    """The lines of a text whose wording is asked about; ``known`` (n_blocks,) bool are lines that go without it.

    They are plain lines that do not stand above the article's first paragraph, where a headline may say anything; so
    none of a text without a paragraph. Lines without a full stop that follow each other are a list, results or verses.
    One with many words and some numbers is an entry. A question or the heading of a box right above a sentence belongs
    to it.
    """
    word_counts, first = prose_map.words, prose_map.zones.first
    if first < 0:
        return []
    ended = prose_map.stats.ended
    above_sentence = np.append((ended & ~known)[1:], False)
    in_list = _in_runs(~ended & ~known)
    return [
        at
        for at in range(first, len(page.blocks))
        if not known[at]
        and MIN_WORDS <= word_counts[at] <= MAX_WORDS
        and not in_list[at]
        and len(page.blocks[at].plain) >= MIN_CHARACTERS
        and _is_plain(page.blocks[at])
        and not (above_sentence[at] and _ASKS_OR_NAMES.search(page.blocks[at].plain))
        and (ended[at] or word_counts[at] < ENTRY_WORDS or len(_NUMBER.findall(page.blocks[at].plain)) < ENTRY_NUMBERS)
    ]


def _in_runs(flags: Flags) -> Flags:
    """Which lines are in a run of ``LIST_LINES`` flagged lines or more: ``(n_blocks,) bool``."""
    starts, ends = runs(flags)
    long = ends - starts >= LIST_LINES
    found = np.zeros(len(flags), bool)
    found[ranges(starts[long], (ends - starts)[long])] = True
    return found


def _is_plain(block: RawBlock) -> bool:
    """Whether a line consists of words, and is neither marked as something nor speech, part of a longer line, or
    columns of a table.
    """
    line, first = block.plain, block.plain[:1]
    is_part = first.islower() or line.endswith(_GOES_ON)
    if block.tag != "p" or is_part or first in _SPEECH or _COLUMN_GAP in line or is_code(block):
        return False
    return sum(map(str.isalnum, line)) >= MIN_LETTERS * len(line)


@cache
def load() -> WordingWeights:
    """The bundled weights."""
    return WordingWeights.parse(read_data("cleaner.model", "wording.npz"))
