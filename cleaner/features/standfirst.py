"""Standfirsts: blocks whose class or id says that they stand between the headline and the story."""

import re
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaner.features.grid import Grid
from cleaner.segment import Page

Columns = dict[str, NDArray[np.float32]]

#: How publishers name one, in the words of several languages; seen on real pages, the rest from the trade's own terms.
_NAMES: Final = re.compile(
    r"(?:^|[^a-z])(?:sub-?(?:title|head(?:line|ing)?|hed|deck)|dec?k|decke?|standfirst|strap-?line|lede?|lead(?:in|text)?"
    r"|teaser-?text|intro(?:duction|text)?|excerpt|summary|einleitung|vorspann|kicker-?text|chapo|chapeau|sapo|bajada"
    r"|copete|epigraph|entradilla|sumario|description|sottotitolo|occhiello|catenaccio|ingress|synopsis|perex|abstract)"
    r"(?:$|[^a-z])"
)


@lru_cache(maxsize=8_192)
def names_standfirst(token: str) -> bool:
    """Whether a class or id, with its sign, names a standfirst.

    >>> names_standfirst(".article__standfirst"), names_standfirst("#leaderboard")
    (True, False)
    """
    return _NAMES.search(token[1:]) is not None


def columns(page: Page, grid: Grid) -> Columns:
    """Whether a block's own element names a standfirst, and whether the one around it does."""
    of_styles = np.array([any(map(names_standfirst, style.tokens)) for style in page.elements.styles], np.float32)
    of_element = grid.padded(of_styles[grid.style])
    return {"standfirst": of_element[grid.node], "standfirst_around": of_element[grid.level(1)]}
