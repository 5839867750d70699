"""Looking lines up: in how many other documents of its site each line of a document stands, and where."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from cleaner.memory import lines as line_parts
from cleaner.memory.copies import CONTAINED, COPY, coefficient, line_weights, summed
from cleaner.memory.lines import LONG, MAX_DAY, DocumentLines, PageLines
from cleaner.memory.table import SiteTable
from cleaner.text.arrays import Flags, Floats, Ints

#: Documents that a section needs, at least, to be asked instead of the whole site.
MIN_SECTION: Final = 4


class Recurrence(NamedTuple):
    """What is known of one line of a document.

    ``documents`` of ``known`` other documents of the site, or of its section where ``of_section`` says so, have the
    line. In ``at_ends`` of these (a share) it stands before the first or after the last prose. ``days`` is the number
    of days between the first and the last of them, of all known documents ``all_days``; both are 0 where dates are
    unknown. ``part`` is what is known of the beginning or the end of the line, whichever recurs more; None where
    neither recurs more than the line.
    """

    documents: int = 0
    known: int = 0
    of_section: bool = False
    at_ends: float = 0.0
    days: int = 0
    all_days: int = 0
    part: "Recurrence | None" = None


#: A line that no other document has.
NEW: Final = Recurrence()


@dataclass(frozen=True)  # no slots: columns are cached in __dict__
class SiteIndex:
    """The known documents of a site, by line. Copies of one document count once: what is counted are groups of copies.

    ``table``     the known documents
    ``starts``    (n_lines + 1,) int64, where the pairs of each line begin
    ``groups``    (n_pairs,) int64, the groups that have the line
    ``at_ends``   (n_pairs,) float64, 1 where the line stands at an end of a document of the group
    ``sections``  (n_groups,) int64, the section of each group: that of its first document
    ``days``      (n_groups,) int64, its first day; 0 where none is known
    """

    table: SiteTable
    starts: Ints
    groups: Ints
    at_ends: Floats
    sections: Ints
    days: Ints

    @classmethod
    def of_table(cls, table: SiteTable) -> "SiteIndex":
        """The index of a table."""
        groups = table.groups.astype(np.int64)
        n_groups = int(groups.max()) + 1 if len(groups) else 0
        pairs = table.numbers.astype(np.int64) * n_groups + groups[table.document_of_entry]
        distinct, first = np.unique(pairs, return_index=True)
        counts = np.bincount(distinct // max(n_groups, 1), minlength=len(table.hashes))
        _, first_document = np.unique(groups, return_index=True)
        days = np.full(n_groups, MAX_DAY + 1, np.int64)
        is_dated = table.days > 0
        np.minimum.at(days, groups[is_dated], table.days[is_dated])
        return cls(
            table,
            starts=np.concatenate(([0], np.cumsum(counts))),
            groups=distinct % max(n_groups, 1),
            at_ends=(line_parts.zone(table.flags[first]) > 0).astype(np.float64),
            sections=table.sections[first_document].astype(np.int64),
            days=np.where(days > MAX_DAY, 0, days),
        )

    def recurrences_of(self, lines: PageLines) -> list[Recurrence]:
        """What is known of the line of each of a page's blocks, and of parts of it; see :meth:`recurrences`."""
        known = self.recurrences(lines.document)
        return [
            _with_part(known[number], [known[part] for part in parts]) if parts else known[number]
            for number, parts in zip(lines.numbers, lines.parts, strict=True)
        ]

    def recurrences(self, document: DocumentLines) -> list[Recurrence]:
        """What is known of each line and part of a document, from documents other than itself and its copies."""
        if not len(self.sections) or not len(document):
            return [NEW] * len(document)
        hashes = document.hash_array
        at = np.minimum(np.searchsorted(self.table.hashes, hashes), len(self.table.hashes) - 1)
        found = np.flatnonzero(self.table.hashes[at] == hashes)
        results = [NEW] * len(document)
        if not len(found):
            return results
        is_other = np.ones(len(self.sections), bool)
        is_other[self.table.groups[self._own_documents(document, at, found)]] = False
        site = self._look_up(at[found], is_other)
        in_section = is_other & (self.sections == document.section)
        known, known_there = int(is_other.sum()), int(in_section.sum())
        section = self._look_up(at[found], in_section) if document.section and known_there >= MIN_SECTION else site
        for line, on_site, there in zip(found.tolist(), site, section, strict=True):
            larger_there = there.documents * known > on_site.documents * known_there
            scope = there._replace(of_section=True) if section is not site and larger_there else on_site
            results[line] = scope if scope.documents else NEW
        return results

    def _look_up(self, lines: Ints, scope: Flags) -> list[Recurrence]:
        """What is known of some lines from the groups of a scope: (n_groups,) bool."""
        pairs, firsts, _ = _ranges(self.starts, lines)
        counted = scope[self.groups[pairs]]
        counts = np.add.reduceat(counted.astype(np.int64), firsts)
        at_ends = np.add.reduceat(self.at_ends[pairs] * counted, firsts) / np.maximum(counts, 1)
        known, all_days = int(scope.sum()), 0
        spans = [0] * len(lines)
        known_days = self.days[scope & (self.days > 0)] if self._has_days else self.days[:0]
        if len(known_days):
            all_days = int(np.ptp(known_days))
            days = self.days[self.groups[pairs]]
            dated = counted & (days > 0)
            first_day = np.minimum.reduceat(np.where(dated, days, MAX_DAY + 1), firsts)
            spans = np.maximum(np.maximum.reduceat(np.where(dated, days, 0), firsts) - first_day, 0).tolist()
        columns = counts.tolist(), at_ends.tolist(), spans
        return [
            Recurrence(count, known, False, ends, span, all_days) for count, ends, span in zip(*columns, strict=True)
        ]

    def _own_documents(self, document: DocumentLines, at: Ints, found: Ints) -> Flags:
        """The known documents that are this document or a copy of it: (n_documents,) bool."""
        own = np.asarray(self.table.keys == np.uint64(document.key), bool)
        is_long = line_parts.length(np.frombuffer(document.flags, np.uint8)) >= LONG
        known = at[found][is_long[found]]
        n_new = int(is_long.sum()) - len(known)
        long = self._long
        total = float(long.weights[known].sum()) + n_new * long.weight_of_new
        weighed = known[long.weights[known] > 0]
        pairs, _, sizes = _ranges(long.starts, weighed)
        shared = summed(long.documents[pairs], np.repeat(long.weights[weighed], sizes), len(own))
        alike = (coefficient(shared, long.totals, total) >= COPY) | (shared >= CONTAINED * total)
        return np.asarray(own | (shared > 0) & alike, bool)

    @cached_property
    def _has_days(self) -> bool:
        return bool((self.days > 0).any())

    @cached_property
    def _long(self) -> "_LongLines":
        return _LongLines.of_table(self.table)


def _ranges(starts: Ints, lines: Ints) -> tuple[Ints, Ints, Ints]:
    """The pairs of some lines, one line after the other, where those of each line begin among them, and how many there
    are of each.
    """
    sizes = starts[lines + 1] - starts[lines]
    firsts = np.cumsum(sizes) - sizes
    return np.arange(int(sizes.sum())) + np.repeat(starts[lines] - firsts, sizes), firsts, sizes


def _with_part(line: Recurrence, parts: list[Recurrence]) -> Recurrence:
    best = max(parts, key=lambda part: part.documents, default=NEW)
    return line._replace(part=best) if best.documents > line.documents else line


@dataclass(frozen=True, slots=True)
class _LongLines:
    """The long lines of a site's documents, as copies are found by them.

    ``starts``         (n_lines + 1,) int64, where the documents of each line begin
    ``documents``      (n_long,) int64
    ``weights``        (n_lines,) float64, what each line counts; ``weight_of_new``: a line that no document has
    ``totals``         (n_documents,) float64, what the long lines of each document count
    """

    starts: Ints
    documents: Ints
    weights: Floats
    weight_of_new: float
    totals: Floats

    @classmethod
    def of_table(cls, table: SiteTable) -> "_LongLines":
        n_documents, n_lines = len(table.keys), len(table.hashes)
        is_long = line_parts.length(table.flags) >= LONG
        numbers, documents = table.numbers[is_long].astype(np.int64), table.document_of_entry[is_long]
        counts = np.bincount(numbers, minlength=n_lines)
        weights = line_weights(counts, n_documents)
        weights[counts == 0] = 0.0
        return cls(
            starts=np.concatenate(([0], np.cumsum(counts))),
            documents=documents[np.argsort(numbers, kind="stable")],
            weights=weights,
            weight_of_new=float(line_weights(np.ones(1, np.int64), n_documents)[0]),
            totals=summed(documents, weights[numbers], n_documents),
        )
