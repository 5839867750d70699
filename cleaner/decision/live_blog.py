"""The entries of a live blog: their times, and entries that are shorter than the others."""

import re
from collections import Counter
from itertools import pairwise
from typing import Final

import numpy as np

from cleaner.segment.page import Page
from cleaner.text.arrays import Columns, Flags, Floats

#: A time of day on a line of its own. Comments and lists of stories mostly have a date or an age.
_TIME: Final = re.compile(
    r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?\s?m\.?)?(?:\s?(?:Uhr|h|hrs|[A-Z]{2,4}))?", re.IGNORECASE
)
#: The line below an embedded post: a dash, the name, and the name of the account.
_POST_AUTHOR: Final = re.compile(r"[—–-]\s.{0,80}\(@\w{1,30}\)")
#: Entries with body at least. The share of all entries that have body, so that the others are taken for body, too.
MIN_ENTRIES: Final = 2
ENTRY_SHARE: Final = 0.5
#: Text and headings of an entry stay from these scores on. Text has so many words, and is linked to this share at most.
ENTRY_BAR: Final = 0.15
ENTRY_HEADING_BAR: Final = 0.05
ENTRY_WORDS: Final = 6
ENTRY_LINKED: Final = 0.3


def with_entries(page: Page, columns: Columns, body: Flags, scores: Floats) -> Flags:
    """The body with the times of the entries of a live blog, and with the text and headings of all entries.

    An entry reaches from a line with a time to the next one. The words of a post that it embeds belong to it. What is
    no text stays out: share buttons, the line with the author of a post.
    """
    times = [at for at, block in enumerate(page.blocks) if _TIME.fullmatch(block.plain)]
    feed = _feed(page, times) if len(times) >= MIN_ENTRIES else 0
    if not feed:
        return body
    entries = _entries(page, times, feed)
    text = (columns["words"] >= ENTRY_WORDS) & (columns["link_share"] <= ENTRY_LINKED) & (scores >= ENTRY_BAR)
    text &= np.array([not _POST_AUTHOR.match(block.plain) for block in page.blocks])
    text |= (columns["heading"] > 0) & (scores >= ENTRY_HEADING_BAR)
    with_body = [entry for entry in entries if (body[entry] & (columns["prose"][entry] > 0)).any()]
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
    around: Counter[int] = Counter()
    for at in times:
        node = parent[page.blocks[at].node]
        while node > 0:
            around[node] += 1
            node = parent[node]
    # The innermost comes last: an element comes after its parent.
    return max((node for node, count in around.items() if count > len(times) / 2 and count >= MIN_ENTRIES), default=0)


def _entries(page: Page, times: list[int], feed: int) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The blocks of each entry in the feed, from its time on."""
    inside = [at for at in range(times[0], len(page.blocks)) if _is_inside(page, page.blocks[at].node, feed)]
    starts = [at for at in times if _is_inside(page, page.blocks[at].node, feed)]
    bounds = [*starts, len(page.blocks)]
    blocks = np.array(inside, np.int64)
    return [blocks[(blocks >= start) & (blocks < end)] for start, end in pairwise(bounds)]


def _is_inside(page: Page, node: int, element: int) -> bool:
    while node > element:
        node = page.elements.parent[node]
    return node == element
