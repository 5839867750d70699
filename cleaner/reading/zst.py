"""Reading zstandard files, with an error where a file is cut off."""

import io
from typing import IO, Any, Final

#: Bytes that are decompressed at a time. A block of a few bytes may stand for 128 KB: the step limits the memory that
#: a decompression bomb can take.
_STEP: Final = 1_024


class ZstReader(io.RawIOBase):
    """The decompressed content of all zstandard frames in a file.

    ``zstandard.ZstdDecompressor.stream_reader`` cannot be used: it takes a truncated file for a complete one. Raises
    ``EOFError`` for a truncated file and ``OSError`` for a damaged one.
    """

    def __init__(self, file: IO[bytes]) -> None:
        import zstandard

        self._file = file
        self._new_frame = zstandard.ZstdDecompressor().decompressobj
        self._frame: Any = None  # the decompressor of the current frame; None between frames
        self._compressed = b""
        self._content = memoryview(b"")
        self._error = zstandard.ZstdError

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._content:
            self._compressed = self._compressed or self._file.read(_STEP)
            if not self._compressed:
                if self._frame is not None:
                    raise EOFError("the compressed data is cut off")
                return 0
            if self._frame is None:
                self._frame = self._new_frame()
            try:
                self._content = memoryview(self._frame.decompress(self._compressed))
            except self._error as error:
                raise OSError(str(error)) from error
            self._compressed = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame = None
        size = min(len(buffer), len(self._content))
        buffer[:size] = self._content[:size]
        self._content = self._content[size:]
        return size
