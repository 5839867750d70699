"""A document transformer for LangChain, to be used between a loader and a splitter.

It makes new documents and changes none. The id and the metadata are copied; ``title`` and ``language`` are added if the
loader has not found them.
"""

from collections.abc import Sequence
from typing import Any

from cleaner.api import Cleaner
from cleaner.errors import install_hint
from cleaner.export.record import Format, RecordOptions, removed_by_rule
from cleaner.integrations.common import clean_record, resolve_cleaner, stated_strings

try:
    from langchain_core.documents import BaseDocumentTransformer, Document
    from langchain_core.runnables import Runnable, RunnableConfig
except ImportError as error:
    raise ImportError(install_hint("langchain-core", "langchain")) from error


class ArticleCleaner(BaseDocumentTransformer, Runnable[Sequence[Document], Sequence[Document]]):
    """Replaces ``page_content``, which is HTML or text, by the article.

    ``url_key`` names the metadata that hold the address; LangChain's loaders call it "source". The metadata ``title``
    and ``language`` are added if they are missing, and so is ``cleaner``: page type, confidence, flags, and the number
    of removed blocks for each rule. A document of which nothing is kept is left out, because there is nothing to index;
    with ``keep_empty`` it stays. A document that cannot be cleaned stays unchanged, with the reason as "error" in
    ``cleaner``.

    ``output_format`` is that of ``page_content``: "text", "markdown" or "html". ``metadata`` adds ``author``, ``date``,
    ``site`` and ``description``, as strings, where the page names them and the loader has not.

    It is a Runnable too: ``ArticleCleaner() | store.add_documents`` is a chain, ``invoke`` takes documents.

    The other options are those of :class:`cleaner.Cleaner`; or a ``cleaner`` is passed.
    """

    def __init__(
        self,
        *,
        url_key: str = "source",
        keep_empty: bool = False,
        output_format: Format = "text",
        metadata: bool = False,
        cleaner: Cleaner | None = None,
        **options: Any,
    ) -> None:
        self.url_key = url_key
        self.keep_empty = keep_empty
        self.record = RecordOptions(output_format, metadata)
        self.cleaner = resolve_cleaner(cleaner, options)

    def transform_documents(self, documents: Sequence[Any], **kwargs: Any) -> Sequence[Any]:  # noqa: ARG002 LangChain's
        """The documents that have text, cleaned, in order."""
        cleaned = map(self._clean, documents)
        return [doc for doc in cleaned if doc.page_content or self.keep_empty]

    def invoke(self, input: Sequence[Any], config: RunnableConfig | None = None, **kwargs: Any) -> Sequence[Any]:  # noqa: A002 LangChain's
        """The documents that have text, cleaned, in order: a step of a chain, of which tracers are told."""
        return self._call_with_config(self.transform_documents, input, config, **kwargs)  # type: ignore[no-any-return]

    def _clean(self, doc: Any) -> Any:
        url = doc.metadata.get(self.url_key)
        result = clean_record(self.cleaner, doc.page_content, url=url, options=self.record)
        if result.document is None:
            metadata = {**doc.metadata, "cleaner": {"error": result.error}}
            return Document(page_content=doc.page_content, metadata=metadata, id=doc.id)
        values = result.fields
        facts = {name: values[name] for name in ("page_type", "confidence", "flags")}
        metadata = {**doc.metadata, "cleaner": facts | {"removed": removed_by_rule(result.document)}}
        metadata["title"] = metadata.get("title") or values["title"]
        metadata["language"] = metadata.get("language") or values["lang"]
        metadata |= {name: value for name, value in stated_strings(values).items() if value and not metadata.get(name)}
        return Document(page_content=result.text, metadata=metadata, id=doc.id)
