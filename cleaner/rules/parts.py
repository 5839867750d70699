"""Evidence for the parts of a text of a known shape, and for menus in the text of a whole page.

Each function takes the evidence about all blocks and returns new evidence.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import DECISIVE, STRONG, EvidenceByBlock, make_evidence
from cleaner.rules.packs import concepts
from cleaner.segment.page import Page, Part
from cleaner.segment.prose import ProseMap, Zones
from cleaner.text.words import is_closed, normalize_line

#: The concept that each part of a shape belongs to.
CONCEPTS: Final[Mapping[Part, str]] = MappingProxyType(
    {
        Part.MAIL_HEADER: "byline.mail_header",
        Part.QUOTED_MAIL: "related.earlier_mail",
        Part.SIGNATURE: "author.signature",
        Part.LIST_FOOTER: "subscription.list_footer",
        Part.RUNNING_HEAD: "navigation.running_head",
        Part.PAGE_NUMBER: "navigation.page_number",
        Part.AFFILIATION: "byline.affiliation",
        Part.TIME: "navigation.time",
        Part.ENTRY_TIME: "body.entry_time",
        Part.ARTICLE_BREAK: "body.article_break",
    }
)
MENU: Final = "navigation.menu"

_DIGIT: Final = re.compile(r"\d")

#: Words of an entry of a menu at most; lines of a menu at least; how many of them must be known, and which share.
ENTRY_WORDS: Final = 4
MENU_LINES: Final = 8
KNOWN_ENTRIES: Final = 4
KNOWN_SHARE: Final = 0.3
#: Lines between two known entries, at most.
UNKNOWN_RUN: Final = 6
#: The labels of what stands in menus and footers.
MENU_LABELS: Final = frozenset(
    {Label.NAVIGATION, Label.SHARE, Label.NOTICE, Label.SUBSCRIPTION, Label.ADVERT, Label.COMMENT, Label.RELATED}
)


def with_parts(page: Page, by_block: EvidenceByBlock) -> list[list[Evidence]]:
    """With the evidence for parts of a shape, against which the words of a part do not count: an earlier mail quotes
    somebody as an article does, and the time of an entry looks like that of a player.
    """
    merged = [list(evidence) for evidence in by_block]
    for at, part in page.parts.items():
        found = _evidence(CONCEPTS[part], page.blocks[at].plain, Origin.FORM)
        is_body = found.label is Label.BODY
        own = [e for e in merged[at] if e.weight >= DECISIVE or (e.label is Label.BODY) is is_body]
        merged[at] = [*own, found]
    return merged


def stays(part: Part) -> bool:
    """Whether a part of a shape is body."""
    return concepts()[CONCEPTS[part]].label is Label.BODY


def with_menus(page: Page, prose_map: ProseMap, zones: Zones, by_block: EvidenceByBlock) -> list[list[Evidence]]:
    """With evidence for the menus and footers that the text of a whole page has: runs of short lines before or after
    the article, several of which rules know as entries of menus.
    """
    merged = [list(evidence) for evidence in by_block]
    runs = [*_runs(page, prose_map, zones)] if zones.last >= 0 else []
    if not runs:
        return merged
    known = [any(e.label in MENU_LABELS and e.weight >= STRONG for e in evidence) for evidence in by_block]
    prose = " ".join(page.blocks[at].plain.casefold() for at in range(len(page.blocks)) if prose_map.prose[at])
    title = normalize_line(page.blocks[0].plain)
    for run in runs:
        inside = [at for at in run if known[at]]
        if len(inside) < KNOWN_ENTRIES or len(inside) < KNOWN_SHARE * len(run):
            continue
        gaps = [range(before + 1, after) for before, after in pairwise(inside)]
        entries = [at for gap in gaps if len(gap) <= UNKNOWN_RUN for at in gap]
        quote = f"{len(inside)} of {len(run)} lines are entries of menus"
        for at in entries:
            if not _may_be_headline(normalize_line(page.blocks[at].plain), title, prose):
                merged[at].append(_evidence(MENU, quote, Origin.NEIGHBOUR))
    return merged


def _evidence(name: str, quote: str, origin: Origin) -> Evidence:
    return make_evidence(concepts()[name], quote, f"concepts:{name}", origin)


def _runs(page: Page, prose_map: ProseMap, zones: Zones) -> Iterator[list[int]]:
    """The runs of short unclosed lines in the head and in the tail."""
    run: list[int] = []
    for at, block in enumerate(page.blocks):
        outside = zones.zone(at) != "middle"
        text = block.plain
        is_entry = prose_map.words[at] <= ENTRY_WORDS and not is_closed(text) and not _DIGIT.search(text)
        if outside and not block.level and is_entry:
            run.append(at)
            continue
        if len(run) >= MENU_LINES:
            yield run
        run = []
    if len(run) >= MENU_LINES:
        yield run


def _may_be_headline(line: str, title: str, prose: str) -> bool:
    """Whether a line of a menu may be the headline: it is a part of the first line, which is the page's title, or
    several words that all stand in the prose.
    """
    words = line.split()
    return line in title or (len(words) > 1 and all(word in prose for word in words))
