"""Cold starts: the CPU time of import and first page in a new process. The start of the interpreter is not included."""

import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from cleaner.learn.bench.extractors import BASE, Extractor
from cleaner.learn.data import baselines
from cleaner.learn.data.corpus import Example
from cleaner.reading.decode import decode

#: New processes of each extractor and page. One more before them writes the compiled modules and fills the disk cache.
REPEATS: Final = 5

_PROGRAM: Final = """\
import sys, time
source = sys.stdin.buffer.read().decode("utf-8", "surrogatepass")
program = compile(sys.argv[1], "cold", "exec")
start = time.process_time()
exec(program)
seconds = time.process_time() - start
sys.__stdout__.write("\\n%r" % seconds)
"""


def measure(
    examples: Sequence[Example],
    extractors: Sequence[Extractor],
    seed: int,
    run: Callable[[Extractor, str], float] | None = None,
) -> dict[str, dict[str, float]]:
    """The median CPU seconds of each extractor for the page of median size, by corpus and extractor.

    The extractors alternate, in random order.
    """
    run = run or in_new_process
    rng = random.Random(seed)  # noqa: S311
    extractors = [e for e in extractors if e.cold]
    found: dict[str, dict[str, float]] = {}
    for corpus, html in median_pages(examples).items():
        sources = {"html": html, "text": baselines.run(BASE, html)}
        seconds: Mapping[str, list[float]] = {e.name: [] for e in extractors}
        for _ in range(REPEATS + 1):
            for extractor in rng.sample(extractors, len(extractors)):
                seconds[extractor.name].append(run(extractor, sources[extractor.takes]))
        found[corpus] = {name: statistics.median(values[1:]) for name, values in seconds.items()}
    return found


def median_pages(examples: Sequence[Example]) -> dict[str, str]:
    """The page of median length, in characters, of each corpus."""
    pages: dict[str, list[str]] = {}
    for corpus in dict.fromkeys(example.corpus for example in examples):
        pages[corpus] = sorted((decode(e.html).text for e in examples if e.corpus == corpus), key=len)
    return {corpus: htmls[len(htmls) // 2] for corpus, htmls in pages.items()}


def in_new_process(extractor: Extractor, source: str) -> float:
    """CPU seconds of one cold start; nan where the extractor raises an exception."""
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", _PROGRAM, extractor.cold],
        input=source.encode("utf-8", "surrogatepass"),
        capture_output=True,
        check=False,
    )
    return float("nan") if done.returncode else float(done.stdout.split(b"\n")[-1])
