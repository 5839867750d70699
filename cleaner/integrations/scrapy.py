"""An item pipeline for Scrapy, and the add-on that enables it.

::

    ADDONS = {"cleaner.integrations.scrapy.CleanerAddon": 500}

==========================  ==========  ==============================================================================
setting                     default     meaning
==========================  ==========  ==============================================================================
CLEANER_ENABLED             True        whether the pipeline runs
CLEANER_FIELD_IN            "html"      the field of the item that holds the source: HTML or text, str or bytes
CLEANER_FIELD_OUT           "text"      the field for the text; the same name as CLEANER_FIELD_IN replaces the source
CLEANER_FIELD_URL           "url"       the field that holds the address
CLEANER_FIELD_TITLE         none        a field for the headline, which is set if it is empty
CLEANER_FIELD_METADATA      none        a field for a dict: title, authors, date, language, confidence, flags, …
CLEANER_FIELDS              {}          fields for parts of that dict: {"lang": "language", "flags": "cleaner_flags"}
CLEANER_KEEP_SOURCE         False       whether the source stays in an item that was cleaned
CLEANER_FIELD_ERROR         none        a field for the reason if cleaning fails
CLEANER_FORMAT              "text"      what the text is: "text", "markdown" or "html"
CLEANER_KEEP                none        labels to keep instead of the default: a list, or separated by commas
CLEANER_ALSO_KEEP           none        labels to keep in addition to the default, in the same form
CLEANER_DROP                none        labels of the default that are not kept, in the same form
CLEANER_THRESHOLD           0.5         above 0 and below 1; a higher value removes more
CLEANER_PACKS               none        rule packs of your own: a list of paths, or separated by commas
CLEANER_MEMORY              none        the file of a site memory that grows while crawling; True for one in the JOBDIR
CLEANER_IN_THREAD           True        whether pages are cleaned in a thread, while Scrapy continues downloading
==========================  ==========  ==============================================================================

No item is lost: an item that cannot be cleaned keeps its source, and is counted. Where bytes would stay in an item,
they are decoded, since feeds cannot store them; of a PDF or a picture nothing stays. The statistics of the crawl have
``cleaner/cleaned``, ``cleaner/empty``, ``cleaner/skipped`` (the field is missing or empty), ``cleaner/errors``,
``cleaner/errors/<name>``, ``cleaner/removed/<label>`` and ``cleaner/flags/<flag>``.
"""

import logging
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

from cleaner.api import Cleaner
from cleaner.document import Document
from cleaner.errors import install_hint
from cleaner.export.record import FIELDS, METADATA_FIELDS, Format, RecordOptions, removed_by_label
from cleaner.integrations.common import CleaningResult, clean_record, remember
from cleaner.reading.decode import decode
from cleaner.text.characters import encodable

try:
    from itemadapter import ItemAdapter
    from scrapy.exceptions import NotConfigured
    from scrapy.utils.asyncio import run_in_thread
except ImportError as error:
    raise ImportError(install_hint("scrapy", "scrapy")) from error

logger = logging.getLogger(__name__)

#: Position among the item pipelines: after those that validate items, before those that store them.
PRIORITY: Final = 250
#: Pages after which a memory is saved, and the name of its file in the job directory.
SAVE_EVERY: Final = 1_000
MEMORY_NAME: Final = "cleaner.memory"


class CleanerPipeline:
    """Cleans a field of each item. Items may be dicts, dataclasses, attrs or pydantic objects, or Scrapy's own."""

    def __init__(  # noqa: PLR0913 what the settings say
        self,
        cleaner: Cleaner,
        fields: Mapping[str, str],
        stats: Any,
        *,
        facts: Mapping[str, str] | None = None,
        keep_source: bool = False,
        output_format: Format = "text",
        in_thread: bool = True,
        memory: "GrowingMemory | None" = None,
    ) -> None:
        self.cleaner = cleaner
        self.memory = memory
        self.fields = fields
        self.facts = facts or {}
        if unknown := sorted(set(self.facts) - {*FIELDS, *METADATA_FIELDS}):
            raise ValueError(
                f"CLEANER_FIELDS names {', '.join(unknown)}; there are {', '.join((*FIELDS, *METADATA_FIELDS))}"
            )
        wants_metadata = bool(fields["METADATA"]) or not set(METADATA_FIELDS).isdisjoint(self.facts)
        self.record = RecordOptions(output_format, metadata=wants_metadata)
        self.keep_source = keep_source
        self.stats = stats
        self.in_thread = in_thread

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """The pipeline with the settings of the crawl. Raises ``ValueError`` for a wrong one, before the crawl begins.

        Raises ``NotConfigured`` where the pipeline is switched off.
        """
        settings = crawler.settings
        if not settings.getbool("CLEANER_ENABLED", True):
            raise NotConfigured
        memory = _memory(settings.get("CLEANER_MEMORY"), settings.get("JOBDIR"))
        cleaner = Cleaner(
            memory=memory.memory if memory else None,
            keep=settings.getlist("CLEANER_KEEP") if settings.get("CLEANER_KEEP") is not None else None,
            also_keep=settings.getlist("CLEANER_ALSO_KEEP"),
            drop=settings.getlist("CLEANER_DROP"),
            threshold=settings.getfloat("CLEANER_THRESHOLD", 0.5),
            packs=settings.getlist("CLEANER_PACKS"),
        )
        defaults = {"IN": "html", "OUT": "text", "URL": "url", "TITLE": "", "METADATA": "", "ERROR": ""}
        fields = {name: settings.get(f"CLEANER_FIELD_{name}") or default for name, default in defaults.items()}
        return cls(
            cleaner,
            fields,
            crawler.stats,
            facts=settings.getdict("CLEANER_FIELDS"),
            keep_source=settings.getbool("CLEANER_KEEP_SOURCE", False),
            output_format=settings.get("CLEANER_FORMAT", "text"),
            in_thread=settings.getbool("CLEANER_IN_THREAD", True),
            memory=memory,
        )

    def close_spider(self) -> None:
        """Called by Scrapy at the end of a crawl."""
        if self.memory:
            self.memory.save()

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
        if self.in_thread:
            result = await run_in_thread(clean_record, self.cleaner, source, url=url, options=self.record)
        else:
            result = clean_record(self.cleaner, source, url=url, options=self.record)
        try:
            self._fill(adapter, result)
            if self.memory and result.document:
                self._count(f"memory/{self.memory.add(result.document, url)}")
        except Exception as error:  # an item may refuse a field or a value; it must not be lost because of that
            self._fail(adapter, f"{type(error).__name__}: {error}", type(error).__name__)
        _decode_source(adapter, self.fields["IN"])
        return item

    def _fill(self, adapter: Any, result: CleaningResult) -> None:
        doc = result.document
        if doc is None:
            self._fail(adapter, result.error, result.error_kind)
            return
        adapter[self.fields["OUT"]] = result.text
        title_field = self.fields["TITLE"]
        if title_field and doc.title and not adapter.get(title_field):
            adapter[title_field] = doc.title
        if self.fields["METADATA"]:
            adapter[self.fields["METADATA"]] = {name: value for name, value in result.fields.items() if name != "text"}
        for name, target in self.facts.items():
            adapter[target] = result.fields[name]
        if not self.keep_source and self.fields["IN"] != self.fields["OUT"]:
            _drop(adapter, self.fields["IN"])
        self._count("cleaned" if result.text else "empty")
        for label, count in removed_by_label(doc).items():
            self._count(f"removed/{label}", count)
        for flag in doc.flags:
            self._count(f"flags/{flag.split(':')[0]}")

    def _fail(self, adapter: Any, error: str, error_kind: str) -> None:
        self._count("errors")
        self._count(f"errors/{error_kind}")
        logger.warning("not cleaned: %s: %s", adapter.get(self.fields["URL"]) or "no address", error)
        if self.fields["ERROR"]:
            try:
                adapter[self.fields["ERROR"]] = error
            except Exception:  # the item has no such field
                self._count("errors/no_field_for_error")

    def _count(self, name: str, count: int = 1) -> None:
        self.stats.inc_value(f"cleaner/{name}", count)


class GrowingMemory:
    """A site memory to which each cleaned page is added, and which is saved every ``SAVE_EVERY`` pages and at the end.

    Raises :class:`cleaner.memory.MemoryFileError` for a file that cannot be read.
    """

    def __init__(self, path: Path) -> None:
        from cleaner.memory import SiteMemory

        self.path = path
        self.memory = SiteMemory.load(path) if path.exists() else SiteMemory()
        self._added = 0

    def add(self, document: Document, url: Any) -> str:
        """Add a page. Returns what to count; see :func:`~cleaner.integrations.common.remember`."""
        counted = remember(self.memory, document, url)
        self._added += counted == "added"
        if self._added >= SAVE_EVERY:
            self.save()
        return counted

    def save(self) -> None:
        """Write the file, where anything was added."""
        if self._added:
            self._added = 0
            self.memory.save(self.path)


def _memory(setting: Any, job_folder: str | None) -> GrowingMemory | None:
    """The memory that a setting names. Raises ``ValueError`` for True without a JOBDIR, and for a file that cannot be
    written: that would be found out when the first thousand pages are to be saved.
    """
    if not setting or str(setting).lower() in ("false", "0"):
        return None
    if str(setting).lower() not in ("true", "1"):
        if not Path(setting).absolute().parent.is_dir():
            raise ValueError(f"CLEANER_MEMORY is {setting}: its directory does not exist")
        return GrowingMemory(Path(setting))
    if not job_folder:
        raise ValueError("CLEANER_MEMORY = True keeps the memory in the JOBDIR: set JOBDIR, or name a file")
    Path(job_folder).mkdir(parents=True, exist_ok=True)
    return GrowingMemory(Path(job_folder, MEMORY_NAME))


def _drop(adapter: Any, name: str) -> None:
    """Take a field out of an item. An object keeps the attribute, which other code expects, and it is None."""
    if isinstance(adapter.item, MutableMapping):
        del adapter[name]
    else:
        _set_if_allowed(adapter, name, None)


def _decode_source(adapter: Any, name: str) -> None:
    """Make a string of bytes that stay in an item."""
    source = adapter.get(name)
    if isinstance(source, bytes | bytearray | memoryview):
        _set_if_allowed(adapter, name, encodable(decode(bytes(source)).text))


def _set_if_allowed(adapter: Any, name: str, value: str | None) -> None:
    """Set a field of an item; one that is frozen, or whose field takes bytes alone, keeps the source."""
    with suppress(Exception):
        adapter[name] = value


class CleanerAddon:
    """The add-on: adds the pipeline to the item pipelines, unless the project's settings have it already."""

    def update_settings(self, settings: Any) -> None:
        """Called by Scrapy before a crawl."""
        settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", CleanerPipeline, PRIORITY)
