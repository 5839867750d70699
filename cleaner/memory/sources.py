"""What a memory is given → a page with its prose: sources, and documents that are labelled already."""

from typing import TYPE_CHECKING

from cleaner.document import Block, Document
from cleaner.reading.source import MAX_SIZE, read
from cleaner.segment import segment
from cleaner.segment.page import Page, RawBlock
from cleaner.segment.prose import ProseMap, find_prose
from cleaner.text.characters import one_line

if TYPE_CHECKING:
    from cleaner.reading.source import Kind, SourceInput


def page_of_source(source: "SourceInput", kind: "Kind" = "auto", max_size: int = MAX_SIZE) -> tuple[Page, ProseMap]:
    """The page of a source. Raises as :meth:`cleaner.Cleaner.label` does."""
    decoded = read(source, kind, max_size=max_size)
    page = segment(decoded.text, decoded.kind, utf8=decoded.utf8)
    return page, find_prose(page.blocks)


def page_of_document(document: Document) -> tuple[Page, ProseMap]:
    """The page that a document was made of, as far as a memory reads it. A text is put together again; of HTML the
    blocks are as they were, and the regions around them are unknown.
    """
    if document.kind == "text":
        return page_of_source("".join(block.gap + block.text for block in document.blocks), "text")
    page = Page("html", [_raw(block) for block in document.blocks], metadata=document.stated)
    return page, find_prose(page.blocks)


def _raw(block: Block) -> RawBlock:
    linked = sum(mark.end - mark.start for mark in block.marks if mark.tag == "a")
    plain = one_line(block.text)
    return RawBlock(block.text, plain, block.tag, context=block.context, cell=block.cell, linked=linked)
