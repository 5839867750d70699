"""Rules are matched with blocks. The rules here are made for each test: the bundled packs have tests of their own."""

import random
import threading
from dataclasses import replace

import pytest
from fixture_cases import FIXTURES

from cleaner import Cleaner, rules
from cleaner.document import Evidence, Label, Origin
from cleaner.rules import matcher, propagate, schema
from cleaner.rules.conditions import Conditions
from cleaner.rules.evidence import PageEvidence
from cleaner.rules.index import RuleIndex
from cleaner.rules.match import collect_evidence
from cleaner.rules.matcher import Matcher
from cleaner.rules.prefilter import RequiredLiterals
from cleaner.rules.select import rule_index
from cleaner.segment.html import segment as segment_html
from cleaner.segment.page import Page
from cleaner.segment.prose import find_prose
from cleaner.segment.text import segment as segment_text

PROSE = (
    "The harbour council met on Tuesday to discuss the new breakwater that engineers had proposed for the northern bay."
)
PROSE_2 = "Residents who spoke at the meeting were divided over a plan that would close the old pier for at least two winters."
PROSE_3 = (
    "The vote was put off until the autumn, when a second study of the currents around the island is to be published."
)

#: Concepts of the library that need no words match without a pack; tests of other rules look past them.
WORDLESS = {concept.name for concept in rules.concepts().values() if concept.requires}


def index_of(*own: str) -> RuleIndex:
    return RuleIndex([rules.parse(pack, f"own{number or ''}.toml") for number, pack in enumerate(own)])


def collect(page: Page, index: RuleIndex) -> PageEvidence:
    return collect_evidence(Matcher(page, find_prose(page.blocks), index))


def evidence(page: Page, pack: str | RuleIndex) -> list[list[Evidence]]:
    index = index_of(pack) if isinstance(pack, str) else pack
    by_block = collect(page, index).by_block
    return [[e for e in pieces if e.name not in WORDLESS or e.rule.startswith("own")] for pieces in by_block]


def matched(page: Page, pack: str | RuleIndex, name: str) -> list[str]:
    """The texts of the blocks about which a concept has evidence."""
    by_block = evidence(page, pack)
    return [block.plain for block, each in zip(page.blocks, by_block, strict=True) if name in {e.name for e in each}]


def text(*lines: str) -> Page:
    return segment_text("\n\n".join(lines))


# -- prose --------------------------------------------------------------------------------------


def test_zones_are_head_middle_and_tail():
    page = text("A headline", PROSE, "A heading", PROSE_2, "A line", "Another line")
    prose_map = find_prose(page.blocks)
    assert prose_map.prose == (False, True, False, True, False, False)
    assert (prose_map.zones.first, prose_map.zones.last) == (1, 3)
    assert [prose_map.zones.zone(at) for at in range(6)] == ["head", "middle", "middle", "middle", "tail", "tail"]


def test_a_page_without_prose_is_all_middle():
    zones = find_prose(text("one", "two").blocks).zones
    assert [zones.zone(at) for at in range(2)] == ["middle", "middle"]


@pytest.mark.parametrize(
    "line",
    [PROSE.rstrip("."), PROSE.rstrip(".") + ":", " ".join(PROSE.split()[:14]) + ".", f"[{PROSE}](http://x.y)"],
    ids=["unclosed", "colon", "14 words", "linked"],
)
def test_what_is_no_prose(line):
    assert find_prose(text(line).blocks).prose == (False,)


@pytest.mark.parametrize("end", ["!", "?", "…", ".”", '."', ".)", "。", "؟"])
def test_what_closes_prose(end):
    assert find_prose(text(PROSE.rstrip(".") + end).blocks).prose == (True,)


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
def test_patterns_and_lines_match(line, quote):
    page = text(PROSE, line)
    found = evidence(page, SIGN_UP)
    assert found[0] == []
    assert [(e.name, e.label, e.quote) for e in found[1]] == [("subscription.plea", Label.SUBSCRIPTION, quote)]


@pytest.mark.parametrize("line", ["Sign up for a letter", "Join us now", "Join", "us", "Sign up for", "our letter"])
def test_other_lines_do_not_match(line):
    assert evidence(text(line), SIGN_UP) == [[]]


def test_evidence_says_which_pattern_of_which_pack():
    found = evidence(text("one", "two", "three"), "[other.x]\npatterns = ['one', 'two']\nlines = ['three']")
    assert [(e.rule, e.pattern) for each in found for e in each] == [
        ("own:other.x", 1),
        ("own:other.x", 2),
        ("own:other.x", None),
    ]


def test_a_literal_on_the_border_of_two_blocks_is_in_neither():
    assert evidence(text("sign up", "for our letter"), SIGN_UP) == [[], []]


def test_a_literal_in_another_block_is_no_match():
    pack = "[other.x]\npatterns = ['^our letter$']"
    assert matched(text("read our letter", "our letter", "an our letter"), pack, "other.x") == ["our letter"]


def test_the_same_pattern_in_several_blocks():
    pack = "[other.x]\npatterns = ['letter|post']"
    assert matched(text("letter", "no", "post letter", "letter"), pack, "other.x") == [
        "letter",
        "post letter",
        "letter",
    ]


def test_a_pattern_without_literals_is_tried_everywhere():
    assert matched(text("ab", "word", "c"), "[other.x]\npatterns = ['^\\w{1,2}$']", "other.x") == ["ab", "c"]


def test_one_piece_of_evidence_a_concept():
    found = evidence(text("one two"), "[other.x]\npatterns = ['one', 'two']\nlines = ['one two']")
    assert len(found[0]) == 1, found


# -- words, zones, lengths -------------------------------------------------------------------------


@pytest.mark.parametrize("zone, expected", [("head", ["mark one"]), ("middle", ["mark two"]), ("tail", ["mark three"])])
def test_zones_of_a_text(zone, expected):
    page = text("mark one", PROSE, "mark two", PROSE_2, "mark three")
    assert matched(page, f"[other.x]\nzone = ['{zone}']\npatterns = ['mark']", "other.x") == expected


def test_zones_do_not_bind_in_html():
    page = segment_html(f"<p>mark one</p><p>{PROSE}</p><p>mark two</p><p>{PROSE_2}</p><p>mark three</p>")
    assert len(matched(page, "[other.x]\nzone = ['tail']\npatterns = ['mark']", "other.x")) == 3


def test_numbers_of_words():
    page = text("mark", "mark mark", "mark mark mark")
    assert matched(page, "[other.x]\nmax_words = 2\npatterns = ['mark']", "other.x") == ["mark", "mark mark"]
    assert matched(page, "[other.x]\nmin_words = 2\npatterns = ['mark']", "other.x") == ["mark mark", "mark mark mark"]
    assert matched(page, "[other.x]\nmin_words = 2\nmax_words = 2\nlines = ['mark mark', 'mark']", "other.x") == [
        "mark mark"
    ]


def test_prose_that_a_rule_knows_is_not_the_articles_end():
    caption = (
        "Ann Lee (L) walks along the old pier of the harbour with the engineer Bo Carr after the meeting on Tuesday."
    )
    page = text(*[PROSE, PROSE_2], "mark one", caption, "mark two")
    pack = "[other.x]\nzone = ['tail']\npatterns = ['mark']\n"
    assert matched(page, pack, "other.x") == ["mark two"]
    assert matched(page, pack + "[other.caption]\npatterns = ['[(]L[)]']", "other.x") == ["mark one", "mark two"]


def test_a_line_that_stands_there_twice_is_not_the_articles_end():
    page = text(PROSE, PROSE_2, "mark", PROSE_3, PROSE_3)
    assert matched(page, "[other.x]\nzone = ['tail']\npatterns = ['mark']", "other.x") == ["mark"]


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
    assert matched(segment_html(source), f"[other.x]\nselectors = [{selector}]", "other.x") == expected


def test_selectors_say_nothing_about_text():
    assert evidence(text("promo"), '[other.x]\nselectors = [{ class = "promo" }, { tag = "html" }]') == [[]]


@pytest.mark.parametrize("prose, speaks", [(2, True), (3, False)])
def test_an_element_with_much_prose_is_a_page_and_no_residue(prose, speaks):
    inner = "".join(f"<p>{p}</p>" for p in (PROSE, PROSE_2, PROSE_3)[:prose])
    page = segment_html(f"<div class='promo'><p>short</p>{inner}</div>")
    assert ("short" in matched(page, '[other.x]\nselectors = [{ class = "promo" }]', "other.x")) is speaks


def test_inside_such_an_element_the_inner_ones_still_speak():
    page = segment_html(
        f"<div class='promo'><p>{PROSE}</p><p>{PROSE_2}</p><p>{PROSE_3}</p><p class='promo'>short</p></div>"
    )
    assert matched(page, '[other.x]\nselectors = [{ class = "promo" }]', "other.x") == ["short"]


@pytest.mark.parametrize(
    "pack",
    [
        '[body.x]\nselectors = [{ class = "promo" }]',
        '[other.x]\nstrength = "always"\nselectors = [{ class = "promo" }]',
    ],
)
def test_body_and_a_users_always_hold_for_all_of_an_element(pack):
    page = segment_html(f"<div class='promo'><p>{PROSE}</p><p>{PROSE_2}</p><p>{PROSE_3}</p></div><p>short</p>")
    assert [len(each) for each in evidence(page, pack)] == [1, 1, 1, 0]


# -- shapes ------------------------------------------------------------------------------------------

#: A list, a poem or a table of results has too little prose for shapes to mean anything.
ARTICLE = (PROSE, PROSE_2, PROSE_3)
CARD = ("A line of a card", "Another line of the card that is longer", "And a third one of them")
REFRAIN = "Pull away, the tide is turning,\npull away, the light is low."
KICKER = "HARBOUR VOTE"
TEASER, OTHER_TEASER = "Storm closes the old coast road", "Pilots count their coins once more"
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
    ("picture", ("![boats](a.jpg)", "[![](<b.jpg 2x>)](c.html)", "![boats](a.jpg) of the island"), ["boats", ""]),
    ("twice", ("Fares rise again Fares rise again", "Fares rise again"), ["Fares rise again Fares rise again"]),
    ("echo", ("The pier of Skarn", "The pier of Skarn. Odd Brekke/Nordlys"), ["The pier of Skarn. Odd Brekke/Nordlys"]),
    ("leftover", ("|", "skarn-pier_2.jpg", "skarn pier"), ["|", "skarn-pier_2.jpg"]),
    ("echo", ("The pier of Skarn", "The old pier of Skarn"), []),
    ("kicker", (f"{KICKER} | Fares rise again in May", f"{KICKER} | The pier is closed again", "A | fares rise again in May"),
     [f"{KICKER} | Fares rise again in May", f"{KICKER} | The pier is closed again"]),
    ("kicker", (f"{KICKER} | Fares rise again in May", "end"), []),
    ("bar_list", ("News | Sport | Weather", "end", "Harbours: Skarn | Ostra | Holm"),
     ["News | Sport | Weather", "Harbours: Skarn | Ostra | Holm"]),
    ("bar_list", ("Town | Boats | Piers", "Skarn | Six | Two"), []),
    ("signature", ("Runa Tveit",), ["Runa Tveit"]),
    ("signature", ("Runa Tveit", "Odd Brekke"), []),
    ("signature", ("Key Findings", "The findings."), []),
    ("signature", ("The pier was paid for by Tveit.", "Runa Tveit"), []),
    ("stray", ("boats at the pier", "The boats."), ["boats at the pier"]),
    ("stray", ("boats at the pier", "and a gull"), []),
    ("stray", ("A list", "boats at the pier"), []),
    ("number", ("12", "end"), ["12"]),
    ("number", ("12", "end", "13"), []),
    ("headline", (TEASER, "Coast road", OTHER_TEASER, f"{TEASER}."), [TEASER, OTHER_TEASER]),
    ("headline", (TEASER, "Coast road", "Old pier"), []),
    ("headline", (TEASER, "and the pier"), []),
    ("headline", ("Bring these:", TEASER, OTHER_TEASER), []),
    ("headline", (f"{TEASER} after two winters",), [f"{TEASER} after two winters"]),
    ("headline", (TEASER,), []),
    ("by_author", ("Runa Tveit",), []),
    ("credit", ("The organ of Skarn (Runa Tveit/Weekly Ledger)", "The coalition (CDU/CSU)"),
     ["The organ of Skarn (Runa Tveit/Weekly Ledger)"]),
    ("byline", ("Runa Tveit, harbour reporter", "Skarn Hall, 3 May 2026", "Updated at 7:30 on 3 May 2026"),
     ["Runa Tveit, harbour reporter", "Updated at 7:30 on 3 May 2026"]),
]  # fmt: skip


@pytest.mark.parametrize("shape, lines, expected", SHAPES)
def test_shapes(shape, lines, expected):
    pack = f"[other.x]\nshape = ['{shape}']"
    assert matched(text(*ARTICLE, *lines), pack, "other.x") == expected


BIOGRAPHY = "Runa Tveit is a writer. Her new novel is about the pier."
DASHED = "Runa Tveit — Writer and ferry pilot, born in 1971."
BY_COLON = "Runa Tveit: Writes about the coast. She was a ferry pilot before."
FIRST_NAME = "Runa has been on every ferry of the coast. She writes about none but these."


@pytest.mark.parametrize(
    "lines, expected",
    [
        (("Ferry", "Runa Tveit", *ARTICLE, BIOGRAPHY), [BIOGRAPHY]),
        (("Ferry", "Runa Tveit", PROSE, "Runa Tveit", PROSE_2, PROSE_3), ["Runa Tveit"]),
        (("Runa Tveit", *ARTICLE, BIOGRAPHY), []),
        (("Ferry", "Runa Tveit", *ARTICLE, "Now Tveit has left the island.", BIOGRAPHY), []),
        (("Ferry", "Runa Tveit", PROSE, "Runa Tveit", PROSE_2, "Runa Tveit", PROSE_3), []),
        (("Ferry", "Runa Tveit", *ARTICLE, "Runa Tveit: And then?"), []),
        (("Ferry", "Runa Tveit", BIOGRAPHY, *ARTICLE), []),
        (("Ferry", "Runa Tveit", *ARTICLE, DASHED), [DASHED]),
        (("Ferry", "Runa Tveit", *ARTICLE, BY_COLON), [BY_COLON]),
        (("Ferry", "By Runa Tveit, Skarn", *ARTICLE, FIRST_NAME), [FIRST_NAME]),
        (("Ferry", "By Runa Tveit, Skarn", *ARTICLE, FIRST_NAME.replace("Runa", "Skarn")), []),
        (("Ferry", "By Runa Tveit, Skarn", *ARTICLE, "Runa was the first on board.", FIRST_NAME), []),
        (("Ferry", "By Runa Tveit, Skarn", *ARTICLE, "Runa"), []),
    ],
    ids=[
        "biography",
        "name again",
        "headline",
        "person of the story",
        "speaker",
        "her words",
        "at the top",
        "dash",
        "colon",
        "first name",
        "place of the byline",
        "first name in the story",
        "first name alone",
    ],
)
def test_what_begins_with_the_name_of_the_byline(lines, expected):
    found = matched(text(*lines), "[other.x]\nshape = ['by_author']", "other.x")
    assert found == expected


def test_every_shape_is_tested():
    assert {shape for shape, *_ in SHAPES} == schema.CONDITIONS


@pytest.mark.parametrize("shape, lines, expected", SHAPES)
def test_shapes_say_nothing_where_there_is_no_article(shape, lines, expected):
    assert matched(text(PROSE, *lines), f"[other.x]\nshape = ['{shape}']", "other.x") == []


def test_a_shape_asks_more_of_a_pattern():
    pack = "[other.x]\nshape = ['unclosed']\npatterns = ['mark']"
    assert matched(text("mark", "mark."), pack, "other.x") == ["mark"]


def test_shapes_alone_say_nothing_about_html():
    page = segment_html(f"<p>{PROSE}</p><p>{PROSE_2}</p><p>{PROSE_3}</p><p>flooded valley</p>")
    assert evidence(page, "[other.x]\nshape = ['lowercase']") == [[], [], [], []]


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
    assert matched(text(*lines), ALT, "other.alt") == expected


@pytest.mark.parametrize("lines, expected", [(["Ann (L)", "end"], ["end"]), (["end", "Ann (L)"], []), (["end"], [])])
def test_previous(lines, expected):
    assert matched(text(*lines), ALT, "other.after") == expected


def test_any_certain_neighbour():
    pack = "[other.x]\npatterns = ['mark']\nnext = ['*']\n[share.y]\npatterns = ['sure']\n[share.z]\nstrength = 'weak'\npatterns = ['perhaps']\n[body.b]\npatterns = ['said']"
    page = text("mark one", "sure", "mark two", "perhaps", "mark three", "said", "mark four", "x")
    assert matched(page, pack, "other.x") == ["mark one"]


def test_two_packs_may_define_a_concept_differently():
    """A user's own version of a concept of the library binds the user's patterns alone."""
    own = "[caption.alt]\nabout = 'mine'\npatterns = ['valley']"
    used = index_of(own)
    found = collect(text("valley"), used).by_block
    assert [e.rule for e in found[0]] == ["own:caption.alt"]


# -- followers -------------------------------------------------------------------------------------------


def followers(spread: str, *lines: str, strength: str = "strong") -> list[str]:
    pack = f"[other.x]\npatterns = ['^mark']\nspread = '{spread}'\nstrength = '{strength}'"
    return [line for line in matched(text(*lines), pack, "other.x") if not line.startswith("mark")]


def test_bullets():
    assert followers("bullets", PROSE, "mark", "• one", "• two", "after", "• three") == ["one", "two"]
    assert followers("bullets", PROSE, "mark", "after", "• one") == []
    assert followers("bullets", PROSE, "mark", f"• {PROSE_2}", "• one") == []


def test_run():
    assert followers("run", PROSE, "mark", "One", "Two", "A closed sentence.", "Three") == ["One", "Two"]
    assert followers("run", PROSE, "mark", "One", PROSE_2, "Two") == ["One"]
    assert followers("run", "mark", *["line"] * 50).count("line") == propagate.MAX_FOLLOWERS


def test_section():
    assert followers("section", PROSE, "mark", "One", "A closed one.", "# Heading", "Two") == ["One", "A closed one."]
    assert followers("section", PROSE, "mark", PROSE_2) == [PROSE_2], "the last prose of a text may be a biography"
    assert followers("section", PROSE, "mark", PROSE_2, "x", "y", PROSE_3) == [], "the article may go on"


def test_rest():
    lines = [PROSE, PROSE_2, PROSE_3, "mark", "One", PROSE, "# Heading", *["line"] * 20]
    assert followers("rest", *lines) == [], "what only stands below is the article going on"
    assert len(followers("rest", *lines, strength="always")) == len(lines) - 4
    assert followers("rest", "mark", *lines[:3], strength="always") == [], "most of a page is not what follows it"
    assert followers("rest", "mark", *lines[:3], "mark", "One", strength="always") == ["One"]


def test_rest_reaches_the_last_block_with_evidence_of_its_label():
    pack = "[comment.heading]\npatterns = ['^mark']\n[comment.meta]\nlines = ['Reply']"
    story = [PROSE, PROSE_2, PROSE_3]

    def taken(*lines: str) -> list[str]:
        return [line for line in matched(text(*story, "mark", *lines), pack, "comment.heading") if line != "mark"]

    assert taken("Ann", "A short comment.", "Reply", "The rest.") == ["Ann", "A short comment.", "Reply"]
    assert taken("Ann", PROSE, "Reply", PROSE_2) == ["Ann", PROSE, "Reply"], "a name above, evidence below"
    assert taken(PROSE, "Reply") == [], "a paragraph right below the number of comments"
    assert taken("One", "Two", "Three", "Four", "Five", "Reply") == [], "too far away"
    assert taken("One", "Two") == []


def test_contents():
    lines = ["mark", "One", "Two", "Three", PROSE, "# One", PROSE_2, "# Two", PROSE_3]
    assert followers("contents", *lines) == ["One", "Two"]
    assert followers("contents", *lines[:4], PROSE) == []


def test_what_spreads_is_less_sure_than_its_source_and_says_where_from():
    found = evidence(text(PROSE, "mark here", "• one"), "[other.x]\npatterns = ['^mark']\nspread = 'bullets'")
    (source,), (follower,) = found[1], found[2]
    assert (source.name, source.label, source.rule) == (follower.name, follower.label, follower.rule)
    assert follower.weight == pytest.approx(source.weight * propagate.INHERITED_SHARE)
    assert (source.origin, follower.origin) == (Origin.WORDS, Origin.INHERITED)
    assert follower.quote == "mark here"


def test_an_always_rule_spreads_with_all_its_weight():
    found = evidence(text("mark", "• one"), "[other.x]\nstrength = 'always'\npatterns = ['^mark']\nspread = 'bullets'")
    assert [e.weight for each in found for e in each] == [rules.STRENGTHS["always"]] * 2


def test_spreading_to_the_end_from_everywhere_takes_time_in_proportion():
    page = text(*["mark"] * 20_000)
    assert len(evidence(page, "[other.x]\npatterns = ['^mark']\nspread = 'rest'")) == 20_000


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
    found = collect(page, index_of(SELLING)).by_block
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
    expected = collect(page, RuleIndex(packs)).by_block
    chance = random.Random(seed)
    chance.shuffle(packs)
    shuffled = [rules.Pack(p.origin, p.language, p.hosts, tuple(chance.sample(p.rules, len(p.rules)))) for p in packs]
    got = collect(page, RuleIndex(shuffled)).by_block
    assert got == expected


def test_two_packs_of_one_name_both_match():
    packs = [rules.parse(f"[other.{name}]\npatterns = ['mark']", "a/site.toml") for name in ("x", "y")]
    same = [
        rules.parse("[other.x]\npatterns = ['mark one']", "a/site.toml"),
        rules.parse("[other.x]\npatterns = ['mark two']", "b/site.toml"),
    ]
    assert [len(each) for each in evidence(text("mark"), RuleIndex(packs))] == [2]
    assert [len(each) for each in evidence(text("mark two mark"), RuleIndex(same))] == [1]


def test_a_slow_pattern_of_a_user_is_skipped_and_reported(monkeypatch):
    monkeypatch.setattr(matcher, "SEARCH_SECONDS", 0.05)
    page = text("ab" * 2_000 + "!", "word", "ab" * 2_000 + "!!")
    slow = rules.Pack("own", rules=(unchecked("other.slow", "(?:a|b|ab)+(?:b|a|ba)+(?:a|b)+$"),))
    index = RuleIndex([slow, rules.parse("[other.x]\npatterns = ['word']", "own.toml")])
    found = collect(page, index)
    assert found.slow == {"own:other.slow[1]"}
    names = [[e.name for e in pieces if e.name in ("other.x", "other.slow")] for pieces in found.by_block]
    assert names == [[], ["other.x"], []]


def test_after_a_second_no_pattern_of_a_user_is_tried(monkeypatch):
    page = text(*(f"word {n}" for n in range(10)))
    index = index_of("".join(f"[other.x{n}]\npatterns = ['word']\n" for n in range(4)))
    clock = iter(range(1_000))
    monkeypatch.setattr(matcher.time, "thread_time", lambda: next(clock) * 0.06)
    found = collect(page, index)
    assert found.slow == {f"own:other.x{n}[1]" for n in range(4)}
    assert sum(map(len, found.by_block)) == 16, "four patterns have 0.2 seconds each"


def unchecked(name: str, pattern: str) -> rules.Rule:
    """A rule of a user's whose pattern has not been tried when its pack was read."""
    rule = rules.parse(f"[{name}]\npatterns = ['x']", "own.toml").rules[0]
    return replace(rule, patterns=(replace(rule.patterns[0], text=pattern, required=RequiredLiterals()),))


def test_patterns_have_a_budget_of_the_time_of_their_thread(monkeypatch):
    """Busy threads beside do not count."""
    page = text("word one", "word two", "word three")
    index = index_of("[other.x]\npatterns = ['word']")
    seconds = iter([0.0, 0.15, 0.15, 0.3, 0.3, 0.31])
    monkeypatch.setattr(matcher.time, "thread_time", lambda: next(seconds))
    found = collect(page, index)
    assert found.slow == {"own:other.x[1]"}
    assert [len(pieces) for pieces in found.by_block] == [1, 1, 0], "what has been found stays"


def test_the_evidence_is_the_same_in_threads():
    page = text("mark", PROSE, "valley", "Ann (L)", "end")
    used = RuleIndex([rules.parse(pack, f"own{number}.toml") for number, pack in enumerate(MANY)])
    expected = collect(page, used).by_block
    got: list[object] = []
    threads = [threading.Thread(target=lambda: got.append(collect(page, used).by_block)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [expected] * 4


def test_a_page_without_blocks():
    assert evidence(segment_text(""), MANY[0]) == []
    assert evidence(segment_html("<p></p>"), MANY[0]) == []


def test_a_list_in_preformatted_text_is_code():
    page = segment_html(f"<p>{PROSE}</p><pre><ul><li>make valley</li></ul></pre><p>{PROSE_2}</p><p>the valley</p>")
    assert any(block.tag == "li" and "pre" in block.context for block in page.blocks)
    assert matched(page, "[other.x]\npatterns = ['valley']", "other.x") == ["the valley"]


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.txt"))[::5], ids=lambda path: path.name)
def test_blocks_of_a_form_are_those_that_meet_the_conditions_of_its_concept(path):
    made = segment_text(path.read_text("utf-8"))
    prose_map = find_prose(made.blocks)
    index = rule_index("en", ())
    conditions = Conditions(Matcher(made, prose_map, index), prose_map.zones)
    for rule in index.conditional:
        admitted = [at for at in range(len(made.blocks)) if conditions.admits(rule.concept, at)]
        assert conditions.blocks_of_form(rule.concept) == admitted


def test_a_concept_of_elements_asks_for_its_form_whatever_the_number_of_words():
    pack = rules.parse(
        '[sidebar.note]\nselectors_only = true\nmin_words = 8\nrequires = ["unclosed"]\nstrength = "always"\n'
        'selectors = [{ class = ["note"] }]\n',
        "notes.toml",
    )
    for text in ("They sailed at dawn.", "They sailed at dawn, and nobody on the pier waved to them."):
        document = Cleaner(packs=[pack]).label(f'<p class="note">{text}</p><p class="note">{text[:-1]}</p>')
        assert [block.label.value == "sidebar" for block in document.blocks] == [False, True]
