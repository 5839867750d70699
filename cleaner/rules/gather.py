"""The evidence that the model gets: the same in training and at run time."""

from collections.abc import Sequence
from dataclasses import replace

from cleaner.document import Evidence, Origin
from cleaner.rules.evidence import DECISIVE, PageEvidence
from cleaner.rules.glued_pleas import without_pleas
from cleaner.rules.index import RuleIndex
from cleaner.rules.match import DirectMatches, collect_evidence, match_rules
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.prose import ProseMap
from cleaner.segment.text import ONE_LINE_FLAG


def evidence_for_blocks(
    page: Page,
    prose_map: ProseMap,
    index: RuleIndex,
    blocks: Sequence[int],
    direct: DirectMatches | None = None,
) -> list[list[Evidence]]:
    """The evidence that some blocks of a page have by themselves, by their numbers: one list each.

    ``direct`` are the direct matches of these blocks and maybe of others, where they are known.
    """
    direct = direct or match_rules(page, index, prose_map, blocks)
    return without_pleas(page.blocks, blocks, direct.by_block(blocks), index)


def evidence_for_text(page: Page, prose_map: ProseMap, index: RuleIndex) -> PageEvidence:
    """All evidence about the blocks of a text."""
    evidence = collect_evidence(page, index, prose_map)
    by_block = without_pleas(page.blocks, range(len(page.blocks)), evidence.by_block, index)
    if ONE_LINE_FLAG in page.flags:
        by_block = [_about_whole_sentence(*pair) for pair in zip(page.blocks, by_block, strict=True)]
    return replace(evidence, by_block=tuple(map(tuple, by_block)))


def _about_whole_sentence(block: RawBlock, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that is about a sentence as a whole: of a rule that matches half of it, or that decides.

    A line has one purpose, a sentence of an article may have several. Nor does residue go on from one to the next.
    """
    return [
        e
        for e in evidence
        if e.weight >= DECISIVE or (e.origin is not Origin.INHERITED and 2 * len(e.quote) >= len(block.plain))
    ]
