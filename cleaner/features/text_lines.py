"""The columns of a text: the form of each line, its position, its neighbours, and the evidence of rules.

A text has no elements, so neighbours tell more about a line: residue comes in runs of short, unclosed lines. The words
of a line enter through rules alone. Learned log-odds of words and pairs of words gained nothing on unseen sites (recall
of residue .375 with them, .379 without, at the same number of body words lost), and rules cover 24 languages.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaner.document import Evidence, Label
from cleaner.features import form, position, second_stage
from cleaner.features.context import shifted
from cleaner.features.measures import Measures
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Columns, constant

#: The words of a neighbour are cut off here.
MAX_WORDS: Final = 60
#: The value of a neighbour beyond the first or last line.
NO_LINE: Final = -1.0
#: Columns that a line also has of its neighbours, and of how many on each side.
NEIGHBOURS: Final = {"words": 2, "ended": 2, "item": 1, "upper_share": 1, "heading": 1, "starts": 1}
#: Weight of evidence (log-odds) from which a rule alone would remove a line.
SURE_RULE: Final = 4.0


def columns(page: Page, prose_map: ProseMap, evidence: Sequence[Sequence[Evidence]]) -> Columns:
    """The columns of a text, each ``(n_blocks,) float32``. ``evidence`` has one entry per block."""
    measures, is_open = Measures.of(prose_map), ~prose_map.stats.ended
    lines = form.block_columns(page, prose_map, measures)
    lines |= position.columns(prose_map, measures)
    lines |= form.repetition(page)
    flags = {"prose": measures.is_prose, "heading": measures.is_heading, "closed": ~is_open}
    lines |= position.distances(flags, measures)
    for name, radius in NEIGHBOURS.items():
        lines |= shifted(name, np.minimum(lines[name], MAX_WORDS), radius, fill=NO_LINE)
    rules = second_stage.rule_columns(evidence)
    lines |= rules | second_stage.rule_context_columns(rules["rule_residue"], measures)
    numbers = [len([e for e in line if e.label is not Label.BODY]) for line in evidence]
    lines["rule_number"] = np.array(numbers, np.float32)
    n = len(page.blocks)
    ranked = np.sort(measures.words)
    of_text = form.page_counts(measures) | {
        "page_open": np.count_nonzero(is_open) / n,
        "page_items": np.count_nonzero(lines["item"]) / n,
        "page_short": np.count_nonzero(lines["short"]) / n,
        "page_quotes": np.count_nonzero(lines["quotes"]) / n,
        "page_median_words": float(ranked[(n - 1) // 2] + ranked[n // 2]) / 2,
        "page_rules": np.count_nonzero(rules["rule_residue"] >= SURE_RULE) / n,
    }
    return lines | constant(of_text, n)
