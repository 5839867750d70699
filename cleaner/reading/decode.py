"""Bytes become a string: byte order mark, UTF-16, UTF-8, the declared encoding, detection, in this order."""

import codecs
import re
from typing import Final, NamedTuple

from cleaner.reading import binary

#: Bytes at the start of a page in which it declares its encoding. The HTML standard has 1,024; some heads begin late.
HEAD: Final = 4_096
#: Bytes from which an encoding is detected where nothing declares it.
DETECTION_SAMPLE: Final = 50_000
#: Share of bytes or characters that are valid in the encoding of a damaged page, at least. If more are invalid, the
#: encoding is another one.
MIN_VALID: Final = 0.99
#: Valid multi-byte sequences for each invalid byte from which bytes are UTF-8, whatever the page declares. Bytes of
#: other encodings hardly ever form valid sequences.
UTF8_MAJORITY: Final = 10
#: UTF-16 without a byte order mark. Every other byte is the high byte of a character, which is NUL in ASCII: markup,
#: spaces, western text. Share and number of NULs among these bytes at least, and among the low bytes at most.
UTF16_MIN_HIGH_NULS: Final = 0.3
UTF16_FEWEST_HIGH_NULS: Final = 3
UTF16_MAX_LOW_NULS: Final = 0.1

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BOMS_OF_UTF16: Final = tuple(bom for bom, codec in _BOMS if codec != "utf-8")
#: Escapes of ISO 2022 and HZ, which switch to another character set inside of ASCII.
_SWITCHES: Final = re.compile(rb"\x1b\$[@AB(]|~\{[!-~]{2}")
_NON_ASCII: Final = re.compile(r"[^\x00-\x7f\ufffd]")
_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)

#: Python codecs for encodings of the WHATWG standard where the standard decodes a larger set than Python's codec of the
#: same name, as pages need. Recent versions of webencodings have some of them, older ones none.
_CODECS: Final = {
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "x-user-defined": "cp1252",  # HTML standard, "prescan a byte stream"
}
#: Labels that pages use and the WHATWG's table does not have. Browsers refuse the 7-bit encodings, in which scripts can
#: be hidden; text that comes out of here is not executed.
_OTHER_LABELS: Final = {
    "hz": "hz",
    "hz-gb-2312": "hz",
    "iso-2022-kr": "iso2022_kr",
    "cp932": "cp932",
    "cp936": "gb18030",
    "cp949": "cp949",
    "cp950": "cp950",
    "euc-cn": "gb18030",
    "eucjp": "euc_jp",
    "euckr": "cp949",
    "latin-1": "cp1252",
    "shiftjis": "cp932",
    "tis620": "cp874",
}
#: The encodings that undeclared pages are in. Where two are equally likely, the first one is taken.
_CANDIDATES: Final = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r", "koi8_u",
    "iso8859_2", "iso8859_7", "cp874", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949",
)  # fmt: skip


class Decoded(NamedTuple):
    """A string, and flags on how it was decoded. ``is_utf8``: the bytes are this string in UTF-8."""

    text: str
    flags: tuple[str, ...] = ()
    is_utf8: bool = False


BINARY: Final = Decoded("", ("binary",))


def decode(data: bytes) -> Decoded:
    """The text of bytes, with flags.

    ``binary``: the bytes are no text, and "" is returned. ``decode_replaced``: some bytes were invalid and became
    U+FFFD. ``decode_guessed``: nothing declares the encoding. Raises nothing.
    """
    if binary.has_magic(data[:HEAD].decode("latin-1")):
        return BINARY
    result = _decoded(data)
    return BINARY if binary.is_binary(result.text) else result


def is_utf16(data: bytes) -> bool:
    """Whether bytes are UTF-16 or UTF-32, by a byte order mark or by their NULs. In other text NULs do not occur.

    >>> is_utf16("Skarn".encode("utf-16-le")), is_utf16(b"Skarn")
    (True, False)
    """
    return data.startswith(_BOMS_OF_UTF16) or bool(_utf16_without_bom(data))


def codec_of_label(label: str) -> str:
    """The Python codec of an encoding label in a page, "" for an unknown label. UTF-8 and UTF-16 give "" too.

    Labels are those of the WHATWG's Encoding standard, in which ``iso-8859-1`` means Windows-1252.

    >>> codec_of_label("ISO-8859-1"), codec_of_label("x-sjis"), codec_of_label("rot13")
    ('cp1252', 'cp932', '')
    """
    import webencodings  # most pages are UTF-8

    label = label.lower()
    with_dashes = label.replace("_", "-")  # euc_kr: Python's spelling
    if with_dashes in _OTHER_LABELS:
        return _OTHER_LABELS[with_dashes]
    encoding = webencodings.lookup(label) or webencodings.lookup(with_dashes)
    # UTF-8 was tried before. UTF-16 cannot be: the declaration was read as ASCII. "replacement" means refused.
    if encoding is None or encoding.name == "replacement" or encoding.name.startswith("utf-"):
        return ""
    return _CODECS.get(encoding.name, encoding.codec_info.name)


def _decoded(data: bytes) -> Decoded:
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _replacing(data[len(bom) :], codec)
    if codec := _utf16_without_bom(data):
        return _replacing(data, codec)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data)
    # The encodings that switch are 7-bit. ``isascii`` stops at the first other byte, which most pages have.
    if data.isascii() and _SWITCHES.search(data):
        codec = _switching_codec(data)
        return _replacing(data, codec) if codec else Decoded(text, ("decode_guessed",), is_utf8=True)
    # UTF-7 is not decoded: scripts were hidden in it, and no browser reads it any more.
    return Decoded(text, ("decode_guessed",) if b"utf-7" in data[:HEAD].lower() else (), is_utf8=True)


def _not_utf8(data: bytes) -> Decoded:
    text = data.decode("utf-8", "replace")
    invalid = text.count("\ufffd")
    if len(_NON_ASCII.findall(text)) >= UTF8_MAJORITY * invalid:
        return Decoded(text, ("decode_replaced",))
    if codec := _declared_codec(data):
        declared = _replacing(data, codec)
        if declared.text.count("\ufffd") <= (1 - MIN_VALID) * len(declared.text):
            return declared
    if invalid <= (1 - MIN_VALID) * len(data):
        return Decoded(text, ("decode_replaced",))
    return _detected(data)


def _replacing(data: bytes, codec: str) -> Decoded:
    text = data.decode(codec, "replace")
    return Decoded(text, ("decode_replaced",) if "\ufffd" in text else ())


def _utf16_without_bom(data: bytes) -> str:
    """The codec of UTF-16 in the byte order that the NULs show; "" for bytes that are not UTF-16."""
    head = data[:HEAD]
    characters = max(len(head) // 2, 1)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    high, low = max(even, odd), min(even, odd)
    if high < max(UTF16_MIN_HIGH_NULS * characters, UTF16_FEWEST_HIGH_NULS) or low > UTF16_MAX_LOW_NULS * characters:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _declared_codec(data: bytes) -> str:
    """The codec of the encoding that a page declares; "" where it declares none or an unknown one."""
    match = _CHARSET.search(data[:HEAD])
    return codec_of_label(match.group(1).decode("ascii")) if match else ""


def _switching_codec(data: bytes) -> str:
    """The codec of 7-bit bytes that switch between character sets; "" where none fits."""
    declared = _declared_codec(data)
    candidates = [declared] if declared.startswith(("iso2022", "hz")) else []
    if b"\x1b$" in data:
        candidates.append("iso2022_jp_2")
    elif data.count(b"~{") == data.count(b"~}") > 1:
        candidates.append("hz")
    return next((codec for codec in candidates if _is_valid(data, codec, whole=True)), "")


def _detected(data: bytes) -> Decoded:
    """The text in the encoding in which it has most stop words of some language.

    Detectors such as chardet and charset-normalizer are not used. BeautifulSoup takes whichever is installed, and their
    answers change between versions: the same bytes would become another text on another machine.
    """
    from cleaner.reading.language import stop_word_count  # hardly any source needs it

    sample = data[:DETECTION_SAMPLE]
    whole = len(sample) == len(data)
    valid = [codec for codec in _CANDIDATES if _is_valid(sample, codec, whole=whole)] or ["cp1252"]
    best = max(valid, key=lambda codec: stop_word_count(sample.decode(codec, "ignore")))
    text, flags, _ = _replacing(data, best)
    return Decoded(text, ("decode_guessed", *flags))


def _is_valid(data: bytes, codec: str, *, whole: bool) -> bool:
    """Whether bytes are valid in an encoding; the last character of a sample that is not ``whole`` may be cut."""
    try:
        codecs.getincrementaldecoder(codec)("strict").decode(data, whole)
    except (LookupError, ValueError):
        return False
    return True
