"""Lines of a text whose wording is asked about: their form, and what stands around them.

A line between two paragraphs is mostly a sub-heading or an entry, whatever its words are. One beside a line that rules
know as residue, or below the article's last paragraph, is mostly none. So wording counts by the place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from cleaner.segment.page import RawBlock
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Flags, Ints
from cleaner.text.charstats import DIGIT
from cleaner.text.words import QUESTION_MARKS

#: The columns: the log-odds of residue by wording; the words of a sentence, 0 for a line without a full stop; whether
#: it has no full stop or is a question; whether it has less than ``SHORT`` words, and less than ``FEW``; the tenths of
#: the characters of a line without a full stop that are digits, at most ``MAX_TENTHS``; how many of its two neighbours
#: rules know as residue; whether no sentence of the article stands below it.
COLUMNS: Final = ("wording", "sentence_words", "open", "short", "few", "digits", "known_neighbours", "below")
SHORT: Final = 7
FEW: Final = 5
MAX_TENTHS: Final = 3.0
#: The words of a sentence of the article, at least.
SENTENCE_WORDS: Final = 8
#: The log-odds of residue by wording from which a line may be residue. Prose below it is a paragraph of the article.
MIN_LOG_ODDS: Final = 0.0


@dataclass(frozen=True, slots=True)
class WordingContext:
    """The lines of a text that may be residue by their wording.

    ``rows``     ``(n,) int64``, their places among the lines that were asked about
    ``columns``  ``(n, n_columns) float32``
    ``between``  ``(n,) bool``, whether a paragraph stands right above and right below; lines that rules know as residue
                 do not count, so that it is the same when the text is cleaned again
    """

    rows: Ints
    columns: Array
    between: Flags

    @classmethod
    def of(
        cls, blocks: Sequence[RawBlock], prose_map: ProseMap, known: Flags, asked: Sequence[int], log_odds: Array
    ) -> Self:
        """``known`` ``(n_blocks,) bool`` are lines that rules know as residue, ``asked`` the blocks whose wording gives
        the ``log_odds`` ``(n_asked,) float32`` of residue.
        """
        rows = (log_odds >= MIN_LOG_ODDS).nonzero()[0]
        at = np.array(asked, np.int64).take(rows)
        of_article = ~known
        of_article[at] = False
        between = _stand_between(prose_map.in_prose & of_article, known, at)
        is_sentence = prose_map.stats.ended & (prose_map.stats.words >= SENTENCE_WORDS) & of_article
        last_sentence = is_sentence.nonzero()[0].max(initial=-1)
        beside = np.concatenate([[False], known, [False]]).astype(np.int64)
        known_neighbours = beside.take(at) + beside.take(at + 2)
        columns = [log_odds.take(rows), *_forms(blocks, prose_map, at), known_neighbours, at > last_sentence]
        return cls(rows, np.stack(columns, axis=1).astype(np.float32), between)


def _stand_between(is_paragraph: Flags, known: Flags, at: Ints) -> Flags:
    """Whether the next lines above and below some blocks that are not ``known`` are paragraphs: ``(n,) bool``. None of
    the blocks is known.
    """
    unknown = (~known).nonzero()[0]
    paragraphs = np.concatenate([[False], is_paragraph[unknown], [False]])
    place = unknown.searchsorted(at)
    return np.asarray(paragraphs.take(place) & paragraphs.take(place + 2), bool)


def _forms(blocks: Sequence[RawBlock], prose_map: ProseMap, at: Ints) -> list[Array | Ints | Flags]:
    """The columns of the form of some blocks, from ``sentence_words`` to ``digits``: ``(n,)`` each."""
    stats = prose_map.stats
    words, ended = stats.words.take(at), stats.ended.take(at)
    is_question = np.array([blocks[number].plain.endswith(QUESTION_MARKS) for number in at.tolist()], bool)
    tenths = np.minimum(10 * stats.counts[at, DIGIT] / stats.chars.take(at), np.float32(MAX_TENTHS))
    return [words * ended, ~ended | is_question, words < SHORT, words < FEW, tenths * ~ended]
