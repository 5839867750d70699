"""What a page says of itself in its head and in its JSON-LD: title, author, date, kind, and at times the whole text."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cleaner.document import Metadata
from cleaner.text.characters import strip_unsafe_chars

#: JSON-LD larger than this is not read, in characters; the largest of 1,778 real pages has 0.6 million.
MAX_JSON: Final = 1_000_000
#: Longest metadata field, in characters.
MAX_FIELD: Final = 2_000

_TAGS: Final = re.compile(r"<[^>]{0,500}>")
_FIELDS: Final = {
    "title": ("og:title", "twitter:title", "dc.title", "headline"),
    "author": ("author", "article:author", "dc.creator", "parsely-author", "byl"),
    "date": ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "parsely-pub-date"),
    "site": ("og:site_name", "application-name", "publisher"),
    "description": ("og:description", "description", "twitter:description"),
    "url": ("og:url",),
}


@dataclass(slots=True)
class Info:
    """What the head and the JSON-LD said."""

    lang: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    types: frozenset[str] = frozenset()
    article_body: str = ""


class Collector:
    """Takes the parser's events for the elements that carry metadata."""

    def __init__(self) -> None:
        self.lang = ""
        self.in_title = False
        self.in_json = False
        self.title: list[str] = []
        self.fields: dict[str, str] = {}
        self.canonical = ""
        self.json: list[str] = []
        self.scripts: list[str] = []

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        if tag == "meta":
            name = (attrs.get("property") or attrs.get("name") or attrs.get("itemprop") or "").lower()
            content = attrs.get("content", "").strip()[:MAX_FIELD]
            if name and content:
                self.fields.setdefault(name[:100], content)
        elif tag == "title":
            self.in_title = not self.title
        elif tag == "script":
            self.in_json = "ld+json" in attrs.get("type", "").lower()
            self.json = []
        elif tag == "html" and not self.lang:
            self.lang = (attrs.get("lang") or attrs.get("xml:lang") or "").strip().lower()[:20]
        elif tag == "link" and attrs.get("rel", "").lower() == "canonical":
            self.canonical = attrs.get("href", "")[:MAX_FIELD]

    def end(self, tag: str) -> None:
        if tag == "title":
            self.in_title = False
        elif tag == "script" and self.in_json:
            self.scripts.append("".join(self.json))
            self.in_json = False

    def data(self, data: str) -> None:
        if self.in_title:
            self.title.append(data)
        elif self.in_json:
            self.json.append(data)

    def finish(self) -> Info:
        """All that was said; meta elements go before JSON-LD, JSON-LD before the title element."""
        items = [item for script in self.scripts for item in _items(script)]
        types = {t.lower()[:60] for item in items for t in _list(item.get("@type")) if isinstance(t, str)}
        if "og:type" in self.fields:
            types.add("og:" + self.fields["og:type"].lower()[:60])
        found = {name: next((self.fields[k] for k in keys if k in self.fields), "") for name, keys in _FIELDS.items()}
        own_title = " ".join("".join(self.title).split())[:MAX_FIELD]
        found["title"] = found["title"] or _first(items, "headline") or own_title
        found["author"] = found["author"] or _first(items, "author")
        found["date"] = found["date"] or _first(items, "datePublished")
        found["site"] = found["site"] or _first(items, "publisher")
        found["description"] = found["description"] or _first(items, "description")
        found["url"] = self.canonical or found["url"]
        body = max((_text(item.get("articleBody")) for item in items), key=len, default="")
        return Info(
            self.lang or self.fields.get("og:locale", "").lower(),
            Metadata(**{name: strip_unsafe_chars(value) for name, value in found.items()}),
            frozenset(types),
            _TAGS.sub(" ", body),
        )


def _items(script: str) -> Iterator[dict[str, Any]]:
    """Every JSON object in a script, outermost first; nothing where it is no JSON."""
    if len(script) > MAX_JSON:
        return
    try:
        waiting: deque[Any] = deque([json.loads(script, strict=False)])
    except (ValueError, RecursionError):
        return
    seen = 0
    while waiting and seen < 10_000:
        value = waiting.popleft()
        seen += 1
        if isinstance(value, dict):
            yield value
            waiting += [v for v in value.values() if isinstance(v, dict | list)]
        elif isinstance(value, list):
            waiting += [v for v in value if isinstance(v, dict | list)]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []


def _text(value: object) -> str:
    """A text, or the paragraphs of one."""
    return "\n".join(part for part in _list(value) if isinstance(part, str))


def _first(items: list[dict[str, Any]], name: str) -> str:
    for item in items:
        for value in _list(item.get(name)):
            text = value.get("name") if isinstance(value, dict) else value
            if isinstance(text, str) and text.strip():
                return text.strip()[:MAX_FIELD]
    return ""
