"""What a pack promises, tried: its patterns compile and are fast, and its examples hold, alone and inside an article.

The loader of users' packs, the command ``cleaner rules check`` and the tests of the library's packs call this.
"""

import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final

import regex

from cleaner.document import Block, Document, Label
from cleaner.errors import PackError
from cleaner.rules.adversarial import Attack, attacks, own_attacks
from cleaner.rules.schema import STRENGTHS, ZONES, Pack, Pattern, Rule
from cleaner.text.data_files import read_data
from cleaner.text.words import normalize_line

#: Characters of the strings on which the library's patterns are tried, and the CPU seconds that they may take.
LENGTH: Final = 20_000
SECONDS: Final = 2.0
#: The same when a user's pack is read. A linear search of 8,000 characters takes less than 1 ms, one with a bounded
#: repetition up to 15 ms. ``\w+ \w+$`` takes 350 ms and ``^(a+)+$`` 400 ms, as their time grows with the square of the
#: length; ``(\w+\s?)+$`` takes more than 10 s. All strings for one pattern of the English pack take 1 ms together.
LOAD_LENGTH: Final = 8_000
LOAD_SECONDS: Final = 0.1
#: Examples that are tried in one article, with paragraphs of it around each. With random rules added to four packs, the
#: same 806 examples failed as one by one; with five in an article, one of them held.
TOGETHER: Final = 3

Labeller = Callable[[str], Document]


def verify(pack: Pack, *, speed: bool = True, examples: bool = True) -> None:
    """Raises :class:`PackError` for the first thing in a user's pack that does not hold."""
    for rule in pack.rules:
        table = f"{pack.origin}: [{rule.concept.name}]"
        for pattern in rule.patterns:
            check_pattern(pattern, table)
            if speed:
                _check_speed(pattern, rule.yes, table)
        if examples and (failure := next(example_failures(rule), None)):
            raise PackError(f"{table} {failure}")


# -- patterns ----------------------------------------------------------------------------------------


def check_pattern(pattern: Pattern, table: str) -> None:
    """Raises :class:`PackError` for a pattern that does not compile, or that matches every block.

    ``table`` begins the message: ``mine.toml: [other.x]``.
    """
    try:
        empty = pattern.compiled.fullmatch("", timeout=1)
    except (regex.error, ValueError, RecursionError, TimeoutError) as error:
        raise PackError(f"{table} pattern '{pattern.text}': {error}") from error
    if empty:
        raise PackError(f"{table} pattern '{pattern.text}' matches an empty text, and so every block")


def _check_speed(pattern: Pattern, yes: Sequence[str], table: str) -> None:
    for attack in slow_inputs(pattern, yes, length=LOAD_LENGTH, seconds=LOAD_SECONDS):
        raise PackError(
            f"{table} pattern '{pattern.text}' is slow on {attack}; bound its repetitions, as {{1,60}} for +,"
            " and leave no two ways to match the same text"
        )


def slow_inputs(
    pattern: Pattern, yes: Sequence[str] = (), *, length: int = LENGTH, seconds: float = SECONDS
) -> Iterator[Attack]:
    """The adversarial strings of ``length`` characters on which a search takes more than ``seconds`` of this thread's
    CPU time; ``yes`` are texts that the pattern matches.

    What the pattern itself repeats is tried on strings of at most ``LOAD_LENGTH`` characters, as there are many of
    them.
    """
    max_words = pattern.concept.max_words
    short = min(length, LOAD_LENGTH)
    tried = chain(
        ((attack, length) for attack in attacks(pattern, yes)), ((attack, short) for attack in own_attacks(pattern))
    )
    for attack, characters in tried:
        if _is_slow(pattern, attack.text(characters, max_words), seconds):
            yield attack


def _is_slow(pattern: Pattern, text: str, seconds: float) -> bool:
    """Whether a search takes more than ``seconds`` of this thread's CPU time."""
    timeout = 2 * seconds
    while True:
        begun = time.thread_time()
        try:
            pattern.compiled.search(text, timeout=timeout)
        except TimeoutError:
            # The limit of ``regex`` counts the time of all threads: other ones may have used it up.
            if time.thread_time() - begun <= seconds:
                timeout *= 4
                continue
        return time.thread_time() - begun > seconds


# -- examples ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not hold: ``kind`` is ``yes`` or ``no``."""

    rule: str
    kind: str
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.text!r} {self.reason}"


def matching(rule: Rule, text: str) -> str:
    """The pattern or the line of a rule that matches a text; "" if none does."""
    line = normalize_line(text)
    if line in rule.lines:
        return f"line {line!r}"
    plain = " ".join(text.split())
    return next((f"pattern '{pattern.text}'" for pattern in rule.patterns if pattern.compiled.search(plain)), "")


def patterns_without_yes(rule: Rule) -> Iterator[Pattern]:
    """The patterns of a rule that match none of its ``yes``."""
    texts = [" ".join(text.split()) for text in rule.yes]
    return (pattern for pattern in rule.patterns if not any(map(pattern.compiled.search, texts)))


def example_failures(rule: Rule) -> Iterator[Failure]:
    """The examples of a rule that do not hold by themselves: a ``yes`` without a match, a ``no`` with one."""
    from cleaner.text.charstats import word_count  # numpy: packs without examples do without

    concept = rule.concept
    for text in rule.yes:
        words = word_count(" ".join(text.split()))
        if not matching(rule, text):
            yield Failure(rule.where, "yes", text, "is matched by no pattern and no line")
        elif words < concept.min_words:
            yield Failure(rule.where, "yes", text, f"has {words} words, less than min_words = {concept.min_words}")
        elif words > concept.max_words:
            yield Failure(rule.where, "yes", text, f"has {words} words, more than max_words = {concept.max_words}")
    for text in rule.no:
        if match := matching(rule, text):
            yield Failure(rule.where, "no", text, f"is matched by {match}")


# -- examples in an article --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Article:
    """A news report in one language, in two parts, for examples to be placed in."""

    headline: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def around(self, texts: Sequence[str], zone: frozenset[str]) -> tuple[str, list[tuple[int, int]]]:
        """The article with each text as a block of its own, and where each stands: start and end in code points.

        They stand in the middle if the zone allows it, with a paragraph between two; else below or above the article.
        """
        paragraphs = [*self.before, *self.after]
        first = len(self.before) - len(texts) // 2
        if "middle" not in zone:
            paragraphs = paragraphs if "tail" in zone else [self.headline, *paragraphs]
            first = len(paragraphs) if "tail" in zone else 1
        spans = []
        for number, text in enumerate(texts):
            at = first + 2 * number
            start = len("\n\n".join((*paragraphs[:at], "")))
            spans.append((start, start + len(text)))
            paragraphs.insert(at, text)
        return "\n\n".join(paragraphs), spans


@cache
def articles() -> dict[str, Article]:
    """The article of each language, by its ISO 639-1 code."""
    tables = tomllib.loads(read_data("cleaner.rules", "data/articles.toml").decode())
    return {
        language: Article(table["headline"], tuple(table["before"]), tuple(table["after"]))
        for language, table in tables.items()
    }


def article_failures(rule: Rule, label: Labeller, article: Article) -> Iterator[Failure]:
    """The examples of a rule that do not hold inside an article, as ``label`` labels it.

    A ``yes`` has to get the label of the concept, or at least to be removed; one of a concept for body has to be kept.
    It is tried if a match decides by itself (:func:`is_sure`). A ``no`` has to be kept, except for concepts for body:
    what looks like an article's text and is not may be removed.
    """
    concept = rule.concept
    is_body = concept.label is Label.BODY

    def is_right(block: Block, keep: frozenset[Label]) -> bool:
        return block.label is concept.label or (block.label not in keep) is not is_body

    if is_sure(rule):
        for text, fate in _failing(rule.yes, concept.zone, is_right, label, article):
            yield Failure(rule.where, "yes", text, fate)
    if not is_body:
        for text, fate in _failing(rule.no, ZONES, lambda block, keep: block.label in keep, label, article):
            yield Failure(rule.where, "no", text, fate)


def is_sure(rule: Rule) -> bool:
    """Whether a match of a rule decides by itself in a text."""
    concept = rule.concept
    conditions = concept.next or concept.previous or concept.requires or concept.selectors_only
    return concept.weight >= STRENGTHS["strong"] and not conditions


def _failing(
    texts: Sequence[str],
    zone: frozenset[str],
    is_right: Callable[[Block, frozenset[Label]], bool],
    label: Labeller,
    article: Article,
) -> Iterator[tuple[str, str]]:
    """The texts of which a block is not right inside an article, and what became of their blocks.

    ``is_right`` is called with a block and the labels that are kept. Where the zone allows it, some texts are tried in
    one article, and those that fail there alone.
    """

    def fates(tried: Sequence[str]) -> Iterator[tuple[str, str]]:
        source, spans = article.around(tried, zone)
        document = label(source)
        for text, (start, end) in zip(tried, spans, strict=True):
            blocks = [each for each in document.blocks if each.span and each.span[0] < end and each.span[1] > start]
            if not all(is_right(block, document.keep) for block in blocks):
                yield text, f"in an article is {_described(blocks, document.keep)}"

    together = TOGETHER if "middle" in zone else 1
    for first in range(0, len(texts), together):
        for text, _ in fates(texts[first : first + together]):
            yield from fates([text])


def _described(blocks: Sequence[Block], keep: frozenset[Label]) -> str:
    """What became of the blocks of an example, and the strongest evidence of each."""
    parts = []
    for block in blocks:
        fate = "kept" if block.label in keep else "removed"
        evidence = max(block.evidence, key=lambda each: abs(each.weight), default="nothing")
        parts.append(f"{fate} as {block.label} (score {block.score:.2f}; {evidence})")
    return ", ".join(parts)
