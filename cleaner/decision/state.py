"""What the pipeline passes from step to step: a source that is prepared, and one that is decided."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Optional

from cleaner.decision.decision import Decision
from cleaner.model.scoring import Scores
from cleaner.reading.request import Request
from cleaner.reading.source import Source
from cleaner.rules.glued_pleas import Pleas
from cleaner.rules.matcher import Matcher
from cleaner.segment.page import Page
from cleaner.segment.page_data import Candidate
from cleaner.segment.prose import ProseMap

if TYPE_CHECKING:  # the witness imports nothing from here, but stands behind the decision
    from cleaner.witness import Verdict


#: That of a source that nobody has passed: training reads its pages from corpora.
NO_REQUEST: Final = Request("")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source that has been read and cut into blocks, with the rules that hold for it.

    ``matcher`` has the page, its prose, and finds the matches of the rules; ``own_rules`` names those of the user's
    packs. Links are relative to ``base_url``. ``request`` is what the caller asked for, with the address that the page
    gives itself where the caller gave none; training asks for nothing.
    """

    source: Source
    lang: str
    matcher: Matcher
    own_rules: frozenset[str] = frozenset()
    base_url: str = ""
    request: Request = NO_REQUEST

    @property
    def page(self) -> Page:
        """The blocks, with what the page says of itself."""
        return self.matcher.page

    @property
    def prose_map(self) -> ProseMap:
        """Which blocks are prose."""
        return self.matcher.prose_map


#: The flag of a source of which nothing is body.
EMPTY: Final = "empty"


@dataclass(frozen=True, slots=True)
class Decided:
    """A source with the decision which blocks are body: all that its text needs. Residue has no label yet.

    ``data`` is the text of the page's data, decided as a source of its own, where the page itself has no article;
    ``candidate`` says where it stands.
    """

    prepared: Prepared
    scores: Scores
    decision: Decision
    pleas: Pleas = field(default_factory=dict)
    verdict: "Verdict | None" = None
    flags: tuple[str, ...] = ()
    data: Optional["Decided"] = None
    candidate: Candidate | None = None

    def flagged_if_empty(self) -> "Decided":
        """The same with the flag ``empty`` where nothing of a source is body: a shell that a script fills, an error
        page, residue alone.
        """
        is_empty = not (self.data or self.decision.body.any()) and bool(self.prepared.source.text.strip())
        return replace(self, flags=(*self.flags, EMPTY)) if is_empty else self
