"""The pipeline on one screen: read → segment → match rules → score → decide → label. Each step takes values and returns
new ones. ``api`` and ``batch`` run all of it, ``learn`` all but the weights.
"""

from dataclasses import replace

import numpy as np

from cleaner import witness
from cleaner.decision import page_data
from cleaner.decision.blocks import build_blocks, kept_text
from cleaner.decision.decision import Decision
from cleaner.decision.images import own_images
from cleaner.decision.labels import label_blocks
from cleaner.decision.page_body import decide_page
from cleaner.decision.policy import Policy
from cleaner.decision.recurring import recall
from cleaner.decision.state import Decided, Prepared
from cleaner.decision.text_body import decide_text
from cleaner.document import Document
from cleaner.export.plain import join
from cleaner.model.scoring import Scores, score_page, score_text
from cleaner.model.weights import load, load_text
from cleaner.reading.language import check_language, detect
from cleaner.reading.request import Request
from cleaner.reading.source import read
from cleaner.rules.evidence import decided_blocks, flags_of_own_rules
from cleaner.rules.glued_pleas import find_pleas, split_blocks
from cleaner.rules.matcher import Matcher
from cleaner.rules.select import packs_for_site, rule_index, rule_names
from cleaner.segment import segment
from cleaner.segment.page_data import Candidate
from cleaner.segment.prose import find_prose
from cleaner.text.addresses import base_url
from cleaner.text.odds import shift_threshold


def clean(request: Request, policy: Policy) -> str:
    """The text of a source: what :func:`label` returns as ``text``."""
    return text_of(decide(prepare(request, policy), policy), policy)


def label(request: Request, policy: Policy) -> Document:
    """The labelled document of a source."""
    return document_of(decide(prepare(request, policy), policy), policy)


def prepare(request: Request, policy: Policy) -> Prepared:
    """Read a source, cut it into blocks, and choose its rules. Raises as :meth:`cleaner.Cleaner.label` does."""
    source = read(request.source, request.kind, max_size=policy.max_size)
    page = segment(source.text, source.kind, images=policy.images, utf8=source.utf8)
    lang = check_language(request.lang) if request.lang else detect([block.plain for block in page.blocks], page.lang)
    address = request.url or page.metadata.url
    packs = packs_for_site(policy.packs, address)
    matcher = Matcher(page, find_prose(page.blocks), rule_index(lang, packs))
    base = base_url(request.url or "", page.base, page.metadata.url)
    page.flags += tuple(f"unused_pack:{pack.name}" for pack in policy.packs if pack.hosts and not address)
    return Prepared(source, lang, matcher, rule_names(packs), base, replace(request, url=address))


def score(prepared: Prepared) -> Scores:
    """The log-odds of body of each block, by the rules and the weights that come with the library."""
    if prepared.page.kind == "html":
        return score_page(prepared.matcher, prepared.own_rules, load())
    return score_text(prepared.matcher, prepared.own_rules, load_text())


def decide(prepared: Prepared, policy: Policy) -> Decided:
    """Which blocks are body: the page's own, or those of its data where they hold the article and the page does not."""
    decided = decide_own(prepared, policy)
    article = page_data.find_article(prepared.page, prepared.prose_map, decided.decision)
    return (with_article(decided, article, policy) if article else decided).flagged_if_empty()


def decide_own(prepared: Prepared, policy: Policy, more: float = 0.0) -> Decided:
    """Which of a source's own blocks are body, with a witness where the policy asks one; ``more`` adds to log-odds."""
    if not prepared.page.blocks:
        flags = (*prepared.source.flags, *prepared.page.flags)
        return Decided(prepared, Scores(np.zeros(0, np.float32), {}), Decision(np.zeros(0, bool), 0.0), flags=flags)
    scores = recall(prepared, score(prepared).plus(more), policy)
    decided = decide_scored(prepared, scores, policy)
    if not witness.is_asked(policy, decided):
        return decided
    verdict = witness.ask(prepared.source.text, [block.plain for block in prepared.page.blocks])
    if verdict is None:
        return replace(decided, flags=(*decided.flags, "witness:absent"))
    decided = decide_scored(prepared, scores.plus(verdict.log_odds), policy)
    return replace(decided, verdict=verdict, flags=(*decided.flags, "witness"))


def decide_scored(prepared: Prepared, scores: Scores, policy: Policy) -> Decided:
    """Which blocks are body, by known scores: training passes those of weights that have not seen the site."""
    page, evidence = prepared.page, scores.evidence
    probabilities = shift_threshold(scores.probabilities, policy.threshold)
    decisive = decided_blocks(evidence.by_block) if evidence else {}
    decide_body = decide_page if page.kind == "html" else decide_text
    decision = decide_body(prepared, scores.columns, probabilities, decisive)
    kept = [at for at in np.flatnonzero(decision.body).tolist() if at not in decisive]
    pleas = find_pleas(prepared.matcher, kept)
    flags = (*prepared.source.flags, *page.flags, *flags_of_own_rules(evidence, prepared.own_rules), *decision.flags)
    return Decided(prepared, scores, decision, pleas, flags=flags)


def with_article(decided: Decided, article: Candidate, policy: Policy) -> Decided:
    """A page with the article of its data, which is cleaned as a source of its own."""
    request = replace(decided.prepared.request, source=article.text, kind=article.kind)
    data = decide_own(prepare(request, policy), policy, page_data.WEIGHT)
    if not data.decision.body.any():
        return decided
    decision = page_data.superseded(decided.decision, data.decision, article)
    flags = tuple(dict.fromkeys((*decided.flags, *data.flags, article.where)))
    return replace(decided, decision=decision, pleas={}, data=data, candidate=article, flags=flags)


def text_of(decided: Decided, policy: Policy) -> str:
    """The text of a decided source. Residue is labelled only where the text depends on its labels."""
    page = decided.prepared.page
    if decided.data:
        return document_of(decided, policy).text
    if policy.keeps_body_alone(page.kind):
        return join(*split_blocks(page.blocks, decided.decision.body.tolist(), decided.pleas), page.kind)
    labels = label_blocks(decided).labels if page.blocks else []
    return kept_text(page, labels, policy.kept_labels(page.kind), decided.pleas)


def document_of(decided: Decided, policy: Policy) -> Document:
    """The document of a decided source: its own blocks, and behind them those of the page's data."""
    document = own_document(decided, policy)
    if not (decided.data and decided.candidate):
        return document
    return page_data.with_data(document, document_of(decided.data, policy), decided.candidate)


def own_document(decided: Decided, policy: Policy) -> Document:
    """The document of a source's own blocks, in which each block has its label and the evidence."""
    prepared, scores = decided.prepared, decided.scores
    page = prepared.page
    document = Document(
        keep=policy.kept_labels(page.kind), kind=page.kind, lang=prepared.lang, stated=page.metadata,
        flags=decided.flags, page_type=scores.page_type, confidence=round(decided.decision.confidence, 4),
        base_url=prepared.base_url, completion=witness.completion(prepared.source),
    )  # fmt: skip
    if not page.blocks:
        return document
    labelled = label_blocks(decided)
    if decided.verdict:
        labelled = labelled._replace(evidence=decided.verdict.with_evidence(labelled.evidence))
    blocks = build_blocks(page.blocks, labelled, scores.log_odds, scores.probabilities, decided.pleas)
    images = own_images(page, decided.decision.body.tolist(), labelled.labels, decided.pleas)
    return replace(document, blocks=tuple(blocks), images=images)
