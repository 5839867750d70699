"""The work on one record: its source is cleaned, and it becomes lines for the output files."""

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any, ClassVar, Final

from cleaner.api import Cleaner
from cleaner.batch.jsonlines import kind_of_value, parse_line, to_line
from cleaner.batch.records import Record, Response, Unreadable
from cleaner.batch.results import Counts, RecordLines
from cleaner.document import Block
from cleaner.errors import BINARY, CleanerError, InputTooLarge, describe, size_message
from cleaner.export.record import PLAIN, RecordOptions, record_fields, to_record
from cleaner.reading.compressed import DAMAGED, decompressed
from cleaner.reading.decode import decode
from cleaner.reading.request import Request
from cleaner.reading.source import MAX_SIZE, Kind
from cleaner.text.characters import one_line

#: Fields that hold the source where no other is named. If a record has both, the first is taken.
SOURCE_FIELDS: Final = ("html", "text")

#: The fields of a line of the errors, and of a line of the removed blocks.
ERROR_FIELDS: Final = ("file", "record", "id", "reason")
REMOVED_FIELDS: Final = ("file", "record", "id", "label", "score", "text", "evidence")

#: Fields of a record that an error names, and the characters of each, at most.
MAX_NAMES: Final = 8
MAX_NAME: Final = 40

_SAMPLE_PAGE: Final = (
    "<html lang='en'><title>Ferry</title><nav><a href='/'>Home</a></nav><p>The ferry sailed on Monday.</p>"
)
_SAMPLE_TEXT: Final = "The ferry sailed on Monday.\n\nSign up for our newsletter."


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The function that workers apply to records, with its options; see :class:`cleaner.batch.worker.Work`.

    ``url`` is the address of records that have none of their own. ``label_removed`` says whether removed blocks get
    labels, ``write_removed`` whether they are written; ``strict_json`` whether NaN and infinity, which JSON does not
    have, become null. ``record`` says which fields cleaning adds. ``max_size`` is that of the cleaner: larger files are
    not read completely.
    """

    #: The module that loads what all workers need, in the process from which they are forked.
    PRELOAD: ClassVar[str] = "cleaner.batch.warm"

    cleaner: Cleaner = field(default_factory=Cleaner)
    kind: Kind = "auto"
    lang: str | None = None
    url: str | None = None
    max_size: int = MAX_SIZE
    record: RecordOptions = PLAIN
    field: str | None = None
    id_field: str = "id"
    url_field: str = "url"
    keep_source: bool = False
    label_removed: bool = False
    write_removed: bool = False
    strict_json: bool = True

    def prepare(self) -> None:
        """Load what cleaning needs."""
        load_all(self.cleaner)

    def __call__(self, record: Record) -> RecordLines:
        """The result for a record. Nothing in the record raises, except ``MemoryError`` for lack of memory."""
        record_id = record.payload.id if isinstance(record.payload, Unreadable) else None
        try:
            fields = _fields(record)
            record_id = fields.get(self.id_field)
            return self._clean(record, fields)
        except MemoryError:
            raise  # the worker ends: its memory is too fragmented to continue with
        except InputTooLarge:
            return _failure(record, record_id, size_message(self.max_size))
        except (CleanerError, OSError) as error:
            return _failure(record, record_id, describe(error))
        except Exception as error:  # a bug in the library costs this record, not the run
            return _failure(record, record_id, f"{type(error).__name__}: {error}")

    def lost(self, record: Record, reason: str) -> RecordLines:
        """The result for a record that ended its worker."""
        try:
            fields = _fields(record)
        except Exception:  # parsing it may be what ended the worker
            fields = {}
        return _failure(record, fields.get(self.id_field), reason)

    def source_of(self, record: Record) -> tuple[str | bytes, str | None]:
        """The source of a record and its address. Raises :class:`CleanerError` or ``OSError`` where there is none."""
        fields = _fields(record)
        _, source = self._take_source(record, fields)
        url = fields.get(self.url_field)
        return source, url if isinstance(url, str) else self.url

    def _clean(self, record: Record, fields: dict[str, Any]) -> RecordLines:
        record_id = fields.get(self.id_field)
        source_field, source = self._take_source(record, fields)
        url = fields.get(self.url_field)
        request = Request(source, url if isinstance(url, str) else self.url, self.lang, self.kind)
        started = process_time()
        cleaned = run_pipeline(self.cleaner, request, self.record, label_removed=self.label_removed)
        seconds = process_time() - started
        if "binary" in cleaned.fields["flags"]:
            raise CleanerError(BINARY)
        if self.keep_source:
            fields[source_field] = source if isinstance(source, str) else decode(source).text
        counts = Counts(
            out=1,
            words_in=cleaned.words_in,
            words_out=len(cleaned.fields["text"].split()),
            blocks_removed=cleaned.blocks_removed,
            removed_by_label=dict(Counter(block.label.value for block in cleaned.removed)),
            cleaning_seconds=seconds,
            without_address=int(self.cleaner._policy.memory is not None and not cleaned.has_address),  # noqa: SLF001
        )
        removed = b""
        if self.write_removed:
            place = _place(record, record_id)
            removed = b"".join(to_line(place | _removed(block)) for block in cleaned.removed)
        names = self.record.names
        row = {free_name(name, fields, names): value for name, value in fields.items()} | cleaned.fields
        return RecordLines(to_line(row, strict=self.strict_json), removed, b"", counts)

    def _take_source(self, record: Record, fields: dict[str, Any]) -> tuple[str, str | bytes]:
        """Remove the source from the fields. Returns the name of its field and the source."""
        payload = record.payload
        if isinstance(payload, Response):
            return "source", payload.source
        if isinstance(payload, Path):
            with payload.open("rb") as raw, decompressed(raw) as file:
                try:
                    return "source", file.read(self.max_size + 1)
                except DAMAGED as error:
                    raise CleanerError(f"the file cannot be read: {describe(error)}") from error
        name = self.field or next((name for name in SOURCE_FIELDS if name in fields), None)
        if name is None:
            raise CleanerError(f"no field html or text (the record has {_names(fields)}); --field names another")
        if name not in fields:
            raise CleanerError(f"no field {name} (the record has {_names(fields)})")
        source = fields.pop(name)
        if not isinstance(source, str | bytes):
            raise CleanerError(f"the field {name} holds {kind_of_value(source)}, not text")
        return name, source


# -- the pipeline --------------------------------------------------------------------------------


def load_all(cleaner: Cleaner) -> None:
    """Load the weights, the rules and the parser."""
    cleaner.label(_SAMPLE_PAGE)
    cleaner.label(_SAMPLE_TEXT)


@dataclass(frozen=True, slots=True)
class PipelineResult:
    """What the pipeline gives for a source.

    ``fields`` are those of :func:`cleaner.export.record.to_record`; ``words_in`` counts the words of all blocks;
    ``removed`` has the removed blocks where they were labelled; ``has_address`` says whether the address is known.
    """

    fields: dict[str, Any]
    words_in: int
    blocks_removed: int
    removed: tuple[Block, ...] = ()
    has_address: bool = True


def run_pipeline(
    cleaner: Cleaner, request: Request, record: RecordOptions = PLAIN, *, label_removed: bool = False
) -> PipelineResult:
    """Clean a source. Labelling the removed blocks takes half as much time again, so it is done only where the result
    depends on it: the exporters of Markdown and HTML take a labelled document.
    """
    from cleaner import pipeline

    policy = cleaner._policy  # noqa: SLF001 one package
    decided = pipeline.decide(pipeline.prepare(request, policy), policy)
    page = decided.prepared.page
    words_in = sum(len(block.text.split()) for block in page.blocks)
    has_address = bool(request.url or page.metadata.url)
    # Without a headline in its metadata, a page has the first block labelled title.
    text_alone = record.output_format == "text" and policy.keeps_body_alone(page.kind) and page.metadata.headline
    if label_removed or decided.data or not text_alone:
        doc = pipeline.document_of(decided, policy)
        removed = doc.removed if label_removed else ()
        return PipelineResult(to_record(doc, record), words_in, len(doc.removed), removed, has_address)
    fields = record_fields(
        text=pipeline.text_of(decided, policy),
        title=page.metadata.headline,
        lang=decided.prepared.lang,
        kind=page.kind,
        page_type=decided.scores.page_type,
        confidence=decided.decision.confidence,
        flags=decided.flags,
        metadata=page.metadata if record.metadata else None,
    )
    body = decided.decision.body
    blocks_removed = len(body) - int(body.sum()) + sum(map(len, decided.pleas.values()))
    return PipelineResult(fields, words_in, blocks_removed, has_address=has_address)


# -- fields and lines ----------------------------------------------------------------------------


def free_name(name: str, taken: Container[str], results: Container[str]) -> str:
    """The name in the output for a field of the input: ``source_<name>`` where one of the results has the name itself.

    >>> free_name("url", ["url"], ["title"]), free_name("title", ["title"], ["title"])
    ('url', 'source_title')
    >>> free_name("title", ["title", "source_title"], ["title"])
    'source_source_title'
    """
    if name in results:
        while name in results or name in taken:
            name = f"source_{name}"
    return name


def _fields(record: Record) -> dict[str, Any]:
    """The fields of a record, including its source if that is one of them."""
    payload = record.payload
    if isinstance(payload, Unreadable):
        raise CleanerError(payload.reason)
    if isinstance(payload, dict):
        return dict(payload)
    if isinstance(payload, Response):
        return dict(payload.fields)
    return {"file": record.file} if isinstance(payload, Path) else parse_line(payload)


def _names(fields: Mapping[str, Any]) -> str:
    """The names of the first fields of a record, as an error lists them."""
    names = [one_line(name[:MAX_NAME]) for name in islice(fields, MAX_NAMES)]
    left = len(fields) - len(names)
    return ", ".join([*names, *([f"{left} more"] if left else [])]) or "none"


def _place(record: Record, record_id: Any) -> dict[str, Any]:
    """The record that a line of the removed blocks or of the errors belongs to."""
    return {"file": record.file, "record": record.number, "id": record_id}


def _failure(record: Record, record_id: Any, reason: str) -> RecordLines:
    error = to_line(_place(record, record_id) | {"reason": one_line(reason)})
    return RecordLines(error=error, counts=Counts(failed=1))


def _removed(block: Block) -> dict[str, Any]:
    evidence = [
        {
            "name": e.name,
            "label": e.label.value,
            "weight": e.weight,
            "quote": e.quote,
            "rule": e.rule,
        }
        for e in block.evidence
    ]
    return {"label": block.label.value, "score": block.score, "text": block.text, "evidence": evidence}
