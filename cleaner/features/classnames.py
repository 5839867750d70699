"""The classes, ids and roles of a page's elements, and the words in them."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaner.features import hashing
from cleaner.features.hashing import Hashes, Lexicon
from cleaner.segment.page import Style
from cleaner.text.arrays import Array, Ints
from cleaner.text.codepoints import codepoints

#: How publishers name a standfirst, in the words of several languages; seen on real pages, the rest from the trade's
#: own terms. And those of two words.
STANDFIRST: Final = frozenset(
    """dek deck decke standfirst led lede lead leadin leadtext strapline subtitle subhead subheadline subheading subhed
    subdeck teasertext intro introduction introtext excerpt summary einleitung vorspann kickertext chapo chapeau sapo
    bajada copete epigraph entradilla sumario description sottotitolo occhiello catenaccio ingress synopsis perex
    abstract""".split()
)
_OF_TWO: Final = (
    *(("sub", word) for word in "title head headline heading hed deck".split()),
    ("strap", "line"), ("teaser", "text"), ("kicker", "text"),
)  # fmt: skip
_IS_STANDFIRST: Final = Lexicon.of_words(dict.fromkeys(STANDFIRST, 1.0))
_IS_ONE_OF_TWO: Final = Lexicon.make(
    np.concatenate([hashing.pair(hashing.single(one), hashing.single(other)) for one, other in _OF_TWO]),
    np.ones(len(_OF_TWO), np.float32),
)


class ClassNames:
    """The names of styles as numbers: ``hashes`` has for each its tag (``<p>``) and its classes and the like with
    their signs (``.c-lead``), then the words in those (``lead``); ``style`` says which style each is of.
    """

    def __init__(self, styles: Sequence[Style]) -> None:
        self.styles = len(styles)
        codes = codepoints("".join([f"<{tag}> {' '.join(tokens)}\n" for tag, tokens in styles]))
        names = hashing.runs(codes, codes > ord(" "))
        words = hashing.runs(codes, (codes >= ord("a")) & (codes <= ord("z")))
        name = np.searchsorted(names.starts, words.starts, "right") - 1
        of_name = np.flatnonzero(codes[names.starts[name]] != ord("<"))  # a tag's word is the tag
        line = np.cumsum(codes == hashing.NEWLINE)
        self._name: Ints = name[of_name]
        self._words: Hashes = words.hashes[of_name]
        self.hashes: Hashes = np.concatenate([names.hashes, self._words])
        self.style: Ints = line[np.concatenate([names.starts, words.starts[of_name]])]

    def score(self, lexicon: Lexicon) -> Array:
        """For each style the sum of the weights of its tag, names and words: (styles,)."""
        return np.bincount(self.style, lexicon.weigh(self.hashes), self.styles).astype(np.float32)

    def standfirst(self) -> Array:
        """For each style whether one of its names says that what it is stands between headline and story: 0 or 1.

        >>> ClassNames([Style("p", (".article__sub-title",)), Style("p", ("#leaderboard",))]).standfirst().tolist()
        [1.0, 0.0]
        """
        known = _IS_STANDFIRST.weigh(self._words)
        together = self._name[1:] == self._name[:-1]
        known[1:] += _IS_ONE_OF_TWO.weigh(hashing.pair(self._words[:-1], self._words[1:])) * together
        style = self.style[len(self.style) - len(known) :]
        return np.minimum(np.bincount(style, known, self.styles), 1).astype(np.float32)
