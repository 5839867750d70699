"""What the command writes to: how wide a line may be, and whether it has colours."""

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from cleaner.export.lines import LINE, Line

#: When lines have colours: where standard output is a terminal that shows them, always, or never.
Color = Literal["auto", "always", "never"]

#: Columns of the narrowest line: a shorter one could not be understood, so a narrower terminal wraps it.
_NARROWEST: Final = 60
#: Digits of a width at most: Python refuses to read thousands of them.
_DIGITS: Final = 9
_DIM: Final = "\x1b[2m"
_KEPT: Final = "\x1b[1;32m"  # bold and green
_RESET: Final = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Screen:
    """The width of a line in columns, and whether lines have colours."""

    width: int = LINE
    color: bool = False

    def paint(self, lines: Iterable[Line]) -> str:
        """The lines in one string: what is kept stands out, and what is dropped is dim."""
        return "\n".join(self._painted(line) for line in lines)

    def _painted(self, line: Line) -> str:
        if not self.color:
            return line.text
        if line.kept:
            return f"{_KEPT}{line.text[:4]}{_RESET}{line.text[4:]}"
        return f"{_DIM}{line.text}{_RESET}"


def screen(color: Color, *, to_file: bool = False) -> Screen:
    """The screen of standard output; with ``to_file``, that of a file.

    The width is that of the variable ``COLUMNS``, or else the terminal's. Colours obey ``NO_COLOR``
    (https://no-color.org).
    """
    is_terminal = not to_file and sys.stdout is not None and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else _columns_of_environment() or LINE
    return Screen(max(width, _NARROWEST), color == "always" or (color == "auto" and is_terminal and _shows_colors()))


def _columns_of_environment() -> int:
    """The columns that ``COLUMNS`` names; 0 where it names none."""
    named = os.environ.get("COLUMNS", "")
    return int(named) if named.isascii() and named.isdecimal() and len(named) <= _DIGITS else 0


def _shows_colors() -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.platform != "win32" or "WT_SESSION" in os.environ  # older consoles print the codes
