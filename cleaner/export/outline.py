"""The kept blocks of a document as a tree of lists, quotes and tables, built from the contexts of the blocks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Final

from cleaner.document import Block, Document, Image, Mark
from cleaner.export.inline import IMAGE, safe_src, tidy
from cleaner.text.characters import one_line, strip_unsafe_chars
from cleaner.text.structure import LONG_CELL

#: Each kind of list with the item that takes what stands in the list outside of items.
LIST_ITEMS: Final = {"ul": "li", "ol": "li", "dl": "dd"}
_ITEMS: Final = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",)}
_CONTAINERS: Final = frozenset({*LIST_ITEMS, *_ITEMS, "blockquote"})

#: Nested containers that are rebuilt; deeper ones are left out.
MAX_NESTING: Final = 6
#: Blocks of an item that are compared to find where the next item begins.
MAX_PARTS: Final = 8


@dataclass(frozen=True, slots=True)
class Node:
    """An element and its children; ``row`` is the number of a table row."""

    tag: str
    row: int | None = None
    children: list["Node | Block"] = field(default_factory=list)


def outline(doc: Document) -> Node:
    """The tree of the kept blocks, each made tidy (:func:`~cleaner.export.inline.tidy`).

    A removed block has two effects: it ends a list or table that it stands outside of, and in a row with kept cells it
    leaves an empty cell, so that the others stay in their columns.
    """
    rows = data_rows((block.row, strip_unsafe_chars(block.text)) for block in doc.kept)
    root = Node("body")
    stack = [root]
    for block, kept in _with_images(doc):
        path = _path(block, cell=block.row in rows)
        depth = _shared(stack, path)
        if kept and depth == len(path) and path and path[-1][0] in _ITEMS and not _same_item(stack[-1], block):
            depth -= 1
        del stack[depth + 1 :]
        leaf = tidy(block, doc.base_url) if kept else replace(block, text="", marks=())
        if not leaf.text and block.row not in rows and block.tag != IMAGE:
            continue
        for tag, row in path[depth:]:
            node = Node(tag, row)
            stack[-1].children.append(node)
            stack.append(node)
        stack[-1].children.append(leaf)
    return root


def _with_images(doc: Document) -> Iterator[tuple[Block, bool]]:
    """The blocks of a document with its pictures, and whether each is kept. A picture is a block of the tag ``img``.

    Its text is the alternative text, its mark has the address. It belongs to the lists and quotes that the blocks above
    and below it share. Pictures between the cells of a table are left out: a row would have a cell too many.
    """
    images = iter(doc.images)
    image = next(images, None)
    for at in range(len(doc.blocks) + 1):
        while image is not None and image.before <= at:
            block = _image_block(image, doc.blocks[at - 1 : at], doc.blocks[at : at + 1], doc.base_url)
            if block:
                yield block, True
            image = next(images, None)
        if at < len(doc.blocks):
            yield doc.blocks[at], doc.blocks[at].label in doc.keep


def _image_block(image: Image, above: Sequence[Block], below: Sequence[Block], base_url: str) -> Block | None:
    """A picture as a block; None where its address is not safe, or where it stands between cells."""
    src = safe_src(image.src, base_url)
    between_cells = len([block for block in (*above, *below) if block.row is not None]) == 2
    if not src or between_cells:
        return None
    shared = zip(above[0].context, below[0].context, strict=False) if above and below else ()
    context = tuple(tag for tag, _ in takewhile(lambda tags: tags[0] == tags[1], shared))
    alt = one_line(image.alt)
    return Block(alt, tag=IMAGE, context=context, marks=(Mark(0, len(alt), IMAGE, src),))


def data_rows(cells: Iterable[tuple[int | None, str]]) -> frozenset[int]:
    """The numbers of the table rows that hold data. Rows of paragraphs belong to a table that makes up the page.

    ``cells`` are the kept texts, each with its row or None.
    """
    lengths: defaultdict[int, list[int]] = defaultdict(list)
    for row, text in cells:
        if row is not None and (stripped := text.strip()):
            lengths[row].append(len(stripped))
    return frozenset(row for row, cells in lengths.items() if not _is_prose(cells))


def _is_prose(cells: list[int]) -> bool:
    long = [length for length in cells if length >= LONG_CELL]
    # One long cell among others is a table with a column of descriptions.
    return 2 * sum(long) > sum(cells) and (len(long) > 1 or len(cells) == 1)


def _path(block: Block, *, cell: bool) -> tuple[tuple[str, int | None], ...]:
    """The containers around the block, outermost first, with those added that HTML requires.

    ``cell`` says that the block is the cell of a data row.
    """
    context = list(block.context)
    if cell and "table" in context:  # lists may stand around a table, but not around its cells
        context = context[: len(context) - 1 - context[::-1].index("table")]
    tags = [tag for tag in context if tag in _CONTAINERS]
    if block.tag in _CONTAINERS and not cell and tags[-1:] != [block.tag]:
        tags.append(block.tag)
    steps = list(_required(tags[:MAX_NESTING]))
    if steps and steps[-1] in LIST_ITEMS:
        steps.append(LIST_ITEMS[steps[-1]])
    path: tuple[tuple[str, int | None], ...] = tuple((tag, None) for tag in steps)
    return (*path, ("table", None), ("tr", block.row)) if cell else path


def _required(tags: list[str]) -> Iterator[str]:
    """The tags, with lists added around items that have none, and items around lists that stand in lists."""
    parent = ""
    for tag in tags:
        if tag in _ITEMS:
            if parent not in _ITEMS[tag]:
                yield _ITEMS[tag][0]
        elif parent in LIST_ITEMS:
            yield LIST_ITEMS[parent]
        yield tag
        parent = tag


def _shared(stack: list[Node], path: tuple[tuple[str, int | None], ...]) -> int:
    """The number of the path's containers that are open."""
    depth = 0
    for node, step in zip(stack[1:], path, strict=False):
        if (node.tag, node.row) != step:
            break
        depth += 1
    return depth


def _same_item(item: Node, block: Block) -> bool:
    """Whether the block belongs to the open item: a tag that the item has already begins the next one.

    Contexts name elements but do not number them, so ``li > p, li > p`` and ``li > (p, p)`` look the same; the first
    is far more frequent. A heading with its paragraph, or a step with its code, is one item.
    """
    if block.tag in _ITEMS or len(item.children) >= MAX_PARTS:
        return False
    return all(child.tag != block.tag for child in item.children)
