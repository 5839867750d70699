"""The result of segmentation: a :class:`Page` of blocks, which ``html.segment`` and ``text.segment`` return."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import islice, starmap
from typing import Final, Self

from cleaner.document import Cell, Mark, Metadata, SourceKind
from cleaner.segment.images import RawImage
from cleaner.segment.page_data import Script
from cleaner.text.structure import LEVELS

#: Blocks of a page at most. Further text is put into the last one, and the page has the flag ``truncated``.
MAX_BLOCKS: Final = 100_000


class Style(str):
    """The tag and the tokens of an element: ``<div> .lead #main``. Elements with the same ones share a style.

    Tokens are classes, ids and the like in lower case, each with a prefix for its attribute: ``.lead`` (class),
    ``#main`` (id), ``@navigation`` (role), ``%articlebody`` (itemprop), ``~teaser`` (``data-component`` and others).
    A style is a text because most styles are only hashed, all those of a page together.
    """

    __slots__ = ()

    @classmethod
    def of(cls, tag: str, tokens: Iterable[str] = ()) -> Self:
        """The style of this tag and these tokens."""
        return cls(" ".join((f"<{tag}>", *tokens)))

    @property
    def tag(self) -> str:
        """The tag."""
        return self[1 : self.index(">")]

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens, in the order of the element's attributes."""
        return tuple(self.partition(">")[2].split())

    @property
    def look(self) -> "Style":
        """The style without ids, which tell elements of one kind apart."""
        if "#" not in self:  # few styles have an id
            return self
        return Style.of(self.tag, [token for token in self.tokens if token[0] != "#"])


@dataclass(slots=True)
class Elements:
    """The elements of a page as columns: entry ``i`` of each list is of element ``i``.

    Element 0 is the root. ``parent`` is the index of the parent, -1 for the root; every element comes after its parent.
    ``depth`` counts from 0. ``style`` is an index into ``styles``: a page has several times more elements than styles,
    so whatever depends on tag and tokens alone is computed once for each style. ``tags`` has the tag of each style.
    ``hidden`` elements are inside of one that a browser does not show.
    """

    parent: list[int] = field(default_factory=lambda: [-1])
    depth: list[int] = field(default_factory=lambda: [0])
    style: list[int] = field(default_factory=lambda: [0])
    hidden: list[bool] = field(default_factory=lambda: [False])
    styles: list[Style] = field(default_factory=lambda: [Style.of("html")])
    tags: list[str] = field(default_factory=lambda: ["html"])

    _number_of_style: dict[str, int] = field(default_factory=lambda: {Style.of("html"): 0}, repr=False, compare=False)
    #: The tokens of all styles; empty until they are asked for.
    _all_tokens: frozenset[str] = field(default=frozenset(), repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.parent)

    def inside(self, is_outer: Callable[[int], bool]) -> list[bool]:
        """For each element whether it or an element around it is one of the outer ones."""
        inside: list[bool] = []
        for at, parent in enumerate(self.parent):  # parents stand before their children
            inside.append((at > 0 and inside[parent]) or is_outer(at))
        return inside

    def outwards(self, at: int) -> Iterator[int]:
        """An element and the elements around it, from the innermost outwards, without the root."""
        while at > 0:
            yield at
            at = self.parent[at]

    def nearest(self, at: int, tag: str) -> int:
        """An element, or else the innermost one around it, that has a tag; 0 for none."""
        while at > 0 and self.tag(at) != tag:
            at = self.parent[at]
        return max(at, 0)

    def holds(self, outer: int, at: int) -> bool:
        """Whether element ``at`` is ``outer`` or inside of it."""
        while at > outer:  # a parent comes before its children
            at = self.parent[at]
        return at == outer

    def upwards(self) -> Iterator[tuple[int, int]]:
        """Each element but the root with its parent, children before their parents: values are handed up this way."""
        return zip(range(len(self.parent) - 1, 0, -1), reversed(self.parent), strict=False)  # the root has no parent

    def number_of(self, tag: str, tokens: str) -> int:
        """The index of a style in ``styles``, to which it is added where it is new. ``tokens``: each behind a space."""
        style = f"<{tag}>{tokens}"
        number = self._number_of_style.get(style)
        if number is None:
            number = self._number_of_style[style] = len(self.styles)
            self.styles.append(Style(style))
            self.tags.append(tag)
            self._all_tokens = frozenset()
        return number

    def styles_with(self, tokens: frozenset[str]) -> set[int]:
        """The styles that have one of the tokens."""
        if not self._all_tokens:
            self._all_tokens = frozenset(" ".join(self.styles).split())
        found = [f" {token} " for token in tokens & self._all_tokens]
        return {at for token in found for at, style in enumerate(self.styles) if token in f"{style} "}

    def tag(self, at: int) -> str:
        """The tag of an element."""
        return self.tags[self.style[at]]

    def tokens(self, at: int) -> tuple[str, ...]:
        """The classes, ids and roles of an element."""
        return self.styles[self.style[at]].tokens


@dataclass(slots=True)
class RawBlock:
    """A block before it has a label: its text, and its place in the source.

    ``plain`` is the text on one line and without Markdown syntax, as rules and features read it. ``tag`` is the nearest
    block element. ``node`` is the index of the innermost element around all of the text, 0 in text sources. ``span``
    (start and end in characters) is None for HTML. ``gap`` is the white space before the block. ``context``,
    ``containers``, ``cell``, ``number`` and ``language`` are those of :class:`~cleaner.document.Block`. ``linked``
    counts characters inside links, ``links`` the links with text, ``media`` the pictures and players since the previous
    block. ``markup`` has the arguments of the marks, which are made on demand: most blocks are removed before their
    marks are needed.
    """

    text: str
    plain: str
    tag: str = "p"
    node: int = 0
    span: tuple[int, int] | None = None
    gap: str = "\n\n"
    context: tuple[str, ...] = ()
    containers: tuple[int, ...] = ()
    cell: Cell | None = None
    number: int | None = None
    language: str = ""
    markup: tuple[tuple[int, int, str, str], ...] = ()
    linked: int = 0
    links: int = 0
    media: int = 0
    hidden: bool = False

    @property
    def level(self) -> int:
        """1 to 6 for a heading, 0 for anything else."""
        return LEVELS.get(self.tag, 0)

    @property
    def row(self) -> int | None:
        """The number of the table row; None outside of tables of data."""
        return None if self.cell is None else self.cell.row

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The inline markup as :class:`~cleaner.document.Mark` objects."""
        return tuple(starmap(Mark, self.markup))


class Part(StrEnum):
    """What a line is in a text of a known shape (:mod:`cleaner.segment.shapes`)."""

    FRONT_MATTER = "front_matter"
    MAIL_HEADER = "mail_header"
    QUOTED_MAIL = "quoted_mail"
    SIGNATURE = "signature"
    LIST_FOOTER = "list_footer"
    RUNNING_HEAD = "running_head"
    PAGE_NUMBER = "page_number"
    AFFILIATION = "affiliation"
    TIME = "time"
    ENTRY_TIME = "entry_time"
    ARTICLE_BREAK = "article_break"
    QUOTED_HEADER = "quoted_header"


@dataclass(slots=True)
class Page:
    """The blocks of one source in order, their elements, and the metadata of the page.

    ``kind``          ``html`` or ``text``
    ``lang``          the declared language in lower case, "" for none
    ``author``        the first author as the page's metadata write it, with which features compare blocks
    ``base``          the href of the page's ``<base>``
    ``types``         the declared types of the page in lower case: ``@type`` of JSON-LD, ``og:type``
    ``article_body``  schema.org's ``articleBody``, the page's own copy of its text, "" for none
    ``scripts``       those that hold JSON (:mod:`cleaner.segment.page_data`)
    ``images``        the pictures, where they were asked for
    ``flags``         what was unusual about segmentation: ``truncated``, ``fallback``, ``self_closed``,
                      ``unclosed_title``, ``one_line``; or the shape of a text (:mod:`cleaner.segment.shapes`)
    ``parts``         of a text of such a shape: the blocks that are a part of it
    ``posts``         the blocks of each embedded post, by its element (:mod:`cleaner.segment.posts`)
    """

    kind: SourceKind
    blocks: list[RawBlock] = field(default_factory=list)
    elements: Elements = field(default_factory=Elements)
    lang: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    author: str = ""
    base: str = ""
    types: frozenset[str] = frozenset()
    article_body: str = ""
    scripts: tuple[Script, ...] = ()
    images: list[RawImage] = field(default_factory=list)
    flags: tuple[str, ...] = ()
    parts: dict[int, Part] = field(default_factory=dict)
    posts: dict[int, list[int]] = field(default_factory=dict)

    def own_element(self, at: int) -> int:
        """The element that makes a block one; the innermost one around its text may be a ``<span>`` inside of it."""
        block = self.blocks[at]
        return self.elements.nearest(block.node, block.tag) or block.node

    def elements_around(
        self, blocks: Iterable[int], is_wanted: Callable[[Style], bool], reach: int = sys.maxsize
    ) -> Iterator[tuple[int, int]]:
        """The wanted ones of the elements around some blocks, each with its block: ``reach`` elements from a block
        outwards, at most. The style of an element says whether it is wanted.
        """
        elements = self.elements
        wanted = cache(lambda number: is_wanted(elements.styles[number]))
        above: dict[int, list[int]] = {}  # by the parent: blocks beside each other have the same elements around them
        for at in blocks:
            own = self.blocks[at].node
            parent = elements.parent[own]
            if parent not in above:
                outwards = islice(elements.outwards(parent), reach - 1)
                above[parent] = [outer for outer in outwards if wanted(elements.style[outer])]
            if own and wanted(elements.style[own]):
                yield own, at
            for outer in above[parent]:
                yield outer, at

    def blocks_inside(self, element: int, at: int, most: int = sys.maxsize) -> range:
        """The blocks inside of an element, of which block ``at`` is one. Of an element with more than ``most`` blocks
        it has one more than that, so that a large one is not walked through.
        """
        start, stop = at, at + 1
        while start > 0 and stop - start <= most and self.elements.holds(element, self.blocks[start - 1].node):
            start -= 1
        while stop < len(self.blocks) and stop - start <= most and self.elements.holds(element, self.blocks[stop].node):
            stop += 1
        return range(start, stop)
