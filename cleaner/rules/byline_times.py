"""The dates and times in a byline: in digits, and with the names of months in all languages."""

from typing import Final

import regex

from cleaner.rules.byline_words import WORD, BylinePart, kinds_of

#: A word that has to be the name of a month.
_MONTH: Final = r"(?P<month>[\p{L}\p{M}]++)"
_YEAR: Final = r"(?:(?:19|20|١٩|٢٠|२०|१९|۱۹|۲۰|۱۳|۱۴)\d{2})"
_ORDINAL: Final = r"(?:st|nd|rd|th|er|º|°|\.|-?го)?"
_DATE: Final = regex.compile(
    rf"""
    \d{{1,2}}{_ORDINAL}[\s./-]*+(?:of\s|de\s|d[’'])?{_MONTH}\.?[\s,./-]*+(?:de\s|del\s|năm\s)?{_YEAR}(?!\d)
        (?:\s?(?:г|р|r|года|року)(?!\p{{L}})\.?)?
    | \d{{1,2}}\stháng\s\d{{1,2}},?\s(?:năm\s)?{_YEAR}
    | {_YEAR}[.,]?\s{_MONTH}\.?\s\d{{1,2}}(?!\d)\.?
    | {_MONTH}\.?\s\d{{1,2}}{_ORDINAL},?\s{_YEAR}(?!\d)
    | \d{{1,2}}\s?(?P<sign>[./-])\s?\d{{1,2}}\s?(?P=sign)\s?(?:19|20)?\d{{2}}(?!\d)
    | {_YEAR}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?\d{{1,2}}(?!\d)\.?(?:T(?=\d))?
    | {_YEAR}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일]?
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_DAY: Final = regex.compile(
    rf"""
    \d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일]
    | \d{{1,2}}{_ORDINAL}\s(?:de\s)?{_MONTH}\.?
    | {_MONTH}\.?\s\d{{1,2}}{_ORDINAL}(?!\d)
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_CLOCK: Final = regex.compile(
    r"""
    \d{1,2}(?:[:.h]|\s:\s)\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?!\d)
        (?:\s?(?:a\.?m\.?|p\.?m\.?|uhr|hrs|hs|h|ч|min)(?!\p{L}))?
        (?:\s?\(?(?-i:UTC|GMT|[A-Z]{2,4}T|MEZ|MESZ|Z|WIB|WITA|мск|МСК)(?![\p{L}\d]))?(?:\s?[+-]\d{1,2}(?::?\d{2})?)?
    | \d{1,2}\s?[時时点點시]\s?(?:\d{1,2}\s?[分분])?
    | \d{1,2}\s?(?:a\.?m\.?|p\.?m\.?|h|uhr)(?!\p{L})
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_READING: Final = regex.compile(rf"\d{{1,3}}[\s-]?(?P<minutes>{WORD}(?:\.?\s{WORD}){{0,2}})")


def time_at(line: str, at: int) -> BylinePart | None:
    """The date or time that begins at a place of a line."""
    for kind, pattern in (("date", _DATE), ("day", _DAY)):
        found = pattern.match(line, at)
        if found and (found["month"] is None or "month" in kinds_of(found["month"])):
            return BylinePart(kind, found[0])
    if not line[at].isdigit():
        return None
    if found := _CLOCK.match(line, at):
        return BylinePart("clock", found[0])
    found = _READING.match(line, at)
    phrase = found["minutes"] if found else ""
    while phrase and "minutes" not in kinds_of(phrase):
        phrase = phrase.rpartition(" ")[0].rstrip(".")
    return BylinePart("reading", line[at : found.start("minutes") + len(phrase)]) if found and phrase else None
