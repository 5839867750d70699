"""``SiteMemory``: the known lines of many sites."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np

from cleaner.document import Document
from cleaner.errors import MemoryFileError
from cleaner.memory import lines as line_parts
from cleaner.memory.file import MemoryFile, all_sites, write
from cleaner.memory.file import to_bytes as file_bytes
from cleaner.memory.index import SiteIndex
from cleaner.memory.lines import PART, REGIONS, ZONES, About, DocumentLines, compared, day_of, line_hash, lines_of_page
from cleaner.memory.sample import LINES_PER_SITE, NO_LIMIT, SiteSample
from cleaner.memory.sites import Place, place_of
from cleaner.memory.sources import page_of_document, page_of_source
from cleaner.memory.table import SiteTable
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap

if TYPE_CHECKING:
    from os import PathLike

    from cleaner.reading.source import Kind, SourceInput

#: Sites whose index is kept after it was used; the largest take 1.5 MB.
MAX_INDEXES: Final = 64
#: The index of a site that grows is made again when the site has so many times the documents.
GROWTH: Final = 1.1


@dataclass(frozen=True, slots=True)
class SiteLookup:
    """The lines of a page, and the index of its site in which they are looked up; ``place`` is that of the page."""

    lines: line_parts.PageLines
    place: Place
    index: SiteIndex


class KnownLine(NamedTuple):
    """A line of a site, as :meth:`SiteMemory.lines` lists it.

    ``hash`` has 8 hexadecimal digits. ``documents`` is the number of known documents with the line, copies of one
    article counted once. ``zones`` and ``regions`` count in how many it stands where. ``text`` is "" where the memory
    keeps no texts.
    """

    hash: str
    documents: int
    zones: dict[str, int]
    regions: dict[str, int]
    text: str = ""


class SiteStatus(NamedTuple):
    """What a memory knows of a site: ``known`` documents are kept, of about ``seen``; ``different`` of the known ones
    are no copies of others. ``lines`` are all lines, ``recurring`` those of two documents or more, ``size`` the bytes
    in a file.
    """

    site: str
    known: int
    seen: int
    different: int
    lines: int
    recurring: int
    size: int


@dataclass(slots=True)
class _Additions:
    """The documents of a site that one memory added: how many, when the last one by the memory's clock, and the number
    of each, from 1 on, that came into the sample. All others would be too many to keep.
    """

    count: int = 0
    last: int = 0
    numbers: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _CachedIndex:
    """An index, with the size and the limit of the sample that it was made of; 0 and ``NO_LIMIT`` for a site that only
    the file has.
    """

    size: int
    limit: int
    index: SiteIndex

    def is_current(self, size: int, limit: int) -> bool:
        """Whether the site has hardly grown. A full sample keeps its size, and its limit falls instead."""
        return self.size <= size <= self.size * GROWTH and limit * GROWTH >= self.limit


class SiteMemory:
    r"""The lines that are known of sites: in how many documents each stands, and where.

    ``keep_texts``      whether the text of lines is kept, for a reader; without it a memory holds hashes alone
    ``lines_per_site``  lines of all known documents of a site, at most (65,535 is the highest): sites with more
                        documents are known by a sample of them

    A memory that is only read may be shared by threads, and passed to other processes. Adding is safe in threads too.

    >>> memory = SiteMemory()
    >>> for day in ("Monday", "Tuesday"):
    ...     text = f"The ferry to Skarn sailed on {day}.\n\nThe Courier: news that holds water."
    ...     memory.add(text, url=f"https://courier.example/{day}")
    >>> [line.documents for line in memory.lines("courier.example")]
    [2, 1, 1]
    """

    def __init__(self, *, keep_texts: bool = False, lines_per_site: int = LINES_PER_SITE) -> None:
        if not line_parts.MAX_LINES <= lines_per_site < 1 << 16:
            raise ValueError(f"lines_per_site is between {line_parts.MAX_LINES} and 65,535, not {lines_per_site!r}")
        self.keep_texts = keep_texts
        self.lines_per_site = lines_per_site
        self._file: MemoryFile | None = None
        self._samples: dict[str, SiteSample] = {}  # the sites that were changed, or are in no file
        self._forgotten: set[str] = set()  # sites of the file
        self._clock = 0  # documents added by this object
        self._additions: dict[str, _Additions] = {}  # by site
        self._indexes: OrderedDict[str, _CachedIndex] = OrderedDict()
        self._lock = RLock()

    # -- adding ----------------------------------------------------------------------------------

    def add(self, source: "SourceInput | Document", *, url: str, kind: "Kind" = "auto") -> None:
        """Add a document: HTML, text or a tree, as :func:`cleaner.label` takes it, or what that returned.

        ``url`` says which site it is of; a document whose address has no host is not added. One that was added before
        counts once. Raises as :meth:`cleaner.Cleaner.label` does.
        """
        place = place_of(url)
        if place is None:
            return
        page, prose_map = page_of_document(source) if isinstance(source, Document) else page_of_source(source, kind)
        self.add_lines(place.site, self.lines_of(page, prose_map, url, place))

    def lines_of(self, page: Page, prose_map: ProseMap, url: str, place: Place) -> DocumentLines:
        """The lines of a page as this memory keeps them."""
        day = day_of(page.metadata.date, url)
        about = About(place.section_number, day, self.keep_texts)
        return lines_of_page(page, prose_map, range(len(page.blocks)), about).document

    def add_lines(self, site: str, document: DocumentLines) -> None:
        """Add a document whose lines are known; see :meth:`lines_of`."""
        with self._lock:
            self._clock += 1
            sample, additions = self._sample(site), self._additions.setdefault(site, _Additions())
            sample.add(document)
            additions.count += 1
            additions.last = self._clock
            if document.key in sample.documents:
                additions.numbers[document.key] = additions.count

    def merge(self, other: "SiteMemory") -> None:
        """Add what another memory knows. However documents were spread over memories, and in whatever order these are
        merged, the result is that of one memory to which all were added.

        Raises :class:`MemoryFileError` where the two keep other things.
        """
        if (other.keep_texts, other.lines_per_site) != (self.keep_texts, self.lines_per_site):
            raise MemoryFileError("the memories differ in keep_texts or lines_per_site, so they cannot be merged")
        with self._lock:
            for site in other.sites:
                self._sample(site).merge(other.sample(site))
                self._indexes.pop(site, None)

    # -- forgetting ------------------------------------------------------------------------------

    def forget(self, *, sites: Iterable[str] = (), unseen_for: int = 0, lines_unseen_for: int = 0) -> None:
        """Forget sites; sites none of whose documents was among the last ``unseen_for`` that were added; and lines that
        none of the last ``lines_unseen_for`` documents of their site had.

        The last documents are those that this object added: all that came from a file or from a merge are older. A site
        keeps its lines where fewer documents were added, and where none of the last ones is in its sample.

        Raises ``TypeError`` for the name of a single site, whose characters name none.
        """
        if isinstance(sites, str):
            raise TypeError(f"sites is a list of names; write [{sites!r}]")
        with self._lock:
            for site in [*sites, *(self._unseen_sites(unseen_for) if unseen_for > 0 else ())]:
                self._forget_site(site)
            for site in self.sites if lines_unseen_for > 0 else ():
                self._forget_lines(site, lines_unseen_for)

    def _unseen_sites(self, number: int) -> list[str]:
        """The sites none of whose documents was among the last ones that were added."""
        since = self._clock - number
        return [site for site in self.sites if self._additions.get(site, _Additions()).last <= since]

    def _forget_site(self, site: str) -> None:
        self._samples.pop(site, None)
        self._additions.pop(site, None)
        self._indexes.pop(site, None)
        if self._file and site in self._file:
            self._forgotten.add(site)

    def _forget_lines(self, site: str, unseen_for: int) -> None:
        sample, additions = self._sample(site), self._additions.get(site, _Additions())
        since = additions.count - unseen_for
        recent = [document for key, document in sample.documents.items() if additions.numbers.get(key, 0) > since]
        if since < 0 or not recent or len(recent) == len(sample):
            return
        seen = np.unique(np.concatenate([np.zeros(0, "<u4"), *(document.hash_array for document in recent)]))
        left = SiteSample(sample.max_lines, sample.limit)
        for document in sample.documents.values():
            left.add(document.with_lines(np.isin(document.hash_array, seen)))
        self._samples[site] = left
        self._indexes.pop(site, None)

    # -- files -----------------------------------------------------------------------------------

    def save(self, path: "PathLike[str] | str") -> None:
        """Write the memory to a file, whose old content stays until the new one is complete. Raises ``OSError``."""
        with self._lock:
            rows = ((site, self._table(site).to_bytes()) for site in self.sites)
            target = Path(path).absolute()
            write(target, rows, lines_per_site=self.lines_per_site, has_texts=self.keep_texts)
            if self._file and self._file.path == target:  # the places of its sites have changed
                self._file = MemoryFile(target)
                self._forgotten = set()

    def to_bytes(self) -> bytes:
        """The bytes of the file that :meth:`save` writes: what a framework passes from one task to another."""
        with self._lock:
            rows = ((site, self._table(site).to_bytes()) for site in self.sites)
            return file_bytes(rows, lines_per_site=self.lines_per_site, has_texts=self.keep_texts)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The memory in the bytes of a file. Raises :class:`MemoryFileError` where they are none."""
        return cls._of_file(MemoryFile(Path("bytes"), bytes(data)))

    @classmethod
    def load(cls, path: "PathLike[str] | str") -> Self:
        """The memory in a file. Sites are read when they are asked for, so the file has to stay.

        Raises :class:`MemoryFileError` where it cannot be read.
        """
        return cls._of_file(MemoryFile(Path(path).absolute()))

    @classmethod
    def _of_file(cls, file: MemoryFile) -> Self:
        memory = cls(keep_texts=file.has_texts, lines_per_site=file.lines_per_site)
        memory._file = file
        return memory

    @property
    def digest(self) -> str:
        """What identifies the content of the file that was loaded; "" for a memory in no file, or a changed one."""
        return self._file.digest.hex() if self._file and not self._samples and not self._forgotten else ""

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs: the samples, and the file by its name."""
        with self._lock:
            return {
                "options": {"keep_texts": self.keep_texts, "lines_per_site": self.lines_per_site},
                "file": self._file,
                "samples": dict(self._samples),
                "forgotten": set(self._forgotten),
            }

    def __setstate__(self, state: dict[str, Any]) -> None:
        SiteMemory.__init__(self, **state["options"])
        self._file, self._samples, self._forgotten = state["file"], state["samples"], state["forgotten"]

    # -- asking ----------------------------------------------------------------------------------

    @property
    def sites(self) -> list[str]:
        """The names of the known sites, in alphabetical order."""
        of_file = set(self._file.sites) - self._forgotten if self._file else set()
        return sorted(of_file | {site for site, sample in self._samples.items() if len(sample)})

    def find(self, page: Page, prose_map: ProseMap, blocks: Iterable[int], url: str) -> SiteLookup | None:
        """The lines of some blocks of a page, and the index to look them up in; None where the site is unknown."""
        place = place_of(url) if url else None
        index = self._index(place.site) if place else None
        if index is None or place is None:
            return None
        return SiteLookup(lines_of_page(page, prose_map, blocks, About(place.section_number)), place, index)

    def status(self, site: str) -> SiteStatus:
        """What is known of a site. Raises ``KeyError`` for an unknown one."""
        table, sample = self._table(site), self.sample(site)
        counts = np.bincount(table.numbers.astype(np.int64), minlength=len(table.hashes))
        different = len(np.unique(table.groups))
        is_line = table.is_line
        lines, recurring = int(is_line.sum()), int((counts[is_line] > 1).sum())
        return SiteStatus(site, len(sample), sample.seen, different, lines, recurring, len(table.to_bytes()))

    def lines(self, site: str) -> Iterator[KnownLine]:
        """The known lines of a site, the most frequent first. Raises ``KeyError`` for an unknown site."""
        table = self._table(site)
        whole = np.flatnonzero(table.flags != PART)
        entries = whole[np.argsort(table.numbers[whole], kind="stable")]
        numbers, starts = np.unique(table.numbers[entries], return_index=True)
        groups, flags = table.groups[table.document_of_entry[entries]], table.flags[entries]
        rows = []
        for number, (start, stop) in zip(numbers.tolist(), pairwise([*starts.tolist(), len(entries)]), strict=True):
            own = flags[start:stop]
            text = table.texts[number] if table.texts else ""
            zones, regions = _counted(line_parts.zone(own), ZONES), _counted(line_parts.region(own), REGIONS)
            count = len(np.unique(groups[start:stop]))
            rows.append(KnownLine(f"{int(table.hashes[number]):08x}", count, zones, regions, text))
        return iter(sorted(rows, key=lambda line: (-line.documents, line.hash)))

    def hash_of(self, line: str) -> str:
        """The hash under which a memory knows a line, as :attr:`KnownLine.hash` has it."""
        return f"{line_hash(compared(line)):08x}"

    def sample(self, site: str) -> SiteSample:
        """The known documents of a site, to be read. Raises ``KeyError`` for an unknown one."""
        with self._lock:
            if site in self._samples:
                return self._samples[site]
            return self._table(site).to_sample(self.lines_per_site)

    def _sample(self, site: str) -> SiteSample:
        """The known documents of a site, to be changed."""
        if site not in self._samples:
            known = self._file is not None and site in self._file and site not in self._forgotten
            self._samples[site] = self.sample(site) if known else SiteSample(self.lines_per_site)
        return self._samples[site]

    def _table(self, site: str) -> SiteTable:
        with self._lock:
            if site in self._samples:
                return SiteTable.of_sample(self._samples[site])
            if self._file is None or site in self._forgotten:
                raise KeyError(site)
            return self._file.table(site)

    def _index(self, site: str) -> SiteIndex | None:
        with self._lock:
            sample = self._samples.get(site)
            size, limit = (len(sample), sample.limit) if sample else (0, NO_LIMIT)
            cached = self._indexes.get(site)
            if cached and cached.is_current(size, limit):
                self._indexes.move_to_end(site)
                return cached.index
            if not sample and (self._file is None or site not in self._file or site in self._forgotten):
                return None
            index = SiteIndex.of_table(self._table(site))
            self._indexes[site] = _CachedIndex(size, limit, index)
            self._indexes.move_to_end(site)
            while len(self._indexes) > MAX_INDEXES:
                self._indexes.popitem(last=False)
            return index

    def __repr__(self) -> str:
        return f"SiteMemory({len(self.sites)} sites, keep_texts={self.keep_texts})"


def _counted(numbers: line_parts.Bytes, names: tuple[str, ...]) -> dict[str, int]:
    counts = np.bincount(numbers, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count and name}


def merge_files(paths: Iterable["PathLike[str] | str"], output: "PathLike[str] | str") -> None:
    """Merge the memories in files into one file, a site at a time: the sites need not fit into memory together.

    Raises :class:`MemoryFileError` where a file cannot be read or the files keep other things, ``OSError`` where the
    output cannot be written.
    """
    files = [MemoryFile(Path(path)) for path in paths]
    if not files:
        raise MemoryFileError("no memories to merge")
    if len({(file.has_texts, file.lines_per_site) for file in files}) > 1:
        raise MemoryFileError("the memories differ in keep_texts or lines_per_site, so they cannot be merged")
    per_site, has_texts = files[0].lines_per_site, files[0].has_texts
    rows = ((site, _merged_data(site, holders, per_site)) for site, holders in all_sites(files))
    write(Path(output), rows, lines_per_site=per_site, has_texts=has_texts)


def _merged_data(site: str, files: list[MemoryFile], lines_per_site: int) -> bytes:
    if len(files) == 1:
        return files[0].data(site)
    sample = SiteSample(lines_per_site)
    for file in files:
        sample.merge(file.table(site).to_sample(lines_per_site))
    return SiteTable.of_sample(sample).to_bytes()
