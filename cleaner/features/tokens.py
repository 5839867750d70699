"""The first words of each block as numbers, for everything that asks which words a block has."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise, repeat
from typing import Final

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
_ZEROS: Final = repeat(0.0)


class Tokens:
    """The words of a page's blocks: ``words`` has for each block the first ones, each once, and ``extra`` the first
    word again (``^sign``) and, for a short block, its pairs (``sign up``).
    """

    def __init__(self, page: Page, surface: Surface) -> None:
        unspaced = (surface.counts[:, UNSPACED] > 0).tolist()
        self.words = [
            list(dict.fromkeys(words_of(block.plain, unspaced=odd)))
            for block, odd in zip(page.blocks, unspaced, strict=True)
        ]
        self.extra = [_extra(words) for words in self.words]
        self.number = np.array([len(words) for words in self.words], np.float32)

    def score(self, weights: Mapping[str, float]) -> Array:
        """For each block the sum of its tokens' weights by the root of their number: (blocks,)."""
        weigh = weights.get
        return np.array(
            [
                (sum(map(weigh, words, _ZEROS)) + sum(map(weigh, extra, _ZEROS)))
                / (len(words) + len(extra) or 1) ** 0.5
                for words, extra in zip(self.words, self.extra, strict=True)
            ],
            np.float32,
        )

    def shared(self, text: str) -> tuple[Array, Array]:
        """The share of each block's words that stand in a text, and of the text's words that stand in each block; -1
        where the text has none.
        """
        known = set(words_of(text, unspaced=UNSPACED_CHARACTER.search(text) is not None))
        if not known:
            nothing = np.full(len(self.words), -1, np.float32)
            return nothing, nothing
        common = np.array([len(known.intersection(words)) for words in self.words], np.float32)
        inside = common / np.maximum(self.number, 1)
        return inside.astype(np.float32), (common / len(known)).astype(np.float32)

    def any_of(self, known: frozenset[str]) -> Array:
        """Whether a block has one of some words: 0 or 1."""
        return np.array([not known.isdisjoint(words) for words in self.words], np.float32)


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
