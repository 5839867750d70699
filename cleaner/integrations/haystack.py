"""Components for Haystack: a converter in the place of ``HTMLToDocument``, and a cleaner of documents.

::

    pipeline.add_component("converter", ArticleToDocument())    # instead of HTMLToDocument()
    pipeline.add_component("cleaner", ArticleCleaner())         # after a converter of another kind

``options`` are those of :class:`cleaner.Cleaner`, as a dict, because Haystack writes the arguments of a component into
YAML. Haystack 3 reads them back with ``Pipeline.load(…, allowed_modules=["cleaner.integrations.haystack"])``. What is
added to ``meta`` are strings and numbers, as document stores want them.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from cleaner.api import Cleaner
from cleaner.errors import install_hint
from cleaner.export.record import Format, RecordOptions
from cleaner.integrations.common import clean_record, index_metadata

try:
    from haystack import Document, component, default_from_dict, default_to_dict, logging
    from haystack.components.converters.utils import get_bytestream_from_source, normalize_metadata
    from haystack.dataclasses import ByteStream
except ImportError as error:
    raise ImportError(install_hint("haystack-ai", "haystack")) from error

logger = logging.getLogger(__name__)


class _Component:
    """What both components have: their arguments, and how they are written."""

    def __init__(
        self,
        *,
        url_key: str = "url",
        output_format: Format = "text",
        metadata: bool = False,
        options: dict[str, Any] | None = None,
    ) -> None:
        self.url_key = url_key
        self.output_format = output_format
        self.metadata = metadata
        self.options = options or {}
        self._cleaner = Cleaner(**self.options)
        self._record = RecordOptions(output_format, metadata)

    def _arguments(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("url_key", "output_format", "metadata", "options")}

    def to_dict(self) -> dict[str, Any]:
        """The component as plain data, for Haystack's YAML."""
        return dict(default_to_dict(self, **self._arguments()))

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Any:
        """The component that :meth:`to_dict` wrote."""
        return default_from_dict(cls, data)

    def _document(self, source: Any, meta: dict[str, Any]) -> Any:
        """The article of a source as a document; None where there is none, which is logged."""
        result = clean_record(self._cleaner, source, url=meta.get(self.url_key), options=self._record)
        if result.error:
            logger.warning("A source cannot be cleaned and is skipped: {error}", error=result.error)
        return Document(content=result.text, meta=index_metadata(result, meta)) if result.text else None


@component
class ArticleToDocument(_Component):
    """Converts HTML files to documents that hold the article; it takes and returns what ``HTMLToDocument`` does.

    ``url_key`` names the meta that hold the address. ``output_format`` is that of the content: "text", "markdown" or
    "html". ``metadata`` adds ``author``, ``date``, ``site`` and ``description`` to the meta. ``store_full_path`` is as
    in Haystack's converters. A source that cannot be read, or that has no article, is skipped and logged.
    """

    def __init__(self, *, store_full_path: bool = False, **arguments: Any) -> None:
        _Component.__init__(self, **arguments)  # the decorator makes a new class, in which super() has no meaning
        self.store_full_path = store_full_path

    def _arguments(self) -> dict[str, Any]:
        return {**_Component._arguments(self), "store_full_path": self.store_full_path}  # noqa: SLF001 as above

    @component.output_types(documents=list[Document])
    def run(
        self, sources: list[str | Path | ByteStream], meta: dict[str, Any] | list[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        """The documents of files and streams. ``meta`` is for all of them, or a list with one for each."""
        documents = []
        for source, own in zip(sources, normalize_metadata(meta=meta, sources_count=len(sources)), strict=True):
            try:
                stream = get_bytestream_from_source(source=source)
            except Exception as problem:  # as Haystack's own converters do: one file must not stop a pipeline
                logger.warning("Could not read {source}. Skipping it. Error: {error}", source=source, error=problem)
                continue
            whole = {**stream.meta, **own}
            if not self.store_full_path and whole.get("file_path") == stream.meta.get("file_path") is not None:
                whole["file_path"] = Path(stream.meta["file_path"]).name
            document = self._document(stream.data, whole)
            if document:
                documents.append(document)
            else:
                logger.warning("No article in {source}. Skipping it.", source=whole.get("file_path", "a stream"))
        return {"documents": documents}


@component
class ArticleCleaner(_Component):
    """Replaces the content of documents, which is HTML or the output of an extractor, by the article.

    Arguments are those of :class:`ArticleToDocument`, except for ``store_full_path``. A document without content, such
    as one of a picture, stays. One that cannot be cleaned, or of which nothing is kept, is left out and logged.
    """

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, Any]:
        """The documents that have an article. Their ids are made anew, as Haystack makes them of the content."""
        cleaned = []
        for document in documents:
            if document.content is None:
                cleaned.append(document)
            elif article := self._document(document.content, document.meta):
                cleaned.append(replace(document, id="", content=article.content, meta=article.meta))
        return {"documents": cleaned}
