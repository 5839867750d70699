"""Labels that people gave to lines: a file of fingerprints and labels, without any text.

Gold is wrong about lines in both directions: it lacks content (lists, tables, quotations), and it holds residue. What
a reader says of a line counts for more. ``labels.tsv`` has a line each: fingerprint, label or ``?`` where the reader
could not tell, and ``chosen`` behind those that were not drawn at random: lines about which a model and gold disagreed.
They teach, and they correct what is counted; how much is found, only the random ones say.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from cleaner.document import Label


def fingerprint(corpus: str, page: str, line: str) -> str:
    """What a line of a page is known by, whatever was done to its white space."""
    return hashlib.sha256(f"{corpus}/{page}\n{' '.join(line.split())}".encode()).hexdigest()[:8]


class Reading(NamedTuple):
    """What a reader said of a line: its label, None where that was not to be told; and whether the line was drawn at
    random.
    """

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
