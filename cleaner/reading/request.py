"""What the caller passes: a source, and what is known about it."""

from dataclasses import dataclass

from cleaner.reading.source import Kind, SourceInput


@dataclass(frozen=True, slots=True)
class Request:
    """A source with what the caller knows about it: its address, its language, whether it is HTML or text.

    Raises ``TypeError`` for an address that is no string; source, language and kind are checked where they are read.
    """

    source: SourceInput
    url: str | None = None
    lang: str | None = None
    kind: Kind = "auto"

    def __post_init__(self) -> None:
        if not isinstance(self.url, str | None):
            raise TypeError(f"url is a string, as 'https://courier.example/ferry', not {self.url!r}")
