"""Pages of WARC files as records."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from cleaner.batch.records import Payload, Record, Response, Unreadable
from cleaner.errors import describe
from cleaner.reading.archive import address_of, decoded_body

#: Types of WARC entries that may hold a page.
_ENTRY_TYPES: Final = ("response", "resource", "conversion")
#: Content types that are read.
_CONTENT_TYPES: Final = ("text/html", "application/xhtml+xml", "text/plain")
#: First bytes of a gzip member and of a Zstandard frame.
_GZIP: Final = b"\x1f\x8b"
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"
#: Bytes that are read at a time to check that an entry is complete, and the longest line of an entry's header.
_STEP: Final = 1 << 20


def warc_records(name: str, size: int, bytes_before: int, max_size: int) -> Iterator[Record]:
    """The pages of an archive of ``size`` bytes; ``bytes_before`` is the total size of the inputs before it.

    An entry that is cut off at the end of the file is one unreadable record, and so is the rest of a damaged file. No
    more than ``max_size + 1`` bytes of a page are read.
    """
    from fastwarc.warc import ArchiveIterator

    number, position = 0, 0
    pending: Record | None = None  # held back until the next entry follows: the last one may be cut off
    try:
        with Path(name).open("rb") as file:
            for entry in ArchiveIterator(file, parse_http=False):
                if pending:
                    yield pending
                number, position = number + 1, entry.stream_pos
                bytes_read = bytes_before + min(file.tell(), size)
                payload = _payload(entry, max_size)
                pending = Record(name, number, payload, bytes_read) if payload else None
    except Exception as error:  # fastwarc raises exceptions of many types for a damaged file
        if pending:
            yield pending
        reason = f"the file cannot be read from here on: {describe(error)}"
        yield Record(name, number + 1, Unreadable(reason), bytes_before)
        return
    if number and not _is_complete(Path(name), position):
        record_id = pending.payload.fields["id"] if pending and isinstance(pending.payload, Response) else None
        yield Record(name, number, Unreadable("the file ends within this entry", record_id), bytes_before)
    elif pending:
        yield pending


def _payload(entry: Any, max_size: int) -> Payload | None:
    """The page or the text of an entry; None for other types of entries and for error responses."""
    if entry.headers.get("WARC-Type") not in _ENTRY_TYPES:
        return None
    fields = {"id": entry.record_id, "url": address_of(entry), "date": entry.headers.get("WARC-Date")}
    try:
        entry.parse_http()
        if not _is_page(entry):
            return None
        body = entry.reader.read(max_size + 1)
        if len(body) <= max_size:
            body = decoded_body(body, entry.http_headers, max_size + 1)
    except Exception as error:  # a header that is too long, a damaged body; the next entry may be sound
        return Unreadable(f"the entry cannot be read: {describe(error)}", fields["id"])
    return Response(fields, body)


def _is_page(entry: Any) -> bool:
    """Whether an entry is a page or a text that was delivered."""
    if entry.is_http:
        status, content_type = entry.http_headers.status_code, entry.http_content_type
        if status is not None and not 200 <= status < 300:
            return False
    else:
        content_type = entry.headers.get("Content-Type")
    return not content_type or content_type.split(";")[0].strip().lower() in _CONTENT_TYPES


def _is_complete(path: Path, position: int) -> bool:
    """Whether the entry that begins at the position is complete: fastwarc yields a truncated entry without an error."""
    with path.open("rb") as raw:
        magic = raw.read(len(_ZSTANDARD))
        if magic == _ZSTANDARD:  # here fastwarc raises
            return True
        compressed = magic.startswith(_GZIP)
        raw.seek(position)
        if compressed and raw.read(2) != _GZIP:  # the file is one gzip member, not one for each entry
            position = 0
        raw.seek(position)
        file: IO[bytes] = gzip.GzipFile(fileobj=raw) if compressed else raw  # type: ignore[assignment]
        with suppress(OSError, EOFError, ValueError, zlib.error):
            return _is_whole_gzip(file) if compressed and not position else _has_declared_length(file)
    return False


def _is_whole_gzip(file: IO[bytes]) -> bool:
    """True once all of a gzip file has been read: gzip checks the length and the checksum at the end."""
    while file.read(_STEP):
        pass
    return True


def _has_declared_length(file: IO[bytes]) -> bool:
    """Whether as many bytes follow the header of an entry as its ``Content-Length`` says."""
    length = None
    while length is None:
        name, _, value = file.readline(_STEP).strip().partition(b":")
        if not name:  # the end of the header, or of the file
            return False
        if name.lower() == b"content-length":
            length = int(value)
    while file.readline(_STEP).strip():
        pass
    while length and (data := file.read(min(length, _STEP))):
        length -= len(data)
    return not length
