"""Columns of batches: one callable for Arrow, Ray Data, Spark, Hugging Face datasets, Polars, pandas and plain dicts.

These frameworks all pass batches of rows, so this module needs pyarrow and none of them. As many rows come out as went
in, in the same order, whatever they contain.

>>> import pyarrow as pa
>>> pages = pa.table({"html": ["<p>The council voted on Tuesday, the mayor said.</p><p>Share this</p>", None]})
>>> cleaned = ArrowCleaner(column="html")(pages)
>>> cleaned["text"].to_pylist(), cleaned["error"].to_pylist()
(['The council voted on Tuesday, the mayor said.', None], [None, 'no source'])
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cleaner.api import Cleaner
from cleaner.errors import install_hint
from cleaner.export.record import Format, RecordOptions
from cleaner.integrations.common import clean_record, remember, resolve_cleaner
from cleaner.memory import SiteMemory
from cleaner.text.characters import encodable

try:
    import pyarrow as pa
except ImportError as error:
    raise ImportError(install_hint("pyarrow", "arrow")) from error

#: The columns that can be added: their type in Arrow, and in Spark's DDL.
COLUMNS: Final[Mapping[str, tuple[Any, str]]] = {
    "text": (pa.string(), "string"),
    "title": (pa.string(), "string"),
    "lang": (pa.string(), "string"),
    "page_type": (pa.string(), "string"),
    "confidence": (pa.float64(), "double"),
    "flags": (pa.list_(pa.string()), "array<string>"),
    "authors": (pa.list_(pa.string()), "array<string>"),
    "date": (pa.string(), "string"),
    "site": (pa.string(), "string"),
    "description": (pa.string(), "string"),
    "error": (pa.string(), "string"),
}


class ArrowCleaner:
    """A callable that cleans a column of a batch and adds the results as columns. It is picklable and has no state.

    ``column`` names the sources, ``url_column`` their addresses. A batch is a ``RecordBatch``, a ``Table``, a data
    frame of pandas or Polars, or a mapping of names to columns, as Hugging Face's ``map`` passes it; the result has the
    same type (a dict for any mapping), with the other columns unchanged. ``prefix`` is put before the names of the
    added columns.

    A series is taken as the sources themselves. Of one of pandas the result is a data frame of the added columns with
    the same index; of one of Polars it is a series of structs, so that it can be used in expressions.

    A row that cannot be cleaned has nulls and an ``error``; in all other rows ``error`` is null. ``output_format`` is
    that of the column ``text``: "text", "markdown" or "html". ``metadata`` adds ``authors``, ``date``, ``site`` and
    ``description``. With ``only_text``, the added columns are ``text`` and ``error``; plain text then takes little more
    than half of the time. The other options are those of :class:`cleaner.Cleaner`; or a ``cleaner`` is passed.

    The call raises ``ValueError`` where a column is missing, or where an added column exists already, and ``TypeError``
    for a batch of another type.
    """

    def __init__(  # noqa: PLR0913 options, all by keyword
        self,
        column: str = "html",
        *,
        url_column: str | None = None,
        prefix: str = "",
        only_text: bool = False,
        output_format: Format = "text",
        metadata: bool = False,
        cleaner: Cleaner | None = None,
        **options: Any,
    ) -> None:
        self.column = column
        self.url_column = url_column
        self.only_text = only_text
        self.record = RecordOptions(output_format, metadata)
        names = ("text",) if only_text else self.record.names
        self.names = {prefix + name: name for name in COLUMNS if name in (*names, "error")}
        self.cleaner = resolve_cleaner(cleaner, options)

    @property
    def ddl(self) -> str:
        """The added columns in Spark's DDL, to be appended to those of the data frame."""
        return ", ".join(f"`{added}` {COLUMNS[name][1]}" for added, name in self.names.items())

    def schema(self, before: Any) -> Any:
        """The Arrow schema of the result for a batch with the schema ``before``."""
        return pa.schema([*before, *(pa.field(added, COLUMNS[name][0]) for added, name in self.names.items())])

    def __call__(self, batch: Any) -> Any:
        """The batch with the added columns."""
        library = _library(batch)
        if library and type(batch).__name__ == "Series":
            return self._of_series(batch, library)
        self._check(_names(batch))
        sources = _values(batch[self.column])
        urls = _values(batch[self.url_column]) if self.url_column else [None] * len(sources)
        added = self._added(sources, urls)
        if library == "pandas":  # assigned by position: index labels need not be unique
            return batch.assign(**{name: column.array for name, column in added.to_pandas().items()})
        if library == "polars":
            return batch.hstack(type(batch)(added))
        if isinstance(batch, Mapping):
            return {**batch, **added.to_pydict()}
        schema = self.schema(batch.schema).with_metadata(batch.schema.metadata)
        if isinstance(batch, pa.RecordBatch):
            return pa.RecordBatch.from_arrays([*batch.columns, *added.columns], schema=schema)
        return pa.Table.from_arrays([*batch.columns, *added.columns], schema=schema)

    def stream(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Each batch with the added columns, one at a time, as Spark's ``mapInArrow`` needs it."""
        return map(self, batches)

    @property
    def dtype(self) -> Any:
        """The type of the structs that an expression of Polars gets: its ``return_dtype``."""
        import polars as pl

        return pl.from_arrow(pa.RecordBatch.from_pylist([], self.schema([]))).to_struct("").dtype

    def _of_series(self, series: Any, library: str) -> Any:
        if self.url_column:
            raise ValueError(f"a series has no column {self.url_column!r}: pass the data frame")
        added = self._added(_values(series), [None] * len(series))
        if library == "pandas":
            return added.to_pandas().set_index(series.index)
        import polars as pl

        return pl.from_arrow(added).to_struct(series.name)

    def _check(self, names: list[str]) -> None:
        _check_columns([self.column, *([self.url_column] if self.url_column else [])], names)
        if existing := [name for name in self.names if name in names]:
            raise ValueError(f"column {', '.join(map(repr, existing))} exists already: choose a prefix")

    def _added(self, sources: list[Any], urls: list[Any]) -> Any:
        """The added columns, as a ``RecordBatch`` of their own."""
        rows = [self._row(source, url) for source, url in zip(sources, urls, strict=True)]
        arrays = [pa.array([row.get(name) for row in rows], COLUMNS[name][0]) for name in self.names.values()]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema([]))

    def _row(self, source: Any, url: Any) -> dict[str, Any]:
        result = clean_record(self.cleaner, source, only_text=self.only_text, url=url, options=self.record)
        return {"error": encodable(result.error)} if result.error else dict(result.fields)


class ArrowMemory:
    """A callable that makes a site memory of a batch: a table with one row and the column ``memory``, the bytes of it.

    ``column`` names the sources and ``url_column`` their addresses; rows without one are left out. The other options
    are those of :class:`cleaner.memory.SiteMemory`. :meth:`merged` makes one memory of all results, which is that of
    all rows, however they were spread over batches.

    >>> import pyarrow as pa
    >>> pages = pa.table({"html": ["<p>The ferry sailed on Monday.</p>"], "url": ["https://courier.example/1"]})
    >>> ArrowMemory().merged(ArrowMemory()(pages)["memory"].to_pylist()).sites
    ['courier.example']
    """

    #: The column of the result in Spark's DDL.
    DDL: Final = "memory binary"

    def __init__(self, column: str = "html", *, url_column: str = "url", **options: Any) -> None:
        self.column = column
        self.url_column = url_column
        self.options = options
        SiteMemory(**options)  # a wrong option is an error here, not in a task

    def __call__(self, batch: Any) -> Any:
        """The memory of a batch, as a ``Table``. Raises ``ValueError`` where a column is missing."""
        return self._table([batch])

    def stream(self, batches: Iterable[Any]) -> Iterator[Any]:
        """The memory of all batches as one batch: one for each partition, as Spark's ``mapInArrow`` needs it."""
        yield from self._table(batches).to_batches()

    def _table(self, batches: Iterable[Any]) -> Any:
        memory = SiteMemory(**self.options)
        for batch in batches:
            _check_columns([self.column, self.url_column], _names(batch))
            for source, url in zip(_values(batch[self.column]), _values(batch[self.url_column]), strict=True):
                remember(memory, source, url)
        return pa.table({"memory": pa.array([memory.to_bytes()], pa.binary())})

    def merged(self, results: Iterable[bytes]) -> SiteMemory:
        """The memory of all results. Raises :class:`cleaner.memory.MemoryFileError` for other bytes."""
        memory = SiteMemory(**self.options)
        for data in results:
            memory.merge(SiteMemory.from_bytes(data))
        return memory


def _check_columns(needed: Iterable[str], names: list[str]) -> None:
    """Raise ``ValueError`` where a column is missing."""
    if missing := [name for name in dict.fromkeys(needed) if name not in names]:
        raise ValueError(f"no column {', '.join(map(repr, missing))}; there are {', '.join(map(repr, names))}")


def _library(batch: Any) -> str:
    """The library of a data frame, without importing it; "" for Arrow's own types."""
    name = type(batch).__module__.split(".")[0]
    return name if name in ("pandas", "polars") else ""


def _names(batch: Any) -> list[str]:
    """The names of the columns of a batch. Raises ``TypeError`` for another type."""
    if _library(batch) and not hasattr(batch, "collect"):  # a LazyFrame holds no rows
        return list(batch.columns)
    if isinstance(batch, Mapping):
        return list(batch)
    if isinstance(batch, pa.RecordBatch | pa.Table):
        return list(batch.schema.names)
    raise TypeError(
        "a batch is an Arrow table or record batch, a data frame or series of pandas or Polars, or a dict of columns, "
        f"not {type(batch).__name__}"
    )


def _values(column: Any) -> list[Any]:
    """The values of a column as Python objects.

    A pandas column may hold objects of any type, which Arrow would refuse as a whole: it is read one by one.
    """
    if _library(column) == "pandas":
        return [None if is_null else value for value, is_null in zip(column, column.isna(), strict=True)]
    if isinstance(column, pa.Array | pa.ChunkedArray):
        return [_value(scalar) for scalar in column]
    if isinstance(column, str | bytes):
        raise TypeError("the columns of a dict are lists of values: Hugging Face's map() passes them with batched=True")
    to_list = getattr(column, "to_list", None) or getattr(column, "tolist", None)  # of Polars; of numpy
    return list(to_list() if to_list else column)


def _value(scalar: Any) -> Any:
    """The value; as bytes if it is a string that is not UTF-8, so that the library can decode it."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.as_buffer().to_pybytes()
