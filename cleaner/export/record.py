"""A document as the flat fields of a record: what batch runs and framework adapters add to each record of theirs.

:class:`RecordOptions` says which fields there are and what ``text`` holds; :func:`to_record` makes them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from cleaner.document import Block, Document, Metadata
from cleaner.export.markdown import to_markdown
from cleaner.export.markup import to_html
from cleaner.export.plain import to_text
from cleaner.text.characters import strip_unsafe_chars

#: The formats in which a record can have the article.
Format = Literal["text", "markdown", "html"]

#: The names of the fields that each record has, in the order in which they are written.
FIELDS: Final = ("text", "title", "lang", "kind", "page_type", "confidence", "flags")
#: The names of the fields that ``metadata`` adds, each an attribute of :class:`cleaner.Metadata`.
METADATA_FIELDS: Final = ("authors", "date", "site", "description")

_EXPORTERS: Final[Mapping[str, Callable[[Document], str]]] = {
    "text": to_text,
    "markdown": to_markdown,
    "html": to_html,
}


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """What a record has: ``output_format`` is that of its field ``text``, ``metadata`` adds ``METADATA_FIELDS``.

    Raises ``ValueError`` for an unknown format.

    >>> RecordOptions("markdown", metadata=True).names[-4:]
    ('authors', 'date', 'site', 'description')
    """

    output_format: Format = "text"
    metadata: bool = False

    def __post_init__(self) -> None:
        if self.output_format not in get_args(Format):
            raise ValueError(f"the output format is one of {', '.join(get_args(Format))}, not {self.output_format!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in the order in which they are written."""
        return FIELDS + METADATA_FIELDS if self.metadata else FIELDS


#: Plain text, without metadata.
PLAIN: Final = RecordOptions()


def to_record(doc: Document, options: RecordOptions = PLAIN) -> dict[str, Any]:
    """The text and the facts about a document as plain values that encode to UTF-8.

    >>> to_record(Document((Block("The vote is on Tuesday."),), lang="en", confidence=0.91))["text"]
    'The vote is on Tuesday.'
    """
    return record_fields(
        text=_EXPORTERS[options.output_format](doc),
        title=doc.title,
        lang=doc.lang,
        kind=doc.kind,
        page_type=doc.page_type,
        confidence=doc.confidence,
        flags=doc.flags,
        metadata=doc.stated if options.metadata else None,
    )


def record_fields(  # noqa: PLR0913 one argument a field
    *,
    text: str,
    title: str,
    lang: str,
    kind: str,
    page_type: str,
    confidence: float,
    flags: Sequence[str],
    metadata: Metadata | None = None,
) -> dict[str, Any]:
    """The fields of a record, in their order, from the values of a document; with those of the metadata, if any."""
    title, confidence = strip_unsafe_chars(title), round(confidence, 4)
    values = (text, title, lang, kind, page_type, confidence, list(flags))
    fields: dict[str, Any] = dict(zip(FIELDS, values, strict=True))
    if metadata:
        fields |= {name: getattr(metadata, name) for name in METADATA_FIELDS}
        fields["authors"] = list(metadata.authors)
    return fields


def removed_by_label(doc: Document) -> Counter[str]:
    """Number of removed blocks for each label."""
    return Counter(block.label.value for block in doc.removed)


def removed_by_rule(doc: Document) -> dict[str, int]:
    """Number of removed blocks for each deciding rule, the most frequent first."""
    return dict(Counter(deciding_rule(block) for block in doc.removed).most_common())


def deciding_rule(block: Block) -> str:
    """The name of the strongest rule for the block's label, such as ``caption.credit``.

    It is ``caption.model`` where no rule for the label matched. That is the common case: the model recognises most
    blocks of a page by their markup and position.
    """
    matched = [e for e in block.evidence if e.label == block.label and e.name.startswith(f"{e.label}.")]
    return max(matched, key=lambda e: e.weight).name if matched else f"{block.label}.model"
