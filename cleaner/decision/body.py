"""Scores become a decision: which blocks are body. What the others are, :mod:`cleaner.decision.labels` says."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from cleaner.decision import labels, next_story
from cleaner.document import Evidence, Label
from cleaner.model import weights
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Columns, Flags, Floats

#: A rule of this weight decides alone: ``strength = "always"`` in a user's pack.
ALWAYS: Final = 50.0
#: Probability of being an article from which a page is judged as one. On listings, shops and service pages the rules
#: for articles cost .01 to .06 of word F1: there short blocks, and headings without text below, are the content.
ARTICLE: Final = 0.3
#: HTML: blocks of fewer words than this need a score of ``SHORT_BAR``; words alone would not mind them, readers do.
SHORT: Final = 6
SHORT_BAR: Final = 0.5
#: The same on pages that are no article.
SHORT_BAR_ELSEWHERE: Final = 0.2
#: HTML: a heading between body blocks stays from this score on.
HEADING_BAR: Final = 0.15
#: HTML: a row with a cell of so many characters is no row of data but a part of a page laid out as a table.
LONG_CELL: Final = 120
#: HTML: an item of a list between two that stay stays from this score on.
ITEM_BAR: Final = 0.1
#: HTML: the page's own title is metadata below this score.
TITLE_BAR: Final = 0.8
#: HTML: a standfirst stays from this score on, has so many words at least, and stands at most so many blocks below the
#: headline.
STANDFIRST_BAR: Final = 0.1
STANDFIRST_WORDS: Final = 3
STANDFIRST_REACH: Final = 15
#: HTML: no block stays below this score.
FLOOR: Final = 0.05
#: HTML: a page of which fewer words than this are body, as its scores have it, has no body: an empty shell, an error
#: page, a list that a script fills. On dev 10 of 17 pages with empty gold are found; 3 others are lost that had nothing
#: right anyway.
LEAST_WORDS: Final = 15.0
#: HTML: log-odds by which a page as a whole may be off, one standard deviation; and equally likely states of a page,
#: the quantiles of a normal distribution.
SHARED: Final = 2.0
STATES: Final = np.array([NormalDist().inv_cdf((k + 0.5) / 8) for k in range(8)])
#: Text: a block of one word goes when its log-odds of body are below this; by so much less surely body must a longer
#: one be, by the logarithm of its words: a paragraph that goes by mistake costs more than a line. Of the ways to spend
#: ten body words in 10,000 this one found most residue.
TEXT_BAR: Final = 0.3
LENGTH: Final = 0.5
#: Text: the flag of an article on one line, whose sentences go only where rules alone are so sure (log-odds of body).
ONE_LINE: Final = "one_line"
SURE: Final = -2.0
#: Text: lines at its top that may be headline and standfirst.
HEAD: Final = 2
#: Text: more of a text's words than this share do not go; an extractor's output is mostly body.
MOST: Final = 0.6

#: Text: how lines of code end.
CODE: Final = ("{", "}", ";")
_RULE: Final = re.compile(r"[-–—*_=~•·.#\s]+")

#: For a block that a user's rule decides alone about, whether it stays.
Always = Mapping[int, bool]


@dataclass(frozen=True, slots=True)
class Decision:
    """Which blocks are body; how sure that is, as the word F1 to be expected; and what had to be done about the source
    as a whole.
    """

    body: Flags
    confidence: float
    flags: tuple[str, ...] = ()


def html(page: Page, layout: ProseMap, columns: Columns, scores: Floats, always: Always) -> Decision:
    """Which blocks of a page are body.

    ``scores`` are probabilities of body, already moved by the caller's threshold.
    """
    number = np.array(layout.words, np.float64)
    article = bool(columns["type_article"][0] >= ARTICLE)
    # What has no title may be a piece of a page, with a body of a few words.
    if not always and page.metadata.title and float((scores * number).sum()) < LEAST_WORDS:
        return Decision(np.zeros(len(scores), bool), _expected(scores, number, np.zeros(len(scores), bool)))
    body = _best_set(scores, number)
    body &= (number >= SHORT) | (scores >= (SHORT_BAR if article else SHORT_BAR_ELSEWHERE))
    body &= (scores >= TITLE_BAR) | ~labels.own_title(columns)
    body |= _standfirst(columns, body, scores)
    if article:
        body &= ~next_story.behind(page, columns)
    _whole(page, body, scores)
    _overrule(body, always)
    _coherent(page, body, scores, article=article)
    flags: tuple[str, ...] = ()
    prose = np.array(layout.prose, bool)
    if not body.any() and prose.any():
        body, flags = prose & (scores >= scores[prose].max() * 0.5), ("guard:nothing_left",)
    return Decision(body, _expected(scores, number, body), flags)


def text(page: Page, layout: ProseMap, columns: Columns, scores: Floats, always: Always) -> Decision:
    """Which blocks of a text are body, and what had to be done about the text as a whole."""
    number = np.array(layout.words, np.float64)
    body = scores >= 1 / (1 + np.exp(LENGTH * np.log(np.maximum(number, 1)) - TEXT_BAR))
    alone = weights.prior(columns)
    if ONE_LINE in page.flags:
        body |= alone > SURE
    _spare(page, layout, body, alone > 0)
    _separators(page, body)
    _overrule(body, always)
    prose = np.array(layout.prose, bool)
    if not prose.any() or number[~body].sum() <= MOST * number.sum():
        return Decision(body, _expected(scores, number, body))
    body |= prose
    return Decision(body, _expected(scores, number, body), ("guard:too_much_removed",))


def always(evidence: Sequence[Sequence[Evidence]]) -> Always:
    """The blocks about which a user's rules decide alone; one that keeps beats one that drops."""
    strong = {at: [e for e in about if e.weight >= ALWAYS] for at, about in enumerate(evidence)}
    return {at: any(e.label is Label.BODY for e in about) for at, about in strong.items() if about}


def _best_set(scores: Floats, number: Floats) -> Flags:
    """The blocks whose keeping gives the highest expected word F1: those with the best scores, down to where it
    falls.

    The blocks of a page are not independent: a list of teasers is body as a whole or not at all. Each state of the page
    moves all log-odds together; they are stretched so that the mean over the states is the block's own score. Taken as
    independent, 4,000 words of teasers with a score of .3 would outweigh an article of 300 words. On three fits this
    gave .003 to .005 of F1 on magazines, .000 to .002 on news, and took 5 to 15 words of residue a page.
    """
    body = np.zeros(len(scores), bool)
    known = np.clip(scores, 1e-6, 1 - 1e-6)
    odds = np.log(known / (1 - known)) * np.sqrt(1 + np.pi * SHARED**2 / 8)
    order = np.argsort(-scores, kind="stable")
    words = number[order]
    gold = words / (1 + np.exp(-(odds[order] + SHARED * STATES[:, None])))  # (states, blocks)
    hit = np.cumsum(gold, axis=1)
    expected = (2 * hit / (np.cumsum(words) + hit[:, -1:] + 1e-9)).mean(axis=0)
    body[order[: int(np.argmax(expected)) + 1]] = True
    return body & (scores > FLOOR)


def _expected(scores: Floats, number: Floats, body: Flags) -> float:
    """The word F1 to be expected of keeping some blocks; of keeping none, the probability that none is body."""
    total = float((scores * number).sum())
    if not body.any():
        return float(np.clip(1 - total / (2 * LEAST_WORDS), 0, 1))
    return float(2 * (scores * number)[body].sum() / (number[body].sum() + total + 1e-9))


def _standfirst(columns: Columns, body: Flags, scores: Floats) -> Flags:
    """The blocks between the headline and the first prose that class, id or the page's description mark as the
    standfirst.

    Of 420 news pages 36 had lost theirs, the largest class of faults by itself: the share of perfect pages went up by 2
    points on news, and down by half a point on the web at large, where gold mostly leaves standfirsts out.
    """
    out = np.zeros(len(body), bool)
    title_in, in_title, level = columns["title_in"], columns["in_title"], columns["heading"]
    titles = ((level == 1) & (in_title >= 0.5)) | ((level > 0) & (title_in >= 0.7) & (in_title >= 0.7))
    titles = titles if titles.any() else level == 1
    kept = np.flatnonzero(body & (columns["prose"] > 0))
    marked = (columns["in_description"] >= 0.8) & (columns["description_in"] >= 0.5)
    fitting = (columns["link_share"] <= 0.3) & (columns["words"] >= STANDFIRST_WORDS) & (scores >= STANDFIRST_BAR)
    if len(kept) and (above := np.flatnonzero(titles[: kept[-1]])).size:
        title = int(above[0])
        below = kept[kept > title]
        zone = slice(title + 1, min(int(below[0]) + 1, title + STANDFIRST_REACH))
        out[zone] = ((marked | (columns["standfirst"] > 0)) & fitting)[zone]
    else:
        out = marked & fitting & (columns["since_first_prose"] <= 1) & (columns["words"] >= SHORT)
    return out


def _whole(page: Page, body: Flags, scores: Floats) -> None:
    """No row of a table without some of its cells, and no list without an item between two that stay."""
    rows: dict[int, list[int]] = defaultdict(list)
    items: list[int] = []
    for at, block in enumerate(page.blocks):
        if block.row is not None:
            rows[block.row].append(at)
        if block.tag == "li":
            items.append(at)
    for cells in rows.values():
        data = all(len(page.blocks[at].plain) < LONG_CELL for at in cells)
        if data and body[cells].any():
            body[cells] |= scores[cells] >= FLOOR
    parent = page.elements.parent
    for before, at, behind in zip(items, items[1:], items[2:], strict=False):
        if body[before] and body[behind] and behind - before == 2 and scores[at] >= ITEM_BAR:
            around = {parent[page.blocks[k].node] for k in (before, at, behind)}
            body[at] = body[at] or len(around) == 1


def _spare(page: Page, layout: ProseMap, body: Flags, unnamed: Flags) -> None:
    """Keeps what may be a heading, data or code, where by rules alone it would stay (``unnamed``): the line above a
    list that stays, the first lines above the prose, rows of a table, and lines that end as neither sentence nor label.
    """
    is_item = [block.tag == "li" for block in page.blocks]
    for at in np.flatnonzero(~body & unnamed).tolist():
        above_list = at + 1 < len(is_item) and is_item[at + 1] and not is_item[at] and body[at + 1]
        block = page.blocks[at]
        body[at] = above_list or at < min(HEAD, layout.first) or block.tag == "td" or block.plain.endswith(CODE)


def _separators(page: Page, body: Flags) -> None:
    """A rule drawn with marks parts what stands above it from what stands below: where one of them goes, so does it."""
    wordless = [_RULE.fullmatch(block.plain) is not None for block in page.blocks]
    if not any(wordless):
        return
    spoken = [at for at, empty in enumerate(wordless) if not empty]
    for at in np.flatnonzero(wordless).tolist():
        behind = bisect_right(spoken, at)
        beside = [*spoken[max(behind - 1, 0) : behind], *spoken[behind : behind + 1]]
        body[at] &= len(beside) == 2 and bool(body[beside].all())


def _overrule(body: Flags, always: Always) -> None:
    for at, stays in always.items():
        body[at] = stays


def _coherent(page: Page, body: Flags, scores: Floats, *, article: bool) -> None:
    """In an article no heading without anything under it; and no body without the heading that stands right above it.

    The second raised the share of perfect pages on unseen sites from 36 to 40 % on news, from 22 to 27 % on articles.
    """
    first = int(np.argmax(body)) if body.any() else len(body)
    under = close = False  # body somewhere below, up to the next heading; body right below
    for at in range(len(body) - 1, -1, -1):
        if page.blocks[at].level:
            body[at] = ((under or not article) and bool(body[at])) or (
                close and at > first and scores[at] >= HEADING_BAR
            )
            under = False
            close = bool(body[at])
        else:
            under = under or bool(body[at])
            close = bool(body[at]) and scores[at] > SHORT_BAR
