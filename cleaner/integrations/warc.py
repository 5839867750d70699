"""A reader of WARC files for datatrove that drops no page without a count.

datatrove's own reader asks libmagic whether a record without ``WARC-Identified-Payload-Type`` is HTML, and leaves out,
uncounted, what libmagic takes for something else: of 300 whole pages, 22 that begin with scripts. It also leaves out
what it cannot decode. Here the declared type decides, bytes are decoded as :func:`cleaner.clean` decodes them, and what
is left out is in the statistics as ``skipped_<reason>``.
"""

import zlib
from collections.abc import Iterator
from typing import Any, Final

from cleaner.integrations.common import encodable, missing
from cleaner.reading.decode import decode
from cleaner.reading.sniff import looks_like_html
from cleaner.reading.source import MAX_SIZE

try:
    from datatrove.io import DataFolderLike
    from datatrove.pipeline.readers.base import BaseDiskReader
    from datatrove.utils.logging import logger
    from fastwarc.warc import ArchiveIterator, WarcRecordType
except ImportError as error:
    raise missing("datatrove") from error

GZIP: Final = b"\x1f\x8b"
HTML: Final = ("text/html", "application/xhtml+xml")


class WarcPages(BaseDiskReader):
    """The HTML pages of WARC files that were answered with success, as documents with ``url`` and ``date``.

    A document's id is the record's; gzip and chunks of HTTP are undone. A record is skipped, and counted, that has
    another status (``skipped_status``), is no HTML (``skipped_type``, ``skipped_binary``), has more than ``max_size``
    bytes (``skipped_size``) or nothing in it (``skipped_empty``), is compressed with what is not known here
    (``skipped_encoding``), or ends before its length (``skipped_truncated``). A file that is no WARC, or stops being
    one, counts as ``broken_files``. The options are those of datatrove's disk readers.
    """

    name = "🕷 WARC pages"

    def __init__(self, data_folder: DataFolderLike, *args: Any, max_size: int = MAX_SIZE, **options: Any) -> None:
        super().__init__(data_folder, *args, **options)
        self.max_size = max_size

    def read_file(self, filepath: str) -> Iterator[Any]:
        """The pages of one file."""
        with self.data_folder.open(filepath, "rb") as file:
            records = ArchiveIterator(file, record_types=WarcRecordType.response, auto_decode="transfer")
            try:
                for number, record in enumerate(records):
                    with self.track_time():
                        doc = self._document(record, filepath, number)
                    if doc:
                        yield doc
            except Exception as error:  # a file cut short, or no WARC at all: the other files of the task are whole
                self.stat_update("broken_files")
                logger.warning(f"{filepath} cannot be read to its end: {error}")

    def _document(self, record: Any, filepath: str, number: int) -> Any:
        if record.http_headers and not 200 <= (record.http_headers.status_code or 0) < 300:
            return self._skip("status")
        text, why = self._text(record)
        if why:
            return self._skip(why)
        facts = {"id": record.record_id, "url": record.headers.get("WARC-Target-URI", "")}
        facts["date"] = record.headers.get("WARC-Date", "")
        return self.get_document_from_dict({"text": encodable(text), **facts}, filepath, number)

    def _text(self, record: Any) -> tuple[str, str]:
        """A record's text, or "" and why it is none."""
        kind = record.headers.get("WARC-Identified-Payload-Type") or record.http_content_type or ""
        if kind and kind.split(";")[0].strip().lower() not in HTML:
            return "", "type"
        data = record.reader.read(self.max_size + 1)
        if len(data) < min(record.content_length, self.max_size) and not _header(record, "Transfer-Encoding"):
            return "", "truncated"
        if data[:2] == GZIP:
            data = _inflated(data, self.max_size + 1)
        elif _header(record, "Content-Encoding") in ("br", "zstd") and b"<" not in data[:1_000]:
            return "", "encoding"
        text, flags = decode(data) if len(data) <= self.max_size else ("", ())
        found = {
            "size": len(data) > self.max_size,
            "binary": "binary" in flags,
            "empty": not text.strip(),
            "type": not kind and not looks_like_html(text),
        }
        why = next((name for name, holds in found.items() if holds), "")
        return ("" if why else text), why

    def _skip(self, why: str) -> None:
        self.stat_update(f"skipped_{why}")


def _header(record: Any, name: str) -> str:
    """A header of the answer, "" where it has none; crawlers that undo an encoding rename it."""
    headers = record.http_headers
    return ((headers.get(name) if headers else None) or "").strip().lower()


def _inflated(data: bytes, limit: int) -> bytes:
    """What is in the gzip, no more than the limit; as much as there is, where it breaks off; "" where it is none."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, limit)
    except zlib.error:
        return b""
