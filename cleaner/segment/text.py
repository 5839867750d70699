"""Text becomes blocks: paragraphs, lines or sentences, each with its span in the source.

A block is a slice of the source, and the gaps between blocks are the rest of it. Markdown's syntax is recognised, not
required: a line of a list is a list item, ``# Title`` a heading.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from cleaner.export.text_inline import read_inline
from cleaner.segment import shapes
from cleaner.segment.images import MAX_IMAGES, RawImage, read_image
from cleaner.segment.lines import BULLET, BULLETS, Line, read_lines
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.wrapping import is_full, wrap_width
from cleaner.text import words
from cleaner.text.structure import is_code

#: A text on one line is an article that lost its line breaks if it has this many characters, at least and at most, and
#: at least this many sentences.
MIN_ONE_LINE: Final = 400
MAX_ONE_LINE: Final = 200_000
MIN_SENTENCES: Final = 5

#: The flag of an article on one line, whose blocks are its sentences.
ONE_LINE_FLAG: Final = "one_line"

_BREAK: Final = re.compile(r"[\n\r\f\v\u2028\u2029]")
_HEADING: Final = re.compile(r"(#{1,6})\s+\S")
_QUOTE: Final = re.compile(r">\s?")
_FENCE: Final = re.compile(r"\s{0,3}(```|~~~)")
_ROW: Final = re.compile(r"\|.*\|\s*$")
#: The characters with which Markdown syntax and bullets begin.
_SIGNS: Final = frozenset("#`~|>(" + BULLETS)
_IMAGE: Final = re.compile(r"!\[([^\]\[]{0,500})\]\((?:<[^<>]{1,4000}>|[^()\s]{1,2000})(?:\s\"[^\"]{0,300}\")?\)")
_LINK_ALONE: Final = re.compile(r"\[\s*\]\([^()\s]{1,2000}\)")
_LINK: Final = re.compile(r"\[([^\]\[]{1,500})\]\(<?[^()\s<>]{1,2000}>?(?:\s\"[^\"]{0,300}\")?\)")
_EMPHASIS: Final = re.compile(r"(?<!\w)(\*\*|__|\*|_)(?=\S)(.{1,300}?)(?<=\S)\1(?!\w)")


def segment(source: str, *, images: bool = False) -> Page:
    """The blocks of a text; with ``images``, also the pictures in its Markdown.

    Blank lines separate blocks. A single line break does so too, unless the text is hard-wrapped: its lines have one
    width, and each is too full for the first word of the next one. The parts of a text of a known shape
    (:mod:`cleaner.segment.shapes`) are blocks of their own, one per line. Raises nothing.
    """
    page = _sentences(source) or _paragraphs(source)
    if images:
        page.images = _pictures(page.blocks)
    return page


def _paragraphs(source: str) -> Page:
    """The page of a text with line breaks."""
    plain_lines, rest = read_lines(source)
    shape, lines = shapes.with_parts(plain_lines)
    page = Page("text", flags=(shape,) if shape else ())
    end = 0
    for group in _groups(lines, wrap_width(lines)):
        start, stop = group[0].start, group[-1].end
        if part := group[0].part:
            page.parts[len(page.blocks)] = part
        page.blocks.append(_block(source[start:stop], (start, stop), source[end:start]))
        end = stop
    if source[rest:].strip():
        stop = len(source.rstrip())
        start = rest + len(source[rest:]) - len(source[rest:].lstrip())
        page.blocks.append(_block(source[start:stop], (start, stop), source[end:start]))
        page.flags = (*page.flags, "truncated")
    return page


def _sentences(source: str) -> Page | None:
    """The page of an article without line breaks, a block for each sentence; None for any other text."""
    start = len(source) - len(source.lstrip())
    stop = len(source.rstrip())
    if not MIN_ONE_LINE <= stop - start <= MAX_ONE_LINE or _BREAK.search(source, start, stop):
        return None
    gaps = [words.sentence_gap(match) for match in words.SENTENCE_BREAK.finditer(source, start, stop)]
    if len(gaps) + 1 < MIN_SENTENCES:
        return None
    page = Page("text", flags=(ONE_LINE_FLAG,))
    for before, after in pairwise([(0, start), *gaps, (stop, stop)]):
        span = before[1], after[0]
        page.blocks.append(_block(source[slice(*span)], span, source[before[0] : before[1]]))
    return page


def _groups(lines: list[Line], width: int) -> Iterator[list[Line]]:
    """The lines of each block. A fenced code block is one block."""
    group: list[Line] = []
    fence = ""
    for line in lines:
        mark = None if line.part else _FENCE.match(line.text)
        if fence:
            group.append(line)
            if mark and mark.group(1) == fence:
                yield group
                group, fence = [], ""
            continue
        if mark:
            if group:
                yield group
            group, fence = [line], mark.group(1)
            continue
        known = line.part or (group and group[-1].part)
        joins = bool(group and width and line.text and not known and is_full(group[-1], line, width))
        if group and not (joins and not BULLET.match(line.text) and not _HEADING.match(line.text)):
            yield group
            group = []
        if line.text:
            group.append(line)
    if fence:  # a fence that is never closed opens no block
        yield from ([line] for line in group if line.text)
    elif group:
        yield group


def plain_line(line: str) -> str:
    """What is left of a line of a text without Markdown syntax: the texts of its blocks, as rules read them.

    >>> plain_line("**Sign up** for [the letter](https://courier.example/letter).")
    'Sign up for the letter.'
    """
    if len(line) >= MIN_ONE_LINE:  # its blocks may be sentences
        return " ".join(block.plain for block in segment(line).blocks)
    return _block(line, (0, len(line)), "").plain if line else ""


def _block(text: str, span: tuple[int, int], gap: str) -> RawBlock:
    tag, context, skip = _kind(text) if _may_be_marked(text) else ("p", (), 0)
    one_line = " ".join(text[skip:].split())
    plain, linked, links, media = _unmarked(one_line)
    return RawBlock(text, plain, tag, 0, span, gap, context, linked=linked, links=links, media=media)


def _may_be_marked(text: str) -> bool:
    """Whether a block may begin with Markdown syntax, a bullet or a number: most do not, and no pattern is tried."""
    return text[0] in _SIGNS or text[0].isdecimal() or text[1:2] in (".", ")")


def _kind(text: str) -> tuple[str, tuple[str, ...], int]:
    """The HTML tag that fits a block, its context, and the length of the Markdown syntax at its start."""
    if heading := _HEADING.match(text):
        return f"h{len(heading.group(1))}", (), heading.end() - 1
    if _FENCE.match(text):
        return "pre", ("pre",), 0
    if _ROW.match(text):
        return "td", ("table", "tr"), 0
    if bullet := BULLET.match(text):
        # A number stays part of the text ("3. Share it" is no share button), a bullet does not.
        return "li", ("ul", "li"), 0 if any(c.isalnum() for c in bullet.group()) else bullet.end()
    if text.startswith(">") and (quote := _QUOTE.match(text)):
        return "blockquote", ("blockquote",), quote.end()
    return "p", (), 0


def _unmarked(text: str) -> tuple[str, int, int, int]:
    """The text without Markdown syntax, its number of linked characters, of links and of pictures."""
    linked = links = media = 0
    if "](" in text:
        media = len(_IMAGE.findall(text))
        text = _LINK_ALONE.sub("", _IMAGE.sub(r"\1", text))
        link_texts = _LINK.findall(text)
        links, linked = len(link_texts), sum(map(len, link_texts))
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\2", text)
    return text, linked, links, media


def _pictures(blocks: list[RawBlock]) -> list[RawImage]:
    """The pictures in Markdown. ``before`` is the number of the block that they are in."""
    found = [
        read_image({"src": address, "alt": alternative}, at, 0)
        for at, block in enumerate(blocks)
        if "![" in block.text and not is_code(block)
        for address, alternative in read_inline(block.text).pictures
    ]
    return [image for image in found if image][:MAX_IMAGES]


def is_picture(text: str) -> bool:
    """Whether a block is nothing but pictures in Markdown, in a link or not.

    >>> is_picture("![the old pier](pier.jpg)"), is_picture("[![](a.jpg)](b.html)"), is_picture("The ![lamp](lamp.jpg)")
    (True, True, False)
    """
    rest, pictures = _IMAGE.subn("", text)
    return pictures > 0 and not any(map(str.isalnum, _LINK_ALONE.sub("", rest)))
