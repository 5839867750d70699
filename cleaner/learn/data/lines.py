"""Lines from which the wording of residue is learned: written for it, examples of rules, or lines of pages.

``lines/LANG.tsv`` has a line each: the label and the text, with a tab between them. They were written for this
purpose, with invented names: residue, and lines of articles with the same words.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import resources
from typing import Final, NamedTuple

from cleaner import Cleaner
from cleaner.document import DEFAULT_KEEP, Block, Label
from cleaner.learn.data import align
from cleaner.learn.data.corpus import Example
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
    """A line and its label: ``body`` for what belongs to an article."""

    label: Label
    text: str


def read() -> Iterator[LabelledLine]:
    """All lines but those of corpora, in a fixed order."""
    yield from written()
    for name in ("shared", *languages()):
        for rule in bundled(name, examples=True).rules:
            label = rule.concept.label
            if label is Label.BODY or label not in DEFAULT_KEEP["text"]:
                yield from (LabelledLine(label, text) for text in rule.yes)
            if label is not Label.BODY:
                yield from (LabelledLine(Label.BODY, text) for text in rule.no)
    for article in articles().values():
        yield from (LabelledLine(Label.BODY, text) for text in (article.headline, *article.before, *article.after))


def written() -> Iterator[LabelledLine]:
    """The lines in ``lines/``.

    Raises ``ValueError`` for a line without a tab and for a label that is neither ``body`` nor what wording names, and
    ``FileNotFoundError`` where the library was installed from a wheel, which does not hold them.
    """
    folder = resources.files("cleaner.learn.data") / "lines"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: the lines are in the repository alone; install with pip install --editable")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            label, tab, text = line.partition("\t")
            if not tab or not text.strip() or label not in {Label.BODY, *LABELS}:
                raise ValueError(f"{file.name}:{number}: a label of residue or body, a tab and a text are expected")
            yield LabelledLine(Label(label), text)


def of_pages(examples: Sequence[Example]) -> list[LabelledLine]:
    """Distinct lines of pages, in a fixed order: residue that the installed weights remove and the gold has not, and
    lines without a full stop that both have. Whole sentences of articles are in the gold (:func:`of_gold`).

    On a page the elements around a line tell what it is. In a text they are gone, and its wording is what is left.
    """
    found: dict[str, Label] = {}
    taken = Counter[tuple[str, Label]]()
    with ProcessPoolExecutor(WORKERS) as pool:
        for example, of_page in zip(examples, pool.map(_of_page, examples, chunksize=16), strict=True):
            for line in of_page:
                key = example.site, line.label
                if line.text not in found and taken[key] < LINES_OF_SITE:
                    found[line.text] = line.label
                    taken[key] += 1
    return [LabelledLine(label, text) for text, label in found.items()]


def _of_page(example: Example) -> list[LabelledLine]:
    blocks = Cleaner(max_size=POLICY.max_size).label(example.html, kind="html").blocks
    texts = [" ".join(block.text.split()) for block in blocks]
    shares, lengths = align.shares(texts, example.gold), word_counts(texts)
    return [
        LabelledLine(block.label, text)
        for block, text, share, words in zip(blocks, texts, shares, lengths, strict=True)
        if MIN_WORDS <= words <= MAX_WORDS and len(text) >= MIN_CHARACTERS and _is_certain(block, text, share)
    ]


def _is_certain(block: Block, text: str, share: float) -> bool:
    """Whether the label of a block of a page is certain enough to learn from. ``share`` of its words is gold."""
    if block.label is Label.BODY:
        return share >= LEAST_GOLD and not is_closed(text)
    return block.label in LABELS_OF_PAGES and block.score <= MOST_BODY and share < MOST_GOLD


def of_gold(examples: Iterable[Example]) -> list[str]:
    """Distinct paragraphs of the gold of pages, some of each, in a fixed order."""
    draw = random.Random(0)  # noqa: S311 nobody is to guess these
    found: dict[str, None] = {}
    for example in examples:
        paragraphs = [text for line in example.gold.splitlines() if (text := line.strip())]
        chosen = draw.sample(paragraphs, min(len(paragraphs), PARAGRAPHS_OF_PAGE))
        found |= dict.fromkeys(chosen)
    return list(found)
