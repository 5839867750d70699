"""Field processors for page objects of web-poet and zyte-common-items.

A processor is a function of a value and the page, so this needs neither package. What zyte-common-items asks of
``articleBody`` holds: sub-headings stay, paragraphs stand on lines of their own, no character is normalised.

>>> from types import SimpleNamespace
>>> page = SimpleNamespace(url="https://courier.example/vote")
>>> article_body("<p>The council voted on Tuesday, the mayor said.</p><p>Share this</p>", page)
'The council voted on Tuesday, the mayor said.'
"""

from collections.abc import Callable
from typing import Any

from cleaner.api import Cleaner
from cleaner.document import Document


def article_body(value: Any, page: Any) -> Any:
    """The article's text of what a field gives: a page's body, HTML or text, or a selector.

    ``value`` may be str or bytes, a parsel ``Selector`` or ``SelectorList`` (all its elements, in order), an lxml
    element, or a response that has a ``body``. Where nothing is kept it is None, as fields without a value are.
    """
    return processor()(value, page)


def processor(cleaner: Cleaner | None = None) -> Callable[[Any, Any], Any]:
    """A processor like :func:`article_body` with a policy of your own."""
    policy = cleaner or Cleaner()

    def process(value: Any, page: Any) -> Any:
        doc = _label(policy, value, page)
        return (doc.text or None) if doc else None

    return process


def headline(value: Any, page: Any) -> Any:
    """The headline of a page, for values as :func:`article_body` takes them."""
    doc = _label(Cleaner(), value, page)
    return (doc.title or None) if doc else None


def _label(cleaner: Cleaner, value: Any, page: Any) -> Document | None:
    source = _source(value)
    if source is None or (isinstance(source, str | bytes) and not source):  # an lxml element has no truth to ask for
        return None
    url = getattr(page, "url", None)
    return cleaner.label(source, url=None if url is None else str(url))


def _source(value: Any) -> Any:
    """The value as the library takes it: of selectors their HTML, of a response its bytes."""
    if callable(getattr(value, "getall", None)):
        found = value.getall()
        return "\n".join(found) if isinstance(found, list) else found
    body = getattr(value, "body", None)  # of a soup or an lxml element it is an element
    return body if isinstance(body, bytes) else value
