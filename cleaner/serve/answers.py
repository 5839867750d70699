"""What the local page asks and is answered, as plain data for JSON.

A question is an object. Each ``answer_*`` method of :class:`Answers` checks what it reads and raises
:class:`~cleaner.errors.CleanerError` with what is wrong.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast, get_args

from cleaner import rules
from cleaner.api import Cleaner
from cleaner.document import Block, Document, Label
from cleaner.errors import BINARY, CleanerError
from cleaner.export.changes import changes
from cleaner.export.lines import reasons
from cleaner.reading.source import MAX_SIZE, Kind
from cleaner.rules.draft import add_to
from cleaner.serve.labels_file import LabelsFile
from cleaner.serve.pages import Labels, Pages
from cleaner.text.characters import encodable, one_line, strip_unsafe_chars

#: The name of the pack on the page: its rules are called ``mine:…``.
PACK: Final = "mine.toml"
#: Header lines of a file of labels that the page can change; others are kept as they are.
EDITED: Final = ("about", "lang", "trap")

#: A question or an answer: an object of JSON.
Json = dict[str, Any]
_T = TypeVar("_T")


class Answers:
    """Answers the questions of the page about pages and about sources that are sent along.

    ``pack`` is the text that the page's pack begins with, ``max_size`` the largest source.
    """

    def __init__(self, pages: Pages, *, pack: str = "", max_size: int = MAX_SIZE) -> None:
        self._pages = pages
        self._pack = pack
        self._max_size = max_size
        self._by_name: Final[Mapping[str, Callable[[Json], Json]]] = {
            "start": self.answer_start,
            "label": self.answer_label,
            "rule": self.answer_rule,
            "save": self.answer_save,
        }

    @property
    def names(self) -> frozenset[str]:
        """The names of the questions."""
        return frozenset(self._by_name)

    def answer(self, name: str, question: Json) -> Json:
        """The answer to a question of a name."""
        return self._by_name[name](question)

    def answer_start(self, _: Json) -> Json:
        """What the page needs once: labels, pages, the pack."""
        return {
            "labels": list(Label),
            "pages": list(map(encodable, self._pages.names())),
            "labelled": self._pages.has_labels(),
            "pack": self._pack,
            "max_size": self._max_size,
        }

    def answer_label(self, question: Json) -> Json:
        """A labelled source: what was kept, the text, and what the pack changed; of a page its file of labels too."""
        asked = _Asked.of(question)
        source, truth = self._source(question)
        lang = asked.lang or (truth.file.header.get("lang") if truth else None)
        pack = _pack(asked.pack)
        url = asked.url or (f"https://{pack.hosts[0]}/" if pack and pack.hosts else None)

        def labelled(cleaner: Cleaner) -> Document:
            return cleaner.label(source, url=url, lang=lang, kind=asked.kind)

        plain = Cleaner(keep=asked.keep, threshold=asked.threshold, max_size=self._max_size)
        doc = labelled(plain)
        if "binary" in doc.flags:
            raise CleanerError(BINARY)
        answer: Json = {"changes": None}
        if pack:
            with_pack = Cleaner(keep=asked.keep, threshold=asked.threshold, packs=[pack], max_size=self._max_size)
            before, doc = doc, labelled(with_pack)
            answer["changes"] = [
                {"at": change.at, "before": change.before, "after": change.after} for change in changes(before, doc)
            ]
            answer["unmatched"] = with_pack.unmatched([doc])
        answer |= _document(doc)
        if truth:
            answer["truth"] = _truth(truth, doc)
        return answer

    def answer_rule(self, question: Json) -> Json:
        """The pack with a rule for a line at its end."""
        line, pack = _field(question, "line", str, ""), _field(question, "pack", str, "")
        return {"pack": add_to(pack, line, _label(question.get("label")))}

    def answer_save(self, question: Json) -> Json:
        """Writes the file of labels of a page."""
        number, version = _field(question, "page", int, -1), _field(question, "version", str, "")
        blocks = tuple((_label(label), one_line(text)) for label, text in _pairs(question.get("blocks")))
        header = self._header(number, question)
        saved = self._pages.save(number, LabelsFile(header, blocks), version)
        return {"version": saved.version, "header": saved.file.header}

    def _header(self, number: int, question: Json) -> dict[str, str]:
        """The header of the file as it is, with what the page edited: ``about`` first, what is empty left out."""
        edited = {key: one_line(_field(question, key, str, "")) for key in ("about", "lang")}
        header = {key: value for key, value in edited.items() if value}
        if _field(question, "trap", bool, False):
            header["trap"] = ""
        others = self._pages.labels(number).file.header
        return header | {key: value for key, value in others.items() if key not in EDITED}

    def _source(self, question: Json) -> tuple[str | bytes, Labels | None]:
        """The source that is asked about, with the labels of a page."""
        if (number := _field(question, "page", int, -1)) >= 0:
            return self._pages.read(number, self._max_size), self._pages.labels(number)
        if file := _field(question, "file", str, ""):
            try:
                return b64decode(file, validate=True), None
            except binascii.Error as error:
                raise CleanerError(f"file is not Base64: {error}") from error
        return _field(question, "text", str, ""), None


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options of a question, checked as far as :class:`cleaner.Cleaner` does not check them."""

    url: str | None
    lang: str | None
    kind: Kind
    threshold: float
    keep: list[str] | None
    pack: str

    @classmethod
    def of(cls, question: Json) -> "_Asked":
        kind = _field(question, "kind", str, "auto")
        if kind not in get_args(Kind):
            raise CleanerError(f"kind is one of {', '.join(get_args(Kind))}, not {kind!r}")
        return cls(
            url=_field(question, "url", str, "") or None,
            lang=_field(question, "lang", str, "").strip() or None,
            kind=cast("Kind", kind),
            threshold=_field(question, "threshold", float, 0.5),
            keep=None if question.get("keep") is None else _field(question, "keep", list, []),
            pack=_field(question, "pack", str, ""),
        )


def _pack(text: str) -> rules.Pack | None:
    """The pack in a text; None where it holds nothing but comments."""
    has_lines = any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())
    return rules.parse(text, PACK) if has_lines else None


def _document(doc: Document) -> Json:
    return {
        "title": _plain(doc.title),
        "address": _plain(doc.stated.url or doc.base_url),
        "kind": doc.kind,
        "lang": doc.lang,
        "page_type": doc.page_type,
        "confidence": doc.confidence,
        "flags": list(map(_plain, doc.flags)),
        "keep": sorted(doc.keep),
        "text": doc.text,
        "markdown": doc.to_markdown(),
        "blocks": [_block(block) for block in doc.blocks],
    }


def _block(block: Block) -> Json:
    return {
        "text": strip_unsafe_chars(block.text),
        "label": block.label,
        "score": round(block.score, 2),
        "tag": "pre" if "pre" in (block.tag, *block.context) else block.tag,
        "evidence": reasons(block),
    }


def _truth(labels: Labels, doc: Document) -> Json:
    """The labels of a page's file beside its blocks: None for a block that the file lacks, and the texts left over."""
    own: list[str | None] = [None] * len(doc.blocks)
    missing = []
    if labels.version:
        by_text: dict[str, list[int]] = {}
        for at, block in enumerate(doc.blocks):
            by_text.setdefault(one_line(block.text), []).append(at)
        for label, text in labels.file.blocks:
            places = by_text.get(text)
            if places:
                own[places.pop(0)] = label
            else:
                missing.append(text)
    return {"version": labels.version, "header": labels.file.header, "labels": own, "missing": missing}


# -- checks ------------------------------------------------------------------------------------------


def _field(question: Json, name: str, kind: type[_T], default: _T) -> _T:
    """A field of a question, the default where it is missing. Raises :class:`CleanerError` for another type."""
    value = question.get(name, default)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise CleanerError(f"{name} is {value!r:.60}, which is no {kind.__name__}")
    return value


def _label(value: object) -> Label:
    try:
        return Label(cast("str", value))
    except ValueError:
        raise CleanerError(f"{value!r:.60} is no label; labels are {', '.join(Label)}") from None


def _pairs(value: object) -> list[tuple[object, str]]:
    if not isinstance(value, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and isinstance(pair[1], str) for pair in value
    ):
        raise CleanerError("blocks is a list of pairs: a label and a text")
    return [(label, text) for label, text in value]


def _plain(text: str) -> str:
    return encodable(one_line(text))
