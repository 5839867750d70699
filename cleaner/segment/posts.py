"""Posts of social networks that a page embeds: which blocks belong to one."""

import re
from collections.abc import Iterator
from typing import Final

from cleaner.segment.page import Elements, Page, RawBlock

#: The name of a post in ``Block.context``.
POST: Final = "post"
#: Classes that networks and their plug-ins give to the element of a post.
_CLASSES: Final = frozenset(
    """.twitter-tweet .twitter-video .instagram-media .tiktok-embed .fb-post .fb-video .bluesky-embed .mastodon-embed
    .reddit-card .reddit-embed-bq .text-post-media .threads-post .telegram-post .embedded-tweet .embed-tweet
    .tweet-embed .tweetembed .embed-twitter .wp-block-embed-twitter .wp-block-embed-instagram""".split()
)
#: The last line of a post: a dash, the name, and the name of the account, on Bluesky and Mastodon with its server.
_AUTHOR: Final = re.compile(r"[—–-]\s.{1,80}\(@\w[\w.-]{0,60}(?:@[\w.-]{1,60})?\)")


def mark_posts(page: Page) -> None:
    """Puts ``POST`` into the context of the blocks of each post, and its element into their containers; notes them
    in ``Page.posts``.
    """
    posts = _post_elements(page)
    if not posts:
        return
    around = [0]
    for element, parent in enumerate(page.elements.parent[1:], 1):  # parents stand before their children
        around.append(around[parent] or (element if element in posts else 0))  # the outermost post counts
    for at, block in enumerate(page.blocks):
        if post := around[block.node]:
            _mark(block, post)
            page.posts.setdefault(post, []).append(at)


def _mark(block: RawBlock, post: int) -> None:
    # Containers are numbered like elements: those outside of the post have lower numbers.
    at = sum(number < post for number in block.containers)
    block.context = (*block.context[:at], POST, *block.context[at:])
    block.containers = (*block.containers[:at], post, *block.containers[at:])


def _post_elements(page: Page) -> set[int]:
    elements = page.elements
    styles = elements.styles_with(_CLASSES)
    found = {element for element, style in enumerate(elements.style) if style in styles} if styles else set()
    return found | set(_signed_quotations(page.blocks, elements))


def _signed_quotations(blocks: list[RawBlock], elements: Elements) -> Iterator[int]:
    """The quotations whose last line names an account: posts without a class."""
    for block in blocks:
        if "(@" in block.plain and _AUTHOR.match(block.plain):
            quotation = elements.nearest(block.node, "blockquote")
            if quotation:
                yield quotation
