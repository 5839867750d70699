"""Packs become rules, or an error that says where."""

import gc
import re
import weakref
from pathlib import Path

import pytest

from cleaner import rules
from cleaner.document import Label
from cleaner.errors import CleanerError, PackError
from cleaner.reading.language import stop_words
from cleaner.rules.index import RuleIndex
from cleaner.rules.prefilter import lowered

# -- errors: the message names file, table and what is wrong -----------------------------------------

ERRORS = {
    "bad TOML": ("[other.x\n", [r"line 1"]),
    "TOML cut off": ("[other.x]\nyes = ['a", []),
    "a key twice": ("[other.x]\nyes = []\nyes = []\n", []),
    "unknown label": ("[spam.x]\nlines = ['a']\n", [r"\[spam\]", "labels are", "subscription"]),
    "unknown key above the tables": ("colour = 'red'\n", [r"\[colour\]"]),
    "a label as a value": ("other = 5\n", [r"\[other\]"]),
    "outside of a concept's table": ("[other]\nlines = ['a']\n", [r"\[other\] lines", r"\[other\.name\]"]),
    "unknown key": ("[other.x]\npattern = ['a']\n", [r"\[other\.x\]", "'pattern'"]),
    "bad regex": ("[other.x]\npatterns = ['fine words', '(open']\n", [r"\[other\.x\]", r"'\(open'"]),
    "unknown list": (r"""[other.x]
patterns = ['\L<names> x']
""", [r"\[other\.x\]", r"L<names>"]),
    "matches nothing": ("[other.x]\npatterns = ['a*']\n", [r"\[other\.x\]", r"'a\*'", "empty"]),
    "matches nothing with an anchor": ("[other.x]\npatterns = ['^.*$']\n", [r"\[other\.x\]", "empty"]),
    "empty pattern": ("[other.x]\npatterns = ['']\n", [r"\[other\.x\]", "empty"]),
    "patterns as a string": ("[other.x]\npatterns = 'a'\n", [r"\[other\.x\] patterns", "list of strings"]),
    "patterns of numbers": ("[other.x]\npatterns = [1]\n", [r"\[other\.x\] patterns", "list of strings"]),
    "lines as a string": ("[other.x]\nlines = 'a'\n", [r"\[other\.x\] lines", "list of strings"]),
    "an empty line": ("[other.x]\nlines = ['a', ' … ']\n", [r"\[other\.x\]", "lines", "' … '"]),
    "yes of numbers": ("[other.x]\nyes = [1]\n", [r"\[other\.x\] yes", "list of strings"]),
    "selector without a key": ("[other.x]\nselectors = [{}]\n", [r"\[other\.x\] selector", "class"]),
    "selector with another key": ("[other.x]\nselectors = [{ href = 'a' }]\n", [r"\[other\.x\] selector", "href", "class"]),
    "selector as a string": ("[other.x]\nselectors = ['.a']\n", [r"\[other\.x\] selector", r"'\.a'"]),
    "selectors as a table": ("[other.x]\nselectors = { class = 'a' }\n", [r"\[other\.x\] selector"]),
    "selectors as a number": ("[other.x]\nselectors = 5\n", [r"\[other\.x\] selector"]),
    "selector of numbers": ("[other.x]\nselectors = [{ class = 5 }]\n", [r"\[other\.x\] selector class", "5"]),
    "selector of a list of numbers": ("[other.x]\nselectors = [{ class = ['a', 5] }]\n", [r"\[other\.x\] selector class"]),
    "bad strength": ("[other.x]\nstrength = 'huge'\n", [r"\[other\.x\] strength 'huge'", "always, certain, strong, weak"]),
    "strength as a list": ("[other.x]\nstrength = ['strong']\n", [r"\[other\.x\] strength"]),
    "bad zone": ("[other.x]\nzone = ['top']\n", [r"\[other\.x\] zone 'top'", "head, middle, tail"]),
    "zone as a string": ("[other.x]\nzone = 'head'\n", [r"\[other\.x\] zone", "list of strings"]),
    "bad shape": ("[other.x]\nshape = ['round']\n", [r"\[other\.x\] shape 'round'", "lowercase"]),
    "bad spread": ("[other.x]\nspread = 'page'\n", [r"\[other\.x\] spread 'page'", "bullets, contents, rest, run, section"]),
    "spread as a list": ("[other.x]\nspread = ['run']\n", [r"\[other\.x\] spread"]),
    "negative words": ("[other.x]\nmax_words = -1\n", [r"\[other\.x\] max_words = -1"]),
    "words as text": ("[other.x]\nmin_words = '3'\n", [r"\[other\.x\] min_words = '3'"]),
    "words as truth": ("[other.x]\nmax_words = true\n", [r"\[other\.x\] max_words = True"]),
    "hosts as a string": ("hosts = 'a.b'\n[other.x]\nlines = ['a']\n", ["hosts", "list of strings"]),
    "lists as a list": ("lists = ['a']\n[other.x]\nlines = ['a']\n", ["lists"]),
    "a list of numbers": ("[lists]\nnames = [1]\n[other.x]\nlines = ['a']\n", ["lists", "names"]),
    "a list as a string": ("[lists]\nnames = 'abc'\n[other.x]\nlines = ['a']\n", ["lists", "names"]),
    "language as a list": ("language = ['en']\n[other.x]\nlines = ['a']\n", ["language"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_errors_say_where_and_what(name):
    text, wanted = ERRORS[name]
    with pytest.raises(PackError) as caught:
        rules.parse(text, "my/rules.toml")
    message = str(caught.value)
    assert message.startswith("my/rules.toml: "), message
    for part in wanted:
        assert re.search(part, message), f"{part!r} is not in {message!r}"


def test_the_librarys_own_packs_hold_words_alone():
    text = "[caption.credit]\nmax_words = 5\npatterns = ['photo by']\n"
    with pytest.raises(PackError, match=r"en\.toml: \[caption\.credit\] max_words belongs into concepts\.toml"):
        rules.parse(text, "en.toml", trusted=True)
    assert rules.parse(text, "mine.toml").rules[0].concept.max_words == 5


@pytest.mark.parametrize("bad", [None, b"\xff\xfe\xfa", b"[broken"])
def test_files_that_cannot_be_read(tmp_path, bad):
    path = tmp_path / "mine.toml"
    if bad is not None:
        path.write_bytes(bad)
    with pytest.raises(PackError, match=r"mine\.toml"):
        rules.read(path)


def test_errors_are_value_errors():
    assert issubclass(PackError, CleanerError)
    assert issubclass(CleanerError, ValueError)


# -- packs -------------------------------------------------------------------------------------------

OWN = r"""
language = "en"
hosts = ["example.org"]
[lists]
names = ["Ann", "Bo"]

[other.cat]
about = "lines about the house cat"
strength = "always"
zone = ["tail"]
max_words = 9
min_words = 2
shape = ["unclosed"]
next = ["other.dog"]
previous = ["share.bar"]
spread = "run"
selectors_only = false
patterns = ['our cat', 'by \L<names>']
lines = ["• The  Cat:"]
selectors = [{ class = ["Cat", "kitten"], tag = "div" }, { word = "cat" }]
yes = ["our cat"]
no = ["our dog"]

[caption.credit]
patterns = ['shot by']
"""


def test_a_pack_of_a_users_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN, "utf-8")
    pack = rules.read(path)
    assert (pack.origin, pack.language, pack.hosts) == (str(path), "en", ("example.org",))
    cat, credit = pack.rules
    concept = cat.concept
    assert (concept.name, concept.label, concept.weight) == ("other.cat", Label.OTHER, rules.STRENGTHS["always"])
    assert (concept.zone, concept.max_words, concept.min_words, concept.shape) == ({"tail"}, 9, 2, {"unclosed"})
    assert (concept.next, concept.previous, concept.spread) == (("other.dog",), ("share.bar",), "run")
    assert cat.where == "mine:other.cat"
    assert [p.where for p in cat.patterns] == ["mine:other.cat[1]", "mine:other.cat[2]"]
    assert [p.needs.cues for p in cat.patterns] == [("our cat",), ("by ",)]
    assert cat.patterns[1].compiled.search("BY ann")
    assert cat.lines == {"the cat"}
    assert cat.selectors == ((("class", {"cat", "kitten"}), ("tag", {"div"})), (("word", {"cat"}),))
    assert (cat.yes, cat.no) == (("our cat",), ("our dog",))
    assert not any(p.trusted for p in cat.patterns)
    assert credit.concept is rules.concepts()["caption.credit"], "a concept of the library's keeps its properties"


def test_a_pack_with_nothing_in_it():
    pack = rules.parse("", "mine.toml")
    assert (pack.rules, pack.language, pack.hosts) == ((), "", ())


HOSTS = [
    ((), "", True),
    ((), "a.b", True),
    (("example.org",), "example.org", True),
    (("example.org",), "www.example.org", True),
    (("example.org",), "EXAMPLE.org", True),
    (("Example.org",), "news.example.org", True),
    (("example.org",), "badexample.org", False),
    (("example.org",), "example.org.evil.net", False),
    (("example.org",), "org", False),
    (("example.org",), "", False),
    (("a.b", "c.d"), "x.c.d", True),
]


@pytest.mark.parametrize("hosts, host, holds", HOSTS)
def test_holds_for(hosts, host, holds):
    text = f"hosts = {list(hosts)!r}\n[other.x]\nlines = ['a']\n"
    assert rules.parse(text, "mine.toml").holds_for(host) is holds


def test_concepts_are_the_same_for_every_pack():
    for name, concept in rules.concepts().items():
        assert concept.name == name
        assert concept.label == name.split(".")[0]
        assert concept.about, f"{name} says nothing about itself"
        assert concept.strength != "always", f"{name}: always is for packs of a user's own"
        for other in (*concept.next, *concept.previous):
            assert other == "*" or other in rules.concepts(), f"{name} asks for {other}, which there is not"


def test_every_language_has_stopwords():
    assert set(rules.languages()) <= set(stop_words())
    assert {"en", "de", "fr", "ru", "ja"} <= set(rules.languages())


def test_packs_are_looked_for_in_the_library():
    assert Path(rules.bundled("en").origin).name == "en.toml"
    assert rules.bundled("en") is rules.bundled("en")


def test_examples_are_loaded_where_they_are_asked_for():
    bare, whole = rules.bundled("en"), rules.bundled("en", examples=True)
    assert not any(rule.yes or rule.no for rule in bare.rules)
    assert any(rule.yes for rule in whole.rules)
    assert [rule.where for rule in bare.rules] == [rule.where for rule in whole.rules]


# -- rulebooks -------------------------------------------------------------------------------------


def made(*patterns: str, name: str = "own") -> rules.Pack:
    quoted = ", ".join(f"'{pattern}'" for pattern in patterns)
    return rules.parse(f"[other.x]\npatterns = [{quoted}]\n", f"{name}.toml")


def found(book: RuleIndex, text: str) -> dict[str, list[int]]:
    """The places of each pattern's cues."""
    places = [(pattern.where, at) for patterns, at in book.places(lowered(text)) for pattern in patterns]
    return {where: sorted(at for other, at in places if other == where) for where, _ in places}


def test_rulebooks_share_what_is_known_of_a_pack():
    pack, other = made("ab"), made("cd", name="other")
    one, two = RuleIndex([pack]), RuleIndex([other, pack])
    assert one.indexes[0] is two.indexes[1]


def test_packs_that_are_alike_have_their_own_rules():
    """Two versions of a user's pack, say: the name and the number of rules are the same."""
    one, two = made("abc"), made("def")
    assert one != two
    assert [list(found(RuleIndex([pack]), "abc def")) for pack in (one, two)] == [["own:other.x[1]"]] * 2
    assert [found(RuleIndex([pack]), "abc def")["own:other.x[1]"] for pack in (one, two)] == [[0], [4]]


def test_packs_that_are_thrown_away_are_not_kept():
    alive = []
    for number in range(300):
        index = RuleIndex([made(f"word{number}")]).indexes[0]
        alive.append(weakref.ref(index))
    del index
    gc.collect()
    assert sum(index() is not None for index in alive) < 200


def test_places_of_cues():
    text = "Read our newsletter today,\nnot the newsletter tonight: 12 things in 3 lines, see (b).\nRead 4"
    book = RuleIndex([made("newsletter today", "newsletter tonight", "see", "in", r"\d", "absent")])
    assert found(book, text) == {
        "own:other.x[1]": [9],
        "own:other.x[2]": [35],
        "own:other.x[3]": [text.index("see")],
        "own:other.x[4]": [at for at in range(len(text)) if text.startswith("in", at)],
        "own:other.x[5]": [text.index("12"), text.index("4")],  # once a line: it is a sign
    }
    assert found(book, "") == found(book, "i") == {}
