"""Evidence for the parts of a text of a known shape, and for menus in the text of a whole page.

Each function takes the evidence about all blocks and returns new evidence.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import DECISIVE, STRONG, EvidenceByBlock, evidence_without_words
from cleaner.rules.packs import concepts
from cleaner.segment.page import Page, Part
from cleaner.segment.prose import ProseMap, Zones
from cleaner.text.words import is_closed, normalize_line

#: The concept that each part of a shape belongs to.
CONCEPTS: Final[Mapping[Part, str]] = MappingProxyType(
    {
        Part.FRONT_MATTER: "byline.front_matter",
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
        Part.QUOTED_HEADER: "body.quoted_header",
    }
)
MENU: Final = "navigation.menu"

_DIGIT: Final = re.compile(r"\d")

#: Words of an entry of a menu, at most; lines of a menu, at least; how many of them must be known, which share of them,
#: and how many lines may stand between two known ones.
ENTRY_WORDS: Final = 4
MENU_LINES: Final = 8
KNOWN_ENTRIES: Final = 4
KNOWN_SHARE: Final = 0.3
UNKNOWN_RUN: Final = 6
#: A run of so many lines is a page's whole menu already where this share of them is known: no list before or after an
#: article is that long and has as many.
LONG_MENU: Final = 30
KNOWN_SHARE_LONG: Final = 0.08
#: Other lines in a row that a menu goes on over, at most: the teaser of a section, the time of a broadcast.
OTHERS: Final = 2
#: The labels of what stands in menus and footers.
MENU_LABELS: Final = frozenset(
    {Label.NAVIGATION, Label.SHARE, Label.NOTICE, Label.SUBSCRIPTION, Label.ADVERT, Label.COMMENT, Label.RELATED}
)


def with_parts(page: Page, by_block: EvidenceByBlock) -> EvidenceByBlock:
    """With the evidence for parts of a shape, against which the words of a part do not count: an earlier mail quotes
    somebody as an article does, and the time of an entry looks like that of a player.
    """
    merged = list(by_block)
    for at, part in page.parts.items():
        found = _evidence(CONCEPTS[part], page.blocks[at].plain, Origin.FORM)
        is_body = found.label is Label.BODY
        own = [e for e in merged[at] if e.weight >= DECISIVE or (e.label is Label.BODY) is is_body]
        merged[at] = [*own, found]
    return merged


def is_body_part(part: Part) -> bool:
    """Whether a part of a shape is body."""
    return concepts()[CONCEPTS[part]].label is Label.BODY


def with_menus(page: Page, prose_map: ProseMap, zones: Zones, by_block: EvidenceByBlock) -> EvidenceByBlock:
    """With evidence for the menus and footers that the text of a whole page has: runs of short lines before or after
    the article, several of which rules know as entries of menus.
    """
    runs = [*_runs(page, prose_map, zones)] if zones.last >= 0 else []
    if not runs:
        return by_block
    merged = list(by_block)
    known = [any(e.label in MENU_LABELS and e.weight >= STRONG for e in evidence) for evidence in by_block]
    prose = " ".join(page.blocks[at].plain.casefold() for at in range(len(page.blocks)) if prose_map.prose[at])
    title = normalize_line(page.blocks[0].plain)
    for run in runs:
        inside = [at for at in run if known[at]]
        if not _is_menu(run, inside):
            continue
        quote = f"{len(inside)} of {len(run)} lines are entries of menus"
        for above, at in _unknown_entries(run, inside, len(page.blocks), zones):
            is_teaser = above >= 0 and _is_below_heading(by_block[at], by_block[above])
            if not is_teaser and not _may_be_headline(normalize_line(page.blocks[at].plain), title, prose):
                merged[at] = [*merged[at], _evidence(MENU, quote, Origin.NEIGHBOUR)]
    return merged


def _is_menu(run: Sequence[int], inside: Sequence[int]) -> bool:
    """Whether a run of short lines is a menu, by those ``inside`` of it that rules know as entries."""
    share = KNOWN_SHARE_LONG if len(run) >= LONG_MENU else KNOWN_SHARE
    return len(inside) >= max(KNOWN_ENTRIES, share * len(run))


def _unknown_entries(run: Sequence[int], inside: Sequence[int], count: int, zones: Zones) -> Iterator[tuple[int, int]]:
    """The lines of a menu that are entries because they stand between known ones: pairs of the known entry above (-1
    for none) and the line. ``count`` is the number of blocks.
    """
    is_long = len(run) >= LONG_MENU
    for above, below in pairwise(_marks(run, inside, count, zones) if is_long else inside):
        entries = run[bisect_right(run, above) : bisect_left(run, below)]
        if is_long or len(entries) <= UNKNOWN_RUN:
            yield from ((above, at) for at in entries)


def _is_below_heading(evidence: Sequence[Evidence], above: Sequence[Evidence]) -> bool:
    """Whether a line has its evidence from the known line above: "Most read" is an entry of menus and a heading."""
    names = {e.name for e in above if e.weight >= STRONG}
    return any(e.origin is Origin.INHERITED and e.name in names for e in evidence)


def _marks(run: Sequence[int], inside: Sequence[int], count: int, zones: Zones) -> list[int]:
    """The known entries of a long menu, and the end of the page where the menu stands there: between two of these marks
    all lines are entries.
    """
    if zones.zone(run[0]) == "head":
        return [-1, *inside]
    return [*inside, count]


def _evidence(name: str, quote: str, origin: Origin) -> Evidence:
    return evidence_without_words(concepts()[name], quote, origin)


def _runs(page: Page, prose_map: ProseMap, zones: Zones) -> Iterator[list[int]]:
    """The runs of short unclosed lines without digits in the head and in the tail; a few other lines may stand in a
    run, which are no part of it.
    """
    run: list[int] = []
    for at, block in enumerate(page.blocks):
        text = block.plain
        if prose_map.prose[at] or block.level or zones.zone(at) == "middle" or (run and at - run[-1] > OTHERS + 1):
            if len(run) >= MENU_LINES:
                yield run
            run = []
        may_be_entry = prose_map.words[at] <= ENTRY_WORDS and not block.level and zones.zone(at) != "middle"
        if may_be_entry and not is_closed(text) and not _DIGIT.search(text):
            run.append(at)
    if len(run) >= MENU_LINES:
        yield run


def _may_be_headline(line: str, title: str, prose: str) -> bool:
    """Whether a line of a menu may be the headline: the first line, which is the page's title, begins with it, or it is
    several words that all stand in the title or in the prose.
    """
    words = line.split()
    return title.startswith(line) or (len(words) > 1 and (line in title or all(word in prose for word in words)))
