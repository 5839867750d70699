"""Markdown that came in as text, made safe to show: no tag in it is read as HTML, and no link runs code.

Code stays as it is. Readers of Markdown differ in where code begins and ends, and that may be used to hide a tag. So
code counts where it is code for CommonMark, with GitHub's extensions or without: in fences that pair up, and in spans
that begin and end on one line. Older readers, such as Python-Markdown, take some fences for text.
"""

import re
from typing import Final

from cleaner.export.inline import safe_href

_ESCAPE: Final = r"\\([!-/:-@\[-`{-~])"
#: A span of code on one line. A bar may part the cells of a table, and the span with them.
_SPAN: Final = r"(?<![`\\])(?P<mark>`+)(?!`)[^`|\n]+(?P=mark)(?!`)"
#: Outside of code: the beginning of a tag, unless it is an address in angle brackets; an escape; the end of a link's
#: text, with the address that follows; the end of a definition's label, with the address that is the rest of its line.
_RISK: Final = rf"""
      <(?:https?:|mailto:)[^\s<>`\[\]\\]*>
    | (?P<tag>\\?<(?=[A-Za-z/!?]))
    | {_ESCAPE}
    | \](?=\(\s*+<?(?P<link>[^\s<>)\]][^<>)\]\n]{{0,2000}}))
    | \](?=:\s*+<?(?P<defined>[^\s\]]{{1,2000}})(?:\S|[ \t]*(?:$|["'(\r])))
"""
_RISKS: Final = re.compile(_RISK, re.VERBOSE | re.MULTILINE)
_SPANS_AND_RISKS: Final = re.compile(f"{_SPAN}|{_RISK}", re.VERBOSE | re.MULTILINE)
_SPANS: Final = re.compile(_SPAN)
#: What may take the mark of a span as a part of it: an address, in which no white space stands, and a link's address or
#: title.
_ADDRESS: Final = re.compile(r"https?:|ftp:|mailto:|www\.", re.IGNORECASE)
_LINK: Final = re.compile(r"\]\([^)`]*[`\"'(\\]")
_WHITE_SPACE: Final = re.compile(r"[ \t\r\n]+")

#: A line that may begin or end a fenced block, also in a list or quote.
_FENCE: Final = re.compile(
    r"^(?P<before>[ \t>]*+(?:(?:[-+*]|\d{1,9}[.)])[ \t]++[> \t]*+)*+)(?P<fence>`{3,}|~{3,})(?P<after>.*)$", re.MULTILINE
)
_BLANK_LINE: Final = re.compile(r"(\n[ \t\r]*\n)")


def made_safe(markdown: str) -> str:
    r"""The text with ``<`` as an entity where a tag could begin, and a bracket of each unsafe link escaped.

    Links are those that :func:`~cleaner.export.inline.safe_href` lets through.

    >>> print(made_safe("Use `<b>`, not <b> or [this](javascript:alert(1))."))
    Use `<b>`, not &lt;b> or [this\](javascript:alert(1)).
    """
    parts: list[str] = []
    end = 0
    for start, stop in _fenced_blocks(markdown):
        parts += [_beside_blocks(markdown[end:start]), markdown[start:stop]]
        end = stop
    return "".join(parts) + _beside_blocks(markdown[end:])


def _fenced_blocks(markdown: str) -> list[tuple[int, int]]:
    """The places of the fenced blocks, up to a fence that has no pair, or that only some readers see as one."""
    blocks: list[tuple[int, int]] = []
    opened: re.Match[str] | None = None
    for line in _FENCE.finditer(markdown):
        if opened is None and _opens_block(line):
            opened = line
        elif opened and _closes_block(line, opened):
            blocks.append((opened.start(), line.end()))
            opened = None
        else:
            break
    return blocks


def _opens_block(line: re.Match[str]) -> bool:
    """Whether a line begins a fenced block for every reader.

    With the indentation of code it may go on a paragraph, with a bar it may be the head of a table.
    """
    indent = line["before"]
    if indent.strip(" ") or "`" in line["after"] or "|" in line["after"]:
        return False
    above = line.string[line.string.rfind("\n", 0, max(line.start() - 1, 0)) + 1 : line.start()]
    return len(indent) < 4 or not above.strip(" \t\r\n")


def _closes_block(line: re.Match[str], opened: re.Match[str]) -> bool:
    """Whether a line ends the open block for every reader. Lines that are less indented end the list around a block."""
    indent = opened["before"]
    code = line.string[opened.end() + 1 : line.start()].split("\n")
    return (
        (line["before"], line["fence"]) == (indent, opened["fence"])
        and not line["after"].strip(" \t\r")
        and all(row.startswith(indent) or not row.strip(" \t\r") for row in code)
    )


def _beside_blocks(markdown: str) -> str:
    return "".join(map(_paragraph, _BLANK_LINE.split(markdown)))


def _paragraph(text: str) -> str:
    """A paragraph, made safe. Its spans of code stay if every mark is one of a span, for every reader."""
    return (_SPANS_AND_RISKS if "`" in text and _has_certain_spans(text) else _RISKS).sub(_harmless, text)


def _has_certain_spans(text: str) -> bool:
    if "`" in _SPANS.sub("", text):
        return False
    text = _SPANS.sub("`", text)
    if _LINK.search(text, 0, text.rfind("`") + 1):
        return False
    return not any(_ADDRESS.search(word, 0, word.rfind("`") + 1) for word in _WHITE_SPACE.split(text))


def _harmless(risk: re.Match[str]) -> str:
    if risk["tag"]:
        return "&lt;"
    address = risk["link"] or risk["defined"]
    if address is None or safe_href(re.sub(_ESCAPE, r"\1", address)):
        return risk.group()
    return r"\]"
