"""What recurs is evidence: residue goes and says why, innocent lines stay. In texts and in pages."""

import json

import numpy as np
import pytest
from test_memory import SLOGAN, address, article, filled, story

from cleaner import Cleaner, Label, Origin, clean, label, rules
from cleaner.memory import SiteMemory, features
from cleaner.memory.evidence import asked_blocks
from cleaner.memory.index import Recurrence
from cleaner.memory.sources import page_of_source
from cleaner.memory.weights import RecurrenceWeights, load
from cleaner.model.scoring import Scores

NOTICE = "Every word of the Courier is printed on paper from the mill at Vik, as it has been for a hundred years."
PITCH = "More news of the islands, every weekday at seven, without any advertisements."


def as_text(lines):
    return "\n\n".join(lines)


def as_page(lines):
    paragraphs = "\n".join(f"<p class='text'>{line}</p>" for line in lines)
    return f"<html><head><title>Ferry to Skarn</title></head><body><article><h1>Ferry to Skarn</h1>{paragraphs}</article></body></html>"


FORMS = pytest.mark.parametrize("form", [as_text, as_page])


def memory_of(form, documents, url="https://courier.example/{}"):
    memory = SiteMemory()
    for number, lines in enumerate(documents):
        memory.add(form(lines), url=url.format(number))
    return memory


def kept(form, memory, lines, url="https://courier.example/new"):
    return Cleaner(memory=memory).clean(form(lines), url=url)


# -- residue goes ------------------------------------------------------------------------------------------------------


@FORMS
@pytest.mark.parametrize("line", [SLOGAN, NOTICE, PITCH])
def test_what_recurs_at_the_end_goes(form, line):
    memory = memory_of(form, [[*story(number), line] for number in range(12)])
    assert line in clean(form([*story(99), line]))
    text = kept(form, memory, [*story(99), line])
    assert line not in text
    assert all(sentence in text for sentence in story(99))


@FORMS
def test_what_recurs_in_the_middle_goes(form):
    memory = memory_of(form, [[*story(number)[:3], NOTICE, *story(number)[3:]] for number in range(12)])
    text = kept(form, memory, [*story(99)[:3], NOTICE, *story(99)[3:]])
    assert NOTICE not in text
    assert all(sentence in text for sentence in story(99))


@FORMS
def test_a_line_that_stands_twice_goes_twice(form):
    memory = memory_of(form, [[*story(number), NOTICE, NOTICE] for number in range(12)])
    text = kept(form, memory, [*story(99)[:3], NOTICE, *story(99)[3:], PITCH, NOTICE])
    assert NOTICE not in text
    assert PITCH in text


@FORMS
def test_more_documents_are_needed_where_more_are_known(form):
    rare = [[*story(number), *([NOTICE] if number < 2 else [])] for number in range(25)]
    assert NOTICE in kept(form, memory_of(form, rare), [*story(99), NOTICE])
    assert NOTICE not in kept(form, memory_of(form, rare[:3]), [*story(99), NOTICE])


def test_one_other_document_is_no_evidence():
    assert SLOGAN in kept(as_text, memory_of(as_text, [[*story(1), SLOGAN]]), [*story(99), SLOGAN])


def test_less_is_needed_of_a_sentence_that_stands_at_the_ends():
    rare = [[*story(number), *(["Set by hand, on paper from Vik"] if number < 2 else [])] for number in range(8)]
    assert "Set by hand" not in kept(as_text, memory_of(as_text, rare), [*story(99), "Set by hand, on paper from Vik"])
    shorter = [[line.replace("Set by hand, on paper from Vik", "Set by hand") for line in lines] for lines in rare]
    assert "Set by hand" in kept(as_text, memory_of(as_text, shorter), [*story(99), "Set by hand"])


FILLED_IN = {
    "contact": "To ask the keeper of this log for more: {name} at the harbour office of {place}",
    "signature": "The light was lit by {name} on {day} May 2026 at {hour}:15",
    "headline": "The piers of {place} are counted again by {name} ({hour}:15 2026-05-{day})",
}
NAMES = ["Runa Tveit", "Odd Vik", "Siri Holm", "Jon Nes", "Ida Dal", "Per Moen", "Kari Foss", "Nils Elv", "Eva Sund"]


def filled_in(kind, number):
    return FILLED_IN[kind].format(
        name=NAMES[number % 9], place=PLACES[number % 16], day=10 + number, hour=10 + number % 12
    )


@pytest.mark.parametrize("kind", FILLED_IN)
def test_a_line_that_is_filled_in_goes_for_its_beginning_or_end(kind):
    memory = memory_of(as_text, [[*story(number), filled_in(kind, number)] for number in range(9)])
    line = filled_in(kind, 13)
    assert line in clean(as_text([*story(99), line]))
    doc = Cleaner(memory=memory).label(as_text([*story(99), line]), url=address("new"))
    assert doc.text == as_text(story(99))
    assert "its beginning or end in 9 of 9 documents of courier.example" in [e.quote for e in doc.removed[0].evidence]
    few = memory_of(
        as_text, [[*story(number), *([filled_in(kind, number)] if number < 2 else [])] for number in range(9)]
    )
    assert line in kept(as_text, few, [*story(99), line])


@pytest.mark.parametrize("lines", [["| The islands |", "| Harbour and sea | |"], ["[16:5{}] 01-1{}"]])
def test_layout_and_stamps_go(lines):
    memory = memory_of(as_text, [[*story(n), *(line.format(n, n) for line in lines)] for n in range(9)])
    own = [line.format(9, 9) for line in lines]
    assert as_text(own) in clean(as_text([*story(99), *own]))
    assert kept(as_text, memory, [*story(99), *own]) == as_text(story(99))


def test_text_and_pages_know_each_other():
    memory = memory_of(as_page, [[*story(number), NOTICE] for number in range(12)])
    assert NOTICE not in kept(as_text, memory, [*story(99), NOTICE])


def test_another_site_knows_nothing():
    memory = memory_of(as_text, [[*story(number), SLOGAN] for number in range(12)])
    assert SLOGAN in kept(as_text, memory, [*story(99), SLOGAN], url="https://kurier.example/new")
    assert SLOGAN in Cleaner(memory=memory).clean(as_text([*story(99), SLOGAN]))


def test_the_documents_that_a_memory_was_made_of_lose_their_residue_too():
    """Two passes over the same records: a document is no evidence about itself."""
    documents = [[*story(number), SLOGAN] for number in range(12)]
    memory = memory_of(as_text, documents)
    for number, lines in enumerate(documents):
        assert kept(as_text, memory, lines, url=address(number)) == as_text(story(number))


# -- it says why -------------------------------------------------------------------------------------------------------


@FORMS
def test_the_document_says_why(form):
    memory = memory_of(form, [[*story(number), NOTICE] for number in range(12)])
    doc = Cleaner(memory=memory).label(form([*story(99), NOTICE]), url=address("new"))
    (block,) = [block for block in doc.blocks if block.text == NOTICE]
    (evidence,) = [piece for piece in block.evidence if piece.name.endswith(".recurring")]
    assert evidence.quote == "in 12 of 12 documents of courier.example"
    assert evidence.origin is Origin.SITE
    assert evidence.weight > 1
    assert block.score < 0.5
    assert "in 12 of 12" in doc.explain()
    assert json.loads(json.dumps(doc.to_dict()))["blocks"]


def test_the_section_is_named_where_it_differs():
    memory = SiteMemory()
    for number in range(40):
        section = "sport" if number % 4 == 0 else "news"
        lines = [*story(number), *([NOTICE] if section == "sport" else [])]
        memory.add(as_text(lines), url=f"https://courier.example/{section}/{number}")
    doc = Cleaner(memory=memory).label(as_text([*story(99), NOTICE]), url="https://courier.example/sport/new")
    assert "in 10 of 10 documents of courier.example/sport" in [e.quote for e in doc.blocks[-1].evidence]


def test_it_has_the_label_of_what_recurs_beside_it():
    plea = "Sign up for our daily newsletter."
    tail = [plea, "It is read in more houses of the islands than any paper that was ever printed."]
    memory = memory_of(as_text, [[*story(number), *tail] for number in range(12)])
    doc = Cleaner(memory=memory).label(as_text([*story(99), *tail]), url=address("new"))
    assert [block.label for block in doc.blocks[-2:]] == [Label.SUBSCRIPTION, Label.SUBSCRIPTION]
    assert "subscription.recurring" in [e.name for e in doc.blocks[-1].evidence]


def test_a_rule_of_the_user_goes_before_the_memory():
    pack = rules.parse(f"[body.notice]\nstrength = 'always'\nlines = ['{NOTICE}']", "mine.toml")
    memory = memory_of(as_text, [[*story(number), NOTICE] for number in range(12)])
    text = Cleaner(memory=memory, packs=[pack]).clean(as_text([*story(99), NOTICE]), url=address("new"))
    assert NOTICE in text


# -- innocent lines stay -----------------------------------------------------------------------------------------------

ITEMS = ["- 200 g of barley of {}", "- two onions of {}", "- a handful of sea kale of {}"]
STEPS = ["Boil the barley of {} for twenty minutes, then add the onions and let them stand off the heat for a while."]
PLACES = [
    "Skarn", "Ostra", "Vik", "Tveit", "Holm", "Lund", "Strand", "Nes", "Dal", "Berg", "Fjell", "Havn", "Sund",
    "Moen", "Elv", "Foss",
]  # fmt: skip


def recipe(place):
    fill = [line.format(place) for line in ITEMS]
    return [
        *story(place)[2:4],
        "Ingredients",
        *fill,
        "Method",
        *(line.format(place) for line in STEPS),
        *story(place)[:2],
    ]


def review(place):
    return [
        *story(place)[:2],
        "Pros",
        f"- The deck of the {place} ferry is dry in any weather.",
        "Cons",
        f"- The bar of the {place} ferry closes at nine, and nobody says so.",
        "Verdict",
        f"Whoever has to be in {place} by noon will be there by noon, and that is what a ferry is for.",
    ]


def interview(place):
    return [
        f"The captain of the {place} ferry has seen it all, and has never told anybody a word of it before today.",
        "Courier:",
        f"How long have you sailed to {place}, and would you begin again if you could?",
        "Runa Tveit:",
        f"Longer than the pier of {place} has stood, and I would begin again tomorrow morning at six.",
        "What do you do when nobody is on board?",
        f"I read the old timetables of {place}, which are better than novels, and I drink coffee.",
        *story(place)[:2],
    ]


def dated(place):
    return [
        "BERLIN",
        *story(place),
        f"BERLIN — The minister for {place} said on Monday that the pier would be paid for.",
    ]


def song(place):
    verse = [f"The lamp of {place} is burning low,", f"and out to {place} the herring go,"]
    return [*verse, "O carry me home, O carry me home,", "___", *verse[::-1], "O carry me home, O carry me home,"]


def manual(place):
    return [
        *story(place)[:3],
        "Usage",
        "    import ferry",
        "ferry.timetable(route=harbour, day=monday)",
        "cfg = { route: harbour };",
        f"The call above prints the timetable of {place}, with one departure in each line, and then it ends.",
        "| route | day | time |",
        "| --- | --- | --- |",
        f"| {place} | Monday | 12:00 |",
        *story(place)[3:],
    ]


def quoted(place):
    return [
        *story(place),
        "“We had forgotten the sound of the horn, and now it wakes us up,” said Runa Tveit of the shop.",
    ]


def standings(place):
    return [
        *story(place)[:4],
        "| Crew | Races | Points |",
        "| --- | --- | --- |",
        f"| {place} | 12 | 31 |",
        f"| {place} II | 12 | 9 |",
        "| All crews | | |",
        f"The crew of {place} rows in the old boats, and has never been beaten on its own water.",
        *story(place)[4:],
    ]


def series(place):
    return [f"The week on the islands #{len(place)} - {place}, piers and a seal", *story(place)]


def event(place):
    return [
        f"A talk on {place}",
        f"Time and place: 11:00, Friday 3 March 2026, the harbour office of {place}",
        *story(place),
    ]


def lyrics(place):
    return [
        *story(place)[:3],
        "[Chorus]",
        f"O carry the lamp to {place},",
        f"and carry me home to {place}.",
        "[Verse]",
        f"The herring of {place} have gone,",
        f"and {place} is dark in the morning.",
        *story(place)[3:],
    ]


def timetable(place):
    return [
        *story(place)[:3],
        "12:00",
        f"The ferry to {place} leaves from the old pier, and takes cars.",
        "14:30",
        f"The ferry from {place} comes in, if the sea lets it.",
        *story(place)[3:],
    ]


def sources(place):
    return [
        *story(place),
        "Sources",
        f"The papers of the harbour of {place} are read like this:",
        f"- The register of {place}, with its last pages missing.",
        "Afterword",
        f"To {place} one goes again and again, since it is what all of the islands were before the bridges were built",
    ]


KINDS = {
    "standings": (standings, ["| Crew | Races | Points |", "| All crews | | |"]),
    "series": (series, ["The week on the islands #5 - Skarn, piers and a seal"]),
    "event": (event, ["Time and place: 11:00, Friday 3 March 2026, the harbour office of Skarn"]),
    "lyrics": (lyrics, ["[Chorus]", "[Verse]"]),
    "timetable": (timetable, ["12:00", "14:30"]),
    "sources": (sources, ["Sources", "Afterword"]),
    "recipe": (recipe, ["Ingredients", "Method"]),
    "review": (review, ["Pros", "Cons", "Verdict"]),
    "interview": (interview, ["Courier:", "Runa Tveit:", "What do you do when nobody is on board?"]),
    "dateline": (dated, ["BERLIN"]),
    "song": (song, ["O carry me home, O carry me home,"]),
    "manual": (
        manual,
        ["Usage", "ferry.timetable(route=harbour, day=monday)", "cfg = { route: harbour };", "| route | day | time |"],
    ),
}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "song"])
def test_innocent_lines_of_texts_stay(kind):
    make, lines = KINDS[kind]
    memory = memory_of(as_text, [make(place) for place in PLACES[1:]])
    before, after = clean(as_text(make("Skarn"))), kept(as_text, memory, make("Skarn"))
    for line in lines:
        assert before.count(line) == after.count(line) > 0, line
    assert before == after


PAGES = {
    "recipe": "<h2>Ingredients</h2><ul>{items}</ul><h2>Method</h2><p>{step}</p>",
    "review": "<h3>Pros</h3><ul>{items}</ul><h3>Cons</h3><ul>{items}</ul><p><b>Verdict</b></p><p>{step}</p>",
    "interview": "<p><b>Courier:</b></p><p>{step}</p><p><b>Runa Tveit:</b></p><p>{step}</p>",
    "manual": "<h2>Usage</h2><pre><code>ferry.timetable(route)</code></pre><p>{step}</p>"
    "<table><tr><th>Route</th><th>Day</th></tr><tr><td>{place}</td><td>Monday</td></tr></table><hr><p>{step}</p>",
}


def page_of(kind, place):
    items = "".join(f"<li>{line.format(place)[2:]}</li>" for line in ITEMS)
    inner = PAGES[kind].format(items=items, step=STEPS[0].format(place), place=place)
    first, *rest = (f"<p>{line}</p>" for line in story(place))
    return (
        f"<html><head><title>Of {place}</title></head><body><article><h1>Of {place}</h1>{first}{inner}{''.join(rest)}"
        "</article></body></html>"
    )


@pytest.mark.parametrize("kind", PAGES)
def test_innocent_lines_of_pages_stay(kind):
    memory = SiteMemory()
    for place in PLACES[1:]:
        memory.add(page_of(kind, place), url=address(place))
    page = page_of(kind, "Skarn")
    assert Cleaner(memory=memory).clean(page, url=address("Skarn")) == clean(page)


def test_a_refrain_recurs_in_its_own_document_alone():
    memory = memory_of(as_text, [song(place) for place in PLACES[1:2]])
    text = as_text([*song("Skarn"), *song("Skarn")])
    assert Cleaner(memory=memory).clean(text, url=address("song")) == clean(text)


@FORMS
def test_a_quotation_of_one_event_stays(form):
    """Several articles of the same days have it; the site is known for months."""
    memory = SiteMemory()
    for number, place in enumerate(PLACES):
        quotes = number in (4, 5, 6, 7)
        day = f"2026/05/{number:02}" if quotes else f"2026/{number % 9 + 1:02}/01"
        lines = quoted(place) if quotes else story(place)
        memory.add(form(lines), url=f"https://courier.example/{day}/{place}")
    line = quoted("Skarn")[-1]
    assert line in kept(form, memory, quoted("Skarn"))
    spread = SiteMemory()
    for number, place in enumerate(PLACES):
        lines = quoted(place) if number in (4, 5, 6, 7) else story(place)
        spread.add(form(lines), url=f"https://courier.example/2026/{number % 9 + 1:02}/01/{place}")
    assert line not in kept(form, spread, quoted("Skarn"))  # the guard is what keeps it


@FORMS
def test_copies_of_the_article_are_no_evidence_against_it(form):
    memory = SiteMemory()
    for number in range(12):
        memory.add(form(story(number)), url=address(number))
    for copy in ("print", "amp", "app", "mobile", "feed"):
        lines = [*story(99), f"This is the {copy} version of the article."]
        memory.add(form(lines), url=address(f"99-{copy}"))
    text = kept(form, memory, story(99))
    assert all(line in text for line in story(99))


def test_a_text_of_nothing_but_recurring_lines_stays():
    """All documents have all of its long lines, so each of them is a copy of it, and nothing is left that could speak."""
    lines = [NOTICE, PITCH, SLOGAN]
    memory = memory_of(as_text, [[*story(number), *lines] for number in range(12)])
    assert kept(as_text, memory, lines) == as_text(lines)


# -- without a memory --------------------------------------------------------------------------------------------------


def test_where_a_memory_knows_nothing_nothing_changes():
    memory = filled(range(9), NOTICE)
    for source in (as_page([*story(1), NOTICE]), article(1, NOTICE)):
        url = address(1, "other.example")
        assert Cleaner(memory=memory).label(source, url=url).to_dict() == Cleaner().label(source, url=url).to_dict()
        assert Cleaner(memory=memory).label(source).to_dict() == label(source).to_dict()


def test_pages_that_are_no_articles_are_not_asked_about():
    """What recurs in a shop is content."""
    page, _ = page_of_source(as_page(story(1)), "html")
    n_blocks = len(page.blocks)
    log_odds = np.array([3.0, -3.0, *[3.0] * (n_blocks - 2)], np.float32)

    def asked(type_article):
        return asked_blocks(Scores(log_odds, {"type_article": np.full(n_blocks, type_article)}), page)

    assert list(asked(0.2)) == []
    assert list(asked(0.9)) == [at for at in range(n_blocks) if at != 1]


def test_a_heading_that_recurs_below_the_prose_stands_above_content_or_goes():
    """Headlines of other stories below it are none, whole sentences are."""
    memory = memory_of(as_text, [[*story(number), "From the islands", f"Pier {number} opens."] for number in range(12)])
    assert "From the islands" in kept(as_text, memory, [*story(99), "From the islands", "The pier is open again."])
    assert "From the islands" not in kept(as_text, memory, [*story(99), "From the islands", "Storm closes the pier"])


def test_without_a_memory_nothing_of_it_is_imported():
    from helpers import run_python

    code = (
        "import sys, cleaner; cleaner.clean('The council voted on Tuesday.\\n\\nShare this'); "
        "print([m for m in sys.modules if m.startswith('cleaner.memory') or m == 'tld'])"
    )
    assert run_python(code).stdout.strip() == "[]"


# -- the weights -------------------------------------------------------------------------------------------------------


def test_weights_have_the_signs_that_are_asked_for():
    for name, sign, value in zip(features.NAMES, features.NAMES.values(), load().coefficients, strict=True):
        assert sign * value >= 0, name


def test_weights_of_another_version_are_refused():
    text = load().dump()
    assert RecurrenceWeights.parse(text).dump() == text
    with pytest.raises(ValueError, match="version"):
        RecurrenceWeights.parse(text.replace('"format": 1', '"format": 9'))


@pytest.mark.parametrize(
    "recurrence, asked",
    [
        (Recurrence(1, 1), False),
        (Recurrence(2, 3), True),
        (Recurrence(2, 4), False),
        (Recurrence(3, 29), True),
        (Recurrence(4, 300), False),
        (Recurrence(5, 300), True),
        (Recurrence(5, 9, days=2, all_days=200), False),
        (Recurrence(5, 9, days=2, all_days=20), True),
        (Recurrence(5, 9, days=90, all_days=200), True),
    ],
)
def test_when_a_line_is_asked_about(recurrence, asked):
    from cleaner.memory.sources import page_of_source

    page, prose_map = page_of_source(NOTICE, "text")
    log_odds = np.ones(1, np.float32)
    assert features.columns(page, prose_map, [0], [recurrence], log_odds).asked.tolist() == [asked]
