"""The first words of each block as numbers, for everything that asks which words a block has."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, pairwise, repeat
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.segment import Page
from cleaner.surface import UNSPACED, Surface
from cleaner.words import UNSPACED as UNSPACED_CHARACTER

Array = NDArray[np.float32]

#: Words of a block that are looked at, from its start: what gives residue away stands there.
MAX_WORDS: Final = 40
#: Characters in which they are looked for.
MAX_CHARACTERS: Final = 320
#: Blocks of at most so many words are also looked up by pairs of words.
PAIRS: Final = 10

_WORD: Final = re.compile(r"\w+")
_ZEROS: Final = repeat(0)


class Tokens:
    """The words of a page's blocks: ``words`` has for each block the first ones, each once, and ``extra`` the first
    word again (``^sign``) and, for a short block, its pairs (``sign up``). ``number`` counts the words.
    """

    def __init__(self, page: Page, surface: Surface) -> None:
        unspaced = (surface.counts[:, UNSPACED] > 0).tolist()
        self.words = [
            list(dict.fromkeys(words_of(block.plain, unspaced=odd)))
            for block, odd in zip(page.blocks, unspaced, strict=True)
        ]
        self.extra = [_extra(words) for words in self.words]
        self.number = np.array([len(words) for words in self.words], np.float32)
        self._words = _Flat(self.words)

    def score(self, weights: Mapping[str, float]) -> Array:
        """For each block the sum of its tokens' weights by the root of their number: (blocks,)."""
        extra = _Flat(self.extra)
        total = self._words.sums(weights) + extra.sums(weights)
        return np.asarray(total / np.sqrt(np.maximum(self._words.sizes + extra.sizes, 1)), np.float32)

    def shared(self, texts: Sequence[str]) -> list[tuple[Array, Array]]:
        """For each of some texts the share of each block's words that stand in it, and of its words that stand in each
        block; -1 where the text has none.
        """
        known = [set(words_of(text, unspaced=UNSPACED_CHARACTER.search(text) is not None)) for text in texts]
        bits: dict[str, int] = {}
        for at, inside in enumerate(known):
            for word in inside:
                bits[word] = bits.get(word, 0) | 1 << at
        of_words = self._words.values(bits, np.int64)
        found = []
        for at, inside in enumerate(known):
            common = self._words.add((of_words >> at) & 1)
            shares = (common / np.maximum(self.number, 1), common / len(inside)) if inside else (common - 1, common - 1)
            found.append((shares[0].astype(np.float32), shares[1].astype(np.float32)))
        return found

    def any_of(self, known: Collection[str]) -> Array:
        """Whether a block has one of some words: 0 or 1."""
        there = self._words.values(dict.fromkeys(known, 1), np.int64)
        return (self._words.add(there) > 0).astype(np.float32)


class _Flat:
    """Lists of tokens as one, so that what is known of tokens is looked up in one go; ``sizes`` are their lengths."""

    def __init__(self, lists: Sequence[list[str]]) -> None:
        self.tokens = list(chain.from_iterable(lists))
        self.sizes = np.fromiter(map(len, lists), np.int64, len(lists))
        self._of = np.repeat(np.arange(len(lists)), self.sizes)

    def values(self, known: Mapping[str, Any], dtype: type[np.generic]) -> NDArray[Any]:
        """What is known of each token, 0 where it is nothing."""
        return np.fromiter(map(known.get, self.tokens, _ZEROS), dtype, len(self.tokens))

    def add(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """The sum of some values of tokens over each list."""
        return np.asarray(np.bincount(self._of, values, len(self.sizes)), np.float64)

    def sums(self, weights: Mapping[str, float]) -> NDArray[np.float64]:
        """The sum of the tokens' weights over each list."""
        return self.add(self.values(weights, np.float64))


def _extra(words: list[str]) -> list[str]:
    if not words:
        return []
    pairs = [f"{a} {b}" for a, b in pairwise(words)] if len(words) <= PAIRS else []
    return ["^" + words[0], *pairs]


def words_of(text: str, *, unspaced: bool) -> list[str]:
    """The first words of a text in lower case; in scripts that do not part words, the pairs of characters.

    >>> words_of("Tuesday's vote", unspaced=False), words_of("今日は雨", unspaced=True)
    (['tuesday', 's', 'vote'], ['今日', '日は', 'は雨'])
    """
    found = _WORD.findall(text[:MAX_CHARACTERS].lower())[:MAX_WORDS]
    if not unspaced:
        return found
    return [part for word in found for part in _pairs(word)][:MAX_WORDS]


def _pairs(word: str) -> Iterable[str]:
    if len(word) < 3 or not UNSPACED_CHARACTER.search(word):
        return (word,)
    return (word[i : i + 2] for i in range(len(word) - 1))
