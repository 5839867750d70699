"""What the steps of the decision read about a page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from cleaner.decision.chosen import chosen_by_scores
from cleaner.decision.decision import Decisive
from cleaner.decision.links import host_of
from cleaner.decision.next_story import next_story_mask
from cleaner.decision.standfirst import (
    HEADING_BAR,
    PLACE_BAR,
    SENTENCE_BAR,
    STANDFIRST_BAR,
    find_opening,
    headings_of_opening,
    headline_mask,
    is_sentence,
    marked_as_standfirst,
    may_be_standfirst,
)
from cleaner.segment.page import Page, Style
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Columns, Flags, Floats, indices

#: Probability of being an article from which a page is judged as one. On listings, shops and service pages the rules
#: for articles cost .01 to .06 of word F1: there short blocks, and headings without text below, are the content.
ARTICLE: Final = 0.3
#: Probability of being an article from which lines that are links go: on a listing they are the content. By reading .5
#: is as good as .3, and on the listings of the web at large .5 loses less.
SURE_ARTICLE: Final = 0.5
#: A line of which this share is linked is a link.
LINKED_SHARE: Final = 0.9
#: Blocks of a small element, at most.
SMALL: Final = 10


@dataclass(frozen=True, eq=False)
class PageView:
    """A page with its scores, and what follows from them: computed once, when a step first asks, and never changed.

    ``columns`` are those of the first stage. ``scores`` (n_blocks,) float64 are probabilities of body, moved by the
    caller's threshold. ``decisive`` are the blocks about which a user's rules decide. ``address`` is the page's, by the
    caller or by what it says of itself.
    """

    page: Page
    prose_map: ProseMap
    columns: Columns
    scores: Floats
    decisive: Decisive = field(default_factory=dict)
    address: str = ""
    _inside: dict[int, range] = field(default_factory=dict, repr=False)  # by element: see small_elements

    @cached_property
    def word_counts(self) -> Floats:
        """The words of each block: (n_blocks,) float64."""
        return self.prose_map.stats.words.astype(np.float64)

    @cached_property
    def host(self) -> str:
        """The host of the site, by the page's address or by what it says of itself; "" where it is not known."""
        return host_of(self.address or self.page.metadata.url)

    @cached_property
    def is_article(self) -> bool:
        """Whether the page is judged as an article."""
        return bool(self.columns["type_article"][0] >= ARTICLE)

    @cached_property
    def is_sure_article(self) -> bool:
        """Whether the page is an article in which lines that are links are residue."""
        return bool(self.columns["type_article"][0] >= SURE_ARTICLE)

    @cached_property
    def has_cells(self) -> bool:
        """Whether the page has a table of data: most pages of news have none."""
        return any(block.cell for block in self.page.blocks)

    @cached_property
    def is_linked_line(self) -> Flags:
        """The blocks that are links as a whole: (n_blocks,) bool."""
        return np.asarray(self.columns["link_share"] >= LINKED_SHARE, bool)

    @cached_property
    def chosen(self) -> Flags:
        """The blocks that scores and length choose, with which the steps begin: (n_blocks,) bool."""
        return chosen_by_scores(self.page, self.columns, self.scores, self.word_counts, is_article=self.is_article)

    @cached_property
    def headlines(self) -> list[int]:
        """The headings that may be the page's headline."""
        return indices(headline_mask(self.columns))

    @cached_property
    def standfirst(self) -> list[int]:
        """The blocks that are marked as the standfirst, or have its form and place, in order."""
        columns, opening = self.columns, self.opening(self.chosen)
        bars = dict.fromkeys(marked_as_standfirst(columns, opening), STANDFIRST_BAR)
        if opening and self.is_sure_article:
            bars = dict.fromkeys(headings_of_opening(columns, opening), HEADING_BAR) | bars
            # The headline of a story is no link on its own page. The name of a blog is one, with its motto below.
            top = opening.start
            if top in bars and not self.page.blocks[top - 1].linked:
                bars[top] = PLACE_BAR
        return [at for at, bar in sorted(bars.items()) if self.scores[at] >= bar and may_be_standfirst(columns, at)]

    @cached_property
    def first_sentence(self) -> list[int]:
        """The line right below the headline where it is a sentence; none or one."""
        opening = self.opening(self.chosen) or ()
        return [at for at in opening[:1] if self.scores[at] >= SENTENCE_BAR and is_sentence(self.columns, at)]

    @cached_property
    def summary(self) -> frozenset[int]:
        """The standfirst and the first sentence."""
        return frozenset((*self.standfirst, *self.first_sentence))

    @cached_property
    def next_story(self) -> Flags:
        """The blocks of the stories that an endless page has loaded behind its own: (n_blocks,) bool."""
        return next_story_mask(self.page, self.columns)

    def look(self, element: int) -> Style:
        """The tag and the tokens of an element without ids, which tell elements of one kind apart."""
        elements = self.page.elements
        return elements.styles[elements.style[element]].look

    def small_elements(self, at: int) -> Iterator[range]:
        """The blocks of each element around a block, from the innermost outwards, up to ``SMALL`` blocks."""
        for element in self.page.elements.outwards(self.page.blocks[at].node):
            inside = self._inside.get(element)
            if inside is None:  # of a large element, as many as say that it is one
                inside = self._inside[element] = self.page.blocks_inside(element, at, SMALL)
            if len(inside) > SMALL:
                return
            yield inside

    def prose(self, body: Flags) -> list[int]:
        """The blocks of a body that are prose, in order."""
        return indices(self.prose_map.in_prose & body)

    def opening(self, body: Flags) -> range | None:
        """The blocks between the headline and the first prose of a body, that included; None where there is none."""
        return find_opening(self.headlines, self.prose(body))

    def outside(self, body: Flags, bar: float) -> list[int]:
        """The blocks that are not in a body although their scores reach a bar, in order: those that a step may add."""
        return indices(~body & (self.scores >= bar))
