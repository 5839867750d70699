"""The classes, ids and roles of a page's elements, each once, and the words in them.

A page has hundreds of them, and the next page has others: so they are taken apart all at once, and none is remembered.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, repeat
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.segment import Style

Array = NDArray[np.float32]
Ints = NDArray[np.int64]

#: The words of a name; and what stands between two names, as a word of its own.
_WORDS: Final = re.compile(r"[a-z]+|\n")
_ZEROS: Final = repeat(0.0)

#: How publishers name a standfirst, in the words of several languages; seen on real pages, the rest from the trade's
#: own terms. And the first words of those that are two.
STANDFIRST: Final = frozenset(
    """dek deck decke standfirst led lede lead leadin leadtext strapline subtitle subhead subheadline subheading subhed
    subdeck teasertext intro introduction introtext excerpt summary einleitung vorspann kickertext chapo chapeau sapo
    bajada copete epigraph entradilla sumario description sottotitolo occhiello catenaccio ingress synopsis perex
    abstract""".split()
)
_OF_TWO: Final = frozenset({"sub", "strap", "teaser", "kicker"})


class Names:
    """The names that the styles of a page's elements have."""

    def __init__(self, styles: Sequence[Style]) -> None:
        self._tags = [style.tag for style in styles]
        numbers: dict[str, int] = {}
        named = [numbers.setdefault(name, len(numbers)) for style in styles for name in style.tokens]
        self._named: Ints = np.array(named, np.int64)
        self._style: Ints = np.repeat(np.arange(len(styles)), [len(style.tokens) for style in styles])
        self._names = list(numbers)
        self._words = _WORDS.findall("".join([f"{name[1:]}\n" for name in self._names]))
        stops = np.array([word == "\n" for word in self._words], bool)
        self._name: Ints = np.cumsum(stops) - stops  # for each word the number of its name

    def score(self, weights: Mapping[str, float]) -> Array:
        """For each style the sum of the weights of its tag (``<p>``), its names with their signs (``.c-lead``) and the
        words in them (``lead``).

        >>> weights = {"<p>": 1, ".c-lead": 2, "lead": 4}
        >>> Names([Style("p", (".c-lead",)), Style("b", ("#lead-2",))]).score(weights).tolist()
        [7.0, 4.0]
        """
        weigh = weights.get
        number = len(self._names)
        of_words = np.fromiter(map(weigh, self._words, _ZEROS), np.float64, len(self._words))
        of_names = np.fromiter(map(weigh, self._names, _ZEROS), np.float64, number)
        of_names += np.bincount(self._name, of_words, number)
        tags = {tag: weigh(f"<{tag}>", 0.0) for tag in set(self._tags)}
        return (np.array([tags[tag] for tag in self._tags]) + self._sum(of_names)).astype(np.float32)

    def standfirst(self) -> Array:
        """For each style whether one of its names says that what it is stands between headline and story: 0 or 1.

        >>> Names([Style("p", (".article__sub-title",)), Style("p", ("#leaderboard",))]).standfirst().tolist()
        [1.0, 0.0]
        """
        known = np.array([word in STANDFIRST for word in self._words], bool)
        if not _OF_TWO.isdisjoint(self._words):
            known[:-1] |= [a in _OF_TWO and a + b in STANDFIRST for a, b in pairwise(self._words)]
        return (self._sum(np.bincount(self._name, known, len(self._names))) > 0).astype(np.float32)

    def _sum(self, of_names: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(self._style, of_names[self._named], len(self._tags)), np.float64)


def tokens(style: Style) -> Iterator[str]:
    """What :meth:`Names.score` knows an element by: its tag, its names with their signs, and the words in them."""
    yield f"<{style.tag}>"
    for name in style.tokens:
        yield name
        yield from _WORDS.findall(name[1:])
