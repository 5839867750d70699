"""The entries of a live blog: their times, and entries that are shorter than the others."""

import re
from itertools import pairwise
from typing import Final

import numpy as np

from cleaner.decision.page_view import PageView
from cleaner.segment.page import Page
from cleaner.text.arrays import Flags, Ints, indices
from cleaner.text.charstats import DIGIT

#: A time of day on a line of its own. Comments and lists of stories mostly have a date or an age.
_TIME: Final = re.compile(
    r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?\s?m\.?)?(?:\s?(?:Uhr|h|hrs|[A-Z]{2,4}))?", re.IGNORECASE
)
#: Entries with body at least. The share of all entries that have body, so that the others are taken for body, too.
MIN_ENTRIES: Final = 2
ENTRY_SHARE: Final = 0.5
#: Text and headings of an entry stay from these scores on. Text has so many words, and is linked to this share at most.
ENTRY_BAR: Final = 0.15
ENTRY_HEADING_BAR: Final = 0.05
ENTRY_WORDS: Final = 6
ENTRY_LINKED: Final = 0.3


def with_entries_of_live_blogs(view: PageView, body: Flags) -> Flags:
    """The body with the times of the entries of a live blog, and with the text and headings of all entries.

    An entry reaches from a line with a time to the next one. A post that it embeds belongs to it. What is no text stays
    out, such as share buttons.
    """
    page, columns, scores = view.page, view.columns, view.scores
    # Few blocks begin with a digit, so the pattern runs on these alone.
    numbered = indices(view.prose_map.stats.first == DIGIT)
    times = [at for at in numbered if _TIME.fullmatch(page.blocks[at].plain)]
    feed = _feed(page, times) if len(times) >= MIN_ENTRIES else 0
    if not feed:
        return body
    entries = _entries(page, times, feed)
    text = (columns["words"] >= ENTRY_WORDS) & (columns["link_share"] <= ENTRY_LINKED) & (scores >= ENTRY_BAR)
    text |= (columns["heading"] > 0) & (scores >= ENTRY_HEADING_BAR)
    sentences = body & text & ((columns["prose"] > 0) | (columns["ended"] > 0))
    with_body = [entry for entry in entries if sentences[entry].any()]
    if len(with_body) < max(MIN_ENTRIES, ENTRY_SHARE * len(entries)):
        return body
    whole = body.copy()
    for entry in entries:
        whole[entry] |= text[entry]
        whole[entry[0]] |= whole[entry[1:]].any()
    return whole


def _feed(page: Page, times: list[int]) -> int:
    """The innermost element around most of the times; 0 where there is none but the root."""
    parent = page.elements.parent
    around = [0] * len(parent)
    for at in times:
        around[max(parent[page.blocks[at].node], 0)] += 1
    # The innermost comes last: an element comes after its parent.
    for element, outer in page.elements.upwards():
        if around[element] >= MIN_ENTRIES and 2 * around[element] > len(times):
            return element
        around[outer] += around[element]
    return 0


def _entries(page: Page, times: list[int], feed: int) -> list[Ints]:
    """The blocks of each entry in the feed, from its time on."""
    inside = page.elements.inside(lambda element: element == feed)
    blocks = np.array([at for at, block in enumerate(page.blocks) if inside[block.node]])
    bounds = [*(at for at in times if inside[page.blocks[at].node]), len(page.blocks)]
    return [blocks[slice(*np.searchsorted(blocks, (start, end)))] for start, end in pairwise(bounds)]
