"""The Scrapy pipeline: in a crawl of its own process, over pages that a local server gives out."""

import asyncio
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from helpers import ROOT, TYPICAL_PAGE, TYPICAL_TEXT

scrapy = pytest.importorskip("scrapy")

from scrapy.utils.test import get_crawler

from cleaner import Cleaner, clean, label
from cleaner.integrations.scrapy import CleanerPipeline
from cleaner.memory import SiteMemory

PAGE = TYPICAL_PAGE.read_text("utf-8")
TEXT = TYPICAL_TEXT.read_text("utf-8")
EMPTY = "<nav><a href='/'>Home</a></nav>"

pytestmark = pytest.mark.filterwarnings("ignore")


# -- a crawl -----------------------------------------------------------------------------------------------------------

CRAWL = """
import json, sys
from dataclasses import dataclass
import scrapy
from scrapy.crawler import CrawlerProcess

@dataclass
class Story:
    url: str
    html: str
    text: str = ""
    title: str = ""
    language: str = ""

class Strict(scrapy.Item):
    url = scrapy.Field()
    html = scrapy.Field()

class Stories(scrapy.Spider):
    name = "stories"
    start_urls = sys.argv[2:]

    def parse(self, response):
        kind = response.url.rsplit("/", 1)[1]
        if kind == "dataclass":
            yield Story(response.url, response.text)
        elif kind == "strict":
            yield Strict(url=response.url, html=response.text)
        elif kind == "bytes":
            yield {"url": response.url, "html": response.body}
        elif kind == "other":
            yield {"url": response.url, "price": 5}
        elif kind == "bad":
            yield {"url": response.url, "html": ["no", "page"]}
        else:
            yield {"url": response.url, "html": response.text}

process = CrawlerProcess({
    "ADDONS": {"cleaner.integrations.scrapy.CleanerAddon": 500},
    "CLEANER_FIELD_TITLE": "title",
    "CLEANER_FIELD_ERROR": "error",
    "CLEANER_FIELDS": {"lang": "language"},
    "FEEDS": {sys.argv[1]: {"format": "jsonlines"}},
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "WARNING",
})
crawler = process.create_crawler(Stories)
process.crawl(crawler)
process.start()
print(json.dumps({key: value for key, value in crawler.stats.get_stats().items() if key.startswith("cleaner/")}))
"""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.path != "/robots.txt"
        body = (EMPTY if self.path == "/empty" else PAGE).encode() if known else b""
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_crawl(tmp_path, address):
    names = ["dict", "bytes", "dataclass", "strict", "other", "bad", "empty"]
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-c", CRAWL, str(out), *(f"{address}/{name}" for name in names)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    items = {row["url"].rsplit("/", 1)[1]: row for row in map(json.loads, out.read_text("utf-8").splitlines())}
    assert sorted(items) == sorted(names), "no item is lost"
    assert items["dict"]["text"] == items["dataclass"]["text"] == clean(PAGE)
    assert items["dict"]["title"] == items["dataclass"]["title"] == label(PAGE).title
    assert items["bytes"]["text"] == clean(PAGE)
    assert not {"html"} & (items["dict"].keys() | items["bytes"].keys()), "the source goes"
    assert items["dict"]["language"] == "en"
    assert not items["dataclass"].get("html")
    assert items["strict"]["html"] == PAGE, "the source stays where the text has no field"
    assert "text" not in items["strict"]
    assert items["other"]["price"] == 5
    assert items["bad"]["error"].startswith("TypeError: ")
    assert items["empty"]["text"] == ""
    stats = json.loads(done.stdout)
    assert (stats["cleaner/cleaned"], stats["cleaner/empty"], stats["cleaner/skipped"]) == (3, 1, 1)
    assert (stats["cleaner/errors"], stats["cleaner/errors/TypeError"], stats["cleaner/errors/KeyError"]) == (2, 1, 1)
    removed = sum(block.label == "subscription" for block in label(PAGE).removed)
    assert removed
    assert stats["cleaner/removed/subscription"] == 3 * removed


# -- settings ----------------------------------------------------------------------------------------------------------


def process(item, **settings):
    crawler = get_crawler(settings_dict={"CLEANER_IN_THREAD": False, **settings})
    out = asyncio.run(CleanerPipeline.from_crawler(crawler).process_item(item))
    assert out is item
    return {
        key.removeprefix("cleaner/"): n for key, n in crawler.stats.get_stats().items() if key.startswith("cleaner/")
    }


def test_fields_and_policy():
    item = {"body": TEXT, "headline": "mine"}
    process(item, CLEANER_FIELD_IN="body", CLEANER_FIELD_OUT="body", CLEANER_KEEP="caption,byline")
    assert item == {"body": Cleaner(keep=["caption", "byline"]).clean(TEXT), "headline": "mine"}
    item = {"html": PAGE, "headline": "mine"}
    process(item, CLEANER_THRESHOLD="0.9", CLEANER_FIELD_TITLE="headline")
    assert item == {"headline": "mine", "text": Cleaner(threshold=0.9).clean(PAGE)}
    item = {"html": PAGE}
    process(item, CLEANER_ALSO_KEEP="caption", CLEANER_DROP=["body"])
    assert item["text"] == Cleaner(keep=["caption"]).clean(PAGE) != ""
    item = {"html": PAGE}
    process(item, CLEANER_KEEP=[])
    assert item["text"] == ""


def test_the_format_and_the_metadata():
    item = {"html": PAGE}
    process(item, CLEANER_FORMAT="html", CLEANER_FIELD_METADATA="facts")
    doc = label(PAGE)
    assert item["text"] == doc.to_html()
    assert item["facts"]["title"] == doc.title
    assert item["facts"]["authors"] == list(doc.stated.authors)
    assert (item["facts"]["lang"], item["facts"]["flags"]) == (doc.lang, [])
    assert "text" not in item["facts"]


def test_parts_of_the_metadata_in_fields_of_their_own():
    item = {"html": PAGE}
    fields = {"lang": "language", "confidence": "sure", "flags": "notes", "authors": "by"}
    process(item, CLEANER_FIELDS=fields)
    doc = label(PAGE)
    assert item == {
        "text": doc.text,
        "language": "en",
        "sure": round(doc.confidence, 4),
        "notes": [],
        "by": list(doc.stated.authors),
    }


@dataclass
class Required:
    html: bytes
    text: str = ""


def test_the_source():
    item = {"html": PAGE.encode()}
    process(item, CLEANER_KEEP_SOURCE=True)
    assert item == {"html": PAGE, "text": clean(PAGE)}, "bytes that stay are decoded: a feed cannot store them"
    item = {"html": b"\x89PNG\r\n\x1a\n"}
    process(item, CLEANER_KEEP_SOURCE=True)
    assert item == {"html": "", "text": ""}
    item = {"html": b"<p>" + b"x" * 11_000_000}
    assert process(item)["errors/InputTooLarge"] == 1
    assert item["html"].startswith("<p>xxx"), "an item that cannot be cleaned keeps its source"
    item = Required(PAGE.encode())
    process(item)
    assert item.text == clean(PAGE)
    assert item.html is None


@dataclass(frozen=True)
class Frozen:
    html: bytes
    text: str = ""


@dataclass
class Typed:
    """As a model of pydantic that validates what is assigned."""

    html: bytes
    text: str = ""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "html" and not isinstance(value, bytes):
            raise ValueError("html is bytes")
        super().__setattr__(name, value)


def test_items_that_refuse_a_value_are_not_lost():
    item = Frozen(PAGE.encode())
    assert process(item) == {"errors": 1, "errors/FrozenInstanceError": 1}
    assert item == Frozen(PAGE.encode())
    item = Typed(PAGE.encode())
    assert process(item)["cleaned"] == 1
    assert item == Typed(PAGE.encode(), clean(PAGE))


def test_a_warning_names_the_page(caplog):
    process({"url": "https://a.example/ferry", "html": 5})
    process({"html": 5})
    first, second = (record.getMessage() for record in caplog.records if record.name == CleanerPipeline.__module__)
    assert first.startswith("not cleaned: https://a.example/ferry: TypeError: ")
    assert second.startswith("not cleaned: no address: TypeError: ")


def test_rules_of_a_site(tmp_path):
    pack = tmp_path / "own.toml"
    pack.write_text(
        'hosts = ["a.example"]\n[other.cat]\nstrength = "always"\npatterns = ["the inquiry, led by"]', "utf-8"
    )
    here, there = ({"html": TEXT, "link": f"https://{host}.example/"} for host in "ab")
    for item in (here, there):
        process(item, CLEANER_PACKS=[str(pack)], CLEANER_FIELD_URL="link")
    assert here["text"] != there["text"] == clean(TEXT)


@dataclass
class Empty:
    html: str | None = None


@pytest.mark.parametrize("item", [{}, {"html": None}, {"html": ""}, Empty(), "no item", 5])
def test_items_without_a_source_go_on(item):
    assert process(item) == {"skipped": 1}


def test_settings_that_cannot_be_used_are_told_before_the_crawl():
    for settings in (
        {"CLEANER_THRESHOLD": 7},
        {"CLEANER_KEEP": "spam"},
        {"CLEANER_DROP": "spam"},
        {"CLEANER_FORMAT": "pdf"},
        {"CLEANER_FIELDS": {"language": "language"}},
        {"CLEANER_KEEP": "body", "CLEANER_ALSO_KEEP": "caption"},
        {"CLEANER_PACKS": "none.toml"},
    ):
        with pytest.raises(ValueError, match=r"threshold|format|CLEANER_FIELDS|labels are|none\.toml|keep replaces"):
            CleanerPipeline.from_crawler(get_crawler(settings_dict=settings))
    with pytest.raises(scrapy.exceptions.NotConfigured):
        CleanerPipeline.from_crawler(get_crawler(settings_dict={"CLEANER_ENABLED": False}))


# -- site memory -------------------------------------------------------------------------------------------------------


def crawl(pipeline, numbers):
    from test_memory import address, article

    async def run():
        items = [{"url": address(n), "html": article(n, NOTICE)} for n in numbers]
        for item in items:
            await pipeline.process_item(item)
        return [item["text"] for item in items]

    return asyncio.run(run())


NOTICE = "Every word of the Courier is printed on paper from the mill at Vik, as it has been for a hundred years."


def test_a_memory_grows_while_crawling(tmp_path, monkeypatch):
    from test_memory import filled, saved, story

    monkeypatch.setattr("cleaner.integrations.scrapy.SAVE_EVERY", 5)
    settings = {"JOBDIR": str(tmp_path / "job"), "CLEANER_MEMORY": True}
    path = tmp_path / "job" / "cleaner.memory"
    crawler = get_crawler(settings_dict=settings)
    pipeline = CleanerPipeline.from_crawler(crawler)
    texts = crawl(pipeline, range(12))
    assert NOTICE in texts[0]  # nothing is known yet
    assert texts[11] == "\n\n".join(story(11))
    assert SiteMemory.load(path).status("courier.example").known == 10  # saved every five pages
    pipeline.close_spider()
    assert path.read_bytes() == saved(filled(range(12), NOTICE), tmp_path / "whole")
    assert crawler.stats.get_value("cleaner/memory/added") == 12
    resumed = CleanerPipeline.from_crawler(get_crawler(settings_dict=settings))
    assert crawl(resumed, [50]) == ["\n\n".join(story(50))]
    resumed.close_spider()
    assert path.read_bytes() == saved(filled([*range(12), 50], NOTICE), tmp_path / "more")


def test_a_memory_has_a_file(tmp_path):
    with pytest.raises(ValueError, match="JOBDIR"):
        CleanerPipeline.from_crawler(get_crawler(settings_dict={"CLEANER_MEMORY": True}))
    with pytest.raises(ValueError, match="its directory does not exist"):
        CleanerPipeline.from_crawler(get_crawler(settings_dict={"CLEANER_MEMORY": str(tmp_path / "none" / "x")}))
    named = CleanerPipeline.from_crawler(get_crawler(settings_dict={"CLEANER_MEMORY": str(tmp_path / "x")}))
    assert named.memory.path == tmp_path / "x"
    named.close_spider()
    assert not (tmp_path / "x").exists()  # nothing was added
    assert CleanerPipeline.from_crawler(get_crawler(settings_dict={"CLEANER_MEMORY": False})).memory is None
