"""What labelling gives, for pages and for texts, and the limits that both have."""

from typing import Final, NamedTuple

from cleaner.document import Label
from cleaner.rules.evidence import EvidenceByBlock

#: Words of an entry of a menu and of a button, at most.
MENU_WORDS: Final = 4
#: Characters of a title that evidence quotes.
MAX_TITLE_QUOTE: Final = 60


class Labelled(NamedTuple):
    """A label for each block, and the evidence about it."""

    labels: list[Label]
    evidence: EvidenceByBlock
