"""Parquet tables as input and output.

Between the two, rows are lines of JSON like all other records, so that a run can be interrupted at any point. Values
that JSON has no type for are strings there, and get their type back when the table is written.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

from cleaner.batch.records import Unreadable
from cleaner.text.characters import encodable

with suppress(ImportError):  # where the extra is missing, a table is refused before anything is read
    import pyarrow as pa
    import pyarrow.parquet as pq

#: Rows of a row group of the output.
_GROUP: Final = 1_000
#: Lists and objects inside one another, at most: pyarrow opens no table with 100 levels, and a list takes two.
_MAX_NESTING: Final = 32


def result_types(names: Iterable[str]) -> dict[str, Any]:
    """The types of the fields with these names that a run writes itself."""
    numbers = {"confidence": pa.float64(), "score": pa.float64(), "record": pa.int64()}
    lists = dict.fromkeys(("flags", "authors"), pa.list_(pa.string()))
    return {name: (numbers | lists).get(name, pa.string()) for name in names}


def column_types(names: list[str]) -> dict[str, Any]:
    """The types of the columns of all files, without those columns whose type differs from file to file."""
    types: dict[str, Any] = {}
    differing = set()
    for name in names:
        try:
            columns = pq.read_schema(name)
        except (OSError, pa.ArrowException):  # becomes an unreadable record when it is read
            continue
        for column in columns:
            if types.setdefault(column.name, column.type) != column.type:
                differing.add(column.name)
    return {name: kind for name, kind in types.items() if name not in differing}


# -- input ---------------------------------------------------------------------------------------


def rows(name: str, size: int) -> Iterator[tuple[int, list[dict[str, Any] | Unreadable]]]:
    """The number of rows of a file, and its rows, at most ``size`` at a time.

    Row groups are independent: in a damaged one, every row is unreadable, and the others are read.
    """
    with pq.ParquetFile(name) as file:
        total = file.metadata.num_rows
        for group in range(file.num_row_groups):
            for rows_read in _rows_of_group(file, group, size):
                yield total, rows_read


def _rows_of_group(file: Any, group: int, size: int) -> Iterator[list[dict[str, Any] | Unreadable]]:
    """The rows of a row group, at most ``size`` at a time; where it is damaged, the rest of them are unreadable."""
    remaining = file.metadata.row_group(group).num_rows
    try:
        for batch in file.iter_batches(size, row_groups=[group]):
            batch_rows = _with_plain_types(batch).to_pylist()
            remaining -= len(batch_rows)
            yield batch_rows
    except Exception as error:  # pyarrow raises exceptions of many types for damaged data
        detail = str(error).splitlines()[0] if str(error) else repr(error)
        unreadable = Unreadable(f"row group {group + 1} is damaged: {detail}")
        while remaining > 0:
            yield [unreadable] * min(remaining, size)
            remaining -= size


def _with_plain_types(batch: Any) -> Any:
    """The batch with dates, times and decimals as strings: Python's own types cannot hold nanoseconds."""
    columns = []
    for column in batch.columns:
        try:
            columns.append(column.cast(_plain_type(column.type)))
        except pa.ArrowException:  # an interval, which has no string form: it stays as it is
            columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _plain_type(kind: Any) -> Any:
    """The type with strings in the place of dates, times and decimals, in lists and objects too."""
    if _is_text_in_json(kind):
        return pa.string()
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_plain_type(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(_plain_type(kind.key_type), _plain_type(kind.item_type))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(_plain_type(kind.value_type), kind.list_size)
    if pa.types.is_large_list(kind):
        return pa.large_list(_plain_type(kind.value_type))
    return pa.list_(_plain_type(kind.value_type)) if pa.types.is_list(kind) else kind


# -- output --------------------------------------------------------------------------------------


def write(lines: Path, table: Path, input_types: Mapping[str, Any], result_types: Mapping[str, Any]) -> None:
    """Write a table of lines of JSON.

    ``input_types`` has the types of columns that came from tables, ``result_types`` those of columns that the table has
    even if there is no line. The types of the others are inferred. A column whose values have no common type becomes
    one of strings; values that are not strings are written there as JSON.
    """
    types = _types(lines, {**input_types, **result_types}) or dict(result_types)
    while (unfit := _try_write(lines, table, types)) is not None:
        types[unfit] = pa.string()


def _batches(lines: Path) -> Iterator[list[dict[str, Any]]]:
    with lines.open("rb") as file:
        while batch := [json.loads(line) for line in islice(file, _GROUP)]:
            yield batch


def _types(lines: Path, known_types: Mapping[str, Any]) -> dict[str, Any]:
    types: dict[str, Any] = {}
    for batch in _batches(lines):
        for name in dict.fromkeys(name for row in batch for name in row):
            types[name] = known_types.get(name) or _common_type(types.get(name), [row.get(name) for row in batch])
    return {name: kind if _is_writable(kind) else pa.string() for name, kind in types.items()}


def _common_type(type_so_far: Any, values: list[Any]) -> Any:
    try:
        kind = pa.infer_type(values)
        if type_so_far is None or type_so_far == kind:
            return kind
        schemas = [pa.schema([pa.field("column", one)]) for one in (type_so_far, kind)]
        return pa.unify_schemas(schemas, promote_options="permissive").field(0).type
    except (pa.ArrowException, OverflowError, UnicodeError, TypeError):
        return pa.string()


def _is_writable(kind: Any, nesting: int = 0) -> bool:
    """Whether Parquet has the type: it has none for objects without fields, nor for columns without values.

    A type with too many levels can be written, but the table cannot be opened again.
    """
    if pa.types.is_null(kind) or nesting > _MAX_NESTING:
        return False
    if pa.types.is_struct(kind):
        return kind.num_fields > 0 and all(_is_writable(field.type, nesting + 1) for field in kind)
    return _is_writable(kind.value_type, nesting + 1) if pa.types.is_list(kind) else True


def _try_write(lines: Path, table: Path, types: Mapping[str, Any]) -> str | None:
    """Write the table. Returns the name of a column whose values do not have its type, or None on success."""
    columns = pa.schema([(encodable(name), kind) for name, kind in types.items()])
    with pq.ParquetWriter(table, columns, compression="zstd") as writer:
        for batch in _batches(lines):
            arrays = {name: _column([row.get(name) for row in batch], kind) for name, kind in types.items()}
            if (unfit := next((name for name, array in arrays.items() if array is None), None)) is not None:
                return unfit
            writer.write_table(pa.Table.from_arrays([*arrays.values()], schema=columns))
    return None


def _column(values: list[Any], kind: Any) -> Any:
    """The values as an array of a type; None where they do not have it."""
    if pa.types.is_string(kind):
        return pa.array([_string(value) for value in values], kind)
    try:
        if _is_text_in_json(kind):  # as _typed, but faster
            return pa.array(values, pa.string()).cast(kind)
        return pa.array([_typed(value, kind) for value in values], kind)
    except (pa.ArrowException, OverflowError, UnicodeError, TypeError, ValueError):
        return None


def _typed(value: Any, kind: Any) -> Any:
    """A value of JSON as pyarrow takes it for a type: dates and bytes were strings, and the pairs of maps were lists.

    Raises ``TypeError``, ``ValueError`` or a ``pyarrow.ArrowException`` for a value of another type.
    """
    if value is None:
        return None
    if pa.types.is_nested(kind):
        return _typed_inside(value, kind)
    if _is_text_in_json(kind):
        return pa.scalar(value, pa.string()).cast(kind)
    if pa.types.is_integer(kind) and isinstance(value, float):  # pyarrow would cut it off
        raise TypeError(kind)
    return base64.b64decode(value, validate=True) if _holds_bytes(kind) else value


def _typed_inside(value: Any, kind: Any) -> Any:
    """An object, a map or a list with its values as :func:`_typed` gives them."""
    if pa.types.is_struct(kind):
        types = {field.name: field.type for field in kind}
        if not isinstance(value, dict) or value.keys() - types.keys():  # pyarrow would leave out other fields
            raise TypeError(kind)
        return {name: _typed(value.get(name), of_field) for name, of_field in types.items()}
    if not isinstance(value, list):
        raise TypeError(kind)
    if pa.types.is_map(kind):
        return [(_typed(key, kind.key_type), _typed(item, kind.item_type)) for key, item in value]
    if pa.types.is_floating(kind.value_type):  # as below, but faster: vectors are long
        return value
    return [_typed(item, kind.value_type) for item in value]


def _is_text_in_json(kind: Any) -> bool:
    return bool(pa.types.is_temporal(kind) or pa.types.is_decimal(kind))


def _holds_bytes(kind: Any) -> bool:
    is_one_of = pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view
    return any(holds(kind) for holds in is_one_of)


def _string(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return encodable(text)  # JSON may hold a lone surrogate; a table may not
