"""The first words of each block, for everything that asks which words a block has."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.features import hashing
from cleaner.features.hashing import Hashes, Lexicon
from cleaner.segment.page import Page
from cleaner.text.arrays import Array, Ints, distinct

#: Characters of a block in which words are looked for, from its start: what gives residue away stands there.
MAX_CHARACTERS: Final = 320
#: Blocks of at most so many words are also known by pairs of words.
PAIRS: Final = 10
#: Bits of a hash that tell most words from those that are looked for.
_SIEVE: Final = (1 << 12) - 1


class BlockWords:
    """The words of a page's blocks as numbers: ``hashes`` are the words in order, then the first word of each block
    once more as such, then the pairs of words of short blocks; ``block`` says where each stands.

    ``number`` counts the words of each block, ``total`` those of all; ``blocks`` counts the blocks.
    """

    def __init__(self, page: Page) -> None:
        words, block = hashing.words([each.plain[:MAX_CHARACTERS] for each in page.blocks])
        self.blocks, self.total = len(page.blocks), len(words)
        number = np.bincount(block, minlength=self.blocks)
        self.number = number.astype(np.float32)
        starts = np.ones(len(block), bool)
        starts[1:] = np.diff(block) > 0
        firsts = np.flatnonzero(starts)
        followed = np.flatnonzero(~starts & (number[block] <= PAIRS))
        pairs = hashing.pair(words[followed - 1], words[followed])
        self.hashes: Hashes = np.concatenate([words, hashing.first(words[firsts]), pairs])
        self.block: Ints = np.concatenate([block, block[firsts], block[followed]])
        self.sizes = np.bincount(self.block, minlength=self.blocks)

    def score(self, lexicon: Lexicon) -> Array:
        """For each block the sum of its tokens' weights by the root of their number: (blocks,)."""
        total = np.bincount(self.block, lexicon.weigh(self.hashes), self.blocks)
        return np.asarray(total / np.sqrt(np.maximum(self.sizes, 1)), np.float32)

    def shared(self, texts: Sequence[str]) -> list[tuple[Array, Array]]:
        """For each of some texts the share of each block's words that stand in it, and of its words that stand in each
        block; -1 where the text has none.
        """
        known, of_text = hashing.words([" ".join(text.split())[:MAX_CHARACTERS] for text in texts])
        maybe = np.zeros(_SIEVE + 1, bool)  # most words of a page stand in none of them
        maybe[known & _SIEVE] = True
        there = np.flatnonzero(maybe[self.hashes[: self.total] & _SIEVE])
        words, block = self.hashes[there], self.block[there]
        return [self._shares(words, block, distinct(known[of_text == number])) for number in range(len(texts))]

    def _shares(self, words: Hashes, block: Ints, known: Hashes) -> tuple[Array, Array]:
        if not len(known):
            nothing = np.full(self.blocks, -1, np.float32)
            return nothing, nothing
        place = np.searchsorted(known, words).clip(max=len(known) - 1)
        same = known[place] == words
        each = distinct(block[same] * len(known) + place[same]) // len(known)  # a word once a block
        inside = np.asarray(self._count(block[same]) / np.maximum(self.number, 1), np.float32)
        return inside, np.asarray(self._count(each) / len(known), np.float32)

    def _count(self, blocks: NDArray[Any]) -> Array:
        return np.bincount(blocks, minlength=self.blocks).astype(np.float32)
