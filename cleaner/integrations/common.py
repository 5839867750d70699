"""What all adapters share: no record raises, and what was removed is counted in the same words everywhere."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cleaner.api import Cleaner
from cleaner.document import Block, Document

#: What stands for the reason where the model alone decided: most blocks of a page are known by their form.
MODEL: Final = "model"


def missing(extra: str) -> ImportError:
    """The error for a framework that is not installed: it says which extra brings it."""
    return ImportError(
        f"cleaner.integrations.{extra} needs a package that is missing: pip install 'article-cleaner[{extra}]'"
    )


def cleaner_of(cleaner: Cleaner | None, options: Mapping[str, Any]) -> Cleaner:
    """The policy: a ``Cleaner``, or the options of one, but not both."""
    if cleaner is not None and options:
        raise TypeError(f"options belong to the Cleaner that is passed: {', '.join(options)}")
    return cleaner or Cleaner(**options)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source: a document, or the reason why there is none.

    ``document`` is None where cleaning failed, and where the text alone was asked for. ``kind`` is a short name of the
    error that counters can carry; ``error`` is the whole of it.
    """

    text: str = ""
    document: Document | None = None
    error: str = ""
    kind: str = ""


def attempt(cleaner: Cleaner, source: Any, *, url: str | None = None, only_text: bool = False) -> Outcome:
    """The outcome of cleaning one source, which never raises: in a run of millions there is always one that would.

    ``only_text`` leaves out naming what goes, which is near to half of the time.
    """
    if source is None:
        return Outcome(error="no source", kind="NoSource")
    try:
        if only_text:
            return Outcome(cleaner.clean(source, url=url))
        doc = cleaner.label(source, url=url)
        return Outcome(doc.text, doc)
    except Exception as error:  # a limit on size, another type, or a fault of ours: it is this record's alone
        return Outcome(error=f"{type(error).__name__}: {error}", kind=type(error).__name__)


def reason(block: Block) -> str:
    """The name of the rule that spoke loudest for the block's label; ``caption.model`` where none did."""
    named = [e for e in block.evidence if e.label == block.label and e.name.startswith(f"{e.label}.")]
    return max(named, key=lambda e: e.weight).name if named else f"{block.label}.{MODEL}"


def reasons(doc: Document) -> dict[str, int]:
    """How many blocks were removed for which reason, the most frequent first.

    A reason is a rule's name, which begins with the label (``caption.credit``); or the label with "model".
    """
    return dict(Counter(reason(block) for block in doc.removed).most_common())


def removed(doc: Document) -> Counter[str]:
    """How many blocks were removed with which label."""
    return Counter(block.label.value for block in doc.removed)


def facts(doc: Document) -> dict[str, Any]:
    """What a document says beside its text, as plain values."""
    return {
        "title": encodable(doc.title),
        "lang": doc.lang,
        "page_type": doc.page_type,
        "confidence": round(doc.confidence, 4),
        "flags": list(doc.flags),
    }


def encodable(text: str) -> str:
    """The text with each lone surrogate replaced: one of them, in one title, would fail a whole batch or file."""
    return text.encode("utf-8", "replace").decode("utf-8")
