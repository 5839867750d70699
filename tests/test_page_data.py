"""Articles that stand only in the data of a page: JSON-LD, the state of an application, a noscript copy."""

import json
from collections import Counter
from html import escape

import pytest

from cleaner import Cleaner, Document, Label, Origin, clean
from cleaner.decision.page_data import MAX_LEAD_WORDS
from cleaner.segment import segment
from cleaner.segment.page_data import MAX_JSON, MAX_SCRIPTS, MAX_VALUES, Script, candidates

STORY = [
    (
        "The lock keepers of Ostermark went back to work on Friday, nine weeks after they had let the water out of the "
        "upper canal and refused to fill it again."
    ),
    "They had asked for a second key to every gate, since a keeper who drops the only one has to wade for it.",
    '"I have waded forty times," said Tilda Brun, who has kept the third lock since the flood. "It is never warm."',
    (
        "The canal board agreed to twelve keys, to be paid for by the barges that pass at night, and promised a pair of "
        "boots to each of the keepers before the winter comes."
    ),
]
TITLE = "Lock keepers of Ostermark return to work"
MENU = '<nav><a href="/">Home</a> <a href="/news">News</a> <a href="/sport">Sport</a></nav>'
NOTICE = "<noscript>You need to enable JavaScript to run this app.</noscript>"
ITEM = {"@type": "NewsArticle", "headline": TITLE, "author": {"@type": "Person", "name": "Jens Falk"}}


def page(head: str = "", body: str = '<div id="root"></div>', title: str = TITLE) -> str:
    return f'<!doctype html><html lang="en"><head><title>{title} | Canal Courier</title>{head}</head><body>{body}</body></html>'


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def state(data: object) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'


def cleaned(source: str, cleaner: Cleaner | None = None) -> Document:
    """The document of a source, of which ``clean`` gives the same text."""
    cleaner = cleaner or Cleaner()
    doc = cleaner.label(source)
    assert cleaner.clean(source) == doc.text
    return doc


def words(text: str) -> list[str]:
    return text.split()


BODIES = {
    "paragraphs": "\n\n".join(STORY),
    "lines": "\n".join(STORY),
    "list": STORY,
    "one line": " ".join(STORY),
    "html": "".join(f"<p>{paragraph}</p>" for paragraph in STORY),
    "escaped html": "".join(f"&lt;p&gt;{paragraph}&lt;/p&gt;" for paragraph in STORY),
    "escaped twice": "".join(f"&amp;lt;p&amp;gt;{paragraph}&amp;lt;/p&amp;gt;" for paragraph in STORY),
    "entities twice": "\n\n".join(escape(escape(paragraph)) for paragraph in STORY),
    "entities": "\n\n".join(escape(paragraph) for paragraph in STORY),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("around", ["object", "graph", "list"])
def test_the_article_of_json_ld(name, around):
    item = ITEM | {"articleBody": BODIES[name]}
    data = {"object": item, "graph": {"@graph": [{"@type": "WebSite"}, item]}, "list": [item]}[around]
    doc = cleaned(page(linked(data), f'<div id="root"></div>{NOTICE}'))
    assert words(doc.text) == words(" ".join(STORY))
    assert "json_ld" in doc.flags
    assert (doc.kind, doc.lang, doc.title) == ("html", "en", TITLE)
    assert doc.confidence > 0.8
    if name != "one line":
        assert [block.text for block in doc.kept] == STORY


def test_blocks_of_the_data_say_where_they_are_from():
    doc = cleaned(page(linked(ITEM | {"articleBody": STORY}), MENU + NOTICE))
    own, of_data = doc.blocks[:2], doc.blocks[2:]
    assert [block.text for block in own] == ["Home News Sport", "You need to enable JavaScript to run this app."]
    assert Label.BODY not in {block.label for block in own}
    assert [block.text for block in of_data] == STORY
    for block in of_data:
        evidence = next(evidence for evidence in block.evidence if evidence.name == "page.json_ld")
        assert (evidence.label, evidence.origin, evidence.quote) == (Label.BODY, Origin.PAGE, "articleBody")
        assert block.span is None
    assert Document.from_dict(json.loads(json.dumps(doc.to_dict()))) == doc


@pytest.mark.parametrize("space", [" ", "  ", ""])
def test_the_sentences_of_data_on_one_line_are_one_block_unaltered(space):
    sentences = [
        "閘門の管理人たちは九週間にわたって運河の水を抜いたまま働くことを拒んでいたが、金曜日に仕事へ戻った。",
        "彼らはすべての門に二本目の鍵を求めていた。",
        "一本しかない鍵を落とした管理人は、冷たい水の中を歩いて探さなければならないからだ。",
        "運河の理事会は十二本の鍵を買い、冬が来る前に全員へ長靴を配ると約束した。",
    ]
    text = space.join(sentences * 3)
    doc = cleaned(page(linked(ITEM | {"articleBody": text}), title="閘門の管理人たちが仕事へ戻る"))
    assert {"json_ld", "one_line"} <= set(doc.flags)
    assert [block.text for block in doc.kept] == [text]


def test_residue_in_the_data_goes():
    doc = cleaned(page(linked(ITEM | {"articleBody": [*STORY, "Sign up for our daily newsletter."]})))
    assert doc.text == "\n\n".join(STORY)
    assert doc.removed[-1].label is Label.SUBSCRIPTION


def test_headings_and_lists_of_the_data_are_kept():
    html = f"<p>{STORY[0]}</p><h2>What the keepers get</h2><ul><li>{STORY[1]}</li><li>{STORY[2]}</li></ul><p>{STORY[3]}</p>"
    markdown = cleaned(page(linked(ITEM | {"articleBody": html}))).to_markdown()
    assert f"## What the keepers get\n\n- {STORY[1]}\n- " in markdown


STATES = {
    "text": {"body": "\n\n".join(STORY)},
    "html": {"body": "".join(f"<p>{paragraph}</p>" for paragraph in STORY)},
    "strings": {"paragraphs": STORY},
    "objects": {"blocks": [{"type": "paragraph", "data": {"text": paragraph}} for paragraph in STORY]},
    "arrays of items": {
        "elements": [
            {
                "type": "textBlockArray",
                "items": [{"type": "htmlTextItem", "htmlText": part} for part in (text[:9], text[9:])],
            }
            for text in STORY
        ]
    },
    "json in json": {"cache": json.dumps({"story": {"paragraphs": [{"innerHtml": text} for text in STORY]}})},
    "rich text": {
        "content": [
            {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": part} for part in (text[:9], text[9:])]}
            for text in STORY
        ]
    },
}


@pytest.mark.parametrize("name", STATES)
def test_the_article_of_an_application(name):
    teasers = [{"title": f"Story {n}", "url": f"/{n}", "text": STORY[n % 4] * 3} for n in range(9)]
    data = {"props": {"pageProps": {"article": {"id": 7, **STATES[name]}, "related": teasers}}, "buildId": "k3"}
    doc = cleaned(page(body=f'<div id="__next"></div>{state(data)}'))
    assert [block.text for block in doc.kept] == STORY
    assert doc.flags == ("page_data",)


def test_data_about_something_else_are_no_article():
    policy = "We value what you tell us, and we keep it for as long as the law of the country demands it. " * 12
    data = {"texts": {"notes": policy}, "paths": [f"/static/chunks/part-{n}.js" for n in range(90)]}
    doc = cleaned(page(body=f'<div id="__next"></div>{state(data)}'))
    assert (doc.text, doc.flags) == ("", ("empty",))


def test_the_whole_article_goes_before_the_lead():
    lead = f"<article><h1>{TITLE}</h1><p>{STORY[0]}</p></article>"
    doc = cleaned(page(linked(ITEM | {"articleBody": STORY}), MENU + lead))
    assert doc.text == "\n\n".join(STORY)
    assert "json_ld" in doc.flags
    lead = next(block for block in doc.removed if block.text == STORY[0])
    assert (lead.label, lead.evidence[0].name) == (Label.OTHER, "page.repeated")


def test_of_several_articles_the_one_of_the_title_is_taken():
    entries = [
        ITEM | {"articleBody": f"The bakers of Vell have baked {n} loaves on the {n}th day. " * 12} for n in range(3)
    ]
    data = {"@type": "LiveBlogPosting", "liveBlogUpdate": [*entries, ITEM | {"articleBody": STORY}, *entries]}
    assert cleaned(page(linked(data))).text == "\n\n".join(STORY)


def test_the_page_s_own_article_wins():
    own = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    article = f"{MENU}<article><h1>{TITLE}</h1>{own}</article>"
    changed = [paragraph.replace("keepers", "guards") for paragraph in STORY]
    doc = cleaned(page(linked(ITEM | {"articleBody": changed}), article))
    assert doc == cleaned(page(linked(ITEM | {"articleBody": "x"}), article)) or doc.flags == ()
    assert doc.text == "\n\n".join(STORY)


def test_another_text_than_the_page_s_lead_is_not_taken():
    other = [f"On the {n}th day the bakers of Vell baked {n} loaves and sold them all before noon." for n in range(20)]
    own = "".join(f"<p>{paragraph}</p>" for paragraph in STORY[:3])
    doc = cleaned(page(linked(ITEM | {"articleBody": other}), f"{MENU}<article><h1>{TITLE}</h1>{own}</article>"))
    assert "json_ld" not in doc.flags
    assert STORY[0] in doc.text


@pytest.mark.parametrize("around", ["", "<p>Loading</p>"])
def test_the_article_of_a_noscript_copy(around):
    copy = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    doc = cleaned(page(body=f"{MENU}{around}<noscript><article><h1>{TITLE}</h1>{copy}</article></noscript>"))
    assert doc.text == "\n\n".join(STORY)
    assert doc.flags == ("noscript",)


def test_the_lead_above_a_noscript_copy_stands_once():
    copy = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    lead = f"<article><h1>{TITLE}</h1><p>{STORY[0]}</p></article>"
    doc = cleaned(page(body=f"{MENU}{lead}<noscript>{copy}</noscript>"))
    assert doc.text == "\n\n".join(STORY)
    assert doc.flags == ("noscript",)


def test_a_noscript_box_beside_the_article_is_no_copy():
    own = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    box = f"<noscript><p>{STORY[1]}</p></noscript>"
    doc = cleaned(page(body=f"{MENU}<article><h1>{TITLE}</h1>{own}</article>{box}"))
    assert doc.flags == ()
    assert [block.text for block in doc.kept][:4] == STORY


def test_a_short_body_and_scripts_without_articles_change_nothing():
    body = f"<article><h1>{TITLE}</h1><p>{STORY[0]}</p><p>{STORY[1]}</p></article>"
    assert clean(page(state({"a": 1, "b": ["x"] * 90}), body)) == clean(page("", body))


# -- limits ----------------------------------------------------------------------------------------

ODD = {
    "empty": "",
    "no json": "window.__STATE__ = {}; " * 50,
    "cut off": json.dumps({"articleBody": STORY})[:-9],
    "deep list": "[" * 200_000,
    "deep object": '{"a":' * 100_000,
    "deep body": '{"articleBody": ' + "[" * 900 + json.dumps(STORY) + "]" * 900 + "}",
    "too long": json.dumps({"articleBody": "word " * MAX_JSON}),
    "one word": json.dumps({"articleBody": "a" * 400_000}),
    "tags": json.dumps({"articleBody": "<p " * 100_000}),
    "wrong types": json.dumps([{"articleBody": {"a": STORY}}, {"articleBody": 5}, {"articleBody": [None, [5, {}]]}]),
    "surrogate": '{"articleBody": "' + "\\ud800 x y " * 90 + '"}',
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("kind", ["application/ld+json", "application/json"])
def test_odd_data_are_harmless(name, kind):
    doc = cleaned(page(f'<script type="{kind}">{ODD[name]}</script>', MENU))
    doc.text.encode()
    assert doc.blocks[0].text == "Home News Sport"


def test_the_values_that_are_visited_are_limited():
    many = Script("page_data", json.dumps([[0]] * 2 * MAX_VALUES + [{"body": "\n\n".join(STORY)}]))
    assert list(candidates([many])) == []
    assert [one.key for one in candidates([Script("page_data", json.dumps({"body": "\n\n".join(STORY)}))])] == ["body"]


def test_of_thousands_of_scripts_some_are_read():
    source = page(linked({"articleBody": STORY}) * 2_000 + state({"body": "\n\n".join(STORY)}) * 2_000)
    assert Counter(script.where for script in segment(source, "html").scripts)["page_data"] <= MAX_SCRIPTS
    assert cleaned(source).text == "\n\n".join(STORY)


def test_scripts_without_json_are_not_collected():
    kinds = ("", "module", "text/javascript", "importmap", "text/template")
    scripts = "".join(f'<script type="{kind}">{{"body": 1}}</script>' for kind in kinds)
    assert segment(page(scripts), "html").scripts == ()


def test_a_long_own_body_is_never_compared_with_the_state_of_an_application():
    own = " ".join(f"The keeper of lock {n} came home at {n % 12}." for n in range(MAX_LEAD_WORDS))
    body = f"<article><h1>{TITLE}</h1><p>{own}</p></article>"
    doc = cleaned(page(state({"body": "\n\n".join([own, *STORY] * 9)}), body))
    assert "page_data" not in doc.flags
