"""Rules of a user's own packs: what ``always`` decides, and that a rule does the same in HTML as in text."""

import threading

import numpy as np
import pytest

from cleaner import Cleaner, Document, Label, rules
from cleaner.rules import matcher
from cleaner.rules.select import packs_for_site

STORY = (
    "The harbour council met on Tuesday to discuss the new breakwater that engineers had proposed for the northern bay.",
    "Residents who spoke at the meeting were divided over a plan that would close the old pier for at least two winters.",
    "The vote was put off until the autumn, when a second study of the currents around the island is to be published.",
    "Work on the eastern wall, which was built in 1968, could begin next spring if the county agrees to pay for it.",
)
LINE = "The mayor of Ostra praised the engineers and promised a second hearing before the end of the summer."


def page(*paragraphs: str) -> str:
    return (
        '<html lang="en"><head><title>Ostra puts off vote</title></head><body><nav><ul><li><a href="/">Home</a></li>'
        '<li><a href="/news">News</a></li></ul></nav><article><h1>Ostra puts off vote</h1>'
        + "".join(text if text.startswith("<") else f"<p>{text}</p>" for text in paragraphs)
        + "</article><footer><p>© 2026 Ostra Courier</p></footer></body></html>"
    )


def source(kind: str, *paragraphs: str) -> str:
    return page(*paragraphs) if kind == "html" else "\n\n".join(("Ostra puts off vote", *paragraphs))


def labelled(source: str, pack: str, **options) -> Document:
    return Cleaner(packs=[rules.parse(pack, "own.toml")], **options).label(source)


def label_of(doc: Document, text: str) -> Label:
    (found,) = [block.label for block in doc.blocks if block.text.startswith(text)]
    return found


KINDS = pytest.mark.parametrize("kind", ["html", "text"])


# -- always ------------------------------------------------------------------------------------------


@KINDS
def test_always_drops_a_paragraph_of_the_article(kind):
    doc = labelled(source(kind, *STORY[:2], LINE, *STORY[2:]), "[notice.x]\nstrength='always'\npatterns=['^The mayor']")
    assert label_of(doc, "The mayor") is Label.NOTICE
    assert LINE not in doc.text


@KINDS
def test_always_keeps_residue(kind):
    plea = "Sign up for our daily newsletter."
    doc = labelled(source(kind, *STORY, plea), "[body.x]\nstrength='always'\npatterns=['^Sign up']")
    assert label_of(doc, plea) is Label.BODY
    assert doc.text.endswith(plea)


@KINDS
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_that_disagree_body_wins(kind, order):
    tables = [
        "[body.x]\nstrength='always'\npatterns=['^The mayor']",
        "[share.y]\nstrength='always'\npatterns=['mayor']",
    ]
    doc = labelled(source(kind, *STORY, LINE), "\n".join(tables[::order]))
    assert label_of(doc, "The mayor") is Label.BODY


def test_a_heading_above_kept_text_goes():
    heading = '<h2 class="drop-me">What happens next</h2>'
    pack = "[navigation.x]\nstrength='always'\nselectors=[{ class = 'drop-me' }]"
    doc = labelled(page(*STORY[:2], heading, *STORY[2:]), pack)
    assert label_of(doc, "What happens") is Label.NAVIGATION


def test_a_last_heading_without_text_below_stays():
    doc = labelled(page(*STORY, "<h2>The end of it</h2>"), "[body.y]\nstrength='always'\npatterns=['^The end']")
    assert label_of(doc, "The end") is Label.BODY
    assert doc.text.endswith("The end of it")


def test_a_headline_of_a_text_goes_and_one_stays_body():
    text = source("text", *STORY)
    doc = labelled(text, "[notice.x]\nstrength='always'\npatterns=['^Ostra puts off']")
    assert label_of(doc, "Ostra") is Label.NOTICE
    doc = labelled(text, "[body.x]\nstrength='always'\npatterns=['^Ostra puts off']", keep=["body"])
    assert doc.text == text


def test_a_name_beside_a_date_stays_body():
    text = "\n\n".join(["Ostra puts off vote", "Mads Holm", "3 March 2026", *STORY])
    assert label_of(Cleaner().label(text), "Mads Holm") is Label.BYLINE
    doc = labelled(text, "[body.x]\nstrength='always'\npatterns=['^Mads Holm$']")
    assert label_of(doc, "Mads Holm") is Label.BODY


@KINDS
def test_the_guards_do_not_bring_back_what_goes(kind):
    doc = labelled(source(kind, *STORY), "[other.x]\nstrength='always'\npatterns=['[a-z]']")
    assert doc.text == ""


@KINDS
@pytest.mark.parametrize("code", ["--quiet prints nothing but errors", "pre"])
def test_always_reads_code(kind, code):
    if code == "pre":
        code = "<pre>make install</pre>" if kind == "html" else "```\nmake install\n```"
    pack = "[other.x]\nstrength='always'\npatterns=['install|--quiet']"
    doc = labelled(source(kind, *STORY[:2], code, *STORY[2:]), pack)
    (block,) = [block for block in doc.blocks if "install" in block.text or "--quiet" in block.text]
    assert block.label is Label.OTHER


def test_a_plea_at_the_end_of_a_kept_block_stays_with_it():
    paragraph = f"{STORY[0]} Sign up for our daily newsletter here."
    assert paragraph not in [block.text for block in Cleaner().label(source("text", paragraph, *STORY)).blocks]
    doc = labelled(source("text", paragraph, *STORY), "[body.x]\nstrength='always'\npatterns=['^The harbour council']")
    assert paragraph in [block.text for block in doc.kept]


def test_always_holds_for_a_page_without_a_body():
    shell = "<html><head><title>Ostra</title></head><body><p>Loading</p><p>Please wait</p></body></html>"
    assert Cleaner().clean(shell) == ""
    assert labelled(shell, "[body.x]\nstrength='always'\npatterns=['^Loading']").text == "Loading"


# -- other strengths ---------------------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize("strength, stays", [("certain", False), ("strong", False), ("hint", True)])
def test_a_rule_counts_the_same_in_html_and_text(kind, strength, stays):
    """Also on a block of which the model is sure."""
    pack = f"[notice.x]\nstrength='{strength}'\npatterns=['^The mayor of Ostra']"
    text = source(kind, *STORY[:2], LINE, *STORY[2:])
    (before,) = [block for block in Cleaner().label(text).blocks if block.text == LINE]
    assert before.score > 0.7
    (block,) = [block for block in labelled(text, pack).blocks if block.text == LINE]
    assert (block.label is Label.BODY) is stays
    assert block.score < before.score


@KINDS
def test_a_body_rule_keeps_what_the_librarys_rules_drop(kind):
    plea = "Sign up for our daily newsletter."
    assert plea not in Cleaner().clean(source(kind, *STORY, plea))
    doc = labelled(source(kind, *STORY, plea), "[body.x]\nstrength='certain'\npatterns=['^Sign up for our daily']")
    assert plea in doc.text


@KINDS
def test_a_body_rule_makes_no_block_less_sure(kind):
    text = source(kind, *STORY[:2], LINE, *STORY[2:])
    (before,) = [block for block in Cleaner().label(text).blocks if block.text == LINE]
    doc = labelled(text, "[body.x]\nstrength='hint'\npatterns=['^The mayor of Ostra']")
    (block,) = [block for block in doc.blocks if block.text == LINE]
    assert block.score > before.score


def test_a_pack_that_matches_nothing_changes_nothing():
    standfirst = '<div class="byline"><p>Engineers want a wall of stone in the northern bay</p></div>'
    html = page(standfirst, *STORY).replace(
        "<body>", '<meta name="description" content="Engineers want a wall of stone in the northern bay"><body>'
    )
    alone = Cleaner().label(html)
    assert label_of(alone, "Engineers want") is Label.BODY
    assert labelled(html, "[other.x]\npatterns = ['^no block begins so$']").blocks == alone.blocks


@KINDS
@pytest.mark.parametrize("strength", ["hint", "strong", "certain"])
def test_the_name_of_the_file_does_not_matter(kind, strength):
    """The library's evidence of the same concept is kept beside that of the user's rule, and counts as without it."""
    plea = "Sign up for our daily newsletter."
    pack = f"[subscription.newsletter]\nstrength = '{strength}'\npatterns = ['^Sign up']"
    text = source(kind, *STORY, plea)
    documents = [Cleaner(packs=[rules.parse(pack, f"{name}.toml")]).label(text) for name in ("aa", "zz")]
    blocks = [next(block for block in doc.blocks if block.text == plea) for doc in documents]
    assert blocks[0].score == blocks[1].score
    origins = [[e.rule.partition(":")[0] for e in b.evidence if e.name == "subscription.newsletter"] for b in blocks]
    assert [sorted(each) for each in origins] == [["aa", "en"], ["en", "zz"]]
    (without,) = [block for block in Cleaner().label(text).blocks if block.text == plea]
    assert all(block.score <= without.score for block in blocks), "a rule for residue makes no residue more likely body"


@pytest.mark.parametrize("strength, stays", [("strong", True), ("always", False)])
def test_what_decides_is_not_split_off_with_a_plea(strength, stays):
    """The library would keep the paragraph without its plea; the user's rule is about all of it."""
    paragraph = f"{STORY[0]} Sign up for our daily newsletter here."
    pack = f"[subscription.newsletter]\nstrength = '{strength}'\npatterns = ['newsletter here']"
    assert (STORY[0] in labelled(source("text", *STORY[1:], paragraph), pack).text) is stays


def test_a_pack_of_a_site_does_not_hold_for_an_address_that_is_none():
    pack = rules.parse("hosts = ['courier.example']\n[other.x]\nlines = ['The pier']\n", "own.toml")
    held = [packs_for_site([pack], url) for url in ("https://courier.example/1", "courier.example", "https://[", "")]
    assert held == [(pack,), (pack,), (), ()]


def test_evidence_comes_from_the_rule_and_not_from_its_words():
    """A quotation that begins like an inherited one or an element is the block's own words."""
    pack = "[notice.x]\nstrength='certain'\nlines=['under construction']\n[navigation.y]\npatterns=['construction$']"
    for line in ("under construction", "Under construction"):
        assert label_of(labelled(source("text", *STORY, line), pack), line) is Label.NOTICE


# -- flags -------------------------------------------------------------------------------------------


def test_a_pattern_that_runs_out_of_time_is_a_flag(monkeypatch):
    monkeypatch.setattr(matcher, "PATTERN_SECONDS", -1.0)
    doc = labelled(source("text", *STORY), "[notice.x]\npatterns=['harbour']")
    assert doc.flags == ("slow_rule:own:notice.x[1]",)


# -- threads -----------------------------------------------------------------------------------------


def test_the_same_beside_busy_threads():
    cleaner = Cleaner(
        packs=[rules.parse("[notice.x]\npatterns=['(?:[a-z]{1,20}[ ,.]{1,3}){0,20}promised']", "own.toml")]
    )
    text = source("text", *STORY, LINE) * 20
    alone = cleaner.label(text)
    stop = threading.Event()

    def work():
        while not stop.is_set():
            np.ones((300, 300)) @ np.ones((300, 300))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    beside = [cleaner.label(text) for _ in range(3)]
    stop.set()
    for thread in threads:
        thread.join()
    assert alone.flags == ()
    assert beside == [alone] * 3
