"""Which blocks of a page are body."""

from collections import defaultdict
from collections.abc import Iterator
from statistics import NormalDist
from typing import Final

import numpy as np

from cleaner.decision.decision import MIN_BODY_WORDS, Decision, Decisive, expected_f1, overruled
from cleaner.decision.live_blog import with_entries
from cleaner.decision.next_story import next_story_mask
from cleaner.decision.noscript import without_repeated_lead
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text import odds
from cleaner.text.arrays import Columns, Flags, Floats
from cleaner.text.structure import LONG_CELL, is_code

#: Probability of being an article from which a page is judged as one. On listings, shops and service pages the rules
#: for articles cost .01 to .06 of word F1: there short blocks, and headings without text below, are the content.
ARTICLE: Final = 0.3
#: Blocks of fewer words than this need a score of ``SHORT_BAR`` in an article, and of ``SHORT_BAR_ELSEWHERE`` on other
#: pages. Word F1 would not mind them, readers do.
MIN_LINE_WORDS: Final = 6
SHORT_BAR: Final = 0.5
SHORT_BAR_ELSEWHERE: Final = 0.2
#: A heading right above body stays from this score on.
HEADING_BAR: Final = 0.15
#: An item of a list between two that stay stays from this score on.
ITEM_BAR: Final = 0.1
#: Share of a list of definitions that stays, so that all of it does.
DEFINITIONS_SHARE: Final = 0.5
#: Code of so many lines at most between two blocks that stay stays from this score on.
CODE_BAR: Final = 0.1
CODE_LINES: Final = 2
#: No block stays below this score.
FLOOR: Final = 0.05

#: The page's own title is metadata below this score. A block is the title when it holds this share of the title's
#: words, and this share of its own words stands in the title.
TITLE_BAR: Final = 0.8
TITLE_SHARE: Final = 0.8
TITLE_OWN_SHARE: Final = 0.7

#: A standfirst stays from this score on, has so many words at least, is linked to this share at most, and stands
#: fewer than so many blocks below the headline.
STANDFIRST_BAR: Final = 0.1
STANDFIRST_WORDS: Final = 3
STANDFIRST_LINKED: Final = 0.3
STANDFIRST_REACH: Final = 15
#: A block is marked as the standfirst by the page's description when this share of its words stands there, and it holds
#: this share of the description's words.
DESCRIPTION_OWN_SHARE: Final = 0.8
DESCRIPTION_SHARE: Final = 0.5
#: A heading is the headline when this share of its words stands in the page's title: an h1, and any heading.
H1_OWN_SHARE: Final = 0.5
HEADLINE_SHARE: Final = 0.7

#: Log-odds by which a page as a whole may be off, one standard deviation; and equally likely states of a page, the
#: quantiles of a normal distribution.
SHARED_DEVIATION: Final = 2.0
STATES: Final = np.array([NormalDist().inv_cdf((k + 0.5) / 8) for k in range(8)])
#: A page of a few words is empty when this share of them, at most, is expected to be body.
EMPTY_SHARE: Final = 0.15
#: Where nothing would be left, prose stays from this share of the highest score of prose on.
LEFT_SHARE: Final = 0.5


def decide_page(page: Page, prose_map: ProseMap, columns: Columns, scores: Floats, decisive: Decisive) -> Decision:
    """Which blocks of a page are body.

    ``columns`` are those of the first stage; ``scores`` (n_blocks,) float64 are probabilities of body, moved by the
    caller's threshold.
    """
    word_counts = np.array(prose_map.words, np.float64)
    next_story = next_story_mask(page, columns)
    # What has no title may be a fragment, with a body of a few words.
    expected_words = float((scores * word_counts).sum())
    if page.metadata.title and expected_words < min(MIN_BODY_WORDS, EMPTY_SHARE * word_counts.sum()):
        nothing = np.zeros(len(scores), bool)
        body = overruled(nothing, decisive)
        return Decision(body, expected_f1(scores, word_counts, nothing), (), decisive, next_story)
    article = bool(columns["type_article"][0] >= ARTICLE)
    body = best_set(scores, word_counts)
    body &= (word_counts >= MIN_LINE_WORDS) | (scores >= (SHORT_BAR if article else SHORT_BAR_ELSEWHERE))
    body &= (scores >= TITLE_BAR) | ~is_own_title(columns)
    body |= _standfirst(columns, body, scores)
    if article:
        body &= ~next_story
    body = _with_whole_rows(page, body, scores)
    body = _with_whole_lists(page, body, scores)
    body = _with_code(page, body, scores)
    body = with_entries(page, columns, body, scores)
    # Twice: what a user's rules decide counts for the headings above it, and nothing counts against it.
    body = overruled(body, decisive)
    body = _with_headings(page, body, scores, article=article)
    flags: tuple[str, ...] = ()
    if not body.any() and prose_map.in_prose.any():
        body = prose_map.in_prose & (scores >= scores[prose_map.in_prose].max() * LEFT_SHARE)
        flags = ("guard:nothing_left",)
    body, of_noscript = without_repeated_lead(page, body, word_counts)
    flags += of_noscript
    body = overruled(body, decisive)
    return Decision(body, expected_f1(scores, word_counts, body), flags, decisive, next_story)


def best_set(scores: Floats, word_counts: Floats) -> Flags:
    """The blocks that give the highest expected word F1 when they are kept: (n_blocks,) bool.

    For a set of given size the blocks with the best scores are the best set, so the sets to compare are the beginnings
    of the list of blocks sorted by score (Jansche 2007, "A maximum expected utility framework for binary sequence
    labeling"; Ye et al. 2012, "Optimizing F-measure").

    The blocks of a page are not independent: a list of teasers is body as a whole or not at all. So the expectation is
    over eight equally likely states of the page, each of which moves all log-odds together. The log-odds are stretched
    beforehand so that the mean over the states is the block's own score again: the mean of a sigmoid over a normal
    distribution is approximated by a sigmoid of log-odds divided by sqrt(1 + pi * variance / 8) (MacKay 1992). With
    independent blocks, 4,000 words of teasers with a score of .3 would outweigh an article of 300 words. On three fits
    this gave .003 to .005 of F1 on magazines and .000 to .002 on news, and took 5 to 15 words of residue a page.
    """
    bounded = np.clip(scores, 1e-6, 1 - 1e-6)
    log_odds = odds.log_odds(bounded) * np.sqrt(1 + np.pi * SHARED_DEVIATION**2 / 8)
    order = np.argsort(-scores, kind="stable")
    words = word_counts[order]
    expected_words = words / (1 + np.exp(-(log_odds[order] + SHARED_DEVIATION * STATES[:, None])))  # (states, blocks)
    kept = np.cumsum(expected_words, axis=1)
    f1 = (2 * kept / (np.cumsum(words) + kept[:, -1:] + 1e-9)).mean(axis=0)
    body = np.zeros(len(scores), bool)
    body[order[: int(np.argmax(f1)) + 1]] = True
    return body & (scores > FLOOR)


def is_own_title(columns: Columns) -> Flags:
    """Which blocks are what the page says its title is: nearly all its words, and few others. (n_blocks,) bool."""
    return np.asarray((columns["title_in"] >= TITLE_SHARE) & (columns["in_title"] >= TITLE_OWN_SHARE), bool)


def _standfirst(columns: Columns, body: Flags, scores: Floats) -> Flags:
    """The blocks between the headline and the first prose that class, id or the page's description mark as the
    standfirst: (n_blocks,) bool.

    Of 420 news pages 36 had lost theirs, the largest class of faults. The share of perfect pages went up by 2 points on
    news, and down by half a point on the web at large, where gold mostly leaves standfirsts out.
    """
    title_in, in_title, level = columns["title_in"], columns["in_title"], columns["heading"]
    headlines = (level == 1) & (in_title >= H1_OWN_SHARE)
    headlines |= (level > 0) & (title_in >= HEADLINE_SHARE) & (in_title >= HEADLINE_SHARE)
    headlines = headlines if headlines.any() else level == 1
    described = columns["in_description"] >= DESCRIPTION_OWN_SHARE
    described &= columns["description_in"] >= DESCRIPTION_SHARE
    possible = (columns["link_share"] <= STANDFIRST_LINKED) & (columns["words"] >= STANDFIRST_WORDS)
    possible &= scores >= STANDFIRST_BAR
    kept_prose = np.flatnonzero(body & (columns["prose"] > 0))
    if not len(kept_prose) or not headlines[: kept_prose[-1]].any():
        above_prose = columns["since_first_prose"] <= 1
        return np.asarray(described & possible & above_prose & (columns["words"] >= MIN_LINE_WORDS), bool)
    headline = int(np.flatnonzero(headlines)[0])
    first_prose = int(kept_prose[kept_prose > headline][0])
    between = np.zeros(len(body), bool)
    between[headline + 1 : min(first_prose + 1, headline + STANDFIRST_REACH)] = True
    return between & possible & (described | (columns["standfirst"] > 0))


def _with_whole_rows(page: Page, body: Flags, scores: Floats) -> Flags:
    """The body with all cells of a table's row of which some cells are body."""
    rows: dict[int, list[int]] = defaultdict(list)
    for at, block in enumerate(page.blocks):
        if block.row is not None:
            rows[block.row].append(at)
    whole = body.copy()
    for cells in rows.values():
        is_data = all(len(page.blocks[at].plain) < LONG_CELL for at in cells)
        if is_data and body[cells].any():
            whole[cells] |= scores[cells] >= FLOOR
    return whole


def _with_whole_lists(page: Page, body: Flags, scores: Floats) -> Flags:
    """The body with the items of lists that are body otherwise.

    These are an item between two that are body, the last one where all others are, and terms and definitions of a list
    of which half is body.
    """
    whole = body.copy()
    for before, at, behind in _neighbouring_items(page):
        # Items further up may have been added: two in a row are added one after the other.
        if whole[before] and whole[behind] and scores[at] >= ITEM_BAR:
            whole[at] = True
    for blocks, is_definitions in _lists(page):
        items = np.array(blocks)
        kept = whole[items]
        if (is_definitions and kept.mean() >= DEFINITIONS_SHARE) or (len(items) > 1 and kept[:-1].all()):
            whole[items] |= scores[items] >= ITEM_BAR
    return whole


def _lists(page: Page) -> Iterator[tuple[list[int], bool]]:
    """The blocks of each list without those of lists inside of it, and whether it is one of definitions."""
    lists: dict[int, list[int]] = defaultdict(list)
    definitions: set[int] = set()
    for at, block in enumerate(page.blocks):
        for tag, container in zip(reversed(block.context), reversed(block.containers), strict=False):
            if tag in ("ul", "ol", "dl"):
                lists[container].append(at)
                if tag == "dl":
                    definitions.add(container)
                break
    for container, blocks in lists.items():
        yield blocks, container in definitions


def _with_code(page: Page, body: Flags, scores: Floats) -> Flags:
    """The body with short code between blocks that are body: a command is one word, and its classes vary.

    Longer code is left to the scores. The gold texts of the web at large often leave it out.
    """
    whole = body.copy()
    code = [at for at, block in enumerate(page.blocks) if is_code(block)]
    body_behind = body.copy()  # whether the next block that is no code is body
    for at in reversed(code):
        body_behind[at] = at + 1 < len(body) and body_behind[at + 1]
    for at in code:
        short = page.blocks[at].text.count("\n") < CODE_LINES
        whole[at] |= short and at > 0 and whole[at - 1] and body_behind[at] and scores[at] >= CODE_BAR
    return whole


def _neighbouring_items(page: Page) -> Iterator[tuple[int, int, int]]:
    """Each three items of one list that follow each other."""
    parent = page.elements.parent
    items = [at for at, block in enumerate(page.blocks) if block.tag == "li"]
    for three in zip(items, items[1:], items[2:], strict=False):
        if three[2] - three[0] == 2 and len({parent[page.blocks[at].node] for at in three}) == 1:
            yield three


def _with_headings(page: Page, body: Flags, scores: Floats, *, article: bool) -> Flags:
    """The body with the headings right above it; in an article without headings that have nothing kept under them.

    The headings right above body raised the share of perfect pages on unseen sites from 36 to 40 % on news, and from 22
    to 27 % on articles of the web at large.
    """
    coherent = body.copy()
    first = int(np.argmax(body)) if body.any() else len(body)
    body_below = False  # some body below, up to the next heading
    body_right_below = False
    for at in range(len(body) - 1, -1, -1):
        if page.blocks[at].level:
            stays = bool(body[at]) and (body_below or not article)
            heads = body_right_below and at > first and scores[at] >= HEADING_BAR
            coherent[at] = stays or heads
            body_below = False
            body_right_below = bool(coherent[at])
        else:
            body_below = body_below or bool(body[at])
            body_right_below = bool(body[at]) and scores[at] > SHORT_BAR
    return coherent
