"""Where the rules go before the model: residue that the model would keep, and prose that it alone would drop.

Each override is evidence, which the document shows beside the model's.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from cleaner.decision.decision import Decision, expected_f1, in_force, with_certainty
from cleaner.decision.page_body import ARTICLE
from cleaner.decision.quotations import attributions
from cleaner.decision.state import Prepared
from cleaner.decision.teasers import teaser_rails
from cleaner.document import Evidence, Label, Origin
from cleaner.model.rule_precision import may_decide
from cleaner.model.scoring import RECURRING
from cleaner.model.weights import load
from cleaner.rules.gather import evidence_for_blocks
from cleaner.rules.glued_pleas import find_pleas
from cleaner.rules.match import Match, match_elements, match_rules, match_words
from cleaner.rules.packs import concepts_with_role
from cleaner.segment.page import Page
from cleaner.segment.posts import POST
from cleaner.segment.prose import ProseMap
from cleaner.text.arrays import Columns, Flags, Floats
from cleaner.text.charstats import word_counts
from cleaner.text.words import MARKDOWN_SENTENCE_BREAK

#: Longer blocks are not asked about: hardly any rule is about so many words, and looking for it costs the most time.
MAX_WORDS: Final = 25
#: Words of a block besides those that a rule matched, from which another sentence in it is the article's.
OTHER_WORDS: Final = 12
#: A thread of comments is looked for on pages that are forums with this probability at most: the posts of a forum are
#: its content.
THREAD_FORUM: Final = 0.2
#: Words of body above a thread, at least.
STORY_WORDS: Final = 45
#: Weight (log-odds) from which the name of an element says that it is a caption.
CAPTION_WEIGHT: Final = 4.0
#: The names and weights (log-odds) of the evidence that documents have, and the characters of a heading that it quotes.
RULE: Final = "rule.precision"
THREAD: Final = "comment.thread"
BETWEEN: Final = "body.between"
TEASERS: Final = "related.teasers"
THREAD_WEIGHT: Final = 6.0
TEASERS_WEIGHT: Final = 6.0
BETWEEN_WEIGHT: Final = 4.0
MAX_QUOTE: Final = 60
#: Elements from a paragraph without classes upwards that look like those of another one of its kind.
COMPARED_ELEMENTS: Final = 6


def with_overrides(prepared: Prepared, decision: Decision, columns: Columns, scores: Floats) -> Decision:
    """The decision about a page without the blocks about which a rule of the library is right often enough, without
    threads of comments and rails of teasers, and with the prose between kept siblings about which no rule says
    anything.

    ``columns`` are those of the first stage, ``scores`` (n_blocks,) float64 the probabilities of body. The confidence
    is that of the new body: what is overridden counts as certain. A user's rules have counted already. In a text the
    model hears all rules: nothing changes.
    """
    if prepared.page.kind == "text" or not decision.body.any():
        return decision
    asked, headings = _lines(prepared, decision), _headings(prepared, decision, columns)
    matches = _matches(prepared, sorted({*asked, *headings}))
    overrides = {
        **_known_residue(prepared, [match for match in matches if match.block in asked]),
        **_captions(prepared, decision),
        **_thread(prepared, decision, [match for match in matches if match.block in headings]),
        **_teasers(prepared, decision, columns, scores),
        **_wrongly_dropped(prepared, decision, columns),
    }
    if not overrides:
        return decision
    body = decision.body.copy()
    for at, evidence in overrides.items():
        body[at] = evidence.label is Label.BODY
    if not body.any():
        return decision
    reasons = {**in_force(decision.overrides, body), **overrides}
    confidence = expected_f1(with_certainty(scores, reasons), np.array(prepared.prose_map.words, np.float64), body)
    return replace(decision, body=body, overrides=reasons, confidence=confidence)


def _lines(prepared: Prepared, decision: Decision) -> set[int]:
    """The kept blocks about which rules can decide. A post that the article quotes stays or goes as a whole."""
    page, prose_map = prepared.page, prepared.prose_map
    return {
        at
        for at in np.flatnonzero(decision.body).tolist()
        if prose_map.words[at] <= MAX_WORDS
        and at not in decision.decisive
        and POST not in page.blocks[at].context
        and may_decide(page, prose_map, at)
    }


def _headings(prepared: Prepared, decision: Decision, columns: Columns) -> set[int]:
    """The headings that may be that of the readers' comments: those of an article below its first prose."""
    if columns["type_article"][0] < ARTICLE or columns["type_forum"][0] > THREAD_FORUM:
        return set()
    kept = np.flatnonzero(decision.body)
    prose = kept[prepared.prose_map.in_prose[kept]]
    level = prepared.prose_map.level
    return set((np.flatnonzero(level[prose[0] : kept[-1] + 1]) + prose[0]).tolist()) if len(prose) else set()


def _matches(prepared: Prepared, blocks: Sequence[int]) -> Sequence[Match]:
    """The matches of rules with some blocks; of a user's rules also with the elements around them."""
    match = match_rules if prepared.own_rules else match_words
    return match(prepared.page, prepared.index, prepared.prose_map, blocks).matches if blocks else ()


def _known_residue(prepared: Prepared, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The blocks about which a rule of the library decides, and no rule of the user's says that they are body. A block
    with another sentence besides the one that the rule matches stays, and so does one from whose edge the plea can be
    split off.
    """
    page, prose_map, own_rules = prepared.page, prepared.prose_map, prepared.own_rules
    spared = {at for at, evidence, _ in matches if evidence.rule in own_rules and evidence.label is Label.BODY}
    precision = load().rule_precision
    known = {
        at: Evidence(RULE, evidence.label, evidence.weight, f"{evidence.name} decides", origin=Origin.MODEL)
        for at, evidence, _ in matches
        if at not in spared and evidence.rule not in own_rules and precision.decides(evidence, page, prose_map, at)
        if not _has_another_sentence(page.blocks[at].plain, evidence.quote)
    }
    glued = find_pleas(page.blocks, list(known), prepared.index) if known else {}
    return {at: evidence for at, evidence in known.items() if at not in glued}


def _has_another_sentence(text: str, quote: str) -> bool:
    """Whether a block has several sentences, and many words besides those that a rule matched."""
    rest, *_ = word_counts([text.replace(quote, "", 1)])
    return rest >= OTHER_WORDS and MARKDOWN_SENTENCE_BREAK.search(text) is not None


def _captions(prepared: Prepared, decision: Decision) -> dict[int, Evidence]:
    """The blocks whose own element is called a caption, but for the speakers of quotations."""
    spared = attributions(prepared.page, decision.body)
    asked = [at for at in np.flatnonzero(decision.body & ~spared).tolist() if at not in decision.decisive]
    matches = match_elements(prepared.page, prepared.index, prepared.prose_map, asked).matches
    return {
        at: Evidence(RULE, evidence.label, evidence.weight, f"{evidence.name} decides", origin=Origin.MODEL)
        for at, evidence, _ in matches
        if evidence.label is Label.CAPTION
        and evidence.weight >= CAPTION_WEIGHT
        and evidence.rule not in prepared.own_rules
    }


def _thread(prepared: Prepared, decision: Decision, matches: Sequence[Match]) -> dict[int, Evidence]:
    """The readers' comments below an article: what stands under the last heading that a rule takes for theirs, in the
    same element, where nothing of the article follows.

    Comments are prose, and where an article is short they are most of it, so that neither model nor form tells them
    from it. What stands above has to be an article: where it is a few words, the replies are the page.
    """
    page, names = prepared.page, concepts_with_role("thread")
    kept = np.flatnonzero(decision.body).tolist()
    last = kept[-1]
    for heading in sorted({match.block for match in matches if match.evidence.name in names}, reverse=True):
        thread = _below(page, heading)
        above = sum(prepared.prose_map.words[at] for at in kept if at < heading)
        if thread.stop > last and above >= STORY_WORDS:
            title = page.blocks[heading].plain[:MAX_QUOTE]
            found = Evidence(THREAD, Label.COMMENT, THREAD_WEIGHT, title, origin=Origin.INHERITED)
            return {at: found for at in thread if at not in decision.decisive}
    return {}


def _teasers(prepared: Prepared, decision: Decision, columns: Columns, scores: Floats) -> dict[int, Evidence]:
    """The blocks of rails of teasers on the page of an article."""
    if columns["type_article"][0] < ARTICLE:
        return {}
    rails = teaser_rails(prepared.page, columns, decision.body, scores, prepared.base_url)
    found = Evidence(TEASERS, Label.RELATED, TEASERS_WEIGHT, "headlines of other stories", origin=Origin.NEIGHBOUR)
    return {at: found for at in np.flatnonzero(rails).tolist() if at not in decision.decisive}


def _below(page: Page, heading: int) -> range:
    """The blocks below a heading in its parent element, up to a heading of a higher level."""
    parents, level = page.elements.parent, page.blocks[heading].level
    around = parents[page.blocks[heading].node]
    inside = page.elements.inside(lambda element: element == around)
    stop = heading + 1
    while stop < len(page.blocks) and inside[page.blocks[stop].node]:
        if 0 < page.blocks[stop].level < level:
            break
        stop += 1
    return range(heading, stop)


def _wrongly_dropped(prepared: Prepared, decision: Decision, columns: Columns) -> dict[int, Evidence]:
    """The prose between kept siblings about which no rule says anything, and no memory."""
    page, prose_map = prepared.page, prepared.prose_map
    dropped = np.flatnonzero(prose_between(page, prose_map, decision.body)).tolist()
    recurs = columns.get(RECURRING, np.zeros(len(decision.body), np.float32)) > 0
    asked = [at for at in dropped if at not in decision.decisive and not recurs[at]]
    if not asked:
        return {}
    by_block = evidence_for_blocks(page, prose_map, prepared.index, asked)
    found = Evidence(BETWEEN, Label.BODY, BETWEEN_WEIGHT, "between paragraphs like it", origin=Origin.NEIGHBOUR)
    return {at: found for at, pieces in zip(asked, by_block, strict=True) if all(e.label is Label.BODY for e in pieces)}


def _is_quoted_between(page: Page, body: Flags, at: int) -> bool:
    """Whether a block is a quotation of its own, set between two blocks of body in the element around the quotation."""
    parents, blocks = page.elements.parent, page.blocks
    if "blockquote" not in blocks[at].context or not (0 < at < len(body) - 1 and body[at - 1] and body[at + 1]):
        return False
    around = parents[blocks[at - 1].node]
    return around == parents[blocks[at + 1].node] and around == parents[parents[blocks[at].node]]


def prose_between(page: Page, prose_map: ProseMap, body: Flags) -> Flags:
    """The prose that goes although prose before and behind it stays with the same tag and classes: (n_blocks,) bool.

    Where it has no classes, the elements around it look alike as well. Quotations count that stand between two blocks
    of body.
    """
    between = np.zeros(len(body), bool)
    kept = np.flatnonzero(prose_map.in_prose & body)
    if not len(kept):
        return between
    inner = np.flatnonzero(prose_map.in_prose[kept[0] : kept[-1]] & ~body[kept[0] : kept[-1]]) + kept[0]
    if not len(inner):
        return between
    elements, looks = page.elements, page.elements.looks()

    def kind(at: int) -> tuple[int, ...]:
        node = page.blocks[at].node
        has_classes = any(token[0] != "#" for token in elements.styles[elements.style[node]].tokens)
        if has_classes:
            return (looks[elements.style[node]],)
        chain: list[int] = []
        while node > 0 and len(chain) < COMPARED_ELEMENTS:
            chain.append(looks[elements.style[node]])
            node = elements.parent[node]
        return tuple(chain)

    first: dict[tuple[int, ...], int] = {}
    last: dict[tuple[int, ...], int] = {}
    for at in kept.tolist():
        first.setdefault(kind(at), at)
        last[kind(at)] = at
    for at in inner.tolist():
        between[at] = first.get(kind(at), at) < at < last.get(kind(at), at) or _is_quoted_between(page, body, at)
    return between
