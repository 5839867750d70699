"""Binary files, compressed bodies and random bytes are no text: as bytes, and decoded by mistake."""

import base64
import gzip
import io
import random
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import clean, label
from cleaner.reading.binary import SLICE, SLICES, is_binary
from cleaner.reading.decode import decode
from cleaner.reading.source import read

WAYS = [("latin-1", "strict"), ("cp1252", "replace"), ("utf-8", "replace"), ("utf-8", "ignore")]
PAGE = (
    "<html><body><h1>Ferry for Skarn</h1><p>The board met in the old customs house, since the new one has no heating and the evening was cold. "
    "Two of the captains said that the winter crossings had been the worst since the pier gave way.</p><p>A loan pays for the repairs, and the "
    "island will pay it back over eleven years, the treasurer said on Monday.</p></body></html>"
)


def noise(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


def png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + noise(120, row) for row in range(30))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    app0 = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    tables = b"\xff\xdb\0\x43\0" + bytes(range(16, 80))
    return b"\xff\xd8" + app0 + tables + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + noise(3_000) + b"\xff\xd9"


def pdf() -> bytes:
    stream = zlib.compress(noise(2_000))
    head = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Filter /FlateDecode /Length 2011 >>\nstream\n"
    return head + stream + b"\nendstream\nendobj\n%%EOF\n"


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("ferry.html", PAGE * 3)
    return buffer.getvalue()


def deflated(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


FORMATS = {"png": png(), "jpeg": jpeg(), "pdf": pdf(), "zip": archive(), "gzip": gzip.compress(PAGE.encode(), mtime=0)}
BODIES = {
    "gzip": FORMATS["gzip"],
    "zlib": zlib.compress(PAGE.encode()),
    "deflate": deflated(PAGE.encode()),
    # brotli.compress(PAGE.encode()): the library is not needed to read 186 bytes
    "brotli": base64.b64decode(
        "G20BABwHbkzNelbDI9tcqV4snz4kYQcbv1dRQWyeICMq4aNzCzl7YHSKG5uFzUQpzGQ0mm1dvdXnd6KMloKTVTQMHmAuY8QAMN9PQiGW+HuA0OtnoUt32F0FOVKgDW4/Zc"
        "OU2JJQw2BR/ZKHt+Svj0p1SDJuTxRbmRkRIJr8kVigR1d1ViPCD4N7ecsc0hC4FP5yGRBykG0ZIUwc4Qq8dpyiS0ihxms+nVQBkaigwMkCl2PPx3TpXbgd"
    ),
}
MAGIC = {
    "pdf": b"%PDF-1.4",
    "pdf after a line break": b"\r\n%PDF-1.4",
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "exif": b"\xff\xd8\xff\xe1\x1f\xfeExif\0\0",
    "png": b"\x89PNG\r\n\x1a\n",
    "png of text mode": b"\x89PNG\n\x1a\n",
    "gif": b"GIF89a\x40\x01\xf0\0",
    "zip": b"PK\x03\x04",
    "empty zip": b"PK\x05\x06",
    "gzip": b"\x1f\x8b\x08",
    "webp": b"RIFF\x24\xe0\x01\0WEBPVP8",
    "wav": b"RIFF\x24\xe0\x01\0WAVEfmt ",
    "mp4": b"\0\0\0\x20ftypisom",
    "elf": b"\x7fELF",
    "woff": b"wOF2\0\1\0\0",
    "bzip2": b"BZh91AY&SY",
    "xz": b"\xfd7zXZ\0",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "rar": b"Rar!\x1a\x07\0",
    "zstd": b"\x28\xb5\x2f\xfd",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}


def check(source: str | bytes) -> None:
    assert read(source).flags == ("binary",)
    assert read(source).text == ""
    assert clean(source) == ""


@pytest.mark.parametrize("name", FORMATS)
def test_files_as_bytes(name):
    check(FORMATS[name])


@pytest.mark.parametrize("encoding, errors", WAYS)
@pytest.mark.parametrize("name", FORMATS)
def test_files_as_strings(name, encoding, errors):
    check(FORMATS[name].decode(encoding, errors))


@pytest.mark.parametrize("name", MAGIC)
def test_magic_numbers(name):
    data = MAGIC[name] + bytes(20)  # without control characters that would be counted
    assert decode(data)[:2] == ("", ("binary",))
    for encoding, errors in WAYS:
        if (name, errors) != ("zstd", "ignore"):  # no more than "(/" is left of it
            assert is_binary(data.decode(encoding, errors)), encoding


@pytest.mark.parametrize("name", BODIES)
def test_compressed_bodies(name):
    check(BODIES[name])
    for encoding, errors in WAYS:
        check(BODIES[name].decode(encoding, errors))


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes(seed):
    data = noise(100 + seed * 510, seed)
    assert read(data).flags == ("binary",)
    for encoding, errors in WAYS:
        assert read(data.decode(encoding, errors)).flags == ("binary",), encoding


@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_declared_kind_makes_no_text_of_it(kind):
    doc = label(FORMATS["png"].decode("latin-1"), kind=kind)
    assert (doc.text, doc.blocks, doc.flags) == ("", (), ("binary",))


PROSE = "The ferry to Skarn Island sailed on Monday, and nobody on the landing had brought an umbrella. "
COLOURS = "<\x02holm\x02> \x0304,01the ferry\x0f is \x1flate\x1f, \x16again\x16\n"
TEXTS = {
    "text that begins like RIFF": "RIFFED on the stage all night, and a WAVE of applause",
    "text that begins like GIF": "GIF89a is a format of 1989, as its name says.",
    "text that begins like ZIP": "PKs were scored in the last minutes of the match.",
    "text with a percent sign": "100% PDF-free",
    "NULs": "\0".join(PROSE * 5),
    "UTF-16 as Latin-1": (PROSE * 5).encode("utf-16-le").decode("latin-1"),
    "UTF-8 encoded twice": "Größe, naïve, 日本語の段落です。".encode().decode("latin-1") * 20,
    "UTF-8 decoded as ASCII": ("Привет, мир. " * 20).encode().decode("ascii", "replace"),
    "ISO 2022 undecoded": "今日は雨です。明日も雨でしょう。\n".encode("iso2022_jp").decode("ascii") * 20,
    "ISO 2022 of Korean": "오늘은 비가 옵니다. ".encode("iso2022_kr").decode("ascii") * 20,
    "colour codes of IRC": COLOURS * 40,
    "colours of a terminal": f"\x1b[1;31m{PROSE}\x1b[0m\n" * 10,
    "overstriking": "".join(f"{char}\b{char}" for char in "NAME ferry, a timetable\n") * 10,
    "field separators": "\x01".join(["2024", "ferry", "late"] * 30),
    "a vertical tab and a stray control": f"{PROSE}\x0b{PROSE}\x02{PROSE}\x1f",
    "a page with one spot of garbage": PROSE * 300 + noise(400).decode("latin-1") + PROSE * 300,
    "a few characters": "\x01\x02\x03 ok",
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_text(name):
    assert read(TEXTS[name]).text == TEXTS[name]
    assert "binary" not in decode(TEXTS[name].encode())[1]


@given(st.text(st.characters(exclude_categories=["Cc"]), min_size=1))
@settings(deadline=None)
def test_text_without_control_characters_is_text(text):
    assert not is_binary(f"A{text}")


def test_a_long_header_of_text_does_not_hide_what_follows():
    assert is_binary(PROSE * 50 + noise(50_000).decode("latin-1"))


@pytest.mark.parametrize("size", [SLICES * SLICE, SLICES * SLICE + 1, 100_003])
def test_the_sample_reaches_both_ends(size):
    half = "".join(chr(1 + at % 8) for at in range(size // 2))
    assert is_binary(half + "a" * (size - size // 2))
    assert is_binary("a" * (size - size // 2) + half)
