"""The benchmark, with stand-ins for extractors and clocks: no test depends on how long something takes."""

import gzip
import itertools
import json
import math
from collections import Counter
from dataclasses import replace

import pytest

from cleaner import clean, pipeline
from cleaner.learn import cli
from cleaner.learn.bench import cold, command, extractors, growth, report, session, stages, worker
from cleaner.learn.bench.extractors import BASE, EXTRACTORS
from cleaner.learn.bench.growth import Point
from cleaner.learn.bench.session import Record
from cleaner.learn.bench.stages import Stage, Stopwatch
from cleaner.learn.bench.worker import Answer
from cleaner.learn.data.corpus import Example
from cleaner.learn.measuring import metrics

COMPARED = extractors.chosen(["clean", "resiliparse", "floor", "clean-text", "label-text"])
GOLD = "The ferry to Skarn sailed on Monday for the first time since the pier gave way in the storm."


@pytest.fixture
def examples(tmp_path):
    def example(corpus, n):
        path = tmp_path / f"{corpus}{n}.html.gz"
        path.write_bytes(gzip.compress(f"{corpus} {n} {'x' * n}".encode()))
        return Example(corpus, f"{n}", "site", "article", "", GOLD, path)

    return [example(corpus, n) for corpus, pages in (("news", 12), ("web", 40)) for n in range(pages)]


class Recorder:
    """Starts stand-ins for workers, and keeps what each was asked, in order."""

    def __init__(self):
        self.asked = []

    def start(self, extractor):
        return StandIn(extractor, self.asked)


class StandIn:
    def __init__(self, extractor, asked):
        self.extractor, self.asked = extractor, asked

    def answer(self, source):
        self.asked.append((self.extractor.name, source))
        return Answer(0.01, f"{self.extractor.name} of {source}", peak=50.0)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass


def ticking():
    """A clock that goes on by a second whenever someone looks."""
    return itertools.count().__next__


# --- the order


def test_every_page_is_run_once_by_every_extractor():
    steps = list(session.plan(30, COMPARED, seed=1))
    assert sorted(step.page for step in steps) == list(range(30))
    assert [step.page for step in steps] != list(range(30))
    for step in steps:
        assert Counter(e.name for e in step.extractors) == Counter(e.name for e in COMPARED)


def test_the_order_is_that_of_the_seed():
    assert list(session.plan(30, COMPARED, 1)) == list(session.plan(30, COMPARED, 1))
    assert list(session.plan(30, COMPARED, 1)) != list(session.plan(30, COMPARED, 2))


def test_the_order_of_the_extractors_is_random_and_texts_come_last():
    steps = list(session.plan(200, COMPARED, 1))
    first = Counter(step.extractors[0].name for step in steps)
    of_html = [e.name for e in COMPARED if e.takes == "html"]
    assert set(first) == set(of_html)
    assert min(first.values()) > 20
    for step in steps:
        assert [e.takes for e in step.extractors] == ["html"] * len(of_html) + ["text"] * 2


def test_the_run_alternates_the_extractors_after_a_warm_up_on_other_pages(examples):
    recorder = Recorder()
    records = list(session.run(examples, ["warm 1", "warm 2"], COMPARED, 3, recorder.start))
    n = len(COMPARED)
    warm, timed = recorder.asked[: 2 * n], recorder.asked[2 * n :]
    assert all("warm" in source for _, source in warm)
    assert not any("warm" in source for _, source in timed)
    expected = [(step.page, e.name) for step in session.plan(len(examples), COMPARED, 3) for e in step.extractors]
    assert [(examples.index(_example(examples, r)), r.extractor) for r in records] == expected
    assert [name for name, _ in timed] == [name for _, name in expected]


def _example(examples, record):
    return next(e for e in examples if (e.corpus, e.id) == (record.corpus, record.page))


def test_texts_are_the_output_of_the_base(examples):
    recorder = Recorder()
    list(session.run(examples[:3], [], COMPARED, 3, recorder.start))
    for name, source in recorder.asked:
        assert source.startswith(f"{BASE} of news") == (EXTRACTORS[name].takes == "text")


def test_what_gives_no_text_has_no_score(examples):
    records = session.run(examples[:2], [], COMPARED, 3, Recorder().start)
    assert {r.extractor for r in records if r.score is None} == {"floor"}


def test_a_sample_is_random_and_leaves_pages_for_the_warm_up(examples):
    chosen, left = session.sample(examples, 15, seed=1)
    assert Counter(e.corpus for e in chosen) == {"news": 12, "web": 15}
    assert Counter(e.corpus for e in left) == {"web": 25}
    assert not {e.path for e in chosen} & {e.path for e in left}
    assert session.sample(examples, 15, 1)[0] == chosen
    assert session.sample(examples, 15, 2)[0] != chosen
    warm = session.warm_up_sources(left, 1)
    assert len(set(warm)) == session.WARM_UP
    assert all(source.startswith("web") for source in warm)


def test_without_pages_left_the_warm_up_is_generated(examples):
    chosen, left = session.sample(examples, 0, seed=1)
    assert (len(chosen), left) == (52, [])
    assert all("Skarn" in source for source in session.warm_up_sources(left, 1))


# --- the worker


def made_up(prepare, **fields):
    return replace(EXTRACTORS["clean"], prepare=prepare, **fields)


def test_the_time_is_that_of_the_task_without_its_preparation():
    clock = ticking()

    def prepare(source):
        clock()
        return lambda: f"{source} at {clock()}"

    first, second = worker.answers(made_up(prepare), ["a", "b"], clock)
    assert (first.seconds, first.text) == (2, "a at 2")
    assert (second.seconds, second.text) == (2, "b at 6")
    assert first.peak > 1


def test_an_extractor_that_fails_has_no_text():
    (answer,) = worker.answers(made_up(lambda _: lambda: {}["no"]), ["a"])
    assert (answer.text, answer.failed) == ("", True)


def test_a_worker_is_a_process():
    with session.Process(EXTRACTORS["floor"]) as process:
        answers = [process.answer(source) for source in ("<p>Ferry\nfares \ud800", "<p>Pier")]
    assert [(a.text, a.failed) for a in answers] == [("", False)] * 2
    assert all(a.peak > 1 for a in answers)


def test_a_process_that_ended_is_named():
    process = session.Process(EXTRACTORS["floor"])
    process._process.terminate()
    process._process.wait()
    with pytest.raises(RuntimeError, match="floor ended"), process:
        process.answer("<p>Ferry")


def test_peers_are_named_once_and_the_base_is_always_among_them():
    assert [e.name for e in extractors.chosen(["floor", "clean"])] == ["clean", BASE, "floor"]
    assert {*extractors.CHOICES, *extractors.BY_STAGE} == set(EXTRACTORS)
    assert set(extractors.DEFAULT) < set(extractors.CHOICES)
    assert extractors.is_installed(EXTRACTORS["clean"])
    assert not extractors.is_installed(made_up(None, module="no_such_module"))


@pytest.mark.parametrize("name", ["clean", "label", "clean-text", "label-text", "floor"])
def test_extractors_that_need_no_extra(name):
    source = f"<title>Ferry</title><p>{GOLD}</p>" if EXTRACTORS[name].takes == "html" else GOLD
    (answer,) = worker.answers(EXTRACTORS[name], [source])
    assert (answer.text, answer.failed) == (GOLD if EXTRACTORS[name].gives else "", False)


# --- the stages


def test_a_stage_excludes_the_stages_inside_of_it():
    stopwatch = Stopwatch(ticking())
    parse = stopwatch.timed(Stage.PARSING, lambda: "tree")
    walk = stopwatch.timed(Stage.WALKING, lambda: [parse(), parse()])
    start = stopwatch._clock()
    assert stopwatch.timed(Stage.REST, walk)() == ["tree", "tree"]
    whole = stopwatch._clock() - start - 2  # the looks before and behind
    seconds = stopwatch.take()
    assert seconds == {Stage.REST: 2, Stage.WALKING: 3, Stage.PARSING: 2}
    assert sum(seconds.values()) == whole
    assert stopwatch.take() == {}


def test_a_stage_ends_where_a_function_raises():
    stopwatch = Stopwatch(ticking())
    fail = stopwatch.timed(Stage.RULES, lambda: 1 / 0)

    def task():
        with pytest.raises(ZeroDivisionError):
            fail()

    stopwatch.timed(Stage.REST, task)()
    assert stopwatch.take() == {Stage.REST: 2, Stage.RULES: 1}


NOT_IN_TEXTS = {Stage.CAPS, Stage.PARSING, Stage.SECOND}


@pytest.mark.parametrize("name, source", [("clean-by-stage", "html"), ("clean-text-by-stage", "text")])
def test_the_stages_of_clean_add_up_to_the_whole(name, source):
    text = "\n\n".join([GOLD, "Sign up for our newsletter", f"{GOLD} Photo: Odd Brekke / Nordlys Foto", "Read more"])
    page = growth.made(5_000)
    (answer,) = worker.answers(EXTRACTORS[name], [page if source == "html" else text], ticking())
    assert sum(answer.stages.values()) == answer.seconds - 2
    assert set(answer.stages) == {stage.value for stage in set(Stage) - (NOT_IN_TEXTS if source == "text" else set())}
    assert answer.text == clean(page if source == "html" else text, kind=source)


def test_the_timers_are_removed():
    before = pipeline.read, pipeline.text_of
    with Stopwatch(ticking()).installed():
        assert pipeline.read is not before[0]
    assert (pipeline.read, pipeline.text_of) == before


def test_a_target_that_has_another_name_now_is_named(monkeypatch):
    monkeypatch.setattr(stages, "TARGETS", (*stages.TARGETS, stages.Target("cleaner.pipeline.gone", Stage.RULES)))
    before = pipeline.read
    with pytest.raises(AttributeError, match="gone"), Stopwatch(ticking()).installed():
        pass
    assert pipeline.read is before


# --- cold starts and growth


def test_cold_starts_alternate_and_the_first_is_left_out(examples):
    asked, seconds = [], itertools.count(1)

    def run(extractor, source):
        asked.append((extractor.name, source[:4]))
        return 100.0 if len(asked) <= 2 else next(seconds)

    chosen = extractors.chosen(["floor", "clean-by-stage"])
    found = cold.measure(examples[:12], chosen, 1, run)
    assert len(asked) == 2 * (cold.REPEATS + 1)
    for pair in zip(asked[::2], asked[1::2], strict=True):
        assert {name for name, _ in pair} == {BASE, "floor"}
    assert sorted(found["news"]) == ["floor", BASE]
    assert max(found["news"].values()) < 100


def test_the_page_of_a_cold_start_has_the_median_size(examples):
    assert {corpus: page.split()[1] for corpus, page in cold.median_pages(examples).items()} == {
        "news": "6",
        "web": "20",
    }


def test_a_cold_start_is_a_process():
    assert cold.in_new_process(EXTRACTORS["floor"], "<p>Ferry \ud800") > 0
    assert cold.in_new_process(made_up(None, cold="print('noise')"), "") >= 0
    assert math.isnan(cold.in_new_process(made_up(None, cold="1 / 0"), ""))


def test_the_exponent_of_growth():
    assert growth.exponent([Point(10, 1.0, 0), Point(100, 10.0, 0), Point(1000, 100.0, 0)]) == pytest.approx(1)
    assert growth.exponent([Point(10, 1.0, 0), Point(100, 100.0, 0)]) == pytest.approx(2)


def test_growth_is_measured_on_pages_of_growing_size():
    points = growth.measure(lambda page: Answer(len(page) / 1e6, peak=7.0))
    assert [p.seconds for p in points] == [p.size / 1e6 for p in points]
    assert all(p.size >= size for p, size in zip(points, growth.SIZES, strict=True))


# --- statistics and tables


def test_the_bootstrap_draws_both_times_of_a_page_together():
    base = [0.001 * 10 ** (k % 4) for k in range(40)]
    interval = report.ratio_of_means([seconds / 2 for seconds in base], base, 1)
    assert (interval.value, interval.low, interval.high) == pytest.approx((0.5, 0.5, 0.5))


def test_the_bootstrap_has_an_interval_that_narrows_with_pages():
    def interval(n):
        return report.ratio_of_means([0.01 + 0.001 * (k % 7) for k in range(n)], [0.01] * n, 1)

    few, many = interval(10), interval(1000)
    assert few.low < few.value < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert interval(10) == few


def records(corpus="andy-dev", pages=20):
    score = metrics.score(GOLD, GOLD)
    for n in range(pages):
        yield Record(BASE, corpus, f"{n}", 0.02 if n else 0.1, 90.0, score=metrics.score("Other words", GOLD))
        yield Record("clean", corpus, f"{n}", 0.01, 60.0, score=score)
        yield Record("floor", corpus, f"{n}", 0.001, 20.0, failed=n == 3)
        of_stages = {"parsing": 0.002, "the rest": 0.008}
        yield Record("clean-by-stage", corpus, f"{n}", 0.01, 61.0, score=score, stages=of_stages)


def test_the_report():
    points = [Point(10_000, 0.01, 50.0), Point(100_000, 0.1, 60.0)]
    made = report.summarize(list(records()), "lxml 6", 7, {"andy-dev": {"clean": 0.2}}, points)
    lines = list(report.lines(made))
    assert lines[0].endswith("lxml 6. Seed 7.")
    table = "\n".join(lines)
    assert "| andy-dev, 20 pages | mean ms | median ms | p95 ms |" in table
    rows = {
        line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:-1]] for line in lines if "|" in line
    }
    mean, median, p95, ratio, median_ratio, start, f1, perfect = next(
        [c.strip() for c in line.split("|")[2:-1]] for line in lines if line.startswith("| `clean` | 10")
    )
    assert (mean, median, p95, median_ratio, start, f1, perfect) == (
        "10.0",
        "10.0",
        "10.0",
        "0.50",
        "200",
        "(1.000)",
        "(100 %)",
    )
    assert ratio.startswith("0.42 (")
    assert "In brackets: the weights were fitted on these pages." in lines
    assert any(line.startswith("Cross-validated by site, on the whole corpus: word F1 0.9") for line in lines)
    assert "Raised an exception: floor on 1." in lines
    assert any(line.startswith("| `floor` | 1.0 |") and line.endswith("|  |  |  |") for line in lines)
    assert (rows["parsing"], rows["the whole"]) == (["2.00"], ["10.00"])
    assert "language" not in rows
    assert "| `clean` | 60 |" in lines
    assert "| 10,000 | 0.010 | 1.00 | 50 |" in lines
    assert lines[-1] == "Exponent of the time by size: 1.00"


def test_scores_on_other_corpora_have_no_brackets():
    lines = list(report.lines(report.summarize(list(records("unseen")), "", 7)))
    assert not any("In brackets" in line or "Cross-validated" in line for line in lines)
    assert any("| 1.000 | 100 % |" in line for line in lines)


def test_the_quarters_are_in_the_order_of_the_run():
    slow_first = [replace(r, seconds=1.0) if r.extractor == "clean" and n < 20 else r for n, r in enumerate(records())]
    quarters = report.summarize(slow_first, "", 7).quarters
    assert [round(quarter.mean) for quarter in quarters] == [1000, 10, 10, 10]


def test_the_json_has_the_report_and_single_pages():
    found = list(records())
    content = json.loads(report.to_json(report.summarize(found, "lxml 6", 7), found))
    assert content["corpora"][0]["rows"][0]["extractor"] == "clean"
    assert content["corpora"][0]["rows"][0]["ratio"]["value"] == pytest.approx(0.2 / 0.48)
    assert len(content["records"]) == len(found)
    assert content["records"][1] == {
        "corpus": "andy-dev", "page": "0", "extractor": "clean", "seconds": 0.01, "f1": 1.0, "perfect": True,
    }  # fmt: skip


def test_the_plot_tells_seen_from_unseen(tmp_path):
    pytest.importorskip("matplotlib", reason="needs the extra learn")
    from cleaner.learn.bench import plot

    plot.draw(report.summarize(list(records()), "", 7), tmp_path / "a.svg")
    plot.draw(report.summarize(list(records()), "", 7), tmp_path / "b.svg")
    drawn = (tmp_path / "a.svg").read_text()
    assert "clean, fitted on these pages" in drawn
    assert "clean, unseen sites" in drawn
    assert drawn == (tmp_path / "b.svg").read_text()


# --- the command


def test_the_command_skips_what_is_not_installed(tmp_path, monkeypatch, capsys, examples):
    pytest.importorskip("trafilatura")
    compared = []

    def run(pages, warm_up, chosen, seed):
        compared.extend(e.name for e in chosen)
        return (record for record in records() if record.extractor in compared)

    monkeypatch.setattr(cli.corpus, "read", lambda *_: iter(examples))
    monkeypatch.setattr(extractors, "is_installed", lambda e: e.name not in ("newspaper4k", "justext"))
    monkeypatch.setattr(session, "run", run)
    monkeypatch.setattr(cold, "measure", lambda *_: {})
    monkeypatch.setattr(session, "Process", lambda extractor: StandIn(extractor, []))
    assert cli.main(["bench", str(tmp_path), "-n", "5", "--extractors", "clean", "justext", "floor"]) == 0
    printed = capsys.readouterr().out
    assert "justext is skipped, as it is not installed: pip install jusText" in printed
    assert "newspaper4k" not in printed.split("\n", 1)[0]
    assert compared == ["clean", BASE, "floor"]


def test_a_run_that_is_interrupted_has_the_pages_until_then(capsys):
    def interrupted():
        yield from itertools.islice(records(), 10)
        raise KeyboardInterrupt

    assert command._until_interrupted(interrupted(), 4) == list(records())[:8]
    assert "the first 2 pages" in capsys.readouterr().err
