"""Lines that an article counts, as sub-headings or items: "3. Take the ferry"."""

import re
from collections.abc import Sequence
from typing import Final

from cleaner.segment.page import RawBlock

_NUMBERED: Final = re.compile(r"(\d{1,3})[.)]\s")


def number_of(block: RawBlock) -> int | None:
    """The number with which a block begins, of up to three digits, with a full stop or a bracket behind it."""
    if not block.plain[:1].isdigit():  # of most blocks, and no pattern is tried
        return None
    found = _NUMBERED.match(block.plain)
    return int(found[1]) if found else None


def numbers_above(blocks: Sequence[RawBlock]) -> list[int]:
    """For each block the number of the last block above it that has one; -1 where there is none."""
    numbers, last = [], -1
    for block in blocks:
        numbers.append(last)
        number = number_of(block)
        last = last if number is None else number
    return numbers
