"""How many words a text has, also in scripts that do not part them."""

import re
from typing import Final

#: Han, kana, Thai, Lao, Burmese and Khmer: scripts that write no spaces between words. Hangul does.
UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
#: Characters that close a sentence, and the quotes and brackets that may follow them.
CLOSED: Final = re.compile(r"[.!?…。！？।؟۔։።;:]['\"”’»“)\]）」』】›]*\s*$")
#: The same without the colon and the semicolon, after which something is to follow.
ENDED: Final = re.compile(r"[.!?…。！？।؟۔։።]['\"”’»“)\]）」』】›]*\s*$")

_OUTER: Final = " \t-–—•*·:.!?…»«\"“”„'’|>()。：！？、،؟।#"


def count(text: str) -> int:
    """The number of words; two characters count as one where words are not parted.

    >>> count("The vote is on Tuesday."), count("今日は雨です")
    (5, 3)
    """
    number = len(text.split())
    if text.isascii():
        return number
    unspaced = len(UNSPACED.findall(text))
    return max(number, unspaced // 2) if unspaced else number


def fold(text: str) -> str:
    """A line as it is compared with other lines: no case, single spaces, no outer marks.

    >>> fold("• About the  Author:")
    'about the author'
    """
    return " ".join(text.split()).strip(_OUTER).casefold()
