"""The process of one extractor: ``python -m cleaner.learn.bench.worker NAME``.

It reads sources from its standard input, a JSON string on each line, and writes an :class:`Answer` for each.
"""

import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TextIO

from cleaner.learn.bench.extractors import EXTRACTORS, Extractor, Task


@dataclass(frozen=True, slots=True)
class Answer:
    """What an extractor made of a source.

    ``seconds``  CPU seconds of the process
    ``text``     the text; "" where the extractor failed
    ``failed``   whether it raised an exception
    ``peak``     the most memory of the process until now, in MB
    ``stages``   CPU seconds of each stage, where they are timed
    """

    seconds: float
    text: str = ""
    failed: bool = False
    peak: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)


def answers(
    extractor: Extractor, sources: Iterable[str], clock: Callable[[], float] = time.process_time
) -> Iterator[Answer]:
    """The answer for each source, which is asked for when the answer before it has been taken."""
    if extractor.stages:
        yield from _answers_by_stage(extractor, sources, clock)
        return
    for source in sources:
        yield _answer(extractor.prepare(source), clock)


def _answers_by_stage(extractor: Extractor, sources: Iterable[str], clock: Callable[[], float]) -> Iterator[Answer]:
    from cleaner.learn.bench.stages import Stage, Stopwatch  # numpy, which other extractors need not

    stopwatch = Stopwatch(clock)
    with stopwatch.installed():
        for source in sources:
            answer = _answer(stopwatch.timed(Stage.REST, extractor.prepare(source)), clock)
            yield replace(answer, stages={stage.value: seconds for stage, seconds in stopwatch.take().items()})


def _answer(task: Task, clock: Callable[[], float]) -> Answer:
    text, failed = "", False
    start = clock()
    try:
        text = task()
    except Exception:  # third-party code on arbitrary pages
        failed = True
    return Answer(clock() - start, text, failed, peak_memory())


def peak_memory() -> float:
    """The most memory that this process has had, in MB (1024 ** 2 bytes).

    Linux counts it in ``VmHWM`` from the start of the program. ``ru_maxrss`` includes the parent's memory there.
    """
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text("ascii", "replace"))):
        return int(found[1]) / 1024
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**2


def serve(extractor: Extractor, requests: Iterable[str], replies: TextIO) -> None:
    """Answer each line of ``requests`` with a line."""
    for answer in answers(extractor, map(json.loads, requests)):
        print(json.dumps(asdict(answer)), file=replies, flush=True)


def main(argv: Sequence[str]) -> None:
    """Runs the process until its standard input ends. What libraries print goes to the standard error."""
    logging.disable(logging.CRITICAL)
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii") as replies:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        serve(EXTRACTORS[argv[0]], sys.stdin, replies)


if __name__ == "__main__":
    main(sys.argv[1:])
