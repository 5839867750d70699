"""How far a run is, on a terminal; and what it did, at its end."""

import sys
import time
from typing import Any, Final, Protocol

from cleaner.batch.cleaning import Tally
from cleaner.batch.run import Summary

#: Seconds between two lines of the counter.
_PAUSE: Final = 0.2


class Progress(Protocol):
    """What shows how far a run is."""

    def tell(self, records: int, tally: Tally, read: int) -> None:
        """Show it."""

    def close(self) -> None:
        """Leave the line."""


def progress(size: int) -> Progress:
    """A bar for so many bytes, 0 where nobody knows; a counter without tqdm; nothing where nobody looks."""
    if sys.stderr is None or not sys.stderr.isatty():
        return _Nothing()
    try:
        from tqdm import tqdm
    except ImportError:
        return _Counter()
    return _Bar(tqdm(total=size or None, unit="B", unit_scale=True, bar_format=_BAR if size else _NO_BAR))


_BAR: Final = "{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
_NO_BAR: Final = "{elapsed}{postfix}"


class _Nothing:
    def tell(self, records: int, tally: Tally, read: int) -> None:
        pass

    def close(self) -> None:
        pass


class _Counter:
    def __init__(self) -> None:
        self._started = self._last = time.monotonic()
        self._first: int | None = None

    def tell(self, records: int, tally: Tally, read: int) -> None:
        del read
        now = time.monotonic()
        self._first = records if self._first is None else self._first
        if now - self._last >= _PAUSE:
            self._last = now
            print(f"\r{_counts(records, tally, records - self._first, now - self._started)} ", end="", file=sys.stderr)

    def close(self) -> None:
        print(file=sys.stderr)


class _Bar:
    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._started = time.monotonic()
        self._first: int | None = None

    def tell(self, records: int, tally: Tally, read: int) -> None:
        self._first = records if self._first is None else self._first
        said = _counts(records, tally, records - self._first, time.monotonic() - self._started)
        self._bar.set_postfix_str(said, refresh=False)
        self._bar.update(max(read - self._bar.n, 0))

    def close(self) -> None:
        self._bar.close()


def _counts(records: int, tally: Tally, done: int, seconds: float) -> str:
    rate = done / seconds if seconds > 0 else 0
    return f"{records:,} records, {tally.failed:,} failed, {rate:,.0f} a second"


def lines(summary: Summary, errors: str) -> str:
    """The summary for a reader."""
    tally = summary.tally
    failed = f"{tally.failed:,} failed" + (f", see {errors}" if tally.failed else "")
    removed = ", ".join(f"{label} {count:,}" for label, count in tally.removed.items())
    rate = summary.records / summary.seconds if summary.seconds else 0
    return "\n".join(
        [
            f"{summary.records:,} records in, {tally.out:,} out, {failed}",
            f"{tally.words_in:,} words in, {tally.words_out:,} out",
            f"{tally.blocks_removed:,} blocks removed" + (f": {removed}" if removed else ""),
            f"{summary.seconds:,.1f} seconds, {rate:,.0f} records a second",
        ]
    )
