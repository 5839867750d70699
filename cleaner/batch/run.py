"""A run: from its start, or from its checkpoint, to its outputs and its summary."""

import json
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from cleaner.batch.chunks import map_in_chunks
from cleaner.batch.cleaning import ERROR_FIELDS, REMOVED_FIELDS, free_name
from cleaner.batch.pool import Pool
from cleaner.batch.reading import Input, files_of, records
from cleaner.batch.records import Record
from cleaner.batch.results import Counts, RecordLines
from cleaner.batch.summary import RunSummary
from cleaner.batch.worker import Limits, Usage, Work
from cleaner.batch.writing import TABLE, Checkpoint, ColumnTypes, Parts, RunState
from cleaner.errors import BatchError, describe
from cleaner.export.record import PLAIN, RecordOptions
from cleaner.reading.source import MAX_SIZE

#: Seconds after which a checkpoint is written even if few records are done.
CHECKPOINT_SECONDS: Final = 5.0

#: Is called with the number of records done, their counts, and the number of bytes of the inputs read.
Report = Callable[[int, Counts, int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What a run has to do.

    ``output`` is None if the records go to a stream; ``errors`` may be None then. ``settings`` are the options on which
    the output depends: a checkpoint is valid for the same settings only. ``checkpoint_records`` is the number of
    records between two checkpoints. ``record`` says which fields cleaning adds. ``preload`` is the module with which
    workers are warmed up; see :class:`cleaner.batch.pool.Pool`.
    """

    inputs: Sequence[Input]
    output: Path | None
    errors: Path | None
    removed: Path | None
    work: Work[Record, RecordLines]
    limits: Limits
    settings: dict[str, Any]
    workers: int = 1
    checkpoint_records: int = 1_000
    restart: bool = False
    max_size: int = MAX_SIZE
    record: RecordOptions = PLAIN
    preload: str = ""

    @property
    def outputs(self) -> list[Path]:
        """The files that the run writes: the output, the errors, the removed blocks, as far as they are asked for."""
        return [path for path in (self.output, self.errors, self.removed) if path is not None]


def run(job: Job, report: Report = lambda *_: None, notify: Callable[[str], None] = lambda _: None) -> RunSummary:
    """Do the job, unless an earlier run has done it. ``notify`` is called with what a user should know.

    Raises :class:`BatchError` where it cannot go on. However a run ends early, the part files hold whole lines, and
    the checkpoint says up to where they are valid.
    """
    assert job.output is not None, "records for a stream are the business of stream()"
    output = job.output
    checkpoint = Checkpoint(output.with_name(output.name + ".checkpoint"), _fingerprint(job))
    if job.restart:
        checkpoint.remove()
    state = checkpoint.load()
    if state and state.finished:
        if _outputs_exist(job, state):
            return RunSummary(state.records, state.records, state.counts, state.seconds, already_done=True)
        state = None
    if state:
        notify(f"going on after {state.records:,} records of the run that was interrupted")
    elif output.exists():
        notify(f"{output} exists; it is replaced at the end of the run")
    state = state or RunState(lengths=(0,) * len(job.outputs))
    resumed = state.records
    parts, usage = Parts(job.outputs, optional=_optional(job)), Usage()
    try:
        if not state.complete:
            parts.open(state.lengths)
            state, usage = _process_records(job, state, parts, checkpoint, report)
        parts.close()
        parts.finish(_column_types(job))
        if any(item.name == "-" for item in job.inputs):
            checkpoint.remove()  # whether standard input is the same next time is known only after it has been read
        else:
            checkpoint.save(replace(state, finished=True))
    except OSError as error:
        where = error.filename or output
        raise BatchError(f"{where}: {describe(error)}; the same command goes on from the last checkpoint") from error
    finally:
        parts.close()
    return RunSummary(state.records, resumed, state.counts, state.seconds, usage)


def stream(job: Job, out: IO[bytes], complain: Callable[[str], None], report: Report = lambda *_: None) -> RunSummary:
    """Do the job with the records written to a stream as they are made. Such a run cannot be continued.

    ``complain`` is called with each failure if the job has no file of errors. Raises ``BrokenPipeError`` if nobody
    reads the stream any more, and :class:`BatchError` where the job cannot go on otherwise.
    """
    parts = Parts(job.outputs, optional=_optional(job))
    done, counts, started = 0, Counts(), time.monotonic()
    try:
        parts.open([0] * len(job.outputs))
    except OSError as error:
        raise BatchError(f"{error.filename}: {describe(error)}") from error
    try:
        with Pool(job.work, job.limits, job.workers, job.preload) as pool:
            for chunk, results in map_in_chunks(pool, records(job.inputs, job.max_size)):
                output, errors, removed = _joined(results)
                out.write(output)
                out.flush()
                parts.append([errors if path == job.errors else removed for path in job.outputs])
                if not job.errors:
                    _complain(errors, complain)
                done, counts = done + len(chunk), counts.plus(lines.counts for lines in results)
                report(done, counts, chunk[-1].bytes_read)
            usage = pool.usage
        parts.close()
        parts.finish(_column_types(job))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BatchError(f"{error.filename or 'standard output'}: {describe(error)}") from error
    finally:
        parts.close()
        parts.remove()  # those of a run that ended early: it cannot be continued
    return RunSummary(done, 0, counts, time.monotonic() - started, usage)


def _complain(errors: bytes, complain: Callable[[str], None]) -> None:
    for line in errors.splitlines():
        error = json.loads(line)
        complain(f"{error['file']}, record {error['record']:,}: {error['reason']}")


def _optional(job: Job) -> list[Path]:
    """The outputs of which an empty one is not written."""
    return [job.errors] if job.errors else []


def _outputs_exist(job: Job, state: RunState) -> bool:
    """Whether the outputs of a finished run are still there."""
    return all(path.exists() for path in job.outputs if path != job.errors or state.counts.failed)


class _Stopwatch:
    """Seconds that a run has taken, including those before it was interrupted."""

    def __init__(self, seconds_before: float) -> None:
        self._zero = time.monotonic() - seconds_before

    def stamp(self, state: RunState) -> RunState:
        """The state with the time that the run has taken up to now."""
        return replace(state, seconds=time.monotonic() - self._zero)


def _process_records(
    job: Job, state: RunState, parts: Parts, checkpoint: Checkpoint, report: Report
) -> tuple[RunState, Usage]:
    """Process the records that are not done yet.

    Returns the state at the end, which the checkpoint has as well, and what the workers used.
    """
    stopwatch = _Stopwatch(state.seconds)
    source = records(job.inputs, job.max_size)
    skip_done(source, state)
    try:
        checkpoint.save(stopwatch.stamp(state))  # first, so that part files of another run are never continued
        saved_records, saved_at = state.records, time.monotonic()
        report(state.records, state.counts, 0)
        with Pool(job.work, job.limits, job.workers, job.preload) as pool:
            for chunk, results in map_in_chunks(pool, source):
                # One assignment: an interruption finds the state before the chunk or the state after it.
                state = _append(parts, state, chunk, results)
                report(state.records, state.counts, chunk[-1].bytes_read)
                due = state.records - saved_records >= job.checkpoint_records
                if due or time.monotonic() - saved_at >= CHECKPOINT_SECONDS:
                    parts.sync()
                    checkpoint.save(stopwatch.stamp(state))
                    saved_records, saved_at = state.records, time.monotonic()
            usage = pool.usage
        state = replace(stopwatch.stamp(state), complete=True)
        parts.sync()
        checkpoint.save(state)
    except BaseException:  # a full disk, an interruption, a bug: what has been written is kept for the next run
        _keep_progress(stopwatch.stamp(state), parts, checkpoint)
        raise
    return state, usage


def _keep_progress(state: RunState, parts: Parts, checkpoint: Checkpoint) -> None:
    """Save the state of a run that ends early."""
    parts.truncate(state.lengths)
    if not state.records:  # nothing to continue: a corrected command need not be the same
        checkpoint.remove()
        parts.remove()
        return
    with suppress(OSError):  # the previous checkpoint is valid as well; only more has to be done again
        parts.sync()
        checkpoint.save(replace(state, complete=False))


def _joined(results: Sequence[RecordLines]) -> tuple[bytes, bytes, bytes]:
    """The lines of a chunk for the output, the errors and the removed blocks."""
    output, errors, removed = zip(*((lines.output, lines.error, lines.removed) for lines in results), strict=True)
    return b"".join(output), b"".join(errors), b"".join(removed)


def _append(parts: Parts, state: RunState, chunk: Sequence[Record], results: Sequence[RecordLines]) -> RunState:
    """Write the lines of a chunk to the parts. Returns the state after it."""
    written = parts.append(_joined(results)[: len(state.lengths)])
    return RunState(
        tuple(length + size for length, size in zip(state.lengths, written, strict=True)),
        state.records + len(chunk),
        checksum_of(chunk, state.checksum),
        state.counts.plus(lines.counts for lines in results),
        state.seconds,
    )


def skip_done(source: Iterator[Record], state: RunState) -> None:
    """Skip the records that are done, and compare their checksum: it is all that identifies standard input."""
    done = checksum = 0
    for record in islice(source, state.records):
        done += 1
        checksum = checksum_of([record], checksum)
    if (done, checksum) != (state.records, state.checksum):
        raise BatchError("the input is not that of the run that was interrupted; --restart begins again")


def checksum_of(chunk: Sequence[Record], checksum: int) -> int:
    """CRC-32 of the lines, continued from that of the lines before. Other records are identified by size and time."""
    for record in chunk:
        if isinstance(record.payload, bytes):
            checksum = zlib.crc32(record.payload, checksum)
    return checksum


def _fingerprint(job: Job) -> dict[str, Any]:
    """What must be the same for a run to be continued: settings, inputs and outputs, as JSON reads them back."""
    inputs = [[item.name, item.fingerprint] for item in job.inputs]
    outputs = [str(path) for path in job.outputs]
    fingerprint: dict[str, Any] = json.loads(json.dumps({**job.settings, "inputs": inputs, "outputs": outputs}))
    return fingerprint


def _column_types(job: Job) -> list[ColumnTypes]:
    """The types of columns of each output that is a table."""
    names = job.record.names
    results = {job.output: names, job.errors: ERROR_FIELDS, job.removed: REMOVED_FIELDS}
    if not any(path.suffix.lower() == TABLE for path in job.outputs):
        return [ColumnTypes()] * len(job.outputs)
    from cleaner.batch import parquet

    inputs = parquet.column_types([file.name for file in files_of(job.inputs) if file.form == "parquet"])
    inputs = {free_name(name, inputs, names): kind for name, kind in inputs.items()}
    return [
        ColumnTypes(inputs if path == job.output else {}, parquet.result_types(results[path])) for path in job.outputs
    ]
