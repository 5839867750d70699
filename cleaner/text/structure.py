"""What a block's tag and context say about its text: headings, code, and table cells that hold paragraphs."""

from typing import Final, Protocol

#: Levels of headings by their tags.
LEVELS: Final = {f"h{level}": level for level in range(1, 7)}
#: Tags of list items and cells.
ITEMS_AND_CELLS: Final = frozenset("li dt dd td th".split())
#: Characters from which a table cell holds a paragraph instead of data: old pages use tables for their columns.
LONG_CELL: Final = 120


class Tagged(Protocol):
    """A block with the tag that it comes from and the structural elements around it, outermost first."""

    @property
    def tag(self) -> str: ...

    @property
    def context(self) -> tuple[str, ...]: ...


def is_code(block: Tagged) -> bool:
    """Whether the block is preformatted, so that its line breaks and indentation matter."""
    return block.tag == "pre" or "pre" in block.context
