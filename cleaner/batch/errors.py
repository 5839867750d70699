"""What ends a run as a whole; a record that fails ends nothing."""

from cleaner.errors import CleanerError


class BatchError(CleanerError):
    """The run cannot start or go on."""


def missing(package: str, extra: str) -> BatchError:
    """The error for a package that an extra brings."""
    return BatchError(f"{package} is not installed: pip install 'article-cleaner[{extra}]'")


def reason(error: BaseException) -> str:
    """What an error says, on its own: the name of the file is known where it is told."""
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
