"""What a memory is worth: recall of residue and harm, by the number of other documents of the site that are known.

Each document is asked about with memories of other documents alone. The counts are those of the benchmark of residue
(:mod:`cleaner.learn.measuring.residue`): lines that are residue by gold as readers correct it, and words of the
article.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cleaner import pipeline
from cleaner.decision.policy import Policy
from cleaner.decision.state import Prepared
from cleaner.learn.recurring.documents import ALL, SiteDocument, by_site, index_of, is_residue, others
from cleaner.memory.evidence import with_lookup
from cleaner.memory.index import SiteIndex
from cleaner.memory.site_memory import SiteLookup
from cleaner.memory.sites import Place
from cleaner.memory.weights import RecurrenceWeights
from cleaner.model.scoring import Scores
from cleaner.text.arrays import Flags

#: Numbers of other documents that are known.
SIZES = (1, 2, 5, 10, ALL)
#: Other documents from which a document counts among those of sites of which something is known.
ENOUGH = 4

#: A document with what the pipeline makes of it without a memory.
Scored = tuple[SiteDocument, Prepared, Scores]


@dataclass(slots=True)
class Counts:
    """The counts over some documents, without a memory and with one.

    ``residue`` lines there are, of which ``before`` go without and ``after`` with the memory; ``drawn`` are those that
    readers found among lines drawn at random. ``lost_before`` and ``lost_after`` are words of the article.
    """

    documents: int = 0
    residue: int = 0
    before: int = 0
    after: int = 0
    drawn: int = 0
    drawn_before: int = 0
    drawn_after: int = 0
    body_words: float = 0.0
    lost_before: float = 0.0
    lost_after: float = 0.0

    @property
    def harm(self) -> float:
        """Further words of the article lost, of 10,000."""
        return 1e4 * (self.lost_after - self.lost_before) / max(self.body_words, 1.0)

    def add(self, document: SiteDocument, kept: Flags, kept_now: Flags) -> None:
        """Count a document."""
        verdicts = [is_residue(document, at) if document.trust[at] else None for at in range(len(kept))]
        residue = np.array([verdict is True for verdict in verdicts], bool)
        body = np.array([verdict is False for verdict in verdicts], bool)
        words = np.array(document.prose_map.words) * document.content * body
        drawn = residue & document.drawn
        self.documents += 1
        self.residue += int(residue.sum())
        self.before += int((residue & ~kept).sum())
        self.after += int((residue & ~kept_now).sum())
        self.drawn += int(drawn.sum())
        self.drawn_before += int((drawn & ~kept).sum())
        self.drawn_after += int((drawn & ~kept_now).sum())
        self.body_words += float(words.sum())
        self.lost_before += float(words[~kept].sum())
        self.lost_after += float(words[~kept_now].sum())

    def row(self, name: str) -> str:
        """A line of the report."""
        n, drawn = max(self.residue, 1), max(self.drawn, 1)
        read = f"{self.drawn_before / drawn:.2f} → {self.drawn_after / drawn:.2f} ({self.drawn})" if self.drawn else "–"
        return (
            f"| {name} | {self.documents} | {self.residue} | {self.before / n:.3f} → {self.after / n:.3f} | {read} | "
            f"{self.harm:+.1f} |"
        )


HEADER = (
    "| known | documents | lines of residue | recall | recall, drawn at random and read | body words lost in 10,000 |\n"
    "| --- | --- | --- | --- | --- | --- |"
)


def kept_blocks(document: SiteDocument, prepared: Prepared, scores: Scores) -> Flags:
    """What stays of a document with these scores, notes and headlines included: (n_blocks,) bool."""
    policy = Policy()
    decided = pipeline.decide_scored(prepared, scores, policy)
    if document.page.kind == "html":
        return decided.decision.body
    labels = pipeline.document_of(replace(decided, pleas={}), policy).blocks  # the source's lines are counted
    return np.array([block.label in policy.kept_labels("text") for block in labels], bool)


@dataclass(slots=True)
class Report:
    """The counts by number of known documents, and those with all documents of sites that have enough."""

    by_size: dict[int, Counts] = field(default_factory=lambda: {size: Counts() for size in SIZES})
    enough: Counts = field(default_factory=Counts)

    def lines(self) -> Iterator[str]:
        """The report as a table in Markdown."""
        yield HEADER
        for size, counts in self.by_size.items():
            yield counts.row("all others" if size == ALL else f"{size}")
        yield self.enough.row(f"all others, {ENOUGH} or more")


def measure(documents: Sequence[Scored], learned: Callable[[int], RecurrenceWeights]) -> Report:
    """What memories are worth on some documents. ``learned`` gives the weights for a fold, which have not seen it."""
    report = Report()
    scored_by_document = {id(scored[0]): scored for scored in documents}
    for of_site in by_site(document for document, _, _ in documents).values():
        for at, document in enumerate(of_site):
            scored, learned_here = scored_by_document[id(document)], learned(document.example.fold)
            kept = kept_blocks(*scored)
            for size in SIZES:
                if size != ALL and size > len(of_site) - 1:
                    continue
                index = index_of(others(of_site, at, size))
                kept_now = kept_with(scored, kept, index, learned_here)
                report.by_size[size].add(document, kept, kept_now)
                if size == ALL and len(of_site) > ENOUGH:
                    report.enough.add(document, kept, kept_now)
    return report


def kept_with(scored: Scored, kept: Flags, index: SiteIndex, learned: RecurrenceWeights) -> Flags:
    """What stays of a document where this index of its site is known; ``kept`` is what stays without it."""
    document, prepared, scores = scored
    lookup = SiteLookup(document.lines, Place(document.example.site), index)
    remembered = with_lookup(scores, document.page, document.prose_map, lookup, learned)
    return kept_blocks(document, prepared, remembered) if remembered.recurring else kept
