"""What a caller may pass as a source, and what it becomes."""

import io
from collections.abc import Callable
from typing import Any, get_type_hints
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from helpers import run_python
from lxml import etree
from lxml import html as lxml_html

from cleaner.errors import InputTooLarge
from cleaner.reading.source import read

PAGE = '<html lang="en"><body><div class="x"><p>One &amp; two<br>three</p>tail</div></body></html>'

SOURCES: dict[str, Callable[[], Any]] = {
    "str": lambda: PAGE,
    "bytes": PAGE.encode,
    "bytearray": lambda: bytearray(PAGE.encode()),
    "memoryview": lambda: memoryview(PAGE.encode()),
    "soup": lambda: BeautifulSoup(PAGE, "html.parser"),
    "soup by lxml": lambda: BeautifulSoup(PAGE, "lxml"),
    "Tag": lambda: BeautifulSoup(PAGE, "html.parser").find("div"),
    "NavigableString": lambda: BeautifulSoup(PAGE, "html.parser").find("p").contents[0],
    "lxml element": lambda: lxml_html.fromstring(PAGE),
    "lxml inner element": lambda: lxml_html.fromstring(PAGE).find(".//p"),
    "lxml tree": lambda: lxml_html.fromstring(PAGE).getroottree(),
    "etree element": lambda: etree.fromstring("<div><p>One &amp; two</p></div>"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_documented_type_is_read(name):
    got = read(SOURCES[name]())
    assert "One" in got.text, got
    assert "two" in got.text, got
    assert got.kind == ("text" if name == "NavigableString" else "html"), got


def test_an_element_comes_without_what_follows_it():
    element = lxml_html.fromstring("<div><p>inside</p>outside</div>").find("p")
    assert "outside" not in read(element).text


@pytest.mark.parametrize("kind", ["soup", "Tag", "lxml element", "lxml tree"])
def test_a_callers_tree_stays_as_it_is(kind):
    tree = SOURCES[kind]()
    serialise = str if kind in ("soup", "Tag") else etree.tostring
    before = serialise(tree)
    read(tree)
    assert serialise(tree) == before


def test_subclasses_of_trees_are_trees():
    class Mine(BeautifulSoup):
        pass

    class Element(etree.ElementBase):
        pass

    assert "One" in read(Mine(PAGE, "html.parser")).text
    element = Element()
    element.text = "One"
    assert "One" in read(element).text


def test_an_empty_tree_is_empty():
    assert read(etree.ElementTree()).text == ""
    assert read(BeautifulSoup("", "html.parser")).text == ""


WRONG = [
    None,
    5,
    1.5,
    ["<p>x</p>"],
    {"html": "x"},
    object(),
    io.StringIO("x"),
    io.BytesIO(b"x"),
    PAGE.split,
    etree.QName("p"),
    ET.fromstring("<p>x</p>"),
    ET.ElementTree(ET.fromstring("<p>x</p>")),
    BeautifulSoup(PAGE, "html.parser").find_all("p"),
]


@pytest.mark.parametrize("source", WRONG, ids=lambda source: type(source).__name__)
def test_another_type_is_told_what_to_pass(source):
    with pytest.raises(TypeError) as caught:
        read(source)
    message = str(caught.value)
    assert type(source).__name__ in message, message
    for what in ("str", "bytes", "BeautifulSoup", "lxml"):
        assert what in message, message


def test_another_kind_is_an_error():
    with pytest.raises(ValueError, match="kind is"):
        read("x", "xml")


def test_a_kind_that_is_given_is_not_guessed():
    assert read("<p>x</p>", "text").kind == "text"
    assert read("plain", "html").kind == "html"


@pytest.mark.parametrize(
    "source", ["x" * 101, b"x" * 101, BeautifulSoup("<p>" + "x" * 101, "html.parser")], ids=["str", "bytes", "soup"]
)
def test_too_large_names_the_size_and_the_option(source):
    with pytest.raises(InputTooLarge, match=r"limit 100.*max_size"):
        read(source, max_size=100)


def test_a_bom_in_a_str_leaves_its_place():
    got = read("\ufeffOne")
    assert got.text == " One", "spans count from the source's own start"


def test_libraries_of_trees_are_not_imported_for_text():
    code = (
        "import sys; from cleaner.reading.source import read; read('One <b>two</b>'); read(b'caf\\xc3\\xa9');"
        "print(sorted({'bs4', 'lxml', 'webencodings', 'numpy'} & set(sys.modules)))"
    )
    assert run_python(code).stdout == "[]\n"


def test_types_of_functions_can_be_looked_up_at_run_time():
    assert set(get_type_hints(read)) == {"source", "kind", "max_size", "return"}


@pytest.mark.parametrize(
    "source, is_kept",
    [
        (PAGE.encode(), True),
        ("<p>Fähre".encode(), True),
        (bytearray(PAGE.encode()), True),
        (PAGE, False),
        ("<p>Fähre".encode("latin-1"), False),
        ("\ufeff<p>Fähre".encode(), False),
        ("<p>Fähre".encode("utf-16"), False),
        (b"<p>a\xff" + b"b" * 1_000, False),
        (b"%PDF-1.7", False),
    ],
)
def test_bytes_in_utf_8_are_kept_for_the_parser(source, is_kept):
    decoded = read(source, "html")
    assert decoded.utf8 == (decoded.text.encode() if is_kept else None)
