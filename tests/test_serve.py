"""``cleaner serve``: what the local page is answered, whom the server answers, and the files that it writes."""

import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import regex
from fixture_cases import SOURCES, labelled
from helpers import HANGS, ROOT
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner, Label, label, rules
from cleaner.cli.main import main
from cleaner.errors import CleanerError, InputTooLarge, PackError
from cleaner.export.lines import reasons
from cleaner.rules.draft import add_to, draft
from cleaner.serve.answers import Answers
from cleaner.serve.labels_file import LabelsFile, parse, to_text
from cleaner.serve.pages import Pages
from cleaner.serve.server import _FILES, LocalServer
from cleaner.text.characters import one_line
from cleaner.text.data_files import read_data

FIRST = "The council voted on Tuesday, the mayor said, after a debate of four hours in the old hall."
PLEA = "Psst! The Courier drops into your inbox at dawn."
LAST = "The pier will be paid for with a loan, which the council will pay back over the next twenty years."
STORY = f"{FIRST}\n\n{PLEA}\n\n{LAST}\n\nSign up for our newsletter.\n"
MAX_SIZE = 100_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.txt").write_text(STORY, "utf-8")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "page.html").write_text(f"<title>Vote</title><p>{FIRST}<p>{PLEA}", "utf-8")
    (tmp_path / "notes.json").write_text("{}", "utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("x", "utf-8")
    return tmp_path


@pytest.fixture
def answers(folder: Path) -> Answers:
    return Answers(Pages([str(folder)]), pack="# mine", max_size=MAX_SIZE)


# -- answers -----------------------------------------------------------------------------------------


def test_a_page_that_is_too_large_or_gone_is_an_error(answers, folder):
    (folder / "a" / "page.html").write_text("x" * (MAX_SIZE + 1))
    with pytest.raises(InputTooLarge, match="larger than the limit"):
        answers.answer("label", {"page": 0})
    (folder / "a" / "page.html").unlink()
    with pytest.raises(CleanerError, match=r"a/page\.html: No such file"):
        answers.answer("label", {"page": 0})


def test_the_start(answers):
    assert answers.answer("start", {}) == {
        "labels": list(Label),
        "pages": ["a/page.html", "b.txt"],
        "labelled": [False, False],
        "pack": "# mine",
        "max_size": MAX_SIZE,
    }


def test_a_source_is_answered_with_what_explain_prints(answers):
    doc = label(STORY)
    answer = answers.answer("label", {"text": STORY})
    assert [block["text"] for block in answer["blocks"]] == [block.text for block in doc.blocks]
    assert [block["evidence"] for block in answer["blocks"]] == [reasons(block) for block in doc.blocks]
    assert [block["label"] for block in answer["blocks"]] == ["body", "body", "body", "subscription"]
    assert (answer["text"], answer["markdown"], answer["keep"]) == (doc.text, doc.to_markdown(), sorted(doc.keep))
    assert (answer["kind"], answer["lang"], answer["changes"]) == ("text", "en", None)


def test_a_file_is_read_as_bytes(answers):
    source = "<meta charset=windows-1252><title>Fähre</title><p>Die Fähre fuhr am Montag wieder nach Skarn.".encode(
        "cp1252"
    )
    answer = answers.answer("label", {"file": b64encode(source).decode()})
    assert answer["title"] == "Fähre"
    assert answer["text"] == "Die Fähre fuhr am Montag wieder nach Skarn."


def test_the_options_are_those_of_the_cleaner(answers):
    question = {"text": STORY, "keep": ["subscription"], "threshold": 0.9, "kind": "text", "lang": "en"}
    expected = Cleaner(keep=["subscription"], threshold=0.9).label(STORY, kind="text", lang="en")
    answer = answers.answer("label", question)
    assert (answer["text"], answer["keep"]) == (expected.text, ["subscription"])
    assert [block["label"] for block in answer["blocks"]] == [block.label for block in expected.blocks]


def test_a_rule_made_of_a_line_is_tried(answers):
    pack = answers.answer("rule", {"line": PLEA, "label": "subscription", "pack": ""})["pack"]
    answer = answers.answer("label", {"text": STORY, "pack": pack})
    assert answer["changes"] == [{"at": 1, "before": "kept as body", "after": "removed as subscription"}]
    assert answer["unmatched"] == []
    assert PLEA not in answer["text"]
    pack = answers.answer("rule", {"line": "Nothing of this", "label": "notice", "pack": pack})["pack"]
    assert answers.answer("label", {"text": STORY, "pack": pack})["unmatched"] == ["mine:notice.nothing_of"]


def test_a_pack_for_a_site_is_tried_on_its_site(answers):
    pack = f"hosts = ['courier.example']\n{draft(PLEA, Label.NOTICE)[1]}"
    assert len(answers.answer("label", {"text": STORY, "pack": pack})["changes"]) == 1
    assert answers.answer("label", {"text": STORY, "pack": pack, "url": "https://other.example/"})["changes"] == []


@pytest.mark.parametrize(
    "question, message",
    [
        ({"text": 5}, "text is 5, which is no str"),
        ({"text": "x", "threshold": "0.5"}, "threshold is '0.5', which is no float"),
        ({"text": "x", "threshold": True}, "threshold is True, which is no float"),
        ({"text": "x", "threshold": 2}, "threshold is above 0 and below 1, not 2.0"),
        ({"text": "x", "keep": "body"}, "keep is 'body', which is no list"),
        ({"text": "x", "keep": ["head"]}, "'head' is no label; labels are body, title"),
        ({"text": "x", "kind": "pdf"}, "kind is one of auto, html, text, not 'pdf'"),
        ({"text": "x", "lang": "english"}, "english"),
        ({"text": "x" * (MAX_SIZE + 1)}, "100,001"),
        ({"file": "?"}, "file is not Base64"),
        ({"file": b64encode(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n").decode()}, "binary, neither HTML nor text"),
        ({"page": 2}, "there is no page 2: there are 2"),
        ({"text": "x", "pack": "[advert"}, "mine.toml: "),
        ({"text": "x", "pack": "[advert.x]\npatterns = ['(']"}, "mine.toml: [advert.x] pattern '('"),
    ],
)
def test_what_is_wrong_is_said(answers, question, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        answers.answer("label", question)


# -- rules of a line ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line, others",
    [
        ("14 comments", ["3 comments", "• 1400  Comments"]),
        ("Don't miss a thing", ["DON'T MISS A THING"]),
        ("It''' ends with '", ["It''' ends with '"]),
        ("C:\\temp (a+b) [x]* $5?", ["C:\\temp (a+b) [x]* $7?"]),
        ("--------- Read on", ["Read on", "• Read on"]),
        ("* * * * * * * Read on", ["* * * Read on"]),
        ("Read on: " + "word " * 30, ["Read on: " + "word " * 9 + "and another end"]),
        ("订阅我们的每日新闻简报。" * 12, ["订阅我们的每日新闻简报。" * 12]),
    ],
)
def test_a_draft_matches_its_line_and_those_like_it(line, others):
    name, table = draft(line, Label.NOTICE)
    (rule,) = rules.parse(table, "mine.toml").rules
    assert rule.concept.name == name
    (pattern,) = rule.patterns
    for text in (line, *others):
        assert pattern.compiled.search(" ".join(text.split()))
    assert not pattern.compiled.search("The council voted on Tuesday, and 14 comments say why.")


def test_the_docs_show_what_a_draft_looks_like():
    assert draft(PLEA, Label.SUBSCRIPTION)[1] in (ROOT / "docs" / "serve.md").read_text("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_line_with_words_makes_a_rule_that_holds(line: str) -> None:
    try:
        _, table = draft(line, Label.NOTICE)
    except PackError:
        assert not regex.search(r"[^\W_]", one_line(line))
        return
    rules.parse(table, "mine.toml")  # it checks that the example is matched


def test_rules_are_added_under_names_that_are_free():
    pack = "# Rules of ours"
    for line in ("Sign up today", "Sign up tomorrow", "Credit: us", "第二"):
        pack = add_to(pack, line, Label.CAPTION)
    names = [rule.concept.name for rule in rules.parse(pack, "mine.toml").rules]
    assert names == ["caption.sign_up", "caption.sign_up_2", "caption.credit_us", "caption.line"]
    assert pack.startswith("# Rules of ours\n\n[caption.sign_up]\n")
    assert "caption.credit" in rules.concepts()
    assert "[caption.credit_2]" in add_to("", "Credit", Label.CAPTION)


def test_nothing_is_added_to_a_pack_that_cannot_be_read():
    with pytest.raises(PackError, match="your pack cannot be read, so nothing can be added"):
        add_to("[advert", "Sign up", Label.ADVERT)


def test_a_rule_for_body_keeps_a_block_of_which_the_model_is_sure():
    page = (ROOT / "fixtures" / "html" / "page-typical.html").read_text("utf-8")
    line = "The printed Meridian Weekly on your doormat every Friday"
    assert line not in Cleaner().clean(page)
    assert line in Cleaner(packs=[rules.parse(draft(line, Label.BODY)[1], "mine.toml")]).clean(page)


# -- files of labels ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [path.with_suffix(".labels") for path in SOURCES], ids=lambda path: path.name)
def test_files_of_labels_come_back_as_they_are(path):
    text = path.read_text("utf-8")
    assert to_text(parse(text)).splitlines() == [line for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(
    "text, message",
    [
        ("body The ferry", "line 1: no tab between the label and the text"),
        ("# about: x\nbdoy\tx", "line 2: 'bdoy' is no"),
    ],
)
def test_a_wrong_line_is_named(text, message):
    with pytest.raises(CleanerError, match=message):
        parse(text)


def test_labels_are_written_and_read_again(answers, folder):
    opened = answers.answer("label", {"page": 1})
    assert opened["truth"] == {"version": "", "header": {}, "labels": [None] * 4, "missing": []}
    labels = ["body", "notice", "body", "other"]
    blocks = [[name, block["text"]] for name, block in zip(labels, opened["blocks"], strict=True)]
    question = {"page": 1, "blocks": blocks, "about": "a plea\n", "lang": "", "trap": False, "version": ""}
    saved = answers.answer("save", question)
    text = f"# about: a plea\nbody\t{FIRST}\nnotice\t{PLEA}\nbody\t{LAST}\nother\tSign up for our newsletter.\n"
    assert (folder / "b.labels").read_bytes() == text.encode()
    assert [path.name for path in folder.iterdir() if "labels" in path.name] == ["b.labels"]
    assert answers.answer("start", {})["labelled"] == [False, True]
    truth = answers.answer("label", {"page": 1})["truth"]
    assert truth == {
        "version": saved["version"],
        "header": {"about": "a plea"},
        "labels": labels,
        "missing": [],
    }


def test_headers_that_the_page_does_not_show_are_kept(answers, folder):
    (folder / "b.labels").write_text(
        f"# about: x\n# expect: fail\n# why: no rule\n# wrong: 1\n\nbody\t{FIRST}\n", "utf-8"
    )
    truth = answers.answer("label", {"page": 1})["truth"]
    question = {"page": 1, "blocks": [["body", FIRST]], "about": "y", "lang": "en", "trap": True}
    answers.answer("save", question | {"version": truth["version"]})
    assert (folder / "b.labels").read_text("utf-8") == (
        f"# about: y\n# lang: en\n# trap\n# expect: fail\n# why: no rule\n# wrong: 1\nbody\t{FIRST}\n"
    )


def test_lines_that_are_no_blocks_are_named(answers, folder):
    (folder / "b.labels").write_text(f"# about: x\nnote\tGone.\nnotice\t{PLEA}\n", "utf-8")
    truth = answers.answer("label", {"page": 1})["truth"]
    assert (truth["labels"], truth["missing"]) == ([None, "notice", None, None], ["Gone."])


def test_the_language_of_the_header_holds(answers, folder):
    (folder / "b.labels").write_text("# about: x\n# lang: de\n", "utf-8")
    assert answers.answer("label", {"page": 1})["lang"] == "de"
    assert answers.answer("label", {"page": 1, "lang": "sv"})["lang"] == "sv"


def test_a_file_that_has_changed_is_not_overwritten(answers, folder):
    (folder / "b.labels").write_text("# about: somebody else's\n", "utf-8")
    with pytest.raises(CleanerError, match=r"b\.labels has changed on the disk"):
        answers.answer("save", {"page": 1, "blocks": [["body", FIRST]], "version": ""})
    assert (folder / "b.labels").read_text("utf-8") == "# about: somebody else's\n"


def test_two_pages_cannot_have_one_file_of_labels(answers, folder):
    (folder / "b.html").write_text("x", "utf-8")
    with pytest.raises(CleanerError, match=r"b\.labels would hold the labels of b\.html as well"):
        Answers(Pages([str(folder)])).answer("save", {"page": 2, "blocks": [], "version": ""})


def test_a_file_that_cannot_be_written_stays_as_it_was(answers, folder, monkeypatch):
    (folder / "b.labels").write_text("# about: x\n", "utf-8")
    version = answers.answer("label", {"page": 1})["truth"]["version"]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CleanerError, match=r"b\.labels: No space left on device"):
        answers.answer("save", {"page": 1, "blocks": [["body", FIRST]], "version": version})
    assert (folder / "b.labels").read_text("utf-8") == "# about: x\n"
    assert not list(folder.glob(".b.labels*"))


@pytest.mark.parametrize("blocks", [None, [["body"]], [["body", 5]], [["bdoy", "x"]], "body"])
def test_wrong_labels_are_not_written(answers, folder, blocks):
    with pytest.raises(CleanerError):
        answers.answer("save", {"page": 1, "blocks": blocks, "version": ""})
    assert not (folder / "b.labels").exists()


def test_a_text_cannot_add_lines_to_a_file_of_labels():
    file = LabelsFile({"about": "x\n# trap"}, ((Label.BODY, "a\nother\tb\x00"),))
    assert to_text(file) == "# about: x # trap\nbody\ta other b\n"


def test_a_fixture_is_written_as_it_is(tmp_path):
    source = next(path for path in SOURCES if path.name == "page-typical.html")
    (tmp_path / source.name).write_bytes(source.read_bytes())
    own = Answers(Pages([str(tmp_path)]))
    truth = parse(source.with_suffix(".labels").read_text("utf-8"))
    blocks = [[name, block.text] for (name, _), block in zip(truth.blocks, labelled(source).blocks, strict=True)]
    own.answer("save", {"page": 0, "blocks": blocks, "version": "", "about": truth.header["about"]})
    assert (tmp_path / "page-typical.labels").read_bytes() == source.with_suffix(".labels").read_bytes()


def test_names_that_are_no_pages(tmp_path):
    with pytest.raises(CleanerError, match="no such file or folder"):
        Pages([str(tmp_path / "missing")])
    with pytest.raises(CleanerError, match=r"no pages in it; pages are \.htm"):
        Pages([str(tmp_path)])


# -- the server --------------------------------------------------------------------------------------


@pytest.fixture
def server(answers: Answers) -> Iterator[LocalServer]:
    with LocalServer(answers, 0, max_size=MAX_SIZE) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def request(
    server: LocalServer, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer. ``headers`` have underscores for dashes."""
    connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=HANGS)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, dict(response.headers), content


def ask(server: LocalServer, name: str, question: object, **headers: str) -> tuple[int, Any]:
    headers = {"Content_Type": "application/json"} | headers
    status, _, content = request(server, "POST", f"/api/{name}", json.dumps(question).encode(), **headers)
    return status, json.loads(content)


def test_it_listens_on_this_machine_alone(server):
    assert server.server_address[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_address[1]}/"


def test_every_file_of_the_page_is_served(server):
    for path, (package, name, kind) in _FILES.items():
        status, headers, content = request(server, "GET", path)
        assert (status, headers["Content-Type"], content) == (200, f"{kind}; charset=utf-8", read_data(package, name))
    folder = ROOT / "cleaner" / "serve" / "assets"
    assert {path.name for path in folder.iterdir()} <= {name.rpartition("/")[2] for _, name, _ in _FILES.values()}


def test_a_browser_that_goes_away_is_no_error(server, monkeypatch, capsys):
    gone, ended = threading.Event(), threading.Event()
    monkeypatch.setattr(Answers, "answer", lambda *_: {"waited": gone.wait(HANGS)})
    monkeypatch.setattr(server, "shutdown_request", lambda request: (request.close(), ended.set()))
    lines = (f"Host: 127.0.0.1:{server.server_address[1]}", "Content-Type: application/json", "Content-Length: 2")
    with socket.create_connection(server.server_address, timeout=HANGS) as browser:
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing resets
        browser.sendall("\r\n".join(("POST /api/start HTTP/1.1", *lines, "", "{}")).encode())
    gone.set()
    assert ended.wait(HANGS)
    assert capsys.readouterr().err == ""


def test_a_question_is_answered(server):
    status, answer = ask(server, "label", {"text": STORY}, Origin=server.address.rstrip("/"))
    assert (status, answer["text"]) == (200, label(STORY).text)
    port = server.server_address[1]
    assert ask(server, "start", {}, Host=f"localhost:{port}", Origin=f"http://localhost:{port}")[0] == 200


def test_every_answer_has_the_policy(server):
    answers = [
        request(server, "GET", "/"),
        request(server, "GET", "/missing"),
        request(server, "DELETE", "/"),
        request(server, "POST", "/api/start", b"{}", Content_Type="application/json"),
        request(server, "GET", "/", Host="evil.example"),
    ]
    assert [status for status, _, _ in answers] == [200, 404, 501, 200, 421]
    for _, headers, _ in answers:
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; ")
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", ""]
)
@pytest.mark.parametrize("method, path", [("GET", "/"), ("POST", "/api/start")])
def test_a_foreign_name_of_the_host_is_refused(server, host, method, path):
    host = host.format(port=server.server_address[1])
    status, _, content = request(server, method, path, b"{}", Host=host, Content_Type="application/json")
    assert (status, json.loads(content)) == (421, {"error": f"open {server.address}"})


def raw(server: LocalServer, text: str) -> str:
    """What the server sends back to the bytes of a request, until it closes."""
    with socket.create_connection(server.server_address, timeout=HANGS) as connection:
        connection.sendall(text.encode())
        return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


def test_a_request_names_one_host(server):
    own = f"127.0.0.1:{server.server_address[1]}"
    assert raw(server, "GET / HTTP/1.0\r\n\r\n").startswith("HTTP/1.1 421 ")
    assert raw(server, f"GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\n\r\n").startswith("HTTP/1.1 421 ")
    assert raw(server, f"GET / HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n").startswith("HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Type": "multipart/form-data"}, 415),
    ],
)
def test_what_another_site_can_send_is_refused(server, folder, headers, status):
    question = {"page": 1, "blocks": [["body", "x"]], "version": ""}
    assert ask(server, "save", question, **headers)[0] == status
    assert not (folder / "b.labels").exists()


def test_no_other_site_is_allowed_to_ask(server):
    headers = {"Origin": "https://evil.example", "Access_Control_Request_Method": "POST"}
    status, sent, _ = request(server, "OPTIONS", "/api/save", **headers)
    assert status == 501
    assert not [name for name in sent if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "path", ["/serve.py", "/../answers.py", "/%2e%2e/answers.py", "/serve.js?x", "/assets/serve.js"]
)
def test_no_other_file_is_served(server, path):
    assert request(server, "GET", path)[0] == 404


@pytest.mark.parametrize("path", ["/api/", "/api/missing", "/api/answer", "/label", "/"])
def test_there_is_no_other_question(server, path):
    assert request(server, "POST", path, b"{}", Content_Type="application/json")[0] == 404


@pytest.mark.parametrize(
    "body, message",
    [
        (b"", "the question is not JSON"),
        (b"{", "the question is not JSON"),
        (b"[]", "the question is no object"),
        (b"[" * 99_999, "the question is not JSON"),
        (b"\xff", "the question is not JSON"),
    ],
)
def test_a_question_that_is_none(server, body, message):
    status, _, content = request(server, "POST", "/api/label", body, Content_Type="application/json")
    assert status == 400
    assert json.loads(content)["error"].startswith(message)


def test_a_question_is_limited_in_size(server):
    body = b'{"text": "' + b"x" * (server.max_body - 11) + b'"}'
    status, _, content = request(server, "POST", "/api/label", body + b" ", Content_Type="application/json")
    assert (status, json.loads(content)["error"]) == (413, "the source is too large; --max-size moves the limit")
    status, _, content = request(server, "POST", "/api/label", body[:-1], Content_Type="application/json")
    assert status == 400


@pytest.mark.parametrize("length", ["-1", "x", "", "1" * 99, "+5", "5, 5"])
def test_a_question_says_how_long_it_is(server, length):
    own = f"127.0.0.1:{server.server_address[1]}"
    head = (
        f"POST /api/label HTTP/1.1\r\nHost: {own}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
    assert raw(server, head).startswith("HTTP/1.1 411 ")
    assert raw(server, head.replace(f"Content-Length: {length}", "Transfer-Encoding: chunked")).startswith(
        "HTTP/1.1 411 "
    )


def test_errors_say_what_is_wrong(server):
    assert ask(server, "label", {"text": "x", "threshold": 2}) == (
        400,
        {"error": "threshold is above 0 and below 1, not 2.0"},
    )


def test_hostile_strings_are_data(server):
    source = "<title>\u202e</title><p>\ud800</script><script>alert(1)</script> &lt;img src=x onerror=alert(1)&gt; ferry sailed.</p>"
    status, answer = ask(server, "label", {"text": source, "kind": "html"})
    assert status == 200
    assert "<img src=x onerror=alert(1)>" in answer["blocks"][0]["text"]


# -- the command -------------------------------------------------------------------------------------


def test_the_command_serves_until_it_is_interrupted(folder):
    command = [sys.executable, "-m", "cleaner", "serve", "--port", "0", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        line = process.stderr.readline()
        assert line.startswith("cleaner serve: http://127.0.0.1:")
        connection = HTTPConnection("127.0.0.1", int(line.split(":")[3].split("/")[0]), timeout=HANGS)
        connection.request("GET", "/")
        response = connection.getresponse()
        assert (response.status, response.read()[:15]) == (200, b"<!doctype html>")
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(HANGS) == 0
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    "arguments, status, message",
    [
        (["missing"], 1, "cleaner serve: missing: no such file or folder"),
        (["--pack", "missing.toml"], 1, "cleaner serve: missing.toml: No such file or directory"),
        (["--port", "70000"], 2, "--port: '70000' is not a whole number from 0 to 65,535"),
        (["--port", "web"], 2, "--port: 'web' is not a whole number from 0 to 65,535"),
        (["--max-size", "x"], 2, "--max-size"),
        (["--max-size", "-1"], 2, "--max-size"),
    ],
)
def test_wrong_commands(arguments, status, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["serve", *arguments]) == status
    assert message in capsys.readouterr().err


def test_a_port_that_is_taken(server, capsys):
    port = server.server_address[1]
    assert main(["serve", "--port", str(port)]) == 1
    assert capsys.readouterr().err == (
        f"cleaner serve: port {port}: Address already in use; --port 0 takes a free one\n"
    )
