"""A document as a memory keeps it: a hash of each of its lines, and where each stands."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress
from typing import Final, NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from cleaner.segment.page import Page, RawBlock
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Flags
from cleaner.text.characters import encodable
from cleaner.text.hashes import Hashes
from cleaner.text.structure import is_code

#: Lines of a document that are kept, at most: the first half and the last half of them. What recurs stands at the ends.
MAX_LINES: Final = 256
#: HTML: share of a block's characters inside links from which it is a link, and the words of a link that is kept, at
#: least. Entries of menus are shorter, and take most of a page's lines.
LINKED_SHARE: Final = 0.8
LINK_WORDS: Final = 4
#: Characters of a line of a text that may be code, at most. Paragraphs are longer, and looking at them takes time.
MAX_CODE: Final = 160
#: Texts: words of a line at the ends whose beginning and end are kept as well, and words of these parts.
PART_LINE_WORDS: Final = (4, 30)
PART_WORDS: Final = 4
#: Parts of lines of a document that are kept, at most.
MAX_PARTS: Final = 64
#: Numbers of a date with a time, at least: such a line is a stamp, and no heading.
STAMP_NUMBERS: Final = 3
#: Characters at the beginning and at the end of a longer line by which it is known: reading all of it takes time.
MAX_READ: Final = (160, 40)
#: Characters of a line's text that are kept where texts are.
MAX_TEXT: Final = 160
#: Days are counted from here, so that two bytes hold them; 0 is unknown.
_DAY_ZERO: Final = date(1990, 1, 1)
MAX_DAY: Final = 65_535
UNKNOWN_DAY: Final = 0

#: What ``flags`` consist of: two bits of the zone, three of the length, three of the region.
ZONES: Final = ("middle", "head", "tail")
#: The flags of a part of a line, which no line has.
PART: Final = 3
REGIONS: Final = ("", "article", "aside", "header", "footer", "nav", "figure", "form")
#: The length from which a line is long: eight words. Lengths are powers of two.
LONG: Final = 4
_MAX_LENGTH: Final = 7

_REGION_OF_TAG: Final = {
    "article": 1, "main": 1, "aside": 2, "header": 3, "footer": 4, "nav": 5, "figure": 6, "form": 7, "dialog": 7,
}  # fmt: skip
#: ASCII in lower case: digits become 0, and what is neither a letter nor a digit becomes a space.
_ASCII: Final = "".join(
    "0" if chr(code).isdigit() else chr(code).lower() if chr(code).isalpha() else " " for code in range(128)
)
#: Characters of typography, which are no words: with spaces in their place, most English lines are ASCII.
_TYPOGRAPHY: Final = "’“”‘–—…\u00a0•"
_ZEROS: Final = re.compile(r"0{2,}")
_WORDS: Final = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_DIGITS: Final = re.compile(r"\d+")
#: A time, and a full date.
_STAMP: Final = re.compile(r"\b\d{1,2}:\d\d\b|\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b")
_URL_DATE: Final = re.compile(r"/(\d{4})[/-](\d{1,2})(?:[/-](\d{1,2}))?(?=[/_-]|$)")
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")

#: Code that an extractor has written as text: a comment or a brace alone, an assignment, a call, a statement's end.
_CODE: Final = re.compile(
    r"^(?://(?!.*//)|#!|/\*|[}\])]+[;,]?$)|[;{]$|[\w)]\s?=\s?\S|\w\(\S*\)|::|\w_\w+_\w|\$\{|\s--?\w+\s"
)
#: One of these is in all that :data:`_CODE` matches.
_CODE_SIGNS: Final = ("(", "=", ";", "_", "{", "}", ")", "]", "::", "//", "#!", "/*", " -", "\t-", "\u00a0-")

Bytes = NDArray[np.uint8]


class About(NamedTuple):
    """What is known of a document apart from its lines; see :class:`DocumentLines`."""

    section: int = 0
    day: int = UNKNOWN_DAY
    keep_texts: bool = False


NOTHING_KNOWN: Final = About()


@dataclass(frozen=True, slots=True)
class DocumentLines:
    """The lines of one document, and behind them parts of lines: see :func:`parts_of_line`.

    ``key``      64 bits of a hash of all lines: the same for the same lines
    ``section``  the section of the site that it stands in, 32 bits of a hash
    ``day``      the day of its date, 0 where it is unknown
    ``hashes``   (n_entries,) uint32, little-endian, in the order of the document, each line or part once
    ``flags``    (n_entries,) uint8, see :func:`zone`, :func:`length`, :func:`region`; :data:`PART` for parts
    ``texts``    the lines and parts themselves, where they are kept
    """

    key: int
    section: int
    day: int
    hashes: bytes
    flags: bytes
    texts: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.flags)

    @property
    def hash_array(self) -> Hashes:
        """``hashes`` as an array."""
        return np.frombuffer(self.hashes, "<u4")

    def with_lines(self, kept: Flags) -> "DocumentLines":
        """The document with some of its lines alone: ``kept`` is (n_entries,) bool. Its key stays.

        Its lines count as short. Otherwise documents of which the same slogan is left would be copies of each other.
        """
        flags = np.frombuffer(self.flags, np.uint8)[kept]
        shortened = flags & ~np.uint8(7 << 2) | np.minimum(length(flags), LONG - 1) << 2
        texts = None if self.texts is None else tuple(compress(self.texts, kept.tolist()))
        return replace(self, hashes=self.hash_array[kept].tobytes(), flags=shortened.tobytes(), texts=texts)


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of a page, and where they stand: ``blocks`` are indices into the page's blocks, in order, and
    ``numbers`` says which line of the document each block is. A line may stand there several times. ``parts`` are the
    numbers of the beginning and the end of each block's line, as far as these are kept.
    """

    document: DocumentLines
    blocks: tuple[int, ...]
    numbers: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]


def normalize(text: str) -> str:
    """A line as it is compared with those of other documents: lower case, each number as 0, no punctuation, single
    spaces, one form of each character. "" for a line without letters, unless it is a date with a time.

    >>> [normalize(line) for line in ("» Read  more: 14 Comments…", "READ MORE – 9 comments", "* * *", "3–2")]
    ['read more 0 comments', 'read more 0 comments', '', '']
    >>> normalize("[16:52] 01-17")
    '0 0 0 0'
    """
    plain = text
    if not text.isascii():
        for mark in _TYPOGRAPHY:
            plain = plain.replace(mark, " ")
    if plain.isascii():
        line = " ".join(plain.translate(_ASCII).split())
        if "00" in line:
            line = _ZEROS.sub("0", line)
        return line if line.strip("0 ") or is_stamp(text) else ""
    words = _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())
    line = _DIGITS.sub("0", " ".join(words))
    return line if any(map(str.isalpha, line)) or is_stamp(text) else ""


def compared(text: str) -> str:
    """What is compared of a line: of a long one the beginning and the end, normalised."""
    first, last = MAX_READ
    return normalize(text if len(text) <= first + last else f"{text[:first]} {text[-last:]}")


def is_stamp(text: str) -> bool:
    """Whether a line states a date with a time.

    >>> [is_stamp(line) for line in ("Updated 4 May, 16:52", "[16:52] 01-17", "16:52", "Serves 4 to 6")]
    [True, True, False, False]
    """
    return len(_DIGITS.findall(text)) >= STAMP_NUMBERS and _STAMP.search(text) is not None


def parts_of_line(line: str) -> tuple[str, ...]:
    """The beginning and the end of a normalised line; nothing of a short or a long one. Lines that an editor or a
    program fills in have them in common: "To contact the reporter on this story: Runa Tveit at …".

    >>> parts_of_line("posted by runa tveit on may 0 0")
    ('posted by runa tveit *', '* on may 0 0')
    """
    words = line.split()
    least, most = PART_LINE_WORDS
    if not least <= len(words) <= most:
        return ()
    size = min(PART_WORDS, len(words) - 1)
    return f"{' '.join(words[:size])} *", f"* {' '.join(words[-size:])}"


def line_hash(line: str) -> int:
    """32 bits of a hash of a normalised line."""
    return int.from_bytes(hashlib.blake2b(line.encode(), digest_size=4).digest(), "little")


def lines_of_page(page: Page, prose_map: ProseMap, blocks: Iterable[int], about: About = NOTHING_KNOWN) -> PageLines:
    """The lines of some blocks of a page. A document has each line once, with the place of the first.

    Left out are lines without letters, code, cells of HTML tables and short links: what recurs of them is content, or
    goes without a memory. Of the lines of a text before the first and after the last prose, parts are kept as well.
    """
    lines = {at: line for at in blocks if _is_kept(page, prose_map, at) and (line := compared(page.blocks[at].plain))}
    hash_of_block = {at: line_hash(line) for at, line in lines.items()}
    parts_of_block = {at: _hashed_parts(line) for at, line in lines.items() if _has_parts(page, prose_map, at)}
    first_block: dict[int, int] = {}  # the first block with each line, by the hash of the line
    for at, hashed in hash_of_block.items():
        first_block.setdefault(hashed, at)
    block_of_line = dict(_first_and_last(list(first_block.items())))
    text_of_part = {part: text for parts in parts_of_block.values() for part, text in parts.items()}
    room = min(MAX_PARTS, MAX_LINES - len(block_of_line))
    kept_parts = [part for part in text_of_part if part not in first_block][:room]
    hashes = np.array([*block_of_line, *kept_parts], "<u4")
    flags = bytes([_flags(page, prose_map, at) for at in block_of_line.values()]) + bytes([PART]) * len(kept_parts)
    texts = None
    if about.keep_texts:
        whole = (encodable(page.blocks[at].plain[:MAX_TEXT]) for at in block_of_line.values())
        texts = (*whole, *(text_of_part[part] for part in kept_parts))
    key = _key(hashes[: len(block_of_line)])
    document = DocumentLines(key, about.section, about.day, hashes.tobytes(), flags, texts)
    number_of_line = {hashed: number for number, hashed in enumerate(block_of_line)}
    number_of_part = {part: number for number, part in enumerate(kept_parts, len(block_of_line))}
    numbers = {at: number_of_line[hashed] for at, hashed in hash_of_block.items() if hashed in number_of_line}
    parts = (
        tuple(number_of_part[part] for part in parts_of_block.get(at, ()) if part in number_of_part) for at in numbers
    )
    return PageLines(document, tuple(numbers), tuple(numbers.values()), tuple(parts))


def _has_parts(page: Page, prose_map: ProseMap, at: int) -> bool:
    """Whether the beginning and the end of a line are kept as well."""
    return page.kind == "text" and prose_map.zones.zone(at) != "middle"


def _hashed_parts(line: str) -> dict[int, str]:
    return {line_hash(part): part for part in parts_of_line(line)}


def _first_and_last(lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """As many of the first and of the last lines as a document keeps."""
    half = MAX_LINES // 2
    return lines if len(lines) <= MAX_LINES else [*lines[:half], *lines[-half:]]


def _key(hashes: Hashes) -> int:
    return int.from_bytes(hashlib.blake2b(hashes.tobytes(), digest_size=8).digest(), "little")


def _is_kept(page: Page, prose_map: ProseMap, at: int) -> bool:
    """Whether a block is one of the lines that are kept, by its form and its place."""
    block = page.blocks[at]
    if is_code(block):
        return False
    if page.kind == "text":  # a row of a table is a line: extractors write layouts as tables
        return len(block.plain) > MAX_CODE or not _may_be_code(block.plain)
    if block.cell is not None or block.tag in ("td", "th"):
        return False
    linked = block.linked >= LINKED_SHARE * len(block.plain)
    return not block.hidden and not (linked and prose_map.words[at] < LINK_WORDS)


def _may_be_code(line: str) -> bool:
    """Whether a line has the form of code. The search is slow, so it is only made where a sign of code is found."""
    return any(sign in line for sign in _CODE_SIGNS) and _CODE.search(line) is not None


def _flags(page: Page, prose_map: ProseMap, at: int) -> int:
    zone_number = ZONES.index(prose_map.zones.zone(at))
    words = min(prose_map.words[at].bit_length(), _MAX_LENGTH)
    return zone_number | words << 2 | _region(page, page.blocks[at]) << 5


def _region(page: Page, block: RawBlock) -> int:
    """The innermost element around a block that names a region."""
    if page.kind == "text":
        return 0
    tags = (page.elements.tag(element) for element in page.elements.outwards(block.node))
    return next((_REGION_OF_TAG[tag] for tag in tags if tag in _REGION_OF_TAG), 0)


def zone(flags: Bytes) -> Bytes:
    """The zone of each line: an index into :data:`ZONES`."""
    return np.asarray(flags & 3, np.uint8)


def length(flags: Bytes) -> Bytes:
    """The length of each line: the bits that its number of words takes, 7 at most."""
    return np.asarray(flags >> 2 & 7, np.uint8)


def region(flags: Bytes) -> Bytes:
    """The region of each line in HTML: an index into :data:`REGIONS`."""
    return np.asarray(flags >> 5, np.uint8)


def day_of(stated: str, url: str) -> int:
    """The day of a document, from the date that it states in ISO 8601, or else from its address; 0 for none.

    >>> day_of("2026-03-03T10:00:00", ""), day_of("", "https://example.org/2026/03/03/ferry"), day_of("Tuesday", "")
    (13210, 13210, 0)
    """
    match = _ISO_DATE.match(stated) or _URL_DATE.search(url)
    if not match:
        return UNKNOWN_DAY
    try:
        day = date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return UNKNOWN_DAY
    return min(max((day - _DAY_ZERO).days, UNKNOWN_DAY), MAX_DAY)


def merged(one: DocumentLines, other: DocumentLines) -> DocumentLines:
    """One of two documents with the same key: the same whichever comes first.

    That with more entries goes first: it also has parts of lines, or lines that the other has forgotten. A known date
    goes before none.
    """
    return min(one, other, key=_rank)


def _rank(document: DocumentLines) -> tuple[int, int, int, bytes, Sequence[str]]:
    day = document.day or MAX_DAY + 1
    return -len(document), day, document.section, document.flags, document.texts or ()
