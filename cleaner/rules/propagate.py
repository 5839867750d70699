"""How evidence reaches from block to block: what needs a neighbour, what comes as a card, what goes on below."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from cleaner.document import Evidence, Label
from cleaner.rules.evidence import EvidenceByBlock, add, certain, rule_of, spoken
from cleaner.rules.index import RuleIndex
from cleaner.rules.packs import concepts
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.prose import ProseMap
from cleaner.text import words

#: Blocks that a concept can take along, at most: no card, list or bio is longer.
REACH: Final = 40
#: Words of the longest headline that a run of headlines goes on over.
RUN_LINE_WORDS: Final = 30
#: What spreads is a little less sure than what it spreads from.
SPREAD_SHARE: Final = 0.8
#: How the quote of evidence begins that a block has from another one.
UNDER: Final = "under "
#: The concept that a subscription card's lines have in common; the labels of its items; and how many of them must be
#: known.
CARD: Final = "subscription.card"
SELLING: Final = frozenset({Label.SUBSCRIPTION, Label.ADVERT})
CARD_SHARE: Final = 0.3
#: The concept of an element that is a menu or a footer.
AREA: Final = "navigation.area"
#: The concept of the lines that follow residue at the end.
TAIL_RUN: Final = "other.tail_run"

_BRACKETS: Final = re.compile(r"\s*[(（][^()（）]{1,40}[)）]$")


def neighbours(book: RuleIndex, found: EvidenceByBlock) -> None:
    """Takes back what needed a neighbour that is not there."""
    asking = book.neighboured
    if not asking:
        return
    names = [{e.name for e in about} | {"*" for e in about if certain(e)} for about in found.evidence]
    nothing: set[str] = set()
    for at, about in enumerate(found.evidence):
        after = names[at + 1] if at + 1 < len(names) else nothing
        before = names[at - 1] if at else nothing
        about[:] = [
            e
            for e in about
            if (concept := asking.get(rule_of(e))) is None
            or (
                (not concept.next or after & set(concept.next))
                and (not concept.previous or before & set(concept.previous))
            )
        ]


def cards(page: Page, prose_map: ProseMap, found: EvidenceByBlock) -> None:
    """A list after the article's end of which some items sell something: all of it is one card, with the line
    above it.
    """
    concept = concepts()[CARD]
    at = 0
    while at < len(page.blocks):
        run = at
        while run < len(page.blocks) and page.blocks[run].tag == "li" and prose_map.zone(run) == "tail":
            run += 1
        known = sum(any(e.label in SELLING for e in about) for about in found.evidence[at:run])
        if known >= 2 and known >= CARD_SHARE * (run - at):
            above = at - 1
            head = above >= 0 and prose_map.zone(above) == "tail" and prose_map.words[above] <= concept.max_words
            for item in range(above if head else at, run):
                add(found.evidence[item], spoken(concept, f"{known} of {run - at} items", f"concepts:{CARD}"))
        at = max(run, at + 1)


def tail_runs(page: Page, prose_map: ProseMap, found: EvidenceByBlock) -> None:
    """After the article's end residue goes on through the short lines that follow it, until a sentence."""
    concept = concepts()[TAIL_RUN]
    known = ""
    for at, block in enumerate(page.blocks):
        if prose_map.zone(at) != "tail":
            continue
        sure = any(certain(e) for e in found.evidence[at])
        if sure:
            known = block.plain[:60]
        elif prose_map.words[at] > concept.max_words or (
            words.CLOSED.search(block.plain[-12:]) and prose_map.words[at] > 8
        ):
            known = ""
        elif known:
            add(found.evidence[at], spoken(concept, f"after {known}", f"concepts:{TAIL_RUN}"))


def spread(page: Page, prose_map: ProseMap, book: RuleIndex, found: EvidenceByBlock) -> None:
    """Gives what a concept takes along the same evidence, a little less sure."""
    reaching = book.spreading
    sources = [(at, e) for at, about in enumerate(found.evidence) for e in about if rule_of(e) in reaching]
    named = [{e.label for e in about if certain(e)} for about in found.evidence]
    spreads = {reaching[rule_of(e)].spread for _, e in sources}
    late = _second_half(prose_map) if "rest" in spreads else 0
    last = _last_places(page) if "contents" in spreads else {}
    areas = [any(e.name == AREA for e in about) for about in found.evidence]
    to_the_end: set[str] = set()
    for at, evidence in sources:
        concept = reaching[rule_of(evidence)]
        if concept.spread == "rest":
            if at < late or evidence.name in to_the_end:
                continue  # what makes up most of a page does not follow it; or has been reached
            to_the_end.add(evidence.name)
        if at and evidence.quote.startswith("<") and any(e.rule == evidence.rule for e in found.evidence[at - 1]):
            continue  # an element around several blocks has given it to each of them
        for follower in _reached(page, prose_map, concept.spread, at):
            if areas[follower] and not areas[at]:
                break  # the page's footer
            if concept.spread == "contents" and last[words.normalize_line(page.blocks[follower].plain)] == follower:
                break  # the entries of a table of contents are headings further down
            # What has a name of its own ends the section; but comments have dates too.
            others = named[follower] - {evidence.label}
            if (concept.spread == "section" and others) or (concept.spread == "rest" and others - {Label.BYLINE}):
                break
            if concept.spread == "run" and page.kind == "html" and others - named[at] - {Label.BYLINE}:
                break
            weight = evidence.weight * (1 if concept.strength == "always" else SPREAD_SHARE)
            quote = UNDER + page.blocks[at].plain[:60]
            add(found.evidence[follower], Evidence(evidence.name, evidence.label, weight, quote, evidence.rule))


def _last_places(page: Page) -> dict[str, int]:
    """Where each line stands for the last time, also without what stands in brackets at its end."""
    last: dict[str, int] = {}
    for at, block in enumerate(page.blocks):
        last[words.normalize_line(block.plain)] = last[words.normalize_line(_BRACKETS.sub("", block.plain))] = at
    return last


def _reached(page: Page, prose_map: ProseMap, spread: str, at: int) -> Iterator[int]:
    """The blocks behind ``at`` that belong to it."""
    blocks = page.blocks
    source = blocks[at]
    for follower in range(at + 1, min(at + 1 + REACH, len(blocks)) if spread != "rest" else len(blocks)):
        block = blocks[follower]
        if spread == "bullets" and (block.tag != "li" or source.tag == "li" or prose_map.prose[follower]):
            return
        if spread == "bullets" and page.kind == "html" and block.linked * 2 > len(block.plain):
            return  # the entries of a menu
        if spread == "run" and (_ends_run(block, prose_map.words[follower]) or 0 < block.level < source.level):
            return
        if spread == "section" and _ends_section(page, prose_map, at, follower):
            return
        yield follower


def _ends_run(block: RawBlock, number: int) -> bool:
    """Whether prose resumes: a closed line, or a long one. Headlines that ask a question are closed too, and go on."""
    closed = words.ENDED.search(block.plain[-12:]) is not None and not block.plain.rstrip().endswith(("?", "？", "؟"))
    return closed or number > RUN_LINE_WORDS


def _second_half(prose_map: ProseMap) -> int:
    """The first block before which at least half of the words stand."""
    before = list(accumulate(prose_map.words, initial=0))
    return bisect_left(before, before[-1] / 2)


def _ends_section(page: Page, prose_map: ProseMap, at: int, follower: int) -> bool:
    block = page.blocks[follower]
    if block.level:
        return True
    if page.kind == "html":
        return follower > at + 4
    # A text does not mark its headings: what is not at its end may be the article going on, unless it is a list.
    if all(other.tag == "li" for other in page.blocks[at + 1 : follower + 1]):
        return False
    return prose_map.zone(at) != "tail" and not (prose_map.last <= follower <= at + 2)
