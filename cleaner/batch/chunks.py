"""Items go to workers in chunks, and come back in order."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol, TypeVar

from cleaner.batch.pool import Pool

#: Items of a chunk, which are sent to a worker together: sending 16 costs little in comparison with cleaning them.
CHUNK_RECORDS: Final = 16
#: A chunk that has this many bytes gets no more items: a few large pages would fill the memory.
CHUNK_BYTES: Final = 1 << 20


class Sized(Protocol):
    """An item whose size is known."""

    @property
    def size(self) -> int:
        """Bytes or characters that the item takes in memory."""


T = TypeVar("T", bound=Sized)
R = TypeVar("R")


def map_in_chunks(pool: Pool[T, R], items: Iterable[T]) -> Iterator[tuple[Sequence[T], Sequence[R]]]:
    """Chunks of the items with their results, in order.

    Items are read as workers need them: at most two chunks for each worker are in memory, and one more that waits.
    """
    chunks_sent: deque[list[T]] = deque()

    def chunks() -> Iterator[list[T]]:
        for chunk in in_chunks(items):
            chunks_sent.append(chunk)
            yield chunk

    for results in pool.map(chunks()):
        yield chunks_sent.popleft(), results


def in_chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists that are not too long and not too large."""
    chunk: list[T] = []
    size = 0
    for item in items:
        chunk.append(item)
        size += item.size
        if len(chunk) == CHUNK_RECORDS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
