"""Lines that end with the credit of a picture: captions.

Agencies and papers write credits in many ways ("… (Delwyn Ruiters/Weekly Ledger)", "… Sarah Lind, special to The
Post", "… / fot. Pod Jaworem"). What follows the word for the picture, the last sentence or an opening bracket has to
consist of names (:mod:`.byline_parts`).
"""

from collections.abc import Sequence
from typing import Final

import regex

from cleaner.rules.byline_parts import byline_parts, is_full_name
from cleaner.rules.byline_words import BylinePart, words_for_pictures

#: Characters of a credit, at most; of the sentence before one of which only names tell, at least.
MAX_CREDIT: Final = 90
MIN_SENTENCE: Final = 25

#: Words that stand for a picture, at most, and their characters.
MAX_PICTURE_WORDS: Final = 3
MAX_WORDS_LENGTH: Final = 30

#: What stands between the words for a picture and a name.
_MARK: Final = regex.compile(
    r"(?<=[\p{L}©])(?:\s?[:：]\s?|\.\s|\s(?:by|von|par|por|di|de|door|av|af|från|via|from)\s)", regex.IGNORECASE
)
_WORD: Final = regex.compile(r"(?<!\S)\S|(?<=[^\p{L}\p{N}\s])\p{L}")
_BEFORE_PICTURE: Final = frozenset(".!?…,;:|/–—()[]’'”\"»-&")
_BRACKET: Final = regex.compile(r"(?<!:\s?)[(\[（]([^()\[\]（）]{3,90})[)\]）]$")
_LAST_SENTENCE: Final = regex.compile(r"[.!?…。][’'”\"»)\]]{0,2}\s+(?=\P{Ll})")


def ends_with_credit(text: str) -> bool:
    """Whether a line is the caption of a picture with its credit at the end, or this alone.

    >>> ends_with_credit("The organ of Skarn (Runa Tveit/Weekly Ledger)"), ends_with_credit("The coalition (CDU/CSU)")
    (True, False)
    """
    text = text.strip()
    if not text[:1].isdigit() and (bracket := _BRACKET.search(text)):  # the entry of a list may end with a term
        names = byline_parts(bracket[1])
        are_names = len(names) > 1 and all(part.kind in ("name", "agency") for part in names)
        if _follows_word(bracket[1]) or ("/" in bracket[1] and are_names and _has_person(names)):
            return True
    if _follows_word(text[-MAX_CREDIT:]):
        return True
    *_, last = [0, *(found.end() for found in _LAST_SENTENCE.finditer(text))]
    if last < MIN_SENTENCE or len(text) - last > MAX_CREDIT:
        return False
    # Behind a sentence a name alone, or one beside a paper, may be the signature of a paragraph.
    names = byline_parts(text[last:])
    return _has_person(names) and any(part.kind in ("agency", "for") for part in names)


def _follows_word(text: str) -> bool:
    """Whether a text ends with the words for a picture and names behind them."""
    for mark in _MARK.finditer(text):
        if _is_picture(text[: mark.start()]):
            parts = byline_parts(text[mark.end() :])
            if any(part.kind in ("name", "agency", "contact") for part in parts):
                return True
    return False


def _is_picture(text: str) -> bool:
    """Whether a text ends with the words for a picture, which stand at its beginning or behind a sign."""
    pictures, end = words_for_pictures(), len(text)
    starts = [found.start() for found in _WORD.finditer(text, max(end - MAX_WORDS_LENGTH, 0))]
    for start in reversed(starts[-MAX_PICTURE_WORDS:]):
        before = text[:start].rstrip()[-1:]
        if (not before or before in _BEFORE_PICTURE) and text[start:].lower() in pictures:
            return True
    return False


def _has_person(parts: Sequence[BylinePart]) -> bool:
    return any(part.kind == "name" and is_full_name(part.text) for part in parts)
