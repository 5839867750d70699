"""Blocks become numbers: one row a block, one named column a feature.

All columns of a group are computed for all blocks of a page at once. :mod:`cleaner.features.columns` says of each
column what it is, in which unit, and why it is there. The weights file names the columns that its trees use, so a
column can be added without touching it.

There are two stages, as there are in the model. The **first** sees every block, and needs no rule: the block's form,
its place, the elements around it, and learned scores of their classes and of its words. The **second** sees only those
blocks that the first leaves in doubt: with what rules say of them, and what the first thought of the blocks around.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from cleaner.document import Evidence
from cleaner.features import containers, form, position, profile, second_stage
from cleaner.features.ancestors import AncestorTable
from cleaner.features.blockwords import BlockWords
from cleaner.features.classnames import ClassNames
from cleaner.features.hashing import Lexicon
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Floats, Ints


class Scorer(Protocol):
    """Learned log-odds of body, of words and of the classes and ids of elements; and the probability of each of
    ``profile.PAGE_TYPES`` for a page's profile.
    """

    @property
    def word_weights(self) -> Lexicon: ...

    @property
    def node_weights(self) -> Lexicon: ...

    def page_types(self, profile: Floats) -> Floats: ...


class PageFeatures:
    """The columns of one page. ``first`` has those of the first stage: float32 arrays, one entry a block."""

    def __init__(self, page: Page, prose_map: ProseMap, scorer: Scorer) -> None:
        self.page = page
        self.layout = prose_map
        stats = prose_map.stats
        tokens = BlockWords(page)
        words = tokens.score(scorer.word_weights)
        self.grid = AncestorTable(page)
        self.groups = containers.groups(page, self.grid)
        columns = form.shape(page, stats, prose_map)
        columns |= position.columns(prose_map)
        columns |= form.about_the_page(page, prose_map)
        columns |= form.own_words(page, tokens, prose_map)
        columns |= position.windows("text_score", words, prose_map)
        columns |= position.relative("text_score_window2", columns["text_score_window2"], prose_map)
        columns |= containers.areas(page, self.grid)
        columns |= containers.containers(page, self.grid, prose_map)
        columns |= containers.styles(self.groups, words, prose_map)
        names = ClassNames(page.elements.styles)
        columns |= containers.scores(names.score(scorer.node_weights), self.grid, prose_map)
        columns |= position.relative("node_score_sum", columns["node_score_sum"], prose_map)
        columns |= containers.text_scores(words, self.grid, prose_map)
        headed = {"text_score": words, "node_score": columns["node_score_sum"], "level": columns["heading"]}
        columns |= position.of_heading(headed, columns["heading"])
        columns |= containers.standfirst(names.standfirst(), self.grid)
        self.profile = profile.profile(columns)
        self.first: Columns = columns
        self.typed(scorer.page_types(self.profile))

    def typed(self, types: Floats) -> None:
        """Sets the probabilities of the page's types, one for each of ``profile.PAGE_TYPES``."""
        self.types = types
        self.first |= profile.columns(self.profile, types, len(self.page.blocks))

    def second(self, log_odds: Array, doubtful: Ints, evidence: Sequence[Sequence[Evidence]]) -> Columns:
        """The columns of the second stage: the first stage's, what it thought of all blocks (``log_odds``, log-odds of
        body), and the evidence about the blocks that are ``doubtful``, one list each.
        """
        columns: Columns = {}
        for name, values in second_stage.rules(evidence).items():
            columns[name] = np.zeros(len(log_odds), np.float32)
            columns[name][doubtful] = values
        columns |= second_stage.rules_around(columns["rule_residue"], self.layout)
        columns |= second_stage.first_scores(log_odds, self.grid, self.layout, self.groups)
        return self.first | columns


def matrix(columns: Columns, names: Sequence[str], rows: Ints | None = None) -> Array:
    """The columns of these names side by side, all rows or some: (rows, names)."""
    whole = np.array([columns[name] for name in names], np.float32)
    return (whole if rows is None else whole[:, rows]).T.copy()


__all__: Final = ["PageFeatures", "Scorer", "matrix"]
