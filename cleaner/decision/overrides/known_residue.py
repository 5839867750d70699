"""Residue that a rule of the library knows by its words, and that the model would keep: "Article continues after ad".

A rule overrules the model where it is right about such blocks often enough (:mod:`cleaner.model.rule_precision`).
"""

from collections.abc import Sequence
from typing import Final

from cleaner.decision.chosen import SHORT_BAR
from cleaner.decision.overrides.override import Review
from cleaner.decision.page_view import PageView
from cleaner.decision.standfirst import STANDFIRST
from cleaner.document import Evidence, Label, Origin
from cleaner.model.rule_precision import DECIDING, Form, form_of, may_decide
from cleaner.model.weights import load
from cleaner.rules.evidence import CERTAIN, STRONG, Match
from cleaner.rules.glued_pleas import find_pleas
from cleaner.text.arrays import indices
from cleaner.text.charstats import word_count
from cleaner.text.words import MARKDOWN_SENTENCE_BREAK

#: Longer blocks are not asked about: hardly any rule is about so many words, and looking for it costs the most time.
MAX_WORDS: Final = 25
#: Of a block of a sure article with a lower score than this the model is not sure. There rules are also asked about
#: blocks of so many words.
UNSURE: Final = 0.9
MAX_UNSURE_WORDS: Final = 80
#: From this score on the model is sure.
SURE: Final = 0.95
#: The precision that a rule needs in special cases; see :func:`_required_precision`.
REQUIRED_WHERE_UNSURE: Final = 1 / 3
REQUIRED_WHERE_SURE: Final = 0.75
#: The labels of rules that need less where the model is not sure: pleas, adverts, links and bylines. Captions and
#: notices read like the article.
UNSURE_LABELS: Final = frozenset(
    {Label.ADVERT, Label.SUBSCRIPTION, Label.AUTHOR, Label.BYLINE, Label.COMMENT, Label.RELATED, Label.NAVIGATION}
)
#: The labels of blocks that go with all their sentences: "Do you keep bees? Tell us in the comments."
PLEAS: Final = frozenset({Label.ADVERT, Label.COMMENT, Label.SUBSCRIPTION})
#: A heading with more words than this is a paragraph.
HEADING_WORDS: Final = 25
#: Concepts whose rules are mostly wrong about a heading right above text that stays: "5. Film / Video". Text has this
#: score at least, and less than this share in links.
NOT_ABOVE_TEXT: Final = frozenset({"caption.credit", "related.capitals", "related.heading", "related.inline"})
TEXT_BAR: Final = 0.8
TEXT_LINKED: Final = 0.3
#: Words of a block besides those that a rule matched, from which another sentence in it is the article's.
OTHER_WORDS: Final = 12
#: The name of the evidence.
RULE: Final = "rule.precision"


def short_lines(review: Review) -> set[int]:
    """The kept blocks about which rules can decide. A post that the article quotes stays or goes as a whole."""
    view, decision = review.view, review.decision
    page, prose_map = view.page, view.prose_map
    of_posts = {at for blocks in page.posts.values() for at in blocks}
    return {
        at
        for at in indices(decision.body & (prose_map.stats.words <= MAX_UNSURE_WORDS))
        if prose_map.words[at] <= MAX_WORDS or _is_unsure(view, at)
        if at not in decision.decisive and at not in of_posts
        if may_decide(page, prose_map, at, in_article=view.is_sure_article)
    }


def known_residue(review: Review, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The blocks about which a rule of the library decides, and no rule of the user's says that they are body. A block
    with another sentence besides the one that the rule matches stays, and so does one from whose edge the plea can be
    split off.

    A standfirst that stays for its place alone, against the model, goes for any strong rule, and so does a heading of
    text that the rule knows from end to end.
    """
    prepared = review.prepared
    page, own_rules = prepared.page, prepared.own_rules
    spared = {at for at, evidence, _ in matches if evidence.rule in own_rules and evidence.label is Label.BODY}
    others: dict[int, Evidence] = {}
    pleas: dict[int, Evidence] = {}
    for at, evidence, _ in matches:
        if at in spared or evidence.rule in own_rules or not _decides(review, evidence, at):
            continue
        if _is_plea(review.view, evidence, at):
            pleas[at] = because_of(evidence)
        elif not _has_another_sentence(page.blocks[at].plain, evidence.quote):
            others[at] = because_of(evidence)
    glued = find_pleas(prepared.matcher, [at for at in others if at not in pleas])
    # A plea goes with all its sentences, whatever other rules say.
    return {at: found for at, found in others.items() if at not in glued} | pleas


def because_of(evidence: Evidence) -> Evidence:
    """Why a block goes about which a rule decides."""
    return Evidence(RULE, evidence.label, evidence.weight, f"{evidence.name} decides", origin=Origin.MODEL)


def _decides(review: Review, evidence: Evidence, at: int) -> bool:
    """Whether a rule goes before the model's word about a block."""
    view = review.view
    is_residue = evidence.label is not Label.BODY
    if is_residue and evidence.weight >= STRONG and review.decision.reasons.get(at) == STANDFIRST:
        return True
    form = form_of(evidence, view.page, view.prose_map, at)
    if form is None or (evidence.name in NOT_ABOVE_TEXT and _is_heading_of_text(review, at)):
        return False
    stays_for_place = view.is_sure_article and view.page.blocks[at].level and view.scores[at] < SHORT_BAR
    if is_residue and stays_for_place and evidence.weight >= STRONG and form is not Form.PART:
        return True
    return load().rule_precision.lower_bound(form, evidence.name) >= _required_precision(view, evidence, form, at)


def _required_precision(view: PageView, evidence: Evidence, form: Form, at: int) -> float:
    """The lower bound of its precision from which a rule goes before the model's word about a block.

    ========================================================  =========
    a certain rule that knows the block from end to end       none
    a plea, an advert, a link or a byline, the model unsure   1/3
    words in a part of the block, the model sure              .75
    all others                                                .65
    ========================================================  =========

    Words in a part of a block may be the article's: "Comments will be closed at midnight, the editor said."
    """
    if evidence.weight >= CERTAIN and form is not Form.PART:
        return 0.0
    if evidence.label in UNSURE_LABELS and _is_unsure(view, at):
        return REQUIRED_WHERE_UNSURE
    if form is Form.PART and view.scores[at] >= SURE:
        return REQUIRED_WHERE_SURE
    return DECIDING


def _is_unsure(view: PageView, at: int) -> bool:
    """Whether the model is not sure about a block of an article that is no heading."""
    is_heading = view.page.blocks[at].level and view.prose_map.words[at] <= HEADING_WORDS
    return view.is_sure_article and bool(view.scores[at] < UNSURE) and not is_heading


def _is_plea(view: PageView, evidence: Evidence, at: int) -> bool:
    """Whether all sentences of a block go together: those of a plea or an advert of which the model is not sure."""
    return evidence.label in PLEAS and _is_unsure(view, at)


def _is_heading_of_text(review: Review, at: int) -> bool:
    """Whether a block is a heading right above text that stays."""
    view, below = review.view, at + 1
    return (
        bool(view.page.blocks[at].level)
        and below < len(view.scores)
        and bool(review.decision.body[below])
        and view.scores[below] >= TEXT_BAR
        and view.columns["link_share"][below] < TEXT_LINKED
    )


def _has_another_sentence(text: str, quote: str) -> bool:
    """Whether a block has several sentences, and many words besides those that a rule matched."""
    return MARKDOWN_SENTENCE_BREAK.search(text) is not None and word_count(text.replace(quote, "", 1)) >= OTHER_WORDS
