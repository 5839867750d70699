"""What the caller asks for, as plain values: one source and its facts, and the policy for all."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cleaner.document import Label
from cleaner.reading.source import MAX_SIZE, Kind

if TYPE_CHECKING:  # rules bring the regex library along
    from cleaner.rules.packs import Pack


#: When trafilatura is asked for its verdict on a page.
Witness = Literal["never", "unsure", "always"]


@dataclass(frozen=True, slots=True)
class Request:
    """A source with what the caller knows about it."""

    source: Any
    url: str | None = None
    lang: str | None = None
    kind: Kind = "auto"


@dataclass(frozen=True, slots=True)
class Policy:
    """The options of :class:`cleaner.Cleaner`, checked."""

    keep: frozenset[Label] | None = None
    also_keep: frozenset[Label] = frozenset()
    drop: frozenset[Label] = frozenset()
    threshold: float = 0.5
    packs: "tuple[Pack, ...]" = ()
    max_size: int = MAX_SIZE
    witness: Witness = "never"
