"""Lines that consist of the parts of a byline alone: who wrote the article, what they are, when it was published.

Each publisher puts these parts together in its own way ("21 August 2025 by Rhys Bevan", "Theo Blanchard | Audio
Editor"). So they are told one by one, and a line is a byline if nothing else stands in it. ``byline_words.tsv`` has the
words. Names are told by capitals: in scripts without them, few signs behind a word for authors are a name.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import regex

from cleaner.rules.byline_times import time_at
from cleaner.rules.byline_words import WORD, BylinePart, is_agency, kinds_of
from cleaner.text.words import COLONS

#: Characters of a byline, at most; parts that are names, outlets or places, at most, and their words.
MAX_CHARACTERS: Final = 160
MAX_NAMES: Final = 4
MAX_NAME_WORDS: Final = 8
#: Lines whose parts are remembered.
MAX_LINES: Final = 256
#: Words of a phrase that is looked up, and characters of one in a script without spaces, at most.
MAX_PHRASE_WORDS: Final = 5
MAX_PHRASE_CHARACTERS: Final = 6
#: Words before and behind the word of a role, at most: Senior Political Correspondent.
MAX_WORDS_BEFORE_ROLE: Final = 2
MAX_WORDS_BEHIND_ROLE: Final = 3


#: Between two parts.
_GAP: Final = regex.compile(r"(?:[\s,;:|/&+·•‧∙–—―()\[\]*_>‹›«»●■▪▶►◆：，、；｜丨／（）【】〔〕،؛।-]|\.(?=\s|$|\|))*+")
_NEXT_WORD: Final = regex.compile(rf"\s?{WORD}\.?")
_ENDS_PART: Final = regex.compile(r"\.?\s*(?:[,;|/·•–—(:.]|$)")
_PARTICLES: Final = r"(?:de|del|della|di|da|do|dos|du|van|von|der|den|ter|ten|bin|al|el|la|le|af|av|zu)"
#: With a full stop where it is an initial or a title.
_CAPITALIZED: Final = r"(?:\p{Lu}\p{L}{0,2}\.|\p{Lu}[\p{L}\p{M}’'-]*+)"
_NAME: Final = regex.compile(rf"{_CAPITALIZED}(?:\s(?:{_PARTICLES}\s){{0,2}}{_CAPITALIZED}){{0,4}}")
_FULL_NAME: Final = regex.compile(r"\s\p{Lu}\p{Ll}+\s\p{Lu}\p{Ll}[^\s,|(–—-]*(?:$|\s*[,|(–—-])")
_UNSPACED: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"
_UNSPACED_SIGN: Final = regex.compile(_UNSPACED)
_UNCASED_WORD: Final = rf"(?:{_UNSPACED}{{1,6}}+|[\p{{Arabic}}\p{{Devanagari}}\p{{M}}\u200c]{{2,14}}+)"
_UNCASED_NAME: Final = regex.compile(rf"{_UNCASED_WORD}(?:[\s・]{_UNCASED_WORD}){{0,2}}")
_SHORT_NAME: Final = regex.compile(r"[\p{Han}\p{Hangul}]{2,4}")
_INITIALS: Final = regex.compile(r"(?:\p{Lu}\.[\s-]?){2,3}(?!\p{L})")
_CONTACT: Final = regex.compile(r"[\w.+-]++@[\w-]++\.[\w.-]++|@\w{2,30}+")


def is_dated(parts: Sequence[BylinePart]) -> bool:
    """Whether the parts of a line say when the article was published.

    >>> is_dated(byline_parts("21 August 2025 by Rhys Bevan")), is_dated(byline_parts("By Rhys Bevan"))
    (True, False)
    """
    kinds = {part.kind for part in parts}
    if any(part.text.startswith("@") for part in parts):  # a post that the article quotes
        return False
    return "date" in kinds or ("day" in kinds and not kinds.isdisjoint({"clock", "when"}))


def is_about_the_article(parts: Sequence[BylinePart]) -> bool:
    """Whether the parts of a line are no place or event with its date: a date alone, or one beside words of a byline.

    >>> [is_about_the_article(byline_parts(line)) for line in ("Updated 3 May 2024", "Skarn Hall, 3 May 2024, 7:30")]
    [True, False]
    """
    kinds = {part.kind for part in parts}
    return "name" not in kinds or not kinds.isdisjoint({"by", "work", "when", "role", "agency"})


def says_who(parts: Sequence[BylinePart]) -> bool:
    """Whether the parts of a line say who wrote the article, or did another work for it.

    >>> [says_who(byline_parts(line)) for line in ("Theo Blanchard | Audio Editor", "By Runa Tveit", "Skarn Island")]
    [True, True, False]
    """
    kinds = [part.kind for part in parts]
    full_names = [at for at, part in enumerate(parts) if part.kind == "name" and is_full_name(part.text)]
    has_author = kinds[:1] in (["by"], ["work"], ["of"]) and bool(full_names)
    has_role = any("role" in kinds[max(at - 1, 0) : at + 2] for at in full_names)
    has_agency = any(kinds[at : at + 2] == ["with", "agency"] for at in range(len(kinds)))
    return has_author or has_role or has_agency


def is_full_name(name: str) -> bool:
    """Whether a name has several words, or the few signs of a name in a script without spaces."""
    return " " in name or _SHORT_NAME.fullmatch(name) is not None


@lru_cache(maxsize=MAX_LINES)  # the evidence of a text is gathered several times
def byline_parts(line: str) -> tuple[BylinePart, ...]:
    """The parts of a line; empty where anything else stands in it, more names than a byline has, or where it ends with
    a colon and introduces what stands below.

    >>> [part.kind for part in byline_parts("21 August 2025 by Rhys Bevan")]
    ['date', 'by', 'name']
    >>> byline_parts("Rhys Bevan closed the gate.")
    ()
    """
    if len(line) > MAX_CHARACTERS or line.rstrip().endswith(COLONS):
        return ()
    parts: list[BylinePart] = []
    at = _GAP.match(line).end()
    while at < len(line):
        found = _part_at(line, at, parts[-1].kind if parts else "")
        if found is None:
            return ()
        parts.append(found)
        end = at + len(found.text)
        at = _GAP.match(line, end).end()
        if at == end < len(line) and not _may_be_glued(found.kind, line[end]):
            return ()
    names = [part.text for part in parts if part.kind == "name"]
    too_many = len(names) > MAX_NAMES or sum(len(name.split()) for name in names) > MAX_NAME_WORDS
    return () if too_many else tuple(parts)


def _may_be_glued(kind: str, following: str) -> bool:
    """Whether a part of a kind may have a sign right behind it: extractors drop white space around dates."""
    return kind in ("date", "day", "clock") or (kind in ("when", "weekday", "by", "work") and following.isdigit())


def _part_at(line: str, at: int, before: str) -> BylinePart | None:
    """The part that begins at a place of a line; ``before`` is the kind of the part before, "" for the first."""
    found = time_at(line, at) or _contact_at(line, at)
    if found is None and not line[at].isdigit():
        found = _words_at(line, at, before) or _name_at(line, at, before)
    return found


def _contact_at(line: str, at: int) -> BylinePart | None:
    found = _CONTACT.match(line, at)
    return BylinePart("contact", found[0]) if found else None


def _words_at(line: str, at: int, before: str) -> BylinePart | None:
    """The words of a byline that stand at a place: the longest ones that mean something there."""
    ends = _ends_of_phrases(line, at)
    for end in reversed(ends):
        for kind in kinds_of(line[at:end]):
            if _MEANS[kind](line, at, end):
                return BylinePart(kind, line[at : _end_of_role(line, end) or end] if kind == "role" else line[at:end])
    # Words before a role. Behind a name without a sign they could be its own.
    if before and not line[:at].rstrip()[-1:].isalnum():
        for end in ends[:MAX_WORDS_BEFORE_ROLE]:
            for stop in _ends_of_phrases(line, end + 1) if line[end : end + 1] == " " else ():
                if "role" in kinds_of(line[end + 1 : stop]) and (last := _end_of_role(line, stop)):
                    return BylinePart("role", line[at:last])
    return None


def _name_at(line: str, at: int, before: str) -> BylinePart | None:
    found = _INITIALS.match(line, at) or _NAME.match(line, at)
    if found is None and before in ("by", "work", "role"):
        found = _UNCASED_NAME.match(line, at)
    return BylinePart("name", found[0]) if found else None


def _ends_of_phrases(line: str, at: int) -> list[int]:
    """Where the phrases end that begin at a place, from the shortest on."""
    if at < len(line) and _UNSPACED_SIGN.match(line, at):
        return list(range(at + 1, min(at + MAX_PHRASE_CHARACTERS, len(line)) + 1))
    ends: list[int] = []
    end = at
    while len(ends) < MAX_PHRASE_WORDS and (found := _NEXT_WORD.match(line, end)):
        end = found.end()
        ends.append(end - found[0].endswith("."))
    return ends


def _kinds_at(line: str, at: int) -> frozenset[str]:
    """What the phrases may be that begin at a place."""
    return frozenset(kind for end in _ends_of_phrases(line, at) for kind in kinds_of(line[at:end]))


def _end_of_role(line: str, end: int) -> int:
    """Where a role ends that has few words behind it, up to the end of a part; 0 where more follow."""
    ends = [end, *_ends_of_phrases(line, end + 1)[:MAX_WORDS_BEHIND_ROLE]] if line[end : end + 1] == " " else [end]
    return next((stop for stop in ends if _ENDS_PART.match(line, stop)), 0)


# -- what words mean where they stand ------------------------------------------------------------------


def _is_work(line: str, _: int, end: int) -> bool:
    return line[end:].lstrip()[:1] in COLONS or "by" in _kinds_at(line, end + 1)


def _is_of(line: str, at: int, end: int) -> bool:
    return line[at].islower() and line[end + 1 : end + 2].isupper()


def _is_at(line: str, _: int, end: int) -> bool:
    start = end + len(line[end:]) - len(line[end:].lstrip(". "))
    return line[start : start + 1].isdigit() or "weekday" in _kinds_at(line, start)


def _is_weekday(line: str, _: int, end: int) -> bool:
    """Some are first names as well."""
    return not (line[end : end + 1] == " " and line[end + 1 : end + 2].isupper() and not _kinds_at(line, end + 1))


def _is_role(line: str, _: int, end: int) -> bool:
    return _end_of_role(line, end) > 0 or _FULL_NAME.match(line, end) is not None


def _is_agency(line: str, at: int, end: int) -> bool:
    return is_agency(line[at:end])


#: Whether words of a kind mean it, by the line and their place in it.
_MEANS: Final[Mapping[str, Callable[[str, int, int], bool]]] = {
    "work": _is_work,
    "by": lambda *_: True,
    "for": lambda line, at, _: line[at].islower(),
    "of": _is_of,
    "at": _is_at,
    "weekday": _is_weekday,
    "when": lambda *_: True,
    "role": _is_role,
    "with": lambda *_: True,
    "and": lambda line, at, _: not line[at].isupper(),
    "agency": _is_agency,
    "month": lambda *_: False,  # parts of dates
    "minutes": lambda *_: False,
}
