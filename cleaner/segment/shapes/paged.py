"""The parts of a text from a PDF: running heads, page numbers, and the authors' institutions.

A page begins behind a form feed, or at a page number. Numbers on lines of their own are page numbers only where they
count on and something says that a page ends there: a form feed, a head that stands at several pages, a sentence that
the number interrupts. The numbers of a list, of verses or of a recipe have none of these.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from cleaner.segment.lines import Line
from cleaner.segment.page import Part
from cleaner.segment.wrapping import wrap_width
from cleaner.text.words import is_closed

#: Lines at the top or at the bottom of a page that may be its head, and the words of each at most.
EDGE: Final = 3
MAX_HEAD_WORDS: Final = 20
#: Letters of a head, at least.
MIN_LETTERS: Final = 3
#: Pages that a head stands on, and page numbers of a text, at least.
MIN_PAGES: Final = 2
#: Lines at the top of the first page among which the authors stand.
TOP_LINES: Final = 12

_PAGE_WORDS: Final = r"page|p\.|seite|s\.|pág(?:ina)?\.?|pagina|pag\.|side|sida|strona|str\.|strana|стр\.?|sayfa|sivu"
_NUMBER: Final = re.compile(
    rf"(?:[-–—]\s?)?(?:(?:{_PAGE_WORDS})\s?)?(\d{{1,4}})(?:\s?(?:/|of|von|de|di|sur|van|av|af|z|из)\s?\d{{1,4}})?"
    r"(?:\s?[-–—])?$",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"\d+")
#: What stands apart on a line: the head at its left, the number at its right.
_APART: Final = re.compile(r"\s{3,}|\t")
_MARKS: Final = "0123456789¹²³⁴⁵⁶⁷⁸⁹⁰*†‡§"
#: An author's name with the marks of the institutions.
_AUTHOR: Final = re.compile(rf"(?:(?:and|und|et|y|e|&)\s)?[^\W\d_][^\d,;{_MARKS}]{{2,40}}[{_MARKS}]+(?:,[{_MARKS}]+)*")
_NAME: Final = re.compile(r"[^\W\d_⁰¹²³⁴-⁹]{2,}")
_CONJUNCTIONS: Final = frozenset({"and", "und", "et", "al", "y", "e", "i", "och", "og", "en", "и"})


def find(lines: Sequence[Line]) -> list[Line] | None:
    """The lines of a text from a PDF with their parts; None for another text."""
    texts = [at for at, line in enumerate(lines) if line.text]
    parts = _by_form_feeds(lines, texts) or _by_numbers(lines, texts)
    if not parts:
        return None
    parts |= _authors(lines, texts[:TOP_LINES], parts)
    return [line._replace(part=parts[at]) if at in parts else line for at, line in enumerate(lines)]


# -- pages that end with a form feed -------------------------------------------------------------------


def _by_form_feeds(lines: Sequence[Line], texts: Sequence[int]) -> dict[int, Part]:
    """The heads and numbers at the edges of pages that form feeds part."""
    if not any(line.ends_page for line in lines):
        return {}
    pages = [page for page in _pages(lines, texts) if page]
    tops = [page[:EDGE] for page in pages]
    bottoms = [page[: -EDGE - 1 : -1] for page in pages]
    parts: dict[int, Part] = {}
    for edges in (tops, bottoms):
        heads = _repeated(lines, edges)
        numbers = _page_numbers(lines, edges)
        kept_first: set[str] = set()
        for edge in edges:
            for at in edge:
                text = lines[at].text
                folded = next((cell for cell in _cells(text) if cell in heads), None)
                if at in numbers:
                    parts[at] = Part.PAGE_NUMBER
                elif folded is None:
                    break  # what stands further inside is the page's own text
                elif folded in kept_first or _DIGITS.search(text):
                    parts[at] = Part.RUNNING_HEAD
                else:
                    kept_first.add(folded)  # the headline, which the head repeats
    return parts


def _pages(lines: Sequence[Line], texts: Sequence[int]) -> list[list[int]]:
    """The lines with text of each page."""
    pages: list[list[int]] = [[]]
    with_text = set(texts)
    for at, line in enumerate(lines):
        if at in with_text:
            pages[-1].append(at)
        if line.ends_page:
            pages.append([])
    return pages


def _repeated(lines: Sequence[Line], edges: Iterable[Sequence[int]]) -> frozenset[str]:
    """The heads that stand at several edges, as :func:`_cells` folds them."""
    asked = {at for edge in edges for at in edge}
    counts = Counter(cell for at in asked for cell in set(_cells(lines[at].text)))
    return frozenset(cell for cell, count in counts.items() if count >= MIN_PAGES)


def _cells(text: str) -> list[str]:
    """What stands apart on a line that may be a head, in lower case and with 0 for numbers: "12 The Lamp" is the head
    "0 the lamp".
    """
    if len(text.split()) > MAX_HEAD_WORDS:
        return []
    cells = (_DIGITS.sub("0", " ".join(cell.casefold().split())) for cell in _APART.split(text))
    return [cell for cell in cells if sum(char.isalpha() for char in cell) >= MIN_LETTERS]


def _page_numbers(lines: Sequence[Line], edges: Sequence[Sequence[int]]) -> set[int]:
    """The numbers at the edges of pages that count on from page to page."""
    found = [
        next(((at, number) for at in edge if (number := _number(lines[at].text)) is not None), None) for edge in edges
    ]
    counted: set[int] = set()
    for page, own in enumerate(found):
        for other_page, other in enumerate(found):
            if own and other and page != other_page and other[1] - own[1] == other_page - page:
                counted.add(own[0])
    return counted


def _number(text: str) -> int | None:
    """The number of a line that is a page number and nothing else."""
    match = _NUMBER.match(text)
    return int(match.group(1)) if match else None


# -- pages that end with a number ----------------------------------------------------------------------


def _by_numbers(lines: Sequence[Line], texts: Sequence[int]) -> dict[int, Part]:
    """The heads and numbers of a wrapped text whose pages end or begin with numbers that count on."""
    place_of = {at: place for place, at in enumerate(texts)}
    numbers = [(at, number) for at in texts if (number := _number(lines[at].text)) is not None]
    chain = _longest_chain(numbers)
    if len(chain) < MIN_PAGES:
        return {}
    edges = {at: _beside(texts, place_of[at]) for at in chain}
    ends = [texts[:2], texts[-2:]]
    heads = _repeated(lines, [*edges.values(), *ends])
    parts: dict[int, Part] = dict.fromkeys(chain, Part.PAGE_NUMBER)
    for edge in [*edges.values(), *ends]:
        for at in edge:
            if any(cell in heads for cell in _cells(lines[at].text)):
                parts[at] = Part.RUNNING_HEAD
    with_head = sum(any(at in parts for at in edge) for edge in edges.values())
    interrupting = sum(_interrupts(lines, texts, place_of[at], parts) for at in chain)
    if not interrupting and 2 * with_head < len(chain):
        return {}
    rest = [line._replace(text="") if at in parts else line for at, line in enumerate(lines)]
    if not wrap_width(rest):
        return {}
    return parts | _authors_heads(lines, texts, edges.values(), parts)


def _longest_chain(numbers: Sequence[tuple[int, int]]) -> list[int]:
    """The lines of the longest run of numbers each of which is one more than the one before."""
    chains: dict[int, list[int]] = {}
    for at, number in numbers:
        chains[number] = [*chains.get(number - 1, ()), at]
    return max(chains.values(), key=len, default=[])


def _beside(texts: Sequence[int], place: int) -> list[int]:
    """The two lines above and the two below a line."""
    return [*texts[max(place - 2, 0) : place], *texts[place + 1 : place + 3]]


def _interrupts(lines: Sequence[Line], texts: Sequence[int], place: int, parts: dict[int, Part]) -> bool:
    """Whether a number with the heads beside it stands in the middle of a sentence."""
    above = next((lines[at].text for at in reversed(texts[:place]) if at not in parts), "")
    below = next((lines[at].text for at in texts[place + 1 :] if at not in parts), "")
    return bool(above) and not is_closed(above) and len(above.split()) > 2 and below[:1].islower()


def _authors_heads(
    lines: Sequence[Line], texts: Sequence[int], edges: Iterable[Sequence[int]], parts: dict[int, Part]
) -> dict[int, Part]:
    """The heads that name the authors on every second page: each of their names stands above the text as well."""
    above = set(_NAME.findall(" ".join(lines[at].text for at in texts[:TOP_LINES] if _has_marks(lines[at].text))))
    found: dict[int, Part] = {}
    for at in (at for edge in edges for at in edge if at not in parts):
        names = [name for name in _NAME.findall(lines[at].text) if name.casefold() not in _CONJUNCTIONS]
        if names and above.issuperset(names):
            found[at] = Part.RUNNING_HEAD
    return found


# -- authors -------------------------------------------------------------------------------------------


def _has_marks(text: str) -> bool:
    """Whether a line has the names of authors, each with the marks of the institutions."""
    names = [name.strip() for name in re.split(r"[,;](?=\s)|\s(?=and\s|und\s|et\s|&\s)", text) if name.strip()]
    return bool(names) and all(_AUTHOR.fullmatch(name) for name in names)


def _authors(lines: Sequence[Line], top: Sequence[int], parts: dict[int, Part]) -> dict[int, Part]:
    """The authors' line, and the lines below it that begin with its marks: the institutions."""
    found: dict[int, Part] = {}
    for place, at in enumerate(top):
        if at in parts or not _has_marks(lines[at].text):
            continue
        marks = {char for char in lines[at].text if char in _MARKS}
        institutions: list[int] = []
        for below in top[place + 1 :]:
            mark = lines[below].text[0]
            if below - (institutions[-1] if institutions else at) > 2 or mark not in marks:
                break
            marks.discard(mark)
            institutions.append(below)
        if institutions:
            found |= dict.fromkeys([at, *institutions], Part.AFFILIATION)
    return found
