"""Labels that readers gave to lines of texts and to blocks of pages: files of fingerprints and labels, without text.

Gold is wrong about lines in both directions: it lacks content (lists, tables, quotations), and it holds residue. So the
label of a reader counts for more. Each line of a file has the fingerprint, the label or ``?`` where the reader could
not tell, and ``chosen`` for what was not drawn at random.

``labels.tsv``  lines of the texts that extractors make of pages. Lines are chosen where a model and gold disagreed.
                They are trained on and correct the counts. Recall is measured on random lines alone.
``pages.tsv``   blocks of pages that readers went through: those about which gold, the library and another extractor
                disagree. About the other blocks of these pages gold is taken at its word.
``blocks.tsv``  single blocks of other pages, which a model keeps and a rule calls residue.
``runs.tsv``    blocks of runs about which a cross-validated model and gold disagree. A run is the blocks of a site,
                mostly of one page, that have the same elements around them; the reader saw up to three of them. The
                question was whether a run is body, so the label is coarse where it holds residue of several kinds.
                They are not trained on: :data:`~cleaner.learn.hyperparameters.READINGS`.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from cleaner.document import Label
from cleaner.learn.hyperparameters import READINGS

#: Hexadecimal digits of the fingerprint of a line, and of that of a block. There are a million blocks: with eight
#: digits two of them would have the fingerprint of a block that was read.
LINE_DIGITS: Final = 8
BLOCK_DIGITS: Final = 12


def fingerprint(corpus: str, page: str, line: str, digits: int = LINE_DIGITS) -> str:
    """The fingerprint of a line of a page; white space does not count."""
    return hashlib.sha256(f"{corpus}/{page}\n{' '.join(line.split())}".encode()).hexdigest()[:digits]


def fingerprints(corpus: str, page: str, blocks: Sequence[str]) -> list[str]:
    """The fingerprint of each block of a page. Blocks of the same text are told apart by their order."""
    seen: Counter[str] = Counter()
    marks: list[str] = []
    for text in blocks:
        line = " ".join(text.split())
        seen[line] += 1
        numbered = line if seen[line] == 1 else f"{line} #{seen[line]}"
        marks.append(fingerprint(corpus, page, numbered, BLOCK_DIGITS))
    return marks


class Reading(NamedTuple):
    """A reader's label for a line or block, None where the reader could not tell; whether it was drawn at random;
    whether the reader went through all of its page; and whether it was judged with the other blocks of its run.
    """

    label: Label | None
    drawn: bool = True
    whole_page: bool = False
    of_run: bool = False


@cache
def load_blocks() -> Mapping[str, Reading]:
    """The readings of blocks of pages by fingerprint, of the files that are trained on."""
    return of_files(READINGS)


def of_files(names: Sequence[str]) -> dict[str, Reading]:
    """The readings of blocks in the files; the first file that has a block counts."""
    found: dict[str, Reading] = {}
    for name in reversed(names):
        for mark, reading in load(name).items():
            of_run = name == "runs.tsv"
            drawn = reading.drawn and not of_run
            found[mark] = Reading(reading.label, drawn, whole_page=name == "pages.tsv", of_run=of_run)
    return found


@cache
def load(name: str = "labels.tsv") -> Mapping[str, Reading]:
    """The readings of a file by fingerprint."""
    text = resources.files("cleaner.learn.data").joinpath(name).read_text(encoding="ascii")
    return parse(text.splitlines())


def parse(lines: Iterable[str]) -> dict[str, Reading]:
    """The readings in the lines of a file. Raises ``ValueError`` for a line that is not one."""
    found: dict[str, Reading] = {}
    for line in lines:
        mark, label, *more = line.split("\t")
        if more not in ([], ["chosen"]):
            raise ValueError(f"{line!r} is not fingerprint, label, chosen")
        found[mark] = Reading(None if label == "?" else Label(label), not more)
    return found
