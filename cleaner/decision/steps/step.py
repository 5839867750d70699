"""What a step of the decision is."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from cleaner.decision.page_view import PageView
from cleaner.document import Evidence
from cleaner.text.arrays import Flags


class Pages(StrEnum):
    """The pages that a step is for."""

    ALL = "all pages"
    ARTICLES = "articles"
    SURE_ARTICLES = "sure articles"

    def include(self, view: PageView) -> bool:
        """Whether the page is one of them."""
        if self is Pages.ALL:
            return True
        return view.is_article if self is Pages.ARTICLES else view.is_sure_article


class Step(NamedTuple):
    """A step of the decision.

    ``change``  takes the body as the step before leaves it, (n_blocks,) bool, and returns the body after this step: a
                new array, or the same one where nothing changes
    ``pages``   the pages that the step is for
    ``reason``  the evidence that each block gets that the step changes
    ``flag``    the flag of a page that the step changes
    ``worth``   readers went through 256 pages, of which 194 are perfect: so many fewer are without the step. None
                where that was not measured
    """

    change: Callable[[PageView, Flags], Flags]
    pages: Pages = Pages.ALL
    reason: Evidence | None = None
    flag: str = ""
    worth: int | None = None

    @property
    def name(self) -> str:
        """What the step does, in a few words."""
        return self.change.__name__.replace("_", " ")
