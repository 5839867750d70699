"""The code of docs/integrations.md: each section in a process of its own, and the recipe as it stands there."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import ROOT, TYPICAL_PAGE

from cleaner import clean

PAGE = TYPICAL_PAGE.read_text("utf-8")
DOC = (ROOT / "docs" / "integrations.md").read_text("utf-8")
INTRODUCTION, *SECTIONS = re.split(r"^## ", DOC, flags=re.MULTILINE)
SECTIONS = {name: section for section in SECTIONS if (name := section.split("\n", 1)[0]) != "Tests"}
EMPTY = "<nav><a href='/'>Home</a></nav>"

NEEDS = {
    "In the place of trafilatura": [],
    "Arrow, pandas, Polars": ["pyarrow", "pandas", "polars"],
    "Hugging Face datasets": ["datasets"],
    "Ray Data": ["ray", "pyarrow", "pandas"],
    "Spark": ["pyspark", "pyarrow", "pandas"],
    "datatrove": ["datatrove"],
    "NeMo Curator": [],
    "Scrapy": ["scrapy"],
    "Site memory": ["pyarrow"],
    "Crawl4AI": ["crawl4ai"],
    "LangChain": ["langchain_core"],
    "LlamaIndex": ["llama_index"],
    "Haystack": ["haystack"],
    "MarkItDown": ["markitdown"],
    "web-poet": ["web_poet", "zyte_common_items"],
    "Beyond one machine": [],
}
SLOW = {"Ray Data", "Spark"}

DOCTEST = """
import doctest, sys
test = doctest.DocTestParser().get_doctest(sys.stdin.read(), {}, "integrations.md", "integrations.md", 0)
assert test.examples
sys.exit(doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS).run(test).failed)
"""


def start(folder, *arguments, **more):
    environment = {
        "PYTHONPATH": str(ROOT),
        "HF_DATASETS_OFFLINE": "1",
        "HF_HOME": str(folder / "hf"),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
        **more,
    )


def test_all_sections_are_run():
    assert list(SECTIONS) == list(NEEDS)


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in NEEDS])
def test_a_section(name, tmp_path):
    for module in NEEDS[name]:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"without {module}")
    done = start(tmp_path, "-c", DOCTEST, input=INTRODUCTION + SECTIONS[name])
    assert done.returncode == 0, done.stdout + done.stderr


# -- the recipe --------------------------------------------------------------------------------------------------------


@pytest.fixture
def recipe(tmp_path):
    """The program in the page, three shards of JSON lines, and the ids that are to come out."""
    for module in ("datatrove", "orjson", "pyarrow", "fastwarc"):
        pytest.importorskip(module)
    (code,) = [
        code for code in re.findall(r"^```python\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL) if "__main__" in code
    ]
    (tmp_path / "shards.py").write_text(code, "utf-8")
    (tmp_path / "pages").mkdir()
    for shard in range(3):
        lines = [{"id": f"{shard}-{n}", "html": PAGE, "url": f"https://a.example/{n}"} for n in range(4)]
        lines.insert(2, {"id": f"{shard}-empty", "html": EMPTY})
        (tmp_path / f"pages/{shard}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return tmp_path


def rows(folder):
    import pyarrow.parquet as pq

    found = pq.read_table(folder / "out/clean").to_pylist()
    return sorted(found, key=lambda row: row["id"])


IDS = [f"{shard}-{n}" for shard in range(3) for n in range(4)]


def check(folder):
    found = rows(folder)
    assert [row["id"] for row in found] == IDS, "no document is lost, and none is there twice"
    assert {row["text"] for row in found} == {clean(PAGE)}
    assert found[0]["url"] == "https://a.example/0"
    assert json.loads(found[0]["removed"])


def test_the_recipe_tells_of_a_task_that_failed_and_resumes(recipe):
    shard = recipe / "pages/1.jsonl"
    lines = shard.read_text("utf-8")
    shard.write_text("[1, 2]\n")
    assert start(recipe, "shards.py", "pages", "out").returncode == 1
    assert not (recipe / "out/logs/completions/00001").exists()
    shard.write_text(lines, "utf-8")
    second = start(recipe, "shards.py", "pages", "out")
    assert second.returncode == 0, second.stderr
    check(recipe)
    before = {path: path.stat().st_mtime_ns for path in (recipe / "out/clean").iterdir()}
    # As it is left by a machine that failed: half a file and no marker. And a file came to the input meanwhile.
    (recipe / "out/logs/completions/00001").unlink()
    (broken,) = (recipe / "out/clean").glob("*00001.parquet")
    broken.write_bytes(broken.read_bytes()[:100])
    (recipe / "pages/0-late.jsonl").write_text(json.dumps({"id": "late", "html": PAGE}) + "\n")
    third = start(recipe, "shards.py", "pages", "out")
    assert third.returncode == 0, third.stderr
    check(recipe)
    changed = [path for path, time in before.items() if path.stat().st_mtime_ns != time]
    assert changed == [broken], "what was done is not done again"
    assert "Skipping 2 already completed tasks" in third.stderr
    merged = start(recipe, Path(sys.executable).parent / "merge_stats", "out/logs/stats", "-o", "out/stats.json")
    assert merged.returncode == 0, merged.stderr
    (counts,) = [
        step["stats"] for step in json.loads((recipe / "out/stats.json").read_text()) if "cleaner" in step["name"]
    ]
    counts = {name: stat["total"] if isinstance(stat, dict) else stat for name, stat in counts.items()}
    assert (counts["total"], counts["forwarded"], counts["dropped_empty"]) == (15, 12, 3)


def test_the_recipe_for_slurm_can_be_made(recipe):
    code = "import shards; print(shards.executor('pages', 'out', 'slurm').tasks)"
    done = start(recipe, "-c", code)
    assert done.stdout.strip() == "3", done.stderr


@pytest.mark.slow
def test_the_recipe_on_ray(recipe):
    pytest.importorskip("ray")
    done = start(recipe, "shards.py", "pages", "out", "ray")
    assert done.returncode == 0, done.stderr
    check(recipe)
