"""Batteries: for each language lines of residue and innocent lines, tried one by one in two places of an article.

A file has three lists of strings: ``article`` (the paragraphs), ``residue`` and ``body``. Each line is put in the middle
of the article and behind its last but one paragraph. Of the lines of residue a share must go, of the innocent ones none.
In a page, each line is a paragraph like those of the article, in its middle: nothing but its words tells.
"""

import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from cleaner import Cleaner

FOLDER = Path(__file__).parent.parent / "fixtures" / "batteries"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.toml"))
#: Share of the lines of residue that must go, in the languages with the widest packs and in the others.
WIDE = {"en", "de", "fr", "es", "it", "pt", "nl", "pl"}
FLOOR_WIDE = 0.80
FLOOR = 0.65
#: The same in a page, where only rules that are nearly always right go before the model.
FLOOR_OF_PAGES = 0.55
#: Every second line is tried in a page: a page takes five times as long as a text.
EVERY = 2


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


def page_with(article: list[str], line: str) -> str:
    half = len(article) // 2
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in [*article[:half], line, *article[half:]])
    title = escape(article[0][:40])
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "News", "Sport"))
    return (
        f"<html><head><title>{title} | Kuriren</title></head><body><nav><ul>{menu}</ul></nav><main><article>"
        f"<h1>{title}</h1>{paragraphs}</article></main><footer><p>© 2026 Kuriren</p></footer></body></html>"
    )


def kept_in_page(lang: str, article: list[str], line: str) -> bool:
    """Whether a line stays in a page. Everything else of the article has to stay."""
    kept = Cleaner().clean(page_with(article, line), lang=lang, kind="html").split("\n\n")
    assert [paragraph for paragraph in kept if paragraph in article] == article, f"{line!r} took body along"
    return line in kept


@pytest.mark.parametrize("lang", LANGUAGES)
def test_residue_goes_from_a_page(lang: str) -> None:
    content = battery(lang)
    tried = content["residue"][::EVERY]
    left = [line for line in tried if kept_in_page(lang, content["article"], line)]
    share = 1 - len(left) / len(tried)
    assert share >= FLOOR_OF_PAGES, f"{share:.0%} go; these stay: {left}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_innocent_lines_stay_in_a_page(lang: str) -> None:
    content = battery(lang)
    assert [line for line in content["body"][::EVERY] if not kept_in_page(lang, content["article"], line)] == []
