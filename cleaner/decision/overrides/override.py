"""What an override is, and what it reads."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.decision.decision import Decision
from cleaner.decision.page_view import PageView
from cleaner.decision.state import Prepared
from cleaner.document import Evidence
from cleaner.model.weights import load
from cleaner.rules.evidence import Match
from cleaner.text.arrays import indices


@dataclass(frozen=True, slots=True)
class Review:
    """A page whose body the steps have decided, before rules and neighbours go before the model."""

    prepared: Prepared
    view: PageView
    decision: Decision

    def kept(self) -> list[int]:
        """The blocks of body about which no rule of the user's decides."""
        return [at for at in indices(self.decision.body) if at not in self.decision.decisive]

    def matches(self, blocks: Sequence[int]) -> Sequence[Match]:
        """The matches of rules with the words of some blocks, and of the user's rules with the elements around them."""
        if not blocks:
            return ()
        matcher, own_rules = self.prepared.matcher, self.prepared.own_rules
        around = matcher.of_elements(blocks) if own_rules else ()
        return [*matcher.of_words(blocks), *(match for match in around if match.evidence.rule in own_rules)]

    def goes(self, at: int, evidence: Evidence) -> bool:
        """Whether a block goes by the model's word, or for a rule that may decide."""
        precision = load().rule_precision
        return not self.decision.body[at] or precision.decides(evidence, self.view.page, self.view.prose_map, at)


def asks_nothing(_: Review) -> AbstractSet[int]:
    """For an override that needs no rules that match words."""
    return frozenset()


class Override(NamedTuple):
    """What goes before the model.

    ``find``  takes the review, and the matches of rules with the blocks that were asked about; returns evidence by the
              number of the block. The block is body where the evidence is for body. What is found about a block about
              which a user's rules decide does not count
    ``asks``  the blocks about which rules are asked; for all overrides together, since a search has a cost of its own
    """

    find: Callable[[Review, Sequence[Match]], dict[int, Evidence]]
    asks: Callable[[Review], AbstractSet[int]] = asks_nothing

    @property
    def name(self) -> str:
        """What the override finds, in a few words."""
        return self.find.__name__.replace("_", " ")
