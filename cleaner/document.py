"""The vocabulary as types: labels, evidence, blocks, and the document that holds them."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Self


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
    PAGE = "page"  # what the page says of itself: its title, its author
    MODEL = "model"  # the log-odds of body that everything together adds up to
    WITNESS = "witness"  # trafilatura's verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """A rule or a feature that spoke about a block.

    ``weight`` is in log-odds and speaks for ``label``; evidence against body is evidence for another label. ``quote``
    holds what was seen: words, an element, or the value of a feature. ``rule`` is the rule (``en:caption.credit``) and
    ``pattern`` the number of its pattern, from 1 on, where a pattern matched; "" and None for what is no rule.
    """

    name: str
    label: Label
    weight: float
    quote: str = ""
    rule: str = ""
    pattern: int | None = None
    origin: Origin = Origin.WORDS

    def __str__(self) -> str:
        under = "under " if self.origin is Origin.INHERITED else ""
        quote = f" {under}“{self.quote}”" if self.quote else ""
        return f"{self.name} {self.weight:+.1f}{quote}"


#: The labels that are kept where the caller does not say, by kind of source. From a page the body is extracted, and
#: the headline is ``Document.title``. From a text residue alone is subtracted: headlines, fact boxes and notes hold
#: words of the article.
DEFAULT_KEEP: Final[Mapping[str, frozenset[Label]]] = MappingProxyType(
    {
        "html": frozenset({Label.BODY}),
        "text": frozenset({Label.BODY, Label.TITLE, Label.SIDEBAR, Label.NOTE}),
    }
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Inline markup inside a block: ``text[start:end]`` is an ``a``, ``b``, ``i`` or ``code``."""

    start: int
    end: int
    tag: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """The smallest unit that is kept or dropped.

    ``score`` is the probability of body, from 0 to 1. ``span`` is where the block stands in a text source, in
    characters (None for HTML). ``gap`` is the white space before it. ``context`` names the
    structural elements around it, outermost first (``("ul", "li")``), and ``row`` numbers the table row.
    """

    text: str
    label: Label = Label.BODY
    score: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    tag: str = "p"
    span: tuple[int, int] | None = None
    gap: str = "\n\n"
    context: tuple[str, ...] = ()
    row: int | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of itself: every field is "" where it says nothing."""

    title: str = ""
    author: str = ""
    date: str = ""
    site: str = ""
    description: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The labelled blocks of one source: kept and removed together are the whole source.

    ``page_type`` is what kind of page it is believed to be: ``article``, ``service``, ``forum``, ``listing``,
    ``product``, ``collection`` or ``documentation``; "" for a text. ``confidence`` is the word F1 that the kept text is
    expected to reach, from 0 to 1: calibrated for HTML (``docs/model-card.md``), a rough figure for text.

    >>> doc = Document((Block("The vote is on Tuesday."), Block("Share this", Label.SHARE, 0.01)))
    >>> doc.text
    'The vote is on Tuesday.'
    >>> [block.text for block in doc.removed]
    ['Share this']
    """

    blocks: tuple[Block, ...] = ()
    keep: frozenset[Label] = frozenset({Label.BODY})
    kind: str = "text"
    lang: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    flags: tuple[str, ...] = ()
    page_type: str = ""
    confidence: float = 1.0

    @property
    def kept(self) -> tuple[Block, ...]:
        """The blocks whose label is in ``keep``, in the source's order."""
        return tuple(block for block in self.blocks if block.label in self.keep)

    @property
    def removed(self) -> tuple[Block, ...]:
        """The blocks that are not kept: captions, bylines, bios and all other residue, as data."""
        return tuple(block for block in self.blocks if block.label not in self.keep)

    @property
    def text(self) -> str:
        """The kept blocks, unaltered and in order; "" when nothing is kept."""
        from cleaner import export

        return export.to_text(self)

    @property
    def title(self) -> str:
        """The headline: what the page says it is, or else the first block labelled ``title``; or ""."""
        if self.metadata.title:
            return self.metadata.title
        return next((block.text for block in self.blocks if block.label is Label.TITLE), "")

    @property
    def counts(self) -> Counter[str]:
        """How many blocks carry each label."""
        return Counter(block.label.value for block in self.blocks)

    def explain(self) -> str:
        """One line a block: kept or removed, label, score, how the text begins, and the evidence."""
        from cleaner import export

        return export.explain(self)

    def to_markdown(self) -> str:
        """The kept blocks as Markdown: headings, lists, quotes, code, tables, links."""
        from cleaner import export

        return export.to_markdown(self)

    def to_html(self) -> str:
        """The kept blocks as HTML: an allow-list of tags and attributes, safe to put on a page."""
        from cleaner import export

        return export.to_html(self)

    def _repr_html_(self) -> str:
        from cleaner import export

        return export.to_report(self)

    def to_dict(self) -> dict[str, Any]:
        """The document as plain data; ``json.dumps`` takes it and :meth:`from_dict` reads it back."""
        plain = asdict(self) | {"keep": sorted(self.keep)}
        data: dict[str, Any] = json.loads(json.dumps(plain))
        return data | {"title": self.title, "text": self.text}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The document that :meth:`to_dict` wrote."""
        return cls(
            blocks=tuple(_block(row) for row in data["blocks"]),
            keep=frozenset(map(Label, data["keep"])),
            kind=data["kind"],
            lang=data["lang"],
            metadata=Metadata(**data["metadata"]),
            flags=tuple(data["flags"]),
            page_type=data.get("page_type", ""),
            confidence=data.get("confidence", 1.0),
        )


def _block(row: Mapping[str, Any]) -> Block:
    def rows(name: str) -> Iterable[Mapping[str, Any]]:
        return row[name]  # type: ignore[no-any-return]

    return Block(
        text=row["text"],
        label=Label(row["label"]),
        score=row["score"],
        evidence=tuple(
            Evidence(**{**e, "label": Label(e["label"]), "origin": Origin(e["origin"])}) for e in rows("evidence")
        ),
        tag=row["tag"],
        span=None if row["span"] is None else (row["span"][0], row["span"][1]),
        gap=row["gap"],
        context=tuple(row["context"]),
        row=row["row"],
        marks=tuple(Mark(**mark) for mark in rows("marks")),
    )
