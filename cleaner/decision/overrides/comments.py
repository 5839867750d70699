"""The readers' comments below an article."""

from collections.abc import Sequence
from typing import Final

from cleaner.decision.overrides.override import Review
from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import Match
from cleaner.rules.packs import concepts_with_role
from cleaner.segment.page import Page
from cleaner.text.arrays import indices

#: A thread of comments is looked for on pages that are forums with this probability at most: the posts of a forum are
#: its content.
THREAD_FORUM: Final = 0.2
#: Words of body above a thread, at least.
STORY_WORDS: Final = 45
#: The name and weight (log-odds) of the evidence, and the characters of the heading that it quotes.
THREAD: Final = "comment.thread"
THREAD_WEIGHT: Final = 6.0
MAX_QUOTE: Final = 60


def headings_below_prose(review: Review) -> set[int]:
    """The headings that may be that of the readers' comments: those of an article below its first prose."""
    view = review.view
    if not view.is_article or view.columns["type_forum"][0] > THREAD_FORUM:
        return set()
    body = review.decision.body
    prose = view.prose(body)
    if not prose:
        return set()
    last = indices(body)[-1]
    return {at for at in indices(view.prose_map.level > 0) if prose[0] <= at <= last}


def thread_of_comments(review: Review, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The readers' comments below an article: what stands under the last heading that a rule takes for theirs, in the
    same element, where nothing of the article follows.

    Comments are prose, and where an article is short they are most of it, so that neither model nor form tells them
    from it. What stands above has to be an article: where it is a few words, the replies are the page.
    """
    page, prose_map, decision = review.view.page, review.view.prose_map, review.decision
    names = concepts_with_role("thread")
    headings = {match.block for match in matches if match.evidence.name in names}
    kept = indices(decision.body) if headings else []
    for heading in sorted(headings, reverse=True):
        thread = _below(page, heading)
        above = sum(prose_map.words[at] for at in kept if at < heading)
        if thread.stop > kept[-1] and above >= STORY_WORDS:
            title = page.blocks[heading].plain[:MAX_QUOTE]
            found = Evidence(THREAD, Label.COMMENT, THREAD_WEIGHT, title, origin=Origin.INHERITED)
            return dict.fromkeys(thread, found)
    return {}


def _below(page: Page, heading: int) -> range:
    """The blocks below a heading in its parent element, up to a heading of a higher level, or one of its level
    beside it.
    """
    parents, level = page.elements.parent, page.blocks[heading].level
    around = parents[page.blocks[heading].node]
    inside = page.elements.inside(lambda element: element == around)
    stop = heading + 1
    while stop < len(page.blocks) and inside[page.blocks[stop].node]:
        below = page.blocks[stop].level
        if 0 < below < level or (below == level and parents[page.blocks[stop].node] == around):
            break
        stop += 1
    return range(heading, stop)
