"""CDATA sections of XHTML become text: a parser of HTML takes them for comments, so that their text would be lost.

Only sources that begin with an XML declaration are changed. What stands in scripts, styles and comments stays.
"""

import re
from typing import Final

_DECLARATION: Final = re.compile(rb"\s*<\?xml\s")
#: The first tag of a feed. CDATA in it hold HTML.
_FEED: Final = re.compile(rb"\s*+(?:<(?:\?[^>]*+|!--(?:[^-]++|-(?!->))*+--|![^>]*+)>\s*+)*+<(?:rss|feed|rdf:RDF)[\s>]")
_BEGIN: Final = b"<![CDATA["
_END: Final = b"]]>"
#: What is read as a whole: a CDATA section, a comment, a script or style.
_OPENING: Final = re.compile(rb"<(?:!\[CDATA\[|!--|(?i:(script|style))(?=[\s/>]))")
_ENDS: Final = {name: re.compile(b"</" + name + rb"(?=[\s/>])", re.IGNORECASE) for name in (b"script", b"style")}


def is_xhtml(data: bytes) -> bool:
    """Whether a source, without byte order mark, begins with an XML declaration."""
    return _DECLARATION.match(data) is not None


def with_text_of_cdata(data: bytes) -> bytes:
    """A source of XHTML with the text of its CDATA sections in place of them, any other as it is.

    Of a section without an end the beginning alone goes. Each byte is read once or twice.
    """
    if _BEGIN not in data or not is_xhtml(data):
        return data
    is_feed = _FEED.match(data) is not None
    last_end = data.rfind(_END)
    parts: list[bytes] = []
    copied = at = 0
    while opening := _OPENING.search(data, at):
        start, stop = opening.span()
        if opening[0] != _BEGIN:
            at = _end_of_whole(data, opening)
            if at < 0:
                break
            continue
        parts.append(data[copied:start])
        copied = at = stop
        if stop <= last_end:
            end = data.index(_END, stop)
            text = data[stop:end]
            parts.append(text if is_feed else _escaped(text))
            copied = at = end + len(_END)
    return b"".join([*parts, data[copied:]])


def _end_of_whole(data: bytes, opening: re.Match[bytes]) -> int:
    """Where a comment, a script or a style ends; -1 where it has no end, so that a parser takes the rest for it."""
    if opening[1] is None:
        end = data.find(b"-->", opening.start() + len(b"<!"))  # the dashes of "<!-->" begin it and end it
        return end + len(b"-->") if end >= 0 else -1
    tag_end = data.find(b">", opening.end())
    if tag_end < 0 or data[tag_end - 1] == ord("/"):  # a script without content, which XHTML may write so
        return tag_end
    end_tag = _ENDS[opening[1].lower()].search(data, tag_end)
    return end_tag.start() if end_tag else -1


def _escaped(text: bytes) -> bytes:
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
