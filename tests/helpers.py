"""What several files of tests need: places in the repository, Python in a process of its own, and counted calls."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cleaner import Cleaner

ROOT: Final = Path(__file__).parents[1]
#: A page and a text of the fixtures as they were fetched.
TYPICAL_PAGE: Final = ROOT / "fixtures" / "html" / "page-typical.html"
TYPICAL_TEXT: Final = ROOT / "fixtures" / "text" / "typical.txt"
#: Seconds after which a process is taken to hang. No test waits for them: it is a hundred times what processes take.
HANGS: Final = 300


def run_python(code: str, *args: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, which imports the library of this checkout and the modules of the tests.

    ``environment`` has variables beside those of this process. Raises ``subprocess.TimeoutExpired`` where the process
    hangs, and with ``check`` ``subprocess.CalledProcessError`` where it fails.
    """
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests"), *filter(None, sys.path)])
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        env=os.environ | {"PYTHONPATH": path} | environment,
        capture_output=True,
        text=True,
        check=check,
        timeout=HANGS,
    )


def count_calls(function: Callable[[], object]) -> int:
    """The number of calls of Python and C functions that a function makes: the same on a busy machine and on a fast one.

    Run it once before, so that what is loaded on first use does not count.
    """
    calls = 0

    def profile(frame: object, event: str, arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(before)
    return calls


def without_rules() -> Cleaner:
    """A cleaner. From now on this process knows no rule of the library.

    A checkout takes most of a second to read them, in each process: this is for tests of what goes on around them.
    """
    from cleaner import pipeline
    from cleaner.rules.index import RuleIndex

    pipeline.rule_index = lambda *_: RuleIndex([])
    return Cleaner()


class QuickCleaner(Cleaner):
    """A cleaner that other processes get without rules."""

    def __reduce__(self):
        return without_rules, ()
