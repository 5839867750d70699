"""A source → a page of blocks, and where its prose lies.

- HTML: ``html`` parses a source, in which ``html_cdata`` has made texts of CDATA sections, and walks over the tree, in
  which ``html_formulas`` has made formulas readable and ``html_signs`` added quotation marks. ``html_builder`` makes
  blocks of what it meets, with ``html_tags``, ``html_attributes``, ``html_places``, ``inline``, ``images`` and
  ``disclosures``; ``html_metadata``, ``headline`` and ``dates`` read what the page says of itself, ``page_data`` its
  JSON, ``posts`` finds embedded posts. ``hostile`` finds sources that the parser must not get.
- Text: ``text`` cuts lines and paragraphs, with ``lines`` and ``wrapping``; ``shapes`` knows texts of other shapes.
- Both: ``page`` is what comes out, ``prose`` says which blocks are prose, ``numbering`` which begin with a number.
"""

from cleaner.document import SourceKind
from cleaner.segment.page import Page


def segment(source: str, kind: SourceKind, *, images: bool = False, utf8: bytes | None = None) -> Page:
    """The blocks of a source, in its order; its pictures as well where ``images`` is set.

    ``utf8`` is the source in UTF-8, for a caller who has it: it is not encoded again then.
    """
    if kind == "html":
        from cleaner.segment import html, posts  # the parser, which text does not need

        page = html.segment(source if utf8 is None else utf8, images=images)
        posts.mark_posts(page)
        return page
    from cleaner.segment import text

    return text.segment(source, images=images)
