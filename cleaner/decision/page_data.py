"""Whether the article of a page stands in its data alone, and the blocks of a document that are made of it.

The page's own article always wins. The data are used where the blocks of the page hold no article at all, or its lead
alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final, NamedTuple

import numpy as np

from cleaner.decision.decision import Decision
from cleaner.document import Block, Document, Evidence, Label, Origin
from cleaner.segment.page import Page
from cleaner.segment.page_data import Candidate, Script, Where, candidates
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import indices
from cleaner.text.charstats import char_stats
from cleaner.text.shingles import Shingles, tokens
from cleaner.text.words import is_closed

#: Words of the shortest text that is an article: under schema.org's ``articleBody``, and elsewhere in the data, where
#: descriptions of products are as long as short articles.
MIN_WORDS: Final = 40
MIN_WORDS_ELSEWHERE: Final = 60
#: The page's own body may be the lead of a text where it has at most this share of the text's words.
LEAD_SHARE: Final = 0.5
#: JSON-LD is looked at where its ``articleBody`` has at least so many times the characters of the page's own body: one
#: with twice the words has.
LONGER: Final = 1.4
#: The data of an application are parsed only where the page's own body has at most so many words.
MAX_LEAD_WORDS: Final = 300
#: A text of the data is shown by the page where the page's blocks hold this share of its word triples.
SHOWN_SHARE: Final = 0.5
#: The page's own body is the lead of a text where the text holds this share of its word triples.
LEAD_CONTAINED: Final = 0.6
#: A text is about what the page is about where it holds this share of the words of the page's title.
TITLE_SHARE: Final = 0.5
#: Words of the shortest block of the page that is recognised as a part of the text of its data.
REPEATED_WORDS: Final = 6
#: Letters of a title's words that are looked for: shorter ones stand in every text.
TITLE_LETTERS: Final = 4
#: Texts of the data that are looked at, at most, and the likeliest of them that are compared with the page.
MAX_CANDIDATES: Final = 1_000
MAX_COMPARED: Final = 4
#: So many of the longest words of the page's own body are looked for in a script. One that holds a text of which the
#: body is the lead has half of them.
SAMPLE: Final = 20
#: A page with more characters than this shows enough text: its data are not looked at.
MAX_SHOWN: Final = 1_000_000
#: The mean word F1 of texts from the data, on development pages with their ``<body>`` emptied: 131 with an
#: ``articleBody`` and 104 with other data. The text is found for certain, but may be a teaser or a part.
RELIABILITY: Final[Mapping[Where, float]] = {"json_ld": 0.87, "page_data": 0.69}
#: What the data add to the log-odds of body of their blocks: the page calls them its article.
WEIGHT: Final = 1.0

#: A word that JSON and HTML write as it is.
_LONG_WORD: Final = re.compile(r"\b[A-Za-z]{5,}\b", re.ASCII)
_BARS: Final = re.compile(r"\s[|–—·•:-]\s")


class _Text(NamedTuple):
    """A candidate with its text on one line and the words of it; ``is_about``: it holds the words of the title."""

    candidate: Candidate
    plain: str
    words: int
    is_about: bool


def find_article(page: Page, prose_map: ProseMap, decision: Decision) -> Candidate | None:
    """The text of the page's data that is its article; None where the page's own blocks hold the article."""
    if not page.scripts or decision.decisive:
        return None
    # Cheap tests first: most pages go no further, and no JSON is parsed for them.
    stats = prose_map.stats
    own_words, own_length = int(stats.words[decision.body].sum()), float(stats.chars[decision.body].sum())
    is_readable = {"json_ld": len(page.article_body) >= LONGER * own_length, "page_data": own_words <= MAX_LEAD_WORDS}
    scripts = [script for script in page.scripts if is_readable[script.where]]
    if not scripts or stats.chars.sum() > MAX_SHOWN:
        return None
    own = " ".join(page.blocks[at].plain for at in indices(decision.body))
    longest = sorted(set(_LONG_WORD.findall(own)), key=len)[-SAMPLE:]
    scripts = [script for script in scripts if _holds_most(script.text, longest)]
    texts = _long_texts(scripts, own_words, _title_words(page)) if scripts else []
    return _chosen(texts, page, own, own_words) if texts else None


def _chosen(texts: Sequence[_Text], page: Page, own: str, own_words: int) -> Candidate | None:
    """The likeliest text that goes on from the page's own body, ``own``; None where the page shows a likelier one."""
    shown = Shingles(" ".join(block.plain for block in page.blocks))
    for text in sorted(texts, key=_rank, reverse=True)[:MAX_COMPARED]:
        if shown.containment(text.plain) >= SHOWN_SHARE:
            return None
        if own_words and Shingles(text.plain).containment(own) < LEAD_CONTAINED:
            continue
        if text.candidate.where == "json_ld" or own_words >= MIN_WORDS or text.is_about:
            return text.candidate
    return None


def _holds_most(text: str, words: Sequence[str]) -> bool:
    """Whether a text holds half of some words. A script without the page's body mostly holds fewer of its words."""
    return 2 * sum(word in text for word in words) >= len(words)


def _long_texts(scripts: Sequence[Script], own_words: int, title: frozenset[str]) -> list[_Text]:
    """The candidates of which a body of ``own_words`` words may be the lead."""
    found = list(islice(candidates(scripts), MAX_CANDIDATES))
    plain = [candidate.plain for candidate in found]
    texts: list[_Text] = []
    for candidate, text, words in zip(found, plain, char_stats(plain).words.tolist(), strict=True):
        least = MIN_WORDS if candidate.where == "json_ld" else MIN_WORDS_ELSEWHERE
        if words >= max(own_words / LEAD_SHARE, least):
            is_about = bool(title) and len(title & set(tokens(text))) >= TITLE_SHARE * len(title)
            texts.append(_Text(candidate, text, words, is_about))
    return texts


def _rank(text: _Text) -> tuple[bool, bool, int]:
    """The likeliest text has the highest rank: schema.org's, those with the words of the title, the longest."""
    return text.candidate.where == "json_ld", text.is_about, text.words


def _title_words(page: Page) -> frozenset[str]:
    """The words of the page's title. Of what stands between bars and dashes the longest part counts: the others name
    the site.
    """
    longest = max(_BARS.split(page.metadata.headline or page.metadata.title), key=len)
    return frozenset(word for word in tokens(longest) if len(word) >= TITLE_LETTERS)


def superseded(decision: Decision, data: Decision, candidate: Candidate) -> Decision:
    """The decision of a page whose article is taken from its data: its own lead would stand in the text twice.

    The confidence is that of the text, times the word F1 that texts from there reach.
    """
    confidence = data.confidence * RELIABILITY[candidate.where]
    return replace(decision, body=np.zeros(len(decision.body), bool), confidence=confidence)


def with_data(own: Document, data: Document, candidate: Candidate) -> Document:
    """The document of a page with the blocks and pictures of its data below its own blocks.

    What the page has of the article itself is labelled ``other``: it stands in the text of the data again.
    """
    images = tuple(replace(image, before=image.before + len(own.blocks)) for image in data.images)
    held = Shingles(candidate.plain)
    repeated = Evidence("page.repeated", Label.OTHER, WEIGHT, candidate.key, origin=Origin.PAGE)
    blocks = [
        replace(block, label=Label.OTHER, evidence=(repeated, *block.evidence)) if _repeats(block, held) else block
        for block in own.blocks
    ]
    of_data = _blocks_of_data(data.blocks, candidate, _numbers_after(own.blocks))
    return replace(own, blocks=(*blocks, *of_data), images=images, lang=data.lang)


def _repeats(block: Block, held: Shingles) -> bool:
    """Whether a block of the page is a part of the text of its data: the lead of the article."""
    if block.label in (Label.BODY, Label.TITLE) or len(tokens(block.text)) < REPEATED_WORDS:
        return False
    if block.label is Label.BYLINE and not is_closed(block.text):
        return False
    return held.contains(block.text)


def _numbers_after(blocks: Sequence[Block]) -> int:
    """A number above those of all tables, rows and containers of the blocks."""
    numbers = [number for block in blocks for number in block.containers]
    numbers += [number for block in blocks if block.cell for number in (block.cell.row, block.cell.table)]
    return max(numbers, default=0) + 1


def _blocks_of_data(blocks: Sequence[Block], candidate: Candidate, first: int) -> list[Block]:
    """The blocks of the data as blocks of the page: with evidence of where they stand, without places in a source.

    The sentences of a text on one line, which are blocks of their own, become one block again. Tables, rows and
    containers are numbered from ``first`` on.
    """
    origin = Evidence(f"page.{candidate.where}", Label.BODY, WEIGHT, candidate.key, origin=Origin.PAGE)
    at_once: list[Block] = []
    for block in blocks:
        if at_once and "\n" not in block.gap and block.span and block.label is at_once[-1].label:
            at_once[-1] = replace(at_once[-1], text=f"{at_once[-1].text}{block.gap}{block.text}")
        else:
            at_once.append(block)
    return [
        replace(
            block,
            span=None,
            gap="\n\n",
            evidence=(origin, *block.evidence),
            containers=tuple(number + first for number in block.containers),
            cell=block.cell and block.cell._replace(row=block.cell.row + first, table=block.cell.table + first),
        )
        for block in at_once
    ]
