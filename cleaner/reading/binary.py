"""Binary content: files, compressed bodies and random bytes, also after they were decoded to a string by mistake.

A scraper that stores ``response.text`` stores a PNG or a gzip body as a string: each byte became a character of
Latin-1 or Windows-1252, or an invalid byte became U+FFFD or was left out. Two tests recognise such strings: the magic
number of a file format, in all of these forms, and the share of control characters.
"""

import re
from typing import Final

#: A byte from 0x80 on: one character of some code page, U+FFFD, or nothing.
_HIGH: Final = r"[^\x00-\x7f]?"
_CONTROL: Final = r"[\x00-\x08\x0e-\x1f]"
#: How binary files begin. Parts that are ASCII text too are followed by what the format has next.
_MAGIC: Final = re.compile(
    "|".join(
        (
            r"\s{0,20}%PDF-\d",
            rf"{_HIGH}PNG\r?\n\x1a",
            rf"GIF8[79]a(?=.{{0,6}}{_CONTROL})",  # width and height, 2 bytes each
            r"ÿØÿ",  # JPEG, and its two usual segments
            rf"(?:{_HIGH}){{4}}.{{1,2}}(?:JFIF|JFXX|Exif)\x00",
            r"RIFF.{0,4}(?:WEBPVP8|WAVE(?:fmt |bext|JUNK)|AVI LIST)",
            rf"{_CONTROL}{{2,3}}.{{0,2}}ftyp\w",  # MP4, MOV, HEIC, AVIF; the length comes first
            r"wOF[F2]\x00|wOF[F2]OTTO",
            r"\x7fELF",
            rf"\x1f{_HIGH}\x08",  # gzip
            r"PK\x03\x04|PK\x05\x06",  # ZIP, and formats in one: DOCX, EPUB, JAR
            r"BZh[1-9]1AY&SY",
            rf"{_HIGH}7zXZ\x00",
            rf"7z(?:{_HIGH}){{2}}'\x1c",
            r"Rar!\x1a\x07",
            r"\([µ\ufffd]/[ý\ufffd]",  # Zstandard
            rf"(?:{_HIGH}){{2}}\x11(?:{_HIGH}){{3}}\x1a",  # OLE 2: DOC, XLS, PPT
        )
    ),
    re.DOTALL,
)
#: Control characters that text files do not have: the "binary data bytes" of the WHATWG's MIME Sniffing standard (tab,
#: line and form feeds and escape are none of them), 10 % of random bytes. NUL is left out, since UTF-16 that was
#: decoded as Latin-1 is half NUL and its text can still be read. C1 controls are not counted: text that was encoded to
#: UTF-8 twice has many.
_BINARY_CONTROLS: Final = bytes((*range(0x01, 0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)))
#: Share of control characters from which a sample is binary. Random and compressed bytes have 0.10. Of 6,947 real pages
#: the highest has 0.0016, and 0.0076 in its worst 4,096 characters.
MIN_CONTROL_SHARE: Final = 0.03
#: A binary sample has at least ``MIN_KINDS`` distinct control characters, and one for every two control characters, up
#: to ``ENOUGH_KINDS``. Text that uses control characters as markup has few distinct ones: the colour codes of IRC, the
#: overstriking of manual pages, field separators. Of 6,947 real pages 15 have one, and a single page has more (7, of 8
#: characters in all).
MIN_KINDS: Final = 3
ENOUGH_KINDS: Final = 8
#: Share of letters and white space from which a sample is text, whatever else it holds. Random bytes have 0.45, and at
#: most 0.6 where all but ASCII was left out; prose of all languages has 0.9.
TEXT_SHARE: Final = 0.75
#: Characters of the shortest string whose share is computed.
MIN_SAMPLE: Final = 32
#: Slices of a long string that make up its sample, spread evenly, and characters of a slice. So a page with garbage in
#: one place is still a page, and a binary file with a long header of text is recognised.
SLICES: Final = 16
SLICE: Final = 512


def has_magic(text: str) -> bool:
    r"""Whether a string begins with the magic number of a binary file format, decoded in any way.

    >>> has_magic("\x89PNG\r\n\x1a\n"), has_magic("\ufffdPNG\r\n\x1a\n"), has_magic("PNG is a format.")
    (True, True, False)
    """
    return _MAGIC.match(text) is not None


def is_binary(text: str) -> bool:
    """Whether a string is a binary file or body that was decoded: by its magic number or its control characters."""
    if has_magic(text):
        return True
    sample = _sample(text)
    # Bytes are counted in a fifth of the time that a pattern takes.
    as_bytes = sample.encode("ascii", "replace")
    n_controls = len(as_bytes) - len(as_bytes.translate(None, _BINARY_CONTROLS))
    if len(sample) < MIN_SAMPLE or n_controls < MIN_CONTROL_SHARE * len(sample):
        return False
    controls = [byte for byte in as_bytes if byte in _BINARY_CONTROLS]
    if len(set(controls)) < max(MIN_KINDS, min(ENOUGH_KINDS, len(controls) / 2)):
        return False
    return sum(char.isalpha() or char.isspace() for char in sample) < TEXT_SHARE * len(sample)


def _sample(text: str) -> str:
    if len(text) <= SLICES * SLICE:
        return text
    step = (len(text) - SLICE) // (SLICES - 1)
    return "".join(text[at * step : at * step + SLICE] for at in range(SLICES))
