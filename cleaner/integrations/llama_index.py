"""A transformation and a reader for LlamaIndex.

::

    IngestionPipeline(transformations=[ArticleCleaner(), SentenceSplitter()])       # pages that a reader has loaded
    SimpleDirectoryReader("pages", file_extractor={".html": ArticleReader()})       # files

Nodes are copied and not changed. What is added to the metadata are strings and numbers, as vector stores want them.
What describes the cleaning (``cleaner_…``) is left out of what is embedded or shown to a model.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cleaner.api import Cleaner
from cleaner.errors import install_hint
from cleaner.export.record import Format, RecordOptions
from cleaner.integrations.common import FACTS, CleaningResult, clean_record, index_metadata

try:
    from llama_index.core.bridge.pydantic import Field, PrivateAttr
    from llama_index.core.readers.base import BaseReader
    from llama_index.core.schema import BaseNode, Document, MetadataMode, TransformComponent
except ImportError as error:
    raise ImportError(install_hint("llama-index-core", "llama-index")) from error


class ArticleCleaner(TransformComponent):
    """Replaces the text of nodes, which is HTML or the output of an extractor, by the article.

    Use it before a splitter: it needs whole pages. ``title``, ``language`` and, with ``metadata``, ``author``,
    ``date``, ``site`` and ``description`` are added to the metadata where they are missing; ``cleaner_page_type``,
    ``cleaner_confidence``, ``cleaner_flags`` and ``cleaner_error`` always. A node of which nothing is kept is left out;
    with ``keep_empty`` it stays. A node that cannot be cleaned keeps its text, one without text stays as it is.

    ``options`` are those of :class:`cleaner.Cleaner`. They are a dict, and not a ``Cleaner``, because LlamaIndex writes
    the fields of a transformation into its cache.
    """

    url_key: str = Field(default="url", description="the metadata that hold the address")
    output_format: Format = Field(default="text", description='"text", "markdown" or "html"')
    metadata: bool = Field(default=False, description="whether author, date, site and description are added")
    keep_empty: bool = Field(default=False, description="whether nodes without an article stay")
    options: dict[str, Any] = Field(default_factory=dict, description="the options of the Cleaner")
    _cleaner: Cleaner = PrivateAttr()
    _record: RecordOptions = PrivateAttr()

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self._cleaner = Cleaner(**self.options)
        self._record = RecordOptions(self.output_format, self.metadata)

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex writes it."""
        return "ArticleCleaner"

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:  # noqa: ARG002 LlamaIndex's
        """The nodes that have text, cleaned, in order."""
        cleaned = [self._cleaned(node) if hasattr(node, "text") else node for node in nodes]
        return [node for node in cleaned if node is not None]

    def clean(self, source: Any, metadata: Mapping[str, Any]) -> CleaningResult:
        """The article of a source with these metadata."""
        return clean_record(self._cleaner, source, url=metadata.get(self.url_key), options=self._record)

    def _cleaned(self, node: BaseNode) -> BaseNode | None:
        result = self.clean(node.get_content(metadata_mode=MetadataMode.NONE), node.metadata)
        if not (result.text or result.error or self.keep_empty):
            return None
        copy = node.model_copy()
        copy.metadata = index_metadata(result, node.metadata)
        copy.excluded_embed_metadata_keys = [*dict.fromkeys((*node.excluded_embed_metadata_keys, *FACTS))]
        copy.excluded_llm_metadata_keys = [*dict.fromkeys((*node.excluded_llm_metadata_keys, *FACTS))]
        if not result.error:
            copy.set_content(result.text)
        return copy


class ArticleReader(BaseReader):
    """Reads files with HTML, or with the output of an extractor, as one document each.

    The documents are those of :class:`ArticleCleaner`, with the same options; a file without an article gives none.
    """

    def __init__(self, **fields: Any) -> None:
        self.cleaner = ArticleCleaner(**fields)

    def load_data(self, file: Path | str, extra_info: dict[str, Any] | None = None, fs: Any = None) -> list[Document]:
        """The document of a file, with ``extra_info`` as metadata. ``fs`` is a file system of fsspec.

        Raises ``OSError`` for a file that cannot be read.
        """
        if fs is None:
            data = Path(file).read_bytes()
        else:
            with fs.open(str(file), "rb") as stream:
                data = stream.read()
        own = extra_info or {}
        result = self.cleaner.clean(data, own)
        if not (result.text or self.cleaner.keep_empty):
            return []
        keys = list(FACTS)
        return [
            Document(
                text=result.text,
                metadata=index_metadata(result, own),
                excluded_embed_metadata_keys=keys,
                excluded_llm_metadata_keys=keys,
            )
        ]
