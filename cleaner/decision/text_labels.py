"""The labels of a text's lines: residue by its evidence and its neighbours, and what stands above the prose.

Of a text, headline, fact boxes and notes are kept, so these labels decide what stays. Each step takes labels and
returns new ones. Steps that find evidence of their own return that too.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import regex

from cleaner.decision.copies import SECOND_COPY
from cleaner.decision.decision import Decision
from cleaner.decision.labelled import MAX_TITLE_QUOTE, MENU_WORDS, Labelled
from cleaner.document import Evidence, Label, Origin
from cleaner.features.naming import LINKED_SHARE
from cleaner.rules.evidence import EvidenceByBlock
from cleaner.rules.packs import concepts_with_role
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.prose import ProseMap
from cleaner.text.words import ENDED, FULL_STOP, is_closed, normalize_line

#: The labels of what has headlines or posts of its own, whose bylines are not the article's.
WITH_BYLINES: Final = frozenset({Label.RELATED, Label.COMMENT})
#: What stands beside an article and stays in its text; and the weight from which evidence names it. A strong rule has
#: 4, of which the lines below inherit 3.2.
KEPT_NOTES: Final = frozenset({Label.NOTE, Label.SIDEBAR})
KEPT_NOTE_WEIGHT: Final = 3.0
#: Evidence of another label from this weight on keeps a line from being a headline.
OTHER_LABEL_WEIGHT: Final = 2.0
#: What is inherited says less about a line than its own words.
INHERITED_FACTOR: Final = 0.5

#: The concept of the names of sections.
SECTION: Final = "navigation.section"
#: The evidence of structure. What it quotes is added where it varies.
TITLE_REPEATED: Final = Evidence("title.repeated", Label.TITLE, 5.0, origin=Origin.FORM)
TITLE_MARKED: Final = Evidence("title.marked", Label.TITLE, 2.5, origin=Origin.FORM)
TITLE_FIRST: Final = Evidence("title.first", Label.TITLE, 3.0, "first line", origin=Origin.FORM)
TITLE_BELOW: Final = replace(TITLE_FIRST, quote="below the headline")
NAME_BESIDE_DATE: Final = Evidence("byline.beside", Label.BYLINE, 3.0, "a name beside a date", origin=Origin.NEIGHBOUR)
SECTION_NAME: Final = Evidence(SECTION, Label.NAVIGATION, 2.0, "one word above the headline", origin=Origin.FORM)
#: The name and weight (log-odds) of the evidence that a line is links.
LINKS: Final = "links"
LINKS_WEIGHT: Final = 1.0

#: Words of a line that repeats the headline, at least.
REPEATED_WORDS: Final = 3
#: Lines of a text that may be headline and standfirst, and the words of each at most.
HEADLINE_LINES: Final = 3
HEADLINE_WORDS: Final = 40
#: Words of a headline below the name of a section, at least.
HEADLINE_BELOW_SECTION: Final = 5

_NAME: Final = regex.compile(r"\p{Lu}[\p{Ll}\p{M}'’.-]+(?: \p{Lu}[\p{L}\p{M}'’.-]*){1,3}")

#: Labels that a line takes from no neighbour.
_NOT_HANDED_ON: Final = frozenset({Label.OTHER, Label.BODY, Label.TITLE, Label.SIDEBAR})


class _Naming:
    """Labels and evidence, to which a step adds."""

    def __init__(self, labels: Sequence[Label], evidence: EvidenceByBlock) -> None:
        self.labels = list(labels)
        self.evidence = list(evidence)

    def name(self, at: int, piece: Evidence) -> None:
        """A block gets the label of a piece of evidence, which is added to its own."""
        self.labels[at] = piece.label
        self.evidence[at] = [*self.evidence[at], piece]

    @property
    def labelled(self) -> Labelled:
        return Labelled(self.labels, self.evidence)


def label_lines(page: Page, prose_map: ProseMap, decision: Decision, by_block: EvidenceByBlock) -> Labelled:
    """A label for each line: ``body`` where that was decided, else the label that most evidence speaks for.

    What a user's rules decide has the label that these rules give.
    """
    evidence = _with_structure(page, prose_map, decision, by_block)
    first = [
        Label.BODY if is_body else strongest_label(pieces)
        for is_body, pieces in zip(decision.body, evidence, strict=True)
    ]
    labels = _with_kept_notes(first, evidence)
    labels, evidence = _with_names(page, prose_map, labels, evidence)
    labels, evidence = _with_headline(page, prose_map, labels, evidence)
    labels = _with_bylines_of_others(labels, evidence)
    labels = _with_labels_of_neighbours(labels, evidence)
    labels = _with_bylines_of_others(labels, evidence)
    final = [first[at] if at in decision.decisive else label for at, label in enumerate(labels)]
    return Labelled(final, evidence)


def strongest_label(evidence: Sequence[Evidence]) -> Label:
    """The label of the strongest evidence for residue; ``other`` where there is none.

    Of equal pieces, the label with most evidence, then the piece that quotes most.
    """
    residue = [e for e in evidence if e.label not in (Label.BODY, Label.OTHER)]
    if not residue:
        return Label.OTHER
    counts = Counter(e.label for e in residue)
    return max(residue, key=lambda e: (_weight_for_label(e), counts[e.label], len(e.quote), e.name)).label


def _weight_for_label(piece: Evidence) -> float:
    """How much a piece of evidence says about a line's label."""
    return piece.weight * (INHERITED_FACTOR if piece.origin is Origin.INHERITED else 1.0)


def _with_structure(page: Page, prose_map: ProseMap, decision: Decision, by_block: EvidenceByBlock) -> EvidenceByBlock:
    """The evidence with what form and links say of each line. It is not used for the decision."""
    evidence = list(by_block)
    for at, block in enumerate(page.blocks):
        if at in decision.reasons:
            evidence[at] = [*evidence[at], decision.reasons[at]]
        if block.tag == "h1":
            evidence[at] = [*evidence[at], TITLE_MARKED]
        linked = block.linked / max(len(block.plain), 1)
        if linked > LINKED_SHARE:
            label = Label.NAVIGATION if prose_map.words[at] <= MENU_WORDS else Label.RELATED
            piece = Evidence(LINKS, label, LINKS_WEIGHT, f"{min(linked, 1):.0%} linked", origin=Origin.FORM)
            evidence[at] = [*evidence[at], piece]
    return evidence


def _with_kept_notes(labels: Sequence[Label], evidence: EvidenceByBlock) -> list[Label]:
    """Notes and fact boxes have their name, though a text keeps them."""
    named = list(labels)
    for at, pieces in enumerate(evidence):
        is_note = any(e.label in KEPT_NOTES and e.weight >= KEPT_NOTE_WEIGHT for e in pieces)
        if is_note and labels[at] is Label.BODY and (label := strongest_label(pieces)) in KEPT_NOTES:
            named[at] = label
    return named


def _with_names(page: Page, prose_map: ProseMap, labels: Sequence[Label], evidence: EvidenceByBlock) -> Labelled:
    """Above the prose of a text a bare name beside a date is the author's."""
    named = _Naming(labels, evidence)
    for at in range(1, _first_prose(prose_map, labels, default=0)):
        beside = named.labels[at - 1 : at] + named.labels[at + 1 : at + 2]
        unnamed = named.labels[at] in (Label.BODY, Label.OTHER)
        if unnamed and Label.BYLINE in beside and _NAME.fullmatch(page.blocks[at].plain.strip()):
            named.name(at, NAME_BESIDE_DATE)
    return named.labelled


def _with_headline(page: Page, prose_map: ProseMap, labels: Sequence[Label], evidence: EvidenceByBlock) -> Labelled:
    """The headline and the standfirst of a text: short lines above its prose that no rule knows as something else.

    A sentence is body unless a byline follows it, since nothing else tells a short standfirst from the lead: who keeps
    ``body`` alone must not lose the article's first sentence. A headline may end with a question mark or an
    exclamation mark.
    """
    named = _Naming(labels, evidence)
    first_prose = _first_prose(prose_map, labels, default=len(labels))
    section = _section(page, prose_map, labels, evidence, first_prose)
    if section is not None:
        named.name(section, SECTION_NAME)
    headline_found = sentence_above = False
    top = next((at for at in range(len(page.blocks)) if at not in page.parts), 0)  # below the header of a mail
    for at in range(top, min(first_prose, top + HEADLINE_LINES)):
        block = page.blocks[at]
        is_body = named.labels[at] is Label.BODY
        above_byline = named.labels[at + 1 : at + 2] == [Label.BYLINE]
        is_sentence = not above_byline and _is_sentence(block, below_headline=headline_found)
        if headline_found and (block.plain.rstrip().endswith(",") or block.tag == "li" or (is_body and is_sentence)):
            break  # a letter's salutation, a poem's line, an item; or the lead
        if is_body and (is_sentence or (sentence_above and not block.level)):
            sentence_above = True  # below a sentence only a heading that is marked as one is the headline
        elif is_body and prose_map.words[at] <= HEADLINE_WORDS and not _has_other_label(evidence[at]):
            named.name(at, TITLE_BELOW if headline_found else TITLE_FIRST)
            headline_found = True
        elif headline_found:
            break
    return _with_headline_again(page, prose_map, named.labelled, first_prose)


def _is_sentence(block: RawBlock, *, below_headline: bool) -> bool:
    """Whether a line above the prose is a sentence and no headline. A headline may be a question, what stands below it
    is a sentence then.
    """
    return not block.level and (ENDED if below_headline else FULL_STOP).search(block.plain.rstrip()) is not None


def _with_headline_again(page: Page, prose_map: ProseMap, labelled: Labelled, first_prose: int) -> Labelled:
    """The headline of a text a second time: the text of a whole page begins with the page's title, which holds it."""
    title = next((at for at in range(first_prose) if labelled.labels[at] is Label.TITLE), first_prose)
    named = _Naming(labelled.labels, labelled.evidence)
    for at in range(title + 1, first_prose):
        line = normalize_line(page.blocks[at].plain)
        is_again = prose_map.words[at] >= REPEATED_WORDS and line in normalize_line(page.blocks[title].plain)
        if named.labels[at] is Label.BODY and is_again:
            named.name(at, replace(TITLE_REPEATED, quote=page.blocks[title].plain[:MAX_TITLE_QUOTE]))
    return named.labelled


def _first_prose(prose_map: ProseMap, labels: Sequence[Label], *, default: int) -> int:
    """The first prose block that is body."""
    return next((at for at, label in enumerate(labels) if label is Label.BODY and prose_map.prose[at]), default)


def _section(
    page: Page, prose_map: ProseMap, labels: Sequence[Label], evidence: EvidenceByBlock, first_prose: int
) -> int | None:
    """The line of a text that is the name of the section above the headline; None where there is none.

    It is the first line that stays, one word above several. Where the line below it ends as a sentence does, it may be
    a headline above a standfirst: then a rule has to know the word as the name of a section, and a byline follows.
    """
    kept = [at for at in range(first_prose) if labels[at] is Label.BODY and at not in page.parts][:2]
    if len(kept) < 2:
        return None
    at, below = kept
    first, second = page.blocks[at], page.blocks[below]
    is_word = prose_map.words[at] == 1 and not first.plain.isdigit()  # a number begins a list, or verses
    is_above_headline = prose_map.words[below] >= HEADLINE_BELOW_SECTION
    if not (is_word and is_above_headline) or first.level or is_closed(first.plain):
        return None
    if not is_closed(second.plain) and below + 1 < first_prose:
        return at
    is_known = any(e.name == SECTION for e in evidence[at])
    has_byline = Label.BYLINE in labels[below + 1 : below + 1 + HEADLINE_LINES]
    return at if is_known and has_byline else None


def _has_other_label(evidence: Sequence[Evidence]) -> bool:
    return any(e.label not in (Label.BODY, Label.TITLE) and e.weight >= OTHER_LABEL_WEIGHT for e in evidence)


def _with_labels_of_neighbours(labels: Sequence[Label], evidence: EvidenceByBlock) -> list[Label]:
    """Labels for lines that only their place speaks against: that of the residue which a heading heads, or which goes
    on, or which follows.
    """
    loose_headings = concepts_with_role("loose_heading")
    heads = [any(e.name in loose_headings for e in pieces) for pieces in evidence]
    named = _handed_on(labels, heads, from_below=True)
    unnamed = [SECOND_COPY not in pieces for pieces in evidence]
    named = _handed_on(named, unnamed, from_below=True)
    return _handed_on(named, unnamed, from_below=False)


def _handed_on(labels: Sequence[Label], takes: Sequence[bool], *, from_below: bool) -> list[Label]:
    """Labels in which each unnamed block that ``takes`` one has the label of the block below or above, and hands it on
    in turn.
    """
    named = list(labels)
    step = 1 if from_below else -1
    order = range(len(named) - 1, -1, -1) if from_below else range(len(named))
    for at in order:
        neighbour = at + step
        if takes[at] and named[at] is Label.OTHER and 0 <= neighbour < len(named):
            named[at] = named[neighbour] if named[neighbour] not in _NOT_HANDED_ON else Label.OTHER
    return named


def _with_bylines_of_others(labels: Sequence[Label], evidence: EvidenceByBlock) -> list[Label]:
    """The names and dates of comments and of other articles have the label of these."""
    named = list(labels)
    for at, pieces in enumerate(evidence):
        if named[at] is Label.BYLINE:
            beside = {*named[max(at - 1, 0) : at], *named[at + 1 : at + 2]}
            possible = {e.label for e in pieces} & WITH_BYLINES & beside
            if possible:
                named[at] = min(possible)
    return named
