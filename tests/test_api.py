"""``clean``, ``label`` and ``Cleaner``: what they promise."""

import inspect
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from helpers import TYPICAL_PAGE, TYPICAL_TEXT, run_python
from lxml import html as lxml_html

import cleaner
from cleaner import Block, Cleaner, Document, InputTooLarge, Label, PackError, clean, label, rules

TEXT = TYPICAL_TEXT.read_text("utf-8")
PAGE = TYPICAL_PAGE.read_text("utf-8")


# -- the public names ----------------------------------------------------------------------------------


def test_the_public_names():
    assert cleaner.__all__ == [
        "DEFAULT_KEEP",
        "Block",
        "Cell",
        "Cleaned",
        "Cleaner",
        "CleanerError",
        "Document",
        "Evidence",
        "Image",
        "InputTooLarge",
        "Label",
        "Mark",
        "Metadata",
        "Origin",
        "PackError",
        "Pruned",
        "clean",
        "clean_many",
        "label",
        "prune",
        "rules",
    ]
    assert all(hasattr(cleaner, name) for name in cleaner.__all__)


def test_rules_are_reachable_after_a_plain_import():
    code = "import sys, cleaner; assert 'regex' not in sys.modules; print(sorted(cleaner.rules.__all__)[0])"
    done = run_python(code)
    assert done.stdout.strip() == "Concept"
    with pytest.raises(AttributeError, match="no attribute 'rule'"):
        cleaner.rule  # noqa: B018


def test_every_public_name_has_a_docstring():
    for name in set(cleaner.__all__) - {"DEFAULT_KEEP"}:  # a mapping has none of its own
        thing = getattr(cleaner, name)
        assert inspect.getdoc(thing), name
        if inspect.isclass(thing) and not issubclass(thing, str):
            for member, value in vars(thing).items():
                if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                    assert inspect.getdoc(value), f"{name}.{member}"


@pytest.mark.parametrize("function, method", [(clean, Cleaner.clean), (label, Cleaner.label)])
def test_functions_and_methods_take_the_same(function, method):
    ours, theirs = inspect.signature(function), inspect.signature(method)
    assert list(ours.parameters.values()) == list(theirs.parameters.values())[1:]
    assert ours.return_annotation == theirs.return_annotation


def test_dir_has_every_public_name():
    assert set(cleaner.__all__) <= set(dir(cleaner))
    assert run_python("import cleaner\nprint('clean_many' in dir(cleaner))").stdout == "True\n"


HEAVY = ["trafilatura", "bs4", "lightgbm", "sklearn", "scipy", "lxml.html", "requests"]
IMPORT = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import cleaner
print([name for name in %r if name in sys.modules])
print([path for path in opened if "/weights/" in path or path.endswith((".toml", ".npz"))])
"""


def test_importing_is_light():
    assert run_python(IMPORT % (HEAVY,)).stdout.split("\n")[:2] == ["[]", "[]"], (
        "modules loaded, data opened by `import cleaner` alone"
    )


# -- one code path -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [TEXT, PAGE, PAGE.encode(), "", "  \n ", b"", "one line"],
    ids=["text", "page", "bytes", "empty", "white", "no bytes", "line"],
)
def test_clean_is_the_text_of_label(source):
    assert clean(source) == label(source).text
    assert Cleaner().clean(source) == clean(source)
    assert Cleaner().label(source) == label(source)


def test_nothing_is_an_empty_string():
    for source in ("", " ", b"", "<p></p>", "<script>x</script>", b"%PDF-1.4 \0\1"):
        doc = label(source)
        assert (doc.text, doc.blocks) == ("", ())
    assert label(b"%PDF-1.4").flags == ("binary",)


def test_trees_are_taken_like_their_source():
    soup, tree = BeautifulSoup(PAGE, "html.parser"), lxml_html.fromstring(PAGE)
    assert clean(soup) == clean(str(soup))
    assert clean(tree) == clean(lxml_html.tostring(tree, encoding="unicode"))


def test_another_type_is_a_type_error():
    for source in (None, 5, ["x"], open):
        with pytest.raises(TypeError, match="str or bytes"):
            clean(source)


def test_the_kind_can_be_said():
    assert label("a <p>b</p> c", kind="html").kind == "html"
    assert label("<p>b</p>", kind="text").text == "<p>b</p>"
    with pytest.raises(ValueError, match="kind"):
        label("x", kind="pdf")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "lang, expected",
    [("de", "de"), ("DE-at", "de"), ("de_AT", "de"), (None, "en"), ("", "en"), ("nb", "no"), ("eo", "eo")],
)
def test_the_language_can_be_said(lang, expected):
    assert label(TEXT, lang=lang).lang == expected


@pytest.mark.parametrize("lang, hint", [("german", "'de'"), ("xx", "ISO 639-1"), ("x" * 50, "ISO 639-1")])
def test_an_unknown_language_is_an_error(lang, hint):
    with pytest.raises(ValueError, match=hint):
        clean(TEXT, lang=lang)


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"threshold": "0.5"}, TypeError, "number above 0 and below 1"),
        ({"threshold": 1}, ValueError, "above 0 and below 1, not 1"),
        ({"threshold": 0}, ValueError, "above 0 and below 1, not 0"),
        ({"images": "yes"}, TypeError, "images is True or False, not 'yes'"),
        ({"images": None}, TypeError, "images is True or False, not None"),
        ({"max_size": "1"}, TypeError, "whole number"),
        ({"max_size": 0}, ValueError, "1 or more"),
        ({"packs": "courier.toml"}, TypeError, r"packs=\['courier.toml'\]"),
        ({"packs": [3]}, TypeError, "a path, or what cleaner.rules.parse returned"),
        (
            {"packs": ["[notice.x]\nlines = ['a']"]},
            PackError,
            r"a pack is a path, .* cleaner\.rules\.parse\(text, name\)",
        ),
        (
            {"packs": ["[notice.x]"]},
            PackError,
            r"cleaner\.rules\.parse\(text, name\) reads a text such as '\[notice\.x\]'",
        ),
        ({"packs": ["none.toml"]}, PackError, "none.toml: No such file"),
        ({"keep": ["bodies"]}, ValueError, "labels are body, title"),
        ({"also_keep": "caption"}, ValueError, r"\['caption'\]"),
        ({"also_keep": None}, TypeError, "also_keep is a collection of labels"),
        ({"keep": ["body"], "drop": ["title"]}, ValueError, "one or the other"),
        ({"also_keep": ["title"], "drop": ["title"]}, ValueError, "both name title"),
    ],
)
def test_bad_options_say_what_to_pass(options, error, message):
    with pytest.raises(error, match=message):
        Cleaner(**options)


def test_an_address_is_a_string():
    with pytest.raises(TypeError, match="url is a string"):
        clean(TEXT, url=b"https://courier.example/ferry")


def test_the_repr_of_a_cleaner_has_its_labels():
    assert repr(Cleaner(also_keep=["title", "caption"])).startswith("Cleaner(also_keep=['caption', 'title'], ")
    assert repr(Cleaner(keep=[])).startswith("Cleaner(keep=[], ")


def test_labels_on_top_of_the_default():
    caption = "Photo: Ann Lee / Reuters"
    text = f"Ferry returns\n\nThe ferry sailed on Monday, the harbour office said.\n\n{caption}"
    assert Cleaner(also_keep=["caption"]).clean(text) == text
    assert Cleaner(drop=["title"]).clean(text) == text.split("\n\n")[1]
    assert Cleaner(drop=["title"], also_keep=["caption"]).label(text).keep == {
        Label.BODY, Label.SIDEBAR, Label.NOTE, Label.CAPTION,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "The mayor resigned today.\n\nHe said so on the town hall steps.\n\nThe council meets again on Friday.",
        "Ferry returns\n\nThe vote is on Tuesday, the mayor said.",
    ],
)
def test_keeping_captions_loses_no_sentence(text):
    kept = Cleaner(keep=["body", "caption"]).clean(text)
    assert [line for line in text.split("\n\n") if line.endswith(".")] == kept.split("\n\n")


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "https://example.org:80/x", "http://[broken", "//", "mailto:x", "https://exa mple/ü", "\ud800"],
)
def test_any_url_will_do(url):
    assert label(TEXT, url=url).blocks


# -- options -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0, 1, -0.1, 1.5, float("nan")])
def test_a_threshold_outside_of_its_range(threshold):
    with pytest.raises(ValueError, match="threshold"):
        Cleaner(threshold=threshold)


@pytest.mark.parametrize(
    "keep, message",
    [("body", "collection"), (["spam"], "labels are"), (["body", None], "labels are"), ([5], "labels are")],
)
def test_labels_that_there_are_not(keep, message):
    with pytest.raises(ValueError, match=message):
        Cleaner(keep=keep)


def test_packs_that_cannot_be_used(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text("[other.x]\npatterns = ['(']", "utf-8")
    for pack in (bad, str(bad), tmp_path / "none.toml"):
        with pytest.raises(PackError, match=r"\.toml"):
            Cleaner(packs=[pack])


def test_an_unknown_option_is_an_error():
    with pytest.raises(TypeError):
        Cleaner(favour_recall=True)  # type: ignore[call-arg]


def test_the_limit_on_size():
    with pytest.raises(InputTooLarge):
        Cleaner(max_size=10).clean("x" * 11)
    assert Cleaner(max_size=10).label("x" * 10).blocks
    assert issubclass(InputTooLarge, ValueError)


def test_a_cleaner_cannot_be_changed():
    with pytest.raises(AttributeError):
        Cleaner().threshold = 0.9  # type: ignore[attr-defined]


def test_keep_chooses_what_is_kept_and_changes_no_label():
    default = label(TEXT)
    for keep in (["caption"], {Label.BODY, Label.CAPTION}, list(Label), []):
        doc = Cleaner(keep=keep).label(TEXT)
        assert doc.blocks == default.blocks
        assert doc.keep == set(keep)
        assert doc.kept == tuple(block for block in doc.blocks if block.label in doc.keep)
        assert doc.removed == tuple(block for block in doc.blocks if block.label not in doc.keep)
    assert Cleaner(keep=[]).clean(TEXT) == ""


def test_what_is_kept_by_default():
    assert label(TEXT).keep == {Label.BODY, Label.TITLE, Label.SIDEBAR, Label.NOTE}
    assert Label.BODY in label(PAGE).keep
    assert Label.TITLE not in label(PAGE).keep


@pytest.mark.parametrize("source", [TEXT, PAGE], ids=["text", "page"])
def test_a_higher_threshold_removes_more(source):
    """Scores stay; of a page and of a text, the words that are kept become fewer or stay as many."""
    docs = [Cleaner(threshold=threshold).label(source) for threshold in (0.05, 0.2, 0.5, 0.8, 0.95)]
    docs = [doc for doc in docs if not any(flag.startswith("guard") for flag in doc.flags)]
    assert len(docs) >= 3, "the guards against removing everything spoke too often to compare"
    for lower, higher in pairwise(docs):
        assert [b.score for b in lower.blocks] == [b.score for b in higher.blocks]
        words = [sum(len(b.text.split()) for b in doc.blocks if b.label is Label.BODY) for doc in (lower, higher)]
        assert words[0] >= words[1]


# -- packs of a user's own -------------------------------------------------------------------------------

OWN = """
hosts = {hosts}
[other.cat]
strength = "always"
patterns = ['the inquiry, led by']
[body.advice]
strength = "always"
lines = ["Meridian Weekly cover"]
[other.never]
patterns = ['words that stand nowhere']
"""


def own(hosts: str = "[]") -> rules.Pack:
    return rules.parse(OWN.format(hosts=hosts), "own.toml")


def starting(doc: Document, text: str) -> list[Block]:
    return [block for block in doc.blocks if block.text.startswith(text)]


def test_a_users_always_decides_alone():
    doc = Cleaner(packs=[own()]).label(TEXT)
    (cat,) = starting(doc, "The inquiry, led by")
    assert cat.label is Label.OTHER
    assert cat.text not in doc.text
    assert any((e.rule, e.pattern) == ("own:other.cat", 1) for e in cat.evidence)
    assert {block.label for block in starting(doc, "Meridian Weekly cover")} == {Label.BODY}
    assert "Meridian Weekly cover" in doc.text


def test_keeping_beats_dropping():
    pack = rules.parse(
        "[other.a]\nstrength='always'\npatterns=['inquiry']\n[body.b]\nstrength='always'\npatterns=['inquiry']",
        "own.toml",
    )
    doc = Cleaner(packs=[pack]).label(TEXT)
    assert {block.label for block in doc.blocks if "inquiry" in block.text.lower()} == {Label.BODY}


@pytest.mark.parametrize(
    "url, holds",
    [("https://www.example.org/a", True), ("example.org", True), ("https://example.com/", False), (None, False)],
)
def test_site_rules_hold_on_their_site(url, holds):
    doc = Cleaner(packs=[own("['example.org']")]).label(TEXT, url=url)
    assert (starting(doc, "The inquiry, led by")[0].label is Label.OTHER) is holds
    assert doc.flags == (() if url else ("unused_pack:own",))


def test_a_page_that_names_its_own_address():
    page = '<link rel="canonical" href="https://www.example.org/a"><p>The inquiry, led by a judge, sat.</p><p>More of it.</p>'
    doc = Cleaner(packs=[own("['example.org']")]).label(page)
    assert doc.blocks[0].label is Label.OTHER
    assert doc.flags == ()


def test_a_pack_for_every_site_needs_no_address():
    assert Cleaner(packs=[own()]).label(TEXT).flags == ()


def test_unmatched_names_the_rules_that_said_nothing():
    mine = Cleaner(packs=[own()])
    assert mine.unmatched([mine.label(TEXT)]) == ["own:other.never"]
    assert mine.unmatched([]) == ["own:body.advice", "own:other.cat", "own:other.never"]
    assert Cleaner().unmatched([label(TEXT)]) == []


@pytest.mark.parametrize("source", [TEXT, PAGE])
def test_a_rule_that_speaks_about_most_blocks_is_reported(source):
    pack = rules.parse("[other.all]\npatterns = ['[a-z]']", "own.toml")
    doc = Cleaner(packs=[pack]).label(source)
    assert "broad_rule:own:other.all" in doc.flags
    assert doc.text  # and something stays


def test_flags_say_what_was_done_to_read_a_source():
    assert label(TEXT).flags == ()
    assert label(b"Caf\xc3\xa9 " * 50 + b"\xe9 end").flags == ("decode_replaced",)
    assert "fallback" in label("<div>" * 20_000 + "<p>x</p>").flags


@pytest.mark.parametrize("years", ["eleven", "9", "20"])
def test_the_article_of_a_very_small_page_stays(years):
    vote, waited = "The council voted on Tuesday.", f"She had waited for {years} years, and nobody said a word."
    page = (
        "<title>The vote</title><nav><a href=/>Home</a> <a href=/n>News</a></nav>"
        f"<article><p>{vote}</p><p>{waited}</p></article><p class=newsletter>Sign up for our daily newsletter.</p>"
    )
    assert clean(page) == f"{vote}\n\n{waited}"
