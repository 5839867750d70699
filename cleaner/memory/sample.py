"""The documents of a site that are known: a sample of bounded size that does not depend on the order.

A site's documents are too many to keep, and which of their lines recur is known only at the end. So documents are
sampled by the hash of their lines (Bar-Yossef et al., "Counting distinct elements in a data stream", 2002; Cohen,
"Size-estimation framework", 1997): those with the lowest keys are kept, as many as the limit on lines allows. Whatever
the order of the documents, and however they were spread over parts that are merged, the same ones are left.
"""

import heapq
from dataclasses import dataclass, field
from typing import Final

from cleaner.memory.lines import DocumentLines, merged

#: Lines of all documents of a site that are kept, at most, by default: 180 kB.
LINES_PER_SITE: Final = 28_000
#: A key that no document has: all documents are below it.
NO_LIMIT: Final = 1 << 64


@dataclass(slots=True)
class SiteSample:
    """The documents of a site whose keys are below ``limit``.

    ``max_lines`` is the number of lines that all documents may have. Where a document would exceed it, documents go,
    those with the highest keys first, and ``limit`` becomes the lowest key that went. What is left is the longest list
    of documents in the order of their keys that fits: each document in it fits with all below it, so it never went.
    """

    max_lines: int = LINES_PER_SITE
    limit: int = NO_LIMIT
    documents: dict[int, DocumentLines] = field(default_factory=dict)
    lines: int = 0
    _highest: list[int] = field(default_factory=list, repr=False)  # a heap of negative keys

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def share(self) -> float:
        """The estimated share of the site's documents that are kept."""
        return min(self.limit / NO_LIMIT, 1.0)

    @property
    def seen(self) -> int:
        """The estimated number of documents of the site, exact where all are kept. The relative standard error is
        1 / √n for n documents that are kept.
        """
        return round(len(self.documents) / self.share) if self.share else 0

    def add(self, document: DocumentLines) -> None:
        """Add a document. One with the same lines as another counts once."""
        if not len(document) or document.key >= self.limit:
            return
        known = self.documents.get(document.key)
        if known is None:
            heapq.heappush(self._highest, -document.key)
        else:
            document = merged(known, document)
            self.lines -= len(known)
        self.documents[document.key] = document
        self.lines += len(document)
        while self.lines > self.max_lines:
            self.limit = -heapq.heappop(self._highest)
            self.lines -= len(self.documents.pop(self.limit))

    def merge(self, other: "SiteSample") -> None:
        """Add the documents of another sample of the site."""
        self.limit = min(self.limit, other.limit)
        self.keep([key for key in self.documents if key < self.limit])
        for document in other.documents.values():
            self.add(document)

    def keep(self, keys: list[int]) -> None:
        """Forget all documents but those with these keys."""
        if len(keys) == len(self.documents):
            return
        self.documents = {key: self.documents[key] for key in keys}
        self.lines = sum(map(len, self.documents.values()))
        self._highest = [-key for key in self.documents]
        heapq.heapify(self._highest)

    def in_order(self) -> list[DocumentLines]:
        """The documents in the order of their keys."""
        return [self.documents[key] for key in sorted(self.documents)]
