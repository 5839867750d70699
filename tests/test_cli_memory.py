"""``cleaner memory`` and ``cleaner batch --memory``: two passes over the same records."""

import json
import os
import signal
import subprocess
import sys

import pytest
from helpers import ROOT, run_python
from test_batch import InlinePool
from test_memory import SLOGAN, address, article, story

from cleaner.cli.main import main
from cleaner.memory import SiteMemory


@pytest.fixture
def records(tmp_path):
    """Lines of JSON: 30 articles of a site, one without an address, one that is no text."""
    rows = [{"id": number, "url": address(number), "text": article(number, SLOGAN)} for number in range(30)]
    rows += [{"id": "nowhere", "text": article(40, SLOGAN)}, {"id": "list", "url": address(41), "text": []}]
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def inline(monkeypatch):
    """Both passes in this process: for tests that are not about workers."""
    monkeypatch.setattr("cleaner.batch.gather.Pool", InlinePool)
    monkeypatch.setattr("cleaner.batch.run.Pool", InlinePool)


def read(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_two_passes(records, tmp_path, capsys):
    memory, texts = tmp_path / "a.memory", tmp_path / "texts.jsonl"
    assert main(["memory", "build", str(records), "-o", str(memory), "--workers", "1"]) == 1
    said = capsys.readouterr().err
    assert "records.jsonl, record 32: the field text holds a list, not text" in said
    assert "32 records: 30 added, 1 without an address, 1 failed; 1 sites" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.memory", "a.memory.checkpoint", "records.jsonl"]
    assert main(["batch", str(records), "-o", str(texts), "--memory", str(memory), "--workers", "1"]) == 1
    said = capsys.readouterr().err
    assert "the site memory was not used for 1 records: their address is unknown; --url-field or --url gives it" in said
    by_id = {row["id"]: row["text"] for row in read(texts)}
    assert by_id[3] == "\n\n".join(story(3))
    assert by_id["nowhere"].endswith(SLOGAN)  # nothing says of which site it is


def test_both_passes_in_one_command(records, tmp_path):
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    memory = tmp_path / "b.memory"
    main(["memory", "build", str(records), "-o", str(memory), "--workers", "1", "-q"])
    main(["batch", str(records), "-o", str(two), "--memory", str(memory), "--workers", "1", "-q"])
    assert main(["batch", str(records), "-o", str(one), "--memory", "auto", "--workers", "2", "-q"]) == 1
    assert one.read_bytes() == two.read_bytes()
    assert (tmp_path / "one.jsonl.memory").read_bytes() == memory.read_bytes()


@pytest.mark.usefixtures("inline")
def test_auto_in_the_folder_that_is_read(records, tmp_path, capsys):
    folder = tmp_path / "crawl"
    folder.mkdir()
    records.rename(folder / "records.jsonl")
    command = ["batch", str(folder), "-o", str(folder / "texts.jsonl"), "--memory", "auto", "--workers", "1"]
    assert main(command) == 1
    made = (folder / "texts.jsonl.memory").stat().st_mtime_ns
    assert main(command) == 1
    assert "nothing to do" in capsys.readouterr().err
    assert (folder / "texts.jsonl.memory").stat().st_mtime_ns == made


@pytest.mark.usefixtures("inline")
def test_a_memory_that_was_damaged_is_made_again_where_that_is_asked_for(records, tmp_path, capsys):
    command = ["batch", str(records), "-o", str(tmp_path / "texts.jsonl"), "--memory", "auto", "--workers", "1"]
    assert main(command) == 1
    (tmp_path / "texts.jsonl.memory").write_bytes(b"damaged")
    assert main(command) == 2
    assert "texts.jsonl.memory is no site memory; --restart makes it again" in capsys.readouterr().err
    assert main([*command, "--restart"]) == 1


def test_auto_needs_files(records, capsys):
    assert main(["batch", str(records), "-o", "-", "--memory", "auto"]) == 2
    assert main(["batch", "-", "-o", "x.jsonl", "--memory", "auto"]) == 2
    assert "reads the inputs twice" in capsys.readouterr().err


@pytest.mark.usefixtures("inline")
def test_the_old_meaning_of_memory_is_said(records, tmp_path, capsys):
    command = ["batch", str(records), "-o", str(tmp_path / "x.jsonl"), "--workers", "1", "--memory", "1024"]
    assert main(command) == 1
    assert "--memory 1024 is now --memory-limit 1024" in capsys.readouterr().err


@pytest.mark.usefixtures("inline")
def test_a_batch_with_another_memory_is_another_run(records, tmp_path):
    memory, texts = tmp_path / "a.memory", tmp_path / "texts.jsonl"
    main(["memory", "build", str(records), "-o", str(memory), "--workers", "1", "-q"])
    command = ["batch", str(records), "-o", str(texts), "--workers", "1", "-q"]
    assert main(command) == 1
    assert SLOGAN in read(texts)[3]["text"]
    assert main([*command, "--memory", str(memory)]) == 1
    assert SLOGAN not in read(texts)[3]["text"]


@pytest.mark.usefixtures("inline")
def test_one_file_with_a_memory(records, tmp_path, capsys):
    memory, page = tmp_path / "a.memory", tmp_path / "page.txt"
    main(["memory", "build", str(records), "-o", str(memory), "--workers", "1", "-q"])
    page.write_text(article(77, SLOGAN), "utf-8")
    assert main([str(page), "--memory", str(memory), "--url", address(77), "--explain"]) == 0
    said = capsys.readouterr().out
    assert "other.recurring +" in said
    assert "“in 30 of 30 doc" in said
    assert main([str(page), "--memory", str(memory)]) == 0
    assert f"{memory} is not used: the address is unknown; --url gives it" in capsys.readouterr().err


def test_the_same_from_parts_workers_and_forms(records, tmp_path):
    """Lines, a table and a directory of the same records give the same memory, in any parts and by any workers."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = read(records)[:30]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "records.parquet")
    for part in range(3):
        lines = "".join(json.dumps(row) + "\n" for row in rows[part::3])
        (tmp_path / f"part{part}.jsonl").write_text(lines, "utf-8")
    parts = [str(tmp_path / f"part{part}.jsonl") for part in range(3)]

    def build(name, *inputs, workers="1"):
        assert main(["memory", "build", *inputs, "-o", str(tmp_path / name), "--workers", workers, "-q"]) in (0, 1)
        return (tmp_path / name).read_bytes()

    whole = build("whole", str(records))
    assert build("two", str(records), workers="2") == whole
    assert build("table", str(tmp_path / "records.parquet")) == whole
    assert build("lines", *reversed(parts)) == whole
    for number, part in enumerate(parts):
        build(f"p{number}", part)
    pieces = [str(tmp_path / f"p{number}") for number in (2, 0, 1)]
    assert main(["memory", "merge", *pieces, "-o", str(tmp_path / "merged")]) == 0
    assert (tmp_path / "merged").read_bytes() == whole


@pytest.mark.usefixtures("inline")
def test_pages_of_a_directory_have_the_address_of_the_option(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(4):
        paragraphs = "".join(f"<p>{line}</p>" for line in story(number))
        (folder / f"{number}.html").write_text(f"<title>x</title><article>{paragraphs}</article>", "utf-8")
    output = tmp_path / "a.memory"
    assert main(["memory", "build", str(folder), "-o", str(output), "--url", "https://courier.example/", "-q"]) == 0
    assert SiteMemory.load(output).status("courier.example").known == 4


@pytest.mark.usefixtures("inline")
def test_show_and_forget(records, tmp_path, capsys):
    memory = str(tmp_path / "a.memory")
    main(["memory", "build", str(records), "-o", memory, "--texts", "--workers", "1", "-q"])
    assert main(["memory", "show", memory]) == 0
    assert capsys.readouterr().out.splitlines()[1].split("\t")[-1] == "courier.example"
    assert main(["memory", "show", memory, "--site", "courier.example"]) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head.startswith("courier.example: 30 documents known of about 30, 30 without copies; 181 lines, 1 in two")
    assert line.split("\t")[1:] == ["30", "tail 30", SLOGAN]
    assert main(["memory", "show", memory, "--hash", SLOGAN.upper()]) == 0
    assert capsys.readouterr().out.strip() == line.split("\t")[0]
    assert main(["memory", "forget", memory, "--site", "other.example"]) == 2
    assert "knows no site other.example" in capsys.readouterr().err
    assert main(["memory", "forget", memory, "--site", "courier.example"]) == 0
    assert SiteMemory.load(memory).sites == []


SHOW = """
import sys
from cleaner.cli.main import main
sys.exit(main(["memory", "show", sys.argv[1], "--site", "courier.example"]))
"""


def test_output_is_utf_8_whatever_the_locale(tmp_path):
    memory = SiteMemory(keep_texts=True)
    for number in range(2):
        memory.add(article(number, "Der Skarn-Kurier gehört seinen Lesern, täglich."), url=address(number))
    memory.save(tmp_path / "a.memory")
    shown = run_python(SHOW, str(tmp_path / "a.memory"), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "gehört" in shown.stdout


def test_errors_of_the_command(records, tmp_path, capsys):
    assert main(["memory", "show", str(records)]) == 2
    assert "is no site memory" in capsys.readouterr().err
    assert main(["memory", "build", str(tmp_path / "none.jsonl"), "-o", str(tmp_path / "x")]) == 2
    assert main(["memory", "build", str(records), "-o", str(records)]) == 2
    assert main(["memory", "build", str(records), "-o", str(tmp_path / "none" / "x")]) == 2
    assert main(["memory", "build", str(records), "-o", str(tmp_path / "x"), "--lines-per-site", "5"]) == 2
    assert "lines_per_site is between 256 and 65,535, not 5" in capsys.readouterr().err
    assert main(["memory", "show", str(records), "-n", "-5"]) == 2
    assert "'-5' is not a whole number" in capsys.readouterr().err
    assert main(["memory", "merge", str(records), "-o", str(tmp_path / "x")]) == 2
    assert main(["batch", str(records), "-o", str(tmp_path / "x.jsonl"), "--memory", str(tmp_path / "none")]) == 2


@pytest.mark.parametrize(
    "args",
    [
        ["build", "{records}", "-o", "x", "--max-size", "-1"],
        ["build", "{records}", "-o", "x", "--lines-per-site", "0"],
        ["build", "{records}", "-o", "x", "--lines-per-site", "100"],
        ["build", "{records}", "-o", "x", "--lines-per-site", "many"],
        ["show", "{memory}", "--site", "courier.example", "-n", "-1"],
        ["merge", "{memory}", "-o", "."],
        ["merge", "{memory}", "-o", "none/x"],
    ],
)
def test_a_wrong_command_line_is_told_in_one_line(args, records, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    SiteMemory().save("a.memory")
    assert main(["memory", *(arg.format(records=records, memory="a.memory") for arg in args)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("cleaner memory")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.memory", "records.jsonl"]


# -- interruptions -----------------------------------------------------------------------------------------------------

BUILD = """
import sys, time
from pathlib import Path
from cleaner.batch import gather
from cleaner.batch.cleaning import Cleaning
from cleaner.batch.reading import open_inputs
from cleaner.batch.worker import Limits
job = gather.MemoryJob(open_inputs([sys.argv[1]]), Path(sys.argv[2]), gather.Gathering(), Limits(), {}, 1, 16)
def report(done, counts, size):
    print(done, flush=True)
    if done >= int(sys.argv[3]):
        time.sleep(600)
print(gather.gather(job, report))
"""


def test_killed_it_goes_on_and_loses_nothing(records, tmp_path):
    output = tmp_path / "a.memory"
    whole = tmp_path / "whole.memory"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", BUILD, str(records), str(output), "20"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        for line in process.stdout:
            if line.strip().isdecimal() and int(line) >= 20:
                break
        process.send_signal(signal.SIGKILL)
    kept = sorted(path.name for path in (tmp_path / "a.memory.parts").iterdir())
    assert kept == ["000001.memory"]
    known = SiteMemory.load(tmp_path / "a.memory.parts" / "000001.memory").status("courier.example").known
    assert known == 16
    done = run_python(BUILD, str(records), str(output), "1000")
    assert done.stdout.splitlines()[0] == "16"  # it goes on from the checkpoint
    run_python(BUILD, str(records), str(whole), "1000")
    assert output.read_bytes() == whole.read_bytes()
    assert not (tmp_path / "a.memory.parts").exists()
    again = run_python(BUILD, str(records), str(output), "0")
    assert "already_done=True" in again.stdout
