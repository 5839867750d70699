"""Endless pages: which blocks belong to the stories that a page has loaded behind its own."""

import re
from itertools import pairwise
from typing import Final

import numpy as np

from cleaner.arrays import Columns, Flags
from cleaner.segment import Page

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
    if len(headlines) == len(own) or not own:
        return out
    around = _around(page, own[0])
    others = [at for at in headlines if at > own[0] and not known[at]]
    chains = [_around(page, at) for at in others]
    branches = {
        next((below for below, node in pairwise(chain) if node in around), 0)
        for chain in chains
        if _alike(_look(page, chain), _look(page, around))
    } - {0}
    if branches:
        branch: list[int] = []
        for at, parent in enumerate(page.elements.parent):
            branch.append(at if at in branches else branch[parent] if parent >= 0 else 0)
        place = np.array([branch[block.node] for block in page.blocks])
        told = place[columns["prose"] > 0]
        out = (place > 0) & np.isin(place, told)
    return out


def _around(page: Page, at: int) -> list[int]:
    """The elements around a block, the innermost first."""
    chain = [page.blocks[at].node]
    while chain[-1] > 0:
        chain.append(page.elements.parent[chain[-1]])
    return chain


def _look(page: Page, chain: list[int]) -> list[tuple[str, set[str]]]:
    """The tags and names of the innermost elements of a chain, without ids and what else counts stories."""
    styles = [page.elements.styles[page.elements.style[node]] for node in chain[:LOOK]]
    return [(tag, {name for name in names if name[0] != "#" and not _DIGIT.search(name)}) for tag, names in styles]


def _alike(one: list[tuple[str, set[str]]], other: list[tuple[str, set[str]]]) -> bool:
    """Whether each two elements have the same tag, and a name in common or none."""
    pairs = zip(one, other, strict=False)
    return all(a == b and (names & more or not (names or more)) for (a, names), (b, more) in pairs)
