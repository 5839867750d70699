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

from cleaner import decide, evidence, language, model, naming, rules, source, trim, witness
from cleaner.arrays import Array, Floats
from cleaner.characters import printable
from cleaner.document import Block, Document, Evidence, Label, Metadata
from cleaner.evidence import Said
from cleaner.export.plain import join
from cleaner.features import Sheet, doubt, lines
from cleaner.features.profile import PAGE_TYPES
from cleaner.findings import Findings, rule_of
from cleaner.layout import PROSE_WORDS, Layout, lay_out
from cleaner.policy import Policy, Request
from cleaner.reach import UNDER
from cleaner.rulebook import Rulebook
from cleaner.segment import Page, RawBlock

#: What is kept from a page: extraction gives the body, the headline is ``Document.title``.
KEEP_HTML: Final = frozenset({Label.BODY})
#: What is kept from a text: subtraction takes residue alone; headlines, fact boxes and notes hold words of the article.
KEEP_TEXT: Final = frozenset({Label.BODY, Label.TITLE, Label.SIDEBAR, Label.NOTE})


#: HTML: what has fewer words than this and no title is a piece of a page. No dev page without a title is that short.
PIECE: Final = 60
#: Blocks that a source has at least for a rule to be too broad for it.
MANY: Final = 10


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
    text = text_unnamed(judged, policy)
    return name(judged, policy).text if text is None else text


def text_unnamed(judged: Judged, policy: Policy) -> str | None:
    """The text of a judged source, where it does not depend on what the other blocks are; or else None."""
    page = judged.page
    if page.kind == "html" and _keep(page, policy) == KEEP_HTML:
        return join(*trim.apply(page.blocks, judged.body, judged.cuts), page.kind)
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
    layout: Layout
    book: Rulebook
    packs: tuple[rules.Pack, ...]


def judge(request: Request, policy: Policy) -> Judged:
    """Which blocks of a source are body."""
    read = source.read(request.source, request.kind, max_size=policy.max_size)
    page = segment(read)
    lang = re.split("[-_]", (request.lang or "").lower())[0] or language.detect(page)
    packs = _site_packs(policy.packs, request.url or page.metadata.url)
    given = _Given(read, page, lang, lay_out(page.blocks), rulebook(lang, packs), packs)
    if not page.blocks:
        return _judged(given, np.zeros(0, np.float32), decide.Decision(np.zeros(0, bool), 0.0))
    return _judge_page(given, policy) if page.kind == "html" else _judge_text(given, policy)


def _judge_page(given: _Given, policy: Policy) -> Judged:
    page, layout, book = given.page, given.layout, given.book
    # Rules of a user's own may decide alone, and reach from any block to any other.
    said = evidence.listen(page, book, layout) if given.packs else None
    found = evidence.collect(page, book, layout, said) if said else None
    always = decide.always(found.evidence) if found else {}
    sheet = Sheet(page, layout, model.load())

    def decided(margins: Array) -> decide.Decision:
        return decide.html(page, layout, sheet.first, moved(probabilities(margins), policy.threshold), always)

    margins = _margins(sheet, book, said)
    decision = decided(margins)
    seen = None
    flags: tuple[str, ...] = ()
    if policy.witness == "always" or (policy.witness == "unsure" and decision.confidence < witness.UNSURE):
        seen = witness.verdict(given.read.text, [block.plain for block in page.blocks])
        flags = ("witness" if seen is not None else "witness:absent",)
        if seen is not None:
            margins = margins + np.where(seen, witness.WEIGHT, -witness.WEIGHT).astype(np.float32)
            decision = decided(margins)
    judged = _judged(given, margins, decision, flags, found)
    return replace(judged, witness=() if seen is None else tuple(seen.tolist()), sheet=sheet)


def _judge_text(given: _Given, policy: Policy) -> Judged:
    page, layout, book = given.page, given.layout, given.book
    found = evidence.collect(page, book, layout)
    found.evidence = without_cuts(page, range(len(page.blocks)), found.evidence, book)
    if decide.ONE_LINE in page.flags:
        found.evidence = [_of_sentence(block, about) for block, about in zip(page.blocks, found.evidence, strict=True)]
    own = {rule.where for pack in given.packs for rule in pack.rules}
    mine = [[e for e in about if rule_of(e) in own] for about in found.evidence] if own else []
    known = [[e for e in about if rule_of(e) not in own] for about in found.evidence] if own else found.evidence
    columns = lines.columns(page, layout, known)
    margins = model.load_text().margins(columns)
    if own:
        margins = _with_own_rules(margins, mine)
    scores = moved(probabilities(margins), policy.threshold)
    decision = decide.text(page, layout, columns, scores, decide.always(found.evidence))
    return _judged(given, margins, decision, (), found)


def _of_sentence(block: RawBlock, about: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that is about a sentence as a whole: a rule that knows half of it, or decides alone.

    A line is there for one purpose, a sentence of an article is not; nor does residue go on from one to the next.
    """
    return [
        e
        for e in about
        if e.weight >= decide.ALWAYS or (not e.quote.startswith(UNDER) and 2 * len(e.quote) >= len(block.plain))
    ]


def _with_own_rules(margins: Array, mine: Sequence[Sequence[Evidence]]) -> Array:
    """The log-odds of body for the lines of a text, with what rules of a user's own say.

    The weights have never seen those. Where one speaks, it counts by its prior, against a line that is body as surely
    as lines are of which nothing is known.
    """
    said = doubt.rules(mine)
    spoken = np.array([bool(some) for some in mine])
    capped = np.where(spoken, np.minimum(margins, model.PRIOR), margins)
    return np.asarray(capped - said["rule_residue"] + said["rule_body"], np.float32)


def _judged(
    given: _Given, margins: Array, decision: decide.Decision, flags: Sequence[str] = (), found: Findings | None = None
) -> Judged:
    slow = tuple(f"slow_rule:{name}" for name in sorted(found.slow)) if found else ()
    broad = tuple(f"broad_rule:{name}" for name in _broad(given, found)) if found and given.packs else ()
    return Judged(
        given.page,
        given.lang,
        given.layout,
        given.book,
        margins,
        decision.body.tolist(),
        (*given.read.flags, *given.page.flags, *flags, *slow, *broad, *decision.flags),
        trim.find(given.page.blocks, np.flatnonzero(decision.body).tolist(), given.book),
        decision.confidence,
        found=found,
    )


def _broad(given: _Given, found: Findings) -> list[str]:
    """The user's rules that speak about more than half of a source's blocks: they say nothing of any of them."""
    own = {rule.where for pack in given.packs for rule in pack.rules}
    spoken = Counter(name for about in found.evidence for name in {rule_of(e) for e in about} & own)
    number = len(given.page.blocks)
    return sorted(name for name, times in spoken.items() if number >= MANY and 2 * times > number)


def _margins(sheet: Sheet, book: Rulebook, said: Said | None) -> Array:
    """The log-odds of body for each block of a page: those of the first stage, or of the second where that one is in
    doubt. Of a piece of a page, whose elements tell nothing, rules alone decide, as they do of a text.
    """
    weights = model.load()
    if not sheet.page.metadata.title and sheet.layout.surface.words.sum() < PIECE:
        return model.prior(doubt.rules(_about(sheet, range(len(sheet.page.blocks)), book, said)))
    margins = weights.first.margins(sheet.first, settled=model.SETTLED)
    doubtful = np.flatnonzero(model.in_doubt(margins))
    if len(doubtful):
        second = sheet.second(margins, doubtful, _about(sheet, doubtful.tolist(), book, said))
        known = second["rule_residue"][doubtful]
        margins[doubtful] = weights.second.margins(second, doubtful) - np.float32(model.RULES) * known
    return margins


def _about(sheet: Sheet, blocks: Sequence[int], book: Rulebook, said: Said | None) -> list[list[Evidence]]:
    """What rules say of some blocks of a page; ``said`` is what they say of all, where that is known."""
    said = said or evidence.listen(sheet.page, book, sheet.layout, blocks)
    return without_cuts(sheet.page, blocks, said.about(blocks), book)


def without_cuts(
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
    confidence = round(judged.confidence, 4)
    return Document(blocks, keep, page.kind, judged.lang, page.metadata, judged.flags, page_type(judged), confidence)


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


def probabilities(margins: Array) -> Floats:
    """Probabilities of log-odds."""
    scores: Floats = 1 / (1 + np.exp(-margins.astype(np.float64)))
    return scores


def moved(scores: Floats, threshold: float) -> Floats:
    """Scores as they would be if 0.5 were the threshold."""
    if threshold == 0.5:
        return scores
    odds = scores / np.maximum(1 - scores, 1e-12) * (1 - threshold) / threshold
    moved: Floats = odds / (1 + odds)
    return moved


def _blocks(judged: Judged, labels: Sequence[Label], grounds: Sequence[Sequence[Evidence]]) -> Iterator[Block]:
    scores = probabilities(judged.margins).round(4).tolist()
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
