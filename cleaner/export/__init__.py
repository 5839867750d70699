"""Exporters: a :class:`~cleaner.document.Document` as text, Markdown, HTML, plain data, a report, or lines.

Every exporter is a pure function of the document. What it returns always encodes to UTF-8. All but plain data has also
passed :func:`cleaner.text.characters.strip_unsafe_chars`. HTML and Markdown are safe to put on a page.

``markdown`` and ``markup`` (HTML) write the tree that ``outline`` makes of the blocks, with ``inline`` and ``tables``.
``given_markdown`` makes Markdown safe that came in as text, ``text_blocks`` and ``text_inline`` make a page of it.
``plain`` is text, ``plain_data`` a dictionary, ``record`` the flat fields of batch runs and adapters. ``lines`` are for
the terminal, ``report`` is the HTML report, ``changes`` compares two documents.
"""

from cleaner.export.lines import explain, labels
from cleaner.export.markdown import to_markdown
from cleaner.export.markup import to_html
from cleaner.export.plain import to_text
from cleaner.export.plain_data import fields_from_dict, to_dict
from cleaner.export.report import to_notebook, to_page, to_report
from cleaner.export.text_blocks import without_markdown

__all__ = [
    "explain",
    "fields_from_dict",
    "labels",
    "to_dict",
    "to_html",
    "to_markdown",
    "to_notebook",
    "to_page",
    "to_report",
    "to_text",
    "without_markdown",
]
