"""A record of the input: one source, and where it stands. What cannot be read is a record as well, with the reason."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for a record that could not be read; ``id`` is given where that much is known."""

    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """A page from an archive: its bytes, and the fields that the archive gives."""

    fields: dict[str, Any]
    source: bytes


#: A line of JSON, a row of a table, a page of an archive, the path of a page, or none of these.
Payload = bytes | dict[str, Any] | Response | Path | Unreadable


@dataclass(frozen=True, slots=True)
class Record:
    """One source and where it stands.

    ``number`` is the line, row or entry in the file, from 1. ``bytes_read`` is the number of bytes of all inputs up to
    and including this record, for the progress bar.
    """

    file: str
    number: int
    payload: Payload
    bytes_read: int = 0

    @property
    def size(self) -> int:
        """Bytes or characters that the record takes in memory, as far as its sources are concerned."""
        if isinstance(self.payload, bytes):
            return len(self.payload)
        if isinstance(self.payload, Response):
            return len(self.payload.source)
        if isinstance(self.payload, dict):
            return sum(len(value) for value in self.payload.values() if isinstance(value, str | bytes))
        return 0
