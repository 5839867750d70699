"""What is compared: ``cleaner``, other extractors, and the floor, a parse and a walk that does nothing.

An extractor is prepared for a source, and only the task that this gives is timed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata, util
from typing import Final

from cleaner.api import Cleaner
from cleaner.document import SourceKind
from cleaner.learn.data import baselines

#: What is timed: it returns the extracted text.
Task = Callable[[], str]

#: The packages whose versions belong to the figures.
PACKAGES: Final = (
    "lxml", "numpy", "regex", "selectolax", "trafilatura", "readability-lxml", "jusText", "resiliparse", "newspaper4k",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extractor:
    """One extractor in one mode.

    ``module``   the module that must be installed
    ``install``  what ``pip install`` takes to install it
    ``prepare``  makes a task of a source; what it does is not timed
    ``cold``     a program that extracts the text of ``source``, with its imports
    ``takes``    pages, or texts: trafilatura's output for the page
    ``gives``    whether it returns a text that can be scored
    ``stages``   whether its time is divided into stages
    """

    name: str
    module: str
    install: str
    prepare: Callable[[str], Task]
    cold: str
    takes: SourceKind = "html"
    gives: bool = True
    stages: bool = False

    @property
    def own(self) -> bool:
        """Whether it is ``cleaner``."""
        return self.module == "cleaner"


def _clean(takes: SourceKind, **options: str) -> Callable[[str], Task]:
    cleaner = Cleaner(**options)  # type: ignore[arg-type]
    return lambda source: partial(cleaner.clean, source, kind=takes)


def _label(takes: SourceKind) -> Callable[[str], Task]:
    cleaner = Cleaner()
    return lambda source: lambda: cleaner.label(source, kind=takes).text


def _justext(html: str) -> Task:
    """The language of the page is found beforehand: jusText asks its caller for a stop list."""
    return partial(baselines.justext_with, html, baselines.stoplist(html))


def _floor(html: str) -> Task:
    def task() -> str:
        from selectolax.lexbor import LexborHTMLParser

        root = LexborHTMLParser(html).root
        for _ in root.traverse(include_text=True) if root else ():
            pass
        return ""

    return task


def _own(name: str, method: str, takes: SourceKind, **options: str) -> Extractor:
    arguments = ", ".join(f"{option}={value!r}" for option, value in options.items())
    cold = f"from cleaner import Cleaner\nCleaner({arguments}).{method}(source, kind={takes!r})"
    prepare = _clean(takes, **options) if method == "clean" else _label(takes)
    return Extractor(name, "cleaner", "article-cleaner", prepare, cold, takes)


def _baseline(
    function: Callable[[str], str],
    module: str,
    install: str,
    cold: str,
    prepare: Callable[[str], Task] | None = None,
) -> Extractor:
    """Another extractor, named as its function; ``prepare`` where more than the function is to be prepared."""
    name = function.__name__.replace("_", "-")
    return Extractor(name, module, install, prepare or (lambda html: partial(function, html)), cold)


def _by_stage(name: str, takes: SourceKind) -> Extractor:
    return Extractor(name, "cleaner", "article-cleaner", _clean(takes), "", takes, stages=True)


_ALL: Final = (
    _own("clean", "clean", "html"),
    _own("label", "label", "html"),
    _own("clean-unsure", "clean", "html", witness="unsure"),
    _own("clean-always", "clean", "html", witness="always"),
    _baseline(baselines.trafilatura, "trafilatura", "trafilatura", "from trafilatura import extract\nextract(source)"),
    _baseline(
        baselines.trafilatura_fast,
        "trafilatura",
        "trafilatura",
        "from trafilatura import extract\nextract(source, fast=True)",
    ),
    _baseline(
        baselines.readability,
        "readability",
        "readability-lxml",
        "from readability import Document\nDocument(source).summary(html_partial=True)",
    ),
    _baseline(
        baselines.resiliparse,
        "resiliparse",
        "resiliparse",
        "from resiliparse.extract.html2text import extract_plain_text\nextract_plain_text(source, main_content=True)",
    ),
    _baseline(
        baselines.justext,
        "justext",
        "jusText",
        "import justext\njustext.justext(source, justext.get_stoplist('English'))",
        _justext,
    ),
    _baseline(
        baselines.newspaper4k,
        "newspaper",
        "newspaper4k",
        "from newspaper import Article\narticle = Article('https://example.org/', fetch_images=False)\n"
        "article.download(input_html=source)\narticle.parse()",
    ),
    Extractor(
        "floor",
        "selectolax",
        "selectolax",
        _floor,
        "from selectolax.lexbor import LexborHTMLParser\n"
        "for _ in LexborHTMLParser(source).root.traverse(include_text=True): pass",
        gives=False,
    ),
    _own("clean-text", "clean", "text"),
    _own("label-text", "label", "text"),
    _by_stage("clean-by-stage", "html"),
    _by_stage("clean-text-by-stage", "text"),
)

#: All extractors by name, in the order of the tables.
EXTRACTORS: Final[Mapping[str, Extractor]] = {extractor.name: extractor for extractor in _ALL}
#: The extractor that the ratios are to, and that makes the texts.
BASE: Final = "trafilatura"
#: What can be chosen, what is chosen otherwise, and what divides its time into stages.
CHOICES: Final = tuple(e.name for e in _ALL if not e.stages)
DEFAULT: Final = tuple(name for name in CHOICES if name != "clean-always")
BY_STAGE: Final = tuple(e.name for e in _ALL if e.stages)


def chosen(names: Sequence[str]) -> list[Extractor]:
    """The extractors with these names, and the base, in the order of the tables."""
    return [extractor for extractor in _ALL if extractor.name in {BASE, *names}]


def is_installed(extractor: Extractor) -> bool:
    """Whether the module of an extractor can be imported; it is not."""
    return util.find_spec(extractor.module) is not None


def versions() -> str:
    """The versions of what is compared, on one line."""
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(found)
