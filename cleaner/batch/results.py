"""The result for a record: lines for the output files, and what they add to the counts of the run."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Counts:
    """What the summary counts.

    ``without_address`` counts records that a site memory says nothing about, as their address is unknown.
    ``removed_by_label`` counts removed blocks where they have labels. ``cleaning_seconds`` is processor time, without
    reading and writing.
    """

    out: int = 0
    failed: int = 0
    words_in: int = 0
    words_out: int = 0
    blocks_removed: int = 0
    removed_by_label: dict[str, int] = field(default_factory=dict)
    cleaning_seconds: float = 0.0
    without_address: int = 0

    def plus(self, others: "Iterable[Counts]") -> "Counts":
        """The sum of these counts and others."""
        every = [self, *others]
        removed: Counter[str] = Counter()
        for counts in every:
            removed.update(counts.removed_by_label)
        return Counts(
            sum(counts.out for counts in every),
            sum(counts.failed for counts in every),
            sum(counts.words_in for counts in every),
            sum(counts.words_out for counts in every),
            sum(counts.blocks_removed for counts in every),
            dict(removed.most_common()),
            sum(counts.cleaning_seconds for counts in every),
            sum(counts.without_address for counts in every),
        )


@dataclass(frozen=True, slots=True)
class RecordLines:
    """The result for a record: whole lines for the output and for the removed blocks, or one line for the errors."""

    output: bytes = b""
    removed: bytes = b""
    error: bytes = b""
    counts: Counts = Counts()
