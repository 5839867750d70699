"""The known documents of a site as columns, and as bytes: what a file holds of a site.

The bytes of a site, all numbers little-endian:

=================  =========================  =================================================================
``header``         uint64, 4 × uint32         the limit of the sample (0: none), the numbers of documents, of distinct
                                              lines, of lines in documents, and of bytes of ``gaps``
``keys``           uint64, one a document     ascending
``sections``       uint32, one a document
``days``           uint16, one a document
``lengths``        uint16, one a document     its number of lines
``groups``         uint16, one a document     its group of copies
``gaps``           LEB128, one a line         differences between successive hashes of lines, ascending
``numbers``        uint16, one an entry       which line, document by document
``flags``          uint8, one an entry
``texts``          UTF-8, one a line          each ends with a line feed; only where texts are kept
=================  =========================  =================================================================
"""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from struct import Struct
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import MemoryFileError
from cleaner.memory import lines as line_parts
from cleaner.memory.copies import find_copies
from cleaner.memory.lines import LONG, DocumentLines
from cleaner.memory.sample import NO_LIMIT, SiteSample

_HEADER: Final = Struct("<QIIII")
#: The columns with a value for each document, and their types.
_OF_DOCUMENTS: Final = (("keys", "<u8"), ("sections", "<u4"), ("days", "<u2"), ("lengths", "<u2"), ("groups", "<u2"))


@dataclass(frozen=True, slots=True)
class SiteTable:
    """The known documents of a site, in the order of their keys.

    ``limit``     that of the sample, see :class:`~cleaner.memory.sample.SiteSample`
    ``keys``      (n_documents,) uint64
    ``sections``  (n_documents,) uint32
    ``days``      (n_documents,) uint16
    ``lengths``   (n_documents,) uint16, the lines of each document
    ``groups``    (n_documents,) uint16, documents with the same number are copies of each other
    ``hashes``    (n_lines,) uint32, the distinct lines and parts of lines, ascending
    ``numbers``   (n_entries,) uint16, the lines of all documents, as indices into ``hashes``
    ``flags``     (n_entries,) uint8
    ``texts``     the text of each distinct line, where texts are kept
    """

    limit: int
    keys: NDArray[np.uint64]
    sections: NDArray[np.uint32]
    days: NDArray[np.uint16]
    lengths: NDArray[np.uint16]
    groups: NDArray[np.uint16]
    hashes: NDArray[np.uint32]
    numbers: NDArray[np.uint16]
    flags: NDArray[np.uint8]
    texts: tuple[str, ...] | None = None

    @property
    def document_of_entry(self) -> NDArray[np.int64]:
        """The document that each entry is of: (n_entries,) int64."""
        return np.repeat(np.arange(len(self.keys)), self.lengths)

    @property
    def is_line(self) -> NDArray[np.bool_]:
        """Which of ``hashes`` are whole lines, and no parts of lines: (n_lines,) bool."""
        is_line = np.zeros(len(self.hashes), bool)
        is_line[self.numbers[self.flags != line_parts.PART]] = True
        return is_line

    @classmethod
    def of_sample(cls, sample: SiteSample) -> Self:
        """The table of a sample; its groups of copies are looked for."""
        documents = sample.in_order()
        all_hashes = np.concatenate([np.zeros(0, "<u4"), *(document.hash_array for document in documents)])
        hashes, numbers = np.unique(all_hashes, return_inverse=True)
        flags = np.frombuffer(b"".join(document.flags for document in documents), np.uint8)
        lengths = np.array([len(document) for document in documents], "<u2")
        is_long = line_parts.length(flags) >= LONG
        of_entry = np.repeat(np.arange(len(documents)), lengths)
        groups = find_copies(of_entry[is_long], numbers[is_long], len(documents), len(hashes))
        return cls(
            limit=sample.limit,
            keys=np.array([document.key for document in documents], "<u8"),
            sections=np.array([document.section for document in documents], "<u4"),
            days=np.array([document.day for document in documents], "<u2"),
            lengths=lengths,
            groups=groups.astype("<u2"),
            hashes=hashes.astype("<u4"),
            numbers=numbers.astype("<u2"),
            flags=flags,
            texts=_texts(documents, numbers.tolist(), len(hashes)),
        )

    def to_sample(self, max_lines: int) -> SiteSample:
        """The sample that the table was made of."""
        sample = SiteSample(max_lines, self.limit)
        ends = [0, *accumulate(self.lengths.tolist())]
        hashes = self.hashes[self.numbers].astype("<u4")
        facts = zip(self.keys.tolist(), self.sections.tolist(), self.days.tolist(), pairwise(ends), strict=True)
        for key, section, day, (start, stop) in facts:
            entries = slice(start, stop)
            own = None if self.texts is None else tuple(self.texts[at] for at in self.numbers[entries].tolist())
            flags = self.flags[entries].tobytes()
            sample.add(DocumentLines(key, section, day, hashes[entries].tobytes(), flags, own))
        return sample

    def to_bytes(self) -> bytes:
        """The columns as bytes."""
        hashes = self.hashes.astype(np.int64)
        gaps = _encode(hashes - np.concatenate(([0], hashes[:-1])))
        sizes = len(self.keys), len(self.hashes), len(self.numbers), len(gaps)
        texts = b"" if self.texts is None else "".join(f"{text}\n" for text in self.texts).encode()
        columns = [getattr(self, name).astype(kind).tobytes() for name, kind in _OF_DOCUMENTS]
        entries = self.numbers.astype("<u2").tobytes(), self.flags.tobytes()
        return b"".join((_HEADER.pack(self.limit % NO_LIMIT, *sizes), *columns, gaps, *entries, texts))

    @classmethod
    def parse(cls, data: bytes, *, with_texts: bool) -> Self:
        """The table in bytes. Raises :class:`MemoryFileError` for others."""
        try:
            return cls._parse(data, with_texts=with_texts)
        except (ValueError, IndexError) as error:
            raise MemoryFileError(f"the data of a site are damaged: {error}") from error
        except Exception as error:  # struct.error is no ValueError
            raise MemoryFileError("the data of a site are damaged") from error

    @classmethod
    def _parse(cls, data: bytes, *, with_texts: bool) -> Self:
        limit, n_documents, n_lines, n_entries, n_gaps = _HEADER.unpack_from(data)
        at = _HEADER.size
        columns = {}
        for name, kind in _OF_DOCUMENTS:
            columns[name] = np.frombuffer(data, kind, n_documents, at)
            at += columns[name].nbytes
        hashes = _decode(np.frombuffer(data, np.uint8, n_gaps, at)).astype("<u4")
        numbers = np.frombuffer(data, "<u2", n_entries, at + n_gaps)
        at += n_gaps + numbers.nbytes
        flags = np.frombuffer(data, np.uint8, n_entries, at)
        texts = tuple(data[at + n_entries :].decode().split("\n")[:-1]) if with_texts else None
        whole = len(hashes) == n_lines and int(columns["lengths"].sum()) == n_entries
        if not whole or (n_entries and int(numbers.max()) >= n_lines) or (texts is not None and len(texts) != n_lines):
            raise ValueError("lengths differ")
        return cls(limit or NO_LIMIT, hashes=hashes, numbers=numbers, flags=flags, texts=texts, **columns)


def _texts(documents: list[DocumentLines], numbers: list[int], n_lines: int) -> tuple[str, ...] | None:
    """The text of each line; of several that are the same when normalised the first in alphabetical order."""
    if not documents or any(document.texts is None for document in documents):
        return None
    texts = [""] * n_lines
    written = (" ".join(text.split()) for document in documents for text in document.texts or ())
    for number, text in zip(numbers, written, strict=True):
        texts[number] = min(texts[number] or text, text)
    return tuple(texts)


def _encode(values: NDArray[np.int64]) -> bytes:
    """Numbers below 2**35 as LEB128: seven bits a byte, the lowest first, the top bit set on all but the last byte."""
    sizes = np.ones(len(values), np.int64)
    for size in range(1, 5):
        sizes += values >> (7 * size) > 0
    starts = np.cumsum(sizes) - sizes
    out = np.zeros(int(sizes.sum()), np.uint8)
    for byte in range(5):
        has = sizes > byte
        more = sizes[has] > byte + 1
        out[starts[has] + byte] = values[has] >> (7 * byte) & 127 | more << 7
    return out.tobytes()


def _decode(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The running sums of the numbers in LEB128."""
    if not len(data):
        return np.zeros(0, np.int64)
    is_last = data < 128
    starts = np.flatnonzero(np.concatenate(([True], is_last[:-1])))
    place = np.arange(len(data)) - np.repeat(starts, np.diff(starts, append=len(data)))
    if not is_last[-1] or place.max() > 4:
        raise ValueError("a number is cut off")
    values = np.add.reduceat((data & 127).astype(np.int64) << (7 * place), starts)
    return np.cumsum(values)
