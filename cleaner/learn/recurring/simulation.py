"""What a memory would be worth on sites of many documents, which the corpora do not have: a simulation.

How often lines of residue recur on real sites is estimated from sites of five documents or more (:class:`SiteChurn`).
Then the residue of each document is taken to recur on a site of many documents as such lines do, and its other lines
not at all. The counts of documents are drawn; the rest is as in :mod:`.bench`.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import exp, inf, lgamma, log
from typing import NamedTuple

from cleaner.learn.recurring.bench import Counts, Scored, kept_blocks
from cleaner.learn.recurring.documents import ALL, SiteDocument, by_site, index_of, is_residue, others
from cleaner.memory.evidence import PageRecurrences, with_recurrences
from cleaner.memory.index import NEW, Recurrence
from cleaner.memory.sites import Place
from cleaner.memory.weights import RecurrenceWeights

#: The seed of what is drawn.
SEED = 0
#: Numbers of known documents of the simulated sites.
SIZES = (5, 20, 100, 500)
#: Other documents that a real site needs for its churn to be counted.
ENOUGH = 4
#: Words from which a line is of the next class of lengths, and the names of the classes.
LENGTHS = (4, 9)
LENGTH_NAMES = ("up to 3 words", "4 to 8", "9 or more")
#: A line that stands on a smaller share of the documents may have a part that recurs more often.
RARE = 0.1
#: The values that are tried: shares of lines that stand once, and parameters of the beta distribution.
ONCE = tuple(step / 20 for step in range(20))
BETA = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)


@dataclass(frozen=True, slots=True)
class Churn:
    """How lines of one class recur: the share of those that stand ``once``, and the beta distribution of the share of
    documents that have each of the others.
    """

    once: float
    a: float
    b: float

    def share(self, quantile: float) -> float:
        """The share of documents that a line has at a quantile of its class, from 0 to 1."""
        from scipy.special import betaincinv  # of the extra "learn"

        if quantile < self.once or self.once >= 1:
            return 0.0
        return float(betaincinv(self.a, self.b, (quantile - self.once) / (1 - self.once)))

    def __str__(self) -> str:
        return f"{self.once:.0%} once, the others on {self.a / (self.a + self.b):.0%} of the documents in the mean"


@dataclass(frozen=True, slots=True)
class SiteChurn:
    """How lines of residue recur on sites.

    ``lines``     the churn of each class of lines: by length, and whether they stand at an end of the document
    ``parts``     that of the beginnings or ends of lines that recur in no document as a whole
    ``together``  the share of lines that recur as often as the line of residue right above: residue stands in runs
    """

    lines: Sequence[Churn]
    parts: Churn
    together: float

    def describe(self) -> Iterator[str]:
        """The estimates, one a line."""
        for number, churn in enumerate(self.lines):
            where = "at the ends" if number % 2 else "in the middle"
            yield f"- lines of {LENGTH_NAMES[number // 2]}, {where}: {churn}"
        yield f"- beginnings and ends of lines that do not recur as a whole: {self.parts}"
        yield f"- {self.together:.0%} of the lines recur as the line right above does"


def line_class(document: SiteDocument, at: int) -> int:
    """The class of a line: two for each class of lengths."""
    length = sum(document.prose_map.words[at] >= least for least in LENGTHS)
    return 2 * length + (document.prose_map.zones.zone(at) != "middle")


def churn(documents: Iterable[SiteDocument]) -> SiteChurn:
    """How lines of residue recur: the most likely values, by trying all."""
    seen: list[list[tuple[int, int]]] = [[] for _ in range(2 * len(LENGTHS) + 2)]
    of_parts: list[tuple[int, int]] = []
    pairs: list[tuple[tuple[int, bool], tuple[int, bool]]] = []
    for of_site in by_site(documents).values():
        if len(of_site) <= ENOUGH:
            continue
        for at, document in enumerate(of_site):
            recurs: dict[int, tuple[int, bool]] = {}
            for line in _residue_lines(of_site, at):
                number, known = line_class(document, line.block), line.recurrence.known or len(of_site) - 1
                seen[number].append((line.recurrence.documents, known))
                recurs[line.block] = number, line.recurrence.documents > 0
                if line.has_parts and not line.recurrence.documents:
                    part = line.recurrence.part or NEW
                    of_parts.append((part.documents, part.known or known))
            pairs += [(recurs[one], recurs[other]) for one, other in pairwise(sorted(recurs)) if other == one + 1]
    return SiteChurn([fit_churn(counts) for counts in seen], fit_churn(of_parts), _together(seen, pairs))


class _ResidueLine(NamedTuple):
    """A line of residue: its block, how it recurs in the other documents of its site, whether parts of it are kept."""

    block: int
    recurrence: Recurrence
    has_parts: bool


def _residue_lines(of_site: Sequence[SiteDocument], at: int) -> list[_ResidueLine]:
    """The lines of residue of a document, of whose site all other documents are known."""
    document = of_site[at]
    recurrences = index_of(others(of_site, at, ALL)).recurrences_of(document.lines)
    lines = zip(document.lines.blocks, recurrences, map(bool, document.lines.parts), strict=True)
    return [_ResidueLine(*line) for line in lines if is_residue(document, line[0])]


def _together(seen: Sequence[Sequence[tuple[int, int]]], pairs: Sequence[tuple[tuple[int, bool], ...]]) -> float:
    """The share of lines that recur as the line above does, from how often both of two do or neither does. By chance
    that happens as often as the classes of the two lines say.
    """
    if not pairs:
        return 0.0
    rates = [sum(count > 0 for count, _ in counts) / max(len(counts), 1) for counts in seen]
    same = sum(one[1] == other[1] for one, other in pairs) / len(pairs)
    by_chance = sum(
        rates[one] * rates[other] + (1 - rates[one]) * (1 - rates[other]) for (one, _), (other, _) in pairs
    ) / len(pairs)
    return min(max((same - by_chance) / max(1 - by_chance, 1e-9), 0.0), 1.0)


def fit_churn(counts: Sequence[tuple[int, int]]) -> Churn:
    """The most likely churn of lines, from how many of how many known documents have each. None: all stand once."""
    best, most_likely = Churn(1.0, 1.0, 1.0), -inf
    if not counts:
        return best
    for a, b in product(BETA, BETA):
        by_count = {pair: _beta_binomial(*pair, a, b) for pair in set(counts)}
        for once in ONCE:
            likelihood = sum(log((1 - once) * by_count[pair] + once * (pair[0] == 0) + 1e-300) for pair in counts)
            if likelihood > most_likely:
                best, most_likely = Churn(once, a, b), likelihood
    return best


def _beta_binomial(count: int, known: int, a: float, b: float) -> float:
    """The probability of a count of known documents, where the share follows a beta distribution."""
    ways = lgamma(known + 1) - lgamma(count + 1) - lgamma(known - count + 1)
    beta = lgamma(count + a) + lgamma(known - count + b) - lgamma(known + a + b) - lgamma(a) - lgamma(b) + lgamma(a + b)
    return float(exp(ways + beta))


def simulate(
    documents: Sequence[Scored], churns: SiteChurn, learned: Callable[[int], RecurrenceWeights]
) -> dict[int, Counts]:
    """The counts for each number of known documents, the same in each run. Each line has one share at every number."""
    counts = {size: Counts() for size in SIZES}
    for number, (document, prepared, scores) in enumerate(documents):
        rng = random.Random(f"{SEED} {number}")  # noqa: S311 a simulation
        kept = kept_blocks(document, prepared, scores)
        blocks, shares = document.lines.blocks, _shares(document, churns, rng)
        weights = learned(document.example.fold)
        for size in SIZES:
            drawn = [_recurrence(document, at, *own, size, rng) for at, own in zip(blocks, shares, strict=True)]
            known = PageRecurrences(blocks, drawn, Place(document.example.site))
            remembered = with_recurrences(scores, document.page, document.prose_map, known, weights)
            kept_now = kept_blocks(document, prepared, remembered) if remembered.recurring else kept
            counts[size].add(document, kept, kept_now)
    return counts


def _shares(document: SiteDocument, churns: SiteChurn, rng: random.Random) -> list[tuple[float, float]]:
    """The share of documents that have each line of a document, and the share that have a part of it. Lines that stand
    twice in a document are drawn twice, which is rare.
    """
    shares = []
    quantile, above = 0.0, -1
    for at, parts in zip(document.lines.blocks, document.lines.parts, strict=True):
        if not is_residue(document, at):
            shares.append((0.0, 0.0))
            continue
        if above != at - 1 or rng.random() >= churns.together:
            quantile = rng.random()
        above = at
        share = churns.lines[line_class(document, at)].share(quantile)
        shares.append((share, churns.parts.share(rng.random()) if parts and share < RARE else 0.0))
    return shares


def _recurrence(  # noqa: PLR0913, PLR0917 what is drawn of a line
    document: SiteDocument, at: int, share: float, part_share: float, known: int, rng: random.Random
) -> Recurrence:
    """What is known of a line that so large a share of the documents has, at the same place as here."""
    having, having_part = (sum(rng.random() < own for _ in range(known)) if own else 0 for own in (share, part_share))
    at_ends = float(document.prose_map.zones.zone(at) != "middle")
    part = Recurrence(having_part, known, at_ends=1.0) if having_part > having else None
    return Recurrence(having, known, at_ends=at_ends, part=part) if having else NEW._replace(part=part)
