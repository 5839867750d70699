"""The transformation and the reader for LlamaIndex, against llama-index-core."""

import asyncio

import pytest
from helpers import TYPICAL_PAGE, TYPICAL_TEXT

pytest.importorskip("llama_index.core")

from llama_index.core import SimpleDirectoryReader
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import Document, ImageNode, MetadataMode, TextNode

from cleaner import Cleaner, clean, label
from cleaner.integrations.llama_index import ArticleCleaner, ArticleReader

PAGE = TYPICAL_PAGE.read_text("utf-8")
TEXT = TYPICAL_TEXT.read_text("utf-8")
EMPTY = "<nav><a href='/'>Home</a></nav>"
STATED = PAGE.replace("<title>", '<meta name="author" content="Ann Lee"><title>', 1)

pytestmark = pytest.mark.filterwarnings("ignore")


def test_nodes_are_cleaned_and_their_own_facts_stay():
    before = [
        Document(text=PAGE, id_="a", metadata={"title": "theirs", "url": "https://a.example/1"}),
        TextNode(text=TEXT),
    ]
    copies = [node.model_copy(deep=True) for node in before]
    page, text = ArticleCleaner()(before)
    assert before == copies, "the nodes that are passed stay as they are"
    assert (page.text, page.id_, page.metadata["title"]) == (clean(PAGE), "a", "theirs")
    assert (text.text, text.metadata["language"], text.metadata["title"]) == (clean(TEXT), "en", label(TEXT).title)
    assert page.metadata["cleaner_page_type"] == "article"
    assert all(isinstance(value, str | float) for value in page.metadata.values())
    for mode in (MetadataMode.EMBED, MetadataMode.LLM):
        assert "cleaner_" not in page.get_content(metadata_mode=mode)
        assert "title: theirs" in page.get_content(metadata_mode=mode)


def test_options_and_formats():
    (node,) = ArticleCleaner(options={"also_keep": ["caption"]}, output_format="markdown", metadata=True)(
        [TextNode(text=STATED)]
    )
    doc = Cleaner(also_keep=["caption"]).label(STATED)
    assert (node.text, node.metadata["author"]) == (doc.to_markdown(), doc.stated.author)
    with pytest.raises(ValueError, match="output"):
        ArticleCleaner(output_format="pdf")
    with pytest.raises(ValueError, match="spam"):
        ArticleCleaner(options={"keep": ["spam"]})
    again = ArticleCleaner.from_dict(ArticleCleaner(options={"drop": ["body"]}).to_dict())
    assert again.options == {"drop": ["body"]}
    assert again([TextNode(text=PAGE)]) == []


def test_what_has_no_article():
    assert ArticleCleaner()([TextNode(text=EMPTY)]) == []
    (node,) = ArticleCleaner(keep_empty=True)([TextNode(text=EMPTY)])
    assert node.text == ""
    (node,) = ArticleCleaner(options={"max_size": 10})([TextNode(text=PAGE)])
    assert node.text == PAGE
    assert node.metadata["cleaner_error"].startswith("InputTooLarge: ")
    picture = ImageNode(image_url="https://a.example/p.jpg")
    assert ArticleCleaner(keep_empty=True)([picture])[0].image_url == picture.image_url


def test_a_pipeline():
    pipeline = IngestionPipeline(transformations=[ArticleCleaner(), SentenceSplitter(chunk_size=128, chunk_overlap=0)])
    nodes = pipeline.run(documents=[Document(text=PAGE), Document(text=EMPTY)])
    assert len(nodes) > 1
    assert "".join(" ".join(node.text for node in nodes).split()) == "".join(clean(PAGE).split())
    assert len(asyncio.run(pipeline.arun(documents=[Document(text=PAGE)]))) == len(nodes)


def test_the_reader(tmp_path):
    (tmp_path / "a.html").write_text(STATED, "utf-8")
    (tmp_path / "b.html").write_text(EMPTY, "utf-8")
    reader = SimpleDirectoryReader(str(tmp_path), file_extractor={".html": ArticleReader(metadata=True)})
    (doc,) = reader.load_data()
    assert doc.text == clean(STATED)
    assert (doc.metadata["file_name"], doc.metadata["author"]) == ("a.html", label(STATED).stated.author)
    assert ArticleReader().load_data(tmp_path / "a.html", extra_info={"url": "https://a.example/"})[0].text == clean(
        PAGE
    )
    fsspec = pytest.importorskip("fsspec")
    assert ArticleReader().load_data(tmp_path / "a.html", fs=fsspec.filesystem("file"))[0].text == clean(PAGE)
    with pytest.raises(OSError, match="none"):
        ArticleReader().load_data(tmp_path / "none.html")
