"""The content filter for Crawl4AI, against Crawl4AI's Markdown generator. No browser is needed."""

import pytest
from helpers import TYPICAL_PAGE

pytest.importorskip("crawl4ai")

from crawl4ai import DefaultMarkdownGenerator

from cleaner import Cleaner, label
from cleaner.integrations.crawl4ai import ArticleFilter

PAGE = TYPICAL_PAGE.read_text("utf-8")
EMPTY = "<nav><a href='/'>Home</a></nav>"

pytestmark = pytest.mark.filterwarnings("ignore")


def fit(html, content_filter):
    generator = DefaultMarkdownGenerator(content_filter=content_filter, content_source="raw_html")
    return generator.generate_markdown(input_html=html, base_url="https://a.example/").fit_markdown


def test_the_fit_markdown_is_that_of_the_article():
    markdown = fit(PAGE, ArticleFilter())
    for block in label(PAGE).kept:
        assert " ".join(block.text.split()) in " ".join(markdown.split())
    assert "Sign up" not in markdown
    assert len(markdown.split()) <= 1.1 * len(label(PAGE).text.split())


def test_the_filter():
    assert ArticleFilter().filter_content(PAGE) == [label(PAGE).to_html()]
    assert ArticleFilter(also_keep=["caption"]).filter_content(PAGE) == [
        Cleaner(also_keep=["caption"]).label(PAGE).to_html()
    ]
    assert ArticleFilter().filter_content(EMPTY) == ArticleFilter().filter_content("") == []
    assert ArticleFilter(max_size=10).filter_content(PAGE) == []
    with pytest.raises(TypeError, match="options belong to the Cleaner"):
        ArticleFilter(cleaner=Cleaner(), keep=[])
    assert fit(EMPTY, ArticleFilter()).strip() == ""
