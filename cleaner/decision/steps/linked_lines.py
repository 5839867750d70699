"""Lines of an article that do nothing but lead elsewhere: teasers, links to other articles, lists of contents."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaner.decision.decision import without_blocks
from cleaner.decision.links import lead_on_site, link_targets
from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.text.arrays import Flags, indices, runs

#: A line that is a link goes below ``LINKED_BAR``, or below ``HEADLINE_BAR`` where it has so many words and leads to
#: another page of the site. Of such lines on 1,250 development articles with a gold text 35 are residue and 8 body. Of
#: all other links most are names of things: 36 are residue, 438 body.
LINKED_BAR: Final = 0.4
HEADLINE_WORDS: Final = 4
HEADLINE_BAR: Final = 0.65
#: A list of links between two paragraphs has so many items, at most, and one below the article more.
LIST_ITEMS: Final = 8
#: Links of a list of contents, at least.
CONTENTS_ITEMS: Final = 3
#: Why such lines go.
ELSEWHERE: Final = Evidence("related.link", Label.RELATED, 4.0, "a link as a whole", origin=Origin.FORM)
CONTENTS: Final = Evidence("navigation.places", Label.NAVIGATION, 4.0, "places on this page", origin=Origin.FORM)
#: Elements whose links are data.
_DATA: Final = frozenset({"td", "th", "dd", "li"})


def without_links(view: PageView, body: Flags) -> Flags:
    """The body of an article without lines that are links as a whole: (n_blocks,) bool.

    A headline that leads to another page of the site announces a story, so it needs a higher score to stay. Links to a
    place on the same page are no teasers: a heading may be one.
    """
    links = _linked_lines(view, body)
    if not links:
        return body
    kept = body.copy()
    for at in links:
        block = view.page.blocks[at]
        targets = link_targets(block)
        if targets and not _lead_to_places(targets) and _DATA.isdisjoint((block.tag, *block.context)):
            is_headline = lead_on_site(block, view.host) and view.columns["words"][at] >= HEADLINE_WORDS
            kept[at] = view.scores[at] >= (HEADLINE_BAR if is_headline else LINKED_BAR)
    return kept


def without_linked_lists(view: PageView, body: Flags) -> Flags:
    """The body of an article without lists whose items are all headlines of other stories of the site: short ones
    between two of its paragraphs, and long ones at its end. A list that the paragraph above announces with a colon
    stays: (n_blocks,) bool.

    With scores of models that had not seen the sites, the short ones are 12 lines of residue and no body on 3,200 pages
    of the development corpora, by gold, and the long ones 229 lines on three pages. Short lists at the end of an
    article stay: there every third such line is body.
    """
    items = {at for at in _linked_lines(view, body) if _is_headline_item(view, at)}
    if not items:
        return body
    kept = body.copy()
    stays = indices(body)
    starts, ends = runs(np.array([at in items for at in stays]))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        above, below = stays[:start], stays[end:]
        is_at_end = end - start > LIST_ITEMS and above and not below and not _announces(view, above[-1])
        if is_at_end or (end - start <= LIST_ITEMS and _is_between_paragraphs(view, above, below)):
            kept[stays[start:end]] = False
    return kept


def without_contents(view: PageView, body: Flags) -> Flags:
    """The body of an article without its contents: links to places on the same page in one list, or one right below
    the other: (n_blocks,) bool.
    """
    blocks = view.page.blocks
    links = [
        at for at in _linked_lines(view, body) if not blocks[at].level and _lead_to_places(link_targets(blocks[at]))
    ]
    places: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for order, at in enumerate(links):
        # Links without a list that stand in a row have one difference of place and order.
        places[blocks[at].containers[:1] or (0, at - order)].append(at)
    contents = [at for items in places.values() if len(items) >= CONTENTS_ITEMS for at in items]
    return without_blocks(body, contents)


def _is_headline_item(view: PageView, at: int) -> bool:
    """Whether a linked line is the item of a list, as long as a headline, and leads to other pages of the site."""
    block = view.page.blocks[at]
    is_item = block.tag == "li" and bool(view.columns["words"][at] >= HEADLINE_WORDS)
    return is_item and lead_on_site(block, view.host)


def _is_between_paragraphs(view: PageView, above: Sequence[int], below: Sequence[int]) -> bool:
    """Whether the last block above and the first one below are prose, and the one above announces nothing."""
    in_prose = view.prose_map.in_prose
    return bool(above and below and in_prose[above[-1]] and in_prose[below[0]] and not _announces(view, above[-1]))


def _announces(view: PageView, at: int) -> bool:
    """Whether a block says that something follows."""
    return view.page.blocks[at].plain.endswith(":")


def _linked_lines(view: PageView, body: Flags) -> list[int]:
    """The blocks of body that are links as a whole."""
    return indices(body & view.is_linked_line)


def _lead_to_places(targets: Sequence[str]) -> bool:
    """Whether a line links to a place on its own page."""
    return any(target.startswith("#") for target in targets)
