"""What a concept asks of a block besides its words: a number of words, a zone, a form, a neighbour."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from cleaner.document import Evidence
from cleaner.rules import line_forms
from cleaner.rules.authors import Authors
from cleaner.rules.credits import ends_with_credit
from cleaner.rules.evidence import EvidenceByBlock, Match, for_shared, is_strong_residue
from cleaner.rules.index import RuleIndex
from cleaner.rules.matcher import Matcher
from cleaner.rules.schema import CONDITIONS, Concept
from cleaner.segment.page import RawBlock
from cleaner.segment.prose import ProseMap, Zone, Zones
from cleaner.segment.text import is_picture
from cleaner.text import words
from cleaner.text.arrays import Flags, indices

#: Prose blocks that a text needs before the form of its other lines means anything. A list, a poem or a table of
#: results has fewer.
MIN_PROSE: Final = 3
#: In a news item of short paragraphs instead: closed blocks with so many words each, and the share of all words that
#: stand in closed blocks.
MIN_SENTENCES: Final = 5
SENTENCE_WORDS: Final = 8
CLOSED_SHARE: Final = 0.65
#: Words of a ``short`` block, at most; of a ``childless`` line, at most.
MAX_SHORT_WORDS: Final = 12
CHILDLESS_WORDS: Final = 6
#: Words of a repeated run, at least: a refrain or a response has fewer.
RUN_WORDS: Final = 12
#: Sentences of a slogan, at most.
MAX_SLOGAN_SENTENCES: Final = 2
#: Lines of a repeated run, at most.
RUN_LINES: Final = 60
#: Share of a line's characters inside links from which the line is nothing but a link.
FULLY_LINKED: Final = 0.9
#: Characters with which two lines begin that may say the same.
ALIKE_CHARACTERS: Final = 8
#: Words of a line that goes for the ``echo`` below it, at most: a longer one may be a paragraph with a pull quote.
MAX_ECHOED_WORDS: Final = 30
#: Words of a ``stray`` line.
STRAY_WORDS: Final = range(3, 13)
#: Lines with the form of headlines in a run of them, at least; their share of the run; and the words of a single one.
MIN_HEADLINES: Final = 2
HEADLINE_SHARE: Final = 0.3
LAST_HEADLINE_WORDS: Final = 8

_OPEN_END: Final = re.compile(r"[\w,]\s*$")
_NUMBER: Final = re.compile(r"\d{1,3}")


class Conditions:
    """The conditions of concepts, asked of the blocks of one page.

    ``zones`` are those of the article's own prose, which :func:`cleaner.rules.match.article_zones` finds; ``matches``
    are the matches of words.
    """

    def __init__(self, matcher: Matcher, zones: Zones, matches: Sequence[Match] = ()) -> None:
        page, prose_map = matcher.page, matcher.prose_map
        self._matcher = matcher
        self.page = page
        self.blocks = page.blocks
        self.prose_map = prose_map
        self.zones = zones
        self._authors = Authors(matcher, zones, matches)
        #: Whether the form of a block says something where its words do not: in a text with enough prose. The form of a
        #: page's blocks is for the model.
        self.form_has_meaning = page.kind == "text" and _has_prose(prose_map)
        self._flags_of_zones: dict[frozenset[str], Flags] = {}
        #: Each condition of :data:`~cleaner.rules.schema.CONDITIONS` is a method of its name, here or of the authors.
        self.forms: dict[str, Callable[[int], bool]] = {
            name: getattr(self, name, None) or getattr(self._authors, name) for name in CONDITIONS
        }
        #: Forms that few blocks have, each with the blocks among which they are.
        self.rare: dict[str, Callable[[], Sequence[int]]] = {
            "repeated": lambda: self._repeated,
            "repeated_run": lambda: self._repeated,
            "doubled": lambda: self._repeated,
            "continues": lambda: [at for at, block in enumerate(self.blocks) if block.plain[:1].islower()],
            "linked": lambda: [at for at, block in enumerate(self.blocks) if block.linked],
            "echo": self._alike,
            "leftover": lambda: [at for at, block in enumerate(self.blocks) if " " not in block.plain],
            "kicker": self._with_bars,
            "bar_list": self._with_bars,
            "number": lambda: self.numbers,
            "picture": lambda: [at for at, block in enumerate(self.blocks) if block.media],
            "byline": lambda: self._authors.byline_places,
            # A credit ends without a full stop, or patterns of its words know it: most blocks are paragraphs.
            "credit": lambda: indices(~self.prose_map.stats.ended),
            "by_author": lambda: range(len(self.blocks)) if self._authors.bylines else (),
        }

    @property
    def lines(self) -> Sequence[str]:
        """The normalized texts of the blocks."""
        return self._matcher.lines

    @cached_property
    def places(self) -> Mapping[str, Sequence[int]]:
        """Where each line stands."""
        places: dict[str, list[int]] = defaultdict(list)
        for at, line in enumerate(self.lines):
            places[line].append(at)
        return places

    def admits(self, concept: Concept, at: int) -> bool:
        """Whether block ``at`` meets the conditions of a concept."""
        if not (concept.selectors_only or concept.min_words <= self.prose_map.words[at] <= concept.max_words):
            return False
        # In HTML footers and cards hold prose as well: zones mean nothing before the body is known.
        if self.page.kind == "text" and self.zones.zone(at) not in concept.zone:
            return False
        return all(self.forms[name](at) for name in concept.requires)

    def blocks_of_form(self, concept: Concept) -> list[int]:
        """The blocks that meet the conditions of a concept which asks for a form and no words, where form has a
        meaning.
        """
        if concept.selectors_only:
            return [at for at in range(len(self.blocks)) if self.admits(concept, at)]
        rare = next((self.rare[name]() for name in concept.requires if name in self.rare), None)
        if rare is not None and not rare:
            return []
        counts = self.prose_map.stats.words
        fits = (counts >= concept.min_words) & (counts <= concept.max_words) & self._in_zones(concept.zone)
        asked = indices(fits) if rare is None else [at for at in rare if fits[at]]
        for name in concept.requires:
            asked = list(filter(self.forms[name], asked))
        return asked

    def _in_zones(self, zones: frozenset[str]) -> Flags:
        """Which blocks are in some zones: (n_blocks,) bool."""
        if zones not in self._flags_of_zones:
            self._flags_of_zones[zones] = np.array([zone in zones for zone in self._zone_of], bool)
        return self._flags_of_zones[zones]

    @cached_property
    def _zone_of(self) -> list[Zone]:
        return [self.zones.zone(at) for at in range(len(self.blocks))]

    @cached_property
    def _repeated(self) -> list[int]:
        return sorted(at for places in self.places.values() if len(places) > 1 for at in places)

    def _with_bars(self) -> list[int]:
        return [at for at, block in enumerate(self.blocks) if "|" in block.plain]

    def lowercase(self, at: int) -> bool:
        """No capitals and no end of a sentence, in a paragraph."""
        text = self.blocks[at].plain
        return text.islower() and not words.is_closed(text) and self.blocks[at].tag == "p"

    def before_bullets(self, at: int) -> bool:
        """Right above two list items."""
        following = self.blocks[at + 1 : at + 3]
        return self.blocks[at].tag != "li" and len(following) == 2 and all(b.tag == "li" for b in following)

    def repeated(self, at: int) -> bool:
        """Stands on the page again, before or after."""
        return len(self.places[self.lines[at]]) > 1

    def doubled(self, at: int) -> bool:
        """Stands right above or below itself, and is no quotation and no paragraph of several sentences: an extractor
        may take these twice.
        """
        text = self.blocks[at].plain
        if words.QUOTE_MARK.search(text) or len(words.SENTENCE_BREAK.findall(text)) >= MAX_SLOGAN_SENTENCES:
            return False
        around = (k for k in (at - 1, at + 1) if 0 <= k < len(self.lines))
        return any(self.lines[k] == self.lines[at] for k in around)

    def repeated_run(self, at: int) -> bool:
        """Part of a run of lines that stands there twice, the second right after the first.

        A refrain is no such run: verses stand between its two places.
        """
        places = self.places[self.lines[at]]
        if len(places) != 2 or not 2 <= places[1] - places[0] <= RUN_LINES:
            return False
        first, period = places[0], places[1] - places[0]
        for start in range(max(first - period + 1, 0), first + 1):
            run = self.lines[start : start + period]
            if run == self.lines[start + period : start + 2 * period]:
                return sum(self.prose_map.words[start : start + period]) >= RUN_WORDS
        return False

    def childless(self, at: int) -> bool:
        """A short unclosed line at the end, or right before another short unclosed line."""
        if not self.unclosed(at) or self.prose_map.words[at] > CHILDLESS_WORDS:
            return False
        return at + 1 == len(self.blocks) or (self.unclosed(at + 1) and self.short(at + 1))

    def continues(self, at: int) -> bool:
        """Begins with a small letter, below a block without an end."""
        before = self.blocks[at - 1].plain if at else ""
        return bool(before) and self.blocks[at].plain[:1].islower() and _OPEN_END.search(before) is not None

    def short(self, at: int) -> bool:
        """At most ``MAX_SHORT_WORDS`` words."""
        return self.prose_map.words[at] <= MAX_SHORT_WORDS

    def unclosed(self, at: int) -> bool:
        """Without a full stop or the like at its end."""
        return not words.is_closed(self.blocks[at].plain)

    def linked(self, at: int) -> bool:
        """Nearly all of it inside links."""
        return self.blocks[at].linked >= FULLY_LINKED * max(len(self.blocks[at].plain), 1)

    def twice(self, at: int) -> bool:
        """One string twice; above the article only as a picture's text, since the headline may stand there twice."""
        block = self.blocks[at]
        return (self.zones.zone(at) != "head" or block.media > 0) and line_forms.is_twice(block.plain)

    def echo(self, at: int) -> bool:
        """Says what the line above says, with a credit or nothing behind it: the caption of a picture below its
        alternative text, beside a sentence. The line above goes with it where they differ and one of the two ends with
        a full stop: a heading may have a picture with its own name below it, and an extractor may take a quotation
        twice. The headline may stand there twice, and so may cells.
        """
        if self._echoes(at):
            return True
        if self.prose_map.words[at] > MAX_ECHOED_WORDS or not self._echoes(at + 1):
            return False
        if self.lines[at] == self.lines[at + 1]:
            return False
        return any(words.FULL_STOP.search(self.blocks[k].plain) for k in (at, at + 1))

    def _alike(self) -> list[int]:
        """The blocks that begin as the block above or below does."""
        starts = [block.plain[:ALIKE_CHARACTERS] for block in self.blocks]
        pairs = [at for at in range(1, len(starts)) if starts[at] == starts[at - 1]]
        return sorted({*pairs, *(at - 1 for at in pairs)})

    def _echoes(self, at: int) -> bool:
        """Whether a line is an echo of the line above (:func:`.line_forms.is_echo`), beside a sentence."""
        if not line_forms.TOP_LINES <= at < len(self.blocks):
            return False
        pair = self.blocks[at - 1], self.blocks[at]
        beside = [self.blocks[k] for k in (at - 2, at - 1, at, at + 1) if 0 <= k < len(self.blocks)]
        if any(block.tag != "p" for block in pair) or not any(words.ENDED.search(block.plain) for block in beside):
            return False
        return line_forms.is_echo(*(block.plain for block in pair))

    def leftover(self, at: int) -> bool:
        """A sign alone, or the name of a picture's file, in a paragraph."""
        return self.blocks[at].tag == "p" and line_forms.is_leftover(self.blocks[at].plain)

    @cached_property
    def kickers(self) -> Counter[str]:
        """How many lines have each kicker."""
        return Counter(line_forms.kicker(self.blocks[at].plain) for at in self._with_bars())

    def kicker(self, at: int) -> bool:
        """A kicker in capitals, bar, headline; and another line has the same kicker."""
        text = self.blocks[at].plain
        own = line_forms.kicker(text) if "|" in text else ""
        return bool(own) and self.kickers[own] > 1

    def bar_list(self, at: int) -> bool:
        """Titles between bars, but no row of a table: it has a label, or no line beside it has bars."""
        text = self.blocks[at].plain
        if "|" not in text or not line_forms.is_bar_list(text):
            return False
        return ":" in text or not any("|" in block.plain for block in self._beside(at))

    def credit(self, at: int) -> bool:
        """Ends with the credit of a picture, in a paragraph (:func:`.ends_with_credit`)."""
        return self.blocks[at].tag == "p" and ends_with_credit(self.blocks[at].plain)

    def stray(self, at: int) -> bool:
        """A few words without capital and end, between a full stop and another beginning: an alternative text."""
        text = self.blocks[at].plain
        if self.prose_map.words[at] not in STRAY_WORDS or self.blocks[at].tag != "p" or not text[:2].islower():
            return False
        if not at or not text.split()[0].isalpha() or not words.FULL_STOP.search(self.blocks[at - 1].plain):
            return False
        goes_on = at + 1 < len(self.blocks) and self.blocks[at + 1].plain[:1].islower()
        return not goes_on and text[-1:].isalpha()

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The blocks that are a number of up to three digits alone."""
        return tuple(at for at, block in enumerate(self.blocks) if _NUMBER.fullmatch(block.plain.strip()))

    def number(self, at: int) -> bool:
        """The only number of up to three digits alone: steps and pages have several."""
        return self.numbers == (at,) and self.blocks[at].tag == "p"

    def picture(self, at: int) -> bool:
        """Nothing but pictures, in Markdown."""
        block = self.blocks[at]
        return block.media > 0 and block.tag != "pre" and is_picture(block.text)

    def headline(self, at: int) -> bool:
        """The form of a headline, in a run of lines without end of which more have it, a third at least, and which no
        line with a colon introduces; or as the last line of a text, alone and long.
        """
        if not self._has_headline_form(at):
            return False
        start, stop = at, at + 1
        while start and self.unclosed(start - 1):
            start -= 1
        while stop < len(self.blocks) and self.unclosed(stop):
            stop += 1
        if stop - start == 1:
            return stop == len(self.blocks) and self.prose_map.words[at] >= LAST_HEADLINE_WORDS
        alike = sum(self._has_headline_form(each) for each in range(start, stop))
        introduced = start > 0 and self.blocks[start - 1].plain.rstrip().endswith(words.COLONS)
        return not introduced and alike >= max(MIN_HEADLINES, HEADLINE_SHARE * (stop - start))

    def _has_headline_form(self, at: int) -> bool:
        """The form of a headline, in a paragraph, and what follows begins with no small letter."""
        block = self.blocks[at]
        goes_on = at + 1 < len(self.blocks) and self.blocks[at + 1].plain[:1].islower()
        return block.tag == "p" and not goes_on and line_forms.is_headline(block.plain)

    def _beside(self, at: int) -> list[RawBlock]:
        """The blocks right above and below."""
        return [self.blocks[k] for k in (at - 1, at + 1) if 0 <= k < len(self.blocks)]


def _has_prose(prose_map: ProseMap) -> bool:
    """Whether a text is prose, so that the form of its other lines means something."""
    if sum(prose_map.prose) >= MIN_PROSE:
        return True
    word_counts, closed = prose_map.stats.words, prose_map.stats.ended
    is_closed = word_counts[closed].sum() >= CLOSED_SHARE * word_counts.sum()
    return bool(is_closed and (word_counts[closed] >= SENTENCE_WORDS).sum() >= MIN_SENTENCES)


def without_missing_neighbours(by_block: EvidenceByBlock, index: RuleIndex) -> EvidenceByBlock:
    """The evidence without that of concepts whose neighbour (``next``, ``previous``) is not there.

    ``"*"`` stands for any strong evidence of residue. Evidence that is discarded for lack of a neighbour is no
    neighbour either.
    """
    asking = index.neighboured
    if not asking:
        return by_block
    return _with_neighbours(_with_neighbours(by_block, asking), asking)


def _with_neighbours(by_block: EvidenceByBlock, asking: Mapping[str, Concept]) -> EvidenceByBlock:
    """The evidence whose neighbours are there; ``asking`` are the concepts that need some, by rule."""
    asks = for_shared(by_block, lambda evidence: any(e.rule in asking for e in evidence))
    if True not in asks:
        return by_block
    left = list(by_block)
    for at, evidence in enumerate(by_block):
        if asks[at]:
            above, below = by_block[at - 1] if at else (), by_block[at + 1] if at + 1 < len(by_block) else ()
            left[at] = [e for e in evidence if e.rule not in asking or _is_between(asking[e.rule], above, below)]
    return left


def _is_between(concept: Concept, above: Sequence[Evidence], below: Sequence[Evidence]) -> bool:
    """Whether the evidence about the blocks above and below has the neighbours that a concept requires."""
    for names, beside in ((concept.previous, above), (concept.next, below)):
        if names and not any(e.name in names or ("*" in names and is_strong_residue(e)) for e in beside):
            return False
    return True
