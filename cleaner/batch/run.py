"""A run: from its start, or from where it was cut off, to its outputs and its summary."""

import json
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from cleaner.batch.cleaning import Outcome, Tally, free
from cleaner.batch.errors import BatchError, reason
from cleaner.batch.reading import Input, Record, Response, records
from cleaner.batch.workers import Limits, Pool, Work
from cleaner.batch.writing import Checkpoint, Parts, State

#: A chunk: so many records that sending them costs little beside cleaning them; and bytes, so that a few large ones do
#: not fill the memory.
CHUNK: Final = 16
CHUNK_BYTES: Final = 1 << 20
#: Seconds after which a checkpoint is written though few records are done.
SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """What a run is asked to do. ``about`` are the options that decide what comes out: a checkpoint holds for these."""

    inputs: Sequence[Input]
    output: Path
    errors: Path
    removed: Path | None
    work: Work[Record, Outcome]
    limits: Limits
    about: dict[str, Any]
    workers: int = 1
    every: int = 1_000
    restart: bool = False

    @property
    def outputs(self) -> list[Path]:
        return [path for path in (self.output, self.errors, self.removed) if path is not None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did. Seconds of cleaning are of processor time; ``resumed`` records were done before this run."""

    records: int
    resumed: int
    tally: Tally
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """The summary as plain data."""
        tally, seconds = self.tally, max(self.seconds, 1e-9)
        return {
            "records_in": self.records,
            "records_out": tally.out,
            "failed": tally.failed,
            "words_in": tally.words_in,
            "words_out": tally.words_out,
            "blocks_removed": tally.blocks_removed,
            "removed_by_label": tally.removed,
            "seconds": round(self.seconds, 3),
            "records_per_second": round(self.records / seconds, 1),
            "records_resumed": self.resumed,
            "cpu_seconds_cleaning": round(tally.cleaning, 3),
            **_usage(),
        }


def _usage() -> dict[str, Any]:
    """What this process and its workers took of processor time, and the most memory that one of each took."""
    try:
        import resource
    except ImportError:  # Unix alone counts it
        return {}
    own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "cpu_seconds": round(own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime, 3),
        "cpu_seconds_main": round(own.ru_utime + own.ru_stime, 3),
        "peak_mib_main": own.ru_maxrss >> 10,
        "peak_mib_worker": workers.ru_maxrss >> 10,
    }


def run(job: Job, tell: Callable[[int, Tally, int], None] = lambda *_: None) -> Summary:
    """Do the job; ``tell`` is called with records done, the tally, and bytes of the inputs read.

    However it ends before its end, the part files hold whole lines and the checkpoint says how far they are good.
    """
    checkpoint = Checkpoint(job.output.with_name(job.output.name + ".checkpoint"), _about(job))
    if job.restart:
        checkpoint.remove()
    state = checkpoint.load() or State(lengths=(0,) * len(job.outputs))
    resumed = state.records
    progress = _Progress(state, time.monotonic())
    parts = Parts(job.outputs)
    try:
        if not state.complete:
            parts.open(state.lengths)
            _work(job, progress, parts, checkpoint, tell)
        state = progress.state
        parts.close()
        parts.finish(_types(job))
    except OSError as error:
        where = error.filename or job.output
        raise BatchError(f"{where}: {reason(error)}; the same command goes on from the last checkpoint") from error
    finally:
        parts.close()
    checkpoint.remove()
    return Summary(state.records, resumed, state.tally, state.seconds)


@dataclass(slots=True)
class _Progress:
    """The state of a run, in one place that is changed at once: an interruption finds the old one or the new one."""

    state: State
    started: float
    before: float = 0.0

    def __post_init__(self) -> None:
        self.before = self.state.seconds

    def timed(self) -> State:
        return replace(self.state, seconds=self.before + time.monotonic() - self.started)


def _work(
    job: Job, progress: _Progress, parts: Parts, checkpoint: Checkpoint, tell: Callable[[int, Tally, int], None]
) -> None:
    source = records(list(job.inputs))
    _skip(source, progress.state)
    saved, when = progress.state.records, time.monotonic()
    under_way: list[list[Record]] = []

    def chunks() -> Iterator[list[Record]]:
        for chunk in _chunks(source):
            under_way.append(chunk)
            yield chunk

    try:
        checkpoint.save(progress.timed())  # before the first record: the parts of another run are never taken for its
        with Pool(job.work, job.limits, job.workers) as pool:
            for outcomes in pool.map(chunks()):
                chunk = under_way.pop(0)
                progress.state = _written(parts, progress.state, chunk, outcomes)
                tell(progress.state.records, progress.state.tally, chunk[-1].at)
                if progress.state.records - saved >= job.every or time.monotonic() - when >= SECONDS:
                    parts.sync()
                    checkpoint.save(progress.timed())
                    saved, when = progress.state.records, time.monotonic()
        progress.state = replace(progress.timed(), complete=True)
        parts.sync()
        checkpoint.save(progress.state)
    except BaseException:  # a full disk, an interruption, a fault: what is written stays, and is taken up again
        parts.truncate(progress.state.lengths)
        if not progress.state.records:  # nothing to go on from: a corrected command is no other run
            checkpoint.remove()
            parts.remove()
            raise
        with suppress(OSError):  # the checkpoint before is as good, and only further back
            parts.sync()
            checkpoint.save(replace(progress.timed(), complete=False))
        raise


def _written(parts: Parts, state: State, chunk: Sequence[Record], outcomes: Sequence[Outcome]) -> State:
    texts = [b"".join(one.output for one in outcomes), b"".join(one.error for one in outcomes)]
    if len(state.lengths) > len(texts):
        texts.append(b"".join(one.removed for one in outcomes))
    grown = parts.append(texts)
    return State(
        state.records + len(chunk),
        _sum(chunk, state.seen),
        tuple(length + more for length, more in zip(state.lengths, grown, strict=True)),
        state.tally.plus(one.tally for one in outcomes),
        state.seconds,
    )


def _chunks(source: Iterator[Record]) -> Iterator[list[Record]]:
    chunk: list[Record] = []
    size = 0
    for record in source:
        chunk.append(record)
        size += _size(record)
        if len(chunk) == CHUNK or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _size(record: Record) -> int:
    payload = record.payload
    if isinstance(payload, bytes):
        return len(payload)
    if isinstance(payload, Response):
        return len(payload.source)
    if isinstance(payload, dict):
        return sum(len(value) for value in payload.values() if isinstance(value, str | bytes))
    return 0


def _skip(source: Iterator[Record], state: State) -> None:
    """Pass the records that are done. Standard input has no date: what came through it is known by its sum."""
    done = seen = 0
    for record in islice(source, state.records):
        done += 1
        seen = _sum([record], seen)
    if (done, seen) != (state.records, state.seen):
        raise BatchError("the input is not that of the run that was cut off; --restart begins again")


def _sum(chunk: Sequence[Record], seen: int) -> int:
    for record in chunk:
        if isinstance(record.payload, bytes):
            seen = zlib.crc32(record.payload, seen)
    return seen


def _about(job: Job) -> dict[str, Any]:
    inputs = [[item.name, item.stamp] for item in job.inputs]
    outputs = [str(path) for path in job.outputs]
    about: dict[str, Any] = json.loads(json.dumps({**job.about, "inputs": inputs, "outputs": outputs}))
    return about


def _types(job: Job) -> dict[str, Any]:
    """The types that the fields of tables have, under the names that they have in the output."""
    tables = [item.name for item in job.inputs if item.form == "parquet"]
    if not tables or job.output.suffix != ".parquet":
        return {}
    from cleaner.batch import parquet

    known = parquet.schema(tables)
    return {free(name, known): kind for name, kind in known.items()}
