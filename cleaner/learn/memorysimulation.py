"""What a memory would be worth on sites of many documents, which the corpora do not have: a simulation.

How often lines of residue recur on real sites is estimated from sites of five documents or more, by the length of the
line: a share of the lines stands in no other document, ever; the shares of documents that have the others follow a beta
distribution. Then the residue of each document is taken to recur on a site of many documents as such lines do, and its
other lines not at all. The counts of documents are drawn; the rest is as in :mod:`cleaner.learn.memorybench`.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf, lgamma, log

from cleaner.learn import recurring
from cleaner.learn.memorybench import Counts, Scored, kept_blocks
from cleaner.learn.recurring import ALL, SiteDocument
from cleaner.memory.evidence import Known, with_recurrences
from cleaner.memory.index import NEW, Recurrence
from cleaner.memory.sites import Place
from cleaner.memory.weights import RecurrenceWeights

#: Numbers of known documents of the simulated sites.
SIZES = (5, 20, 100, 500)
#: Other documents that a real site needs for its churn to be counted.
ENOUGH = 4
#: Words from which a line is of the next class of lengths.
LENGTHS = (4, 9)
#: The values that are tried: shares of lines that stand once, and parameters of the beta distribution.
ONCE = tuple(step / 20 for step in range(20))
BETA = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)


@dataclass(frozen=True, slots=True)
class Churn:
    """How lines of one length recur: the share of those that stand ``once``, and the beta distribution of the share of
    documents that have each of the others.
    """

    once: float
    a: float
    b: float

    def draw(self, rng: random.Random) -> float:
        """The share of documents that have a line."""
        return 0.0 if rng.random() < self.once else rng.betavariate(self.a, self.b)

    def __str__(self) -> str:
        return f"{self.once:.0%} once, the others on {self.a / (self.a + self.b):.0%} of the documents in the mean"


def length_class(words: int) -> int:
    """The class of lengths of a line."""
    return sum(words >= least for least in LENGTHS)


def churn(documents: Iterable[SiteDocument]) -> list[Churn]:
    """How lines of residue recur, for each class of lengths: the most likely values, by trying all."""
    seen: list[list[tuple[int, int]]] = [[] for _ in range(len(LENGTHS) + 1)]
    for of_site in recurring.by_site(documents).values():
        if len(of_site) <= ENOUGH:
            continue
        for at, document in enumerate(of_site):
            found = recurring.index_of(recurring.others(of_site, at, ALL)).recurrences_of(document.lines)
            for block, recurrence in zip(document.lines.blocks, found, strict=True):
                if recurring.is_residue(document, block):
                    known = recurrence.known or len(of_site) - 1
                    seen[length_class(document.prose_map.words[block])].append((recurrence.documents, known))
    return [fit_churn(counts) for counts in seen]


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
    return float(2.718281828459045 ** (ways + beta))


def simulate(
    documents: Sequence[Scored], churns: Sequence[Churn], learned: Callable[[int], RecurrenceWeights], *, seed: int = 0
) -> dict[int, Counts]:
    """The counts for each number of known documents. Each line has the same share at every number."""
    counts = {size: Counts() for size in SIZES}
    for number, (document, prepared, scores) in enumerate(documents):
        rng = random.Random(f"{seed} {number}")  # noqa: S311 a simulation
        kept = kept_blocks(document, prepared, scores)
        shares = [
            churns[length_class(document.prose_map.words[at])].draw(rng) if recurring.is_residue(document, at) else 0.0
            for at in document.lines.blocks
        ]  # lines that stand twice in a document are drawn twice, which is rare
        for size in SIZES:
            blocks = document.lines.blocks
            drawn = [_recurrence(document, at, share, size, rng) for at, share in zip(blocks, shares, strict=True)]
            known, weights = Known(blocks, drawn, Place(document.example.site)), learned(document.example.fold)
            remembered = with_recurrences(scores, document.page, document.prose_map, known, weights)
            kept_now = kept_blocks(document, prepared, remembered) if remembered.recurring else kept
            counts[size].add(document, kept, kept_now)
    return counts


def _recurrence(document: SiteDocument, at: int, share: float, known: int, rng: random.Random) -> Recurrence:
    """What is known of a line that so large a share of the documents has, at the same place as here."""
    having = sum(rng.random() < share for _ in range(known)) if share else 0
    at_ends = float(document.prose_map.zones.zone(at) != "middle")
    return Recurrence(having, known, at_ends=at_ends) if having else NEW
