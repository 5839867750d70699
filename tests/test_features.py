"""Blocks become columns: the values of single columns, and that all of them are documented."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Evidence, Label
from cleaner.features import columns, hashing, profile, text_lines
from cleaner.features.ancestors import MAX_LEVELS, AncestorTable
from cleaner.features.classnames import ClassNames
from cleaner.features.containers import Groups
from cleaner.features.context import last_index, next_index, shifted, window_sums
from cleaner.features.hashing import Lexicon, Lexicons
from cleaner.features.page_features import PageFeatures, compute_features
from cleaner.features.profile import PAGE_TYPES
from cleaner.model.weights import PRIOR, in_doubt, prior
from cleaner.segment import html, text
from cleaner.segment.page import Style
from cleaner.segment.prose import find_prose
from cleaner.text.arrays import matrix
from cleaner.text.codepoints import codes_of
from cleaner.text.hashes import HashSet, TextHashes

PROSE = "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago."
OTHER = "Passengers stood on the new pier in the rain, and nobody of them had brought an umbrella to the landing."
PAGE = f"""<html><head><title>Ferry to Skarn Island returns</title><meta name="author" content="Mads Holm"></head><body>
<nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<article class="story"><h1>Ferry to Skarn Island returns</h1><p class="by">Mads Holm</p>
<p class="lead">{PROSE}</p><p>{OTHER}</p><h2>Fares</h2><p>{PROSE}</p></article>
<footer class="foot"><p>© 2026 Skarn Courier</p></footer></body></html>"""


PAGES = sorted((Path(__file__).parents[1] / "fixtures" / "html").glob("*.html"))

UNIFORM = np.full(len(PAGE_TYPES), 1 / len(PAGE_TYPES))


def features(source: str = PAGE, lexicons: Lexicons | None = None) -> PageFeatures:
    page = html.segment(source)
    return compute_features(page, find_prose(page.blocks), lexicons or Lexicons()).with_page_types(UNIFORM)


def column(name: str, source: str = PAGE) -> list[float]:
    return features(source).first_stage[name].round(3).tolist()


def second(made: PageFeatures) -> dict[str, np.ndarray]:
    n = len(made.page.blocks)
    return made.second_stage(np.linspace(-4, 4, n).astype(np.float32), np.arange(n), [[]] * n)


def test_every_column_is_documented_and_every_documented_column_is_there():
    made = features()
    assert made.first_stage.keys() == columns.FIRST.keys()
    assert second(made).keys() == columns.FIRST.keys() | columns.SECOND.keys()
    assert all(len(about) > 3 for about in (*columns.FIRST.values(), *columns.SECOND.values()))


def test_every_column_of_a_text_is_documented_and_every_documented_column_is_there():
    page = text.segment(f"Ferry returns\n\n{PROSE}\n\n- one\n- two\n\nShare this")
    found = text_lines.columns(page, find_prose(page.blocks), [[]] * len(page.blocks))
    assert found.keys() == columns.TEXT.keys()
    for name, values in found.items():
        assert values.dtype == np.float32, name
        assert values.shape == (len(page.blocks),), name
        assert np.isfinite(values).all(), name
    assert found["words_+1"].tolist() == [20, 1, 1, 2, -1]
    assert found["blocks_since_closed"].tolist() == [50, 50, 1, 2, 3]


def test_evidence_about_a_text_is_counted():
    page = text.segment(f"{PROSE}\n\nShare this")
    said = [Evidence("share.bar", Label.SHARE, 4.0), Evidence("other.heading", Label.OTHER, 2.0)]
    found = text_lines.columns(page, find_prose(page.blocks), [[Evidence("body.quote", Label.BODY, 3.0)], said])
    assert found["rule_number"].tolist() == [0, 2]
    assert found["rule_share"].tolist() == [0, 4]
    assert found["page_rules"].tolist() == [0.5, 0.5]
    assert prior(found).tolist() == pytest.approx([PRIOR + 3, PRIOR - 4])


def test_columns_are_finite_float32_with_an_entry_a_block():
    made = features()
    for name, values in second(made).items():
        assert values.dtype == np.float32, name
        assert values.shape == (len(made.page.blocks),), name
        assert np.isfinite(values).all(), name


@pytest.mark.parametrize(
    "source", ["<p>one</p>", "<a>x</a>", "text alone", "<p>今日は雨です</p>", "<div>" * 300 + "deep"]
)
def test_pages_of_a_single_block(source):
    made = features(source)
    assert all(np.isfinite(values).all() for values in second(made).values())
    assert np.isfinite(made.profile).all()
    assert len(made.profile) == len(profile.NAMES)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("words", [1, 1, 5, 2, 20, 20, 1, 20, 4]),
        ("prose", [0, 0, 0, 0, 1, 1, 0, 1, 0]),
        ("heading", [0, 0, 1, 0, 0, 0, 2, 0, 0]),
        ("item", [1, 1, 0, 0, 0, 0, 0, 0, 0]),
        ("link_share", [1, 1, 0, 0, 0, 0, 0, 0, 0]),
        ("in_nav", [1, 1, 0, 0, 0, 0, 0, 0, 0]),
        ("in_article", [0, 0, 1, 1, 1, 1, 1, 1, 0]),
        ("title_in", [0, 0, 1, 0, 0.8, 0.2, 0, 0.8, 0.2]),
        ("in_author", [0, 0, 0, 1, 0, 0, 0, 0, 0]),
        ("before_same", [0, 0, 0, 0, 0, 0, 0, 1, 0]),
        ("times", [1, 1, 1, 1, 2, 1, 1, 2, 1]),
        ("since_first_prose", [-4, -3, -2, -1, 0, 1, 2, 3, 4]),
        ("blocks_since_heading", [50, 50, 50, 1, 2, 3, 4, 1, 2]),
        ("heading_level", [0, 0, 1, 1, 1, 1, 2, 2, 2]),
        ("standfirst", [0, 0, 0, 0, 1, 0, 0, 0, 0]),
        ("alike_1", [1, 1, 1, 1, 1, 2, 1, 2, 1]),
    ],
)
def test_what_columns_say(name, values):
    assert column(name) == pytest.approx(values, abs=0.001)


def test_the_article_holds_all_of_the_prose():
    assert column("prose_share_2")[4:6] == [1, 1]
    assert column("branch_prose_share")[0] == 0


def test_style_groups_share_the_prose():
    share = column("place_prose_share")
    assert share[5] == share[7] > share[4] > 0


def test_node_scores_add_up_around_a_block():
    known = Lexicon.of_words({".story": 2.0, "story": 0.5, ".lead": 1.0, "<nav>": -3.0})
    made = features(lexicons=Lexicons(class_names=known))
    total = made.first_stage["node_score_sum"]
    assert total[0] == -3
    assert total[4] == 3.5
    assert made.first_stage["node_score_max"][5] == 2.5
    assert made.first_stage["node_score_1"][4] == 1.0


def test_styles_are_known_by_tag_names_and_words_in_them():
    known = Lexicon.of_words({"<p>": 1.0, ".c-lead__text": 2.0, "lead": 4.0, "text": 8.0})
    styles = [Style("<p> .c-lead__text"), Style("<p>"), Style("<lead> #lead-2"), Style("<text>")]
    assert ClassNames(styles).score(known).tolist() == [15, 1, 4, 0]


def test_standfirsts_have_names_of_one_word_or_two():
    styles = [Style.of("p", [name]) for name in (".dek", ".c-sub_title", ".sub", ".title", "#leaderboard", ".x-lead-2")]
    assert ClassNames(styles).standfirst().tolist() == [1, 1, 0, 0, 0, 1]
    assert ClassNames([Style("<p> .sub .title")]).standfirst().tolist() == [0]


def test_text_scores_count_words_first_words_and_pairs():
    sign, up, now = map(hashing.hash_word, ("sign", "up", "now"))
    tokens = np.concatenate([up, hashing.hash_first(sign), hashing.hash_pair(sign, up), now])
    lexicon = Lexicon.make(tokens, np.array([1, 2, 4, 16], np.float32))
    made = features("<p>Sign up now</p>", Lexicons(words=lexicon))
    # BlockWords: sign, up, now; the first, sign; "sign up", "up now".
    assert made.first_stage["text_score"][0] == pytest.approx(23 / 6**0.5)
    long = features(f"<p>Sign up {'on ' * 10}</p>", Lexicons(words=lexicon))
    assert long.first_stage["text_score"][0] == pytest.approx(3 / 13**0.5)


def test_words_of_scripts_without_spaces_are_pairs_of_characters():
    words, text = hashing.words(["今日は雨", "Tokyo 東京 2020東京"])
    known = {int(hashing.hash_word(word)[0]): word for word in "今日 日は は雨 tokyo 東京 20 02 0東".split()}
    assert [known[word] for word in words.tolist()] == "今日 日は は雨 tokyo 東京 20 02 20 0東 東京".split()
    assert text.tolist() == [0] * 3 + [1] * 7


def test_words_are_what_regular_expressions_take_for_words():
    texts = ["Tuesday's vote_2, ÉCOLE", "", "— … !", "Straße 10:30 x"]
    words, text = hashing.words(texts)
    found = [(word, at) for at, each in enumerate(texts) for word in re.findall(r"\w+", each.lower())]
    assert words.tolist() == [int(hashing.hash_word(word)[0]) for word, _ in found]
    assert text.tolist() == [at for _, at in found]


@given(st.lists(st.text(), max_size=5))
def test_any_text_has_words(texts):
    words, text = hashing.words([" ".join(each.split()) for each in texts])
    assert len(words) == len(text)
    assert (np.diff(text) >= 0).all()
    assert set(text.tolist()) <= set(range(len(texts)))


def test_words_that_differ_in_anything_have_other_hashes():
    words = [f"{a}{b}{c}" for a in "abcdefghij" for b in "klmnopqrst" for c in ("", "a", "ab", "ba", "x" * 70)]
    assert len({int(hashing.hash_word(word)[0]) for word in words}) == len(words)


@given(st.text(max_size=90), st.integers(0, 90), st.integers(0, 90))
def test_a_hash_of_a_part_of_a_text_is_that_of_the_part_alone(whole, start, end):
    start, end = sorted((min(start, len(whole)), min(end, len(whole))))
    hashes = TextHashes(codes_of(whole))
    assert hashes.between(np.array([start]), np.array([end])).tolist() == hashing.hash_word(whole[start:end]).tolist()


def test_a_hash_is_a_sum_of_characters_times_powers_of_a_factor():
    word = "x" * hashing.MAX_CHARACTERS + "yz"
    powers = [min(at + 1, hashing.MAX_CHARACTERS) for at in range(len(word))]
    total = sum(ord(char) * pow(hashing.FACTOR, power, 2**64) for char, power in zip(word, powers, strict=True))
    assert hashing.hash_word(word).tolist() == [total % 2**64 >> 32]


@given(st.text(max_size=30), st.lists(st.integers(1, 8)), st.integers(0, 30), st.integers(0, 30))
def test_the_hashes_of_all_parts_of_some_lengths_are_those_of_the_parts(text, lengths, start, stop):
    start, stop = sorted((min(start, len(text)), min(stop, len(text))))
    hashes = TextHashes(codes_of(text))
    found = hashes.long_of_lengths(lengths, start, stop)
    for row, length in zip(found, lengths, strict=True):
        starts = np.arange(start, max(min(stop, len(text) - length + 1), start))
        beyond = [0] * (stop - start - len(starts))
        assert row.tolist() == [*hashes.long_between(starts, starts + length).tolist(), *beyond]


def test_a_set_of_hashes_finds_its_own():
    known = HashSet(np.array([9, 5, 9, 5 + (1 << 31)], np.uint32))
    at, place = known.find(np.array([5, 6, 9, 7 + (1 << 31), 5], np.uint32))  # the fourth one passes the bitmap
    assert (at.tolist(), known.hashes[place].tolist()) == ([0, 2, 4], [5, 9, 5])
    assert HashSet(np.zeros(0, np.uint32)).find(np.array([5, 0], np.uint32))[0].tolist() == []


def test_a_lexicon_knows_its_words_alone():
    lexicon = Lexicon.of_words({"up": 1.5, "now": -2.0})
    assert lexicon.weights_of(np.concatenate([*map(hashing.hash_word, ("now", "new", "up"))])).tolist() == [-2, 0, 1.5]
    with pytest.raises(ValueError, match="share a slot"):
        Lexicon.make(np.array([1, 2], np.uint32), np.ones(2, np.float32))


def test_the_ancestor_table_has_the_elements_around_each_block():
    page = html.segment("<div id=a><p>one</p><section><p>two</p></section></div>")
    ancestors = AncestorTable(page)
    of_blocks = ancestors.table.T.tolist()
    tags = [[page.elements.tag(at) for at in around if at != ancestors.no_element][:3] for around in of_blocks]
    assert tags == [["p", "div", "body"], ["p", "section", "div"]]
    div = page.elements.parent[page.blocks[0].node]
    assert ancestors.n_blocks_below[div] == 2
    assert ancestors.at_levels(1, 3)[:, 0].tolist() == [div, page.elements.parent[div]]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_blocks_below_an_element_follow_each_other(path):
    """Sums over the blocks below an element are differences of sums over the page."""
    page = html.segment(path.read_text("utf-8"))
    ancestors = AncestorTable(page)
    n = len(page.blocks)
    values = np.stack([np.arange(n), np.arange(n) ** 2])
    sums = np.zeros((2, ancestors.no_element + 1))
    for at, around in enumerate(ancestors.table.T):
        elements = [element for element in around.tolist() if element != ancestors.no_element]
        sums[:, elements] += values[:, [at]]
        assert all(ancestors.holds(element)[at] for element in elements)
    assert ancestors.sums_over_descendants(values).tolist() == sums.tolist()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_styles_look_alike_by_hashes_where_they_do_by_names(path):
    styles = html.segment(path.read_text("utf-8")).elements.styles
    by_names, by_hashes = [style.look for style in styles], ClassNames(styles).looks().tolist()
    assert len({*zip(by_names, by_hashes, strict=True)}) == len({*by_names}) == len({*by_hashes})


def test_the_ancestor_table_of_a_deep_page_is_cut_off():
    page = html.segment("<div>" * 390 + "<p>deep</p>")
    assert AncestorTable(page).table.shape == (MAX_LEVELS, 1)


def test_a_matrix_has_the_columns_in_the_order_asked_for():
    made = features().first_stage
    assert matrix(made, ["words", "heading"]).tolist() == matrix(made, ["heading", "words"])[:, ::-1].tolist()


def test_blocks_between_the_two_bounds_are_in_doubt():
    doubtful = in_doubt(np.array([-9, -9, 0, -9, -9, 9, 1], np.float32))
    assert doubtful.tolist() == [False, False, True, False, False, False, True]


def test_evidence_is_that_of_the_doubtful_blocks_in_order():
    made = features()
    n = len(made.page.blocks)
    evidence = [[Evidence("byline.name", Label.BYLINE, 4.0)], [Evidence("share.bar", Label.SHARE, 2.0)]]
    found = made.second_stage(np.zeros(n, np.float32), np.array([3, 8]), evidence)
    assert found["rule_residue"].tolist() == [0, 0, 0, 4, 0, 0, 0, 0, 2]
    assert found["rule_byline"].tolist() == [0, 0, 0, 4, 0, 0, 0, 0, 0]
    assert found["rule_residue_+1"].tolist() == [0, 0, 4, 0, 0, 0, 0, 2, 0]


def test_page_types_enter_the_columns_of_new_features_and_change_nothing():
    page = html.segment(PAGE)
    before = compute_features(page, find_prose(page.blocks), Lexicons())
    names = set(before.first_stage)
    after = before.with_page_types(np.eye(len(PAGE_TYPES))[2])
    assert set(before.first_stage) == names
    assert (before.page_types, before.page_type, after.page_type) == (None, "", PAGE_TYPES[2])
    assert set(after.first_stage) - names == {f"type_{name}" for name in PAGE_TYPES}
    assert set(after.first_stage[f"type_{PAGE_TYPES[2]}"].tolist()) == {1}
    assert set(after.with_page_types(UNIFORM).first_stage[f"type_{PAGE_TYPES[2]}"].tolist()) != {1}


def test_neighbours_and_windows_end_at_the_page():
    values = np.array([1, 2, 4], np.float32)
    assert {name: column.tolist() for name, column in shifted("x", values, 2, fill=-1).items()} == {
        "x_-2": [-1, -1, 1],
        "x_-1": [-1, 1, 2],
        "x_+1": [2, 4, -1],
        "x_+2": [4, -1, -1],
    }
    wide, narrow = window_sums(np.array([values, 2 * values]), (5, 1))
    assert wide.tolist() == [[7] * 3, [14] * 3]
    assert narrow.tolist() == [[3, 7, 6], [6, 14, 12]]


def test_groups_of_several_kinds_are_summed_up_together():
    groups = Groups({"even": np.array([0, 1, 0]), "all": np.array([0, 0, 0])})
    assert groups.size.tolist() == [[2, 1, 2], [3, 3, 3]]
    sums = groups.sums(np.array([[1, 2, 4], [1, 1, 1]]))
    assert sums.tolist() == [[[5, 2, 5], [7, 7, 7]], [[2, 1, 2], [3, 3, 3]]]
    assert groups.columns(["words"], sums[:1])["all_words"].tolist() == [7, 7, 7]


@given(st.lists(st.booleans(), min_size=1, max_size=20))
def test_last_and_next_index(flags):
    last, following = last_index(np.array(flags)).tolist(), next_index(np.array(flags)).tolist()
    for at in range(len(flags)):
        assert last[at] == max((k for k in range(at + 1) if flags[k]), default=-1)
        assert following[at] == min((k for k in range(at, len(flags)) if flags[k]), default=len(flags))
