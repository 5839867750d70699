"""Which words a pattern cannot do without.

Hundreds of patterns meet hundreds of blocks on every page. Looking for a literal first and running a pattern
only where one of its literals stands leaves a small part of that to do, and cannot change what is found: what this
reader of patterns does not know for certain has no cues, and is run everywhere.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import regex

#: Shorter literals are on every page; a pattern is not worth looking for by one.
MIN_LENGTH: Final = 2
#: Literals that are quicker to look for one by one than the pattern is to run.
FEW: Final = 24
#: More alternatives than this cost more to look for than the pattern itself.
MAX_ALTERNATIVES: Final = 400

#: Marks that a character class may have for each of them to be looked for.
MAX_MEMBERS: Final = 8

#: Characters that equal another one where case is ignored, though the lower case of both differs.
_VARIANTS: Final = tuple(
    zip("ıſµςϐϵϑϰϖϱϕ\u0345\u1fbe\u1fd3\u1fe3ẛﬅᲀᲁᲂᲃᲄᲅᲆᲇᲈ", "isμσβεθκπρφιιΐΰṡﬆвдосттъѣꙋ", strict=True)
)

#: As patterns see them: this module knows newer ones than Python's own.
_DIGIT: Final = regex.compile(r"\d")
_ASCII_DIGITS: Final = str.maketrans("123456789", "000000000")
#: Marks that are in nearly every text: no use as literals of their own.
_COMMON_MARKS: Final = frozenset(" .,-–—'’\"“”:;!?\u00a0")

#: Characters of a text's beginning that are told apart.
OPENING: Final = 4
#: How an anchored pattern begins.
_ANCHOR: Final = re.compile(r"\^(?:\\W(?:\{0,\d{1,2}\}|\*|\?)?)?")
_WORD_CHARACTER: Final = regex.compile(r"\w")

#: Characters that stand for themselves, and once: what most of a pattern is.
_PLAIN: Final = re.compile(r"[^\\\[\](){}.^$|*+?]+(?![*+?{])")

_QUANTIFIER: Final = re.compile(r"(?:([*+?])|\{(\d+)(?:,\d*)?\}|\{,\d+\})[?+]?")
_OPENING: Final = re.compile(r"\((?:\?(?:[:>|]|P?<[^\W\d]\w*>|[aimsu]*(?:-[ims]+)?:)|(?![?*]))")
_FLAGS: Final = re.compile(r"\(\?[aimsu]+(?:-[ims]+)?\)")
_LOOK: Final = re.compile(r"\(\?<?[=!]")
_LIST: Final = re.compile(r"\\L<(\w+)>")
#: Escapes that stand for one character or for a place between two.
_ESCAPE: Final = re.compile(
    r"\\(?:[pP]\{[^{}]*\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^{}]*\}|[AbBdDfhHKmMnrRsStvwWXZ]|[1-9](?!\d))"
)
_POSIX: Final = re.compile(r"\[:\^?[^][:]*:\]")

Cues = frozenset[str] | None
#: The same to keep: there are tens of thousands, and a set takes four times as much memory as a tuple.
Literals = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    r"""What a text must have for a pattern to match it, in literals as :func:`lowered` gives them.

    ``cues`` are literals of which it holds at least one; None for none. ``all`` are sets of literals of each of which
    it holds at least one, the most telling first: where the cue is a word that is in many texts, they tell nearly
    always that the pattern cannot match. ``openings`` are literals with one of which it begins, non-word characters
    before it left out; None for none: most patterns are anchored, and few blocks begin as they ask. Where there are
    none, a text is found by its cues, and they are not among ``all``.

    >>> read(r"^\W{0,3}with (?:your|the) (?:help|support)\b")
    Needs(cues=('with ',), all=(('with ',), ('help', 'support'), ('the', 'your')), openings=('with',))
    """

    cues: Literals | None = None
    all: tuple[Literals, ...] = ()
    openings: Literals | None = None


def read(pattern: str, lists: Mapping[str, Sequence[str]] | None = None) -> Needs:
    """What a pattern needs; nothing where it has a construct that this reader does not know."""
    reader = _Reader(pattern, lists or {})
    try:
        cues, end = reader.alternatives(0)
        if end != len(pattern):
            return Needs()
        openings = reader.first_of_all(0, anchored=True) if pattern.startswith("^") else None
    except (_UnknownError, RecursionError):
        return Needs()
    usable = openings and all(text and _WORD_CHARACTER.match(text) for text in openings)
    begun = tuple(sorted(set(map(lowered, openings)))) if openings and usable else None
    every = {found for found in reader.outer if len(found) <= FEW} if reader.branches == 1 else set()
    if begun is None:
        every.discard(cues)
    ordered = sorted((tuple(sorted(found)) for found in every), key=lambda found: (_telling(found), found))
    return Needs(None if cues is None else tuple(sorted(cues)), tuple(reversed(ordered)), begun)


def required(pattern: str, lists: Mapping[str, Sequence[str]] | None = None) -> Cues:
    r"""Literals of which every text that the pattern matches holds at least one; None for none.

    They are as :func:`lowered` gives them, and have to be looked for in what it gives.

    >>> sorted(required(r"\b(?:sign[ -]?up|subscribe)\b.{0,60}\bnewsletters?\b"))
    ['newsletter']
    >>> sorted(required(r"^(?:read|see) more$"))
    [' more']
    >>> sorted(required(r"\d+ ?%"))
    ['%']
    >>> required(r"\w+\b.") is None
    True
    """
    cues = read(pattern, lists).cues
    return None if cues is None else frozenset(cues)


def lowered(text: str) -> str:
    r"""The text in lower case and with all digits the same, its length unchanged.

    What a pattern takes for equal is equal here.

    >>> lowered("NEWSLETTER ΟΔΟΣ İstanbul 24") == lowered("new\u017fletter οδος istanbul 99")
    True
    """
    if text.isascii():
        return text.lower().translate(_ASCII_DIGITS)
    text = _DIGIT.sub("0", text.replace("İ", "i").lower())  # the lower case of İ has two characters
    for variant, common in _VARIANTS:
        if variant in text:
            text = text.replace(variant, common)
    return text


class _UnknownError(Exception):
    """The pattern has a construct that this reader does not know: its cues cannot be told."""


class _Reader:
    """Reads a pattern from left to right; each method returns what it found and where it stopped."""

    def __init__(self, pattern: str, lists: Mapping[str, Sequence[str]]) -> None:
        self.pattern = pattern
        self.lists = lists
        self.depth = 0  # groups around the part that is being read
        self.branches = 0  # alternatives outside of all groups
        self.outer: list[frozenset[str]] = []  # what stands outside of all groups, or is a whole group there
        self.stops: dict[int, int] = {}  # where the sequence that begins at a place ends
        self.ends: dict[int, int] = {}  # where the group that begins at a place ends

    def first_of_all(self, at: int, *, anchored: bool = False) -> set[str] | None:
        """The literals with which the alternatives from here on begin; they have been read before."""
        found: set[str] = set()
        while True:
            stop = self.stops[at]
            if anchored:
                start = _ANCHOR.match(self.pattern, at)
                if not start:
                    return None
                at = start.end()
            branch = self.first(at, stop)
            if branch is None:
                return None
            found |= branch
            if self.pattern[stop : stop + 1] != "|":
                return found
            at = stop + 1

    def first(self, at: int, stop: int) -> set[str] | None:
        """The literals with which a sequence begins, up to ``OPENING`` characters; None where one may begin in a way
        that is no literal.
        """
        literal = ""
        while len(literal) < OPENING and at < stop:
            if self.pattern.startswith(r"\b", at):
                at += 2
                continue
            if plain := _PLAIN.match(self.pattern, at, stop):
                literal += plain.group()
                at = plain.end()
                continue
            inner: set[str] | None
            if group := _OPENING.match(self.pattern, at):
                inner, char, after = self.first_of_all(group.end()), "", self.ends[at]
            elif named := _LIST.match(self.pattern, at):
                inner, char, after = set(self.lists.get(named.group(1), ())), "", named.end()
            else:
                char, _, after = self.atom(at)
                inner = {char} if char else None
            quantified, optional, after = self.quantifiers(after)
            if inner is not None and "" in inner:
                inner = None
            if optional and not literal:
                rest = self.first(after, stop)
                return inner | rest if inner is not None and rest is not None else None
            if optional or inner is None:
                break
            if quantified or not char:
                return {literal + text for text in inner}
            literal += char
            at = after
        return {literal[:OPENING]} if literal else None

    def alternatives(self, at: int) -> tuple[Cues, int]:
        branches: list[Cues] = []
        while True:
            cues, at = self.sequence(at)
            branches.append(cues)
            self.branches += self.depth == 0
            if at < len(self.pattern) and self.pattern[at] == "|":
                at += 1
                continue
            break
        if any(branch is None for branch in branches):
            return None, at
        union = frozenset[str]().union(*(branch for branch in branches if branch))
        return (union if len(union) <= MAX_ALTERNATIVES else None), at

    def sequence(self, at: int) -> tuple[Cues, int]:
        plain = _PLAIN.match(self.pattern, at)
        if plain and self.pattern[plain.end() : plain.end() + 1] in ("|", ")", ""):  # most are nothing but a literal
            self.stops[at] = plain.end()
            cues = _cue(plain.group())
            if self.depth == 0 and cues is not None:
                self.outer.append(cues)
            return cues, plain.end()
        found: list[Cues] = []
        literal = ""
        start = at
        while at < len(self.pattern) and self.pattern[at] not in "|)":
            if plain := _PLAIN.match(self.pattern, at):
                literal += plain.group()
                at = plain.end()
                continue
            char, cues, after = self.atom(at)
            quantified, optional, after = self.quantifiers(after)
            if quantified:
                found.append(_cue(literal + char if char and not optional else literal))
                literal = ""
                found.append(None if optional else cues)
            elif char:
                literal += char
            else:
                found += [_cue(literal), cues]
                literal = ""
            at = after
        found.append(_cue(literal))
        known = [cues for cues in found if cues is not None]
        if self.depth == 0:
            self.outer += known
        self.stops[start] = at
        return max(known, key=_telling, default=None), at

    def quantifiers(self, at: int) -> tuple[bool, bool, int]:
        """Whether the atom before is quantified, whether it may be left out, and where its quantifiers end."""
        if not self.pattern.startswith(("*", "+", "?", "{"), at):
            return False, False, at
        start, optional = at, False
        while quantifier := _QUANTIFIER.match(self.pattern, at):
            sign, least = quantifier.groups()
            optional = optional or (sign in "*?" if sign else int(least or 0) == 0)
            at = quantifier.end()
        if self.pattern[at : at + 1] == "{":  # fuzzy matching, or a brace that is itself
            raise _UnknownError
        return at > start, optional, at

    def atom(self, at: int) -> tuple[str, Cues, int]:
        """One atom: its character where it is one, else the cues in it; and where it ends."""
        char = self.pattern[at]
        if char == "[":
            end = self.character_class(at)
            return "", _members(self.pattern[at:end]), end
        if char == "(":
            return "", *self.group(at)
        if char == "\\":
            return self.escape(at)
        if char in ".^$":
            return "", None, at + 1
        return char, None, at + 1

    def group(self, at: int) -> tuple[Cues, int]:
        if flags := _FLAGS.match(self.pattern, at):
            return None, flags.end()
        look = _LOOK.match(self.pattern, at)
        opening = look or _OPENING.match(self.pattern, at)
        if not opening:  # a condition, a call, a backreference, a comment, other flags
            raise _UnknownError
        self.depth += 1
        cues, end = self.alternatives(opening.end())
        self.depth -= 1
        if self.pattern[end : end + 1] != ")":
            raise _UnknownError
        self.ends[at] = end + 1
        return (None if look else cues), end + 1

    def escape(self, at: int) -> tuple[str, Cues, int]:
        if named := _LIST.match(self.pattern, at):
            cues = frozenset(lowered(word) for word in self.lists.get(named.group(1), ()))
            usable = cues and "" not in cues and len(cues) <= MAX_ALTERNATIVES
            return "", cues if usable else None, named.end()
        if self.pattern.startswith(r"\d", at):
            return "0", None, at + 2
        if known := _ESCAPE.match(self.pattern, at):
            return "", None, known.end()
        char = self.pattern[at + 1 : at + 2]
        if not char or char.isalnum():
            raise _UnknownError
        return char, None, at + 2

    def character_class(self, at: int) -> int:
        end = at + 1
        if self.pattern[end : end + 1] == "^":
            end += 1
        if self.pattern[end : end + 1] == "]":
            end += 1
        while end < len(self.pattern) and self.pattern[end] != "]":
            if posix := _POSIX.match(self.pattern, end):
                end = posix.end()
            else:
                end += 2 if self.pattern[end] == "\\" else 1
        return end + 1


def _cue(literal: str) -> Cues:
    if not literal:
        return None
    literal = lowered(literal)
    if len(literal.strip()) >= MIN_LENGTH:
        return frozenset({literal})
    # A single mark or digit is a cue where it is not in every text.
    literal = literal.strip()
    return frozenset({literal}) if literal and not literal.isalpha() and literal not in _COMMON_MARKS else None


def _members(character_class: str) -> Cues:
    """The characters of a small class of marks; None for one with ranges, escapes or letters."""
    members = re.sub(r"\\([^\w\s])", r"\1", character_class[1:-1])
    ranged = any(c.isalnum() or c in "\\^-&~" for c in members) or "||" in members or "[:" in members
    if ranged or not 0 < len(members) <= MAX_MEMBERS or _COMMON_MARKS & set(members):
        return None
    return frozenset(lowered(members))


def _telling(cues: Collection[str]) -> tuple[int, int]:
    """How few texts hold one of some literals: by the shortest of them, then by their number."""
    return min(map(_rarity, cues)) - len(cues) // 40, -len(cues)


def _rarity(cue: str) -> int:
    """How telling a literal is, in letters: a mark tells as much as three."""
    return min(len(cue), 6) if len(cue) > 1 or cue.isdigit() else 3
