"""The command: what it reads and writes, and how it ends."""

import bz2
import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import ROOT, run_python

from cleaner import Cleaner, Document, Label, __version__, export, label
from cleaner.cli.main import main
from cleaner.errors import install_command
from cleaner.export.lines import explain_lines

VOTE = "The council voted on Tuesday, the mayor said."
PLEA = "Sign up for our daily newsletter."
TEXT = f"{VOTE}\n\n{PLEA}\n"

COMMAND = [sys.executable, "-m", "cleaner"]
#: For tests of streams and signals.
WITHOUT_RULES = """
import sys
from cleaner.cli.main import main
from tests.helpers import without_rules
without_rules()
sys.exit(main())
"""
QUICK_COMMAND = [sys.executable, "-c", WITHOUT_RULES]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and devices of Unix")


@pytest.fixture
def dirty(tmp_path: Path) -> str:
    path = tmp_path / "dirty.txt"
    path.write_text(TEXT)
    return str(path)


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "story.txt"
    path.write_text("Ünder the “bridge”, she said, nothing has changed since 1986.\n")
    return str(path)


@pytest.fixture(autouse=True)
def no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """The width of lines does not depend on the terminal in which the tests run."""
    monkeypatch.delenv("COLUMNS", raising=False)


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


# -- in and out ----------------------------------------------------------------------------------


def test_a_file_becomes_its_text(dirty: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main([dirty]) == 0
    assert capsysbinary.readouterr() == (f"{VOTE}\n".encode(), b"")


@pytest.mark.parametrize("args", [[], ["-"]])
def test_standard_input_is_read(
    args: list[str], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    feed(monkeypatch, TEXT.encode())
    assert main(args) == 0
    assert capsysbinary.readouterr().out == f"{VOTE}\n".encode()


def test_files_come_in_order_with_a_blank_line_between(
    dirty: str, story: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    empty = Path(dirty).with_name("empty.txt")
    empty.touch()
    assert main([story, str(empty), dirty, story]) == 0
    text = Path(story).read_text()
    assert capsysbinary.readouterr().out.decode() == f"{text}\n{VOTE}\n\n{text}"


@pytest.mark.parametrize("data", [b"", b" \n\n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_nothing_in_is_nothing_out(
    data: bytes, form: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    feed(monkeypatch, data)
    assert main(["--format", form]) == 0
    assert capsysbinary.readouterr() == (b"", b"")


def test_bytes_are_decoded_by_the_library(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    page = f'<meta charset="windows-1252"><p>{VOTE} “Größe”, she said, “matters”.</p>'
    (tmp_path / "a.html").write_bytes(page.encode("cp1252"))
    (tmp_path / "b.html").write_bytes(page.encode("utf-16"))
    (tmp_path / "c.html").write_bytes(page.encode("utf-32"))
    assert main([str(tmp_path / name) for name in ("a.html", "b.html", "c.html")]) == 0
    text = f"{VOTE} “Größe”, she said, “matters”.\n"
    assert capsysbinary.readouterr().out.decode() == "\n".join([text] * 3)


def test_output_is_utf_8_whatever_the_locale(story: str) -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*QUICK_COMMAND, story], capture_output=True, cwd=ROOT, env={**os.environ, **env}, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == Path(story).read_bytes()


def test_output_goes_to_a_file(dirty: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    out = tmp_path / "out.txt"
    assert main(["-o", str(out), dirty]) == 0
    assert out.read_bytes() == f"{VOTE}\n".encode()
    assert main(["--output", str(out), dirty]) == 0  # an earlier output is written again
    assert capsysbinary.readouterr() == (b"", b"")


@pytest.mark.parametrize("name", ["dirty.txt", "./sub/../dirty.txt", "link.txt", "hard.txt"])
def test_the_output_cannot_be_one_of_the_inputs(
    name: str,
    dirty: str,
    story: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.txt").symlink_to(dirty)
    (tmp_path / "hard.txt").hardlink_to(dirty)
    monkeypatch.chdir(tmp_path)
    for arguments in (["-o", name, story, dirty], ["-o", dirty, name]):
        assert main(arguments) == 2
    assert Path(dirty).read_text() == TEXT
    message = b"cleaner: the output is one of the inputs; see cleaner --help\n"
    assert capsysbinary.readouterr() == (b"", 2 * message)


def test_output_that_cannot_be_written_is_a_failure(
    dirty: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["-o", str(tmp_path), dirty]) == 1
    assert capsysbinary.readouterr() == (b"", f"cleaner: {tmp_path}: Is a directory\n".encode())


# -- formats and policy --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        (["--format", "text"], export.to_text),
        (["--format=txt"], export.to_text),
        (["--output-format", "txt"], export.to_text),
        (["--output-format", "markdown"], Document.to_markdown),
        (["--markdown"], Document.to_markdown),
        (["--format", "html"], Document.to_html),
        (["--html"], Document.to_html),
        (["--explain"], Document.explain),
        (["--format", "explain"], Document.explain),
        (["--labels"], export.labels),
        (["--format", "labels"], export.labels),
        (["--also-keep", "subscription"], lambda _: TEXT.strip()),
        (["--also-keep", "caption, subscription,"], lambda _: TEXT.strip()),
        (["--also-keep", "caption", "--also-keep", "subscription"], lambda _: TEXT.strip()),
        (["--also-keep", "subscription", "--drop", "body,title"], lambda _: PLEA),
        (["--max-size", str(len(TEXT))], export.to_text),
        (["--kind", "html", "--labels"], lambda _: f"body\t{VOTE}\nsubscription\t{PLEA}"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options(
    args: list[str],
    wanted: Callable[[Document], str],
    dirty: str,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert main([*args, dirty]) == 0
    assert capsysbinary.readouterr() == (f"{wanted(label(TEXT))}\n".encode(), b"")


def test_keep_is_an_alias_that_says_so(dirty: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--keep", "caption,subscription", "--also-keep", "title", dirty]) == 0
    assert capsysbinary.readouterr() == (TEXT.encode(), b"cleaner: --keep is now --also-keep\n")
    assert main(["--help"]) == 0
    assert "old name of --also-keep" in capsysbinary.readouterr().out.decode()


def test_the_witness_is_asked(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    page = tmp_path / "page.html"
    said = "She had waited for {} years, and nobody in the hall said a word against the new bridge."
    paragraphs = "".join(f"<p>{said.format(number)}</p>" for number in range(2, 12))
    body = f"<article><h1>The vote</h1><p>{VOTE}</p>{paragraphs}</article>"
    page.write_text(f"<html><head><title>The vote</title></head><body>{body}</body></html>")
    assert main(["--json", "--witness", "always", str(page)]) == 0
    doc = Document.from_dict(json.loads(capsysbinary.readouterr().out))
    assert doc == Cleaner(witness="always").label(page.read_bytes())
    assert any(e.name == "witness" for block in doc.blocks for e in block.evidence)


@pytest.mark.parametrize("option", [["--json"], ["--format", "json"]])
def test_json_is_one_object_a_line(
    option: list[str], dirty: str, story: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main([*option, "--lang", "de", "--also-keep", "advert", dirty, story]) == 0
    rows = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert [(next(iter(row)), row["file"]) for row in rows] == [("file", dirty), ("file", story)]
    docs = [Document.from_dict(row) for row in rows]
    assert [doc.text for doc in docs] == [VOTE, Path(story).read_text().strip()]
    assert [doc.lang for doc in docs] == ["de", "de"]
    assert all(doc.keep == label(TEXT).keep | {Label.ADVERT} for doc in docs)


@POSIX
def test_json_names_files_that_are_not_utf_8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    name = os.fsdecode(bytes(tmp_path) + b"/F\xe4hre.txt")
    Path(name).write_text(TEXT)
    assert main(["--json", name]) == 0
    assert json.loads(capsysbinary.readouterr().out)["file"] == f"{tmp_path}/F?hre.txt"
    feed(monkeypatch, TEXT.encode())
    assert main(["--json"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["file"] == "-"


@pytest.mark.parametrize("form", ["explain", "labels"])
def test_lines_of_several_files_have_a_heading(
    form: str, dirty: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    empty = tmp_path / "empty\n.txt"
    empty.touch()
    assert main([f"--{form}", dirty, str(empty), dirty]) == 0
    lines = {"explain": label(TEXT).explain(), "labels": export.labels(label(TEXT))}[form]
    one = f"== {dirty}\n{lines}\n"
    assert capsysbinary.readouterr().out.decode() == f"{one}\n== {tmp_path}/empty .txt\n\n{one}"


def test_json_holds_no_control_characters(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    page = f"<title>a\x1b[1mb\u202e</title><p>{VOTE}<a href='/\x07x'>there</a>"
    feed(monkeypatch, page.encode())
    assert main(["--json"]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert json.loads(out)["title"] == "a[1mb"
    assert "\\u00" not in out


def test_the_report_is_one_page(dirty: str, story: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--format", "report", dirty, story]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert out.startswith("<!doctype html>")
    assert out.count('<meta charset="utf-8">') == out.count("<title>") == 1
    assert f"<dt>{PLEA}<dd>" in out
    assert "“bridge”" in out
    assert [out.count(f"<p class=where>{name}") for name in (dirty, story)] == [1, 1]


def test_the_threshold_moves_the_bar(dirty: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--threshold", "0.9999", "--labels", dirty]) == 0
    strict = capsysbinary.readouterr().out
    assert main(["--threshold", "0.0001", "--labels", dirty]) == 0
    assert strict.count(b"body\t") < capsysbinary.readouterr().out.count(b"body\t")


def test_packs_add_rules(dirty: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    text = '[{0}.mine]\npatterns = ["{1}"]\nstrength = "always"\nyes = ["{1}"]\nno = ["Nothing."]\n'
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(text.format("advert", "The council voted"))
    second.write_text(text.format("body", "Sign up for"))
    assert main(["--pack", str(first), "--pack", str(second), dirty]) == 0
    assert capsysbinary.readouterr().out.decode() == f"{PLEA}\n"


def test_a_pack_of_a_site_that_does_not_count_is_named(
    dirty: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    pack = tmp_path / "courier.toml"
    pack.write_text('hosts = ["courier.example"]\n[advert.mine]\npatterns = ["The council voted"]\n')
    assert main(["--pack", str(pack), dirty]) == 0
    assert b"courier.toml is not used: the address is unknown; --url gives it" in capsysbinary.readouterr().err
    assert main(["--pack", str(pack), "--url", "https://courier.example/vote", dirty]) == 0
    assert capsysbinary.readouterr().err == b""


# -- what goes wrong -----------------------------------------------------------------------------


def test_the_other_files_are_done(dirty: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    missing, folder = str(tmp_path / "missing\n.txt"), str(tmp_path)
    assert main([missing, dirty, folder]) == 1
    out, err = capsysbinary.readouterr()
    assert out == f"{VOTE}\n".encode()
    assert err.decode().splitlines() == [
        f"cleaner: {tmp_path}/missing .txt: No such file or directory",
        f"cleaner: {folder}: Is a directory",
    ]


def test_a_failure_leaves_the_output_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    out.write_text("before")
    assert main(["-o", str(out), str(tmp_path / "missing")]) == 1
    assert out.read_text() == "before"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_may_be_unreadable(dirty: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    Path(dirty).chmod(0)
    assert main([dirty]) == 1
    assert capsysbinary.readouterr() == (b"", f"cleaner: {dirty}: Permission denied\n".encode())


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
        b"\x89PNG\r\n\x1a\n\x00",
        b"GIF89a\x01\x00",
        b"PK\x03\x04\x14\x00",
        b"\x7fELF\x02\x01\x01" + bytes(9),
        bytes(1000),
        b"SQLite format 3\x00" + bytes(range(8)) * 50,
        bytes(range(256)) * 4 + bytes(100),
    ],
)
def test_binary_input_is_refused(
    data: bytes, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    feed(monkeypatch, data)
    assert main([]) == 1
    assert capsysbinary.readouterr() == (b"", b"cleaner: standard input: binary, neither HTML nor text\n")


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
def test_compressed_files_are_opened(
    compress: Callable[[bytes], bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    data = compress(TEXT.encode())
    (tmp_path / "page").write_bytes(data)
    assert main([str(tmp_path / "page")]) == 0
    feed(monkeypatch, data)
    assert main([]) == 0
    assert capsysbinary.readouterr() == (f"{VOTE}\n".encode() * 2, b"")
    for bad, reason in (
        (data[:-12], b"ended before the end"),
        (compress(bytes(1000)), b"binary"),
        (compress(b"a" * 200), b"100;"),
    ):
        feed(monkeypatch, bad)
        assert main(["--max-size", "100"] if reason == b"100;" else []) == 1
        out, err = capsysbinary.readouterr()
        assert out == b""
        assert reason in err
        assert err.count(b"\n") == 1


def test_zstandard_files_are_opened(tmp_path: Path, monkeypatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    zstandard = pytest.importorskip("zstandard")
    (tmp_path / "page").write_bytes(zstandard.ZstdCompressor().compress(TEXT.encode()))
    assert main([str(tmp_path / "page")]) == 0
    assert capsysbinary.readouterr().out == f"{VOTE}\n".encode()
    monkeypatch.setitem(sys.modules, "zstandard", None)
    monkeypatch.setattr("cleaner.reading.compressed.find_spec", lambda _: None)
    assert main([str(tmp_path / "page")]) == 1
    assert b"page: zstandard is not installed: pip install 'article-cleaner[batch]'" in capsysbinary.readouterr().err


def test_an_address_is_told_what_to_do(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["https://a.example/x?a=1&b=2"]) == 1
    address = "'https://a.example/x?a=1&b=2'"
    assert capsysbinary.readouterr().err.decode() == (
        "cleaner: https://a.example/x?a=1&b=2: is an address, and nothing is fetched; "
        f"use: curl -sL {address} | cleaner --url {address}\n"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_with_nuls_is_read(
    encoding: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    feed(monkeypatch, TEXT.encode(encoding))
    assert main([]) == 0
    assert capsysbinary.readouterr().out == f"{VOTE}\n".encode()


@POSIX
def test_input_without_end_is_refused(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["/dev/zero"]) == 1
    assert capsysbinary.readouterr().err == (
        b"cleaner: /dev/zero: larger than the limit of 10,000,000; --max-size sets another\n"
    )
    assert main(["--max-size", "100", "/dev/zero"]) == 1
    assert b"the limit of 100; --max-size" in capsysbinary.readouterr().err


@pytest.mark.parametrize(
    "args",
    [
        ["--no-such-option"],
        ["--mark"],  # options are not abbreviated
        ["--format", "xml"],
        ["--json", "--explain"],
        ["--format", "text", "--html"],
        ["--kind", "pdf"],
        ["--keep", "captions"],
        ["--also-keep", "captions"],
        ["--drop", "captions"],
        ["--lang", "german"],
        ["--max-size", "0"],
        ["--max-size", "1e6"],
        ["--witness", "maybe"],
        ["--threshold", "high"],
        ["--threshold", "1.5"],
        ["--threshold", "nan"],
        ["--pack", "no such pack.toml"],
        ["--pack", __file__],
        ["--only", "kept"],
        ["--only", "body", "--explain"],
        ["--only", "kept", "--json"],
        ["--images"],
        ["--images", "--explain"],
        ["--images", "--format", "report"],
        ["explain"],
        ["rule", "check"],
        ["--color", "blue"],
        ["-o", ""],
        [""],
        ["--print-completion", "fish"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_2_and_reads_nothing(
    args: list[str], tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main([*args, str(tmp_path / "missing")]) == 2
    out, err = capsysbinary.readouterr()
    assert out == b""
    *notes, error = err.decode().splitlines()
    assert error.startswith("cleaner: ")
    assert error.endswith("; see cleaner --help")
    assert notes == (["cleaner: --keep is now --also-keep"] if "--keep" in args else [])
    assert "missing: No such file" not in error


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["explain", "page.html"], "explain: no such file (did you mean --explain?)"),
        (["report", "page.html"], "report: no such file (did you mean --format report?)"),
        (["help"], "help: no such file (did you mean --help?)"),
        (["rule", "check", "--strict", "x"], "rule: no such file (did you mean cleaner rules?)"),
        (["bacth", "in.jsonl", "-o", "out.jsonl"], "bacth: no such file (did you mean cleaner batch?)"),
        ([""], "argument FILE: the name of a file is empty"),
        (["batch", "", "-o", "out.jsonl"], "argument INPUT: the name of a file is empty"),
        (["rules", "check", ""], "argument PACK: the name of a file is empty"),
        (["--images", "page.html"], "--images goes with --markdown, --html or --json"),
        (["batch", "in.jsonl", "-o", "out.jsonl", "--images"], "--images goes with --format markdown or html"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_command_says_what_is_meant(
    args: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(args) == 2
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert f": {message}; see cleaner" in err.decode()


@pytest.mark.parametrize("name", ["explain", "rule"])
def test_a_file_may_be_called_as_an_option(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(TEXT)
    assert main([name]) == 0
    assert capsysbinary.readouterr() == (f"{VOTE}\n".encode(), b"")


def test_an_unknown_label_is_told_with_the_labels(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--drop", "captions", "-"]) == 2
    assert f"'captions' is no label; labels are {', '.join(Label)}" in capsysbinary.readouterr().err.decode()


def test_help_and_version(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--version"]) == 0
    assert capsysbinary.readouterr().out == f"cleaner {__version__}\n".encode()
    assert main(["--help"]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert out.isascii()
    assert all(f"\n  {code} " in out for code in (0, 1, 2, 130, 141))
    usage = out.split("\n\n")[0]
    assert [name for name in ("cleaner [OPTION]", "cleaner batch ", "cleaner rules ") if name not in usage] == []


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_a_reader_at_a_terminal_is_told_what_happens(
    dirty: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    hint = b"cleaner: reading from standard input; cleaner --help says more\n"
    for args, err in (([], hint), ([dirty, "-"], hint), ([dirty], b"")):
        monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO(TEXT.encode())))
        assert main(args) == 0
        assert capsysbinary.readouterr().err == err


# -- lines about blocks ------------------------------------------------------------------------------


MENU = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("World", "Sport", "Weather", "Letters", "Shop"))
PAGE = f"""<html><head><title>The vote | Courier</title></head><body><nav><ul>{MENU}</ul></nav>
<article><h1>The vote</h1><p>{VOTE} She had waited for eleven years for this day.</p>
<p>Nobody in the hall said a word against the new bridge, and the vote took less than a minute.</p></article>
<div class="newsletter"><p>{PLEA}</p></div></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    return str(path)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """The command on a terminal: its lines."""
    for name in ("NO_COLOR", "TERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: str, **environment: str) -> list[str]:
        screen = io.BytesIO()
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdout", Terminal(screen, encoding="utf-8"))
            assert main(list(args)) == 0
            return screen.getvalue().decode().splitlines()

    return run


def test_runs_of_dropped_blocks_are_folded(page: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--explain", page]) == 0
    folded = capsysbinary.readouterr().out.decode().splitlines()
    assert "5 blocks: World / Sport / Weather / Letters / Shop" in folded[0]
    assert folded[0].startswith("drop  navigation ")
    doc = label(PAGE)
    assert len(folded) == len(doc.blocks) - 4
    assert max(block.score for block in doc.blocks[:5]) == pytest.approx(float(folded[0].split()[2]), abs=0.005)


def test_only_some_blocks(page: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    doc = label(PAGE)
    for form in ("--explain", "--labels"):
        for only, blocks in (("kept", doc.kept), ("dropped", doc.removed)):
            assert main([form, "--only", only, page]) == 0
            lines = capsysbinary.readouterr().out.decode().splitlines()
            assert len(lines) == len(blocks), "each block has a line of its own"
            assert all(block.text[:20] in line for block, line in zip(blocks, lines, strict=True))


@pytest.mark.parametrize("columns", [60, 80, 100, 119])
def test_lines_are_as_wide_as_the_terminal(columns: int, page: str, terminal: Callable[..., list[str]]) -> None:
    lines = terminal("--explain", page, NO_COLOR="1", COLUMNS=str(columns))
    assert max(map(len, lines)) <= columns
    assert not any("\x1b" in line for line in lines)
    assert any(line.startswith("keep  body") and "model +" in line for line in lines)
    wide = terminal("--explain", page, NO_COLOR="1", COLUMNS="300")
    assert [line.split()[:3] for line in wide] == [line.split()[:3] for line in lines]
    assert max(map(len, wide)) > 100


def test_a_narrow_terminal_wraps(page: str, terminal: Callable[..., list[str]]) -> None:
    lines = terminal("--explain", page, NO_COLOR="1", COLUMNS="20")
    assert lines == terminal("--explain", page, NO_COLOR="1", COLUMNS="60")


def test_what_is_kept_stands_out(page: str, terminal: Callable[..., list[str]]) -> None:
    lines = terminal("--explain", page)
    kept = [line for line in lines if line.startswith("\x1b[1;32mkeep\x1b[0m  body")]
    dropped = [line for line in lines if line.startswith("\x1b[2mdrop  ") and line.endswith("\x1b[0m")]
    assert len(kept) == len(label(PAGE).kept)
    assert len(kept) + len(dropped) == len(lines)
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert not any("\x1b" in line for line in terminal("--explain", page, **environment))
    assert not any("\x1b" in line for line in terminal("--explain", "--color", "never", page))
    assert any("\x1b[" in line for line in terminal("--explain", "--color", "always", page, NO_COLOR="1"))
    assert not any("\x1b" in line for line in terminal("--labels", page))


def test_a_pipe_and_a_file_have_no_colours(
    page: str, tmp_path: Path, terminal: Callable[..., list[str]], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["--explain", page]) == 0
    piped = capsysbinary.readouterr().out
    assert b"\x1b" not in piped
    assert terminal("--explain", "-o", str(tmp_path / "out"), page) == []
    assert (tmp_path / "out").read_bytes() == piped
    assert main(["--explain", "--color", "always", page]) == 0
    assert b"\x1b[2m" in capsysbinary.readouterr().out


@pytest.mark.parametrize("columns", ["70", "400", "1"])
def test_columns_widen_a_pipe_and_a_file(
    columns: str,
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["--explain", "--only", "dropped", page]) == 0
    piped = capsysbinary.readouterr().out.decode()
    lines = explain_lines(label(PAGE), max(int(columns), 60), only="dropped")
    assert piped == "".join(f"{line.text}\n" for line in lines)
    assert main(["--explain", "--only", "dropped", "-o", str(tmp_path / "out"), page]) == 0
    assert (tmp_path / "out").read_text("utf-8") == piped


@pytest.mark.parametrize("columns", ["", "0", "wide", "-5", "9" * 5_000])
def test_columns_that_are_no_width(
    columns: str, page: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["--explain", page]) == 0
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["--explain", page]) == 0
    lines = capsysbinary.readouterr().out.splitlines()
    assert lines[len(lines) // 2 :] == lines[: len(lines) // 2]


# -- completion --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_knows_options_of_all_commands(shell: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    pytest.importorskip("shtab")
    assert main(["--print-completion", shell]) == 0
    script = capsysbinary.readouterr().out.decode()
    assert all(word in script for word in ("batch", "rules", "check", "explain", "input-format", "kept", "markdown"))


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--ex"], "--explain"),
        (["ba"], "batch"),
        (["rules", "ch"], "check"),
        (["batch", "--format", "m"], "markdown"),
        (["--only", "k"], "kept"),
        (["-o", "pyproj"], "pyproject.toml"),
        (["batch", "pyproj"], "pyproject.toml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_completion_in_bash(words: list[str], wanted: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    pytest.importorskip("shtab")
    assert main(["--print-completion", "bash"]) == 0
    script = capsysbinary.readouterr().out.decode()
    assert "complete -o bashdefault -o default -F _shtab_cleaner cleaner" in script
    line = " ".join(["cleaner", *words])
    script += f'\nCOMP_WORDS=({line}); COMP_CWORD={len(words)}; _shtab_cleaner; echo "${{COMPREPLY[@]}}"\n'
    done = subprocess.run(["bash", "-c", script], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.decode().split() == [wanted]


def test_completion_needs_shtab(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["--print-completion", "bash"]) == 2
    assert capsysbinary.readouterr() == (
        b"",
        f"cleaner: shtab is not installed: {install_command('completion')}; see cleaner --help\n".encode(),
    )


@pytest.mark.parametrize("command", [[], ["batch"], ["rules"]])
def test_help_fits_on_a_terminal(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*command, "--help"]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert max(map(len, out.splitlines())) <= 80
    if not command:
        assert {"cleaner batch", "cleaner rules"} <= {line.strip().split("   ")[0] for line in out.splitlines()}


# -- pipes and signals ---------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("args", [["--explain", "-"], ["--json", "-", "-"], ["--help"]])
def test_a_closed_pipe_ends_it_quietly(args: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        # Unbuffered, argparse itself would hide that its help went nowhere.
        env = {**os.environ, "PYTHONUNBUFFERED": ""}
        done = subprocess.run(
            [*QUICK_COMMAND, *args],
            input=b"Text.",
            stdout=writer,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=env,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@POSIX
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_disk_is_a_failure(dirty: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*QUICK_COMMAND, dirty], stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stderr == b"cleaner: standard output: No space left on device\n"


@POSIX
@pytest.mark.parametrize(("closed", "name"), [("<&-", "input"), (">&-", "output")])
def test_closed_streams_are_a_failure(closed: str, name: str, dirty: str) -> None:
    command = f'"{sys.executable}" -m cleaner {"" if name == "input" else dirty} {closed}'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stderr == f"cleaner: standard {name}: closed\n".encode()


@POSIX
def test_ctrl_c_ends_it_quietly(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with (
        subprocess.Popen([*QUICK_COMMAND, str(fifo)], stdout=-1, stderr=-1, cwd=ROOT) as process,
        fifo.open("wb"),  # waits until it is opened for reading, then keeps it waiting
    ):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_python_m_reads_a_pipe() -> None:
    done = subprocess.run(COMMAND, input=TEXT.encode(), capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{VOTE}\n".encode(), b"")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts threads as Linux lists them")
def test_it_has_one_thread(dirty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)  # the other tests call main() in this process
    code = "import os, sys; from cleaner.cli.main import main; main(sys.argv[1:]); print(len(os.listdir('/proc/self/task')))"
    assert run_python(code, dirty).stdout == f"{VOTE}\n1\n"
