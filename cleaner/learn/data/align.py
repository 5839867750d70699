"""How much of each block is gold: soft labels for training, by where the block's words stand in the gold text.

Every word of the gold is claimed once. Blocks claim in this order:

1. long blocks of the main chain: the heaviest set of long blocks that stand in the gold in the page's order;
2. the other long blocks, wherever their words stand;
3. short blocks, as a whole, between the long blocks around them;
4. blocks that stand as a whole in gold that nobody has claimed, the longest first.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from cleaner.text.arrays import Array, Flags, Ints
from cleaner.text.shingles import tokens

#: Words from which a block is long: it is found by its content alone. A shorter one must stand in the right place.
LONG = 8
#: Share of a long block's words that must stand in the gold for the block to be part of the main chain.
IN_CHAIN = 0.5
#: Words by which a short block may miss the place between its neighbours.
SLACK = 6
#: Words of a block that may claim gold in any order, at least: one word would be found by chance.
MIN_CLAIM_WORDS = 2
#: A block with less than this share has not been found yet.
NOT_FOUND = 0.2

#: The words of a block or of the gold.
Words = Sequence[str]


def shares(blocks: Sequence[str], gold: str) -> Array:
    """For each block the share of its words that are gold, from 0 to 1: (n_blocks,) float32."""
    alignment = _Alignment([tokens(block) for block in blocks], tokens(gold))
    alignment.claim_long_blocks()
    alignment.claim_short_blocks()
    alignment.claim_what_is_left()
    return np.minimum(alignment.shares, 1)


class _Alignment:
    """The state of an alignment.

    ``shares``   (n_blocks,) float32, the share of each block that has been found so far
    ``claimed``  (n_gold_words,) bool
    ``chain``    the blocks of the main chain, and where each stands in the gold
    """

    def __init__(self, blocks: Sequence[Words], gold: Words) -> None:
        self.blocks = blocks
        self.gold = gold
        self.shares = np.zeros(len(blocks), np.float32)
        self.claimed: Flags = np.zeros(len(gold), bool)
        self.chain: list[tuple[int, int]] = []

    def claim_long_blocks(self) -> None:
        """Long blocks claim the gold words that three words in a row lead to; those of the main chain first."""
        places = _shingle_places(self.gold)
        found = {at: _positions(words, places) for at, words in enumerate(self.blocks) if len(words) >= LONG}
        anchors = {
            at: int(np.median(positions[positions >= 0]))
            for at, positions in found.items()
            if (positions >= 0).mean() >= IN_CHAIN
        }
        in_chain = _heaviest_chain([(at, position, len(self.blocks[at])) for at, position in anchors.items()])
        others = set(found) - set(in_chain)
        for at in [*in_chain, *(at for at in found if at in others)]:
            positions = found[at][found[at] >= 0]
            free = positions[~self.claimed[positions]]
            self.shares[at] = len(np.unique(free)) / len(self.blocks[at])
            self.claimed[free] = True
        self.chain = [(at, anchors[at]) for at in in_chain]

    def claim_short_blocks(self) -> None:
        """Short blocks claim the gold that equals them between the blocks of the main chain around them."""
        places: dict[str, list[int]] = defaultdict(list)
        for position, word in enumerate(self.gold):
            places[word].append(position)
        chain_blocks = [at for at, _ in self.chain]
        last = 0
        for at, words in enumerate(self.blocks):
            if not words or len(words) >= LONG:
                continue
            behind = bisect_right(chain_blocks, at)
            begin = max(self.chain[behind - 1][1] if behind else 0, last) - SLACK
            end = (self.chain[behind][1] if behind < len(self.chain) else len(self.gold)) + SLACK
            claimed = self._claim(at, [p for p in places.get(words[0], ()) if begin <= p < end])
            last = last if claimed is None else claimed

    def claim_what_is_left(self) -> None:
        """Blocks that stand as a whole in gold that nobody has claimed; the longest choose first.

        Lists of products and links often come in another order in the gold than on the page, so that the main chain has
        no place for them: without this, 16 % of the gold of collections was claimed by no block, with it 9 %.
        """
        places: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position in np.flatnonzero(~self.claimed[:-1] & ~self.claimed[1:]).tolist():
            places[self.gold[position], self.gold[position + 1]].append(position)
        left = [
            at for at, words in enumerate(self.blocks) if len(words) >= MIN_CLAIM_WORDS and self.shares[at] < NOT_FOUND
        ]
        for at in sorted(left, key=lambda at: -len(self.blocks[at])):
            words = self.blocks[at]
            self._claim(at, places.get((words[0], words[1]), ()))

    def _claim(self, at: int, positions: Sequence[int]) -> int | None:
        """Claim the first unclaimed gold at one of the positions that equals a block; its place, or None."""
        words = list(self.blocks[at])
        for position in positions:
            stop = position + len(words)
            if self.gold[position:stop] == words and not self.claimed[position:stop].any():
                self.shares[at] = 1
                self.claimed[position:stop] = True
                return position
        return None


def _shingle_places(gold: Words) -> dict[tuple[str, ...], list[int]]:
    """Where each three words in a row stand in the gold."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for position in range(len(gold) - 2):
        places[tuple(gold[position : position + 3])].append(position)
    return places


def _positions(words: Words, places: dict[tuple[str, ...], list[int]]) -> Ints:
    """For each word its place in the gold, by three words in a row, or -1: (n_words,) int64."""
    positions = np.full(len(words), -1)
    last = -1
    for at in range(len(words) - 2):
        candidates = places.get(tuple(words[at : at + 3]))
        if not candidates:
            continue
        # Of several places the next one behind the last.
        behind = bisect_right(candidates, last)
        position = candidates[behind] if behind < len(candidates) else candidates[0]
        positions[at : at + 3] = [position, position + 1, position + 2]
        last = position
    return positions


def _heaviest_chain(anchors: list[tuple[int, int, int]]) -> list[int]:
    """The blocks of the heaviest chain whose order in the gold is their order on the page.

    ``anchors`` are (block, place in the gold, weight). A dynamic program over the anchors in the page's order.
    """
    ordered = sorted(anchors)
    best: list[tuple[int, int, int, int]] = []  # place, weight of the chain that ends here, anchor, the one before
    for number, (_, position, weight) in enumerate(ordered):
        before = max((b for b in best if b[0] < position), key=lambda b: b[1], default=(-1, 0, -1, -1))
        best.append((position, before[1] + weight, number, before[2]))
    if not best:
        return []
    at = max(best, key=lambda b: b[1])[2]
    chain = []
    while at >= 0:
        chain.append(ordered[at][0])
        at = best[at][3]
    return chain[::-1]
