"""Rules are matched with the blocks of a page: evidence, which removes nothing.

Evidence is gathered in steps, each of which takes the evidence of the one before and returns new:

1. direct matches: the block's own words, and the elements around it (:mod:`cleaner.rules.matcher`);
2. conditions: the number of words, the zone, the form (:mod:`cleaner.rules.conditions`);
3. in texts, cards (:mod:`cleaner.rules.propagate`) and parts of other shapes (:mod:`cleaner.rules.parts`);
4. neighbours: evidence that requires one goes where there is none (:mod:`cleaner.rules.conditions`);
5. propagation: a heading hands its evidence on to the blocks below it (:mod:`cleaner.rules.propagate`);
6. in texts, headlines below a cue (:mod:`cleaner.rules.cues`), captions above a credit, and menus.

The order of the rules does not matter.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Final

from cleaner.document import Evidence, Label, Origin
from cleaner.rules import cues, parts, propagate
from cleaner.rules.conditions import Conditions, without_missing_neighbours
from cleaner.rules.evidence import STRONG, EvidenceByBlock, Match, PageEvidence, for_shared, make_evidence, merge_at
from cleaner.rules.index import RuleIndex
from cleaner.rules.matcher import Matcher
from cleaner.rules.packs import concept_with_role, is_of_library
from cleaner.rules.schema import STRENGTHS, ZONES, Concept
from cleaner.segment.page import Part
from cleaner.segment.prose import ProseMap, Zones, ZonesOfArticles

#: Prose blocks at the end of a text that may be no prose of the article, at most.
MAX_ENDING: Final = 3
#: Texts: from this weight of evidence (log-odds) on a block is known residue, and is taken out when the evidence about
#: the others is gathered again.
WEAK: Final = STRENGTHS["weak"]


def collect_evidence(matcher: Matcher) -> PageEvidence:
    """All evidence about the blocks of a page."""
    by_block = _evidence(matcher)
    if matcher.page.kind == "text":
        by_block = _with_evidence_without_residue(matcher, by_block)
    in_order = for_shared(by_block, lambda evidence: tuple(sorted(evidence, key=_by_weight)))
    return PageEvidence(tuple(in_order), matcher.slow)


def _evidence(matcher: Matcher) -> EvidenceByBlock:
    """The evidence about the blocks of a page after all steps."""
    page, prose_map, index = matcher.page, matcher.prose_map, matcher.index
    of_words = matcher.of_words(range(len(page.blocks)))
    is_text = page.kind == "text"
    breaks = [at for at, part in page.parts.items() if part is Part.ARTICLE_BREAK]
    zones = article_zones(matcher.lines, prose_map, of_words, breaks) if is_text else prose_map.zones
    conditions = Conditions(matcher, zones, of_words)
    own = matcher.evidence_of_elements(range(len(page.blocks)), conditions.admits)
    for match in of_words:
        if conditions.admits(match.concept, match.block):
            merge_at(own, match.block, match.evidence)
    for rule in index.conditional if conditions.form_has_meaning else ():
        if _may_have_neighbours(rule.concept, own, index):
            piece = make_evidence(rule.concept, "", rule.where, Origin.FORM)
            for at in conditions.blocks_of_form(rule.concept):
                merge_at(own, at, piece)
    by_block: EvidenceByBlock = own
    if is_text:
        by_block = propagate.with_cards(page, prose_map, zones, by_block)
        by_block = parts.with_parts(page, by_block)
    asked = without_missing_neighbours(by_block, index)
    spread = propagate.with_followers(page, prose_map, zones, index, asked)
    if is_text:
        spread = cues.with_cued_headlines(page, prose_map, zones, spread)
        spread = parts.with_menus(page, prose_map, zones, propagate.with_captions(page, prose_map, spread))
    return spread


def _may_have_neighbours(concept: Concept, by_block: EvidenceByBlock, index: RuleIndex) -> bool:
    """Whether there may be evidence of the neighbours that a concept requires: what is gathered so far, what depends on
    neighbours itself, and that of cards and parts. Most texts have none.
    """
    asked = {*concept.next, *concept.previous}
    if not asked or "*" in asked or any(other.name in asked for other in index.neighboured.values()):
        return True
    later = {concept_with_role("card").name, *parts.CONCEPTS.values()}
    return not asked.isdisjoint(later) or any(e.name in asked for evidence in by_block for e in evidence)


def _with_evidence_without_residue(matcher: Matcher, by_block: EvidenceByBlock) -> EvidenceByBlock:
    """The evidence, and what the other blocks of a text have besides once known residue is taken out.

    A condition of form sees something else between captions or menus than where they are gone. Without this a text that
    is cleaned twice would lose more the second time.
    """
    merged = list(by_block)
    count = len(merged)
    while len(left := [at for at, evidence in enumerate(merged) if not any(map(_is_residue, evidence))]) < count:
        count = len(left)
        for at, evidence in zip(left, _evidence(matcher.only(left)), strict=True):
            for piece in evidence:
                # Not users' rules: a block that one of them removes could uncover the next one, and so on to the top.
                if is_of_library(piece.rule):
                    merge_at(merged, at, piece)
    return merged


def _is_residue(piece: Evidence) -> bool:
    """Whether evidence names residue, even weakly."""
    return piece.label is not Label.BODY and piece.weight >= WEAK


def _by_weight(piece: Evidence) -> tuple[float, str, str, int, str]:
    return -piece.weight, piece.name, piece.rule, piece.pattern or 0, piece.quote


def article_zones(
    lines: Sequence[str], prose_map: ProseMap, matches: Iterable[Match], breaks: Sequence[int] = ()
) -> Zones:
    """Where the article's own prose begins and ends in a text, for the zones of rules.

    ``lines`` are the normalized texts of its blocks, ``breaks`` the blocks between several articles.

    A long caption, a pitch or a slogan that stands there twice is prose by its form, but not the article's. A block
    with strong evidence that only the end of a text can have (a biography) is not the article's where nothing but such
    blocks follows.
    """
    anywhere: set[int] = set()  # strong residue by a concept of all zones
    at_the_end: set[int] = set()  # strong residue by a concept of some zones
    body: set[int] = set()
    for block, evidence, concept in matches:
        if evidence.label is Label.BODY:
            body.add(block)
        elif evidence.weight >= STRONG and concept.min_words <= prose_map.words[block] <= concept.max_words:
            (anywhere if concept.zone == ZONES else at_the_end).add(block)
    second = {at for at in range(1, len(lines)) if lines[at] == lines[at - 1]}
    not_the_article = second | {at - 1 for at in second} | (anywhere - body)
    prose = [at for at, is_prose in enumerate(prose_map.prose) if is_prose and at not in not_the_article]
    endings = at_the_end - body
    whole = _zones(prose, endings)
    if not breaks:
        return whole
    edges = pairwise([0, *breaks, len(lines)])
    articles = tuple(_zones([at for at in prose if start <= at < stop], endings) for start, stop in edges)
    return ZonesOfArticles(whole.first, whole.last, (0, *breaks), articles)


def _zones(prose: Sequence[int], endings: Collection[int]) -> Zones:
    """The zones of an article with this prose; ``endings`` are the blocks that only the end of a text can have."""
    if not prose:
        return Zones(-1, -1)
    last = len(prose) - 1
    while last > max(0, len(prose) - 1 - MAX_ENDING) and prose[last] in endings:
        last -= 1
    return Zones(prose[0], prose[last])
