"""A rule made of one line: a draft of a pack's table, for its author to shorten or to widen."""

import json
import re
import tomllib
from collections.abc import Collection
from typing import Final

import regex

from cleaner.document import Label
from cleaner.errors import PackError
from cleaner.rules.packs import concepts
from cleaner.text.characters import one_line

#: Words and characters from which a line is long: then a rule has its beginning alone.
MAX_WORDS: Final = 9
MAX_LENGTH: Final = 80

_META: Final = re.compile(r"[\\^$.|?*+()\[\]{}]")
_DIGITS: Final = regex.compile(r"\d{1,9}")
#: Bullets, dashes and spaces before the words of a line; a pattern allows so many, or as many as the line has.
_MARKS: Final = regex.compile(r"^[\W_]*")
_MAX_MARKS: Final = 9
_LETTER: Final = regex.compile(r"[^\W_]")
_WORD: Final = re.compile(r"[a-z]+")
#: The words that a name takes from the line.
_NAME_WORDS: Final = 2


def draft(line: str, label: Label, taken: Collection[str] = ()) -> tuple[str, str]:
    r"""The name of a concept and the table of a pack for blocks that read like a line.

    Numbers may differ, and the marks before the first word. A short line is matched as a whole, of a long one the
    beginning. The line itself is the example. The name is none of ``taken`` and none of the library's. A rule for body
    is ``always``: where a model is sure that a block is residue, nothing else keeps it.

    Raises :class:`PackError` for a line without words.

    >>> name, table = draft("• 14 comments", Label.COMMENT)
    >>> print(table)
    [comment.comments]
    patterns = ['^[\W_]{0,9}\d{1,9}\scomments$']
    yes = ["• 14 comments"]
    <BLANKLINE>
    """
    text = one_line(line)
    words = _MARKS.sub("", text)
    if not _LETTER.search(words):
        raise PackError(f"{text!r} has no words to make a pattern of")
    beginning = _beginning(words)
    end = "$" if beginning == words else r"\b" if beginning[-1].isascii() and beginning[-1].isalnum() else ""
    most = max(len(text) - len(words), _MAX_MARKS)
    pattern = rf"^[\W_]{{0,{most}}}" + r"\s".join(map(_word, beginning.split())) + end
    name = _free_name(f"{label}.{'_'.join(_WORD.findall(words.casefold())[:_NAME_WORDS]) or 'line'}", taken)
    strength = 'strength = "always"\n' if label is Label.BODY else ""
    example = json.dumps(text, ensure_ascii=False)
    return name, f"[{name}]\npatterns = [{_literal(pattern)}]\n{strength}yes = [{example}]\n"


def add_to(pack: str, line: str, label: Label) -> str:
    """The TOML text of a pack with the table of :func:`draft` at its end, under a name that is free.

    Raises :class:`PackError` where the text of the pack is no TOML, and for a line without words.
    """
    try:
        tables = tomllib.loads(pack)
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"your pack cannot be read, so nothing can be added: {error}") from error
    own = tables.get(str(label))
    _, table = draft(line, label, [f"{label}.{name}" for name in own] if isinstance(own, dict) else [])
    return f"{pack.rstrip()}\n\n{table}".lstrip("\n")


def _free_name(name: str, taken: Collection[str]) -> str:
    free, number = name, 1
    while free in taken or free in concepts():
        number += 1
        free = f"{name}_{number}"
    return free


def _beginning(words: str) -> str:
    """A short line as it is; the first words of a long one, and the first characters where words have no spaces."""
    if len(words) <= MAX_LENGTH and words.count(" ") < MAX_WORDS:
        return words
    first = " ".join(words.split(" ")[: MAX_WORDS - 1])
    if len(first) <= MAX_LENGTH:
        return first
    return first[:MAX_LENGTH].rpartition(" ")[0] or first[:MAX_LENGTH]


def _word(word: str) -> str:
    return str(_DIGITS.sub(r"\\d{1,9}", _META.sub(r"\\\g<0>", word)))


def _literal(pattern: str) -> str:
    """A TOML string in which backslashes are backslashes."""
    if "'" not in pattern:
        return f"'{pattern}'"
    if "'''" in pattern or pattern.endswith("'"):
        return f"'{pattern.replace(chr(39), '.')}'"
    return f"'''{pattern}'''"
