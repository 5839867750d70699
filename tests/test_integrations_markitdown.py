"""The plugin for MarkItDown, against MarkItDown."""

import io
import tomllib
from importlib import import_module
from importlib.metadata import entry_points

import pytest
from helpers import ROOT, TYPICAL_PAGE

pytest.importorskip("markitdown")

from markitdown import MarkItDown, StreamInfo

from cleaner import Cleaner, label
from cleaner.integrations import markitdown as plugin

PAGE = TYPICAL_PAGE.read_text("utf-8")
EMPTY = "<html><body><nav><a href='/'>Home</a></nav></body></html>"

pytestmark = pytest.mark.filterwarnings("ignore")


def converter(**options):
    converter = MarkItDown(enable_plugins=False, **options)
    plugin.register_converters(converter, **options)
    return converter


def convert(html, converter, **info):
    return converter.convert_stream(io.BytesIO(html.encode()), stream_info=StreamInfo(extension=".html", **info))


def lines(markdown):
    """The lines of Markdown; MarkItDown itself tidies white space."""
    return [line.rstrip() for line in markdown.split("\n") if line.strip()]


def test_a_page_becomes_its_article(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    result = converter().convert(str(path))
    assert lines(result.markdown) == lines(label(PAGE).to_markdown())
    assert result.title == label(PAGE).title
    assert lines(MarkItDown(enable_plugins=False).convert(str(path)).markdown) != lines(result.markdown)


def test_a_policy_and_an_address():
    linked = PAGE.replace("<p>", '<p><a href="/x">See</a> ', 1)
    result = convert(linked, converter(cleaner=Cleaner(also_keep=["caption"])), url="https://a.example/")
    wanted = Cleaner(also_keep=["caption"]).label(linked, url="https://a.example/").to_markdown()
    assert lines(result.markdown) == lines(wanted)


def test_a_page_without_an_article_is_left_to_markitdown():
    assert "Home" in convert(EMPTY, converter()).markdown


def test_other_formats_are_left_alone():
    assert "a,b" in converter().convert_stream(io.BytesIO(b"a,b"), stream_info=StreamInfo(extension=".txt")).markdown


def test_the_entry_point():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    (module,) = declared["markitdown.plugin"].values()
    assert import_module(module) is plugin
    assert plugin.__plugin_interface_version__ == 1


@pytest.mark.skipif(
    not any(point.value == "cleaner.integrations.markitdown" for point in entry_points(group="markitdown.plugin")),
    reason="the distribution is not installed",
)
def test_it_is_found_where_the_library_is_installed():
    result = convert(PAGE, MarkItDown(enable_plugins=True))
    assert lines(result.markdown) == lines(label(PAGE).to_markdown())
