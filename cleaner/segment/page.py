"""A source becomes blocks: ``html.segment`` and ``text.segment`` both give a :class:`Page`."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cleaner.document import Mark, Metadata

LEVELS: Final = {f"h{level}": level for level in range(1, 7)}


class Style(NamedTuple):
    """What an element is: its tag and its tokens.

    ``tokens`` are its classes, ids and roles in lower case, each with what it is: ``.lead``, ``#main``,
    ``@navigation`` (role), ``%articlebody`` (itemprop), ``~teaser`` (a component's name in data-*).
    """

    tag: str
    tokens: tuple[str, ...] = ()


@dataclass(slots=True)
class Elements:
    """The elements of a page, a column each: entry ``i`` of every list is about element ``i``.

    Element 0 is the root, and every element stands after its parent (the root's is -1). ``style`` says which of the
    ``styles`` an element has: a page has several times more elements than styles, so what depends on tag and tokens
    alone is found once a style.
    """

    parent: list[int] = field(default_factory=lambda: [-1])
    depth: list[int] = field(default_factory=lambda: [0])
    style: list[int] = field(default_factory=lambda: [0])
    hidden: list[bool] = field(default_factory=lambda: [False])
    styles: list[Style] = field(default_factory=lambda: [Style("html")])

    def __len__(self) -> int:
        return len(self.parent)

    def tag(self, at: int) -> str:
        """The tag of an element."""
        return self.styles[self.style[at]].tag

    def tokens(self, at: int) -> tuple[str, ...]:
        """The classes, ids and roles of an element."""
        return self.styles[self.style[at]].tokens


@dataclass(slots=True)
class RawBlock:
    """A block before it is labelled: its text and what the source says about the place it stands in.

    ``plain`` is the text on one line and without Markdown's marks: what rules and features read. ``linked`` counts its
    characters inside links, ``links`` the links with text, ``media`` the pictures and players since the block before.
    ``node`` is the innermost element around all of the text (in text sources always 0). ``markup`` holds the arguments
    of its marks: most blocks are dropped before anybody needs them.
    """

    text: str
    plain: str
    tag: str = "p"
    node: int = 0
    span: tuple[int, int] | None = None
    gap: str = "\n\n"
    context: tuple[str, ...] = ()
    row: int | None = None
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
    def marks(self) -> tuple[Mark, ...]:
        """The inline markup."""
        return tuple(Mark(*mark) for mark in self.markup)


@dataclass(slots=True)
class Page:
    """The blocks of one source in order, the elements that they stand in, and what the page says of itself.

    ``author`` is the first author as the page's metadata write it: features compare blocks with it and with the
    ``title`` in ``metadata``. ``base`` is the href of the page's ``<base>``. ``article_body`` is the page's own copy of
    its text (schema.org's articleBody), "" where it has none.
    ``types`` are its own words for what kind of page it is (JSON-LD types, og:type), in lower case.
    """

    kind: str
    blocks: list[RawBlock] = field(default_factory=list)
    elements: Elements = field(default_factory=Elements)
    lang: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    author: str = ""
    base: str = ""
    types: frozenset[str] = frozenset()
    article_body: str = ""
    flags: tuple[str, ...] = ()
