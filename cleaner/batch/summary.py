"""The summary of a run."""

from dataclasses import dataclass, field
from typing import Any

from cleaner.batch.results import Counts
from cleaner.batch.worker import Usage, own_usage


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did. ``resumed`` records were done before it; ``seconds`` is wall-clock time. ``workers`` is what its
    workers used.

    ``already_done``: there was nothing left to do, and the figures are those of the run that did it.
    """

    records: int
    resumed: int
    counts: Counts
    seconds: float
    workers: Usage = field(default_factory=Usage)
    already_done: bool = False

    @property
    def rate(self) -> float:
        """Records per second."""
        return self.records / self.seconds if self.seconds else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The summary as plain data."""
        counts = self.counts
        return {
            "records_in": self.records,
            "records_out": counts.out,
            "failed": counts.failed,
            "words_in": counts.words_in,
            "words_out": counts.words_out,
            "blocks_removed": counts.blocks_removed,
            "removed_by_label": counts.removed_by_label,
            "without_address": counts.without_address,
            "seconds": round(self.seconds, 3),
            "records_per_second": round(self.rate, 1),
            "records_resumed": self.resumed,
            "cpu_seconds_cleaning": round(counts.cleaning_seconds, 3),
            **self._usage(),
        }

    def _usage(self) -> dict[str, Any]:
        """Processor time of this process and its workers, and the largest memory of this process and of a worker."""
        own = own_usage()
        return {
            "cpu_seconds": round(own.cpu_seconds + self.workers.cpu_seconds, 3),
            "cpu_seconds_main": round(own.cpu_seconds, 3),
            "peak_mib_main": own.peak_mib,
            "peak_mib_worker": self.workers.peak_mib,
        }

    def to_text(self, errors: str) -> str:
        """The summary for a reader; ``errors`` is the name of the file of errors, "" if there is none."""
        counts = self.counts
        failed = f"{counts.failed:,} failed" + (f", see {errors}" if counts.failed and errors else "")
        removed = ", ".join(f"{label} {count:,}" for label, count in counts.removed_by_label.items())
        lines = [
            f"{self.records:,} records in, {counts.out:,} out, {failed}",
            f"{counts.words_in:,} words in, {counts.words_out:,} out",
            f"{counts.blocks_removed:,} blocks removed" + (f": {removed}" if removed else ""),
            f"{self.seconds:,.1f} seconds, {self.rate:,.0f} records a second",
        ]
        if counts.without_address:
            lines.append(
                f"the site memory was not used for {counts.without_address:,} records: their address is unknown; "
                "--url-field or --url gives it"
            )
        return "\n".join(lines)
