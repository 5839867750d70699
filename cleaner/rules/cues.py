"""Headlines below a line that is nothing but a cue ("Read more:"), in texts."""

import re
from typing import Final

from cleaner.document import Evidence, Label, Origin
from cleaner.rules.evidence import STRONG, EvidenceByBlock, evidence_without_words, merge_at
from cleaner.rules.line_forms import TOP_LINES
from cleaner.rules.packs import concepts
from cleaner.segment.page import Page
from cleaner.segment.prose import ProseMap, Zones
from cleaner.text import words

#: Concepts whose line may be a cue, and the concept of the headlines below it.
CUES: Final = frozenset({"related.inline", "related.heading"})
CUED: Final = "related.cued"
#: Words of a cue, at most, and how many more it may have before a colon; the share of it that a rule matches.
MAX_CUE_WORDS: Final = 3
MORE_BEFORE_COLON: Final = 2
CUE_SHARE: Final = 0.7
#: Headlines below a cue with a colon or below the article, at most; words of a headline, at most; of the first one and
#: of a further one, at least.
MAX_HEADLINES: Final = 4
MAX_WORDS: Final = 22
MIN_WORDS: Final = 4
MIN_FURTHER_WORDS: Final = 6

#: The word of a cue that introduces another story ("See also"), in many languages; Japanese and Chinese have signs.
_ALSO: Final = re.compile(
    r"\b(?:also|auch|aussi|también|anche|também|ook|też|także|również|også|också|myös|také|rovněž|ayrıca|"
    r"également|interess\w*|interés|intéresse\w*|ilginizi|aimere[zs]|perd(?:erti|as)|manqu(?:er|ez)|"
    r"также|також|juga|related|relacionad[ao]s?|correlat[aoie]|gerelateerd|verwandt\w*|ähnlich\w*)\b|あわせて|合わせて|延伸",
    re.IGNORECASE,
)
#: A source that an article cites, or an item of a numbered list.
_SOURCE: Final = re.compile(r"(?i:\bet al\b|\bdoi\b|https?:)|^\d{1,2}\.\s")
#: The end of a summary that is cut off in the middle of a sentence.
_CUT_OFF: Final = re.compile(r"\w(?:…|\.\.\.)$")


def with_cued_headlines(page: Page, prose_map: ProseMap, zones: Zones, by_block: EvidenceByBlock) -> EvidenceByBlock:
    """With evidence for the headline below a cue that stands alone, outside of the head, and for a summary there that
    is cut off. A cue with a colon or below the article has further headlines. One that does not say "also" may end an
    item of a list, so that the heading of the next item stands below it: above the article's end, "Read more" has no
    headline.
    """
    merged = list(by_block)
    concept = concepts()[CUED]
    for source, evidence in enumerate(by_block):
        cue, length = page.blocks[source].plain.strip(), prose_map.words[source]
        if source <= TOP_LINES or zones.zone(source) == "head":
            continue
        if not any(_is_cue(piece, cue, length) for piece in evidence):
            continue
        is_tail = zones.zone(source) == "tail"
        stop = source + 1 + (MAX_HEADLINES if cue.endswith(words.COLONS) or is_tail else 1)
        introduces = cue.endswith(words.COLONS) or is_tail or _ALSO.search(cue) is not None
        for at in range(source + 1, min(stop, len(page.blocks))):
            least = MIN_WORDS if at == source + 1 else MIN_FURTHER_WORDS
            count = prose_map.words[at]
            text = page.blocks[at].plain.strip()
            is_other_story = _CUT_OFF.search(text) is not None or (introduces and _is_headline(text, count, least))
            is_note = any(piece.label is Label.NOTE and piece.weight >= STRONG for piece in by_block[at])
            fits = concept.min_words <= count <= concept.max_words and not text[:1].islower()
            if is_note or not fits or not is_other_story:
                break
            merge_at(merged, at, evidence_without_words(concept, cue, Origin.NEIGHBOUR))
    return merged


def _is_cue(piece: Evidence, text: str, count: int) -> bool:
    """Whether evidence says that a line of so many words is nothing but a cue that leads to another article."""
    says_so = piece.name in CUES and piece.origin is Origin.WORDS and piece.weight >= STRONG
    most = MAX_CUE_WORDS + (MORE_BEFORE_COLON if text.endswith(words.COLONS) else 0)
    return says_so and count <= most and len(piece.quote) >= CUE_SHARE * len(text)


def _is_headline(text: str, count: int, least: int) -> bool:
    """Whether a line of so many words has the form of a headline of at least some words."""
    is_open = not words.is_closed(text) or text.endswith(words.QUESTION_MARKS)
    return is_open and least <= count <= MAX_WORDS and not _SOURCE.search(text)
