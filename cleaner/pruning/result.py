"""What :func:`cleaner.prune` returns."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from cleaner.document import Document

TreeT = TypeVar("TreeT")


@dataclass(frozen=True, slots=True)
class Pruned(Generic[TreeT]):
    """A tree without residue, and why.

    ``tree`` is a copy of the tree that was passed, of the same type. ``document`` is what :func:`cleaner.label` returns
    for that tree: every block with its label, its score and the evidence.
    """

    tree: TreeT
    document: Document
