"""Endless pages: the stories that are loaded behind the page's own."""

from cleaner.decision.page_view import PageView
from cleaner.text.arrays import Flags


def without_next_stories(view: PageView, body: Flags) -> Flags:
    """The body without the stories that an endless page has loaded behind its own."""
    return body & ~view.next_story
