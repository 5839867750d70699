"""Questions above their answers: buttons and summaries that show and hide the text below them are headings."""

import sys
from collections import Counter
from collections.abc import Collection, Container, Sequence
from itertools import islice, pairwise
from typing import Final

from cleaner.segment.page import Elements, RawBlock
from cleaner.text.structure import LEVELS
from cleaner.text.words import QUESTION_MARKS

#: The tag of a question that stands in no heading.
HEADING: Final = "h3"
#: Characters of a question at most. Longer ones are text.
MAX_QUESTION: Final = 200
#: Characters of an answer at least, outside of links. What a menu or a tool bar opens is shorter or links.
MIN_ANSWER: Final = 40
#: The same for a question in a button that looks like one with a longer answer.
MIN_SHORT_ANSWER: Final = 2
#: Buttons of one style that show and hide text at least.
MIN_DISCLOSURES: Final = 2
#: Elements above a block in which its button or summary is looked for, and above that, its heading.
REACH: Final = 3

_CONTROLS: Final = frozenset({"button", "summary"})
_ROLES: Final = frozenset({"@button", "@tab"})
#: A semicolon is the question mark of Greek.
_QUESTION_MARKS: Final = (*QUESTION_MARKS, ";")


def as_headings(blocks: Sequence[RawBlock], elements: Elements, disclosures: Container[int]) -> None:
    """Make headings of the blocks that are questions: their tags and those of their elements.

    ``disclosures`` are the buttons that are said to show and hide a part of the page. They are headings where there are
    several of one style, each with text below it: a lone one may share the text or open a menu. Other buttons must ask
    a question.
    """
    control_styles = {style for style, tag in enumerate(elements.tags) if tag in _CONTROLS}
    control_styles |= elements.styles_with(_ROLES)
    questions = _questions(blocks, elements, control_styles, MIN_ANSWER) if control_styles else []
    if not questions:
        return
    known = {elements.style[control] for _, control in questions}
    questions += [
        (block, control)
        for block, control in _questions(blocks, elements, control_styles, MIN_SHORT_ANSWER, MIN_ANSWER - 1)
        if block.text.endswith(_QUESTION_MARKS) and elements.style[control] in known
    ]
    repeated = Counter(elements.style[control] for _, control in questions if control in disclosures)
    styles = {style for style, count in repeated.items() if count >= MIN_DISCLOSURES}
    for block, control in questions:
        is_disclosure = control in disclosures and elements.style[control] in styles
        if is_disclosure or elements.tag(control) == "summary" or block.text.endswith(_QUESTION_MARKS):
            block.tag = _heading(elements, control)
            tokens = [f" {token}" for token in elements.tokens(control) if token not in _ROLES]
            elements.style[control] = elements.number_of(block.tag, "".join(tokens))


def _questions(
    blocks: Sequence[RawBlock],
    elements: Elements,
    control_styles: Collection[int],
    shortest: int,
    longest: int = sys.maxsize,
) -> list[tuple[RawBlock, int]]:
    """The blocks in a control (a button or summary) right above an answer of so many characters, each with the element
    of the control.
    """
    questions: list[tuple[RawBlock, int]] = []
    for block, answer in pairwise(blocks):
        # Few blocks stand above text, so the elements are looked at last.
        if not shortest <= len(answer.text) - answer.linked <= longest or len(block.text) > MAX_QUESTION:
            continue
        control = _control(block, elements, control_styles)
        if control is not None and _is_answer(answer, elements, control):
            questions.append((block, control))
    return questions


def _control(block: RawBlock, elements: Elements, control_styles: Collection[int]) -> int | None:
    """The control in which the block stands."""
    around = islice(elements.outwards(block.node), REACH)
    return next((element for element in around if elements.style[element] in control_styles), None)


def _is_answer(block: RawBlock, elements: Elements, control: int) -> bool:
    """Whether the block is text outside of the control and no control itself."""
    is_text = 2 * block.linked <= len(block.text) and block.tag not in _CONTROLS
    return is_text and not elements.holds(control, block.node)


def _heading(elements: Elements, control: int) -> str:
    """The tag of the heading around the control, or else a heading's tag."""
    around = islice(elements.outwards(elements.parent[control]), REACH)
    return next((tag for element in around if (tag := elements.tag(element)) in LEVELS), HEADING)
