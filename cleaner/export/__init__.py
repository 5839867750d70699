"""Exporters: a :class:`~cleaner.document.Document` as text, Markdown, HTML, a report, or lines for the terminal.

Every exporter is a pure function of the document. What it returns always encodes to UTF-8 and has passed
:func:`cleaner.text.characters.strip_unsafe_chars`; HTML and Markdown are safe to put on a page.
"""

from cleaner.export.lines import explain, labels
from cleaner.export.markdown import to_markdown
from cleaner.export.markup import to_html
from cleaner.export.plain import to_text
from cleaner.export.report import to_notebook, to_page, to_report

__all__ = ["explain", "labels", "to_html", "to_markdown", "to_notebook", "to_page", "to_report", "to_text"]
