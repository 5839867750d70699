"""Properties that hold for every source, on generated and mutated input, and in any order, thread and process."""

import hashlib
import html.parser
import json
import pickle
import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fixture_cases import FIXTURES, SOURCES, labelled, read_header
from helpers import run_python
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Block, Cleaner, Document, Label, clean, label, pipeline, rules
from cleaner.rules.index import RuleIndex
from cleaner.segment.html_tags import INLINE, SKIPPED
from cleaner.text.characters import strip_unsafe_chars

SAMPLES = [
    FIXTURES / name
    for name in (
        "text/typical.txt",
        "text/dirty-blog.txt",
        "text/trap-poem.txt",
        "text/trap-markdown.txt",
        "html/page-typical.html",
        "html/page-old-br.html",
        "html/page-hidden.html",
        "lang/de/de-regional-news.txt",
    )
]
TEXT_SAMPLE, PAGE_SAMPLE = SAMPLES[0].read_bytes(), SAMPLES[4].read_bytes()


def sample_name(path):
    return path.name


# -- strategies --------------------------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(), max_size=200)  # lone surrogates included
LINES = st.sampled_from(
    [
        "The harbour council met on Tuesday to discuss the new breakwater that engineers had proposed for the bay.",
        "Residents were divided over a plan that would close the old pier for at least two winters, the mayor said.",
        "Sign up for our newsletter",
        "Photo: Ann Lee / Reuters",
        "By Marta Quill",
        "READ MORE: Ten boats that sank",
        "• Ad-free browsing",
        "# A heading",
        "> quoted",
        "```",
        "| a | b |",
        "Advertisement",
        "About the writer",
        "今日は雨です。明日は晴れるでしょう。",
        "İstanbul ſtraße",
        "\u202eabc\u200d",
        "",
        "  indented  ",
    ]
)
TEXT = st.builds(
    lambda lines, gap: gap.join(lines),
    st.lists(LINES | st.text(max_size=30), max_size=12),
    st.sampled_from(["\n", "\n\n", "\r\n\r\n", "\u2028", " \n\t\n"]),
)

WORDS = st.sampled_from(["one", "two three", " ", "a &amp; b", "&lt;x&gt;", "Sign up for our newsletter", "Photo: Ann Lee", "é", "今日", "x\u00a0y", "The council met on Tuesday, and the mayor said that the vote was put off until the end of the year."])  # fmt: skip
BLOCKS = [
    "p",
    "div",
    "h2",
    "ul",
    "li",
    "blockquote",
    "section",
    "aside",
    "table",
    "tr",
    "td",
    "figure",
    "figcaption",
    "footer",
    "nav",
    "article",
    "main",
    "pre",
    "dl",
    "dt",
    "dd",
    "form",
    "my-card",
]
INLINES = ["a", "b", "em", "span", "code", "strong", "small", "sub"]
ATTRIBUTES = st.sampled_from(
    [
        "",
        ' class="newsletter-box"',
        ' class="article-body"',
        " hidden",
        ' id="comments"',
        ' href="https://a.b/"',
        ' style="display:none"',
        ' role="navigation"',
    ]
)


def _element(children):
    return st.builds(
        lambda tag, attributes, inner, closed: f"<{tag}{attributes}>{''.join(inner)}{f'</{tag}>' if closed else ''}",
        st.sampled_from(BLOCKS + INLINES),
        ATTRIBUTES,
        st.lists(children, max_size=4),
        st.sampled_from([True, True, True, False]),
    )


VOIDS = st.sampled_from(
    [
        "<br>",
        "<hr>",
        "<img src=x alt=y>",
        "<script>var a = 'no';</script>",
        "<style>p{}</style>",
        "<!-- c -->",
        "</div>",
        "<br/>",
        "\n  ",
    ]
)
HTML = st.builds(
    lambda head, parts: head + "".join(parts),
    st.sampled_from(["<!doctype html><html><head><title>T</title></head><body>", "<div>", "<html lang=de><body>"]),
    st.lists(st.recursive(WORDS | VOIDS, _element, max_leaves=12), max_size=6),
)
ANY = ANY_TEXT | TEXT | HTML | st.binary(max_size=200)


# -- any source ----------------------------------------------------------------------------------------


@given(ANY, st.sampled_from(["auto", "html", "text"]))
def test_any_source_gives_a_text_that_can_be_written(source, kind):
    doc = label(source, kind=kind)
    text = clean(source, kind=kind)
    assert text == doc.text
    assert isinstance(text, str)
    text.encode()
    assert strip_unsafe_chars(text) == text
    for block in doc.blocks:
        assert strip_unsafe_chars(block.text) == block.text
        assert 0 <= block.score <= 1
        assert all(0 <= m.start < m.end <= len(block.text) for m in block.marks) or kind != "text"
    json.dumps(doc.to_dict()).encode()


@given(ANY)
def test_other_documents_before_change_nothing(source):
    first = label(source)
    clean(TEXT_SAMPLE)
    clean(PAGE_SAMPLE)
    assert label(source) == first
    assert Cleaner().label(source) == first


@given(ANY)
def test_every_block_is_kept_if_all_labels_are(source):
    doc = Cleaner(keep=list(Label)).label(source)
    assert doc.removed == ()
    assert doc.kept == doc.blocks


@given(ANY)
def test_documents_survive_pickling_and_json(source):
    doc = label(source)
    assert pickle.loads(pickle.dumps(doc)) == doc
    assert Document.from_dict(json.loads(json.dumps(doc.to_dict()))) == doc


# -- text ----------------------------------------------------------------------------------------------


@given(TEXT | ANY_TEXT)
def test_kept_blocks_are_spans_of_the_source_in_order(source):
    end = 0
    for block in label(source, kind="text").kept:
        assert block.span is not None
        assert block.span[0] >= end
        assert strip_unsafe_chars(source[slice(*block.span)]) == block.text
        end = block.span[1]


@given(TEXT | ANY_TEXT)
def test_the_blocks_of_a_text_contain_all_of_it(source):
    doc = label(source, kind="text")
    expected = "".join(strip_unsafe_chars(source.removeprefix("\ufeff")).split())
    actual = "".join("".join(block.text.split()) for block in doc.blocks)
    assert actual == ("" if "binary" in doc.flags else expected)


# -- HTML ----------------------------------------------------------------------------------------------


class PageText(html.parser.HTMLParser):
    """The text of a page as the standard library's parser reads it."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skipped_tag = ""
        self.feed(source)
        self.close()

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def handle_starttag(self, tag, attrs):
        if not self.skipped_tag and tag in {*SKIPPED, "title"} - {"head"}:
            self.skipped_tag = tag

    def handle_endtag(self, tag):
        if tag == self.skipped_tag:
            self.skipped_tag = ""

    def handle_data(self, data):
        if not self.skipped_tag:
            self.parts.append(data)


def is_of_data(block: Block) -> bool:
    """Whether a block is from the data of a page, and comes in addition to the page's own."""
    return any(evidence.name in ("page.json_ld", "page.page_data") for evidence in block.evidence)


def sorted_characters(text: str) -> list[str]:
    return sorted(re.sub(r"\s+", "", strip_unsafe_chars(text)))


@given(HTML)
def test_the_blocks_of_a_page_contain_all_of_its_text(source):
    blocks = label(source, kind="html").blocks
    # The order is not compared: one of the two parsers moves text that stands between the rows of a table.
    assert sorted_characters("".join(block.text for block in blocks)) == sorted_characters(PageText(source).text)


#: Its headings have links to themselves, which go, and its images stand for text, which comes.
PIECES = "page-inline-pieces.html"
PAGES = [path for path in SOURCES if path.suffix == ".html" and path.name != PIECES]


@pytest.mark.parametrize("path", PAGES, ids=sample_name)
def test_the_blocks_of_a_real_page_contain_all_of_its_text(path):
    actual = "".join(block.text for block in labelled(path).blocks if not is_of_data(block))
    expected = strip_unsafe_chars(PageText(path.read_text("utf-8")).text)
    assert "".join(actual.split()) == "".join(expected.split())


@given(HTML)
def test_the_text_of_a_page_is_whole_blocks_in_order(source):
    doc = label(source, kind="html")
    assert [block for block in doc.blocks if block.label in doc.keep] == list(doc.kept)
    rest = doc.text
    for block in doc.kept:
        match = re.search(r"\s*".join(map(re.escape, block.text.split())), rest)
        assert match, f"{block.text!r} is not in {rest!r}"
        rest = rest[match.end() :]


def test_the_lists_of_elements_agree_with_the_library():
    assert set(INLINES) <= INLINE
    assert not set(BLOCKS) & INLINE


# -- order, threads, processes -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_packs_and_rules_changes_nothing(seed, monkeypatch):
    sources = [path.read_bytes() for path in SAMPLES]
    expected = [label(source, lang="en") for source in sources]
    rng = random.Random(seed)
    packs = [rules.bundled("en"), rules.bundled("shared")]
    index = RuleIndex([replace(pack, rules=tuple(rng.sample(pack.rules, len(pack.rules)))) for pack in packs])
    monkeypatch.setattr(pipeline, "rule_index", lambda *_: index)
    assert [label(source, lang="en") for source in sources] == expected


def test_own_packs_in_any_order():
    packs = [
        rules.parse(f"[other.x{n}]\nstrength = 'always'\npatterns = ['word{n}']", f"own{n}.toml") for n in range(4)
    ]
    source = "\n\n".join([f"A line with word{n} in it" for n in range(6)] + [TEXT_SAMPLE.decode()])
    expected = Cleaner(packs=packs).label(source)
    assert Cleaner(packs=packs[::-1]).label(source) == expected
    assert expected.counts["other"] >= 4


def test_threads_and_order_change_nothing():
    paths = SOURCES[::3]

    def label_again(path):
        return label(path.read_bytes(), lang=read_header(path).get("lang"))

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(label_again, paths[::-1]))[::-1]
    assert together == [labelled(path) for path in paths]


def test_threads_share_a_cleaner():
    cleaner = Cleaner(keep=["body", "caption"])
    sources = [path.read_bytes() for path in SAMPLES]
    expected = [cleaner.label(source) for source in sources]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(cleaner.label, sources * 2)) == expected * 2


def output_hashes(paths) -> list[str]:
    """A hash of all outputs for each source."""
    docs = [label(path.read_bytes()) for path in paths]
    return [hashlib.sha256(repr((d.to_dict(), d.explain(), d.to_html())).encode()).hexdigest() for d in docs]


def test_hash_seeds_and_processes_change_nothing():
    script = "import pathlib, sys, test_properties as t; print(*t.output_hashes(map(pathlib.Path, sys.argv[1:])))"

    other = run_python(script, *map(str, SAMPLES), PYTHONHASHSEED="4242")
    assert other.stdout.split() == output_hashes(SAMPLES)


def test_a_cleaner_survives_pickling():
    packs = [rules.parse("[other.x]\nstrength = 'always'\npatterns = ['word']", "own.toml")]
    cleaner = Cleaner(keep=["body"], threshold=0.3, packs=packs, max_size=10_000)
    copy = pickle.loads(pickle.dumps(cleaner))
    assert repr(copy) == repr(cleaner)
    source = TEXT_SAMPLE.decode() + "\n\nA line with a word in it"
    assert copy.label(source) == cleaner.label(source)
    cleaner.label(source)
    assert pickle.loads(pickle.dumps(cleaner)).label(source) == cleaner.label(source), "after use too"
