"""Inputs of a batch run, and their records, one by one and in order.

Lines are not parsed here: a worker gets the bytes, so that a line that crashes the parser costs only itself.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

from cleaner.batch.records import Record, Response, Unreadable
from cleaner.errors import BatchError, CleanerError, describe, install_hint, size_message
from cleaner.reading.compressed import DAMAGED, decompressed, without_suffix
from cleaner.reading.source import MAX_SIZE

#: What a file holds.
Form = Literal["jsonl", "parquet", "warc", "page"]

#: Bytes of JSON for one character of a source, at most: it may be written as an escape, ``\u0041``.
BYTES_PER_CHARACTER: Final = 6
#: Suffixes of files that hold one page or text each.
PAGES: Final = (".html", ".htm", ".xhtml", ".txt")
#: The form of files that may be compressed, by their suffix. Archives are compressed in a way of their own.
_FORMS: Final[dict[str, Form]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    **dict.fromkeys(PAGES, "page"),
}
_WARC: Final = (".warc", ".warc.gz", ".wet", ".wet.gz")
#: For messages: the suffixes that are known.
KNOWN: Final = (
    f".jsonl, .ndjson, {', '.join(PAGES)} (all also with .gz, .bz2 or .zst), .parquet, .warc, .warc.gz, .wet, .wet.gz"
)
#: Packages that a form or a suffix needs, and the extras that have them.
_NEEDED: Final = {"parquet": ("pyarrow", "arrow"), "warc": ("fastwarc", "warc"), ".zst": ("zstandard", "batch")}
#: What the names of files end with that a run writes beside an output, until its end or longer.
_OF_A_RUN: Final = ("", ".part", ".made", ".checkpoint", ".checkpoint.new", ".memory", ".memory.checkpoint")
#: Rows of a table that are read at a time.
_ROWS: Final = 64


@dataclass(frozen=True, slots=True)
class Input:
    """A file, the files of a directory, or standard input.

    ``fingerprint`` changes when the content does, as far as sizes and times of files tell; it is "" for standard input.
    ``files`` are those of a directory, in the order in which they are read; one that could not be listed is an error.
    ``left_out`` counts its other files by suffix.
    """

    name: str
    form: Form | Literal["directory"]
    size: int = 0
    fingerprint: str = ""
    files: "tuple[Input | OSError, ...]" = ()
    left_out: tuple[tuple[str, int], ...] = ()


def open_inputs(names: Sequence[str], form: Form | None = None, outputs: Collection[Path] = ()) -> list[Input]:
    """The inputs with these names. ``form`` is that of all files, where suffixes do not tell it.

    ``outputs`` and what is written beside them are not read where they are in a directory. Raises :class:`BatchError`
    for an input that does not exist, is of an unknown kind, needs an extra, or is a directory with nothing to read.
    """
    written = {path.with_name(path.name + suffix).resolve() for path in outputs for suffix in _OF_A_RUN}
    return [_input(name, form, written) for name in names]


def _input(name: str, form: Form | None, outputs: Collection[Path]) -> Input:
    if name == "-":
        if form in ("parquet", "warc"):
            raise BatchError(f"{form} cannot be read from standard input")
        return Input(name, form or "jsonl")
    path = Path(name)
    if not path.exists() and name.startswith(("http://", "https://")):
        raise BatchError(f"{name}: is an address; pages are not fetched, so fetch them first")
    try:
        status = path.stat()
    except OSError as error:
        raise BatchError(f"{name}: {describe(error)}") from error
    if path.is_dir():
        return _directory_input(name, form, outputs)
    known = form or _form(path)
    if known is None:
        raise BatchError(f"{path}: unknown kind of file; known suffixes are {KNOWN}; --input-format names the kind")
    _check_packages(path, known)
    return Input(name, known, status.st_size, f"{status.st_size} {status.st_mtime_ns}")


def _directory_input(name: str, form: Form | None, outputs: Collection[Path]) -> Input:
    files: list[Input | OSError] = []
    left_out: dict[str, int] = {}
    digest = hashlib.blake2b(digest_size=16)
    for path in _files_under(Path(name)):
        if isinstance(path, OSError):
            files.append(path)
            continue
        if path.resolve() in outputs:
            continue
        known = form or _form(path)
        if known is None:
            left_out[path.suffix.lower()] = left_out.get(path.suffix.lower(), 0) + 1
            continue
        _check_packages(path, known)
        size = time = 0
        with suppress(OSError):  # it becomes an unreadable record when it is read
            status = path.stat()
            size, time = status.st_size, status.st_mtime_ns
        digest.update(os.fsencode(f"{path}\0{size} {time}\0"))
        files.append(Input(str(path), known, size))
    item = Input(
        name,
        "directory",
        sum(file.size for file in files if isinstance(file, Input)),
        digest.hexdigest(),
        tuple(files),
        tuple(sorted(left_out.items())),
    )
    if not files:
        left = f" ({left_out_message(item)})" if left_out else ""
        raise BatchError(f"{name}: nothing to read in it{left}; known suffixes are {KNOWN}")
    return item


def files_of(inputs: Sequence[Input]) -> Iterator[Input]:
    """The inputs with the files of directories in their place, as far as these could be listed."""
    for item in inputs:
        yield from (file for file in item.files if isinstance(file, Input)) if item.form == "directory" else (item,)


def left_out_message(item: Input) -> str:
    """What is said of the files of a directory that are left out.

    >>> left_out_message(Input("crawl", "directory", left_out=((".pdf", 2), ("", 1))))
    '3 files left out: .pdf 2, without suffix 1'
    """
    count = sum(number for _, number in item.left_out)
    listed = ", ".join(f"{suffix or 'without suffix'} {number}" for suffix, number in item.left_out)
    return f"{count} file{'' if count == 1 else 's'} left out: {listed}"


def _files_under(folder: Path) -> Iterator[Path | OSError]:
    """The files in a directory and below it, in the order of their names, which is the same on every machine.

    For a directory that cannot be listed, the error is yielded.
    """
    errors: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=errors.append):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(files))
        yield from errors
        errors.clear()
    yield from errors


def _form(path: Path) -> Form | None:
    name = path.name.lower()
    if name.endswith(_WARC):
        return "warc"
    if name.endswith(".parquet"):
        return "parquet"
    return _FORMS.get(Path(without_suffix(name)).suffix)


def _check_packages(path: Path, form: Form) -> None:
    """Raise :class:`BatchError` where a package is missing that reading the file needs."""
    for key in (form, path.suffix.lower()):
        if key in _NEEDED:
            package, extra = _NEEDED[key]
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


def _directory(item: Input, bytes_before: int, max_size: int) -> Iterator[Record]:
    for file in item.files:
        if isinstance(file, OSError):
            yield Record(str(file.filename), 1, Unreadable(describe(file)), bytes_before)
            continue
        yield from _READERS[file.form](file, bytes_before, max_size)
        bytes_before += file.size


def _page(item: Input, bytes_before: int, max_size: int) -> Iterator[Record]:
    if item.name != "-":
        yield Record(item.name, 1, Path(item.name), bytes_before + item.size)
    elif sys.stdin is None:
        yield Record("-", 1, Unreadable("closed"))
    else:
        try:
            source = decompressed(sys.stdin.buffer).read(max_size + 1)
        except (*DAMAGED, CleanerError) as error:
            yield Record("-", 1, Unreadable(f"the file cannot be read: {describe(error)}"))
        else:
            yield Record("-", 1, Response({"file": "-"}, source))


# -- lines ---------------------------------------------------------------------------------------


def _jsonl(item: Input, bytes_before: int, max_size: int) -> Iterator[Record]:
    if item.name == "-" and sys.stdin is None:
        yield Record("-", 1, Unreadable("closed"))
        return
    try:
        raw = sys.stdin.buffer if item.name == "-" else Path(item.name).open("rb")  # noqa: SIM115 closed below
        file = decompressed(raw)
    except (OSError, CleanerError) as error:
        yield Record(item.name, 1, Unreadable(describe(error)), bytes_before)
        return
    if item.name == "-":
        yield from _lines(item.name, file, lambda: 0, max_size)
        return
    with raw, file:
        position = raw.tell if raw.seekable() else lambda: 0
        yield from _lines(item.name, file, lambda: bytes_before + position(), max_size)


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
        except DAMAGED as error:
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
    "parquet": _parquet,
    "warc": _warc,
    "directory": _directory,
    "page": _page,
}
