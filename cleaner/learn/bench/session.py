"""The run: every page once for each extractor, in random order, the extractors in turn."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final, Protocol, Self

from cleaner.learn.bench.extractors import BASE, Extractor
from cleaner.learn.bench.growth import made
from cleaner.learn.bench.worker import Answer
from cleaner.learn.data.corpus import Example
from cleaner.learn.measuring import metrics
from cleaner.learn.measuring.metrics import Score
from cleaner.reading.decode import decode

#: Pages with which each process is warmed up.
WARM_UP: Final = 20
#: Sizes in bytes of the generated pages that stand in where the corpora have no page left for it.
_WARM_UP_SIZES: Final = (3_000, 10_000, 30_000, 100_000)


@dataclass(frozen=True, slots=True)
class Step:
    """A page, by its number, and the extractors that it is given to, in this order."""

    page: int
    extractors: tuple[Extractor, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One extractor on one page. ``score`` is None where it gives no text; ``seconds`` and ``stages`` are CPU seconds,
    ``peak`` is the most memory of the process so far, in MB.
    """

    extractor: str
    corpus: str
    page: str
    seconds: float
    peak: float = 0.0
    failed: bool = False
    score: Score | None = None
    stages: Mapping[str, float] = field(default_factory=dict)


class Worker(Protocol):
    """A process of an extractor."""

    def answer(self, source: str) -> Answer: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...


class Process:
    """A :class:`Worker` that is a process of its own. Its CPU time is that of all threads."""

    def __init__(self, extractor: Extractor) -> None:
        self._name = extractor.name
        command = [sys.executable, "-m", "cleaner.learn.bench.worker", extractor.name]
        self._process = subprocess.Popen(  # noqa: S603 our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            process_group=0,  # Ctrl-C is for the command
        )

    def answer(self, source: str) -> Answer:
        """What the extractor makes of a source. Raises ``RuntimeError`` where the process has ended."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps(source) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RuntimeError(f"the process of {self._name} ended with exit code {self._process.wait()}")
        return Answer(**json.loads(line))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.communicate()


def sample(examples: Iterable[Example], n: int, seed: int) -> tuple[list[Example], list[Example]]:
    """``n`` random pages of each corpus, all of them where ``n`` is 0; and the pages that are left."""
    by_corpus: dict[str, list[Example]] = {}
    for example in examples:
        by_corpus.setdefault(example.corpus, []).append(example)
    chosen, left = [], []
    for name, pages in by_corpus.items():
        random.Random(f"{seed} {name}").shuffle(pages)  # noqa: S311 no secret
        chosen += pages[: n or None]
        left += pages[n:] if n else []
    return chosen, left


def warm_up_sources(left: Sequence[Example], seed: int) -> list[str]:
    """The pages of the warm-up: random ones that are not timed, and generated ones where too few are left."""
    pages = random.Random(seed).sample(left, min(WARM_UP, len(left)))  # noqa: S311
    generated = (made(_WARM_UP_SIZES[at % len(_WARM_UP_SIZES)]) for at in range(WARM_UP - len(pages)))
    return [*(decode(page.html).text for page in pages), *generated]


def plan(pages: int, extractors: Sequence[Extractor], seed: int) -> Iterator[Step]:
    """Every page once, in random order. The order of the extractors is random for each page; those that take texts
    follow those that take pages, as their source is the base's output.
    """
    rng = random.Random(seed)  # noqa: S311
    order = list(range(pages))
    rng.shuffle(order)
    of_html = [e for e in extractors if e.takes == "html"]
    of_text = [e for e in extractors if e.takes == "text"]
    for page in order:
        yield Step(page, (*rng.sample(of_html, len(of_html)), *rng.sample(of_text, len(of_text))))


def run(
    examples: Sequence[Example],
    warm_up: Sequence[str],
    extractors: Sequence[Extractor],
    seed: int,
    start: Callable[[Extractor], Worker] = Process,
) -> Iterator[Record]:
    """A record for each page and extractor, in the order of the run. ``extractors`` include the base."""
    with ExitStack() as stack:
        workers = {e.name: stack.enter_context(start(e)) for e in extractors}
        for step in plan(len(warm_up), extractors, seed):
            list(_answers(step.extractors, workers, warm_up[step.page]))
        for step in plan(len(examples), extractors, seed):
            example = examples[step.page]
            for extractor, answer in _answers(step.extractors, workers, decode(example.html).text):
                yield _record(extractor, example, answer)


def _answers(
    extractors: Sequence[Extractor], workers: Mapping[str, Worker], html: str
) -> Iterator[tuple[Extractor, Answer]]:
    text = ""
    for extractor in extractors:
        answer = workers[extractor.name].answer(html if extractor.takes == "html" else text)
        if extractor.name == BASE:
            text = answer.text
        yield extractor, answer


def _record(extractor: Extractor, example: Example, answer: Answer) -> Record:
    score = metrics.score(answer.text, example.gold) if extractor.gives else None
    return Record(
        extractor.name,
        example.corpus,
        example.id,
        answer.seconds,
        answer.peak,
        answer.failed,
        score,
        answer.stages,
    )
