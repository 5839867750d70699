"""A step of a datatrove pipeline, the same under its local, Slurm and Ray executors.

datatrove's own extractors give back a string and no more, and count neither why nor what. This step is a
``PipelineStep`` of its own: it counts what it removes by label, writes the reasons into the metadata, and says of each
document that does not go on why it does not.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import Any, Final

from cleaner.api import Cleaner
from cleaner.integrations.common import Outcome, attempt, cleaner_of, encodable, facts, missing, reasons, removed

try:
    from datatrove.pipeline.base import PipelineStep
    from datatrove.utils.typeshelper import StatHints
except ImportError as error:
    raise missing("datatrove") from error

#: What the names of the metadata begin with: a source's own title and language stay.
PREFIX: Final = "cleaner_"


class ArticleCleaner(PipelineStep):
    """Replaces a document's text, HTML or what an extractor produced, by the article; its id and metadata stay.

    The metadata gain ``cleaner_title``, ``_lang``, ``_page_type``, ``_confidence``, ``_flags`` (separated by blanks),
    ``_removed`` (JSON that counts the removed blocks by reason) and ``_problem``. All are strings or numbers, and each
    document has all of them, as writers take the columns of a Parquet file from its first document.

    A document of which nothing is kept, or that cannot be cleaned, is dropped, and counted as ``dropped_empty`` or
    ``dropped_<error>``; an ``exclusion_writer`` gets it as it came, with the reason as ``cleaner_problem``. With
    ``keep_empty`` it goes on with the text "", is counted as ``kept_empty`` or ``kept_<error>``, and has the same mark.

    ``url_key`` names the metadata that hold the address. With ``reasons=False`` the text alone is made, in near to half
    of the time: ``cleaner_problem`` is all that is noted, and nothing counted by label.

    The other options are those of :class:`cleaner.Cleaner`; or a ``cleaner`` is passed.
    """

    type = "🛢 - EXTRAC"
    name = "🧹 Article cleaner"

    def __init__(
        self,
        *,
        url_key: str = "url",
        reasons: bool = True,
        keep_empty: bool = False,
        exclusion_writer: Any = None,
        cleaner: Cleaner | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self.url_key = url_key
        self.reasons = reasons
        self.keep_empty = keep_empty
        self.exclusion_writer = exclusion_writer
        self.cleaner = cleaner_of(cleaner, options)

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:  # noqa: ARG002 datatrove's
        """The documents that go on, cleaned."""
        with self.exclusion_writer or nullcontext() as excluded:
            for doc in data:
                self.stat_update(StatHints.total)
                with self.track_time():
                    why = self._clean(doc)
                if why:
                    self.stat_update(f"{'kept' if self.keep_empty else 'dropped'}_{why}")
                if not why or self.keep_empty:
                    self.stat_update(StatHints.forwarded)
                    self.update_doc_stats(doc)
                    yield doc
                else:
                    self.stat_update(StatHints.dropped)
                    if excluded:
                        excluded.write(doc, rank)

    def _clean(self, doc: Any) -> str:
        """Clean a document in place; give back why it has no text, or ""."""
        url = doc.metadata.get(self.url_key)
        url = url if isinstance(url, str) else None
        outcome = attempt(self.cleaner, doc.text, only_text=not self.reasons, url=url)
        why = outcome.kind or ("" if outcome.text else "empty")
        if self.reasons:
            self._note(doc, outcome)
        doc.metadata[f"{PREFIX}problem"] = encodable(outcome.error) or why
        if not why or self.keep_empty:
            doc.text = encodable(outcome.text)
        elif not isinstance(doc.text, str):  # writers would stumble over what a line of JSON may hold
            doc.text = str(doc.text)
        return why

    def _note(self, doc: Any, outcome: Outcome) -> None:
        found = outcome.document
        known: dict[str, Any] = {
            "title": "",
            "lang": "",
            "page_type": "",
            "confidence": 0.0,
            "flags": [],
            "removed": {},
        }
        if found:
            known = facts(found) | {"removed": reasons(found)}
            for label, count in removed(found).items():
                self.stat_update(f"removed_{label}", value=count, unit="block")
            for flag in found.flags:
                self.stat_update(f"flag_{flag.split(':')[0]}")
        known["flags"] = " ".join(known["flags"])
        known["removed"] = json.dumps(known["removed"])
        doc.metadata.update({f"{PREFIX}{name}": value for name, value in known.items()})
