"""Bytes become a string in the encoding that they are in."""

import codecs

import pytest
import webencodings

from cleaner.reading.decode import codec_of_label, decode

FRENCH = "Le café est fermé à Noël, là-bas où l'été dure. " * 5


def _meta(charset: str) -> bytes:
    return f'<meta charset="{charset}">'.encode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_bom_names_the_encoding(encoding):
    assert decode("é Hello 今日".encode(encoding))[:2] == ("é Hello 今日", ())


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["<p>Hello world, this is text</p>", "<p>今日は雨です</p>", "Plain words only."])
def test_utf_16_without_a_bom_gives_itself_away(name, text):
    assert decode(text.encode(name))[:2] == (text, ())


def test_a_stray_nul_makes_no_utf_16():
    assert decode(b"a\0b").text == "a\0b"
    assert decode(b"Some text\0 with a NUL in it, and more of it.").text.startswith("Some text\0 with")


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16", "ascii", "rot13", "utf-99", ""])
def test_sound_utf_8_is_utf_8_whatever_the_page_says(charset):
    data = _meta(charset) + FRENCH.encode()
    assert decode(data)[:2] == (data.decode(), ())


DECLARED = [
    ("iso-8859-1", "latin-1", FRENCH),
    ("ISO-8859-1", "cp1252", FRENCH + "“quoted” – dash"),
    ("ascii", "cp1252", FRENCH),
    ("windows-1251", "cp1251", "Привет, мир: это новости дня."),
    ("koi8-r", "koi8-r", "Привет, мир: это новости дня."),
    ("iso-8859-2", "iso-8859-2", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
    ("shift_jis", "cp932", "今日は雨です。①"),
    ("x-sjis", "cp932", "今日は雨です。"),
    ("euc-jp", "euc-jp", "今日は雨です。"),
    ("gb2312", "gb18030", "今天下雨了。镕"),
    ("gbk", "gb18030", "今天下雨了。"),
    ("big5", "big5", "今天下雨了。"),
    ("euc-kr", "cp949", "오늘은 비가 옵니다. 똠"),
    ("tis-620", "cp874", "สวัสดีชาวโลก"),
]


@pytest.mark.parametrize("charset, codec, text", DECLARED)
def test_a_declared_charset_is_read_as_browsers_do(charset, codec, text):
    assert decode(_meta(charset) + text.encode(codec)).text == _meta(charset).decode() + text


@pytest.mark.parametrize(
    "head", ['<?xml version="1.0" encoding="{}"?>', "<meta http-equiv=Content-Type content='text/html; charset={}'>"]
)
def test_other_places_of_a_declaration(head):
    data = head.format("iso-8859-2").encode() + "žluťoučký kůň".encode("iso-8859-2")
    assert decode(data).text.endswith("žluťoučký kůň")


@pytest.mark.parametrize(
    "charset",
    [
        "utf-8",
        "utf-99",
        "none",
        "rot13",
        "idna",
        "punycode",
        "unicode_escape",
        "base64",
        "x-user-defined",
        "utf-16",
        "hz",
        "a" * 200,
    ],
)
def test_a_lying_unknown_or_foreign_name_of_a_charset_does_no_harm(charset):
    data = _meta(charset) + (FRENCH + r"C:\new\u0041").encode("latin-1")
    text = decode(data).text
    assert text.endswith(FRENCH + r"C:\new\u0041"), text


@pytest.mark.parametrize("charset", ["", "utf-8", "windows-1252", "iso-8859-15"])
def test_one_bad_byte_costs_itself_only(charset):
    data = _meta(charset) + FRENCH.encode() + b"\xe9 end"
    text, flags, _ = decode(data)
    assert text == _meta(charset).decode() + FRENCH + "\ufffd end", text
    assert flags == ("decode_replaced",)


def test_a_page_cut_inside_a_character_keeps_the_rest():
    data = ("Ein Café. " * 100 + "é").encode()[:-1]
    text, flags, _ = decode(data)
    assert text == "Ein Café. " * 100 + "\ufffd"
    assert flags == ("decode_replaced",)


@pytest.mark.parametrize(
    "encoding, text",
    [
        ("cp1251", "Привет, мир: это новости сегодняшнего дня, и их сегодня много. " * 10),
        ("koi8-r", "Привет, мир: это новости сегодняшнего дня, и их сегодня много. │ День │ 9 │ " * 10),
        (
            "euc-jp",
            "港の事務所によると、フェリーは月曜日に再び運航を開始した。島の店の人は、汽笛の音を忘れていたと語った。"
            * 5,
        ),
        (
            "cp932",
            "港の事務所によると、フェリーは月曜日に再び運航を開始した。島の店の人は、汽笛の音を忘れていたと語った。"
            * 5,
        ),
        (
            "cp949",
            "항구 사무소에 따르면 여객선이 월요일에 다시 운항을 시작했다. 이 년 전 겨울에 부두가 무너진 뒤 처음이다. "
            * 5,
        ),
        ("cp1253", "Το πλοίο για το νησί σάλπαρε τη Δευτέρα, και οι επιβάτες ήταν “τετρακόσιοι”. Άλλο δεν είπε. " * 10),
        (
            "iso8859-7",
            "Το πλοίο για το νησί σάλπαρε τη Δευτέρα, και οι επιβάτες ήταν τετρακόσιοι. Άλλο δεν είπε. " * 10,
        ),
        ("cp1255", "המעבורת אל האי הפליגה ביום שני, בפעם הראשונה זה שני חורפים. ארבע מאות נוסעים היו על הרציף. " * 10),
        (
            "big5",
            "渡輪星期一再次航行到島上，港口辦公室說這是兩年來的第一次。島上商店的主人說，我們已經忘記了汽笛的聲音。"
            * 5,
        ),
    ],
)
def test_undeclared_encodings_are_detected(encoding, text):
    assert decode(text.encode(encoding))[:2] == (text, ("decode_guessed",))


def test_detection_looks_at_a_sample_that_may_end_inside_a_character():
    text = "今天下雨了，大家都在家里看书。" * 3_000
    data = b"x" + text.encode("gb18030")
    assert decode(data).text == "x" + text


@pytest.mark.parametrize(
    "data", [b"\xff", b"\x80" * 10, bytes(range(256)), b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b""]
)
def test_any_bytes_give_a_text(data):
    assert isinstance(decode(data).text, str)


LABELS = [
    ("ISO_8859-1", "cp1252"),
    ("l1", "cp1252"),
    ("iso-8859-8-i", "iso8859-8"),
    ("iso-8859-11", "cp874"),
    ("windows-31j", "cp932"),
    ("x-gbk", "gb18030"),
    ("GB_2312-80", "gb18030"),
    ("ks_c_5601-1987", "cp949"),
    ("euc_kr", "cp949"),
    ("EUCJP", "euc_jp"),
    ("Big5-HKSCS", "big5hkscs"),
    ("x-user-defined", "cp1252"),
    ("iso-2022-kr", "iso2022_kr"),
    ("iso-2022-cn", ""),
    ("utf-8", ""),
    ("utf-16", ""),
    ("unicode_escape", ""),
    ("", ""),
]


@pytest.mark.parametrize("label, codec", LABELS)
def test_labels_are_those_of_the_web(label, codec):
    assert codec_of_label(label) == codec


def test_every_codec_of_a_label_decodes_ascii():
    for label in webencodings.LABELS:
        if codec := codec_of_label(label):
            assert b"plain words".decode(codecs.lookup(codec).name) == "plain words", label


JAPANESE = "今日は雨です。明日も雨でしょう。"
CHINESE = "渡轮时刻表将在春天调整。港务局星期二宣布。"


@pytest.mark.parametrize(
    "text, codec, declared, flags",
    [
        (JAPANESE, "iso2022_jp", "iso-2022-jp", ()),
        (JAPANESE, "iso2022_jp", "", ()),
        (CHINESE, "hz", "hz-gb-2312", ()),
        (f"{CHINESE}\n{CHINESE}", "hz", "", ()),
        ("ตารางเรือข้ามฟาก", "cp874", "windows-874", ()),
        ("Größe und Länge der Fähre", "cp1252", "", ("decode_guessed",)),
    ],
)
def test_encodings_that_look_like_ascii_or_have_another_name(text, codec, declared, flags):
    head = f"<meta charset={declared}>" if declared else "<meta name=x>"
    assert decode((head + text).encode(codec))[:2] == (head + text, flags)


def test_utf_7_is_not_read_but_flagged():
    data = b"<meta charset=utf-7>+ADw-script+AD4-"
    assert decode(data)[:2] == (data.decode(), ("decode_guessed",))
