"""The pages for readers: their links work in the repository and on the site, and the menu of the site has them all."""

import importlib.util
import re

import pytest
from helpers import ROOT

import cleaner


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


SITE = module(ROOT / "docs" / "build_site.py")
PAGES = sorted(file for file in {*SITE.sources(), SITE.INDEX} if file.endswith(".md"))
CODE = re.compile(r"^ *(`{3,}).*?^ *\1$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(path):
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^ *(`{3,}).*?^ *\1$", "", (ROOT / path).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page(page):
    for target in LINK.findall(CODE.sub("", (ROOT / page).read_text("utf-8"))):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.is_file(), f"{page}: {target}"
        assert not anchor or anchor in anchors(file.resolve().relative_to(ROOT)), f"{page}: {target}"


@pytest.mark.parametrize("page", PAGES)
def test_what_stands_in_a_list_item_is_indented_by_four(page):
    # GitHub needs two or three blanks; the parser of the site takes less than four as the end of the list.
    text = re.sub(r"^(`{3,}).*?^\1$", "", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"^ {1,3}(?:`{3}|\|).*|\n\n {1,3}\S.*", text, re.MULTILINE) == []


def test_the_menu_has_every_page():
    assert SITE.menu_errors() == []


def test_the_reference_has_every_public_name():
    pages = "".join((ROOT / page).read_text("utf-8") for page in PAGES if page.startswith("docs/reference/"))
    names = {f"cleaner.{name}" for name in cleaner.__all__ if name != "rules"}
    names |= {f"cleaner.rules.{name}" for name in cleaner.rules.__all__}
    assert names - set(re.findall(r"^::: (\S+)$", pages, re.MULTILINE)) == set()


def test_a_page_on_the_site():
    page = "See [usage](docs/usage.md#limits).\n\n```python\n>>> print()\n<BLANKLINE>\n```\n```sh\ncat [x](y.md)\n```"
    site = "See [usage](usage.md#limits).\n\n```pycon\n>>> print()\n\n```\n```sh\ncat [x](y.md)\n```"
    assert SITE.site_text(page, "README.md") == site
    assert SITE.site_text("[a](../usage.md)", "docs/reference/api.md") == "[a](../usage.md)"


@pytest.mark.parametrize("target", ["docs/nowhere.md", "cleaner/api.py"])
def test_a_link_that_leads_off_the_site(target):
    with pytest.raises(ValueError, match="not on the site"):
        SITE.site_link(target, "README.md")


def test_one_version():
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert cited
    assert cited[1] == cleaner.__version__


def test_docstrings_become_markdown():
    pytest.importorskip("griffe")
    to_markdown = module(ROOT / "docs" / "docstrings.py").to_markdown
    docstring = (
        "See :class:`cleaner.Cleaner` and ``docs/rules.md``.\n\n``a``   one\n      more\n``bc``  two\n\n>>> f()\n1\n"
    )
    markdown = "See `Cleaner` and [rules.md](../rules.md).\n\n- ``a``: one\n    more\n- ``bc``: two\n\n```pycon\n>>> f()\n1\n```"
    assert to_markdown(docstring) == markdown
