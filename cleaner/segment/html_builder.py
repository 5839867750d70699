"""The events of an HTML parser become blocks: their text, and what is known about their place in the page.

Each element gets an entry in ``elements``, text goes into the block under way. Elements deeper than ``MAX_DEPTH`` are
only counted (``too_deep > 0``), and their text belongs to the innermost element that has an entry. What never shows
(scripts, styles, drawings, the head) is not passed on by the parsers.

A block is under way while ``parts`` is not empty. It ends (``flush``) where a block element starts or ends, at the
second of two line breaks, and at the end of the source.

The methods are called a few thousand times for a page, so each event does little: what a tag means is looked up once
for a page (:class:`~cleaner.segment.html_tags.Tag`), the style of an element once for each spelling of its attributes,
and marks stay plain tuples.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cleaner.segment import html_metadata as meta
from cleaner.segment.disclosures import as_headings
from cleaner.segment.headline import headline
from cleaner.segment.html_attributes import (
    MAX_ATTRIBUTE,
    OTHER_NAMES,
    Attributes,
    all_tokens,
    is_hidden,
    language_of,
    stated_language,
    tokens_of,
    with_values,
)
from cleaner.segment.html_places import LAYOUT_ROLES, OrderedList, Place, Table, ordered_list, own_number, set_numbers
from cleaner.segment.html_tags import CELL_PARTS, CONTAINER, MARK, MARKED, MEDIA, META, OTHER, SENTENCE_PIECES, Tag
from cleaner.segment.images import IMAGE_TAGS, MAX_IMAGES, RawImage, read_image
from cleaner.segment.inline import (
    MIN_SENTENCE,
    Markup,
    alternative,
    clipped,
    is_in_sentence,
    is_invisible,
    is_picture,
    with_single_spaces,
    without_permalinks,
)
from cleaner.segment.page import MAX_BLOCKS, Elements, Page, RawBlock
from cleaner.text.structure import LEVELS

#: Characters of an element's name that are kept.
MAX_TAG: Final = 60
#: Depth to which elements are recorded. The deepest of the real pages has 138.
MAX_DEPTH: Final = 400
#: Inline markup inside of each other at most. Every block copies all that is open.
MAX_MARKS: Final = 8
#: Elements of a block's context at most, the innermost ones.
MAX_CONTEXT: Final = 9
#: Elements around code that may name its language, the code's own included.
CODE_DEPTH: Final = 3


class _Tags(dict[str, Tag]):
    """The tags of a page by their names."""

    def __missing__(self, name: str) -> Tag:
        tag = self[name] = Tag(name)
        return tag


class Builder:
    """Receives a parser's events (``start``, ``end``, ``data``) and makes a page of them.

    ``tags`` has the tags that events refer to. Of the elements whose content never shows the parsers pass on what is
    metadata (``script``, and ``meta`` itself) and that there is a picture or player (``media``).
    """

    #: Slots are faster than a dictionary, which Python shares between objects of at most 30 attributes.
    __slots__ = tuple(
        """
        elements parents depths styles hidden nearest_block blocks overflow tags meta with_images
        images node too_deep pieces disclosures open_links link_is_new media rows place in_pre outer_places outer_tables
        ordered open_marks parts length ends_in_space breaks linked link_count owner marks more_marks
        """.split()
    )

    def __init__(self, *, images: bool = False) -> None:
        self.elements = Elements()
        self.parents = self.elements.parent
        self.depths = self.elements.depth
        self.styles = self.elements.style
        self.hidden = self.elements.hidden
        self.nearest_block: list[int] = [0]  # index of the nearest block-level ancestor-or-self of each element
        self.blocks: list[RawBlock] = []
        self.overflow: list[str] = []  # texts of the blocks after MAX_BLOCKS
        self.tags = _Tags()
        self.meta = meta.Collector()
        self.with_images = images
        self.images: list[RawImage] = []
        self.node = 0  # index of the innermost open element
        self.too_deep = 0  # open elements below MAX_DEPTH
        self.pieces: list[int] = []  # open elements that are pieces of a sentence
        self.disclosures: set[int] = set()  # buttons that show and hide a part of the page
        self.open_links = 0
        self.link_is_new = False  # the open link has no text in this block yet
        self.media = 0  # pictures and players since the last block
        self.rows = 0  # table rows so far
        self.place: Place = ((), (), False, "", None, None)
        self.in_pre = False  # of the place; read for each text
        self.outer_places: list[Place] = []
        self.outer_tables: set[int] = set()  # elements of tables that have tables in their cells
        self.ordered: dict[int, OrderedList] = {}  # by their elements
        self.open_marks: list[tuple[str, int, str]] = []  # tag, start, href
        self.more_marks = 0  # open ones inside of MAX_MARKS others
        self.parts: list[str] = []  # always the same list: the parser looks whether it is empty
        self._clear()

    def _clear(self) -> None:
        """Begin a new block."""
        self.parts.clear()
        self.length = 0  # characters of the parts
        self.ends_in_space = True  # white space that follows is dropped
        self.breaks = 0  # line breaks since the last text
        self.linked = 0  # characters inside links
        self.link_count = 0  # links with text
        self.owner = -1  # index of the innermost element around all text so far
        self.marks: list[Markup] = []

    # -- the parser's events -------------------------------------------------------------------

    def start(self, tag: Tag, attrs: Attributes) -> None:  # noqa: C901, PLR0912 calls would cost time
        """Parser event: an element starts."""
        kind, is_inline, node, parents = tag.kind, tag.is_inline, self.node, self.parents
        if kind >= CONTAINER:
            attrs = values = with_values(attrs) if attrs else {}
            if kind == OTHER and self._start_special(tag.name, values):
                return
        depth = self.depths[node] + 1
        if depth > MAX_DEPTH:
            self.too_deep += 1
            if not is_inline:
                self.flush()
            return
        number, hidden = len(parents), self.hidden[node]
        if kind == OTHER:
            hidden = hidden or tag.name == "template"
            if tag.is_piece:
                is_inline = self._is_piece(number, tag.name, values)
        if is_inline or (self.in_pre and self._begins_line(tag)):
            self.nearest_block.append(self.nearest_block[node])
        else:
            if self.parts:
                self.flush()
            self.nearest_block.append(number)
        names = attrs.get("class")
        if OTHER_NAMES.isdisjoint(attrs):
            style = tag.styles.get(names)
            if style is None:
                style = tag.styles[names] = self._style(tag.name, tokens_of(".", names))
        else:
            hidden = hidden or is_hidden(attrs)
            style = self._style(tag.name, all_tokens(attrs))
        self.node = number
        parents.append(node)
        self.depths.append(depth)
        self.styles.append(style)
        self.hidden.append(hidden)
        if kind == MARK:
            self._mark(tag.name, attrs)
        elif kind == CONTAINER:
            self._enter(tag.name, values)

    def end(self, tag: Tag) -> None:
        """Parser event: an element ends."""
        kind, is_inline = tag.kind, tag.is_inline
        if kind == OTHER:
            if tag.name == "br":
                return
            if tag.name == "title":
                self.meta.end(tag.name)
            elif self.pieces and self.pieces[-1] == self.node and not self.too_deep:
                self.pieces.pop()
                is_inline = True
        is_inline = is_inline or (self.in_pre and self._begins_line(tag))
        if self.too_deep:
            self.too_deep -= 1
            if not is_inline:
                self.flush()
            return
        if kind == MARK:
            self._unmark(tag.name)
        elif not is_inline:
            if self.parts:
                self.flush()
            if kind == CONTAINER and self.outer_places:
                self._leave(tag.name)
        if self.node:
            self.node = self.parents[self.node]

    def empty(self, tag: Tag) -> None:
        """Parser event: a block-level element without content, which is all that it is: it ends a block."""
        if self.in_pre and self._begins_line(tag):
            self.data("\n")
        else:
            self.flush()

    def data(self, data: str) -> None:
        """Parser event: text."""
        if self.meta.in_title:
            self.meta.data(data)
            return
        parts = self.parts
        blank = data.isspace()
        if blank and not parts:
            return
        if not self.in_pre:
            if not data.isprintable() or "  " in data:
                data = " " if blank and data.isascii() else with_single_spaces(data)
            if self.ends_in_space and data[:1] == " ":
                data = data[1:]
        if not data:
            return
        self.ends_in_space = data[-1] in " \n"
        parts.append(data)
        self.length += len(data)
        if not blank:
            self.breaks = 0
            if self.owner != self.node:
                self.owner = self.node if self.owner < 0 else self._common(self.owner, self.node)
            if self.open_links:
                self.linked += len(data)
                if self.link_is_new:
                    self.link_count += 1
                    self.link_is_new = False

    # -- elements ----------------------------------------------------------------------------

    def _start_special(self, name: str, attrs: Mapping[str, str]) -> bool:
        """Handle the start of an element of ``SPECIAL``. Returns whether it is done: it gets no entry."""
        self.media += name in MEDIA
        if self.with_images and name in IMAGE_TAGS:
            self._image(attrs)
        if name == "br":
            self._break()
            return True
        if name in ("option", "optgroup"):
            self.data(" ")  # browsers put each option on its own line
        elif name in META:
            self.meta.start(name, attrs)
        return False

    def _image(self, attrs: Mapping[str, str]) -> None:
        """Record a picture. It stands below the block under way, which its start may or may not end."""
        under_way = self.owner >= 0 and len(self.blocks) < MAX_BLOCKS
        image = read_image(attrs, len(self.blocks) + under_way, self.node)
        if image and len(self.images) < MAX_IMAGES:
            self.images.append(image)

    def _is_piece(self, number: int, tag: str, attrs: Mapping[str, str]) -> bool:
        """Whether an image, button or unknown element belongs to the sentence under way: it ends no block then.

        The alternative text of an image that stands for text becomes a part of the sentence.
        """
        if tag == "button" and ("aria-expanded" in attrs or "aria-controls" in attrs):
            self.disclosures.add(number)
        text = alternative(attrs) if tag == "img" else ""
        if text:
            self.data(text)
        else:
            # A paragraph holds no blocks, so an unknown element in one is a word, also at its beginning.
            is_word = tag not in SENTENCE_PIECES and self.elements.tag(self.nearest_block[self.node]) == "p"
            shortest = 1 if is_word else MIN_SENTENCE
            in_sentence = is_in_sentence(self.parts, self.length, self.linked, shortest)
            if self.breaks or not in_sentence or is_picture(attrs):
                return False
        self.media -= tag == "img"
        self.pieces.append(number)
        return True

    def _begins_line(self, tag: Tag) -> bool:
        """Whether an element in a ``<pre>`` is a line of code, a ``<div>`` in a ``<code>``; if so, begin a line."""
        is_line = tag.name == "div" and any(mark[0] == "code" for mark in self.open_marks)
        if is_line and self.parts and self.parts[-1][-1] != "\n":
            self.data("\n")
        return is_line

    def _style(self, name: str, tokens: str) -> int:
        """The index of an element's style, which is added where it is new."""
        return self.elements.number_of(name[:MAX_TAG], tokens)

    def _enter(self, tag: str, attrs: Mapping[str, str]) -> None:
        self.outer_places.append(self.place)
        context, containers, in_pre, language, table, cell = self.place
        if tag in CELL_PARTS:
            if table and tag == "thead":
                table.in_head = True
            elif table:
                cell = table.next_cell(tag, attrs)
            self.place = (context, containers, in_pre, language, table, cell)
            return
        number = self.node
        if len(context) == MAX_CONTEXT:
            context, containers = context[1:], containers[1:]
        context = context + (tag,)  # noqa: RUF005 unpacking takes 3 times as long
        containers = containers + (number,)  # noqa: RUF005
        self.in_pre = tag == "pre" or (in_pre and "pre" in context)
        if tag == "li":
            if self.ordered and len(containers) > 1 and containers[-2] in self.ordered:
                self.ordered[containers[-2]].items[number] = own_number(attrs)
        elif tag == "table":
            if table and cell:
                self.outer_tables.add(table.number)
            table, cell = Table(number, attrs.get("role", "").lower() in LAYOUT_ROLES), None
        elif tag == "tr":
            table, cell = table or Table(number), None
            self.rows += 1
            table.next_row(self.rows)
        elif tag == "ol":
            self.ordered[number] = ordered_list(attrs)
        elif tag == "pre":
            language = self._language(attrs)
        self.place = (context, containers, self.in_pre, language, table, cell)

    def _leave(self, tag: str) -> None:
        if tag == "thead":
            *_, table, _cell = self.place
            if table:
                table.in_head = False
        self.place = self.outer_places.pop()
        self.in_pre = self.place[2]

    def _language(self, attrs: Mapping[str, str]) -> str:
        """The language of code, as its element or one of the two around it names it."""
        if (language := stated_language(attrs)) is not None:
            return language
        at = self.node
        for _ in range(CODE_DEPTH):
            if language := language_of(self.elements.tokens(at)):
                return language
            at = max(self.elements.parent[at], 0)
        return ""

    def _mark(self, tag: str, attrs: Attributes) -> None:
        href = ""
        if tag == "a":
            href = attrs.get("href") or ""
            if len(href) > MAX_ATTRIBUTE:
                href = href[:MAX_ATTRIBUTE]
            self.open_links += 1
            self.link_is_new = True
        elif tag == "code" and self.in_pre:
            context, containers, in_pre, language, table, cell = self.place
            self.place = (context, containers, in_pre, language or self._language(with_values(attrs)), table, cell)
        if len(self.open_marks) < MAX_MARKS:
            self.open_marks.append((tag, self.length, href))
        else:
            self.more_marks += 1

    def _unmark(self, tag: str) -> None:
        if tag == "a":
            self.open_links -= self.open_links > 0
        if self.more_marks:
            self.more_marks -= 1
        elif self.open_marks and self.open_marks[-1][0] == tag:
            _, begin, href = self.open_marks.pop()
            if begin < self.length and (tag != "a" or href):
                self.marks.append((begin, self.length, MARKED[tag], href))

    def _common(self, one: int, other: int) -> int:
        """The lowest common ancestor of two elements."""
        depth, parent = self.elements.depth, self.elements.parent
        while one != other:
            if depth[one] >= depth[other]:
                one = parent[one]
            else:
                other = parent[other]
        return one

    # -- blocks ------------------------------------------------------------------------------

    def _break(self) -> None:
        if self.in_pre:
            self.data("\n")
        elif self.breaks:
            self.flush()
        elif self.parts:
            self.breaks = 1
            if self.parts[-1][-1:] == " ":
                self.parts[-1] = self.parts[-1][:-1]
                self.length -= 1
            self.parts.append("\n")
            self.length += 1
            self.ends_in_space = True

    def flush(self) -> None:
        """End the block under way, which is added if it has any text."""
        parts = self.parts
        if not parts:
            return
        if self.owner >= 0:  # it has more than white space
            whole = parts[0] if len(parts) == 1 else "".join(parts)
            if whole[0].isalnum() or not is_invisible(whole):
                self._add(whole)
        # A mark that is open goes on in the next block, from its beginning.
        if self.open_marks:
            self.open_marks = [(tag, 0, href) for tag, _, href in self.open_marks]
        self.link_is_new = self.open_links > 0
        self._clear()

    def _add(self, whole: str) -> None:
        text = whole.strip("\n" if self.in_pre else None)
        if len(self.blocks) >= MAX_BLOCKS:
            self.overflow.append(text)
            return
        markup, length = self.marks, len(text)
        if self.open_marks:
            markup = markup + [(b, self.length, MARKED[t], h) for t, b, h in self.open_marks if t != "a" or h]
        marks: tuple[Markup, ...] = ()
        if markup:
            if len(markup) == 1 and whole[0] == text[0] and markup[0][0] < markup[0][1] <= length:
                marks = (markup[0],)  # most often a link, and all of the block
            else:
                marks = clipped(markup, whole.index(text), length)
        tag = self.elements.tag(self.nearest_block[self.owner])
        linked, links = self.linked, self.link_count
        if linked:
            linked = min(linked, length)
            if links and tag in LEVELS:
                text, marks, permalinks = without_permalinks(text, marks)
                linked, links = max(linked - length + len(text), 0), max(links - permalinks, 0)
        context, containers, _, language, _, cell = self.place
        self.blocks.append(
            RawBlock(
                text,
                " ".join(text.split()) if "\n" in text else text,
                tag,
                self.owner,
                None,
                "\n\n",
                context,
                containers,
                cell,
                None,
                language,
                marks,
                linked,
                links,
                self.media,
                self.hidden[self.owner],
            )
        )
        self.media = 0

    def page(self) -> Page:
        """The page of all events so far."""
        self.flush()
        if self.outer_tables:
            for block in self.blocks:
                if block.cell and block.cell.table in self.outer_tables:
                    block.cell = None
        if self.ordered:
            set_numbers(self.blocks, self.ordered.values())
        as_headings(self.blocks, self.elements, self.disclosures)
        info = self.meta.finish()
        flags: tuple[str, ...] = ()
        if self.overflow:  # their text is kept in the last block
            self.blocks[-1].text = "\n".join((self.blocks[-1].text, *self.overflow))
            flags = ("truncated",)
        return Page(
            "html",
            self.blocks,
            self.elements,
            lang=info.lang,
            metadata=replace(info.metadata, headline=headline(info, self.blocks)),
            author=info.author,
            base=info.base,
            types=info.types,
            article_body=info.article_body,
            scripts=info.scripts,
            images=self.images,
            flags=flags,
        )
