"""Residue that a rule of the library knows by its words, and that the model would keep: "Article continues after ad".

A rule overrules the model where it is right about such blocks often enough (:mod:`cleaner.model.rule_precision`).
"""

from collections.abc import Sequence
from typing import Final

from cleaner.decision.overrides.override import Review
from cleaner.decision.standfirst import STANDFIRST
from cleaner.document import Evidence, Label, Origin
from cleaner.model.rule_precision import may_decide
from cleaner.model.weights import load
from cleaner.rules.evidence import Match
from cleaner.rules.glued_pleas import find_pleas
from cleaner.text.arrays import indices
from cleaner.text.charstats import word_counts
from cleaner.text.words import MARKDOWN_SENTENCE_BREAK

#: Longer blocks are not asked about: hardly any rule is about so many words, and looking for it costs the most time.
MAX_WORDS: Final = 25
#: Words of a block besides those that a rule matched, from which another sentence in it is the article's.
OTHER_WORDS: Final = 12
#: Weight (log-odds) of a strong rule, at least.
STRONG: Final = 4.0
#: The name of the evidence.
RULE: Final = "rule.precision"


def short_lines(review: Review) -> set[int]:
    """The kept blocks about which rules can decide. A post that the article quotes stays or goes as a whole."""
    view, page, prose_map = review.view, review.view.page, review.view.prose_map
    of_posts = {at for blocks in page.posts.values() for at in blocks}
    return {
        at
        for at in indices(review.decision.body & (prose_map.stats.words <= MAX_WORDS))
        if at not in review.decision.decisive and at not in of_posts
        if may_decide(page, prose_map, at, in_article=view.is_sure_article)
    }


def known_residue(review: Review, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The blocks about which a rule of the library decides, and no rule of the user's says that they are body. A block
    with another sentence besides the one that the rule matches stays, and so does one from whose edge the plea can be
    split off.

    A standfirst that stays for its place alone, against the model, goes for any strong rule.
    """
    prepared, decision = review.prepared, review.decision
    page, prose_map, own_rules = prepared.page, prepared.prose_map, prepared.own_rules
    spared = {at for at, evidence, _ in matches if evidence.rule in own_rules and evidence.label is Label.BODY}
    precision = load().rule_precision
    known = {
        at: Evidence(RULE, evidence.label, evidence.weight, f"{evidence.name} decides", origin=Origin.MODEL)
        for at, evidence, _ in matches
        if at not in spared and evidence.rule not in own_rules
        if precision.decides(evidence, page, prose_map, at)
        or (decision.overrides.get(at) == STANDFIRST and evidence.weight >= STRONG and evidence.label is not Label.BODY)
        if not _has_another_sentence(page.blocks[at].plain, evidence.quote)
    }
    glued = find_pleas(prepared.matcher, list(known))
    return {at: evidence for at, evidence in known.items() if at not in glued}


def _has_another_sentence(text: str, quote: str) -> bool:
    """Whether a block has several sentences, and many words besides those that a rule matched."""
    rest, *_ = word_counts([text.replace(quote, "", 1)])
    return rest >= OTHER_WORDS and MARKDOWN_SENTENCE_BREAK.search(text) is not None
