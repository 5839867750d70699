"""Required literals: the prefilter must never leave out a text that the pattern matches."""

import pytest
import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleaner import rules
from cleaner.rules.index import RuleIndex
from cleaner.rules.prefilter import RequiredLiterals, lowered, required_literals
from cleaner.rules.select import bundled_index
from cleaner.text.charstats import word_counts

PACKS = ("shared", *rules.languages())
#: Of a pattern and a text that are made by chance, few match: more than other properties need.
EXAMPLES = max(150, settings.default.max_examples)

# -- soundness -----------------------------------------------------------------------------------

#: Characters whose case is odd: their lower case is longer, ambiguous, or not the only one that equals them.
ODD = "sSſkK\u212aiIİıßẞσςΣµμΜåÅ\u212bǆǅǄﬁﬆﬅẛṡθϑϴιͅ\u1fbeᏰᏸѕвᲀ"
LETTERS = st.sampled_from("abcxAB zZé-'’0719٣🯵%•|©Ⓐⓐ" + ODD)
LITERAL = st.text(LETTERS, min_size=1, max_size=5).map(regex.escape)
CLASSES = r"[abc] [^a] []a] [^]a] [a\]b] [[:alpha:]b] [[:^digit:]] [a-z--] [[a-c] [\p{L}\]] [|•] [%©] [\|\]] [Ⓐ%] [|-~] [0-9] [^|] [|\s]"
ESCAPES = r"\w \s \b \p{L} \p{Lu} \pL \x61 \u0061 \U00000061 \07 \d \D \d\d \m \M \n \- \. \| \% \L<names>"
ATOM = st.sampled_from([".", "^", "$", "\\ ", r"\N{LATIN SMALL LETTER A}", *CLASSES.split(), *ESCAPES.split()])
QUANTIFIER = st.sampled_from(
    ["", "", "", "", *"? * + ?? *? +? ?+ *+ ++ {2} {0} {00,1} {0,3} {,2} {1,} {2,3}? {0,2}+ {1}{0,1}".split()]
)
KNOWN = "({}) (?:{}) (?>{}) (?P<n>{}) (?<n>{}) (?|{}) (?i:{}) (?-i:{}) (?s-i:{}) (?={}) (?!{}) (?<={}) (?<!{}) (?i){} (?:{}|) (?:|{})"
UNKNOWN = (
    r"(?#{}) ({})?(?(1)ab|ba) ({})\1 (?P<n>{})(?P=n) (?P<n>{})\g<n> (?:{}){{e<=1}} (?x:{}) \K{} (?:{}){{i<=2}} (?f:{})"
)
GROUP = st.sampled_from([*KNOWN.split(), *UNKNOWN.split()])


def _joined(parts):
    return "".join(f"{part}{quantifier}" for part, quantifier in parts)


def _extend(inner):
    sequence = st.lists(st.tuples(inner, QUANTIFIER), min_size=1, max_size=3).map(_joined)
    alternatives = st.lists(sequence, min_size=1, max_size=3).map("|".join)
    return st.builds(
        lambda group, body: group.replace("{{", "{").replace("}}", "}").replace("{}", body, 1), GROUP, alternatives
    )


UNIT = st.recursive(LITERAL | ATOM, _extend, max_leaves=6)
SEQUENCE = st.lists(st.tuples(UNIT, QUANTIFIER), min_size=1, max_size=5).map(_joined)
PATTERN = st.lists(SEQUENCE, min_size=1, max_size=3).map("|".join)
NAMES = st.lists(st.text(LETTERS, min_size=1, max_size=4), min_size=1, max_size=4)


NON_WORD = regex.compile(r"\W*")


def holds(text: str, required: RequiredLiterals) -> bool:
    """Whether a text holds all that a pattern requires."""
    low = lowered(text)
    start = NON_WORD.match(low).end()
    return (
        (required.any_of is None or any(literal in low for literal in required.any_of))
        and all(any(literal in low for literal in literals) for literals in required.all_of)
        and (required.prefixes is None or low.startswith(required.prefixes, start))
        and all(any(literal in text for literal in literals) for literals in required.exact)
        and (required.length is None or required.length[0] <= len(text) <= required.length[1])
    )


def check(pattern: str, text: str, names: list[str]) -> bool:
    """Whether the pattern matches; then the text must hold what the pattern requires."""
    try:
        compiled = regex.compile(pattern, regex.IGNORECASE, **({"names": names} if r"\L<names>" in pattern else {}))
        match = compiled.search(text, timeout=1)
    except (regex.error, TimeoutError, ValueError):
        return False
    required = required_literals(pattern, {"names": names})
    if match:
        assert holds(text, required), f"{pattern!r} matches {text!r} without {required}"
    return match is not None


@given(PATTERN, st.text(LETTERS, max_size=12), NAMES)
@settings(deadline=None, max_examples=EXAMPLES)
def test_a_match_holds_the_required_literals(pattern, text, names):
    check(pattern, text, names)


@given(st.data(), st.text(LETTERS, min_size=2, max_size=6), st.text(LETTERS, max_size=6))
@settings(deadline=None, max_examples=EXAMPLES)
def test_a_match_of_a_text_made_for_the_pattern_holds_the_required_literals(data, literal, rest):
    """The same with texts that hold the pattern's own literal in another case, so that most of them match."""
    other = "".join(data.draw(st.sampled_from(_cases(char))) for char in literal)
    tail = data.draw(SEQUENCE | st.just(""))
    head = data.draw(st.sampled_from(["", "^", r"\b", "(?:x|)", "(?:a|b)?", r"[^a]*", "x{0,3}", "(?<!q)"]))
    check(f"{head}{regex.escape(literal)}(?:{tail}|)", f"{other}{rest}", ["ab"])


def _cases(char: str) -> list[str]:
    """The characters that are equal to one where case is ignored."""
    return [
        other
        for other in {char, char.lower(), char.upper(), char.swapcase(), *ODD}
        if len(other) == 1 and regex.fullmatch(regex.escape(char), other, regex.I)
    ]


@given(st.lists(LITERAL, min_size=1, max_size=3), st.data())
@settings(deadline=None, max_examples=100)
def test_named_lists_ignore_case_too(words, data):
    word = data.draw(st.sampled_from([w.replace("\\", "") for w in words]))
    assume(word)
    other = "".join(data.draw(st.sampled_from(_cases(char))) for char in word)
    check(r"^\L<names>$", other, [w.replace("\\", "") for w in words])


@given(st.text())
@settings(deadline=None, max_examples=200)
def test_lowered_keeps_the_length(text):
    assert len(lowered(text)) == len(text)


def test_equal_characters_are_equal_when_lowered():
    """Over all of Unicode: what the regex module takes for the same letter has the same lowered form."""
    letters = [
        chr(code)
        for code in range(0x110000)
        if (not 0xD800 <= code < 0xE000 and chr(code).casefold() != chr(code)) or chr(code).upper() != chr(code)
    ]
    everything = "".join(letters)
    odd = []
    for form in {lowered(letter) for letter in letters if ord(letter) < 0x250 or lowered(letter) != letter.lower()}:
        odd += [
            (form, other)
            for other in regex.findall(regex.escape(form), everything, regex.IGNORECASE)
            if lowered(other) != form
        ]
    assert odd == []


# -- any_of --------------------------------------------------------------------------------------

FOUND = [
    (r"\b(?:sign[ -]?up|subscribe)\b.{0,60}\bnewsletters?\b", {"newsletter"}),
    (r"^(?:read|see) more$", {"read more", "see more"}),
    (r"^(?:photo|image):", {"photo:", "image:"}),
    (r"ab?cd", {"acd", "abcd"}),
    (r"ab+cd", {"bcd"}),
    (r"ab{2}cd", {"abbcd"}),
    (r"ab{1,2}cd", {"abcd", "abbcd"}),
    (r"ab{3,9}cd", {"bcd"}),
    (r"ab{2}{0,1}cd", {"cd"}),
    (r"x(?:ab){2}", {"xabab"}),
    (r"\bab\b-\bcd\b", {"ab-cd"}),
    (r"ab\s(?!ef)cd", {"ab cd"}),
    (r"(?:ab|cd)[ -]?ef", {"abef", "ab ef", "ab-ef", "cdef", "cd ef", "cd-ef"}),
    (r"ab{0}cd", {"acd"}),
    (r"(?:abcd){0,3}ef", {"ef"}),
    (r"(?:abcd){,3}ef", {"ef"}),
    (r"(?:abcd){1,3}ef", {"abcdef"}),
    (r"(?:abcd)*+ef", {"ef"}),
    (r"(?>abcd)ef", {"abcdef"}),
    (r"(?<=abcd)ef", {"abcd"}),
    (r"(?=.*abc)\w", {"abc"}),
    (r"(?!abcd)ef", {"ef"}),
    (r"(?i)ABcd", {"abcd"}),
    (r"(?-i:ABcd)", {"abcd"}),
    (r"(?-i:İstanbul)", {"istanbul"}),
    (r"ΟΔΟΣ", {"οδοσ"}),
    (r"a\.b", {"a.b"}),
    (r"[[:alpha:]x]yz", {"yz"}),
    (r"[]x]yz", {"]yz", "xyz"}),
    (r"[x\]]yz", {"]yz", "xyz"}),
    (r"[x-z]yz", {"yz"}),
    (r"[x\w]yz", {"yz"}),
    (r"(\w)\1yz", {"yz"}),
    (r"\p{Lu}yz", {"yz"}),
    (r"\U00000041yz", {"yz"}),
    (r"\L<names>", {"ann", "bo"}),
    (r"\d+ ?%", {"0%", "0 %"}),
    ("[文図]", {"文", "図"}),
    (r"^\d\d:\d", {"00:0"}),
    (r"^(?:\d|[|•])$", {"0", "|", "•"}),
    (r"[Ⓐ%]", {"ⓐ", "%"}),
    (r"(?:\L<names>)?yz", {"yz"}),
]
NONE = [
    *[
        "",
        "a",
        "abc|",
        "abc|d",
        "(?:abc)?",
        "(?:abc)*",
        "(?:abc){0,1}",
        "[abc]+",
        r"\w+",
        "(?!abc)",
        "(?=abc)?",
        "[a%]",
        "[^%]",
        "[ %]",
    ],
    *["(?x) a b c", "(?x: a b c)", "(?f)strasse", "(?V1)[a--b]cd", "(?:abc){e<=1}", "(?:abc){i}", "(?P<n>a)(?P=n)bc"],
    *[r"(a)\g<1>bc", r"(a)?(?(1)bc|de)", "(?#abc)", r"\pLbc", r"\141bc", "(?R)?abc", "(?&n)abc", r"\L<unknown>"],
    *[r"\Qabc\E", "abc(", "abc)", "abc\\", "a{bc"],
]


@pytest.mark.parametrize("pattern, literals", FOUND)
def test_any_of(pattern, literals):
    assert set(required_literals(pattern, {"names": ["Ann", "BO"]}).any_of) == literals


@pytest.mark.parametrize("pattern", NONE)
def test_no_literal_is_required_where_none_is_certain(pattern):
    assert required_literals(pattern).any_of is None


def test_an_empty_word_of_a_list_requires_nothing():
    assert required_literals(r"\L<names>x", {"names": ["ab", ""]}).any_of is None


def test_thousands_of_nested_groups_are_no_error():
    assert required_literals("(?:" * 5_000 + "ab" + ")" * 5_000).any_of in (None, ("ab",))


# -- the packs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", rules.languages())
def test_few_patterns_require_no_literal(name):
    # Those of shared.toml may: they look for dates, numbers and signs alone.
    patterns = [pattern for rule in rules.bundled(name).rules for pattern in rule.patterns]
    without = [pattern.where for pattern in patterns if pattern.required.any_of is None]
    assert len(without) <= 0.15 * len(patterns) + 3, f"{len(without)} of {len(patterns)} run on every block: {without}"


@pytest.mark.parametrize("name", PACKS)
def test_the_index_finds_every_example_that_a_pattern_matches(name):
    pack = rules.bundled(name, examples=True)
    index = RuleIndex([], [bundled_index(name)])
    texts = [text for rule in pack.rules for text in (*rule.yes, *rule.no)]
    counts = word_counts(texts)
    possible = {(pattern.where, at) for pattern, at in index.patterns.possible_matches(texts, counts)}
    for at, text in enumerate(texts):
        for rule in pack.rules:
            for pattern in rule.patterns:
                in_range = pattern.concept.min_words <= counts[at] <= pattern.concept.max_words
                if in_range and pattern.compiled.search(text):
                    assert (pattern.where, at) in possible, (pattern.where, text)
                    assert holds(text, pattern.required), (pattern.where, text)


# -- prefixes and all_of -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "prefixes"),
    [
        (
            r"^\W{0,3}(?:sign[ -]?up|(?:the )?subscriber)\b",
            {"sign up", "sign-up", "signup", "subscriber", "the subscriber"},
        ),
        (r"^(?:a|b)|^c", {"a", "b", "c"}),
        (r"^(?:a|b)|c", None),
        (r"^e-?mail", {"email", "e-mail"}),
        (r"^[A-Z]x", None),
        (r"^\d{1,2}:\d{2}", {"0:00", "00:00"}),
        (r"^\d{1,9}:\d{2}", {"0"}),
        (r"^(?:of\s)?x", {"of x", "x"}),
        (r"^(?:of\s\w+\s)?x", {"of ", "x"}),
        (r"^(?:a|ab)", {"a"}),
        (r"^(?:|a)b", {"ab", "b"}),
        (r"^(?=a)b", {"b"}),
        (r"^(?!an?\b)\W{0,3}[\"“]?\s?[^\d\w]{0,4}by", {"by"}),
        (r"^\(photo", {"photo"}),
        (r"^\L<names>x", {"annx", "box"}),
        (r"^\W+sign", {"sign"}),
        (r"^\b?sign", {"sign"}),
        (r"^(?:^)?sign", {"sign"}),
        (r"^(?:of\s)*\b+x", {"of ", "x"}),
        (r"^(?:of\s)*(?=x){2,}x", {"of ", "x"}),
        (r"sign up", None),
        (r"^", None),
        (r"", None),
    ],
)
def test_prefixes(pattern, prefixes):
    found = required_literals(pattern, {"names": ["Ann", "BO"]}).prefixes
    assert (None if found is None else set(found)) == prefixes


@pytest.mark.parametrize("marks", ["-" * 100, "① ", "½", "⑴ "])
def test_a_prefix_is_found_behind_any_number_of_marks_and_in_a_long_word(marks):
    pack = rules.parse(
        "lists = {networks = [\"copy link now\"]}\n[share.own]\npatterns = ['^\\W*\\L<networks>']\n", "own.toml"
    )
    [pattern] = pack.rules[0].patterns
    assert RuleIndex([pack]).patterns.possible_matches([f"{marks}copy link now"], [3]) == [(pattern, 0)]


def test_all_of():
    """Without the set by which the pattern is looked up, if it has no prefixes."""
    required = required_literals(r"\bwith (?:your|the)\b.{0,20}\b(?:help|support)\b")
    assert (required.any_of, required.all_of) == (("with the", "with your"), (("help", "support"),))
    assert required_literals(r"^with (?:your|the)\b").all_of == (("with the", "with your"),)
    assert required_literals("ab|cd").all_of == ()
    assert required_literals(r"ab(?:cd)?").all_of == ()


@pytest.mark.parametrize(
    ("pattern", "exact"),
    [
        (r"(?-i:AFP|AP)\b", (("AFP", "AP"),)),
        (r"by (?-i:\L<names>)", (("Ann", "BO"),)),
        (r"(?-i:(?=.*\b(?:THE|OF)\b)[A-Z ]+)", (("OF", "THE"),)),
        (r"(?-i:AFP)?x", ()),
        (r"(?-i:AFP|[A-Z]+)", ()),
        (r"(?-i:(?i:afp))", ()),
        (r"(?-i:A\sB)", ()),  # any white space may stand there
        (r"(?-i:AFP)|x", ()),
    ],
)
def test_literals_in_the_same_case(pattern, exact):
    assert required_literals(pattern, {"names": ["Ann", "BO"]}).exact == exact


def test_length():
    assert required_literals(r"^(?=.{36,260}$)\w").length == (36, 260)
    assert required_literals(r"^(?=.{36,260}$)\w|x").length is None
    assert required_literals(r"(?=.{36,260}$)\w").length is None


def test_digits_and_white_space_are_those_of_the_regex_package():
    everything = "".join(chr(code) for code in range(0x110000))
    assert set(lowered("".join(regex.findall(r"\d", everything)))) == {"0"}
    assert set(lowered("".join(regex.findall(r"\s", everything)))) == {" "}
