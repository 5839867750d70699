"""A stand-in for ``trafilatura.extract`` and ``trafilatura.bare_extraction``, in which cleaner chooses the text.

::

    from cleaner.compat.trafilatura import extract      # instead of: from trafilatura import extract

Names of parameters, output formats and types of results are trafilatura's, and its own code writes the formats. So a
text has the line breaks and the Unicode form (NFC) that trafilatura gives it; :func:`cleaner.clean` alters nothing.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, TypedDict, Unpack

import lxml.html
from trafilatura import load_html
from trafilatura.core import determine_returnstring
from trafilatura.deduplication import content_fingerprint
from trafilatura.metadata import extract_metadata
from trafilatura.settings import Document, Extractor
from trafilatura.xml import xmltotxt

from cleaner import document as labelled
from cleaner import witness
from cleaner.api import Cleaner
from cleaner.document import Label

#: The thresholds of ``favor_precision`` and ``favor_recall``; the default is 0.5.
PRECISE: Final = 0.7
COMPLETE: Final = 0.3

#: Parameters of trafilatura that mean nothing here, and what to do instead. Their defaults are accepted.
NO_COUNTERPART: Final[Mapping[str, str]] = {
    "deduplicate": "the result of a page would depend on the pages before it",
    "max_tree_size": "Cleaner(max_size=...).label() has a limit on the size of sources",
    "settingsfile": "the options of cleaner.Cleaner are its settings",
    "config": "the options of cleaner.Cleaner are its settings",
    "options": "pass the options by their names",
    "as_dict": "call as_dict() of the result",
}

#: Our elements in trafilatura's vocabulary, and the attributes of the new ones.
_ELEMENTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    **{f"h{level}": ("head", {"rend": f"h{level}"}) for level in range(1, 7)},
    **{tag: ("list", {"rend": tag}) for tag in ("ul", "ol", "dl")},
    **{tag: ("item", {}) for tag in ("li", "dd")},
    "dt": ("item", {"rend": "dt"}),
    "blockquote": ("quote", {}),
    "pre": ("code", {}),
    "code": ("code", {}),
    "br": ("lb", {}),
    "tr": ("row", {}),
    "td": ("cell", {}),
    "th": ("cell", {"role": "head"}),
    "strong": ("hi", {"rend": "#b"}),
    "em": ("hi", {"rend": "#i"}),
    "sub": ("hi", {"rend": "#sub"}),
    "sup": ("hi", {"rend": "#sup"}),
}
_INLINE: Final = ("strong", "em", "sub", "sup", "code")


class Options(TypedDict, total=False):
    """The parameters that mean the same here; trafilatura's documentation describes them.

    ``favor_precision`` and ``favor_recall`` are thresholds. ``fast`` and ``no_fallback`` change nothing, since there is
    nothing slower. ``include_comments`` is off where it is not passed: comments are not the article's text. No other
    default differs from trafilatura's.
    """

    fast: bool
    no_fallback: bool
    favor_precision: bool
    favor_recall: bool
    include_comments: bool
    include_tables: bool
    include_images: bool
    include_formatting: bool | None
    include_links: bool
    output_format: str
    tei_validation: bool
    target_language: str | None
    date_extraction_params: dict[str, Any] | None
    with_metadata: bool
    only_with_metadata: bool
    url_blacklist: set[str] | None
    author_blacklist: set[str] | None
    prune_xpath: str | list[str] | None


def extract(
    filecontent: Any, url: str | None = None, record_id: str | None = None, **options: Unpack[Options]
) -> str | None:
    """The article in an output format, "txt" by default; None where there is none or an option excludes it.

    ``filecontent`` is HTML or text as str or bytes, an lxml element, a response with ``data``, or None for no page, as
    ``fetch_url`` returns it. ``output_format`` is ``csv``, ``html``, ``json``, ``markdown``, ``txt``, ``xml`` or
    ``xmltei``.

    Raises ``TypeError`` for a parameter that trafilatura does not have, ``ValueError`` for one without a counterpart,
    and what :meth:`cleaner.Cleaner.label` raises.

    >>> extract("<p>The council voted on Tuesday, the mayor said.</p><p>Share this</p>")
    'The council voted on Tuesday, the mayor said.'
    """
    if options.get("output_format") == "python":
        raise ValueError("'python' is the format of bare_extraction()")
    settings = _extractor(url, options)
    document = _extracted(filecontent, settings, options)
    if document is None:
        return None
    document.id = record_id
    document.fingerprint = content_fingerprint(f"{document.title} {document.raw_text}")
    return determine_returnstring(document, settings)


def bare_extraction(filecontent: Any, url: str | None = None, **options: Unpack[Options]) -> Document | None:
    """The article as trafilatura's own ``Document``; None where there is none or an option excludes it.

    ``body`` and ``commentsbody`` are lxml elements in trafilatura's vocabulary. Metadata are filled in with
    ``with_metadata``. Raises as :func:`extract` does.
    """
    options.setdefault("output_format", "python")
    settings = _extractor(url, options)
    document = _extracted(filecontent, settings, options)
    if document is not None:
        document.text = xmltotxt(document.body, settings.formatting)
        document.comments = xmltotxt(document.commentsbody, settings.formatting)
    return document


def _extractor(url: str | None, options: Options) -> Extractor:
    """Trafilatura's own object for the options. Raises as :func:`extract` does."""
    for name, value in options.items():
        if name in NO_COUNTERPART and value:
            raise ValueError(f"{name} has no counterpart in cleaner: {NO_COUNTERPART[name]}")
        if name not in NO_COUNTERPART and name not in Options.__annotations__:
            raise TypeError(f"trafilatura has no parameter {name!r}")
    try:
        return Extractor(
            output_format=options.get("output_format", "txt"),
            precision=options.get("favor_precision", False),
            recall=options.get("favor_recall", False),
            comments=options.get("include_comments", False),
            formatting=options.get("include_formatting"),
            links=options.get("include_links", False),
            images=bool(options.get("include_images", False)),
            tables=options.get("include_tables", True),
            tei_validation=options.get("tei_validation", False),
            lang=options.get("target_language"),
            url=url,
            with_metadata=options.get("with_metadata", False),
            only_with_metadata=options.get("only_with_metadata", False),
            author_blacklist=options.get("author_blacklist"),
            url_blacklist=options.get("url_blacklist"),
            date_params=options.get("date_extraction_params"),
        )
    except AttributeError as error:  # trafilatura's for an unknown format
        raise ValueError(str(error)) from error


def _extracted(filecontent: Any, settings: Extractor, options: Options) -> Document | None:
    """The article with its metadata; None where there is none, or where the settings exclude it."""
    source = getattr(filecontent, "data", filecontent)
    if source is None:  # what fetch_url() returns of a page that cannot be fetched
        return None
    if prune_xpath := options.get("prune_xpath"):
        source = _without(source, [prune_xpath] if isinstance(prune_xpath, str) else prune_xpath)
    threshold = {"precision": PRECISE, "recall": COMPLETE}.get(settings.focus, 0.5)
    doc = Cleaner(threshold=threshold, images=settings.images).label(source, url=settings.url)
    if not settings.tables:
        doc = _without_tables(doc)
    if not doc.text or (settings.lang and doc.lang and doc.lang != settings.lang):
        return None
    document = _metadata(source, doc, settings) if settings.with_metadata else Document()
    if document.url and document.url in settings.url_blacklist:
        return None
    if settings.only_with_metadata and not (document.date and document.title and document.url):
        return None
    document.language = doc.lang or None
    document.raw_text = doc.text
    document.body = _body(doc, settings)
    if settings.comments:
        document.commentsbody = _body(replace(doc, keep=frozenset({Label.COMMENT}), images=()), settings)
    return document


def _without(source: Any, paths: list[str]) -> Any:
    """A page as an lxml tree without the elements that XPath expressions select."""
    tree: Any = load_html(source)
    if tree is None:
        return source
    tree = lxml.html.fromstring(lxml.html.tostring(tree)) if tree is source else tree
    for path in paths:
        for element in tree.xpath(path):
            if element.getparent() is not None:
                element.drop_tree()
    return tree


def _without_tables(doc: labelled.Document) -> labelled.Document:
    """The document with the cells of its tables as residue."""
    blocks = [replace(block, label=Label.OTHER) if block.cell else block for block in doc.blocks]
    return replace(doc, blocks=tuple(blocks))


def _metadata(source: Any, doc: labelled.Document, settings: Extractor) -> Document:
    """Trafilatura's metadata of a page, with cleaner's headline."""
    stated = doc.stated
    document = Document(
        author="; ".join(stated.authors) or None,
        date=stated.date or None,
        sitename=stated.site or None,
        description=stated.description or None,
        url=stated.url or settings.url,
    )
    if doc.kind == "html" and (not isinstance(source, str | bytes) or witness.fits(source)):
        with contextlib.suppress(Exception):  # third-party code on arbitrary pages: what the page states is left
            document = extract_metadata(
                load_html(source), settings.url, settings.date_params, author_blacklist=settings.author_blacklist
            )
    document.title = doc.title or document.title
    return document


def _body(doc: labelled.Document, settings: Extractor) -> Any:
    """The kept blocks as an element of trafilatura's vocabulary, with the inline markup that the settings ask for."""
    body = lxml.html.fragment_fromstring(doc.to_html() or "<p></p>", create_parent="body")
    for element in list(body.iter()):
        if element is body:
            continue
        if (element.tag == "a" and not settings.links) or (element.tag in _INLINE and not settings.formatting):
            element.drop_tag()
        else:
            _rename(element)
    return body


def _rename(element: Any) -> None:
    """Give one of our elements its name in trafilatura's vocabulary."""
    attributes: Mapping[str, str]
    if element.tag == "a":
        element.tag, attributes = "ref", {"target": element.get("href", "")}
    elif element.tag == "img":
        element.tag, attributes = "graphic", dict(element.attrib)
    elif element.tag in _ELEMENTS:
        element.tag, attributes = _ELEMENTS[element.tag]
    else:
        return
    element.attrib.clear()
    element.attrib.update(attributes)
