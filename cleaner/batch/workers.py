"""Processes that work on chunks of records, in order, with limits on the time and the memory of each record.

A record may hang, take all memory or end the process that it is in. The process is then replaced, and the records of
its chunk are tried one by one in the new one: exactly the one that does it again is given up.

The processes are started afresh (``spawn``): nothing of the main process is in them, so nothing of it can be held up,
and a pipe is closed as soon as the process at its other end is gone.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from typing import Any, Final, Generic, Protocol, TypeVar

from cleaner.batch.errors import BatchError, reason

#: Seconds in which a process must have started.
START_SECONDS: Final = 120.0
#: How often a process may be killed from outside while it starts, before that is taken for the rule.
STARTS: Final = 3
#: Chunks that are under way at once, for each worker: those that wait for a slow one before them are kept in memory.
WINDOW: Final = 2
#: The exit code of a process that ran out of memory.
_MEMORY: Final = 77
#: Seconds after which a process ends itself, beyond its limit: nobody else does where the main process was killed.
_GRACE: Final = 5.0

_READY: Final = "ready"

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")


class Work(Protocol[T_contra, R_co]):
    """What is done to each item. It is pickled, and sent to each process once."""

    def prepare(self) -> None:
        """Load what every item needs; what this raises ends the run."""

    def __call__(self, item: T_contra, /) -> R_co:
        """What becomes of an item; ``MemoryError`` ends the process, and nothing else may be raised."""

    def lost(self, item: T_contra, why: str, /) -> R_co:
        """What becomes of an item that ended its process."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a record may take: seconds by the clock, and MiB of memory for the process that it is in."""

    seconds: float = 10.0
    memory: int = 2_048


@dataclass(slots=True)
class _Task(Generic[T, R]):
    """Items of a chunk for one process. Alone is an item that is suspected of having ended one."""

    chunk: "_Chunk[T, R]"
    places: Sequence[int]
    alone: bool = False


@dataclass(slots=True)
class _Chunk(Generic[T, R]):
    """Items in order, and what has become of them so far."""

    items: Sequence[T]
    results: dict[int, R] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return len(self.results) == len(self.items)


class _Worker(Generic[T, R]):
    """A process, what it works on, and what only it may try."""

    def __init__(self, work: Work[T, R], limits: Limits) -> None:
        self._work, self._limits = work, limits
        self._clock = _SPAWN.RawArray("d", 1)  # when the process began the item that it is at
        self.task: _Task[T, R] | None = None
        self.todo: deque[_Task[T, R]] = deque()
        self.killed = 0
        self.start()

    def start(self) -> None:
        self.ready = False
        self._clock[0] = time.monotonic()
        self.pipe, end = _SPAWN.Pipe()
        arguments = (end, self._clock, self._work, self._limits)
        self.process = _SPAWN.Process(target=_serve, args=arguments, name="cleaner batch", daemon=True)
        with _surroundings():
            self.process.start()
        end.close()  # or the pipe would stay open when the process is gone

    @property
    def idle(self) -> bool:
        return self.ready and self.task is None

    @property
    def deadline(self) -> float:
        """When the item that the process is at has had its time."""
        return float(self._clock[0]) + (self._limits.seconds if self.ready else START_SECONDS)

    def give(self, task: _Task[T, R]) -> None:
        self.task = task
        self._clock[0] = time.monotonic()
        with contextlib.suppress(OSError):  # it is gone: reading from it says so
            self.pipe.send([task.chunk.items[at] for at in task.places])

    def receive(self) -> Any:
        """What the process has sent; None where it is gone."""
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            return None

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()

    def why(self) -> str:
        """Why a process that is gone is gone."""
        self.process.join(1)
        code = self.process.exitcode
        if code == _MEMORY:
            return f"memory: more than {self._limits.memory:,} MiB"
        if code is not None and code < 0:
            if -code == getattr(signal, "SIGALRM", None):
                return self.late()
            return f"crash: killed by {signal.Signals(-code).name}"
        return f"crash: exit code {code}"

    def late(self) -> str:
        return f"timeout: longer than {self._limits.seconds:g} s"


class Pool(Generic[T, R]):
    """Workers for one run. As a context it ends them, whatever they are at."""

    def __init__(self, work: Work[T, R], limits: Limits, workers: int) -> None:
        self._work = work
        self._window = WINDOW * workers
        self._workers: list[_Worker[T, R]] = []
        try:
            for _ in range(workers):
                self._workers.append(_Worker(work, limits))
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise BatchError(f"a worker cannot be started: {reason(error)}") from error
            raise

    def __enter__(self) -> "Pool[T, R]":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.kill()

    def map(self, chunks: Iterator[Sequence[T]]) -> Iterator[list[R]]:
        """What becomes of the items of each chunk, in order.

        No more than the window is read before what has been done is taken: so memory stays bounded, and whoever
        writes slowly slows the reading.
        """
        waiting: deque[_Chunk[T, R]] = deque()  # in order: some done, some under way
        fresh: deque[_Chunk[T, R]] = deque()  # read, and not begun: at most one, so that no worker waits for reading
        ended = False
        while True:
            self._hand_out(fresh, waiting)
            while waiting and waiting[0].done:
                chunk = waiting.popleft()
                yield [chunk.results[at] for at in range(len(chunk.items))]
            if not ended and not fresh and len(waiting) < self._window:
                items = next(chunks, None)
                ended = items is None
                if items is not None:
                    fresh.append(_Chunk(items))
                continue
            if not waiting and not fresh:
                return
            self._wait()

    def _hand_out(self, fresh: deque[_Chunk[T, R]], waiting: deque[_Chunk[T, R]]) -> None:
        for worker in self._workers:
            if not worker.idle:
                continue
            if worker.todo:
                worker.give(worker.todo.popleft())
            elif fresh:
                chunk = fresh.popleft()
                waiting.append(chunk)
                worker.give(_Task(chunk, range(len(chunk.items))))

    def _wait(self) -> None:
        """Wait until a worker has sent something, is gone, or has had its time."""
        busy = [worker for worker in self._workers if not worker.idle]
        now = time.monotonic()
        spare = min((worker.deadline for worker in busy), default=now) - now
        # An idle worker's pipe is watched as well: it is readable when the process is gone.
        heard = connection.wait([worker.pipe for worker in self._workers], max(spare, 0))
        for worker in self._workers:
            if worker.pipe in heard:
                self._hear(worker)
            elif not worker.idle and worker.deadline <= time.monotonic():
                if not worker.ready:
                    raise BatchError(f"a worker has not started within {START_SECONDS:g} s")
                worker.kill()
                self._lost(worker, worker.late())

    def _hear(self, worker: _Worker[T, R]) -> None:
        message = worker.receive()
        if message == _READY:
            worker.ready, worker.killed = True, 0
        elif isinstance(message, str):
            raise BatchError(f"a worker cannot be started: {message}")
        elif message is not None and worker.task is not None:
            worker.task.chunk.results.update(zip(worker.task.places, message, strict=True))
            worker.task = None
        else:
            why = worker.why()
            worker.kill()
            if not worker.ready:
                worker.killed += 1
                if "killed by" not in why or worker.killed >= STARTS:
                    raise BatchError(f"a worker cannot be started: {why}")
            self._lost(worker, why)

    def _lost(self, worker: _Worker[T, R], why: str) -> None:
        task, worker.task = worker.task, None
        if task is not None and task.alone:
            at = task.places[0]
            task.chunk.results[at] = self._work.lost(task.chunk.items[at], why)
        elif task is not None:
            worker.todo.extend(_Task(task.chunk, [at], alone=True) for at in task.places)
        worker.start()


_SPAWN: Final = multiprocessing.get_context("spawn")


@contextlib.contextmanager
def _surroundings() -> Iterator[None]:
    """What a process finds when it starts: one thread for numpy, as there are as many processes as cores, and Ctrl-C
    left to the main process.
    """
    before = dict(os.environ)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # Blocked is inherited, and so holds from the first instruction on; here it is delivered a moment later.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for name in set(os.environ) - set(before):
            del os.environ[name]


# -- in the process ------------------------------------------------------------------------------


def _serve(pipe: "connection.Connection", clock: Any, work: Work[T, R], limits: Limits) -> None:
    """Work on what comes through the pipe until it is closed."""
    with contextlib.suppress(EOFError, OSError):  # the main process is gone
        try:
            _confine(limits)
            work.prepare()
        except BaseException as error:  # whatever it is, every record would meet it
            pipe.send(f"{type(error).__name__}: {error}")
            return
        pipe.send(_READY)
        arm = _alarm()
        try:
            while True:
                results = []
                for item in pipe.recv():
                    clock[0] = time.monotonic()
                    arm(limits.seconds + _GRACE)
                    results.append(work(item))
                arm(0)
                pipe.send(results)
        except MemoryError:
            os._exit(_MEMORY)


def _confine(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    import resource

    size = limits.memory << 20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what a page makes crash would fill the disk with cores
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("1000")  # where memory is short, a worker goes before the main process does


def _alarm() -> Callable[[float], object]:
    """What has the process end itself after so many seconds; 0 takes it back."""
    if sys.platform == "win32":
        return lambda _: None
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process, in whatever code it hangs
    return lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
