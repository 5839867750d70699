"""Of which leaves of a tree each block is made: the segmenter runs once more, on HTML whose leaves are numbered.

The number of a text stands before it, in an empty element (:func:`marker`). A picture has its number as an attribute,
and so has an element around a text before which no element may stand. Parsers put a marker where they put the text, and
the builder here makes nothing of it: so the blocks are those of the page without numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cleaner.segment.html import segment
from cleaner.segment.html_attributes import Attributes
from cleaner.segment.html_builder import Builder
from cleaner.segment.html_tags import Tag
from cleaner.segment.images import IMAGE_TAGS
from cleaner.segment.page import Page

#: The attribute with the number of a leaf.
NUMBER: Final = "data-cleaner-leaf"
#: The tag of markers. It is inline, has no meaning of its own, and may stand wherever a text may.
MARKER: Final = "data"
#: The number of what no leaf stands for, such as the alternative text of an emoji.
NO_LEAF: Final = -1


class LeafText(NamedTuple):
    """A part of a block's text, and the number of the leaf that it comes from."""

    leaf: int
    text: str


@dataclass(slots=True)
class TracedPage(Page):
    """A page that knows its leaves: ``leaf_texts`` has the texts that each block is made of, ``pictures`` the number of
    the leaf of each picture in ``images``.
    """

    leaf_texts: list[list[LeafText]] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)


def marker(number: int) -> str:
    """The HTML of a marker. Without content the segmenter would pass it over."""
    return f'<{MARKER} {NUMBER}="{number}"><!----></{MARKER}>'


def trace(html: str) -> TracedPage:
    """The blocks and pictures of HTML whose leaves are numbered. Raises nothing."""
    page = segment(html, images=True, builder=_TracingBuilder)
    assert isinstance(page, TracedPage)
    return page


class _TracingBuilder(Builder):
    """A builder that remembers of which leaves the blocks are made."""

    __slots__ = ("block_texts", "in_marker", "leaf", "new_texts", "pictures")

    def __init__(self, *, images: bool = False) -> None:
        self.leaf = NO_LEAF  # of the text that comes next
        self.in_marker = False
        self.new_texts: list[LeafText] = []  # of the block under way
        self.block_texts: list[list[LeafText]] = []
        self.pictures: list[int] = []
        super().__init__(images=images)

    def _clear(self) -> None:
        super()._clear()
        self.new_texts = []

    def start(self, tag: Tag, attrs: Attributes) -> None:
        if NUMBER in attrs and tag.name not in IMAGE_TAGS:
            self.leaf = _number(attrs)
            self.in_marker = tag.name == MARKER
        if not self.in_marker:
            super().start(tag, attrs)

    def end(self, tag: Tag) -> None:
        if not self.in_marker:
            super().end(tag)
        self.in_marker = False

    def data(self, data: str) -> None:
        before = len(self.parts)
        super().data(data)
        if len(self.parts) > before:
            self.new_texts.append(LeafText(self.leaf, self.parts[-1]))
            self.leaf = NO_LEAF  # a sign that the segmenter adds, as a quotation mark, comes from no leaf

    def _is_piece(self, number: int, tag: str, attrs: Mapping[str, str]) -> bool:
        leaf, self.leaf = self.leaf, NO_LEAF  # an alternative text may be added
        is_piece = super()._is_piece(number, tag, attrs)
        self.leaf = leaf
        return is_piece

    def _image(self, attrs: Mapping[str, str]) -> None:
        before = len(self.images)
        super()._image(attrs)
        if len(self.images) > before:
            self.pictures.append(_number(attrs))

    def _add(self, whole: str) -> None:
        before = len(self.blocks)
        super()._add(whole)
        if len(self.blocks) > before:
            self.block_texts.append(self.new_texts)
        else:  # the last block takes the text of all that come after it
            self.block_texts[-1] += self.new_texts

    def page(self) -> TracedPage:
        page = super().page()
        fields = {name: getattr(page, name) for name in Page.__dataclass_fields__}
        return TracedPage(**fields, leaf_texts=self.block_texts, pictures=self.pictures)


def _number(attrs: Attributes) -> int:
    """The number of a leaf. A comment that ends in its own text may bring in attributes that hold anything."""
    value = attrs.get(NUMBER) or ""
    return int(value) if value.isdecimal() and len(value) < 10 else NO_LEAF
