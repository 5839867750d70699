"""Lines that consist of the parts of a byline alone: who wrote the article, what they are, when it was published.

Each publisher puts these parts together in its own way ("21 August 2025 by Rhys Bevan", "Theo Blanchard | Audio
Editor"). So they are told one by one, and a line is a byline if nothing else stands in it. Names are told by capitals:
in scripts without them only lines with a date have this form.
"""

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import regex

from cleaner.text.data_files import read_data
from cleaner.text.words import COLONS

#: Characters of a byline, at most; parts that are names, outlets or places, at most, and their words.
MAX_CHARACTERS: Final = 160
MAX_NAMES: Final = 4
MAX_NAME_WORDS: Final = 8

#: Between two parts.
_GAP: Final = regex.compile(r"(?:[\s,;:|/·•‧∙–—―()\[\]*_>‹›«»\-]|\.(?=\s|$|\|))*")
_WORD: Final = r"\p{L}[\p{L}\p{M}’'-]*"
_PARTICLES: Final = r"(?:de|del|della|di|da|do|dos|du|van|von|der|den|ter|ten|bin|al|el|la|le|af|av|zu)"
#: With a full stop where it is an initial or a title.
_CAPITALIZED: Final = r"(?:\p{Lu}\p{L}{0,2}\.|\p{Lu}[\p{L}\p{M}’'-]*)"
_YEAR: Final = r"(?:19|20)\d{2}"
_ORDINAL: Final = r"(?:st|nd|rd|th|er|º|°|\.|-?го)?"
_PARTS: Final = rf"""
    (?P<date>
        \d{{1,2}}{_ORDINAL}[\s.-]*(?:of\s|de\s|d[’'])?\L<month>\.?(?!\p{{L}})[\s,.-]*(?:de\s|del\s)?{_YEAR}(?!\d)(?:\s?(?:г|р)\.?(?!\p{{L}}))?
        | \L<month>\.?\s\d{{1,2}}{_ORDINAL},?\s{_YEAR}(?!\d)
        | \d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:19|20)?\d{{2}}(?!\d)
        | {_YEAR}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?\d{{1,2}}(?!\d)\.?(?:T(?=\d))?
        | {_YEAR}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일]?
    )
    | (?P<day> \d{{1,2}}{_ORDINAL}\s(?:de\s)?\L<month>(?!\p{{L}})\.? | \L<month>\.?\s\d{{1,2}}{_ORDINAL}(?!\d) )
    | (?P<clock>
        \d{{1,2}}(?:[:.h]|\s:\s)\d{{2}}(?:[:.]\d{{2}}(?:\.\d+)?)?(?!\d)
        (?:\s?(?:a\.?m\.?|p\.?m\.?|uhr|hrs|hs|h|ч)(?!\p{{L}}))?
        (?:\s?(?-i:UTC|GMT|[A-Z]{{2,4}}T|MEZ|MESZ|Z)(?![\p{{L}}\d]))?(?:\s?[+-]\d{{1,2}}(?::?\d{{2}})?)?
        | \d{{1,2}}\s?(?:a\.?m\.?|p\.?m\.?|h|uhr)(?!\p{{L}})
    )
    | (?P<reading> \d{{1,3}}[\s-]?\L<minutes>(?!\p{{L}}) )
    | (?P<contact> [\w.+-]+@[\w-]+\.[\w.-]+ | @\w{{2,30}} )
    | (?P<work> \L<work>(?=\s(?:\L<by>)\s|\s?:) )
    | (?P<by> \L<by>(?![\p{{L}}’'-]) )
    | (?P<weekday> \L<weekday>(?![\p{{L}}’'-]) )
    | (?P<when> \L<when>(?![\p{{L}}’'-]) )
    | (?P<role> (?:{_WORD}\s){{0,2}}?\L<role>(?![\p{{L}}’'-])(?:\s{_WORD}){{0,2}}(?=\s*(?:[,;|/·•–—(.]|$)) )
    | (?P<with> \L<with>(?![\p{{L}}’'-]) )
    | (?P<and> \L<and>(?![\p{{L}}’'-]) )
    | (?P<agency> (?-i:\L<agency>)(?![\p{{L}}’'-]) | (?-i:(?:\p{{Lu}}\.[\s-]?){{2,3}})(?!\p{{L}}) )
    | (?P<name> (?-i:{_CAPITALIZED}(?:\s(?:{_PARTICLES}\s){{0,2}}{_CAPITALIZED}){{0,4}}) )
"""


class BylinePart(NamedTuple):
    """A part of a line: its kind, which is the name of a group of the pattern, and its text."""

    kind: str
    text: str


def is_dated(parts: Sequence[BylinePart]) -> bool:
    """Whether the parts of a line say when the article was published.

    >>> is_dated(byline_parts("21 August 2025 by Rhys Bevan")), is_dated(byline_parts("By Rhys Bevan"))
    (True, False)
    """
    kinds = {part.kind for part in parts}
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
    full_names = [at for at, part in enumerate(parts) if part.kind == "name" and " " in part.text]
    has_author = kinds[:1] in (["by"], ["work"]) and bool(full_names)
    has_role = any(kinds[at + 1 : at + 2] == ["role"] for at in full_names)
    has_agency = any(kinds[at : at + 2] == ["with", "agency"] for at in range(len(kinds)))
    return has_author or has_role or has_agency


def byline_parts(line: str) -> list[BylinePart]:
    """The parts of a line; empty where anything else stands in it, more names than a byline has, or where it ends with
    a colon and introduces what stands below.

    >>> [part.kind for part in byline_parts("21 August 2025 by Rhys Bevan")]
    ['date', 'by', 'name']
    >>> byline_parts("Rhys Bevan closed the gate.")
    []
    """
    if len(line) > MAX_CHARACTERS or line.rstrip().endswith(COLONS):
        return []
    parts: list[BylinePart] = []
    pattern, at = _pattern(), _GAP.match(line).end()
    while at < len(line):
        found = pattern.match(line, at)
        if found is None:
            return []
        parts.append(BylinePart(found.lastgroup, found[0]))
        gap = _GAP.match(line, found.end())
        if gap.end() == found.end() < len(line) and found.lastgroup not in ("date", "clock"):
            return []
        at = gap.end()
    names = [part.text for part in parts if part.kind == "name"]
    too_many = len(names) > MAX_NAMES or sum(len(name.split()) for name in names) > MAX_NAME_WORDS
    return [] if too_many else parts


@cache
def _pattern() -> "regex.Pattern[str]":
    words: dict[str, list[str]] = defaultdict(list)
    for table in tomllib.loads(read_data("cleaner.rules", "byline_words.toml").decode()).values():
        for kind, of_language in table.items():
            words[kind] += of_language
    return regex.compile(_PARTS, regex.IGNORECASE | regex.VERBOSE, **words)
