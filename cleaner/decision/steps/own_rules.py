"""The rules of a user's packs that decide by themselves."""

from cleaner.decision.decision import overruled
from cleaner.decision.page_view import PageView
from cleaner.text.arrays import Flags


def with_what_own_rules_decide(view: PageView, body: Flags) -> Flags:
    """The body, in which the blocks about which a user's rules decide are as these say."""
    return overruled(body, view.decisive)
