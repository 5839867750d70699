"""Batteries: for each language lines of residue and innocent lines, tried in two places of an article.

A file has three lists of strings: ``article`` (the paragraphs), ``residue`` and ``body``. Each line is put in the middle
of the article and behind its last but one paragraph. Of the lines of residue a share must go, of the innocent ones none.
In a page, each line is a paragraph like those of the article: nothing but its words tells. An article holds two lines at
a time, some paragraphs apart.
"""

import tomllib
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import pytest

from cleaner import clean

FOLDER = Path(__file__).parent.parent / "fixtures" / "batteries"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.toml"))
#: Share of the lines of residue that must go, in the languages with the widest packs and in the others.
WIDE = {"en", "de", "fr", "es", "it", "pt", "nl", "pl"}
FLOOR_WIDE = 0.80
FLOOR = 0.65
#: The same in a page, where only rules that are nearly always right go before the model.
FLOOR_OF_PAGES = 0.55
#: Every third line is tried in a page: a page takes five times as long as a text.
EVERY = 3


def battery(lang: str) -> dict[str, list[str]]:
    return tomllib.loads((FOLDER / f"{lang}.toml").read_text("utf-8"))


def tried(
    lines: list[str], article: list[str], places: tuple[int, int], clean: Callable[[list[str]], str]
) -> Iterator[tuple[str, bool]]:
    """Each line in each of two places of an article, and whether it stays. All of the article has to stay.

    A place is the number of the paragraph that a line stands ahead of. ``clean`` cleans a source of these paragraphs.
    """
    first, second = places
    for pair in zip(lines, [*lines[1:], lines[0]], strict=True):
        kept = clean([*article[:first], pair[0], *article[first:second], pair[1], *article[second:]]).split("\n\n")
        assert [paragraph for paragraph in kept if paragraph in article] == article, f"{pair} took body along"
        yield from ((line, line in kept) for line in pair)


def tried_in_texts(lang: str, lines: list[str]) -> Iterator[tuple[str, bool]]:
    article = battery(lang)["article"]
    places = (len(article) // 2, len(article) - 1)
    return tried(lines, article, places, lambda paragraphs: clean("\n\n".join(paragraphs), lang=lang))


def tried_in_pages(lang: str, lines: list[str]) -> Iterator[tuple[str, bool]]:
    article = battery(lang)["article"]
    places = (len(article) // 3, 2 * len(article) // 3)
    return tried(lines[::EVERY], article, places, lambda paragraphs: clean(page_of(paragraphs), lang=lang, kind="html"))


def page_of(paragraphs: list[str]) -> str:
    title = escape(paragraphs[0][:40])
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "News", "Sport"))
    return (
        f"<html><head><title>{title} | Kuriren</title></head><body><nav><ul>{menu}</ul></nav><main><article>"
        f"<h1>{title}</h1>{body}</article></main><footer><p>© 2026 Kuriren</p></footer></body></html>"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_is_another(lang: str) -> None:
    assert min(len(set(battery(lang)[kind])) for kind in ("residue", "body")) >= 40


@pytest.mark.parametrize("lang", LANGUAGES)
def test_residue_goes(lang: str) -> None:
    stays = list(tried_in_texts(lang, battery(lang)["residue"]))
    left = [line for line, is_kept in stays if is_kept]
    share = 1 - len(left) / len(stays)
    assert share >= (FLOOR_WIDE if lang in WIDE else FLOOR), f"{share:.0%} go; these stay: {left}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_innocent_lines_stay(lang: str) -> None:
    assert [line for line, is_kept in tried_in_texts(lang, battery(lang)["body"]) if not is_kept] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_residue_goes_from_a_page(lang: str) -> None:
    stays = list(tried_in_pages(lang, battery(lang)["residue"]))
    left = [line for line, is_kept in stays if is_kept]
    share = 1 - len(left) / len(stays)
    assert share >= FLOOR_OF_PAGES, f"{share:.0%} go; these stay: {left}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_innocent_lines_stay_in_a_page(lang: str) -> None:
    assert [line for line, is_kept in tried_in_pages(lang, battery(lang)["body"]) if not is_kept] == []
