"""The language of a text, and the codes that a caller may pass."""

import pytest

from cleaner import rules
from cleaner.reading.language import (
    ISO_639_1,
    LONGEST_BLOCKS,
    UNSPACED_LANGUAGES,
    check_language,
    detect,
    stop_word_count,
    stop_words,
)

TEXTS = {
    "en": "The ferry to the island is late, and the board of the line has said that it will not be the last time.",
    "de": "Die Fähre zur Insel ist zu spät, und der Vorstand der Reederei sagt, dass es nicht das letzte Mal sein wird.",
    "fr": "Le ferry de l'île est en retard, et la direction dit que ce ne sera pas la dernière fois dans les mois à venir.",
    "ru": "Паром на остров опоздал, и в компании говорят, что это не в последний раз, как было и в прошлом году.",
    "hi": "द्वीप की नाव देर से आई और कंपनी ने कहा है कि यह आखिरी बार नहीं होगा।",
    "ja": "島へのフェリーは遅れており、会社はこれが最後ではないだろうと述べた。",
    "zh": "开往岛上的渡轮晚点了，公司表示这不会是最后一次。",
    "el": "Το πλοίο για το νησί άργησε, και η εταιρεία λέει ότι δεν θα είναι η τελευταία φορά.",
    "he": "המעבורת אל האי איחרה, והחברה אומרת כי זה לא יהיה בפעם האחרונה.",
    "ko": "섬으로 가는 배가 늦었고 회사는 이것이 마지막이 아닐 것이라고 말했다.",
}


@pytest.mark.parametrize("lang", TEXTS)
@pytest.mark.parametrize("declared", ["", "en", "pl"])
def test_the_words_count_more_than_the_declaration(lang, declared):
    assert detect([TEXTS[lang]], declared) == lang


@pytest.mark.parametrize(
    "declared, lang",
    [
        ("de", "de"),
        ("de-at", "de"),
        ("pt_br", "pt"),
        ("nb", "no"),
        ("nn-no", "no"),
        ("gsw", "gsw"),
        ("german", ""),
        ("", ""),
    ],
)
def test_without_stop_words_the_declaration_counts(declared, lang):
    assert detect(["Holm 42 Skarn", "7 8 9"], declared) == lang
    assert detect([], declared) == lang


def test_a_small_majority_of_stop_words_is_none():
    shared = "og til ikke jeg også hvor skal ville mange fordi"  # in Danish and Norwegian
    assert detect([shared], "no") == "no"
    assert detect([shared], "da") == "da"
    assert detect([shared], "") == "da", "the first by code"
    assert detect([f"{shared} havde"], "no") == "no"
    assert detect([f"{shared} havde meget"], "no") == "da"


def test_a_few_stop_words_in_a_list_are_no_language():
    assert detect(["Holm Skarn Brekke Lee Odd Ann Viken Strand Berg the"], "de") == "de"


def test_only_the_longest_blocks_are_looked_at():
    assert detect([*["Die der das und ist"] * 500, *[TEXTS["en"] * 2] * LONGEST_BLOCKS], "") == "en"


def test_a_few_east_asian_characters_tell_nothing():
    assert detect([f"{TEXTS['en']} 日本"], "") == "en"


def test_words_decoded_wrongly_are_few():
    data = TEXTS["ru"].encode("cp1251")
    counts = {
        codec: stop_word_count(data.decode(codec, "replace")) for codec in ("cp1251", "cp1252", "cp1253", "koi8-r")
    }
    assert max(counts, key=counts.__getitem__) == "cp1251", counts


def test_tags_are_no_words():
    assert stop_word_count("<p class='the of and'>") == 0


# -- the codes of the option -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code, wanted",
    [
        ("de", "de"),
        ("DE", "de"),
        ("en-US", "en"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("de_DE.UTF-8", "de"),
        (" fr ", "fr"),
        ("eu", "eu"),
        ("nb", "no"),
        ("nn-NO", "no"),
        ("nob", "no"),
        ("deu", "de"),
        ("ger", "de"),
        ("cmn-Hans", "zh"),
    ],
)
def test_codes(code, wanted):
    assert check_language(code) == wanted


@pytest.mark.parametrize(
    "code, hint",
    [
        ("german", "; did you mean 'de'?"),
        ("English", "; did you mean 'en'?"),
        ("norwegain", "; did you mean 'no'?"),
        ("xx", ""),
        ("english-US", "; did you mean 'en'?"),
        ("tlh", ""),
        ("", ""),
        ("-", ""),
        (5, ""),
        (None, ""),
        (b"de", ""),
    ],
)
def test_anything_else_is_told_what_to_pass(code, hint):
    with pytest.raises(ValueError, match=r"^lang is an ISO 639-1 code such as 'de'") as caught:
        check_language(code)
    assert str(caught.value).endswith(f"not {code!r}{hint}")


def test_the_codes_are_iso_639_1_and_have_those_of_the_packs():
    packs = set(rules.languages())
    assert len(ISO_639_1) == 183
    assert packs <= ISO_639_1
    assert set(stop_words()) <= ISO_639_1
    assert set(UNSPACED_LANGUAGES) <= set(stop_words())
    assert all(check_language(lang) == lang for lang in packs)


def test_every_pack_has_a_name_and_a_three_letter_code():
    from cleaner.reading.language import _CODES_BY_NAME, _CODES_BY_THREE_LETTERS

    packs = set(rules.languages())
    assert set(_CODES_BY_NAME.values()) == packs
    assert set(_CODES_BY_THREE_LETTERS.values()) == packs
