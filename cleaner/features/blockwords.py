"""The hashed words at the start of each block, for every column that depends on which words a block has."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaner.features import hashing
from cleaner.features.hashing import Hashes, Lexicon
from cleaner.segment.page import Page
from cleaner.text.arrays import Array, Ints, distinct

#: Characters from the start of a block in which words are looked for: what gives residue away stands there.
MAX_CHARACTERS: Final = 320
#: Blocks of at most so many words also have their pairs of successive words as tokens.
MAX_PAIR_WORDS: Final = 10
#: Low bits of a hash, the index into a bitmap that passes the words that a text may have, and few others.
_FILTER_MASK: Final = (1 << 12) - 1


class BlockWords:
    """The tokens of a page's blocks, as hashes.

    Three kinds of tokens follow each other: all words in order; the first word of each block, as such; the pairs of
    successive words of blocks that have at most ``MAX_PAIR_WORDS``.

    Fields:

    - ``hashes``: ``(n_tokens,) uint32``.
    - ``block``: ``(n_tokens,) int64``, the index of the block that each token is from.
    - ``n_blocks``: number of blocks.
    - ``n_words``: number of words of all blocks: the tokens of the first kind.
    - ``number``: ``(n_blocks,) float32``, words of each block.
    - ``n_tokens``: ``(n_blocks,) int64``, tokens of each block.
    """

    def __init__(self, page: Page) -> None:
        words, block = hashing.words([each.plain[:MAX_CHARACTERS] for each in page.blocks])
        self.n_blocks, self.n_words = len(page.blocks), len(words)
        number = np.bincount(block, minlength=self.n_blocks)
        self.number: Array = number.astype(np.float32)
        starts = np.ones(len(block), bool)
        starts[1:] = np.diff(block) > 0
        first = np.flatnonzero(starts)
        second = np.flatnonzero(~starts & (number[block] <= MAX_PAIR_WORDS))  # the later word of each pair
        pairs = hashing.hash_pair(words[second - 1], words[second])
        self.hashes: Hashes = np.concatenate([words, hashing.hash_first(words[first]), pairs])
        self.block: Ints = np.concatenate([block, block[first], block[second]])
        self.n_tokens = np.bincount(self.block, minlength=self.n_blocks)

    def score(self, lexicon: Lexicon) -> Array:
        """The sum of the weights of each block's tokens, divided by the square root of their number.

        ``(n_blocks,) float32``, log-odds of body.
        """
        total = np.bincount(self.block, lexicon.weights_of(self.hashes), self.n_blocks)
        return np.asarray(total / np.sqrt(np.maximum(self.n_tokens, 1)), np.float32)

    def overlap(self, texts: Sequence[str]) -> list[tuple[Array, Array]]:
        """The overlap of each block with each of some texts, by words.

        For each text the share of a block's words that the text has, and the share of the text's words that the block
        has, both ``(n_blocks,) float32``; -1 for a text without words.
        """
        text_words, text_of = hashing.words([" ".join(text.split())[:MAX_CHARACTERS] for text in texts])
        # Most words of a page are in none of the texts: a bitmap drops them before they are looked up.
        in_filter = np.zeros(_FILTER_MASK + 1, bool)
        in_filter[text_words & _FILTER_MASK] = True
        candidates = np.flatnonzero(in_filter[self.hashes[: self.n_words] & _FILTER_MASK])
        words, block = self.hashes[candidates], self.block[candidates]
        return [self._shares(words, block, distinct(text_words[text_of == number])) for number in range(len(texts))]

    def _shares(self, words: Hashes, block: Ints, vocabulary: Hashes) -> tuple[Array, Array]:
        """Both shares for one text. ``vocabulary`` are its distinct words, ascending; ``words`` and ``block`` are the
        words of blocks that may be among them.
        """
        if not len(vocabulary):
            absent = np.full(self.n_blocks, -1, np.float32)
            return absent, absent
        place = np.searchsorted(vocabulary, words).clip(max=len(vocabulary) - 1)
        same = vocabulary[place] == words
        once = distinct(block[same] * len(vocabulary) + place[same]) // len(vocabulary)  # each word once a block
        of_block = np.asarray(self._count(block[same]) / np.maximum(self.number, 1), np.float32)
        return of_block, np.asarray(self._count(once) / len(vocabulary), np.float32)

    def _count(self, blocks: NDArray[Any]) -> Array:
        """How often the index of each block occurs: ``(n_blocks,) float32``."""
        return np.bincount(blocks, minlength=self.n_blocks).astype(np.float32)
