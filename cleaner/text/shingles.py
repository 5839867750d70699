"""Word 3-shingles: how much of one text another text contains, whatever its spacing and punctuation.

The measure is Broder's containment (On the resemblance and containment of documents, 1997): the share of a text's
shingles that are also shingles of the other text. Shingles are counted as often as they occur.
"""

import re
from collections.abc import Sequence
from typing import Final

from cleaner.text.words import UNSPACED

#: Words of a shingle.
SIZE: Final = 3
#: Least containment at which one text counts as part of another.
PRESENT: Final = 0.8

_TOKEN: Final = re.compile(r"\w+")


def tokens(text: str) -> list[str]:
    """The words of a text in lower case. A word in a script without spaces is split into its characters.

    >>> tokens("The vote is on 2024年5月.")
    ['the', 'vote', 'is', 'on', '2', '0', '2', '4', '年', '5', '月']
    """
    words = _TOKEN.findall(text.lower())
    if text.isascii() or not UNSPACED.search(text):
        return words
    return [token for word in words for token in (word if UNSPACED.search(word) else (word,))]


class Shingles:
    """The shingles of a text, to look up other texts in it.

    >>> page = Shingles("The vote is on Tuesday, the mayor said.")
    >>> page.contains("the vote is on tuesday"), page.containment("the vote is on Monday")
    (True, 0.6666666666666666)
    """

    def __init__(self, text: str) -> None:
        self._words = tokens(text)
        self._by_size: dict[int, frozenset[str]] = {}

    def containment(self, text: str) -> float:
        """The share of another text's shingles that this text has, from 0 to 1; 1 for a text without words.

        A text of one or two words is a single shingle of that size.
        """
        words = tokens(text)
        if not words:
            return 1.0
        size = min(len(words), SIZE)
        if size not in self._by_size:
            self._by_size[size] = frozenset(_shingles(self._words, size))
        own, shingles = self._by_size[size], _shingles(words, size)
        return sum(shingle in own for shingle in shingles) / len(shingles)

    def contains(self, text: str) -> bool:
        """Whether this text has at least ``PRESENT`` of another text's shingles."""
        return self.containment(text) >= PRESENT


def _shingles(words: Sequence[str], size: int) -> list[str]:
    """The shingles of a text as texts: tens of thousands of tuples would make the garbage collector run."""
    return list(map(" ".join, zip(*(words[at:] for at in range(size)), strict=False)))
