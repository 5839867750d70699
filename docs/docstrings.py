"""A Griffe extension for the reference pages: docstrings as Markdown.

The docstrings are written for readers of the code and of ``help()``. Four things in them are not Markdown: Sphinx
roles, names of pages, examples that no fence surrounds, and lists of options in two columns.
"""

import re
from itertools import groupby
from typing import Any, Final

import griffe

_ROLE: Final = re.compile(r":\w+:`~?([^`]+)`")
_PAGE: Final = re.compile(r"``docs/([\w-]+\.md)``")
_OPTION: Final = re.compile(r"``(\w+)`` {2,}(.+)")


class MarkdownDocstrings(griffe.Extension):
    """Replaces each docstring before the pages are made."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring:
            obj.docstring.value = to_markdown(obj.docstring.value)


def to_markdown(docstring: str) -> str:
    """A docstring as Markdown. Its paragraphs stay as they are, except for the things that are not Markdown."""
    groups = groupby(docstring.split("\n"), key=lambda line: bool(line.strip()))
    return "\n\n".join(_paragraph(list(lines)) for is_text, lines in groups if is_text)


def _paragraph(lines: list[str]) -> str:
    if lines[0].lstrip().startswith(">>> "):
        return "\n".join(["```pycon", *(line.replace("<BLANKLINE>", "") for line in lines), "```"])
    if _OPTION.match(lines[0]):
        lines = [
            _OPTION.sub(r"- ``\1``: \2", line) if line.startswith("`") else "    " + line.strip() for line in lines
        ]
    text = _PAGE.sub(r"[\1](../\1)", "\n".join(lines))  # the reference pages stand in a folder of their own
    return _ROLE.sub(lambda role: f"`{role[1].removeprefix('cleaner.')}`", text)
