"""What the adapters share: a source that cannot be cleaned gives a result with the reason, and never raises."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cleaner.api import Cleaner
from cleaner.document import Document


def resolve_cleaner(cleaner: Cleaner | None, options: Mapping[str, Any]) -> Cleaner:
    """The cleaner that an adapter was given, or a new one with the options. Raises ``TypeError`` for both."""
    if cleaner is not None and options:
        raise TypeError(f"options belong to the Cleaner that is passed: {', '.join(options)}")
    return cleaner or Cleaner(**options)


@dataclass(frozen=True, slots=True)
class CleaningResult:
    """The result for one source: a document, or the reason why there is none.

    ``document`` is None if cleaning failed, or if only the text was asked for. ``error`` is the message and
    ``error_kind`` a short name for counters, such as ``TypeError``; both are "" on success.
    """

    text: str = ""
    document: Document | None = None
    error: str = ""
    error_kind: str = ""


def clean_record(cleaner: Cleaner, source: Any, *, url: Any = None, only_text: bool = False) -> CleaningResult:
    """Clean one source. It never raises: among millions of records, some source always would.

    ``only_text`` leaves out the labels of removed blocks, which takes nearly half of the time. A ``url`` that is no
    string is ignored, as fields of records may hold anything.

    >>> clean_record(Cleaner(), None).error
    'no source'
    """
    if source is None:
        return CleaningResult(error="no source", error_kind="NoSource")
    url = url if isinstance(url, str) else None
    try:
        if only_text:
            return CleaningResult(cleaner.clean(source, url=url))
        doc = cleaner.label(source, url=url)
        return CleaningResult(doc.text, doc)
    except Exception as error:  # too large, of another type, or a bug of the library: it is an error of this record
        return CleaningResult(error=f"{type(error).__name__}: {error}", error_kind=type(error).__name__)
