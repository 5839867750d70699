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

from cleaner.arrays import Array, Columns, Floats, Ints
from cleaner.document import Evidence
from cleaner.features import doubt, elements, place, profile, text
from cleaner.features.grid import Grid
from cleaner.features.hashes import Lexicon
from cleaner.features.names import Names
from cleaner.features.tokens import Tokens
from cleaner.layout import Layout
from cleaner.segment import Page


class Scorer(Protocol):
    """Learned log-odds of body, of words and of the classes and ids of elements; and the probability of each of
    ``profile.PAGE_TYPES`` for a page's profile.
    """

    @property
    def word_weights(self) -> Lexicon: ...

    @property
    def node_weights(self) -> Lexicon: ...

    def page_types(self, profile: Floats) -> Floats: ...


class Sheet:
    """The columns of one page. ``first`` has those of the first stage: float32 arrays, one entry a block."""

    def __init__(self, page: Page, layout: Layout, scorer: Scorer) -> None:
        self.page = page
        self.layout = layout
        surface = layout.surface
        tokens = Tokens(page)
        words = tokens.score(scorer.word_weights)
        self.grid = Grid(page)
        self.groups = elements.groups(page, self.grid)
        columns = text.shape(page, surface, layout)
        columns |= place.columns(layout)
        columns |= text.about_the_page(page, layout)
        columns |= text.own_words(page, tokens, layout)
        columns |= place.windows("text_score", words, layout)
        columns |= place.relative("text_score_window2", columns["text_score_window2"], layout)
        columns |= elements.areas(page, self.grid)
        columns |= elements.containers(page, self.grid, layout)
        columns |= elements.styles(self.groups, words, layout)
        names = Names(page.elements.styles)
        columns |= elements.scores(names.score(scorer.node_weights), self.grid, layout)
        columns |= place.relative("node_score_sum", columns["node_score_sum"], layout)
        columns |= elements.text_scores(words, self.grid, layout)
        headed = {"text_score": words, "node_score": columns["node_score_sum"], "level": columns["heading"]}
        columns |= place.of_heading(headed, columns["heading"])
        columns |= elements.standfirst(names.standfirst(), self.grid)
        self.profile = profile.profile(columns)
        self.first: Columns = columns
        self.typed(scorer.page_types(self.profile))

    def typed(self, types: Floats) -> None:
        """Sets the probabilities of the page's types, one for each of ``profile.PAGE_TYPES``."""
        self.types = types
        self.first |= profile.columns(self.profile, types, len(self.page.blocks))

    def second(self, margins: Array, doubtful: Ints, evidence: Sequence[Sequence[Evidence]]) -> Columns:
        """The columns of the second stage: the first stage's, what it thought of all blocks (``margins``, log-odds of
        body), and the evidence about the blocks that are ``doubtful``, one list each.
        """
        columns: Columns = {}
        for name, values in doubt.rules(evidence).items():
            columns[name] = np.zeros(len(margins), np.float32)
            columns[name][doubtful] = values
        columns |= doubt.rules_around(columns["rule_residue"], self.layout)
        columns |= doubt.first_scores(margins, self.grid, self.layout, self.groups)
        return self.first | columns


def matrix(columns: Columns, names: Sequence[str], rows: Ints | None = None) -> Array:
    """The columns of these names side by side, all rows or some: (rows, names)."""
    whole = np.array([columns[name] for name in names], np.float32)
    return (whole if rows is None else whole[:, rows]).T.copy()


__all__: Final = ["Scorer", "Sheet", "matrix"]
