"""Rules meet blocks: what each rule has to say about each block of a page, as evidence.

Nothing is removed here, so the order of the rules cannot matter. Three passes, each over what the one before
found: words and selectors; concepts that ask for a shape or a neighbour; and concepts that reach on to
the blocks that follow.
"""

import re
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Final

import regex

from cleaner.document import Evidence, Label
from cleaner.rules import propagate
from cleaner.rules.conditions import MIN_PROSE, Checks
from cleaner.rules.evidence import EvidenceByBlock, add, spoken
from cleaner.rules.index import RuleIndex, selector_keys
from cleaner.rules.packs import STRENGTHS, ZONES, Concept, Pattern
from cleaner.rules.prefilter import lowered
from cleaner.segment.page import Page, RawBlock, Style
from cleaner.segment.prose import ProseMap, prose_below
from cleaner.text import words

#: An element with as many prose blocks is a whole page or article; what its class says does not hold for each of its
#: blocks.
#: With this guard the precision of the token "comment" on real pages went from .47 to .98, of "ad" from .59 to .99.
GUARD: Final = 3
#: CPU seconds that one pattern of a user's pack has for one block, and all of them have for one document.
TIMEOUT: Final = 0.2
PATIENCE: Final = 1.0

_OPTION: Final = re.compile(r"--\w")


#: A piece of evidence about a block, and the concept that it comes from.
Spoken = tuple[int, Evidence, Concept]


@dataclass(slots=True)
class _Patience:
    """The time that is left for the patterns of a user's packs in a document; ``slow`` are those that ran out of it."""

    left: float = PATIENCE
    slow: set[str] = field(default_factory=set)

    def search(self, pattern: Pattern, text: str) -> "regex.Match[str] | None":
        """The match of a pattern, None where it has no time."""
        if pattern.where in self.slow:
            return None
        if self.left <= 0:
            self.slow.add(pattern.where)
            return None
        begun = time.process_time()
        try:
            return pattern.compiled.search(text, timeout=min(TIMEOUT, self.left))
        except TimeoutError:
            self.slow.add(pattern.where)
            return None
        finally:
            self.left -= time.process_time() - begun


@dataclass(frozen=True, slots=True)
class Said:
    """What words of blocks and the elements around them say by themselves; ``slow`` are the patterns of a user's packs
    that ran out of time.
    """

    spoken: Sequence[Spoken]
    slow: frozenset[str] = frozenset()

    def about(self, blocks: Collection[int]) -> list[list[Evidence]]:
        """The evidence about each of some blocks, in their order: one piece a concept, the surest."""
        found: dict[int, list[Evidence]] = {at: [] for at in blocks}
        for at, evidence, _ in self.spoken:
            if at in found:
                add(found[at], evidence)
        return list(found.values())


def listen(page: Page, book: RuleIndex, prose_map: ProseMap, only: Collection[int] | None = None) -> Said:
    """What is said directly of all blocks, or of some. What is said of one does not depend on which others are asked
    about.
    """
    patience = _Patience()
    return Said(list(_direct(page, book, prose_map, only, patience)), frozenset(patience.slow))


def collect(page: Page, book: RuleIndex, prose_map: ProseMap, said: Said | None = None) -> EvidenceByBlock:
    """All evidence about a page's blocks; ``said`` is what :func:`listen` heard of them."""
    said = said or listen(page, book, prose_map)
    found = EvidenceByBlock([[] for _ in page.blocks], set(said.slow))
    if page.kind == "text":
        prose_map = _spine(page, prose_map, said.spoken)
    checks = Checks(page, prose_map)
    for at, evidence, concept in said.spoken:
        if checks.admits(concept, at):
            add(found.evidence[at], evidence)
    for rule in book.conditional:
        for at in checks.candidates():
            if checks.admits(rule.concept, at):
                add(found.evidence[at], spoken(rule.concept, "", rule.where))
    if page.kind == "text":
        propagate.cards(page, prose_map, found)
        if sum(prose_map.prose) >= MIN_PROSE:
            propagate.tail_runs(page, prose_map, found)
    propagate.neighbours(book, found)
    propagate.spread(page, prose_map, book, found)
    for about in found.evidence:
        about.sort(key=lambda e: (-e.weight, e.name, e.rule, e.quote))
    return found


def _spine(page: Page, prose_map: ProseMap, direct: Iterable[Spoken]) -> ProseMap:
    """The layout with its first and last prose moved to where the article's own prose begins and ends.

    A long caption, a newsletter's pitch or a slogan that stands there twice is prose by its form; what only the end
    of a text has (a bio) is no article when nothing but such blocks follows.
    """
    certain: set[int] = set()
    ending: set[int] = set()
    spoken_for: set[int] = set()
    for at, evidence, concept in direct:
        if evidence.label is Label.BODY:
            spoken_for.add(at)
        elif evidence.weight >= STRENGTHS["strong"] and concept.min_words <= prose_map.words[at] <= concept.max_words:
            (certain if concept.zone == ZONES else ending).add(at)
    folded = [words.normalize_line(block.plain) for block in page.blocks]
    doubled = {at for at in range(1, len(folded)) if folded[at] == folded[at - 1]}
    doubled |= {at - 1 for at in doubled}
    others = doubled | (certain - spoken_for)
    own = [i for i, prose in enumerate(prose_map.prose) if prose and i not in others]
    last = len(own) - 1
    while last > 0 and last > len(own) - 4 and own[last] in ending - spoken_for:
        last -= 1
    return replace(prose_map, first=own[0] if own else -1, last=own[last] if own else -1)


# -- words and selectors -----------------------------------------------------------------------


def _direct(
    page: Page, book: RuleIndex, prose_map: ProseMap, only: Collection[int] | None, patience: _Patience
) -> Iterator[Spoken]:
    blocks = range(len(page.blocks)) if only is None else only
    places: dict[str, list[int]] = defaultdict(list)  # menus and cards stand on a page several times
    for at in blocks:
        if _reads(page.blocks[at], prose_map.words[at], book):
            places[page.blocks[at].plain].append(at)
    for text, standing in places.items():
        for rule in book.lines(words.normalize_line(text)):
            for at in standing:
                yield at, spoken(rule.concept, text, rule.where), rule.concept
    texts = list(places)
    for pattern, number in matches(texts, [prose_map.words[at[0]] for at in places.values()], book):
        if match := _search(pattern, texts[number], patience):
            for at in places[texts[number]]:
                yield at, spoken(pattern.concept, match, pattern.where), pattern.concept
    if page.kind == "html":
        yield from _selected(page, book, prose_map, blocks)


def matches(texts: Sequence[str], counts: Sequence[int], book: RuleIndex) -> Iterator[tuple[Pattern, int]]:
    """The pairs of pattern and text that can match at all: the text begins as the pattern does, or they have a literal
    in common; and it has as many words as the concept asks for. ``counts`` are the words of the texts.
    """
    starts = [0, *accumulate(len(text) + 1 for text in texts)][:-1]
    whole = lowered("\n".join(texts))
    low = [whole[start : start + len(text)] for start, text in zip(starts, texts, strict=False)]
    for at, (text, number) in enumerate(zip(low, counts, strict=True)):
        for pattern in book.prefix_candidates(text):
            concept = pattern.concept
            if concept.min_words <= number <= concept.max_words and may_match(pattern, text):
                yield pattern, at
    seen: set[tuple[int, int]] = set()  # by identity: two packs of a user's may have one name
    for patterns, position in book.find_candidates(whole):
        at = bisect_right(starts, position) - 1
        number = counts[at]
        for pattern in patterns:
            concept = pattern.concept
            if concept.min_words <= number <= concept.max_words and (id(pattern), at) not in seen:
                seen.add((id(pattern), at))
                if may_match(pattern, low[at]):
                    yield pattern, at
    for pattern in book.unfiltered:
        for at, number in enumerate(counts):
            if pattern.concept.min_words <= number <= pattern.concept.max_words:
                yield pattern, at


def may_match(pattern: Pattern, text: str) -> bool:
    """Whether a text, as :func:`cleaner.rules.prefilter.lowered` gives it, holds all that a pattern cannot do without:
    literals are quicker to look for than it is.
    """
    for literals in pattern.required.all_of:
        for literal in literals:
            if literal in text:
                break
        else:
            return False
    return True


def _reads(block: RawBlock, number: int, book: RuleIndex) -> bool:
    """Whether rules read a block's words: not those of code, where ``--follow`` is an option."""
    return number <= book.max_words and block.tag != "pre" and not _OPTION.match(block.plain)


def _search(pattern: Pattern, text: str, patience: _Patience) -> str:
    match = pattern.compiled.search(text) if pattern.trusted else patience.search(pattern, text)
    return match.group().strip() or text[:80] if match else ""


def _selected(page: Page, book: RuleIndex, prose_map: ProseMap, blocks: Iterable[int]) -> Iterator[Spoken]:
    """What the elements around blocks say, up to the first one that holds several prose blocks."""
    elements = page.elements
    prose = prose_below(page, prose_map)
    of_styles: dict[int, tuple[Hit, ...]] = {}
    inherited: dict[int, tuple[Hit, ...]] = {-1: ()}

    def said(node: int) -> tuple[Hit, ...]:
        waiting = []
        while node not in inherited:
            waiting.append(node)
            node = elements.parent[node]
        above = inherited[node]
        for node in reversed(waiting):
            style = elements.style[node]
            own = of_styles.get(style)
            if own is None:
                own = of_styles[style] = _hits(elements.styles[style], book)
            if own and elements.tag(node) == "footer" and elements.tag(elements.parent[node]) == "blockquote":
                own = ()  # where a quotation is from
            above = (*above, *own) if own else above
            if above and prose[node] >= GUARD:
                # What speaks for body is meant for all that an element holds.
                above = tuple((e, c) for e, c in above if e.label is Label.BODY or c.strength == "always")
            inherited[node] = above
        return above

    for at in blocks:
        for evidence, concept in said(page.blocks[at].node):
            if concept.selectors_only or concept.min_words <= prose_map.words[at]:
                yield at, evidence, concept


#: What an element says, and the concept that it comes from.
Hit = tuple[Evidence, Concept]


def _hits(style: Style, book: RuleIndex) -> tuple[Hit, ...]:
    candidates = book.selector_candidates(style)
    if not candidates:
        return ()
    facts: dict[str, set[str]] = defaultdict(set)
    facts["tag"].add(style.tag)
    for token in style.tokens:
        for kind, value in selector_keys(token):
            facts[kind].add(value)
    return tuple(
        (spoken(rule.concept, f"<{style.tag}> {value}", rule.where), rule.concept)
        for value, rule, selector in candidates
        if all(values & facts[kind] for kind, values in selector)
    )
