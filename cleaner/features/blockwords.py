"""The hashed words at the start of each block, for every column that depends on which words a block has."""

from typing import Final

import numpy as np

from cleaner.features import hashing
from cleaner.features.hashing import Lexicon
from cleaner.segment.page import Page
from cleaner.text.arrays import Array, Floats, Ints, distinct
from cleaner.text.hashes import Hashes, HashSet

#: Characters from the start of a block in which words are looked for: what gives residue away stands there.
MAX_CHARACTERS: Final = 320
#: Blocks of at most so many words also have their pairs of successive words as tokens.
MAX_PAIR_WORDS: Final = 10


class BlockWords:
    """The tokens of a page's blocks, as hashes.

    Three kinds of tokens follow each other: all words in order; the first word of each block, as such; the pairs of
    successive words of blocks that have at most ``MAX_PAIR_WORDS``.

    Fields:

    - ``hashes``: ``(n_tokens,) uint32``.
    - ``block``: ``(n_tokens,) int64``, the index of the block that each token is from.
    - ``n_blocks``: number of blocks.
    - ``number``: ``(n_blocks,) float32``, words of each block.
    - ``n_tokens``: ``(n_blocks,) int64``, tokens of each block.
    """

    def __init__(self, page: Page) -> None:
        self.n_blocks = n_blocks = len(page.blocks)
        metadata = page.metadata
        fields = [metadata.title, metadata.description, page.author, metadata.site]
        texts = [block.plain[:MAX_CHARACTERS] for block in page.blocks]
        words, text = hashing.words([*texts, *[" ".join(field.split())[:MAX_CHARACTERS] for field in fields]])
        number = np.bincount(text, minlength=n_blocks + len(fields))[:n_blocks]
        self._n_words = n_words = int(number.sum())
        self._n_fields, self._words_of_fields, self._field = len(fields), words[n_words:], text[n_words:] - n_blocks
        words, block = words[:n_words], text[:n_words]
        self.number: Array = number.astype(np.float32)
        first = (number.cumsum() - number)[number > 0]
        has_pairs = number <= MAX_PAIR_WORDS
        is_second = has_pairs.take(block)
        is_second[first] = False
        second = is_second.nonzero()[0]  # the later word of each pair
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

    def overlap(self) -> tuple[Floats, Floats]:
        """The overlap of each block with the page's title, description, author and site, in this order, by words.

        The share of a block's words that the field has, and the share of the field's words that the block has, both
        ``(4, n_blocks) float64``; -1 for a field without words.
        """
        vocabulary = HashSet(self._words_of_fields)
        size = len(vocabulary.hashes)
        has_word = np.zeros((size, self._n_fields), bool)
        has_word[vocabulary.hashes.searchsorted(self._words_of_fields), self._field] = True
        at, place = vocabulary.find(self.hashes[: self._n_words])
        word, field = has_word.take(place, axis=0).nonzero()  # each word of a block, once for each field that has it
        cell = field * self.n_blocks + self.block.take(at.take(word))
        once = distinct(cell * size + place.take(word)) // max(size, 1)  # each word once a block
        n_cells, shape = self._n_fields * self.n_blocks, (self._n_fields, self.n_blocks)
        shares_of_blocks = np.bincount(cell, minlength=n_cells).reshape(shape) / np.maximum(self.number, 1)
        field_sizes = has_word.sum(axis=0)[:, None]
        shares_of_fields = np.bincount(once, minlength=n_cells).reshape(shape) / np.maximum(field_sizes, 1)
        absent = (field_sizes[:, 0] == 0).nonzero()[0]
        shares_of_blocks[absent] = shares_of_fields[absent] = -1
        return shares_of_blocks, shares_of_fields
