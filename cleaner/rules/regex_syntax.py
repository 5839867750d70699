r"""The syntax of a regular expression as a tree: what the analyses of patterns work on.

The parser knows the part of the ``regex`` package's syntax that packs use, and raises :class:`UnknownSyntaxError` for
the rest, so that an analysis never builds on a construct that it misread.

>>> [[item.source for item in sequence] for sequence in parse(r"^(?:a|b)+c?|\d")]
[['^', '(?:a|b)', 'c'], ['\\d']]
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

#: A run of characters that stand for themselves, without the last one where it is quantified: most of a pattern.
_PLAIN: Final = re.compile(r"[^\\\[\](){}.^$|*+?]+(?![*+?{])")
_QUANTIFIER: Final = re.compile(r"(?:([*+?])|\{(\d+)(?:,\d*)?\}|\{,\d+\})[?+]?")
_BOUNDS: Final = re.compile(r"\{(?:(\d+)|(\d*),(\d+))\}")
_ONCE: Final = frozenset({"?", "??", "?+", "{1}", "{0,1}", "{,1}"})
_GROUP: Final = re.compile(r"\((?:\?(?:[:>|]|P?<[^\W\d]\w*>|[aimsu]*(?:-[ims]+)?:)|(?![?*]))")
_FLAGS: Final = re.compile(r"\(\?[aimsu]+(?:-[ims]+)?\)")
_LOOKAROUND: Final = re.compile(r"\(\?<?[=!]")
_LIST: Final = re.compile(r"\\L<(\w+)>")
#: Escapes that stand for one character of several, or for a position between two characters.
_ESCAPE: Final = re.compile(
    r"\\(?:[pP]\{[^{}]*\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^{}]*\}|[AbBdDfhHKmMnrRsStvwWXZ]|[1-9](?!\d))"
)
_POSITIONS: Final = frozenset({"^", "$", *(f"\\{letter}" for letter in "AbBmMZ")})
_EMPTY_GROUPS: Final = ("(?=", "(?!", "(?<=", "(?<!")
_POSIX_CLASS: Final = re.compile(r"\[:\^?[^][:]*:\]")


class UnknownSyntaxError(Exception):
    """The pattern has a construct that the parser does not know."""


class Item(NamedTuple):
    r"""A part of a sequence, with its quantifier.

    ``source`` is its text in the pattern, without the quantifier. ``text`` is the literal that it stands for, "" for
    anything else; of a quantified item it is one character. ``branches`` are the alternatives of a group,
    ``words`` the words of a named list (``\L<name>``). A lookaround, a flag and an anchor have none of the three.
    ``optional`` items may be missing; items that ``repeat`` may stand there more than once, at least ``least`` and at
    most ``most`` times; ``most`` is None where there is no limit. ``looked_for`` are the alternatives of a lookahead or
    lookbehind that is no negative one.
    """

    source: str
    text: str = ""
    branches: "tuple[Branch, ...]" = ()
    words: tuple[str, ...] = ()
    quantified: bool = False
    optional: bool = False
    repeats: bool = False
    least: int = 1
    most: int | None = 1
    looked_for: "tuple[Branch, ...]" = ()

    @property
    def is_empty(self) -> bool:
        """Whether it stands for a position: a lookaround, a flag, an anchor, the edge of a word."""
        return self.source in _POSITIONS or self.source.startswith(_EMPTY_GROUPS) or bool(_FLAGS.fullmatch(self.source))


Branch = tuple[Item, ...]


def parse(pattern: str, lists: Mapping[str, Sequence[str]] | None = None) -> tuple[Branch, ...]:
    """The alternatives of a pattern, each as a sequence of items; ``lists`` are the named lists.

    Raises :class:`UnknownSyntaxError`, and ``RecursionError`` for thousands of nested groups.
    """
    branches, end = _Parser(pattern, lists or {}).alternatives(0)
    if end != len(pattern):
        raise UnknownSyntaxError(pattern)
    return branches


def _least_and_most(bounds: re.Match[str]) -> tuple[int, int]:
    fixed, least, most = bounds.groups()
    return int(fixed or least or 0), int(fixed or most)


class _Parser:
    """A recursive descent parser: each method reads one construct at a position and returns it with its end."""

    def __init__(self, pattern: str, lists: Mapping[str, Sequence[str]]) -> None:
        self.pattern = pattern
        self.lists = lists

    def alternatives(self, at: int) -> tuple[tuple[Branch, ...], int]:
        branches = []
        while True:
            branch, at = self.sequence(at)
            branches.append(branch)
            if self.pattern[at : at + 1] != "|":
                return tuple(branches), at
            at += 1

    def sequence(self, at: int) -> tuple[Branch, int]:
        items = []
        pattern = self.pattern
        while at < len(pattern) and pattern[at] not in "|)":
            if plain := _PLAIN.match(pattern, at):
                items.append(Item(plain.group(), plain.group()))
                at = plain.end()
                continue
            item, at = self.atom(at)
            if pattern.startswith(("*", "+", "?", "{"), at):
                item, at = self.quantified(item, at)
            items.append(item)
        return tuple(items), at

    def quantified(self, item: Item, at: int) -> tuple[Item, int]:
        """The item with the quantifiers that follow it: more than one may."""
        optional = repeats = False
        least, most = 1, None
        start = at
        while quantifier := _QUANTIFIER.match(self.pattern, at):
            sign, number = quantifier.groups()
            optional = optional or (sign in "*?" if sign else int(number or 0) == 0)
            repeats = repeats or quantifier.group() not in _ONCE
            bounds = _BOUNDS.match(quantifier.group()) if at == start else None
            least, most = _least_and_most(bounds) if bounds else (int(not optional), None)
            at = quantifier.end()
        if self.pattern[at : at + 1] == "{":  # fuzzy matching, or a literal brace
            raise UnknownSyntaxError(self.pattern)
        return item._replace(quantified=at > start, optional=optional, repeats=repeats, least=least, most=most), at

    def atom(self, at: int) -> tuple[Item, int]:
        char = self.pattern[at]
        if char == "[":
            end = self.character_class(at)
            return Item(self.pattern[at:end]), end
        if char == "(":
            return self.group(at)
        if char == "\\":
            return self.escape(at)
        return Item(char, "" if char in ".^$" else char), at + 1

    def group(self, at: int) -> tuple[Item, int]:
        if flags := _FLAGS.match(self.pattern, at):
            return Item(flags.group()), flags.end()
        lookaround = _LOOKAROUND.match(self.pattern, at)
        opening = lookaround or _GROUP.match(self.pattern, at)
        if not opening:  # a condition, a call, a backreference, a comment, other flags
            raise UnknownSyntaxError(self.pattern)
        branches, end = self.alternatives(opening.end())
        if self.pattern[end : end + 1] != ")":
            raise UnknownSyntaxError(self.pattern)
        source = self.pattern[at : end + 1]
        if lookaround:
            return Item(source, looked_for=branches if lookaround.group()[-1] == "=" else ()), end + 1
        return Item(source, branches=branches), end + 1

    def escape(self, at: int) -> tuple[Item, int]:
        if named := _LIST.match(self.pattern, at):
            return Item(named.group(), words=tuple(self.lists.get(named.group(1), ()))), named.end()
        if known := _ESCAPE.match(self.pattern, at):
            return Item(known.group()), known.end()
        char = self.pattern[at + 1 : at + 2]
        if not char or char.isalnum():
            raise UnknownSyntaxError(self.pattern)
        return Item(f"\\{char}", char), at + 2

    def character_class(self, at: int) -> int:
        """The end of the character class that begins at ``at``."""
        end = at + 1
        if self.pattern[end : end + 1] == "^":
            end += 1
        if self.pattern[end : end + 1] == "]":
            end += 1
        while end < len(self.pattern) and self.pattern[end] != "]":
            if posix := _POSIX_CLASS.match(self.pattern, end):
                end = posix.end()
            else:
                end += 2 if self.pattern[end] == "\\" else 1
        return end + 1
