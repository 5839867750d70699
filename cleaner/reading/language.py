"""The language of a text, which chooses the packs: by its script, its stop words, and what the page declares."""

import difflib
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Final

import regex

from cleaner.text.data_files import read_data

#: Blocks of a source from which its language is detected, the longest ones: they are prose rather than menus.
LONGEST_BLOCKS: Final = 40
#: Words that are counted: enough for a clear majority, and few enough to cost little.
SAMPLE_WORDS: Final = 300
#: Characters of the sample for each of its words, spaces included.
CHARACTERS_PER_WORD: Final = 7
#: Share of stop words from which a text is in a language. Running text has 0.3 to 0.5, a list of names 0.
MIN_STOP_WORDS: Final = 0.12
#: Another language is taken instead of the declared one where it has more than so many times its stop words.
MAJORITY: Final = 1.15
#: Share of Han characters, kana or Hangul in the sample from which the script decides the language.
MIN_SCRIPT_SHARE: Final = 0.2
#: Han characters for each kana in Japanese at most. Chinese has no kana.
MAX_HAN_PER_KANA: Final = 10
#: Characters at the start of a text in which :func:`stop_word_count` counts.
STOP_WORD_SAMPLE: Final = 3_600

#: Languages without spaces between words.
UNSPACED_LANGUAGES: Final = ("ja", "zh")
#: ISO 639-1.
ISO_639_1: Final = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv
    ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne
    ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st
    su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu""".split()
)
#: The languages of the packs: ISO 639-1 code, English name, ISO 639-2 and 639-3 codes.
_PACK_LANGUAGES: Final = (
    ("ar", "Arabic", "ara arb"),
    ("cs", "Czech", "ces cze"),
    ("da", "Danish", "dan"),
    ("de", "German", "deu ger"),
    ("en", "English", "eng"),
    ("es", "Spanish", "spa"),
    ("fa", "Persian", "fas per pes"),
    ("fi", "Finnish", "fin"),
    ("fr", "French", "fra fre"),
    ("hi", "Hindi", "hin"),
    ("id", "Indonesian", "ind"),
    ("it", "Italian", "ita"),
    ("ja", "Japanese", "jpn"),
    ("ko", "Korean", "kor"),
    ("nl", "Dutch", "nld dut"),
    ("no", "Norwegian", "nor nob nno"),
    ("pl", "Polish", "pol"),
    ("pt", "Portuguese", "por"),
    ("ru", "Russian", "rus"),
    ("sv", "Swedish", "swe"),
    ("tr", "Turkish", "tur"),
    ("uk", "Ukrainian", "ukr"),
    ("vi", "Vietnamese", "vie"),
    ("zh", "Chinese", "zho chi cmn"),
)
_CODES_BY_NAME: Final = {name.lower(): code for code, name, _ in _PACK_LANGUAGES}
_CODES_BY_THREE_LETTERS: Final = {three: code for code, _, threes in _PACK_LANGUAGES for three in threes.split()}
#: Both written forms of Norwegian have one pack.
_ONE_PACK: Final = {"nb": "no", "nn": "no"}

_DECLARED: Final = re.compile(r"[a-z]{2,3}\Z")
_WORD: Final = regex.compile(r"\w+")  # the standard library's \w does not match Indic vowel signs
#: A word that touches no box-drawing sign. These stand between letters where another encoding was read as KOI8.
_WORD_APART: Final = regex.compile(r"(?<![\w\u2500-\u259f])\w++(?![\u2500-\u259f])")
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
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
def _languages_by_stop_word() -> dict[str, tuple[str, ...]]:
    languages: dict[str, tuple[str, ...]] = {}
    for lang, words in sorted(stop_words().items()):
        for word in words:
            languages[word] = (*languages.get(word, ()), lang)
    return languages


def detect(texts: Sequence[str], declared: str) -> str:
    """The language of the blocks of a source as an ISO 639-1 code, "" if it is unknown.

    ``declared`` is what the page's markup says, "" for nothing. Templates often declare a language that the text is not
    in, so a clear majority of stop words counts more.

    >>> detect(["The vote is on Tuesday and the mayor is for it."], declared="de-AT"), detect(["42"], declared="de-AT")
    ('en', 'de')
    """
    declared = _declared_code(declared)
    longest = sorted(texts, key=len, reverse=True)[:LONGEST_BLOCKS]
    sample = " ".join(longest)[: SAMPLE_WORDS * CHARACTERS_PER_WORD].lower()
    if not sample.isascii() and (lang := _language_of_script(sample)):
        return lang
    words = (sample.split() if sample.isascii() else _WORD.findall(sample))[:SAMPLE_WORDS]
    languages = _languages_by_stop_word()
    times = Counter(words)
    counts: dict[str, int] = defaultdict(int)
    for word in languages.keys() & times.keys():
        for lang in languages[word]:
            counts[lang] += times[word]
    if not counts:
        return declared
    # Of equal counts the declared language is taken, then the first by code.
    best = max(sorted(counts), key=lambda lang: (counts[lang], lang == declared))
    is_clear = counts[best] >= MIN_STOP_WORDS * len(words) and counts[best] > MAJORITY * counts.get(declared, 0)
    return best if is_clear or not declared else declared


def check_language(code: str) -> str:
    """The ISO 639-1 code for what a caller passes as ``lang``, which may have a region or script (``pt-BR``).

    Three-letter codes (ISO 639-2 and 639-3) are accepted for the languages of the packs. Bokmål and Nynorsk become
    ``no``, the code of their pack. Raises ``ValueError`` for anything else, "" included.

    >>> check_language("en-US"), check_language("pt_BR"), check_language("deu"), check_language("nb")
    ('en', 'pt', 'de', 'no')
    >>> check_language("german")
    Traceback (most recent call last):
    ValueError: lang is an ISO 639-1 code such as 'de', not 'german'; did you mean 'de'?
    """
    primary = re.split(r"[-_.@]", code.strip().lower())[0] if isinstance(code, str) else ""
    primary = _CODES_BY_THREE_LETTERS.get(primary, primary)
    if primary in ISO_639_1:
        return _ONE_PACK.get(primary, primary)
    similar = difflib.get_close_matches(primary, _CODES_BY_NAME, n=1, cutoff=0.75)
    hint = f"; did you mean {_CODES_BY_NAME[similar[0]]!r}?" if similar else ""
    raise ValueError(f"lang is an ISO 639-1 code such as 'de', not {code!r}{hint}")


def stop_word_count(text: str) -> int:
    """How many stop words the beginning of a text has, in the language of which it has most. HTML tags do not count.

    Decoding uses it: a text that was decoded with the wrong encoding has few.

    >>> stop_word_count("the vote is on Tuesday") > stop_word_count("ÙèÅ àØÙÅ éé Øä")
    True
    """
    sample = _TAG.sub(" ", text)[:STOP_WORD_SAMPLE]
    languages = _languages_by_stop_word()
    counts = Counter(
        lang for match in _WORD_APART.finditer(sample) for lang in languages.get(match.group().lower(), ())
    )
    for lang in UNSPACED_LANGUAGES:
        # A stop word here is one or two characters, which chance produces more easily: two of them count as one.
        counts[lang] += sum(sample.count(word) for word in stop_words()[lang]) // 2
    return max(counts.values(), default=0)


def _declared_code(declared: str) -> str:
    code = declared.replace("_", "-").split("-")[0]
    return _ONE_PACK.get(code, code) if _DECLARED.match(code) else ""


def _language_of_script(sample: str) -> str:
    """Chinese, Japanese or Korean by the characters of a sample; "" for other scripts."""
    # No patterns for texts in other scripts with a few signs of their own, which are most of those that come here.
    if len(sample) - len(sample.encode("ascii", "ignore")) < MIN_SCRIPT_SHARE * len(sample):
        return ""
    if not _EAST_ASIAN.search(sample):
        return ""
    han = len(_HAN.findall(sample))
    kana = len(_KANA.findall(sample))
    hangul = len(_HANGUL.findall(sample))
    if max(han, kana, hangul) < MIN_SCRIPT_SHARE * len(sample):
        return ""
    if hangul >= max(han, kana):
        return "ko"
    return "ja" if han < MAX_HAN_PER_KANA * kana else "zh"
