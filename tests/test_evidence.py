"""Rules meet blocks. The rules here are made for each test: what the shipped packs say is tested with them."""

import random
import threading

import pytest

from cleaner import rules
from cleaner.document import Evidence, Label
from cleaner.rules import match, packs
from cleaner.rules import propagate as reach_module
from cleaner.rules.index import RuleIndex
from cleaner.rules.match import collect
from cleaner.segment.html import segment as segment_html
from cleaner.segment.page import Page
from cleaner.segment.prose import find_prose as layout
from cleaner.segment.text import segment as segment_text

PROSE = (
    "The harbour council met on Tuesday to discuss the new breakwater that engineers had proposed for the northern bay."
)
PROSE_2 = "Residents who spoke at the meeting were divided over a plan that would close the old pier for at least two winters."
PROSE_3 = (
    "The vote was put off until the autumn, when a second study of the currents around the island is to be published."
)

#: The shapes that come with the library speak without a pack; tests of other rules look past them.
OF_THE_LIBRARY = {concept.name for concept in rules.concepts().values() if concept.requires}


def book(*packs: str) -> RuleIndex:
    return RuleIndex([rules.parse(text, f"own{number or ''}.toml") for number, text in enumerate(packs)])


def about(page: Page, pack: str | RuleIndex) -> list[list[Evidence]]:
    used = book(pack) if isinstance(pack, str) else pack
    found = collect(page, used, layout(page.blocks)).evidence
    return [[e for e in each if e.name not in OF_THE_LIBRARY or e.rule.startswith("own")] for each in found]


def spoken(page: Page, pack: str | RuleIndex, name: str) -> list[str]:
    """The blocks that a concept spoke about, by their beginning."""
    found = about(page, pack)
    return [block.plain for block, each in zip(page.blocks, found, strict=True) if name in {e.name for e in each}]


def text(*lines: str) -> Page:
    return segment_text("\n\n".join(lines))


# -- layout --------------------------------------------------------------------------------------


def test_layout_tells_head_middle_and_tail():
    page = text("A headline", PROSE, "A heading", PROSE_2, "A line", "Another line")
    shape = layout(page.blocks)
    assert shape.prose == (False, True, False, True, False, False)
    assert (shape.first, shape.last) == (1, 3)
    assert [shape.zone(at) for at in range(6)] == ["head", "middle", "middle", "middle", "tail", "tail"]


def test_a_page_without_prose_is_all_middle():
    shape = layout(text("one", "two").blocks)
    assert [shape.zone(at) for at in range(2)] == ["middle", "middle"]


@pytest.mark.parametrize(
    "line",
    [PROSE.rstrip("."), PROSE.rstrip(".") + ":", " ".join(PROSE.split()[:14]) + ".", f"[{PROSE}](http://x.y)"],
    ids=["unclosed", "colon", "14 words", "linked"],
)
def test_what_is_no_prose(line):
    assert layout(text(line).blocks).prose == (False,)


@pytest.mark.parametrize("end", ["!", "?", "…", ".”", '."', ".)", "。", "؟"])
def test_what_closes_prose(end):
    assert layout(text(PROSE.rstrip(".") + end).blocks).prose == (True,)


# -- words ---------------------------------------------------------------------------------------

SIGN_UP = """
[subscription.plea]
patterns = ['sign up for our (?:daily )?letter']
lines = ["Join us", "Über uns"]
"""


@pytest.mark.parametrize(
    "line, quote",
    [
        ("Sign up for our letter", "Sign up for our letter"),
        ("Now SIGN UP FOR OUR DAILY LETTER today", "SIGN UP FOR OUR DAILY LETTER"),
        ("\u017fign up for our letter", "\u017fign up for our letter"),
        ("Join us", "Join us"),
        ("• JOIN  US!", "JOIN US!"),
        ("“Join us” …", "“Join us” …"),
        ("## Join us", "Join us"),
        ("über UNS:", "über UNS:"),
    ],
)
def test_patterns_and_lines_speak(line, quote):
    page = text(PROSE, line)
    found = about(page, SIGN_UP)
    assert found[0] == []
    assert [(e.name, e.label, e.quote) for e in found[1]] == [("subscription.plea", Label.SUBSCRIPTION, quote)]


@pytest.mark.parametrize("line", ["Sign up for a letter", "Join us now", "Join", "us", "Sign up for", "our letter"])
def test_what_is_not_there_does_not_speak(line):
    assert about(text(line), SIGN_UP) == [[]]


def test_evidence_says_which_pattern_of_which_pack():
    found = about(text("one", "two", "three"), "[other.x]\npatterns = ['one', 'two']\nlines = ['three']")
    assert [e.rule for each in found for e in each] == ["own:other.x[1]", "own:other.x[2]", "own:other.x"]


def test_a_literal_on_the_border_of_two_blocks_is_in_neither():
    assert about(text("sign up", "for our letter"), SIGN_UP) == [[], []]


def test_a_cue_in_another_block_is_no_match():
    pack = "[other.x]\npatterns = ['^our letter$']"
    assert spoken(text("read our letter", "our letter", "an our letter"), pack, "other.x") == ["our letter"]


def test_the_same_pattern_in_several_blocks():
    pack = "[other.x]\npatterns = ['letter|post']"
    assert spoken(text("letter", "no", "post letter", "letter"), pack, "other.x") == ["letter", "post letter", "letter"]


def test_a_pattern_without_cues_runs_everywhere():
    assert spoken(text("ab", "word", "c"), "[other.x]\npatterns = ['^\\w{1,2}$']", "other.x") == ["ab", "c"]


def test_one_piece_of_evidence_a_concept():
    found = about(text("one two"), "[other.x]\npatterns = ['one', 'two']\nlines = ['one two']")
    assert len(found[0]) == 1, found


# -- words, zones, lengths -------------------------------------------------------------------------


@pytest.mark.parametrize("zone, expected", [("head", ["mark one"]), ("middle", ["mark two"]), ("tail", ["mark three"])])
def test_zones_of_a_text(zone, expected):
    page = text("mark one", PROSE, "mark two", PROSE_2, "mark three")
    assert spoken(page, f"[other.x]\nzone = ['{zone}']\npatterns = ['mark']", "other.x") == expected


def test_zones_do_not_bind_in_html():
    page = segment_html(f"<p>mark one</p><p>{PROSE}</p><p>mark two</p><p>{PROSE_2}</p><p>mark three</p>")
    assert len(spoken(page, "[other.x]\nzone = ['tail']\npatterns = ['mark']", "other.x")) == 3


def test_numbers_of_words():
    page = text("mark", "mark mark", "mark mark mark")
    assert spoken(page, "[other.x]\nmax_words = 2\npatterns = ['mark']", "other.x") == ["mark", "mark mark"]
    assert spoken(page, "[other.x]\nmin_words = 2\npatterns = ['mark']", "other.x") == ["mark mark", "mark mark mark"]
    assert spoken(page, "[other.x]\nmin_words = 2\nmax_words = 2\nlines = ['mark mark', 'mark']", "other.x") == [
        "mark mark"
    ]


def test_prose_that_a_rule_knows_is_not_the_articles_end():
    caption = (
        "Ann Lee (L) walks along the old pier of the harbour with the engineer Bo Carr after the meeting on Tuesday."
    )
    page = text(*[PROSE, PROSE_2], "mark one", caption, "mark two")
    pack = "[other.x]\nzone = ['tail']\npatterns = ['mark']\n"
    assert spoken(page, pack, "other.x") == ["mark two"]
    assert spoken(page, pack + "[other.caption]\npatterns = ['[(]L[)]']", "other.x") == ["mark one", "mark two"]


def test_a_line_that_stands_there_twice_is_not_the_articles_end():
    page = text(PROSE, PROSE_2, "mark", PROSE_3, PROSE_3)
    assert spoken(page, "[other.x]\nzone = ['tail']\npatterns = ['mark']", "other.x") == ["mark"]


# -- selectors -------------------------------------------------------------------------------------

SELECTED = [
    ('{ class = "promo" }', "<div class='promo'>a</div><p>b</p>", ["a"]),
    ('{ class = "promo" }', "<div class='promo-box'>a</div>", []),
    ('{ class = ["x", "PROMO"] }', "<div class='big Promo'>a</div>", ["a"]),
    ('{ id = "promo" }', "<div id='promo'>a</div><div class='promo'>b</div>", ["a"]),
    ('{ role = "navigation" }', "<div role='navigation'>a</div>", ["a"]),
    ('{ itemprop = "author" }', "<b itemprop='author'>a</b>", ["a"]),
    ('{ tag = "aside" }', "<aside><p>a</p></aside><p>b</p>", ["a"]),
    (
        '{ word = "promo" }',
        "<div class='c-promo__box--2'>a</div><div id='promo_1'>b</div><div class='promotion'>c</div>",
        ["a", "b"],
    ),
    ('{ tag = "div", class = "promo" }', "<div class='promo'>a</div><p class='promo'>b</p>", ["a"]),
    ('{ class = "a", id = "b" }', "<div class='a' id='b'>x</div><div class='a'>y</div><div id='b'>z</div>", ["x"]),
    ('{ class = "promo" }', "<div class='promo'><p>a <b>b</b></p><ul><li>c</ul></div>d", ["a b", "c"]),
]


@pytest.mark.parametrize("selector, source, expected", SELECTED)
def test_selectors(selector, source, expected):
    assert spoken(segment_html(source), f"[other.x]\nselectors = [{selector}]", "other.x") == expected


def test_selectors_say_nothing_about_text():
    assert about(text("promo"), '[other.x]\nselectors = [{ class = "promo" }, { tag = "html" }]') == [[]]


@pytest.mark.parametrize("prose, speaks", [(2, True), (3, False)])
def test_an_element_with_much_prose_is_a_page_and_no_residue(prose, speaks):
    inner = "".join(f"<p>{p}</p>" for p in (PROSE, PROSE_2, PROSE_3)[:prose])
    page = segment_html(f"<div class='promo'><p>short</p>{inner}</div>")
    assert ("short" in spoken(page, '[other.x]\nselectors = [{ class = "promo" }]', "other.x")) is speaks


def test_inside_such_an_element_the_inner_ones_still_speak():
    page = segment_html(
        f"<div class='promo'><p>{PROSE}</p><p>{PROSE_2}</p><p>{PROSE_3}</p><p class='promo'>short</p></div>"
    )
    assert spoken(page, '[other.x]\nselectors = [{ class = "promo" }]', "other.x") == ["short"]


@pytest.mark.parametrize(
    "pack",
    [
        '[body.x]\nselectors = [{ class = "promo" }]',
        '[other.x]\nstrength = "always"\nselectors = [{ class = "promo" }]',
    ],
)
def test_body_and_a_users_always_hold_for_all_of_an_element(pack):
    page = segment_html(f"<div class='promo'><p>{PROSE}</p><p>{PROSE_2}</p><p>{PROSE_3}</p></div><p>short</p>")
    assert [len(each) for each in about(page, pack)] == [1, 1, 1, 0]


# -- shapes ------------------------------------------------------------------------------------------

#: A list, a poem or a table of results has too little prose for shapes to mean anything.
ARTICLE = (PROSE, PROSE_2, PROSE_3)
CARD = ("A line of a card", "Another line of the card that is longer", "And a third one of them")
REFRAIN = "Pull away, the tide is turning,\npull away, the light is low."
VERSES = [f"Who goes over? Number {n},\nwith a letter and a coat." for n in ("one", "two", "three")]

SHAPES = [
    ("lowercase", ("flooded valley", "Flooded valley", "flooded valley."), ["flooded valley"]),
    ("before_bullets", ("The card", "• one", "• two", "end"), ["The card"]),
    ("before_bullets", ("The card", "• one", "end"), []),
    ("repeated", ("a line", "b", "A line!"), ["a line", "A line!"]),
    ("doubled", ("a line", "A line", "b", "a line"), ["a line", "A line"]),
    ("repeated_run", (*CARD, *CARD), [*CARD, *CARD]),
    ("repeated_run", (*CARD, "x", *CARD), []),
    ("repeated_run", ("a", "b", "a", "b"), []),
    ("repeated_run", CARD, []),
    ("repeated_run", (VERSES[0], REFRAIN, VERSES[1], REFRAIN, VERSES[2], REFRAIN), []),
    ("childless", ("About the writer",), ["About the writer"]),
    ("childless", ("About the writer", "He lives by the sea."), []),
    ("childless", ("First", "Second"), ["First", "Second"]),
    ("continues", ("It was said by", "the mayor of it"), ["the mayor of it"]),
    ("continues", ("the mayor of it",), []),
    ("short", ("short",), ["short"]),
    ("unclosed", ("no end", "an end."), ["no end"]),
    ("linked", ("[Fares rise](https://a.example)", "[Fares](https://a.example) rise again"), ["Fares rise"]),
]


@pytest.mark.parametrize("shape, lines, expected", SHAPES)
def test_shapes(shape, lines, expected):
    pack = f"[other.x]\nshape = ['{shape}']"
    assert spoken(text(*ARTICLE, *lines), pack, "other.x") == expected


def test_every_shape_is_tested():
    assert {shape for shape, *_ in SHAPES} == packs.CONDITIONS


@pytest.mark.parametrize("shape, lines, expected", SHAPES)
def test_shapes_say_nothing_where_there_is_no_article(shape, lines, expected):
    assert spoken(text(PROSE, *lines), f"[other.x]\nshape = ['{shape}']", "other.x") == []


def test_a_shape_asks_more_of_a_pattern():
    pack = "[other.x]\nshape = ['unclosed']\npatterns = ['mark']"
    assert spoken(text("mark", "mark."), pack, "other.x") == ["mark"]


def test_shapes_alone_say_nothing_about_html():
    page = segment_html(f"<p>{PROSE}</p><p>{PROSE_2}</p><p>{PROSE_3}</p><p>flooded valley</p>")
    assert about(page, "[other.x]\nshape = ['lowercase']") == [[], [], [], []]


# -- neighbours --------------------------------------------------------------------------------------

ALT = """
[other.alt]
max_words = 3
patterns = ['valley']
next = ["other.caption", "other.credit"]
[other.caption]
patterns = ['[(]L[)]']
[other.after]
patterns = ['end']
previous = ["other.caption"]
"""


@pytest.mark.parametrize(
    "lines, expected",
    [
        (["valley", "Ann (L)"], ["valley"]),
        (["valley", "Ann"], []),
        (["valley", "x", "Ann (L)"], []),
        (["Ann (L)", "valley"], []),
    ],
)
def test_next(lines, expected):
    assert spoken(text(*lines), ALT, "other.alt") == expected


@pytest.mark.parametrize("lines, expected", [(["Ann (L)", "end"], ["end"]), (["end", "Ann (L)"], []), (["end"], [])])
def test_previous(lines, expected):
    assert spoken(text(*lines), ALT, "other.after") == expected


def test_any_certain_neighbour():
    pack = "[other.x]\npatterns = ['mark']\nnext = ['*']\n[share.y]\npatterns = ['sure']\n[share.z]\nstrength = 'weak'\npatterns = ['perhaps']\n[body.b]\npatterns = ['said']"
    page = text("mark one", "sure", "mark two", "perhaps", "mark three", "said", "mark four", "x")
    assert spoken(page, pack, "other.x") == ["mark one"]


def test_two_packs_may_define_a_concept_differently():
    """A user's own version of a concept of the library binds the user's patterns alone."""
    own = "[caption.alt]\nabout = 'mine'\npatterns = ['valley']"
    used = book(own)
    found = collect(text("valley"), used, layout(text("valley").blocks)).evidence
    assert [e.rule for e in found[0]] == ["own:caption.alt[1]"]


# -- reach -------------------------------------------------------------------------------------------


def reach(spread: str, *lines: str) -> list[str]:
    pack = f"[other.x]\npatterns = ['^mark']\nspread = '{spread}'"
    return [line for line in spoken(text(*lines), pack, "other.x") if not line.startswith("mark")]


def test_bullets():
    assert reach("bullets", PROSE, "mark", "• one", "• two", "after", "• three") == ["one", "two"]
    assert reach("bullets", PROSE, "mark", "after", "• one") == []
    assert reach("bullets", PROSE, "mark", f"• {PROSE_2}", "• one") == []


def test_run():
    assert reach("run", PROSE, "mark", "One", "Two", "A closed sentence.", "Three") == ["One", "Two"]
    assert reach("run", PROSE, "mark", "One", PROSE_2, "Two") == ["One"]
    assert reach("run", "mark", *["line"] * 50).count("line") == reach_module.REACH


def test_section():
    assert reach("section", PROSE, "mark", "One", "A closed one.", "# Heading", "Two") == ["One", "A closed one."]
    assert reach("section", PROSE, "mark", PROSE_2) == [PROSE_2], "the last prose of a text may be a biography"
    assert reach("section", PROSE, "mark", PROSE_2, "x", "y", PROSE_3) == [], "the article may go on"


def test_rest():
    lines = [PROSE, PROSE_2, PROSE_3, "mark", "One", PROSE, "# Heading", *["line"] * 20]
    assert len(reach("rest", *lines)) == len(lines) - 4
    assert reach("rest", "mark", *lines[:3]) == [], "most of a page is not what follows it"
    assert reach("rest", "mark", *lines[:3], "mark", "One") == ["One"]


def test_contents():
    lines = ["mark", "One", "Two", "Three", PROSE, "# One", PROSE_2, "# Two", PROSE_3]
    assert reach("contents", *lines) == ["One", "Two"]
    assert reach("contents", *lines[:4], PROSE) == []


def test_what_spreads_is_less_sure_than_its_source_and_says_where_from():
    found = about(text(PROSE, "mark here", "• one"), "[other.x]\npatterns = ['^mark']\nspread = 'bullets'")
    (source,), (follower,) = found[1], found[2]
    assert (source.name, source.label, source.rule) == (follower.name, follower.label, follower.rule)
    assert follower.weight == pytest.approx(source.weight * reach_module.SPREAD_SHARE)
    assert "mark here" in follower.quote


def test_an_always_rule_spreads_with_all_its_weight():
    found = about(text("mark", "• one"), "[other.x]\nstrength = 'always'\npatterns = ['^mark']\nspread = 'bullets'")
    assert [e.weight for each in found for e in each] == [rules.STRENGTHS["always"]] * 2


def test_spreading_to_the_end_from_everywhere_takes_time_in_proportion():
    page = text(*["mark"] * 20_000)
    assert len(about(page, "[other.x]\npatterns = ['^mark']\nspread = 'rest'")) == 20_000


SELLING = "[subscription.a]\npatterns = ['app']\n[advert.b]\npatterns = ['deal']"
ITEMS = ("• Our app", "• A deal", "• Something", "• Else")


@pytest.mark.parametrize(
    "lines, card",
    [
        ((*ARTICLE, "The cover", *ITEMS), ["The cover", "Our app", "A deal", "Something", "Else"]),
        ((*ARTICLE, "The cover", *ITEMS[1:]), []),
        ((*ARTICLE, "The cover", *ITEMS, *["• Item"] * 3), []),
        ((*ARTICLE[:2], "The cover", *ITEMS, PROSE_3), []),
        (
            (*ARTICLE, "A line with far too many words to be the heading of a card of subscriptions", *ITEMS),
            ["Our app", "A deal", "Something", "Else"],
        ),
    ],
    ids=["card", "one known", "too few known", "in the article", "no heading"],
)
def test_cards(lines, card):
    page = text(*lines)
    found = collect(page, book(SELLING), layout(page.blocks)).evidence
    named = [b.plain for b, each in zip(page.blocks, found, strict=True) if any("items" in e.quote for e in each)]
    assert named == card


# -- order, slowness, threads ------------------------------------------------------------------------

MANY = [
    SIGN_UP,
    ALT,
    "[other.x]\npatterns = ['mark', 'valley', 'letter']\nlines = ['mark']\nspread = 'run'",
    "[other.y]\nstrength = 'weak'\npatterns = ['mark']\n[notice.z]\nstrength = 'certain'\npatterns = ['.{3,}']\nzone = ['tail']",
    "[other.x]\nstrength = 'strong'\npatterns = ['the|our']\nspread = 'section'",
    "[share.s]\nshape = ['unclosed']\nspread = 'rest'",
]


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_the_rules_does_not_matter(seed):
    page = text(
        "mark",
        PROSE,
        "valley",
        "Ann (L)",
        "end",
        PROSE_2,
        "Sign up for our letter",
        "Join us",
        "mark",
        "• one",
        "• two",
    )
    packs = [rules.parse(pack, f"own{number}.toml") for number, pack in enumerate(MANY)]
    expected = collect(page, RuleIndex(packs), layout(page.blocks)).evidence
    chance = random.Random(seed)
    chance.shuffle(packs)
    shuffled = [rules.Pack(p.origin, p.language, p.hosts, tuple(chance.sample(p.rules, len(p.rules)))) for p in packs]
    got = collect(page, RuleIndex(shuffled), layout(page.blocks)).evidence
    assert got == expected


def test_two_packs_of_one_name_both_speak():
    packs = [rules.parse(f"[other.{name}]\npatterns = ['mark']", "a/site.toml") for name in ("x", "y")]
    same = [
        rules.parse("[other.x]\npatterns = ['mark one']", "a/site.toml"),
        rules.parse("[other.x]\npatterns = ['mark two']", "b/site.toml"),
    ]
    assert [len(each) for each in about(text("mark"), RuleIndex(packs))] == [2]
    assert [len(each) for each in about(text("mark two mark"), RuleIndex(same))] == [1]


def test_a_slow_pattern_of_a_user_is_skipped_and_reported(monkeypatch):
    monkeypatch.setattr(match, "TIMEOUT", 0.05)
    page = text("ab" * 2_000 + "!", "word", "ab" * 2_000 + "!!")
    pack = "[other.slow]\npatterns = ['(?:a|b|ab)+(?:b|a|ba)+(?:a|b)+$']\n[other.x]\npatterns = ['word']"
    used = RuleIndex([rules.parse(pack, "own.toml", check_speed=False)])
    found = collect(page, used, layout(page.blocks))
    assert found.slow == {"own:other.slow[1]"}
    assert [
        [e.name for e in each if e.name.startswith("other.x") or e.name == "other.slow"] for each in found.evidence
    ] == [[], ["other.x"], []]


def test_the_evidence_is_the_same_in_threads():
    page = text("mark", PROSE, "valley", "Ann (L)", "end")
    used = RuleIndex([rules.parse(pack, f"own{number}.toml") for number, pack in enumerate(MANY)])
    expected = collect(page, used, layout(page.blocks)).evidence
    got: list[object] = []
    threads = [
        threading.Thread(target=lambda: got.append(collect(page, used, layout(page.blocks)).evidence)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [expected] * 4


def test_a_page_without_blocks():
    assert about(segment_text(""), MANY[0]) == []
    assert about(segment_html("<p></p>"), MANY[0]) == []
