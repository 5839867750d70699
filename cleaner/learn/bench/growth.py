"""How the time of ``clean()`` grows with the size of a page, on generated pages."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from cleaner.learn.bench.worker import Answer

#: Sizes of the pages, in bytes.
SIZES: Final = tuple(round(9_990 * 10 ** (k / 2)) for k in range(7))


@dataclass(frozen=True, slots=True)
class Point:
    """A page of ``size`` bytes, the CPU seconds that it takes, and the peak memory of the process so far, in MB."""

    size: int
    seconds: float
    peak: float


def measure(answer: Callable[[str], Answer]) -> list[Point]:
    """Pages of growing size, each once; ``answer`` is that of a worker. The smallest is the warm-up too."""
    answer(made(SIZES[0]))
    points = []
    for size in SIZES:
        page = made(size)
        found = answer(page)
        points.append(Point(len(page), found.seconds, found.peak))
    return points


def exponent(points: Sequence[Point]) -> float:
    """How time grows with size, by least squares over the logarithms: 1 is linear."""
    xs, ys = [math.log(point.size) for point in points], [math.log(point.seconds) for point in points]
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
