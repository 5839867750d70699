"""The tags, classes, ids and roles of a page's elements as hashes, and the words in them."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaner.features import hashing
from cleaner.features.hashing import Lexicon
from cleaner.segment.page import Style
from cleaner.text.arrays import Array, Ints, renumbered, runs
from cleaner.text.codepoints import codes_of
from cleaner.text.hashes import Hashes, HashSet, TextHashes

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
_STANDFIRST_WORDS: Final = HashSet(np.concatenate([*map(hashing.hash_word, sorted(STANDFIRST))]))
_STANDFIRST_PAIR_WORDS: Final = HashSet(
    np.concatenate([hashing.hash_pair(hashing.hash_word(a), hashing.hash_word(b)) for a, b in _STANDFIRST_PAIRS])
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
        codes = codes_of("\n".join([*styles, ""]))
        hashes = TextHashes(codes)
        starts, ends = runs(codes > ord(" "))
        first_sign = codes.take(starts)
        word_starts, word_ends = runs((codes >= ord("a")) & (codes <= ord("z")))
        name_of_word = starts.searchsorted(word_starts, "right") - 1
        kept = (first_sign.take(name_of_word) != ord("<")).nonzero()[0]  # the word in a tag is the tag itself
        self._name: Ints = name_of_word.take(kept)
        self._words: Hashes = hashes.between(word_starts.take(kept), word_ends.take(kept))
        self._names: Hashes = hashes.between(starts, ends)
        self._is_id = first_sign == ord("#")
        self._style_of_name = hashing.lines_of(starts, codes)
        self.hashes: Hashes = np.concatenate([self._names, self._words])
        self.style: Ints = np.concatenate([self._style_of_name, self._style_of_name.take(self._name)])

    def looks(self) -> Ints:
        """For each style the number of its look, ``(n_styles,) int64``: the tag and the names without ids, which tell
        elements of one kind apart. It is equal where :attr:`cleaner.segment.page.Style.look` is.
        """
        kept = (~self._is_id).nonzero()[0]
        ends = np.bincount(self._style_of_name.take(kept), minlength=self.n_styles).cumsum()
        starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
        return renumbered(TextHashes(self._names.take(kept)).long_between(starts, ends))

    def score(self, lexicon: Lexicon) -> Array:
        """The sum of the weights of each style's tokens: ``(n_styles,) float32``, log-odds of body."""
        return np.bincount(self.style, lexicon.weights_of(self.hashes), self.n_styles).astype(np.float32)

    def standfirst(self) -> Array:
        """1 for each style that has a name for a standfirst, else 0: ``(n_styles,) float32``.

        >>> ClassNames([Style("<p> .article__sub-title"), Style("<p> #leaderboard")]).standfirst().tolist()
        [1.0, 0.0]
        """
        named, _ = _STANDFIRST_WORDS.find(self._words)
        first, _ = _STANDFIRST_PAIR_WORDS.find(hashing.hash_pair(self._words[:-1], self._words[1:]))
        first = first[self._name.take(first) == self._name.take(first + 1)]  # both words are in one name
        styles = np.zeros(self.n_styles, np.float32)
        styles[self._style_of_name.take(self._name.take(np.concatenate([named, first])))] = 1
        return styles
