"""Tables in and out. Between the two, rows are lines of JSON like all others, so that a run can be cut off anywhere.

What JSON has no type for goes through it as a string, and gets its type back when the table is written.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

with suppress(ImportError):  # the extra may be missing: whoever names a table is told so before anything is read
    import pyarrow as pa
    import pyarrow.parquet as pq

#: Rows of a row group of the output.
_GROUP: Final = 1_000


def ours() -> dict[str, Any]:
    """The types of what a result adds to a row."""
    texts = dict.fromkeys(("text", "title", "lang", "kind", "page_type"), pa.string())
    return {**texts, "confidence": pa.float64(), "flags": pa.list_(pa.string())}


def schema(names: list[str]) -> dict[str, Any]:
    """The types of the columns of all files; of those that differ from file to file nothing is said."""
    found: dict[str, Any] = {}
    differing = set()
    for name in names:
        try:
            columns = pq.read_schema(name)
        except (OSError, pa.ArrowException):  # the record that stands for the file says so
            continue
        for column in columns:
            if found.setdefault(column.name, column.type) != column.type:
                differing.add(column.name)
    return {name: kind for name, kind in found.items() if name not in differing}


# -- in ------------------------------------------------------------------------------------------


def rows(name: str, size: int) -> Iterator[tuple[int, list[dict[str, Any] | str]]]:
    """How many rows a file has, and its rows, some at a time; for a row that cannot be read the reason.

    Row groups are independent: a damaged one costs its own rows.
    """
    with pq.ParquetFile(name) as file:
        total = file.metadata.num_rows
        for group in range(file.num_row_groups):
            left = file.metadata.row_group(group).num_rows
            try:
                for batch in file.iter_batches(size, row_groups=[group]):
                    found = _plain(batch).to_pylist()
                    left -= len(found)
                    yield total, found
            except Exception as error:  # pyarrow raises what it likes on damaged data
                said = f"row group {group + 1} is damaged: {str(error).splitlines()[0] if str(error) else error!r}"
                while left > 0:
                    yield total, [said] * min(left, size)
                    left -= size


def _plain(batch: Any) -> Any:
    """The batch with strings for dates, times and decimals: Python's own types hold no nanoseconds."""
    columns = []
    for column in batch.columns:
        kind = column.type
        if pa.types.is_temporal(kind) or pa.types.is_decimal(kind):
            try:
                columns.append(column.cast(pa.string()))
                continue
            except pa.ArrowException:  # an interval: as Python has it
                pass
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


# -- out -----------------------------------------------------------------------------------------


def write(lines: Path, table: Path, known: Mapping[str, Any]) -> None:
    """A table of lines of JSON; ``known`` are types of its columns, the others are found out.

    A column in which the values are of no one type holds them as strings: JSON, where they are none.
    """
    types = _types(lines, {**known, **ours()})
    while (unfit := _written(lines, table, types)) is not None:
        types[unfit] = pa.string()


def _batches(lines: Path) -> Iterator[list[dict[str, Any]]]:
    with lines.open("rb") as file:
        while batch := [json.loads(line) for line in islice(file, _GROUP)]:
            yield batch


def _types(lines: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    types: dict[str, Any] = {}
    for batch in _batches(lines):
        for name in dict.fromkeys(name for row in batch for name in row):
            types[name] = known.get(name) or _common(types.get(name), [row.get(name) for row in batch])
    types = types or ours()
    return {name: kind if _writable(kind) else pa.string() for name, kind in types.items()}


def _common(before: Any, values: list[Any]) -> Any:
    try:
        kind = pa.infer_type(values)
        if before is None or before == kind:
            return kind
        both = [pa.schema([pa.field("column", one)]) for one in (before, kind)]
        return pa.unify_schemas(both, promote_options="permissive").field(0).type
    except (pa.ArrowException, OverflowError, UnicodeError, TypeError):
        return pa.string()


def _writable(kind: Any) -> bool:
    """Whether Parquet has the type: it has none for objects without fields, nor for columns without values."""
    if pa.types.is_null(kind):
        return False
    if pa.types.is_struct(kind):
        return kind.num_fields > 0 and all(_writable(kind.field(at).type) for at in range(kind.num_fields))
    return _writable(kind.value_type) if pa.types.is_list(kind) else True


def _written(lines: Path, table: Path, types: Mapping[str, Any]) -> str | None:
    """Write the table; or the name of a column whose values are not of its type."""
    columns = pa.schema(list(types.items()))
    with pq.ParquetWriter(table, columns, compression="zstd") as writer:
        for batch in _batches(lines):
            arrays = []
            for name, kind in types.items():
                array = _column([row.get(name) for row in batch], kind)
                if array is None:
                    return name
                arrays.append(array)
            writer.write_table(pa.Table.from_arrays(arrays, schema=columns))
    return None


def _column(values: list[Any], kind: Any) -> Any:
    if pa.types.is_string(kind):
        return pa.array([_string(value) for value in values], kind)
    try:
        if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            return pa.array([None if value is None else base64.b64decode(value) for value in values], kind)
        if pa.types.is_temporal(kind) or pa.types.is_decimal(kind):
            return pa.array(values, pa.string()).cast(kind)
        return pa.array(values, kind)
    except (pa.ArrowException, OverflowError, UnicodeError, TypeError, ValueError):
        return None


def _string(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()  # JSON may hold half of a pair of surrogates, a table may not
