"""A source → a page of blocks, and where its prose lies."""

from typing import Literal

from cleaner.segment.page import Page


def segment(source: str, kind: Literal["html", "text"], *, images: bool = False, utf8: bytes | None = None) -> Page:
    """The blocks of a source, in its order; the pictures of a page as well where ``images`` is set.

    ``utf8`` is the source in UTF-8, for a caller who has it: it is not encoded again then.
    """
    if kind == "html":
        from cleaner.segment import html, posts  # the parser, which text does not need

        page = html.segment(source if utf8 is None else utf8, images=images)
        posts.mark_posts(page)
        return page
    from cleaner.segment import text

    return text.segment(source)
