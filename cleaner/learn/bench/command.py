"""``cleaner-learn bench``: its options, and the run of the benchmark."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from cleaner.learn.bench import cold, extractors, growth, report, session
from cleaner.learn.bench.session import Record
from cleaner.learn.data import baselines
from cleaner.learn.data.corpus import Example


def add_options(benchmark: argparse.ArgumentParser) -> None:
    """The options of the command."""
    benchmark.add_argument(
        "--extractors",
        nargs="*",
        default=extractors.DEFAULT,
        choices=extractors.CHOICES,
        metavar="NAME",
        help=f"of {', '.join(extractors.CHOICES)}; trafilatura is always among them",
    )
    benchmark.add_argument(
        "-n", type=int, default=0, help="number of pages of each corpus, chosen at random; 0, the default, is all"
    )
    benchmark.add_argument("--seed", type=int, default=0, help="seed of the choice of pages, the order, the bootstrap")
    benchmark.add_argument("--by-stage", action="store_true", help="divide the time of clean() into stages as well")
    benchmark.add_argument(
        "-o", "--output", type=Path, help="folder for bench.json, and bench.svg: quality against time"
    )


def run(pages: Sequence[Example], arguments: argparse.Namespace) -> None:
    """Run the benchmark on these pages, print its report, and write its files if ``arguments`` name a folder."""
    wanted = extractors.chosen([*arguments.extractors, *(extractors.BY_STAGE if arguments.by_stage else ())])
    compared = [extractor for extractor in wanted if extractors.is_installed(extractor)]
    for extractor in wanted:
        if extractor not in compared:
            print(f"{extractor.name} is skipped, as it is not installed: pip install {extractor.install}")
    baselines.require([extractors.BASE])
    examples, left = session.sample(pages, arguments.n, arguments.seed)
    warm_up = session.warm_up_sources(left, arguments.seed)
    records = _until_interrupted(session.run(examples, warm_up, compared, arguments.seed), len(compared))
    starts = cold.measure(examples, compared, arguments.seed)
    with session.Process(extractors.EXTRACTORS["clean"]) as process:
        points = growth.measure(process.answer)
    made = report.summarize(records, extractors.versions(), arguments.seed, starts, points)
    print(*report.lines(made), sep="\n")
    if arguments.output:
        from cleaner.learn.bench import plot  # matplotlib

        arguments.output.mkdir(parents=True, exist_ok=True)
        (arguments.output / "bench.json").write_text(report.to_json(made, records), "utf-8")
        plot.draw(made, arguments.output / "bench.svg")


def _until_interrupted(records: Iterable[Record], per_page: int) -> list[Record]:
    """The records, ``per_page`` of each page. Ctrl-C ends the run early: those of the pages that are complete."""
    taken = []
    try:
        for record in records:
            taken.append(record)
            if len(taken) % (50 * per_page) == 0:
                print(f"{len(taken) // per_page} pages", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print(f"interrupted: the report is on the first {len(taken) // per_page} pages", file=sys.stderr, flush=True)
    return taken[: len(taken) // per_page * per_page]
