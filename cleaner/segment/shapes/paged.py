"""The parts of a text from a PDF: running heads, page numbers, and the authors' institutions.

A page begins behind a form feed, or at a page number. Numbers on lines of their own are page numbers only where they
count on and something says that a page ends there: a form feed, a head that stands at several pages, a sentence that
the number interrupts. The numbers of a list, of verses or of a recipe have none of these.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, pairwise, product
from typing import Final

from cleaner.segment.lines import Line
from cleaner.segment.page import Part
from cleaner.segment.wrapping import wrap_width
from cleaner.text.words import is_closed

#: Lines at the top or at the bottom of a page that may be its head, and the words of each at most.
EDGE: Final = 3
MAX_HEAD_WORDS: Final = 20
#: Characters of a line that is a page number, at most: "- página. 1234 von 1234 -".
MAX_NUMBER: Final = 24
#: Letters of a head, at least.
MIN_LETTERS: Final = 3
#: Numbers of a head, at most.
MAX_NUMBERS: Final = 3
#: Words on the line of a sentence that a page number interrupts, at least.
MIN_BROKEN_WORDS: Final = 3
#: Pages that a head stands on, and page numbers of a text, at least.
MIN_PAGES: Final = 2
#: Share of the pages that a head stands on, at least, or so many pages: left and right pages and chapters have heads of
#: their own, but two slides with one title have none.
MIN_SHARE: Final = 0.3
MANY_PAGES: Final = 6
#: Lines at the top of the first page among which the authors stand.
TOP_LINES: Final = 12

_PAGE_WORDS: Final = r"page|p\.|seite|s\.|pág(?:ina)?\.?|pagina|pag\.|side|sida|strona|str\.|strana|стр\.?|sayfa|sivu"
_NUMBER: Final = re.compile(
    rf"(?:[-–—]\s?)?(?:(?:{_PAGE_WORDS})\s?)?(\d{{1,4}})(?:\s?(?:/|of|von|de|di|sur|van|av|af|z|из)\s?\d{{1,4}})?"
    r"(?:\s?[-–—])?$",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"\d{1,9}")
#: What stands apart on a line: the head at its left, the number at its right.
_APART: Final = re.compile(r"\s{3,}|\t")
_MARKS: Final = "0123456789¹²³⁴⁵⁶⁷⁸⁹⁰*†‡§"
#: An author's name with the marks of the institutions.
_AUTHOR: Final = re.compile(rf"(?:(?:and|und|et|y|e|&)\s)?[^\W\d_][^\d,;{_MARKS}]{{2,40}}[{_MARKS}]+(?:,[{_MARKS}]+)*")
_NAME: Final = re.compile(r"[^\W\d_⁰¹²³⁴-⁹]{2,}")
_CONJUNCTIONS: Final = frozenset({"and", "und", "et", "al", "y", "e", "i", "och", "og", "en", "и"})


def find(lines: Sequence[Line], texts: Sequence[int]) -> list[Line] | None:
    """The lines of a text from a PDF with their parts; None for another text."""
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
        keys = {at: _counted_keys(lines[at].text, page) for page, edge in enumerate(edges) for at in edge}
        heads = _frequent(keys.values(), len(edges))
        numbers = _page_numbers(lines, edges)
        kept_first: set[str] = set()
        for edge in edges:
            for at in edge:
                head = min(keys[at] & heads, default=None)
                if at in numbers:
                    parts[at] = Part.PAGE_NUMBER
                elif head is None:
                    break  # what stands further inside is the page's own text
                elif head in kept_first or _DIGITS.search(lines[at].text):
                    parts[at] = Part.RUNNING_HEAD
                else:
                    kept_first.add(head)  # the headline, which the head repeats
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


def _frequent(keys: Collection[Collection[str]], pages: int) -> frozenset[str]:
    """The heads that stand on enough pages; ``keys`` are those of each line that may be a head."""
    counts = Counter(key for of_line in keys for key in set(of_line))
    enough = max(MIN_PAGES, min(MIN_SHARE * pages, MANY_PAGES))
    return frozenset(key for key, count in counts.items() if count >= enough)


def _cells(text: str) -> list[str]:
    """What stands apart on a line that may be a head, in lower case."""
    if len(text.split()) > MAX_HEAD_WORDS:
        return []
    cells = (" ".join(cell.casefold().split()) for cell in _APART.split(text))
    return [cell for cell in cells if sum(char.isalpha() for char in cell) >= MIN_LETTERS]


def _keys(text: str) -> frozenset[str]:
    """What the heads of several pages have in common, whatever their numbers: "12 The Lamp" is "0 the lamp"."""
    return frozenset(_DIGITS.sub("0", cell) for cell in _cells(text))


def _counted_keys(text: str, page: int) -> frozenset[str]:
    """The same where the pages are known: a number is the same on each page, or counts on from page to page."""
    keys: set[str] = set()
    for cell in _cells(text):
        numbers = _DIGITS.findall(cell)
        if len(numbers) > MAX_NUMBERS:
            continue
        words = _DIGITS.split(cell)
        for chosen in product(*((number, f"+{int(number) - page}") for number in numbers)):
            keys.add("".join(chain.from_iterable(zip(words, [*chosen, ""], strict=True))))
    return frozenset(keys)


def _page_numbers(lines: Sequence[Line], edges: Sequence[Sequence[int]]) -> set[int]:
    """The numbers at the edges of pages that count on from page to page."""
    offset_of: dict[int, int] = {}  # by the line of the first number at each edge: that number less the page's own
    for page, edge in enumerate(edges):
        numbers = [(at, number) for at in edge if (number := _number(lines[at].text)) is not None]
        if numbers:
            at, number = numbers[0]
            offset_of[at] = number - page
    pages_with = Counter(offset_of.values())
    return {at for at, offset in offset_of.items() if pages_with[offset] >= MIN_PAGES}


def _number(text: str) -> int | None:
    """The number of a line that is a page number and nothing else."""
    match = _NUMBER.match(text) if len(text) <= MAX_NUMBER else None
    return int(match.group(1)) if match else None


# -- pages that end with a number ----------------------------------------------------------------------


def _by_numbers(lines: Sequence[Line], texts: Sequence[int]) -> dict[int, Part]:
    """The heads and numbers of a wrapped text whose pages end or begin with numbers that count on."""
    place_of = {at: place for place, at in enumerate(texts)}
    numbers = [(at, number) for at in texts if (number := _number(lines[at].text)) is not None]
    numbered = _longest_chain(numbers)
    if len(numbered) < MIN_PAGES:
        return {}
    edges = {at: _beside(texts, place_of[at]) for at in numbered}
    ends = [texts[:2], texts[-2:]]
    keys = {at: _keys(lines[at].text) for edge in [*edges.values(), *ends] for at in edge}
    heads = _frequent(keys.values(), len(edges))
    parts: dict[int, Part] = dict.fromkeys(numbered, Part.PAGE_NUMBER)
    parts |= {at: Part.RUNNING_HEAD for at, of_line in keys.items() if of_line & heads}
    with_head = sum(any(parts.get(at) is Part.RUNNING_HEAD for at in edge) for edge in edges.values())
    interrupting = _interrupting(lines, texts, parts)
    if not interrupting and 2 * with_head < len(numbered):
        return {}
    rest = [line._replace(text="") if at in parts else line for at, line in enumerate(lines)]
    if not wrap_width(rest):
        return {}
    return parts | _authors_heads(lines, texts, edges.values(), parts)


def _longest_chain(numbers: Sequence[tuple[int, int]]) -> list[int]:
    """The lines of the longest run of numbers each of which is one more than the one before."""
    lengths: list[int] = []
    before: list[int | None] = []
    best: dict[int, int] = {}  # for each number the place in the list at which the longest run ends
    for place, (_, number) in enumerate(numbers):
        previous = best.get(number - 1)
        before.append(previous)
        lengths.append(1 if previous is None else lengths[previous] + 1)
        if number not in best or lengths[best[number]] <= lengths[place]:
            best[number] = place
    end = max(range(len(numbers)), key=lengths.__getitem__, default=None)
    found: list[int] = []
    while end is not None:
        found.append(numbers[end][0])
        end = before[end]
    return found[::-1]


def _beside(texts: Sequence[int], place: int) -> list[int]:
    """The two lines above and the two below a line."""
    return [*texts[max(place - 2, 0) : place], *texts[place + 1 : place + 3]]


def _interrupting(lines: Sequence[Line], texts: Sequence[int], parts: Mapping[int, Part]) -> int:
    """How many runs of numbers and heads stand in the middle of a sentence."""
    own = [at for at in texts if at not in parts]
    places = {at: place for place, at in enumerate(texts)}
    count = 0
    for above, below in pairwise(own):
        first, second = lines[above].text, lines[below].text
        is_apart = places[below] - places[above] > 1 and len(first.split()) >= MIN_BROKEN_WORDS
        count += is_apart and not is_closed(first) and second[:1].islower()
    return count


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
