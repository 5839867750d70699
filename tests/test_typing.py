"""What a type checker says of calls: each wrong source is an error, each documented one is none."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
from helpers import ROOT

pytestmark = pytest.mark.skipif(find_spec("mypy") is None, reason="mypy is not installed")

#: Where a source is passed: module and function.
FUNCTIONS = [("cleaner.reading.source", "read"), ("cleaner", "clean"), ("cleaner", "label")]
SOURCES = (
    '"text"',
    'b"bytes"',
    'bytearray(b"bytes")',
    'memoryview(b"bytes")',
    'BeautifulSoup("<p>x</p>", "html.parser")',
    'BeautifulSoup("<p>x</p>", "html.parser").find_all("p")[0]',
    'html.fromstring("<p>x</p>")',
    'etree.ElementTree(html.fromstring("<p>x</p>"))',
)
WRONG = ("5", "None", '["text"]', '{"html": "text"}', "io.BytesIO()", "pathlib.Path()", "ElementTree.ElementTree()")
IMPORTS = (
    "import io, pathlib\nfrom xml.etree import ElementTree\nfrom bs4 import BeautifulSoup\nfrom lxml import etree, html"
)
#: The pipeline is checked by the project's own run, and takes most of the time.
CONFIG = """
[mypy]
strict = True
follow_imports = silent
ignore_missing_imports = True
[mypy-cleaner.pipeline,numpy.*]
follow_imports = skip
"""


def test_wrong_sources_are_type_errors(tmp_path):
    calls = [(function, source) for _, function in FUNCTIONS for source in SOURCES + WRONG]
    lines = [*IMPORTS.split("\n"), *(f"from {module} import {function}" for module, function in FUNCTIONS)]
    expected = [len(lines) + number for number, (_, source) in enumerate(calls, 1) if source in WRONG]
    lines += [f"{function}({source})" for function, source in calls]
    (tmp_path / "calls.py").write_text("\n".join(lines) + "\n")
    (tmp_path / "mypy.ini").write_text(CONFIG)
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--cache-dir", os.devnull, "calls.py"]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    run = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    errors = {int(line.split(":")[1]): line for line in run.stdout.splitlines() if ": error:" in line}
    assert sorted(errors) == expected, run.stdout + run.stderr
    assert all("[arg-type]" in line for line in errors.values()), run.stdout
