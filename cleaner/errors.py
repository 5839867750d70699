"""What the library raises, and how its commands report an error.

::

    ValueError
    └── CleanerError
        ├── PackError        a pack cannot be used; the message names file, table and pattern
        ├── InputTooLarge    a source is over the limit on size
        ├── BatchError       a batch run cannot start or cannot go on
        └── MemoryFileError  a site memory cannot be read, or two cannot be merged

An argument of an undocumented type raises ``TypeError``. No ``str`` or ``bytes`` raises because of its content.
"""

from typing import Final

#: What both commands say about a source that is neither HTML nor text.
BINARY: Final = "binary, neither HTML nor text"


class CleanerError(ValueError):
    """The base of the library's own errors."""


class PackError(CleanerError):
    """A pack cannot be used."""


class InputTooLarge(CleanerError):
    """A source is larger than the limit, which :class:`cleaner.Cleaner` takes as ``max_size``."""


class BatchError(CleanerError):
    """A batch run cannot start or cannot go on. A record that fails is no such error: it costs only itself."""


class MemoryFileError(CleanerError):
    """A site memory cannot be read, or two memories cannot be merged."""


def describe(error: BaseException) -> str:
    """The message of an error without the file name, which the caller prints in front of it.

    >>> describe(FileNotFoundError(2, "No such file or directory", "page.html"))
    'No such file or directory'
    >>> describe(MemoryError())
    'MemoryError'
    """
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def size_message(limit: int) -> str:
    """What both commands say about a source that is over the limit, in bytes or characters.

    >>> size_message(10_000_000)
    'larger than the limit of 10,000,000; --max-size sets another'
    """
    return f"larger than the limit of {limit:,}; --max-size sets another"


def install_command(extra: str) -> str:
    """The command that installs an extra: of a release, and of a copy of the repository.

    >>> install_command("arrow")
    "pip install 'article-cleaner[arrow]', or '.[arrow]' in a copy of the repository"
    """
    return f"pip install 'article-cleaner[{extra}]', or '.[{extra}]' in a copy of the repository"


def install_hint(package: str, extra: str) -> str:
    """How to install a missing package.

    >>> install_hint("pyarrow", "arrow")
    "pyarrow is not installed: pip install 'article-cleaner[arrow]', or '.[arrow]' in a copy of the repository"
    """
    return f"{package} is not installed: {install_command(extra)}"
