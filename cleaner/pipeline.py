"""The pipeline on one screen: read → segment → match rules → score → decide → label.

Each step takes values and returns new ones. ``api`` and ``batch`` run all of it, ``learn`` all but the weights.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from cleaner import witness
from cleaner.decision.blocks import build_blocks
from cleaner.decision.decision import Decision
from cleaner.decision.labels import label_blocks
from cleaner.decision.page_body import decide_page
from cleaner.decision.policy import Policy
from cleaner.decision.text_body import decide_text
from cleaner.document import Document
from cleaner.export.plain import join
from cleaner.model.scoring import Scores, score_page, score_text
from cleaner.model.weights import load, load_text
from cleaner.reading.language import check_language, detect
from cleaner.reading.request import Request
from cleaner.reading.source import Source, read
from cleaner.rules.evidence import decided_blocks, flags_of_own_rules
from cleaner.rules.glued_pleas import Pleas, find_pleas, split_blocks
from cleaner.rules.index import RuleIndex
from cleaner.rules.match import collect_evidence
from cleaner.rules.select import packs_for_site, rule_index, rule_names
from cleaner.segment import segment
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap, find_prose
from cleaner.text.addresses import base_url
from cleaner.text.odds import shift_threshold


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source that has been read and cut into blocks, with the rules that hold for it.

    ``own_rules`` are the names of the rules of the user's packs in the ``index``; links are relative to ``base_url``.
    """

    source: Source
    page: Page
    lang: str
    prose_map: ProseMap
    index: RuleIndex
    own_rules: frozenset[str] = frozenset()
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A source with the decision which blocks are body: all that its text needs. Residue has no label yet."""

    prepared: Prepared
    scores: Scores
    decision: Decision
    pleas: Pleas = field(default_factory=dict)
    verdict: witness.Verdict | None = None
    flags: tuple[str, ...] = ()


def clean(request: Request, policy: Policy) -> str:
    """The text of a source: what :func:`label` returns as ``text``."""
    return text_of(decide(prepare(request, policy), policy), policy)


def label(request: Request, policy: Policy) -> Document:
    """The labelled document of a source."""
    return document_of(decide(prepare(request, policy), policy), policy)


def prepare(request: Request, policy: Policy) -> Prepared:
    """Read a source, cut it into blocks, and choose its rules. Raises as :meth:`cleaner.Cleaner.label` does."""
    source = read(request.source, request.kind, max_size=policy.max_size)
    page = segment(source.text, source.kind)
    lang = check_language(request.lang) if request.lang else detect([block.plain for block in page.blocks], page.lang)
    packs = packs_for_site(policy.packs, request.url or page.metadata.url)
    base = base_url(request.url or "", page.base, page.metadata.url)
    return Prepared(source, page, lang, find_prose(page.blocks), rule_index(lang, packs), rule_names(packs), base)


def score(prepared: Prepared) -> Scores:
    """The log-odds of body of each block, by the rules and the weights that come with the library."""
    page, prose_map, index, own_rules = prepared.page, prepared.prose_map, prepared.index, prepared.own_rules
    if page.kind == "html":
        return score_page(page, prose_map, index, own_rules, load())
    return score_text(page, prose_map, index, own_rules, load_text())


def decide(prepared: Prepared, policy: Policy) -> Decided:
    """Which blocks are body; trafilatura is asked as a witness where the policy says so."""
    if not prepared.page.blocks:
        flags = (*prepared.source.flags, *prepared.page.flags)
        return Decided(prepared, Scores(np.zeros(0, np.float32), {}), Decision(np.zeros(0, bool), 0.0), flags=flags)
    scores = score(prepared)
    decided = decide_scored(prepared, scores, policy)
    unsure = policy.witness == "unsure" and decided.decision.confidence < witness.UNSURE
    if prepared.page.kind == "text" or not (policy.witness == "always" or unsure):
        return decided
    verdict = witness.ask(prepared.source.text, [block.plain for block in prepared.page.blocks])
    if verdict is None:
        return replace(decided, flags=(*decided.flags, "witness:absent"))
    scores = replace(scores, log_odds=scores.log_odds + verdict.log_odds)
    decided = decide_scored(prepared, scores, policy)
    return replace(decided, verdict=verdict, flags=(*decided.flags, "witness"))


def decide_scored(prepared: Prepared, scores: Scores, policy: Policy) -> Decided:
    """Which blocks are body, by known scores: training passes those of weights that have not seen the site."""
    page, evidence = prepared.page, scores.evidence
    probabilities = shift_threshold(scores.probabilities, policy.threshold)
    decisive = decided_blocks(evidence.by_block) if evidence else {}
    decide_body = decide_page if page.kind == "html" else decide_text
    decision = decide_body(page, prepared.prose_map, scores.columns, probabilities, decisive)
    splittable = [at for at in np.flatnonzero(decision.body).tolist() if at not in decisive]
    pleas = find_pleas(page.blocks, splittable, prepared.index)
    of_rules = flags_of_own_rules(evidence, prepared.own_rules) if evidence else ()
    flags = (*prepared.source.flags, *page.flags, *of_rules, *decision.flags)
    return Decided(prepared, scores, decision, pleas, None, flags)


def text_of(decided: Decided, policy: Policy) -> str:
    """The text of a decided source. Residue is labelled only where the text depends on its labels."""
    page = decided.prepared.page
    if policy.keeps_body_alone(page.kind):
        return join(*split_blocks(page.blocks, decided.decision.body.tolist(), decided.pleas), page.kind)
    return document_of(decided, policy).text


def document_of(decided: Decided, policy: Policy) -> Document:
    """The document of a decided source, in which each block has its label and the evidence."""
    prepared, scores = decided.prepared, decided.scores
    page = prepared.page
    facts = page.kind, prepared.lang, page.metadata, decided.flags, scores.page_type
    confidence = round(decided.decision.confidence, 4)
    document = Document((), policy.kept_labels(page.kind), *facts, confidence, prepared.base_url)
    if not page.blocks:
        return document
    evidence = scores.evidence or collect_evidence(page, prepared.index, prepared.prose_map)
    columns = scores.columns if scores.features else None
    labelled = label_blocks(page, prepared.prose_map, decided.decision, columns, evidence.by_block)
    if decided.verdict:
        labelled = labelled._replace(evidence=decided.verdict.with_evidence(labelled.evidence))
    blocks = build_blocks(page.blocks, labelled, scores.log_odds, scores.probabilities, decided.pleas)
    return replace(document, blocks=tuple(blocks))
