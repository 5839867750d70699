"""The file of a memory: sites in alphabetical order, each readable by itself.

=============  ======================  =========================================================================
part           type                    content
=============  ======================  =========================================================================
``magic``      8 bytes                 ``CLNRMEM`` and the version of the format
``header``     uint32 × 4              1 where texts are kept, the lines of a site at most, the number of sites,
                                       the bytes of ``names``
``digest``     16 bytes                BLAKE2b of header, names and directory
``names``      UTF-8                   the names of the sites, each ends with a line feed
``directory``  (uint64, uint32) each   where the data of each site begin, and their CRC-32
``data``       bytes                   the sites, see :mod:`cleaner.memory.table`; the last one ends with the file
=============  ======================  =========================================================================

The data of a site are checked when they are read, so that opening a large file takes no time.
"""

import hashlib
import io
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import IO, Final

import numpy as np

from cleaner.errors import MemoryFileError, describe
from cleaner.memory.table import SiteTable

_MAGIC: Final = b"CLNRMEM\x02"
_HEADER: Final = Struct("<IIII")
_DIGEST_SIZE: Final = 16
_DIRECTORY: Final = np.dtype([("start", "<u8"), ("checksum", "<u4")])


class MemoryFile:
    """A file of a memory, or its bytes, to be read. Raises :class:`MemoryFileError` where it cannot be read.

    ``digest`` identifies the content. Any number of threads and processes may read a file at the same time.
    """

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.path = path
        self._content = content
        try:
            with self._open() as file:
                self._read_head(file)
        except OSError as error:
            raise MemoryFileError(f"{path}: {describe(error)}") from error

    def _open(self) -> IO[bytes]:
        return self.path.open("rb") if self._content is None else io.BytesIO(self._content)

    def _read_head(self, file: IO[bytes]) -> None:
        head = file.read(len(_MAGIC) + _HEADER.size + _DIGEST_SIZE)
        if head[:7] != _MAGIC[:7]:
            raise MemoryFileError(f"{self.path} is no site memory")
        if head[:8] != _MAGIC:
            raise MemoryFileError(f"{self.path} is a site memory of another version")
        if len(head) < len(_MAGIC) + _HEADER.size + _DIGEST_SIZE:
            raise MemoryFileError(f"{self.path} is damaged")
        header, self.digest = head[8:-_DIGEST_SIZE], head[-_DIGEST_SIZE:]
        texts, self.lines_per_site, n_sites, n_names = _HEADER.unpack(header)
        names, directory = file.read(n_names), file.read(n_sites * _DIRECTORY.itemsize)
        if _digest(header, names, directory) != self.digest:
            raise MemoryFileError(f"{self.path} is damaged")
        self.has_texts = bool(texts)
        self._directory = np.frombuffer(directory, _DIRECTORY)
        self._numbers = {name: at for at, name in enumerate(names.decode().split("\n")[:-1])}
        self._end = file.seek(0, os.SEEK_END)

    def __contains__(self, site: str) -> bool:
        return site in self._numbers

    @property
    def sites(self) -> list[str]:
        """The names of the sites, in alphabetical order."""
        return list(self._numbers)

    def data(self, site: str) -> bytes:
        """The data of a site. Raises ``KeyError`` for an unknown one, :class:`MemoryFileError` for damaged data."""
        at = self._numbers[site]
        start = int(self._directory["start"][at])
        end = int(self._directory["start"][at + 1]) if at + 1 < len(self._directory) else self._end
        try:
            with self._open() as file:
                file.seek(start)
                data = file.read(end - start)
        except OSError as error:
            raise MemoryFileError(f"{self.path}: {describe(error)}") from error
        if zlib.crc32(data) != int(self._directory["checksum"][at]):
            raise MemoryFileError(f"{self.path}: the data of {site} are damaged, or the file was replaced meanwhile")
        return data

    def table(self, site: str) -> SiteTable:
        """The known documents of a site."""
        return SiteTable.parse(self.data(site), with_texts=self.has_texts)


def _digest(*parts: bytes) -> bytes:
    return hashlib.blake2b(b"".join(parts), digest_size=_DIGEST_SIZE).digest()


def write(path: Path, sites: Iterable[tuple[str, bytes]], *, lines_per_site: int, has_texts: bool) -> None:
    """Write a memory: the names of its sites in alphabetical order with their data. Equal sites give equal bytes.

    At any moment the old content of the file or the new one is there. The data are written to a temporary file beside
    it first, so any number of sites fits. Raises ``OSError``.
    """
    new = path.with_name(path.name + ".new")
    try:
        with tempfile.TemporaryFile(dir=path.parent) as data_file, new.open("wb") as file:
            file.write(_write_data(data_file, sites, lines_per_site=lines_per_site, has_texts=has_texts))
            data_file.seek(0)
            shutil.copyfileobj(data_file, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def to_bytes(sites: Iterable[tuple[str, bytes]], *, lines_per_site: int, has_texts: bool) -> bytes:
    """The bytes of such a file."""
    data = io.BytesIO()
    head = _write_data(data, sites, lines_per_site=lines_per_site, has_texts=has_texts)
    return head + data.getvalue()


def _write_data(
    data_file: IO[bytes], sites: Iterable[tuple[str, bytes]], *, lines_per_site: int, has_texts: bool
) -> bytes:
    """Write the data of sites. Returns what stands before them in the file."""
    names: list[bytes] = []
    sizes: list[int] = []
    checksums: list[int] = []
    for name, data in sites:
        names.append(name.encode() + b"\n")
        sizes.append(len(data))
        checksums.append(zlib.crc32(data))
        data_file.write(data)
    joined = b"".join(names)
    header = _HEADER.pack(has_texts, lines_per_site, len(names), len(joined))
    begin = len(_MAGIC) + len(header) + _DIGEST_SIZE + len(joined) + len(names) * _DIRECTORY.itemsize
    directory = np.zeros(len(names), _DIRECTORY)
    directory["start"] = begin + np.cumsum(sizes, dtype=np.int64) - np.array(sizes, np.int64)
    directory["checksum"] = checksums
    rest = directory.tobytes()
    return b"".join((_MAGIC, header, _digest(header, joined, rest), joined, rest))


def all_sites(files: Iterable[MemoryFile]) -> Iterator[tuple[str, list[MemoryFile]]]:
    """Each site of some files, in alphabetical order, with the files that have it."""
    opened = list(files)
    for site in sorted({site for file in opened for site in file.sites}):
        yield site, [file for file in opened if site in file]
