"""Pleas glued to a paragraph: a sentence of residue at the edge of a block of the article.

Extractors glue lines together, and authors put a plea behind their last sentence. A sentence at the edge of a block is
split off as a block of its own where a rule of a concept with ``glued = true`` matches it from its first word on, no
one is quoted, and what is left is a sentence still. Everything else stays: half a paragraph that is lost is worse than
a plea that is left.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from cleaner.document import Evidence
from cleaner.rules.evidence import DECISIVE, EvidenceByBlock, for_shared, make_evidence
from cleaner.rules.matcher import Matcher
from cleaner.rules.packs import glued_concepts
from cleaner.rules.pattern_index import PatternIndex, all_lowered, holds
from cleaner.segment.page import RawBlock
from cleaner.segment.prose import PROSE_WORDS
from cleaner.segment.text import plain_line
from cleaner.text.charstats import word_count, word_counts
from cleaner.text.structure import is_code
from cleaner.text.words import MARKDOWN_SENTENCE_BREAK, QUOTE_MARK, SENTENCE_BREAK, sentence_gap

#: Words that a plea has, at most; words that must be left of the block.
MAX_PLEA_WORDS: Final = 30
MIN_REST_WORDS: Final = 6
#: Words of the rest, at most, for the block to be checked for being a plea as a whole.
SMALL_REST_WORDS: Final = 40
#: Sentences at each edge that are tried, and the characters in which they are looked for.
EDGE_SENTENCES: Final = 2
EDGE_CHARACTERS: Final = 240
#: Share of a sentence that the match must cover.
MATCHED_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Plea:
    """A sentence at the edge of a block that is residue: ``text[start:end]`` of the block.

    ``gap`` is the white space between the plea and the rest, as its place in the block's text.
    """

    start: int
    end: int
    gap: tuple[int, int]
    evidence: Evidence


class Piece(NamedTuple):
    """A part of a block; ``evidence`` is None for what stays, and the evidence for a plea."""

    block: RawBlock
    evidence: Evidence | None


class _Edge(NamedTuple):
    """A sentence at the edge of a block, ``text[start:end]``, and the white space between it and the rest.

    ``plain`` is the sentence as rules read it.
    """

    start: int
    end: int
    gap: tuple[int, int]
    plain: str


#: The pleas of each block that has any, by the number of the block.
Pleas = Mapping[int, Sequence[Plea]]


def find_pleas(matcher: Matcher, numbers: Sequence[int]) -> Pleas:
    """The pleas at the edges of the blocks with these numbers."""
    new = [at for at in numbers if at not in matcher.pleas]
    matcher.pleas.update(dict.fromkeys(new, ()))
    words = matcher.prose_map.words
    if long_enough := [at for at in new if words[at] >= MIN_REST_WORDS]:  # of shorter ones too little would be left
        matcher.pleas.update(_find(matcher.page.blocks, long_enough, matcher.index.glued))
    return {at: matcher.pleas[at] for at in numbers if matcher.pleas[at]}


def _find(blocks: Sequence[RawBlock], numbers: Sequence[int], index: PatternIndex) -> Pleas:
    """The pleas at the edges of some blocks; ``index`` has the rules of glued concepts."""
    candidates = _blocks_with_literals(blocks, numbers, index)
    if not candidates:
        return {}
    edges = [(at, edge) for at in candidates for edge in _edges(blocks[at])]
    texts = [edge.plain for _, edge in edges]
    counts = word_counts(texts)
    matched: dict[int, Plea] = {}
    for pattern, number in index.possible_matches(texts, counts):
        text = texts[number]
        # Patterns of users have a time limit for whole blocks only: they are not tried here. What somebody says belongs
        # to the story.
        if number in matched or not pattern.trusted or counts[number] > MAX_PLEA_WORDS or QUOTE_MARK.search(text):
            continue
        found = pattern.compiled.match(text)
        if found and found.end() >= MATCHED_SHARE * len(text):
            evidence = make_evidence(pattern.concept, found.group(), pattern.rule, pattern=pattern.number)
            start, end, gap, _ = edges[number][1]
            matched[number] = Plea(start, end, gap, evidence)
    by_block: dict[int, list[Plea]] = defaultdict(list)
    for number in sorted(matched):
        by_block[edges[number][0]].append(matched[number])
    outermost = {at: _outermost(pleas, blocks[at]) for at, pleas in by_block.items()}
    return {at: pleas for at, pleas in outermost.items() if pleas and not _is_plea_as_a_whole(blocks[at], pleas, index)}


def _blocks_with_literals(blocks: Sequence[RawBlock], numbers: Sequence[int], index: PatternIndex) -> list[int]:
    """The numbers of the blocks whose edges hold the literals of some pattern."""
    ends = [_both_ends(blocks[at].plain) for at in numbers]
    lower = all_lowered(ends)
    found: set[int] = set()
    for pattern, at in index.literal_candidates(ends, lower):
        if at not in found and holds(pattern, lower[at], ends[at]):
            found.add(at)
    return [numbers[number] for number in sorted(found)]


def _both_ends(text: str) -> str:
    if len(text) <= 2 * EDGE_CHARACTERS:
        return text
    return f"{text[:EDGE_CHARACTERS]}\n{text[-EDGE_CHARACTERS:]}"


def _edges(block: RawBlock) -> list[_Edge]:
    """The sentences at the edges of a block, those at its end first."""
    text = block.text
    if is_code(block):
        return []
    breaks = SENTENCE_BREAK if block.span is None else MARKDOWN_SENTENCE_BREAK
    tail = max(len(text) - EDGE_CHARACTERS, 0)
    last = [sentence_gap(found) for found in breaks.finditer(text, tail)][-EDGE_SENTENCES:]
    stops = [*(gap[0] for gap in last[1:]), len(text)]
    places = [(gap[1], stop, gap) for gap, stop in zip(last, stops, strict=False)]
    first = [sentence_gap(found) for found in breaks.finditer(text, 0, EDGE_CHARACTERS)][:EDGE_SENTENCES]
    starts = [0, *(gap[1] for gap in first)]
    places += [(start, gap[0], gap) for start, gap in zip(starts, first, strict=False)]
    return [_Edge(start, end, gap, _plain(block, start, end)) for start, end, gap in places]


def _plain(block: RawBlock, start: int, end: int) -> str:
    """A part of a block as rules read it: on one line, and without Markdown syntax where the source is a text, which is
    where blocks have spans.
    """
    line = " ".join(block.text[start:end].split())
    return line if block.span is None else plain_line(line)


def _outermost(pleas: Sequence[Plea], block: RawBlock) -> list[Plea]:
    """The pleas that can be taken off from the edges inwards; none where too little would be left."""
    start, end = 0, len(block.text)
    chosen: list[Plea] = []
    for plea in sorted(pleas, key=lambda plea: -plea.end):
        if plea.end == end and plea.start > start:
            chosen.append(plea)
            end = plea.gap[0]
    for plea in sorted(pleas, key=lambda plea: plea.start):
        if plea.start == start and plea.end < end:
            chosen.append(plea)
            start = plea.gap[1]
    enough = word_count(_plain(block, start, end)) >= MIN_REST_WORDS
    return sorted(chosen, key=lambda plea: plea.start) if enough else []


def _is_plea_as_a_whole(block: RawBlock, pleas: Sequence[Plea], index: PatternIndex) -> bool:
    """Whether the little that is left is a plea too: then the block is residue as a whole."""
    rest = _rest(block, pleas)
    counts = word_counts(rest)
    if sum(counts) > SMALL_REST_WORDS:
        return False
    matches = index.possible_matches(rest, counts)
    return any(pattern.trusted and pattern.compiled.search(rest[at]) for pattern, at in matches)


def without_pleas(matcher: Matcher, numbers: Sequence[int], by_block: EvidenceByBlock) -> EvidenceByBlock:
    """The evidence about the blocks with these numbers, without that of pleas which can be split off: the rest of such
    a block is judged by itself.

    Only where the rest has ``PROSE_WORDS`` words or more: a plea may have two sentences. What decides
    (``strength = "always"``) decides about the block as a whole, and stays.
    """
    names = glued_concepts()
    is_asked = for_shared(by_block, lambda evidence: any(piece.name in names for piece in evidence))
    pleas = find_pleas(matcher, [at for at, asked in zip(numbers, is_asked, strict=True) if asked])
    split_off = {
        at: {plea.evidence.name for plea in of_block}
        for at, of_block in pleas.items()
        if sum(word_counts(_rest(matcher.page.blocks[at], of_block))) >= PROSE_WORDS
    }
    return [
        [e for e in evidence if e.weight >= DECISIVE or e.name not in split_off[at]] if at in split_off else evidence
        for at, evidence in zip(numbers, by_block, strict=True)
    ]


def _rest(block: RawBlock, pleas: Sequence[Plea]) -> list[str]:
    """The texts, as rules read them, of what is left of a block."""
    return [piece.block.plain for piece in split_block(block, pleas) if piece.evidence is None]


def split_block(block: RawBlock, pleas: Sequence[Plea]) -> list[Piece]:
    """The pieces of a block in order: what stays, and its pleas."""
    if not pleas:
        return [Piece(block, None)]
    pieces: list[Piece] = []
    before: int | None = None
    for start, end, evidence in _places(block, pleas):
        gap = block.gap if before is None else block.text[before:start]
        pieces.append(Piece(_part(block, start, end, gap), evidence))
        before = end
    return pieces


def _places(block: RawBlock, pleas: Sequence[Plea]) -> Iterator[tuple[int, int, Evidence | None]]:
    """Where each piece of a block starts and ends."""
    at = 0
    for plea in pleas:
        if plea.start > at:
            yield at, plea.gap[0], None
        yield plea.start, plea.end, plea.evidence
        at = plea.gap[1] if plea.start == at else plea.end
    if at < len(block.text):
        yield at, len(block.text), None


def _part(block: RawBlock, start: int, end: int, gap: str) -> RawBlock:
    """The part of a block from ``start`` to ``end``, in characters."""
    text, plain = block.text[start:end], _plain(block, start, end)
    span = block.span and (block.span[0] + start, block.span[0] + end)
    moved = [(max(b - start, 0), min(e, end) - start, tag, href) for b, e, tag, href in block.markup]
    markup = tuple(mark for mark in moved if mark[0] < mark[1])
    return replace(block, text=text, plain=plain, span=span, gap=gap, markup=markup)


def split_blocks(
    blocks: Sequence[RawBlock], body: Sequence[bool], pleas: Pleas
) -> tuple[Sequence[RawBlock], Sequence[bool]]:
    """The blocks of a source with the pleas split off, and which of these are body."""
    if not pleas:
        return blocks, body
    pieces = [
        (piece.block, is_body and piece.evidence is None)
        for at, (block, is_body) in enumerate(zip(blocks, body, strict=True))
        for piece in split_block(block, pleas.get(at, ()))
    ]
    return [block for block, _ in pieces], [kept for _, kept in pieces]
