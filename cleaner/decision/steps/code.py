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
    page, scores, whole = view.page, view.scores, body.copy()
    code = [at for at, block in enumerate(page.blocks) if is_code(block)]
    body_behind = body.copy()  # whether the next block that is no code is body
    for at in reversed(code):
        body_behind[at] = at + 1 < len(body) and body_behind[at + 1]
    for at in code:
        short = page.blocks[at].text.count("\n") < CODE_LINES
        whole[at] |= short and at > 0 and whole[at - 1] and body_behind[at] and scores[at] >= CODE_BAR
    return whole
