"""What is inside of a block: white space, marks, images that stand for text, links that are no words of a heading."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

#: A mark: start, end, tag, href.
Markup = tuple[int, int, str, str]

#: Classes of images that are emoji or formulas: their alternative text is a part of the sentence.
_TEXT_IMAGE: Final = re.compile(
    r"(?:^|[\s_-])(?:emoji|emojione|twemoji|smiley|smilies|latex|tex|math|katex|mathjax|equation|formula)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: Characters of an alternative text that is put in the place of its image.
MAX_ALTERNATIVE: Final = 200
#: Characters of an alternative text that is an emoji by itself, without a class that says so.
MAX_EMOJI: Final = 8
#: An image that is wider or higher than so many pixels is a picture and not a sign in a line of text.
MAX_SIGN: Final = 64
#: Characters of text without links before an image or button in the middle of a sentence. Less is a label or a menu.
MIN_SENTENCE: Final = 15

#: Marks of a heading at most that is searched for links to itself, and characters at its end for one to the editor.
MAX_MARKS: Final = 50
MAX_EDITOR: Final = 100

#: White space that becomes one space. Single spaces, most of it, do not match.
_SPACE: Final = " \t\n\r\f\v\u2028\u2029"
_SPACES: Final = re.compile(rf"[{_SPACE}]{{2,}}|[{_SPACE[1:]}]")

#: Characters without ink that are no format characters of Unicode: a joiner of graphemes, the blank of Braille.
_NO_INK: Final = frozenset("\u034f\u2800")

_SENTENCE_END: Final = frozenset('.!?:;…。！？：；"”»’)')
#: A link to the heading itself: signs, and the private use characters of icon fonts.
_GLYPHS: Final = re.compile("\\s*[¶#§🔗⚓∞\ue000-\uf8ff\U000f0000-\U0010fffd]{1,3}\ufe0f?\\s*")
#: Links to the editor at the end of a heading, in brackets.
_BRACKETS: Final = re.compile(r"\s*\[[^\[\]]{1,60}\]\s*$")
_EDITOR: Final = re.compile(r"[?&/](?:ve)?action=edit|/edit(?:$|[/?#])", re.IGNORECASE)
_EDIT: Final = re.compile(
    r"(?:edit|bearbeiten|modifier|editar|modifica|bewerken|redigera|rediger|edytuj|править|редагувати|編集|编辑|編輯|편집)\b",
    re.IGNORECASE,
)


def alternative(attrs: Mapping[str, str]) -> str:
    """The text that an image stands for: an emoji's or a formula's; "" for any other image."""
    text = attrs.get("alt", "")
    if not text or len(text) > MAX_ALTERNATIVE or attrs.get("aria-hidden", "").lower() == "true":
        return ""
    if _TEXT_IMAGE.search(attrs.get("class", "")) or (len(text) <= MAX_EMOJI and _is_emoji(text)):
        return text
    return ""


def _is_emoji(text: str) -> bool:
    return text[0] > "\u2000" and all(unicodedata.category(char) in ("So", "Sk", "Mn", "Cf") for char in text)


def is_picture(attrs: Mapping[str, str]) -> bool:
    """Whether an image is too large to stand in a line of text."""
    sizes = (attrs.get("width", ""), attrs.get("height", ""))
    return any(size.isdecimal() and len(size) < 6 and int(size) > MAX_SIGN for size in sizes)


def is_in_sentence(parts: Sequence[str], length: int, linked: int, shortest: int = MIN_SENTENCE) -> bool:
    """Whether the text of a block so far is the beginning of a sentence that is not finished.

    ``length`` and ``linked`` are its characters, and those of them inside links.
    """
    if length - linked < shortest:
        return False
    last = "".join(parts[-3:]).rstrip()  # more would be white space in code
    return bool(last) and last[-1] not in _SENTENCE_END


def without_permalinks(text: str, marks: Sequence[Markup]) -> tuple[str, tuple[Markup, ...], int]:
    """A heading without the links to itself and to its editor, its marks, and how many links were removed.

    A heading that consists of nothing else stays.
    """
    if len(marks) > MAX_MARKS:
        return text, tuple(marks), 0
    ranges = [(start, end) for start, end, tag, _ in marks if tag == "a" and _GLYPHS.fullmatch(text, start, end)]
    brackets = _BRACKETS.search(text, max(len(text) - MAX_EDITOR, 0))
    if brackets and any(_is_editor(text, mark) for mark in marks if mark[0] >= brackets.start()):
        ranges.append(brackets.span())
    result, moved = text, tuple(marks)
    for start, end in sorted(ranges, reverse=True):
        result, moved = _cut(result, moved, start, end)
    if not ranges or not result:
        return text, tuple(marks), 0
    return result, moved, _links(marks) - _links(moved)


def _links(marks: Sequence[Markup]) -> int:
    return sum(mark[2] == "a" for mark in marks)


def _is_editor(text: str, mark: Markup) -> bool:
    start, end, tag, href = mark
    return tag == "a" and (_EDITOR.search(href) is not None or _EDIT.match(text[start:end].strip()) is not None)


def _cut(text: str, marks: Sequence[Markup], start: int, end: int) -> tuple[str, tuple[Markup, ...]]:
    """The text without a range and outer white space, and its marks."""
    rest = text[:start] + text[end:]
    lead = len(rest) - len(rest.lstrip())
    stripped = rest.strip()

    def moved(place: int) -> int:
        place = min(place, start) if place < end else place - (end - start)
        return min(max(place - lead, 0), len(stripped))

    shifted = [(moved(begin), moved(stop), tag, href) for begin, stop, tag, href in marks]
    return stripped, tuple(mark for mark in shifted if mark[0] < mark[1])


def clipped(marks: list[Markup], shift: int, length: int) -> tuple[Markup, ...]:
    """The marks of a text after ``shift`` characters were removed at its start, without those of white space alone."""
    shifted = [(max(b - shift, 0), min(e - shift, length), tag, href) for b, e, tag, href in marks]
    return tuple(dict.fromkeys(mark for mark in shifted if mark[0] < mark[1]))


def is_invisible(text: str) -> bool:
    r"""Whether nothing of a text is seen: spaces, joiners, direction marks. Newsletters fill their preview with them.

    >>> is_invisible("\u200b \ufeff"), is_invisible("a\u200b")
    (True, False)
    """
    return all(char.isspace() or char in _NO_INK or unicodedata.category(char) == "Cf" for char in text)


def with_single_spaces(text: str) -> str:
    """A text in which each run of white space is one space. No-break spaces and the like stay."""
    inner = text.strip(_SPACE)
    if inner and inner.isprintable() and "  " not in inner:  # the white space is that of the source around an element
        return " " * (text[0] in _SPACE) + inner + " " * (text[-1] in _SPACE)
    return _SPACES.sub(" ", text)
