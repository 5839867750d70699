"""A document transformer for LangChain: between a loader and a splitter.

It makes new documents and changes none. The id and the metadata are taken over; ``title`` and ``language`` are added
where the loader has not found them.
"""

from collections.abc import Sequence
from typing import Any

from cleaner.api import Cleaner
from cleaner.integrations.common import attempt, cleaner_of, facts, missing, reasons

try:
    from langchain_core.documents import BaseDocumentTransformer, Document
except ImportError as error:
    raise missing("langchain") from error


class ArticleCleaner(BaseDocumentTransformer):
    """Replaces ``page_content``, HTML or text, by the article.

    ``url_key`` names the metadata that hold the address: LangChain's loaders call it "source". The metadata gain
    ``title`` and ``language`` where they have none, and ``cleaner``: page type, confidence, flags, and how many blocks
    were removed for which reason. A document of which nothing is kept is left out, for there is nothing to index, or
    stays with ``keep_empty``. One that cannot be cleaned stays as it is, with ``cleaner`` saying why as "error".

    The other options are those of :class:`cleaner.Cleaner`; or a ``cleaner`` is passed.
    """

    def __init__(
        self, *, url_key: str = "source", keep_empty: bool = False, cleaner: Cleaner | None = None, **options: Any
    ) -> None:
        self.url_key = url_key
        self.keep_empty = keep_empty
        self.cleaner = cleaner_of(cleaner, options)

    def transform_documents(self, documents: Sequence[Any], **kwargs: Any) -> Sequence[Any]:  # noqa: ARG002 LangChain's
        """The documents that have text, cleaned, in order."""
        cleaned = map(self._clean, documents)
        return [doc for doc in cleaned if doc.page_content or self.keep_empty]

    def _clean(self, doc: Any) -> Any:
        url = doc.metadata.get(self.url_key)
        outcome = attempt(self.cleaner, doc.page_content, url=url if isinstance(url, str) else None)
        found = outcome.document
        if found is None:
            return Document(
                page_content=doc.page_content, metadata={**doc.metadata, "cleaner": {"error": outcome.error}}, id=doc.id
            )
        known = facts(found)
        title, language = known.pop("title"), known.pop("lang")
        metadata = {**doc.metadata, "cleaner": known | {"removed": reasons(found)}}
        metadata["title"] = metadata.get("title") or title
        metadata["language"] = metadata.get("language") or language
        return Document(page_content=outcome.text, metadata=metadata, id=doc.id)
