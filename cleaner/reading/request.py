"""What the caller passes: a source, and what is known about it."""

from dataclasses import dataclass

from cleaner.reading.source import Kind, SourceInput


@dataclass(frozen=True, slots=True)
class Request:
    """A source with what the caller knows about it: its address, its language, whether it is HTML or text."""

    source: SourceInput
    url: str | None = None
    lang: str | None = None
    kind: Kind = "auto"
