"""Where the prose of a page stands: the spine that everything else is before, between or after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cleaner import words
from cleaner.segment import Page, RawBlock

#: Words that make a closed line prose: the body of every article has such lines, hardly any residue does.
PROSE_WORDS: Final = 15


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the prose of a page stands: for each block its number of words, and whether it is prose."""

    words: tuple[int, ...]
    prose: tuple[bool, ...]
    first: int
    last: int

    def zone(self, at: int) -> str:
        """Head before the first prose block, tail after the last, middle between; a page without prose is all
        middle.
        """
        if self.last < 0:
            return "middle"
        return "head" if at < self.first else "tail" if at > self.last else "middle"


def lay_out(blocks: Sequence[RawBlock]) -> Layout:
    """Where the prose is."""
    counts = tuple(words.count(block.plain) for block in blocks)
    prose = tuple(
        n >= PROSE_WORDS and block.linked * 2 < len(block.plain) and words.ENDED.search(block.plain[-12:]) is not None
        for n, block in zip(counts, blocks, strict=True)
    )
    at = [i for i, is_prose in enumerate(prose) if is_prose]
    return Layout(counts, prose, at[0] if at else -1, at[-1] if at else -1)


def prose_below(page: Page, shape: Layout) -> list[int]:
    """For each node how many prose blocks it holds, at any depth."""
    below = [0] * len(page.nodes)
    for block, is_prose in zip(page.blocks, shape.prose, strict=True):
        below[block.node] += is_prose
    for number in range(len(page.nodes) - 1, 0, -1):
        below[page.nodes[number].parent] += below[number]
    return below
