"""Evidence about blocks: how a rule's match becomes evidence, and how two pieces about one concept become one."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, NamedTuple, TypeVar

from cleaner.document import Evidence, Label, Origin
from cleaner.rules.packs import is_of_library, rule_without_words
from cleaner.rules.schema import STRENGTHS, Concept

#: Evidence of this weight decides: rules with ``strength = "always"``, in packs of users.
DECISIVE: Final = 50.0
#: Evidence for a residue label from this weight on is strong: it marks its block, and may reach other blocks.
STRONG: Final = STRENGTHS["strong"]
#: Blocks that a source needs for a user's rule that matches more than half of them to be reported as too broad.
MIN_BLOCKS_FOR_BROAD: Final = 10
#: From this weight on it is certain.
CERTAIN: Final = STRENGTHS["certain"]
#: Characters of the text that a piece of evidence quotes, at most.
MAX_QUOTE: Final = 80

#: The evidence about each block of a page, in the order of the blocks. Blocks may share theirs: a step that adds to it
#: makes a new one for the block.
EvidenceByBlock = Sequence[Sequence[Evidence]]

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """All evidence about a page's blocks, the strongest first; and the rules of users that ran out of time."""

    by_block: EvidenceByBlock
    slow: frozenset[str] = frozenset()


class RuleMatch(NamedTuple):
    """The evidence of a rule that matches a text or an element, and the concept that it comes from."""

    evidence: Evidence
    concept: Concept


class Match(NamedTuple):
    """The evidence of a rule about a block, and the concept that it comes from."""

    block: int
    evidence: Evidence
    concept: Concept


class LazyForShared(Generic[Result]):
    """As :func:`for_shared`, but the function is called for a block when its result is asked for."""

    def __init__(self, by_block: EvidenceByBlock, function: Callable[[Sequence[Evidence]], Result]) -> None:
        self._by_block = by_block
        self._function = function
        self._results: dict[int, Result] = {}

    def __getitem__(self, at: int) -> Result:
        evidence = self._by_block[at]
        if id(evidence) not in self._results:
            self._results[id(evidence)] = self._function(evidence)
        return self._results[id(evidence)]


def for_shared(by_block: EvidenceByBlock, function: Callable[[Sequence[Evidence]], Result]) -> list[Result]:
    """The result of a function for the evidence about each block. It is called once for evidence that is one object:
    blocks in one element share theirs, and a page of 250 blocks has evidence of 50 kinds.
    """
    # Without a loop in Python over the blocks: labelling a page asks ten times.
    numbers = list(map(id, by_block))
    results = {number: function(evidence) for number, evidence in dict(zip(numbers, by_block, strict=True)).items()}
    return list(map(results.__getitem__, numbers))


def make_evidence(
    concept: Concept, quote: str, rule: str, origin: Origin = Origin.WORDS, pattern: int | None = None
) -> Evidence:
    """Evidence of a concept, with the weight of the concept's strength; ``rule`` is where it comes from."""
    return Evidence(concept.name, concept.label, concept.weight, quote[:MAX_QUOTE], rule, pattern, origin)


def evidence_without_words(concept: Concept, quote: str, origin: Origin) -> Evidence:
    """Evidence of a concept of the library that no words gave, but the form or the place of a block."""
    return make_evidence(concept, quote, rule_without_words(concept), origin)


def merged(pieces: Iterable[Evidence]) -> list[Evidence]:
    """One piece of each concept from the library and one from the user's rules: the stronger one.

    The two are weighed apart, so neither may hide the other. Of equal weights the piece stays whose rule, pattern and
    quote come first in alphabetical order, so that the result does not depend on the order in which rules are tried.
    """
    strongest: dict[tuple[str, bool], Evidence] = {}
    for piece in pieces:
        key = piece.name, is_of_library(piece.rule)
        old = strongest.setdefault(key, piece)
        if old is not piece and _rank(piece) < _rank(old):
            strongest[key] = piece
    return list(strongest.values())


def merge_at(by_block: list[Sequence[Evidence]], at: int, piece: Evidence) -> None:
    """Merge a piece with the evidence about one block, see :func:`merged`. Its list is replaced: a step shares the
    lists of those blocks of which it finds nothing with the step before.
    """
    by_block[at] = merged((*by_block[at], piece))


def _rank(piece: Evidence) -> tuple[float, str, str, str]:
    return -piece.weight, piece.rule, str(piece.pattern or ""), piece.quote


def is_strong_residue(piece: Evidence) -> bool:
    """Whether evidence names residue strongly enough to reach other blocks."""
    return piece.label is not Label.BODY and piece.weight >= STRONG


def decided_blocks(by_block: Iterable[Sequence[Evidence]]) -> dict[int, bool]:
    """The blocks about which a user's rules decide (``strength = "always"``): True for those that are body.

    Where two such rules disagree, the one for body wins.
    """
    decisive = {at: [e for e in evidence if e.weight >= DECISIVE] for at, evidence in enumerate(by_block)}
    return {at: any(e.label is Label.BODY for e in pieces) for at, pieces in decisive.items() if pieces}


def flags_of_own_rules(evidence: PageEvidence | None, own_rules: frozenset[str]) -> tuple[str, ...]:
    """The flags about a user's rules: those that ran out of time, and those that match more than half of the blocks, so
    that they say nothing about any of them. None where there is no evidence, since nobody asked for it.
    """
    if evidence is None:
        return ()
    slow = [f"slow_rule:{name}" for name in sorted(evidence.slow)]
    blocks = len(evidence.by_block)
    if not own_rules or blocks < MIN_BLOCKS_FOR_BROAD:
        return tuple(slow)
    counts = Counter(rule for pieces in evidence.by_block for rule in {e.rule for e in pieces} & own_rules)
    broad = sorted(rule for rule, count in counts.items() if 2 * count > blocks)
    return (*slow, *(f"broad_rule:{rule}" for rule in broad))
