"""Teasers of other stories inside of an article: each is a small ``<article>`` of its own in that of the story."""

from collections import defaultdict
from typing import Final

from cleaner.decision.decision import without_blocks
from cleaner.decision.page_view import PageView
from cleaner.document import Evidence, Label, Origin
from cleaner.text.arrays import Flags, indices

#: Words of body of a teaser, at most, and of all of them together: a share of those of the story. A list may have an
#: ``<article>`` for each of its entries.
MAX_WORDS: Final = 80
MAX_SHARE: Final = 0.3
#: Why they go.
NESTED: Final = Evidence("related.nested", Label.RELATED, 4.0, "an article in the article", origin=Origin.FORM)


def without_nested_articles(view: PageView, body: Flags) -> Flags:
    """The body of an article without the small articles inside of it: (n_blocks,) bool.

    On the 258 pages that readers went through, with three sets of scores, this takes a teaser of one or two pages, and
    no body.
    """
    if view.columns["page_articles"][0] <= 1:
        return body
    blocks_of: dict[int, list[int]] = defaultdict(list)
    for element, at in view.page.elements_around(indices(body), lambda style: style.tag == "article"):
        blocks_of[element].append(at)
    if len(blocks_of) <= 1:
        return body
    words = {element: float(view.word_counts[blocks].sum()) for element, blocks in blocks_of.items()}
    story = max(words, key=lambda element: words[element])
    inside = set(blocks_of[story])
    nested = [element for element, blocks in blocks_of.items() if element != story and inside.issuperset(blocks)]
    if sum(words[element] for element in nested) > MAX_SHARE * words[story]:
        return body
    teasers = [blocks_of[element] for element in nested if words[element] <= MAX_WORDS]
    return without_blocks(body, [at for blocks in teasers for at in blocks])
