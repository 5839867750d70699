"""A floor under what the bundled weights make of each fixture.

A fixture has as many wrong blocks as its header ``wrong`` allows, or fewer; without the header, none. Each fixture is
compared with its own floor, so a new fixture changes no other's result.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from fixture_cases import SOURCES, case_id, count_wrong, expected_and_actual, read_case

from cleaner.model import weights

#: The most bytes that a file of the package may have: packs have 30,000 to 242,000, weights 7,000 to 710,000. The
#: limit is one for each file, so that a new language does not reach it.
LARGEST_FILE = {".toml": 270_000, ".npz": 750_000}


@dataclass(frozen=True)
class Result:
    """A fixture's result: its number of wrong blocks, and how many its header allows."""

    name: str
    wrong: int
    allowed: int = 0


def result(path: Path) -> Result:
    """The result of a fixture. A block is wrong if it is kept or removed wrongly, or, in cases that are known to fail
    by their labels alone, if its label is.
    """
    case = read_case(path)
    expected, actual = expected_and_actual(path, labels=case.expect == "fail labels")
    return Result(case_id(path), count_wrong(expected, actual), int(case.wrong or 0))


def below_floor(results: Iterable[Result]) -> list[str]:
    """The fixtures with more wrong blocks than their headers allow."""
    return [f"{r.name}: {r.wrong} wrong blocks, allowed {r.allowed}" for r in results if r.wrong > r.allowed]


def test_no_fixture_is_below_its_floor():
    assert below_floor(map(result, SOURCES)) == []


def test_the_floor_compares_one_way():
    before = [
        Result("passes", 0),
        Result("known failure", 3, allowed=3),
        Result("known failure, improved", 1, allowed=3),
    ]
    passing = [Result(f"new {n}", 0) for n in range(3)]
    failing = [Result(f"new known failure {n}", 5, allowed=5) for n in range(3)]
    assert below_floor(before) == below_floor(before + passing) == below_floor(before + failing) == []


def test_the_floor_names_what_got_worse():
    results = [Result("a", 1), Result("b", 0), Result("c", 4, allowed=3)]
    assert below_floor(results) == ["a: 1 wrong blocks, allowed 0", "c: 4 wrong blocks, allowed 3"]


def test_wrong_blocks_are_counted_by_verdict_and_text():
    expected = ["keep  a", "keep  b", "keep  b", "drop  c"]
    assert count_wrong(expected, expected[::-1]) == 0
    assert count_wrong(expected, ["keep  a", "drop  b", "keep  b", "drop  c"]) == 1
    assert count_wrong(expected, ["keep  a b", "keep  b", "drop  c"]) == 2
    assert count_wrong(expected, [*expected, "keep  d"]) == 1


@pytest.mark.parametrize("suffix", LARGEST_FILE)
def test_the_data_of_the_package_stays_small(suffix):
    root = Path(weights.__file__).parents[1]
    sizes = {path.name: path.stat().st_size for path in root.rglob(f"*{suffix}")}
    assert len(sizes) >= 2
    assert {name: size for name, size in sizes.items() if size > LARGEST_FILE[suffix]} == {}
