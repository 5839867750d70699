"""What the removed blocks of a page are called.

A label that a block's own words decide stands, and so does the reason for which it was removed. All others are named by
a learned model (:mod:`cleaner.model.naming`), which sees all evidence, the names of the elements, and what stands
around.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import log
from typing import Final

import numpy as np

from cleaner.decision.chosen import is_own_title
from cleaner.decision.decision import Decision
from cleaner.decision.labelled import MAX_TITLE_QUOTE, MENU_WORDS, Labelled
from cleaner.decision.recurring import with_recurring
from cleaner.decision.state import Decided
from cleaner.decision.text_labels import label_lines
from cleaner.document import Evidence, Label, Origin
from cleaner.features.naming import LINKED_SHARE, NAMES, NUMBER_OF, naming_columns, removed_blocks
from cleaner.features.page_features import PageFeatures
from cleaner.model.naming import NamingWeights, load
from cleaner.rules.evidence import DECISIVE, EvidenceByBlock, for_shared
from cleaner.rules.match import collect_evidence
from cleaner.rules.packs import concepts_with_role, is_of_library
from cleaner.segment.page import Page
from cleaner.text.arrays import Columns, Flags, Floats, indices

#: The name of the evidence of the model.
NAMING: Final = "naming"
#: Evidence that decides as docs/labels.md does: a page's headline is ``title`` wherever it stands, all of another story
#: is ``related``, an entry of a menu is ``navigation`` wherever it leads, and a footer's line with © is ``notice``.
TITLE_MATCH: Final = Evidence("title.match", Label.TITLE, 5.0, origin=Origin.PAGE)
TITLE_H1: Final = Evidence("title.h1", Label.TITLE, 5.0, "on a page without a title", origin=Origin.FORM)
NEXT_STORY: Final = Evidence("related.next_story", Label.RELATED, 6.0, "in another article", origin=Origin.FORM)
MENU_ENTRY: Final = Evidence("navigation.entry", Label.NAVIGATION, 7.0, "a short link", origin=Origin.FORM)
COPYRIGHT_SIGN: Final = Evidence("notice.footer", Label.NOTICE, 5.0, "©", origin=Origin.WORDS)
#: Labels that an element in a menu or a footer does not tell: names of classes mean other things there.
NOT_IN_AREAS: Final = frozenset({Label.BYLINE, Label.CAPTION, Label.SHARE, Label.SIDEBAR})
#: Evidence decides from this weight (log-odds) on. A strong rule has 4, of which a heading hands on 3.2.
LEAST_WEIGHT: Final = 3.0
#: A text without letters and digits is ``other`` if it has at most so many characters: separators, or characters
#: without width.
WORDLESS_CHARACTERS: Final = 8


def label_blocks(decided: Decided) -> Labelled:
    """A label for each block of a decided source: ``body`` where that was decided, else a name.

    The lines of a text are labelled by :mod:`cleaner.decision.text_labels`.
    """
    prepared, scores, decision = decided.prepared, decided.scores, decided.decision
    evidence = scores.evidence or collect_evidence(prepared.matcher)
    by_block = with_recurring(evidence.by_block, scores.recurring)
    if scores.features is None:
        return label_lines(prepared.page, prepared.prose_map, decision, by_block)
    return name_removed(prepared.page, scores.features, decision, by_block, load())


def name_removed(
    page: Page, features: PageFeatures, decision: Decision, by_block: EvidenceByBlock, weights: NamingWeights
) -> Labelled:
    """A label for each block of a page, by these weights, and the evidence with what decided about the label."""
    evidence = with_reasons(page, features, decision, by_block)
    labels = [Label.BODY] * len(page.blocks)
    removed = removed_blocks(features, decision.body)
    if not len(removed.rows):
        return Labelled(labels, evidence)
    columns = naming_columns(features, removed, evidence, weights.lexicons)
    probabilities = weights.probabilities(columns, removed.region)
    likeliest = probabilities.argmax(axis=1).tolist()
    is_button = (features.first_stage["in_button"] > 0) & (features.first_stage["words"] <= MENU_WORDS)
    rows = removed.rows.tolist()
    deciding = for_shared([evidence[at] for at in rows], lambda pieces: deciding_labels(pieces, weights))
    for row, (at, decided) in enumerate(zip(rows, deciding, strict=True)):
        if len(decided) == 1:
            labels[at] = decided[0]
        elif not decided and is_wordless(page.blocks[at].plain):
            labels[at] = Label.OTHER
        elif not decided and is_button[at]:
            labels[at] = Label.NAVIGATION
        else:
            name = _likeliest_of(decided, probabilities[row]) if decided else likeliest[row]
            labels[at] = NAMES[name]
            evidence[at] = [*evidence[at], _of_model(NAMES[name], round(float(probabilities[row, name]), 2))]
    return Labelled(labels, evidence)


def with_reasons(
    page: Page, features: PageFeatures, decision: Decision, by_block: EvidenceByBlock
) -> list[Sequence[Evidence]]:
    """The evidence with the reasons of the decision, with what the page says of its title, and with what is known of
    blocks in menus and footers.
    """
    reasons = list(decision.reasons.items())
    if decision.next_story is not None:
        reasons += [(at, NEXT_STORY) for at in indices(decision.next_story)]
    title = page.metadata.title
    is_title = replace(TITLE_MATCH, quote=title[:MAX_TITLE_QUOTE])
    reasons += [(at, is_title) for at in indices(is_own_title(features.first_stage))]
    headline = next((at for at, block in enumerate(page.blocks) if block.tag == "h1"), None)
    if headline is not None and not title:
        reasons.append((headline, TITLE_H1))
    evidence = list(by_block)
    for at, reason in reasons:
        evidence[at] = [*evidence[at], reason]
    return _with_areas(page, features.first_stage, evidence)


def _with_areas(page: Page, columns: Columns, evidence: EvidenceByBlock) -> list[Sequence[Evidence]]:
    """The evidence with that of blocks in menus and footers: a short link is an entry, a line with © is a notice."""
    areas = concepts_with_role("area")
    in_area = np.array(for_shared(evidence, lambda pieces: any(e.name in areas for e in pieces)), bool)
    short_links = indices(in_area & is_short_link(columns))
    entries = dict(zip(short_links, for_shared([evidence[at] for at in short_links], _as_menu_entry), strict=True))
    known = list(evidence)
    for at in indices(in_area):
        if entry := entries.get(at):
            known[at] = entry
        elif page.blocks[at].plain.startswith("©"):
            known[at] = [*known[at], COPYRIGHT_SIGN]
    return known


def _as_menu_entry(pieces: Sequence[Evidence]) -> Sequence[Evidence]:
    """The evidence about a short link with ``MENU_ENTRY``; () where it has evidence besides that of its area and of its
    own words.
    """
    areas = concepts_with_role("area")
    if not all(e.name in areas or e.origin is Origin.WORDS for e in pieces):
        return ()
    return [*pieces, MENU_ENTRY]


def is_short_link(columns: Columns) -> Flags:
    """Which blocks are links of a few words: ``(n_blocks,) bool``."""
    return np.asarray((columns["link_share"] > LINKED_SHARE) & (columns["words"] <= MENU_WORDS), bool)


def deciding_labels(evidence: Sequence[Evidence], weights: NamingWeights) -> list[Label]:
    """The labels of the strongest evidence that decides about a name: what a rule says of a block's own words, what a
    user's rule says, and a reason of the decision. None where there is no such evidence.
    """
    areas = concepts_with_role("area")
    in_area = any(piece.name in areas for piece in evidence)
    strongest = LEAST_WEIGHT
    labels: list[Label] = []
    for piece in evidence:
        if piece.weight < strongest or not _decides(piece, weights, in_area=in_area):
            continue
        if piece.weight > strongest:
            strongest, labels = piece.weight, []
        if piece.label not in labels:
            labels.append(piece.label)
    return [Label.NAVIGATION] if in_area and Label.NAVIGATION in labels else labels  # "previous" and "next"


def _decides(piece: Evidence, weights: NamingWeights, *, in_area: bool) -> bool:
    if piece.label is Label.BODY:
        return False
    if piece.label is Label.OTHER:
        return piece.weight >= DECISIVE or piece.origin is Origin.PAGE
    if not piece.rule or not is_of_library(piece.rule):
        return True
    if piece.origin is Origin.WORDS:
        return piece.name not in weights.indecisive
    if in_area:  # a menu or a footer holds many kinds: inner elements and headings say which
        return piece.label not in NOT_IN_AREAS and piece.name not in concepts_with_role("area")
    return (piece.name, piece.origin) in weights.telling


def is_wordless(text: str) -> bool:
    """Whether a text has neither a letter nor a digit: it can be called nothing but ``other``."""
    return len(text) <= WORDLESS_CHARACTERS and not any(map(str.isalnum, text))


def _likeliest_of(labels: Sequence[Label], probabilities: Floats) -> int:
    return max((NUMBER_OF[label] for label in labels), key=lambda number: (probabilities[number], -number))


@lru_cache(maxsize=2_048)
def _of_model(label: Label, probability: float) -> Evidence:
    """The evidence of the model for a name: its log-odds, against those of a choice at random. ``probability`` has two
    decimals.
    """
    certain = min(max(probability, 0.005), 0.995)
    weight = log(certain / (1 - certain)) + log(len(NAMES) - 1)
    return Evidence(NAMING, label, round(weight, 1), f"{probability:.0%}", origin=Origin.MODEL)
