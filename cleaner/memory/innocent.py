"""Lines that recur on a site and are content: headings, rows of tables, headlines of series, what a story quotes."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from cleaner.memory.index import Recurrence
from cleaner.memory.lines import is_stamp
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.words import COLONS, ENDED, FULL_STOP, QUESTION_MARKS

#: Words of a heading, a name or a label at most, and of a question; and how many of them may follow each other.
SHORT_WORDS: Final = 8
QUESTION_WORDS: Final = 20
MAX_HEADS: Final = 3
#: Words of a headline of another story, at most.
HEADLINE_WORDS: Final = 25
#: Days that the documents with a line span at most where they tell one story, and the days that all known documents
#: span at least, so that this tells anything.
STORY_DAYS: Final = 4
MIN_SPAN: Final = 30

_DIGIT: Final = re.compile(r"\d")
_QUESTION_MARKS: Final = (*QUESTION_MARKS, "\u037e")  # the last one is Greek
#: What shows that a line is one of the page's own controls, and no heading: a bar between two words, an arrow at an
#: end, a count in brackets at the end.
_CONTROL: Final = re.compile(r"\w\s*\|\s*\w|^\s*(?:>>|[»›→])|(?:>>|[›→])\s*$|\((?:\+|[^()]*\d)\)\s*$")
#: What a line states under a name: "Location: Pier 4".
_NAMED: Final = re.compile(r"[^:：]{2,40}[:：]\s")
_BARS: Final = re.compile(r"[|\s]*\|[|\s]*")


@dataclass(frozen=True, slots=True)
class Innocent:
    """Which lines of a page are content though they recur.

    ``recurring``  the blocks whose lines recur in enough documents
    ``going``      the blocks that go anyway
    """

    page: Page
    prose_map: ProseMap
    recurring: Collection[int]
    going: Collection[int] = ()

    def is_innocent(self, at: int, found: Recurrence, *, of_part: bool) -> bool:
        """Whether a line is content. ``of_part``: what recurs is its beginning or end, ``found`` is about that."""
        if is_of_one_story(found) or (of_part and self._is_of_article(at)):
            return True
        if self.page.kind == "text" and self.page.blocks[at].tag == "td":
            return self._is_of_data(at)
        return self._introduces(at)

    def _is_new(self, at: int) -> bool:
        return at not in self.recurring and at not in self.going

    def _is_of_article(self, at: int) -> bool:
        """Whether a line above the prose is about this article: its headline, and what it states under a name."""
        return self.prose_map.zones.zone(at) == "head" and (at == 0 or bool(_NAMED.match(self.page.blocks[at].plain)))

    def _is_of_data(self, at: int) -> bool:
        """Whether a row of a text stands in a table of data: one in which a row of several cells is new. Extractors
        write the layouts of pages as tables, too.
        """
        blocks = self.page.blocks
        first, last = at, at + 1
        while first > 0 and blocks[first - 1].tag == "td":
            first -= 1
        while last < len(blocks) and blocks[last].tag == "td":
            last += 1
        new = [row for row in range(first, last) if self._is_new(row)]
        return any(len([cell for cell in _BARS.split(blocks[row].plain) if cell]) > 1 for row in new)

    def _introduces(self, at: int) -> bool:
        """Whether a line stands above new text as a heading, a name or a question does. Several may follow each other,
        as the headings of a section and of its first part.
        """
        blocks = self.page.blocks
        for below in range(at, min(at + MAX_HEADS, len(blocks) - 1)):
            text, words = blocks[below].plain.rstrip(), self.prose_map.words[below]
            if _CONTROL.search(text) or is_stamp(text):
                return False
            is_question = text.endswith(_QUESTION_MARKS) and words <= QUESTION_WORDS
            if not is_question and (words > SHORT_WORDS or FULL_STOP.search(text)):
                return False
            if self._is_new(below + 1):
                return self._may_be_content(below + 1)
        return False

    def _may_be_content(self, at: int) -> bool:
        """Whether a new line may be what a heading introduces. Behind the last prose, lines with the form of headlines
        are not: there a heading that recurs ("Most read") stands above headlines that do not.
        """
        block = self.page.blocks[at]
        if self.prose_map.zones.zone(at) != "tail" or block.tag not in ("p", "div"):
            return True
        if self.prose_map.words[at] > HEADLINE_WORDS or block.plain.rstrip().endswith(COLONS):
            return True
        return bool(_DIGIT.search(block.plain) or ENDED.search(block.plain))


def is_of_one_story(recurrence: Recurrence) -> bool:
    """Whether all documents with a line are of a few days, though those of the site span weeks: a quotation that
    several articles on one event have.
    """
    return recurrence.all_days >= MIN_SPAN and 0 < recurrence.days <= STORY_DAYS
