"""Batches: n records in are n records out or in the file of errors, whatever the records, the disk and the kernel do."""

import base64
import bz2
import contextlib
import gzip
import importlib.util
import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from helpers import HANGS, ROOT
from stand_in import SleepingCleaning, UnpreparedCleaning

from cleaner import Cleaner, label
from cleaner.batch.chunks import CHUNK_RECORDS
from cleaner.batch.cleaning import Cleaning
from cleaner.batch.pool import Pool
from cleaner.batch.reading import open_inputs, records
from cleaner.batch.records import Record, Unreadable
from cleaner.batch.results import Counts, RecordLines
from cleaner.batch.run import Job, run
from cleaner.batch.worker import Limits, Usage
from cleaner.cli.main import main
from cleaner.errors import BatchError
from cleaner.reading.compressed import decompressed

COMMAND = [sys.executable, "-m", "cleaner", "batch"]
STAND_IN = [sys.executable, "-m", "tests.stand_in", "batch"]
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits of Unix")

#: How often a run is killed before it may end.
KILLS = 5

VOTE = "The council voted on Tuesday, the mayor said."
PAGE = f"""<html lang="en"><head><title>The vote</title></head><body><nav><a href="/">Home</a> <a href="/n">News</a></nav>
<article><p>{VOTE}</p><p>She had waited for eleven years, and nobody in the hall said a word against the new bridge.</p>
<figure><figcaption>The hall. Photo: Odd Brekke</figcaption></figure></article>
<div class="newsletter"><p>Sign up for our daily newsletter.</p></div></body></html>"""


def page(number: int) -> str:
    return PAGE.replace("eleven", f"{number + 2}")


def jsonl(path: Path, rows: list) -> Path:
    path.write_bytes(b"".join(row if isinstance(row, bytes) else json.dumps(row).encode() + b"\n" for row in rows))
    return path


def pages(path: Path, count: int) -> Path:
    return jsonl(path, [{"id": f"p{at}", "html": page(at), "number": at} for at in range(count)])


def read(path: Path) -> list[dict]:
    data = path.read_bytes()
    assert not data or data.endswith(b"\n"), "whole lines"
    return [json.loads(line) for line in data.splitlines()]


def errors_of(path: Path) -> list[dict]:
    errors = path.with_name(path.name + ".errors.jsonl")
    if not errors.exists():
        return []
    assert errors.stat().st_size, "there is no empty file of errors"
    return read(errors)


def batch(*args: object) -> int:
    return main(["batch", *map(str, args)])


def command(*args: object, data: bytes = b"", program: list[str] = STAND_IN) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*program, *map(str, args)], input=data, capture_output=True, cwd=ROOT, check=False)


def left_over(folder: Path) -> list[str]:
    """What an interrupted run needs. The checkpoint of one that has finished stays."""
    unfinished = [path for path in folder.glob("*.checkpoint") if not json.loads(path.read_text())["state"]["finished"]]
    parts = [path for path in folder.iterdir() if path.suffix in (".part", ".made", ".new")]
    return [path.name for path in parts + unfinished]


class InlinePool:
    """A pool without processes: the records are cleaned here, where weights and rules are loaded once."""

    usage = Usage()

    def __init__(self, work, limits: Limits, max_workers: int, preload: str) -> None:
        self._work = work

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, chunks):
        return ([self._work(record) for record in chunk] for chunk in chunks)


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clean in this process: for tests that are not about workers."""
    monkeypatch.setattr("cleaner.batch.run.Pool", InlinePool)


INLINE = pytest.mark.usefixtures("inline")


# -- what comes out ------------------------------------------------------------------------------


def test_records_come_out_in_order_with_what_they_had(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out, said = pages(tmp_path / "in.jsonl", 50), tmp_path / "out.jsonl", tmp_path / "summary.json"
    assert batch(source, "-o", out, "--workers", 2, "--summary", said) == 0
    doc = label(page(3))
    rows = read(out)
    assert [row["id"] for row in rows] == [f"p{at}" for at in range(50)]
    assert rows[3] == {
        "id": "p3",
        "number": 3,
        "text": doc.text,
        "title": "The vote",
        "lang": "en",
        "kind": "html",
        "page_type": doc.page_type,
        "confidence": doc.confidence,
        "flags": list(doc.flags),
    }
    assert errors_of(out) == []
    assert left_over(tmp_path) == []
    summary = json.loads(said.read_text())
    assert (summary["records_in"], summary["records_out"], summary["failed"]) == (50, 50, 0)
    assert summary["words_out"] == sum(len(row["text"].split()) for row in rows)
    assert summary["words_in"] == 50 * sum(len(block.text.split()) for block in doc.blocks)
    assert summary["blocks_removed"] == 50 * len(doc.removed)
    out_said, err = capsys.readouterr()
    assert out_said == ""
    assert err.splitlines()[0] == "50 records in, 50 out, 0 failed"


@pytest.mark.parametrize("label_removed", [False, True])
def test_labels_of_removed_blocks_change_nothing_else(*, label_removed: bool) -> None:
    for source in (
        PAGE,
        PAGE.replace("<title>The vote</title>", ""),
        VOTE + "\n\nSign up for our newsletter.",
        "",
        " ",
    ):
        work = Cleaning(label_removed=label_removed)
        lines = work(Record("in", 1, {"html": source}))
        doc, row = label(source), json.loads(lines.output)
        assert (row["text"], row["title"], row["lang"], row["kind"]) == (doc.text, doc.title, doc.lang, doc.kind)
        assert (row["page_type"], row["confidence"], row["flags"]) == (doc.page_type, doc.confidence, list(doc.flags))
        assert lines.counts.blocks_removed == len(doc.removed)
        assert sum(lines.counts.removed_by_label.values()) == (len(doc.removed) if label_removed else 0)


@INLINE
def test_what_was_removed_is_a_file_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, removed = tmp_path / "out.jsonl", tmp_path / "removed.jsonl"
    assert batch(pages(tmp_path / "in.jsonl", 2), "-o", out, "--removed", removed, "--workers", 1) == 0
    blocks = label(page(1)).removed
    rows = [row for row in read(removed) if row["id"] == "p1"]
    assert [(row["label"], row["score"], row["text"]) for row in rows] == [(b.label, b.score, b.text) for b in blocks]
    assert rows[0]["evidence"][0].keys() == {"name", "label", "weight", "quote", "rule"}
    assert (rows[0]["file"], rows[0]["record"]) == (str(tmp_path / "in.jsonl"), 2)
    assert "caption 2" in capsys.readouterr().err


@INLINE
def test_options_choose_fields_and_policy(tmp_path: Path) -> None:
    rows = [
        {"key": 7, "body": PAGE, "at": "https://a.example/", "text": "mine", "title": "my title", "source_title": 1}
    ]
    source, out, bad = jsonl(tmp_path / "in.jsonl", [*rows, {"key": 8}]), tmp_path / "out.jsonl", tmp_path / "bad.jsonl"
    args = ["--field", "body", "--id-field", "key", "--url-field", "at", "--also-keep", "caption", "--keep-source"]
    assert batch(source, "-o", out, "--workers", 1, "--errors", bad, *args) == 1
    (row,) = read(out)
    assert "The hall. Photo: Odd Brekke" in row["text"]
    # Nothing that came in is lost behind a name of the results.
    assert (row["source_text"], row["source_source_title"], row["source_title"]) == ("mine", "my title", 1)
    assert (row["body"], row["title"]) == (PAGE, "The vote")
    assert read(bad) == [{"file": str(source), "record": 2, "id": 8, "reason": "no field body (the record has key)"}]


@INLINE
def test_the_text_has_a_format_and_the_page_states_metadata(tmp_path: Path) -> None:
    stated = """<head><meta name="author" content="Ann Lee"><meta property="article:published_time" content="2026-03-03">
    <meta property="og:site_name" content="Courier"><meta name="description" content="A vote.">"""
    structure = "<h2>What <em>follows</em></h2><p>The council <a href='/vote'>voted</a> again on Friday.</p><figure>"
    source = PAGE.replace("<head>", stated).replace("<figure>", f'<img src="/hall.jpg">{structure}')
    rows = [{"html": source, "date": "mine", "url": "https://a.example/"}]
    out = tmp_path / "out.jsonl"
    args = [jsonl(tmp_path / "in.jsonl", rows), "-o", out, "--workers", 1]
    doc = label(source, url="https://a.example/")
    for more in ([], ["--by-label"]):  # with and without the labels of removed blocks
        assert batch(*args, "--metadata", *more) == 0
        (row,) = read(out)
        assert row["text"] == doc.text
        assert (row["authors"], row["date"], row["site"]) == (["Ann Lee"], "2026-03-03", "Courier")
        assert (row["description"], row["source_date"]) == ("A vote.", "mine")
    for name, text in (("text", doc.text), ("markdown", doc.to_markdown()), ("html", doc.to_html())):
        assert batch(*args, "--format", name) == 0
        assert [(row["text"], row["date"]) for row in read(out)] == [(text, "mine")]
    assert len({doc.text, doc.to_markdown(), doc.to_html()}) == 3
    assert batch(*args, "--format", "markdown", "--images") == 0
    assert read(out)[0]["text"] == Cleaner(images=True).label(source, url="https://a.example/").to_markdown()


@INLINE
def test_columns_of_results_have_their_types_in_empty_tables_too(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    out, removed = tmp_path / "out.parquet", tmp_path / "removed.parquet"
    for rows in ([{"html": PAGE, "authors": [1]}], []):
        source = jsonl(tmp_path / "in.jsonl", rows)
        assert batch(source, "-o", out, "--metadata", "--removed", removed, "--workers", 1, "--restart") == 0
        found = pq.read_schema(out)
        assert (found.field("authors").type, found.field("date").type) == (pa.list_(pa.string()), pa.string())
        assert {"file", "record", "label", "text", "evidence"} <= set(pq.read_schema(removed).names)
        assert pq.read_schema(removed).field("record").type == pa.int64()


@INLINE
def test_labels_are_kept_and_dropped_on_top_of_the_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"The vote\n\n{VOTE} She had waited for eleven years.\n\nSign up for our daily newsletter."
    source, out = jsonl(tmp_path / "in.jsonl", [{"html": PAGE}, {"text": text}]), tmp_path / "out.jsonl"
    for args, options in (
        (["--also-keep", "caption,subscription", "--also-keep", "navigation"], {"also_keep": ["caption", "subscription", "navigation"]}),
        (["--drop", "title"], {"drop": ["title"]}),
        (["--keep", "caption", "--drop", "body"], {"also_keep": ["caption"], "drop": ["body"]}),
    ):  # fmt: skip
        assert batch(source, "-o", out, "--workers", 1, *args) == 0
        cleaner = Cleaner(**options)
        assert [row["text"] for row in read(out)] == [cleaner.clean(PAGE), cleaner.clean(text)]
        alias = "cleaner batch: --keep is now --also-keep\n"
        assert (alias in capsys.readouterr().err) is ("--keep" in args)


@INLINE
def test_the_size_limit_is_an_option_and_its_error_names_it(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    small, large = f"<p>{VOTE}</p>", f"<p>{VOTE}</p>" * 20
    lines = jsonl(tmp_path / "in.jsonl", [{"id": 1, "html": small, "other": "x" * 2_000}, {"id": 2, "html": large}])
    (tmp_path / "large.html").write_text(large)
    (tmp_path / "in.warc").write_bytes(_entry(1, large.encode()) + _entry(2, small.encode()))
    inputs = (lines, tmp_path / "large.html", tmp_path / "in.warc")
    out = tmp_path / "out.jsonl"
    assert batch(*inputs, "-o", out, "--workers", 1, "--max-size", 200) == 1
    assert [row["id"] for row in read(out)] == [1, "<urn:uuid:2>"]
    reasons = {row["reason"] for row in errors_of(out)}
    assert reasons == {"larger than the limit of 200; --max-size sets another"}
    assert len(errors_of(out)) == 3
    assert batch(*inputs, "-o", out, "--workers", 1, "--max-size", len(large)) == 0
    # The library's own limit is no obstacle to a larger one.
    work = Cleaning(cleaner=Cleaner(max_size=20_000_000), max_size=20_000_000)
    (tmp_path / "large.html").write_text(small + " " * 10_000_001)
    assert work(Record("large.html", 1, tmp_path / "large.html")).counts.out == 1


@INLINE
def test_an_address_for_records_without_one_selects_the_rules_of_the_site(tmp_path: Path) -> None:
    pack = tmp_path / "own.toml"
    pack.write_text('hosts = ["a.example"]\n[other.cat]\nstrength = "always"\npatterns = ["^The council voted"]\n')
    text = f"{VOTE}\n\nShe had waited for eleven years, and nobody in the hall said a word against the new bridge."
    rows = [{"text": text}, {"text": text, "url": "https://b.example/"}]
    out = tmp_path / "out.jsonl"
    args = [jsonl(tmp_path / "in.jsonl", rows), "-o", out, "--workers", 1, "--pack", pack]
    assert batch(*args, "--url", "https://a.example/") == 0
    assert [VOTE in row["text"] for row in read(out)] == [False, True]
    assert batch(*args) == 0
    assert [VOTE in row["text"] for row in read(out)] == [True, True]


# -- what goes in --------------------------------------------------------------------------------


@INLINE
def test_every_bad_line_costs_itself(tmp_path: Path) -> None:
    deep = b'{"html": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    lines = [
        b'\xef\xbb\xbf{"id": "bom", "text": "The mayor said."}\n',
        b'{"id": 2, "text": "caf\xe9"}\n',
        b'["a list"]\n',
        b'{"id": 4, "text": null}\n',
        b'{"id": 5}\n',
        b'{"id": 6, "text": "cut"\n',
        b"\n",
        b'{"id": 8, "html": 17}\n',
        deep,
        b'{"id": 10, "text": "\\ud800 and \xe2\x80\xa8 here", "half": "\\ud800"}\n',
        b'{"id": 11, "text": "The mayor said.", "score": NaN}\n',
        b'{"id": 12, "text": "%PDF-1.7 \\u0000\\u0001"}\r\n',
        b"null\n",
        b'{"id": 14, "text": "the last li',
    ]
    source, out = jsonl(tmp_path / "in.jsonl", lines), tmp_path / "out.jsonl"
    assert batch(source, "-o", out, "--workers", 1) == 1
    bad = errors_of(out)
    assert [row["record"] for row in bad] == [2, 3, 4, 5, 6, 8, 9, 12, 13, 14]
    assert [row["id"] for row in bad] == [None, None, 4, 5, None, 8, None, 12, None, None]
    assert all(row["file"] == str(source) for row in bad)
    said = [row["reason"] for row in bad]
    assert said[:4] == [
        "not UTF-8: byte 0xe9 at 23",
        "a list, not a JSON object",
        "the field text holds null, not text",
        "no field html or text (the record has id); --field names another",
    ]
    assert said[7] == "binary, neither HTML nor text"
    assert said[-1].startswith("not JSON: Unterminated string")
    assert said[-1].endswith("; the file ends within this line")
    rows = read(out)
    assert [row["id"] for row in rows] == ["bom", 10, 11]
    assert rows[1]["half"] == "\ud800"
    assert rows[2]["score"] is None


def test_the_process_reads_standard_input(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    data = pages(tmp_path / "in.jsonl", 3).read_bytes()
    done = command("-", "-o", out, "--workers", 1, data=data, program=COMMAND)
    assert (done.returncode, len(read(out))) == (0, 3)
    assert done.stdout == b""
    assert [row["text"] for row in read(out)] == [label(page(at)).text for at in range(3)]


def _pack(data: bytes, suffix: str) -> bytes:
    if suffix == ".gz":
        return gzip.compress(data)
    if suffix == ".bz2":
        return bz2.compress(data)
    return pytest.importorskip("zstandard").ZstdCompressor(write_checksum=True).compress(data)


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".zst"])
def test_packed_lines(suffix: str, tmp_path: Path) -> None:
    lines = pages(tmp_path / "in.jsonl", 400).read_bytes()
    half = lines.index(b"\n", len(lines) // 2) + 1
    whole, cut = tmp_path / f"in.jsonl{suffix}", tmp_path / f"cut.jsonl{suffix}"
    whole.write_bytes(_pack(lines[:half], suffix) + _pack(lines[half:], suffix))  # as `cat` makes one of two
    found = list(records(open_inputs([str(whole)])))
    assert [record.number for record in found] == list(range(1, 401))
    assert b"".join(record.payload for record in found) == lines
    cut.write_bytes(whole.read_bytes()[:-30])
    found = list(records(open_inputs([str(cut), str(whole)])))
    bad = [record for record in found if isinstance(record.payload, Unreadable)]
    assert [(record.file, record.number) for record in bad] == [(str(cut), len(found) - 400)]
    assert bad[0].payload.reason.startswith("the file cannot be read from here on: ")
    damaged = bytearray(whole.read_bytes())
    damaged[len(damaged) // 4 : len(damaged) // 4 + 40] = bytes(40)
    cut.write_bytes(damaged)
    found = list(records(open_inputs([str(cut), str(whole)])))
    assert sum(isinstance(record.payload, Unreadable) for record in found) >= 1
    assert [record.file for record in found[-400:]] == [str(whole)] * 400


def test_a_line_without_end_is_refused_and_passed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("cleaner.batch.reading.BYTES_PER_CHARACTER", 1)
    monkeypatch.setattr("cleaner.batch.reading.MAX_SIZE", 90)
    source = jsonl(tmp_path / "in.jsonl", [b"a\n", b"x" * 350 + b"\n", b"b\n", b"y" * 99 + b"\n", b"c" * 99])
    found = list(records(open_inputs([str(source)]), 100))
    assert [record.number for record in found] == [1, 2, 3, 4, 5]
    assert found[1].payload == Unreadable("the line is larger than the limit of 100; --max-size sets another")
    assert [isinstance(record.payload, Unreadable) for record in found] == [False, True, False, False, False]


@INLINE
def test_directories_and_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pages"
    (folder / "b").mkdir(parents=True)
    (folder / "a.html").write_bytes(
        f'<meta charset="windows-1252">{PAGE}'.replace("the hall said", "“Größe” said").encode("cp1252")
    )
    (folder / "b" / "c.TXT").write_text(VOTE)
    (folder / "b" / "d.pdf").write_text("no page")
    (folder / "b" / "d").write_text("no page")
    (folder / "e.htm").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    (folder / "gone.html").symlink_to(folder / "nothing")
    out = tmp_path / "out.jsonl"
    assert batch(folder, folder / "a.html", "-o", out, "--workers", 1) == 1
    rows = read(out)
    assert [row["file"] for row in rows] == [str(folder / name) for name in ("a.html", "b/c.TXT", "a.html")]
    assert "“Größe”" in rows[0]["text"]
    assert [(row["file"], row["reason"]) for row in errors_of(out)] == [
        (str(folder / "e.htm"), "binary, neither HTML nor text"),
        (str(folder / "gone.html"), "No such file or directory"),
    ]
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"cleaner: {folder}: 2 files left out: without suffix 1, .pdf 1"


def test_a_link_in_a_directory_changes_with_its_target(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "page.txt").write_text(VOTE)
    (tmp_path / "pages" / "a.txt").symlink_to(tmp_path / "page.txt")
    before = open_inputs([str(tmp_path / "pages")])[0]
    (tmp_path / "page.txt").write_text(VOTE + VOTE)
    after = open_inputs([str(tmp_path / "pages")])[0]
    assert (before.size, after.size) == (len(VOTE), 2 * len(VOTE))
    assert before.fingerprint != after.fingerprint


@INLINE
def test_files_of_all_kinds_in_a_directory(tmp_path: Path) -> None:
    """Its own outputs are no inputs, so that a second run does the same."""
    pytest.importorskip("fastwarc")
    folder = tmp_path / "crawl"
    (folder / "more").mkdir(parents=True)
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(json.dumps({"id": 1, "html": PAGE}).encode() + b"\n"))
    for suffix in (".gz", ".bz2", ".zst"):
        (folder / f"b.html{suffix}").write_bytes(_pack(PAGE.encode(), suffix))
    (folder / "c.html.gz").write_bytes(gzip.compress(PAGE.encode())[:-20])
    (folder / "more" / "d.warc.gz").write_bytes(gzip.compress(_entry(2, PAGE.encode())))
    (folder / "more" / "e.warc.wet.gz").write_bytes(gzip.compress(_conversion(VOTE)))
    out = folder / "out.jsonl"
    for _ in range(2):
        assert batch(folder, "-o", out, "--workers", 1, "--restart") == 1
        rows = read(out)
        names = ["a.jsonl.gz", "b.html.bz2", "b.html.gz", "b.html.zst", "more/d.warc.gz", "more/e.warc.wet.gz"]
        assert [row.get("file") for row in rows] == [None, *(str(folder / name) for name in names[1:4]), None, None]
        assert [row.get("id") for row in rows] == [1, None, None, None, "<urn:uuid:2>", "<urn:uuid:9>"]
        assert [row["text"] for row in rows] == [label(PAGE).text] * 5 + [VOTE]
        (bad,) = errors_of(out)
        assert bad["file"] == str(folder / "c.html.gz")
        assert bad["reason"].startswith("the file cannot be read: ")


@INLINE
def test_what_a_run_writes_beside_its_output_is_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "story").write_text(PAGE)
    for _ in range(2):
        assert batch(tmp_path, "-o", tmp_path / "out.jsonl", "--input-format", "page") == 0
        assert [row["file"] for row in read(tmp_path / "out.jsonl")] == [str(tmp_path / "story")]
    assert "nothing to do" in capsys.readouterr().err


def _conversion(text: str) -> bytes:
    """An entry of a file with texts, as Common Crawl has them."""
    body = text.encode()
    return (
        (
            "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:9>\r\nWARC-Target-URI: https://a.example/9\r\n"
            f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        + body
        + b"\r\n\r\n"
    )


def test_a_directory_with_nothing_to_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "crawl"
    folder.mkdir()
    (folder / "a.pdf").write_text("no page")
    (folder / "b.pdf").write_text("no page")
    assert batch(folder, "-o", tmp_path / "out.jsonl") == 2
    assert f"{folder}: nothing to read in it (2 files left out: .pdf 2)" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


@INLINE
def test_the_kind_of_files_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = json.dumps({"id": 1, "html": PAGE}).encode() + b"\n"
    (tmp_path / "export.json").write_bytes(lines)
    (tmp_path / "packed").write_bytes(gzip.compress(lines))
    out = tmp_path / "out.jsonl"
    args = [tmp_path / "export.json", tmp_path / "packed", "-o", out, "--workers", 1]
    assert batch(*args, "--input-format", "jsonl") == 0
    assert [row["id"] for row in read(out)] == [1, 1]
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "story").write_text(PAGE)
    assert batch(folder, "-o", out, "--workers", 1, "--input-format", "page") == 0
    assert [(row["file"], row["text"]) for row in read(out)] == [(str(folder / "story"), label(PAGE).text)]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode())))
    assert batch("-", "-o", out, "--workers", 1, "--input-format", "page") == 0
    assert [(row["file"], row["text"]) for row in read(out)] == [("-", label(PAGE).text)]


@INLINE
@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".zst"])
@pytest.mark.parametrize("form", ["jsonl", "page"])
def test_standard_input_is_decompressed(form: str, suffix: str, tmp_path: Path, monkeypatch) -> None:
    data, out = PAGE.encode() if form == "page" else json.dumps({"html": PAGE}).encode() + b"\n", tmp_path / "out.jsonl"
    whole = _pack(data, suffix)
    for packed, failed in ((whole, 0), (whole[:-12], 1)):
        reading, writing = os.pipe()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(packed)
        with os.fdopen(reading, encoding="utf-8") as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            assert batch("-", "-o", out, "--input-format", form) == failed
        assert [row["text"] for row in read(out)] == [label(PAGE).text] * (1 - failed)


@POSIX
@INLINE
def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    fifo, out = tmp_path / "fifo", tmp_path / "out.jsonl"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_bytes, args=[json.dumps({"id": 1, "html": PAGE}).encode() + b"\n"])
    writer.start()
    assert batch(fifo, "-o", out, "--workers", 1, "--input-format", "jsonl") == 0
    writer.join()
    assert [row["id"] for row in read(out)] == [1]


@INLINE
def test_errors_name_some_fields_of_the_record(tmp_path: Path) -> None:
    rows = [{"body": PAGE}, {f"f{number}\n": 0 for number in range(11)}, {"x" * 99: 0}, {}]
    source, out = jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    assert batch(source, "-o", out, "--workers", 1, "--field", "boddy") == 1
    has = ["body", "f0, f1, f2, f3, f4, f5, f6, f7, 3 more", "x" * 40, "none"]
    assert [row["reason"] for row in errors_of(out)] == [f"no field boddy (the record has {names})" for names in has]


# -- where it goes -------------------------------------------------------------------------------


@INLINE
def test_records_go_to_standard_output(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    source = jsonl(tmp_path / "in.jsonl", [{"id": 1, "html": PAGE}, {"id": 2}, {"id": 3, "html": page(3)}])
    removed, said = tmp_path / "removed.jsonl.gz", tmp_path / "summary.json"
    assert batch(source, "-o", "-", "--workers", 1, "--removed", removed, "--summary", said) == 1
    out, err = capfdbinary.readouterr()
    assert [json.loads(line)["id"] for line in out.splitlines()] == [1, 3]
    assert err.decode().splitlines()[:2] == [
        f"cleaner: {source}, record 2: no field html or text (the record has id); --field names another",
        "3 records in, 2 out, 1 failed",
    ]
    assert {json.loads(line)["id"] for line in gzip.decompress(removed.read_bytes()).splitlines()} == {1, 3}
    assert json.loads(said.read_text())["failed"] == 1
    assert batch(source, "-o", tmp_path / "out.jsonl", "--workers", 1, "--summary", "-") == 1
    assert json.loads(capfdbinary.readouterr().out)["failed"] == 1
    for name in ("out.jsonl", "out.jsonl.checkpoint", "out.jsonl.errors.jsonl"):
        (tmp_path / name).unlink()
    bad = tmp_path / "bad.jsonl"
    assert batch(source, "-o", "-", "--workers", 1, "--errors", bad, "--quiet") == 1
    out, err = capfdbinary.readouterr()
    assert (len(out.splitlines()), err) == (2, b"")
    assert [row["id"] for row in read(bad)] == [2]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "bad.jsonl", "in.jsonl", "removed.jsonl.gz", "summary.json",
    ]  # fmt: skip


@POSIX
@INLINE
def test_files_of_another_run_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two runs with one file of errors: the second is refused and removes nothing."""
    import fcntl

    part = tmp_path / "bad.jsonl.part"
    with part.open("wb") as other:
        other.write(b"{}\n")
        other.flush()
        fcntl.flock(other, fcntl.LOCK_EX)
        source = jsonl(tmp_path / "in.jsonl", [{"id": 1, "html": PAGE}])
        for output in ("-", tmp_path / "out.jsonl"):
            assert batch(source, "-o", output, "--errors", tmp_path / "bad.jsonl") == 2
            assert capsys.readouterr() == ("", f"cleaner: {part}: another run is writing it\n")
            assert part.read_bytes() == b"{}\n"


@POSIX
def test_a_closed_pipe_ends_the_run_quietly(tmp_path: Path) -> None:
    source = pages(tmp_path / "in.jsonl", 200)
    command = ["sh", "-c", '"$@" | head -n 1; exit 0', "sh", *STAND_IN, str(source), "-o", "-", "--workers", "1"]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=True)
    assert json.loads(done.stdout)["id"] == "p0"
    assert done.stderr == b""


@INLINE
def test_quiet_says_errors_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = jsonl(tmp_path / "in.jsonl", [{"id": 1, "html": PAGE}, {"id": 2}]), tmp_path / "out.jsonl"
    out.touch()
    assert batch(source, "-o", out, "--workers", 1, "--quiet") == 1
    assert batch(source, "-o", out, "--workers", 1, "-q") == 1
    assert capsys.readouterr() == ("", "")
    assert batch(tmp_path / "gone.jsonl", "-o", out, "-q") == 2
    assert capsys.readouterr().err.endswith("gone.jsonl: No such file or directory; see cleaner batch --help\n")


@INLINE
def test_more_workers_than_cores_can_feed_are_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cleaner.batch.cores.count_cores", lambda: 2)
    monkeypatch.setattr("cleaner.cli.batch.count_cores", lambda: 2)
    source = pages(tmp_path / "in.jsonl", 1)
    for workers, note in (("64", ["cleaner: 4 workers instead of 64: there are 2 cores"]), ("auto", []), ("4", [])):
        assert batch(source, "-o", tmp_path / f"{workers}.jsonl", "--workers", workers) == 0
        assert capsys.readouterr().err.splitlines()[:-4] == note


# -- runs that are finished ----------------------------------------------------------------------


@INLINE
def test_a_finished_run_is_not_done_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = jsonl(tmp_path / "in.jsonl", [{"id": 1, "html": PAGE}, {"id": 2}]), tmp_path / "out.jsonl"
    args = [source, "-o", out, "--workers", 1]
    assert batch(*args) == 1
    capsys.readouterr()
    out.write_bytes(out.read_bytes() + b"mine\n")
    assert batch(*args, "--summary", tmp_path / "s.json") == 1
    assert out.read_bytes().endswith(b"mine\n")
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"cleaner: nothing to do: {out} is complete; --restart makes it again"
    assert said[1].startswith("2 records in, 1 out, 1 failed")
    assert json.loads((tmp_path / "s.json").read_text())["records_in"] == 2
    # With --restart, with other options, with another input and without its output it is done.
    assert batch(*args, "--restart") == 1
    assert len(read(out)) == 1
    assert capsys.readouterr().err.startswith(f"cleaner: {out} exists; it is replaced at the end of the run\n")
    assert batch(*args, "--metadata") == 1
    assert "authors" in read(out)[0]
    jsonl(source, [{"id": 5, "html": PAGE}])
    assert batch(*args, "--metadata") == 0
    assert [row["id"] for row in read(out)] == [5]
    assert errors_of(out) == [], "those of the earlier run are gone"
    out.unlink()
    assert batch(*args, "--metadata") == 0
    assert len(read(out)) == 1


@INLINE
def test_standard_input_is_always_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can know whether it is the same before it has been read."""
    out = tmp_path / "out.jsonl"
    for number in (1, 2):
        data = json.dumps({"id": number, "html": PAGE}).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert batch("-", "-o", out, "--workers", 1) == 0
        assert [row["id"] for row in read(out)] == [number]
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


@INLINE
def test_an_archive_in_zstandard_can_be_named(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    source, out = tmp_path / "in.warc.zst", tmp_path / "out.jsonl"
    whole = b"".join(_pack(_entry(number, PAGE.encode()), ".zst") for number in (1, 2, 3))
    for data, numbers, failed in ((whole, (1, 2, 3), 0), (whole[:-20], (1, 2), 1)):
        source.write_bytes(data)
        assert batch(source, "-o", out, "--input-format", "warc", "--restart") == failed
        assert [row["id"] for row in read(out)] == [f"<urn:uuid:{number}>" for number in numbers]
        assert len(errors_of(out)) == failed


@INLINE
def test_an_entry_that_cannot_be_decoded_costs_only_itself(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    source, out = tmp_path / "in.warc", tmp_path / "out.jsonl"
    entries = [
        _entry(1, b"\x1f\x8bno gzip", head="Content-Encoding: gzip\r\n"),
        _entry(2, b"no chunks", head="Transfer-Encoding: chunked\r\n"),
        _entry(3, PAGE.encode(), head=f"Set-Cookie: {'x' * 100_000}\r\n"),
        _entry(4, PAGE.encode(), head="Content-Encoding: gzip\r\n"),
        _entry(5, PAGE.encode(), head="Content-Encoding: utf-8\r\n"),
        _entry(6, PAGE.encode(), head="Transfer-Encoding: chunked\r\n"),
        _entry(7, PAGE.encode()).replace(b"https://a.example/7", b"<https://a.example/7>"),
    ]
    source.write_bytes(b"".join(entries))
    assert batch(source, "-o", out) == 1
    assert [row["url"] for row in read(out)] == [f"https://a.example/{number}" for number in (4, 5, 6, 7)]
    assert {row["text"] for row in read(out)} == {label(PAGE).text}
    assert [row["record"] for row in errors_of(out)] == [1, 2, 3]


def _entry(number: int, body: bytes, status: str = "200 OK", kind: str = "text/html", head: str = "") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    about = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        f"WARC-Target-URI: https://a.example/{number}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return about.encode() + http + b"\r\n\r\n"


@INLINE
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_archives(pack, tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    entries = [
        _entry(1, PAGE.encode()),
        _entry(2, PAGE.encode(), status="404 Not Found"),
        _entry(3, b"\x89PNG", kind="image/png"),
        _entry(4, gzip.compress(PAGE.encode()), head="Content-Encoding: gzip\r\n"),
        _entry(5, b"no brotli", head="Content-Encoding: br\r\n"),
        _entry(6, PAGE.encode()),
    ]
    whole, cut = tmp_path / "whole.warc", tmp_path / "cut.warc"
    whole.write_bytes(b"".join(map(pack, entries)))
    cut.write_bytes(whole.read_bytes()[:-80])
    out = tmp_path / "out.jsonl"
    assert batch(whole, cut, "-o", out, "--workers", 1) == 1
    rows = read(out)
    assert [row["id"] for row in rows] == [f"<urn:uuid:{number}>" for number in (1, 4, 6, 1, 4)]
    assert {row["text"] for row in rows} == {label(PAGE).text}
    assert (rows[1]["url"], rows[1]["date"]) == ("https://a.example/4", "2024-01-01T00:00:00Z")
    bad = errors_of(out)
    assert [(row["file"], row["record"]) for row in bad] == [(str(whole), 5), (str(cut), 5), (str(cut), 6)]
    assert bad[2]["reason"] == "the file ends within this entry"


@INLINE
def test_tables(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    nanoseconds = 1_700_000_000_123_456_789
    columns = {
        "id": pa.array(range(40), pa.int32()),
        "html": pa.array([None if at == 7 else page(at) for at in range(40)]),
        "when": pa.array([nanoseconds + at for at in range(40)], pa.timestamp("ns", "UTC")),
        "raw": pa.array([bytes([at]) for at in range(40)], pa.binary()),
        "score": pa.array([float("nan")] * 40),
        "tags": pa.array([["a", "b"]] * 40),
        "title": pa.array(["old"] * 40),
    }
    table = pa.table(columns)
    source = tmp_path / "in.parquet"
    pq.write_table(table, source, row_group_size=10)
    out = tmp_path / "out.parquet"
    assert batch(source, "-o", out, "--workers", 2) == 1
    assert [(row["record"], row["id"]) for row in errors_of(out)] == [(8, 7)]
    result = pq.read_table(out)
    kept = [at for at in range(40) if at != 7]
    for name in ("id", "when", "raw", "tags"):
        assert result[name].combine_chunks() == table[name].take(kept).combine_chunks(), name
        assert result.schema.field(name).type == table.schema.field(name).type
    assert result["source_title"].to_pylist() == ["old"] * 39
    assert result["text"].to_pylist() == [label(page(at)).text for at in kept]
    assert str(result["score"][0]) == "nan"
    assert left_over(tmp_path) == []
    lines = tmp_path / "out.jsonl"
    assert batch(source, "-o", lines, "--workers", 1) == 1
    assert read(lines)[1]["when"].endswith("123456790Z")
    assert (read(lines)[1]["raw"], read(lines)[1]["score"]) == (base64.b64encode(b"\1").decode(), None)


@INLINE
@pytest.mark.parametrize("in_a_directory", [False, True])
def test_columns_of_tables_keep_their_types(*, in_a_directory: bool, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    day, price = datetime(2026, 5, 4, tzinfo=UTC), Decimal("1.50")
    columns = {
        "picture": pa.array(
            [{"bytes": b"\x89PNG", "taken": day, "name": "a"}, None],
            pa.struct([("bytes", pa.binary()), ("taken", pa.timestamp("ms", "UTC")), ("name", pa.string())]),
        ),
        "chunks": pa.array([[b"\xff", None], None], pa.list_(pa.binary())),
        "digest": pa.array([b"\0\1\2\3", None], pa.binary(4)),
        "prices": pa.array([[price], []], pa.list_(pa.decimal128(6, 2))),
        "days": pa.array([[("a", day)], None], pa.map_(pa.string(), pa.timestamp("us", "UTC"))),
        "vector": pa.array([[1.0, float("inf")], [2.0, 3.0]], pa.list_(pa.float32(), 2)),
        "day": pa.array([day.date(), None]),
        "count": pa.array([1, None], pa.uint64()),
    }
    table = pa.table(columns)
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(table.append_column("text", [[VOTE, VOTE]]), folder / "in.parquet")
    out = tmp_path / "out.parquet"
    assert batch(folder if in_a_directory else folder / "in.parquet", "-o", out) == 0
    found = pq.read_table(out).select([*columns])
    assert found.schema == table.schema
    assert found.to_pylist() == table.to_pylist()


@INLINE
def test_lines_that_do_not_fit_a_table_beside_them_are_kept_whole(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    table = pa.table({"text": [VOTE], "about": [{"a": 1}], "raw": [b"\xff"], "tags": [["x"]], "score": [1]})
    pq.write_table(table, tmp_path / "a.parquet")
    line = {"text": VOTE, "about": {"a": 1, "b": 2}, "raw": "in words", "tags": "x", "score": 0.5}
    jsonl(tmp_path / "b.jsonl", [line])
    out = tmp_path / "out.parquet"
    assert batch(tmp_path / "a.parquet", tmp_path / "b.jsonl", "-o", out) == 0
    rows = pq.read_table(out).select(["about", "raw", "tags", "score"]).to_pylist()
    assert rows == [
        {"about": '{"a": 1}', "raw": "/w==", "tags": '["x"]', "score": "1"},
        {"about": '{"a": 1, "b": 2}', "raw": "in words", "tags": "x", "score": "0.5"},
    ]


@INLINE
@pytest.mark.parametrize(
    ("field", "column", "value"),
    [
        (b'"a": ' + b"[" * 200 + b"1" + b"]" * 200, "a", "[" * 200 + "1" + "]" * 200),
        (b'"a": ' + b'{"a":' * 500 + b"1" + b"}" * 500, "a", '{"a": ' * 500 + "1" + "}" * 500),
        (b'"\\ud800": 1', "?", 1),
    ],
)
def test_a_line_that_no_table_can_hold_as_it_is(field: bytes, column: str, value: object, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    source, out = jsonl(tmp_path / "in.jsonl", [b'{"text": "' + VOTE.encode() + b'", ' + field + b"}\n"]), "out.parquet"
    assert batch(source, "-o", tmp_path / out) == 0
    assert pq.read_table(tmp_path / out)[column].to_pylist() == [value]


def test_a_damaged_table_costs_its_rows(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    source, junk = tmp_path / "in.parquet", tmp_path / "junk.parquet"
    table = pa.table({"text": [f"{VOTE} {random.Random(at).random()}" for at in range(300)]})
    pq.write_table(table, source, row_group_size=100, use_dictionary=False, compression="gzip")
    about = pq.ParquetFile(source).metadata.row_group(1).column(0)
    data = bytearray(source.read_bytes())
    data[about.data_page_offset : about.data_page_offset + 400] = bytes(400)
    source.write_bytes(data)
    junk.write_bytes(b"PAR1 junk PAR1")
    found = list(records(open_inputs([str(source), str(junk)])))
    assert [record.number for record in found] == [*range(1, 301), 1]
    assert [isinstance(record.payload, Unreadable) for record in found] == [False] * 100 + [True] * 100 + [
        False
    ] * 100 + [True]


@INLINE
def test_a_table_of_lines_whose_values_are_of_many_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("cleaner.batch.parquet._GROUP", 4)  # types have to be found over several groups
    rows = [
        {"text": VOTE, "a": 1, "b": {"x": 1}, "c": None, "d": {}, "e": 2**70, "f": "\ud800", "g": [1]},
        {"text": VOTE, "a": 1.5, "b": {"y": "z"}, "d": {}, "f": "x", "g": ["a"]},
        {"text": VOTE, "a": 2, "h": True},
    ]
    source, out = jsonl(tmp_path / "in.jsonl", rows * 5), tmp_path / "out.parquet"
    assert batch(source, "-o", out, "--workers", 1) == 0
    found = pq.read_table(out).to_pylist()
    assert len(found) == 15
    first, second, third = found[:3]
    assert (first["a"], second["a"]) == (1.0, 1.5)
    assert (first["b"]["x"], second["b"]["y"]) == (1, "z")
    assert (first["c"], first["d"], first["e"], first["f"], first["g"]) == (None, "{}", str(2**70), "?", "[1]")
    assert (second["g"], third["h"]) == ('["a"]', True)


@INLINE
@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_the_output_is_compressed(suffix: str, tmp_path: Path) -> None:
    if suffix == ".zst":
        pytest.importorskip("zstandard")
    source, plain, packed = pages(tmp_path / "in.jsonl", 3), tmp_path / "out.jsonl", tmp_path / f"out.jsonl{suffix}"
    for out in (plain, packed):
        assert batch(source, "-o", out, "--workers", 1) == 0
    with packed.open("rb") as raw, decompressed(raw) as file:
        assert file.read() == plain.read_bytes()
    assert left_over(tmp_path) == []


@INLINE
def test_suffixes_of_outputs_may_be_in_capitals(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    source, packed, table = pages(tmp_path / "in.jsonl", 3), tmp_path / "A.JSONL.GZ", tmp_path / "A.PARQUET"
    for out in (packed, table):
        assert batch(source, "-o", out) == 0
    assert len(gzip.decompress(packed.read_bytes()).splitlines()) == 3
    assert pq.read_table(table)["number"].to_pylist() == [0, 1, 2]


@INLINE
def test_an_output_that_cannot_be_compressed_leaves_its_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = pages(tmp_path / "in.jsonl", 3), tmp_path / "out.jsonl.gz"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cleaner.batch.writing.shutil.copyfileobj", full)
    assert batch(source, "-o", out, "--workers", 1) == 2
    assert not out.exists()
    assert not list(tmp_path.glob("*.made"))
    monkeypatch.undo()
    monkeypatch.setattr("cleaner.batch.run.Pool", InlinePool)
    assert batch(source, "-o", out, "--workers", 1) == 0
    assert len(gzip.decompress(out.read_bytes()).splitlines()) == 3


def test_nothing_in_is_nothing_out(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl.gz"
    assert batch(jsonl(tmp_path / "in.jsonl", []), "-o", out, "--workers", 1) == 0
    assert gzip.decompress(out.read_bytes()) == b""
    if importlib.util.find_spec("pyarrow"):
        table = tmp_path / "out.parquet"
        assert batch(tmp_path / "in.jsonl", "-o", table, "--workers", 1) == 0
        assert "text" in pytest.importorskip("pyarrow.parquet").read_schema(table).names


# -- records that do harm ------------------------------------------------------------------------


@dataclass(frozen=True)
class Hostile:
    """Work of which some records hang, kill their process, or take all memory: as parsers do, on some pages."""

    def prepare(self) -> None:
        pass

    def __call__(self, record: Record) -> RecordLines:
        text = record.payload.decode()
        if "HANG" in text:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})  # not even the alarm helps
            while True:
                time.sleep(1)
        if "CRASH" in text:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "EXIT" in text:
            os._exit(3)
        if "EAT" in text:
            return RecordLines(bytes(3 << 30))
        return RecordLines(record.payload, counts=Counts(out=1))

    def lost(self, record: Record, reason: str) -> RecordLines:
        return Cleaning().lost(record, reason)


@dataclass(frozen=True)
class Unprepared(Hostile):
    """Work that no worker can be prepared for: each try leaves a file in the folder."""

    folder: Path

    def prepare(self) -> None:
        (self.folder / str(os.getpid())).touch()
        raise RuntimeError("no weights")


@dataclass(frozen=True)
class KilledAtStart(Hostile):
    """Work whose process is killed while it starts, ``times`` times: each start leaves a file in the folder."""

    folder: Path
    times: int

    def prepare(self) -> None:
        started = len(list(self.folder.iterdir()))
        if started < self.times:
            (self.folder / str(started)).touch()
            os.kill(os.getpid(), signal.SIGKILL)


def job(folder: Path, source: Path, work: object = Hostile(), **more) -> Job:
    out = folder / "out.jsonl"
    limits = more.pop("limits", Limits(1.0, 2048))
    errors = out.with_name(out.name + ".errors.jsonl")
    return Job(open_inputs([str(source)]), out, errors, None, work, limits, {}, **more)


@POSIX
def test_a_record_that_ends_its_worker_costs_only_itself(tmp_path: Path) -> None:
    harm = {5: "HANG", 20: "CRASH", 21: "EXIT", 40: "EAT", 60: "HANG"}
    rows = [{"id": at, "text": f"{VOTE} {harm.get(at, '')}"} for at in range(80)]
    summary = run(job(tmp_path, jsonl(tmp_path / "in.jsonl", rows), workers=2))
    out = tmp_path / "out.jsonl"
    assert read(out) == [row for row in rows if row["id"] not in harm]
    assert {row["id"]: row["reason"] for row in errors_of(out)} == {
        5: "timeout: longer than 1 s",
        20: "crash: killed by SIGSEGV",
        21: "crash: exit code 3",
        40: "memory: more than 2,048 MiB",
        60: "timeout: longer than 1 s",
    }
    assert (summary.records, summary.counts.out, summary.counts.failed) == (80, 75, 5)


def test_a_bug_costs_its_record() -> None:
    lines = Cleaning()(Record("in", 3, object()))
    assert json.loads(lines.error)["reason"].startswith("AttributeError: ")
    assert (lines.output, lines.counts) == (b"", Counts(failed=1))


def test_a_worker_that_cannot_start_ends_the_run_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    source = pages(tmp_path / "in.jsonl", 100)
    folder = tmp_path / "starts"
    folder.mkdir()
    with pytest.raises(BatchError, match="a worker cannot be started: RuntimeError: no weights"):
        run(job(tmp_path, source, Unprepared(folder), workers=2))
    assert len(list(folder.iterdir())) <= 2, "no worker is started again"
    assert left_over(tmp_path) == []
    monkeypatch.setattr("cleaner.cli.batch.Cleaning", UnpreparedCleaning)
    assert batch(source, "-o", tmp_path / "out.jsonl", "--workers", 1) == 2
    assert capfd.readouterr().err == "cleaner: a worker cannot be started: RuntimeError: no weights\n"


@POSIX
@pytest.mark.parametrize(("times", "starts"), [(2, True), (3, False)])
def test_a_worker_may_be_killed_twice_while_it_starts(times: int, *, starts: bool, tmp_path: Path) -> None:
    folder = tmp_path / "starts"
    folder.mkdir()
    source = pages(tmp_path / "in.jsonl", 3)
    work = KilledAtStart(folder, times)
    if starts:
        assert run(job(tmp_path, source, work)).counts.out == 3
    else:
        with pytest.raises(BatchError, match="a worker cannot be started: crash: killed by SIGKILL"):
            run(job(tmp_path, source, work))
    assert len(list(folder.iterdir())) == times


def test_no_more_workers_than_chunks_are_started(tmp_path: Path) -> None:
    chunks = iter([[Record("in", 1, b"{}")], [Record("in", 2, b"{}")]])
    with Pool(Hostile(), Limits(), 64) as pool:
        assert [len(results) for results in pool.map(chunks)] == [1, 1]
        assert len(pool._workers) <= 2
    with Pool(Unprepared(tmp_path), Limits(), 64) as pool:
        assert list(pool.map(iter([]))) == []


@LINUX
def test_a_limit_of_the_system_on_memory_stays() -> None:
    code = """
import resource
from cleaner.batch.worker import Limits, _apply_limits
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
for size in (4096, 2048):
    _apply_limits(Limits(memory_mib=size))
    print(resource.getrlimit(resource.RLIMIT_AS)[0] >> 20)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.split() == [b"3072", b"2048"]


@POSIX
def test_a_real_page_that_needs_too_much_memory(tmp_path: Path) -> None:
    """A page that takes too long is in :func:`test_a_record_that_ends_its_worker_costs_only_itself`: how long a real
    page takes depends on the machine.
    """
    big = "<p>The mayor said that <b>nothing</b> <a href='/x'>has changed</a> since, and she <i>left</i>.</p>" * 40_000
    source = jsonl(tmp_path / "in.jsonl", [{"id": 1, "html": PAGE}, {"id": 2, "html": big}, {"id": 3, "html": PAGE}])
    out = tmp_path / "out.jsonl"
    assert batch(source, "-o", out, "--workers", 1, "--memory-limit", 200, "--timeout", HANGS) == 1
    assert [row["id"] for row in read(out)] == [1, 3]
    (error,) = errors_of(out)
    assert (error["id"], error["reason"]) == (2, "memory: more than 200 MiB")


def test_memory_stays_bounded_behind_a_slow_record() -> None:
    read_so_far = 0

    def chunks():
        nonlocal read_so_far
        for at in range(200):
            read_so_far = at + 1
            yield [Record("in", at, b'{"text": "' + (b"SLOW" if at == 0 else b"fast") + b'"}')]

    with Pool(Slow(), Limits(), 2) as pool:
        results = pool.map(chunks())
        first = next(results)
        assert read_so_far <= 2 * 2 + 1  # the window, and the chunk that is ready
        assert [len(first), *map(len, results)] == [1] * 200


@dataclass(frozen=True)
class Slow(Hostile):
    def __call__(self, record: Record) -> RecordLines:
        time.sleep(0.5 if b"SLOW" in record.payload else 0)
        return RecordLines(counts=Counts(out=1))


# -- runs that are cut off -----------------------------------------------------------------------


def children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if status.read_text().rpartition(")")[2].split()[1] == str(pid):
                found.append(int(status.parent.name))
    return found


def workers_of(pid: int) -> list[int]:
    """They are forked from a process that the main process has started."""
    return [worker for child in children(pid) for worker in children(child)]


def begin(*args: object, program: list[str] = STAND_IN) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*program, *map(str, args)], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=ROOT)


def until_lines(process: subprocess.Popen[bytes], part: Path, count: int) -> bool:
    """Wait until the part has so many lines; whether the process still runs then."""
    while process.poll() is None:
        with contextlib.suppress(OSError):
            if part.read_bytes().count(b"\n") >= count:
                return True
        time.sleep(0.005)
    return False


def mixed(path: Path, count: int) -> Path:
    """Pages of which every tenth line is none."""
    rows = [b"no JSON\n" if at % 10 == 3 else {"id": at, "html": page(at) * (1 + at % 3)} for at in range(count)]
    return jsonl(path, rows)


@LINUX
@pytest.mark.parametrize(
    ("program", "count", "kills"), [(STAND_IN, 800, KILLS), (COMMAND, 100, 1)], ids=["stand-in", "real"]
)
def test_a_run_that_is_killed_goes_on(program: list[str], count: int, kills: int, tmp_path: Path) -> None:
    source = mixed(tmp_path / "in.jsonl", count)
    names = ("out.jsonl", "removed.jsonl", "out.jsonl.errors.jsonl")
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()

    def args(folder: Path, workers: int = 2) -> list[object]:
        files = ["-o", folder / "out.jsonl", "--removed", folder / "removed.jsonl", "--summary", folder / "s"]
        return [source, *files, "--workers", workers, "--checkpoint", 20]

    assert command(*args(whole, workers=1), program=program).returncode == 1
    chance = random.Random(11)
    killed = 0
    for lines in sorted(chance.sample(range(20, count * 6 // 10), kills)):
        with begin(*args(cut), program=program) as process:
            if until_lines(process, cut / "out.jsonl.part", lines):
                time.sleep(chance.random() * 0.05)
                workers = children(process.pid) + workers_of(process.pid)
                process.kill()
                killed += 1
                process.wait()
                deadline = time.monotonic() + 10
                while any(Path(f"/proc/{pid}").exists() for pid in workers):
                    assert time.monotonic() < deadline, "workers end with their run"
                    time.sleep(0.02)
    assert killed > kills / 2
    assert command(*args(cut), program=program).returncode == 1
    for name in names:
        assert (cut / name).read_bytes() == (whole / name).read_bytes(), name
    assert left_over(cut) == []
    summaries = [json.loads((folder / "s").read_text()) for folder in (whole, cut)]
    same = ("records_in", "records_out", "failed", "words_in", "words_out", "removed_by_label")
    assert [summaries[0][key] for key in same] == [summaries[1][key] for key in same]
    assert (summaries[0]["records_in"], summaries[0]["failed"]) == (count, count // 10)
    assert summaries[1]["records_resumed"] > 0


@LINUX
def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    source, out = pages(tmp_path / "in.jsonl", 700), tmp_path / "out.jsonl"
    with begin(source, "-o", out, "--workers", 2) as process:
        killed = 0
        for count in (30, 150, 300):
            if until_lines(process, tmp_path / "out.jsonl.part", count):
                os.kill(workers_of(process.pid)[0], signal.SIGKILL)
                killed += 1
        process.communicate()
        assert process.returncode == 0
    assert killed >= 2
    assert [row["number"] for row in read(out)] == list(range(700))


@POSIX
def test_ctrl_c_stops_and_the_command_goes_on(tmp_path: Path) -> None:
    source, out = pages(tmp_path / "in.jsonl", 700), tmp_path / "out.jsonl"
    with begin(source, "-o", out, "--workers", 2) as process:
        assert until_lines(process, tmp_path / "out.jsonl.part", 100)
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=30)[1]
    assert (process.returncode, err) == (130, b"cleaner: interrupted; the same command goes on from here\n")
    done = read(tmp_path / "out.jsonl.part")
    checkpoint = json.loads((tmp_path / "out.jsonl.checkpoint").read_text())
    assert (
        len(done) == checkpoint["state"]["records"] >= 100 - CHUNK_RECORDS
    )  # the last chunk may have been half written
    assert not out.exists()
    done = command(source, "-o", out, "--workers", 1)  # how many workers is no part of the question
    assert done.returncode == 0
    records = f"{checkpoint['state']['records']:,} records"
    assert done.stderr.decode().startswith(f"cleaner: going on after {records} of the run that was interrupted\n")
    assert [row["number"] for row in read(out)] == list(range(700))


def interrupted(tmp_path: Path, *args: object) -> None:
    """A run that was interrupted after some records."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    with begin(source, "-o", out, "--workers", 2, *args) as process:
        assert until_lines(process, tmp_path / "out.jsonl.part", 20)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130


@POSIX
def test_a_changed_input_or_option_is_no_resumption(tmp_path: Path) -> None:
    source, out = pages(tmp_path / "in.jsonl", 1000), tmp_path / "out.jsonl"
    interrupted(tmp_path)
    part = (tmp_path / "out.jsonl.part").read_bytes()
    done = command(source, "-o", out, "--kind", "html")
    assert (done.returncode, b"with other kind" in done.stderr) == (2, True)
    pages(source, 3)
    done = command(source, "-o", out)
    assert (done.returncode, b"with other inputs" in done.stderr) == (2, True)
    assert (tmp_path / "out.jsonl.part").read_bytes() == part
    assert command(source, "-o", out, "--restart").returncode == 0
    assert len(read(out)) == 3


@POSIX
def test_standard_input_that_has_changed_is_noticed(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    data = pages(tmp_path / "in.jsonl", 1000).read_bytes()
    with subprocess.Popen([*STAND_IN, "-", "-o", out, "--workers", "1"], stdin=-1, stderr=-1, cwd=ROOT) as process:
        process.stdin.write(data[:40_000])
        process.stdin.flush()
        assert until_lines(process, tmp_path / "out.jsonl.part", 16)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130
    done = command("-", "-o", out, "--workers", 1, data=data.replace(b"p2", b"q2"))
    assert (done.returncode, b"the input is not that of the run" in done.stderr) == (2, True)
    assert command("-", "-o", out, "--workers", 1, data=data).returncode == 0
    assert [row["number"] for row in read(out)] == list(range(1000))


@pytest.mark.parametrize("stage", ["before the first output", "between the outputs", "after the last"])
def test_a_run_that_is_cut_off_while_it_ends_goes_on(
    stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = mixed(tmp_path / "in.jsonl", 20)
    from cleaner.batch import writing

    real, calls = writing._finish, 0
    save = writing.Checkpoint.save

    def stopping(*args: object) -> None:
        nonlocal calls
        calls += 1
        if calls == {"before the first output": 1, "between the outputs": 2, "after the last": 9}[stage]:
            raise KeyboardInterrupt
        real(*args)

    def stopping_at_the_end(checkpoint: writing.Checkpoint, state: writing.RunState) -> None:
        if state.finished:
            raise KeyboardInterrupt
        save(checkpoint, state)

    monkeypatch.setattr("cleaner.cli.batch.Cleaning", SleepingCleaning)
    monkeypatch.setattr(writing, "_finish", stopping)
    if stage == "after the last":
        monkeypatch.setattr(writing.Checkpoint, "save", stopping_at_the_end)
    out = tmp_path / "out.jsonl"
    assert batch(source, "-o", out, "--workers", 1) == 130
    monkeypatch.undo()
    monkeypatch.setattr("cleaner.cli.batch.Cleaning", SleepingCleaning)
    assert batch(source, "-o", out, "--workers", 1) == 1
    assert (len(read(out)), len(errors_of(out))) == (18, 2)
    assert left_over(tmp_path) == []


# -- a full disk ---------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path):
    """A disk of 64 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError:
        pytest.skip("no mount")
    if done.returncode:
        pytest.skip("may not mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_ends_the_run_with_whole_lines(small_disk: Path, tmp_path: Path) -> None:
    source, out = pages(tmp_path / "in.jsonl", 500), small_disk / "out.jsonl"
    done = command(source, "-o", out, "--workers", 2, "--checkpoint", 50)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr
    assert not out.exists()
    rows = read(small_disk / "out.jsonl.part")
    assert [row["number"] for row in rows] == list(range(len(rows)))
    assert len(rows) > 50
    # With room it goes on.
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    assert command(source, "-o", out, "--workers", 2, "--checkpoint", 50).returncode == 0
    assert [row["number"] for row in read(out)] == list(range(500))


@POSIX
def test_a_file_that_may_not_grow_ends_the_run_with_whole_lines(tmp_path: Path) -> None:
    source, out = pages(tmp_path / "in.jsonl", 1000), tmp_path / "out.jsonl"
    limited = ["sh", "-c", 'ulimit -f 64; exec "$@"', "sh", *STAND_IN, str(source), "-o", str(out), "--workers", "1"]
    done = subprocess.run(limited, capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert b"File too large" in done.stderr
    rows = read(tmp_path / "out.jsonl.part")
    assert [row["number"] for row in rows] == list(range(len(rows)))


# -- the command line ----------------------------------------------------------------------------


def test_bad_usage_is_2_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = pages(tmp_path / "in.jsonl", 1)
    out = tmp_path / "out.jsonl"
    for args in (
        [source],
        [tmp_path / "missing.jsonl", "-o", out],
        [__file__, "-o", out],
        [source, "-o", tmp_path / "out.csv"],
        [source, "-o", tmp_path / "nowhere" / "out.jsonl"],
        [source, "-o", source],
        [source, "-o", out, "--removed", out],
        [source, "-o", out, "--workers", "0"],
        [source, "-o", out, "--timeout", "nan"],
        [source, "-o", out, "--workers", "many"],
        [source, "-o", out, "--workers", "1.5"],
        [source, "-o", out, "--input-format", "csv"],
        ["-", "-o", out, "--input-format", "parquet"],
        ["https://a.example/pages.jsonl", "-o", out],
        [source, "-o", out, "--threshold", "2"],
        [source, "-o", out, "--also-keep", "captions"],
        [source, "-o", out, "--drop", "captions"],
        [source, "-o", out, "--lang", "german"],
        [source, "-o", out, "--max-size", "0"],
        [source, "-o", out, "--witness", "maybe"],
        [source, "-o", out, "--format", "json"],
        [source, "-o", "-", "--summary", "-"],
        [source, "-o", out, "--summary", tmp_path / "nowhere" / "summary.json"],
        [source, "-o", out, "--summary", "."],
        [source, "-o", tmp_path / "out.csv", "--memory", "auto"],
        [source, "-o", source, "--memory", "auto"],
        [source, "-o", out, "--memory", "auto", "--threshold", "2"],
        [source, "-o", out, "--metadata", "all"],
        [source, "-o", out, "--pack", __file__],
        ["-", "-", "-o", out],
    ):
        assert batch(*args) == 2, args
        err = capsys.readouterr().err
        assert err.startswith("cleaner batch: "), args
        assert err.endswith("; see cleaner batch --help\n"), args
        assert err.count("\n") == 1, args
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize(
    ("package", "extra", "name"),
    [("pyarrow", "arrow", "in.parquet"), ("fastwarc", "warc", "in.warc"), ("zstandard", "batch", "in.jsonl.zst")],
)
def test_a_missing_extra_is_named(
    package: str, extra: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / name).touch()
    assert batch(tmp_path / name, "-o", tmp_path / "out.jsonl") == 2
    assert f"{package} is not installed: pip install 'article-cleaner[{extra}]'" in capsys.readouterr().err


def test_help_names_all_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert batch("--help") == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert all(f"\n  {code} " in out for code in (0, 1, 2, 130))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("bar", [True, False], ids=["tqdm", "no tqdm"])
def test_progress_is_for_terminals(*, bar: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if bar:
        pytest.importorskip("tqdm")
    else:
        monkeypatch.setitem(sys.modules, "tqdm", None)
        monkeypatch.setattr("cleaner.batch.progress._INTERVAL", 0.0)
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr("cleaner.cli.batch.Cleaning", SleepingCleaning)
    assert batch(pages(tmp_path / "in.jsonl", 40), "-o", tmp_path / "out.jsonl", "--workers", 1) == 0
    assert "40 records, 0 failed, " in shown.getvalue()
    assert ("100%" in shown.getvalue()) is bar
