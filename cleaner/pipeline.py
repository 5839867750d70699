"""The pipeline on one screen: source → blocks → columns → scores → body or not → labels → document."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import numpy as np

from cleaner import decide, evidence, language, model, naming, rules, source, trim, witness
from cleaner.characters import printable
from cleaner.document import Block, Document, Evidence, Label, Metadata
from cleaner.evidence import Said
from cleaner.export.plain import join
from cleaner.features import Array, Sheet, doubt
from cleaner.features.profile import PAGE_TYPES
from cleaner.findings import Findings
from cleaner.layout import PROSE_WORDS, Layout, lay_out
from cleaner.policy import Policy, Request
from cleaner.rulebook import Rulebook
from cleaner.segment import Page, RawBlock

#: What is kept from a page: extraction gives the body, the headline is ``Document.title``.
KEEP_HTML: Final = frozenset({Label.BODY})
#: What is kept from a text: subtraction takes residue alone; headlines, fact boxes and notes hold words of the article.
KEEP_TEXT: Final = frozenset({Label.BODY, Label.TITLE, Label.SIDEBAR, Label.NOTE})


@dataclass(frozen=True, slots=True)
class Judged:
    """A source whose blocks are known to be body or not: all that its text needs. What the others are is not asked
    yet.

    ``margins`` are the log-odds of body. ``sheet`` holds the columns of a page; ``found`` is all evidence, where
    judging needed it already; ``cuts`` are the sentences that go from kept blocks; ``witness`` says of each block
    whether trafilatura keeps it, where it was asked.
    """

    page: Page
    lang: str
    layout: Layout
    book: Rulebook
    margins: Array
    body: Sequence[bool]
    flags: tuple[str, ...]
    cuts: trim.Cuts = field(default_factory=dict)
    confidence: float = 0.0
    witness: Sequence[bool] = ()
    sheet: Sheet | None = None
    found: Findings | None = None


def clean(request: Request, policy: Policy) -> str:
    """The text of a source: what :func:`label` gives as ``text``.

    Where body alone is asked for, naming what goes could change nothing, and is left out: half of the time.
    """
    judged = judge(request, policy)
    page = judged.page
    if page.kind == "html" and _keep(page, policy) == KEEP_HTML:
        return join(*trim.apply(page.blocks, judged.body, judged.cuts), page.kind)
    return name(judged, policy).text


def label(request: Request, policy: Policy) -> Document:
    """The labelled document of a source."""
    return name(judge(request, policy), policy)


def metadata(request: Request, policy: Policy) -> Metadata:
    """What a page says of itself, with what trafilatura finds where its head says nothing."""
    read = source.read(request.source, request.kind, max_size=policy.max_size)
    known = segment(read).metadata
    return witness.complete(read.text, known) if read.kind == "html" else known


def judge(request: Request, policy: Policy) -> Judged:
    """Which blocks of a source are body."""
    read = source.read(request.source, request.kind, max_size=policy.max_size)
    page = segment(read)
    lang = re.split("[-_]", (request.lang or "").lower())[0] or language.detect(page)
    packs = _site_packs(policy.packs, request.url or page.metadata.url)
    book = rulebook(lang, packs)
    layout = lay_out(page.blocks)
    flags = (*read.flags, *page.flags)
    if not page.blocks:
        return Judged(page, lang, layout, book, np.zeros(0, np.float32), (), flags)
    # Rules of a user's own may decide alone, and reach from any block to any other.
    said = evidence.listen(page, book, layout) if packs or page.kind == "text" else None
    found = evidence.collect(page, book, layout, said) if said else None
    if found and page.kind == "text":
        found.evidence = _without_cuts(page, range(len(page.blocks)), found.evidence, book)
    always = decide.always(found.evidence) if found else {}
    sheet = seen = None
    if page.kind == "html":
        sheet = Sheet(page, layout, model.load())
        margins = _margins(sheet, book, said)
        decision = decide.html(page, layout, sheet.first, _moved(_scores(margins), policy.threshold), always)
        if policy.witness == "always" or (policy.witness == "unsure" and decision.confidence < witness.UNSURE):
            seen = witness.verdict(read.text, [block.plain for block in page.blocks])
            flags = (*flags, "witness" if seen is not None else "witness:absent")
            if seen is not None:
                margins = margins + np.where(seen, witness.WEIGHT, -witness.WEIGHT).astype(np.float32)
                decision = decide.html(page, layout, sheet.first, _moved(_scores(margins), policy.threshold), always)
    else:
        assert found
        margins = model.Priors().margins(doubt.rules(found.evidence))
        decision = decide.text(layout, _moved(_scores(margins), policy.threshold), always)
    slow = tuple(f"slow_rule:{name}" for name in sorted(found.slow)) if found else ()
    flags = (*flags, *slow, *decision.flags)
    body = decision.body.tolist()
    cuts = trim.find(page.blocks, np.flatnonzero(decision.body).tolist(), book)
    verdict = () if seen is None else tuple(seen.tolist())
    return Judged(page, lang, layout, book, margins, body, flags, cuts, decision.confidence, verdict, sheet, found)


def _margins(sheet: Sheet, book: Rulebook, said: Said | None) -> Array:
    """The log-odds of body for each block of a page: those of the first stage, or of the second where that one is in
    doubt.
    """
    weights = model.load()
    margins = weights.first.margins(sheet.first)
    doubtful = model.in_doubt(margins)
    if doubtful.any():
        heard = model.heard(doubtful)
        blocks = heard.tolist()
        about = (said or evidence.listen(sheet.page, book, sheet.layout, blocks)).about(blocks)
        about = _without_cuts(sheet.page, blocks, about, book)
        second = sheet.second(margins, np.flatnonzero(doubtful), heard, about)
        margins[doubtful] = weights.second.margins(second) - np.float32(model.RULES) * second["rule_residue"]
    return margins


def _without_cuts(
    page: Page, blocks: Sequence[int], about: list[list[Evidence]], book: Rulebook
) -> list[list[Evidence]]:
    """The evidence about blocks without what speaks of a sentence that can be cut off: the rest is judged by itself."""
    names = [{e.name for e in evidence} for evidence in about]
    asked = [at for at, known in zip(blocks, names, strict=True) if known & trim.CUT]
    cuts = trim.find(page.blocks, asked, book) if asked else {}
    if not cuts:
        return about
    gone = {
        at: {cut.evidence.name for cut in found}
        for at, found in cuts.items()
        if trim.left(page.blocks[at], found) >= PROSE_WORDS  # a plea may have two sentences
    }
    return [[e for e in evidence if e.name not in gone.get(at, ())] for at, evidence in zip(blocks, about, strict=True)]


def name(judged: Judged, policy: Policy) -> Document:
    """The document in which each block of a judged source has its label and the evidence."""
    page, layout = judged.page, judged.layout
    keep = _keep(page, policy)
    if not page.blocks:
        return Document((), keep, page.kind, judged.lang, page.metadata, judged.flags, confidence=0.0)
    found = judged.found or evidence.collect(page, judged.book, layout)
    sheet = judged.sheet
    hints = naming.hints(page, layout, sheet.first if sheet else None, found.evidence)
    grounds = [[*about, *more] for about, more in zip(found.evidence, hints, strict=True)]
    for about, kept in zip(grounds, judged.witness, strict=False):  # the witness may not have been asked
        weight = witness.WEIGHT if kept else -witness.WEIGHT
        about.append(Evidence("witness", Label.BODY, weight, "kept" if kept else "not kept"))
    labels = naming.labels(page, layout, np.array(judged.body), grounds)
    blocks = tuple(_blocks(judged, labels, grounds))
    page_type = PAGE_TYPES[int(sheet.types.argmax())] if sheet else ""
    confidence = round(judged.confidence, 4)
    return Document(blocks, keep, page.kind, judged.lang, page.metadata, judged.flags, page_type, confidence)


def segment(read: source.Source) -> Page:
    """The blocks of a source that has been read."""
    if read.kind == "html":
        from cleaner.segment import html  # lxml: text does without

        return html.segment(read.text)
    from cleaner.segment import text

    return text.segment(read.text)


@lru_cache(maxsize=64)
def rulebook(lang: str, packs: tuple[rules.Pack, ...] = ()) -> Rulebook:
    """The rules for a language: the neutral ones, its own, and English, which is on pages of every language."""
    names = ["shared", *(name for name in dict.fromkeys((lang, "en")) if name in rules.languages())]
    return Rulebook((*(rules.load(name) for name in names), *packs))


def _keep(page: Page, policy: Policy) -> frozenset[Label]:
    if policy.keep is not None:
        return policy.keep
    return KEEP_HTML if page.kind == "html" else KEEP_TEXT


def _site_packs(packs: tuple[rules.Pack, ...], url: str) -> tuple[rules.Pack, ...]:
    """The packs that hold on the site of an address."""
    if not packs:
        return ()
    try:
        host = urlsplit(url if "//" in url else "//" + url).hostname or ""
    except ValueError:
        host = ""
    return tuple(pack for pack in packs if pack.holds_for(host))


def _scores(margins: Array) -> decide.Floats:
    """Probabilities of log-odds."""
    scores: decide.Floats = 1 / (1 + np.exp(-margins.astype(np.float64)))
    return scores


def _moved(scores: decide.Floats, threshold: float) -> decide.Floats:
    """Scores as they would be if 0.5 were the threshold."""
    if threshold == 0.5:
        return scores
    odds = scores / np.maximum(1 - scores, 1e-12) * (1 - threshold) / threshold
    moved: decide.Floats = odds / (1 + odds)
    return moved


def _blocks(judged: Judged, labels: Sequence[Label], grounds: Sequence[Sequence[Evidence]]) -> Iterator[Block]:
    scores = _scores(judged.margins).round(4).tolist()
    for at, (raw, label) in enumerate(zip(judged.page.blocks, labels, strict=True)):
        about = (*grounds[at], Evidence("model", Label.BODY, round(float(judged.margins[at]), 2)))
        cuts = judged.cuts.get(at) if label is Label.BODY else None
        if not cuts:
            yield _block(raw, label, scores[at], about)
            continue
        for piece, said in trim.split(raw, cuts):
            if said:
                yield _block(piece, said.label, round(1 / (1 + math.exp(said.weight)), 4), (said,))
            else:
                yield _block(piece, label, scores[at], about)


def _block(raw: RawBlock, label: Label, score: float, evidence: tuple[Evidence, ...]) -> Block:
    text = printable(raw.text)
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
