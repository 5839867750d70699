"""Endless pages: which blocks belong to the articles that a page has loaded behind its own."""

import numpy as np
from numpy.typing import NDArray

from cleaner.features import Columns
from cleaner.segment import Page


def behind(page: Page, columns: Columns) -> NDArray[np.bool_]:
    """The blocks of the articles that an endless page has loaded behind its own.

    They read like the first, so nothing but their place tells them: an ``article`` element with a headline (h1) that
    is not the page's, behind one with the page's own. No page of the dev corpora has it; without the two headlines the
    rule would have cut three pages that are one text in several such elements.
    """
    out = np.zeros(len(page.blocks), bool)
    headlines = np.flatnonzero(columns["heading"] == 1)
    if len(headlines) < 2 or columns["page_articles"][0] < 2:
        return out
    elements = page.elements
    article: list[int] = [-1]  # for each element the outermost article around it
    for at in range(1, len(elements)):
        above = article[elements.parent[at]]
        article.append(above if above >= 0 or elements.tag(at) != "article" else at)
    place = np.array([article[block.node] for block in page.blocks])
    own_headline = (columns["title_in"] >= 0.6) & (columns["in_title"] >= 0.6)
    own = {int(place[at]) for at in headlines if own_headline[at]} - {-1}
    if own:
        others = {int(place[at]) for at in headlines if place[at] > min(own)} - own
        out = np.isin(place, sorted(others))
    return out
