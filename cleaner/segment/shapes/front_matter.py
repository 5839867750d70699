"""The front matter of a text in Markdown: fields in YAML between two lines of dashes, or in TOML between plus signs.

Programs that make pages read it, and extractors write metadata as such. It stands at the top, and all of it is one
thing: no field is text of the article.
"""

import re
from collections.abc import Sequence
from typing import Final

from cleaner.segment.lines import Line
from cleaner.segment.page import Part

#: The first line, and those that may end the front matter.
_ENDS: Final = {"---": ("---", "..."), "+++": ("+++",)}
#: A field. Lines that go on with its value are indented, or items of a list.
_FIELDS: Final = {
    "---": re.compile(r"""["']?(\w[\w .-]{0,39})["']?\s*:(?:\s|$)"""),
    "+++": re.compile(r"""["']?(\w[\w.-]{0,39})["']?\s*=|\[+[\w."'-]+\]+$"""),
}
_GOES_ON: Final = re.compile(r"-(?:\s|$)|[#\]})\"']")
#: Lines at most, and fields at least. A title alone is enough.
MAX_LINES: Final = 200
MIN_FIELDS: Final = 2


def find(lines: Sequence[Line], texts: Sequence[int]) -> list[Line] | None:
    """The lines of a text with its front matter as parts; None for a text that has none."""
    first = texts[0] if texts else 0
    mark = lines[first].text if texts else ""
    if mark not in _ENDS:
        return None
    last = next((at for at in range(first + 1, min(len(lines), first + MAX_LINES)) if lines[at].text in _ENDS[mark]), 0)
    inside = [line for line in lines[first + 1 : last] if line.text]
    fields = [found for line in inside if not line.indented and (found := _FIELDS[mark].match(line.text))]
    known = sum(line.indented or _GOES_ON.match(line.text) is not None for line in inside)
    if not fields or len(fields) + known < len(inside):
        return None
    if len(fields) < MIN_FIELDS and fields[0][1] != "title":
        return None
    return [
        line._replace(part=Part.FRONT_MATTER) if first <= at <= last and line.text else line
        for at, line in enumerate(lines)
    ]
