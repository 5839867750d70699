"""Which blocks of a text are body, or else not residue."""

import re
from bisect import bisect_right
from typing import Final

import numpy as np

from cleaner.decision.copies import SECOND_COPY, second_copies
from cleaner.decision.counted import COUNTED, counted_lines
from cleaner.decision.decision import (
    Decision,
    Decisive,
    expected_f1,
    in_force,
    overruled,
    with_blocks,
    with_certainty,
    without_blocks,
)
from cleaner.decision.state import Prepared
from cleaner.document import Evidence, Label, Origin
from cleaner.model.scoring import RECURRING
from cleaner.model.weights import prior
from cleaner.rules.parts import is_body_part
from cleaner.segment.page import Page, Part
from cleaner.segment.prose import PROSE_WORDS, ProseMap
from cleaner.segment.text import ONE_LINE_FLAG
from cleaner.text.arrays import Columns, Flags, Floats, indices
from cleaner.text.odds import probability
from cleaner.text.words import SENTENCE_BREAK

#: A block goes when its log-odds of body are below ``BAR - LENGTH * ln(words)``: a paragraph that is lost costs more
#: than a line that is left. Of the ways to spend body words this one found most residue. The bar stands where two to
#: three words of the body in 10,000 are lost on unseen sites.
BAR: Final = 0.6
LENGTH: Final = 0.5
#: A sentence of an article on one line goes only where the log-odds by rules alone are as low as this.
SENTENCE_BAR: Final = -2.0
#: Lines at the top that stay where only their form speaks against them: headline and standfirst.
SPARED_LINES: Final = 2
#: Why a line of signs goes.
SEPARATOR: Final = Evidence("other.separator", Label.OTHER, 4.0, "beside what goes", origin=Origin.NEIGHBOUR)
#: No more than this share of a text's words goes: an extractor's output is mostly body.
MAX_REMOVED_SHARE: Final = 0.6

#: How lines of code end.
_CODE_ENDS: Final = ("{", "}", ";")
_SEPARATOR: Final = re.compile(r"[-–—*_=~•·.#\s]+")
#: The signs with which a separator begins: hardly any line does, so the pattern is tried on few.
_SEPARATING: Final = frozenset("-–—*_=~•·.# ")


def decide_text(prepared: Prepared, columns: Columns, scores: Floats, decisive: Decisive) -> Decision:
    """Which blocks of a text stay.

    ``columns`` are those of a text; ``scores`` (n_blocks,) float64 are probabilities of body, moved by the caller's
    threshold.
    """
    page, prose_map = prepared.page, prepared.prose_map
    body = _chosen_by_scores(page, prose_map, columns, scores)
    counted = counted_lines(page.blocks, body)
    body = _with_parts(page, with_blocks(body, counted))
    body, flags = _guarded(page, prose_map, overruled(body, decisive))
    separators = _loose_separators(page, body)
    copies = second_copies(page, prose_map, body)
    body = overruled(without_blocks(body, [*separators, *copies]), decisive)
    reasons = (
        dict.fromkeys(counted, COUNTED) | dict.fromkeys(separators, SEPARATOR) | dict.fromkeys(copies, SECOND_COPY)
    )
    reasons = {at: found for at, found in in_force(reasons, body).items() if at not in decisive}
    confidence = expected_f1(with_certainty(scores, reasons), prose_map.stats.words.astype(np.float64), body)
    return Decision(body, confidence, flags, decisive, reasons=reasons)


def _chosen_by_scores(page: Page, prose_map: ProseMap, columns: Columns, scores: Floats) -> Flags:
    """The blocks that their scores keep, and those that only their form speaks against: (n_blocks,) bool."""
    body = scores >= probability(BAR - LENGTH * np.log(np.maximum(prose_map.stats.words, 1)))
    by_rules = prior(columns)
    if RECURRING in columns:
        by_rules = by_rules - columns[RECURRING]
    if ONE_LINE_FLAG in page.flags:
        body |= by_rules > SENTENCE_BAR
    return _with_form_alone(page, prose_map, body, by_rules > 0)


def _with_parts(page: Page, body: Flags) -> Flags:
    """The body in which the parts of a mail, of a text from a PDF and of a transcript go by their form alone, and the
    times of entries stay: what the model thinks of such lines it has learned from articles.
    """
    if not page.parts:
        return body
    decided = body.copy()
    for at, part in page.parts.items():
        decided[at] = is_body_part(part)
    decided[_subjects(page)] = True
    return decided


def _guarded(page: Page, prose_map: ProseMap, body: Flags) -> tuple[Flags, tuple[str, ...]]:
    """The body with all prose where too much would go, and the flag that says so. Parts of known form do not count."""
    is_part = np.zeros(len(page.blocks), bool)
    is_part[list(page.parts)] = True
    word_counts = prose_map.stats.words
    too_much = word_counts[~body & ~is_part].sum() > MAX_REMOVED_SHARE * word_counts[~is_part].sum()
    if too_much and (prose := _paragraphs(page, prose_map, body) & ~is_part).any():
        return body | prose, ("guard:too_much_removed",)
    return body, ()


def _paragraphs(page: Page, prose_map: ProseMap, body: Flags) -> Flags:
    """The prose of a text; where it has none and nothing is body, blocks of as many words that have several sentences:
    a paragraph with a credit behind it, a record that is no text.
    """
    if prose_map.in_prose.any() or body.any():
        return prose_map.in_prose
    return np.array(
        [
            words >= PROSE_WORDS and SENTENCE_BREAK.search(block.plain) is not None
            for block, words in zip(page.blocks, prose_map.words, strict=True)
        ],
        bool,
    )


def _with_form_alone(page: Page, prose_map: ProseMap, body: Flags, stays_by_rules: Flags) -> Flags:
    """The body with what only its form speaks against, where it may be content: the line above a list that stays, the
    first lines above the prose, rows of a table, and lines that end as code does.
    """
    blocks, stays = page.blocks, body.copy()
    for at in indices(~body & stays_by_rules):
        block, below = blocks[at], blocks[at + 1] if at + 1 < len(blocks) else None
        above_list = below is not None and below.tag == "li" != block.tag and body[at + 1]
        at_the_top = at < min(SPARED_LINES, prose_map.zones.first)
        stays[at] = above_list or at_the_top or block.tag == "td" or block.plain.endswith(_CODE_ENDS)
    return stays


def _subjects(page: Page) -> list[int]:
    """The lines between two lines of a mail's header that are no part of it: its subject, which is its headline."""
    headers = {at for at, part in page.parts.items() if part is Part.MAIL_HEADER}
    return [at + 1 for at in headers if at + 1 not in page.parts and at + 2 in headers]


def _loose_separators(page: Page, body: Flags) -> list[int]:
    """The separators (a line of dashes) beside which a block goes: they part what stands above them from what stands
    below.
    """
    separators = [at for at, block in enumerate(page.blocks) if _is_separator(block.plain)]
    others = sorted(set(range(len(body))).difference(separators)) if separators else []
    loose = []
    for at in separators:
        behind = bisect_right(others, at)
        beside = [*others[max(behind - 1, 0) : behind], *others[behind : behind + 1]]
        if body[at] and at not in page.parts and not (len(beside) == 2 and body[beside].all()):
            loose.append(at)
    return loose


def _is_separator(text: str) -> bool:
    """Whether a line is made of signs alone."""
    return text[:1] in _SEPARATING and _SEPARATOR.fullmatch(text) is not None
