"""The LangChain transformer, against langchain-core."""

import asyncio

import pytest
from helpers import TYPICAL_PAGE, TYPICAL_TEXT

pytest.importorskip("langchain_core")

from langchain_core.documents import BaseDocumentTransformer, Document

from cleaner import Cleaner, clean, label
from cleaner.integrations.langchain import ArticleCleaner

PAGE = TYPICAL_PAGE.read_text("utf-8")
TEXT = TYPICAL_TEXT.read_text("utf-8")
EMPTY = "<nav><a href='/'>Home</a></nav>"


def documents():
    page = Document(page_content=PAGE, metadata={"source": "https://a.example/1", "title": "theirs"}, id="a")
    return [page, Document(page_content=EMPTY, id="b"), Document(page_content=TEXT)]


def test_documents_are_cleaned_and_their_own_facts_stay():
    before = documents()
    transformer = ArticleCleaner()
    assert isinstance(transformer, BaseDocumentTransformer)
    page, text = transformer.transform_documents(before)
    assert before == documents()
    assert (page.page_content, page.id, page.metadata["title"]) == (clean(PAGE), "a", "theirs")
    assert (text.page_content, text.id, text.metadata["language"]) == (clean(TEXT), None, "en")
    assert text.metadata["title"] == label(TEXT).title
    assert sum(text.metadata["cleaner"]["removed"].values()) == len(label(TEXT).removed)
    assert page.metadata["cleaner"]["page_type"] == "article"


def test_options():
    assert [doc.id for doc in ArticleCleaner(keep_empty=True).transform_documents(documents())] == ["a", "b", None]
    (doc,) = ArticleCleaner(cleaner=Cleaner(keep=["caption"])).transform_documents(documents()[:1])
    assert doc.page_content == Cleaner(keep=["caption"]).clean(PAGE)


def test_formats_and_metadata():
    stated = '<meta name="author" content="Ann Lee"><meta property="og:site_name" content="Courier"><title>'
    page = PAGE.replace("<title>", stated, 1)
    mine = Document(page_content=page, metadata={"site": "mine"})
    (doc,) = ArticleCleaner(output_format="html", metadata=True).transform_documents([mine])
    labelled = label(page)
    assert doc.page_content == labelled.to_html()
    assert (doc.metadata["author"], doc.metadata["site"]) == (labelled.stated.author, "mine")
    assert ("date" in doc.metadata) is bool(labelled.stated.date)
    assert "author" not in ArticleCleaner().transform_documents([mine])[0].metadata
    with pytest.raises(ValueError, match="output format is one of"):
        ArticleCleaner(output_format="pdf")


def test_one_that_cannot_be_cleaned_stays():
    (doc,) = ArticleCleaner(max_size=10).transform_documents(documents()[:1])
    assert (doc.page_content, doc.id) == (PAGE, "a")
    assert doc.metadata["cleaner"]["error"].startswith("InputTooLarge: ")


def test_asynchronously():
    docs = asyncio.run(ArticleCleaner().atransform_documents(documents()))
    assert [doc.page_content for doc in docs] == [clean(PAGE), clean(TEXT)]


def test_a_step_of_a_chain():
    from langchain_core.runnables import Runnable, RunnableLambda

    cleaner = ArticleCleaner()
    assert isinstance(cleaner, Runnable)
    texts = [clean(PAGE), clean(TEXT)]
    assert [doc.page_content for doc in cleaner.invoke(documents())] == texts
    chain = RunnableLambda(lambda name: documents()) | cleaner | (lambda docs: [doc.page_content for doc in docs])
    assert chain.invoke("any") == texts
    assert chain.batch(["any", "other"]) == [texts, texts]
    assert asyncio.run(chain.ainvoke("any")) == texts
    assert next(iter(cleaner.stream(documents())))[0].page_content == clean(PAGE)
