"""Paragraphs that a text holds twice: some extractors take a quotation twice, or all of an article."""

from collections.abc import Sequence
from typing import Final

from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.segment.text import ONE_LINE_FLAG
from cleaner.text.arrays import Flags, indices

#: Why a block goes that stands in the text already.
SECOND_COPY: Final = Evidence("other.second_copy", Label.OTHER, 4.0, "stands above already", origin=Origin.NEIGHBOUR)


def second_copies(page: Page, prose_map: ProseMap, body: Flags) -> list[int]:
    """The blocks of a body that it holds already, word for word.

    A paragraph is one where it stands for the second time. One that stands there more often is the author's: a refrain,
    a note below each step. So is each block of a stretch of lines with two paragraphs, each time but the first. The
    sentences of an article on one line are no paragraphs.
    """
    if ONE_LINE_FLAG in page.flags:
        return []
    kept = indices(body)
    places: dict[str, list[int]] = {}
    for order, at in enumerate(kept):
        places.setdefault(page.blocks[at].plain, []).append(order)
    if len(places) == len(kept):
        return []
    gone: list[int] = []
    for stretch in _stretches([places[page.blocks[at].plain][0] for at in kept]):
        blocks = [kept[order] for order in stretch]
        paragraphs = [at for at in blocks if prose_map.prose[at] and page.blocks[at].tag == "p"]
        if len(paragraphs) > 1:
            gone += blocks
        elif paragraphs and len(places[page.blocks[paragraphs[0]].plain]) == 2:
            gone += paragraphs
    return gone


def _stretches(first: Sequence[int]) -> list[list[int]]:
    """The copies among blocks, in runs that follow each other as they do where they stand first.

    ``first`` says for each block where one like it stands first: its own place, or that of the block it copies.
    """
    found: list[list[int]] = []
    for at, original in enumerate(first):
        if original == at:
            continue
        if found and found[-1][-1] == at - 1 and first[at - 1] == original - 1:
            found[-1].append(at)
        else:
            found.append([at])
    return found
