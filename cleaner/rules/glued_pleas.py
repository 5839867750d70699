"""Residue inside a kept block: a plea glued to the end of a paragraph, or put before its first sentence.

Extractors glue lines, and authors put a plea behind their last sentence. A sentence at a block's edge goes, as a block
of its own, where a rule that may speak anywhere knows it from its first word on, and what is left is a sentence still.
Everything else stays: half a paragraph that is lost is worse than a plea that is left.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from cleaner.document import Evidence
from cleaner.rules.evidence import spoken
from cleaner.rules.index import RuleIndex
from cleaner.rules.match import matches, may_match
from cleaner.rules.prefilter import lowered
from cleaner.segment.page import RawBlock
from cleaner.text.words import SENTENCE_BREAK, sentence_gap

#: Concepts that a sentence may be cut off for. Of the sentences at the edges of kept blocks that they know, 9 of 12 on
#: dev are not in the gold; of those that "Read more about …" or "Tell us in the comments" know, fewer than half.
CUT: Final = frozenset({"subscription.newsletter", "subscription.donate", "advert.affiliate"})
#: Words that a sentence that goes has at most, and that what is left has at least.
MOST_WORDS: Final = 30
LEAST_WORDS: Final = 6
#: Words that are left of a block, at most, for it to be a plea as a whole.
SMALL_REST: Final = 40
#: Sentences at an edge that are looked at, and characters in which they are looked for.
EDGE: Final = 2
REACH: Final = 240

#: Quotation marks: what is said by somebody is the story.
_QUOTE: Final = re.compile(r"[\"“”„«»「」『』]")


@dataclass(frozen=True, slots=True)
class Cut:
    """A sentence at the edge of a block that is residue: ``text[start:end]`` of the block goes, white space at ``gap``
    stands between it and what stays.
    """

    start: int
    end: int
    gap: tuple[int, int]
    evidence: Evidence


Cuts = Mapping[int, Sequence[Cut]]


def find(blocks: Sequence[RawBlock], kept: Sequence[int], book: RuleIndex) -> Cuts:
    """The cuts for kept blocks, by their numbers: at most ``EDGE`` at each of its ends."""
    pleas = book.only(CUT)
    ends = [_ends(blocks[at].text) for at in kept]
    starts = list(accumulate((len(text) + 1 for text in ends), initial=0))
    whole = lowered("\n".join(ends))
    hit: set[int] = set()
    for patterns, place in pleas.find_candidates(whole):
        number = bisect_right(starts, place) - 1
        if number not in hit:
            text = whole[starts[number] : starts[number + 1]]
            if any(may_match(pattern, text) for pattern in patterns):
                hit.add(number)
    edges = [(kept[number], *edge) for number in sorted(hit) for edge in _edges(blocks[kept[number]])]
    texts = [blocks[at].text[start:end] for at, start, end, _ in edges]
    found: dict[int, Cut] = {}
    for pattern, number in matches(texts, [len(text.split()) for text in texts], pleas):
        # What somebody says is the story. How fast a user's pattern is on anything but blocks, nobody knows.
        if number in found or not pattern.trusted or _QUOTE.search(texts[number]):
            continue
        match = pattern.compiled.match(texts[number])
        if match and 2 * match.end() >= len(texts[number]):
            _, start, end, gap = edges[number]
            found[number] = Cut(start, end, gap, spoken(pattern.concept, match.group(), pattern.where))
    cuts: dict[int, list[Cut]] = defaultdict(list)
    for number in sorted(found):
        cuts[edges[number][0]].append(found[number])
    outer = {at: _outermost(inside, blocks[at].text) for at, inside in cuts.items()}
    return {at: inside for at, inside in outer.items() if inside and not _all_plea(blocks[at], inside, pleas)}


def _all_plea(block: RawBlock, cuts: Sequence[Cut], pleas: RuleIndex) -> bool:
    """Whether what a few sentences leave is a plea too: then the block is one as a whole."""
    rest = [piece.text for piece, said in split(block, cuts) if said is None]
    counts = [len(text.split()) for text in rest]
    if sum(counts) > SMALL_REST:
        return False
    return any(pattern.compiled.search(rest[at]) for pattern, at in matches(rest, counts, pleas) if pattern.trusted)


def _ends(text: str) -> str:
    return text if len(text) <= 2 * REACH else f"{text[:REACH]}\n{text[-REACH:]}"


def _edges(block: RawBlock) -> list[tuple[int, int, tuple[int, int]]]:
    """The sentences at the edges of a block: where each begins and ends, and the white space between it and the
    rest.
    """
    text = block.text
    if block.tag == "pre" or "pre" in block.context:
        return []
    gaps = [sentence_gap(border) for border in SENTENCE_BREAK.finditer(text, max(len(text) - REACH, 0))][-EDGE:]
    stops = [*(gap[0] for gap in gaps[1:]), len(text)]  # where the next border begins
    edges = [(gap[1], stop, gap) for gap, stop in zip(gaps, stops, strict=False)]
    firsts = [sentence_gap(border) for border in SENTENCE_BREAK.finditer(text, 0, REACH)][:EDGE]
    edges += [(start, gap[0], gap) for start, gap in zip([0, *(gap[1] for gap in firsts)], firsts, strict=False)]
    return [edge for edge in edges if len(text[edge[0] : edge[1]].split()) <= MOST_WORDS]


def _outermost(cuts: Sequence[Cut], text: str) -> list[Cut]:
    """Of the cuts of a block those that take it from its edges inwards and leave sentences."""
    start, end = 0, len(text)
    chosen: list[Cut] = []
    for cut in sorted(cuts, key=lambda cut: -cut.end):
        if cut.end == end and cut.start > start:
            chosen.append(cut)
            end = cut.gap[0]
    for cut in sorted(cuts, key=lambda cut: cut.start):
        if cut.start == start and cut.end < end:
            chosen.append(cut)
            start = cut.gap[1]
    enough = len(text[start:end].split()) >= LEAST_WORDS
    return sorted(chosen, key=lambda cut: cut.start) if enough else []


def left(block: RawBlock, cuts: Sequence[Cut]) -> int:
    """The words that stay of a block."""
    return sum(len(piece.text.split()) for piece, said in split(block, cuts) if said is None)


def split(block: RawBlock, cuts: Sequence[Cut]) -> list[tuple[RawBlock, Evidence | None]]:
    """The pieces of a block in order: what stays, and what goes with the evidence for it."""
    if not cuts:
        return [(block, None)]
    places: list[tuple[int, int, Evidence | None]] = []
    at = 0
    for cut in cuts:
        if cut.start > at:
            places.append((at, cut.gap[0], None))
        places.append((cut.start, cut.end, cut.evidence))
        at = cut.gap[1] if cut.start == at else cut.end
    if at < len(block.text):
        places.append((at, len(block.text), None))
    pieces = []
    before = None
    for start, end, evidence in places:
        gap = block.gap if before is None else block.text[before:start]
        pieces.append((_piece(block, start, end, gap), evidence))
        before = end
    return pieces


def apply(blocks: Sequence[RawBlock], body: Sequence[bool], cuts: Cuts) -> tuple[Sequence[RawBlock], Sequence[bool]]:
    """The blocks of a source with those cut that have residue at their edges, and which of the pieces are body."""
    if not cuts:
        return blocks, body
    pieces: list[RawBlock] = []
    kept: list[bool] = []
    for at, (block, is_body) in enumerate(zip(blocks, body, strict=True)):
        for piece, said in split(block, cuts.get(at, ())):
            pieces.append(piece)
            kept.append(is_body and said is None)
    return pieces, kept


def _piece(block: RawBlock, start: int, end: int, gap: str) -> RawBlock:
    """The part of a block from ``start`` to ``end``."""
    text = block.text[start:end]
    span = block.span and (block.span[0] + start, block.span[0] + end)
    moved = [(max(b - start, 0), min(e, end) - start, tag, href) for b, e, tag, href in block.markup]
    markup = tuple(mark for mark in moved if mark[0] < mark[1])
    return replace(block, text=text, plain=" ".join(text.split()), span=span, gap=gap, markup=markup)
