"""Where words and sentences end, in scripts with and without spaces between words; and how lines are compared."""

import re
from typing import Final

import regex

#: Code points of scripts without spaces between words: Thai and Lao, Burmese, Khmer, kana, Han. Hangul has spaces.
UNSPACED_RANGES: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
)  # fmt: skip
#: The same as the inside of a character class.
UNSPACED_CLASS: Final = "".join(f"{chr(low)}-{chr(high)}" for low, high in UNSPACED_RANGES)
#: One character of those scripts.
UNSPACED: Final = regex.compile(f"[{UNSPACED_CLASS}]")  # ``re`` takes 2 ms to compile it
#: Characters that end a sentence.
ENDS: Final = ".!?…。！？।؟۔։።"
#: Closing quotes and brackets, which may follow the end of a sentence.
CLOSERS: Final = "'\"”’»“)]）」』】›"
#: The ends of questions, and of lines that announce something.
QUESTION_MARKS: Final = ("?", "？", "؟")
COLONS: Final = (":", "：")
#: Any number of closers. A French quotation mark has a space before it.
_CLOSING: Final = rf"(?:\s[»›]|[{re.escape(CLOSERS)}])*"
#: The end of a text that ends a sentence.
ENDED: Final = re.compile(rf"[{ENDS}]{_CLOSING}\s*$")
#: The end of a text that ends a sentence, or with a colon or semicolon: no heading does.
CLOSED: Final = re.compile(rf"[{ENDS};:]{_CLOSING}\s*$")
#: A full stop at the end of a text: a question or an exclamation may be a headline.
FULL_STOP: Final = re.compile(rf"[.。।۔։።]{_CLOSING}\s*$")
#: A mark of a quotation.
QUOTE_MARK: Final = re.compile(r"[\"“”„«»「」『』]")
#: The characters with which a sentence begins, as the inside of a character class.
_BEGINNINGS: Final = "©A-Z0-9À-ÖØ-ÞĀ-ſΑ-ΩЀ-Я"
#: The place between two sentences: the end of one with its closing quotes and brackets, white space, and the beginning
#: of the next one, a capital or a digit. CJK sentences need no white space. Group 1 or 2 is the white space.
SENTENCE_BREAK: Final = re.compile(
    rf"(?<=[.!?…])[\"”’»)\]]*(\s+)(?=[\"“‘«(\[]*[{_BEGINNINGS}])|(?<=[。！？])(\s*)(?=\S)"
)
#: The same in Markdown, where a sentence may be emphasised or a link.
MARKDOWN_SENTENCE_BREAK: Final = re.compile(
    rf"(?<=[.!?…])(?:[\"”’»)*_]|\](?:\([^()\s]{{1,500}}\))?)*(\s+)(?=[\"“‘«(\[*_]*[{_BEGINNINGS}])"
    r"|(?<=[。！？])(\s*)(?=\S)"
)

#: Characters at the end of a text among which its last full stop is, with the closing quotes and brackets behind it.
_END_LENGTH: Final = 12
_OUTER_MARKS: Final = " \t-–—•*·:.!?…»«\"“”„'’|>()。：！？、，؟।#"


def is_ended(text: str) -> bool:
    """Whether a text ends as a sentence does.

    >>> is_ended("“The ferry sailed.”"), is_ended("Ferries of Skarn:")
    (True, False)
    """
    return ENDED.search(text[-_END_LENGTH:]) is not None


def is_closed(text: str) -> bool:
    """Whether a text ends as a sentence does, or with a colon or semicolon: no heading does.

    >>> is_closed("“The ferry sailed.”"), is_closed("« Le bac est parti. »"), is_closed("Ferries of Skarn")
    (True, True, False)
    """
    return CLOSED.search(text[-_END_LENGTH:]) is not None


def sentence_gap(match: re.Match[str]) -> tuple[int, int]:
    """Start and end of the white space in a match of ``SENTENCE_BREAK`` or ``MARKDOWN_SENTENCE_BREAK``."""
    return match.span(1) if match.group(1) is not None else match.span(2)


def normalize_line(text: str) -> str:
    """A line as it is compared with other lines: case-folded, single spaces, no punctuation at either end.

    >>> normalize_line("• About the  Author:")
    'about the author'
    """
    return " ".join(text.split()).strip(_OUTER_MARKS).casefold()
