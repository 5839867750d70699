"""Endless pages: which blocks belong to the stories that a page has loaded behind its own."""

import re
from typing import Final

import numpy as np

from cleaner.segment.page import Page
from cleaner.text.arrays import Columns, Flags, Ints

#: Share of words that a headline and the page's title have in common for it to be the page's own.
OWN: Final = 0.6
#: Elements around a headline by which two are told to look alike, its own included.
LOOK: Final = 3

_DIGIT: Final = re.compile(r"\d")


def behind(page: Page, columns: Columns) -> Flags:
    """The blocks of the stories that an endless page has loaded behind its own.

    They read like the first, so nothing but their headlines tells them: each is an h1 that looks like the page's own
    but is not, above prose in a branch of the page beside it. Of the dev pages taken for articles two have that, whose
    4,300 words are gold but for 20. By a second h1 alone one page would win and three lose: texts in several parts.
    """
    out = np.zeros(len(page.blocks), bool)
    headlines = np.flatnonzero(columns["heading"] == 1).tolist()
    known = np.minimum(columns["title_in"], columns["in_title"]) >= OWN
    own = [at for at in headlines if known[at]]
    others = [at for at in headlines if own and at > own[0] and not known[at]]
    if not others:
        return out
    place = _branches(page, own[0])
    look = _look(page, own[0])
    branches = {int(place[at]) for at in others if _alike(_look(page, at), look)} - {0}
    return np.isin(place, sorted(branches.intersection(place[columns["prose"] > 0].tolist())))


def _branches(page: Page, at: int) -> Ints:
    """For each block the branch of the page beside the elements around a block, 0 for those around it."""
    parents = page.elements.parent
    around = {0}
    node = page.blocks[at].node
    while node > 0:
        around.add(node)
        node = parents[node]
    branch: list[int] = []
    for number, parent in enumerate(parents):
        branch.append(0 if number in around else number if parent in around else branch[parent])
    return np.array([branch[block.node] for block in page.blocks])


def _look(page: Page, at: int) -> list[tuple[str, set[str]]]:
    """The tags and names of the elements around a block, without ids and what else counts stories."""
    elements = page.elements
    node = page.blocks[at].node
    looks: list[tuple[str, set[str]]] = []
    while node >= 0 and len(looks) < LOOK:
        tag, names = elements.styles[elements.style[node]]
        looks.append((tag, {name for name in names if name[0] != "#" and not _DIGIT.search(name)}))
        node = elements.parent[node]
    return looks


def _alike(one: list[tuple[str, set[str]]], other: list[tuple[str, set[str]]]) -> bool:
    """Whether each two elements have the same tag, and a name in common or none."""
    pairs = zip(one, other, strict=False)
    return all(a == b and (names & more or not (names or more)) for (a, names), (b, more) in pairs)
