"""The kept blocks of a document as a tree of lists, quotes and tables, built from the contexts of the blocks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Final

from cleaner.document import Block, Document, Image, Mark
from cleaner.export.inline import IMAGE, safe_src, tidy
from cleaner.export.tables import Columns, data_tables
from cleaner.text.characters import one_line

#: Each kind of list with the item that takes what stands in the list outside of items.
LIST_ITEMS: Final = {"ul": "li", "ol": "li", "dl": "dd"}
_ITEMS: Final = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",)}
_CONTAINERS: Final = frozenset({*LIST_ITEMS, *_ITEMS, "blockquote"})

#: Nested containers that are rebuilt; deeper ones are left out.
MAX_NESTING: Final = 6
#: Blocks of an item that are compared to find where the next item begins.
MAX_PARTS: Final = 8

#: A container: its tag, and the number that tells it from others with this tag; None where it is unknown.
_Step = tuple[str, int | None]


@dataclass(slots=True)
class Node:
    """An element and its children.

    ``key`` tells it from others with its tag: of a cell it is the column, of other elements a number. ``number`` is
    that of an item in a list that does not count from 1 upwards. A table has its ``columns``, its rows are those of
    :func:`table_rows`.
    """

    tag: str
    key: int | None = None
    children: list["Node | Block"] = field(default_factory=list)
    number: int | None = None
    columns: Columns = field(default_factory=dict)


def outline(doc: Document) -> Node:
    """The tree of the kept blocks, each made tidy (:func:`~cleaner.export.inline.tidy`).

    A removed block has two effects: it ends a list or table that it stands outside of, and in a row with kept cells it
    leaves an empty cell, so that the others stay in their columns.
    """
    leaves = [tidy(block, doc.base_url) if block.label in doc.keep else None for block in doc.blocks]
    shown = [leaf is not None and bool(leaf.text) for leaf in leaves]
    tables = data_tables(zip(doc.blocks, shown, strict=True))
    rows = {
        block.row for block, is_shown in zip(doc.blocks, shown, strict=True) if is_shown and _is_data(block, tables)
    }
    tree = _Tree(tables)
    for block, leaf, is_shown in _with_images(doc, leaves, shown):
        is_cell = _is_data(block, tables) and block.row in rows
        path = tree.with_item_above(_path(block, is_cell=is_cell))
        tree.close(path, block if is_shown else None)
        if is_shown and leaf is not None:
            tree.open(path, block)
            tree.add(leaf, block.number)
        elif is_cell:
            tree.open(_down_to_cell(path), block)
    return tree.root


class _Tree:
    """A tree that grows block by block; ``open_nodes`` are those around the last block, from the root on."""

    def __init__(self, tables: Mapping[int, Columns]) -> None:
        self.root = Node("body")
        self.open_nodes = [self.root]
        self.tables = tables

    def with_item_above(self, path: list[_Step]) -> list[_Step]:
        """The path; a list that stands directly in a list, outside of its items, is put into the item above it."""
        for depth, (step, following) in enumerate(pairwise(path)):
            if step == ("li", None) and following[0] in LIST_ITEMS and _shared(self.open_nodes, path[:depth]) == depth:
                above = self.open_nodes[depth].children[-1:]
                if above and isinstance(above[0], Node) and above[0].tag == "li":
                    path[depth] = ("li", above[0].key)
        return path

    def close(self, path: Sequence[_Step], block: Block | None) -> None:
        """Close the containers that a path leaves, and the open item where the block to show begins the next one."""
        depth = _shared(self.open_nodes, path)
        if block and path and depth == len(path) and _is_next_item(self.open_nodes[-1], block):
            depth -= 1
        del self.open_nodes[depth + 1 :]

    def open(self, path: Sequence[_Step], block: Block) -> None:
        """Open the containers of a path that are not open yet."""
        for tag, key in path[len(self.open_nodes) - 1 :]:
            if reopened := _last_item(self.open_nodes[-1], tag, key):
                self.open_nodes.append(reopened)
                continue
            node = Node(tag, key)
            if tag == "table" and block.cell:
                node.columns = self.tables[block.cell.table]
            self.open_nodes[-1].children.append(node)
            self.open_nodes.append(node)

    def add(self, leaf: Block, number: int | None) -> None:
        """Add a leaf to the innermost node; ``number`` is that of its list item, None for none."""
        if number is not None and (item := next((n for n in reversed(self.open_nodes) if n.tag == "li"), None)):
            item.number = number
        self.open_nodes[-1].children.append(leaf)


def _down_to_cell(path: Sequence[_Step]) -> Sequence[_Step]:
    """The path down to its table cell: a removed block keeps its cell, and opens nothing in it."""
    return path[: next(at for at, (tag, _) in enumerate(path, 1) if tag in ("td", "th"))]


def _with_images(
    doc: Document, leaves: Sequence[Block | None], shown: Sequence[bool]
) -> Iterator[tuple[Block, Block | None, bool]]:
    """Each block of a document with its leaf and whether it is shown, and its pictures as blocks of the tag ``img``.

    The text of a picture is the alternative text, its mark has the address. It belongs to the lists and quotes of the
    block above that the block below has too. Pictures between the cells of a table are left out: a row would have a
    cell too many.
    """
    images = iter(doc.images)
    image = next(images, None)
    for at in range(len(doc.blocks) + 1):
        while image is not None and image.before <= at:
            block = _image_block(image, doc.blocks[at - 1 : at], doc.blocks[at : at + 1], doc.base_url)
            if block:
                yield block, block, True
            image = next(images, None)
        if at < len(doc.blocks):
            yield doc.blocks[at], leaves[at], shown[at]


def _image_block(image: Image, above: Sequence[Block], below: Sequence[Block], base_url: str) -> Block | None:
    """A picture as a block; None where its address is not safe, or where it stands between cells."""
    src = safe_src(image.src, base_url)
    between_cells = len([block for block in (*above, *below) if block.row is not None]) == 2
    if not src or between_cells:
        return None
    shared = zip(above[0].context, below[0].context, strict=False) if above and below else ()
    context = tuple(tag for tag, _ in takewhile(lambda tags: tags[0] == tags[1], shared))
    containers = above[0].containers[: len(context)] if context else ()
    alt = one_line(image.alt)
    return Block(alt, tag=IMAGE, context=context, containers=containers, marks=(Mark(0, len(alt), IMAGE, src),))


def table_rows(table: Node) -> list[list[Node | None]]:
    """The cells of each row, None for an empty one. All rows are as wide as the table, unless it is too sparse."""
    rows: list[list[Node | None]] = []
    for row in table.children:
        if not isinstance(row, Node):
            continue
        cells = [child for child in row.children if isinstance(child, Node)]
        by_place = {table.columns.get(cell.key or 0): cell for cell in cells}
        if table.columns and len(by_place) == len(cells):
            rows.append([by_place.get(place) for place in range(len(table.columns))])
        else:
            rows.append([*cells])
    return rows


def leaves_of(node: Node) -> Iterator[Block]:
    """The blocks below a node, in order."""
    for child in node.children:
        if isinstance(child, Node):
            yield from leaves_of(child)
        else:
            yield child


def _is_data(block: Block, tables: Mapping[int, Columns]) -> bool:
    return block.cell is not None and block.cell.table in tables


def _path(block: Block, *, is_cell: bool) -> list[_Step]:
    """The containers around the block, outermost first, with those added that HTML requires."""
    context = block.context
    containers: Sequence[int | None] = block.containers
    if len(containers) != len(context):
        containers = [None] * len(context)
    steps = list(zip(context, containers, strict=True))
    if is_cell and block.cell is not None:
        table = _last(context, "table")
        inner = steps[_last(context, "tr") + 1 :]
        cell = ("th" if block.cell.header or block.tag == "th" else "td", block.cell.column)
        row: list[_Step] = [("table", block.cell.table), ("tr", block.cell.row), cell]
        return [*_lists(steps[: max(table, 0)]), *row, *_lists(inner)]
    if block.tag in _CONTAINERS and [tag for tag in context if tag in _CONTAINERS][-1:] != [block.tag]:
        steps.append((block.tag, None))
    return _lists(steps)


def _last(context: Sequence[str], tag: str) -> int:
    """The place of the innermost element with the tag, -1 where there is none."""
    return len(context) - 1 - context[::-1].index(tag) if tag in context else -1


def _lists(steps: Sequence[_Step]) -> list[_Step]:
    """The lists, items and quotes among the containers, with those added that HTML requires."""
    path = list(_required([step for step in steps if step[0] in _CONTAINERS][:MAX_NESTING]))
    if path and path[-1][0] in LIST_ITEMS:
        path.append((LIST_ITEMS[path[-1][0]], None))
    return path


def _required(steps: Sequence[_Step]) -> Iterator[_Step]:
    """The containers, with lists added around items that have none, and items around lists that stand in lists."""
    parent = ""
    for tag, key in steps:
        if tag in _ITEMS:
            if parent not in _ITEMS[tag]:
                yield _ITEMS[tag][0], None
        elif parent in LIST_ITEMS:
            yield LIST_ITEMS[parent], None
        yield tag, key
        parent = tag


def _last_item(around: Node, tag: str, key: int | None) -> Node | None:
    """The last item of a list if it is the item of this number."""
    last = around.children[-1] if around.children and tag == "li" and key is not None else None
    return last if isinstance(last, Node) and (last.tag, last.key) == (tag, key) else None


def _shared(stack: Sequence[Node], path: Sequence[_Step]) -> int:
    """The number of the path's containers that are open."""
    depth = 0
    for node, step in zip(stack[1:], path, strict=False):
        if (node.tag, node.key) != step:
            break
        depth += 1
    return depth


def _is_next_item(item: Node, block: Block) -> bool:
    """Whether the block begins the next item of a list although the open one looks the same.

    That is where the items have no numbers: as contexts name elements and do not tell them apart, ``li > p, li > p``
    and ``li > (p, p)`` look the same. The first is far more frequent, so a tag that the item has already begins the
    next one. A heading with its paragraph, or a step with its code, is one item.
    """
    if item.tag not in _ITEMS or item.key is not None:
        return False
    if block.tag in _ITEMS or len(item.children) >= MAX_PARTS:
        return True
    return any(child.tag == block.tag for child in item.children)
