"""The hashed words at the start of each block, for every column that depends on which words a block has."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaner.features import hashing
from cleaner.features.hashing import Hashes, Lexicon
from cleaner.segment.page import Page
from cleaner.text.arrays import Array, Floats, Ints, distinct

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
        first = (np.cumsum(number) - number)[number > 0]
        has_pairs = number <= MAX_PAIR_WORDS
        is_second = has_pairs.take(block)
        is_second[first] = False
        second = np.flatnonzero(is_second)  # the later word of each pair
        pairs = hashing.hash_pair(words.take(second - 1), words.take(second))
        self.hashes: Hashes = np.concatenate([words, hashing.hash_first(words.take(first)), pairs])
        self.block: Ints = np.concatenate([block, block.take(first), block.take(second)])
        self.n_tokens = number + (number > 0) + np.maximum(number - 1, 0) * has_pairs

    def score(self, lexicon: Lexicon) -> Array:
        """The sum of the weights of each block's tokens, divided by the square root of their number.

        ``(n_blocks,) float32``, log-odds of body.
        """
        total = np.bincount(self.block, lexicon.weights_of(self.hashes), self.n_blocks)
        return np.asarray(total / np.sqrt(np.maximum(self.n_tokens, 1)), np.float32)

    def overlap(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """The overlap of each block with each of some texts, by words.

        The share of a block's words that the text has, and the share of the text's words that the block has, both
        ``(n_texts, n_blocks) float64``; -1 for a text without words.
        """
        text_words, text_of = hashing.words([" ".join(text.split())[:MAX_CHARACTERS] for text in texts])
        vocabulary = distinct(text_words)
        has_word = np.zeros((len(vocabulary), len(texts)))
        has_word[np.searchsorted(vocabulary, text_words), text_of] = 1
        # Most words of a page are in none of the texts: a bitmap drops them before they are looked up.
        in_filter = np.zeros(_FILTER_MASK + 1, bool)
        in_filter[vocabulary & _FILTER_MASK] = True
        candidates = np.flatnonzero(in_filter.take(self.hashes[: self.n_words] & _FILTER_MASK))
        words, block = self.hashes[candidates], self.block[candidates]
        place = np.searchsorted(vocabulary, words)
        known = np.flatnonzero(vocabulary.take(place, mode="clip") == words)
        place, block = place[known], block[known]
        once = distinct(block * len(vocabulary) + place)  # each word once a block
        in_block = self._counts(block, has_word[place])
        in_text = self._counts(once // max(len(vocabulary), 1), has_word[once % max(len(vocabulary), 1)])
        size = has_word.sum(axis=0)[:, None]
        of_block = np.where(size > 0, in_block / np.maximum(self.number, 1), -1)
        return of_block, np.where(size > 0, in_text / np.maximum(size, 1), -1)

    def _counts(self, block: Ints, has_word: Floats) -> Floats:
        """For each text and block how many of some words of blocks the text has: ``(n_texts, n_blocks) float64``.

        ``block`` ``(n_words,) int64`` is the block of each word, ``has_word`` ``(n_words, n_texts)`` whether each text
        has it.
        """
        return np.array([np.bincount(block, of_text, self.n_blocks) for of_text in has_word.T])
