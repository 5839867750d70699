"""Which elements of a copy go: those that hold residue and nothing that stays."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from cleaner.pruning.copies import COMMENT, TEXT, Fate, Node, TreeCopy
from cleaner.segment.html_tags import INLINE

#: What stays even without anything in it.
_STAYING: Final = frozenset({COMMENT, "html", "head", "body"})
#: What a reader never sees. It goes where the page's article is; the head of a page stays as it is.
_UNSEEN: Final = frozenset({"script", "style"})
#: Elements whose children stand one below the other. At the edges of the article, children without text go: logos,
#: buttons, frames, rules.
_GROUPS: Final = frozenset("html body div main article section header footer aside nav form center fieldset".split())
#: Elements of a row, which are emptied and not taken out, so that the others stay in their columns.
_CELLS: Final = frozenset({"td", "th"})


def remove_residue(tree: TreeCopy) -> None:
    """Take the leaves that go out of a copy, with the elements that hold nothing else."""
    total = _count(tree.root)
    waiting = [tree.root]
    while waiting:
        parent = waiting.pop()
        if parent.tag == "head" and not (parent.kept or parent.removed):
            continue  # parsers that do not follow the standard may put the whole page into the head
        gone = [_goes(child, parent, total) for child in parent.children]
        breaks, emptied = _breaks(parent.children, gone)
        for at, child in enumerate(parent.children):
            if at in emptied or (gone[at] and parent.tag == "tr" and child.tag in _CELLS):
                tree.empty(child)
            elif gone[at] or at in breaks:
                tree.remove(child)
            elif child.children:
                waiting.append(child)


def _count(root: Node) -> int:
    """Count for each node the leaves inside of it that stay and that go, and those above it that stay.

    Returns how many stay in all.
    """
    kept = removed = 0
    waiting: list[tuple[Node, int | None]] = [(root, None)]  # a node that has begun, with what went above it
    while waiting:
        node, removed_above = waiting.pop()
        if removed_above is not None:
            node.kept, node.removed = kept - node.before, removed - removed_above
            continue
        node.before = kept
        waiting.append((node, removed))
        waiting += [(child, None) for child in reversed(node.children)]
        kept += node.fate is Fate.KEPT
        removed += node.fate is Fate.REMOVED
    return kept


def _goes(node: Node, parent: Node, total: int) -> bool:
    """Whether a node is taken out of an element that stays; ``total`` counts the leaves that stay."""
    if node.kept or node.tag in _STAYING:
        return False
    if node.removed or (node.tag in _UNSEEN and parent.tag != "head"):
        return True
    is_at_edge = node.before in (0, total)
    return is_at_edge and node.tag not in (TEXT, "br") and parent.tag in _GROUPS and not _holds_line(parent)


def _holds_line(parent: Node) -> bool:
    """Whether an element has kept text of its own, or in inline elements: a small picture is a part of that line."""
    return any(child.kept and _is_inline(child) for child in parent.children)


def _is_inline(node: Node) -> bool:
    return node.tag == TEXT or node.tag in INLINE


def _breaks(children: Sequence[Node], gone: Sequence[bool]) -> tuple[set[int], set[int]]:
    """The places among the children of an element of the line breaks that go with what stood between them; and of the
    elements that are emptied instead of taken out, since two lines would run into one another without them.
    """
    breaks: set[int] = set()
    emptied: set[int] = set()
    stays = [at for at, node in enumerate(children) if not gone[at] and node.tag not in ("br", COMMENT)]
    for before, after in zip([-1, *stays], [*stays, len(children)], strict=True):
        between = range(before + 1, after)
        taken = [at for at in between if gone[at]]
        if not taken:
            continue
        inner = {at for at in between if children[at].tag == "br" and not gone[at]}
        if before < 0 or after == len(children):  # no line on one side: no break is needed
            breaks |= inner
            continue
        left = _breaks_of_one_side(inner, taken)
        breaks |= inner - left
        if not left and _is_inline(children[before]) and _is_inline(children[after]):
            emptied.update([at for at in taken if not _is_inline(children[at])][:1])
    return breaks, emptied


def _breaks_of_one_side(breaks: AbstractSet[int], taken: Sequence[int]) -> set[int]:
    """The line breaks that stay between two lines: those above what is taken out, or else those below."""
    return {at for at in breaks if at < taken[0]} or {at for at in breaks if at > taken[-1]}
