"""A plugin for MarkItDown: web pages become the Markdown of their article, and not of the whole page.

It is found by its entry point where the library is installed, and used where plugins are enabled::

    MarkItDown(enable_plugins=True).convert("page.html")
    markitdown --use-plugins page.html

Other formats, and the pages for which MarkItDown has a converter of its own (Wikipedia, YouTube), are left to it.
"""

from typing import Any, BinaryIO, Final

from cleaner.api import Cleaner
from cleaner.errors import install_hint

try:
    from markitdown import DocumentConverter, DocumentConverterResult, MarkItDown, StreamInfo
except ImportError as error:
    raise ImportError(install_hint("markitdown", "markitdown")) from error

#: The version of the plugin interface, which MarkItDown reads.
__plugin_interface_version__: Final = 1
#: Before MarkItDown's own converter of HTML (10), after those of special pages (0).
PRIORITY: Final = 9

_EXTENSIONS: Final = frozenset({".html", ".htm", ".xhtml"})
_TYPES: Final = ("text/html", "application/xhtml")


def register_converters(markitdown: MarkItDown, **kwargs: Any) -> None:
    """Called by MarkItDown. ``MarkItDown(enable_plugins=True, cleaner=Cleaner(...))`` passes a policy."""
    markitdown.register_converter(ArticleConverter(kwargs.get("cleaner")), priority=PRIORITY)


class ArticleConverter(DocumentConverter):
    """Converts HTML to the Markdown of its article, with the headline as ``title``.

    A page without an article raises ``ValueError``, and MarkItDown takes its own converter.
    """

    def __init__(self, cleaner: Cleaner | None = None) -> None:
        self.cleaner = cleaner or Cleaner()

    def accepts(self, file_stream: BinaryIO, stream_info: StreamInfo, **kwargs: Any) -> bool:  # noqa: ARG002 MarkItDown's
        """Whether a stream is HTML by its name or type."""
        mimetype, extension = (stream_info.mimetype or "").lower(), (stream_info.extension or "").lower()
        return extension in _EXTENSIONS or mimetype.startswith(_TYPES)

    def convert(self, file_stream: BinaryIO, stream_info: StreamInfo, **kwargs: Any) -> DocumentConverterResult:  # noqa: ARG002
        """The article of a stream. The encoding is detected: what a server declares is often wrong."""
        doc = self.cleaner.label(file_stream.read(), url=stream_info.url, kind="html")
        if not doc.text:
            raise ValueError("the page has no article")
        return DocumentConverterResult(markdown=doc.to_markdown(), title=doc.title or None)
