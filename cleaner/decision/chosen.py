"""Which blocks of a page scores and length choose: the body with which the steps of the decision begin."""

from statistics import NormalDist
from typing import Final

import numpy as np

from cleaner.segment.page import Page
from cleaner.text import odds
from cleaner.text.arrays import Columns, Flags, Floats, indices

#: Blocks of fewer words than this need a score of ``SHORT_BAR`` in an article, and of ``SHORT_BAR_ELSEWHERE`` on other
#: pages. Word F1 would not mind them, readers do.
MIN_LINE_WORDS: Final = 6
SHORT_BAR: Final = 0.5
SHORT_BAR_ELSEWHERE: Final = 0.2
#: A short sentence beside a paragraph like it stays from this score on.
SENTENCE_BAR: Final = 0.2
#: Blocks between such a paragraph and the sentence, at most.
KIND_REACH: Final = 12
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
N_STATES: Final = 8
STATES: Final = np.array([NormalDist().inv_cdf((k + 0.5) / N_STATES) for k in range(N_STATES)])
#: What log-odds are stretched by, so that the mean over the states is the block's own score. This 8 is MacKay's.
STRETCH: Final = np.sqrt(1 + np.pi * SHARED_DEVIATION**2 / 8)


def chosen_by_scores(page: Page, columns: Columns, scores: Floats, word_counts: Floats, *, is_article: bool) -> Flags:
    """The set of blocks with the best expected word F1, without short lines and without the page's own title, which
    need a higher score: (n_blocks,) bool.
    """
    body = best_set(scores, word_counts)
    is_long = word_counts >= MIN_LINE_WORDS
    is_sentence = (columns["ended"] > 0) & (columns["link_share"] == 0) & ~is_long & (scores >= SENTENCE_BAR)
    sentences = [at for at in indices(is_sentence) if _is_beside_its_kind(page, body, at)]
    body &= is_long | (scores >= (SHORT_BAR if is_article else SHORT_BAR_ELSEWHERE))
    body[sentences] = True
    return body & ((scores >= TITLE_BAR) | ~is_own_title(columns))


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
    order = np.argsort(-scores, kind="stable")
    bounded, words = scores[order].clip(1e-6, 1 - 1e-6), word_counts[order]
    log_odds = odds.log_odds(bounded) * STRETCH
    # exp(a + b) = exp(a) * exp(b): one exponential for each block, not one for each block and state.
    odds_against = np.exp(-log_odds) * np.exp(-SHARED_DEVIATION * STATES)[:, None]  # (states, blocks)
    kept = (words / (1 + odds_against)).cumsum(axis=1)
    f1 = (kept / (words.cumsum() + kept[:, -1:] + 1e-9)).sum(axis=0)  # times half the number of states
    body = np.zeros(len(scores), bool)
    body[order[: int(f1.argmax()) + 1]] = True
    return body & (scores > FLOOR)


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


def is_own_title(columns: Columns) -> Flags:
    """Which blocks are what the page says its title is: nearly all its words, and few others. (n_blocks,) bool."""
    return np.asarray((columns["title_in"] >= TITLE_SHARE) & (columns["in_title"] >= TITLE_OWN_SHARE), bool)
