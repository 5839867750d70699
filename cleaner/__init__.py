r"""Keeps the article and drops the residue around it: newsletter pleas, captions, bios, menus, related links.

>>> from cleaner import clean, label
>>> dirty = "The council voted on Tuesday, the mayor said.\n\nSign up for our daily newsletter."
>>> clean(dirty)
'The council voted on Tuesday, the mayor said.'
>>> [(block.label.value, block.text) for block in label(dirty).removed]
[('subscription', 'Sign up for our daily newsletter.')]

``clean`` takes HTML or text; ``label`` gives every block with its label, its score and the evidence;
``clean_many`` cleans many sources on all cores; ``Cleaner`` holds a policy: what to keep, how strict to be, rules of
your own.
"""

from typing import TYPE_CHECKING, Any

from cleaner.api import Cleaner, clean, label, prune
from cleaner.document import DEFAULT_KEEP, Block, Cell, Document, Evidence, Image, Label, Mark, Metadata, Origin
from cleaner.errors import CleanerError, InputTooLarge, PackError
from cleaner.pruning.result import Pruned

if TYPE_CHECKING:
    from cleaner import rules
    from cleaner.batch.many import Cleaned, clean_many

__all__ = [
    "DEFAULT_KEEP",
    "Block",
    "Cell",
    "Cleaned",
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
    "Pruned",
    "clean",
    "clean_many",
    "label",
    "prune",
    "rules",
]

__version__ = "0.2.0"


#: Where names are that are loaded when they are first used: they bring regex or multiprocessing along.
_LOADED_ON_USE = {"Cleaned": "cleaner.batch.many", "clean_many": "cleaner.batch.many", "rules": "cleaner.rules"}


def __dir__() -> list[str]:
    """The names of the module, with those that are loaded when they are first used."""
    return sorted({*globals(), *_LOADED_ON_USE})


def __getattr__(name: str) -> Any:
    """A name that is loaded when it is first used."""
    if name in _LOADED_ON_USE:
        from importlib import import_module

        module = import_module(_LOADED_ON_USE[name])
        return getattr(module, name, module)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
