"""Inputs of a batch run, and their records, one by one and in order.

Lines are not parsed here: a worker gets the bytes, so that a line that crashes the parser costs only itself.
"""

import gzip
import hashlib
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from cleaner.batch.records import Record, Unreadable
from cleaner.errors import BatchError, describe, install_hint, size_message
from cleaner.reading.source import MAX_SIZE

#: Bytes of JSON for one character of a source, at most: it may be written as an escape, ``\u0041``.
BYTES_PER_CHARACTER: Final = 6
#: Suffixes of files that hold one page or text each.
PAGES: Final = (".html", ".htm", ".xhtml", ".txt")
#: Rows of a table that are read at a time.
_ROWS: Final = 64


@dataclass(frozen=True, slots=True)
class Input:
    """A file, a directory or standard input.

    ``form`` is its kind, a key of :data:`_READERS`. ``fingerprint`` changes when the content does, as far as sizes and
    times of files tell; it is "" for standard input.
    """

    name: str
    form: str
    size: int = 0
    fingerprint: str = ""


def open_inputs(names: Sequence[str]) -> list[Input]:
    """The inputs with these names.

    Raises :class:`BatchError` for one that does not exist, is of an unknown kind, or needs an extra.
    """
    return [_input(name) for name in names]


def _input(name: str) -> Input:
    if name == "-":
        return Input(name, "jsonl")
    path = Path(name)
    try:
        status = path.stat()
    except OSError as error:
        raise BatchError(f"{name}: {describe(error)}") from error
    if path.is_dir():
        return _directory_input(name)
    return Input(name, _form(path), status.st_size, f"{status.st_size} {status.st_mtime_ns}")


def _directory_input(name: str) -> Input:
    digest, size = hashlib.blake2b(digest_size=16), 0
    for page in _pages_under(Path(name)):
        if isinstance(page, OSError):
            continue
        with suppress(OSError):  # it becomes an unreadable record when it is read
            status = page.lstat()
            size += status.st_size
            digest.update(os.fsencode(f"{page}\0{status.st_size} {status.st_mtime_ns}\0"))
    return Input(name, "directory", size, digest.hexdigest())


def _form(path: Path) -> str:
    name = path.name.lower()
    compression = next((suffix for suffix in (".gz", ".zst") if name.endswith(suffix)), "")
    if compression == ".zst":
        _require("zstandard", "batch")
    if name.endswith((".warc", ".warc.gz")):
        _require("fastwarc", "warc")
        return "warc"
    if name.endswith(".parquet"):
        _require("pyarrow", "arrow")
        return "parquet"
    if name.removesuffix(compression).endswith((".jsonl", ".ndjson")):
        return "jsonl" + compression
    if name.endswith(PAGES):
        return "page"
    raise BatchError(
        f"{path}: unknown kind of file; known suffixes are .jsonl, .ndjson (also with .gz or .zst), .parquet, "
        f".warc, .warc.gz, {', '.join(PAGES)}"
    )


def _require(package: str, extra: str) -> None:
    try:
        __import__(package)
    except ImportError as error:
        raise BatchError(install_hint(package, extra)) from error


def records(inputs: Sequence[Input], max_size: int = MAX_SIZE) -> Iterator[Record]:
    """The records of all inputs, in order. Sources larger than ``max_size`` are not read completely."""
    bytes_before = 0
    for item in inputs:
        yield from _READERS[item.form](item, bytes_before, max_size)
        bytes_before += item.size


# -- pages ---------------------------------------------------------------------------------------


def _pages_under(folder: Path) -> Iterator[Path | OSError]:
    """The pages in a directory and below it, in the order of their names, which is the same on every machine.

    For a directory that cannot be listed, the error is yielded.
    """
    errors: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=errors.append):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(files) if name.lower().endswith(PAGES))
        yield from errors
        errors.clear()
    yield from errors


def _directory(item: Input, bytes_before: int, _: int) -> Iterator[Record]:
    for page in _pages_under(Path(item.name)):
        if isinstance(page, OSError):
            yield Record(str(page.filename), 1, Unreadable(describe(page)), bytes_before)
            continue
        with suppress(OSError):
            bytes_before += page.lstat().st_size
        yield Record(str(page), 1, page, bytes_before)


def _page(item: Input, bytes_before: int, _: int) -> Iterator[Record]:
    yield Record(item.name, 1, Path(item.name), bytes_before + item.size)


# -- lines ---------------------------------------------------------------------------------------


def _jsonl(item: Input, bytes_before: int, max_size: int) -> Iterator[Record]:
    if item.name == "-":
        if sys.stdin is None:
            yield Record("-", 1, Unreadable("closed"))
            return
        yield from _lines("-", sys.stdin.buffer, lambda: 0, max_size)
        return
    try:
        raw = Path(item.name).open("rb")  # noqa: SIM115 closed below, with the decompressor around it
    except OSError as error:
        yield Record(item.name, 1, Unreadable(describe(error)), bytes_before)
        return
    with raw, _decompressed(raw, item.form) as file:
        yield from _lines(item.name, file, lambda: bytes_before + raw.tell(), max_size)


def _decompressed(raw: IO[bytes], form: str) -> IO[bytes]:
    if form.endswith(".gz"):
        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]
    if form.endswith(".zst"):
        from cleaner.batch.zst import ZstReader

        return io.BufferedReader(ZstReader(raw), 1 << 20)
    return raw


def _lines(name: str, file: IO[bytes], bytes_read: Callable[[], int], max_size: int) -> Iterator[Record]:
    max_line = BYTES_PER_CHARACTER * max(max_size, MAX_SIZE)  # a small source may stand beside large fields
    number = 0
    while True:
        number += 1
        try:
            line = file.readline(max_line + 1)
            too_long = len(line) > max_line
            rest = line
            while too_long and rest and not rest.endswith(b"\n"):
                rest = file.readline(max_line)
        except (OSError, EOFError, zlib.error) as error:
            # Damaged or cut off. The number of lines that are lost is unknown: one record stands for them.
            reason = f"the file cannot be read from here on: {describe(error)}"
            yield Record(name, number, Unreadable(reason), bytes_read())
            return
        if not line:
            return
        if too_long:
            yield Record(name, number, Unreadable(f"the line is {size_message(max_line)}"), bytes_read())
        elif line.strip():
            yield Record(name, number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, bytes_read())


# -- tables and archives -------------------------------------------------------------------------


def _parquet(item: Input, bytes_before: int, _: int) -> Iterator[Record]:
    from cleaner.batch import parquet

    number = 0
    try:
        for total, rows in parquet.rows(item.name, _ROWS):
            for row in rows:
                number += 1
                bytes_read = bytes_before + item.size * number // max(total, 1)
                yield Record(item.name, number, row, bytes_read)
    except Exception as error:  # pyarrow raises exceptions of many types for a file that is not Parquet
        reason = f"the file cannot be read from here on: {describe(error)}"
        yield Record(item.name, number + 1, Unreadable(reason), bytes_before)


def _warc(item: Input, bytes_before: int, max_size: int) -> Iterator[Record]:
    from cleaner.batch.warc import warc_records

    return warc_records(item.name, item.size, bytes_before, max_size)


#: For each form, the function that reads it: it takes the input, the size of all inputs before it, and ``max_size``.
_READERS: Final[dict[str, Callable[[Input, int, int], Iterator[Record]]]] = {
    "jsonl": _jsonl,
    "jsonl.gz": _jsonl,
    "jsonl.zst": _jsonl,
    "parquet": _parquet,
    "warc": _warc,
    "directory": _directory,
    "page": _page,
}
