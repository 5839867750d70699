"""The columns by which removed blocks are named: evidence by label, the words of blocks and of class names, and form.

A *label column* has one entry per label of ``NAMES``. A *region* is the outermost element around a block that holds no
body: a thread of comments, a rail of teasers, a footer. Its blocks mostly have one label, and the names of the elements
in it are about them, while those further out are about the article as well.

The words of blocks and of class names speak for labels through two lexicons, which were learned from blocks whose label
is known by rules or by reading (:mod:`cleaner.learn.naming`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from cleaner.document import Evidence, Label, Origin
from cleaner.features.context import last_index
from cleaner.features.page_features import PageFeatures
from cleaner.rules.packs import concepts_with_role
from cleaner.text.arrays import Array, Columns, Flags, Ints, renumbered, rows_of, sums_of_groups
from cleaner.text.hashes import Hashes

#: What a removed block can be called.
NAMES: Final[tuple[Label, ...]] = tuple(label for label in Label if label is not Label.BODY)
NUMBER_OF: Final[dict[Label, int]] = {label: number for number, label in enumerate(NAMES)}

#: Kinds of evidence that have label columns of their own, and what evidence of each kind counts where all of it is put
#: together. A menu or a box holds things of many kinds, so it says least about each of them.
KINDS: Final = ("words", "element", "inherited", "form", "area")
SHARE_OF_KIND: Final = np.array([1.0, 0.9, 0.5, 0.5, 0.35], np.float32)
_KIND_OF_ORIGIN: Final = {Origin.WORDS: 0, Origin.ELEMENT: 1, Origin.INHERITED: 2}
_FORM: Final = 3
_AREA: Final = 4
#: Weights of evidence (log-odds) are cut off here; so are the scores of lexicons.
MAX_WEIGHT: Final = 5.0
#: Levels of elements whose names are about the block itself, and blocks on each side that are its neighbourhood.
NEAR_LEVELS: Final = 3
NEIGHBOURHOOD: Final = 4
#: What a heading says about a block below it, halved after so many blocks.
HEADING_BLOCKS: Final = 10
#: An element that holds more than this share of a page's blocks is no region.
MAX_REGION: Final = 0.5

#: Share of a block's characters inside links from which it is a link.
LINKED_SHARE: Final = 0.7

#: Columns of the first stage that are used as they are, and those of which the logarithm is used.
PLAIN: Final = (
    "word_length ended prose short upper_share digit_share mark_share link_share in_title title_in in_author "
    "in_description in_site before_same item hidden inline money between_prose"
).split()
LOGARITHMS: Final = (
    "words links times heading media capitals_a_word commas depth address quotes bars blocks_since_heading "
    "blocks_until_heading blocks_since_title blocks_until_title alike_1 alike_2 alike_3"
).split()
AREAS: Final = tuple(f"in_{tag}" for tag in "article main aside nav header footer figure form table a button".split())
#: Codes that get a flag each.
CODES: Final = {"tag": range(18), "starts": range(1, 7), "ends": range(9)}


@dataclass(frozen=True, slots=True)
class LabelLexicon:
    """What words say about the label of a block: ``hashes`` ``(n_known,) uint32`` ascend; ``scores``
    ``(n_known, n_labels) float32`` are log-odds of each label against its share among all blocks.
    """

    hashes: Hashes
    scores: Array

    @classmethod
    def none(cls) -> Self:
        """A lexicon that knows no word."""
        return cls(np.zeros(0, np.uint32), np.zeros((0, len(NAMES)), np.float32))

    def sums(self, hashes: Hashes, group: Ints, n_groups: int) -> Array:
        """The sum of the scores of the words of each group: ``(n_groups, n_labels) float32``.

        ``group`` ``(n_words,) int64`` is the group of each word.
        """
        if not len(self.hashes):
            return np.zeros((n_groups, len(NAMES)), np.float32)
        place = np.searchsorted(self.hashes, hashes).clip(max=len(self.hashes) - 1)
        known = np.flatnonzero(self.hashes[place] == hashes)
        return sums_of_groups(self.scores[place[known]], group[known], n_groups)


@dataclass(frozen=True, slots=True)
class LabelLexicons:
    """The lexicons of the words of blocks, and of the tags, classes and ids of elements."""

    words: LabelLexicon
    class_names: LabelLexicon


@dataclass(frozen=True, slots=True)
class Removed:
    """The removed blocks of a page.

    ``body``       (n_blocks,) bool, the blocks of the page that stay
    ``rows``       (n_rows,) int64, their numbers
    ``region``     (n_rows,) int64, the number of each one's region
    ``table``      (n_rows, n_levels) int64, the elements around each one, the innermost first
    ``in_region``  (n_rows, n_levels) bool, which of these hold no body
    """

    body: Flags
    rows: Ints
    region: Ints
    table: Ints
    in_region: Flags


def removed_blocks(features: PageFeatures, body: Flags) -> Removed:
    """The blocks that do not stay; ``body`` (n_blocks,) bool are those that do.

    An element that holds more than half of a page's blocks is no region: the page has no body, or a part of one.
    """
    ancestors = features.ancestors
    rows = np.flatnonzero(~body)
    table = ancestors.table[:, rows].T
    holds_body = ancestors.sums_over_descendants(body[None, :])[0] > 0
    is_outer = holds_body | (ancestors.n_blocks_below > MAX_REGION * len(body))
    is_outer[ancestors.no_element] = True
    region = renumbered(ancestors.outermost_below(is_outer)[0][rows])
    return Removed(body, rows, region, table, ~is_outer[table])


def evidence_by_label(by_block: Sequence[Sequence[Evidence]], rows: Ints) -> Array:
    """The highest weight of evidence for each label, by kind: ``(n_rows, n_kinds, n_labels) float32``, at most
    ``MAX_WEIGHT``. ``rows`` are the numbers of the blocks.
    """
    wide = concepts_with_role("area") | concepts_with_role("box")
    weights: dict[int, float] = {}  # by the place in the result: most places have none
    row_of: dict[int, int] = {}  # the first row of evidence that blocks share
    first: list[int] = []
    for row, at in enumerate(rows.tolist()):
        evidence = by_block[at]
        first.append(row_of.setdefault(id(evidence), row))
        for piece in evidence if first[row] == row else ():
            label = NUMBER_OF.get(piece.label)
            if label is not None:
                kind = _AREA if piece.name in wide else _KIND_OF_ORIGIN.get(piece.origin, _FORM)
                place = (row * len(KINDS) + kind) * len(NAMES) + label
                weights[place] = max(weights.get(place, 0), piece.weight)
    found = np.zeros(len(rows) * len(KINDS) * len(NAMES), np.float32)
    found[list(weights)] = list(weights.values())
    return np.minimum(found, MAX_WEIGHT).reshape(-1, len(KINDS), len(NAMES))[first]


def naming_columns(
    features: PageFeatures,
    removed: Removed,
    by_block: Sequence[Sequence[Evidence]],
    lexicons: LabelLexicons,
) -> Array:
    """The columns of the removed blocks of a page: ``(n_rows, n_columns) float32``.

    ``by_block`` is the evidence about each block of the page.
    """
    weights = evidence_by_label(by_block, removed.rows)
    parts = [
        weights.reshape(len(weights), -1),
        _around(features, weights, removed),
        _scores_of_words(features, removed.rows, lexicons.words),
        _scores_of_names(features, removed, lexicons.class_names),
        _form(features.first_stage, removed.rows),
        _place(features, removed),
    ]
    return np.concatenate(parts, axis=1)


def _around(features: PageFeatures, weights: Array, removed: Removed) -> Array:
    """Label columns of the evidence about the blocks around: the one before, the one after, those of the
    neighbourhood, of the parent, and of the region, and the heading above.
    """
    n, rows, table = len(features.first_stage["words"]), removed.rows, removed.table
    total = np.zeros((n, len(NAMES)), np.float32)  # nothing is asked about blocks of body
    total[rows] = (weights * SHARE_OF_KIND[:, None]).max(axis=1)
    padded = np.concatenate([np.zeros_like(total[:1]), total, np.zeros_like(total[:1])])
    sums = np.concatenate([np.zeros_like(total[:1]), np.cumsum(total, axis=0)])
    low, high = np.maximum(rows - NEIGHBOURHOOD, 0), np.minimum(rows + NEIGHBOURHOOD + 1, n)
    window = (sums[high] - sums[low] - total[rows]) / np.maximum(high - low - 1, 1)[:, None]
    heading = features.first_stage["heading"] > 0
    last = np.append(-1, last_index(heading)[:-1])[rows]  # above the block, not itself
    fading = np.where(last >= 0, HEADING_BLOCKS / (HEADING_BLOCKS + rows - last), 0)
    of_heading = total[np.maximum(last, 0)] * fading[:, None]
    parent = renumbered(table[:, min(1, table.shape[1] - 1)])
    grouped = [mean_of_group(total[rows], group, others=True) for group in (parent, removed.region)]
    return np.concatenate([padded[rows], padded[rows + 2], window, of_heading, *grouped], axis=1)


def mean_of_group(values: Array, group: Ints, *, others: bool = False) -> Array:
    """For each row the mean of the values of its group, or of the ``others`` of its group alone, 0 where it has none.

    ``values`` (n_rows, n_columns) float32; ``group`` (n_rows,) int64 has numbers from 0 on.
    """
    size = np.bincount(group)
    sums = sums_of_groups(values, group, len(size))
    total, number = sums[group], size[group]
    if others:
        total, number = total - values, np.maximum(number - 1, 1)
    return np.asarray(total / number[:, None], np.float32)


def _scores_of_words(features: PageFeatures, rows: Ints, lexicon: LabelLexicon) -> Array:
    """What the words of each block say: ``(n_rows, n_labels) float32``."""
    words = features.words
    number = np.full(words.n_blocks, -1)
    number[rows] = np.arange(len(rows))
    of_row = number[words.block]
    asked = np.flatnonzero(of_row >= 0)
    sums = lexicon.sums(words.hashes[asked], of_row[asked], len(rows))
    roots = np.sqrt(np.maximum(words.n_tokens[rows], 1)).astype(np.float32)
    return np.asarray(np.clip(sums / roots[:, None], -MAX_WEIGHT, MAX_WEIGHT), np.float32)


def _scores_of_names(features: PageFeatures, removed: Removed, lexicon: LabelLexicon) -> Array:
    """What the names of the nearest elements say that hold a block and no body: ``(n_rows, n_labels) float32``."""
    names = features.class_names
    of_style = lexicon.sums(names.hashes, names.style, names.n_styles)
    of_element = np.concatenate([of_style[features.ancestors.style], np.zeros((1, len(NAMES)), np.float32)])
    near = of_element[removed.table[:, :NEAR_LEVELS]] * removed.in_region[:, :NEAR_LEVELS, None]
    return np.asarray(np.clip(near.sum(axis=1), -MAX_WEIGHT, MAX_WEIGHT), np.float32)


def _form(columns: Columns, rows: Ints) -> Array:
    """The form and the place of each block, from the columns of the first stage."""
    plain = rows_of(columns, (*PLAIN, *AREAS), rows)
    logarithms = np.log1p(rows_of(columns, LOGARITHMS, rows))
    codes = [columns[name][rows] == code for name, values in CODES.items() for code in values]
    words, linked = columns["words"][rows], columns["link_share"][rows] > LINKED_SHARE
    since_first, since_last = columns["since_first_prose"][rows], columns["since_last_prose"][rows]
    flags = [
        words < 1,
        words == 1,
        (words > 1) & (words <= 4),
        words > 12,
        linked & (words <= 3),
        linked & (words > 3) & (words <= 6),
        linked & (words > 6),
        since_first < 0,
        since_first >= -2,
        since_last > 0,
        since_last > 1,
        since_last > 3,
        since_last > 8,
        columns["blocks_since_heading"][rows] == 0,
        columns["blocks_since_heading"][rows] == 1,
        columns["blocks_until_title"][rows] == 1,
        columns["heading"][rows] == 1,
    ]
    return np.concatenate([plain, logarithms, np.array(codes), np.array(flags)]).astype(np.float32).T


def _place(features: PageFeatures, removed: Removed) -> Array:
    """The place of each block in relation to the body, and the size and form of its region."""
    body, rows, region = removed.body, removed.rows, removed.region
    before, inside = np.cumsum(body)[rows], int(body.sum())
    padded = np.concatenate([[False], body, [False]])
    size = np.maximum(np.bincount(region), 1)
    columns = features.first_stage
    place = [
        before > 0,
        before < inside,
        padded[rows],
        padded[rows + 2],
        np.log1p(size)[region],
        (np.bincount(region, columns["link_share"][rows]) / size)[region],
        np.log1p(np.bincount(region, columns["words"][rows]) / size)[region],
        rows / len(body),
    ]
    return np.array(place, np.float32).T
