"""A page or text with its rules → the log-odds of body of each block."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from cleaner.document import Evidence
from cleaner.features import text_lines
from cleaner.features.page_features import PageFeatures, compute_features
from cleaner.features.second_stage import rule_columns
from cleaner.model import wording
from cleaner.model.weights import PRIOR, SETTLED, TextWeights, Weights, in_doubt, less_rule_share, prior
from cleaner.rules.evidence import EvidenceByBlock, PageEvidence
from cleaner.rules.gather import evidence_for_blocks, evidence_for_text
from cleaner.rules.match import WEAK, collect_evidence
from cleaner.rules.matcher import Matcher
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Array, Columns, Flags, Floats
from cleaner.text.odds import probability

#: HTML with fewer words than this and without a title is a fragment, whose elements tell nothing. No development page
#: without a title is that short.
MIN_PAGE_WORDS: Final = 60
#: Text: log-odds of body below which a line goes, however long: its wording is not asked for.
SURE_RESIDUE_OF_TEXT: Final = -1.5
#: The column with the weight of what a memory knows about each block; only where it knows anything.
RECURRING: Final = "recurring"


@dataclass(frozen=True, slots=True)
class Scores:
    """What is known of each block before the decision.

    ``log_odds``  (n_blocks,) float32, log-odds of body
    ``columns``   the columns that the decision reads; (n_blocks,) float32 each
    ``features``  all features of a page; None for a text
    ``evidence``  all evidence, where scoring needed it; None where only some blocks were asked about
    ``recurring`` what a memory says about blocks whose line recurs on the site
    """

    log_odds: Array
    columns: Columns
    features: PageFeatures | None = None
    evidence: PageEvidence | None = None
    recurring: Mapping[int, Evidence] = field(default_factory=dict)

    @property
    def probabilities(self) -> Floats:
        """The probability of body of each block: (n_blocks,) float64."""
        return probability(self.log_odds.astype(np.float64))

    def plus(self, log_odds: Array | float) -> "Scores":
        """The scores with log-odds of body added: (n_blocks,) float32, or one number for all blocks."""
        return replace(self, log_odds=self.log_odds + np.float32(log_odds))

    @property
    def page_type(self) -> str:
        """What kind of page it is taken for, one of ``PAGE_TYPES``; "" for a text."""
        return self.features.page_type if self.features else ""


def score_page(matcher: Matcher, own_rules: frozenset[str], weights: Weights) -> Scores:
    """The scores of a page's blocks. ``own_rules`` are the names of the rules of the user's packs in the index."""
    features = page_features(matcher.page, matcher.prose_map, weights)
    log_odds = page_log_odds(features, matcher, own_rules, weights)
    if not own_rules:
        return Scores(log_odds, features.first_stage, features)
    evidence = collect_evidence(matcher)
    own = [[e for e in pieces if e.rule in own_rules] for pieces in evidence.by_block]
    return Scores(with_own_rules(log_odds, own), features.first_stage, features, evidence)


def page_features(page: Page, prose_map: ProseMap, weights: Weights) -> PageFeatures:
    """The features of a page, by the lexicons and page types of these weights."""
    features = compute_features(page, prose_map, weights.lexicons)
    return features.with_page_types(weights.page_types(features.profile))


def score_text(matcher: Matcher, own_rules: frozenset[str], weights: TextWeights) -> Scores:
    """The scores of a text's blocks; the arguments are those of :func:`score_page`."""
    page, prose_map = matcher.page, matcher.prose_map
    evidence = evidence_for_text(matcher)
    of_library = [[e for e in pieces if e.rule not in own_rules] for pieces in evidence.by_block]
    columns = text_lines.columns(page, prose_map, of_library)
    log_odds, by_wording = text_log_odds(page, prose_map, columns, weights)
    if own_rules:
        own = [[e for e in pieces if e.rule in own_rules] for pieces in evidence.by_block]
        log_odds = with_own_rules(log_odds, own)
    by_block = list(evidence.by_block)
    for at, piece in by_wording.items():
        by_block[at] = sorted([*by_block[at], piece], key=lambda e: -e.weight)
    return Scores(log_odds, columns, None, replace(evidence, by_block=by_block))


def text_log_odds(
    page: Page, prose_map: ProseMap, columns: Columns, weights: TextWeights
) -> tuple[Array, Mapping[int, Evidence]]:
    """The log-odds of body of the lines of a text by rules, trees and wording, (n_blocks,) float32; and the evidence of
    their wording. A user's own rules do not count here.
    """
    by_trees = weights.log_odds(columns)
    known = goes_without_wording(columns, by_trees)
    by_wording = wording.evidence(page, prose_map, known, wording.load())
    return with_wording(by_trees, columns["rule_body"], by_wording), by_wording


def goes_without_wording(columns: Columns, by_trees: Array) -> Flags:
    """Which lines of a text rules or trees know as residue: (n_blocks,) bool."""
    return np.asarray((columns["rule_residue"] >= WEAK) | (by_trees < SURE_RESIDUE_OF_TEXT), bool)


def with_wording(log_odds: Array, rule_body: Array, by_wording: Mapping[int, Evidence]) -> Array:
    """The log-odds of body with what wording says: (n_blocks,) float32.

    The trees have not seen it. So a line against which it speaks starts as one of which nothing is known (``PRIOR``),
    with the weight of the rules that speak for body, ``rule_body``.
    """
    if not by_wording:
        return log_odds
    judged = log_odds.copy()
    for at, piece in by_wording.items():
        judged[at] = min(log_odds[at], PRIOR) - piece.weight + rule_body[at]
    return judged


def page_log_odds(features: PageFeatures, matcher: Matcher, own_rules: frozenset[str], weights: Weights) -> Array:
    """The log-odds of body of the blocks of a page by the library's rules: (n_blocks,) float32. A user's own rules do
    not count here.

    The first stage judges all blocks; rules are matched with those that it leaves in doubt, and the second stage judges
    these. Of a fragment rules alone judge all blocks, as they do in a text.
    """
    page, prose_map = features.page, features.prose_map
    if is_fragment(page, prose_map):
        evidence = evidence_for_blocks(matcher, range(len(page.blocks)), without=own_rules)
        return log_odds_by_rules(evidence)
    log_odds = weights.first_stage.log_odds(features.first_stage, settled=SETTLED)
    doubtful = np.flatnonzero(in_doubt(log_odds))
    if not len(doubtful):
        return log_odds
    evidence = evidence_for_blocks(matcher, doubtful.tolist(), without=own_rules)
    columns = features.second_stage(log_odds, doubtful, evidence)
    judged = log_odds.copy()
    by_trees = weights.second_stage.log_odds(columns, doubtful)
    judged[doubtful] = less_rule_share(by_trees, columns["rule_residue"][doubtful])
    return judged


def log_odds_by_rules(by_block: EvidenceByBlock) -> Array:
    """The log-odds of body by rules alone: (n_blocks,) float32."""
    return prior(rule_columns(by_block))


def is_fragment(page: Page, prose_map: ProseMap) -> bool:
    """Whether HTML is a piece of a page rather than a page."""
    return not page.metadata.title and bool(prose_map.stats.words.sum() < MIN_PAGE_WORDS)


def with_own_rules(log_odds: Array, own: EvidenceByBlock) -> Array:
    """The log-odds of body with the rules of a user's own packs: (n_blocks,) float32.

    The weights have never seen these rules, so each counts by the weight of its strength. Where a rule speaks for
    residue, the block is taken to be body at most as certainly as a line of which nothing is known (``PRIOR``): or else
    no rule could remove a block of which the model is sure. ``own`` is the evidence of these rules about each block.
    """
    weights = rule_columns(own)
    capped = np.where(weights["rule_residue"] > 0, np.minimum(log_odds, PRIOR), log_odds)
    return np.asarray(capped - weights["rule_residue"] + weights["rule_body"], np.float32)
