"""Where words and sentences end, in scripts that part words and in those that do not; how lines are compared."""

import re
from typing import Final

import regex  # for classes of large ranges, which ``re`` takes 2 ms to compile

#: Han, kana, Thai, Lao, Burmese and Khmer: scripts that write no spaces between words. Hangul does.
UNSPACED_RANGES: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
)  # fmt: skip
UNSPACED: Final = regex.compile(f"[{''.join(f'{chr(low)}-{chr(high)}' for low, high in UNSPACED_RANGES)}]")
#: Characters that end a sentence, and the quotes and brackets that may follow them.
ENDS: Final = ".!?…。！？।؟۔։።"
CLOSERS: Final = "'\"”’»“)]）」』】›"
ENDED: Final = re.compile(rf"[{ENDS}][{re.escape(CLOSERS)}]*\s*$")
#: The same with the colon and the semicolon, after which something is to follow.
CLOSED: Final = re.compile(rf"[{ENDS};:][{re.escape(CLOSERS)}]*\s*$")
#: Between two sentences: a closing mark, with what may close behind it, and white space before a new beginning. The
#: white space is what a cut takes.
SENTENCE_BREAK: Final = re.compile(
    r"(?<=[.!?…])[\"”’»)\]]*(\s+)(?=[\"“‘«(\[]*[©A-Z0-9À-ÖØ-ÞĀ-ſΑ-ΩЀ-Я])|(?<=[。！？])(\s*)(?=\S)"
)

_OUTER: Final = " \t-–—•*·:.!?…»«\"“”„'’|>()。：！？、،؟।#"


def sentence_gap(border: re.Match[str]) -> tuple[int, int]:
    """The white space of a ``SENTENCE_BREAK`` between sentences: where it begins and ends."""
    return border.span(1) if border.group(1) is not None else border.span(2)


def normalize_line(text: str) -> str:
    """A line as it is compared with other lines: no case, single spaces, no outer marks.

    >>> normalize_line("• About the  Author:")
    'about the author'
    """
    return " ".join(text.split()).strip(_OUTER).casefold()
