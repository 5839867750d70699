"""How often the library's rules are right about blocks that the model would keep: which of them decide against it.

A rule is one piece of evidence among many, and the trees learned what to make of it. Where the trees keep a block that
a rule calls residue, most rules are wrong, and some are nearly always right. ``cleaner-learn fit`` counts both, on
blocks that models which had not seen the site would keep, by concept and by how the rule matched.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt
from typing import Final, NamedTuple, Self

from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import MAX_QUOTE
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.structure import ITEMS_AND_CELLS

#: Words of a line that a rule may know from end to end, at most.
LINE_WORDS: Final = 14
#: Prose is near a block where it is one of so many blocks above or below it.
NEAR: Final = 2
#: Words of a sentence that is near a block of an article. In Polish, Russian and Chinese paragraphs are often shorter
#: than prose has to be.
SENTENCE_WORDS: Final = 8
#: Share of a block's characters that a match covers, so that it counts for the whole block.
WHOLE_SHARE: Final = 0.6
#: A rule decides where the lower bound of its precision is at least this.
DECIDING: Final = 0.65
#: All concepts together count like so many sites of each concept.
PRIOR_SITES: Final = 4.0
#: The lower bound stands so many standard deviations below the mean: five sixths of the probability are above it.
DEVIATIONS: Final = 1.0


class Form(StrEnum):
    """How a rule matched a block."""

    WORD = "word"  # own words, a block of one word
    LINE = "line"  # own words, a short block from end to end
    WHOLE = "whole"  # own words, a longer block from end to end
    PART = "part"  # own words, a part of the block


class Count(NamedTuple):
    """Sites on which a rule calls blocks residue that the model would keep: by the share of these blocks that are
    residue (``right``), and that are body (``wrong``).
    """

    right: float = 0.0
    wrong: float = 0.0


class Key(NamedTuple):
    """What is counted apart; ``concept`` is "" for all concepts together."""

    form: Form
    concept: str = ""


@dataclass(frozen=True, slots=True)
class RulePrecision:
    """The counts, and what follows from them."""

    counts: Mapping[Key, Count] = field(default_factory=dict)

    def lower_bound(self, form: Form, concept: str) -> float:
        """The precision that a rule has at least, from 0 to 1.

        The counts of a concept are few. They are taken together with the mean of all concepts, which counts like
        ``PRIOR_SITES`` sites: an empirical Bayes estimate with a beta distribution, whose lower quantile is
        approximated by a normal one.
        """
        pool, own = self.counts.get(Key(form), Count(1.0, 1.0)), self.counts.get(Key(form, concept), Count())
        mean = (pool.right + 1) / (pool.right + pool.wrong + 2)
        right, wrong = own.right + PRIOR_SITES * mean, own.wrong + PRIOR_SITES * (1 - mean)
        mean = right / (right + wrong)
        return mean - DEVIATIONS * sqrt(mean * (1 - mean) / (right + wrong + 1))

    def decides(self, evidence: Evidence, page: Page, prose_map: ProseMap, at: int) -> bool:
        """Whether a rule goes before the model's word about a block."""
        form = form_of(evidence, page, prose_map, at)
        return form is not None and self.lower_bound(form, evidence.name) >= DECIDING

    def dump(self) -> str:
        """The counts as JSON."""
        rows = [[*key, *(round(number, 1) for number in count)] for key, count in sorted(self.counts.items())]
        return json.dumps(rows, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The counts in JSON."""
        return cls({Key(Form(form), name): Count(right, wrong) for form, name, right, wrong in json.loads(text)})


def may_decide(page: Page, prose_map: ProseMap, at: int, *, in_article: bool = True) -> bool:
    """Whether a rule can go before the model's word about a block at all: it has prose near it, in an article at least
    a sentence, and is no item of a list or a table. In lists, tables, forms and addresses a date, a name or "Share" is
    content.
    """
    if page.blocks[at].tag in ITEMS_AND_CELLS:
        return False
    start, stop = max(at - NEAR, 0), at + NEAR + 1
    if any(prose_map.prose[start:stop]):
        return True
    nearby = (other for other in range(start, min(stop, len(page.blocks))) if other != at)
    ended, words = prose_map.stats.ended, prose_map.words
    return in_article and any(words[other] >= SENTENCE_WORDS and ended[other] for other in nearby)


def form_of(evidence: Evidence, page: Page, prose_map: ProseMap, at: int) -> Form | None:
    """How evidence for residue matched a block; None for any other evidence, and for a block about which rules cannot
    decide (:func:`may_decide`).
    """
    if evidence.label is Label.BODY or evidence.origin is not Origin.WORDS or not may_decide(page, prose_map, at):
        return None
    block, words = page.blocks[at], prose_map.words[at]
    if len(evidence.quote) < WHOLE_SHARE * min(len(block.plain), MAX_QUOTE):
        return Form.PART
    return Form.WORD if words <= 1 else Form.LINE if words <= LINE_WORDS else Form.WHOLE
