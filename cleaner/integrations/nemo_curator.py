"""An extraction algorithm for NeMo Curator.

::

    CommonCrawlDownloadExtractStage(..., html_extraction=ArticleExtractor())

NeMo Curator takes paragraphs and joins them with blank lines, so the text is that of :func:`cleaner.clean`.
"""

from typing import Any

from cleaner.api import Cleaner
from cleaner.errors import install_hint
from cleaner.integrations.common import clean_record, resolve_cleaner

try:
    from nemo_curator.stages.text.download.html_extractors.base import HTMLExtractorAlgorithm
except ImportError as error:
    raise ImportError(install_hint("nemo-curator", "nemo-curator")) from error


class ArticleExtractor(HTMLExtractorAlgorithm):
    """The paragraphs of the article. Options are those of :class:`cleaner.Cleaner`; or a ``cleaner`` is passed.

    It can be pickled, as Ray needs it.
    """

    def __init__(self, *, cleaner: Cleaner | None = None, **options: Any) -> None:
        self.cleaner = resolve_cleaner(cleaner, options)

    def extract_text(self, html: str, stop_words: frozenset[str], language: str) -> list[str] | None:  # noqa: ARG002 theirs
        """The paragraphs; None where nothing is kept, or where the page cannot be cleaned.

        Neither the stop words nor the language are used: the library finds the language of the article itself, and
        counts words by characters in scripts without spaces between words.
        """
        text = clean_record(self.cleaner, html, only_text=True).text
        return text.split("\n\n") if text else None
