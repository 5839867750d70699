"""The evidence that the model gets: the same in training and at run time."""

from collections.abc import Sequence
from dataclasses import replace

from cleaner.document import Evidence, Origin
from cleaner.rules.evidence import DECISIVE, EvidenceByBlock, PageEvidence, for_shared, merge_at
from cleaner.rules.glued_pleas import without_pleas
from cleaner.rules.match import collect_evidence
from cleaner.rules.matcher import Matcher
from cleaner.segment.page import RawBlock
from cleaner.segment.text import ONE_LINE_FLAG


def evidence_for_blocks(
    matcher: Matcher, blocks: Sequence[int], *, without: frozenset[str] = frozenset()
) -> EvidenceByBlock:
    """The evidence that some blocks of a page have by themselves, by their numbers: one list each. Neighbours, form and
    place do not count: the model sees them itself. ``without`` names rules that do not count.
    """
    by_block = matcher.evidence_of_elements(blocks, matcher.is_long_enough)
    row = {at: row for row, at in enumerate(blocks)}
    for match in matcher.of_words(blocks):
        merge_at(by_block, row[match.block], match.evidence)
    if without:
        by_block = for_shared(by_block, lambda pieces: [piece for piece in pieces if piece.rule not in without])
    return without_pleas(matcher, blocks, by_block)


def evidence_for_text(matcher: Matcher) -> PageEvidence:
    """The evidence about the blocks of a text, without that of pleas that are split off, and in an article on one line
    without that of a part of a sentence.
    """
    page = matcher.page
    evidence = collect_evidence(matcher)
    by_block = without_pleas(matcher, range(len(page.blocks)), evidence.by_block)
    if ONE_LINE_FLAG in page.flags:
        by_block = [_about_whole_sentence(*pair) for pair in zip(page.blocks, by_block, strict=True)]
    return replace(evidence, by_block=by_block)


def _about_whole_sentence(block: RawBlock, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that is about a sentence as a whole: of a rule that matches half of it, or that decides.

    A line has one purpose, a sentence of an article may have several. Nor does residue go on from one to the next.
    """
    return [
        e
        for e in evidence
        if e.weight >= DECISIVE or (e.origin is not Origin.INHERITED and 2 * len(e.quote) >= len(block.plain))
    ]
