"""Evidence reaches from block to block: cards, captions above their credits, and what a heading takes along.

Each function takes the evidence about all blocks and returns new evidence, with what has been added.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from cleaner.document import Label, Origin
from cleaner.rules.evidence import (
    DECISIVE,
    STRONG,
    EvidenceByBlock,
    LazyForShared,
    evidence_without_words,
    for_shared,
    is_strong_residue,
    merge_at,
)
from cleaner.rules.index import RuleIndex
from cleaner.rules.line_forms import TOP_LINES, second_half
from cleaner.rules.packs import concept_with_role, concepts, concepts_with_role
from cleaner.rules.schema import Concept, Spread
from cleaner.segment.numbering import number_of, numbers_above
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.prose import ProseMap, Zones
from cleaner.text import words

#: Blocks that a concept can take along, at most: no card, list or biography is longer.
MAX_FOLLOWERS: Final = 40
#: The same for a section in HTML, where headings are marked.
MAX_SECTION_HTML: Final = 4
#: The same for a section in the middle of a text, where the article may go on.
MAX_SECTION_TEXT: Final = 2
#: Words of the longest headline that a run of headlines goes on over.
RUN_LINE_WORDS: Final = 30
#: Plain blocks between two that have evidence of their own, at most, that the rest of a text takes: a reader's comment
#: has a few paragraphs.
MAX_REST_GAP: Final = 4
#: Words of a keyword of the article, and of the heading above it, at most.
MAX_KEYWORD_WORDS: Final = 3
MAX_TAG_HEADING_WORDS: Final = 5
#: Words of a heading that ends with a colon, at most: a longer line introduces a list of the article's.
MAX_INTRODUCTION_WORDS: Final = 12
#: The share of the weight that is handed on: what follows is a little less certain than what it follows.
INHERITED_SHARE: Final = 0.8
#: A subscription card: the labels of its items, how many of them must be known, and which share of them.
CARD_LABELS: Final = frozenset({Label.SUBSCRIPTION, Label.ADVERT})
CARD_ITEMS: Final = 2
CARD_SHARE: Final = 0.3
#: A caption above its credit: words of each, and the share of a text's blocks that blank lines part, at least.
MIN_CAPTION_WORDS: Final = 3
MAX_CAPTION_WORDS: Final = 40
MAX_CREDIT_WORDS: Final = 8
PARTED_SHARE: Final = 0.5
CAPTION: Final = "caption.above_credit"
CREDIT: Final = "caption.credit"
#: Characters of another block that evidence quotes.
MAX_BLOCK_QUOTE: Final = 60

_DIGIT: Final = re.compile(r"\d")
#: What a line of an interview begins with: "Q. ", "A: ".
_SPEAKER: Final = re.compile(r"[^\W\d_][.:]\s")
_BRACKETS_AT_END: Final = re.compile(r"\s*[(（][^()（）]{1,40}[)）]$")


def with_cards(page: Page, prose_map: ProseMap, zones: Zones, by_block: EvidenceByBlock) -> EvidenceByBlock:
    """With evidence for cards: lists in the tail of a text some of whose items sell something, and the line above."""
    concept = concept_with_role("card")
    merged = list(by_block)
    for start, stop in _lists_in_tail(page, zones):
        # Evidence of a form may still depend on neighbours.
        by_words = ([e for e in evidence if e.origin is not Origin.FORM] for evidence in by_block[start:stop])
        selling = sum(any(e.label in CARD_LABELS for e in evidence) for evidence in by_words)
        if selling < CARD_ITEMS or selling < CARD_SHARE * (stop - start):
            continue
        above = start - 1
        has_head = above >= 0 and zones.zone(above) == "tail" and prose_map.words[above] <= concept.max_words
        quote = f"{selling} of {stop - start} items"
        for at in range(above if has_head else start, stop):
            merge_at(merged, at, evidence_without_words(concept, quote, Origin.NEIGHBOUR))
    return merged


def with_captions(page: Page, prose_map: ProseMap, by_block: EvidenceByBlock) -> EvidenceByBlock:
    """With evidence for captions whose credit is a line of its own: in a text with blank lines between its paragraphs,
    the line right above a credit, without a blank line between the two and with one above them. Nothing else may be
    known of it. The first lines of a text are its headline and its standfirst, which may stand above a credit too.
    """
    merged = list(by_block)
    blocks, words_of = page.blocks, prose_map.words
    parted = sum(block.gap.count("\n") > 1 for block in blocks[1:])
    if parted <= PARTED_SHARE * len(blocks):
        return merged
    concept = concepts()[CAPTION]
    for at in range(TOP_LINES, len(blocks) - 1):
        credit = blocks[at + 1]
        is_pair = blocks[at].gap.count("\n") > 1 and credit.gap.count("\n") == 1
        if not is_pair or words_of[at] > MAX_CAPTION_WORDS or words_of[at + 1] > MAX_CREDIT_WORDS:
            continue
        is_credit = any(e.name == CREDIT and e.weight >= STRONG for e in by_block[at + 1])
        is_line = blocks[at].tag == "p" and words_of[at] >= MIN_CAPTION_WORDS
        if is_credit and is_line and not by_block[at]:
            merged[at] = [evidence_without_words(concept, credit.plain, Origin.NEIGHBOUR)]
    return merged


def _lists_in_tail(page: Page, zones: Zones) -> Iterator[tuple[int, int]]:
    """The runs of list items in the tail: where each starts, and where it stops."""
    start: int | None = None
    for at, block in enumerate(page.blocks):
        in_list = block.tag == "li" and zones.zone(at) == "tail"
        if in_list and start is None:
            start = at
        elif not in_list and start is not None:
            yield start, at
            start = None
    if start is not None:
        yield start, len(page.blocks)


def with_followers(
    page: Page, prose_map: ProseMap, zones: Zones, index: RuleIndex, by_block: EvidenceByBlock
) -> EvidenceByBlock:
    """With the evidence that concepts hand on to the blocks below them (``spread``), a little weaker."""
    spreading = for_shared(by_block, lambda evidence: [piece for piece in evidence if piece.rule in index.spreading])
    sources = [(at, piece) for at, pieces in enumerate(spreading) for piece in pieces]
    if not sources:
        return by_block
    merged = list(by_block)
    followers = _Followers(page, prose_map, zones, by_block, index.spreading)
    spread_to_the_end: set[str] = set()
    for at, piece in sources:
        concept = index.spreading[piece.rule]
        if concept.spread == "rest":
            if at < followers.second_half or piece.name in spread_to_the_end:
                continue
            spread_to_the_end.add(piece.name)
        # An element around several blocks has given its evidence to each of them: only the first is a source.
        if at and piece.origin is Origin.ELEMENT and any(e.rule == piece.rule for e in merged[at - 1]):
            continue
        inherited = replace(
            piece,
            weight=piece.weight * (1 if piece.weight >= DECISIVE else INHERITED_SHARE),
            quote=page.blocks[at].plain[:MAX_BLOCK_QUOTE],
            origin=Origin.INHERITED,
        )
        for follower in followers.of(concept, at, piece.label):
            merge_at(merged, follower, inherited)
    return merged


class _Followers:
    """Which blocks a block takes along, by the kind of spread of its concept.

    ``by_block`` is the evidence before anything has been handed on, ``spreading`` the rules that hand theirs on.
    """

    def __init__(
        self, page: Page, prose_map: ProseMap, zones: Zones, by_block: EvidenceByBlock, spreading: Collection[str]
    ) -> None:
        self.page = page
        self.blocks = page.blocks
        self.prose_map = prose_map
        self.zones = zones
        self.residue_labels = LazyForShared(by_block, lambda pieces: {e.label for e in pieces if is_strong_residue(e)})
        #: The labels of strong evidence that does not spread: a single comment has it, the number of comments has not.
        self.own_labels = LazyForShared(
            by_block, lambda pieces: {e.label for e in pieces if is_strong_residue(e) and e.rule not in spreading}
        )
        self.is_decided = LazyForShared(by_block, lambda pieces: any(e.weight >= DECISIVE for e in pieces))
        areas = concepts_with_role("area")
        self.in_area = LazyForShared(by_block, lambda pieces: any(e.name in areas for e in pieces))
        self.second_half = second_half(prose_map.words)
        self.ends: Mapping[Spread, Callable[[int, int, Label], bool]] = {
            "bullets": self._ends_bullets,
            "contents": self._ends_contents,
            "keywords": self._ends_keywords,
            "run": self._ends_run,
            "section": self._ends_section,
            "rest": self._ends_rest,
        }

    @cached_property
    def last_places(self) -> dict[str, int]:
        """Where each line stands for the last time, with and without what stands in brackets at its end."""
        last: dict[str, int] = {}
        for at, block in enumerate(self.blocks):
            last[words.normalize_line(block.plain)] = at
            last[words.normalize_line(_BRACKETS_AT_END.sub("", block.plain))] = at
        return last

    @cached_property
    def numbers_above(self) -> list[int]:
        """For each block the number of the last line above it that begins with one; -1 where there is none."""
        return numbers_above(self.blocks)

    def of(self, concept: Concept, source: int, label: Label) -> Iterator[int]:
        """The blocks below ``source`` that belong to it."""
        limit = len(self.blocks) if concept.spread == "rest" else source + 1 + MAX_FOLLOWERS
        ends = self.ends[concept.spread]
        for at in range(source + 1, min(limit, len(self.blocks))):
            enters_area = self.in_area[at] and not self.in_area[source]  # the footer of the page
            if enters_area or ends(source, at, label):
                return
            yield at

    def _ends_bullets(self, source: int, at: int, _: Label) -> bool:
        """Bullets end at what is no list item, at prose, and at an entry of a menu."""
        block = self.blocks[at]
        if block.tag != "li" or self.blocks[source].tag == "li" or self.prose_map.prose[at]:
            return True
        return self.page.kind == "html" and block.linked * 2 > len(block.plain)

    def _ends_keywords(self, source: int, at: int, label: Label) -> bool:
        """Keywords end where bullets do, but below a heading at the end of a text not at lines of a few words without
        digits.
        """
        if not self._ends_bullets(source, at, label):
            return False
        text, count = self.blocks[at].plain, self.prose_map.words[at]
        is_word = count <= MAX_KEYWORD_WORDS and not words.is_closed(text) and not _DIGIT.search(text)
        is_heading = self.prose_map.words[source] <= MAX_TAG_HEADING_WORDS and self.blocks[source].tag != "li"
        return not (self.page.kind == "text" and self.zones.zone(source) == "tail" and is_heading and is_word)

    def _ends_contents(self, _source: int, at: int, _: Label) -> bool:
        """A table of contents ends at a line that is no heading further down. Buttons may stand between."""
        return not self.residue_labels[at] and self.last_places[words.normalize_line(self.blocks[at].plain)] == at

    def _ends_run(self, source: int, at: int, label: Label) -> bool:
        """A run of lines ends at prose; in HTML also at a higher heading, and at what has a name of its own."""
        block = self.blocks[at]
        if _is_sentence(block, self.prose_map.words[at]) or 0 < block.level < self.blocks[source].level:
            return True
        if self.page.kind == "text" and (_SPEAKER.match(block.plain) or self._counts_on(source, at)):
            return True  # an interview or a list goes on
        if self.page.kind == "text" and source <= TOP_LINES and self.zones.zone(source) == "head":
            return True  # the headline stands below a menu's last entry
        others = self.residue_labels[at] - {label} - self.residue_labels[source] - {Label.BYLINE}
        return self.page.kind == "html" and bool(others)

    def _counts_on(self, source: int, at: int) -> bool:
        """Whether a line has the next number after the last one above ``source``: "4. …" in an article of five."""
        return number_of(self.blocks[at]) == self.numbers_above[source] + 1

    def _ends_section(self, source: int, at: int, label: Label) -> bool:
        """A section ends at the next heading, and at what has a name of its own."""
        if self.blocks[at].level or self.residue_labels[at] - {label}:
            return True
        if self.blocks[source].tag == "li" == self.blocks[at].tag:
            return True  # an item heads no other
        if self.page.kind == "html":
            return at > source + MAX_SECTION_HTML
        # A text does not mark its headings: what is not at its end may be the article going on, unless it is a list.
        if all(block.tag == "li" for block in self.blocks[source + 1 : at + 1]):
            return False
        near_the_end = self.zones.last <= at <= source + MAX_SECTION_TEXT
        return self.zones.zone(source) != "tail" and not near_the_end

    def _ends_rest(self, source: int, at: int, label: Label) -> bool:
        """The rest ends at what has a name of its own. Readers' comments have dates as well.

        In a text the rest ends with the last block that has evidence of the label itself: what only stands below a
        number of comments is the article going on. A user's rule that decides takes all that follows.
        """
        if self.residue_labels[at] - {label} - {Label.BYLINE}:
            return True
        if self.page.kind == "html" or self.is_decided[source]:
            return False
        if self.prose_map.prose[at] and not self._is_in_thread(source, at, label):
            return True
        ahead = range(at, min(at + MAX_REST_GAP + 1, len(self.blocks)))
        return all(label not in self.own_labels[each] for each in ahead)

    def _is_in_thread(self, source: int, at: int, label: Label) -> bool:
        """Whether a paragraph below a number of comments is one: evidence of another stands above it, or it has an
        unclosed line (a name) above and evidence right below.
        """
        if any(self.own_labels[above] & {label, Label.BYLINE} for above in range(source + 1, at + 1)):
            return True
        has_name = at - 1 > source and not words.is_closed(self.blocks[at - 1].plain)
        return has_name and at + 1 < len(self.blocks) and label in self.own_labels[at + 1]


def _is_sentence(block: RawBlock, count: int) -> bool:
    """Whether a block is prose rather than a headline: closed, or long. Headlines may end with a question mark."""
    text = block.plain.rstrip()
    is_ended = words.is_ended(text) and not text.endswith(words.QUESTION_MARKS)
    return is_ended or count > RUN_LINE_WORDS or (text.endswith(":") and count > MAX_INTRODUCTION_WORDS)
