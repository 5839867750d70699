"""The inline markup of Markdown: links, emphasis, code and pictures of a paragraph become marks on its plain text.

This is less than CommonMark: what it does not know, such as references and tags, stays as text. Emphasis inside of a
word (``s**t``) is text, unless the script has no spaces between words. The time is linear in the length of the text.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from html import unescape
from itertools import accumulate
from typing import Final, NamedTuple

from cleaner.document import Mark
from cleaner.text.words import UNSPACED

_TOKEN: Final = re.compile(
    r"""
      \\(?P<escaped>[-!\#&*+.<>\[\]\\_`|~])   # of brackets, "\(" and "\{" are more often TeX
    | (?P<ticks>`+)
    | (?P<opening>!?\[)
    | (?P<closing>\])
    | (?P<run>\*+|_+)
    | <(?P<address>(?:https?:|mailto:)[^\s<>]{1,2000})>
    | <(?P<raised>/?su[bp])>                # these tags and entities are what our own Markdown has
    | (?P<entity>&(?:lt|gt|amp);)
    """,
    re.VERBOSE,
)
#: Behind the text of a link or picture: its address, in angle brackets or with pairs of brackets in it, and a title.
_ADDRESS: Final = re.compile(
    r"""
    \(\s{0,9}+
    (?: <(?P<angled>[^<>\n]{1,2000}+)>
      | (?P<bare>(?:[^()\s<>\\]|\\.|\((?:[^()\s<>\\]|\\.){0,2000}+\)){1,2000}+) )
    (?:\s{1,9}+(?:"[^"]{0,300}+"|'[^']{0,300}+'))?
    \s{0,9}+\)
    """,
    re.VERBOSE,
)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_SIGN: Final = re.compile(r"[\\`\[*_<&]")
_TICKS: Final = re.compile("`+")

#: Emphasis by the number of its signs. Longer runs are lines to write on, stars of a rating, or hidden words.
_EMPHASIS: Final = {2: "b", 1: "i"}
MAX_RUN: Final = 3
#: What ends a word or sentence: a sign behind it refers to a footnote ("12 %*"), and begins no emphasis.
_ENDS: Final = frozenset(".,;:!?%)]}")


class _Bracket(NamedTuple):
    """A bracket that may begin a link or a picture, and its place among the parts."""

    part: int
    is_picture: bool


class Inline(NamedTuple):
    """A paragraph's plain text, its marks, and its pictures: address and alternative text."""

    text: str
    marks: tuple[Mark, ...]
    pictures: tuple[tuple[str, str], ...]


class _Range(NamedTuple):
    """An element around the parts from ``start`` up to ``end``."""

    start: int
    end: int
    tag: str
    href: str = ""


@dataclass(slots=True)
class _Reader:
    """The parts of the plain text so far. A part with signs is shortened or emptied once it is known to be markup.

    ``ticks`` are the places of the runs of backticks by their length, the next one last. ``runs`` are the parts that
    may begin emphasis, by sign and number of signs, the nearest one last. Of the open ``brackets``, the first
    ``dead_links`` begin no link and the first ``dead_pictures`` no picture: there is one in them already.
    """

    text: str
    shown: Collection[str]
    parts: list[str] = field(default_factory=list)
    ranges: list[_Range] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    ticks: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    runs: defaultdict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    brackets: list[_Bracket] = field(default_factory=list)
    dead_links: int = 0
    dead_pictures: int = 0

    def read(self) -> Inline:
        for run in reversed(list(_TICKS.finditer(self.text))):
            self.ticks[len(run.group())].append(run.start())
        at = 0
        while token := _TOKEN.search(self.text, at):
            self.parts.append(self.text[at : token.start()])
            at = self._read_token(token)
        self.parts.append(self.text[at:])
        places = list(accumulate(map(len, self.parts), initial=0))
        marks = tuple(Mark(places[start], places[end], tag, href) for start, end, tag, href in self.ranges)
        return Inline("".join(self.parts), marks, tuple(self.pictures))

    def _read_token(self, token: re.Match[str]) -> int:
        """Add what a token stands for; the place behind it."""
        match token.lastgroup:
            case "ticks":
                return self._code(token)
            case "closing":
                return self._end_of_link(token)
            case "run":
                self._emphasis(token)
            case "opening":
                self.brackets.append(_Bracket(len(self.parts), token.group() == "!["))
                self.parts.append(token.group())
            case "raised":
                self._tag(token["raised"])
            case "entity":
                self.parts.append(unescape(token["entity"]))
            case "address":
                self._add(token["address"], "a", token["address"])
            case _:
                self.parts.append(token["escaped"])
        return token.end()

    def _add(self, text: str, tag: str, href: str = "") -> None:
        self.ranges.append(_Range(len(self.parts), len(self.parts) + 1, tag, href))
        self.parts.append(text)

    def _code(self, token: re.Match[str]) -> int:
        """Code up to the next run of as many backticks; without one, the signs are text."""
        ends = self.ticks[len(token["ticks"])]
        while ends and ends[-1] < token.end():
            ends.pop()
        if not ends:
            self.parts.append(token["ticks"])
            return token.end()
        code = self.text[token.end() : ends[-1]]
        # A space at both ends keeps backticks of the code from the signs.
        padded = code.startswith(" ") and code.endswith(" ") and code.strip()
        self._add(code[1:-1] if padded else code, "code")
        return ends[-1] + len(token["ticks"])

    def _end_of_link(self, token: re.Match[str]) -> int:
        at = len(self.parts)
        self.parts.append("]")
        if not self.brackets:
            return token.end()
        opening = self.brackets.pop()
        is_dead = len(self.brackets) < (self.dead_pictures if opening.is_picture else self.dead_links)
        self.dead_links = min(self.dead_links, len(self.brackets))
        self.dead_pictures = min(self.dead_pictures, len(self.brackets))
        found = None if is_dead else _ADDRESS.match(self.text, token.end())
        if not found:
            return token.end()
        self.parts[opening.part] = self.parts[at] = ""
        address = _ESCAPED.sub(r"\1", found["angled"] or found["bare"]).replace("&amp;", "&")
        if not opening.is_picture:
            self.dead_links = len(self.brackets)
            self.ranges.append(_Range(opening.part, at, "a", address))
            return found.end()
        self.dead_pictures = len(self.brackets)
        self.pictures.append((address, "".join(self.parts[opening.part : at])))
        if address in self.shown:
            self.parts[opening.part : at] = [""] * (at - opening.part)
        return found.end()

    def _tag(self, name: str) -> None:
        """Begin a ``sub`` or ``sup``, or end the nearest one."""
        tag = name.removeprefix("/")
        at = len(self.parts)
        self.parts.append(f"<{name}>")
        if tag == name:
            self.runs[tag, 1].append(at)
        elif self.runs[tag, 1]:
            opening = self.runs[tag, 1].pop()
            self.ranges.append(_Range(opening + 1, at, tag))
            self.parts[opening] = self.parts[at] = ""

    def _emphasis(self, token: re.Match[str]) -> None:
        """End the nearest emphasis that a run of signs may end; where there is none, it may begin one."""
        sign, number = token["run"][0], len(token["run"])
        at = len(self.parts)
        self.parts.append(token["run"])
        if number > MAX_RUN:
            return
        before, after = self.text[: token.start()][-1:], self.text[token.end() : token.end() + 1]
        if before.strip() and not _is_in_word(after):
            for size, tag in _EMPHASIS.items():
                runs = self.runs[sign, size]
                if number in (size, MAX_RUN) and runs:
                    opening = runs.pop()
                    self.ranges.append(_Range(opening + 1, at, tag))
                    self.parts[opening] = self.parts[opening][size:]
                    self.parts[at] = self.parts[at][size:]
        if len(self.parts[at]) == number and after.strip() and before not in _ENDS and not _is_in_word(before):
            for size in _EMPHASIS:
                if number in (size, MAX_RUN):
                    self.runs[sign, size].append(at)


def read_inline(markdown: str, shown: Collection[str] = ()) -> Inline:
    """The plain text of a paragraph, its links, emphasis and code as marks, and its pictures. No address is checked.

    In the text a picture is its alternative text; it is nothing where its address is one of those ``shown`` elsewhere.

    >>> text, marks, _ = read_inline("*Ann* took the [ferry](/times).")
    >>> text, *((mark.tag, text[mark.start : mark.end], mark.href) for mark in marks)
    ('Ann took the ferry.', ('i', 'Ann', ''), ('a', 'ferry', '/times'))
    """
    if not _SIGN.search(markdown):  # most paragraphs have none
        return Inline(markdown, (), ())
    return _Reader(markdown, shown).read()


def _is_in_word(char: str) -> bool:
    return char.isalnum() and not UNSPACED.match(char)
