"""Texts of other shapes: Markdown with front matter, mails, text from PDFs, transcripts, several articles.

Each of them has parts that no article has: a header, running heads, times. They are known by their form alone, in any
language, and only where the text as a whole has the shape: a line that begins with ``>`` is a quotation in an article,
and the earlier mail at the end of a mail. A text without such a shape has no parts, and its blocks are what they are
without this stage.
"""

from collections.abc import Sequence
from typing import Final

from cleaner.segment.lines import Line
from cleaner.segment.shapes import articles, front_matter, mail, paged, transcript

#: The shapes, in the order in which they are looked for. Each function takes the lines and the numbers of those that
#: have text; it returns the lines with their parts, or None for a text of another shape.
_SHAPES: Final = {
    "front_matter": front_matter.find,
    "mail": mail.find,
    "transcript": transcript.find,
    "timeline": transcript.find_timeline,
    "paged": paged.find,
    "articles": articles.find,
    "correspondence": mail.find_quoted,
}


def with_parts(lines: Sequence[Line]) -> tuple[str, list[Line]]:
    """The shape of a text (``front_matter``, ``mail``, ``transcript``, ``timeline``, ``paged``, ``articles``,
    ``correspondence``, "" for any other), and its lines with their parts.

    The lines are those given, except for the subject of a mail: its name and its words are two lines.
    """
    texts = [at for at, line in enumerate(lines) if line.text]
    for shape, find in _SHAPES.items():
        found = find(lines, texts)
        if found is not None:
            return shape, found
    return "", list(lines)
