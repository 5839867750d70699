"""The words of bylines in all languages, from ``byline_words.tsv``."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from cleaner.text.data_files import read_data

#: A word, in a pattern.
WORD: Final = r"\p{L}[\p{L}\p{M}’'-]*+"
#: What a phrase may be, from what asks most of where it stands to what asks least. ``byline_words.tsv`` describes them.
KINDS: Final = ("work", "by", "for", "of", "at", "weekday", "when", "role", "with", "and", "agency", "month", "minutes")


class BylinePart(NamedTuple):
    """A part of a line: its kind, and its text. Kinds are those of ``byline_words.tsv``, and ``date``, ``day`` (without
    a year), ``clock``, ``reading``, ``contact`` and ``name``, which may be that of a place or an outlet.
    """

    kind: str
    text: str


class _Vocabulary(NamedTuple):
    """``kinds``: what each phrase in small letters may be, in the order of ``KINDS``. ``agencies`` in their case.
    ``pictures``: what stands before the name of who made a picture.
    """

    kinds: Mapping[str, Sequence[str]]
    agencies: frozenset[str]
    pictures: frozenset[str]


def kinds_of(phrase: str) -> Sequence[str]:
    """What a phrase may be, in the order of ``KINDS``."""
    return _vocabulary().kinds.get(phrase.lower(), ())


@cache
def _vocabulary() -> _Vocabulary:
    by_kind: dict[str, set[str]] = defaultdict(set)
    for row in read_data("cleaner.rules", "byline_words.tsv").decode().splitlines():
        if not row.startswith("#"):
            _, kind, words = row.split("\t")
            by_kind[kind].update(words.split("|"))
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind in KINDS:
        for word in by_kind[kind]:
            kinds[word.lower()].append(kind)
    return _Vocabulary(kinds, frozenset(by_kind["agency"]), frozenset(by_kind["picture"]))


def is_agency(name: str) -> bool:
    """Whether a name is that of an agency, as it writes it."""
    return name in _vocabulary().agencies


def words_for_pictures() -> frozenset[str]:
    """What stands before the name of who made a picture, in small letters."""
    return _vocabulary().pictures
