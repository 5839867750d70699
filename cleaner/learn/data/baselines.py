"""Other extractors, each as ``html -> text``: whose residue the text model learns, and whom the benchmark compares
with.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

from cleaner.errors import install_command

Extractor = Callable[[str], str]

_BLOCKS = "p div h1 h2 h3 h4 h5 h6 li tr blockquote pre figcaption section article ul ol table dt dd".split()


def trafilatura(html: str) -> str:
    """``trafilatura.extract`` as it comes."""
    from trafilatura import extract

    return extract(html) or ""


def trafilatura_fast(html: str) -> str:
    """``trafilatura.extract`` without its comparison with other extractors."""
    from trafilatura import extract

    return extract(html, fast=True) or ""


def readability(html: str) -> str:
    """The lines of readability-lxml's summary."""
    from readability import Document

    return _lines(Document(html).summary(html_partial=True))


def justext(html: str) -> str:
    """The good paragraphs, with the stop list of the page's language where jusText has one."""
    return justext_with(html, stoplist(html))


def justext_with(html: str, words: frozenset[str]) -> str:
    """The good paragraphs, with a stop list."""
    from justext import justext as extract

    return "\n".join(p.text for p in extract(html, words) if not p.is_boilerplate)


def stoplist(html: str) -> frozenset[str]:
    """The stop list of a page's language that jusText has, or else the English one."""
    from justext import get_stoplist

    from cleaner.reading import language
    from cleaner.segment import html as segment

    page = segment.segment(html)
    code = language.detect([block.plain for block in page.blocks], page.lang)
    return frozenset(get_stoplist(_STOPLISTS.get(code, "English")))


def resiliparse(html: str) -> str:
    """``extract_plain_text`` with ``main_content``."""
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=True))


def newspaper4k(html: str) -> str:
    """The text of newspaper4k's article; nothing is fetched."""
    from newspaper import Article

    article = Article("https://example.org/", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return str(article.text or "")


BASELINES: Mapping[str, Extractor] = {
    f.__name__: f for f in (trafilatura, readability, newspaper4k, resiliparse, justext)
}


def markdown(html: str) -> str:
    """What trafilatura gives as Markdown, with its links and pictures."""
    from trafilatura import extract

    return (
        extract(html, output_format="markdown", include_links=True, include_images=True, include_formatting=True) or ""
    )


#: Whose residue the text model learns: a text without links, and one with them.
UPSTREAM: Mapping[str, Extractor] = {**BASELINES, "markdown": markdown}

_STOPLISTS = {
    "de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese", "it": "Italian", "nl": "Dutch", "pl": "Polish",
    "cs": "Czech", "sv": "Swedish", "da": "Danish", "no": "Norwegian_Bokmal", "fi": "Finnish", "tr": "Turkish",
    "ru": "Russian", "uk": "Ukrainian", "ar": "Arabic", "hi": "Hindi", "ko": "Korean",
    "vi": "Vietnamese", "id": "Indonesian",
}  # fmt: skip


#: The module of each extractor; those that are not named are trafilatura's.
_MODULES = {
    "readability": "readability",
    "newspaper4k": "newspaper",
    "resiliparse": "resiliparse",
    "justext": "justext",
}


def require(names: Iterable[str]) -> None:
    """Raises ``ImportError`` where an extractor is not installed: it would seem to give no text."""
    for name in names:
        try:
            import_module(_MODULES.get(name, "trafilatura"))
        except ImportError as error:
            raise ImportError(f"{error}; needed: {install_command('peers')}") from error


def run(name: str, html: str) -> str:
    """What an extractor makes of a page; "" where it raises: they do, on pages that clean() must take."""
    try:
        return UPSTREAM[name](html)
    except Exception:  # third-party code on arbitrary pages; an extractor that fails has no output
        return ""


def _lines(html: str) -> str:
    """The text of an HTML fragment, a line a block."""
    from lxml import etree  # not needed by the others, whose memory is measured

    if not html.strip():
        return ""
    root = etree.fromstring(html, etree.HTMLParser())
    if root is None:
        return ""
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _BLOCKS or element.tag == "br":
            parts.append("\n")
        parts.append((element.text if event == "start" else element.tail) or "")
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
