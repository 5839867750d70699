"""The components for Haystack, against haystack-ai."""

import inspect
from dataclasses import replace

import pytest
from helpers import TYPICAL_PAGE, TYPICAL_TEXT

pytest.importorskip("haystack")

from haystack import Document, Pipeline
from haystack.components.converters import HTMLToDocument
from haystack.dataclasses import ByteStream

from cleaner import Cleaner, clean, label
from cleaner.integrations.haystack import ArticleCleaner, ArticleToDocument

PAGE = TYPICAL_PAGE.read_text("utf-8")
TEXT = TYPICAL_TEXT.read_text("utf-8")
EMPTY = "<nav><a href='/'>Home</a></nav>"
STATED = PAGE.replace("<title>", '<meta name="author" content="Ann Lee"><title>', 1)

pytestmark = pytest.mark.filterwarnings("ignore")


def test_the_converter_takes_and_returns_what_haystacks_does(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(PAGE, "utf-8")
    sources = [path, str(path), ByteStream(PAGE.encode(), meta={"url": "https://a.example/1", "title": "theirs"})]
    theirs = HTMLToDocument().run(sources=sources, meta={"set": "x"})["documents"]
    ours = ArticleToDocument().run(sources=sources, meta={"set": "x"})["documents"]
    assert [doc.content for doc in ours] == [clean(PAGE)] * 3
    for mine, other in zip(ours, theirs, strict=True):
        assert other.meta.items() <= mine.meta.items()
    assert ours[2].meta["title"] == "theirs"
    assert (ours[0].meta["title"], ours[0].meta["language"]) == (label(PAGE).title, "en")
    assert ours[0].meta["cleaner_page_type"] == "article"
    assert all(isinstance(value, str | float) for value in ours[0].meta.values())
    full = ArticleToDocument(store_full_path=True).run(sources=[path])["documents"][0]
    assert full.meta["file_path"] == str(path)


def test_sources_that_give_no_document(tmp_path):
    sources = [tmp_path / "none.html", ByteStream(EMPTY.encode()), ByteStream(b""), ByteStream(PAGE.encode())]
    meta = [{"n": n} for n in range(4)]
    (doc,) = ArticleToDocument().run(sources=sources, meta=meta)["documents"]
    assert doc.meta["n"] == 3
    assert ArticleToDocument(options={"max_size": 10}).run(sources=sources)["documents"] == []


def test_the_cleaner_of_documents():
    picture = Document(content=None, blob=ByteStream(b"x"))
    before = [Document(content=TEXT, meta={"n": 1}, score=0.5), Document(content=EMPTY), picture]
    copies = [replace(doc) for doc in before]
    text, other = ArticleCleaner().run(documents=before)["documents"]
    assert before == copies
    assert (text.content, text.meta["n"], text.score, other) == (clean(TEXT), 1, 0.5, picture)
    assert text.id not in ("", before[0].id)


def test_options_and_formats():
    options = {"output_format": "markdown", "metadata": True, "options": {"also_keep": ["caption"]}}
    doc = Cleaner(also_keep=["caption"]).label(STATED)
    for component in (
        ArticleToDocument(**options),
        ArticleToDocument.from_dict(ArticleToDocument(**options).to_dict()),
    ):
        (document,) = component.run(sources=[ByteStream(STATED.encode())])["documents"]
        assert (document.content, document.meta["author"]) == (doc.to_markdown(), doc.stated.author)
    with pytest.raises(ValueError, match="spam"):
        ArticleCleaner(options={"keep": ["spam"]})


def test_a_pipeline_comes_back_from_yaml():
    pipeline = Pipeline()
    pipeline.add_component("converter", HTMLToDocument(extraction_kwargs={"favor_recall": True}))
    pipeline.add_component("cleaner", ArticleCleaner(output_format="text", options={"threshold": 0.5}))
    pipeline.connect("converter", "cleaner")
    known = "allowed_modules" in inspect.signature(Pipeline.loads).parameters  # from 3.0 on
    trust = {"allowed_modules": ["cleaner.integrations.haystack"]} if known else {}
    again = Pipeline.loads(pipeline.dumps(), **trust)
    data = {"converter": {"sources": [ByteStream(PAGE.encode())]}}
    (doc,) = again.run(data)["cleaner"]["documents"]
    (same,) = pipeline.run(data)["cleaner"]["documents"]
    assert doc == same
    raw = HTMLToDocument(extraction_kwargs={"favor_recall": True}).run(**data["converter"])["documents"][0].content
    assert doc.content == clean(raw)
