"""A page → its removed blocks of which a label is known, by reading or by rules."""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from cleaner import pipeline
from cleaner.decision.decision import Decision
from cleaner.decision.labels import is_short_link, with_reasons
from cleaner.document import Evidence, Label, Origin
from cleaner.features.naming import NUMBER_OF, Removed, removed_blocks
from cleaner.features.page_features import PageFeatures
from cleaner.learn.data import annotations
from cleaner.learn.data.corpus import Example
from cleaner.learn.data.pages import POLICY
from cleaner.reading.request import Request
from cleaner.rules.evidence import STRONG, EvidenceByBlock
from cleaner.rules.match import collect_evidence
from cleaner.rules.packs import concepts_with_role
from cleaner.text.arrays import Flags, Ints, distinct
from cleaner.text.hashes import Hashes

#: Of the pages that nobody read, one in so many is used for the lexicons.
UNREAD: Final = 4

#: What tells the label of a block: the concept, and how it matched.
Key = tuple[str, Origin]
#: The key of short links in menus, of which nothing else is known.
SHORT_LINK: Final[Key] = ("navigation.area", Origin.ELEMENT)


class Known(NamedTuple):
    """The label that rules give a block, as its number in ``NAMES``, and what tells it."""

    label: int
    key: Key


@dataclass(slots=True)
class NamingSample:
    """A page with names to learn from.

    ``rows``      (n_rows,) int64, the removed blocks of which a label is known
    ``read``      (n_rows,) int64, the number of the reader's label, -1 for none
    ``of_block``  (n_rows,) bool, whether a reader read the block, and not the same line in a text
    ``known``     what rules say of each row, None for nothing
    ``words``     the hashes of the words of each row
    ``names``     the hashes of the names of the elements around each row that hold no body

    ``features``, ``decision`` and ``evidence`` are kept of pages that were read.
    """

    example: Example
    rows: Ints
    read: Ints
    of_block: Flags
    known: Sequence[Known | None]
    words: Sequence[Hashes]
    names: Sequence[Hashes]
    features: PageFeatures | None = None
    decision: Decision | None = None
    evidence: EvidenceByBlock = ()


def sample(example: Example) -> NamingSample | None:
    """The names to learn from a page; None where there are none."""
    prepared = pipeline.prepare(Request(example.html, kind="html"), POLICY)
    page = replace(prepared.page, scripts=())  # megabytes that are not read here
    of_blocks, of_lines = _readings(example, [block.plain for block in page.blocks])
    readings = of_lines | of_blocks
    if not page.blocks or (not readings and _is_left_out(example)):
        return None
    decided = pipeline.decide_own(prepared, POLICY)
    if decided.scores.features is None:
        return None
    features, decision = replace(decided.scores.features, page=page), decided.decision
    evidence = (decided.scores.evidence or collect_evidence(prepared.matcher)).by_block
    removed = removed_blocks(features, decision.body)
    unread = [at for at in removed.rows.tolist() if at not in readings]
    known = _known_by_rules(unread, with_reasons(page, features, decision, evidence), features)
    chosen = [row for row, at in enumerate(removed.rows.tolist()) if at in readings or at in known]
    at = removed.rows[chosen]
    return NamingSample(
        example,
        at,
        np.array([NUMBER_OF[readings[row]] if row in readings else -1 for row in at.tolist()], np.int64),
        np.array([row in of_blocks for row in at.tolist()], bool),
        [known.get(row) for row in at.tolist()],
        _words_of(features, at),
        _names_of(features, removed, chosen),
        *((features, decision, evidence) if readings else ()),
    )


# -- labels --------------------------------------------------------------------------------------


def _readings(example: Example, texts: Sequence[str]) -> tuple[dict[int, Label], dict[int, Label]]:
    """The residue labels that readers gave to blocks of the page, and to the same lines in a text. In a text the
    standfirst has the label of the headline, so ``title`` is not taken from there. The labels of runs are too coarse.
    """
    number = Counter(texts)
    of_blocks, of_lines = annotations.load_blocks(), annotations.load()
    blocks: dict[int, Label] = {}
    lines: dict[int, Label] = {}
    for at, mark in enumerate(annotations.fingerprints(example.corpus, example.id, texts)):
        if mark in of_blocks and not of_blocks[mark].of_run:
            if label := _residue(of_blocks[mark].label):
                blocks[at] = label
        elif number[texts[at]] == 1:
            reading = of_lines.get(annotations.fingerprint(example.corpus, example.id, texts[at]))
            if reading and reading.label is not Label.TITLE and (label := _residue(reading.label)):
                lines[at] = label
    return blocks, lines


def _residue(label: Label | None) -> Label | None:
    """The label, if it is one of residue."""
    return None if label is Label.BODY else label


def _is_left_out(example: Example) -> bool:
    """Whether an unread page is not used: a checksum decides, the same in each run."""
    return zlib.crc32(example.id.encode()) % UNREAD != 0


def _known_by_rules(blocks: Sequence[int], evidence: EvidenceByBlock, features: PageFeatures) -> dict[int, Known]:
    """What rules say of some blocks, where they tell the label."""
    short_links = is_short_link(features.first_stage)
    known = ((at, _known(evidence[at], is_link=bool(short_links[at]))) for at in blocks)
    return {at: found for at, found in known if found}


def _known(evidence: Sequence[Evidence], *, is_link: bool) -> Known | None:
    """The label of a block by its strongest evidence: by its words, else by an element, else by what stands above. None
    where evidence of one kind disagrees, and where there is none. ``is_link``: the block is a link of a few words.
    """
    wide = concepts_with_role("area") | concepts_with_role("box")
    residue = [e for e in evidence if e.label in NUMBER_OF and e.label is not Label.OTHER and e.name not in wide]
    for origins in ({Origin.WORDS, Origin.PAGE}, {Origin.ELEMENT}, {Origin.INHERITED}):
        pieces = [e for e in residue if e.origin in origins and (e.weight >= STRONG or e.origin is Origin.INHERITED)]
        if len({e.label for e in pieces}) > 1:
            return None
        if pieces:
            return Known(NUMBER_OF[pieces[0].label], (pieces[0].name, pieces[0].origin))
    if is_link and any(e.name == SHORT_LINK[0] for e in evidence):
        return Known(NUMBER_OF[Label.NAVIGATION], SHORT_LINK)
    return None


# -- words and names -----------------------------------------------------------------------------


def _words_of(features: PageFeatures, blocks: Ints) -> list[Hashes]:
    """The hashes of the words of each of some blocks."""
    words = features.words
    order = np.argsort(words.block, kind="stable")
    starts = np.searchsorted(words.block[order], np.arange(words.n_blocks + 1))
    return [np.unique(words.hashes[order[starts[at] : starts[at + 1]]]) for at in blocks.tolist()]


def _names_of(features: PageFeatures, removed: Removed, rows: Sequence[int]) -> list[Hashes]:
    """The hashes of the names of all elements around each of some removed blocks that hold no body."""
    names = features.class_names
    order = np.argsort(names.style, kind="stable")
    starts = np.searchsorted(names.style[order], np.arange(names.n_styles + 1))
    found = []
    for row in rows:
        styles = distinct(features.ancestors.style[removed.table[row][removed.in_region[row]]])
        parts = [names.hashes[order[starts[style] : starts[style + 1]]] for style in styles.tolist()]
        found.append(np.unique(np.concatenate([np.zeros(0, np.uint32), *parts])))
    return found
