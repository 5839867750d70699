"""What entries of WARC archives hold, as fastwarc reads them: their addresses, and the bodies of responses.

fastwarc can decode bodies itself, but then a body that it cannot decode, or an encoding that it does not know, ends the
archive: nothing behind this entry is read. Here only the entry fails.
"""

import io
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

_GZIP: Final = b"\x1f\x8b"
#: Where the first tag of a page is looked for, and what may stand before it.
_BEGINNING: Final = 1_000
_BEFORE_TAG: Final = b" \t\r\n\xef\xbb\xbf"


def address_of(entry: Any) -> str | None:
    """The address of an entry. Wget writes it in angle brackets, as an example of WARC 1.0 has it."""
    address: str | None = entry.headers.get("WARC-Target-URI")
    return address[1:-1] if address and address.startswith("<") and address.endswith(">") else address


def decoded_body(body: bytes, headers: Any, limit: int) -> bytes:
    """The body of a response without its transfer and content encodings, at most ``limit`` bytes of it.

    ``headers`` are those of the response, or None. A body that begins as a page was decoded when the archive was made,
    whatever its headers say; gzip is decoded even if they do not say so. Encodings that are no compression, such as
    ``utf-8``, mean nothing. Of a body that is cut off, what is there is decoded, as far as its encoding allows.

    Raises ``OSError`` or ``zlib.error`` for a body that cannot be decoded.
    """
    for name in ("Transfer-Encoding", "Content-Encoding"):
        declared = (headers.get(name) if headers else None) or ""
        for encoding in reversed(declared.lower().split(",")):
            decode = _DECODERS.get(encoding.strip())
            if decode and not body[:_BEGINNING].lstrip(_BEFORE_TAG).startswith(b"<"):
                body = decode(body, limit)
    return _inflate(body, limit) if body.startswith(_GZIP) else body


def _inflate(body: bytes, limit: int) -> bytes:
    """gzip, in one member or several, or deflate, with its header or, as some servers send it, without."""
    decoded = b""
    while len(decoded) < limit:
        stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        try:
            decoded += stream.decompress(body, limit - len(decoded))
        except zlib.error:
            if decoded or body.startswith(_GZIP):
                raise
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, limit)
        body = stream.unused_data
        if not body.startswith(_GZIP):
            break
    return decoded


def _with_fastwarc(reader: str) -> Callable[[bytes, int], bytes]:
    def decode(body: bytes, limit: int) -> bytes:
        decoded: bytes = getattr(import_module("fastwarc.stream_io"), reader)(io.BytesIO(body)).read(limit)
        return decoded

    return decode


_DECODERS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "chunked": _with_fastwarc("ChunkedReader"),
    "gzip": _inflate,
    "x-gzip": _inflate,
    "deflate": _inflate,
    "br": _with_fastwarc("BrotliReader"),
    "zstd": _with_fastwarc("ZstdReader"),
}
