"""Inputs become records, one by one and in order; what cannot be read becomes a record that says so.

Nothing is parsed here: a line goes to a worker as the bytes that it is, so that a bad one costs a worker at most.
"""

import gzip
import hashlib
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from cleaner.batch.errors import BatchError, missing, reason
from cleaner.reading.source import MAX_SIZE

#: Bytes of the longest line: a source at the limit of which JSON escapes every character.
MAX_LINE: Final = 6 * MAX_SIZE
#: Suffixes of files that hold one page or text each.
PAGES: Final = (".html", ".htm", ".xhtml", ".txt")
#: Bytes that are decompressed at once. A few may stand for 128 KB each in zstandard: the step bounds what a bomb takes.
_ZST_STEP: Final = 1_024
#: Rows of a table that are in memory at once.
_ROWS: Final = 64
#: Types of an archive's entries that may hold a page.
_ENTRIES: Final = ("response", "resource", "conversion")
#: What packed data begins with.
_GZIP: Final = b"\x1f\x8b"
#: Content types of the responses of an archive that hold a page or a text.
_TEXTUAL: Final = ("text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What stands where a record could not be read; ``id`` where that much is known of it."""

    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """A page as an archive holds it: its bytes, and what the archive says of it."""

    fields: dict[str, Any]
    source: bytes


#: A line of JSON; a row of a table; a page of an archive; the path of a page; or none of them.
Payload = bytes | dict[str, Any] | Response | Path | Unreadable


@dataclass(frozen=True, slots=True)
class Record:
    """One source and where it stands: ``number`` is its line, row or place in the file, from 1.

    ``at`` says how many bytes of all inputs have been read up to it.
    """

    file: str
    number: int
    payload: Payload
    at: int = 0


@dataclass(frozen=True, slots=True)
class Input:
    """A file, a directory or standard input. ``stamp`` changes when what is in it does."""

    name: str
    form: str
    size: int = 0
    stamp: str = ""


def open_inputs(names: list[str]) -> list[Input]:
    """The inputs of the names; a :class:`BatchError` where one is not there, is of no known kind, or needs an extra."""
    return [_input(name) for name in names]


def _input(name: str) -> Input:
    if name == "-":
        return Input(name, "jsonl")
    path = Path(name)
    try:
        about = path.stat()
    except OSError as error:
        raise BatchError(f"{name}: {reason(error)}") from error
    if path.is_dir():
        digest, size = hashlib.blake2b(digest_size=16), 0
        for page in _walk(path):
            if isinstance(page, OSError):
                continue
            with suppress(OSError):  # a record that fails, when its turn comes
                known = page.lstat()
                size += known.st_size
                digest.update(os.fsencode(f"{page}\0{known.st_size} {known.st_mtime_ns}\0"))
        return Input(name, "directory", size, digest.hexdigest())
    return Input(name, _form(path), about.st_size, f"{about.st_size} {about.st_mtime_ns}")


def _form(path: Path) -> str:
    name = path.name.lower()
    packing = next((suffix for suffix in (".gz", ".zst") if name.endswith(suffix)), "")
    if packing == ".zst":
        _need("zstandard", "batch")
    if name.endswith((".warc", ".warc.gz")):
        _need("fastwarc", "warc")
        return "warc"
    if name.endswith(".parquet"):
        _need("pyarrow", "arrow")
        return "parquet"
    if name.removesuffix(packing).endswith((".jsonl", ".ndjson")):
        return "jsonl" + packing
    if name.endswith(PAGES):
        return "page"
    raise BatchError(f"{path}: of no known kind; known are .jsonl, .jsonl.gz, .jsonl.zst, .parquet, .warc, .html, .txt")


def _need(package: str, extra: str) -> None:
    try:
        __import__(package)
    except ImportError as error:
        raise missing(package, extra) from error


def records(inputs: list[Input]) -> Iterator[Record]:
    """The records of all inputs, in order."""
    before = 0
    for item in inputs:
        yield from _READERS[item.form](item, before)
        before += item.size


# -- pages ---------------------------------------------------------------------------------------


def _walk(folder: Path) -> Iterator[Path | OSError]:
    """The pages in and under a directory, each directory in order of names: the same on every machine.

    Where a directory cannot be listed, the error stands in the place of its pages.
    """
    errors: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=errors.append):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(files) if name.lower().endswith(PAGES))
        yield from errors
        errors.clear()
    yield from errors


def _directory(item: Input, before: int) -> Iterator[Record]:
    for page in _walk(Path(item.name)):
        if isinstance(page, OSError):
            yield Record(str(page.filename), 1, Unreadable(reason(page)), before)
            continue
        with suppress(OSError):
            before += page.lstat().st_size
        yield Record(str(page), 1, page, before)


def _page(item: Input, before: int) -> Iterator[Record]:
    yield Record(item.name, 1, Path(item.name), before + item.size)


# -- lines ---------------------------------------------------------------------------------------


def _jsonl(item: Input, before: int) -> Iterator[Record]:
    if item.name == "-":
        if sys.stdin is None:
            yield Record("-", 1, Unreadable("closed"))
            return
        yield from _lines("-", sys.stdin.buffer, lambda: 0)
        return
    try:
        raw = Path(item.name).open("rb")  # noqa: SIM115 closed below, with what is wrapped around it
    except OSError as error:
        yield Record(item.name, 1, Unreadable(reason(error)), before)
        return
    with raw, _unpacked(raw, item.form) as file:
        yield from _lines(item.name, file, lambda: before + raw.tell())


def _unpacked(raw: IO[bytes], form: str) -> IO[bytes]:
    if form.endswith(".gz"):
        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]
    return io.BufferedReader(_Zst(raw), 1 << 20) if form.endswith(".zst") else raw


def _lines(name: str, file: IO[bytes], at: Callable[[], int]) -> Iterator[Record]:
    number = 0
    while True:
        number += 1
        try:
            line = file.readline(MAX_LINE + 1)
            too_long = len(line) > MAX_LINE
            rest = line
            while too_long and rest and not rest.endswith(b"\n"):
                rest = file.readline(MAX_LINE)
        except (OSError, EOFError, zlib.error) as error:
            # Damaged or cut off. How many lines are gone nobody knows: one record stands for them.
            yield Record(name, number, Unreadable(f"the file cannot be read from here on: {reason(error)}"), at())
            return
        if not line:
            return
        if too_long:
            yield Record(name, number, Unreadable(f"the line is longer than the limit of {MAX_LINE:,} bytes"), at())
        elif line.strip():
            yield Record(name, number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, at())


class _Zst(io.RawIOBase):
    """What zstandard frames hold. The library's own reader takes a file that is cut off for one that has ended."""

    def __init__(self, raw: IO[bytes]) -> None:
        import zstandard

        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj
        self._open: Any = None
        self._packed = b""
        self._data = memoryview(b"")
        self._error = zstandard.ZstdError

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._data:
            self._packed = self._packed or self._raw.read(_ZST_STEP)
            if not self._packed:
                if self._open is not None:
                    raise EOFError("the compressed data is cut off")
                return 0
            if self._open is None:
                self._open = self._frame()
            try:
                self._data = memoryview(self._open.decompress(self._packed))
            except self._error as error:
                raise OSError(str(error)) from error
            self._packed = self._open.unused_data if self._open.eof else b""
            if self._open.eof:
                self._open = None
        size = min(len(buffer), len(self._data))
        buffer[:size] = self._data[:size]
        self._data = self._data[size:]
        return size


# -- tables and archives -------------------------------------------------------------------------


def _parquet(item: Input, before: int) -> Iterator[Record]:
    from cleaner.batch import parquet

    number = 0
    try:
        for total, rows in parquet.rows(item.name, _ROWS):
            for row in rows:
                number += 1
                at = before + item.size * number // max(total, 1)
                yield Record(item.name, number, Unreadable(row) if isinstance(row, str) else row, at)
    except Exception as error:  # pyarrow raises what it likes on a file that is none
        text = f"the file cannot be read from here on: {reason(error)}"
        yield Record(item.name, number + 1, Unreadable(text), before)


def _warc(item: Input, before: int) -> Iterator[Record]:
    from fastwarc.warc import ArchiveIterator

    number, position = 0, 0
    held: Record | None = None  # until another entry follows: of the last one it has to be seen whether it is whole
    try:
        with Path(item.name).open("rb") as raw:
            for entry in ArchiveIterator(raw, auto_decode="all"):
                if held:
                    yield held
                number, position = number + 1, entry.stream_pos
                at = before + min(raw.tell(), item.size)
                held = Record(item.name, number, _response(entry), at) if _is_page(entry) else None
    except Exception as error:  # fastwarc raises what it likes on a file that is damaged
        if held:
            yield held
        text = f"the file cannot be read from here on: {reason(error)}"
        yield Record(item.name, number + 1, Unreadable(text), before)
        return
    if number and not _is_whole(Path(item.name), position):
        name = held.payload.fields["id"] if held and isinstance(held.payload, Response) else None
        yield Record(item.name, number, Unreadable("the file ends within this entry", name), before)
    elif held:
        yield held


def _is_whole(path: Path, position: int) -> bool:
    """Whether the entry that begins there is all in the file: the iterator gives half an entry as a whole one."""
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(position)
        if packed and raw.read(2) != _GZIP:  # the file as a whole is packed, not each entry
            position = 0
        raw.seek(position)
        file: IO[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
        try:
            return _passes(file, to_end=packed and not position)
        except (OSError, EOFError, ValueError, zlib.error):
            return False


def _passes(file: IO[bytes], *, to_end: bool) -> bool:
    """Whether an entry, or else all there is, can be read to its end."""
    length = None
    while not to_end and length is None:
        name, _, value = file.readline(MAX_LINE).strip().partition(b":")
        if not name:  # the head's end, or the file's, before the length
            return False
        if name.lower() == b"content-length":
            length = int(value)
    while not to_end and file.readline(MAX_LINE).strip():
        pass
    left = sys.maxsize if length is None else length
    while left and (data := file.read(min(left, 1 << 20))):
        left -= len(data)
    return to_end or not left


def _is_page(entry: Any) -> bool:
    """Whether an entry of an archive is a page or a text that was there: other types and errors are no records."""
    if entry.headers.get("WARC-Type") not in _ENTRIES:
        return False
    if entry.is_http:
        status, kind = entry.http_headers.status_code, entry.http_content_type
        if status is not None and not 200 <= status < 300:
            return False
    else:
        kind = entry.headers.get("Content-Type")
    return not kind or kind.split(";")[0].strip().lower() in _TEXTUAL


def _response(entry: Any) -> Payload:
    fields = {
        "id": entry.record_id,
        "url": entry.headers.get("WARC-Target-URI"),
        "date": entry.headers.get("WARC-Date"),
    }
    try:
        return Response(fields, entry.reader.read(MAX_SIZE + 1))
    except Exception as error:  # its encoding is damaged, or one that nothing here undoes: the next entry may be sound
        return Unreadable(f"the body cannot be decoded: {reason(error)}", fields["id"])


_READERS: Final[dict[str, Callable[[Input, int], Iterator[Record]]]] = {
    "jsonl": _jsonl,
    "jsonl.gz": _jsonl,
    "jsonl.zst": _jsonl,
    "parquet": _parquet,
    "warc": _warc,
    "directory": _directory,
    "page": _page,
}
