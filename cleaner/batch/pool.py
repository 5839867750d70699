"""A pool of worker processes: chunks of records in, lists of results out, in order; a record may end its worker.

A record may hang, exhaust the memory or crash the process. Time and memory are limited for each record, and a worker
that ends is replaced. The records of its chunk are then retried one by one in the new worker, and a record that ends
that worker as well is given up: :meth:`Work.lost` gives its result.

States of a worker::

                 Ready                   _assign                     results
    (start) ──▶ starting ──────────▶ idle ──────────▶ busy ────────────────────────▶ idle
                  │                   │                 │
                  │ StartFailed,      │ process ended   │ process ended, or the deadline passed
                  │ too slow, or      │                 │
                  │ killed 3 times    ▼                 ▼
                  ▼                  restarted         restarted, with the records of its chunk in ``retries``
               BatchError

States of a chunk: ``unassigned`` (read, no worker yet) ▶ ``in_progress`` (a worker has it, or it is complete and waits
for an earlier chunk) ▶ yielded. There is at most one unassigned chunk for each worker, and the number of chunks in
progress is bounded: so the memory is bounded, and slow writing slows down the reading.
"""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from typing import Any, Final, Generic, TypeVar

from cleaner.batch.process import START_SECONDS, WorkerProcess, start_method
from cleaner.batch.worker import Done, Limits, Ready, StartFailed, Usage, Work, exit_reason, timeout_reason
from cleaner.errors import BatchError, describe

#: Number of times in a row that a worker may be killed by a signal while it starts. After that, the run ends.
MAX_KILLED_STARTS: Final = 3
#: Chunks in progress for each worker. Complete ones wait in memory behind a slow one.
CHUNKS_PER_WORKER: Final = 2

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class _Chunk(Generic[T, R]):
    """Items in order, and the results so far by position."""

    items: Sequence[T]
    results: dict[int, R] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return len(self.results) == len(self.items)

    def in_order(self) -> list[R]:
        return [self.results[position] for position in range(len(self.items))]


@dataclass(frozen=True, slots=True)
class _Assignment(Generic[T, R]):
    """The items of a chunk, by position, that a worker has to process.

    ``is_retry``: it is one item, which is retried by itself because its chunk ended a worker.
    """

    chunk: _Chunk[T, R]
    positions: Sequence[int]
    is_retry: bool = False


@dataclass(slots=True)
class _Worker(Generic[T, R]):
    """A worker with its current assignment.

    ``retries`` are assignments of one item each, which this worker has to process before it gets another chunk.
    ``killed_starts`` is the number of times in a row that its process was killed while it started.
    """

    process: WorkerProcess
    assignment: _Assignment[T, R] | None = None
    retries: deque[_Assignment[T, R]] = field(default_factory=deque)
    killed_starts: int = 0

    @property
    def idle(self) -> bool:
        return self.process.ready and self.assignment is None

    def assign(self, assignment: _Assignment[T, R]) -> None:
        self.assignment = assignment
        self.process.send([assignment.chunk.items[position] for position in assignment.positions])


class Pool(Generic[T, R]):
    """Up to ``max_workers`` workers for one run. They are killed when the context ends, whatever they are doing.

    Workers are started as chunks arrive: no more of them than there are chunks. ``preload`` is a module that their
    common ancestor imports; see :func:`~cleaner.batch.process.start_method`.
    """

    def __init__(self, work: Work[T, R], limits: Limits, max_workers: int, preload: str = "") -> None:
        self._work, self._limits = work, limits
        self._context = start_method(preload)
        self._usage: dict[int, Usage] = {}
        self._max_workers = max_workers
        self._workers: list[_Worker[T, R]] = []

    def __enter__(self) -> "Pool[T, R]":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.kill()

    @property
    def usage(self) -> Usage:
        """The processor time of all workers together, and the largest memory of one, as far as they have told."""
        every = self._usage.values()
        return Usage(0, sum(one.cpu_seconds for one in every), max((one.peak_mib for one in every), default=0))

    def map(self, chunks: Iterator[Sequence[T]]) -> Iterator[list[R]]:
        """The results for the items of each chunk, in order.

        Raises :class:`BatchError` where a worker cannot be started.
        """
        unassigned: deque[_Chunk[T, R]] = deque()
        in_progress: deque[_Chunk[T, R]] = deque()
        all_read = False
        while True:
            self._assign(unassigned, in_progress)
            while in_progress and in_progress[0].complete:
                yield in_progress.popleft().in_order()
            if not all_read and self._may_read(len(unassigned), len(in_progress)):
                items = next(chunks, None)
                if items is None:
                    all_read = True
                else:
                    unassigned.append(_Chunk(items))
                    self._start_worker()
            elif in_progress or unassigned:
                self._wait()
            else:
                return

    def _may_read(self, unassigned: int, in_progress: int) -> bool:
        """Whether another chunk may be read: there is a worker to start for it, or none waits and there is room."""
        if len(self._workers) < self._max_workers:
            return True
        return not unassigned and in_progress < CHUNKS_PER_WORKER * self._max_workers

    def _start_worker(self) -> None:
        """Start one more worker, up to the maximum."""
        if len(self._workers) < self._max_workers:
            self._workers.append(_Worker(self._start_process()))

    def _start_process(self) -> WorkerProcess:
        try:
            return WorkerProcess(self._context, self._work, self._limits)
        except (OSError, AssertionError) as error:  # the latter in a process that may have no children
            raise BatchError(f"a worker cannot be started: {describe(error)}") from error

    def _assign(self, unassigned: deque[_Chunk[T, R]], in_progress: deque[_Chunk[T, R]]) -> None:
        """Give each idle worker its next item to retry, or else the next chunk."""
        for worker in self._workers:
            if not worker.idle:
                continue
            if worker.retries:
                worker.assign(worker.retries.popleft())
            elif unassigned:
                chunk = unassigned.popleft()
                in_progress.append(chunk)
                worker.assign(_Assignment(chunk, range(len(chunk.items))))

    def _wait(self) -> None:
        """Wait until a worker has sent something, has ended, or is past its deadline; then handle that."""
        now = time.monotonic()
        seconds = min((worker.process.deadline for worker in self._workers if not worker.idle), default=now) - now
        # The pipes of idle workers are watched as well: a pipe becomes readable when its process ends.
        readable = connection.wait([worker.process.pipe for worker in self._workers], max(seconds, 0))
        for worker in self._workers:
            if worker.process.pipe in readable:
                self._handle(worker, worker.process.receive())
            elif not worker.idle and worker.process.deadline <= time.monotonic():
                if not worker.process.ready:
                    raise BatchError(f"a worker has not started within {START_SECONDS:g} s")
                worker.process.kill()
                self._restart(worker, timeout_reason(self._limits))

    def _handle(self, worker: _Worker[T, R], message: Any) -> None:
        if isinstance(message, Ready):
            worker.process.ready, worker.killed_starts = True, 0
        elif isinstance(message, StartFailed):
            raise BatchError(f"a worker cannot be started: {message.reason}")
        elif isinstance(message, Done) and worker.assignment is not None:
            self._usage[message.usage.pid] = message.usage
            worker.assignment.chunk.results.update(zip(worker.assignment.positions, message.results, strict=True))
            worker.assignment = None
        else:
            self._handle_exit(worker)

    def _handle_exit(self, worker: _Worker[T, R]) -> None:
        exit_code = worker.process.exit_code()
        reason = exit_reason(exit_code, self._limits)
        worker.process.kill()
        if not worker.process.ready:
            worker.killed_starts += 1
            killed = exit_code is not None and exit_code < 0
            if not killed or worker.killed_starts >= MAX_KILLED_STARTS:
                raise BatchError(f"a worker cannot be started: {reason}")
        self._restart(worker, reason)

    def _restart(self, worker: _Worker[T, R], reason: str) -> None:
        """Replace a process that has ended. Its items are retried one by one; an item that was retried is given up."""
        assignment, worker.assignment = worker.assignment, None
        if assignment is not None and assignment.is_retry:
            position = assignment.positions[0]
            assignment.chunk.results[position] = self._work.lost(assignment.chunk.items[position], reason)
        elif assignment is not None:
            worker.retries.extend(
                _Assignment(assignment.chunk, [position], is_retry=True) for position in assignment.positions
            )
        worker.process = self._start_process()
