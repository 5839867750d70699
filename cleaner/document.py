"""The result of labelling as data: labels, evidence, blocks, metadata, and the document that holds them.

The exporters (:mod:`cleaner.export`) read these types. The document's methods call them through :func:`_export` alone.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self

from cleaner.text.characters import strip_unsafe_chars

if TYPE_CHECKING:
    from bs4 import BeautifulSoup


class Label(StrEnum):
    """What a block is. ``docs/labels.md`` says what each one includes and excludes."""

    BODY = "body"
    TITLE = "title"
    BYLINE = "byline"
    CAPTION = "caption"
    SUBSCRIPTION = "subscription"
    AUTHOR = "author"
    RELATED = "related"
    SHARE = "share"
    COMMENT = "comment"
    ADVERT = "advert"
    NOTICE = "notice"
    NAVIGATION = "navigation"
    SIDEBAR = "sidebar"
    NOTE = "note"
    OTHER = "other"


class Origin(StrEnum):
    """Where a piece of evidence comes from."""

    WORDS = "words"  # the block's own words
    FORM = "form"  # the block's form or place: links, repetition, position
    ELEMENT = "element"  # an element around the block: its tag, class, id, role
    INHERITED = "inherited"  # a heading or line above the block, whose evidence it shares
    NEIGHBOUR = "neighbour"  # the blocks beside it: a card, a run of residue
    PAGE = "page"  # the page's metadata: title, author; the data that hold its text
    MODEL = "model"  # what was learned: the log-odds of body that everything adds up to, or that a rule is mostly right
    WITNESS = "witness"  # trafilatura's verdict
    SITE = "site"  # other documents of the site, which have the same line


@dataclass(frozen=True, slots=True)
class Evidence:
    """A rule or a feature that says something about a block.

    ``weight`` is in log-odds and counts for ``label``; evidence against body is evidence for another label. ``quote``
    is what was matched: words, an element, or the value of a feature, without unsafe characters. ``rule`` is the rule
    (``en:caption.credit``) and ``pattern`` the number of its pattern, from 1 on, where a pattern matched; "" and None
    for evidence that does not come from a rule.
    """

    name: str
    label: Label
    weight: float
    quote: str = ""
    rule: str = ""
    pattern: int | None = None
    origin: Origin = Origin.WORDS

    def __post_init__(self) -> None:
        if not (self.quote.isascii() and self.quote.isprintable()):  # most quotes are: the check is cheaper
            object.__setattr__(self, "quote", strip_unsafe_chars(self.quote))

    def __str__(self) -> str:
        under = "under " if self.origin is Origin.INHERITED else ""
        quote = f" {under}“{self.quote}”" if self.quote else ""
        return f"{self.name} {self.weight:+.1f}{quote}"


#: What a source is.
SourceKind = Literal["html", "text"]

#: The labels that are kept where the caller does not say, by kind of source. From a page the body is extracted, and
#: the headline is ``Document.title``. From a text only residue is removed: headlines, fact boxes and notes hold words
#: of the article.
DEFAULT_KEEP: Final[Mapping[str, frozenset[Label]]] = MappingProxyType(
    {
        "html": frozenset({Label.BODY}),
        "text": frozenset({Label.BODY, Label.TITLE, Label.SIDEBAR, Label.NOTE}),
    }
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Inline markup inside a block: ``text[start:end]`` is an ``a``, ``b``, ``i``, ``code``, ``sub`` or ``sup``."""

    start: int
    end: int
    tag: str
    href: str = ""


class Cell(NamedTuple):
    """The place of a block in a table; blocks with the same row and column are in one cell.

    ``row`` and ``table`` are numbers that no other row or table of the document has. ``column`` counts from 0; cells
    that span columns or rows are taken into account. ``header`` cells are those of ``<th>`` and ``<thead>``.
    """

    row: int
    column: int = 0
    header: bool = False
    table: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """The smallest unit that is kept or removed.

    ``score`` is the probability of body, from 0 to 1. ``span`` is the block's place in a text source, in characters
    (None for HTML). ``gap`` is the white space before it. ``context`` names the structural elements around it,
    outermost first (``("ul", "li")``), and ``containers`` has a number for each of them: the same number is the same
    element; () where they are unknown. ``cell`` is the block's place in a table of data. ``number`` is that of the list
    item in an ordered list that does not count from 1 upwards, ``language`` that of code as the page names it, ""
    where it does not.
    """

    text: str
    label: Label = Label.BODY
    score: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    tag: str = "p"
    span: tuple[int, int] | None = None
    gap: str = "\n\n"
    context: tuple[str, ...] = ()
    containers: tuple[int, ...] = ()
    cell: Cell | None = None
    number: int | None = None
    language: str = ""
    marks: tuple[Mark, ...] = ()

    @property
    def row(self) -> int | None:
        """The number of the table row; None outside of tables of data."""
        return None if self.cell is None else self.cell.row


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article. ``src`` is its address as the page has it, ``before`` the number of the document's
    blocks that stand above it.
    """

    src: str
    alt: str = ""
    before: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of a page, without unsafe characters; "" or () for what is not known.

    ``title`` is the page's title as its metadata have it, mostly with the name of the site; ``headline`` is chosen
    from it and from the headings of the page (:mod:`cleaner.segment.headline`). ``authors`` are all that the page
    lists: names that it joins in one string stay joined. ``date`` is the date of publication in ISO 8601
    (``2026-03-03``, or with a time and the zone if stated), or the page's own wording where it cannot be read for
    certain. ``url`` is the canonical address.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    site: str = ""
    description: str = ""
    url: str = ""
    headline: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "date", "site", "description", "url", "headline"):
            object.__setattr__(self, name, strip_unsafe_chars(getattr(self, name)))
        object.__setattr__(self, "authors", tuple(map(strip_unsafe_chars, self.authors)))

    @property
    def author(self) -> str:
        """The authors in one string: ``"Ann Lee, Mads Holm"``."""
        return ", ".join(self.authors)


@dataclass(frozen=True, repr=False)  # no slots: the text is cached in __dict__
class Document:
    """The labelled blocks of one source: kept and removed together are the whole source.

    ``page_type`` is the likeliest kind of page: ``article``, ``service``, ``forum``, ``listing``, ``product``,
    ``collection`` or ``documentation``; "" for a text. ``confidence`` is the word F1 that the kept text is expected to
    reach, from 0 to 1: calibrated for HTML (``docs/model-card.md``), a rough figure for text. ``base_url`` is the
    address that relative links are resolved against, "" where none is known. ``images`` are the article's own pictures,
    where ``Cleaner(images=True)`` asks for them.

    ``stated`` are the metadata as head and JSON-LD state them; ``completion`` finds what these leave open, and holds
    the page for that. :attr:`metadata` are both.

    >>> doc = Document((Block("The vote is on Tuesday."), Block("Share this", Label.SHARE, 0.01)))
    >>> doc
    Document(title='', kind='text', lang='', kept=1/2, confidence=1.00, flags=())
    >>> doc.text
    'The vote is on Tuesday.'
    >>> [block.text for block in doc.removed]
    ['Share this']
    """

    blocks: tuple[Block, ...] = ()
    keep: frozenset[Label] = frozenset({Label.BODY})
    kind: str = "text"
    lang: str = ""
    stated: Metadata = field(default_factory=Metadata)
    flags: tuple[str, ...] = ()
    page_type: str = ""
    confidence: float = 1.0
    base_url: str = ""
    images: tuple[Image, ...] = ()
    completion: Callable[[Metadata], Metadata] | None = field(default=None, compare=False)

    @property
    def kept(self) -> tuple[Block, ...]:
        """The blocks whose label is in ``keep``, in the source's order."""
        return tuple(block for block in self.blocks if block.label in self.keep)

    @property
    def removed(self) -> tuple[Block, ...]:
        """The blocks that are not kept: captions, bylines, bios and all other residue, as data."""
        return tuple(block for block in self.blocks if block.label not in self.keep)

    @cached_property
    def text(self) -> str:
        """The kept blocks, unaltered and in order; "" when nothing is kept."""
        return str(_export("to_text", self))

    @cached_property
    def metadata(self) -> Metadata:
        """What is known about a page: title, authors, date, site, description, address, headline.

        What head and JSON-LD do not state of title, authors, date and site, trafilatura looks for in the page when
        this is asked for the first time, which takes twice as long as to label it. ``stated`` costs nothing.
        """
        return self.completion(self.stated) if self.completion else self.stated

    @property
    def title(self) -> str:
        """The headline, without the site's name; "" where there is none.

        Of a page, it is ``stated.headline``. Where that is "", as of a text, it is the first block labelled
        ``title``, on one line; of a text without its Markdown.
        """
        if self.stated.headline:
            return self.stated.headline
        title = next((" ".join(block.text.split()) for block in self.blocks if block.label is Label.TITLE), "")
        return str(_export("without_markdown", title)) if self.kind == "text" else title

    @property
    def counts(self) -> Counter[str]:
        """How many blocks carry each label; :class:`Label` members and their values are the same keys."""
        return Counter(block.label.value for block in self.blocks)

    def explain(self, width: int = 120) -> str:
        """One line a block: kept or removed, label, score, the beginning of the text, and the evidence.

        Of the evidence, as much is shown as fits into ``width`` columns.
        """
        return str(_export("explain", self, width))

    def to_markdown(self) -> str:
        """The kept blocks as Markdown: headings, lists, quotes, code, tables, links."""
        return str(_export("to_markdown", self))

    def to_html(self) -> str:
        """The kept blocks as HTML: an allow-list of tags and attributes, safe to put on a page."""
        return str(_export("to_html", self))

    def to_soup(self) -> "BeautifulSoup":
        """The kept blocks as BeautifulSoup, to be searched and changed: :meth:`to_html`, parsed.

        >>> Document((Block("The vote is on Tuesday."),), kind="html").to_soup().p.string
        'The vote is on Tuesday.'
        """
        from bs4 import BeautifulSoup

        return BeautifulSoup(self.to_html(), "html.parser")

    def to_dict(self) -> dict[str, Any]:
        """The document as plain data for JSON, which always encodes to UTF-8; :meth:`from_dict` reads it back.

        ``title`` and ``text`` are added for readers of the data. The metadata are those of ``stated``.
        """
        data: dict[str, Any] = _export("to_dict", self)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The document that :meth:`to_dict` wrote; what earlier versions did not write has its default.

        Raises ``ValueError`` for other data.
        """
        return cls(**_export("fields_from_dict", data))

    def __repr__(self) -> str:
        kept = sum(block.label in self.keep for block in self.blocks)
        return (
            f"Document(title={self.title!r}, kind={self.kind!r}, lang={self.lang!r}, kept={kept}/{len(self.blocks)}, "
            f"confidence={self.confidence:.2f}, flags={self.flags!r})"
        )

    def _repr_html_(self) -> str:
        return str(_export("to_notebook", self))


def _export(name: str, source: Any, *options: Any) -> Any:
    """The result of a function of :mod:`cleaner.export`. That module imports this one, so it can be imported only when
    a function is called; all calls pass here.
    """
    from cleaner import export

    function: Callable[..., Any] = getattr(export, name)
    return function(source, *options)
