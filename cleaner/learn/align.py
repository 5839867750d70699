"""How much of each block is gold: soft labels for training, by where the block's words stand in the gold text."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from cleaner.text.arrays import Array, Flags, Ints
from cleaner.text.shingles import tokens

#: Blocks of at least so many words are found by their content alone; shorter ones must stand in the right order.
LONG = 8
#: Words by which a short block may miss the place between its neighbours.
SLACK = 6
#: Out of the gold's order a block of one word would be found by chance, and one that has a share is found already.
LEAST = 2
UNCLAIMED = 0.2


def shares(blocks: Sequence[str], gold: str) -> Array:
    """For each block the share of its words that are gold, from 0 to 1.

    Every word of the gold is given away once: of two copies of a block the one in the right order gets it.
    """
    target = tokens(gold)
    texts = [tokens(block) for block in blocks]
    places = _shingles(target)
    taken = np.zeros(len(target), bool)
    out = np.zeros(len(blocks), np.float32)
    found = {at: _covered(words, places) for at, words in enumerate(texts) if len(words) >= LONG}
    anchors = {at: int(np.median(hit[hit >= 0])) for at, hit in found.items() if (hit >= 0).mean() >= 0.5}
    chain = _chain([(at, position, len(texts[at])) for at, position in anchors.items()])
    for at in [*chain, *(at for at in found if at not in set(chain))]:
        hit = found[at]
        hit = hit[hit >= 0]
        free = hit[~taken[hit]]
        out[at] = len(np.unique(free)) / len(texts[at])
        taken[free] = True
    out = np.minimum(out, 1)
    _short(texts, target, out, taken, [(at, anchors[at]) for at in chain])
    _rest(texts, target, out, taken)
    return out


def _shingles(target: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(target) - 2):
        places[tuple(target[at : at + 3])].append(at)
    return places


def _covered(words: Sequence[str], places: dict[tuple[str, ...], list[int]]) -> Ints:
    """For each word where it stands in the gold, by the three words around it; -1 where it does not."""
    hit = np.full(len(words), -1)
    last = -1
    for at in range(len(words) - 2):
        where = places.get(tuple(words[at : at + 3]))
        if not where:
            continue
        # Among several places the one that goes on from the last.
        k = bisect_right(where, last)
        position = where[k] if k < len(where) else where[0]
        hit[at : at + 3] = [position, position + 1, position + 2]
        last = position
    return hit


def _chain(anchors: list[tuple[int, int, int]]) -> list[int]:
    """The blocks of the heaviest chain whose order is the gold's order: (block, position, weight) in, blocks out."""
    best: list[tuple[int, int, int, int]] = []  # position, total weight, index into anchors, predecessor
    for number, (_, position, weight) in enumerate(sorted(anchors)):
        before = max((b for b in best if b[0] < position), key=lambda b: b[1], default=(-1, 0, -1, -1))
        best.append((position, before[1] + weight, number, before[2]))
    if not best:
        return []
    ordered = sorted(anchors)
    at = max(best, key=lambda b: b[1])[2]
    chain = []
    while at >= 0:
        chain.append(ordered[at][0])
        at = best[at][3]
    return chain[::-1]


def _short(
    texts: Sequence[Sequence[str]],
    target: Sequence[str],
    out: Array,
    taken: Flags,
    chain: Sequence[tuple[int, int]],
) -> None:
    """Short blocks: found whole, in a place that nobody took, between the long blocks around them."""
    where: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(target):
        where[word].append(at)
    blocks = [at for at, _ in chain]
    low = 0
    for at, words in enumerate(texts):
        if not words or len(words) >= LONG:
            continue
        k = bisect_right(blocks, at)
        begin = max(chain[k - 1][1] if k else 0, low) - SLACK
        end = (chain[k][1] if k < len(chain) else len(target)) + SLACK
        for position in where.get(words[0], ()):
            stop = position + len(words)
            if begin <= position < end and target[position:stop] == words and not taken[position:stop].any():
                out[at] = 1
                taken[position:stop] = True
                low = position
                break


def _rest(texts: Sequence[Sequence[str]], target: Sequence[str], out: Array, taken: Flags) -> None:
    """Blocks that stand, whole and in a row, in gold that no other block has claimed; longer blocks choose first.

    Lists of products and links often come in another order in the gold than on the page, so that the chain of long
    blocks has no place for them: without this, 16 % of the gold of collections was claimed by no block, with it 9 %.
    """
    where: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at in range(len(target) - 1):
        if not taken[at] and not taken[at + 1]:
            where[target[at], target[at + 1]].append(at)
    left = [at for at, words in enumerate(texts) if len(words) >= LEAST and out[at] < UNCLAIMED]
    for at in sorted(left, key=lambda at: -len(texts[at])):
        words = list(texts[at])
        for position in where.get((words[0], words[1]), ()):
            stop = position + len(words)
            if target[position:stop] == words and not taken[position:stop].any():
                out[at] = 1
                taken[position:stop] = True
                break
