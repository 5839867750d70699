"""Columns for text: what a line looks like, where it stands, what stands around it, and what rules say.

A text has no elements, so its lines tell more by their neighbours: residue comes in runs of short, unclosed lines.
Words of the text are no columns beyond what rules know of them: learned log-odds of words and pairs gave nothing on
unseen sites (recall .375 with them, .379 without, at the same harm), and rules speak 24 languages.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaner.document import Evidence, Label
from cleaner.features import form, position, second_stage
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns

#: Words beyond which a neighbour's length is alike.
LONG: Final = 60
#: What a neighbour beyond the first or last line has.
NOTHING: Final = -1.0
#: How far neighbours are looked at, by what they are asked.
NEAR: Final = {"words": 2, "ended": 2, "item": 1, "upper_share": 1, "heading": 1, "starts": 1}
#: Weight of evidence from which a rule alone would remove a line.
SURE: Final = 4.0


def columns(page: Page, prose_map: ProseMap, evidence: Sequence[Sequence[Evidence]]) -> Columns:
    """The columns of a text: float32 arrays, one entry a block. ``evidence`` is what rules say about each."""
    stats = prose_map.stats
    n = len(page.blocks)
    found = form.shape(page, stats, prose_map)
    found |= position.columns(prose_map)
    found |= form.repetition(page)
    found |= position.distances("closed", stats.ended, prose_map)
    for name, reach in NEAR.items():
        found |= _neighbours(name, np.minimum(found[name], LONG), reach)
    rules = second_stage.rules(evidence)
    found |= rules
    found |= second_stage.rules_around(rules["rule_residue"], prose_map)
    found["rule_number"] = np.array([sum(e.label is not Label.BODY for e in about) for about in evidence], np.float32)
    words = stats.words
    total = max(float(words.sum()), 1.0)
    about_all = {
        "page_blocks": n,
        "page_words": total,
        "page_prose_share": float(words[prose_map.in_prose].sum()) / total,
        "page_prose_blocks": float(prose_map.in_prose.sum()),
        "page_headings": float((prose_map.level > 0).sum()),
        "page_link_share": float(prose_map.linked.sum() / stats.chars.sum()),
        "page_open": float((~stats.ended).mean()),
        "page_items": float(found["item"].mean()),
        "page_short": float(found["short"].mean()),
        "page_quotes": float(found["quotes"].mean()),
        "page_median_words": float(np.median(words)),
        "page_rules": float((rules["rule_residue"] >= SURE).mean()),
    }
    found |= {name: np.full(n, value, np.float32) for name, value in about_all.items()}
    return found


def _neighbours(name: str, values: Array, reach: int) -> Columns:
    """What the blocks up to ``reach`` before and behind have for a column."""
    n = len(values)
    edge = np.full(reach, NOTHING, np.float32)
    padded = np.concatenate([edge, values, edge])
    return {f"{name}_{k:+d}": padded[reach + k : n + reach + k] for k in range(-reach, reach + 1) if k}
