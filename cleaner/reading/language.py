"""Which language a page is in, for choosing packs: the caller's word, the page's own, or its stopwords."""

import re
import tomllib
from collections import Counter
from functools import cache
from itertools import chain
from typing import Final

import regex

from cleaner.segment.page import Page
from cleaner.text.data_files import read_data

#: Words looked at: enough for a clear majority, too few to cost anything.
SAMPLE: Final = 300
#: Share of stopwords from which a text is in a language; running text has 0.3 to 0.5, a list of names none.
CLEAR: Final = 0.12

_CODE: Final = re.compile(r"[a-z]{2,3}\Z")
_WORD: Final = regex.compile(r"\w+")  # the standard library's ends words at Indic vowel signs
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
#: Languages whose words stand together.
UNSPACED_LANGUAGES: Final = ("ja", "zh")
# Of ``regex``: ``re`` takes 4 ms to compile the four.
_KANA: Final = regex.compile(r"[\u3040-\u30ff]")
_HANGUL: Final = regex.compile(r"[\uac00-\ud7af]")
_HAN: Final = regex.compile(r"[\u4e00-\u9fff]")
_EAST_ASIAN: Final = regex.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


@cache
def stop_words() -> dict[str, tuple[str, ...]]:
    """The most frequent words of each language, by its ISO 639-1 code."""
    # One string a language: a list of words takes ten times as long to read.
    tables = tomllib.loads(read_data("cleaner.reading", "stopwords.toml").decode())
    return {lang: tuple(words.split()) for lang, words in tables.items()}


@cache
def _languages_of_words() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for lang, words in sorted(stop_words().items()):
        for word in words:
            found[word] = (*found.get(word, ()), lang)
    return found


def detect(page: Page) -> str:
    """The page's language as an ISO 639-1 code: what its words say, else what it declares; "" for neither.

    Templates often declare a language that the text is not in, so a clear majority of stopwords goes first.
    """
    declared = page.lang.replace("_", "-").split("-")[0]
    declared = {"nb": "no", "nn": "no"}.get(declared, declared) if _CODE.match(declared) else ""
    texts = sorted([block.plain for block in page.blocks], key=len, reverse=True)[:40]
    sample = " ".join(texts)[: SAMPLE * 7].lower()
    if not sample.isascii() and (script := _script(sample)):
        return script
    tokens = (sample.split() if sample.isascii() else _WORD.findall(sample))[:SAMPLE]
    known = _languages_of_words()
    shares = Counter(chain.from_iterable([known[token] for token in tokens if token in known]))
    if not shares:
        return declared
    # Equal counts: the declared language, then the first by name.
    best = max(sorted(shares), key=lambda lang: (shares[lang], lang == declared))
    clear = shares[best] >= CLEAR * len(tokens) and shares[best] > 1.15 * shares.get(declared, 0)
    return best if clear or not declared else declared


def familiar(text: str) -> int:
    """How many words of the language with the most of them a text begins with: what is read in a wrong encoding has
    few.

    >>> familiar("the vote is on Tuesday") > familiar("ÙèÅ àØÙÅ éé Øä")
    True
    """
    sample = _TAG.sub(" ", text)[: SAMPLE * 12]
    known = _languages_of_words()
    shares = Counter(lang for match in _WORD.finditer(sample) for lang in known.get(match.group().lower(), ()))
    for lang in UNSPACED_LANGUAGES:
        # A syllable tells less than a word: two of them count as one.
        shares[lang] += sum(sample.count(word) for word in stop_words()[lang]) // 2
    return max(shares.values(), default=0)


def _script(sample: str) -> str:
    """The language that a script gives away."""
    if not _EAST_ASIAN.search(sample):
        return ""
    han = len(_HAN.findall(sample))
    kana = len(_KANA.findall(sample))
    hangul = len(_HANGUL.findall(sample))
    if max(han, kana, hangul) * 5 < len(sample):
        return ""
    if hangul >= max(han, kana):
        return "ko"
    return "ja" if kana * 10 > han else "zh"
