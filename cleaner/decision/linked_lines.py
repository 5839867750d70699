"""Lines of an article that do nothing but lead elsewhere: teasers, links to other articles, lists of contents."""

from collections import defaultdict
from typing import Final

import numpy as np

from cleaner.decision.decision import because
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Page, RawBlock
from cleaner.text.arrays import Columns, Flags, Floats

#: A line of which this share is linked is a link, and goes below this score.
LINKED_SHARE: Final = 0.9
LINKED_BAR: Final = 0.85
#: Links of a list of contents, at least.
CONTENTS_ITEMS: Final = 3
#: Why such lines go.
ELSEWHERE: Final = Evidence("related.link", Label.RELATED, 4.0, "a link as a whole", origin=Origin.FORM)
CONTENTS: Final = Evidence("navigation.places", Label.NAVIGATION, 4.0, "places on this page", origin=Origin.FORM)
#: Tags of cells, whose links are data.
_CELLS: Final = frozenset({"td", "th", "dd"})


def without_linked_lines(
    page: Page, columns: Columns, body: Flags, scores: Floats, reasons: dict[int, Evidence]
) -> Flags:
    """The body of an article without lines that are links as a whole, and without lists of its own contents.

    A sentence that is a link as a whole stays where the model is sure, and so do the names of things that a list links
    to. Links to a place on the same page are no teasers: a heading may be one, and a list of them is the contents.
    """
    kept = body.copy()
    places: dict[int, list[int]] = defaultdict(list)
    for at in np.flatnonzero(body & (columns["link_share"] >= LINKED_SHARE)).tolist():
        block = page.blocks[at]
        targets = link_targets(block)
        if any(target.startswith("#") for target in targets):
            if not block.level and block.containers:
                places[block.containers[0]].append(at)
        elif targets and block.tag not in _CELLS:
            kept[at] = scores[at] >= LINKED_BAR
    because(ELSEWHERE, body, kept, reasons)
    without_contents = kept.copy()
    for items in places.values():
        if len(items) >= CONTENTS_ITEMS:
            without_contents[items] = False
    return because(CONTENTS, kept, without_contents, reasons)


def link_targets(block: RawBlock) -> list[str]:
    """The addresses that a block links to."""
    return [target for _, _, kind, target in block.markup if kind == "a" and target]
