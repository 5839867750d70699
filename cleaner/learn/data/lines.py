"""Lines from which the wording of residue is learned: written for it, examples of rules, or lines of pages.

``lines/LANG.tsv`` has a line each: the label and the text, with a tab between them. They were written for this
purpose, with invented names: residue, and lines of articles with the same words.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import resources
from itertools import chain
from typing import Final, NamedTuple

from cleaner import Cleaner
from cleaner.document import DEFAULT_KEEP, Label
from cleaner.learn.data import align
from cleaner.learn.data.corpus import FOLDS, Example
from cleaner.learn.data.pages import POLICY, WORKERS
from cleaner.model.wording import LABELS, MAX_WORDS, MIN_CHARACTERS, MIN_WORDS
from cleaner.rules.check import articles
from cleaner.rules.packs import bundled, languages
from cleaner.text.charstats import word_counts
from cleaner.text.words import is_closed

#: The labels of residue of which lines of pages are taken. Those of `related` and `navigation` are headlines and names
#: of sections: their wording is that of any article.
LABELS_OF_PAGES: Final = frozenset(LABELS) - {Label.RELATED, Label.NAVIGATION}
#: A line of a page is residue if the model of pages gives it at most this probability of body, and if less than this
#: share of its words is gold; it is body if it stays, and at least this share is gold.
MOST_BODY: Final = 0.15
MOST_GOLD: Final = 0.2
LEAST_GOLD: Final = 0.8
#: Lines of a site, at most, that are taken of each label: or else those of a few sites would be most of them.
LINES_OF_SITE: Final = 40
#: Paragraphs of a page of a corpus, at most, that are taken at random.
PARAGRAPHS_OF_PAGE: Final = 12


class LabelledLine(NamedTuple):
    """A line and its label: ``body`` for what belongs to an article. ``fold`` is that of its site in the
    cross-validation; lines of the library have each fold in turn.
    """

    label: Label
    text: str
    fold: int = 0


class PageLine(NamedTuple):
    """A block of a page: what the installed weights make of it, its text on one line, the probability of body, the
    share of its words that is gold, and the number of its words.
    """

    label: Label
    text: str
    score: float
    share: float
    words: int


class LabelledPage(NamedTuple):
    """A page with its blocks."""

    example: Example
    lines: Sequence[PageLine]


def read() -> Iterator[LabelledLine]:
    """All lines but those of corpora, in a fixed order."""
    for number, line in enumerate([*written(), *_of_rules(), *_of_articles()]):
        yield line._replace(fold=number % FOLDS)


def _of_rules() -> Iterator[LabelledLine]:
    """The examples of rules, and what these must not match."""
    for name in ("shared", *languages()):
        for rule in bundled(name, examples=True).rules:
            label = rule.concept.label
            if label is Label.BODY or label not in DEFAULT_KEEP["text"]:
                yield from (LabelledLine(label, text) for text in rule.yes)
            if label is not Label.BODY:
                yield from (LabelledLine(Label.BODY, text) for text in rule.no)


def _of_articles() -> Iterator[LabelledLine]:
    """The lines of the articles in which examples of rules are tried."""
    for article in articles().values():
        yield from (LabelledLine(Label.BODY, text) for text in (article.headline, *article.before, *article.after))


def written() -> Iterator[LabelledLine]:
    """The lines in ``lines/``: see :func:`written_by_language`."""
    return chain.from_iterable(written_by_language().values())


def written_by_language() -> dict[str, list[LabelledLine]]:
    """The lines in ``lines/`` by the names of the files.

    Raises ``ValueError`` for a line without a tab and for a label that is neither ``body`` nor what wording names, and
    ``FileNotFoundError`` where the library was installed from a wheel, which does not hold them.
    """
    folder = resources.files("cleaner.learn.data") / "lines"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: the lines are in the repository alone; install with pip install --editable")
    found: dict[str, list[LabelledLine]] = {}
    before = 0  # lines, for their folds to be those of :func:`read`
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        of_file = found[file.name.partition(".")[0]] = []
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            label, tab, text = line.partition("\t")
            if not tab or not text.strip() or label not in {Label.BODY, *LABELS}:
                raise ValueError(f"{file.name}:{number}: a label of residue or body, a tab and a text are expected")
            of_file.append(LabelledLine(Label(label), text, before % FOLDS))
            before += 1
    return found


def label_pages(examples: Sequence[Example]) -> list[LabelledPage]:
    """The pages with what the installed weights make of their blocks, in their order."""
    with ProcessPoolExecutor(WORKERS) as pool:
        return list(pool.map(_label_page, examples, chunksize=16))


def _label_page(example: Example) -> LabelledPage:
    blocks = Cleaner(max_size=POLICY.max_size).label(example.html, kind="html").blocks
    texts = [" ".join(block.text.split()) for block in blocks]
    shares, lengths = align.shares(texts, example.gold).tolist(), word_counts(texts)
    rows = zip(blocks, texts, shares, lengths, strict=True)
    return LabelledPage(example, [PageLine(b.label, text, b.score, share, words) for b, text, share, words in rows])


def of_pages(pages: Iterable[LabelledPage]) -> list[LabelledLine]:
    """Distinct lines of pages, in a fixed order: residue that the installed weights remove and the gold has not, and
    lines without a full stop that both have. Whole sentences of articles are in the gold (:func:`of_gold`).

    On a page the elements around a line tell what it is. In a text they are gone, and its wording is what is left.
    """
    found: dict[str, LabelledLine] = {}
    taken = Counter[tuple[str, Label]]()
    for page in pages:
        for line in page.lines:
            key = page.example.site, line.label
            if _is_certain(line) and line.text not in found and taken[key] < LINES_OF_SITE:
                found[line.text] = LabelledLine(line.label, line.text, page.example.fold)
                taken[key] += 1
    return list(found.values())


def _is_certain(line: PageLine) -> bool:
    """Whether a block of a page can be a line, and its label is certain enough to learn from."""
    if not MIN_WORDS <= line.words <= MAX_WORDS or len(line.text) < MIN_CHARACTERS:
        return False
    if line.label is Label.BODY:
        return line.share >= LEAST_GOLD and not is_closed(line.text)
    return is_certain_residue(line)


def is_certain_residue(line: PageLine) -> bool:
    """Whether a block of a page is residue for certain."""
    return line.label in LABELS_OF_PAGES and line.score <= MOST_BODY and line.share < MOST_GOLD


def of_gold(examples: Iterable[Example]) -> list[LabelledLine]:
    """Distinct paragraphs of the gold of pages, some of each, in a fixed order."""
    draw = random.Random(0)  # noqa: S311 nobody is to guess these
    found: dict[str, LabelledLine] = {}
    for example in examples:
        paragraphs = [text for line in example.gold.splitlines() if (text := line.strip())]
        chosen = draw.sample(paragraphs, min(len(paragraphs), PARAGRAPHS_OF_PAGE))
        for text in chosen:
            found.setdefault(text, LabelledLine(Label.BODY, text, example.fold))
    return list(found.values())
