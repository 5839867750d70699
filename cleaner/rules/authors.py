"""Who wrote a text, and the lines that say so: bylines, signatures, biographies."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from cleaner.document import Label
from cleaner.rules import byline_parts, line_forms
from cleaner.rules.evidence import Match, is_strong_residue
from cleaner.rules.matcher import Matcher
from cleaner.segment.prose import Zones
from cleaner.text import words

#: Names of authors above an article, at most, each on a line of its own.
MAX_AUTHORS: Final = 6
#: Lines at the end of a text in which a name and a colon may begin a biography.
LAST_LINES: Final = 3
#: Letters of a first name that stands for an author, at least.
MIN_FIRST_NAME: Final = 3

#: What stands between a name and a biography.
_SEPARATORS: Final = frozenset("–—-|")


class Authors:
    """The authors of one text, and which of its blocks are about them.

    ``zones`` are those of the article's own prose, ``matches`` the matches of words with the blocks.
    """

    def __init__(self, matcher: Matcher, zones: Zones, matches: Sequence[Match]) -> None:
        self._matcher = matcher
        self._blocks = matcher.page.blocks
        self._prose_map = matcher.prose_map
        self._zones = zones
        self._matches = matches

    @property
    def _lines(self) -> Sequence[str]:
        """The normalized texts of the blocks."""
        return self._matcher.lines

    def signature(self, at: int) -> bool:
        """A person's name alone where authors are named: above the prose, but above no list, or as the last line of a
        text, below a sentence. No other line has the person's last name, except for residue: an article is about other
        people than its author. And none has a part of the name in lower case: a heading ("Key findings") is made
        of such words.
        """
        if self._blocks[at].tag != "p" or not line_forms.is_name(self._blocks[at].plain):
            return False
        is_last = at == len(self._blocks) - 1
        if is_last and not words.FULL_STOP.search(self._blocks[at - 1].plain):
            return False
        if not is_last and (self._zones.zone(at) != "head" or self._blocks[at + 1].tag == "li"):
            return False
        if not is_last and self._head_is_a_list_of_names:
            return False
        parts = self._blocks[at].plain.replace(",", " ").replace("/", " ").split()
        if self._has_common_words(parts):
            return False
        others = [k for k, block in enumerate(self._blocks) if parts[-1] in block.plain and k != at]
        is_other_residue = all(k in self._residue or self.by_author(k) for k in others)
        return is_other_residue if at else not others  # the first line may be a headline about this person

    def byline(self, at: int) -> bool:
        """Nothing but who wrote the article, what they are, where and when (:mod:`.byline_parts`): above the article or
        right below its first paragraph, which may be a standfirst, or below its last one. Below it a place and a date
        may be those of an event, and the first line of all may be a headline that is a name.
        """
        if self._blocks[at].tag != "p" or at not in self.byline_places:
            return False
        parts = byline_parts.byline_parts(self._blocks[at].plain.strip())
        if byline_parts.is_dated(parts) and (at in self._top or byline_parts.is_about_the_article(parts)):
            return True
        return at > 0 and byline_parts.says_who(parts)

    def by_author(self, at: int) -> bool:
        """Begins with the name of an author that a byline has: a biography in the second half of the text, or the name
        once more. A speaker's name has a colon, and stands there several times.
        """
        text = self._blocks[at].plain.strip()
        name = self._author_at_start(text) if self._blocks[at].tag == "p" and at not in self.bylines else ""
        if not name:
            return False
        rest = text[len(name) :]
        if rest.strip(","):
            is_by_author = at >= self._middle and self._tells_of_author(at, rest)
        else:
            line = self._lines[at]
            is_by_author = not any(self._lines[k] == line for k in self._others(at))
        return is_by_author and not self._is_subject(name, at)

    def _is_subject(self, name: str, at: int) -> bool:
        """Whether the text is about an author: a line above block ``at``, or a paragraph, has the last name but does
        not begin with the name.
        """
        *first, last = name.split()
        lines = (
            self._blocks[k].plain
            for k in self._others(at)
            if k not in self._residue and (k < at or self._prose_map.prose[k])
        )
        return any(last.casefold() in line.casefold() and not (first and line.startswith(name)) for line in lines)

    def _others(self, at: int) -> list[int]:
        """The blocks besides ``at`` and the bylines."""
        return [k for k in range(len(self._blocks)) if k != at and k not in self.bylines]

    @cached_property
    def byline_places(self) -> Sequence[int]:
        """The blocks that may be bylines: those above the second block of prose, and those below the article."""
        return [at for at in range(len(self._blocks)) if at in self._top or self._zones.zone(at) == "tail"]

    @cached_property
    def _top(self) -> range:
        """The blocks above the second block of prose."""
        prose = [at for at, is_prose in enumerate(self._prose_map.prose) if is_prose]
        return range(prose[1] if len(prose) > 1 else 0)

    @cached_property
    def bylines(self) -> Mapping[int, str]:
        """The lines above the prose that name authors, with folded case: bylines, and names alone below the first line,
        which may be the headline.
        """
        known = {match.block for match in self._matches if match.evidence.label is Label.BYLINE}
        known |= {at for at in self._top if self.byline(at)}
        head = [at for at in range(len(self._blocks)) if self._zones.zone(at) == "head"]
        alone = [] if self._head_is_a_list_of_names else [at for at in head if at and self._is_name(at)]
        return {at: self._blocks[at].plain.casefold() for at in head if at in known or at in alone}

    @cached_property
    def _head_is_a_list_of_names(self) -> bool:
        """Whether so many lines above the prose are names that they are a list, and no authors."""
        head = (block for at, block in enumerate(self._blocks) if self._zones.zone(at) == "head")
        return sum(line_forms.is_name(block.plain) for block in head) > MAX_AUTHORS

    def _is_name(self, at: int) -> bool:
        """A person's name alone, no part of which stands in the text in lower case."""
        text = self._blocks[at].plain
        return line_forms.is_name(text) and not self._has_common_words(text.split())

    @cached_property
    def _residue(self) -> frozenset[int]:
        """The blocks that are residue by their words."""
        return frozenset(match.block for match in self._matches if is_strong_residue(match.evidence))

    @cached_property
    def _middle(self) -> int:
        """The first block above which at least half of the words stand."""
        return line_forms.second_half(self._prose_map.words)

    def _author_at_start(self, text: str) -> str:
        """The name of an author with which a line begins, or the first name alone; "" where it begins with none."""
        full = line_forms.name_at_start(text)
        if full and any(full.casefold() in line for line in self.bylines.values()):
            return "" if self._has_common_words(full.title().split()) else full
        first, _, rest = text.partition(" ")
        if not rest or len(first) < MIN_FIRST_NAME or not first.istitle() or not first.isalpha():
            return ""
        return first if first in self._first_names and not self._stands_in_text(first.lower()) else ""

    @cached_property
    def _first_names(self) -> frozenset[str]:
        """The first names of the authors that bylines have."""
        of_lines = [byline_parts.byline_parts(self._blocks[at].plain.strip()) for at in self.bylines]
        names = [
            part.text for parts in of_lines if byline_parts.says_who(parts) for part in parts if part.kind == "name"
        ]
        return frozenset(name.split()[0] for name in names if " " in name)

    def _tells_of_author(self, at: int, rest: str) -> bool:
        """Whether what stands behind the name of an author goes on as a biography does: with a small letter, behind a
        comma or a dash; or behind a colon, as a sentence in one of the last lines, since a speaker has one as well.
        """
        if rest[:1] == ":":
            return at >= len(self._blocks) - LAST_LINES and words.FULL_STOP.search(rest) is not None
        goes_on = rest.lstrip()
        return rest[:1] == "," or goes_on[:1] in _SEPARATORS or (rest[:1].isspace() and goes_on[:1].islower())

    def _has_common_words(self, parts: Sequence[str]) -> bool:
        """Whether a part of what may be a name stands in the text in lower case."""
        return any(self._stands_in_text(part.lower()) for part in parts if part[:1].isupper())

    def _stands_in_text(self, word: str) -> bool:
        """Whether a word stands somewhere in the text, as it is written here."""
        at = self._text.find(word) if word.isalnum() else -1
        while at >= 0:
            beside = self._text[at - 1 : at], self._text[at + len(word) : at + len(word) + 1]
            if not any(char.isalnum() or char == "_" for char in beside):
                return True
            at = self._text.find(word, at + 1)
        return False

    @cached_property
    def _text(self) -> str:
        return "\n".join(["", *(block.plain for block in self._blocks)])
