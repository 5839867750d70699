"""Where rules go before the model: how sure a rule must be, and which prose comes back."""

import numpy as np
import pytest

from cleaner import label, pipeline, rules
from cleaner.decision.decision import Decision
from cleaner.decision.overrides.between import prose_between
from cleaner.decision.overrides.override import Review
from cleaner.decision.page_body import with_overrides
from cleaner.decision.page_view import PageView
from cleaner.decision.policy import Policy
from cleaner.document import Evidence, Label, Origin
from cleaner.features.hashing import Lexicons
from cleaner.features.page_features import compute_features
from cleaner.model.rule_precision import DECIDING, Count, Form, Key, RulePrecision, form_of
from cleaner.reading.request import Request
from cleaner.segment import segment
from cleaner.segment.page import Page
from cleaner.segment.prose import find_prose

PROSE = "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago."
COUNTS = RulePrecision(
    {
        Key(Form.LINE): Count(60.0, 20.0),
        Key(Form.LINE, "advert.label"): Count(10.0, 0.0),
        Key(Form.LINE, "author.bio"): Count(5.0, 8.0),
    }
)


def evidence(quote: str, name: str = "advert.label", origin: Origin = Origin.WORDS) -> Evidence:
    return Evidence(name, Label(name.split(".", maxsplit=1)[0]), 4.0, quote, origin=origin)


def test_a_concept_that_is_right_on_many_sites_decides():
    assert COUNTS.lower_bound(Form.LINE, "advert.label") > DECIDING > COUNTS.lower_bound(Form.LINE, "author.bio")


def test_a_concept_without_counts_is_judged_by_the_others():
    unseen = COUNTS.lower_bound(Form.LINE, "share.bar")
    assert COUNTS.lower_bound(Form.LINE, "author.bio") < unseen < COUNTS.lower_bound(Form.LINE, "advert.label")
    assert COUNTS.lower_bound(Form.PART, "share.bar") < unseen


def test_the_counts_are_read_back():
    assert RulePrecision.parse(COUNTS.dump()) == COUNTS
    assert RulePrecision.parse("[]") == RulePrecision()


@pytest.mark.parametrize(
    ("line", "quote", "form"),
    [
        ("<p>Advertisement</p>", "Advertisement", Form.WORD),
        ("<p>Article continues after advertisement</p>", "Article continues after advertisement", Form.LINE),
        ("<p>Mads says that the advertisement was wrong and costly.</p>", "advertisement", Form.PART),
        (f"<p>{PROSE}</p>", PROSE, Form.WHOLE),
        ("<ul><li>Article continues after advertisement</li></ul>", "Article continues after advertisement", None),
    ],
)
def test_the_form_of_a_match(line, quote, form):
    page = segment(f"<p>{PROSE}</p>{line}<p>{PROSE}</p>", "html")
    assert form_of(evidence(quote), page, find_prose(page.blocks), 1) == form


def test_a_line_without_prose_near_it_and_other_evidence_have_no_form():
    page = segment(f"<p>{PROSE}</p><p>Ann Lee</p><p>Ida Lee</p><p>Share this now</p><p>Ann Lee</p>", "html")
    assert form_of(evidence("Share this now"), page, find_prose(page.blocks), 3) is None
    page = segment(f"<p>{PROSE}</p><p>Share this now</p>", "html")
    prose_map = find_prose(page.blocks)
    assert form_of(evidence("Share this now"), page, prose_map, 1) is Form.LINE
    assert form_of(evidence("<p> share", origin=Origin.ELEMENT), page, prose_map, 1) is None
    assert form_of(Evidence("body.quote", Label.BODY, 4.0, "Share this now"), page, prose_map, 1) is None


def between(page: Page, body: list[bool]) -> list[int]:
    view = PageView(page, find_prose(page.blocks), {}, np.zeros(len(body)))
    return prose_between(view, np.array(body))


def test_prose_between_siblings_that_stay():
    page = segment(f'<p class="a">{PROSE}</p><p class="a" id="x1">{PROSE} It did.</p><p class="a">{PROSE}</p>', "html")
    assert between(page, [True, False, True]) == [1]
    assert between(page, [True, False, False]) == []
    other = segment(f'<p class="a">{PROSE}</p><p class="b">{PROSE} It did.</p><p class="a">{PROSE}</p>', "html")
    assert between(other, [True, False, True]) == []


def test_prose_between_paragraphs_that_have_wrappers_of_their_own():
    pieces = (PROSE, f"{PROSE} It did.", f"{PROSE} Again.")
    wrapped = [f'<section class="s"><div class="d"><p><span>{piece}</span></p></div></section>' for piece in pieces]
    page = segment("".join(wrapped), "html")
    body = [True, False, True]
    assert between(page, body) == [1]
    page = segment("".join([wrapped[0], wrapped[1].replace('"s"', '"box"'), wrapped[2]]), "html")
    assert between(page, body) == []


def test_a_quotation_between_paragraphs_of_its_parent():
    quoted = f"<blockquote><p>{PROSE} It did.</p></blockquote>"
    body = [True, False, True]
    page = segment(f"<main><p>{PROSE}</p>{quoted}<p>{PROSE} Again.</p></main>", "html")
    assert between(page, body) == [1]
    page = segment(f"<main><p>{PROSE}</p><aside>{quoted}</aside><p>{PROSE} Again.</p></main>", "html")
    assert between(page, body) == []


READERS = (
    "I waited for an hour last week and nobody at the landing could tell me when the next boat would leave.",
    "The crew were friendly as always, but the timetable on the pier is still the one from the year before.",
)


def overridden(html: str, *, forum: float = 0.0, score: float | list[float] = 0.9) -> tuple[list[str], Decision]:
    """The blocks that stay of a page of which the model keeps all, and the decision. ``score`` is that of all blocks,
    or of each.
    """
    prepared = pipeline.prepare(Request(html, lang="en", kind="html"), Policy())
    n_blocks = len(prepared.page.blocks)
    types = {"type_article": np.full(n_blocks, 1 - forum), "type_forum": np.full(n_blocks, forum)}
    columns = compute_features(prepared.page, prepared.prose_map, Lexicons()).first_stage | types
    view = PageView(prepared.page, prepared.prose_map, columns, np.full(n_blocks, score, float))
    decision = with_overrides(Review(prepared, view, Decision(np.ones(n_blocks, bool), 1.0)))
    return [b.plain for b, stays in zip(prepared.page.blocks, decision.body.tolist(), strict=True) if stays], decision


def story(end: str) -> str:
    return f"<main><p>{PROSE}</p><p>{PROSE} It did.</p><p>{OTHER}</p>{end}</main>"


OTHER = "Passengers stood on the new pier in the rain, and nobody of them had brought an umbrella to the landing."
THREAD = f"<section><h2>2 Comments</h2><p>{READERS[0]}</p><p>{READERS[1]}</p></section>"


def test_a_thread_of_comments_below_the_article_goes():
    kept, decision = overridden(story(THREAD))
    assert kept == [PROSE, f"{PROSE} It did.", OTHER]
    assert {evidence.name for evidence in decision.reasons.values()} == {"comment.thread"}


def test_a_rail_of_teasers_below_an_article_goes_and_the_document_says_why():
    titles = ("Pool in the harbour may close", "Bakers of Norvale on strike", "Lighthouse gets a new lamp")
    rail = "".join(f'<div><h4><a href="/{n}">{title}</a></h4><p>{OTHER}</p></div>' for n, title in enumerate(titles))
    html = story(f"<p>{PROSE}</p>" * 4 + rail)
    kept, decision = overridden(html, score=0.45)
    assert kept == [PROSE, f"{PROSE} It did.", OTHER, *[PROSE] * 4]
    assert {evidence.name for evidence in decision.reasons.values()} == {"related.teasers"}
    assert titles[0] in overridden(html, score=0.45, forum=0.9)[0]


APPEAL = (
    "Owners of other papers tell their readers what the harbour company would like them to hear.",
    "Lawyers of the rich write to us each week, so that you never learn of what happens on the pier.",
)
PLEA = "Sign up for our daily newsletter."
SURE, DOUBTFUL = [0.95] * 3, [0.6] * 3


def box(*lines: str) -> str:
    return f"<div>{''.join(f'<p>{line}</p>' for line in lines)}</div>"


@pytest.mark.parametrize(
    ("end", "scores", "stays"),
    [
        pytest.param(box(*APPEAL, PLEA), SURE + DOUBTFUL, (), id="the lines above a plea"),
        pytest.param(box(*APPEAL, OTHER), SURE + DOUBTFUL, (*APPEAL, OTHER), id="no plea"),
        pytest.param(box(*APPEAL, PLEA), [*SURE, 0.6, 0.95, 0.6], APPEAL, id="a sure paragraph in the box"),
        pytest.param(box(*APPEAL) + box(PLEA), SURE + DOUBTFUL, APPEAL, id="another box"),
    ],
)
def test_a_box_below_the_article_goes_with_its_plea(end, scores, stays):
    assert overridden(story("") + end, score=scores)[0] == [PROSE, f"{PROSE} It did.", OTHER, *stays]


@pytest.mark.parametrize(("name", "stays"), [("text", APPEAL), ("offer", ())])
def test_the_last_section_of_an_article_is_no_box_though_a_plea_ends_it(name, stays):
    above, below = (PROSE, f"{PROSE} It did.", OTHER), (*APPEAL, PLEA)
    html = box(*above).replace("<div>", '<div class="text">') + box(*below).replace("<div>", f'<div class="{name}">')
    assert overridden(html, score=SURE + DOUBTFUL)[0] == [*above, *stays]


def test_a_thread_stays_in_a_forum_and_where_the_article_goes_on():
    assert READERS[0] in overridden(story(THREAD), forum=0.6)[0]
    assert READERS[0] in overridden(story(f"{THREAD}<p>{PROSE} It did again.</p>"))[0]


def test_a_thread_below_a_few_words_is_the_page():
    assert READERS[0] in overridden(f"<main><p>{PROSE}</p>{THREAD}</main>")[0]


LINES = ("Marta Quill on March 3, 2024", "Odd Brekke on March 4, 2024")
RECORDS = "".join(
    f'<div><p class="who">{line}</p><p>{text}</p></div>' for line, text in zip(LINES, READERS, strict=True)
)


def test_comments_under_no_heading_go_by_the_lines_above_them():
    kept, decision = overridden(story(RECORDS))
    assert kept == [PROSE, f"{PROSE} It did.", OTHER]
    assert {evidence.quote for evidence in decision.reasons.values()} == {LINES[0]}


@pytest.mark.parametrize("replies", [READERS, ("It never came.", "It came at nine.")])
def test_comments_below_a_few_words_are_the_page(replies):
    html = RECORDS.replace(READERS[0], replies[0]).replace(READERS[1], replies[1])
    assert set(replies) <= set(overridden(f"<main><p>{PROSE}</p>{html}</main>")[0])


def test_what_the_rules_did_is_evidence():
    kept, decision = overridden(story(f"<p>Article continues after advertisement</p><p>{PROSE} It did again.</p>"))
    assert len(kept) == 4
    assert [evidence.quote for evidence in decision.reasons.values()] == ["advert.label decides"]


def test_an_element_that_is_called_a_caption_decides_but_not_about_speakers():
    picture = f'<div><img src="a.jpg"><p class="image-caption">{OTHER[:-1]} at all.</p></div>'
    kept, decision = overridden(story(f"{picture}<p>{PROSE} It did again.</p>"))
    assert f"{OTHER[:-1]} at all." not in kept
    assert {evidence.label for evidence in decision.reasons.values()} == {Label.CAPTION}
    quotation = (
        f"<figure><blockquote><p>{READERS[0]}</p></blockquote><figcaption>Ida Marsh, pilot</figcaption></figure>"
    )
    assert "Ida Marsh, pilot" in overridden(story(f"{quotation}<p>{PROSE} It did again.</p>"))[0]


def test_a_sentence_with_a_plea_glued_to_it_stays_for_the_plea_to_be_split_off():
    quotation = '"We had forgotten the sound of the horn," said Runa Tveit, who keeps the shop.'
    plea = "Sign up for our daily newsletter."
    assert f"{quotation} {plea}" in overridden(story(f"<p>{quotation} {plea}</p><p>{PROSE} Yes.</p>"))[0]
    assert plea not in overridden(story(f"<p>{plea}</p><p>{PROSE} Yes.</p>"))[0]


def test_the_confidence_is_that_of_the_new_body():
    _, unchanged = overridden(story(""))
    _, decision = overridden(story(THREAD))
    assert unchanged.confidence == 1.0  # as it was handed in
    assert 0.9 < decision.confidence < 1.0


def test_a_body_rule_of_the_users_goes_before_a_rule_of_the_librarys():
    pack = rules.parse("[body.mine]\npatterns = ['^Article continues']", "mine.toml")
    prepared = pipeline.prepare(
        Request(story(f"<p>Article continues after advertisement</p><p>{PROSE} Yes.</p>"), lang="en", kind="html"),
        Policy(packs=(pack,)),
    )
    n_blocks = len(prepared.page.blocks)
    types = {"type_article": np.ones(n_blocks), "type_forum": np.zeros(n_blocks)}
    columns = compute_features(prepared.page, prepared.prose_map, Lexicons()).first_stage | types
    view = PageView(prepared.page, prepared.prose_map, columns, np.full(n_blocks, 0.9))
    decision = with_overrides(Review(prepared, view, Decision(np.ones(n_blocks, bool), 1.0)))
    assert decision.body.all()


def test_a_counted_heading_is_no_plea():
    first = "The council knew in May, the engineer told a committee, and it said nothing before the bridge was closed."
    cars = "Members pay £6 a month for nine cars, which stand at the old mill, and most of them are booked by noon."
    sections = "".join(
        f"<h2>{number}. {heading}</h2><p>{text}</p>"
        for number, (heading, text) in enumerate([("Take the ferry", first), ("Get the app", cars)], 1)
    )
    document = label(
        f"<html><head><title>Things to do</title></head><body><article><h1>Things to do</h1><p>{first}</p>{sections}"
        "</article></body></html>"
    )
    assert "2. Get the app" in document.text
    (block,) = [block for block in document.kept if block.text == "2. Get the app"]
    assert "body.counted" in [evidence.name for evidence in block.evidence]
