"""The processors: alone, and on page objects of zyte-common-items."""

import asyncio
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from helpers import TYPICAL_PAGE, run_python
from lxml import html

from cleaner import Cleaner, clean, label
from cleaner.integrations.web_poet import article_body, headline, processor

PAGE = TYPICAL_PAGE.read_text("utf-8")
URL = "https://courier.example/story"
HERE = SimpleNamespace(url=URL)


@pytest.mark.parametrize("value", [PAGE, PAGE.encode(), SimpleNamespace(body=PAGE.encode())])
def test_what_a_field_may_give(value):
    assert article_body(value, HERE) == clean(PAGE)
    assert headline(value, HERE) == label(PAGE).title


def test_trees():
    assert article_body(BeautifulSoup(PAGE, "lxml"), HERE) == article_body(html.fromstring(PAGE), HERE) == clean(PAGE)


@pytest.mark.parametrize("value", [None, "", b"", "<nav><a href='/'>Home</a></nav>"])
def test_nothing_is_none(value):
    assert article_body(value, SimpleNamespace()) is None
    assert headline(value, HERE) is None


def test_a_policy():
    captions = Cleaner(keep=["caption"])
    assert processor(captions)(PAGE, HERE) == captions.clean(PAGE)


def test_a_format():
    assert processor(output_format="html")(PAGE, HERE) == label(PAGE, url=URL).to_html()
    with pytest.raises(ValueError, match="output format is one of"):
        processor(output_format="pdf")


def test_it_needs_no_framework():
    code = "import sys, cleaner.integrations.web_poet; print([m for m in ('web_poet', 'parsel', 'scrapy') if m in sys.modules])"
    assert run_python(code).stdout.strip() == "[]"


@pytest.mark.filterwarnings("ignore")
def test_on_page_objects():
    web_poet, items = pytest.importorskip("web_poet"), pytest.importorskip("zyte_common_items")

    class Story(items.ArticlePage):
        class Processors(items.ArticlePage.Processors):
            articleBody = [article_body]
            headline = [headline]

        @web_poet.field
        def articleBody(self):
            return self.response.body

        @web_poet.field
        def headline(self):
            return self.response

    class Part(items.ArticlePage):
        @web_poet.field(out=[article_body])
        def articleBody(self):
            return self.css(".article-body")

    def item(kind):
        response = web_poet.HttpResponse(URL, PAGE.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
        return asyncio.run(kind(response=response).to_item())

    story = item(Story)
    assert (story.articleBody, story.headline) == (clean(PAGE), label(PAGE).title)
    assert story.url == URL
    part = item(Part)
    assert part.articleBody
    assert set(part.articleBody.split("\n\n")) <= set(clean(PAGE).split("\n\n"))
