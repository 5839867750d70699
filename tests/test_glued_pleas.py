"""Residue inside a kept block: sentences at its edges go, everything else stays, and spans stay right."""

import pytest

from cleaner import Label, clean, label

STORY = "The council voted on Tuesday, and the mayor said that nothing would change before spring."
PLEA = "Sign up for our daily newsletter here."
LATER = "It will be repaired from April on, by the firm that painted it twice in the last ten years."
AFTER = "The bridge was built in 1931 and has been closed to lorries since a crack was found in March."


@pytest.mark.parametrize(
    "text",
    [
        f"{STORY} {PLEA}",
        f"{PLEA} {STORY}",
        f"{STORY} {AFTER} {PLEA}",
        f"{STORY}\n\n{AFTER} {PLEA}\n\n{LATER}",
        f"{PLEA} {STORY} {PLEA}",
    ],
)
@pytest.mark.parametrize("html", [False, True])
def test_a_plea_at_an_edge_goes(text, html):
    wanted = " ".join(text.replace(PLEA, "").split())
    source = "".join(f"<p>{part}</p>" for part in text.split("\n\n")) if html else text
    assert " ".join(clean(source).split()) == wanted


@pytest.mark.parametrize(
    "text",
    [
        f"{STORY} {PLEA} {AFTER} {AFTER}\n\n{AFTER}",
        f'{STORY} "{PLEA}"',
        f'"{PLEA}" the sign read. {STORY}',
        f"{STORY} Read more about the bridge in our guide.",
        f"{STORY} Tell us in the comments what you think of it.",
        f"{STORY} The newsletter that the mayor sends on Fridays had announced it.",
    ],
    ids=["in the middle", "quoted", "quoted before", "pointer", "comments", "about one"],
)
def test_what_is_not_overwhelming_stays_with_its_block(text):
    assert clean(text) == text


def test_what_goes_is_a_block_of_its_own_with_its_evidence():
    source = f"{STORY}\n\n{AFTER} {PLEA}\n\n{STORY}"
    doc = label(source)
    [plea] = [block for block in doc.blocks if block.label is Label.SUBSCRIPTION]
    assert plea.text == PLEA
    assert plea.evidence[0].name == "subscription.newsletter"
    assert plea.score < 0.05
    assert all(source[slice(*block.span)] == block.text for block in doc.blocks)
    assert "".join(block.gap + block.text for block in doc.blocks) == source


def test_marks_stay_beside_their_words():
    page = f'<p>{STORY} <a href="/bridge">The bridge</a> is closed. <a href="/news">{PLEA}</a></p><p>{AFTER}</p>'
    blocks = label(page).blocks
    assert [[(b.text[m.start : m.end], m.href) for m in b.marks] for b in blocks] == [
        [("The bridge", "/bridge")],
        [(PLEA, "/news")],
        [],
    ]


def test_code_is_not_cut():
    page = f"<h1>How to</h1><p>{STORY}</p><pre>{STORY} {PLEA}</pre>"
    assert PLEA not in [block.text for block in label(page).blocks]


def test_scripts_without_spaces():
    story = "市議会は火曜日に新しい橋の建設計画を賛成多数で可決し、市長は春までに工事を始めると述べた。"
    plea = "ニュースレターに登録して最新情報を受け取ってください。"
    text = f"{story}\n\n{story}{plea}"
    assert clean(text).count(story) == 2


CHINESE = "市议会星期二以多数票通过了新桥的建设计划，市长表示将在春天之前开始施工。"
CHINESE_PLEA = "订阅我们的每日电邮新闻简报。"
JAPANESE = "市議会は火曜日に新しい橋の建設計画を賛成多数で可決し、市長は春までに工事を始めると述べた。"
JAPANESE_PLEA = "メールマガジンの登録はこちら。"


@pytest.mark.parametrize(
    "lang, story, plea", [("zh", CHINESE, CHINESE_PLEA), ("ja", JAPANESE, JAPANESE_PLEA)], ids=["zh", "ja"]
)
@pytest.mark.parametrize("plea_first", [False, True])
@pytest.mark.parametrize("html", [False, True])
def test_a_plea_without_spaces_between_its_words_goes(lang, story, plea, plea_first, html):
    """A line of such a script is one word to ``str.split``: nothing was long enough to be left."""
    block = plea + story if plea_first else story + plea
    source = f"<p>{block}</p>" if html else block
    assert clean(source, lang=lang) == story


def test_too_little_is_left_of_a_line_without_spaces():
    line = f"他说。{CHINESE_PLEA}"
    assert line in [block.text for block in label(f"{CHINESE}\n\n{line}\n\n{CHINESE}", lang="zh").blocks]


ADDRESS = "https://courier.example/letters/daily?from=the-end-of-a-story"


@pytest.mark.parametrize(
    "plea",
    [
        f"Sign up for our [daily newsletter]({ADDRESS}) here.",
        "Sign **up** for our *daily newsletter* here.",
        "**Sign up for our daily newsletter here.**",
        f"[Sign up for our daily newsletter here.]({ADDRESS})",
        f"_[Sign up]({ADDRESS}) for our daily newsletter here._",
    ],
)
@pytest.mark.parametrize("form", ["{story} {plea}", "{plea} {story}"])
def test_markdown_does_not_hide_a_plea(plea, form):
    assert clean(f"{form.format(story=STORY, plea=plea)}\n\n{AFTER}") == f"{STORY}\n\n{AFTER}"


@pytest.mark.parametrize(
    "line", [f"[{STORY}]({ADDRESS}) It rained.", f"**{STORY}** _It rained._", f"{STORY} It rained."]
)
def test_markdown_that_is_no_plea_stays(line):
    text = f"{AFTER}\n\n{line}\n\n{LATER}"
    assert clean(text) == text


def test_asterisks_of_a_page_are_text():
    page = f"<p>{STORY} *Sign up for our daily newsletter here.*</p><p>{AFTER}</p>"
    assert "*Sign up" in clean(page)


def test_cleaning_again_changes_nothing():
    once = clean(f"{STORY} {PLEA}\n\n{AFTER}")
    assert clean(once) == once


def test_what_is_a_plea_in_all_its_sentences_goes_whole():
    both = "We may earn a commission when you buy through our links. All products are independently selected by our editors."
    assert clean(f"{both}\n\n{STORY}\n\n{AFTER}") == f"{STORY}\n\n{AFTER}"
