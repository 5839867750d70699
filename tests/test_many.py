"""``clean_many``: results in order, whatever a source does."""

import multiprocessing
import os
import subprocess
import sys
from itertools import count, islice
from pathlib import Path

import pytest
from helpers import HANGS, ROOT, TYPICAL_PAGE, TYPICAL_TEXT, QuickCleaner

from cleaner import Cleaned, Cleaner, CleanerError, clean, clean_many, label, rules
from cleaner.batch import cores, many
from cleaner.batch.process import start_method
from cleaner.batch.worker import Limits
from cleaner.export.record import RecordOptions, to_record

PAGE = TYPICAL_PAGE.read_text("utf-8")
TEXT = TYPICAL_TEXT.read_text("utf-8")
PLAIN = "<p>The ferry sailed on Monday, the harbour office said.</p>"
BIG = "<p>The mayor said that <b>nothing</b> <a href='/x'>has changed</a> since, and she <i>left</i>.</p>" * 30_000


class InlinePool:
    """A pool without processes: the sources are cleaned here."""

    def __init__(self, work, limits, max_workers):
        self.work = work
        InlinePool.limits = limits

    def __class_getitem__(cls, types):
        return cls

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def map(self, chunks):
        return ([self.work(item) for item in chunk] for chunk in chunks)


@pytest.fixture
def inline(monkeypatch):
    monkeypatch.setattr(many, "Pool", InlinePool)


INLINE = pytest.mark.usefixtures("inline")


def test_results_come_in_order_from_workers():
    sources = [f"<p>Ferry number {at} sailed on Monday, the harbour office said.</p>" for at in range(40)]
    results = list(clean_many(sources, workers=2, cleaner=QuickCleaner()))
    assert [result.text for result in results] == [clean(source) for source in sources]
    assert [result.error for result in results] == [""] * 40


@pytest.mark.skipif(os.name != "posix", reason="limits of Unix")
def test_a_source_that_ends_its_worker_costs_only_itself():
    first, big, last = clean_many(
        [PLAIN, BIG, PLAIN], workers=1, memory_limit=180, timeout=HANGS, cleaner=QuickCleaner()
    )
    assert first.text == last.text == clean(PLAIN)
    assert big == Cleaned(error="memory: more than 180 MiB")


@INLINE
def test_limits_are_those_of_the_pool():
    list(clean_many([PAGE], timeout=0.5, memory_limit=300, workers=1))
    assert InlinePool.limits == Limits(0.5, 300)
    assert many._Work(Cleaner()).lost(many._Source("x"), "timeout: longer than 1 s") == Cleaned(
        error="timeout: longer than 1 s"
    )


@INLINE
def test_a_result_has_the_facts_of_its_document():
    (result,) = clean_many([PAGE.encode()])
    assert dict(result.fields) == to_record(label(PAGE))
    (result,) = clean_many([PAGE], output_format="html", metadata=True)
    assert dict(result.fields) == to_record(label(PAGE), RecordOptions("html", metadata=True))


@INLINE
def test_a_cleaner_and_addresses():
    pack = rules.parse(
        'hosts = ["a.example"]\n[other.cat]\nstrength = "always"\npatterns = ["the inquiry, led by"]', "own.toml"
    )
    cleaner = Cleaner(packs=[pack], also_keep=["caption"])
    results = list(clean_many([(TEXT, "https://a.example/1"), (TEXT, None), TEXT], cleaner=cleaner))
    assert [result.text for result in results] == [
        cleaner.clean(TEXT, url="https://a.example/"),
        *[cleaner.clean(TEXT)] * 2,
    ]
    assert results[0].text != results[1].text


@INLINE
def test_sources_that_cannot_be_cleaned_are_errors():
    results = list(clean_many([None, 5, ("a", "b", "c"), "x" * 11, "short"], cleaner=Cleaner(max_size=10)))
    assert [result.error for result in results[:3]] == [
        f"a source is str or bytes, or a pair (source, url), not {given}"
        for given in ("NoneType", "int", "a tuple of 3")
    ]
    assert "has a size of 11, the limit 10" in results[3].error
    assert results[4] == Cleaned(results[4].fields)
    assert results[4].text == "short"


@INLINE
def test_a_bug_costs_its_source(monkeypatch):
    monkeypatch.setattr(many.cleaning, "run_pipeline", lambda *_: 1 / 0)
    assert [result.error for result in clean_many(["a", "b"])] == ["ZeroDivisionError: division by zero"] * 2


def test_sources_are_read_as_they_are_needed():
    taken = []
    sources = (taken.append(number) or f"Ferry {number} sailed." for number in count())
    results = clean_many(sources, workers=1, cleaner=QuickCleaner())
    assert taken == [], "nothing is read before the first result is asked for"
    assert len(list(islice(results, 20))) == 20
    results.close()
    assert len(taken) <= 20 + 48


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"workers": 0}, "workers is a whole number of 1 or more, not 0"),
        ({"workers": "auto"}, "not 'auto'"),
        ({"workers": True}, "not True"),
        ({"timeout": 0}, "timeout is a number of seconds above 0"),
        ({"timeout": float("nan")}, "not nan"),
        ({"timeout": float("inf")}, "at most 1,000,000, not inf"),
        ({"timeout": None}, "at most 1,000,000, not None"),
        ({"timeout": "10"}, "not '10'"),
        ({"memory_limit": -1}, "memory_limit is a whole number of MiB above 0"),
        ({"memory_limit": 1e3}, "not 1000.0"),
        ({"output_format": "pdf"}, "output format is one of"),
        ({"cleaner": {}}, "cleaner is a cleaner.Cleaner, not {}"),
        ({"cleaner": Cleaner}, "cleaner is a cleaner.Cleaner, not <class"),
        ({"cleaner": type("Mine", (Cleaner,), {"__module__": "__main__"})()}, "Mine has to be in a module"),
    ],
)
def test_wrong_options_are_told_at_once(options, said):
    with pytest.raises(ValueError, match=said):
        clean_many([], **options)


@pytest.mark.parametrize("source", ["The ferry sailed.", b"The ferry sailed."])
def test_a_single_source_is_not_read_as_many(source):
    with pytest.raises(TypeError, match="for a single one write clean"):
        clean_many(source)


def test_the_number_of_workers(monkeypatch):
    monkeypatch.setattr(cores, "count_cores", lambda: 3)
    assert [cores.count_workers(number) for number in (None, 1, 3, 6, 7, 64)] == [3, 1, 3, 6, 6, 6]
    assert list(clean_many([], workers=64)) == []


def test_workers_are_forked_only_where_it_is_safe(monkeypatch):
    """From a template process of a program of our own, on Linux."""
    monkeypatch.setattr(sys, "platform", "linux")
    assert start_method().get_start_method() == "spawn"
    if "forkserver" in multiprocessing.get_all_start_methods():
        assert start_method("cleaner.batch.warm").get_start_method() == "forkserver"
    for platform in ("darwin", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        assert start_method("cleaner.batch.warm").get_start_method() == "spawn"


def test_a_process_that_may_have_no_children_is_told(monkeypatch):
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)
    with pytest.raises(CleanerError, match="a worker cannot be started: daemonic processes are not allowed"):
        list(clean_many(["The ferry sailed."]))


def test_a_script_needs_no_guard(tmp_path: Path):
    """Workers do not import the module that runs as the program, which would start the work again in each."""
    script = tmp_path / "script.py"
    script.write_text(
        "import cleaner, helpers\n"
        "done = cleaner.clean_many(['The ferry sailed.'], cleaner=helpers.QuickCleaner())\n"
        "print([each.text for each in done])\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
        check=False,
        timeout=HANGS,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("['The ferry sailed.']\n", "", 0)


def test_a_result_shows_its_facts_and_not_its_text():
    result = Cleaned({"text": "The ferry sailed.", "title": "Ferry"})
    assert repr(result) == "Cleaned(title='Ferry', text of 17 characters)"
    assert repr(Cleaned(error="timeout")) == "Cleaned(error='timeout')"
