"""Characters that may leave the library: :func:`strip_unsafe_chars` removes those that break or deceive readers,
:func:`encodable` replaces those that cannot be written.
"""

import re
from functools import cache
from typing import Final

# The removed characters were seen to pass through extractors and to harm programs or people further on. They
# - break JSON, XML or UTF-8: NUL, lone surrogates, noncharacters;
# - control a terminal: C0, DEL, C1;
# - reorder what is read: bidi controls, U+202A-E and U+2066-9;
# - hide text from people but not from machines: tag characters, U+E0000-7F.
# The class lists what may stay. Searching for a character outside of it is 15 times as fast as searching for one of a
# list of unsafe characters.
_SAFE: Final = (
    "\t\n\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd"
    + "".join(f"{chr(plane)}-{chr(plane | 0xFFFD)}" for plane in range(0x10000, 0xE0000, 0x10000))
    + "\U000e0080-\U000efffd\U000f0000-\U000ffffd\U00100000-\U0010fffd"
)
_UNSAFE: Final = f"[^{_SAFE}]"

# The flags of England, Scotland and Wales: a black flag, the region in tag characters, a cancel tag. A region has 3 to
# 7 characters (UTS #51, CLDR). Without that limit a flag could carry a hidden text.
_BLACK_FLAG: Final = "\U0001f3f4"
_FLAG_OR_UNSAFE: Final = f"{_BLACK_FLAG}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{3,7}}\U000e007f|{_UNSAFE}"


def strip_unsafe_chars(text: str) -> str:
    r"""The text without control, bidi control and tag characters, surrogates and noncharacters.

    Spelling is not touched: joiners (U+200C, U+200D), variation selectors and combining marks are kept, and nothing is
    normalised. ``\r\n`` is kept. Another ``\r``, a form feed and a vertical tab become ``\n``: without it the words on
    both sides would be joined.

    >>> strip_unsafe_chars("a\x00b\x1b[1mc \u202eabc\u202c")
    'ab[1mc abc'
    >>> strip_unsafe_chars("one\r\ntwo\rthree")
    'one\r\ntwo\nthree'
    >>> strip_unsafe_chars("\U0001f469\u200d\U0001f680") == "\U0001f469\u200d\U0001f680"
    True
    """
    if text.isprintable() or not _compiled(_UNSAFE).search(text):  # most blocks are printable, which implies safe
        return text
    # The second pattern is slower, and hardly any text has a flag.
    return _compiled(_FLAG_OR_UNSAFE if _BLACK_FLAG in text else _UNSAFE).sub(_replacement, text)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled on first use: each takes 5 ms."""
    return re.compile(pattern)


def _replacement(match: re.Match[str]) -> str:
    unsafe = match.group()
    if unsafe in "\r\f\v":
        return "\r" if match.string.startswith("\n", match.end()) and unsafe == "\r" else "\n"
    return unsafe if unsafe[0] == _BLACK_FLAG else ""


def encodable(text: str) -> str:
    r"""The text with each lone surrogate replaced by a question mark. UTF-8 cannot encode them: one fails a whole file.

    >>> encodable("F\ud83d")
    'F?'
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def one_line(text: str) -> str:
    r"""The text without unsafe characters, on one line: each run of white space is one space.

    >>> one_line(" Two\n lines\x00 ")
    'Two lines'
    """
    return " ".join(strip_unsafe_chars(text).split())
