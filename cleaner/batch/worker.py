"""What runs in a worker process: it applies a function to the items that arrive through a pipe, under limits.

The main process starts and replaces workers (:mod:`cleaner.batch.pool`). A worker sends one :class:`Ready` or
:class:`StartFailed`, and then a :class:`Done` for each list of items that it receives. It ends when the pipe is
closed, that is, when the main process ends, however that happens.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any, Final, Protocol, TypeVar

#: Exit code of a worker that ran out of memory.
OUT_OF_MEMORY: Final = 77
#: The longest time limit in seconds. Much longer ones, such as infinity, overflow the functions that wait.
MAX_SECONDS: Final = 1e6
#: Seconds beyond the time limit after which a worker ends itself. It matters where the main process was killed.
_GRACE_SECONDS: Final = 5.0

T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


class Work(Protocol[T_contra, R_co]):
    """The function that workers apply to each item. It is pickled and sent to each worker once."""

    def prepare(self) -> None:
        """Load what every item needs. An exception ends the run."""

    def __call__(self, item: T_contra, /) -> R_co:
        """The result for an item. May raise only ``MemoryError``, which ends the worker."""

    def lost(self, item: T_contra, reason: str, /) -> R_co:
        """The result for an item that ended its worker; called in the main process."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one record may take: seconds of wall-clock time, and MiB of address space of its worker."""

    seconds: float = 10.0
    memory_mib: int = 2_048


@dataclass(frozen=True, slots=True)
class Ready:
    """First message of a worker: it is prepared and waits for items."""


@dataclass(frozen=True, slots=True)
class StartFailed:
    """First message of a worker that cannot be prepared."""

    reason: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor time of a process up to now, in seconds, and the largest memory that it had, in MiB."""

    pid: int = 0
    cpu_seconds: float = 0.0
    peak_mib: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """The results for a list of items, in order, and what the worker has used up to now."""

    results: list[Any]
    usage: Usage


def own_usage() -> Usage:
    """The usage of this process; without figures on Windows."""
    try:
        import resource
    except ImportError:  # not available on Windows
        return Usage(os.getpid())
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Usage(os.getpid(), used.ru_utime + used.ru_stime, used.ru_maxrss >> 10)


def run_worker(pipe: "connection.Connection", item_started: Any, work: Work[Any, Any], limits: Limits) -> None:
    """Process lists of items from the pipe until it is closed.

    ``item_started`` is shared memory for one double: the worker writes there when (``time.monotonic()``) it began the
    current item, and the main process reads it to enforce the time limit.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is left to the main process, which ends the workers
    with contextlib.suppress(EOFError, OSError):  # the main process has ended
        try:
            _apply_limits(limits)
            work.prepare()
        except BaseException as error:  # whatever it is, it would happen again for every record
            pipe.send(StartFailed(f"{type(error).__name__}: {error}"))
            return
        pipe.send(Ready())
        set_alarm = _alarm_setter()
        try:
            while True:
                results = []
                for item in pipe.recv():
                    item_started[0] = time.monotonic()
                    set_alarm(limits.seconds + _GRACE_SECONDS)
                    results.append(work(item))
                set_alarm(0)
                pipe.send(Done(results, own_usage()))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)


def _apply_limits(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    import resource

    size = limits.memory_mib << 20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:  # as ulimit -v sets it; only root may raise it
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # pages that crash the parser would fill the disk with core files
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("1000")  # when the machine runs out of memory, the kernel kills a worker, not the main process


def _alarm_setter() -> Callable[[float], object]:
    """A function that makes the process end itself after some seconds; 0 cancels the alarm."""
    if sys.platform == "win32":
        return lambda _: None
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # no Python handler: it must work while C code hangs
    return lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)


def exit_reason(exit_code: int | None, limits: Limits) -> str:
    """Why a worker ended, from its exit code; a negative code is that of a signal.

    >>> exit_reason(-11, Limits()), exit_reason(3, Limits())
    ('crash: killed by SIGSEGV', 'crash: exit code 3')
    """
    if exit_code == OUT_OF_MEMORY:
        return f"memory: more than {limits.memory_mib:,} MiB"
    if exit_code is None or exit_code >= 0:
        return f"crash: exit code {exit_code}"
    if -exit_code == getattr(signal, "SIGALRM", None):
        return timeout_reason(limits)
    return f"crash: killed by {signal.Signals(-exit_code).name}"


def timeout_reason(limits: Limits) -> str:
    """What the file of errors says of a record that took too long."""
    return f"timeout: longer than {limits.seconds:g} s"
