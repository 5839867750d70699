"""Texts in the data of a page: what its JSON-LD and the JSON of its scripts hold that may be the article.

Some pages are built by scripts in the browser. Their HTML is an empty shell, and the article stands in JSON: as
schema.org's ``articleBody``, or in the state that a framework hands to its script (``__NEXT_DATA__``). The parser's
events only collect the scripts. They are parsed when a page turns out to have no article of its own.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Final, Literal

from cleaner.document import SourceKind

#: Characters of the longest script that is read; the largest JSON-LD of 1,778 real pages has 0.6 million.
MAX_JSON: Final = 1_000_000
#: Characters of all scripts of a page that are collected, and number of these scripts.
MAX_COLLECTED: Final = 3_000_000
MAX_SCRIPTS: Final = 200
#: Objects, lists and long texts of one page that are visited.
MAX_VALUES: Final = 50_000
#: Objects and lists around the text of a paragraph, at most: rich text has a few.
MAX_NESTING: Final = 6
#: Characters of the shortest text that is a candidate.
MIN_CHARACTERS: Final = 250
#: Times that a text may be escaped: pages escape what their editor has escaped.
MAX_ESCAPED: Final = 2
#: Paragraphs of which a candidate consists at least, where they stand in a list.
MIN_PARAGRAPHS: Final = 2

#: Keys under which the text of a paragraph stands in an object, the most usual first.
_TEXT_KEYS: Final = (
    "text", "html", "htmlText", "innerHtml", "content", "contentText", "value", "body", "children", "items", "data",
    "attrs", "paragraph", "model", "nodes", "blocks", "element", "fields",
)  # fmt: skip
#: Keys of objects that are no paragraphs: teasers of other pages, and comments.
_OTHER_KEYS: Final = frozenset(
    "url href slug link permalink headline author authors user username rating created createdat avatar price".split()
)
#: Words in the key of a text that is about something, or that belongs to the site.
_NO_ARTICLE: Final = re.compile(
    r"descri|excerpt|summary|teaser|abstract|caption|polic|terms|cookie|consent|privacy|legal|disclaimer|css|style|script"
    r"|query|schema|translat|i18n|locale|comment|review|footer",
    re.IGNORECASE,
)
_TAG: Final = re.compile(
    r"</?(?:p|br|div|h[1-6]|ul|ol|li|a|b|i|em|strong|span|blockquote|figure|img|script|style)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_ANY_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")
_ESCAPED_TAG: Final = re.compile(r"&(?:amp;)?lt;/?(?:p|br|div|h[1-6]|ul|li|a|em|strong|span)\b", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&#?\w{2,8};")
#: Three words with spaces between them, which addresses have not, or as much in a script without spaces.
_WORDS: Final = re.compile(
    r"\w[^\w\s]{0,3}\s{1,9}\w+[^\w\s]{0,3}\s{1,9}\w|[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]{8}"
)

#: Where a text of the data stands; also the flag of a document that takes its text from there.
Where = Literal["json_ld", "page_data"]


@dataclass(frozen=True, slots=True)
class Script:
    """A script of the page that holds JSON. ``where`` tells JSON-LD from the data of an application."""

    where: Where
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be the article: HTML or plain text. ``key`` names the key that it stands under."""

    where: Where
    key: str
    text: str
    kind: SourceKind

    @property
    def plain(self) -> str:
        """The text without tags, on one line."""
        text = _ANY_TAG.sub(" ", self.text) if self.kind == "html" else self.text
        return " ".join((unescape(text) if self.kind == "html" else text).split())


def candidates(scripts: Sequence[Script]) -> Iterator[Candidate]:
    """The texts in scripts that are long enough to be an article, in the order of the scripts.

    Scripts that are no JSON give nothing, nor do those beyond ``MAX_JSON``.
    """
    left = MAX_VALUES
    for script in scripts:
        if left <= 0 or not MIN_CHARACTERS < len(script.text) <= MAX_JSON:
            continue
        try:
            root = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue
        find = _article_bodies if script.where == "json_ld" else _long_texts
        waiting: list[tuple[str, Any]] = [("", root)]
        while waiting and left > 0:
            key, value = waiting.pop()
            left -= 1
            if isinstance(value, str) and (nested := _nested(value)) is not None:
                value = nested
            yield from find(key, value)
            if isinstance(value, dict):
                waiting += [(name, inner) for name, inner in value.items() if _may_hold(inner)][::-1]
            elif isinstance(value, list):
                waiting += [(key, inner) for inner in value if _may_hold(inner)][::-1]


def _may_hold(value: object) -> bool:
    """Whether a value can be a candidate or hold one: most texts in data are too short."""
    return len(value) >= MIN_CHARACTERS if isinstance(value, str) else isinstance(value, dict | list)


def _nested(text: str) -> object:
    """The value of a text that is JSON itself, as in the caches of queries; None of any other text."""
    if len(text) < MIN_CHARACTERS or text[0] not in "{[":
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _article_bodies(_: str, value: object) -> Iterator[Candidate]:
    """The ``articleBody`` of an object: a text, or a list of paragraphs."""
    if isinstance(value, dict) and value.get("articleBody"):
        body = value["articleBody"]
        text = "\n\n".join(_paragraphs(body)) if isinstance(body, list) else body
        if isinstance(text, str):
            yield from _candidate("json_ld", "articleBody", text)


def _long_texts(key: str, value: object) -> Iterator[Candidate]:
    """A long text, or the paragraphs of a list, in the data of an application."""
    if not isinstance(value, str | list) or _NO_ARTICLE.search(key):
        return
    if isinstance(value, str):
        yield from _candidate("page_data", key, value)
    else:
        texts = _paragraphs(value)
        paragraphs = [text for text in texts if _WORDS.search(text)]
        if len(paragraphs) >= max(MIN_PARAGRAPHS, len(texts) / 2):
            yield from _candidate("page_data", key, "\n\n".join(paragraphs))


def _candidate(where: Where, key: str, text: str) -> Iterator[Candidate]:
    if len(text) < MIN_CHARACTERS or not _WORDS.search(text[:MAX_JSON]):
        return
    for _ in range(MAX_ESCAPED):
        if _ESCAPED_TAG.search(text):
            text = unescape(text)
    if _TAG.search(text):
        yield Candidate(where, key, text, "html")
        return
    for _ in range(MAX_ESCAPED):
        if _ENTITY.search(text):
            text = unescape(text)
    if text.count(" ") * 25 >= len(text) or not text[:1000].isascii():  # prose, not encoded data
        yield Candidate(where, key, text, "text")


def _paragraphs(values: list[Any]) -> list[str]:
    """The texts of a list of paragraphs; [] where most of its objects are teasers or comments."""
    objects = [value for value in values if isinstance(value, dict)]
    others = sum(not _OTHER_KEYS.isdisjoint(map(str.lower, value)) for value in objects)
    if 2 * others > len(objects):
        return []
    return [text for value in values if (text := _text(value, MAX_NESTING).strip())]


def _text(value: object, depth: int) -> str:
    """The text of one paragraph: itself, or what stands under the first key that holds any."""
    if isinstance(value, str):
        return value
    if depth <= 0:
        return ""
    if isinstance(value, list):
        return "".join(_text(part, depth - 1) for part in value)
    if isinstance(value, dict):
        for name in _TEXT_KEYS:
            if name in value and (text := _text(value[name], depth - 1)):
                return text
    return ""
