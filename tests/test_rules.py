"""Packs become rules, or an error that says where and what to write instead; and the index of the rules."""

import gc
import re
import weakref
from pathlib import Path

import pytest
from helpers import run_python

from cleaner import Cleaner, rules
from cleaner.document import Label
from cleaner.errors import CleanerError, PackError
from cleaner.reading.language import stop_words
from cleaner.rules import packs, toml
from cleaner.rules.index import RuleIndex
from cleaner.rules.pattern_index import all_lowered
from cleaner.rules.schema import ROLES

# -- errors: the message names file, table and what is wrong -----------------------------------------

ERRORS = {
    "bad TOML": ("[other.x\n", [r"line 1"]),
    "a pattern in double quotes": ('[other.x]\npatterns = ["\\d+ views"]\n', ["line 2", "single quotes"]),
    "an empty pack": ("", ["empty", r"\[related\.tip\]"]),
    "a pack without tables": ("language = 'en'\nhosts = ['a.b']\n", ["empty"]),
    "TOML cut off": ("[other.x]\nyes = ['a", []),
    "a key twice": ("[other.x]\nyes = []\nyes = []\n", []),
    "unknown label": ("[spam.x]\nlines = ['a']\n", [r"\[spam\]", "labels are", "subscription"]),
    "nearly a label": ("[adverts.x]\nlines = ['a']\n", [r"\[adverts\]", "did you mean 'advert'"]),
    "unknown key above the tables": ("colour = 'red'\n", ["unknown key 'colour'", "hosts, language, lists"]),
    "nearly a key above the tables": ("host = ['a.b']\n[other.x]\nlines = ['a']\n", ["'host'", "did you mean 'hosts'"]),
    "a label as a value": ("other = 5\n", [r"other = 5", r"\[other\.name\]"]),
    "outside of a concept's table": ("[other]\nlines = ['a']\n", [r"\[other\] lines", r"\[other\.name\]"]),
    "unknown key": ("[other.x]\npattern = ['a']\n", [r"\[other\.x\]", "'pattern'", "did you mean 'patterns'"]),
    "a key of the pack in a table": ("[other.x]\nlines = ['a']\nhosts = ['a.b']\n", ["'hosts'", "above the tables"]),
    "a key of the library": ("[other.x]\nlines = ['a']\nrole = 'area'\n", [r"\[other\.x\] role", "library"]),
    "another key of the library": ("[other.x]\nlines = ['a']\nglued = true\n", [r"\[other\.x\] glued", "library"]),
    "nothing to match": ("[other.x]\nyes = ['a']\n", [r"\[other\.x\]", "neither patterns, lines nor selectors"]),
    "a library's concept with nothing to match": ("[caption.credit]\nstrength = 'weak'\n", [r"\[caption\.credit\]", "never match"]),
    "backspace for a border": ('[other.x]\npatterns = ["\\bWATCH\\b"]\n', [r"\[other\.x\] pattern", r"U\+0008", "single quotes", r"'\\bWATCH\\b'"]),
    "a null in a line": ('[other.x]\nlines = ["a\\u0000b"]\n', [r"\[other\.x\] line", r"U\+0000", "single quotes"]),
    "backspace in a list": ('[lists]\nnames = ["\\bAnn"]\n[other.x]\nlines = ["a"]\n', [r"\[lists\] word", r"U\+0008"]),
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
    "yes of numbers": ("[other.x]\nlines = ['a']\nyes = [1]\n", [r"\[other\.x\] yes", "list of strings"]),
    "selector without a key": ("[other.x]\nselectors = [{}]\n", [r"\[other\.x\] selector", "class"]),
    "selector with another key": ("[other.x]\nselectors = [{ klass = 'a' }]\n", [r"\[other\.x\] selector", "'klass'", "did you mean 'class'"]),
    "selector of no values": ("[other.x]\nselectors = [{ class = [] }]\n", [r"\[other\.x\] selector class"]),
    "selector as a string": ("[other.x]\nselectors = ['.a']\n", [r"\[other\.x\] selector", r"'\.a'"]),
    "selectors as a table": ("[other.x]\nselectors = { class = 'a' }\n", [r"\[other\.x\] selector"]),
    "selectors as a number": ("[other.x]\nselectors = 5\n", [r"\[other\.x\] selector"]),
    "selector of numbers": ("[other.x]\nselectors = [{ class = 5 }]\n", [r"\[other\.x\] selector class", "5"]),
    "selector of a list of numbers": ("[other.x]\nselectors = [{ class = ['a', 5] }]\n", [r"\[other\.x\] selector class"]),
    "selector of two names": ("[other.x]\nselectors = [{ class = 'promo Box' }]\n", [r"\[other\.x\] selector class = 'promo Box' would never match", "write 'promo' or 'box'"]),
    "selector with a sign of CSS": ("[other.x]\nselectors = [{ id = '#promo' }]\n", [r"selector id = '#promo'", "write 'promo'$"]),
    "selector of no word": ("[other.x]\nselectors = [{ word = ['promo', 'c-promo__box'] }]\n", [r"selector word = 'c-promo__box'", "one word of a class or id; write 'c' or 'promo' or 'box'"]),
    "a label as a neighbour": ("[other.x]\nlines = ['a']\nnext = ['caption']\n", [r"\[other\.x\] next 'caption' is not the name of a concept"]),
    "nearly a label of a neighbour": ("[other.x]\nlines = ['a']\nprevious = ['*', 'captions.credit']\n", [r"previous 'captions\.credit'", "did you mean 'caption'"]),
    "bad strength": ("[other.x]\nstrength = 'huge'\n", [r"\[other\.x\] strength 'huge'", "always, certain, strong, weak"]),
    "strength as a list": ("[other.x]\nstrength = ['strong']\n", [r"\[other\.x\] strength"]),
    "bad zone": ("[other.x]\nzone = ['top']\n", [r"\[other\.x\] zone 'top'", "head, middle, tail"]),
    "zone as a string": ("[other.x]\nzone = 'head'\n", [r"\[other\.x\] zone", "list of strings"]),
    "nearly a strength": ("[other.x]\nstrength = 'stong'\n", ["did you mean 'strong'"]),
    "bad condition": ("[other.x]\nrequires = ['round']\n", [r"\[other\.x\] requires 'round'", "lowercase"]),
    "bad condition, by the key's old name": ("[other.x]\nshape = ['round']\n", [r"\[other\.x\] shape 'round'", "lowercase"]),
    "conditions twice": ("[other.x]\nrequires = ['short']\nshape = ['short']\n", [r"\[other\.x\]", "'requires' alone"]),
    "selectors_only as text": ("[other.x]\nselectors_only = 'yes'\n", [r"\[other\.x\] selectors_only = 'yes'"]),
    "no number of words fits": ("[other.x]\nmin_words = 9\nmax_words = 3\n", [r"\[other\.x\] min_words = 9", "max_words = 3"]),
    "bad spread": ("[other.x]\nspread = 'page'\n", [r"\[other\.x\] spread 'page'", "bullets, contents, keywords, rest, run, section"]),
    "spread as a list": ("[other.x]\nspread = ['run']\n", [r"\[other\.x\] spread"]),
    "negative words": ("[other.x]\nmax_words = -1\n", [r"\[other\.x\] max_words = -1"]),
    "words as text": ("[other.x]\nmin_words = '3'\n", [r"\[other\.x\] min_words = '3'"]),
    "words as truth": ("[other.x]\nmax_words = true\n", [r"\[other\.x\] max_words = True"]),
    "hosts as a string": ("hosts = 'a.b'\n[other.x]\nlines = ['a']\n", ["hosts", "list of strings"]),
    "lists as a list": ("lists = ['a']\n[other.x]\nlines = ['a']\n", ["lists"]),
    "a list of numbers": ("[lists]\nnames = [1]\n[other.x]\nlines = ['a']\n", ["lists", "names"]),
    "a list as a string": ("[lists]\nnames = 'abc'\n[other.x]\nlines = ['a']\n", ["lists", "names"]),
    "hosts with an address": ("hosts = ['https://www.cbc.ca/']\n[other.x]\nlines = ['a']\n", ["hosts", "https://www", 'write "cbc.ca"']),
    "hosts with a port": ("hosts = ['cbc.ca:8080']\n[other.x]\nlines = ['a']\n", ['write "cbc.ca"']),
    "hosts with a path": ("hosts = ['cbc.ca/news']\n[other.x]\nlines = ['a']\n", ['write "cbc.ca"']),
    "hosts with a user": ("hosts = ['ann:secret@cbc.ca']\n[other.x]\nlines = ['a']\n", ['write "cbc.ca"']),
    "hosts with a wildcard": ("hosts = ['*.cbc.ca']\n[other.x]\nlines = ['a']\n", ['write "cbc.ca"']),
    "hosts with a dot at the end": ("hosts = ['cbc.ca.']\n[other.x]\nlines = ['a']\n", ['write "cbc.ca"']),
    "hosts with everything": ("hosts = ['HTTPS://ann@News.CBC.ca:80/a?b#c']\n[other.x]\nlines = ['a']\n", ['write "news.cbc.ca"']),
    "an empty host": ("hosts = ['']\n[other.x]\nlines = ['a']\n", ["hosts: ''", 'write one as "example.org"']),
    "a number as host": ("hosts = ['[::1]:80']\n[other.x]\nlines = ['a']\n", ['write one as "example.org"']),
    "a yes without a match": ("[other.x]\npatterns = ['^watch']\nlines = ['a']\nyes = ['A', 'See this']\n", [r"\[other\.x\] yes 'See this'", "no pattern and no line"]),
    "a yes of selectors": ("[other.x]\nselectors = [{ class = 'a' }]\nyes = ['See this']\n", [r"\[other\.x\] yes 'See this'"]),
    "a yes that is too long": ("[other.x]\nmax_words = 2\npatterns = ['^see']\nyes = ['See this now']\n", [r"yes 'See this now' has 3 words, more than max_words = 2"]),
    "a yes that is too short": ("[other.x]\nmin_words = 4\npatterns = ['^see']\nyes = ['See this now']\n", [r"yes 'See this now' has 3 words, less than min_words = 4"]),
    "a no that matches": ("[other.x]\npatterns = ['^watch']\nno = ['See this', 'Watch  out']\n", [r"\[other\.x\] no 'Watch  out'", "matched by pattern '\\^watch'"]),
    "a no that equals a line": ("[other.x]\nlines = ['Watch out']\nno = ['watch out!']\n", ["matched by line 'watch out'"]),
    "a slow pattern": ("[other.x]\npatterns = ['^(a+)+$']\n", [r"\[other\.x\] pattern '\^\(a\+\)\+\$' is slow on 'a' many times", "bound"]),
    "language as a word": ("language = 'german'\n[other.x]\nlines = ['a']\n", ["language is an ISO 639-1 code .* not 'german'", "did you mean 'de'"]),
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
        toml.parse_pack(text, "en.toml", rules.concepts(), bundled=True)
    assert rules.parse(text, "mine.toml").rules[0].concept.max_words == 5


@pytest.mark.parametrize(
    "bad, message",
    [
        (None, "No such file or directory$"),
        (b"a = '\xff'", "not UTF-8: .* at byte 5$"),
        (b"[broken", "end of document"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, bad, message):
    path = tmp_path / "mine.toml"
    if bad is not None:
        path.write_bytes(bad)
    with pytest.raises(PackError, match=rf"mine\.toml: .*{message}"):
        rules.read(path)


def test_the_text_of_a_pack_is_no_bytes():
    with pytest.raises(TypeError, match=r"a str, not bytes; rules\.read\(path\) reads a file"):
        rules.parse(b"[related.tip]\nlines = ['Tip']", "mine.toml")


@pytest.mark.parametrize("path", ["", ".", "a\0b"])
def test_paths_that_are_no_files(path):
    with pytest.raises(PackError):
        rules.read(path)


def test_checks_that_can_be_left_out():
    slow = "[other.x]\npatterns = ['^(a+)+$']\n"
    assert rules.parse(slow, "mine.toml", check_speed=False).rules[0].patterns[0].text == "^(a+)+$"
    wrong = "[other.x]\npatterns = ['^watch']\nyes = ['See this']\nno = ['Watch it']\n"
    assert rules.parse(wrong, "mine.toml", check_examples=False).rules[0].yes == ("See this",)


def test_what_a_pattern_may_hold():
    """Line breaks and tabs are written into verbose patterns; letters of any script are no control characters."""
    pack = rules.parse("[other.x]\npatterns = ['''(?x) read\n\t[ ]more''', 'élan', '\\N{BULLET}']\n", "mine.toml")
    assert pack.rules[0].patterns[0].compiled.search("READ more")


@pytest.mark.parametrize("key", ["requires", "shape"])
def test_a_table_of_conditions_alone(key):
    """``shape`` is the old name of ``requires``."""
    rule = rules.parse(f"[other.x]\n{key} = ['repeated', 'short']\n", "mine.toml").rules[0]
    assert rule.concept.requires == {"repeated", "short"}
    assert (
        RuleIndex([rules.parse("[other.repeated_line]\n", "mine.toml")]).conditional[0].where
        == "mine:other.repeated_line"
    )


def test_errors_are_value_errors():
    assert issubclass(PackError, CleanerError)
    assert issubclass(CleanerError, ValueError)


def test_rules_are_reachable_without_an_import_of_their_own():
    """In a fresh process, and without the cost of it for those who do not ask."""
    code = (
        "import sys, cleaner\n"
        "assert 'cleaner.rules' not in sys.modules and 'regex' not in sys.modules\n"
        "assert cleaner.rules.parse and 'rules' in cleaner.__all__\n"
        "try: cleaner.nothing\n"
        "except AttributeError as error: print(error)"
    )
    done = run_python(code)
    assert done.stdout == "module 'cleaner' has no attribute 'nothing'\n"


def test_the_public_names_of_rules():
    assert all(hasattr(rules, name) for name in rules.__all__)
    assert not hasattr(rules, "load"), "bundled() gives the library's packs, read() a user's"


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
requires = ["unclosed"]
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
    assert concept.note == "lines about the house cat"
    assert (concept.zone, concept.max_words, concept.min_words, concept.requires) == ({"tail"}, 9, 2, {"unclosed"})
    assert (concept.next, concept.previous, concept.spread) == (("other.dog",), ("share.bar",), "run")
    assert cat.where == "mine:other.cat"
    assert [p.where for p in cat.patterns] == ["mine:other.cat[1]", "mine:other.cat[2]"]
    assert [(p.rule, p.number) for p in cat.patterns] == [("mine:other.cat", 1), ("mine:other.cat", 2)]
    assert [p.required.any_of for p in cat.patterns] == [("our cat",), ("by ann", "by bo")]
    assert cat.patterns[1].compiled.search("BY ann")
    assert cat.lines == {"the cat"}
    assert cat.selectors == ((("class", {"cat", "kitten"}), ("tag", {"div"})), (("word", {"cat"}),))
    assert (cat.yes, cat.no) == (("our cat",), ("our dog",))
    assert not any(p.trusted for p in cat.patterns)
    assert credit.concept is rules.concepts()["caption.credit"], "a concept of the library's keeps its properties"


@pytest.mark.parametrize("origin", ["mine.toml", "packs/mine.toml", r"C:\packs\mine.toml", r"..\mine.toml", "mine"])
def test_rules_have_the_name_of_the_file_on_every_system(origin):
    pack = rules.parse("[other.x]\nlines = ['a']\n", origin)
    assert (pack.name, pack.rules[0].where) == ("mine", "mine:other.x")


def test_packs_of_one_name_are_refused(tmp_path):
    """Evidence and flags name the rule, which begins with the name of its pack."""
    pack = "[other.x]\nlines = ['a']\n"
    one, two = (rules.parse(pack, origin) for origin in ("one/site.toml", "two/site.toml"))
    with pytest.raises(PackError, match=r"^two/site.toml: one/site.toml is named 'site' too; rename one of them$"):
        Cleaner(packs=[one, two])
    with pytest.raises(PackError, match="is named 'site' too"):
        Cleaner(packs=[one, one])


@pytest.mark.parametrize("name", ["en", "shared", "concepts", "en:x"])
def test_the_names_of_the_librarys_packs_are_taken(name):
    pack = rules.parse("[other.x]\nlines = ['a']\n", f"packs/{name}.toml")
    with pytest.raises(PackError, match=f"^packs/{name}.toml: the library has a pack named '{name}'; rename yours$"):
        Cleaner(packs=[pack])
    assert Cleaner(packs=[packs.renamed(pack, "mine")]).label("a").blocks[0].evidence[0].rule == "mine:other.x"


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
    (("example.org",), "www.example.org.", True),
    (("bücher.example",), "www.xn--bcher-kva.example", True),
    (("xn--bcher-kva.example",), "Bücher.example", True),
    (("bücher.example",), f"{'ü' * 70}.example", False),
]


@pytest.mark.parametrize("hosts, host, holds", HOSTS)
def test_holds_for(hosts, host, holds):
    text = f"hosts = {list(hosts)!r}\n[other.x]\nlines = ['a']\n"
    assert rules.parse(text, "mine.toml").holds_for(host) is holds


def test_a_pack_may_begin_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[other.x]\nlines = ['a']\n", "utf-8-sig")
    assert [rule.where for rule in rules.read(path).rules] == ["mine:other.x"]


def test_concepts_are_the_same_for_every_pack():
    for name, concept in rules.concepts().items():
        assert concept.name == name
        assert concept.label == name.split(".")[0]
        assert concept.note, f"{name} has no note"
        assert concept.strength != "always", f"{name}: always is for packs of a user's own"
        for other in (*concept.next, *concept.previous):
            assert other == "*" or other in rules.concepts(), f"{name} asks for {other}, which there is not"


def test_every_language_has_stopwords():
    assert set(rules.languages()) <= set(stop_words())
    assert {"en", "de", "fr", "ru", "ja"} <= set(rules.languages())


def test_roles_and_glued_concepts():
    """What the engine does with a concept is a property of the concept: no name is written into the engine."""
    roles = {role: packs.concepts_with_role(role) for role in ROLES - {""}}
    assert roles == {
        "area": {"navigation.area"},
        "box": {"sidebar.box"},
        "card": {"subscription.card"},
        "embed": {"notice.cookie", "sidebar.embed"},
        "loose_heading": {"other.heading"},
        "thread": {"comment.heading"},
    }
    assert packs.glued_concepts() == {
        "subscription.newsletter", "subscription.donate", "advert.affiliate", "byline.agency",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["cbc.toml", "concepts", "articles", "xx", "../en", ""])
def test_the_library_has_no_other_packs(name):
    with pytest.raises(PackError, match=r"rules\.read\(path\)"):
        rules.bundled(name)


def test_packs_are_looked_for_in_the_library():
    assert Path(rules.bundled("en").origin).name == "en.toml"
    assert rules.bundled("en") is rules.bundled("en")


def test_examples_are_loaded_where_they_are_asked_for():
    bare, whole = rules.bundled("en"), rules.bundled("en", examples=True)
    assert not any(rule.yes or rule.no for rule in bare.rules)
    assert any(rule.yes for rule in whole.rules)
    assert [rule.where for rule in bare.rules] == [rule.where for rule in whole.rules]


# -- the index ---------------------------------------------------------------------------------------


def made(*patterns: str, name: str = "own") -> rules.Pack:
    quoted = ", ".join(f"'{pattern}'" for pattern in patterns)
    return rules.parse(f"[other.x]\npatterns = [{quoted}]\n", f"{name}.toml")


def found(index: RuleIndex, *texts: str) -> dict[str, list[int]]:
    """The numbers of the texts that hold the literals of each pattern."""
    numbers: dict[str, list[int]] = {}
    for pattern, number in index.patterns.literal_candidates(texts, all_lowered(texts)):
        numbers.setdefault(pattern.where, []).append(number)
    return numbers


def test_indexes_share_the_tables_of_a_pack():
    pack, other = made("ab"), made("cd", name="other")
    one, two = RuleIndex([pack]), RuleIndex([other, pack])
    assert one.indexes[0] is two.indexes[1]


def test_packs_that_are_alike_have_their_own_rules():
    """Two versions of a user's pack, say: the name and the number of rules are the same."""
    one, two = made("abc"), made("def")
    assert one != two
    assert [list(found(RuleIndex([pack]), "abc def")) for pack in (one, two)] == [["own:other.x[1]"]] * 2
    assert [found(RuleIndex([pack]), "abc", "def")["own:other.x[1]"] for pack in (one, two)] == [[0], [1]]


def test_packs_that_are_thrown_away_are_not_kept():
    alive = []
    for number in range(300):
        index = RuleIndex([made(f"word{number}")]).indexes[0]
        alive.append(weakref.ref(index))
    del index
    gc.collect()
    assert sum(index() is not None for index in alive) < 200


def test_texts_with_literals():
    texts = [
        "Read our newsletter today,",
        "not the newsletter tonight: 12 things in 3 lines, see (b).",
        "Read 4",
        "the NATO office, and the nato office",
        "NEWSLETTER TODAY\u00a0",
    ]
    patterns = ("newsletter today", "newsletter tonight", "see", "in", r"\\d", "absent", "(?-i:NATO|ATO)", r"today\\s")
    index = RuleIndex([made(*(pattern.replace("\\\\", "\\") for pattern in patterns))])
    assert found(index, *texts) == {
        "own:other.x[1]": [0, 4],
        "own:other.x[2]": [1],
        "own:other.x[3]": [1],
        "own:other.x[4]": [1],  # once a text, although it stands there three times
        "own:other.x[5]": [1, 2],
        "own:other.x[7]": [3],  # once, although it has two literals there
        "own:other.x[8]": [4],
    }
    assert found(index, "") == found(index, "i") == found(index) == {}


def test_a_pattern_is_looked_up_by_what_few_texts_hold():
    texts = ["12 comments", "12 things", "the piers of Skarn", "Ida Holm for Nordlys", "an hour before noon"]
    numbered, of_paper, by_case = (
        r"^\d{1,9}\scomments?$",
        r"\b(?:of|for)\s(?:Skarn|Nordlys)$",
        r"(?-i:[A-Z]\w+ for )\w+",
    )
    index = RuleIndex([made(numbered, of_paper, by_case)])
    assert index.patterns.possible_matches(["12 things"], [2]) == []  # many texts begin with a digit
    assert found(index, *texts) == {"own:other.x[1]": [0], "own:other.x[2]": [2, 3], "own:other.x[3]": [3]}
