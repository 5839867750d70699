"""Documents in the formats of the command, and what stands between those of several files."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from cleaner import export
from cleaner.cli.terminal import Screen
from cleaner.document import Document
from cleaner.export.lines import Only, explain_lines
from cleaner.text.characters import encodable, one_line, strip_unsafe_chars

_RENDERERS: Final[dict[str, Callable[[Document], str]]] = {
    "text": export.to_text,
    "txt": export.to_text,
    "markdown": export.to_markdown,
    "html": export.to_html,
}
#: The formats that have a line for each block.
LINES: Final = ("explain", "labels")
#: The formats that show pictures.
PICTURES: Final = ("markdown", "html", "json")
#: The names that ``--format`` takes.
FORMATS: Final = (*_RENDERERS, *LINES, "report", "json")


@dataclass(frozen=True, slots=True)
class Rendering:
    """How documents are shown: in a format, on a screen; of formats with a line for each block, perhaps ``only`` some.

    ``several``: there are several files, so their names are shown.
    """

    form: str
    screen: Screen
    only: Only | None = None
    several: bool = False


def render(doc: Document, name: str, how: Rendering) -> str:
    """The document as text of the command; ``name`` is that of its file."""
    form, several = how.form, how.several
    if form == "json":
        return _json(doc, name)
    if form == "report":
        return export.to_report(doc, "" if name == "-" else name)
    if form in LINES:
        text = _lines(doc, how)
        return f"== {one_line(name)}\n{text}".rstrip("\n") if several else text
    return _RENDERERS[form](doc)


def _lines(doc: Document, how: Rendering) -> str:
    if how.form == "labels":
        return export.labels(doc, how.only)
    # Who asks for what is dropped wants to see each block.
    lines = explain_lines(doc, how.screen.width, only=how.only, fold=how.only != "dropped")
    return how.screen.paint(lines)


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
