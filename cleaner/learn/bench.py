"""Speed and memory beside other extractors: the figures of ``docs/benchmarks.md``.

Every extractor runs in a process of its own, one after the other, over the same pages, decoded beforehand. A first pass
warms caches and imports and is not timed; time is the process's CPU time. All are held to one core where the command is
run with ``OPENBLAS_NUM_THREADS=1``.
"""

import math
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata

from cleaner.api import Cleaner
from cleaner.learn import baselines, evaluate, metrics
from cleaner.learn.corpus import Example
from cleaner.reading.decode import decode

#: The packages whose versions belong to the figures.
PACKAGES = ("lxml", "numpy", "regex", "trafilatura", "readability-lxml", "jusText", "resiliparse", "newspaper4k")
OWN = {"cleaner": "never", "cleaner-unsure": "unsure", "cleaner-always": "always"}
#: Sizes of the pages that are made to see how time grows, in bytes.
SIZES = tuple(round(9_990 * 10 ** (k / 2)) for k in range(7))


@dataclass(frozen=True, slots=True)
class Run:
    """What an extractor did: CPU seconds a page, and the most memory of its process in MB, libraries included."""

    name: str
    seconds: Sequence[float]
    peak: float
    summary: evaluate.Summary

    def row(self, base: "Run") -> str:
        """A line of the table; ``base`` is whom the ratios are to."""
        own, other = statistics.fmean(self.seconds), statistics.fmean(base.seconds)
        median = statistics.median(a / max(b, 1e-9) for a, b in zip(self.seconds, base.seconds, strict=True))
        s = self.summary
        return (
            f"| {self.name} | {1e3 * own:.1f} | {own / other:.2f} | {median:.2f} | {self.peak:.0f} | {s.f1:.3f} | "
            f"{s.perfect:.1%} | {s.residue_words:.0f} | {s.lost:.1%} |"
        )


HEADER = (
    "| extractor | ms CPU a page | ratio of means | median ratio | peak MB "
    "| word F1 | perfect | residue words | lost |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


def run(name: str, examples: Sequence[Example]) -> Run:
    """One extractor over all pages, in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (name, examples))


def _run(name: str, examples: Sequence[Example]) -> Run:
    extract = _extractor(name)
    texts = [extract(decode(example.html)[0]) for example in examples]
    seconds = []
    for example in examples:
        page = decode(example.html)[0]  # one at a time, so that the memory is the extractor's
        start = time.process_time()
        extract(page)
        seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    scores = [metrics.score(text, example.gold) for text, example in zip(texts, examples, strict=True)]
    return Run(name, seconds, peak, evaluate.summary(scores))


def _extractor(name: str) -> Callable[[str], str]:
    if name in OWN:
        cleaner = Cleaner(witness=OWN[name])  # type: ignore[arg-type]
        return lambda html: cleaner.clean(html, kind="html")
    return partial(baselines.run, name)


def versions() -> str:
    """The versions of what was compared, on one line."""
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(found)


def growth(clean: Callable[[str], str]) -> list[tuple[int, float]]:
    """CPU seconds for made pages of growing size: (bytes, seconds)."""
    rows = []
    for size in SIZES:
        page = made(size)
        clean(page)
        start = time.process_time()
        clean(page)
        rows.append((len(page), time.process_time() - start))
    return rows


def exponent(rows: Sequence[tuple[int, float]]) -> float:
    """How time grows with size, by least squares over the logarithms: 1 is linear."""
    xs, ys = [math.log(size) for size, _ in rows], [math.log(seconds) for _, seconds in rows]
    return statistics.linear_regression(xs, ys).slope


def made(size: int) -> str:
    """A page of about so many bytes: paragraphs, a heading and a list of links now and then, as articles have them."""
    part = """<h2>The harbour in year {0}</h2><p class="text">The ferry to Skarn Island sailed on Monday, for the {0}th
time since the pier gave way, the harbour board said in a letter that is signed by all of its {0} members.</p>
<p class="text">"We had forgotten the sound of the horn," said Runa Tveit, who keeps the shop at landing {0}.</p>
<ul class="more"><li><a href="/a{0}">Storm {0} closes the road</a></li><li><a href="/b{0}">Fares rise</a></li></ul>
"""
    parts = ['<html lang="en"><head><title>The ferries of Skarn</title></head><body><article><h1>The ferries</h1>']
    length = 0
    while length < size:
        parts.append(part.format(len(parts)))
        length += len(parts[-1])
    return "".join(parts) + "</article></body></html>"
