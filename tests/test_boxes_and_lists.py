"""Boxes with a plea, related links, questions, live blogs, next stories, quoted pleas: what goes and what stays."""

import pytest

import cleaner

STORY = (
    "The harbour council of Norvale voted on Tuesday to close the old slipway after a dispute of nearly nine years.",
    "Boat owners had argued that it was the only safe place to land in a gale, and two of them spoke at the meeting.",
    "The engineer of the council found that the concrete had cracked along its full length and could fail soon.",
    "A floating pontoon will be laid at the southern breakwater instead, where the water is deeper in most months.",
    "Work on the pontoon starts in May, and the council expects the first ferry to land there in the late autumn.",
)
MENU = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("News", "Sport", "Culture", "Weather"))


def page(middle, above="", below="", beside=""):
    """A page of an article with something between its paragraphs, above, below, or beside it."""
    first, rest = STORY[:3], STORY[3:]
    paragraphs = ["".join(f"<p>{line}</p>" for line in part) for part in (first, rest)]
    return (
        "<html lang=en><head><title>Norvale closes its slipway | The Norvale Post</title></head><body>"
        f"<header><ul>{MENU}</ul></header><main><article class=story><h1>Norvale closes its slipway</h1>{above}"
        f"{paragraphs[0]}{middle}{paragraphs[1]}{below}</article></main>{beside}"
        "<footer>© The Norvale Post</footer></body></html>"
    )


def text(html):
    return cleaner.clean(html, kind="html").split("\n\n")


SENTENCE = "Our morning letter has the five stories that matter, free of charge, every weekday at six."


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("Get the Post in your inbox", SENTENCE),
        ("Waiting for your permission to load this map.", "Here you find a picture that goes with this article."),
    ],
)
def test_the_sentence_in_the_box_of_a_plea_goes(heading, sentence):
    assert text(page(f"<div class=x><h3>{heading}</h3><p>{sentence}</p><button>OK</button></div>")) == list(STORY)


@pytest.mark.parametrize("heading", ["What the pontoon costs", "The pier in numbers"])
def test_a_box_with_another_heading_stays(heading):
    sentence = "It costs four million crowns, three times what the council has set aside for all its piers."
    assert text(page(f"<div class=x><h3>{heading}</h3><p>{sentence}</p></div>")) == [
        *STORY[:3],
        heading,
        sentence,
        *STORY[3:],
    ]


LINKS = "".join(
    f'<li><a href="/news/{number}">{title}</a></li>'
    for number, title in enumerate(("Ferry line buys two boats", "Why the lighthouse went dark", "Storm shuts bridge"))
)


@pytest.mark.parametrize("heading", ["Related", "More from this author:", "You may also like"])
def test_a_list_of_links_under_related_goes(heading):
    assert text(page(f"<h3>{heading}</h3><ul>{LINKS}</ul>")) == list(STORY)


@pytest.mark.parametrize(
    "links",
    [
        pytest.param(f"<h3>Three boats that were saved</h3><ul>{LINKS}</ul>", id="a heading of the article"),
        pytest.param(
            f"<p>More about how it was saved:</p><ul>{LINKS.replace('/news', 'https://museum.example')}</ul>",
            id="links to other sites",
        ),
    ],
)
def test_a_list_of_links_that_the_article_introduces_stays(links):
    assert "Ferry line buys two boats" in cleaner.clean(page(links), kind="html")


ITEMS = LINKS.replace("bridge", "bridge for a week").replace("went dark", "at the pier went dark")


def test_a_list_of_headlines_between_two_paragraphs_goes():
    assert text(page(f"<ul>{ITEMS}</ul>")) == list(STORY)


@pytest.mark.parametrize(
    "middle",
    [
        pytest.param(
            f"<p>These are the stories that the harbour will be remembered for:</p><ul>{ITEMS}</ul>", id="colon"
        ),
        pytest.param(f"<ul>{ITEMS.replace('/news', 'https://museum.example')}</ul>", id="other site"),
        pytest.param(f"<ul>{ITEMS.replace('</a>', '</a>, as told by its keeper')}</ul>", id="words besides the links"),
    ],
)
def test_other_lists_of_links_between_paragraphs_stay(middle):
    assert "Ferry line buys two boats" in cleaner.clean(page(middle), kind="html")


def test_a_plea_that_stands_where_the_standfirst_does_goes():
    assert text(page("", above="<p>We may earn a commission if you buy through links on our site.</p>")) == list(STORY)


QUESTIONS = (
    ("Will the slipway be torn down?", "Not before the new pontoon has been through two winters."),
    ("Who pays for the pontoon?", "The council pays sixty per cent, the county the rest of it."),
    ("Can I still launch a kayak?", "Yes, beside the slipway."),
)


def test_a_question_with_a_short_answer_stays_like_the_others():
    buttons = "".join(f"<div><button>{asked}</button><div><p>{said}</p></div></div>" for asked, said in QUESTIONS)
    assert text(page("", below=buttons))[len(STORY) :] == [line for pair in QUESTIONS for line in pair]


def test_buttons_without_a_question_are_no_headings():
    buttons = "".join(
        f"<div><button>{word}</button><p>Short text here.</p></div>" for word in ("Share", "Save", "Print")
    )
    assert not {"Share", "Save", "Print"} & set(text(page("", below=buttons)))


ENTRIES = (
    ("14:32", "Vote is over", "Seven councillors voted for the closure and four against it."),
    ("14:05", "Ferry owner speaks", "Marit Dahlen said that crossings in winter would become dangerous."),
    ("13:40", "Engineer reports", "The concrete has cracked along its full length, he said."),
)


def test_the_times_of_short_entries_stay():
    entries = "".join(f"<div><time>{at}</time><h3>{title}</h3><p>{said}</p></div>" for at, title, said in ENTRIES)
    html = f"<html><title>Vote live</title><body><article><h1>Vote live</h1>{entries}</article></body></html>"
    assert text(html) == [line for entry in ENTRIES for line in entry]


def test_a_next_story_in_an_element_of_its_own_goes():
    other = "".join(f"<p>{line.replace('slipway', 'school')}</p>" for line in STORY)
    following = f"<article class=story><h1>Norvale opens a new school</h1>{other}</article>"
    assert text(page("", beside=following)) == list(STORY)


@pytest.mark.parametrize(
    ("lang", "sentences", "line"),
    [
        ("pl", ("Rada gminy postanowiła zamknąć stary basen już na wiosnę.", "Pompy pochodzą jeszcze z końca lat siedemdziesiątych ubiegłego wieku."), "Reklama"),
        ("ru", ("Городской совет решил закрыть старый бассейн уже этой весной.", "Насосы стоят здесь ещё с конца семидесятых годов."), "Реклама"),
    ],
)  # fmt: skip
def test_rules_are_heard_between_short_paragraphs(lang, sentences, line):
    paragraphs = "".join(f"<p>{text}</p>" for text in (*sentences, *sentences, line, *sentences))
    html = f"<html lang={lang}><title>Basen</title><body><article><h1>Basen</h1>{paragraphs}</article></body></html>"
    assert text(html) == [*sentences, *sentences, *sentences]


@pytest.mark.parametrize(
    "sentence",
    [
        "Comments will be closed at midnight from now on, the editor of the paper said.",
        "“Sign up for our newsletter” had been the paper's only plea to its readers for a decade.",
        "The words “Accept all cookies” filled the screen, and the “share this article” button had gone.",
    ],
)
def test_a_sentence_about_a_plea_stays(sentence):
    assert sentence in text(page(f"<p>{sentence}</p>"))


def test_a_sentence_that_quotes_a_plea_stays_in_a_text():
    sentence = "“Sign up for our newsletter” had been the paper's only plea to its readers for a decade."
    assert sentence in cleaner.clean("\n\n".join((*STORY[:3], sentence, *STORY[3:])), kind="text")


@pytest.mark.parametrize(
    "line",
    [
        "This article was produced with the assistance of artificial intelligence and reviewed by an editor.",
        "The slipway at dusk, with the breakwater behind. (Photo: Jonas Vik)",
    ],
)
def test_certain_words_in_a_part_of_a_line_decide(line):
    assert text(page(f"<p>{line}</p>")) == list(STORY)
