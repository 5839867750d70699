"""Posts that an article quotes: they stay or go as a whole."""

from typing import Final

from cleaner.decision.page_view import PageView
from cleaner.segment.page import RawBlock
from cleaner.text.arrays import Flags

#: Blocks between a post and the body above and below it, at most. Between them stand adverts and captions.
REACH: Final = 12


def with_whole_posts(view: PageView, body: Flags) -> Flags:
    """The body with all blocks of the posts that stand in it, and without those of other posts: (n_blocks,) bool.

    A post that the article quotes is a quotation: with its name, its account and its date.
    """
    page = view.page
    if not page.posts:
        return body
    of_posts = [at for blocks in page.posts.values() for at in blocks]
    outside = body.copy()
    outside[of_posts] = False
    decided = outside.copy()
    for blocks in page.posts.values():
        above = outside[max(blocks[0] - REACH, 0) : blocks[0]]
        below = outside[blocks[-1] + 1 : blocks[-1] + 1 + REACH]
        quoted = bool(above.any()) and (bool(below.any()) or bool(body[blocks].any()))
        decided[blocks] = quoted and any(_has_words(page.blocks[at]) for at in blocks)
    return decided


def _has_words(block: RawBlock) -> bool:
    """Whether a block has words of the post: a post may hold nothing but a link to itself."""
    return 2 * block.linked < len(block.plain)
