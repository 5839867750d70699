"""The wording of lines: sequences of letters, as slots of a table of learned weights.

Rules know the phrases that somebody has thought of. A line that says the same in other words has sequences of letters
in common with lines that are known: a verb, a form of address, "newsletter" in the middle of a compound. Each sequence
is hashed to one of a fixed number of slots, and those that share a slot share a weight (Weinberger et al., *Feature
Hashing for Large Scale Multitask Learning*, 2009). So the table needs no list of its sequences, which would be larger
than the weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from cleaner.features.hashing import NEWLINE
from cleaner.text.arrays import Array, Ints
from cleaner.text.codepoints import codes_of
from cleaner.text.hashes import Hashes, TextHashes, upper_half

#: Characters from the start of a line that are read.
MAX_CHARACTERS: Final = 240
#: The lengths of the sequences. White space counts as a letter, and so do the beginning and the end of a line.
LENGTHS: Final = (2, 3, 4, 5)

_DIGITS: Final = str.maketrans("123456789", "0" * 9)


@dataclass(frozen=True, slots=True)
class Wording:
    """The sequences of letters of some lines.

    ``hashes`` ``(n_sequences,) uint32``; ``line`` ``(n_sequences,) int64``, the index of the line that each is from;
    ``number`` ``(n_lines,) int64``, the sequences of each line.
    """

    hashes: Hashes
    line: Ints
    number: Ints

    @classmethod
    def of(cls, lines: Sequence[str]) -> Self:
        """The sequences of lines. Case and white space do not count, and all digits are one."""
        texts = [" ".join(line[:MAX_CHARACTERS].split()).translate(_DIGITS) for line in lines]
        codes = codes_of("\n".join(["", *texts, ""]).lower())
        is_break = codes == NEWLINE
        breaks = is_break.nonzero()[0]
        starts = np.arange(len(codes) - 1)  # a sequence that starts with a line break is at the beginning of a line
        end_of_line = breaks.take(breaks.searchsorted(starts, "right"))
        line_of_start = is_break.cumsum()[:-1] - 1
        hashes, lines_of = [], []
        of_lengths = TextHashes(codes).long_of_lengths(LENGTHS, 0, len(starts))
        for length, of_length in zip(LENGTHS, of_lengths, strict=True):
            whole = (starts + length - 1 <= end_of_line).nonzero()[0]
            hashes.append(upper_half(of_length.take(whole)))
            lines_of.append(line_of_start.take(whole))
        line = np.concatenate(lines_of)
        return cls(np.concatenate(hashes), line, np.bincount(line, minlength=len(lines)))

    def slots(self, bits: int) -> Ints:
        """The slot of each sequence in a table of ``2 ** bits`` weights: ``(n_sequences,) int64``."""
        return (self.hashes >> np.uint32(32 - bits)).astype(np.int64)

    @property
    def shares(self) -> Array:
        """What a sequence counts of each line, one by the root of their number: ``(n_lines,) float32``."""
        return np.asarray(1 / np.sqrt(np.maximum(self.number, 1)), np.float32)
