"""The tags, classes, ids and roles of a page's elements as hashes, and the words in them."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaner.features import hashing
from cleaner.features.hashing import Hashes, Lexicon
from cleaner.segment.page import Style
from cleaner.text.arrays import Array, Ints
from cleaner.text.codepoints import codes_of

#: Words by which publishers name a standfirst, in several languages: seen on real pages, or terms of the trade.
STANDFIRST: Final = frozenset(
    """dek deck decke standfirst led lede lead leadin leadtext strapline subtitle subhead subheadline subheading subhed
    subdeck teasertext intro introduction introtext excerpt summary einleitung vorspann kickertext chapo chapeau sapo
    bajada copete epigraph entradilla sumario description sottotitolo occhiello catenaccio ingress synopsis perex
    abstract alternativeheadline headerdek contentheaderdek articledek articleintro articlelead articlesubtitle
    articlesummary articlestandfirst articlesubheadline pagesubtitle herosubtitle postsubtitle entrysubtitle
    storysummary storyintro textlead""".split()
)
#: Names of two words.
_STANDFIRST_PAIRS: Final = (
    *(("sub", word) for word in "title head headline heading hed deck".split()),
    ("strap", "line"), ("teaser", "text"), ("kicker", "text"),
)  # fmt: skip
_STANDFIRST_WORDS: Final = Lexicon.of_words(dict.fromkeys(STANDFIRST, 1.0))
_STANDFIRST_PAIR_HASHES: Final = Lexicon.make(
    np.concatenate([hashing.hash_pair(hashing.hash_word(a), hashing.hash_word(b)) for a, b in _STANDFIRST_PAIRS]),
    np.ones(len(_STANDFIRST_PAIRS), np.float32),
)


class ClassNames:
    """The tokens of a page's styles, as hashes.

    Two kinds of tokens follow each other: the names, which are the tag (``<p>``) and the classes, ids and roles with
    the sign of their kind (``.c-lead``); and the words in them except in the tag (``lead``).

    Fields:

    - ``n_styles``: number of styles.
    - ``hashes``: ``(n_tokens,) uint32``.
    - ``style``: ``(n_tokens,) int64``, the index of the style that each token is from.
    """

    def __init__(self, styles: Sequence[Style]) -> None:
        self.n_styles = len(styles)
        codes = codes_of("".join([f"<{tag}> {' '.join(tokens)}\n" for tag, tokens in styles]))
        hashes = hashing.TextHashes(codes)
        starts, ends = hashing.runs(codes > ord(" "))
        word_starts, word_ends = hashing.runs((codes >= ord("a")) & (codes <= ord("z")))
        name_of_word = np.searchsorted(starts, word_starts, "right") - 1
        kept = np.flatnonzero(codes[starts[name_of_word]] != ord("<"))  # the word in a tag is the tag itself
        style = hashing.lines_of(starts, codes)
        self._name: Ints = name_of_word[kept]
        self._words: Hashes = hashes.between(word_starts[kept], word_ends[kept])
        self.hashes: Hashes = np.concatenate([hashes.between(starts, ends), self._words])
        self.style: Ints = np.concatenate([style, style[self._name]])

    def score(self, lexicon: Lexicon) -> Array:
        """The sum of the weights of each style's tokens: ``(n_styles,) float32``, log-odds of body."""
        return np.bincount(self.style, lexicon.weights_of(self.hashes), self.n_styles).astype(np.float32)

    def standfirst(self) -> Array:
        """1 for each style that has a name for a standfirst, else 0: ``(n_styles,) float32``.

        >>> ClassNames([Style("p", (".article__sub-title",)), Style("p", ("#leaderboard",))]).standfirst().tolist()
        [1.0, 0.0]
        """
        matches = _STANDFIRST_WORDS.weights_of(self._words)
        same_name = self._name[1:] == self._name[:-1]
        pairs = hashing.hash_pair(self._words[:-1], self._words[1:])
        matches[1:] += _STANDFIRST_PAIR_HASHES.weights_of(pairs) * same_name
        style = self.style[len(self.style) - len(matches) :]
        return np.minimum(np.bincount(style, matches, self.n_styles), 1).astype(np.float32)
