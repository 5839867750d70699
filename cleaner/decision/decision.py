"""What deciding about the body of a source gives, and how good the result is expected to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cleaner.document import Evidence, Label
from cleaner.text.arrays import Flags, Floats, indices

#: HTML: a page that is expected to have fewer words of body than this has none: an empty shell, an error page, a list
#: that a script fills. Of 17 development pages with empty gold 10 are found; 3 others are lost, which had nothing right
#: anyway.
MIN_BODY_WORDS: Final = 15.0

#: Blocks about which a user's rules decide (``strength = "always"``): True for body.
Decisive = Mapping[int, bool]


@dataclass(frozen=True, slots=True)
class Decision:
    """Which blocks of a source are body.

    ``body``        (n_blocks,) bool
    ``confidence``  the word F1 that the kept text is expected to reach, from 0 to 1
    ``flags``       what had to be done about the source as a whole
    ``decisive``    the blocks about which a user's rules decided
    ``next_story``  (n_blocks,) bool, the blocks of stories that an endless page has loaded behind its own; pages only
    ``reasons``     why blocks are or are not body against the model's word: evidence of steps and overrides, by the
                    number of the block
    """

    body: Flags
    confidence: float
    flags: tuple[str, ...] = ()
    decisive: Decisive = field(default_factory=dict)
    next_story: Flags | None = None
    reasons: Mapping[int, Evidence] = field(default_factory=dict)


def with_blocks(body: Flags, blocks: Sequence[int]) -> Flags:
    """The body with some blocks; the same array where there are none."""
    return _set(body, blocks, stays=True)


def without_blocks(body: Flags, blocks: Sequence[int]) -> Flags:
    """The body without some blocks; the same array where there are none."""
    return _set(body, blocks, stays=False)


def _set(body: Flags, blocks: Sequence[int], *, stays: bool) -> Flags:
    if not blocks:
        return body
    changed = body.copy()
    changed[blocks] = stays
    return changed


def changed(before: Flags, after: Flags, reason: Evidence) -> dict[int, Evidence]:
    """The reason for each block that a step changed, by the number of the block."""
    return {} if after is before else dict.fromkeys(indices(before != after), reason)


def in_force(reasons: Mapping[int, Evidence], body: Flags) -> dict[int, Evidence]:
    """The reasons that later steps did not undo."""
    return {at: found for at, found in reasons.items() if (found.label is Label.BODY) == body[at]}


def with_certainty(scores: Floats, reasons: Mapping[int, Evidence]) -> Floats:
    """The scores, in which what was decided for a reason is certain: (n_blocks,) float64."""
    certain = scores.copy()
    for at, found in reasons.items():
        certain[at] = found.label is Label.BODY
    return certain


def overruled(body: Flags, decisive: Decisive) -> Flags:
    """The body, with the blocks about which a user's rules decide as these say."""
    if not decisive:
        return body
    decided = body.copy()
    for at, stays in decisive.items():
        decided[at] = stays
    return decided


def expected_f1(scores: Floats, word_counts: Floats, body: Flags) -> float:
    """The word F1 that is expected of keeping some blocks, from 0 to 1; of keeping none, the probability that none is
    body.

    ``scores`` (n_blocks,) float64, probability of body; ``word_counts`` (n_blocks,) float64.
    """
    body_words = float((scores * word_counts).sum())
    if not body.any():
        return float(np.clip(1 - body_words / (2 * MIN_BODY_WORDS), 0, 1))
    return float(2 * (scores * word_counts)[body].sum() / (word_counts[body].sum() + body_words + 1e-9))
