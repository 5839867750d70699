"""A document as the flat fields of a record: what batch runs and framework adapters add to each record of theirs."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from cleaner.document import Block, Document
from cleaner.text.characters import strip_unsafe_chars

#: The names of the fields, in the order in which they are written.
FIELDS: Final = ("text", "title", "lang", "kind", "page_type", "confidence", "flags")


def to_record(doc: Document) -> dict[str, Any]:
    """The text and the facts about a document as plain values that encode to UTF-8.

    >>> to_record(Document((Block("The vote is on Tuesday."),), lang="en", confidence=0.91))["text"]
    'The vote is on Tuesday.'
    """
    return record_fields(
        text=doc.text,
        title=doc.title,
        lang=doc.lang,
        kind=doc.kind,
        page_type=doc.page_type,
        confidence=doc.confidence,
        flags=doc.flags,
    )


def record_fields(  # noqa: PLR0913 one argument a field
    *, text: str, title: str, lang: str, kind: str, page_type: str, confidence: float, flags: Sequence[str]
) -> dict[str, Any]:
    """The fields of a record, in the order of ``FIELDS``, from the values of a document."""
    title, confidence = strip_unsafe_chars(title), round(confidence, 4)
    values = (text, title, lang, kind, page_type, confidence, list(flags))
    return dict(zip(FIELDS, values, strict=True))


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
