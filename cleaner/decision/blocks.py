"""Labelled blocks as the document has them: pleas split off, scores rounded, text made safe."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

import numpy as np

from cleaner.decision.labelled import Labelled
from cleaner.document import Block, Evidence, Label, Origin
from cleaner.export.plain import join
from cleaner.rules.glued_pleas import Piece, Pleas, split_block
from cleaner.segment.page import Page, RawBlock
from cleaner.text.arrays import Array, Floats
from cleaner.text.characters import strip_unsafe_chars
from cleaner.text.odds import probability


def build_blocks(
    raw_blocks: Sequence[RawBlock], labelled: Labelled, log_odds: Array, scores: Floats, pleas: Pleas
) -> Iterator[Block]:
    """The blocks of a document, in order.

    ``log_odds`` (n_blocks,) float32 is the model's evidence; ``scores`` (n_blocks,) float64 are probabilities of body.
    """
    # Never -0.0: it equals 0.0, and the cache would give whichever of the two came first.
    rounded, weights = scores.round(4).tolist(), [round(weight, 2) + 0.0 for weight in log_odds.tolist()]
    for at, label, (block, plea) in _pieces(raw_blocks, labelled.labels, pleas):
        if plea is None:
            yield _block(block, label, rounded[at], (*labelled.evidence[at], _of_model(weights[at])))
        else:
            yield _block(block, label, round(float(probability(np.array(-plea.weight))), 4), (plea,))


def kept_text(page: Page, labels: Sequence[Label], keep: Collection[Label], pleas: Pleas) -> str:
    """The text of the blocks whose labels are kept: what ``Document.text`` is, without the objects of a document."""
    kept = [(piece.block, label in keep) for _, label, piece in _pieces(page.blocks, labels, pleas)]
    return join([block for block, _ in kept], [is_kept for _, is_kept in kept], page.kind)


def _pieces(blocks: Sequence[RawBlock], labels: Sequence[Label], pleas: Pleas) -> Iterator[tuple[int, Label, Piece]]:
    """The blocks with their numbers and labels. Pleas are split off from blocks of body, and have their own labels."""
    for at, (block, label) in enumerate(zip(blocks, labels, strict=True)):
        if label is not Label.BODY or at not in pleas:
            yield at, label, Piece(block, None)
            continue
        for piece in split_block(block, pleas[at]):
            yield at, piece.evidence.label if piece.evidence else label, piece


@lru_cache(maxsize=4096)
def _of_model(log_odds: float) -> Evidence:
    """The model's evidence. Each block of a document has it, and with two decimals there are some thousand values: to
    make it anew would be a third of the time that all objects of a document take.
    """
    return Evidence("model", Label.BODY, log_odds, origin=Origin.MODEL)


def _block(raw: RawBlock, label: Label, score: float, evidence: tuple[Evidence, ...]) -> Block:
    text = strip_unsafe_chars(raw.text)
    # Where characters went, marks would stand beside their words.
    marks = raw.marks if raw.markup and text == raw.text else ()
    # By position, as a page has hundreds of blocks, and names take a fifth of the time.
    place = raw.tag, raw.span, raw.gap, raw.context, raw.containers
    return Block(text, label, score, evidence, *place, raw.cell, raw.number, raw.language, marks)
