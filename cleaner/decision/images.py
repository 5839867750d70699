"""Which pictures of a page are the article's own."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from cleaner.document import Image, Label
from cleaner.export.inline import safe_src
from cleaner.rules.glued_pleas import Pleas, split_block
from cleaner.segment.images import RawImage
from cleaner.segment.page import Page
from cleaner.text.characters import strip_unsafe_chars

#: What may stand between a picture and the body, above it or below it, and beside it in a figure.
BESIDE: Final = frozenset({Label.TITLE, Label.BYLINE, Label.CAPTION})


def own_images(page: Page, body: Sequence[bool], labels: Sequence[Label], pleas: Pleas) -> tuple[Image, ...]:
    """The pictures in the body or beside it, each one once, in the order of the page. ``pleas`` are those that are
    split off: each makes a block of the document.

    A picture is the article's where the smallest element around it that holds any block holds one of body; captions do
    not count, so that a figure belongs to what stands around it. Above the first block of body and below the last one,
    only headline, byline and captions may stand between it and the picture.
    """
    if not page.images or True not in body:
        return ()
    article = _with_captions(body, labels)
    held = _held(page, body, labels)
    added = {at: len(split_block(page.blocks[at], of_block)) - 1 for at, of_block in pleas.items()}
    images: dict[str, Image] = {}
    described: set[tuple[int, str]] = set()  # a picture in two sizes has the same words at the same place
    for image in page.images:
        if image.src in images or (image.before, image.alt) in described or not safe_src(image.src, ""):
            continue
        if article.start <= image.before <= article.stop and _is_in_body(image, page, held):
            split_off = sum(number for at, number in added.items() if at < image.before)
            if image.alt:
                described.add((image.before, image.alt))
            images[image.src] = Image(strip_unsafe_chars(image.src), image.alt, image.before + split_off)
    return tuple(images.values())


def _with_captions(body: Sequence[bool], labels: Sequence[Label]) -> range:
    """The blocks from the first one of body to the last, with headline, byline and captions right above and below."""
    first = body.index(True)
    stop = len(body) - body[::-1].index(True)
    while first and labels[first - 1] in BESIDE:
        first -= 1
    while stop < len(body) and labels[stop] in BESIDE:
        stop += 1
    return range(first, stop)


class _Held(IntEnum):
    """The most that an element holds. Captions do not count."""

    NOTHING = 0
    RESIDUE = 1
    BODY = 2


def _held(page: Page, body: Sequence[bool], labels: Sequence[Label]) -> list[_Held]:
    """What each element holds."""
    held = [_Held.NOTHING] * len(page.elements)
    for block, is_body, label in zip(page.blocks, body, labels, strict=True):
        own = _Held.BODY if is_body else _Held.NOTHING if label is Label.CAPTION else _Held.RESIDUE
        held[block.node] = max(held[block.node], own)
    for element, outer in page.elements.upwards():
        held[outer] = max(held[outer], held[element])
    return held


def _is_in_body(image: RawImage, page: Page, held: Sequence[_Held]) -> bool:
    """Whether the smallest element around a picture that holds any block holds one of body."""
    elements = page.elements
    node = image.node
    if elements.hidden[node]:
        return False
    while node and not held[node]:
        node = elements.parent[node]
    return held[node] is _Held.BODY
