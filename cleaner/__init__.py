r"""Keeps the article and drops the residue around it: newsletter pleas, captions, bios, menus, related links.

>>> from cleaner import clean, label
>>> dirty = "The council voted on Tuesday, the mayor said.\n\nSign up for our daily newsletter."
>>> clean(dirty)
'The council voted on Tuesday, the mayor said.'
>>> [(block.label.value, block.text) for block in label(dirty).removed]
[('subscription', 'Sign up for our daily newsletter.')]

``clean`` takes HTML or text; ``label`` gives every block with its label, its score and the evidence;
``Cleaner`` holds a policy: what to keep, how strict to be, rules of your own.
"""

from typing import TYPE_CHECKING, Any

from cleaner.api import Cleaner, clean, label
from cleaner.document import DEFAULT_KEEP, Block, Cell, Document, Evidence, Image, Label, Mark, Metadata, Origin
from cleaner.errors import CleanerError, InputTooLarge, PackError

if TYPE_CHECKING:
    from cleaner import rules

__all__ = [
    "DEFAULT_KEEP",
    "Block",
    "Cell",
    "Cleaner",
    "CleanerError",
    "Document",
    "Evidence",
    "Image",
    "InputTooLarge",
    "Label",
    "Mark",
    "Metadata",
    "Origin",
    "PackError",
    "clean",
    "label",
    "rules",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """``cleaner.rules``, loaded when it is first used: it brings the regex package along."""
    if name == "rules":
        from importlib import import_module

        return import_module("cleaner.rules")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
