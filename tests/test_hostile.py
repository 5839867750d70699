"""Hostile input: each class of cases within its limits, every case in a process of its own; and what docs/promises.md
says of state, order and files.
"""

import hashlib
import os
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from hostile import patterns, run
from hostile.cases import UNITS, Case, cases, page

from cleaner import clean

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="cases run in forked children"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

#: Bytes of the largest cases here; docs/promises.md has the command for larger ones.
LARGEST = 12_000
ROOT = Path(__file__).parents[1]
FIXTURES = sorted(path for path in (ROOT / "fixtures").iterdir() if path.suffix in (".html", ".txt"))


@cache
def classes() -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = defaultdict(list)
    for case in cases(largest=LARGEST):
        found[case.name.split("/")[0]].append(case)
    found["run"] = found["run"][::3]
    found["mutation"] = found["mutation"][::4]
    return found


@pytest.mark.parametrize("name", sorted(classes()))
def test_promises_hold(name):
    run.cleaner(Case("warm", "<p>warm</p>", ()))  # so that every child begins with what is loaded once
    results = [run.run(case) for case in classes()[name]]
    assert len(results) >= 10
    problems = {result.case: run.broken(result) for result in results}
    assert {case: problem for case, problem in problems.items() if problem} == {}


def test_the_runner_sees_what_breaks():
    """A runner that cannot fail says nothing: each kind of fault is made once."""

    def raises(case):
        raise ValueError("no")

    def hangs(case):
        while True:
            pass

    def dies(case):
        os._exit(3)

    def eats(case):
        return {"fate": "ok", "peak": len(bytearray(4 << 30))}

    def connects(case):
        import socket

        socket.create_connection(("127.0.0.1", 9))

    case = Case("x", "y")
    assert run.broken(run.run(case, raises)).startswith("raised ValueError")
    assert run.broken(run.run(case, connects)).startswith("raised PermissionError")
    assert run.broken(run.run(case, hangs, seconds=1)).startswith("time")
    assert run.broken(run.run(case, dies)).startswith("died")
    assert run.broken(run.run(case, eats)).startswith("memory")
    lost = run.run(Case("x", page(), want=("words that stand nowhere",)))
    assert run.broken(lost) == "lost without a flag"


def test_reading_files_is_seen():
    def reads(case):
        return {"fate": "ok", "detail": Path("/etc/hostname").read_text()}

    assert run.broken(run.run(Case("x", "y"), reads)).startswith("raised PermissionError")


def test_patterns_do_not_backtrack():
    """An eighth of the units, short; ``python -m tests.hostile.patterns`` tries all of them at length."""
    assert list(patterns.slow(UNITS[::16], 1_000)) == []


def test_growth_is_measured_from_the_two_largest_of_a_series():
    results = [run.Result(f"s/{n}", "s", n, n, "ok", seconds=n * n / 1e6) for n in (100, 200, 400, 800)]
    assert run.growth(results) == {"s": pytest.approx(2)}


# -- the same bytes, the same result ------------------------------------------------------------------


def digest(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def test_threads_and_order_change_nothing():
    sources = [path.read_bytes() for path in FIXTURES[::3]]
    alone = [clean(source) for source in sources]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(clean, sources[::-1]))[::-1]
    assert together == alone


def test_hash_seeds_and_processes_change_nothing():
    code = (
        "import sys, hashlib, pathlib, cleaner; files = sorted(pathlib.Path(sys.argv[1]).glob('[dtp]*.[ht]*'));"
        "print(hashlib.sha256(chr(0).join(cleaner.clean(f.read_bytes()) for f in files).encode()).hexdigest())"
    )
    seen = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code, str(ROOT / "fixtures")]
        seen.add(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    assert len(seen) == 1


CALLS = """
import gc, pathlib, resource
from hostile.cases import page
from cleaner import label

def after(numbers):
    for number in numbers:
        label(page(f"<p>Number {number} of the passengers stood on the pier in the rain.</p>")).to_dict()
    gc.collect()  # when garbage goes is Python's own affair
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024

before = after(range(4_000))
print(after(range(4_000, 6_000)) - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_memory_is_flat_over_many_calls():
    """A call more after warm-up costs less than 0.1 KB; pages differ, so that nothing is merely looked up again."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), *filter(None, sys.path)])}
    command = [sys.executable, "-c", CALLS]
    grown = int(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
    assert grown <= 0.1 * 2_000, f"{grown} KB"
