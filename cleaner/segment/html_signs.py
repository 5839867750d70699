"""Signs that a browser shows and no text has are put into the tree of a page before the walk, and numbers of lines of
code are taken out.

A browser puts quotation marks around ``<q>``, and sets the reading of a character above it. As text, words that
somebody said would look like the author's own, and readings like words of the sentence.
"""

from itertools import islice
from typing import Final

from selectolax.lexbor import LexborNode

from cleaner.segment.hostile import Tags

#: The marks of a quotation, and of one inside of another.
QUOTES: Final = ('"', "'")
#: Marks that authors write themselves.
_WRITTEN: Final = tuple("\"'“”„‟‘’‚«»‹›「『")
#: Numbers in front of lines of code, as Pygments (Sphinx) and Chroma (Hugo) write them.
_LINE_NUMBERS: Final = ".linenos, .lineno, .ln"
#: Nodes that are searched for the text with which an element begins.
_MAX_NODES: Final = 8
#: Elements around a quotation that are searched for another one.
_REACH: Final = 4


def add_signs(root: LexborNode, tags: Tags) -> None:
    """Add the signs to the tree of a source; ``tags`` are its tags, which show what it has."""
    if len(tags.named(b"q")):
        for quotation in root.css("q:not(q q q)"):  # deeper ones are no quotations, and take long
            _add_quotes(quotation)
    if len(tags.named(b"rt")):
        for ruby in root.css("ruby:not(ruby ruby)"):
            _add_brackets(ruby)
    if len(tags.named(b"pre")):
        for code in root.css("pre:not(pre pre)"):
            _drop_line_numbers(code)


def first_text(node: LexborNode) -> str:
    """The text with which a node begins; "" where it begins with many elements."""
    inner = islice(node.traverse(include_text=True), _MAX_NODES)
    return next((text for part in inner if part.is_text_node and (text := part.text_content)), "")


def _add_quotes(quotation: LexborNode) -> None:
    """Put marks around the content of a quotation, unless it has marks."""
    first, last, before = quotation.first_child, quotation.last_child, quotation.prev
    if first is None or last is None or first_text(quotation).lstrip().startswith(_WRITTEN):
        return
    if before is not None and (before.text_content or "").endswith(_WRITTEN):
        return
    mark = QUOTES[_is_inside(quotation)]
    first.insert_before(mark)
    last.insert_after(mark)


def _add_brackets(ruby: LexborNode) -> None:
    """Put brackets around readings, unless the page has them for browsers that do not know readings."""
    if ruby.css_first("rp") is None:
        for reading in ruby.css("rt"):
            reading.insert_before("(")
            reading.insert_after(")")


def _drop_line_numbers(code: LexborNode) -> None:
    """Take the numbers out of lines of code. Those that are all of a column beside the code stay what they are."""
    numbers = [element for element in code.css(_LINE_NUMBERS) if element.text().strip().isdecimal()]
    if numbers and len("".join(code.text().split())) > sum(len(number.text().strip()) for number in numbers):
        for number in reversed(numbers):  # what is in an element that is taken out does not exist any more
            number.decompose()


def _is_inside(quotation: LexborNode) -> bool:
    """Whether a quotation stands in another one."""
    around = quotation.parent
    for _ in range(_REACH):
        if around is None or around.tag == "q":
            break
        around = around.parent
    return around is not None and around.tag == "q"
