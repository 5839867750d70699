"""Which blocks of a page are body."""

from collections import defaultdict
from collections.abc import Iterator
from statistics import NormalDist
from typing import Final

import numpy as np

from cleaner.decision.captions import BELOW_PICTURE, captions_by_place
from cleaner.decision.choices import POLL, without_choices
from cleaner.decision.decision import (
    MIN_BODY_WORDS,
    Decision,
    Decisive,
    because,
    expected_f1,
    in_force,
    overruled,
    with_certainty,
)
from cleaner.decision.linked_lines import without_linked_lines
from cleaner.decision.live_blog import with_entries
from cleaner.decision.next_story import next_story_mask
from cleaner.decision.noscript import without_repeated_lead
from cleaner.decision.posts import with_posts
from cleaner.decision.quotations import SPEAKER, attributions
from cleaner.decision.standfirst import (
    NAMES,
    STANDFIRST,
    bare_names,
    find_opening,
    flags_of,
    possible_standfirst,
    sentence_below_headline,
    standfirst_mask,
)
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.prose import ProseMap
from cleaner.text import odds
from cleaner.text.arrays import Columns, Flags, Floats
from cleaner.text.structure import ITEMS, LONG_CELL, is_code

#: Probability of being an article from which a page is judged as one. On listings, shops and service pages the rules
#: for articles cost .01 to .06 of word F1: there short blocks, and headings without text below, are the content.
ARTICLE: Final = 0.3
#: Probability of being an article from which lines that are links go: on a listing they are the content. By reading .5
#: is as good as .3, and on the listings of the web at large .5 loses less.
SURE_ARTICLE: Final = 0.5
#: Blocks of fewer words than this need a score of ``SHORT_BAR`` in an article, and of ``SHORT_BAR_ELSEWHERE`` on other
#: pages. Word F1 would not mind them, readers do.
MIN_LINE_WORDS: Final = 6
SHORT_BAR: Final = 0.5
SHORT_BAR_ELSEWHERE: Final = 0.2
#: A short sentence beside a paragraph like it stays from this score on.
SENTENCE_BAR: Final = 0.2
#: Blocks between such a paragraph and the sentence, at most.
KIND_REACH: Final = 12
#: A heading right above body stays from this score on.
HEADING_BAR: Final = 0.15
#: A bold line is a heading when this share of it is bold, and it has so many words at most.
BOLD_SHARE: Final = 0.9
BOLD_WORDS: Final = 12
#: Why it stays.
BOLD_HEADING: Final = Evidence("body.bold_heading", Label.BODY, 4.0, "bold, above body", origin=Origin.FORM)
#: A level below that of any heading.
NOTHING_BELOW: Final = 7
#: An item of a list between two that stay stays from this score on.
ITEM_BAR: Final = 0.1
#: Share of a table's cells that stays, so that all of them do.
TABLE_SHARE: Final = 0.6
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
    is_long = word_counts >= MIN_LINE_WORDS
    is_sentence = (columns["ended"] > 0) & (columns["link_share"] == 0) & ~is_long & (scores >= SENTENCE_BAR)
    sentences = [at for at in np.flatnonzero(is_sentence).tolist() if _is_beside_its_kind(page, body, at)]
    body &= is_long | (scores >= (SHORT_BAR if article else SHORT_BAR_ELSEWHERE))
    body[sentences] = True
    body &= (scores >= TITLE_BAR) | ~is_own_title(columns)
    standfirst = standfirst_mask(columns, body) & possible_standfirst(columns, scores)
    standfirst |= sentence_below_headline(columns, body, scores)
    reasons: dict[int, Evidence] = {}
    body = because(STANDFIRST, body, body | standfirst, reasons)
    if article:
        body = because(NAMES, body, body & (standfirst | ~bare_names(page, columns, body)), reasons)
        body &= ~next_story
    body = _with_whole_rows(page, body, scores)
    body = _with_whole_lists(page, body, scores)
    body = _with_code(page, body, scores)
    body = with_entries(page, columns, body, scores)
    if article:
        body = with_posts(page, body)
    # Twice: what a user's rules decide counts for the headings above it, and nothing counts against it.
    body = overruled(body, decisive)
    spared = standfirst | flags_of(find_opening(columns, body), len(body)) & (scores >= SHORT_BAR)
    body = because(BOLD_HEADING, body, _with_bold_headings(page, columns, body, scores), reasons)
    body = _with_headings(page, body, scores, spared if article else np.ones(len(body), bool))
    if article:
        body = because(POLL, body, without_choices(page, body), reasons)
        body = because(SPEAKER, body, body | attributions(page, body), reasons)
    if columns["type_article"][0] >= SURE_ARTICLE:
        body = without_linked_lines(page, columns, body, scores, reasons)
        body = because(BELOW_PICTURE, body, body & ~captions_by_place(page, columns, body), reasons)
    flags: tuple[str, ...] = ()
    if not body.any() and prose_map.in_prose.any():
        body = prose_map.in_prose & (scores >= scores[prose_map.in_prose].max() * LEFT_SHARE)
        flags = ("guard:nothing_left",)
    body, of_noscript = without_repeated_lead(page, columns, body, word_counts)
    flags += of_noscript
    body = overruled(body, decisive)
    reasons = {at: found for at, found in in_force(reasons, body).items() if at not in decisive}
    confidence = expected_f1(with_certainty(scores, reasons), word_counts, body)
    return Decision(body, confidence, flags, decisive, next_story, reasons)


def _is_beside_its_kind(page: Page, body: Flags, at: int) -> bool:
    """Whether the last or the next block with the same parent and the same tag is body. "Nobody waved." is a paragraph
    like the others, also below an advert.
    """
    blocks, parents = page.blocks, page.elements.parent
    kind = blocks[at].tag, parents[blocks[at].node]
    for nearby in (
        range(at - 1, max(at - KIND_REACH, 0) - 1, -1),
        range(at + 1, min(at + KIND_REACH + 1, len(blocks))),
    ):
        alike = next((other for other in nearby if (blocks[other].tag, parents[blocks[other].node]) == kind), None)
        if alike is not None and body[alike]:
            return True
    return False


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


def _with_whole_rows(page: Page, body: Flags, scores: Floats) -> Flags:
    """The body with all cells of a table's row of which some cells are body, and with all cells of a table of which
    most are.
    """
    rows: dict[int, list[int]] = defaultdict(list)
    tables: dict[int, list[int]] = defaultdict(list)
    for at, block in enumerate(page.blocks):
        if block.cell is not None:
            rows[block.cell.row].append(at)
            tables[block.cell.table].append(at)
    whole = body.copy()
    groups = [(cells, body[cells].mean() >= TABLE_SHARE) for cells in tables.values()]
    groups += [(cells, body[cells].any()) for cells in rows.values()]
    for cells, stays in groups:
        if stays and all(len(page.blocks[at].plain) < LONG_CELL for at in cells):
            whole[cells] |= scores[cells] >= FLOOR
    return whole


def _with_whole_lists(page: Page, body: Flags, scores: Floats) -> Flags:
    """The body with the items of lists that are body otherwise.

    These are an item between two that are body, the last one where all others are, terms and definitions of a list of
    which half is body, and the list that a block of body right above it announces with a colon.
    """
    whole = body.copy()
    for before, at, behind in _neighbouring_items(page):
        # Items further up may have been added: two in a row are added one after the other.
        if whole[before] and whole[behind] and scores[at] >= ITEM_BAR:
            whole[at] = True
    for blocks, is_definitions in _lists(page):
        items = np.array(blocks)
        kept = whole[items]
        above = int(items[0]) - 1
        is_announced = above >= 0 and whole[above] and page.blocks[above].plain.endswith((":", "："))
        if (
            (is_definitions and kept.mean() >= DEFINITIONS_SHARE)
            or (len(items) > 1 and kept[:-1].all())
            or is_announced
        ):
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


def _with_bold_headings(page: Page, columns: Columns, body: Flags, scores: Floats) -> Flags:
    """The body with the sub-headings that are bold lines right above body, below the first prose that stays."""
    whole = body.copy()
    prose = np.flatnonzero(body & (columns["prose"] > 0))
    if not len(prose):
        return whole
    candidates = ~body & (scores >= HEADING_BAR) & (columns["link_share"] == 0) & (columns["words"] <= BOLD_WORDS)
    for at in np.flatnonzero(candidates[:-1]).tolist():
        is_above_body = body[at + 1] and scores[at + 1] > SHORT_BAR
        if at > prose[0] and is_above_body and _is_bold_heading(page.blocks[at]):
            whole[at] = True
    return whole


def _is_bold_heading(block: RawBlock) -> bool:
    """Whether a block is bold as a whole, ends without a punctuation mark, and is no heading, item or cell."""
    bold = sum(end - start for start, end, kind, _ in block.markup if kind == "b")
    is_line = not block.level and block.tag not in ITEMS and block.plain[-1:] not in ".:;,…"
    return is_line and bold >= BOLD_SHARE * len(block.plain)


def _with_headings(page: Page, body: Flags, scores: Floats, spared: Flags) -> Flags:
    """The body with the headings right above it, and without headings that have nothing kept under them, but for those
    that are spared: (n_blocks,) bool.

    The headings right above body raised the share of perfect pages on unseen sites from 36 to 40 % on news, and from 22
    to 27 % on articles of the web at large.
    """
    coherent = body.copy()
    first = int(np.argmax(body)) if body.any() else len(body)
    body_right_below = False
    level_below = NOTHING_BELOW  # of the next heading that stays; 0 where other body comes before it
    for at in range(len(body) - 1, -1, -1):
        level = page.blocks[at].level
        if level:
            stays = bool(body[at]) and (level_below < 1 or NOTHING_BELOW > level_below > level or bool(spared[at]))
            heads = body_right_below and at > first and scores[at] >= HEADING_BAR
            coherent[at] = stays or heads
            body_right_below = bool(coherent[at])
            level_below = level if coherent[at] else level_below
        else:
            level_below = 0 if body[at] else level_below
            body_right_below = bool(body[at]) and scores[at] > SHORT_BAR
    return coherent
