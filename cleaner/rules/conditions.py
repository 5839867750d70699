"""What a concept can ask of a block besides its words: its prose_map, its place, what stands around it."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from cleaner.rules.packs import Concept
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text import words

#: Prose blocks that a text must have for the shape of its other lines to mean anything.
MIN_PROSE: Final = 3
#: Words that a run of lines must have for its repetition to mean anything.
RUN_WORDS: Final = 12
#: Share of a line's characters inside links from which it is nothing but a link.
LINKED: Final = 0.9
#: Lines that a run can have.
RUN_LINES: Final = 60

_OPTION: Final = re.compile(r"--\w")
_OPEN_END: Final = re.compile(r"[\w,]\s*$")


class Checks:
    """What a concept can ask of a block besides its words."""

    def __init__(self, page: Page, prose_map: ProseMap) -> None:
        self.page = page
        self.blocks = page.blocks
        self.prose_map = prose_map
        self.folded = [words.normalize_line(block.plain) for block in page.blocks]
        self.places: dict[str, list[int]] = defaultdict(list)
        for at, text in enumerate(self.folded):
            self.places[text].append(at)
        self.shapes: dict[str, Callable[[int], bool]] = {
            "lowercase": self.lowercase,
            "before_bullets": self.before_bullets,
            "repeated": self.repeated,
            "repeated_run": self.repeated_run,
            "doubled": self.doubled,
            "childless": self.childless,
            "continues": self.continues,
            "short": self.short,
            "unclosed": self.unclosed,
            "linked": self.linked,
        }

    def candidates(self) -> range:
        """The blocks that a concept without words could be about: all of a text, none of a page with elements."""
        # In HTML shapes are features, and learned. A list, a poem or a table of results has no prose to be after.
        shown = self.page.kind == "text" and sum(self.prose_map.prose) >= MIN_PROSE
        return range(len(self.blocks)) if shown else range(0)

    def admits(self, concept: Concept, at: int) -> bool:
        if not concept.min_words <= self.prose_map.words[at] <= concept.max_words:
            return concept.selectors_only
        # In HTML prose stands in footers and cards too, so a zone says nothing before the body is known.
        if self.page.kind == "text" and self.prose_map.zone(at) not in concept.zone:
            return False
        return all(self.shapes[name](at) for name in concept.requires)

    def lowercase(self, at: int) -> bool:
        text = self.blocks[at].plain
        return text.islower() and not words.CLOSED.search(text) and self.blocks[at].tag == "p"

    def before_bullets(self, at: int) -> bool:
        following = self.blocks[at + 1 : at + 3]
        return self.blocks[at].tag != "li" and len(following) == 2 and all(b.tag == "li" for b in following)

    def repeated(self, at: int) -> bool:
        """It stands there again, before or after."""
        return len(self.places[self.folded[at]]) > 1

    def doubled(self, at: int) -> bool:
        """The same line again right above or below it."""
        around = (k for k in (at - 1, at + 1) if 0 <= k < len(self.folded))
        return any(self.folded[k] == self.folded[at] for k in around)

    def repeated_run(self, at: int) -> bool:
        """Part of a run of lines that stands there twice, the second right after the first.

        A refrain stands between verses, and a response is short: this is neither.
        """
        places = self.places[self.folded[at]]
        if len(places) != 2 or not 2 <= places[1] - places[0] <= RUN_LINES:
            return False
        first, period = places[0], places[1] - places[0]
        for start in range(max(first - period + 1, 0), first + 1):
            run = self.folded[start : start + period]
            if run == self.folded[start + period : start + 2 * period]:
                return sum(self.prose_map.words[start : start + period]) >= RUN_WORDS
        return False

    def childless(self, at: int) -> bool:
        """A short unclosed line at the end, or right before another one."""
        if not self.unclosed(at) or self.prose_map.words[at] > 6:
            return False
        return at + 1 == len(self.blocks) or (self.unclosed(at + 1) and self.prose_map.words[at + 1] <= 12)

    def continues(self, at: int) -> bool:
        before = self.blocks[at - 1].plain if at else ""
        return bool(before and _OPEN_END.search(before) and self.blocks[at].plain[:1].islower())

    def short(self, at: int) -> bool:
        return self.prose_map.words[at] <= 12

    def unclosed(self, at: int) -> bool:
        return not words.CLOSED.search(self.blocks[at].plain[-12:])

    def linked(self, at: int) -> bool:
        """Nearly all of it is inside links."""
        return self.blocks[at].linked >= LINKED * max(len(self.blocks[at].plain), 1)
