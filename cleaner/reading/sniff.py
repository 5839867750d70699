"""HTML or text: :func:`looks_like_html`.

A source that begins with an HTML tag and has another one is HTML. A source that begins with text is HTML only if half
of its lines begin or end with a tag, since Markdown and texts about HTML have a few tags as well; if it is one line in
which sentences end before ``<br>``; or if it ends as a page does, and so has the body of a page: what stands above it
are headers of HTTP or what a broken template left.

Markdown may begin with HTML, as many a README does that centres its title. Read as HTML, it would lose its lines.
"""

import html
import re
from typing import Final

#: End tags of block elements and line breaks that a fragment has at least if it begins with text.
MIN_TAGS: Final = 2
#: Share of its lines that begin or end with a tag, at least.
MIN_TAGGED_LINES: Final = 0.5
#: Headings, fences and links of Markdown in a text that begins with a tag, at least; they also outnumber its end tags.
MIN_MARKDOWN: Final = 3

_BLOCK_NAMES: Final = (
    "p|div|h[1-6]|ul|ol|li|table|tbody|tr|td|th|article|section|main|header|footer|nav|aside|figure|figcaption"
    "|blockquote|pre|dl|dt|dd|body|form|center"
)
#: Other elements with which a fragment may begin. A name with a dash is a custom element's.
_OTHER_FIRST_NAMES: Final = (
    "a|b|i|em|strong|span|img|br|hr|script|style|meta|link|title|font|small|u|time|video|iframe|picture|svg|button"
    "|input|template|noscript|address|details|summary|label|fieldset|dialog|[a-z][a-z0-9]*-[a-z0-9-]*|!--"
)
# Possessive quantifiers: without them a row of comments would be matched in every possible grouping.
_PAGE_START: Final = re.compile(
    r"\s*(?>(?><!--.{0,5000}?-->)\s*|<\?xml[^>]{0,200}>\s*)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_FIRST_TAG: Final = re.compile(rf"(?>\s|&nbsp;)*+<(?:{_BLOCK_NAMES}|{_OTHER_FIRST_NAMES})(?=[\s>/])", re.IGNORECASE)
_ESCAPED_TAG: Final = re.compile(r"\s*+&lt;(?:[!/]?[a-zA-Z][a-zA-Z0-9-]*)")
#: The body of a page begins at the beginning of a line or behind another tag. The page ends with the end tag of its
#: body or with its own, behind which nothing but tags stands, among the last characters of the source.
_BODY: Final = re.compile(r"(?:^|>)\s*<body(?:\s[^<>]*)?>", re.IGNORECASE | re.MULTILINE)
_PAGE_END: Final = re.compile(r"(?:^|>)\s*</(?:body|html)\s*>(?:\s*<[^<>]{0,500}>)*+\s*$", re.IGNORECASE)
END_CHARACTERS: Final = 2_000
_BLOCK_END_TAG: Final = re.compile(rf"</(?:{_BLOCK_NAMES})\s*>", re.IGNORECASE)
#: An end tag, or the start tag of an element that needs none.
_FURTHER_TAG: Final = re.compile(
    r"</[a-zA-Z][a-zA-Z0-9-]{0,30}\s*>|<(?:br|img|hr|p|li|tr|td)\b[^<>]{0,2000}>", re.IGNORECASE
)
_LINE_BREAK_TAG: Final = re.compile(r"<br\s{0,5}/?>", re.IGNORECASE)
#: A sentence that ends before a line break, or an empty line: the tags break lines, and the text is not about them.
_BROKEN_LINE: Final = re.compile(r"(?:[.!?…:;”\"»]\s{0,5}|<br\s{0,5}/?>\s{0,5})<br\s{0,5}/?>", re.IGNORECASE)
_MARKDOWN: Final = re.compile(r"^(?:#{2,6} \S|```|~~~)|\]\([^()\s]{1,2000}\)", re.MULTILINE)
_CODE_SPAN: Final = re.compile(r"`[^`\n]{1,300}`")


def looks_like_html(text: str) -> bool:
    """Whether a source is HTML, a page or a fragment. Markdown and text with a few tags in it are not.

    >>> looks_like_html("<p>The vote is on Tuesday.</p>"), looks_like_html("if a <b or c> d: use the <p> tag")
    (True, False)
    """
    if "<" not in text:
        return False
    if _PAGE_START.match(text):
        return True
    without_code = _CODE_SPAN.sub("", _without_fences(text)) if "`" in text or "~~~" in text else text
    block_ends = len(_BLOCK_END_TAG.findall(without_code))
    if _FIRST_TAG.match(without_code):
        is_markdown = len(_MARKDOWN.findall(text)) >= max(MIN_MARKDOWN, block_ends + 1)
        return not is_markdown and (block_ends > 0 or _FURTHER_TAG.search(without_code) is not None)
    if _PAGE_END.search(without_code, max(len(without_code) - END_CHARACTERS, 0)) and _BODY.search(without_code):
        return True
    if block_ends + len(_LINE_BREAK_TAG.findall(without_code)) < MIN_TAGS:
        return False
    lines = [line for line in without_code.split("\n") if line.strip()]
    is_broken = len(lines) == 1 and len(_BROKEN_LINE.findall(without_code)) >= MIN_TAGS
    tagged = sum(line.lstrip()[0] == "<" or line.rstrip()[-1] == ">" for line in lines)
    return is_broken or tagged >= MIN_TAGGED_LINES * len(lines)


def unescaped(text: str) -> str | None:
    """The markup of a source that is HTML with its tags escaped once too often, as in a field of a feed; None of any
    other source.

    >>> unescaped("&lt;p&gt;Ferry &amp;amp; pier&lt;/p&gt;"), unescaped("Ferry &amp; pier")
    ('<p>Ferry &amp; pier</p>', None)
    """
    if "<" in text or not _ESCAPED_TAG.match(text):
        return None
    markup = html.unescape(text)
    return markup if looks_like_html(markup) else None


def _without_fences(text: str) -> str:
    """A text without its fenced code blocks. A fence that is never closed opens no block."""
    outside: list[str] = []
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
            outside.append(line)
    return "\n".join(outside + inside)
