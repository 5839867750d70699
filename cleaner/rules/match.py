"""Rules are matched with the blocks of a page: evidence, which removes nothing.

Evidence is gathered in steps, each of which takes the evidence of the one before and returns new:

1. direct matches: the block's own words, and the elements around it (:func:`match_rules`);
2. conditions: zones, forms, neighbours (:mod:`cleaner.rules.conditions`);
3. propagation: cards, runs at the end, what a heading takes along (:mod:`cleaner.rules.propagate`).

A block's direct matches do not depend on other blocks, so they can be asked for some blocks alone. The order of the
rules does not matter.
"""

import re
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import regex

from cleaner.document import Evidence, Label, Origin
from cleaner.rules import parts, propagate
from cleaner.rules.conditions import Conditions, without_missing_neighbours
from cleaner.rules.evidence import DECISIVE, STRONG, PageEvidence, make_evidence, merge
from cleaner.rules.index import RuleIndex, selector_keys
from cleaner.rules.prefilter import lowered
from cleaner.rules.schema import ZONES, Concept, Pattern
from cleaner.segment.page import Page, Part, RawBlock, Style
from cleaner.segment.prose import ProseMap, Zones, ZonesOfArticles, prose_by_element
from cleaner.text import words
from cleaner.text.structure import is_code

#: Prose blocks from which an element is a page or an article: what its class says does not hold for each block in it.
#: With this limit the precision of the token "comment" on real pages went from .47 to .98, that of "ad" from .59 to
#: .99.
ARTICLE_PROSE: Final = 3
#: Prose blocks at the end of a text that may be no prose of the article, at most.
MAX_ENDING: Final = 3
#: CPU seconds of the thread that a pattern of a user's pack has for one document, and that all of them have together.
PATTERN_SECONDS: Final = 0.2
DOCUMENT_SECONDS: Final = 1.0
#: CPU seconds after which a single search is stopped. The regex package counts the time of all threads of the process,
#: so the limit is generous: busy threads must not change the result. Slow patterns are refused when a pack is read.
SEARCH_SECONDS: Final = 5.0

#: A line of code or of a manual: ``--follow`` is an option there.
_OPTION: Final = re.compile(r"--\w")


class Match(NamedTuple):
    """Evidence about a block, and the concept that it comes from."""

    block: int
    evidence: Evidence
    concept: Concept


class ElementMatch(NamedTuple):
    """Evidence that an element gives to the blocks in it, and the concept that it comes from."""

    evidence: Evidence
    concept: Concept


@dataclass(frozen=True, slots=True)
class DirectMatches:
    """The matches of rules with the words of blocks and with the elements around them.

    ``slow`` names the user's patterns that ran out of time.
    """

    matches: Sequence[Match]
    slow: frozenset[str] = frozenset()

    def by_block(self, blocks: Collection[int]) -> list[list[Evidence]]:
        """The evidence about each of some blocks, in their order, as :func:`merge` leaves it."""
        evidence: dict[int, list[Evidence]] = {at: [] for at in blocks}
        for match in self.matches:
            if match.block in evidence:
                merge(evidence[match.block], match.evidence)
        return list(evidence.values())


@dataclass(slots=True)
class _TimeBudget:
    """The CPU time that the patterns of users' packs have in a document.

    A pattern without time left is not tried again, and ``slow`` names it.
    """

    left: float = DOCUMENT_SECONDS
    used: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    slow: set[str] = field(default_factory=set)

    def search(self, pattern: Pattern, text: str) -> "regex.Match[str] | None":
        """The match of a pattern; None also where it has no time."""
        if self.left <= 0:
            self.slow.add(pattern.where)
        if pattern.where in self.slow:
            return None
        started = time.thread_time()
        try:
            return pattern.compiled.search(text, timeout=SEARCH_SECONDS)
        except TimeoutError:
            self.slow.add(pattern.where)
            return None
        finally:
            seconds = time.thread_time() - started
            self.left -= seconds
            self.used[pattern.where] += seconds
            if self.used[pattern.where] > PATTERN_SECONDS:
                self.slow.add(pattern.where)


def match_words(page: Page, index: RuleIndex, prose_map: ProseMap, blocks: Collection[int]) -> DirectMatches:
    """The matches of rules with the words of some blocks, by their numbers."""
    budget = _TimeBudget()
    return DirectMatches([*_match_words(page, index, prose_map, blocks, budget)], frozenset(budget.slow))


def match_elements(page: Page, index: RuleIndex, prose_map: ProseMap, blocks: Collection[int]) -> DirectMatches:
    """The direct matches of the elements around some blocks."""
    return DirectMatches(list(_match_elements(page, index, prose_map, blocks)))


def match_rules(
    page: Page, index: RuleIndex, prose_map: ProseMap, blocks: Collection[int] | None = None
) -> DirectMatches:
    """The direct matches of all blocks, or of some, by their numbers."""
    budget = _TimeBudget()
    asked = range(len(page.blocks)) if blocks is None else blocks
    matches = [*_match_words(page, index, prose_map, asked, budget)]
    if page.kind == "html":
        matches += _match_elements(page, index, prose_map, asked)
    return DirectMatches(matches, frozenset(budget.slow))


def collect_evidence(
    page: Page, index: RuleIndex, prose_map: ProseMap, direct: DirectMatches | None = None
) -> PageEvidence:
    """All evidence about the blocks of a page; ``direct`` are the direct matches of all of them, where known."""
    direct = direct or match_rules(page, index, prose_map)
    is_text = page.kind == "text"
    lines = [words.normalize_line(block.plain) for block in page.blocks]
    breaks = [at for at, part in page.parts.items() if part is Part.ARTICLE_BREAK]
    zones = article_zones(lines, prose_map, direct.matches, breaks) if is_text else prose_map.zones
    conditions = Conditions(page, prose_map, zones, lines)
    by_block: list[list[Evidence]] = [[] for _ in page.blocks]
    for match in direct.matches:
        if conditions.admits(match.concept, match.block):
            merge(by_block[match.block], match.evidence)
    for rule in index.conditional:
        for at in range(len(page.blocks) if conditions.form_has_meaning else 0):
            if conditions.admits(rule.concept, at):
                merge(by_block[at], make_evidence(rule.concept, "", rule.where, Origin.FORM))
    if is_text:
        by_block = propagate.with_cards(page, prose_map, zones, by_block)
        by_block = parts.with_parts(page, by_block)
    asked = without_missing_neighbours(by_block, index)
    spread = propagate.with_followers(page, prose_map, zones, index, asked)
    if is_text:
        spread = parts.with_menus(page, prose_map, zones, propagate.with_captions(page, prose_map, spread))
    return PageEvidence(tuple(tuple(sorted(evidence, key=_by_weight)) for evidence in spread), direct.slow)


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


# -- the words of blocks -------------------------------------------------------------------------


def _match_words(
    page: Page, index: RuleIndex, prose_map: ProseMap, blocks: Iterable[int], budget: _TimeBudget
) -> Iterator[Match]:
    places: dict[str, list[int]] = defaultdict(list)  # menus and cards stand on a page several times
    unread: dict[str, list[int]] = defaultdict(list)  # only rules that decide read these
    for at in blocks:
        block = page.blocks[at]
        if prose_map.words[at] <= index.max_words:
            (unread if _is_code_or_option(block) else places)[block.plain].append(at)
    yield from _match_texts(places, index, prose_map, budget)
    if unread and index.has_decisive:
        for match in _match_texts(unread, index, prose_map, budget):
            if match.evidence.weight >= DECISIVE:
                yield match


def _match_texts(
    places: dict[str, list[int]], index: RuleIndex, prose_map: ProseMap, budget: _TimeBudget
) -> Iterator[Match]:
    """The matches of texts, each with the blocks that have it."""
    for text, blocks in places.items():
        for rule in index.lines(words.normalize_line(text)):
            for at in blocks:
                yield Match(at, make_evidence(rule.concept, text, rule.where), rule.concept)
    texts = list(places)
    for pattern, number in possible_matches(texts, [prose_map.words[at[0]] for at in places.values()], index):
        text = texts[number]
        found = pattern.compiled.search(text) if pattern.trusted else budget.search(pattern, text)
        if found:
            quote = found.group().strip() or text
            evidence = make_evidence(pattern.concept, quote, pattern.rule, pattern=pattern.number)
            for at in places[text]:
                yield Match(at, evidence, pattern.concept)


def _is_code_or_option(block: RawBlock) -> bool:
    """Whether a block is code or the line of a manual, whose words mean something else."""
    return is_code(block) or _OPTION.match(block.plain) is not None


def possible_matches(
    texts: Sequence[str], word_counts: Sequence[int], index: RuleIndex
) -> Iterator[tuple[Pattern, int]]:
    """The pairs of a pattern and the number of a text that can match at all: the text begins as the pattern does or
    holds one of its literals, and has as many words as the concept asks for.
    """
    starts = [0, *accumulate(len(text) + 1 for text in texts)][:-1]
    whole = lowered("\n".join(texts))
    lower = [whole[start : start + len(text)] for start, text in zip(starts, texts, strict=False)]
    for at, (text, count) in enumerate(zip(lower, word_counts, strict=True)):
        for pattern in index.prefix_candidates(text):
            concept = pattern.concept
            if concept.min_words <= count <= concept.max_words and has_literals(pattern, text):
                yield pattern, at
    tried: set[tuple[int, int]] = set()  # by identity: equality of patterns takes long to tell
    for patterns, position in index.find_candidates(whole):
        at = bisect_right(starts, position) - 1
        count = word_counts[at]
        for pattern in patterns:
            concept = pattern.concept
            if concept.min_words <= count <= concept.max_words and (id(pattern), at) not in tried:
                tried.add((id(pattern), at))
                if has_literals(pattern, lower[at]):
                    yield pattern, at
    for pattern in index.unfiltered:
        for at, count in enumerate(word_counts):
            if pattern.concept.min_words <= count <= pattern.concept.max_words:
                yield pattern, at


def has_literals(pattern: Pattern, text: str) -> bool:
    """Whether a text holds all literals that a pattern requires; the text is as
    :func:`cleaner.rules.prefilter.lowered` returns it. Looking for literals is faster than a search.
    """
    for literals in pattern.required.all_of:
        for literal in literals:
            if literal in text:
                break
        else:
            return False
    return True


# -- the elements around blocks ------------------------------------------------------------------


def _match_elements(page: Page, index: RuleIndex, prose_map: ProseMap, blocks: Iterable[int]) -> Iterator[Match]:
    elements = _ElementMatches(page, index, prose_by_element(page, prose_map))
    for at in blocks:
        for evidence, concept in elements.around(page.blocks[at].node):
            if concept.selectors_only or concept.min_words <= prose_map.words[at]:
                yield Match(at, evidence, concept)


class _ElementMatches:
    """What the elements of a page say about the blocks in them.

    Evidence for residue is handed down only as far as the first element that holds ``ARTICLE_PROSE`` prose blocks.
    Evidence for body, and rules that decide, hold for all that an element contains.
    """

    def __init__(self, page: Page, index: RuleIndex, prose_counts: Sequence[int]) -> None:
        self.elements = page.elements
        self.index = index
        self.prose_counts = prose_counts
        self.of_styles: dict[int, tuple[ElementMatch, ...]] = {}
        self.of_elements: dict[int, tuple[ElementMatch, ...]] = {-1: ()}

    def around(self, element: int) -> tuple[ElementMatch, ...]:
        """The matches of an element and of all its ancestors, the outermost first."""
        waiting = []
        while element not in self.of_elements:
            waiting.append(element)
            element = self.elements.parent[element]
        matches = self.of_elements[element]
        for descendant in reversed(waiting):
            matches = self.of_elements[descendant] = self._with_own(matches, descendant)
        return matches

    def _with_own(self, above: tuple[ElementMatch, ...], element: int) -> tuple[ElementMatch, ...]:
        own = self._own(element)
        matches = (*above, *own) if own else above
        if matches and self.prose_counts[element] >= ARTICLE_PROSE:
            return tuple(m for m in matches if m.evidence.label is Label.BODY or m.evidence.weight >= DECISIVE)
        return matches

    def _own(self, element: int) -> tuple[ElementMatch, ...]:
        style = self.elements.style[element]
        if style not in self.of_styles:
            self.of_styles[style] = _style_matches(self.elements.styles[style], self.index)
        own = self.of_styles[style]
        if own and self._is_source_of_quotation(element):
            return tuple(m for m in own if m.evidence.weight >= DECISIVE)
        return own

    def _is_source_of_quotation(self, element: int) -> bool:
        """Whether an element is the footer of a quotation, which says where that is from."""
        tag = self.elements.tag
        return tag(element) == "footer" and tag(self.elements.parent[element]) == "blockquote"


def _style_matches(style: Style, index: RuleIndex) -> tuple[ElementMatch, ...]:
    """The selectors that an element of a style meets."""
    candidates = index.selector_candidates(style)
    if not candidates:
        return ()
    attributes: dict[str, set[str]] = defaultdict(set)
    attributes["tag"].add(style.tag)
    for token in style.tokens:
        for kind, value in selector_keys(token):
            attributes[kind].add(value)
    return tuple(
        ElementMatch(make_evidence(rule.concept, f"<{style.tag}> {value}", rule.where, Origin.ELEMENT), rule.concept)
        for value, rule, selector in candidates
        if all(values & attributes[kind] for kind, values in selector)
    )
