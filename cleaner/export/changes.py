"""What differs between two documents of one source: which blocks other options keep, remove or name otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cleaner.document import Block, Document


@dataclass(frozen=True, slots=True)
class Change:
    """A block of the later document whose label is another one than before; ``at`` is its number there, from 0 on."""

    at: int
    block: Block
    before: str
    after: str


def changes(before: Document, after: Document) -> list[Change]:
    """The blocks whose label changed, in their order, and those that were divided otherwise."""
    return [
        Change(at, new, fate(before, old) if old else "part of another block", fate(after, new))
        for at, (old, new) in enumerate(_paired(before.blocks, after.blocks))
        if old is None or old.label != new.label
    ]


def fate(doc: Document, block: Block) -> str:
    """What became of a block of a document: ``"removed as caption"``."""
    return f"{'kept' if block.label in doc.keep else 'removed'} as {block.label}"


def _paired(before: Sequence[Block], after: Sequence[Block]) -> Iterator[tuple[Block | None, Block]]:
    """Each later block beside the earlier one of the same text; None where blocks were divided otherwise."""
    matcher = SequenceMatcher(None, [block.text for block in before], [block.text for block in after], autojunk=False)
    for tag, start, _, first, end in matcher.get_opcodes():
        for number, block in enumerate(after[first:end]):
            yield (before[start + number] if tag == "equal" else None), block
