"""A reader of WARC files for datatrove that counts every record that it skips.

datatrove's own reader asks libmagic whether a record without ``WARC-Identified-Payload-Type`` is HTML. It skips what
libmagic takes for something else and does not count it: of 300 complete pages, 22 that begin with scripts. It also
skips what it cannot decode. Here the declared type decides, bytes are decoded as by :func:`cleaner.clean`, and skipped
records are in the statistics as ``skipped_<reason>``.
"""

import zlib
from collections.abc import Iterator
from typing import Any, Final

from cleaner.errors import install_hint
from cleaner.reading.archive import address_of, decoded_body
from cleaner.reading.decode import Decoded, decode
from cleaner.reading.sniff import looks_like_html
from cleaner.reading.source import MAX_SIZE
from cleaner.text.characters import encodable

try:
    from datatrove.io import DataFolderLike
    from datatrove.pipeline.readers.base import BaseDiskReader
    from datatrove.utils.logging import logger
    from fastwarc.warc import ArchiveIterator, WarcRecordType
except ImportError as error:
    raise ImportError(install_hint("datatrove or fastwarc", "datatrove")) from error

HTML: Final = ("text/html", "application/xhtml+xml")


class WarcPages(BaseDiskReader):
    """The HTML pages of WARC files with a status from 200 to 299, as documents with ``url`` and ``date``.

    A document has the id of its record. Transfer and content encodings are decoded. A record is skipped and counted if

    - it has another status: ``skipped_status``
    - it is not HTML: ``skipped_type``, ``skipped_binary``
    - it has more than ``max_size`` bytes: ``skipped_size``
    - it is empty: ``skipped_empty``
    - its body cannot be decoded, or its header is too long: ``skipped_encoding``, ``skipped_header``
    - it has fewer bytes than its header says: ``skipped_truncated``

    A file that is not a WARC file, or that is damaged, is counted in ``broken_files``; its records up to the damage are
    read. The options are those of datatrove's disk readers.
    """

    name = "🕷 WARC pages"

    def __init__(self, data_folder: DataFolderLike, *args: Any, max_size: int = MAX_SIZE, **options: Any) -> None:
        super().__init__(data_folder, *args, **options)
        self.max_size = max_size

    def read_file(self, filepath: str) -> Iterator[Any]:
        """The pages of one file."""
        with self.data_folder.open(filepath, "rb") as file:
            records = ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False)
            try:
                for number, record in enumerate(records):
                    with self.track_time():
                        doc = self._document(record, filepath, number)
                    if doc:
                        yield doc
            except Exception as error:  # the file is truncated or not a WARC file; the task goes on with the next
                self.stat_update("broken_files")
                logger.warning(f"{filepath} cannot be read to its end: {error}")

    def _document(self, record: Any, filepath: str, number: int) -> Any:
        try:
            record.parse_http()
        except OSError:  # a header that is too long
            return self._skip("header")
        if record.http_headers and not 200 <= (record.http_headers.status_code or 0) < 300:
            return self._skip("status")
        text, problem = self._text(record)
        if problem:
            return self._skip(problem)
        fields = {
            "text": encodable(text),
            "id": record.record_id,
            "url": address_of(record) or "",
            "date": record.headers.get("WARC-Date", ""),
        }
        return self.get_document_from_dict(fields, filepath, number)

    def _text(self, record: Any) -> tuple[str, str]:
        """The text of a record and ""; or "" and the reason to skip it."""
        content_type = record.headers.get("WARC-Identified-Payload-Type") or record.http_content_type or ""
        if content_type and content_type.split(";")[0].strip().lower() not in HTML:
            return "", "type"
        data = record.reader.read(self.max_size + 1)
        if len(data) < min(record.content_length, self.max_size):
            return "", "truncated"
        try:
            data = decoded_body(data, record.http_headers, self.max_size + 1) if len(data) <= self.max_size else data
        except (OSError, zlib.error):
            return "", "encoding"
        text, flags, _ = decode(data) if len(data) <= self.max_size else Decoded("")
        problems = {
            "size": len(data) > self.max_size,
            "binary": "binary" in flags,
            "empty": not text.strip(),
            "type": not content_type and not looks_like_html(text),
        }
        problem = next((name for name, holds in problems.items() if holds), "")
        return ("" if problem else text), problem

    def _skip(self, problem: str) -> None:
        self.stat_update(f"skipped_{problem}")
