"""What a source is, and its text: bytes are decoded, trees written out, HTML and text told apart."""

import codecs
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from cleaner.errors import InputTooLarge

Kind = Literal["auto", "html", "text"]

#: Largest source, in bytes or characters: 1.9 times the largest of 1,917 real pages.
MAX_SIZE: Final = 10_000_000
#: Share of a source's bytes that must be sound UTF-8 for the rest to be taken as damage, not as another encoding.
SOUND: Final = 0.99
#: Bytes at a page's start in which it declares its encoding (twice what the standard asks for: some heads begin late).
HEAD: Final = 4_096
#: Bytes from which an encoding is guessed where nothing declares it.
SAMPLE: Final = 50_000

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What files that are no text begin with.
_MAGIC: Final = re.compile(
    rb"%PDF-|\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|PK\x03\x04|\x1f\x8b|\x7fELF"
    rb"|RIFF.{4}(?:WEBP|WAVE|AVI )|.{4}ftyp|wOF[F2]\0",
    re.DOTALL,
)
#: Where ISO 2022 or HZ switches to another set of characters.
_SHIFTS: Final = re.compile(rb"\x1b\$[@AB(]|~\{[!-~]{2}")
_FOREIGN: Final = re.compile(r"[^\x00-\x7f\ufffd]")
_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
#: Codecs that a page may name (the encodings that browsers know): never Python's own transformations such as rot13.
_NAMES: Final = re.compile(
    r"^(?:utf|iso|windows|cp|koi8|big5|gb|hz|euc|shift|sjis|ms|mac|x-mac|latin|us-ascii|ascii|tis|x-sjis|ks_c|iso2022)",
    re.IGNORECASE,
)
#: The encodings that undeclared pages are in; of equally likely ones the first is taken.
_LIKELY: Final = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r", "koi8_u",
    "iso8859_2", "cp874", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
#: Browsers read these names as the larger set that pages really use.
_LARGER: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "big5": "big5hkscs",
}

_BLOCK_NAMES: Final = (
    "p|div|h[1-6]|ul|ol|li|table|tbody|tr|td|th|article|section|main|header|footer|nav|aside|figure|figcaption"
    "|blockquote|pre|dl|dt|dd|body|form|center"
)
#: What else a fragment may begin with; a dash makes an element's name a custom one.
_FIRST_NAMES: Final = (
    "a|b|i|em|strong|span|img|br|hr|script|style|meta|link|title|font|small|u|time|video|iframe|picture|svg|button"
    "|input|template|noscript|address|details|summary|label|fieldset|dialog|[a-z][a-z0-9]*-[a-z0-9-]*|!--"
)
# Possessive: a comment ends at its first -->, or a row of them would be tried in every grouping.
_PAGE_START: Final = re.compile(
    r"\s*(?>(?><!--.{0,5000}?-->)\s*|<\?xml[^>]{0,200}>\s*)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG_START: Final = re.compile(rf"\s*<(?:{_BLOCK_NAMES}|{_FIRST_NAMES})(?=[\s>/])", re.IGNORECASE)
_CLOSING: Final = re.compile(rf"</(?:{_BLOCK_NAMES})\s*>", re.IGNORECASE)
_ANY_CLOSING: Final = re.compile(
    r"</[a-zA-Z][a-zA-Z0-9-]{0,30}\s*>|<(?:br|img|hr|p|li|tr|td)\b[^<>]{0,2000}>", re.IGNORECASE
)
_BREAK: Final = re.compile(r"<br\s{0,5}/?>", re.IGNORECASE)
_CODE_SPAN: Final = re.compile(r"`[^`\n]{1,300}`")


@dataclass(frozen=True, slots=True)
class Source:
    """A source as text: ``kind`` is ``html`` or ``text``; ``flags`` say what was done to read it."""

    text: str
    kind: Literal["html", "text"]
    flags: tuple[str, ...] = ()


def read(source: object, kind: Kind = "auto", *, max_size: int = MAX_SIZE) -> Source:
    """The text of whatever a scraping pipeline holds; trees are written out and stay as they are.

    Raises ``TypeError`` for another type than str, bytes, a BeautifulSoup object or an lxml element,
    ``ValueError`` for another kind, :class:`InputTooLarge` for more than ``max_size`` characters or bytes.
    """
    if kind not in ("auto", "html", "text"):
        raise ValueError(f"kind is 'auto', 'html' or 'text', not {kind!r}")
    flags: tuple[str, ...] = ()
    if isinstance(source, str):
        text = source
    elif isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        _check_size(len(data), max_size)
        text, flags = decode(data)
    else:
        text, kind = _written_out(source), "html"
    _check_size(len(text), max_size)
    if text.startswith("\ufeff"):
        text = " " + text[1:]  # a space in its place: spans still count from the source's start
    return Source(text, ("html" if looks_like_html(text) else "text") if kind == "auto" else kind, flags)


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise InputTooLarge(f"the source has a size of {size:,}, the limit {limit:,}; Cleaner(max_size=...) moves it")


def _written_out(source: Any) -> str:
    # By name, so that neither library is loaded for those who pass none of its objects.
    modules = {cls.__module__.split(".")[0] for cls in type(source).__mro__}
    if "bs4" in modules and hasattr(source, "decode"):
        return str(source)
    if "lxml" in modules and (hasattr(source, "iter") or hasattr(source, "getroot")):
        from lxml import etree  # text needs none

        if hasattr(source, "getroot") and source.getroot() is None:
            return ""
        return str(etree.tostring(source, encoding="unicode", method="html", with_tail=False))
    raise TypeError(
        "clean() takes HTML or text as str or bytes, a BeautifulSoup object or an lxml element, "
        f"not {type(source).__name__}; of a response pass its content, of a file what read() returns"
    )


# -- bytes ---------------------------------------------------------------------------------------


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of bytes and flags on how it was found: BOM, strict UTF-8, the declared charset, detection.

    ``binary``: it is no text, and "" is given; ``decode_replaced``: some bytes had to be replaced by U+FFFD;
    ``decode_guessed``: nothing says what encoding it is in.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _replacing(data[len(bom) :], name)
    if _MAGIC.match(data):
        return "", ("binary",)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data)
    if "\0" in text[:HEAD] and (name := _without_bom(data)):
        return _replacing(data, name)
    if _SHIFTS.search(data):
        name = _shifting(data)
        return _replacing(data, name) if name else (text, ("decode_guessed",))
    # Nobody reads UTF-7 any more, since scripts were hidden in it: what declares it is read as what it looks like.
    return text, ("decode_guessed",) if b"utf-7" in data[:HEAD].lower() else ()


def _shifting(data: bytes) -> str:
    """The encoding of bytes that look like ASCII but switch to another one and back; "" for none."""
    declared = _declared(data)
    names = [declared] if declared.startswith(("iso2022", "hz")) else []
    if b"\x1b$" in data:
        names.append("iso2022_jp_2")
    elif data.count(b"~{") == data.count(b"~}") > 1:
        names.append("hz")
    return next((name for name in names if _fits(data, name, whole=True)), "")


def _not_utf8(data: bytes) -> tuple[str, tuple[str, ...]]:
    if name := _without_bom(data):
        return _replacing(data, name)
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    # Other encodings' bytes hardly ever make up sound UTF-8: many sound sequences weigh more than what a page declares.
    if len(_FOREIGN.findall(text)) >= 10 * bad:
        return text, ("decode_replaced",)
    if name := _declared(data):
        declared, flags = _replacing(data, name)
        if declared.count("\ufffd") <= (1 - SOUND) * len(declared):
            return declared, flags
    if bad <= (1 - SOUND) * len(data):
        return text, ("decode_replaced",)
    return _detected(data)


def _replacing(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(name, "replace")
    return text, ("decode_replaced",) if "\ufffd" in text else ()


def _without_bom(data: bytes) -> str:
    """UTF-16 gives itself away: every other byte of a western or tagged page is NUL."""
    head = data[:HEAD]
    half = max(len(head) // 2, 1)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(0.3 * half, 3) or min(even, odd) > 0.1 * half:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _declared(data: bytes) -> str:
    """The encoding that the page names, as Python knows it; "" for none or one that is no encoding."""
    match = _CHARSET.search(data[:HEAD])
    if not match:
        return ""
    name = match.group(1).decode("ascii")
    if not _NAMES.match(name):
        return ""
    try:
        known = codecs.lookup(name.lower().removeprefix("x-").replace("windows-", "cp")).name
    except LookupError:
        return ""
    if known.startswith(("utf-16", "utf-32", "utf-7", "utf-8")):
        return ""  # it cannot be: the declaration itself was read as ASCII, and UTF-8 has been tried
    return _LARGER.get(known, known)


def _detected(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text in that encoding in which it has most words of some language.

    Detectors are many, and BeautifulSoup takes whichever is installed: the same bytes would give another text
    elsewhere.
    """
    from cleaner.reading.language import familiar  # hardly any source needs it

    # The head of a long page tells as much as all of it.
    head = data[:SAMPLE]
    fitting = [name for name in _LIKELY if _fits(head, name, whole=len(head) == len(data))] or ["cp1252"]
    text, flags = _replacing(data, max(fitting, key=lambda name: familiar(head.decode(name, "ignore"))))
    return text, ("decode_guessed", *flags)


def _fits(data: bytes, name: str, *, whole: bool) -> bool:
    """Whether bytes are sound in an encoding; at the end of a sample a character may be cut."""
    try:
        codecs.getincrementaldecoder(name)("strict").decode(data, whole)
    except (LookupError, ValueError):
        return False
    return True


# -- HTML or text --------------------------------------------------------------------------------


def looks_like_html(text: str) -> bool:
    """Whether a text is HTML: a page, or a fragment. Markdown, and text that shows or merely holds a tag, is not.

    >>> looks_like_html("<p>The vote is on Tuesday.</p>"), looks_like_html("if a <b or c> d: use the <p> tag")
    (True, False)
    """
    if "<" not in text:
        return False
    if _PAGE_START.match(text):
        return True
    outside = _CODE_SPAN.sub("", _without_fences(text)) if "`" in text or "~~~" in text else text
    closings = len(_CLOSING.findall(outside))
    if _TAG_START.match(outside):
        return closings > 0 or _ANY_CLOSING.search(outside) is not None
    # Text before the first tag: a fragment has tags all through, a text about HTML now and then.
    if closings + len(_BREAK.findall(outside)) < 2:
        return False
    lines = [line for line in outside.split("\n") if line.strip()]
    return sum(line.lstrip()[0] == "<" or line.rstrip()[-1] == ">" for line in lines) >= 0.5 * len(lines)


def _without_fences(text: str) -> str:
    """A text without its fenced code; a fence that is never closed opens nothing."""
    kept: list[str] = []
    inside: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = line.lstrip(" ")[:3]
        if fence:
            inside.append(line)
            if mark == fence:
                inside, fence = [], ""
        elif mark in ("```", "~~~"):
            inside, fence = [line], mark
        else:
            kept.append(line)
    return "\n".join(kept + inside)
