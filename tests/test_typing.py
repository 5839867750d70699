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


@pytest.mark.parametrize("module, function", FUNCTIONS)
def test_wrong_sources_are_type_errors(module, function, tmp_path):
    lines = [*IMPORTS.split("\n"), f"from {module} import {function}"]
    first = len(lines) + len(SOURCES) + 1
    lines += [f"{function}({source})" for source in SOURCES + WRONG]
    (tmp_path / "calls.py").write_text("\n".join(lines) + "\n")
    (tmp_path / "mypy.ini").write_text(CONFIG)
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--cache-dir", os.devnull, "calls.py"]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    run = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    errors = {int(line.split(":")[1]): line for line in run.stdout.splitlines() if ": error:" in line}
    assert sorted(errors) == list(range(first, first + len(WRONG))), run.stdout + run.stderr
    assert all("[arg-type]" in line for line in errors.values()), run.stdout
