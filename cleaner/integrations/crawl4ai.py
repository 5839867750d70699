"""A content filter for Crawl4AI: ``fit_markdown`` is that of the article.

::

    generator = DefaultMarkdownGenerator(content_filter=ArticleFilter(), content_source="raw_html")
    config = CrawlerRunConfig(markdown_generator=generator)

``content_source="raw_html"`` hands over the page as it is. What Crawl4AI cleans beforehand has lost the classes, which
tell most of what is residue.
"""

from typing import Any

from cleaner.api import Cleaner
from cleaner.errors import install_hint
from cleaner.export.record import RecordOptions
from cleaner.integrations.common import clean_record, resolve_cleaner

try:
    from crawl4ai.content_filter_strategy import RelevantContentFilter
except ImportError as error:
    raise ImportError(install_hint("crawl4ai", "crawl4ai")) from error


class ArticleFilter(RelevantContentFilter):
    """Keeps the article of a page. Options are those of :class:`cleaner.Cleaner`; or a ``cleaner`` is passed."""

    def __init__(self, *, cleaner: Cleaner | None = None, **options: Any) -> None:
        super().__init__()
        self.cleaner = resolve_cleaner(cleaner, options)

    def filter_content(self, html: str, min_word_threshold: int | None = None) -> list[str]:  # noqa: ARG002 Crawl4AI's
        """The article as a list of one HTML fragment; [] where there is none, or where the page cannot be cleaned."""
        text = clean_record(self.cleaner, html, options=RecordOptions("html")).text
        return [text] if text else []
