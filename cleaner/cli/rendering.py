"""Documents in the formats of the command, and what stands between those of several files."""

import html
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from cleaner import export
from cleaner.document import Document
from cleaner.text.characters import encodable, one_line, strip_unsafe_chars

_RENDERERS: Final[dict[str, Callable[[Document], str]]] = {
    "text": export.to_text,
    "txt": export.to_text,
    "markdown": export.to_markdown,
    "html": export.to_html,
    "report": export.to_report,
    "explain": export.explain,
    "labels": export.labels,
}
#: The names that ``--format`` takes.
FORMATS: Final = (*_RENDERERS, "json")


def render(doc: Document, name: str, form: str, *, several: bool) -> str:
    """The document in a format; where there are several files, with the file's name."""
    if form == "json":
        return _json(doc, name)
    text = _RENDERERS[form](doc)
    if several and form in ("explain", "labels"):
        return f"== {one_line(name)}\n{text}".rstrip("\n")
    if several and form == "report":
        return f"<h2>{html.escape(one_line(name))}</h2>\n{text}"
    return text


def _json(doc: Document, name: str) -> str:
    file = {"file": encodable(name)}  # a name that is not UTF-8 holds lone surrogates
    return json.dumps(file | _without_unsafe_chars(doc.to_dict()), ensure_ascii=False)


def _without_unsafe_chars(data: Any) -> Any:
    """The data without unsafe characters in its strings: JSON would write control characters as escapes."""
    if isinstance(data, str):
        return strip_unsafe_chars(data)
    if isinstance(data, dict):
        return {key: _without_unsafe_chars(value) for key, value in data.items()}
    return [_without_unsafe_chars(value) for value in data] if isinstance(data, list) else data


def joined(texts: Iterable[str], form: str, title: str) -> Iterator[str]:
    """The texts that are not empty, with the separators between them."""
    if form == "report":
        if reports := list(texts):
            yield export.to_page(reports, title) + "\n"
        return
    separator = ""
    for text in filter(None, texts):
        yield f"{separator}{text}\n"
        separator = "" if form == "json" else "\n"
