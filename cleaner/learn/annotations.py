"""Labels that readers gave to lines: a file of fingerprints and labels, without any text.

Gold is wrong about lines in both directions: it lacks content (lists, tables, quotations), and it holds residue. So the
label of a reader counts for more. ``labels.tsv`` has a line for each: the fingerprint, the label or ``?`` where the
reader could not tell, and ``chosen`` for lines that were not drawn at random but chosen because a model and gold
disagreed about them. Chosen lines are trained on and correct the counts. Recall is measured on random lines alone.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from cleaner.document import Label


def fingerprint(corpus: str, page: str, line: str) -> str:
    """The fingerprint of a line of a page; white space does not count."""
    return hashlib.sha256(f"{corpus}/{page}\n{' '.join(line.split())}".encode()).hexdigest()[:8]


class Reading(NamedTuple):
    """A reader's label for a line, None where the reader could not tell; and whether the line was drawn at random."""

    label: Label | None
    drawn: bool = True


@cache
def load() -> Mapping[str, Reading]:
    """The readings by fingerprint."""
    text = resources.files("cleaner.learn").joinpath("labels.tsv").read_text(encoding="ascii")
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
