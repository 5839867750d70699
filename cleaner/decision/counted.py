"""Lines that an article counts, and that model and rules may take for pleas: "2. Get the app"."""

from collections.abc import Sequence
from typing import Final

from cleaner.document import Evidence, Label, Origin
from cleaner.segment.numbering import number_of
from cleaner.segment.page import RawBlock
from cleaner.text.arrays import Flags

#: Why a line stays whose number stands between those of others.
COUNTED: Final = Evidence("body.counted", Label.BODY, 4.0, "counted by the article", origin=Origin.NEIGHBOUR)


def counted_lines(blocks: Sequence[RawBlock], body: Flags) -> list[int]:
    """The blocks that the article counts and that are not body: one between two numbers that are, and a sub-heading
    with the number behind or before one, whose section is body.
    """
    numbers = {at: number for at, block in enumerate(blocks) if (number := number_of(block)) is not None}
    if len(numbers) < 2:
        return []
    found, stays = [], body.copy()
    places = list(numbers)
    for above, at, below in zip([None, *places[:-1]], places, [*places[1:], None], strict=True):
        if stays[at]:
            continue
        follows = above is not None and stays[above] and numbers[above] == numbers[at] - 1
        goes_on = below is not None and stays[below] and numbers[below] == numbers[at] + 1
        has_section = at + 1 < len(blocks) and stays[at + 1] and at + 1 not in numbers
        if (follows and goes_on) or (has_section and (follows or goes_on)):
            found.append(at)
            stays[at] = True
    return found
