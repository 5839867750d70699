"""An item pipeline for Scrapy, and the add-on that switches it on.

::

    ADDONS = {"cleaner.integrations.scrapy.CleanerAddon": 500}

==========================  ==========  ==============================================================================
setting                     default     what it says
==========================  ==========  ==============================================================================
CLEANER_ENABLED             True        whether anything is done
CLEANER_FIELD_IN            "html"      the item's field that holds the source: HTML or text, str or bytes
CLEANER_FIELD_OUT           "text"      the field that gets the text; the same name replaces the source
CLEANER_FIELD_URL           "url"       the field that holds the address
CLEANER_FIELD_TITLE         none        a field that gets the headline, where it holds nothing yet
CLEANER_FIELD_ERROR         none        a field that gets the reason where cleaning failed
CLEANER_KEEP                none        labels to keep instead of the default: a list, or separated by commas
CLEANER_THRESHOLD           0.5         between 0 and 1; higher removes more
CLEANER_PACKS               none        rule packs of your own: a list of paths, or separated by commas
CLEANER_IN_THREAD           True        whether pages are cleaned in a thread, while Scrapy goes on downloading
==========================  ==========  ==============================================================================

An item is never lost: one that cannot be cleaned goes on as it came, and is counted. The counts are in the crawl's
stats: ``cleaner/cleaned``, ``cleaner/empty``, ``cleaner/skipped`` (no such field, or nothing in it), ``cleaner/errors``
and ``cleaner/errors/<name>``, ``cleaner/removed/<label>``, ``cleaner/flags/<flag>``.
"""

import logging
from collections.abc import Mapping
from typing import Any, Final, Self

from cleaner.api import Cleaner
from cleaner.integrations.common import Outcome, attempt, missing, removed

try:
    from itemadapter import ItemAdapter
    from scrapy.exceptions import NotConfigured
    from scrapy.utils.asyncio import run_in_thread
except ImportError as error:
    raise missing("scrapy") from error

logger = logging.getLogger(__name__)

#: Where the pipeline stands among others: behind those that check items, ahead of those that store them.
PRIORITY: Final = 250


class CleanerPipeline:
    """Cleans a field of each item; dict, dataclass, attrs, pydantic and Scrapy's own items alike."""

    def __init__(self, cleaner: Cleaner, fields: Mapping[str, str], stats: Any, *, in_thread: bool = True) -> None:
        self.cleaner = cleaner
        self.fields = fields
        self.stats = stats
        self.in_thread = in_thread

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """The pipeline as the settings have it; a setting that cannot be used ends the crawl before it begins."""
        settings = crawler.settings
        if not settings.getbool("CLEANER_ENABLED", True):
            raise NotConfigured
        cleaner = Cleaner(
            keep=settings.getlist("CLEANER_KEEP") if settings.get("CLEANER_KEEP") is not None else None,
            threshold=settings.getfloat("CLEANER_THRESHOLD", 0.5),
            packs=settings.getlist("CLEANER_PACKS"),
        )
        default = {"IN": "html", "OUT": "text", "URL": "url", "TITLE": "", "ERROR": ""}
        fields = {name: settings.get(f"CLEANER_FIELD_{name}") or field for name, field in default.items()}
        return cls(cleaner, fields, crawler.stats, in_thread=settings.getbool("CLEANER_IN_THREAD", True))

    async def process_item(self, item: Any) -> Any:
        """The item, with the text in its field."""
        if not ItemAdapter.is_item(item):
            self._count("skipped")
            return item
        adapter = ItemAdapter(item)
        source = adapter.get(self.fields["IN"])
        if source is None or (isinstance(source, str | bytes) and not source):
            self._count("skipped")
            return item
        url = adapter.get(self.fields["URL"])
        url = url if isinstance(url, str) else None
        if self.in_thread:
            outcome = await run_in_thread(attempt, self.cleaner, source, url=url)
        else:
            outcome = attempt(self.cleaner, source, url=url)
        try:
            self._fill(adapter, outcome)
        except Exception as error:  # an item may refuse a field, or what is put there; it must not be lost for that
            self._fail(adapter, f"{type(error).__name__}: {error}", type(error).__name__)
        return item

    def _fill(self, adapter: Any, outcome: Outcome) -> None:
        doc = outcome.document
        if doc is None:
            self._fail(adapter, outcome.error, outcome.kind)
            return
        adapter[self.fields["OUT"]] = outcome.text
        title = self.fields["TITLE"]
        if title and doc.title and not adapter.get(title):
            adapter[title] = doc.title
        self._count("cleaned" if outcome.text else "empty")
        for label, count in removed(doc).items():
            self._count(f"removed/{label}", count)
        for flag in doc.flags:
            self._count(f"flags/{flag.split(':')[0]}")

    def _fail(self, adapter: Any, error: str, kind: str) -> None:
        self._count("errors")
        self._count(f"errors/{kind}")
        logger.warning("not cleaned: %s", error)
        if self.fields["ERROR"]:
            try:
                adapter[self.fields["ERROR"]] = error
            except Exception:  # the item has no such field either
                self._count("errors/no_field_for_error")

    def _count(self, name: str, count: int = 1) -> None:
        self.stats.inc_value(f"cleaner/{name}", count)


class CleanerAddon:
    """The add-on: puts the pipeline among the item pipelines, unless the project has put it somewhere itself."""

    def update_settings(self, settings: Any) -> None:
        """What Scrapy calls before a crawl."""
        settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", CleanerPipeline, PRIORITY)
