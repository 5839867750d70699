"""Field processors for page objects of web-poet and zyte-common-items.

A processor is a function of a value and the page, so this module needs neither package. The text is what
zyte-common-items specifies for ``articleBody``: sub-headings stay, paragraphs are separated by blank lines, and
characters are not normalised.

>>> from types import SimpleNamespace
>>> page = SimpleNamespace(url="https://courier.example/vote")
>>> article_body("<p>The council voted on Tuesday, the mayor said.</p><p>Share this</p>", page)
'The council voted on Tuesday, the mayor said.'
"""

from collections.abc import Callable
from typing import Any

from cleaner.api import Cleaner
from cleaner.document import Document
from cleaner.export.record import Format, RecordOptions, to_record


def article_body(value: Any, page: Any) -> Any:
    """The article's text; None if nothing is kept, like a field without a value.

    ``value`` is the value of a field: HTML or text as str or bytes, a parsel ``Selector`` or ``SelectorList`` (all its
    elements, in order), an lxml element, or a response that has a ``body``.
    """
    return processor()(value, page)


def processor(cleaner: Cleaner | None = None, *, output_format: Format = "text") -> Callable[[Any, Any], Any]:
    """A processor like :func:`article_body`, with a cleaner of your own and the article as text, Markdown or HTML."""
    cleaner = cleaner or Cleaner()
    options = RecordOptions(output_format)

    def process(value: Any, page: Any) -> Any:
        doc = _label(cleaner, value, page)
        return (to_record(doc, options)["text"] or None) if doc else None

    return process


def headline(value: Any, page: Any) -> Any:
    """The headline of a page, for the same values as :func:`article_body`; None if there is none."""
    doc = _label(Cleaner(), value, page)
    return (doc.title or None) if doc else None


def _label(cleaner: Cleaner, value: Any, page: Any) -> Document | None:
    source = _source(value)
    if source is None or (isinstance(source, str | bytes) and not source):  # an lxml element must not be tested as bool
        return None
    url = getattr(page, "url", None)
    return cleaner.label(source, url=None if url is None else str(url))


def _source(value: Any) -> Any:
    """The value as a source for :meth:`cleaner.Cleaner.label`: the HTML of selectors, the bytes of a response."""
    if callable(getattr(value, "getall", None)):
        html = value.getall()
        return "\n".join(html) if isinstance(html, list) else html
    body = getattr(value, "body", None)  # of a BeautifulSoup object or an lxml element, `body` is an element
    return body if isinstance(body, bytes) else value
