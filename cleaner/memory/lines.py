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
from cleaner.text.structure import is_code

#: Lines of a document that are kept, at most: the first half and the last half of them. What recurs stands at the ends.
MAX_LINES: Final = 256
#: HTML: share of a block's characters inside links from which it is a link, and the words of a link that is kept, at
#: least. Entries of menus are shorter, and take most of a page's lines.
LINKED_SHARE: Final = 0.8
LINK_WORDS: Final = 4
#: Characters of a line of a text that may be code, at most. Paragraphs are longer, and looking at them takes time.
MAX_CODE: Final = 160
#: Characters of a line's text that are kept where texts are.
MAX_TEXT: Final = 160
#: Days are counted from here, so that two bytes hold them; 0 is unknown.
_DAY_ZERO: Final = date(1990, 1, 1)
MAX_DAY: Final = 65_535
UNKNOWN_DAY: Final = 0

#: The parts of ``flags``: two bits of the zone, three of the length, three of the region.
ZONES: Final = ("middle", "head", "tail")
REGIONS: Final = ("", "article", "aside", "header", "footer", "nav", "figure", "form")
#: The length from which a line is long: eight words. Lengths are powers of two.
LONG: Final = 4
_MAX_LENGTH: Final = 7

_REGION_OF_TAG: Final = {
    "article": 1, "main": 1, "aside": 2, "header": 3, "footer": 4, "nav": 5, "figure": 6, "form": 7, "dialog": 7,
}  # fmt: skip
_ASCII_WORDS: Final = re.compile(r"[a-z0-9]+")
_WORDS: Final = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_DIGITS: Final = re.compile(r"\d+")
_URL_DATE: Final = re.compile(r"/(\d{4})[/-](\d{1,2})(?:[/-](\d{1,2}))?(?=[/_-]|$)")
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")

#: Code that an extractor has written as text: a comment or a brace alone, an assignment, a call, a statement's end.
_CODE: Final = re.compile(r"^(?://|#!|/\*|[}\])]+[;,]?$)|[;{]$|[\w)]\s?=\s?\S|\w\(\S*\)|::|\w_\w+_\w|\$\{|\s--?\w+\s")

Hashes = NDArray[np.uint32]
Bytes = NDArray[np.uint8]


class About(NamedTuple):
    """What is known of a document apart from its lines; see :class:`DocumentLines`."""

    section: int = 0
    day: int = UNKNOWN_DAY
    keep_texts: bool = False


NOTHING_KNOWN: Final = About()


@dataclass(frozen=True, slots=True)
class DocumentLines:
    """The lines of one document.

    ``key``      64 bits of a hash of all lines: the same for the same lines
    ``section``  the section of the site that it stands in, 32 bits of a hash
    ``day``      the day of its date, 0 where it is unknown
    ``hashes``   (n_lines,) uint32, little-endian, in the order of the document, each line once
    ``flags``    (n_lines,) uint8, see :func:`zone`, :func:`length`, :func:`region`
    ``texts``    the lines themselves, where they are kept
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
        """The document with some of its lines alone: ``kept`` is (n_lines,) bool. Its key stays."""
        flags = np.frombuffer(self.flags, np.uint8)[kept].tobytes()
        texts = None if self.texts is None else tuple(compress(self.texts, kept.tolist()))
        return replace(self, hashes=self.hash_array[kept].tobytes(), flags=flags, texts=texts)


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of a page, and where they stand: ``blocks`` are indices into the page's blocks, in order, and
    ``numbers`` says which line of the document each block is. A line may stand there several times.
    """

    document: DocumentLines
    blocks: tuple[int, ...]
    numbers: tuple[int, ...]


def normalize(text: str) -> str:
    """A line as it is compared with those of other documents: lower case, each number as 0, no punctuation, single
    spaces, one form of each character. "" for a line without letters.

    >>> [normalize(line) for line in ("» Read  more: 14 Comments…", "READ MORE – 9 comments", "* * *", "3–2")]
    ['read more 0 comments', 'read more 0 comments', '', '']
    """
    if text.isascii():
        line = _DIGITS.sub("0", " ".join(_ASCII_WORDS.findall(text.lower())))
        return line if line.strip("0 ") else ""
    words = _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())
    line = _DIGITS.sub("0", " ".join(words))
    return line if any(map(str.isalpha, line)) else ""


def line_hash(line: str) -> int:
    """32 bits of a hash of a normalised line."""
    return int.from_bytes(hashlib.blake2b(line.encode(), digest_size=4).digest(), "little")


def lines_of_page(page: Page, prose_map: ProseMap, blocks: Iterable[int], about: About = NOTHING_KNOWN) -> PageLines:
    """The lines of some blocks of a page. A document has each line once, with the place of the first.

    Left out are lines without letters, code, cells of tables, and short links of a page: they are content where they
    recur, or no rule of a memory is needed for them.
    """
    first: dict[int, int] = {}
    hash_of_block: dict[int, int] = {}
    for at in blocks:
        if _counts(page, prose_map, at) and (line := normalize(page.blocks[at].plain)):
            hash_of_block[at] = line_hash(line)
            first.setdefault(hash_of_block[at], at)
    hashes, chosen = _ends(list(first)), _ends(list(first.values()))
    number = {known: at for at, known in enumerate(hashes)}
    array = np.array(hashes, "<u4")
    flags = bytes(_flags(page, prose_map, at) for at in chosen)
    texts = tuple(page.blocks[at].plain[:MAX_TEXT] for at in chosen) if about.keep_texts else None
    document = DocumentLines(_key(array), about.section, about.day, array.tobytes(), flags, texts)
    places = {at: number[known] for at, known in hash_of_block.items() if known in number}
    return PageLines(document, tuple(places), tuple(places.values()))


def _ends(values: list[int]) -> list[int]:
    half = MAX_LINES // 2
    return values if len(values) <= MAX_LINES else [*values[:half], *values[-half:]]


def _key(hashes: Hashes) -> int:
    return int.from_bytes(hashlib.blake2b(hashes.tobytes(), digest_size=8).digest(), "little")


def _counts(page: Page, prose_map: ProseMap, at: int) -> bool:
    block = page.blocks[at]
    if block.cell is not None or block.tag in ("td", "th") or is_code(block):
        return False
    if page.kind == "text":
        return len(block.plain) > MAX_CODE or not _CODE.search(block.plain)
    linked = block.linked >= LINKED_SHARE * len(block.plain)
    return not block.hidden and not (linked and prose_map.words[at] < LINK_WORDS)


def _flags(page: Page, prose_map: ProseMap, at: int) -> int:
    zone_number = ZONES.index(prose_map.zones.zone(at))
    words = min(prose_map.words[at].bit_length(), _MAX_LENGTH)
    return zone_number | words << 2 | _region(page, page.blocks[at]) << 5


def _region(page: Page, block: RawBlock) -> int:
    """The innermost element around a block that names a region."""
    if page.kind == "text":
        return 0
    element = block.node
    while element > 0:
        number = _REGION_OF_TAG.get(page.elements.tag(element), 0)
        if number:
            return number
        element = page.elements.parent[element]
    return 0


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
    """One of two documents with the same key: the same whichever comes first. A known date goes before none."""
    return min(one, other, key=_rank)


def _rank(document: DocumentLines) -> tuple[int, int, bytes, Sequence[str]]:
    day = document.day or MAX_DAY + 1
    return day, document.section, document.flags, document.texts or ()
