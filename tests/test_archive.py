"""Bodies and addresses of entries of WARC archives, whatever their headers say."""

import gzip
import zlib

import pytest

from cleaner.reading.archive import decoded_body

PAGE = b"<title>Ferry</title>" + b"<p>The ferry sailed on Monday.</p>" * 100


def deflated(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def chunked(data: bytes) -> bytes:
    return b"".join(
        b"%x\r\n%s\r\n" % (len(data[at : at + 700]), data[at : at + 700]) for at in range(0, len(data), 700)
    )


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(PAGE)),
        ({"Content-Encoding": "X-GZip"}, gzip.compress(PAGE)),
        ({"Content-Encoding": "gzip"}, gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:])),
        ({"Content-Encoding": "gzip"}, gzip.compress(PAGE) + b"\0\0"),
        ({"Content-Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(PAGE))),
        ({"Content-Encoding": "deflate"}, zlib.compress(PAGE)),
        ({"Content-Encoding": "deflate"}, deflated(PAGE)),
        ({"Content-Encoding": "gzip"}, PAGE),
        ({"Content-Encoding": "br"}, b"\xef\xbb\xbf \n" + PAGE),
        ({"Content-Encoding": "utf-8"}, PAGE),
        ({"Content-Encoding": "identity"}, PAGE),
        ({"Transfer-Encoding": "chunked"}, PAGE),
        ({}, PAGE),
        ({}, gzip.compress(PAGE)),
        (None, PAGE),
    ],
)
def test_bodies_are_decoded(headers, body):
    assert decoded_body(body, headers, 10_000).removeprefix(b"\xef\xbb\xbf \n") == PAGE


def test_encodings_that_fastwarc_decodes():
    pytest.importorskip("fastwarc")
    zstandard = pytest.importorskip("zstandard")
    both = {"Transfer-Encoding": "chunked", "Content-Encoding": "zstd"}
    assert decoded_body(chunked(zstandard.compress(PAGE)) + b"0\r\n\r\n", both, 10_000) == PAGE
    assert decoded_body(chunked(PAGE) + b"0\r\n\r\n", {"Transfer-Encoding": "chunked"}, 10_000) == PAGE
    with pytest.raises(OSError, match="Invalid Data"):
        decoded_body(b"no brotli", {"Content-Encoding": "br"}, 10_000)


def test_no_more_than_the_limit_is_decoded():
    for compress in (gzip.compress, zlib.compress, deflated):
        assert decoded_body(compress(PAGE * 5_000), {"Content-Encoding": "deflate"}, 500) == PAGE[:500]


def test_of_a_body_that_is_cut_off_the_beginning_is_decoded():
    found = decoded_body(gzip.compress(PAGE)[:-12], {"Content-Encoding": "gzip"}, 10_000)
    assert found
    assert PAGE.startswith(found)


@pytest.mark.parametrize("body", [b"\x1f\x8bno gzip at all", gzip.compress(PAGE) + b"\x1f\x8bno member"])
def test_a_damaged_body_is_an_error(body):
    with pytest.raises(zlib.error):
        decoded_body(body, {}, 10_000)
