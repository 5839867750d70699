"""Floors under what the shipped weights make of the fixtures, and that they are the weights that ``fit`` writes.

A floor goes up with the figure, and never down: who has to lower one says why in the commit. The share of blocks that
are kept or removed rightly is over all cases of a kind, known failures included.
"""

import os
from pathlib import Path

import pytest
from test_cases import SOURCES, case, labelled

from cleaner.learn import corpus
from cleaner.model import weights

#: Kind of case: the share of blocks decided rightly, and of cases without a fault, at least.
FLOORS = {".html": (0.98, 0.61), ".txt": (0.995, 0.97)}
#: A folder of the corpora that the weights were learned from: what cannot be kept here.
CORPORA = os.environ.get("CLEANER_CORPORA", "")


def right(path: Path) -> tuple[int, int]:
    """How many blocks of a case are kept or removed as they should be, and how many there are."""
    doc = labelled(path)
    wanted = [name in doc.keep for name, _ in case(path).blocks]
    got = [block.label in doc.keep for block in doc.blocks]
    if len(wanted) != len(got):
        return 0, len(wanted)
    return sum(one == other for one, other in zip(wanted, got, strict=True)), len(wanted)


@pytest.mark.parametrize("suffix", FLOORS)
def test_the_fixtures_floor(suffix):
    counts = [right(path) for path in SOURCES if path.suffix == suffix]
    blocks = sum(good for good, _ in counts) / sum(all_ for _, all_ in counts)
    cases = sum(good == all_ for good, all_ in counts) / len(counts)
    floor = FLOORS[suffix]
    assert blocks >= floor[0], f"{blocks:.4f} of the blocks"
    assert cases >= floor[1], f"{cases:.4f} of the cases"
    assert blocks - floor[0] < 0.01, f"{blocks:.4f} of the blocks: raise the floor"
    assert cases - floor[1] < 0.05, f"{cases:.4f} of the cases: raise the floor"


def test_the_data_of_the_package_stays_small():
    root = Path(weights.__file__).parents[1]
    size = sum(path.stat().st_size for path in root.rglob("*") if path.suffix in (".toml", ".npz"))
    assert size < 1_600_000


@pytest.mark.skipif(not CORPORA, reason="CLEANER_CORPORA names no folder")
def test_the_weights_are_from_these_corpora():
    assert weights.load().about["corpora"] == corpus.digest(list(corpus.read(Path(CORPORA))))


def test_the_weights_are_what_fit_writes():
    fit = pytest.importorskip("cleaner.learn.fit", reason="needs the extra learn", exc_type=ImportError)
    assert weights.load().about["recipe"] == fit.recipe(), "cleaner-learn fit writes them anew"
