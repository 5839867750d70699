"""A first pass over the records of a batch run: a site memory is made of them.

Workers turn records into lines (:class:`Gathering`), and the main process adds them to a memory. At each checkpoint
this memory is saved as a part, a file of its own, and the next part begins empty. So the process never holds more than
the records between two checkpoints, and saved parts are not touched again. At the end the parts are merged, a site at a
time; the result does not depend on how the records were divided.
"""

import json
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Final

from cleaner.batch.chunks import map_in_chunks
from cleaner.batch.cleaning import Cleaning
from cleaner.batch.pool import Pool
from cleaner.batch.reading import Input, records
from cleaner.batch.records import Record
from cleaner.batch.results import Counts
from cleaner.batch.run import Report, checksum_of, skip_done
from cleaner.batch.worker import Limits
from cleaner.batch.writing import Checkpoint, RunState
from cleaner.errors import BatchError, CleanerError, MemoryFileError, describe
from cleaner.memory import SiteMemory, merge_files, place_of
from cleaner.memory.lines import DocumentLines
from cleaner.memory.sample import LINES_PER_SITE
from cleaner.memory.sources import page_of_source
from cleaner.text.characters import one_line

#: Seconds after which a part is saved even if few records are done: more than in a run that writes records, since each
#: part is a file of its own.
PART_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Gathered:
    """The lines of a record, and the site that they belong to: "" for a record without an address, or with an error."""

    site: str = ""
    document: DocumentLines | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Gathering:
    """The function that workers apply to records: it finds their lines. ``cleaning`` says where sources and addresses
    are; see :class:`cleaner.batch.worker.Work`.
    """

    #: The module that loads what all workers need, in the process from which they are forked.
    PRELOAD: ClassVar[str] = "cleaner.memory.sources"

    cleaning: Cleaning = field(default_factory=Cleaning)
    keep_texts: bool = False
    lines_per_site: int = LINES_PER_SITE

    def prepare(self) -> None:
        """Load what gathering needs."""
        place_of("https://example.org/")
        page_of_source("<title>Ferry</title><p>The ferry sailed on Monday.</p>", "html")

    def empty(self) -> SiteMemory:
        """A memory to which the lines are added."""
        return SiteMemory(keep_texts=self.keep_texts, lines_per_site=self.lines_per_site)

    def __call__(self, record: Record) -> Gathered:
        """The lines of a record. Nothing in the record raises, except ``MemoryError`` for lack of memory."""
        try:
            source, url = self.cleaning.source_of(record)
            place = place_of(url) if url else None
            if place is None or url is None:
                return Gathered()
            page, prose_map = page_of_source(source, self.cleaning.kind, self.cleaning.max_size)
            return Gathered(place.site, self.empty().lines_of(page, prose_map, url, place))
        except MemoryError:
            raise  # the worker ends: its memory is too fragmented to continue with
        except (CleanerError, OSError) as error:
            return Gathered(error=describe(error))
        except Exception as error:  # a bug in the library costs this record, not the run
            return Gathered(error=f"{type(error).__name__}: {error}")

    def lost(self, record: Record, reason: str) -> Gathered:  # noqa: ARG002 part of the protocol
        """The result for a record that ended its worker."""
        return Gathered(error=reason)


@dataclass(frozen=True, slots=True)
class MemoryJob:
    """What a first pass has to do; the fields are those of :class:`cleaner.batch.run.Job`."""

    inputs: Sequence[Input]
    output: Path
    work: Gathering
    limits: Limits
    settings: dict[str, Any]
    workers: int = 1
    checkpoint_records: int = 20_000
    restart: bool = False

    @property
    def folder(self) -> Path:
        """Where the parts are kept until they are merged."""
        return self.output.with_name(self.output.name + ".parts")

    def part(self, number: int) -> Path:
        """The file of a part, from 1 on."""
        return self.folder / f"{number:06}.memory"


@dataclass(frozen=True, slots=True)
class MemorySummary:
    """What a first pass did: ``records`` in all, ``added`` to the memory, ``failed``; the others have no address."""

    records: int
    added: int
    failed: int
    sites: int
    already_done: bool = False

    def to_text(self) -> str:
        """The summary for a reader."""
        without = self.records - self.added - self.failed
        return (
            f"{self.records:,} records: {self.added:,} added, {without:,} without an address, {self.failed:,} failed; "
            f"{self.sites:,} sites"
        )


def gather(
    job: MemoryJob, report: Report = lambda *_: None, complain: Callable[[str], None] = lambda _: None
) -> MemorySummary:
    """Make the memory, unless an earlier run has made it. ``complain`` is called with each failure.

    Raises :class:`BatchError` where it cannot go on. The same job then goes on from its last checkpoint.
    """
    checkpoint = Checkpoint(job.output.with_name(job.output.name + ".checkpoint"), _fingerprint(job))
    if job.restart:
        checkpoint.remove()
    state = checkpoint.load()
    if state and state.finished and job.output.exists():
        try:
            return _summary(job, state, already_done=True)
        except MemoryFileError as error:
            raise BatchError(f"{error}; --restart makes it again") from error
    if state is None or state.finished:
        state = RunState(lengths=(0,))
    try:
        job.folder.mkdir(exist_ok=True)
        if not state.complete:
            state = _gather_parts(job, state, checkpoint, report, complain)
        merge_files([job.part(number + 1) for number in range(state.lengths[0])], job.output)
        checkpoint.save(replace(state, finished=True))
        shutil.rmtree(job.folder)
    except OSError as error:
        where = error.filename or job.output
        raise BatchError(f"{where}: {describe(error)}; the same command goes on from the last checkpoint") from error
    except CleanerError as error:
        raise BatchError(str(error)) from error
    if any(item.name == "-" for item in job.inputs):
        checkpoint.remove()  # whether standard input is the same next time is known only after it has been read
    return _summary(job, state)


def _gather_parts(
    job: MemoryJob, state: RunState, checkpoint: Checkpoint, report: Report, complain: Callable[[str], None]
) -> RunState:
    """Gather the records that are not done yet. Returns the state at the end, which the checkpoint has as well."""
    source = records(job.inputs, job.work.cleaning.max_size)
    skip_done(source, state)
    memory, saved = job.work.empty(), state
    saved_at = time.monotonic()
    report(state.records, state.counts, 0)
    try:
        with Pool(job.work, job.limits, job.workers, job.work.PRELOAD) as pool:
            for chunk, results in map_in_chunks(pool, source):
                for record, gathered in zip(chunk, results, strict=True):
                    _add(memory, record, gathered, complain)
                state = _after(state, chunk, results)
                report(state.records, state.counts, chunk[-1].bytes_read)
                due = state.records - saved.records >= job.checkpoint_records
                if due or time.monotonic() - saved_at >= PART_SECONDS:
                    state = saved = _save(job, memory, state, checkpoint)
                    memory, saved_at = job.work.empty(), time.monotonic()
        return _save(job, memory, replace(state, complete=True), checkpoint)
    except BaseException:  # a full disk, an interruption: what was gathered is kept for the next run
        if state.records > saved.records:
            with suppress(OSError):  # the last checkpoint is valid as well; only more has to be done again
                _save(job, memory, replace(state, complete=False), checkpoint)
        elif not state.records:
            checkpoint.remove()
            shutil.rmtree(job.folder, ignore_errors=True)
        raise


def _save(job: MemoryJob, memory: SiteMemory, state: RunState, checkpoint: Checkpoint) -> RunState:
    """Save a part and then the checkpoint. Killed in between, the part is written again."""
    number = state.lengths[0] + 1
    memory.save(job.part(number))
    state = replace(state, lengths=(number,))
    checkpoint.save(state)
    return state


def _add(memory: SiteMemory, record: Record, gathered: Gathered, complain: Callable[[str], None]) -> None:
    if gathered.error:
        complain(f"{record.file}, record {record.number:,}: {one_line(gathered.error)}")
    elif gathered.document is not None:
        memory.add_lines(gathered.site, gathered.document)


def _after(state: RunState, chunk: Sequence[Record], results: Sequence[Gathered]) -> RunState:
    failed = sum(bool(gathered.error) for gathered in results)
    counts = Counts(out=sum(gathered.document is not None for gathered in results), failed=failed)
    return replace(
        state,
        records=state.records + len(chunk),
        checksum=checksum_of(chunk, state.checksum),
        counts=state.counts.plus([counts]),
    )


def _fingerprint(job: MemoryJob) -> dict[str, Any]:
    """What must be the same for a run to be continued, as JSON reads it back."""
    inputs = [[item.name, item.fingerprint] for item in job.inputs]
    settings = {**job.settings, "texts": job.work.keep_texts, "lines per site": job.work.lines_per_site}
    fingerprint: dict[str, Any] = json.loads(json.dumps({**settings, "inputs": inputs}))
    return fingerprint


def _summary(job: MemoryJob, state: RunState, *, already_done: bool = False) -> MemorySummary:
    sites = len(SiteMemory.load(job.output).sites)
    return MemorySummary(state.records, state.counts.out, state.counts.failed, sites, already_done)
