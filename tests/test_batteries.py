"""Batteries: for each language lines of residue and innocent lines, tried one by one in two places of an article.

A file has three lists of strings: ``article`` (the paragraphs), ``residue`` and ``body``. Each line is put in the middle
of the article and behind its last but one paragraph. Of the lines of residue a share must go, of the innocent ones none.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleaner import Cleaner

FOLDER = Path(__file__).parent.parent / "fixtures" / "batteries"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.toml"))
#: Share of the lines of residue that must go, in the languages with the widest packs and in the others.
WIDE = {"en", "de", "fr", "es", "it", "pt", "nl", "pl"}
FLOOR_WIDE = 0.80
FLOOR = 0.65


def battery(lang: str) -> dict[str, list[str]]:
    return tomllib.loads((FOLDER / f"{lang}.toml").read_text("utf-8"))


def kept_places(lang: str, article: list[str], line: str) -> Iterator[bool]:
    """Whether a line stays in each of the two places. Everything else of the article has to stay."""
    for place in (len(article) // 2, len(article) - 1):
        paragraphs = [*article[:place], line, *article[place:]]
        kept = Cleaner().clean("\n\n".join(paragraphs), lang=lang).split("\n\n")
        assert [paragraph for paragraph in kept if paragraph != line] == article, f"{line!r} took body along"
        yield line in kept


@pytest.mark.parametrize("lang", LANGUAGES)
def test_residue_goes(lang: str) -> None:
    content = battery(lang)
    assert len(set(content["residue"])) >= 40
    stays = [(line, place) for line in content["residue"] for place in kept_places(lang, content["article"], line)]
    left = [line for line, is_kept in stays if is_kept]
    share = 1 - len(left) / len(stays)
    assert share >= (FLOOR_WIDE if lang in WIDE else FLOOR), f"{share:.0%} go; these stay: {left}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_innocent_lines_stay(lang: str) -> None:
    content = battery(lang)
    assert len(set(content["body"])) >= 40
    lost = [line for line in content["body"] if not all(kept_places(lang, content["article"], line))]
    assert not lost
