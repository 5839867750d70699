"""Code: a command between two paragraphs that stay."""

from typing import Final

from cleaner.decision.page_view import PageView
from cleaner.text.arrays import Flags
from cleaner.text.structure import is_code

#: Code of so many lines at most between two blocks that stay stays from this score on.
CODE_BAR: Final = 0.1
CODE_LINES: Final = 2


def with_short_code(view: PageView, body: Flags) -> Flags:
    """The body with short code between blocks that are body: a command is one word, and its classes vary.

    Longer code is left to the scores. The gold texts of the web at large often leave it out.
    """
    blocks = view.page.blocks
    code = [at for at in view.outside(body, CODE_BAR) if at > 0 and is_code(blocks[at])]
    if not code:
        return body
    whole = body.copy()
    for at in code:
        behind = next((other for other in range(at + 1, len(blocks)) if not is_code(blocks[other])), None)
        is_between = whole[at - 1] and behind is not None and body[behind]
        whole[at] = is_between and blocks[at].text.count("\n") < CODE_LINES
    return whole
