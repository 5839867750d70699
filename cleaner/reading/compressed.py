"""Compressed files: opened by their first bytes, whatever they are called."""

import io
import zlib
from importlib.util import find_spec
from typing import IO, Final, cast

from cleaner.errors import CleanerError, install_hint
from cleaner.reading.zst import ZstReader

#: Suffixes of compressed files.
SUFFIXES: Final = (".gz", ".bz2", ".zst")
#: What reading a damaged or truncated file raises.
DAMAGED: Final = (OSError, EOFError, zlib.error)

_GZIP: Final = b"\x1f\x8b\x08"
_BZIP2: Final = b"BZh"
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"
_LONGEST: Final = 4


def decompressed(file: IO[bytes]) -> IO[bytes]:
    """The content of a file or a pipe: decompressed if it is gzip, bzip2 or Zstandard, else as it is.

    Reading raises one of ``DAMAGED`` for a file that is damaged or ends early. Raises :class:`CleanerError` for
    Zstandard where its package is missing.

    >>> import gzip
    >>> decompressed(io.BytesIO(gzip.compress(b"The ferry sailed."))).read()
    b'The ferry sailed.'
    """
    magic = _first_bytes(file)
    if magic.startswith(_GZIP):
        import gzip

        return cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    if magic.startswith(_BZIP2) and magic[3:].isdigit():
        import bz2

        return cast("IO[bytes]", bz2.BZ2File(file))
    if magic == _ZSTANDARD:
        if find_spec("zstandard") is None:
            raise CleanerError(install_hint("zstandard", "batch"))
        return io.BufferedReader(ZstReader(file), 1 << 20)
    return file


def _first_bytes(file: IO[bytes]) -> bytes:
    """The first bytes of a file, which stay to be read; none of a stream that cannot give them twice."""
    if isinstance(file, io.BufferedReader):
        return file.peek(_LONGEST)[:_LONGEST]
    if not file.seekable():
        return b""
    first = file.read(_LONGEST)
    file.seek(0)
    return first


def without_suffix(name: str) -> str:
    """A file's name in lower case, without the suffix of a compressed file.

    >>> without_suffix("pages.JSONL.gz"), without_suffix("page.html")
    ('pages.jsonl', 'page.html')
    """
    name = name.lower()
    suffix = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(suffix)
