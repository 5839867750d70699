"""What holds for all adapters: who does not use them pays nothing, and who lacks a package is told which extra has it."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cleaner import Cleaner, label
from cleaner.integrations.common import attempt, encodable, reasons

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "fixtures" / "text" / "typical.txt").read_text("utf-8")
FRAMEWORKS = ["scrapy", "datatrove", "pyarrow", "langchain_core", "ray", "polars", "pandas", "datasets", "web_poet"]


def run(code):
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )


def test_the_library_imports_no_framework():
    code = f"import sys, cleaner; cleaner.clean('x'); print([m for m in sys.modules if m in {FRAMEWORKS!r} or 'pipelines' in m])"
    assert run(code).stdout.strip() == "[]"


@pytest.mark.parametrize(
    "module, package",
    [("arrow", "pyarrow"), ("datatrove", "datatrove"), ("langchain", "langchain_core"), ("scrapy", "scrapy")],
)
def test_a_missing_package_is_told_with_its_extra(module, package):
    done = run(f"import sys; sys.modules[{package!r}] = None; import cleaner.integrations.{module}")
    assert done.stderr.splitlines()[-1].startswith("ImportError: ")
    assert done.stderr.strip().endswith(f"pip install 'article-cleaner[{module}]'")


def test_no_source_raises():
    assert attempt(Cleaner(), TEXT).document == label(TEXT)
    assert attempt(Cleaner(), TEXT, only_text=True).text == label(TEXT).text
    for source, kind in ((None, "NoSource"), (5, "TypeError"), ("x" * 11, "InputTooLarge")):
        outcome = attempt(Cleaner(max_size=10), source)
        assert (outcome.text, outcome.document, outcome.kind) == ("", None, kind)
        assert outcome.error


def test_reasons_are_names_of_rules_under_the_labels_of_the_blocks():
    doc = label(TEXT)
    found = reasons(doc)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    by_label = Counter()
    for name, count in found.items():
        by_label[name.split(".")[0]] += count
    assert by_label == Counter(block.label.value for block in doc.removed)
    assert any(not name.endswith(".model") for name in found)


def test_text_that_can_be_written():
    assert encodable("Fähre \ud83d 🛥") == "Fähre ? 🛥"
