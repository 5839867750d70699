"""What the tags of HTML mean for blocks: :class:`Tag`."""

from functools import lru_cache
from typing import Final

#: Elements of formulas (MathML).
_MATH: Final = frozenset(
    "annotation annotation-xml maction math menclose merror mfenced mfrac mglyph mi mmultiscripts mn mo mover mpadded "
    "mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover "
    "none semantics".split()
)
INLINE: Final = _MATH | frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark "
    "nobr option optgroup q rb rp rt rtc ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
#: Elements whose content is not part of the page's text.
SKIPPED: Final = frozenset("script style svg canvas iframe noembed noframes head".split())
#: HTML elements that end an ``svg`` that was never closed, as in browsers (HTML standard, "foreign content").
BREAK_OUT: Final = frozenset("blockquote body center dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table ul".split())
#: Elements of an ``svg`` that may contain HTML.
HOLDS_HTML: Final = frozenset("foreignobject desc title".split())
MEDIA: Final = frozenset("img picture video audio iframe embed object svg canvas amp-img".split())
#: Structural elements that make up ``Block.context``.
CONTEXT: Final = frozenset("ul ol li table tr blockquote pre dl dt dd figure".split())
#: Parts of a table that say where a cell is. They are left out of the context.
CELL_PARTS: Final = frozenset("td th thead".split())
#: Inline elements that become marks, and the tag of the mark.
MARKED: Final = {
    "a": "a",
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "code": "code",
    "kbd": "code",
    "tt": "code",
    "sub": "sub",
    "sup": "sup",
}
#: Elements with metadata, also outside of the head.
META: Final = frozenset("meta title html link base".split())
#: Blocks that are inline in the middle of a sentence, besides elements that HTML does not know.
SENTENCE_PIECES: Final = frozenset({"img", "button"})
#: The other elements of HTML, of today and of old pages. What is none of them is a word in brackets ("the <key> key"),
#: an element of a search engine, or one that a script of the page defines.
_BLOCKS: Final = frozenset(
    "address applet area article aside base basefont blockquote body br caption center col colgroup datalist dd "
    "details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 header "
    "hgroup hr html input label legend li link main map marquee math menu meta meter nav noscript ol output p "
    "param pre progress search section select slot source summary table tbody td template textarea tfoot th thead "
    "title tr track ul".split()
)
#: Elements that :meth:`cleaner.segment.html_builder.Builder._start_special` handles.
SPECIAL: Final = (MEDIA - SKIPPED) | META | SENTENCE_PIECES | {"br", "option", "optgroup", "template"}

#: What the builder does at the start and end of an element, apart from blocks.
Kind = int
#: Nothing more.
PLAIN: Final[Kind] = 0
#: It remembers a mark.
MARK: Final[Kind] = 1
#: It enters and leaves a container, or a part of a table.
CONTAINER: Final[Kind] = 2
#: What ``SPECIAL`` elements need.
OTHER: Final[Kind] = 3

#: Where the content of a node of the tree stands.
Content = int
#: Below it, as nodes.
BELOW: Final[Content] = 0
#: It is a text itself.
TEXT: Final[Content] = 1
#: Elsewhere, or none of it is shown: scripts, templates.
APART: Final[Content] = 2
#: It has none: comments and the like.
NOTHING: Final[Content] = 3
_APART: Final = SKIPPED | {"noscript", "template"}


class Tag:
    """What a tag means in a page, looked up once for each of its elements.

    ``name`` is that of the element; nodes that are no elements have names with a dash before them (``-text``). ``kind``
    says what the builder does, ``content`` where the parser finds the content. ``is_inline``: the tag begins no block.
    Tags with a namespace (``o:p``), and those in MathJax's formulas (``mjx-math``), are inline; other unknown tags are
    so in the middle of a sentence, as images and buttons are (``is_piece``).
    ``styles`` has the number of the style of the page's elements with this tag, by their class attribute, where they
    have no other attribute that is read.
    """

    __slots__ = ("content", "is_inline", "is_piece", "kind", "name", "styles")

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind, self.content, self.is_inline, self.is_piece = _meaning(name)
        self.styles: dict[str | None, int] = {}


@lru_cache(maxsize=256)
def _meaning(name: str) -> tuple[Kind, Content, bool, bool]:
    """The kind and content of a tag, whether it is inline, and whether it is so in the middle of a sentence."""
    is_inline = name in INLINE or ":" in name or name.startswith("mjx-")
    is_known = is_inline or name in _BLOCKS or name in SPECIAL or name in SKIPPED or name in CONTEXT or name[0] == "-"
    is_piece = name in SENTENCE_PIECES or not is_known
    if name in MARKED:
        kind = MARK
    elif name in CONTEXT or name in CELL_PARTS:
        kind = CONTAINER
    else:
        kind = OTHER if name in SPECIAL or is_piece else PLAIN
    content = APART if name in _APART else BELOW
    if name[0] == "-":
        content = TEXT if name == "-text" else NOTHING
    return kind, content, is_inline, is_piece
