"""Rules meet blocks: what each rule has to say about each block of a page, as evidence.

Nothing is removed here, so the order of the rules cannot matter. Three passes, each over what the one before
found: words and selectors; concepts that ask for a shape or a neighbour; and concepts that reach on to
the blocks that follow.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from cleaner import reach, words
from cleaner.cues import lowered
from cleaner.document import Evidence, Label
from cleaner.findings import Findings, add, spoken
from cleaner.layout import Layout, prose_below
from cleaner.rulebook import GRAM, Rulebook, keys
from cleaner.rules import STRENGTHS, ZONES, Concept, Pattern
from cleaner.segment import Node, Page, RawBlock
from cleaner.shapes import MIN_PROSE, Checks

#: An element with as many prose blocks is a whole page or article; what its class says does not hold for each of its
#: blocks.
#: With this guard the precision of the token "comment" on real pages went from .47 to .98, of "ad" from .59 to .99.
GUARD: Final = 3
#: CPU seconds that one pattern of a user's pack has for one block.
TIMEOUT: Final = 0.2

_OPTION: Final = re.compile(r"--\w")


def collect(page: Page, book: Rulebook, shape: Layout) -> Findings:
    """All evidence about a page's blocks."""
    found = Findings([[] for _ in page.blocks])
    direct = list(_direct(page, book, shape, found.slow))
    if page.kind == "text":
        shape = _spine(page, shape, direct)
    checks = Checks(page, shape)
    for at, evidence, concept in direct:
        if checks.admits(concept, at):
            add(found.evidence[at], evidence)
    for rule in book.shaped:
        for at in checks.candidates():
            if checks.admits(rule.concept, at):
                add(found.evidence[at], spoken(rule.concept, "", rule.where))
    if page.kind == "text":
        reach.cards(page, shape, found)
        if sum(shape.prose) >= MIN_PROSE:
            reach.tail_runs(page, shape, found)
    reach.neighbours(book, found)
    reach.spread(page, shape, book, found)
    for about in found.evidence:
        about.sort(key=lambda e: (-e.weight, e.name, e.rule, e.quote))
    return found


def _spine(page: Page, shape: Layout, direct: Iterable[tuple[int, Evidence, Concept]]) -> Layout:
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
        elif evidence.weight >= STRENGTHS["strong"] and concept.min_words <= shape.words[at] <= concept.max_words:
            (certain if concept.zone == ZONES else ending).add(at)
    folded = [words.fold(block.plain) for block in page.blocks]
    doubled = {at for at in range(1, len(folded)) if folded[at] == folded[at - 1]}
    doubled |= {at - 1 for at in doubled}
    others = doubled | (certain - spoken_for)
    own = [i for i, prose in enumerate(shape.prose) if prose and i not in others]
    last = len(own) - 1
    while last > 0 and last > len(own) - 4 and own[last] in ending - spoken_for:
        last -= 1
    return replace(shape, first=own[0] if own else -1, last=own[last] if own else -1)


# -- words and selectors -----------------------------------------------------------------------


def _direct(page: Page, book: Rulebook, shape: Layout, slow: set[str]) -> Iterator[tuple[int, Evidence, Concept]]:
    places: dict[str, list[int]] = defaultdict(list)  # menus and cards stand on a page several times
    for at, block in enumerate(page.blocks):
        if _reads(block, shape.words[at], book):
            places[block.plain].append(at)
    for text, standing in places.items():
        for rule in book.lines.get(words.fold(text), ()):
            for at in standing:
                yield at, spoken(rule.concept, text, rule.where), rule.concept
    texts = list(places)
    for concept, pattern, number in _matches(texts, [shape.words[at[0]] for at in places.values()], book):
        if match := _search(pattern, texts[number], slow):
            for at in places[texts[number]]:
                yield at, spoken(concept, match, pattern.where), concept
    if page.kind == "html":
        yield from _selected(page, book, shape)


def _matches(texts: Sequence[str], counts: Sequence[int], book: Rulebook) -> Iterator[tuple[Concept, Pattern, int]]:
    """The pairs of pattern and text that can match at all: those with a literal in common."""
    starts = [0, *accumulate(len(text) + 1 for text in texts)][:-1]
    whole = lowered("\n".join(texts))
    grams = {whole[i : i + GRAM] for i in range(len(whole) - GRAM + 1)}
    present = [cue for gram in book.grams.keys() & grams for cue in book.grams[gram]]
    seen: set[tuple[int, int]] = set()  # by identity: two packs of a user's may have one name
    for cue in (*book.short, *present):
        patterns = book.cues[cue]
        position = whole.find(cue)
        while position >= 0:
            at = bisect_right(starts, position) - 1
            for concept, pattern in patterns:
                if concept.min_words <= counts[at] <= concept.max_words and (id(pattern), at) not in seen:
                    seen.add((id(pattern), at))
                    yield concept, pattern, at
            position = whole.find(cue, starts[at + 1]) if at + 1 < len(starts) else -1
    for concept, pattern in book.uncued:
        for at, number in enumerate(counts):
            if concept.min_words <= number <= concept.max_words:
                yield concept, pattern, at


def _reads(block: RawBlock, number: int, book: Rulebook) -> bool:
    """Whether rules read a block's words: not those of code, where ``--follow`` is an option."""
    return number <= book.longest and block.tag != "pre" and not _OPTION.match(block.plain)


def _search(pattern: Pattern, text: str, slow: set[str]) -> str:
    if pattern.trusted:
        match = pattern.compiled.search(text)
    elif pattern.where in slow:
        return ""
    else:
        try:
            match = pattern.compiled.search(text, timeout=TIMEOUT)
        except TimeoutError:
            slow.add(pattern.where)
            return ""
    return match.group().strip() or text[:80] if match else ""


def _selected(page: Page, book: Rulebook, shape: Layout) -> Iterator[tuple[int, Evidence, Concept]]:
    """What the elements around a block say, up to the first one that holds several prose blocks."""
    prose = prose_below(page, shape)
    inherited: list[tuple[tuple[Evidence, Concept], ...]] = []
    known: dict[tuple[str, tuple[str, ...]], list[tuple[Evidence, Concept]]] = {}  # cards and items are many and alike
    for number, node in enumerate(page.nodes):
        above = inherited[node.parent] if node.parent >= 0 else ()
        kind = (node.tag, node.tokens)
        own = known.get(kind)
        if own is None:
            own = known[kind] = _hits(node, book)
        if node.tag == "footer" and node.parent >= 0 and page.nodes[node.parent].tag == "blockquote":
            own = []  # where a quotation is from
        if own or above:
            guarded = prose[number] >= GUARD
            # What speaks for body is meant for all that an element holds.
            above = tuple(
                (e, c) for e, c in (*above, *own) if not guarded or e.label is Label.BODY or c.strength == "always"
            )
        inherited.append(above)
    for at, block in enumerate(page.blocks):
        for evidence, concept in inherited[block.node]:
            if concept.selectors_only or concept.min_words <= shape.words[at]:
                yield at, evidence, concept


def _hits(node: Node, book: Rulebook) -> list[tuple[Evidence, Concept]]:
    said = [("tag", node.tag), *(key for token in node.tokens for key in keys(token))]
    asked = [key for key in said if key in book.tokens]
    if not asked:
        return []
    facts: dict[str, set[str]] = defaultdict(set)
    for kind, value in said:
        facts[kind].add(value)
    return [
        (spoken(rule.concept, f"<{node.tag}> {key[1]}", rule.where), rule.concept)
        for key in asked
        for rule, selector in book.tokens[key]
        if all(values & facts[kind] for kind, values in selector)
    ]
