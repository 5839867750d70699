"""The pipeline on one screen: source → blocks → evidence → columns → scores → labels → document."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import numpy as np

from cleaner import decide, evidence, features, language, model, rules, source
from cleaner.characters import printable
from cleaner.document import Block, Document, Evidence, Label
from cleaner.layout import lay_out
from cleaner.policy import Policy, Request
from cleaner.rulebook import Rulebook
from cleaner.segment import Page

#: What is kept from a page: extraction gives the body, the headline is ``Document.title``.
KEEP_HTML: Final = frozenset({Label.BODY})
#: What is kept from a text: subtraction takes residue alone; headlines, fact boxes and notes hold words of the article.
KEEP_TEXT: Final = frozenset({Label.BODY, Label.TITLE, Label.SIDEBAR, Label.NOTE})


def run(request: Request, policy: Policy) -> Document:
    """The labelled document of one source."""
    read = source.read(request.source, request.kind, max_size=policy.max_size)
    page = segment(read)
    keep = policy.keep if policy.keep is not None else KEEP_HTML if page.kind == "html" else KEEP_TEXT
    lang = re.split("[-_]", (request.lang or "").lower())[0] or language.detect(page)
    if not page.blocks:
        return Document((), keep, page.kind, lang, page.metadata, (*read.flags, *page.flags))
    book = rulebook(lang, _site_packs(policy.packs, request.url or page.metadata.url))
    layout = lay_out(page.blocks)
    found = evidence.collect(page, book, layout)
    judge = model.load(page.kind)
    columns = features.compute(page, layout, found.evidence, judge)
    margins = judge.margins(columns)
    scores = 1 / (1 + np.exp(-margins.astype(np.float64)))
    decision = decide.decide(page, layout, columns, found.evidence, _moved(scores, policy.threshold))
    flags = (*read.flags, *page.flags, *(f"slow_rule:{name}" for name in sorted(found.slow)), *decision.flags)
    return Document(_blocks(page, decision, scores, margins), keep, page.kind, lang, page.metadata, flags)


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


def _site_packs(packs: tuple[rules.Pack, ...], url: str) -> tuple[rules.Pack, ...]:
    """The packs that hold on the site of an address."""
    try:
        host = urlsplit(url if "//" in url else "//" + url).hostname or ""
    except ValueError:
        host = ""
    return tuple(pack for pack in packs if pack.holds_for(host))


def _moved(scores: decide.Floats, threshold: float) -> decide.Floats:
    """Scores as they would be if 0.5 were the threshold."""
    if threshold == 0.5:
        return scores
    odds = scores / np.maximum(1 - scores, 1e-12) * (1 - threshold) / threshold
    moved: decide.Floats = odds / (1 + odds)
    return moved


def _blocks(page: Page, decision: decide.Decision, scores: decide.Floats, margins: features.Array) -> tuple[Block, ...]:
    texts = [printable(raw.text) for raw in page.blocks]
    return tuple(
        Block(
            text=text,
            label=label,
            score=round(float(score), 4),
            evidence=(*about, Evidence("model", Label.BODY, round(float(margin), 2))),
            tag=raw.tag,
            span=raw.span,
            gap=raw.gap,
            context=raw.context,
            row=raw.row,
            marks=raw.marks if text == raw.text else (),  # where characters went, marks would stand beside their words
        )
        for raw, text, label, score, margin, about in zip(
            page.blocks, texts, decision.labels, scores, margins, decision.evidence, strict=True
        )
    )
