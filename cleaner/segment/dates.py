"""Dates of metadata as ISO 8601."""

import re
from datetime import datetime
from typing import Final

_TIME: Final = r"""
    (?P<hour>\d{1,2}) : (?P<minute>\d\d) (?: : (?P<second>\d\d) (?: [.,]\d+ )? )?
    (?: \s* (?P<half>[ap]) (?: m \b | \.m\. ) )?
    (?: \s* (?: (?P<utc> Z | UTC | GMT ) (?! [+-] )
            | (?: UTC | GMT )? (?P<sign>[+-]) (?P<zone>\d\d) :? (?P<zone_minute>\d\d)?
              (?: \s+ \(? [+A-Z][A-Z0-9]* \)? )?   # some programs add the zone's name, or all of it again
            ) )?
"""
#: Year first, as in ISO 8601 and what resembles it: "2026-03-03T10:00:00.000Z", "2026/3/3", "2026-03-03 10:00 UTC".
_YEAR_FIRST: Final = re.compile(
    rf"(?P<year>\d{{4}}) ([-/.]) (?P<month>\d{{1,2}}) \2 (?P<day>\d{{1,2}}) (?: (?: T | \s+ ) {_TIME} )?",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
#: With an English month: "March 3, 2026", "3 Mar 2026", and dates of e-mail and HTTP (RFC 5322).
_NAMED: Final = re.compile(
    rf"""
    (?: [a-z]{{3,9}} ,? \s+ )?
    (?: (?P<month>{_MONTH}) \.? \s+ (?P<day>\d{{1,2}}) (?: st|nd|rd|th )? ,?
      | (?P<first_day>\d{{1,2}}) (?: st|nd|rd|th )? \s+ (?: of \s+ )? (?P<second_month>{_MONTH}) \.? ,? )
    \s+ (?P<year>\d{{4}})
    (?: ,? \s+ (?: at \s+ )? {_TIME} )?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
#: Longest date that is looked at, in characters.
MAX_DATE: Final = 60


def iso_date(text: str) -> str:
    """A date as ISO 8601, with time and zone where they are given; unchanged where it cannot be read for certain.

    Read are dates with the year first and dates with an English month. Fractions of a second are left out. Dates in
    figures with the day or the month first stay as they are: which of the two comes first is not known.

    >>> iso_date("2026-03-03T10:00:00.000Z"), iso_date("March 3, 2026"), iso_date("Tue, 03 Mar 2026 10:00:00 +0100")
    ('2026-03-03T10:00:00+00:00', '2026-03-03', '2026-03-03T10:00:00+01:00')
    >>> iso_date("03/04/2026")
    '03/04/2026'
    """
    stated = text.strip()
    match = (_YEAR_FIRST.fullmatch(stated) or _NAMED.fullmatch(stated)) if len(stated) <= MAX_DATE else None
    if not match:
        return text
    try:
        return _iso(match.groupdict())
    except ValueError:  # a month 13, a zone of 99 hours
        return text


def _iso(parts: dict[str, str | None]) -> str:
    month = parts["month"] or parts.get("second_month") or ""
    number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
    of_month = int(parts["day"] or parts.get("first_day") or 0)
    day = f"{parts['year']}-{number:02}-{of_month:02}"
    if parts["hour"] is None:
        return datetime.fromisoformat(day).date().isoformat()
    hour = int(parts["hour"])
    if parts["half"]:
        hour = hour % 12 + 12 * (parts["half"].lower() == "p")
    zone = "+00:00" if parts["utc"] else ""
    if parts["sign"]:
        zone = f"{parts['sign']}{parts['zone']}:{parts['zone_minute'] or '00'}"
    time = f"{hour:02}:{parts['minute']}:{parts['second'] or '00'}"
    return datetime.fromisoformat(f"{day}T{time}{zone}").isoformat()
