"""What the library raises.

::

    ValueError
    └── CleanerError
        ├── PackError        a pack cannot be used; names file, table and pattern
        └── InputTooLarge    a source is over the limit on size

Another type than the documented ones is a ``TypeError``. No ``str`` or ``bytes`` raises for what is in it.
"""


class CleanerError(ValueError):
    """The base of the library's own errors."""


class PackError(CleanerError):
    """A pack cannot be used."""


class InputTooLarge(CleanerError):
    """A source is larger than the limit, which :class:`cleaner.Cleaner` takes as ``max_size``."""
