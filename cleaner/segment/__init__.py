"""A source becomes blocks: ``html.segment`` and ``text.segment`` both give a :class:`Page`."""

from dataclasses import dataclass, field

from cleaner.document import Mark, Metadata


@dataclass(slots=True)
class Node:
    """An element that holds text, directly or below it; blocks refer to nodes by their number.

    ``tokens`` are its classes, ids and roles in lower case, each with what it is: ``.lead``, ``#main``,
    ``@navigation`` (role), ``%articlebody`` (itemprop), ``~teaser`` (a component's name in data-*).
    """

    tag: str
    parent: int
    depth: int
    tokens: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(slots=True)
class RawBlock:
    """A block before it is labelled: its text and what the source says about the place it stands in.

    ``plain`` is the text on one line and without Markdown's marks: what rules and features read. ``linked`` counts its
    characters inside links, ``links`` the links with text, ``media`` the pictures and players since the block before.
    ``node`` is the innermost element around all of the text (in text sources always 0).
    """

    text: str
    plain: str
    tag: str = "p"
    node: int = 0
    span: tuple[int, int] | None = None
    gap: str = "\n\n"
    context: tuple[str, ...] = ()
    row: int | None = None
    marks: tuple[Mark, ...] = ()
    linked: int = 0
    links: int = 0
    media: int = 0
    hidden: bool = False

    @property
    def level(self) -> int:
        """1 to 6 for a heading, 0 for anything else."""
        return int(self.tag[1]) if len(self.tag) == 2 and self.tag[0] == "h" and self.tag[1] in "123456" else 0


@dataclass(slots=True)
class Page:
    """The blocks of one source in order, the elements that they stand in, and what the page says of itself.

    ``article_body`` is the page's own copy of its text (schema.org's articleBody), "" where it has none.
    ``types`` are its own words for what kind of page it is (JSON-LD types, og:type), in lower case.
    """

    kind: str
    blocks: list[RawBlock] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=lambda: [Node("html", -1, 0)])
    lang: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    types: frozenset[str] = frozenset()
    article_body: str = ""
    flags: tuple[str, ...] = ()
