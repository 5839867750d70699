"""What a worker makes of one record: lines for the output files, and what they add to the summary."""

import base64
import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import process_time
from typing import Any, Final

from cleaner.api import Cleaner
from cleaner.batch.errors import reason
from cleaner.batch.reading import Record, Response, Unreadable
from cleaner.document import Block, Document, Label
from cleaner.errors import CleanerError
from cleaner.policy import Request
from cleaner.reading.source import MAX_SIZE, Kind, decode
from cleaner.text.characters import one_line, strip_unsafe_chars

#: Fields that hold the source where none is named; of two the first.
FIELDS: Final = ("html", "text")
#: What a result adds to a record.
RESULTS: Final = ("text", "title", "lang", "kind", "page_type", "confidence", "flags")

_SAMPLE: Final = "<html lang='en'><title>Ferry</title><nav><a href='/'>Home</a></nav><p>The ferry sailed on Monday.</p>"


@dataclass(frozen=True, slots=True)
class Tally:
    """What the summary counts. ``removed`` counts blocks by label, where they have been named.

    ``cleaning`` are the seconds of processor time that the cleaning itself took.
    """

    out: int = 0
    failed: int = 0
    words_in: int = 0
    words_out: int = 0
    blocks_removed: int = 0
    removed: dict[str, int] = field(default_factory=dict)
    cleaning: float = 0.0

    def plus(self, others: "Iterable[Tally]") -> "Tally":
        """The sum of this and others."""
        every = [self, *others]
        removed: Counter[str] = Counter()
        for one in every:
            removed.update(one.removed)
        return Tally(
            sum(one.out for one in every),
            sum(one.failed for one in every),
            sum(one.words_in for one in every),
            sum(one.words_out for one in every),
            sum(one.blocks_removed for one in every),
            dict(removed.most_common()),
            sum(one.cleaning for one in every),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a record: whole lines for the output and the removed blocks, or one for the errors."""

    output: bytes = b""
    removed: bytes = b""
    error: bytes = b""
    tally: Tally = Tally()


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The work on a record. It is sent to each worker once; ``prepare`` loads what every record needs.

    ``keep`` are labels that are kept as well; ``named`` says whether removed blocks are named, ``removed`` whether
    they are written; ``finite`` whether numbers that JSON does not have become null.
    """

    cleaner: Cleaner = field(default_factory=Cleaner)
    keep: frozenset[Label] = frozenset()
    kind: Kind = "auto"
    lang: str | None = None
    field: str | None = None
    id_field: str = "id"
    url_field: str = "url"
    keep_source: bool = False
    named: bool = False
    removed: bool = False
    finite: bool = True

    def prepare(self) -> None:
        """Load the weights, the rules and the parser."""
        import numpy as np

        # OpenBLAS takes its memory at the first product, and ends the process where there is none: better now, as a
        # worker that cannot start, than for a page.
        np.ones((256, 256), np.float32) @ np.ones((256, 256), np.float32)
        self.cleaner.label(_SAMPLE)
        self.cleaner.label("The ferry sailed on Monday.\n\nSign up for our newsletter.")

    def __call__(self, record: Record) -> Outcome:
        """What becomes of the record. Nothing that is in it raises, but for want of memory."""
        name = record.payload.id if isinstance(record.payload, Unreadable) else None
        try:
            fields = _fields(record)
            name = fields.get(self.id_field)
            return self._cleaned(record, fields)
        except MemoryError:
            raise  # the worker ends: what is left of its memory is in no state to go on with
        except CleanerError as error:
            return _failure(record, name, str(error))
        except OSError as error:
            return _failure(record, name, reason(error))
        except Exception as error:  # a fault of the library's own costs a record, not the run
            return _failure(record, name, f"{type(error).__name__}: {error}")

    def lost(self, record: Record, why: str) -> Outcome:
        """What becomes of a record that ended its worker."""
        try:
            fields = _fields(record)
        except Exception:  # it may be what ended the worker
            fields = {}
        return _failure(record, fields.get(self.id_field), why)

    def _cleaned(self, record: Record, fields: dict[str, Any]) -> Outcome:
        known = fields.get(self.id_field)
        field, source = self._source(record, fields)
        url = fields.get(self.url_field)
        request = Request(source, url if isinstance(url, str) else None, self.lang, self.kind)
        started = process_time()
        found = self._found(request)
        taken = process_time() - started
        if "binary" in found.result["flags"]:
            raise CleanerError("binary, neither HTML nor text")
        if self.keep_source:
            fields[field] = source if isinstance(source, str) else decode(source)[0]
        tally = Tally(
            out=1,
            words_in=found.words,
            words_out=len(found.result["text"].split()),
            blocks_removed=found.count,
            removed=dict(Counter(block.label.value for block in found.removed)),
            cleaning=taken,
        )
        removed = b""
        if self.removed:
            place = _place(record, known)
            removed = b"".join(to_line(place | _removed(block)) for block in found.removed)
        row = {free(name, fields): value for name, value in fields.items()} | found.result
        return Outcome(to_line(row, finite=self.finite), removed, b"", tally)

    def _source(self, record: Record, fields: dict[str, Any]) -> tuple[str, str | bytes]:
        """The name of the field that holds the source, and the source, which the fields no longer have."""
        payload = record.payload
        if isinstance(payload, Response):
            return "source", payload.source
        if isinstance(payload, Path):
            with payload.open("rb") as file:
                return "source", file.read(MAX_SIZE + 1)
        name = self.field or next((name for name in FIELDS if name in fields), None)
        if name is None:
            raise CleanerError("no field html or text; --field names another")
        if name not in fields:
            raise CleanerError(f"no field {name}")
        source = fields.pop(name)
        if not isinstance(source, str | bytes):
            raise CleanerError(f"the field {name} holds {_kind_of(source)}, not text")
        return name, source

    def _found(self, request: Request) -> "_Found":
        from cleaner import pipeline

        policy = self.cleaner._policy  # noqa: SLF001 the library's own
        judged = pipeline.judge(request, policy)
        page = judged.page
        words = sum(len(block.text.split()) for block in page.blocks)
        plain = None if self.named or self.keep else pipeline.text_unnamed(judged, policy)
        if plain is None or not page.metadata.headline:  # the title may be one of the blocks
            doc = pipeline.name(judged, policy)
            if self.keep:
                doc = replace(doc, keep=doc.keep | self.keep)
            return _Found(_result(doc), words, len(doc.removed), doc.removed if self.named else ())
        result = (
            plain, page.metadata.headline, judged.lang, page.kind, pipeline.page_type(judged),
            round(judged.confidence, 4), list(judged.flags),
        )  # fmt: skip
        count = len(judged.body) - sum(judged.body) + sum(map(len, judged.cuts.values()))
        return _Found(dict(zip(RESULTS, result, strict=True)), words, count)


@dataclass(frozen=True, slots=True)
class _Found:
    """What cleaning gave: the fields of the result, words in, how many blocks went, and those that have a name."""

    result: dict[str, Any]
    words: int
    count: int
    removed: tuple[Block, ...] = ()


def free(name: str, taken: Iterable[str]) -> str:
    """The name under which a record's own field stands beside the results: its own, where none of them has it.

    >>> free("url", ["url"]), free("title", ["title"]), free("title", ["title", "source_title"])
    ('url', 'source_title', 'source_source_title')
    """
    if name in RESULTS:
        while name in RESULTS or name in taken:
            name = f"source_{name}"
    return name


def to_line(data: dict[str, Any], *, finite: bool = True) -> bytes:
    """The data as a line of JSON in UTF-8."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=not finite, default=_plain)
    except ValueError:
        text = json.dumps(_finite(data), ensure_ascii=False, default=_plain)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:  # half of a pair of surrogates came in as an escape, and goes out as one
        return json.dumps(json.loads(text)).encode() + b"\n"


def _plain(value: Any) -> str:
    """What JSON has no type for, as a string."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _finite(data: Any) -> Any:
    """The data without the numbers that JSON does not have."""
    if isinstance(data, float) and not math.isfinite(data):
        return None
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    return [_finite(value) for value in data] if isinstance(data, list | tuple) else data


def _fields(record: Record) -> dict[str, Any]:
    """The fields of a record, with its source where that is one of them."""
    payload = record.payload
    if isinstance(payload, Unreadable):
        raise CleanerError(payload.reason)
    if isinstance(payload, dict):
        return dict(payload)
    if isinstance(payload, Response):
        return dict(payload.fields)
    return {"file": record.file} if isinstance(payload, Path) else _parsed(payload)


def _parsed(line: bytes) -> dict[str, Any]:
    end = "" if line.endswith(b"\n") else "; the file ends within this line"
    try:
        data = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise CleanerError(f"not UTF-8: byte 0x{line[error.start]:02x} at {error.start + 1:,}{end}") from error
    except json.JSONDecodeError as error:
        raise CleanerError(f"not JSON: {error.msg} at {error.pos + 1:,}{end}") from error
    except RecursionError as error:
        raise CleanerError("nested too deeply") from error
    if not isinstance(data, dict):
        raise CleanerError(f"{_kind_of(data)}, not a JSON object{end}")
    return data


def _kind_of(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    kinds = {"str": "a string", "list": "a list", "dict": "an object", "int": "a number", "float": "a number"}
    return kinds.get(type(value).__name__, type(value).__name__)


def _place(record: Record, name: Any) -> dict[str, Any]:
    """Which record a line of the removed blocks or the errors is about."""
    return {"file": record.file, "record": record.number, "id": name}


def _failure(record: Record, name: Any, why: str) -> Outcome:
    error = to_line(_place(record, name) | {"reason": one_line(why)})
    return Outcome(error=error, tally=Tally(failed=1))


def _result(doc: Document) -> dict[str, Any]:
    return {
        "text": doc.text,
        "title": strip_unsafe_chars(doc.title),
        "lang": doc.lang,
        "kind": doc.kind,
        "page_type": doc.page_type,
        "confidence": doc.confidence,
        "flags": list(doc.flags),
    }


def _removed(block: Block) -> dict[str, Any]:
    evidence = [
        {
            "name": e.name,
            "label": e.label.value,
            "weight": e.weight,
            "quote": strip_unsafe_chars(e.quote),
            "rule": e.rule,
        }
        for e in block.evidence
    ]
    return {"label": block.label.value, "score": block.score, "text": block.text, "evidence": evidence}
