"""A step of a datatrove pipeline; it is the same under datatrove's local, Slurm and Ray executors.

datatrove's own extractors return a string, without counts and reasons. This step is a ``PipelineStep``: it counts
removed blocks by label, writes the reasons into the metadata, and gives the reason for each document that it drops.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleaner.api import Cleaner
from cleaner.errors import install_hint
from cleaner.export.record import METADATA_FIELDS, Format, RecordOptions, removed_by_label, removed_by_rule
from cleaner.integrations.common import CleaningResult, clean_record, remember, resolve_cleaner
from cleaner.memory import SiteMemory, merge_files
from cleaner.text.characters import encodable

try:
    from datatrove.pipeline.base import PipelineStep
    from datatrove.utils.typeshelper import StatHints
except ImportError as error:
    raise ImportError(install_hint("datatrove", "datatrove")) from error

if TYPE_CHECKING:
    from os import PathLike

#: Prefix of the added metadata, so that a document's own title and language stay.
PREFIX: Final = "cleaner_"


class ArticleCleaner(PipelineStep):
    """Replaces a document's text, which is HTML or the output of an extractor, by the article.

    The id and the metadata stay. These are added: ``cleaner_title``, ``_lang``, ``_page_type``, ``_confidence``,
    ``_flags`` (separated by blanks), ``_removed`` (JSON: the number of removed blocks for each rule) and ``_problem``.
    All are strings or numbers, and every document has all of them, because writers take the columns of a Parquet file
    from the first document.

    A document of which nothing is kept, or that cannot be cleaned, is dropped, and counted as ``dropped_empty`` or
    ``dropped_<error>``; an ``exclusion_writer`` gets it unchanged, with the reason as ``cleaner_problem``. With
    ``keep_empty`` it is passed on with the text "", and counted as ``kept_empty`` or ``kept_<error>``.

    ``url_key`` names the metadata that hold the address. ``output_format`` is that of the text: "text", "markdown" or
    "html". ``metadata`` adds ``cleaner_authors`` (separated by commas), ``_date``, ``_site`` and ``_description``. With
    ``reasons=False`` only the text is made, plain text in little more than half of the time: ``cleaner_problem`` is
    then the only added metadata, and labels are not counted.

    The other options are those of :class:`cleaner.Cleaner`; or a ``cleaner`` is passed.
    """

    type = "🛢 - EXTRAC"
    name = "🧹 Article cleaner"

    def __init__(  # noqa: PLR0913 options, all by keyword
        self,
        *,
        url_key: str = "url",
        reasons: bool = True,
        output_format: Format = "text",
        metadata: bool = False,
        keep_empty: bool = False,
        exclusion_writer: Any = None,
        cleaner: Cleaner | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self.url_key = url_key
        self.reasons = reasons
        self.record = RecordOptions(output_format, metadata)
        self.keep_empty = keep_empty
        self.exclusion_writer = exclusion_writer
        self.cleaner = resolve_cleaner(cleaner, options)

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:  # noqa: ARG002 datatrove's
        """The cleaned documents that are passed on."""
        with self.exclusion_writer or nullcontext() as excluded:
            for doc in data:
                if self._passes(doc):
                    yield doc
                elif excluded:
                    excluded.write(doc, rank)

    def _passes(self, doc: Any) -> bool:
        """Clean a document in place and count it. Returns whether it is passed on."""
        self.stat_update(StatHints.total)
        with self.track_time():
            problem = self._clean(doc)
        if problem:
            self.stat_update(f"{'kept' if self.keep_empty else 'dropped'}_{problem}")
        passes = not problem or self.keep_empty
        self.stat_update(StatHints.forwarded if passes else StatHints.dropped)
        if passes:
            self.update_doc_stats(doc)
        return passes

    def _clean(self, doc: Any) -> str:
        """Clean a document in place, as datatrove's steps do. Returns why it has no text: an error, "empty", or ""."""
        url = doc.metadata.get(self.url_key)
        result = clean_record(self.cleaner, doc.text, only_text=not self.reasons, url=url, options=self.record)
        problem = result.error_kind or ("" if result.text else "empty")
        if self.reasons:
            self._count(result)
            doc.metadata.update(_metadata(result, self.record))
        doc.metadata[f"{PREFIX}problem"] = encodable(result.error) or problem
        if not problem or self.keep_empty:
            doc.text = result.text
        elif not isinstance(doc.text, str):  # a line of JSON may hold another type, which writers cannot write
            doc.text = str(doc.text)
        return problem

    def _count(self, result: CleaningResult) -> None:
        if result.document:
            for label, count in removed_by_label(result.document).items():
                self.stat_update(f"removed_{label}", value=count, unit="block")
            for flag in result.document.flags:
                self.stat_update(f"flag_{flag.split(':')[0]}")


def _metadata(result: CleaningResult, record: RecordOptions) -> dict[str, str | float]:
    """The metadata for a result, except the problem. Without a document, the values are empty."""
    values = result.fields
    removed = removed_by_rule(result.document) if result.document else {}
    metadata: dict[str, str | float] = {
        f"{PREFIX}title": values.get("title", ""),
        f"{PREFIX}lang": values.get("lang", ""),
        f"{PREFIX}page_type": values.get("page_type", ""),
        f"{PREFIX}confidence": values.get("confidence", 0.0),
        f"{PREFIX}flags": " ".join(values.get("flags", [])),
        f"{PREFIX}removed": json.dumps(removed),
    }
    if record.metadata:
        metadata |= {f"{PREFIX}{name}": values.get(name, "") for name in METADATA_FIELDS}
        metadata[f"{PREFIX}authors"] = ", ".join(values.get("authors", []))
    return metadata


class MemoryBuilder(PipelineStep):
    """Collects what recurs on sites while documents pass through, unchanged. Each task writes a memory of its own to
    ``folder``, named by its rank; :class:`MemoryMerger` makes one of them. The folder is one that all tasks see.

    ``url_key`` names the metadata that hold the address; documents without one pass as well. The other options are
    those of :class:`cleaner.memory.SiteMemory`.
    """

    type = "📊 - STATS"
    name = "🧠 Site memory"

    def __init__(self, folder: "PathLike[str] | str", *, url_key: str = "url", **options: Any) -> None:
        super().__init__()
        self.folder = Path(folder)
        self.url_key = url_key
        self.options = options

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:  # noqa: ARG002 datatrove's
        """The documents, unchanged. The memory is written when the last one has passed."""
        memory = SiteMemory(**self.options)
        for doc in data:
            self.stat_update(StatHints.total)
            url = doc.metadata.get(self.url_key)
            with self.track_time():
                self.stat_update(remember(memory, doc.text, url))
            yield doc
        self.folder.mkdir(parents=True, exist_ok=True)
        memory.save(self.folder / f"{rank:05}.memory")


class MemoryMerger(PipelineStep):
    """Merges the memories of a folder into one file: the only step of a pipeline with one task."""

    type = "📊 - STATS"
    name = "🧠 Site memory, merged"

    def __init__(self, folder: "PathLike[str] | str", output: "PathLike[str] | str") -> None:
        super().__init__()
        self.folder = Path(folder)
        self.output = Path(output)

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:  # noqa: ARG002 datatrove's
        """Write the file. Raises :class:`cleaner.memory.MemoryFileError` where there is nothing to merge."""
        merge_files(sorted(self.folder.glob("*.memory")), self.output)
