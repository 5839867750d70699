"""Rules meet blocks: what each rule has to say about each block of a page, as evidence.

Nothing is removed here, so the order of the rules cannot matter. Three passes, each over what the one before
found: words and selectors; concepts that ask for a shape or a neighbour; and concepts that reach on to
the blocks that follow.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import Final

from cleaner import words
from cleaner.cues import lowered
from cleaner.document import Evidence, Label
from cleaner.rules import STRENGTHS, ZONES, Concept, Pack, Pattern, Rule, Selector, concepts
from cleaner.segment import Node, Page, RawBlock

#: Words that make a closed line prose: the body of every article has such lines, hardly any residue does.
PROSE_WORDS: Final = 15
#: An element with as many prose blocks is a whole page or article; what its class says does not hold for each of its
#: blocks.
#: With this guard the precision of the token "comment" on real pages went from .47 to .98, of "ad" from .59 to .99.
GUARD: Final = 3
#: Blocks that a concept can take along, at most: no card, list or bio is longer.
REACH: Final = 40
#: Characters of a cue's beginning by which it is looked up.
GRAM: Final = 4
#: CPU seconds that one pattern of a user's pack has for one block.
TIMEOUT: Final = 0.2
#: Prose blocks that a text must have for the shape of its other lines to mean anything.
MIN_PROSE: Final = 3
#: Words that a run of lines must have for its repetition to mean anything.
RUN_WORDS: Final = 12
#: Words of the longest headline that a run of headlines goes on over.
RUN_LINE_WORDS: Final = 30
#: Lines that a run can have.
RUN_LINES: Final = 60
#: What spreads is a little less sure than what it spreads from.
SPREAD_SHARE: Final = 0.8
#: How the quote of evidence begins that a block has from another one.
UNDER: Final = "under "

#: The concept that a subscription card's lines have in common; the labels of its items; and how many of them must be
#: known.
CARD: Final = "subscription.card"
SELLING: Final = frozenset({Label.SUBSCRIPTION, Label.ADVERT})
CARD_SHARE: Final = 0.3
#: The concept of an element that is a menu or a footer.
AREA: Final = "navigation.area"
#: The concept of the lines that follow residue at the end.
TAIL_RUN: Final = "other.tail_run"

_WORD: Final = re.compile(r"[a-z]+|\d+")
_BRACKETS: Final = re.compile(r"\s*[(（][^()（）]{1,40}[)）]$")
_OPTION: Final = re.compile(r"--\w")
_OPEN_END: Final = re.compile(r"[\w,]\s*$")


@dataclass(slots=True)
class Findings:
    """For each block the evidence about it, the surest first; and the user's rules that ran out of time."""

    evidence: list[list[Evidence]]
    slow: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the prose of a page stands: for each block its number of words, and whether it is prose."""

    words: tuple[int, ...]
    prose: tuple[bool, ...]
    first: int
    last: int

    def zone(self, at: int) -> str:
        """Head before the first prose block, tail after the last, middle between; a page without prose is all
        middle.
        """
        if self.last < 0:
            return "middle"
        return "head" if at < self.first else "tail" if at > self.last else "middle"


def layout(blocks: Sequence[RawBlock]) -> Layout:
    """Where the prose is."""
    counts = tuple(words.count(block.plain) for block in blocks)
    prose = tuple(
        n >= PROSE_WORDS and block.linked * 2 < len(block.plain) and words.ENDED.search(block.plain[-12:]) is not None
        for n, block in zip(counts, blocks, strict=True)
    )
    at = [i for i, is_prose in enumerate(prose) if is_prose]
    return Layout(counts, prose, at[0] if at else -1, at[-1] if at else -1)


def _spine(page: Page, shape: Layout, direct: Iterable[tuple[int, Evidence, Concept]]) -> Layout:
    """The layout with its first and last prose moved to where the article's own prose begins and ends.

    A long caption, a newsletter's pitch or a slogan that stands there twice is prose by its form; what only the end
    of a
    text has (a bio) is no article when nothing but such blocks follows.
    """
    certain: set[int] = set()
    ending: set[int] = set()
    spoken_for: set[int] = set()
    for at, evidence, concept in direct:
        if evidence.label is Label.BODY:
            spoken_for.add(at)
        elif evidence.weight >= STRENGTHS["strong"] and concept.min_words <= shape.words[at] <= concept.max_words:
            (certain if concept.zone == ZONES else ending).add(at)
    folded = [words.fold(block.plain) for block in page.blocks]
    doubled = {at for at in range(1, len(folded)) if folded[at] == folded[at - 1]}
    doubled |= {at - 1 for at in doubled}
    others = doubled | (certain - spoken_for)
    own = [i for i, prose in enumerate(shape.prose) if prose and i not in others]
    last = len(own) - 1
    while last > 0 and last > len(own) - 4 and own[last] in ending - spoken_for:
        last -= 1
    return replace(shape, first=own[0] if own else -1, last=own[last] if own else -1)


class Rulebook:
    """The rules of several packs, arranged for quick looking up. Immutable once made."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        self.cues: dict[str, list[tuple[Concept, Pattern]]] = defaultdict(list)
        self.uncued: list[tuple[Concept, Pattern]] = []
        self.lines: dict[str, list[Rule]] = defaultdict(list)
        self.tokens: dict[tuple[str, str], list[tuple[Rule, Selector]]] = defaultdict(list)
        self.shaped: list[Rule] = []
        for rule in self.rules:
            self._add(rule)
        # Shapes need no words, so the concepts that are nothing else stand in no pack.
        own = {rule.concept.name for rule in self.rules}
        self.shaped += [Rule(c, f"concepts:{c.name}") for c in concepts().values() if c.shape and c.name not in own]
        #: The cues by how they begin, and those too short for that: most can be told absent without a search.
        self.grams: dict[str, list[str]] = defaultdict(list)
        self.short = [cue for cue in self.cues if len(cue) < GRAM]
        for cue in self.cues:
            if len(cue) >= GRAM:
                self.grams[cue[:GRAM]].append(cue)
        #: Words beyond which no pattern and no line looks at a block.
        self.longest = max((rule.concept.max_words for rule in self.rules if rule.patterns or rule.lines), default=0)

    def _add(self, rule: Rule) -> None:
        for pattern in rule.patterns:
            for cue in pattern.cues or ():
                self.cues[cue].append((rule.concept, pattern))
            if pattern.cues is None:
                self.uncued.append((rule.concept, pattern))
        for line in rule.lines:
            self.lines[line].append(rule)
        for selector in rule.selectors:
            # One condition finds the candidates, the rest is checked on them; a tag is the least telling.
            key, values = max(selector, key=lambda condition: condition[0] != "tag")
            for value in values:
                self.tokens[key, value].append((rule, selector))
        if rule.concept.shape and not (rule.patterns or rule.lines or rule.selectors):
            self.shaped.append(rule)


def collect(page: Page, book: Rulebook, shape: Layout) -> Findings:
    """All evidence about a page's blocks."""
    found = Findings([[] for _ in page.blocks])
    direct = list(_direct(page, book, shape, found.slow))
    if page.kind == "text":
        shape = _spine(page, shape, direct)
    checks = _Checks(page, shape)
    for at, evidence, concept in direct:
        if checks.admits(concept, at):
            _add(found.evidence[at], evidence)
    for rule in book.shaped:
        for at in checks.candidates():
            if checks.admits(rule.concept, at):
                _add(found.evidence[at], _evidence(rule.concept, "", rule.where))
    if page.kind == "text":
        _cards(page, shape, found)
        if sum(shape.prose) >= MIN_PROSE:
            _tail_runs(page, shape, found)
    _neighbours(book, found)
    _spread(page, shape, book, found)
    for about in found.evidence:
        about.sort(key=lambda e: (-e.weight, e.name, e.rule, e.quote))
    return found


def _add(to: list[Evidence], evidence: Evidence) -> None:
    """One piece of evidence a concept: the surest."""
    for i, old in enumerate(to):
        if old.name == evidence.name:
            # Equal weights: the smaller name wins, so that the order of the rules does not show.
            if (evidence.weight, old.rule, old.quote) > (old.weight, evidence.rule, evidence.quote):
                to[i] = evidence
            return
    to.append(evidence)


def _evidence(concept: Concept, quote: str, where: str) -> Evidence:
    return Evidence(concept.name, concept.label, concept.weight, quote[:80], where)


# -- words and selectors -----------------------------------------------------------------------


def _direct(page: Page, book: Rulebook, shape: Layout, slow: set[str]) -> Iterator[tuple[int, Evidence, Concept]]:
    for at, block in enumerate(page.blocks):
        if _reads(block, shape.words[at], book) and (rules := book.lines.get(words.fold(block.plain))):
            for rule in rules:
                yield at, _evidence(rule.concept, block.plain, rule.where), rule.concept
    for concept, pattern, at in _matches(page.blocks, book, shape):
        match = _search(pattern, page.blocks[at].plain, slow)
        if match:
            yield at, _evidence(concept, match, pattern.where), concept
    if page.kind == "html":
        yield from _selected(page, book, shape)


def _matches(blocks: Sequence[RawBlock], book: Rulebook, shape: Layout) -> Iterator[tuple[Concept, Pattern, int]]:
    """The pairs of pattern and block that can match at all: those with a literal in common."""
    texts = [b.plain if _reads(b, n, book) else "" for b, n in zip(blocks, shape.words, strict=True)]
    starts = [0, *accumulate(len(text) + 1 for text in texts)][:-1]
    whole = lowered("\n".join(texts))
    grams = {whole[i : i + GRAM] for i in range(len(whole) - GRAM + 1)}
    present = [cue for gram in book.grams.keys() & grams for cue in book.grams[gram]]
    seen: set[tuple[int, int]] = set()  # by identity: two packs of a user's may have one name
    for cue in (*book.short, *present):
        patterns = book.cues[cue]
        position = whole.find(cue)
        while position >= 0:
            at = bisect_right(starts, position) - 1
            for concept, pattern in patterns:
                if concept.min_words <= shape.words[at] <= concept.max_words and (id(pattern), at) not in seen:
                    seen.add((id(pattern), at))
                    yield concept, pattern, at
            position = whole.find(cue, starts[at + 1]) if at + 1 < len(starts) else -1
    for concept, pattern in book.uncued:
        for at, (text, number) in enumerate(zip(texts, shape.words, strict=True)):
            if text and concept.min_words <= number <= concept.max_words:
                yield concept, pattern, at


def _reads(block: RawBlock, number: int, book: Rulebook) -> bool:
    """Whether rules read a block's words: not those of code, where ``--follow`` is an option."""
    return number <= book.longest and block.tag != "pre" and not _OPTION.match(block.plain)


def _search(pattern: Pattern, text: str, slow: set[str]) -> str:
    if pattern.trusted:
        match = pattern.compiled.search(text)
    elif pattern.where in slow:
        return ""
    else:
        try:
            match = pattern.compiled.search(text, timeout=TIMEOUT)
        except TimeoutError:
            slow.add(pattern.where)
            return ""
    return match.group().strip() or text[:80] if match else ""


def _selected(page: Page, book: Rulebook, shape: Layout) -> Iterator[tuple[int, Evidence, Concept]]:
    """What the elements around a block say, up to the first one that holds several prose blocks."""
    prose = prose_below(page, shape)
    inherited: list[tuple[tuple[Evidence, Concept], ...]] = []
    known: dict[tuple[str, tuple[str, ...]], list[tuple[Evidence, Concept]]] = {}  # cards and items are many and alike
    for number, node in enumerate(page.nodes):
        above = inherited[node.parent] if node.parent >= 0 else ()
        kind = (node.tag, node.tokens)
        own = known.get(kind)
        if own is None:
            own = known[kind] = _hits(node, book)
        if node.tag == "footer" and node.parent >= 0 and page.nodes[node.parent].tag == "blockquote":
            own = []  # where a quotation is from
        if own or above:
            guarded = prose[number] >= GUARD
            # What speaks for body is meant for all that an element holds.
            above = tuple(
                (e, c) for e, c in (*above, *own) if not guarded or e.label is Label.BODY or c.strength == "always"
            )
        inherited.append(above)
    for at, block in enumerate(page.blocks):
        for evidence, concept in inherited[block.node]:
            if concept.selectors_only or concept.min_words <= shape.words[at]:
                yield at, evidence, concept


def prose_below(page: Page, shape: Layout) -> list[int]:
    """For each node how many prose blocks it holds, at any depth."""
    below = [0] * len(page.nodes)
    for block, is_prose in zip(page.blocks, shape.prose, strict=True):
        below[block.node] += is_prose
    for number in range(len(page.nodes) - 1, 0, -1):
        below[page.nodes[number].parent] += below[number]
    return below


def _hits(node: Node, book: Rulebook) -> list[tuple[Evidence, Concept]]:
    keys = [("tag", node.tag), *(key for token in node.tokens for key in _keys(token))]
    asked = [key for key in keys if key in book.tokens]
    if not asked:
        return []
    facts: dict[str, set[str]] = defaultdict(set)
    for kind, value in keys:
        facts[kind].add(value)
    return [
        (_evidence(rule.concept, f"<{node.tag}> {key[1]}", rule.where), rule.concept)
        for key in asked
        for rule, selector in book.tokens[key]
        if all(values & facts[kind] for kind, values in selector)
    ]


@lru_cache(maxsize=65_536)
def _keys(token: str) -> tuple[tuple[str, str], ...]:
    """What selectors can ask of a class, an id or the like."""
    kind = _KINDS.get(token[0])
    if kind is None:
        return ()
    words_in = split(token[1:]) if kind in ("class", "id") else ()
    return ((kind, token[1:]), *(("word", word) for word in words_in))


_KINDS: Final = {".": "class", "#": "id", "@": "role", "%": "itemprop"}


@lru_cache(maxsize=65_536)
def split(token: str) -> tuple[str, ...]:
    """The words of a class or id.

    >>> split("c-newsletter__box--2")
    ('c', 'newsletter', 'box', '2')
    """
    return tuple(_WORD.findall(token))


# -- shapes and neighbours ---------------------------------------------------------------------


class _Checks:
    """What a concept can ask of a block besides its words."""

    def __init__(self, page: Page, shape: Layout) -> None:
        self.page = page
        self.blocks = page.blocks
        self.layout = shape
        self.folded = [words.fold(block.plain) for block in page.blocks]
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
        }

    def candidates(self) -> range:
        """The blocks that a concept without words could be about: all of a text, none of a page with elements."""
        # In HTML shapes are features, and learned. A list, a poem or a table of results has no prose to be after.
        shown = self.page.kind == "text" and sum(self.layout.prose) >= MIN_PROSE
        return range(len(self.blocks)) if shown else range(0)

    def admits(self, concept: Concept, at: int) -> bool:
        if not concept.min_words <= self.layout.words[at] <= concept.max_words:
            return concept.selectors_only
        # In HTML prose stands in footers and cards too, so a zone says nothing before the body is known.
        if self.page.kind == "text" and self.layout.zone(at) not in concept.zone:
            return False
        return all(self.shapes[name](at) for name in concept.shape)

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
                return sum(self.layout.words[start : start + period]) >= RUN_WORDS
        return False

    def childless(self, at: int) -> bool:
        """A short unclosed line at the end, or right before another one."""
        if not self.unclosed(at) or self.layout.words[at] > 6:
            return False
        return at + 1 == len(self.blocks) or (self.unclosed(at + 1) and self.layout.words[at + 1] <= 12)

    def continues(self, at: int) -> bool:
        before = self.blocks[at - 1].plain if at else ""
        return bool(before and _OPEN_END.search(before) and self.blocks[at].plain[:1].islower())

    def short(self, at: int) -> bool:
        return self.layout.words[at] <= 12

    def unclosed(self, at: int) -> bool:
        return not words.CLOSED.search(self.blocks[at].plain[-12:])


def _certain(evidence: Evidence) -> bool:
    return evidence.label is not Label.BODY and evidence.weight >= STRENGTHS["strong"]


def _neighbours(book: Rulebook, found: Findings) -> None:
    """Takes back what needed a neighbour that is not there."""
    asking = {r.where: r.concept for r in (*book.rules, *book.shaped) if r.concept.next or r.concept.previous}
    if not asking:
        return
    names = [{e.name for e in about} | {"*" for e in about if _certain(e)} for about in found.evidence]
    nothing: set[str] = set()
    for at, about in enumerate(found.evidence):
        after = names[at + 1] if at + 1 < len(names) else nothing
        before = names[at - 1] if at else nothing
        about[:] = [
            e
            for e in about
            if (concept := asking.get(_rule(e))) is None
            or (
                (not concept.next or after & set(concept.next))
                and (not concept.previous or before & set(concept.previous))
            )
        ]


def _cards(page: Page, shape: Layout, found: Findings) -> None:
    """A list after the article's end of which some items sell something: all of it is one card, with the line
    above it.
    """
    concept = concepts()[CARD]
    at = 0
    while at < len(page.blocks):
        run = at
        while run < len(page.blocks) and page.blocks[run].tag == "li" and shape.zone(run) == "tail":
            run += 1
        known = sum(any(e.label in SELLING for e in about) for about in found.evidence[at:run])
        if known >= 2 and known >= CARD_SHARE * (run - at):
            above = at - 1
            head = above >= 0 and shape.zone(above) == "tail" and shape.words[above] <= concept.max_words
            for item in range(above if head else at, run):
                _add(found.evidence[item], _evidence(concept, f"{known} of {run - at} items", f"concepts:{CARD}"))
        at = max(run, at + 1)


def _tail_runs(page: Page, shape: Layout, found: Findings) -> None:
    """After the article's end residue goes on through the short lines that follow it, until a sentence."""
    concept = concepts()[TAIL_RUN]
    known = ""
    for at, block in enumerate(page.blocks):
        if shape.zone(at) != "tail":
            continue
        certain = [e for e in found.evidence[at] if _certain(e)]
        if certain:
            known = block.plain[:60]
        elif shape.words[at] > concept.max_words or (words.CLOSED.search(block.plain[-12:]) and shape.words[at] > 8):
            known = ""
        elif known:
            _add(found.evidence[at], _evidence(concept, f"after {known}", f"concepts:{TAIL_RUN}"))


# -- reach -------------------------------------------------------------------------------------


def _rule(evidence: Evidence) -> str:
    """The rule that an evidence comes from: a user's pack may have a concept of the library's with other properties."""
    return evidence.rule.rsplit("[", 1)[0] if evidence.rule.endswith("]") else evidence.rule


def _spread(page: Page, shape: Layout, book: Rulebook, found: Findings) -> None:
    reaching = {r.where: r.concept for r in (*book.rules, *book.shaped) if r.concept.spread}
    sources = [(at, e) for at, about in enumerate(found.evidence) for e in about if _rule(e) in reaching]
    named = [{e.label for e in about if _certain(e)} for about in found.evidence]
    spreads = {concept.spread for concept in reaching.values()}
    late = _second_half(shape) if "rest" in spreads else 0
    last = _last_places(page) if "contents" in spreads else {}
    areas = [any(e.name == AREA for e in about) for about in found.evidence]
    to_the_end: set[str] = set()
    for at, evidence in sources:
        concept = reaching[_rule(evidence)]
        if concept.spread == "rest":
            if at < late or evidence.name in to_the_end:
                continue  # what makes up most of a page does not follow it; or has been reached
            to_the_end.add(evidence.name)
        if at and evidence.quote.startswith("<") and any(e.rule == evidence.rule for e in found.evidence[at - 1]):
            continue  # an element around several blocks has given it to each of them
        for follower in _reached(page, shape, concept.spread, at):
            if areas[follower] and not areas[at]:
                break  # the page's footer
            if concept.spread == "contents" and last[words.fold(page.blocks[follower].plain)] == follower:
                break  # the entries of a table of contents are headings further down
            # What has a name of its own ends the section; but comments have dates too.
            others = named[follower] - {evidence.label}
            if (concept.spread == "section" and others) or (concept.spread == "rest" and others - {Label.BYLINE}):
                break
            if concept.spread == "run" and page.kind == "html" and others - named[at] - {Label.BYLINE}:
                break
            weight = evidence.weight if evidence.weight > 50 else evidence.weight * SPREAD_SHARE
            quote = UNDER + page.blocks[at].plain[:60]
            _add(found.evidence[follower], Evidence(evidence.name, evidence.label, weight, quote, evidence.rule))


def _last_places(page: Page) -> dict[str, int]:
    """Where each line stands for the last time, also without what stands in brackets at its end."""
    last: dict[str, int] = {}
    for at, block in enumerate(page.blocks):
        last[words.fold(block.plain)] = last[words.fold(_BRACKETS.sub("", block.plain))] = at
    return last


def _reached(page: Page, shape: Layout, spread: str, at: int) -> Iterator[int]:
    """The blocks behind ``at`` that belong to it."""
    blocks = page.blocks
    source = blocks[at]
    for follower in range(at + 1, min(at + 1 + REACH, len(blocks)) if spread != "rest" else len(blocks)):
        block = blocks[follower]
        if spread == "bullets" and (block.tag != "li" or source.tag == "li" or shape.prose[follower]):
            return
        if spread == "bullets" and page.kind == "html" and block.linked * 2 > len(block.plain):
            return  # the entries of a menu
        if spread == "run" and (_ends_run(block, shape.words[follower]) or 0 < block.level < source.level):
            return
        if spread == "section" and _ends_section(page, shape, at, follower):
            return
        yield follower


def _ends_run(block: RawBlock, number: int) -> bool:
    """Whether prose resumes: a closed line, or a long one. Headlines that ask a question are closed too, and go on."""
    closed = words.ENDED.search(block.plain[-12:]) is not None and not block.plain.rstrip().endswith(("?", "？", "؟"))
    return closed or number > RUN_LINE_WORDS


def _second_half(shape: Layout) -> int:
    """The first block before which at least half of the words stand."""
    before = list(accumulate(shape.words, initial=0))
    return bisect_left(before, before[-1] / 2)


def _ends_section(page: Page, shape: Layout, at: int, follower: int) -> bool:
    block = page.blocks[follower]
    if block.level:
        return True
    if page.kind == "html":
        return follower > at + 4
    # A text does not mark its headings: what is not at its end may be the article going on, unless it is a list.
    if all(other.tag == "li" for other in page.blocks[at + 1 : follower + 1]):
        return False
    return shape.zone(at) != "tail" and not (shape.last <= follower <= at + 2)
