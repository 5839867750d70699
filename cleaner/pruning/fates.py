"""Which leaves of a tree stay: those of which kept blocks are made, and the article's own pictures."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from cleaner.decision.state import Decided
from cleaner.document import Block, Document
from cleaner.pruning.copies import TEXT, Fate, Node, TreeCopy
from cleaner.pruning.trace import LeafText, TracedPage
from cleaner.rules.glued_pleas import split_block
from cleaner.text.characters import strip_unsafe_chars

#: Blocks of a page at most that are compared one by one, in a time that may grow with the square of their number.
MAX_COMPARED: Final = 3_000


def decide_fates(tree: TreeCopy, traced: TracedPage, decided: Decided, document: Document) -> None:
    """Set the fate of each leaf of a copy, and cut pleas out of its texts.

    ``traced`` are the blocks of the copy, ``document`` those of the decided source. A leaf of which several blocks are
    made stays if one of them does. A block of the copy that is none of the source's stays.
    """
    pieces = list(_pieces(decided, document))
    texts = [_solid(strip_unsafe_chars(block.text)) for block in decided.prepared.page.blocks]
    same = _same(texts, [_solid(strip_unsafe_chars(block.text)) for block in traced.blocks])
    for other, leaf_texts in enumerate(traced.leaf_texts):
        parts = [part for part in leaf_texts if 0 <= part.leaf < len(tree.leaves)]
        at = same.get(other)
        if at is None:
            for part in parts:
                _settle(tree.leaves[part.leaf], is_kept=True)
            continue
        kept = [block.label in document.keep for block in pieces[at]]
        if len(set(kept)) == 1:
            for part in parts:
                _settle(tree.leaves[part.leaf], is_kept=kept[0])
        else:
            _cut(tree, parts, pieces[at], kept)
    _decide_pictures(tree, traced, document, pieces)


def _pieces(decided: Decided, document: Document) -> Iterator[Sequence[Block]]:
    """For each block of the source those of its document: several where pleas were split off."""
    at = 0
    for number, raw in enumerate(decided.prepared.page.blocks):
        is_whole = number not in decided.pleas or document.blocks[at].text == strip_unsafe_chars(raw.text)
        count = 1 if is_whole else len(split_block(raw, decided.pleas[number]))
        yield document.blocks[at : at + count]
        at += count


def _same(texts: Sequence[str], traced: Sequence[str]) -> dict[int, int]:
    """For each traced block the number of the same one of the source: all have one, unless the numbers changed how a
    parser read the page.
    """
    if texts == traced:
        return {at: at for at in range(len(texts))}
    if max(len(texts), len(traced)) > MAX_COMPARED:
        return {}
    matching = SequenceMatcher(None, texts, traced, autojunk=False).get_matching_blocks()
    return {other + n: at + n for at, other, size in matching for n in range(size)}


def _settle(leaf: Node, *, is_kept: bool) -> None:
    if is_kept:
        leaf.fate = Fate.KEPT
    elif leaf.fate is Fate.NONE:
        leaf.fate = Fate.REMOVED


def _cut(tree: TreeCopy, parts: Sequence[LeafText], pieces: Sequence[Block], kept: Sequence[bool]) -> None:
    """Cut pleas out of the texts of a block. Where they are not found for certain, the whole block stays.

    White space differs between block and tree, so only the other characters are counted.
    """
    fates = [is_kept for block, is_kept in zip(pieces, kept, strict=True) for _ in _solid(block.text)]
    leaves = [tree.leaves[part.leaf] for part in parts]
    lengths = [len(_solid(part.text)) for part in parts]
    found = [len(_solid(leaf.text)) for leaf in leaves]
    if sum(lengths) != len(fates) or lengths != found or any(leaf.tag != TEXT for leaf in leaves):
        for leaf in leaves:
            _settle(leaf, is_kept=True)
        return
    at = 0
    for leaf, length in zip(leaves, lengths, strict=True):
        of_leaf = fates[at : at + length]
        at += length
        _settle(leaf, is_kept=any(of_leaf))
        if not all(of_leaf) and any(of_leaf) and leaf.text == strip_unsafe_chars(leaf.text):
            tree.set_text(leaf, _left(leaf.text, of_leaf))


def _solid(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def _left(text: str, kept: Sequence[bool]) -> str:
    """What is left of a text, of which ``kept`` has each character that is no white space.

    White space stays where what stands beside it does.
    """
    left: list[str] = []
    at = 0
    for char in text:
        if char.isspace():
            stays = all(kept[max(at - 1, 0) : at + 1])
        else:
            stays = kept[at]
            at += 1
        if stays:
            left.append(char)
    return "".join(left)


def _decide_pictures(tree: TreeCopy, traced: TracedPage, document: Document, pieces: Sequence[Sequence[Block]]) -> None:
    """The article's own pictures stay, others go.

    What shows an own picture once more goes with what is around it: pages that load pictures late have each a second
    time, in a ``<noscript>``.
    """
    above = [0]
    for blocks in pieces:
        above.append(above[-1] + len(blocks))
    own = {image.src: image.before for image in document.images}
    for image, number in zip(traced.images, traced.pictures, strict=True):
        src = strip_unsafe_chars(image.src)
        if not 0 <= number < len(tree.leaves):
            continue
        if src not in own:
            _settle(tree.leaves[number], is_kept=False)
        elif image.before < len(above) and above[image.before] == own[src]:
            _settle(tree.leaves[number], is_kept=True)
