"""Lines from which the wording of residue is learned: written for it, or examples of rules; and lines of articles.

``lines/LANG.tsv`` has a line each: the label and the text, with a tab between them. They were written for this
purpose, with invented names: residue, and lines of articles with the same words.
"""

import random
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Final, NamedTuple

from cleaner.document import DEFAULT_KEEP, Label
from cleaner.learn.data.corpus import Example
from cleaner.model.wording import LABELS
from cleaner.rules.check import articles
from cleaner.rules.packs import bundled, languages

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


def of_gold(examples: Iterable[Example]) -> list[str]:
    """Distinct paragraphs of the gold of pages, some of each, in a fixed order."""
    draw = random.Random(0)  # noqa: S311 nobody is to guess these
    found: dict[str, None] = {}
    for example in examples:
        paragraphs = [text for line in example.gold.splitlines() if (text := line.strip())]
        chosen = draw.sample(paragraphs, min(len(paragraphs), PARAGRAPHS_OF_PAGE))
        found |= dict.fromkeys(chosen)
    return list(found)
