"""What the adapters share: a source that cannot be cleaned gives a result with the reason, and never raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cleaner.api import Cleaner
from cleaner.document import Document
from cleaner.export.record import PLAIN, RecordOptions, to_record

if TYPE_CHECKING:
    from cleaner.memory import SiteMemory


def resolve_cleaner(cleaner: Cleaner | None, options: Mapping[str, Any]) -> Cleaner:
    """The cleaner that an adapter was given, or a new one with the options. Raises ``TypeError`` for both."""
    if cleaner is not None and options:
        raise TypeError(f"options belong to the Cleaner that is passed: {', '.join(options)}")
    return cleaner or Cleaner(**options)


@dataclass(frozen=True, slots=True)
class CleaningResult:
    """The result for one source: the fields of its record, or the reason why there are none.

    ``fields`` are those of :func:`~cleaner.export.record.to_record`; ``text`` alone where only the text was asked for.
    ``document`` is None if cleaning failed, or if only the text was asked for. ``error`` is the message and
    ``error_kind`` a short name for counters, such as ``TypeError``; both are "" on success.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    document: Document | None = None
    error: str = ""
    error_kind: str = ""

    @property
    def text(self) -> str:
        """The article in the format that was asked for; "" if nothing is kept or cleaning failed."""
        return str(self.fields.get("text", ""))


def clean_record(
    cleaner: Cleaner, source: Any, *, url: Any = None, only_text: bool = False, options: RecordOptions = PLAIN
) -> CleaningResult:
    """Clean one source. It never raises: among millions of records, some source always would.

    ``options`` say which fields the result has. ``only_text`` leaves out all but ``text``: of plain text the labels of
    removed blocks are not needed then, which takes nearly half of the time. A ``url`` that is no string is ignored, as
    fields of records may hold anything.

    >>> clean_record(Cleaner(), None).error
    'no source'
    """
    if source is None:
        return CleaningResult(error="no source", error_kind="NoSource")
    url = url if isinstance(url, str) else None
    try:
        if only_text and options.output_format == "text":
            return CleaningResult({"text": cleaner.clean(source, url=url)})
        doc = cleaner.label(source, url=url)
        fields = to_record(doc, options)
    except Exception as error:  # too large, of another type, or a bug of the library: it is an error of this record
        return CleaningResult(error=f"{type(error).__name__}: {error}", error_kind=type(error).__name__)
    return CleaningResult({"text": fields["text"]}) if only_text else CleaningResult(fields, doc)


def remember(memory: "SiteMemory", source: Any, url: Any) -> str:
    """Add one source, or a document of it, to a memory. It never raises. Returns what to count: "added",
    "without_address", or the name of an error.

    >>> from cleaner.memory import SiteMemory
    >>> memory = SiteMemory()
    >>> remember(memory, "The ferry sailed on Monday.", "https://courier.example/1"), remember(memory, "", None)
    ('added', 'without_address')
    """
    from cleaner.memory import place_of  # numpy, which an adapter without a memory loads later

    if not isinstance(url, str) or place_of(url) is None:
        return "without_address"
    try:
        memory.add(source, url=url)
    except Exception as error:  # too large, of another type, or a bug of the library
        return type(error).__name__
    return "added"


#: What is added to the metadata of a document of an index, beside ``title`` and ``language``.
FACTS: Final = ("cleaner_page_type", "cleaner_confidence", "cleaner_flags", "cleaner_error")


def index_metadata(result: CleaningResult, own: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata of a document with what is known of the article: strings and numbers alone, as indexes want them.

    ``own`` are the metadata that the document has, and they stay. ``title``, ``language``, ``author``, ``date``,
    ``site`` and ``description`` are added where they are known and missing, and what ``FACTS`` names in any case; of a
    document that could not be cleaned, ``cleaner_error`` alone.
    """
    if result.document is None:
        return {**own, "cleaner_error": result.error}
    fields = result.fields
    found = {"title": fields["title"], "language": fields["lang"]} | stated_strings(fields)
    metadata = {**own, **{name: value for name, value in found.items() if value and not own.get(name)}}
    values = fields["page_type"], fields["confidence"], " ".join(fields["flags"]), ""
    return metadata | dict(zip(FACTS, values, strict=True))


def stated_strings(fields: Mapping[str, Any]) -> dict[str, str]:
    """What a page states of author, date, site and description, as strings; none without ``metadata``."""
    if "authors" not in fields:
        return {}
    return {"author": ", ".join(fields["authors"])} | {name: fields[name] for name in ("date", "site", "description")}
