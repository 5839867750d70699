"""Copies of the caller's tree, of BeautifulSoup or lxml, behind one interface: :class:`TreeCopy`.

A copy numbers its leaves, which are the texts and pictures that blocks may be made of, and gives the HTML with the
numbers for :func:`cleaner.pruning.trace.trace`. White space is no leaf: it goes with the element it stands in.
"""

import copy
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Protocol

from cleaner.pruning.trace import MARKER, NUMBER, marker
from cleaner.segment.html_cdata import is_xhtml
from cleaner.segment.images import IMAGE_TAGS
from cleaner.text.characters import strip_unsafe_chars

if TYPE_CHECKING:
    from bs4 import Tag

#: The tags of nodes that are no elements.
TEXT: Final = "#text"
COMMENT: Final = "#comment"
#: Elements whose content a browser reads as one text. Nothing can be marked in them: they are leaves themselves.
RAW: Final = frozenset("iframe noembed noframes plaintext script style textarea title xmp".split())
#: The name that elements of lxml have until they are taken out, all at once.
_TAKEN_OUT: Final = "cleaner-taken-out"


class Fate(Enum):
    """What becomes of a leaf. ``NONE`` is one of which no block is made: it goes with the elements around it."""

    NONE = 0
    KEPT = 1
    REMOVED = 2


@dataclass(slots=True, eq=False)
class Node:
    """A node of a copy: an element, a text, or a comment. Texts, pictures and elements in ``RAW`` are leaves.

    ``handle`` is the node in the tree's own library. ``text`` is that of a text. ``before`` counts the leaves that stay
    above the node; ``kept`` and ``removed`` those inside of it, itself included, that stay and that go.
    """

    tag: str
    handle: Any
    children: list["Node"] = field(default_factory=list)
    text: str = ""
    fate: Fate = Fate.NONE
    before: int = 0
    kept: int = 0
    removed: int = 0

    @property
    def is_leaf(self) -> bool:
        """Whether blocks may be made of it."""
        return self.tag == TEXT or self.tag in RAW or self.tag in IMAGE_TAGS


class TreeCopy(Protocol):
    """A copy of a tree whose nodes can be taken out. ``leaves`` are in the order of the tree."""

    root: Node
    leaves: list[Node]

    def html(self) -> str:
        """The HTML of the copy, with the number of each leaf."""

    def remove(self, node: Node) -> None:
        """Take a node out."""

    def empty(self, node: Node) -> None:
        """Take everything out of an element."""

    def set_text(self, node: Node, text: str) -> None:
        """Give a text another content."""

    def finish(self) -> Any:
        """The tree that the caller gets, of the type that was passed."""


def copied(tree: Any) -> TreeCopy:
    """A copy of a tree. Raises ``TypeError`` for what is neither of BeautifulSoup nor of lxml."""
    if "bs4" in sys.modules:
        from bs4 import Tag

        if isinstance(tree, Tag):
            return _SoupCopy(tree)
    if "lxml.etree" in sys.modules:
        from lxml import etree

        if etree.iselement(tree) or isinstance(tree, etree._ElementTree):  # noqa: SLF001 lxml's only name for it
            return _LxmlCopy(tree)
    raise TypeError(
        f"prune() takes a BeautifulSoup object or an lxml element, not {type(tree).__name__}; "
        "clean() and label() take HTML as str or bytes"
    )


class _SoupCopy:
    """A copy of a BeautifulSoup object or a tag. It is serialised as ``str(tag)`` is, by a formatter of its own."""

    def __init__(self, tree: "Tag") -> None:
        from bs4.element import NavigableString, PreformattedString, Tag

        self.tree: Tag = copy.copy(tree)
        _make_texts_of_cdata(self.tree)
        self.root = Node(self.tree.name, self.tree)
        self.leaves: list[Node] = []
        waiting: list[Any] = [(self.root, child) for child in reversed(self.tree.contents)]
        while waiting:
            parent, child = waiting.pop()
            if isinstance(child, Tag):
                node = Node(child.name.rpartition(":")[2].lower(), child)
                if node.tag not in RAW:
                    waiting += [(node, inner) for inner in reversed(child.contents)]
            elif isinstance(child, PreformattedString):
                node = Node(COMMENT, child)
            elif isinstance(child, NavigableString) and not child.isspace():
                node = Node(TEXT, child, text=str(child))
            else:
                continue
            parent.children.append(node)
            if node.is_leaf:
                self.leaves.append(node)

    def html(self) -> str:
        from bs4.dammit import EntitySubstitution
        from bs4.formatter import Formatter

        numbers = {id(leaf.handle): number for number, leaf in enumerate(self.leaves)}

        class Numbering(Formatter):
            """The default formatter, with the numbers of the leaves."""

            def substitute(self, ns: str) -> str:
                text = super().substitute(ns)
                return marker(numbers[id(ns)]) + text if id(ns) in numbers else text

            def attributes(self, tag: "Tag") -> Iterable[tuple[str, Any]]:
                formatter: Any = super()  # typed in some versions alone
                every: Iterable[tuple[str, Any]] = formatter.attributes(tag)
                own = [(name, value) for name, value in every if name.lower() != NUMBER]
                return [*own, (NUMBER, str(numbers[id(tag)]))] if id(tag) in numbers else own

        language = Formatter.XML if self.tree._is_xml else Formatter.HTML  # noqa: SLF001 as str() chooses
        return self.tree.decode(formatter=Numbering(language, EntitySubstitution.substitute_xml))

    def remove(self, node: Node) -> None:
        node.handle.extract()

    def empty(self, node: Node) -> None:
        node.handle.clear()

    def set_text(self, node: Node, text: str) -> None:
        new = type(node.handle)(text)
        node.handle.replace_with(new)
        node.handle = new

    def finish(self) -> "Tag":
        return self.tree


def _make_texts_of_cdata(tree: "Tag") -> None:
    """Put texts in place of the CDATA sections of XHTML, which the segmenter reads as texts. They are leaves."""
    from bs4.element import CData, NavigableString

    sections = [node for node in tree.descendants if isinstance(node, CData)]
    if sections and is_xhtml(str(tree).encode(errors="replace")):
        for section in sections:
            section.replace_with(NavigableString(str(section)))


class _LxmlCopy:
    """A copy of an lxml element or element tree.

    lxml has no nodes for texts: the handle of a text is an element and whether the text is its tail. No text is moved:
    lxml refuses to set texts with control characters, which its own parser reads.
    """

    def __init__(self, tree: Any) -> None:
        self.tree = copy.deepcopy(tree)
        top = _top(self.tree)
        self.root = Node("" if top is None else _name(top), top)
        self.leaves: list[Node] = []
        if top is None:
            return
        top.tail = None
        waiting = _content(self.root, top)
        while waiting:
            parent, element, part = waiting.pop()
            if part == "element":
                node = Node(_name(element), element)
                if node.tag != COMMENT and node.tag not in RAW:
                    waiting += _content(node, element)
            else:
                text = getattr(element, part)
                if not text or text.isspace():
                    continue
                node = Node(TEXT, (element, part), text=text)
            parent.children.append(node)
            if node.is_leaf:
                self.leaves.append(node)

    def html(self) -> str:
        from lxml import etree

        twin = copy.deepcopy(self.tree)
        top = _top(self.tree)
        if top is None:
            return ""
        twins = dict(zip(top.iter(), _top(twin).iter(), strict=True))
        for element in twins.values():
            if NUMBER in element.attrib:
                del element.attrib[NUMBER]
        for number, leaf in enumerate(self.leaves):
            element, part = leaf.handle if leaf.tag == TEXT else (leaf.handle, "text")
            if part == "tail":
                _mark(twins[element], number)
            elif leaf.tag != TEXT or _name(element) not in IMAGE_TAGS:  # the text comes next
                twins[element].set(NUMBER, str(number))
        return str(etree.tostring(twin, encoding="unicode", method="html", with_tail=False))

    def remove(self, node: Node) -> None:
        if node.tag == TEXT:
            element, part = node.handle
            setattr(element, part, None)
        else:
            node.handle.tag = _TAKEN_OUT

    def empty(self, node: Node) -> None:
        for child in list(node.handle):
            node.handle.remove(child)
        node.handle.text = None

    def set_text(self, node: Node, text: str) -> None:
        element, part = node.handle
        setattr(element, part, text)

    def finish(self) -> Any:
        from lxml import etree

        if self.root.handle is not None:
            etree.strip_elements(self.root.handle, _TAKEN_OUT, with_tail=False)
        return self.tree


def _top(tree: Any) -> Any:
    """The element at the top of an element or an element tree; None where the tree is empty."""
    return tree.getroot() if callable(getattr(tree, "getroot", None)) else tree


def _name(element: Any) -> str:
    """The tag of an lxml element without its namespace, in lower case; comments and the like have none."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else COMMENT


def _content(node: Node, element: Any) -> list[tuple[Node, Any, str]]:
    """What is inside of an lxml element, the last first: its text, and each child with its tail."""
    inside = [(node, element, "text")]
    for child in element:
        inside += [(node, child, "element"), (node, child, "tail")]
    return inside[::-1]


def _mark(element: Any, number: int) -> None:
    """Put a marker between an lxml element and its tail. Control characters are lost, which lxml refuses to set."""
    from lxml import etree

    mark = element.makeelement(MARKER, {NUMBER: str(number)})
    mark.append(etree.Comment(""))
    tail, element.tail = element.tail, None
    element.addnext(mark)
    try:
        mark.tail = tail
    except ValueError:
        mark.tail = strip_unsafe_chars(tail)
