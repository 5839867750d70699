"""What a pack promises, tried: its speed, its examples alone, and its examples inside an article."""

import pytest

from cleaner import Block, Cleaner, Document, Evidence, Label, rules
from cleaner.errors import PackError
from cleaner.rules import check
from cleaner.rules.adversarial import UNITS, Attack, attacks, own_attacks
from cleaner.rules.check import Article
from cleaner.text.charstats import char_stats

# -- speed -------------------------------------------------------------------------------------------

SLOW = [
    r"(?:a|b|ab)+(?:b|a|ba)+(?:a|b)+$",
    r"(?:x|y|xy)+(?:y|x|yx)+(?:x|y)+$",
    r"(\w+\s?)+$",
    r"^(a+)+$",
    r"(x+x+)+y",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"id: (?:\w+\s*)*;",
    r"(?:\d{1,3},?)+ views",
    r"(?:[\w-]+\.?)+@",
    r"\w+\s+\w+\s+\w+$",
    r"[\w.]+@[\w.]+",
    r"(?:ab?)*(?:ba?)*(?:a|b)*c",
    r"(?:\L<names>\s*)+$",
]
FAST = [
    r"\b(?:sign[ -]?up|subscribe)\b.{0,60}\bnewsletters?\b",
    r"^\W{0,3}(?:photo|image)s?:",
    r"^.*newsletter.*$",
    r"[\w.]{1,60}@[\w.]{1,60}",
    r"(?:\w{1,20}\s){0,6}reported$",
    r"(?:the\s){1,3}\L<names>$",
    r"\b(?>\w+)\s(?>\w+)$",
    r"(\d)\1$",
]


def pattern(text: str) -> rules.Pattern:
    pack = f"lists = {{ names = ['Ann', 'Annan', 'nan'] }}\n[other.x]\npatterns = ['''{text}''']\n"
    return rules.parse(pack, "own.toml", check_speed=False).rules[0].patterns[0]


@pytest.mark.parametrize("text", SLOW)
def test_a_slow_pattern_is_refused_when_it_is_read(text):
    pack = f"lists = {{ names = ['Ann', 'Annan', 'nan'] }}\n[other.x]\npatterns = ['fine', '''{text}''']\n"
    with pytest.raises(PackError) as caught:
        rules.parse(pack, "own.toml")
    assert str(caught.value).startswith(f"own.toml: [other.x] pattern '{text}' is slow on ")
    assert "many times" in str(caught.value)


@pytest.mark.parametrize("text", FAST)
def test_a_bounded_pattern_is_not_refused(text):
    assert list(check.slow_inputs(pattern(text), length=check.LOAD_LENGTH, seconds=check.LOAD_SECONDS)) == []


def test_what_is_searched_when_a_pack_is_read(monkeypatch):
    """Less than 10 ms a pattern: what a pattern is tried on has a limit, in number and in length."""
    searched = []
    monkeypatch.setattr(check, "_is_slow", lambda pattern, text, seconds: searched.append(text))
    texts = [each.text for rule in rules.bundled("en").rules for each in rule.patterns if not each.lists][100:120]
    pack = "[other.x]\npatterns = [\n" + "".join(f"'''{text}''',\n" for text in texts) + "]\n"
    rules.parse(pack, "own.toml")
    assert max(map(len, searched)) <= check.LOAD_LENGTH + 200
    assert len(searched) < 60 * len(texts)


def test_a_yes_is_a_unit_too():
    slow = pattern(r"(?:⟨\w⟩|⟨.⟩)+$")
    assert any(attack.unit == "⟨a⟩" for attack in attacks(slow, ["⟨a⟩"]))


def test_the_speed_of_other_threads_does_not_count(monkeypatch):
    """The limit of ``regex`` counts the time of all threads: a search that ran into it is begun again."""
    limits = []

    class Compiled:
        def search(self, text: str, timeout: float) -> None:
            limits.append(timeout)
            if len(limits) < 3:
                raise TimeoutError

    class Stub:
        compiled = Compiled()

    assert not check._is_slow(Stub(), "text", 0.1)
    assert limits == [0.2, 0.8, 3.2]


def test_attacks_stay_within_the_limits():
    for attack in (Attack("", "a ", ""), Attack("see ", "A. ", " x"), Attack("", "ab", "!")):
        text = attack.text(1_000, 25)
        assert len(text) <= 1_000
        assert len(text.split()) <= 25
        assert text.startswith(attack.before)
        assert text.endswith(attack.behind)
    assert len(Attack("", "abc", "").text(1_000, 25)) == 999


def test_attacks_stand_beside_a_required_literal():
    named = [attack for attack in attacks(pattern("^newsletter.{0,9}$")) if attack.unit in UNITS]
    assert {attack.before for attack in named} == {"newsletter ", ""}
    assert {attack.behind for attack in named} == {" newsletter", ""}


def test_own_attacks_lead_to_what_a_pattern_repeats():
    found = {(attack.before, attack.unit, attack.behind) for attack in own_attacks(pattern(r"id (\d|x)+ end"))}
    assert ("id ", "1", "! end") in found
    assert ("id ", "x", "a end") in found
    assert ("id ", "1x", "") in found
    assert list(own_attacks(pattern("no repetition"))) == []
    assert list(own_attacks(pattern(r"(a)\g<1>+"))) == [], "a call is not known to the parser"


# -- examples alone ----------------------------------------------------------------------------------


def rule(text: str) -> rules.Rule:
    return rules.parse(text, "own.toml", check_examples=False).rules[0]


def test_all_failures_of_a_rule_are_listed():
    own = rule(
        "[other.x]\nmax_words = 3\npatterns = ['^watch']\nlines = ['Read on']\n"
        "yes = ['Watch this', 'READ ON »', 'See this', 'Watch this film now']\nno = ['A watch', 'Watch  out', 'read on']"
    )
    assert [(failure.rule, str(failure)) for failure in check.example_failures(own)] == [
        ("own:other.x", "yes 'See this' is matched by no pattern and no line"),
        ("own:other.x", "yes 'Watch this film now' has 4 words, more than max_words = 3"),
        ("own:other.x", "no 'Watch  out' is matched by pattern '^watch'"),
        ("own:other.x", "no 'read on' is matched by line 'read on'"),
    ]


def test_examples_are_matched_as_blocks_are():
    """With single spaces."""
    assert check.matching(rule("[other.x]\npatterns = ['read more']\n"), "Read\n  more") == "pattern 'read more'"


# -- examples in an article --------------------------------------------------------------------------

ARTICLE = Article("Head", ("One.", "Two."), ("Three.",))


@pytest.mark.parametrize(
    "zone, expected",
    [
        ({"head", "middle", "tail"}, "One.\n\nTwo.\n\nX\n\nThree."),
        ({"middle"}, "One.\n\nTwo.\n\nX\n\nThree."),
        ({"head", "tail"}, "One.\n\nTwo.\n\nThree.\n\nX"),
        ({"tail"}, "One.\n\nTwo.\n\nThree.\n\nX"),
        ({"head"}, "Head\n\nX\n\nOne.\n\nTwo.\n\nThree."),
    ],
)
def test_an_example_stands_where_its_concept_applies(zone, expected):
    source, [(start, end)] = ARTICLE.around(["X"], frozenset(zone))
    assert source == expected
    assert source[start:end] == "X"


def test_examples_in_one_article_have_paragraphs_around_them():
    source, spans = ARTICLE.around(["X", "YY", "Z"], frozenset({"middle"}))
    assert source == "One.\n\nX\n\nTwo.\n\nYY\n\nThree.\n\nZ"
    assert [source[slice(*span)] for span in spans] == ["X", "YY", "Z"]
    assert ARTICLE.around(["X", "YY"], frozenset({"middle"}))[0] == "One.\n\nX\n\nTwo.\n\nYY\n\nThree."


def labelled(label: Label, keep: frozenset[Label] = frozenset({Label.BODY, Label.NOTE})):
    """Labels the second paragraph of a source."""

    def document(source: str) -> Document:
        start = source.index("\n\n", source.index("\n\n") + 2) + 2
        span = (start, source.index("\n\n", start))
        evidence = (Evidence("other.x", label, 4.0, "words"),)
        return Document((Block(source[slice(*span)], label, 0.25, evidence, span=span),), keep)

    return document


def failures(table: str, label: Label) -> list[str]:
    return [str(failure) for failure in check.article_failures(rule(table), labelled(label), ARTICLE)]


YES = "[{}.x]\nlines = ['X']\nyes = ['X']\n"


@pytest.mark.parametrize(
    "concept, label, holds",
    [
        ("related", Label.RELATED, True),
        ("related", Label.CAPTION, True),  # removed is enough
        ("related", Label.BODY, False),
        ("related", Label.NOTE, False),  # kept under another label
        ("note", Label.NOTE, True),  # its own label, though it is kept
        ("note", Label.CAPTION, True),
        ("note", Label.BODY, False),
        ("body", Label.BODY, True),
        ("body", Label.NOTE, True),
        ("body", Label.CAPTION, False),
    ],
)
def test_what_a_yes_has_to_become(concept, label, holds):
    assert (failures(YES.format(concept), label) == []) is holds


def test_a_failure_says_what_became_of_the_example():
    assert failures(YES.format("related"), Label.BODY) == [
        "yes 'X' in an article is kept as body (score 0.25; other.x +4.0 “words”)"
    ]


@pytest.mark.parametrize(
    "key", ["strength = 'weak'", "strength = 'hint'", "requires = ['short']", "next = ['*']", "previous = ['*']"]
)
def test_a_yes_that_does_not_decide_by_itself_is_not_tried(key):
    assert failures(YES.format("related") + key, Label.BODY) == []


@pytest.mark.parametrize(
    "concept, label, holds",
    [
        ("related", Label.BODY, True),
        ("related", Label.NOTE, True),
        ("related", Label.RELATED, False),
        ("body", Label.RELATED, True),
    ],
)
def test_what_a_no_has_to_become(concept, label, holds):
    assert (failures(f"[{concept}.x]\nlines = ['Y']\nno = ['X']\n", label) == []) is holds


def test_a_pack_in_an_article_for_real():
    text = (
        "[related.tip]\npatterns = ['^worth a look: ']\nyes = ['Worth a look: ten gardens of the coast']\n"
        "no = ['The gardens are worth a look', 'Advertisement']\n"
    )
    pack = rules.parse(text, "own.toml")
    found = check.article_failures(
        pack.rules[0],
        lambda source: Cleaner(packs=[pack]).label(source, lang="en", kind="text"),
        check.articles()["en"],
    )
    assert [failure.text for failure in found] == ["Advertisement"]


NO = ["Good", "Bad", "Crowded", "Fine"]


def test_what_fails_among_other_examples_is_tried_alone():
    """A text that is removed where three stand together, and stays where it stands alone, does not fail."""
    tried = []

    def document(source: str) -> Document:
        tried.append([word for word in source.split() if word in NO])
        lost = [word for word in tried[-1] if word == "Bad" or (word == "Crowded" and len(tried[-1]) > 1)]
        spans = [(source.index(word), source.index(word) + len(word)) for word in tried[-1]]
        blocks = (
            Block(source[slice(*span)], Label.OTHER if source[slice(*span)] in lost else Label.BODY, 0.5, span=span)
            for span in spans
        )
        return Document(tuple(blocks), frozenset({Label.BODY}))

    table = f"[related.x]\nlines = ['Y']\nno = {NO}\n"
    found = check.article_failures(rule(table), document, ARTICLE)
    assert [failure.text for failure in found] == ["Bad"]
    assert tried == [["Good", "Bad", "Crowded"], ["Bad"], ["Crowded"], ["Fine"]]


@pytest.mark.parametrize("language", rules.languages())
def test_every_language_has_an_article_that_no_rule_matches(language):
    article = check.articles()[language]
    paragraphs = [*article.before, *article.after]
    assert len(article.before) == len(article.after) == 3
    assert char_stats(paragraphs).words.min() >= 15
    document = Cleaner().label("\n\n".join([article.headline, *paragraphs]), kind="text")
    assert document.lang == language
    assert [block.label for block in document.blocks] == [Label.TITLE, *[Label.BODY] * 6]
    named = [e.name for block in document.blocks for e in block.evidence if e.rule and e.label is not Label.BODY]
    assert named == []
