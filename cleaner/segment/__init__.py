"""A source → a page of blocks, and where its prose lies."""

from typing import Literal

from cleaner.segment.page import Page


def segment(source: str, kind: Literal["html", "text"]) -> Page:
    """The blocks of a source, in its order."""
    if kind == "html":
        from cleaner.segment import html  # lxml, which text does not need

        return html.segment(source)
    from cleaner.segment import text

    return text.segment(source)
