"""The options of :class:`cleaner.Cleaner`, checked."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cleaner.document import DEFAULT_KEEP, Label, SourceKind
from cleaner.reading.source import MAX_SIZE

if TYPE_CHECKING:  # rules bring the regex package along, memories numpy
    from cleaner.memory import SiteMemory
    from cleaner.rules import Pack

#: When trafilatura is asked for its verdict on a page.
Witness = Literal["never", "unsure", "always"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What is kept and how strictly. ``keep`` replaces the default; where it is None, ``also_keep`` is added to the
    default and ``drop`` taken from it.
    """

    keep: frozenset[Label] | None = None
    also_keep: frozenset[Label] = field(default_factory=frozenset)
    drop: frozenset[Label] = field(default_factory=frozenset)
    threshold: float = 0.5
    packs: "tuple[Pack, ...]" = ()
    max_size: int = MAX_SIZE
    witness: Witness = "never"
    images: bool = False
    memory: "SiteMemory | None" = None

    def kept_labels(self, kind: SourceKind) -> frozenset[Label]:
        """The labels that are kept of a source of a kind."""
        if self.keep is not None:
            return self.keep
        return DEFAULT_KEEP[kind] - self.drop | self.also_keep

    def keeps_body_alone(self, kind: SourceKind) -> bool:
        """Whether the text of a source of a kind is its body: then it does not depend on the labels of the residue.

        From a text a headline stays as well, which only its label tells from a byline.
        """
        return kind == "html" and self.kept_labels(kind) == DEFAULT_KEEP["html"]
