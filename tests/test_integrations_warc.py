"""The WARC reader: every response is a document or is counted."""

import gzip

import pytest
from helpers import TYPICAL_PAGE

pytest.importorskip("datatrove")
warc = pytest.importorskip("fastwarc.warc")

from cleaner import clean
from cleaner.integrations.datatrove import ArticleCleaner
from cleaner.integrations.warc import WarcPages

PAGE = TYPICAL_PAGE.read_text("utf-8")

pytestmark = pytest.mark.filterwarnings("ignore")


def record(name, body, *, kind="text/html; charset=utf-8", status="200 OK", more=""):
    head = f"HTTP/1.1 {status}\r\n{f'Content-Type: {kind}' if kind else 'X-A: b'}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    block = head.encode() + body
    lines = ["WARC/1.1", "WARC-Type: response", f"WARC-Record-ID: <urn:uuid:{name}>", "WARC-Date: 2026-11-01T00:00:00Z"]
    lines += [f"WARC-Target-URI: https://a.example/{name}", "Content-Type: application/http; msgtype=response"]
    return "\r\n".join([*lines, f"Content-Length: {len(block)}", "", ""]).encode() + block + b"\r\n\r\n"


def write(path, *records):
    """As crawlers write them: each record a gzip member of its own."""
    path.write_bytes(b"".join(map(gzip.compress, records)))


def read(folder, **options):
    reader = WarcPages(str(folder), **options)
    docs = list(reader.run())
    return docs, {
        name: stat.total for name, stat in reader.stats.stats.items() if name.startswith(("skipped", "broken"))
    }


def test_each_response_is_a_document_or_is_counted(tmp_path):
    script = "<script>" + "var a = function() { return 1; };\n" * 200 + "</script>"
    latin = "<meta charset=iso-8859-1><p>Die Fähre fährt am Montag wieder, sagte der Bürgermeister der Insel.</p>"
    write(
        tmp_path / "a.warc.gz",
        record("page", PAGE.encode()),
        record("script-first", (script + PAGE).encode()),
        record("latin", latin.encode("latin-1")),
        record("undeclared", PAGE.encode(), kind=""),
        record("zipped", gzip.compress(PAGE.encode()), more="Content-Encoding: gzip\r\n"),
        record("pdf", b"%PDF-1.7 \0\1", kind="application/pdf"),
        record("pdf-as-html", b"%PDF-1.7 \0\1"),
        record("gone", PAGE.encode(), status="404 Not Found"),
        record("empty", b" "),
        record("large", b"<p>" + b"x" * 100_000),
        record("brotli", b"\x8b\x01\x80abc\x03", more="Content-Encoding: br\r\n"),
        record("bad-gzip", b"\x1f\x8bno gzip at all"),
        record("chunks", b"5\r\n<p>a \r\n5\r\nb</p>\r\n0\r\n\r\n", more="Transfer-Encoding: chunked\r\n"),
        record("bomb", gzip.compress(b"<p>" + b"a" * 10_000_000), more="Content-Encoding: gzip\r\n"),
        record("not-zipped", PAGE.encode(), more="Content-Encoding: gzip\r\n"),
        record("json", b'{"a": 1}', kind=""),
        record("no-chunks", PAGE.encode(), more="Transfer-Encoding: chunked\r\n"),
        record("unknown", PAGE.encode(), more="Content-Encoding: utf-8\r\nTransfer-Encoding: none\r\n"),
        record("cookies", PAGE.encode(), more=f"Set-Cookie: {'x' * 100_000}\r\n"),
        record("last", PAGE.encode()).replace(b"https://a.example/last", b"<https://a.example/last>"),
    )
    docs, counts = read(tmp_path, max_size=50_000)
    found = {doc.id.removeprefix("<urn:uuid:").rstrip(">"): doc for doc in docs}
    last = ["no-chunks", "unknown", "last"]
    assert list(found) == ["page", "script-first", "latin", "undeclared", "zipped", "chunks", "not-zipped", *last]
    assert found["chunks"].text == "<p>a b</p>"
    assert found["page"].text == found["undeclared"].text == found["zipped"].text == found["not-zipped"].text == PAGE
    assert {found[name].text for name in last} == {PAGE}
    assert found["latin"].text == latin
    assert found["last"].metadata["url"] == "https://a.example/last"
    assert found["page"].metadata["url"] == "https://a.example/page"
    assert found["page"].metadata["date"].startswith("2026-11-01")
    assert counts == {
        "skipped_type": 2,
        "skipped_binary": 1,
        "skipped_status": 1,
        "skipped_empty": 1,
        "skipped_size": 2,
        "skipped_encoding": 2,
        "skipped_header": 1,
    }
    assert [doc.text for doc in ArticleCleaner()(iter(docs[:1]))] == [clean(PAGE)]


def test_a_file_that_breaks_off_gives_what_comes_before(tmp_path):
    write(tmp_path / "b.warc.gz", record("one", PAGE.encode()), record("two", PAGE.encode()))
    whole = (tmp_path / "b.warc.gz").read_bytes()
    (tmp_path / "b.warc.gz").write_bytes(whole[:-1000])
    (tmp_path / "c.warc.gz").write_bytes(b"no archive " * 100)
    write(tmp_path / "d.warc.gz", record("three", PAGE.encode()))
    docs, counts = read(tmp_path)
    assert [doc.id for doc in docs] == ["<urn:uuid:one>", "<urn:uuid:three>"]
    assert counts == {"skipped_truncated": 1, "broken_files": 1}
