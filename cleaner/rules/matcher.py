"""The direct matches of rules with the blocks of one page: by a block's own words, and by the elements around it.

A block's direct matches do not depend on other blocks. So they can be asked for some blocks alone, and a
:class:`Matcher` finds them once, whoever asks: scoring, the decision, the split of pleas and the labels.
"""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import regex

from cleaner.document import Evidence, Label
from cleaner.rules.elements import ElementMatches
from cleaner.rules.evidence import DECISIVE, Match, RuleMatch, make_evidence, merged
from cleaner.rules.index import RuleIndex
from cleaner.rules.schema import Concept, Pattern
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.prose import ProseMap, find_prose
from cleaner.text import words
from cleaner.text.structure import is_code

if TYPE_CHECKING:
    from cleaner.rules.glued_pleas import Plea

#: CPU seconds of the thread that a pattern of a user's pack has for one document, and that all of them have together.
PATTERN_SECONDS: Final = 0.2
DOCUMENT_SECONDS: Final = 1.0
#: CPU seconds after which a single search is stopped. The regex package counts the time of all threads of the process,
#: so the limit is generous: busy threads must not change the result. Slow patterns are refused when a pack is read.
SEARCH_SECONDS: Final = 5.0

#: Labels of pleas and controls, whose words a sentence may quote: an opening quotation mark, a word, and behind the
#: words a closing mark and a sentence that goes on.
_QUOTABLE: Final = frozenset(
    {Label.ADVERT, Label.COMMENT, Label.NAVIGATION, Label.NOTICE, Label.RELATED, Label.SHARE, Label.SUBSCRIPTION}
)
_OPENING: Final = frozenset('“„«‘"')
_WORD: Final = re.compile(r"\w")
_GOES_ON: Final = regex.compile(r"[^“”\"«»„]{0,60}[”“\"»],?\s+\p{Ll}")
#: A line of code or of a manual: ``--follow`` is an option there.
_OPTION: Final = re.compile(r"--\w")


@dataclass(slots=True)
class _TimeBudget:
    """The CPU time that the patterns of users' packs have in a document.

    A pattern without time left is not tried again, and ``slow`` names it.
    """

    left: float = DOCUMENT_SECONDS
    used: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    slow: set[str] = field(default_factory=set)

    def search(self, pattern: Pattern, text: str) -> "regex.Match[str] | None":
        """The match of a pattern; None also where it has no time."""
        if self.left <= 0:
            self.slow.add(pattern.where)
        if pattern.where in self.slow:
            return None
        started = time.thread_time()
        try:
            return pattern.compiled.search(text, timeout=SEARCH_SECONDS)
        except TimeoutError:
            self.slow.add(pattern.where)
            return None
        finally:
            seconds = time.thread_time() - started
            self.left -= seconds
            self.used[pattern.where] += seconds
            if self.used[pattern.where] > PATTERN_SECONDS:
                self.slow.add(pattern.where)


class Matcher:
    """The direct matches of the blocks of one page. It remembers what it has found, by the texts of blocks and the
    styles of elements; what it answers does not depend on what it was asked before.

    ``pleas`` are those that :mod:`cleaner.rules.glued_pleas` has found, by the number of the block.
    """

    def __init__(self, page: Page, prose_map: ProseMap, index: RuleIndex) -> None:
        self.page = page
        self.prose_map = prose_map
        self.index = index
        self.pleas: dict[int, Sequence[Plea]] = {}
        self._budget = _TimeBudget()
        self._of_texts: dict[str, Sequence[RuleMatch]] = {}
        self._of_unread: dict[str, Sequence[RuleMatch]] = {}
        self._normalized: dict[str, str] = {}

    @property
    def slow(self) -> frozenset[str]:
        """The patterns of the user that ran out of time."""
        return frozenset(self._budget.slow)

    def only(self, blocks: Sequence[int]) -> "Matcher":
        """The matcher of a text of which only some blocks are left, by their numbers. It knows what this one knows."""
        page = self.page
        number = {at: new for new, at in enumerate(blocks)}
        left = replace(
            page,
            blocks=[page.blocks[at] for at in blocks],
            parts={number[at]: part for at, part in page.parts.items() if at in number},
        )
        matcher = Matcher(left, find_prose(left.blocks), self.index)
        matcher._budget, matcher._of_texts, matcher._of_unread = self._budget, self._of_texts, self._of_unread
        matcher._normalized = self._normalized
        return matcher

    @cached_property
    def lines(self) -> Sequence[str]:
        """The text of each block as lines are compared (:func:`cleaner.text.words.normalize_line`)."""
        return [self._line(block.plain) for block in self.page.blocks]

    def _line(self, text: str) -> str:
        line = self._normalized.get(text)
        if line is None:
            line = self._normalized[text] = words.normalize_line(text)
        return line

    def of_words(self, blocks: Collection[int]) -> list[Match]:
        """The matches of rules with the words of some blocks."""
        raw_blocks, word_counts, most = self.page.blocks, self.prose_map.words, self.index.max_words
        asked = [at for at in blocks if word_counts[at] <= most]
        unread = [at for at in asked if _is_code_or_option(raw_blocks[at])]
        read = sorted(set(asked).difference(unread)) if unread else asked
        self._learn(read, unread)
        return [
            Match(at, evidence, concept)
            for numbers, known in ((read, self._of_texts), (unread, self._of_unread))
            for at in numbers
            for evidence, concept in known[raw_blocks[at].plain]
        ]

    def of_elements(self, blocks: Iterable[int], label: Label | None = None) -> list[Match]:
        """The matches of rules with the elements around some blocks, those for one label or for all. A text has no
        elements.
        """
        if self.page.kind != "html":
            return []
        around = self._elements.around
        asked: dict[int, Sequence[RuleMatch]] = {}  # blocks share the matches around them as one object
        found: list[Match] = []
        for at in blocks:
            every = around(self.page.blocks[at].node)
            if id(every) not in asked:
                asked[id(every)] = [match for match in every if label is None or match.evidence.label is label]
            for evidence, concept in asked[id(every)]:
                if self.is_long_enough(concept, at):
                    found.append(Match(at, evidence, concept))
        return found

    def is_long_enough(self, concept: Concept, at: int) -> bool:
        """Whether a block has as many words as a concept asks for. Of one in an element, some concepts ask for none."""
        return concept.selectors_only or concept.min_words <= self.prose_map.words[at]

    def evidence_of_elements(
        self, blocks: Iterable[int], fits: Callable[[Concept, int], bool]
    ) -> list[Sequence[Evidence]]:
        """The evidence that the elements around each of some blocks give, as :func:`merged` leaves it.

        ``fits`` says whether a concept holds for a block, by the number of its words and the concept's conditions.
        Blocks with the same pieces share their evidence.
        """
        if self.page.kind != "html":
            return [() for _ in blocks]
        word_counts, around = self.prose_map.words, self._elements.around
        shared: dict[tuple[int, int], Sequence[Evidence]] = {}  # by the matches around, and the words
        same: dict[tuple[int, ...], Sequence[Evidence]] = {}  # by the pieces
        found: list[Sequence[Evidence]] = []
        for at in blocks:
            matches = around(self.page.blocks[at].node)
            if not matches:
                found.append(())
                continue
            key = id(matches), word_counts[at]
            evidence = shared.get(key)
            if evidence is None:
                evidence = merged(match.evidence for match in matches if fits(match.concept, at))
                evidence = same.setdefault(tuple(map(id, evidence)), evidence)
                if not any(match.concept.requires for match in matches):  # a form depends on more than the words
                    shared[key] = evidence
            found.append(evidence)
        return found

    @cached_property
    def _elements(self) -> ElementMatches:
        return ElementMatches(self.page, self.index, self.prose_map)

    def _learn(self, read: Sequence[int], unread: Sequence[int]) -> None:
        """Find the matches of the texts of blocks that are not known yet, and those of code (``unread``)."""
        self._of_texts.update(self._matches(self._new(read, self._of_texts)))
        new = self._new(unread, self._of_unread)
        found = self._matches(new) if self.index.has_decisive else {}
        for text in new:  # only rules that decide read code
            self._of_unread[text] = [match for match in found.get(text, ()) if match.evidence.weight >= DECISIVE]

    def _new(self, blocks: Iterable[int], known: Mapping[str, Sequence[RuleMatch]]) -> dict[str, int]:
        """The texts of some blocks that are not known yet, each with the number of its words."""
        word_counts, raw_blocks = self.prose_map.words, self.page.blocks
        return {text: word_counts[at] for at in blocks if (text := raw_blocks[at].plain) not in known}

    def _matches(self, word_counts: dict[str, int]) -> dict[str, list[RuleMatch]]:
        """The matches of each of some texts, whose numbers of words are given."""
        texts = list(word_counts)
        found: dict[str, list[RuleMatch]] = {text: [] for text in texts}
        for text in texts:
            for rule in self.index.lines(self._line(text)):
                found[text].append(RuleMatch(make_evidence(rule.concept, text, rule.where), rule.concept))
        for pattern, number in self.index.patterns.possible_matches(texts, list(word_counts.values())):
            text = texts[number]
            match = pattern.compiled.search(text) if pattern.trusted else self._budget.search(pattern, text)
            if match and not (pattern.trusted and _is_mention(pattern.concept.label, text, match)):
                quote = match.group().strip() or text
                evidence = make_evidence(pattern.concept, quote, pattern.rule, pattern=pattern.number)
                found[text].append(RuleMatch(evidence, pattern.concept))
        return found


def _is_mention(label: Label, text: str, match: "regex.Match[str]") -> bool:
    """Whether words of a plea or a control are quoted by a sentence that goes on behind them: “Sign up for our
    newsletter” had been the only plea. Captions and bylines have quoted words of their own.
    """
    if label not in _QUOTABLE:
        return False
    word = _WORD.search(text, match.start())
    return (
        word is not None
        and text[word.start() - 1 : word.start()] in _OPENING
        and _GOES_ON.match(text, match.end()) is not None
    )


def _is_code_or_option(block: RawBlock) -> bool:
    """Whether a block is code or the line of a manual, whose words mean something else."""
    return is_code(block) or (block.plain.startswith("--") and _OPTION.match(block.plain) is not None)
