"""``clean_many()``: many sources on all cores, from Python."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.api import Cleaner
from cleaner.batch import cleaning
from cleaner.batch.chunks import map_in_chunks
from cleaner.batch.cores import count_workers
from cleaner.batch.pool import Pool
from cleaner.batch.worker import MAX_SECONDS, Limits
from cleaner.errors import CleanerError, describe
from cleaner.export.record import PLAIN, Format, RecordOptions
from cleaner.reading.request import Request

#: What :func:`clean_many` takes: a source, or a source and its address.
Item = str | bytes | tuple[str | bytes, str | None]


@dataclass(frozen=True, slots=True, repr=False)
class Cleaned:
    """The result for one source of :func:`clean_many`.

    ``fields`` has ``text``, ``title``, ``lang``, ``kind``, ``page_type``, ``confidence`` and ``flags``, and those that
    were asked for. If the source could not be cleaned, it is empty, and ``error`` says why; otherwise ``error`` is "".
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def text(self) -> str:
        """The article in the format that was asked for; "" if nothing is kept or the source could not be cleaned."""
        return str(self.fields.get("text", ""))

    def __repr__(self) -> str:
        if self.error:
            return f"Cleaned(error={self.error!r})"
        facts = [f"{name}={value!r}" for name, value in self.fields.items() if name != "text"]
        return f"Cleaned({', '.join([*facts, f'text of {len(self.text):,} characters'])})"


def clean_many(  # noqa: PLR0913 options, all by keyword
    sources: Iterable[Item],
    *,
    workers: int | None = None,
    timeout: float = 10.0,
    memory_limit: int = 2_048,
    cleaner: Cleaner | None = None,
    output_format: Format = "text",
    metadata: bool = False,
) -> Iterator[Cleaned]:
    """The results for many sources, in their order, made by worker processes on all cores.

    Each of the ``sources`` is HTML or text as str or bytes, or a pair of a source and its address. They are read as
    workers need them, at most 48 for each worker ahead of the results: so the iterable may be endless.

    ``workers``        the number of processes; by default one for each core
    ``timeout``        the seconds that one source may take, at most 1,000,000
    ``memory_limit``   the MiB of address space of a worker (on Unix)
    ``cleaner``        a policy of your own; a class that derives from Cleaner has to be in a module
    ``output_format``  what the text is: "text", "markdown" or "html"
    ``metadata``       whether results have the fields authors, date, site and description

    A source that takes too long, ends its worker or is of a wrong type has an ``error``, and the others are cleaned.
    Workers end when the iterator is exhausted or closed.

    Raises ``TypeError`` for a single source, ``ValueError`` for a bad option, :class:`cleaner.CleanerError` if workers
    cannot be started.

    >>> from cleaner import clean_many
    >>> sources = ["The council voted, the mayor said.", ("<p>The ferry sailed.</p>", "https://courier.example/"), 7]
    >>> for result in clean_many(sources, workers=1):
    ...     print(result.text or result.error)
    The council voted, the mayor said.
    The ferry sailed.
    a source is str or bytes, or a pair (source, url), not int
    """
    if isinstance(sources, str | bytes):
        raise TypeError("sources is an iterable of sources; for a single one write clean(source)")
    if not isinstance(timeout, int | float) or not 0 < timeout <= MAX_SECONDS:
        raise ValueError(f"timeout is a number of seconds above 0, at most {MAX_SECONDS:,.0f}, not {timeout!r}")
    if not isinstance(memory_limit, int) or memory_limit < 1:
        raise ValueError(f"memory_limit is a whole number of MiB above 0, not {memory_limit!r}")
    if cleaner is None:
        cleaner = Cleaner()
    elif not isinstance(cleaner, Cleaner):
        raise ValueError(f"cleaner is a cleaner.Cleaner, not {cleaner!r}")
    elif type(cleaner).__module__ == "__main__":
        raise ValueError(f"{type(cleaner).__name__} has to be in a module: workers do not import the main program")
    work = _Work(cleaner, RecordOptions(output_format, metadata))
    return _results(sources, work, Limits(timeout, memory_limit), count_workers(workers))


def _results(sources: Iterable[Item], work: "_Work", limits: Limits, workers: int) -> Iterator[Cleaned]:
    with Pool[_Source, Cleaned](work, limits, workers) as pool:
        for _, results in map_in_chunks(pool, map(_source, sources)):
            yield from results


@dataclass(frozen=True, slots=True)
class _Source:
    """A source with its address; or ``problem``, which says why an item is none. The item itself is not sent then."""

    source: str | bytes = ""
    url: str | None = None
    problem: str = ""

    @property
    def size(self) -> int:
        return len(self.source)


def _source(item: Any) -> _Source:
    source, url = item if isinstance(item, tuple) and len(item) == 2 else (item, None)
    if not isinstance(source, str | bytes):
        given = f"a tuple of {len(item)}" if isinstance(source, tuple) else type(source).__name__
        return _Source(problem=f"a source is str or bytes, or a pair (source, url), not {given}")
    return _Source(source, url if isinstance(url, str) else None)


@dataclass(frozen=True, slots=True)
class _Work:
    """The function that workers apply to sources; see :class:`cleaner.batch.worker.Work`."""

    cleaner: Cleaner
    record: RecordOptions = PLAIN

    def prepare(self) -> None:
        cleaning.load_all(self.cleaner)

    def __call__(self, item: _Source) -> Cleaned:
        if item.problem:
            return Cleaned(error=item.problem)
        try:
            result = cleaning.run_pipeline(self.cleaner, Request(item.source, item.url), self.record)
        except MemoryError:
            raise  # the worker ends: its memory is too fragmented to continue with
        except CleanerError as error:
            return Cleaned(error=describe(error))
        except Exception as error:  # a bug in the library costs this source
            return Cleaned(error=f"{type(error).__name__}: {error}")
        return Cleaned(result.fields)

    def lost(self, item: _Source, reason: str) -> Cleaned:  # noqa: ARG002 the protocol's
        return Cleaned(error=reason)
