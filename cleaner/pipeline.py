"""The pipeline on one screen: source → blocks → columns → scores → body or not → labels → document."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import numpy as np

from cleaner import rules, witness
from cleaner.decision import body
from cleaner.decision import labels as naming
from cleaner.document import DEFAULT_KEEP, Block, Document, Evidence, Label, Metadata
from cleaner.export.plain import join
from cleaner.features import second_stage, text_lines
from cleaner.features.page_features import PageFeatures
from cleaner.features.profile import PAGE_TYPES
from cleaner.model import weights
from cleaner.policy import Policy, Request
from cleaner.reading import language, source
from cleaner.rules import glued_pleas, match, packs
from cleaner.rules.evidence import EvidenceByBlock, rule_of
from cleaner.rules.index import RuleIndex
from cleaner.rules.match import Said
from cleaner.rules.propagate import UNDER
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.prose import PROSE_WORDS, ProseMap, find_prose
from cleaner.text.addresses import base_url
from cleaner.text.arrays import Array, Floats
from cleaner.text.characters import strip_unsafe_chars

#: HTML: what has fewer words than this and no title is a piece of a page. No dev page without a title is that short.
PIECE: Final = 60
#: Blocks that a source has at least for a rule to be too broad for it.
MANY: Final = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A source whose blocks are known to be body or not: all that its text needs. What the others are is not asked
    yet.

    ``log_odds`` are the log-odds of body. ``sheet`` holds the columns of a page; ``found`` is all evidence, where
    judging needed it already; ``cuts`` are the sentences that go from kept blocks; ``witness`` says of each block
    whether trafilatura keeps it, where it was asked.
    """

    page: Page
    lang: str
    layout: ProseMap
    book: RuleIndex
    log_odds: Array
    body: Sequence[bool]
    flags: tuple[str, ...]
    cuts: glued_pleas.Cuts = field(default_factory=dict)
    confidence: float = 0.0
    witness: Sequence[bool] = ()
    sheet: PageFeatures | None = None
    found: EvidenceByBlock | None = None
    base_url: str = ""


def clean(request: Request, policy: Policy) -> str:
    """The text of a source: what :func:`label` gives as ``text``.

    Where body alone is asked for, naming what goes could change nothing, and is left out: half of the time.
    """
    judged = judge(request, policy)
    text = text_unnamed(judged, policy)
    return name(judged, policy).text if text is None else text


def text_unnamed(judged: Judged, policy: Policy) -> str | None:
    """The text of a judged source, where it does not depend on what the other blocks are; or else None."""
    page = judged.page
    if page.kind == "html" and _keep(page, policy) == DEFAULT_KEEP["html"]:
        return join(*glued_pleas.apply(page.blocks, judged.body, judged.cuts), page.kind)
    return None


def page_type(judged: Judged) -> str:
    """What kind of page a judged source is taken for; "" for a text."""
    return PAGE_TYPES[int(judged.sheet.types.argmax())] if judged.sheet else ""


def label(request: Request, policy: Policy) -> Document:
    """The labelled document of a source."""
    return name(judge(request, policy), policy)


def metadata(request: Request, policy: Policy) -> Metadata:
    """What a page says of itself, with what trafilatura finds where its head says nothing."""
    read = source.read(request.source, request.kind, max_size=policy.max_size)
    known = segment(read).metadata
    return witness.complete(read.text, known) if read.kind == "html" else known


@dataclass(frozen=True, slots=True)
class _Given:
    """A source that has been read and cut into blocks, and the rules for it; ``packs`` are the user's."""

    read: source.Source
    page: Page
    lang: str
    layout: ProseMap
    book: RuleIndex
    packs: tuple[packs.Pack, ...]
    base_url: str


def judge(request: Request, policy: Policy) -> Judged:
    """Which blocks of a source are body."""
    read = source.read(request.source, request.kind, max_size=policy.max_size)
    page = segment(read)
    lang = re.split("[-_]", (request.lang or "").lower())[0] or language.detect(page)
    packs = _site_packs(policy.packs, request.url or page.metadata.url)
    base = base_url(request.url or "", page.base, page.metadata.url)
    given = _Given(read, page, lang, find_prose(page.blocks), rulebook(lang, packs), packs, base)
    if not page.blocks:
        return _judged(given, np.zeros(0, np.float32), body.Decision(np.zeros(0, bool), 0.0))
    return _judge_page(given, policy) if page.kind == "html" else _judge_text(given, policy)


def _judge_page(given: _Given, policy: Policy) -> Judged:
    page, layout, book = given.page, given.layout, given.book
    # Rules of a user's own may decide alone, and reach from any block to any other.
    said = match.listen(page, book, layout) if given.packs else None
    found = match.collect(page, book, layout, said) if said else None
    always = body.always(found.evidence) if found else {}
    sheet = PageFeatures(page, layout, weights.load())

    def decided(log_odds: Array) -> body.Decision:
        return body.html(page, layout, sheet.first, moved(probabilities(log_odds), policy.threshold), always)

    log_odds = _log_odds(sheet, book, said)
    decision = decided(log_odds)
    seen = None
    flags: tuple[str, ...] = ()
    if policy.witness == "always" or (policy.witness == "unsure" and decision.confidence < witness.UNSURE):
        seen = witness.verdict(given.read.text, [block.plain for block in page.blocks])
        flags = ("witness" if seen is not None else "witness:absent",)
        if seen is not None:
            log_odds = log_odds + np.where(seen, witness.WEIGHT, -witness.WEIGHT).astype(np.float32)
            decision = decided(log_odds)
    judged = _judged(given, log_odds, decision, flags, found)
    return replace(judged, witness=() if seen is None else tuple(seen.tolist()), sheet=sheet)


def _judge_text(given: _Given, policy: Policy) -> Judged:
    page, layout, book = given.page, given.layout, given.book
    found = match.collect(page, book, layout)
    found.evidence = without_cuts(page, range(len(page.blocks)), found.evidence, book)
    if body.ONE_LINE in page.flags:
        found.evidence = [_of_sentence(block, about) for block, about in zip(page.blocks, found.evidence, strict=True)]
    own = {rule.where for pack in given.packs for rule in pack.rules}
    mine = [[e for e in about if rule_of(e) in own] for about in found.evidence] if own else []
    known = [[e for e in about if rule_of(e) not in own] for about in found.evidence] if own else found.evidence
    columns = text_lines.columns(page, layout, known)
    log_odds = weights.load_text().log_odds(columns)
    if own:
        log_odds = _with_own_rules(log_odds, mine)
    scores = moved(probabilities(log_odds), policy.threshold)
    decision = body.text(page, layout, columns, scores, body.always(found.evidence))
    return _judged(given, log_odds, decision, (), found)


def _of_sentence(block: RawBlock, about: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that is about a sentence as a whole: a rule that knows half of it, or decides alone.

    A line is there for one purpose, a sentence of an article is not; nor does residue go on from one to the next.
    """
    return [
        e
        for e in about
        if e.weight >= body.ALWAYS or (not e.quote.startswith(UNDER) and 2 * len(e.quote) >= len(block.plain))
    ]


def _with_own_rules(log_odds: Array, mine: Sequence[Sequence[Evidence]]) -> Array:
    """The log-odds of body for the lines of a text, with what rules of a user's own say.

    The weights have never seen those. Where one speaks, it counts by its prior, against a line that is body as surely
    as lines are of which nothing is known.
    """
    said = second_stage.rules(mine)
    spoken = np.array([bool(some) for some in mine])
    capped = np.where(spoken, np.minimum(log_odds, weights.PRIOR), log_odds)
    return np.asarray(capped - said["rule_residue"] + said["rule_body"], np.float32)


def _judged(
    given: _Given,
    log_odds: Array,
    decision: body.Decision,
    flags: Sequence[str] = (),
    found: EvidenceByBlock | None = None,
) -> Judged:
    slow = tuple(f"slow_rule:{name}" for name in sorted(found.slow)) if found else ()
    broad = tuple(f"broad_rule:{name}" for name in _broad(given, found)) if found and given.packs else ()
    return Judged(
        given.page,
        given.lang,
        given.layout,
        given.book,
        log_odds,
        decision.body.tolist(),
        (*given.read.flags, *given.page.flags, *flags, *slow, *broad, *decision.flags),
        glued_pleas.find(given.page.blocks, np.flatnonzero(decision.body).tolist(), given.book),
        decision.confidence,
        found=found,
        base_url=given.base_url,
    )


def _broad(given: _Given, found: EvidenceByBlock) -> list[str]:
    """The user's rules that speak about more than half of a source's blocks: they say nothing of any of them."""
    own = {rule.where for pack in given.packs for rule in pack.rules}
    spoken = Counter(name for about in found.evidence for name in {rule_of(e) for e in about} & own)
    number = len(given.page.blocks)
    return sorted(name for name, times in spoken.items() if number >= MANY and 2 * times > number)


def _log_odds(sheet: PageFeatures, book: RuleIndex, said: Said | None) -> Array:
    """The log-odds of body for each block of a page: those of the first stage, or of the second where that one is in
    doubt. Of a piece of a page, whose elements tell nothing, rules alone decide, as they do of a text.
    """
    learned = weights.load()
    if not sheet.page.metadata.title and sheet.layout.stats.words.sum() < PIECE:
        return weights.prior(second_stage.rules(_about(sheet, range(len(sheet.page.blocks)), book, said)))
    log_odds = learned.first.log_odds(sheet.first, settled=weights.SETTLED)
    doubtful = np.flatnonzero(weights.in_doubt(log_odds))
    if len(doubtful):
        second = sheet.second(log_odds, doubtful, _about(sheet, doubtful.tolist(), book, said))
        known = second["rule_residue"][doubtful]
        log_odds[doubtful] = learned.second.log_odds(second, doubtful) - np.float32(weights.RULES) * known
    return log_odds


def _about(sheet: PageFeatures, blocks: Sequence[int], book: RuleIndex, said: Said | None) -> list[list[Evidence]]:
    """What rules say of some blocks of a page; ``said`` is what they say of all, where that is known."""
    said = said or match.listen(sheet.page, book, sheet.layout, blocks)
    return without_cuts(sheet.page, blocks, said.about(blocks), book)


def without_cuts(
    page: Page, blocks: Sequence[int], about: list[list[Evidence]], book: RuleIndex
) -> list[list[Evidence]]:
    """The evidence about blocks without what speaks of a sentence that can be cut off: the rest is judged by itself."""
    names = [{e.name for e in evidence} for evidence in about]
    asked = [at for at, known in zip(blocks, names, strict=True) if known & glued_pleas.CUT]
    cuts = glued_pleas.find(page.blocks, asked, book) if asked else {}
    if not cuts:
        return about
    gone = {
        at: {cut.evidence.name for cut in found}
        for at, found in cuts.items()
        if glued_pleas.left(page.blocks[at], found) >= PROSE_WORDS  # a plea may have two sentences
    }
    return [[e for e in evidence if e.name not in gone.get(at, ())] for at, evidence in zip(blocks, about, strict=True)]


def name(judged: Judged, policy: Policy) -> Document:
    """The document in which each block of a judged source has its label and the evidence."""
    page, layout = judged.page, judged.layout
    keep = _keep(page, policy)
    if not page.blocks:
        return Document(
            (), keep, page.kind, judged.lang, page.metadata, judged.flags, confidence=0.0, base_url=judged.base_url
        )
    found = judged.found or match.collect(page, judged.book, layout)
    sheet = judged.sheet
    hints = naming.hints(page, layout, sheet.first if sheet else None, found.evidence)
    grounds = [[*about, *more] for about, more in zip(found.evidence, hints, strict=True)]
    for about, kept in zip(grounds, judged.witness, strict=False):  # the witness may not have been asked
        weight = witness.WEIGHT if kept else -witness.WEIGHT
        about.append(Evidence("witness", Label.BODY, weight, "kept" if kept else "not kept"))
    labels = naming.labels(page, layout, np.array(judged.body), grounds)
    blocks = tuple(_blocks(judged, labels, grounds))
    confidence = round(judged.confidence, 4)
    return Document(
        blocks,
        keep,
        page.kind,
        judged.lang,
        page.metadata,
        judged.flags,
        page_type(judged),
        confidence,
        judged.base_url,
    )


def segment(read: source.Source) -> Page:
    """The blocks of a source that has been read."""
    if read.kind == "html":
        from cleaner.segment import html  # lxml: text does without

        return html.segment(read.text)
    from cleaner.segment import text

    return text.segment(read.text)


@lru_cache(maxsize=64)
def rulebook(lang: str, packs: tuple[packs.Pack, ...] = ()) -> RuleIndex:
    """The rules for a language: the neutral ones, its own, and English, which is on pages of every language."""
    names = ["shared", *(name for name in dict.fromkeys((lang, "en")) if name in rules.languages())]
    return RuleIndex((*(rules.bundled(name) for name in names), *packs))


def _keep(page: Page, policy: Policy) -> frozenset[Label]:
    if policy.keep is not None:
        return policy.keep
    return DEFAULT_KEEP[page.kind]


def _site_packs(packs: tuple[packs.Pack, ...], url: str) -> tuple[packs.Pack, ...]:
    """The packs that hold on the site of an address."""
    if not packs:
        return ()
    try:
        host = urlsplit(url if "//" in url else "//" + url).hostname or ""
    except ValueError:
        host = ""
    return tuple(pack for pack in packs if pack.holds_for(host))


def probabilities(log_odds: Array) -> Floats:
    """Probabilities of log-odds."""
    scores: Floats = 1 / (1 + np.exp(-log_odds.astype(np.float64)))
    return scores


def moved(scores: Floats, threshold: float) -> Floats:
    """Scores as they would be if 0.5 were the threshold."""
    if threshold == 0.5:
        return scores
    odds = scores / np.maximum(1 - scores, 1e-12) * (1 - threshold) / threshold
    moved: Floats = odds / (1 + odds)
    return moved


def _blocks(judged: Judged, labels: Sequence[Label], grounds: Sequence[Sequence[Evidence]]) -> Iterator[Block]:
    scores = probabilities(judged.log_odds).round(4).tolist()
    for at, (raw, label) in enumerate(zip(judged.page.blocks, labels, strict=True)):
        about = (*grounds[at], Evidence("model", Label.BODY, round(float(judged.log_odds[at]), 2)))
        cuts = judged.cuts.get(at) if label is Label.BODY else None
        if not cuts:
            yield _block(raw, label, scores[at], about)
            continue
        for piece, said in glued_pleas.split(raw, cuts):
            if said:
                yield _block(piece, said.label, round(1 / (1 + math.exp(said.weight)), 4), (said,))
            else:
                yield _block(piece, label, scores[at], about)


def _block(raw: RawBlock, label: Label, score: float, evidence: tuple[Evidence, ...]) -> Block:
    text = strip_unsafe_chars(raw.text)
    return Block(
        text=text,
        label=label,
        score=score,
        evidence=evidence,
        tag=raw.tag,
        span=raw.span,
        gap=raw.gap,
        context=raw.context,
        row=raw.row,
        marks=raw.marks if text == raw.text else (),  # where characters went, marks would stand beside their words
    )
