"""Runs of three words: whether one text stands in another, whatever was done to its spaces and marks."""

import re
from collections.abc import Sequence
from typing import Final

from cleaner.text.words import UNSPACED

#: Words of a run.
SIZE: Final = 3
#: A text with less than this share of its runs in another one is not in it.
PRESENT: Final = 0.8

_TOKEN: Final = re.compile(r"\w+")

Run = tuple[str, ...]


def tokens(text: str) -> list[str]:
    """Words in lower case; characters where words are not parted."""
    found = _TOKEN.findall(text.lower())
    if text.isascii() or not UNSPACED.search(text):
        return found
    return [part for word in found for part in (word if UNSPACED.search(word) else (word,))]


class Shingles:
    """The runs of a text: which other texts stand in it."""

    def __init__(self, text: str) -> None:
        found = tokens(text)
        self._known = {size: frozenset(_runs(found, size)) for size in range(1, SIZE + 1)}

    def share(self, text: str) -> float:
        """The share of another text's runs that are here; 1 for a text without words. Texts of one or two words are
        one run.
        """
        found = tokens(text)
        size = min(len(found), SIZE)
        own = _runs(found, size) if size else []
        return sum(run in self._known[size] for run in own) / len(own) if own else 1.0

    def hold(self, text: str) -> bool:
        """Whether another text stands here."""
        return self.share(text) >= PRESENT


def _runs(words: Sequence[str], size: int) -> list[Run]:
    return [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]
