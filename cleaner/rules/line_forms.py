"""The form of a line by itself: one string twice, titles between bars, a person's name alone, a headline.

The functions take the text of one block. Names and headlines are told by capitals, so in scripts without capitals
nothing has these forms.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

import regex

from cleaner.text import words

#: Lines at the top of a text that may be its headline and its standfirst.
TOP_LINES: Final = 3
#: Words of each half of a line that is one string twice, at least; characters of each half where no space parts them.
MIN_HALF_WORDS: Final = 2
MIN_HALF_CHARACTERS: Final = 5
#: Words of a line that is an echo, at most; of what stands behind it.
MAX_ECHO_WORDS: Final = 32
MAX_ECHO_REST: Final = 10
#: Words and characters of the headline behind a kicker, at least.
KICKED_WORDS: Final = 4
KICKED_CHARACTERS: Final = 20
#: Titles between bars, at least; words of a title, at most.
MIN_TITLES: Final = 3
MAX_TITLE_WORDS: Final = 6
#: Words of a headline.
HEADLINE_WORDS: Final = range(6, 26)

_LOOSE_SIGNS: Final = frozenset(",.:|/<>×€„·•")
_FILE: Final = regex.compile(r"(?=\S*[\d_-]\S*[\d_-])\S{1,100}\.(?i:jpe?g|png|gif|webp)")
#: Signs of code.
_CODE: Final = regex.compile(r"[<>{}=$|\\]")
_ENDS: Final = ".!?…"
_PART: Final = r"(?:\s(?:\p{Lu}\.|d[aeiou]s?|del|van|von|von der|bin|al|la|le))*(?:\s\p{Lu}[\p{L}’'-]{1,20}){1,2}"
_NAME: Final = rf"\p{{Lu}}[\p{{L}}.’'-]{{1,20}}{_PART}"
_NAMES: Final = regex.compile(rf"{_NAME}(?:(?:,|\s?/|\s(?:and|und|et|y|e|i|og|och|en|ve|и|та))\s?{_NAME}){{0,3}}")
_NAME_FIRST: Final = regex.compile(_NAME)
_KICKER: Final = regex.compile(r"([\p{Lu}\d][^|]{1,30}?)\s\|\s([^|]+)")
_BAR: Final = regex.compile(r"(?<=\S)\s\|\s(?=\S)")
_LABEL: Final = regex.compile(r"[^:|]{3,60}:\s")
_NO_TITLE: Final = regex.compile(r"\b\d|[:()`=/\\<>]")
#: The address of a site: a line with one tells the reader where to go on.
_ADDRESS: Final = regex.compile(r"\w\.\p{Ll}{2,}")
_DIGITS: Final = regex.compile(r"\d")


def is_twice(text: str) -> bool:
    """Whether a line is one string twice, as where the title of a teaser stands in its picture as well.

    >>> is_twice("The lamp is lit again The lamp is lit again"), is_twice("Pora Pora"), is_twice("Read moreRead more")
    (True, False, True)
    """
    middle = len(text) // 2
    if text.isascii() and text[middle : middle + 1] not in (" ", text[:1]):  # most lines, told without folding them
        return False
    if "|" in text:  # the head of a table
        return False
    folded = text.casefold()
    middle = len(folded) // 2
    if folded[middle : middle + 1] == " " and folded[:middle] == folded[middle + 1 :]:
        parts = folded[:middle].split()
        return len(parts) >= MIN_HALF_WORDS and len(set(parts)) > 1
    middle = len(text) // 2
    glued = text[middle - 1 : middle + 1].isalpha() and len(text) % 2 == 0
    return glued and middle >= MIN_HALF_CHARACTERS and text[:middle] == text[middle:]


def is_echo(above: str, below: str) -> bool:
    """Whether two lines are one text, which has something behind it in one of them: a credit, or a full stop. What goes
    on with a small letter is another sentence.

    >>> is_echo("The old pier of Skarn", "The old pier of Skarn. Odd Brekke/Nordlys")
    True
    >>> is_echo("We will build it again.", "We will build it again before the winter.")
    False
    """
    short, long = sorted((above.rstrip().rstrip(_ENDS), below.rstrip()), key=len)
    rest = long[len(short) :].lstrip(_ENDS).lstrip()
    is_short_enough = len(short.split()) <= MAX_ECHO_WORDS and len(rest.split()) <= MAX_ECHO_REST
    is_credit = not rest[:1].islower() and not words.is_closed(rest)
    return short[:1].isalnum() and is_short_enough and is_credit and long.startswith(short) and not _CODE.search(short)


def is_leftover(text: str) -> bool:
    """Whether a line is one sign, which parted two links or stood before one, or the name of a picture's file.

    >>> is_leftover("|"), is_leftover("skarn-pier_2.jpg"), is_leftover("});"), is_leftover("logo.png")
    (True, True, False, False)
    """
    text = text.strip()
    return text in _LOOSE_SIGNS or _FILE.fullmatch(text) is not None


def kicker(text: str) -> str:
    """What stands in capitals before the bar of a line "KICKER | headline"; "" for another line.

    >>> kicker("HARBOUR VOTE | Council puts off the new pier"), kicker("Best for | A long walk along the old pier")
    ('HARBOUR VOTE', '')
    """
    found = _KICKER.fullmatch(text.strip())
    if (
        found is None
        or not found[1].isupper()
        or len(found[2]) < KICKED_CHARACTERS
        or len(found[2].split()) < KICKED_WORDS
    ):
        return ""
    return str(found[1])


def is_bar_list(text: str) -> bool:
    """Whether a line is a row of titles: three or more between bars, behind a label or not. A title has a few words, no
    number, no colon and no signs of code.

    >>> is_bar_list("Harbours: Skarn | Ostra | Holm"), is_bar_list("News | Sport | Weather"), is_bar_list("A | 3 | 1")
    (True, True, False)
    """
    text = text.strip()
    if text.startswith("|") or words.is_closed(text):
        return False
    label = _LABEL.match(text)
    titles = _BAR.split(text[label.end() :] if label else text)
    return len(titles) >= MIN_TITLES and all(
        len(title.split()) <= MAX_TITLE_WORDS and not _NO_TITLE.search(title) for title in titles
    )


def is_name(text: str) -> bool:
    """Whether a line is nothing but names of persons: two or three words each with a capital, not all in capitals.

    >>> is_name("Runa Tveit"), is_name("Odd van Brekke, Mads Holm"), is_name("RUNA TVEIT"), is_name("The lamp of Skarn")
    (True, True, False, False)
    """
    return _NAMES.fullmatch(text.strip()) is not None and not text.isupper()


def name_at_start(text: str) -> str:
    """The person's name that a line begins with; "" where it begins with none.

    >>> name_at_start("Runa Tveit covers the coast."), name_at_start("The lamp is lit.")
    ('Runa Tveit', '')
    """
    found = _NAME_FIRST.match(text)
    return found[0] if found else ""


def is_headline(text: str) -> bool:
    """Whether a line has the form of a headline: some words, a capital first, no digits, no colon, no end.

    >>> is_headline("Storm closes the old coast road again"), is_headline("Storm closes the old coast road again.")
    (True, False)
    """
    return (
        len(text.split()) in HEADLINE_WORDS
        and text[:1].isupper()
        and text[-1:].isalpha()
        and ":" not in text
        and "|" not in text
        and not _ADDRESS.search(text)
        and not _DIGITS.search(text)
    )


def second_half(counts: Sequence[int]) -> int:
    """The first line before which at least half of the words stand; ``counts`` are the words of each line."""
    before = list(accumulate(counts, initial=0))
    return bisect_left(before, before[-1] / 2)
