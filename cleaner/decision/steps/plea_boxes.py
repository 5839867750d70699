"""Boxes of pleas inside of an article, by their names: they ask to buy, join, give or subscribe, in sentences like the
article's.

What tells them apart is the class of the box, and that a button or a link stands in it. Boxes that are known by a plea
in them are in :mod:`cleaner.decision.overrides.plea_boxes`.
"""

import re
from typing import Final

from cleaner.decision.decision import with_blocks
from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Style
from cleaner.text.arrays import Flags, indices

#: A page is judged as an article with this probability at least. Elsewhere such boxes are what the page is about.
CLEAR_ARTICLE: Final = 0.7
#: Elements from a block upwards in which its box is looked for.
REACH: Final = 6
#: Words of body in a box, at most: so many, and this share of all.
MAX_WORDS: Final = 100
MAX_SHARE: Final = 0.2
#: The summary of the article stays from this score on: the top of a page may be called its banner.
SUMMARY_BAR: Final = 0.25
#: Why they go.
PLEA_BOX: Final = Evidence("advert.box", Label.ADVERT, 4.0, "in the box of a plea", origin=Origin.FORM)

#: "cta" is the call to action; generated names glue it to another word: "PostCta_title__a1b2c".
_NAME: Final = re.compile(
    r"(?<![a-z])(?:cta|banner|promo|signup|donate|donations?|newsletter|subscribe|subscription|sponsor(?:ed|ship)?)"
    r"(?![a-z])|cta(?=[_ ]|$)"
)


def without_plea_boxes(view: PageView, body: Flags) -> Flags:
    """The body of an article without the boxes whose name says that they ask something of the reader: (n_blocks,) bool.

    With scores of models that had not seen the sites, this takes 68 blocks of residue and 4 of body from 3,200 pages of
    the development corpora, by gold.
    """
    if view.columns["type_article"][0] < CLEAR_ARTICLE:
        return body
    boxes = dict(view.page.elements_around(indices(body), _asks, REACH))
    if not boxes:
        return body
    kept = body.copy()
    limit = min(MAX_WORDS, MAX_SHARE * float(view.word_counts[body].sum()))
    for element, at in boxes.items():
        inside = view.page.blocks_inside(element, at)
        blocks = slice(inside.start, inside.stop)
        stays = body[blocks]
        leads_on = not stays.all() or view.columns["link_share"][blocks].any()
        if leads_on and view.word_counts[blocks][stays].sum() <= limit:
            kept[blocks] = False
    summary = [at for at in view.summary if body[at] and view.scores[at] >= SUMMARY_BAR]
    return with_blocks(kept, summary)


def _asks(style: Style) -> bool:
    """Whether the names of an element say that it asks something of the reader."""
    return _NAME.search(style, style.index(">")) is not None
