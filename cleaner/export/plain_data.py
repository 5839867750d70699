"""A document as plain data for JSON, and back.

The functions list the fields by hand: ``dataclasses.asdict`` copies every value and takes five times as long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cleaner.document import Block, Cell, Document, Evidence, Image, Label, Mark, Metadata, Origin
from cleaner.export.plain import to_text
from cleaner.text.characters import encodable


def to_dict(doc: Document) -> dict[str, Any]:
    """The document as :meth:`cleaner.Document.to_dict` returns it."""
    data = {
        "title": encodable(doc.title),
        "text": _text(doc),
        "kind": encodable(doc.kind),
        "lang": encodable(doc.lang),
        "page_type": encodable(doc.page_type),
        "confidence": doc.confidence,
        "flags": [encodable(flag) for flag in doc.flags],
        "keep": sorted(label.value for label in doc.keep),
        "base_url": encodable(doc.base_url),
        "metadata": _metadata_to_dict(doc.stated),
        "blocks": [_block_to_dict(block) for block in doc.blocks],
    }
    return data | {"images": [_image_to_dict(image) for image in doc.images]} if doc.images else data


def fields_from_dict(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the document that :func:`to_dict` wrote; what earlier versions did not write has its default.

    Raises ``ValueError`` for other data.
    """
    try:
        return _fields_from_dict(data)
    except KeyError as error:
        raise ValueError(f"Document.from_dict() takes what to_dict() returned; these data have no {error}") from error
    except (TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"Document.from_dict() takes what to_dict() returned; these data differ: {error}") from error


def _fields_from_dict(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "blocks": _blocks_from_dicts(data["blocks"]),
        "keep": frozenset(map(Label, data["keep"])),
        "kind": data["kind"],
        "lang": data["lang"],
        "stated": _metadata_from_dict(data["metadata"]),
        "flags": tuple(data["flags"]),
        "page_type": data.get("page_type", ""),
        "confidence": data.get("confidence", 1.0),
        "base_url": data.get("base_url", ""),
        "images": tuple(Image(row["src"], row["alt"], row["before"]) for row in data.get("images", ())),
    }


# -- to plain data -------------------------------------------------------------------------------


def _text(doc: Document) -> str:
    """The text of the blocks as their dictionaries have it. Few documents have a text that does not encode."""
    if all(block.text.isascii() or encodable(block.text) == block.text for block in doc.blocks):
        return doc.text
    return to_text(replace(doc, blocks=tuple(replace(block, text=encodable(block.text)) for block in doc.blocks)))


def _metadata_to_dict(metadata: Metadata) -> dict[str, Any]:
    return {
        "title": metadata.title,
        "author": metadata.author,
        "authors": list(metadata.authors),
        "date": metadata.date,
        "site": metadata.site,
        "description": metadata.description,
        "url": metadata.url,
        "headline": metadata.headline,
    }


def _image_to_dict(image: Image) -> dict[str, Any]:
    return {"src": encodable(image.src), "alt": encodable(image.alt), "before": image.before}


def _block_to_dict(block: Block) -> dict[str, Any]:
    return {
        "text": encodable(block.text),
        "label": block.label.value,
        "score": block.score,
        "evidence": [_evidence_to_dict(evidence) for evidence in block.evidence],
        "tag": encodable(block.tag),
        "span": None if block.span is None else list(block.span),
        "gap": encodable(block.gap),
        "context": [encodable(tag) for tag in block.context],
        "containers": list(block.containers),
        "cell": None if block.cell is None else block.cell._asdict(),
        "number": block.number,
        "language": encodable(block.language),
        "marks": [
            {"start": mark.start, "end": mark.end, "tag": encodable(mark.tag), "href": encodable(mark.href)}
            for mark in block.marks
        ],
    }


def _evidence_to_dict(evidence: Evidence) -> dict[str, Any]:
    return {
        "name": encodable(evidence.name),
        "label": evidence.label.value,
        "weight": evidence.weight,
        "quote": evidence.quote,
        "rule": encodable(evidence.rule),
        "pattern": evidence.pattern,
        "origin": evidence.origin.value,
    }


# -- from plain data -----------------------------------------------------------------------------


def _blocks_from_dicts(rows: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    blocks = []
    before: Cell | None = None
    for row in rows:
        before = _cell_from_dict(row, before)
        blocks.append(_block_from_dict(row, before))
    return tuple(blocks)


def _cell_from_dict(row: Mapping[str, Any], before: Cell | None) -> Cell | None:
    """The cell of a block. Earlier versions wrote the number of the row alone: each block of a row was a cell."""
    if "cell" in row:
        return None if row["cell"] is None else Cell(**row["cell"])
    if row["row"] is None:
        return None
    column = before.column + 1 if before and before.row == row["row"] else 0
    return Cell(row["row"], column, row["tag"] == "th")


def _block_from_dict(row: Mapping[str, Any], cell: Cell | None) -> Block:
    span = row["span"]
    return Block(
        text=row["text"],
        label=Label(row["label"]),
        score=row["score"],
        evidence=tuple(_evidence_from_dict(evidence) for evidence in row["evidence"]),
        tag=row["tag"],
        span=None if span is None else (span[0], span[1]),
        gap=row["gap"],
        context=tuple(row["context"]),
        containers=tuple(row.get("containers", ())),
        cell=cell,
        number=row.get("number"),
        language=row.get("language", ""),
        marks=tuple(Mark(mark["start"], mark["end"], mark["tag"], mark["href"]) for mark in row["marks"]),
    )


def _evidence_from_dict(row: Mapping[str, Any]) -> Evidence:
    return Evidence(
        name=row["name"],
        label=Label(row["label"]),
        weight=row["weight"],
        quote=row["quote"],
        rule=row["rule"],
        pattern=row.get("pattern"),
        origin=Origin(row.get("origin", Origin.WORDS)),
    )


def _metadata_from_dict(row: Mapping[str, Any]) -> Metadata:
    author = row.get("author", "")
    return Metadata(
        title=row["title"],
        authors=tuple(row.get("authors", (author,) if author else ())),
        date=row["date"],
        site=row["site"],
        description=row["description"],
        url=row["url"],
        headline=row.get("headline", row["title"]),
    )
