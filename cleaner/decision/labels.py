"""What the blocks that are not body are, and what a text's first lines are: labels from evidence and place."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import regex

from cleaner.decision import next_story
from cleaner.document import Evidence, Label
from cleaner.rules.propagate import TAIL_RUN, UNDER
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Columns, Flags
from cleaner.text.words import CLOSED, normalize_line

#: What is said by an element that holds things of many kinds.
AREAS: Final = frozenset({"navigation.area", "sidebar.box"})
#: Of the labels with headlines or posts of their own, whose bylines are no bylines of the article.
WITH_BYLINES: Final = frozenset({Label.RELATED, Label.COMMENT})
#: What stands beside an article and stays in its text.
ASIDES: Final = frozenset({Label.NOTE, Label.SIDEBAR})
#: Weight of evidence that names it: what a strong rule hands on to the lines below is a little less than strong.
ASIDE: Final = 3.0
_NAME: Final = regex.compile(r"\p{Lu}[\p{Ll}\p{M}'’.-]+(?: \p{Lu}[\p{L}\p{M}'’.-]*){1,3}")


def labels(page: Page, layout: ProseMap, body: Flags, grounds: Sequence[list[Evidence]]) -> list[Label]:
    """A label for each block: ``body`` where that was decided, else what most speaks for."""
    names = [Label.BODY if is_body else _residue(about) for is_body, about in zip(body, grounds, strict=True)]
    if page.kind == "text":
        _name_asides(names, grounds)
        _names(page, layout, names, grounds)
        _headline(page, layout, names, grounds)
    else:
        _name_sections(page, layout, names)
    _name_bylines(names, grounds)
    _name_others(page, names, grounds)
    _name_bylines(names, grounds)
    return names


def _residue(evidence: Sequence[Evidence]) -> Label:
    """The label of the surest evidence; of equally sure ones, of that with most other evidence, then of that which
    saw most words; ``other`` where nothing speaks.
    """
    named = [e for e in evidence if e.label not in (Label.BODY, Label.OTHER)]
    if not named:
        return Label.OTHER
    number = Counter(e.label for e in named)
    names = {e.name for e in named}
    linked = any(e.name == "links" and e.label is Label.NAVIGATION for e in named)
    place = ("entry" if linked else "area") if "navigation.area" in names else ""
    return max(named, key=lambda e: (_naming(e, place), number[e.label], len(e.quote), e.name)).label


def _naming(evidence: Evidence, place: str) -> float:
    """How much evidence says about a block's name: its own words most, less the element around it, least its
    neighbours and an element that holds things of many kinds. The words of a menu's entry say where it leads.
    """
    if evidence.quote.startswith(UNDER):
        return evidence.weight * 0.5
    if evidence.name in AREAS:
        return evidence.weight * 0.35
    if evidence.quote.startswith("<"):
        return evidence.weight * (0.3 if place and evidence.label is Label.CAPTION else 0.9)
    return evidence.weight * (0.2 if place == "entry" and evidence.name != "links" else 1.0)


def own_title(columns: Columns) -> Flags:
    """Which blocks are what the page says its title is: nearly all its words, and few others."""
    return np.asarray((columns["title_in"] >= 0.8) & (columns["in_title"] >= 0.7), bool)


def hints(
    page: Page, layout: ProseMap, columns: Columns | None, evidence: Sequence[Sequence[Evidence]]
) -> list[list[Evidence]]:
    """What a block is by its place and links, where no rule knows it: evidence for naming it, not for dropping it.

    ``columns`` are those of a page; a text has none.
    """
    hints: list[list[Evidence]] = [[] for _ in page.blocks]
    title = normalize_line(page.metadata.title)
    is_title = own_title(columns) if columns else np.zeros(len(page.blocks), bool)
    is_author = columns["in_author"] >= 0.6 if columns else is_title
    behind = next_story.behind(page, columns) if columns else is_title
    for at, block in enumerate(page.blocks):
        add = hints[at].append
        if behind[at]:
            add(Evidence("related.next_story", Label.RELATED, 6.0, "in another article"))
        linked = block.linked / max(len(block.plain), 1)
        if is_title[at]:
            add(Evidence("title.match", Label.TITLE, 5.0, page.metadata.title[:60]))
        if is_author[at] and layout.words[at] <= 8:
            add(Evidence("byline.match", Label.BYLINE, 3.0, page.metadata.author[:60]))
        if block.level and layout.words[at] >= 3 and normalize_line(block.plain) in title:
            add(Evidence("title.repeated", Label.TITLE, 5.0, page.metadata.title[:60]))
        if block.tag == "h1":
            add(Evidence("title.h1", Label.TITLE, 2.5))
        if linked > 0.7:
            label = Label.NAVIGATION if layout.words[at] <= 4 else Label.RELATED
            add(Evidence("links", label, 1.0, f"{min(linked, 1):.0%} linked"))
        if any(e.name == "navigation.area" for e in evidence[at]):
            if block.plain.startswith("©"):
                add(Evidence("notice.footer", Label.NOTICE, 5.0, "©"))
            elif layout.words[at] >= 4 and CLOSED.search(block.plain[-12:]):
                add(Evidence("notice.footer", Label.NOTICE, 1.5, "a sentence"))  # a menu has none
    return hints


def _name_asides(labels: list[Label], evidence: Sequence[Sequence[Evidence]]) -> None:
    """A text keeps notes and fact boxes too: what a rule is sure about has its name though it stays."""
    for at, about in enumerate(evidence):
        if labels[at] is Label.BODY and any(e.label in ASIDES and e.weight >= ASIDE for e in about):
            name = _residue(about)
            labels[at] = name if name in ASIDES else Label.BODY


def _names(page: Page, layout: ProseMap, labels: list[Label], evidence: Sequence[list[Evidence]]) -> None:
    """Above the prose of a text a bare name beside a date is the author's."""
    spine = next((at for at, label in enumerate(labels) if label is Label.BODY and layout.prose[at]), 0)
    for at in range(1, spine):
        around = labels[at - 1 : at] + labels[at + 1 : at + 2]
        unknown = labels[at] in (Label.BODY, Label.OTHER)
        if unknown and Label.BYLINE in around and _NAME.fullmatch(page.blocks[at].plain.strip()):
            labels[at] = Label.BYLINE
            evidence[at].append(Evidence("byline.beside", Label.BYLINE, 3.0, "a name beside a date"))


def _headline(page: Page, layout: ProseMap, labels: list[Label], evidence: Sequence[list[Evidence]]) -> None:
    """A text begins with its headline and standfirst: short blocks before its prose that no rule knows as
    something else.
    """
    spine = next((at for at, label in enumerate(labels) if label is Label.BODY and layout.prose[at]), len(labels))
    place = "first line"
    if spine > 2 and labels[:2] == [Label.BODY, Label.BODY] and _is_section(page, layout):
        labels[0] = Label.NAVIGATION
        evidence[0].append(Evidence("navigation.section", Label.NAVIGATION, 2.0, "one word above the headline"))
    for at in range(min(spine, 3)):
        text = page.blocks[at].plain.rstrip()
        if place != "first line" and text.endswith(","):
            return  # a letter's salutation, a poem's line
        if labels[at] is Label.BODY and layout.words[at] <= 40 and not _known(evidence[at]):
            labels[at] = Label.TITLE
            evidence[at].append(Evidence("title.first", Label.TITLE, 3.0, place))
            place = "below the headline"
        elif place != "first line":
            return


def _is_section(page: Page, layout: ProseMap) -> bool:
    """Whether a text's first line is one word above a headline: the section's name."""
    first, second = page.blocks[:2]
    unclosed = not any(CLOSED.search(block.plain[-12:]) for block in (first, second))
    return layout.words[0] == 1 and layout.words[1] >= 5 and not first.level and unclosed


def _known(evidence: Sequence[Evidence]) -> bool:
    return any(e.label not in (Label.BODY, Label.TITLE) and e.weight >= 2 for e in evidence)


def _name_sections(page: Page, layout: ProseMap, labels: list[Label]) -> None:
    """A few words right above the headline are the name of the section that it stands in."""
    for at in range(len(labels) - 1):
        if page.blocks[at + 1].tag == "h1" and labels[at] is Label.OTHER and layout.words[at] <= 4:
            labels[at] = Label.NAVIGATION


def _name_others(page: Page, labels: list[Label], evidence: Sequence[Sequence[Evidence]]) -> None:
    """A line that only its place speaks against belongs to the residue that it heads, or else goes on from, or else
    comes before.
    """
    named = {Label.OTHER, Label.BODY, Label.TITLE, Label.SIDEBAR}
    names = [{e.name for e in about} for about in evidence]
    if page.kind == "html":
        heading = [block.level > 0 for block in page.blocks]
        going_on = [not level for level in heading]
    else:
        heading = ["other.heading" in about for about in names]
        going_on = [TAIL_RUN in about for about in names]
    everywhere = [True] * len(labels)
    # A heading that is only known to stand under something begins something else when that has a name.
    loose = [
        at
        for at, about in enumerate(evidence)
        if page.blocks[at].level and labels[at] not in named and not _stands(about)
    ]
    for at in loose:
        if at + 1 < len(labels) and labels[at + 1] not in named | {Label.BYLINE, Label.CAPTION}:
            labels[at] = labels[at + 1]
    for step, these in ((-1, heading), (1, going_on), (-1, everywhere), (1, everywhere)):
        order = range(len(labels)) if step > 0 else range(len(labels) - 1, -1, -1)
        for at in order:
            neighbour = at - step
            if (
                these[at]
                and labels[at] is Label.OTHER
                and 0 <= neighbour < len(labels)
                and labels[neighbour] not in named
            ):
                labels[at] = labels[neighbour]


def _stands(evidence: Sequence[Evidence]) -> bool:
    """Whether anything but what stands above it names a block."""
    return any(e.label not in (Label.BODY, Label.OTHER) and not e.quote.startswith(UNDER) for e in evidence)


def _name_bylines(labels: list[Label], evidence: Sequence[Sequence[Evidence]]) -> None:
    """The names and dates of comments and of other articles belong to them."""
    for at, about in enumerate(evidence):
        if labels[at] is Label.BYLINE:
            known = {e.label for e in about} & WITH_BYLINES
            around = set(labels[max(at - 1, 0) : at] + labels[at + 1 : at + 2]) & WITH_BYLINES
            if known & around:
                labels[at] = min(known & around)
