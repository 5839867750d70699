"""What a page states about itself: its metadata, in ``<meta>``, ``<title>``, ``<link>``, ``<base>`` and JSON-LD."""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

from cleaner.document import Metadata
from cleaner.segment.dates import iso_date
from cleaner.segment.page_data import MAX_COLLECTED, MAX_JSON, MAX_SCRIPTS, Script
from cleaner.text.characters import one_line, strip_unsafe_chars

#: JSON objects and lists of one script that are visited.
MAX_ITEMS: Final = 10_000
#: Characters of the longest metadata field.
MAX_FIELD: Final = 2_000
#: Authors of one page that are listed.
MAX_AUTHORS: Final = 50

_TAGS: Final = re.compile(r"<[^>]{0,500}>")
#: The names of ``<meta>`` elements for each field, the most reliable first.
_FIELDS: Final = {
    "title": ("og:title", "twitter:title", "dc.title", "headline"),
    "author": ("author", "article:author", "dc.creator", "parsely-author", "byl"),
    "date": ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "parsely-pub-date"),
    "site": ("og:site_name", "application-name", "publisher"),
    "description": ("og:description", "description", "twitter:description"),
    "url": ("og:url",),
}
_TITLES: Final = ("headline", "og:title", "twitter:title", "dc.title")
_SITES: Final = (*_FIELDS["site"], "apple-mobile-web-app-title")
#: JSON-LD types of which the name is the site's.
_SITE_TYPES: Final = frozenset({"website", "organization", "newsmediaorganization", "corporation", "localbusiness"})
#: In place of an author's name: the address of a profile.
_ADDRESS: Final = re.compile(r"(?:https?:)?//|www\.", re.IGNORECASE)
_BY: Final = re.compile(r"^by\s+", re.IGNORECASE)

#: Control characters in strings are no errors. To make a decoder takes as long as to read a small script.
_JSON: Final = json.JSONDecoder(strict=False)

#: An object of JSON-LD.
_Item = dict[str, Any]


@dataclass(slots=True)
class Info:
    """What the metadata of a page holds.

    ``author`` is the first author as the page writes it: features compare blocks with it. ``types`` are JSON-LD types
    and og:type in lower case, ``article_body`` is the page's copy of its own text, ``base`` the href of ``<base>``.
    ``titles`` and ``sites`` are all statements of the title and of the site's name, those without other additions
    first; the headline is chosen from them. ``scripts`` are those that hold JSON, as they stand in the page.
    """

    lang: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    author: str = ""
    types: frozenset[str] = frozenset()
    article_body: str = ""
    base: str = ""
    titles: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    scripts: tuple[Script, ...] = ()


class Collector:
    """Takes the parser's events for the elements that carry metadata."""

    def __init__(self) -> None:
        self.lang = ""
        self.in_title = False
        self.in_json = False
        self.is_linked_data = False
        self.title: list[str] = []
        self.fields: dict[str, str] = {}
        self.authors: list[tuple[str, str]] = []  # the name and content of each <meta> for an author
        self.canonical = ""
        self.base = ""
        self.json: list[str] = []
        self.scripts: list[Script] = []
        self.collected = 0  # characters of the scripts

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        """An element begins."""
        if tag == "meta":
            self._meta(attrs)
        elif tag == "title":
            self.in_title = not self.title
        elif tag == "script":
            self.in_json = "json" in attrs.get("type", "").lower()
            self.is_linked_data = self.in_json and "ld+json" in attrs["type"].lower()
            self.json = []
        elif tag == "html" and not self.lang:
            self.lang = (attrs.get("lang") or attrs.get("xml:lang") or "").strip().lower()[:20]
        elif tag == "link" and attrs.get("rel", "").lower() == "canonical":
            self.canonical = attrs.get("href", "")[:MAX_FIELD]
        elif tag == "base" and not self.base:
            self.base = attrs.get("href", "").strip()[:MAX_FIELD]

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "title":
            self.in_title = False
        elif tag == "script" and self.in_json:
            self.in_json = False
            self._script("".join(self.json))

    def data(self, data: str) -> None:
        """Text."""
        if self.in_title:
            self.title.append(data)
        elif self.in_json:
            self.json.append(data)

    def finish(self) -> Info:
        """All metadata: of a field, ``<meta>`` elements go before JSON-LD, JSON-LD before ``<title>``."""
        items = [item for script in self.scripts if script.where == "json_ld" for item in _items(script.text)]
        types = {kind for item in items for kind in _types(item)}
        if "og:type" in self.fields:
            types.add("og:" + self.fields["og:type"].lower()[:60])
        title = " ".join("".join(self.title).split())[:MAX_FIELD]
        metadata = Metadata(
            title=self._field("title") or _first(items, "headline") or title,
            authors=_distinct(_authors(items) or self._meta_authors()),
            date=iso_date(self._field("date") or _first(items, "datePublished")),
            site=self._field("site") or _first(items, "publisher"),
            description=self._field("description") or _first(items, "description"),
            url=self.canonical or self._field("url"),
        )
        titles = (unescape(_first(items, "headline")), *(self.fields.get(name, "") for name in _TITLES), title)
        sites = (*(self.fields.get(name, "") for name in _SITES), *_site_names(items))
        return Info(
            lang=self.lang or self.fields.get("og:locale", "").lower(),
            metadata=metadata,
            author=strip_unsafe_chars(self._field("author") or _first(items, "author")),
            types=frozenset(types),
            article_body=_TAGS.sub(" ", max((_text(item.get("articleBody")) for item in items), key=len, default="")),
            base=self.base,
            titles=tuple(strip_unsafe_chars(text) for text in titles if text),
            sites=tuple(strip_unsafe_chars(text) for text in sites if text),
            scripts=tuple(self.scripts),
        )

    def _script(self, text: str) -> None:
        """Collect a script that holds JSON. JSON-LD is always collected: it has the metadata."""
        if self.is_linked_data:
            self.scripts.append(Script("json_ld", text))
        elif self.collected + len(text) <= MAX_COLLECTED and len(self.scripts) < MAX_SCRIPTS:
            self.collected += len(text)
            self.scripts.append(Script("page_data", text))

    def _meta(self, attrs: Mapping[str, str]) -> None:
        name = (attrs.get("property") or attrs.get("name") or attrs.get("itemprop") or "").lower()
        content = attrs.get("content", "").strip()[:MAX_FIELD]
        if not name or not content:
            return
        self.fields.setdefault(name[:100], content)
        if name in _FIELDS["author"]:
            self.authors.append((name, content))

    def _field(self, name: str) -> str:
        """The content of the first ``<meta>`` for a field."""
        return next((self.fields[key] for key in _FIELDS[name] if key in self.fields), "")

    def _meta_authors(self) -> list[str]:
        """The names in the ``<meta>`` elements of one kind, the most reliable that has any."""
        for key in _FIELDS["author"]:
            names = [content for name, content in self.authors if name == key and not _ADDRESS.match(content)]
            if names:
                return names
        return []


def _items(script: str) -> Iterator[_Item]:
    """Every JSON object in a script, outermost first; none where it is not JSON."""
    if len(script) > MAX_JSON:
        return
    try:
        waiting: deque[Any] = deque([_JSON.decode(script)])
    except (ValueError, RecursionError):
        return
    visited = 0
    while waiting and visited < MAX_ITEMS:
        value = waiting.popleft()
        visited += 1
        if isinstance(value, dict):
            yield value
            waiting += [v for v in value.values() if isinstance(v, dict | list)]
        elif isinstance(value, list):
            waiting += [v for v in value if isinstance(v, dict | list)]


def _authors(items: Sequence[_Item]) -> list[str]:
    """The names of all authors of the first object that names any; an article's go before others'."""
    authored = [item for item in items if item.get("author")]
    if not authored:
        return []
    named = {item["@id"]: item for item in items if isinstance(item.get("@id"), str) and item.get("name")}
    # Stable: the order of the page within both kinds.
    for item in sorted(authored, key=lambda item: is_article(_types(item)), reverse=True):
        names = [_name(value, named) for value in _list(item["author"])]
        if any(names):
            return [name for name in names if name and not _ADDRESS.match(name)]
    return []


def is_article(types: Iterable[str]) -> bool:
    """Whether one of the types that a page states, in lower case, is an article."""
    return any(kind.endswith(("article", "posting")) for kind in types)


def _name(value: object, named: Mapping[str, _Item] | None = None) -> str:
    """The name of a person or an organisation: a string, an object with a name, or a reference to one in ``named``."""
    if isinstance(value, dict):
        name = value.get("name")
        if not name and named and isinstance(value.get("@id"), str):
            name = named.get(value["@id"], {}).get("name")
        value = name[0] if isinstance(name, list) and name else name
    return unescape(value).strip()[:MAX_FIELD] if isinstance(value, str) else ""


def _site_names(items: Sequence[_Item]) -> Iterator[str]:
    """The names of publishers and of the site itself."""
    for item in items:
        if "name" in item and not _SITE_TYPES.isdisjoint(_types(item)):
            yield _name(item)
        if "publisher" in item:
            yield from map(_name, _list(item["publisher"]))


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names without "By", stray quotes and commas, and repetitions."""
    distinct: dict[str, str] = {}
    for name in names:
        if bare := _BY.sub("", one_line(name)).strip(' ,;"'):
            distinct.setdefault(bare.casefold(), bare)
    return tuple(distinct.values())[:MAX_AUTHORS]


def _types(item: _Item) -> list[str]:
    return [kind.lower()[:60] for kind in _list(item.get("@type")) if isinstance(kind, str)]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []


def _text(value: object) -> str:
    """A text, or the paragraphs of one."""
    return "\n".join(part for part in _list(value) if isinstance(part, str))


def _first(items: Sequence[_Item], name: str) -> str:
    """The first text of a property, or the name of the first object there."""
    for item in items:
        for value in _list(item.get(name)):
            text = value.get("name") if isinstance(value, dict) else value
            if isinstance(text, str) and text.strip():
                return text.strip()[:MAX_FIELD]
    return ""
