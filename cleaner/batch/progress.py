"""The progress of a run on a terminal."""

import sys
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from cleaner.batch.results import Counts

#: Seconds between two updates of the counter.
_INTERVAL: Final = 0.2

_BAR_FORMAT: Final = "{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
_UNKNOWN_SIZE_FORMAT: Final = "{elapsed}{postfix}"


class Display(Protocol):
    """Shows the progress of a run."""

    def update(self, records: int, counts: Counts, bytes_read: int) -> None:
        """Show the number of records done, their counts, and the bytes of the inputs read."""

    def close(self) -> None:
        """End the line."""


def progress_display(size: int, *, quiet: bool = False) -> Display:
    """The display for inputs of ``size`` bytes, 0 if unknown.

    It is a bar, a counter if tqdm is not installed, and nothing if standard error is no terminal or with ``quiet``.
    """
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        return _NoDisplay()
    try:
        from tqdm import tqdm
    except ImportError:
        return _CounterDisplay()
    bar_format = _BAR_FORMAT if size else _UNKNOWN_SIZE_FORMAT
    return _BarDisplay(lambda: tqdm(total=size or None, unit="B", unit_scale=True, bar_format=bar_format))


class _NoDisplay:
    def update(self, records: int, counts: Counts, bytes_read: int) -> None:
        pass

    def close(self) -> None:
        pass


class _Rate:
    """Records per second of this run, without those that were done before it."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._first: int | None = None

    def describe(self, records: int, counts: Counts) -> str:
        """The counts for a reader."""
        self._first = records if self._first is None else self._first
        seconds = time.monotonic() - self._started
        rate = (records - self._first) / seconds if seconds > 0 else 0
        return f"{records:,} records, {counts.failed:,} failed, {rate:,.0f} a second"


class _CounterDisplay:
    def __init__(self) -> None:
        self._rate = _Rate()
        self._shown_at = time.monotonic()
        self._shown = False

    def update(self, records: int, counts: Counts, bytes_read: int) -> None:
        del bytes_read
        text = self._rate.describe(records, counts)
        if time.monotonic() - self._shown_at >= _INTERVAL:
            self._shown_at, self._shown = time.monotonic(), True
            print(f"\r{text} ", end="", file=sys.stderr)

    def close(self) -> None:
        if self._shown:
            print(file=sys.stderr)


class _BarDisplay:
    """``make_bar`` is called at the first update: what is said before stands above the bar."""

    def __init__(self, make_bar: Callable[[], Any]) -> None:
        self._make_bar = make_bar
        self._bar: Any = None
        self._rate = _Rate()

    def update(self, records: int, counts: Counts, bytes_read: int) -> None:
        if self._bar is None:  # a bar of an unknown size has no truth value
            self._bar = self._make_bar()
        self._bar.set_postfix_str(self._rate.describe(records, counts), refresh=False)
        self._bar.update(max(bytes_read - self._bar.n, 0))

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
