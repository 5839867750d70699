"""Columns of an Arrow batch: one callable for Ray Data, Spark, Hugging Face datasets, Polars and pandas.

They all hand over batches of rows and differ in little but the wrapping, so this depends on pyarrow alone and on none
of them. The promise is theirs to rely on: as many rows come out as went in, in the same order, whatever is in them.

>>> import pyarrow as pa
>>> pages = pa.table({"html": ["<p>The council voted on Tuesday, the mayor said.</p><p>Share this</p>", None]})
>>> cleaned = ArrowCleaner(column="html")(pages)
>>> cleaned["text"].to_pylist(), cleaned["error"].to_pylist()
(['The council voted on Tuesday, the mayor said.', None], [None, 'no source'])
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cleaner.api import Cleaner
from cleaner.integrations.common import attempt, cleaner_of, encodable, facts, missing

try:
    import pyarrow as pa
except ImportError as error:
    raise missing("arrow") from error

#: The columns that are added: Arrow's type, and the one that Spark's DDL has for it.
COLUMNS: Final[Mapping[str, tuple[Any, str]]] = {
    "text": (pa.string(), "string"),
    "title": (pa.string(), "string"),
    "lang": (pa.string(), "string"),
    "page_type": (pa.string(), "string"),
    "confidence": (pa.float64(), "double"),
    "flags": (pa.list_(pa.string()), "array<string>"),
    "error": (pa.string(), "string"),
}


class ArrowCleaner:
    """A callable that adds what cleaning a column gives to a batch; picklable, without state.

    ``column`` names the sources, ``url_column`` their addresses. A batch is a ``RecordBatch`` or a ``Table``, or a
    pandas or Polars data frame; the same type comes back, with the other columns as they were. ``prefix`` goes before
    the names of the added columns: one that is there already is never replaced, but is a ``ValueError``.

    A row that cannot be cleaned has nulls and an ``error``; in all others ``error`` is null. With ``only_text`` the
    columns are ``text`` and ``error``, in near to half of the time. The other options are those of
    :class:`cleaner.Cleaner`; or a ``cleaner`` is passed.
    """

    def __init__(
        self,
        column: str = "html",
        *,
        url_column: str | None = None,
        prefix: str = "",
        only_text: bool = False,
        cleaner: Cleaner | None = None,
        **options: Any,
    ) -> None:
        self.column = column
        self.url_column = url_column
        self.only_text = only_text
        self.names = {prefix + name: name for name in COLUMNS if not only_text or name in ("text", "error")}
        self.cleaner = cleaner_of(cleaner, options)

    @property
    def ddl(self) -> str:
        """The added columns in Spark's words, to stand behind those of the data frame."""
        return ", ".join(f"`{added}` {COLUMNS[name][1]}" for added, name in self.names.items())

    def schema(self, before: Any) -> Any:
        """The Arrow schema of what comes out for a batch of the schema ``before``."""
        return pa.schema([*before, *(pa.field(added, COLUMNS[name][0]) for added, name in self.names.items())])

    def __call__(self, batch: Any) -> Any:
        """The batch with the added columns."""
        library = _library(batch)
        self._check(list(batch.columns) if library else batch.schema.names)
        sources = _values(batch, self.column)
        urls = _values(batch, self.url_column) if self.url_column else [None] * len(sources)
        added = self._added(sources, urls)
        if library == "pandas":  # by position: an index may name rows twice
            return batch.assign(**{name: column.array for name, column in added.to_pandas().items()})
        if library == "polars":
            return batch.hstack(type(batch)(added))
        schema = self.schema(batch.schema).with_metadata(batch.schema.metadata)
        if isinstance(batch, pa.RecordBatch):
            return pa.RecordBatch.from_arrays([*batch.columns, *added.columns], schema=schema)
        return pa.Table.from_arrays([*batch.columns, *added.columns], schema=schema)

    def stream(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Each batch with the added columns, one at a time: what Spark's ``mapInArrow`` calls."""
        return map(self, batches)

    def _read(self) -> list[str]:
        return [self.column] if self.url_column in (None, self.column) else [self.column, str(self.url_column)]

    def _check(self, names: list[str]) -> None:
        if absent := [name for name in self._read() if name not in names]:
            raise ValueError(f"no column {', '.join(map(repr, absent))}; there are {', '.join(map(repr, names))}")
        if there := [name for name in self.names if name in names]:
            raise ValueError(f"column {', '.join(map(repr, there))} is there already: choose a prefix")

    def _added(self, sources: list[Any], urls: list[Any]) -> Any:
        """The added columns, as a batch of their own."""
        rows = [self._row(source, url) for source, url in zip(sources, urls, strict=True)]
        arrays = [pa.array([row.get(name) for row in rows], COLUMNS[name][0]) for name in self.names.values()]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema([]))

    def _row(self, source: Any, url: Any) -> dict[str, Any]:
        url = url if isinstance(url, str) else None
        outcome = attempt(self.cleaner, source, only_text=self.only_text, url=url)
        if outcome.error:
            return {"error": encodable(outcome.error)}
        more = facts(outcome.document) if outcome.document else {}
        return {"text": encodable(outcome.text), **more}


def _library(batch: Any) -> str:
    """Which library a data frame is of, without importing one; "" for Arrow's own batches."""
    name = type(batch).__module__.split(".")[0]
    return name if name in ("pandas", "polars") else ""


def _values(batch: Any, name: str) -> list[Any]:
    """The values of a column, one by one: a column of pandas may hold anything, which Arrow would refuse as a whole."""
    column = batch[name]
    if _library(batch) == "pandas":
        return [None if absent else value for value, absent in zip(column, column.isna(), strict=True)]
    if _library(batch) == "polars":
        return list(column.to_list())
    return [_value(scalar) for scalar in column]


def _value(scalar: Any) -> Any:
    """The value, as bytes where it is called a string and is not UTF-8: decoding is what the library is for."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.as_buffer().to_pybytes()
