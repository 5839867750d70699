"""What a caller may pass as a source, and :func:`read`, which makes one decoded :class:`Source` of it."""

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, cast, get_args

from cleaner.document import SourceKind
from cleaner.errors import InputTooLarge
from cleaner.reading import binary
from cleaner.reading.decode import BINARY, Decoded, decode
from cleaner.reading.sniff import looks_like_html, unescaped

if TYPE_CHECKING:
    from bs4 import Tag

Kind = Literal["auto", "html", "text"]

#: Largest source in bytes or characters: 1.9 times the largest of 1,917 real pages.
MAX_SIZE: Final = 10_000_000


class LxmlElement(Protocol):
    """An element of lxml, as a type checker sees it. A protocol, since lxml has no types of its own."""

    def getroottree(self) -> Any: ...


class LxmlTree(Protocol):
    """An element tree of lxml. ``xml.etree`` has no ``getpath``."""

    def getroot(self) -> Any: ...
    def getpath(self, element: Any, /) -> str: ...


if TYPE_CHECKING:
    #: What :func:`read` takes. ``BeautifulSoup`` is a ``Tag``.
    SourceInput = str | bytes | bytearray | memoryview | Tag | LxmlElement | LxmlTree
else:
    # At run time the name must not import bs4. It is ``Any`` so that ``typing.get_type_hints`` works on functions.
    SourceInput = Any


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded source. ``flags`` say what was unusual about decoding it (:func:`~cleaner.reading.decode.decode`).

    ``utf8`` is the text as bytes where the caller passed these. The parser takes bytes: to encode a page again takes as
    long as to parse a quarter of it.
    """

    text: str
    kind: SourceKind
    flags: tuple[str, ...] = ()
    utf8: bytes | None = field(default=None, repr=False, compare=False)


def read(source: SourceInput, kind: Kind = "auto", *, max_size: int = MAX_SIZE) -> Source:
    """The decoded source. A tree is serialised and not changed.

    Raises ``TypeError`` for another type than those of ``SourceInput``, ``ValueError`` for another kind, and
    :class:`InputTooLarge` for more than ``max_size`` characters or bytes.
    """
    if kind not in get_args(Kind):
        raise ValueError(f"kind is 'auto', 'html' or 'text', not {kind!r}")
    text, flags, is_utf8 = _decoded(source, max_size)
    if not isinstance(source, str | bytes | bytearray | memoryview):
        kind = "html"
    if text.startswith("\ufeff"):
        text = " " + text[1:]  # a space instead of the byte order mark, so that spans count from the source's start
        is_utf8 = False
    if kind == "auto" and (markup := unescaped(text)):
        return Source(markup, "html", (*flags, "escaped"))
    if kind == "auto":
        kind = "html" if looks_like_html(text) else "text"
    return Source(text, kind, flags, bytes(cast("bytes", source)) if is_utf8 else None)


def _decoded(source: SourceInput, max_size: int) -> Decoded:
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        _check_size(len(data), max_size)
        return decode(data)
    text = source if isinstance(source, str) else _serialised(source)
    _check_size(len(text), max_size)
    return BINARY if isinstance(source, str) and binary.is_binary(text) else Decoded(text)


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise InputTooLarge(f"the source has a size of {size:,}, the limit {limit:,}; Cleaner(max_size=...) moves it")


def _serialised(source: object) -> str:
    """The HTML of a tree. A caller who has one has imported its library: neither is imported for other callers."""
    if "bs4" in sys.modules:
        from bs4 import Tag

        if isinstance(source, Tag):
            return str(source)
    if "lxml.etree" in sys.modules:
        from lxml import etree

        if isinstance(source, etree._ElementTree) and source.getroot() is None:  # noqa: SLF001 lxml's only name for it
            return ""
        if etree.iselement(source) or isinstance(source, etree._ElementTree):  # noqa: SLF001
            return str(etree.tostring(source, encoding="unicode", method="html", with_tail=False))
    raise TypeError(
        "clean() takes HTML or text as str or bytes, a BeautifulSoup object or an lxml element, "
        f"not {type(source).__name__}; of a response pass its content, of a file what read() returns"
    )
