"""Hostile input: every class of cases keeps the promises of docs/promises.md, in a process of its own."""

import contextlib
import os
import re
import sys
import types
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from helpers import run_python
from hostile import patterns, run
from hostile.cases import UNITS, Case, cases, page

from cleaner import label, rules

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="cases run in forked children"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

#: Size in bytes of the largest cases here; docs/promises.md has the command for larger ones.
LARGEST = 6_000
#: Classes of many similar cases, and which part of them is run: every third, every sixteenth. A case takes 10 ms.
STEPS = {"run": 3, "mutation": 16}
TESTS = Path(__file__).parent


@cache
def classes() -> dict[str, list[Case]]:
    """The cases by class; of a series the largest alone, since growth is not measured here."""
    largest = {case.series or case.name: case for case in cases(largest=LARGEST)}
    by_class: dict[str, list[Case]] = defaultdict(list)
    for case in largest.values():
        by_class[case.name.split("/")[0]].append(case)
    return {name: members[:: STEPS.get(name, 1)] for name, members in by_class.items()}


@pytest.mark.parametrize("name", sorted(classes()))
def test_promises_hold(name):
    run.cleaner(Case("warm", "<p>warm</p>", ()))  # loads packs and weights once, before the children are forked
    results = run.run_together(classes()[name])
    assert len(results) >= 10
    problems = {result.case: run.broken(result) for result in results}
    assert {case: problem for case, problem in problems.items() if problem} == {}


ONCE_SLOW = [
    ("zh", "本文" + "仅限" * 45 + "。"),
    ("de", "antworten" + "1" * 4_000 + "!"),
    ("de", "quelle dpa" + "-" * 4_000 + "!"),
    ("fa", "پاسخ" + "1" * 4_000 + "!"),
    ("ko", "답글" + "1" * 4_000 + "!"),
]


@pytest.mark.parametrize("lang, line", ONCE_SLOW)
def test_lines_that_patterns_of_the_library_once_backtracked_on(lang, line):
    def labels(case):
        label(case.source, lang=lang, kind="text")
        return {"outcome": "ok"}

    label("warm", lang=lang, kind="text")
    assert run.broken(run.run(Case("once", f"{line}\n\n{line}"), labels)) == ""


def test_the_promises_name_tests_that_exist():
    promises = (TESTS.parent / "docs" / "promises.md").read_text("utf-8")
    code = "".join(path.read_text("utf-8") for path in TESTS.glob("test_*.py"))
    named = set(re.findall(r"\btest_\w+(?=`)", promises)) | set(re.findall(r"\btest_\w+\.py", promises))
    missing = {name for name in named if f"def {name}(" not in code and not (TESTS / name).exists()}
    assert len(named) > 8
    assert missing == set()


def test_control_characters_do_not_make_a_source_binary():
    """Otherwise the class ``char`` would test nothing: of binary data the text is empty."""
    results = run.run_together(classes()["char"][::8])
    assert {flag for result in results for flag in result.flags} == set()


def test_the_runner_reports_every_fault():
    def raises(case):
        raise ValueError("no")

    def hangs(case):
        while True:
            pass

    def dies(case):
        os._exit(3)

    def allocates(case):
        return {"outcome": "ok", "peak": len(bytearray(4 << 30))}

    def connects(case):
        import socket

        socket.create_connection(("127.0.0.1", 9))

    def reads(case):
        return {"outcome": "ok", "detail": Path("/etc/hostname").read_text()}

    case = Case("x", "y")
    assert run.broken(run.run(case, raises)).startswith("raised ValueError")
    assert run.broken(run.run(case, connects)).startswith("raised PermissionError")
    assert run.broken(run.run(case, reads)).startswith("raised PermissionError")
    assert run.broken(run.run(case, hangs, kill_after=1)).startswith("time")
    assert run.broken(run.run(case, dies)).startswith("died")
    assert run.broken(run.run(case, allocates)).startswith("memory")
    others = [Case(name, name) for name in "ab"]
    together = run.run_together(
        [others[0], case, others[1]], lambda each: dies(each) if each is case else {"outcome": "ok"}
    )
    assert [result.outcome for result in together] == ["ok", "died", "ok"]
    lost = run.run(Case("x", page(), want=("words that stand nowhere",)))
    assert run.broken(lost) == "text lost without a flag"
    leaked = run.run(Case("x", page(), reject=("harbour bell",)))
    assert run.broken(leaked) == "rejected text in the output"


def test_slow_cases_break_a_promise():
    def result(seconds: float, size: int) -> run.Result:
        return run.Result("x", "", 0, size, "ok", seconds=seconds)

    assert run.broken(result(0.4, 10)) == ""
    assert run.broken(result(0.6, 10)) == "0.6 s for 10 bytes"
    assert run.broken(result(4.9, 1_000_000)) == ""
    assert run.broken(result(5.1, 1_000_000)) == "5.1 s for 1,000,000 bytes"
    assert run.broken(result(10.1, 9_000_000)) == "10.1 s"


def test_growth_is_fitted_to_the_largest_of_a_series():
    def made(seconds: dict[int, float]) -> list[run.Result]:
        return [run.Result(f"s/{size}", "s", size, size, "ok", seconds=taken) for size, taken in seconds.items()]

    assert run.growth(made({n: n * n / 1e6 for n in (100, 200, 400, 800)})) == {"s": pytest.approx(2)}
    step = {1000: 0.05, 2000: 0.1, 4000: 0.3}  # linear, and half as much again from 4,000 on
    assert run.growth(made(step))["s"] == pytest.approx(1.29, abs=0.01)
    onset = {1000: 0.05, 2000: 0.1, 4000: 0.4}  # linear, and with the square of the size from 2,000 on
    assert run.growth(made(onset))["s"] > run.EXPONENT
    assert run.growth(made({1000: 0.1, 1200: 0.3})) == {}  # of one size
    assert run.growth(made({1000: 0.01, 2000: 0.04})) == {}  # noise


def test_patterns_that_backtrack_are_reported(monkeypatch):
    """``python -m tests.hostile.patterns`` tries all packs and all units; test_packs.py all packs on fewer strings."""
    assert list(patterns.slow_patterns(["shared"], UNITS[::4])) == []
    slow = rules.parse("[other.x]\npatterns = ['^b(\\w|\\w\\w)+[!?]$']", "x.toml", check_speed=False)
    monkeypatch.setattr(rules, "bundled", lambda name, examples: slow)
    assert list(patterns.slow_patterns(["x"], ["a"], 50)) == [("x:other.x[1]", "b" + 29 * "a")]


def test_the_fuzz_target_runs(monkeypatch):
    """With a stub of atheris, which the tests do not need: the target's imports and checks hold."""
    stub = types.SimpleNamespace(instrument_imports=lambda include: contextlib.nullcontext())
    monkeypatch.setitem(sys.modules, "atheris", stub)
    from hostile import fuzz

    for mode in range(4):
        fuzz.one(bytes([mode]) + page().encode())


# -- memory ----------------------------------------------------------------------------------------------

#: Calls before memory is measured, and calls during which it may grow by ``GROWTH`` KB each. Caches are full, and
#: the allocator has settled, after 250 calls; from then on the process grows by 0 to 4 KB in 1,000 calls.
WARM_UP, CALLS, GROWTH = 300, 300, 0.1
SCRIPT = """
import gc, pathlib, resource, sys
from hostile.cases import FIRST, LAST
from cleaner import label

def resident_after(numbers):
    for number in numbers:
        middle = f"Number {number} of the passengers stood on the pier in the rain."
        label(f"<html><head><title>Ferry</title></head><body><p>{FIRST}</p><p>{middle}</p><p>{LAST}</p></body></html>").to_dict()
    gc.collect()  # otherwise the time at which Python collects garbage would be measured
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024

warm_up, calls = map(int, sys.argv[1:])
before = resident_after(range(warm_up))
print(resident_after(range(warm_up, warm_up + calls)) - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_memory_is_flat_over_many_calls():
    """In KB of resident memory. All pages differ, so that no result comes from a cache."""
    growth = int(run_python(SCRIPT, str(WARM_UP), str(CALLS)).stdout)
    assert growth <= GROWTH * CALLS


def test_the_shortest_time_of_a_case_counts():
    results = [run.Result("a", "s", 1, 10, "ok", seconds=0.4), run.Result("b", "s", 2, 20, "ok", seconds=0.9)]
    repeated = [
        run.Result("b", "s", 2, 20, "ok", seconds=0.7),
        run.Result("b", "s", 2, 20, "time", seconds=0.1),
        run.Result("a", "s", 1, 10, "ok", seconds=0.5),
    ]
    assert [result.seconds for result in run.with_shorter_times(results, repeated)] == [0.4, 0.7]
