"""Endless pages: which blocks belong to the stories that a page has loaded behind its own."""

import re
from typing import Final

import numpy as np

from cleaner.segment.page import Page
from cleaner.text.arrays import Columns, Flags, Ints, indices

#: Share of words that a headline and the page's title have in common for the headline to be the page's own.
OWN_TITLE_SHARE: Final = 0.6
#: Elements from a headline upwards, its own included, that are compared with those of another headline, at most: up to
#: the one that holds the whole story.
COMPARED_ELEMENTS: Final = 3

_DIGIT: Final = re.compile(r"\d")

#: The tag of an element, and its names without those that count stories.
_Look = tuple[str, set[str]]


def next_story_mask(page: Page, columns: Columns) -> Flags:
    """The blocks of the stories that an endless page has loaded behind its own: (n_blocks,) bool.

    They read like the first story, so only their headlines tell them apart: each is an h1 that looks like the page's
    own headline but is not in the page's title, with prose, in a branch of the page beside it. Of the development pages
    that are taken for articles two have that; of their 4,300 words all but 20 are gold. By a second h1 alone one page
    would gain and three would lose: texts in several parts.
    """
    nothing = np.zeros(len(page.blocks), bool)
    headlines = indices(columns["heading"] == 1)
    in_title = [at for at in headlines if min(columns["title_in"][at], columns["in_title"][at]) >= OWN_TITLE_SHARE]
    if not in_title or len(headlines) == len(in_title):
        return nothing
    own = in_title[0]
    others = [at for at in headlines if at > own and at not in in_title]
    if not others:
        return nothing
    branch = _branches(page, own)
    look = _look(page, own)
    of_headlines = {int(branch[at]) for at in others if _are_alike(_look(page, at, int(branch[at])), look)} - {0}
    with_prose = set(branch[columns["prose"] > 0].tolist())
    return np.isin(branch, sorted(of_headlines & with_prose))


def _branches(page: Page, at: int) -> Ints:
    """For each block the branch it is in: the outermost of its ancestors that is no ancestor of block ``at``; 0 for the
    blocks that have none.
    """
    ancestors = {0, *page.elements.outwards(page.blocks[at].node)}
    branch: list[int] = []
    for element, parent in enumerate(page.elements.parent):
        if element in ancestors:
            branch.append(0)
        else:
            branch.append(element if parent in ancestors else branch[parent])
    return np.array([branch[block.node] for block in page.blocks])


def _look(page: Page, at: int, story: int = 0) -> list[_Look]:
    """The element of a block and its ancestors up to that of its story: tags and names, without ids and what else
    differs between stories. ``story`` is 0 where the element is not known.
    """
    elements = page.elements
    element = page.blocks[at].node
    looks: list[_Look] = []
    while element >= 0 and len(looks) < COMPARED_ELEMENTS:
        names = {token for token in elements.tokens(element) if token[0] != "#" and not _DIGIT.search(token)}
        looks.append((elements.tag(element), names))
        if element == story:
            break
        element = elements.parent[element]
    return looks


def _are_alike(one: list[_Look], other: list[_Look]) -> bool:
    """Whether each two elements have the same tag, and a name in common or none at all."""
    return all(
        tag == other_tag and (names & other_names or not (names or other_names))
        for (tag, names), (other_tag, other_names) in zip(one, other, strict=False)
    )
