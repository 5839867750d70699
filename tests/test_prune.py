"""``prune()``: a copy of the caller's tree without the residue, in BeautifulSoup and in lxml."""

import copy
import pickle
from itertools import cycle

import lxml.html
import pytest
from bs4 import BeautifulSoup
from helpers import ROOT, TYPICAL_PAGE
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cleaner import Cleaner, InputTooLarge, Pruned, label, prune

PAGES = sorted((ROOT / "fixtures" / "html").glob("*.html"))
STORY = [
    "The ferry to Skarn Island sailed on Monday, for the first time since the pier gave way two winters ago.",
    '"We had forgotten the sound of the horn," said Runa Tveit, who keeps the shop at the landing.',
    "The new pier is built on larch piles, and the council expects that they will last for sixty years.",
    "A second ferry is to sail in June, when the island has its fair and the hotel opens its doors again.",
]
LONG = f"{STORY[3]} {STORY[2]}"
PLEA = "Sign up for our daily newsletter."


def soup(html):
    return BeautifulSoup(html, "html.parser")


def soup_of_lxml(html):
    return BeautifulSoup(html, "lxml")


PARSERS = [soup, soup_of_lxml, lxml.html.fromstring]
each_parser = pytest.mark.parametrize("parse", PARSERS, ids=["html.parser", "bs4-lxml", "lxml.html"])


def html_of(tree):
    if isinstance(tree, etree._Element | etree._ElementTree):
        return etree.tostring(tree, encoding="unicode", method="html")
    return str(tree)


def solid(text):
    """The text without white space, which no tree says anything about."""
    return "".join(text.split())


def shown(tree):
    """The text that a tree has below its head, without white space, scripts and drawings."""
    tree = soup(html_of(tree))
    for element in tree.find_all(["head", "title", "svg", "script", "style", "iframe"]):
        element.decompose()
    return solid(tree.get_text())


def page(*content):
    return f"<html><head><title>The ferry returns</title></head><body>{''.join(content)}</body></html>"


def article(*content):
    return page("<article>", *content, "</article>")


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize("path, parse", list(zip(PAGES, cycle(PARSERS))), ids=[path.stem for path in PAGES])
def test_kept_blocks_and_nothing_else(path, parse):
    tree = parse(path.read_bytes())
    before = html_of(tree)
    pruned = prune(tree)
    assert html_of(tree) == before, "the caller's tree is not changed"
    assert type(pruned.tree) is type(tree)
    assert pruned.document == label(tree)
    if {"json_ld", "page_data"} & set(pruned.document.flags):
        assert not shown(pruned.tree), "the article is in the page's data and not in the tree"
        return
    kept = [solid(block.text) for block in pruned.document.kept]
    if path.stem == "page-inline-pieces":  # alternative texts of emoji and formulas are parts of its blocks
        kept = [text for text in kept if not {"φ", "🙂"} & set(text)]
    for text in kept:
        assert text in shown(pruned.tree)
    if path.stem != "page-inline-pieces":
        assert len(shown(pruned.tree)) <= len("".join(kept)), "nothing else is left"


@each_parser
def test_what_stays_is_intact(parse):
    first = (
        f'<p class="lead big" id="p1" data-x="1">{STORY[0]} <a href="/pier?a=1&amp;b=2" rel="nofollow">The <b>pier</b></a> '
        f'is open. <img src="/dot.png" width="8"></p>'
    )
    html = article(
        "<h1>The ferry returns</h1>",
        '<figure class="wide"><img src="/pier.jpg" alt="The pier" width="900"><figcaption>Photo: Odd Brekke</figcaption>'
        "</figure>",
        first,
        f"<p>{STORY[1]}</p>",
        f'<div class="newsletter"><p>{PLEA}</p><img src="/letter.jpg" width="300"><form><input name="mail"></form></div>',
        f"<p>{STORY[2]}</p>",
    )
    pruned = prune(parse(html))
    found = soup(html_of(pruned.tree))
    assert str(found.find(id="p1")) == str(soup(html_of(parse(first))).find(id="p1"))
    assert found.figure["class"] == ["wide"]
    assert [image["src"] for image in found.find_all("img")] == ["/pier.jpg", "/dot.png"]
    assert found.title.string == "The ferry returns", "the head stays"
    assert not found.find(class_="newsletter")
    assert not found.find("form")
    assert not found.find("figcaption")
    assert not pruned.document.images, "as of label()"


@each_parser
def test_paragraphs_between_line_breaks(parse):
    html = article(f"<div>{STORY[0]}<br><br>{STORY[1]}<br><br>{PLEA}<br><br>{STORY[2]}<br><br>READ MORE: Storm</div>")
    pruned = prune(parse(html))
    assert [block.text for block in pruned.document.kept] == STORY[:3]
    div = soup(html_of(pruned.tree)).div
    assert str(div).replace("/>", ">") == f"<div>{STORY[0]}<br><br>{STORY[1]}<br><br>{STORY[2]}</div>".replace(
        "&quot;", '"'
    )


@each_parser
def test_texts_that_only_a_removed_element_keeps_apart(parse):
    html = article(f"<div>{STORY[0]}<div class='newsletter'><p>{PLEA}</p></div>{STORY[1]}</div>", f"<p>{STORY[2]}</p>")
    pruned = prune(parse(html))
    assert [block.text for block in pruned.document.kept] == STORY[:3]
    assert [block.text for block in label(html_of(pruned.tree)).blocks] == STORY[:3]
    assert PLEA not in html_of(pruned.tree)


@each_parser
def test_a_plea_in_a_kept_paragraph(parse):
    html = article(
        paragraphs(STORY[0], STORY[1]), f'<p>{LONG} <em>Sign up for <a href="/n">our daily newsletter</a>.</em></p>'
    )
    pruned = prune(parse(html))
    assert pruned.document.kept[-1].text == LONG
    last = soup(html_of(pruned.tree)).find_all("p")[-1]
    assert (last.get_text().strip(), last.find(True)) == (LONG, None)


@each_parser
def test_a_plea_inside_of_a_text(parse):
    pruned = prune(parse(article(paragraphs(STORY[0], f"{LONG} {PLEA}", STORY[2]))))
    assert [block.text for block in pruned.document.kept] == [STORY[0], LONG, STORY[2]]
    assert [p.get_text() for p in soup(html_of(pruned.tree)).find_all("p")] == [STORY[0], LONG, STORY[2]]


@each_parser
def test_cells_of_a_row_stay_in_their_columns(parse):
    rows = [("Skarn", "two ferries a day", "in summer"), ("Norvale", "a ferry a week", "in winter")]
    table = "".join(f"<tr><td>{place}</td><td>{how_often}</td><td>{when}</td></tr>" for place, how_often, when in rows)
    tree = parse(article(paragraphs(*STORY), f"<table>{table}</table>", paragraphs(STORY[0])))
    pack = '[body.table]\nstrength = "always"\npatterns = ["^a ferry a|^Skarn$|Norvale|in (?:summer|winter)"]\n'
    pack += '[advert.cell]\nstrength = "always"\npatterns = ["^two ferries"]\n'
    from cleaner import rules

    pruned = Cleaner(packs=[rules.parse(pack, "own")]).prune(tree)
    found = [[cell.get_text() for cell in row.find_all("td")] for row in soup(html_of(pruned.tree)).find_all("tr")]
    assert found == [["Skarn", "", "in summer"], ["Norvale", "a ferry a week", "in winter"]]


@each_parser
def test_nothing_is_kept(parse):
    pruned = prune(parse(page('<nav><a href="/">Home</a> <a href="/news">News</a></nav><script>run()</script>')))
    assert (pruned.document.text, shown(pruned.tree)) == ("", "")
    assert "<nav" not in html_of(pruned.tree)
    assert soup(html_of(pruned.tree)).body is not None
    assert "run()" not in html_of(pruned.tree)


@each_parser
def test_the_policy_decides_what_stays(parse):
    tree = parse(TYPICAL_PAGE.read_bytes())
    captions = Cleaner(also_keep=["caption"]).prune(tree)
    (caption, *_) = [block.text for block in captions.document.blocks if block.label == "caption"]
    assert solid(caption) in shown(captions.tree)
    assert solid(caption) not in shown(prune(tree).tree)
    assert Cleaner(images=True).prune(tree).document == Cleaner(images=True).label(tree)


def test_parts_of_a_tree():
    html = page("<nav>Home</nav>", '<div id="a">', paragraphs(*STORY, PLEA), "</div>", "after")
    for tree in (soup(html).find(id="a"), lxml.html.fromstring(html).get_element_by_id("a")):
        pruned = prune(tree)
        assert [block.text for block in pruned.document.kept] == STORY
        assert [p.get_text() for p in soup(html_of(pruned.tree)).find_all("p")] == STORY
    assert pruned.tree.tail is None


def test_an_element_tree():
    tree = etree.ElementTree(lxml.html.fromstring(page(paragraphs(*STORY, PLEA))))
    pruned = prune(tree)
    assert isinstance(pruned.tree, etree._ElementTree)
    assert [p.text for p in pruned.tree.iter("p")] == STORY
    assert prune(etree.ElementTree()).document == label(etree.ElementTree())


def test_xhtml_with_its_namespace():
    tree = etree.fromstring(
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{paragraphs(*STORY, PLEA)}</body></html>'
    )
    assert [p.text for p in prune(tree).tree.iter("{*}p")] == STORY


def test_cdata_of_xhtml_are_texts():
    residue = "<p><![CDATA[Sign up for our daily newsletter.]]></p>"
    body = f"<p>Sixteen <![CDATA[buses & <cars> are diverted, the mayor said.]]></p>{residue}<p>{STORY[0]}</p>"
    tree = BeautifulSoup(f"<?xml version='1.0'?><html><body>{body}</body></html>", "html.parser")
    before = str(tree)
    pruned = prune(tree)
    assert [p.get_text() for p in pruned.tree.find_all("p")] == [block.text for block in pruned.document.kept]
    assert pruned.tree.p.get_text() == "Sixteen buses & <cars> are diverted, the mayor said."
    assert str(tree) == before


def test_comments_stay_and_do_not_count():
    tree = soup(article("<!-- before -->", paragraphs(*STORY[:2]), f"<!-- {PLEA} -->", paragraphs(STORY[2])))
    assert html_of(prune(tree).tree).count("<!--") == 2


def test_attributes_and_comments_that_imitate_the_numbers():
    evil = f'<p data-cleaner-leaf="0" DATA-CLEANER-LEAF="x">{PLEA}</p>'
    for tree in (soup(page(paragraphs(*STORY), evil)), lxml.html.fromstring(page(paragraphs(*STORY), evil))):
        pruned = prune(tree)
        assert shown(pruned.tree) == solid("".join(STORY))
    from bs4 import Comment

    tree = soup(page(paragraphs(*STORY)))
    tree.body.append(Comment('--><p data-cleaner-leaf="x">Share</p><p data-cleaner-leaf="99999999">this</p>'))
    assert solid("".join(STORY)) in shown(prune(tree).tree)


def test_control_characters():
    html = f"<html><body>{paragraphs(*STORY)}<div>a\x01b<b>c</b>d\x02e</div></body></html>"
    for parse in PARSERS:
        pruned = prune(parse(html))
        assert pruned.document == label(parse(html))


def test_other_sources():
    for source in (article(paragraphs(*STORY)), b"<p>", None, 5):
        with pytest.raises(TypeError, match="prune"):
            prune(source)
    with pytest.raises(InputTooLarge):
        Cleaner(max_size=10).prune(soup(page(paragraphs(*STORY))))


def test_a_parser_that_reads_the_numbered_page_in_another_way(monkeypatch):
    from cleaner.pruning import prune as steps

    def without_the_second_block(html):
        page = steps_trace(html)
        page.blocks[1].text = "something else"
        return page

    steps_trace = steps.trace
    monkeypatch.setattr(steps, "trace", without_the_second_block)
    pruned = prune(soup(article(paragraphs(STORY[0], PLEA, STORY[1], PLEA, STORY[2]))))
    assert [p.get_text() for p in pruned.tree.find_all("p")] == [STORY[0], PLEA, STORY[1], STORY[2]]


def test_strings_side_by_side():
    tree = soup("<pre></pre>")
    tree.pre.append(" ")
    tree.pre.append(STORY[0])
    assert solid(prune(tree).document.text) == shown_flat(prune(tree).tree)


def test_deep_trees():
    tree = BeautifulSoup("", "html.parser")
    at = tree
    for _ in range(3_000):
        at.append(tree.new_tag("div"))
        at = at.div
    at.append(soup(paragraphs(*STORY, PLEA)))
    pruned = prune(tree)
    assert pruned.document == label(tree)
    assert shown_flat(pruned.tree) == solid("".join(block.text for block in pruned.document.kept))


def shown_flat(tree):
    return solid("".join(str(text) for text in tree.find_all(string=True)))


def test_the_result_is_a_value():
    pruned = prune(lxml.html.fromstring(article(paragraphs(*STORY))))
    assert isinstance(pruned, Pruned)
    assert pickle.loads(pickle.dumps(prune(soup(article(paragraphs(*STORY)))).document)) == pruned.document


# -- any tree ----------------------------------------------------------------------------------------------------------

PIECES = [*STORY, PLEA, "Photo: Odd Brekke / Nordlys Foto", "Share this", "READ MORE: Storm", " ", "\n"]
TAGS = [
    "p",
    "div",
    "span",
    "b",
    "a",
    "li",
    "ul",
    "table",
    "tr",
    "td",
    "br",
    "img",
    "figure",
    "h2",
    "blockquote",
    "pre",
    "head",
]
trees = st.recursive(
    st.sampled_from(PIECES),
    lambda inner: st.tuples(
        st.sampled_from(TAGS), st.sampled_from(["", "newsletter", "caption", "story"]), st.lists(inner, max_size=5)
    ),
    max_leaves=25,
)


def built(tree, description, parent):
    for child in description:
        if isinstance(child, str):
            parent.append(child)
            continue
        tag, name, inner = child
        element = tree.new_tag(tag, attrs={"class": name, "src": f"/{name}.jpg"})
        parent.append(element)
        if tag not in ("br", "img"):
            built(tree, inner, element)


@given(st.lists(trees, max_size=8))
def test_any_tree(description):
    """Whatever a tree looks like, even where no parser would build it: kept texts stay, and all else is the caller's."""
    tree = BeautifulSoup("", "html.parser")
    built(tree, description, tree)
    before = copy.copy(tree)
    pruned = prune(tree)
    assert str(tree) == str(before)
    assert pruned.document == label(tree)
    left, kept = shown_flat(pruned.tree), [solid(block.text) for block in pruned.document.kept]
    for piece in filter(
        None, map(solid, PIECES)
    ):  # a browser moves texts out of tables: blocks may join what lies apart
        assert left.count(piece) >= sum(text.count(piece) for text in kept)
    theirs = {str(element.attrs) for element in tree.find_all(True)}
    assert {str(element.attrs) for element in pruned.tree.find_all(True)} <= theirs


@each_parser
@pytest.mark.parametrize(
    "line",
    [
        "<q>“The sea is wide today”, and the horn is loud,</q> said Runa Tveit, who keeps the shop at the landing.",
        "<q>The sea is wide today, and the pier is long,</q> said Runa Tveit, who keeps the shop at the landing.",
        "<math><msqrt><mi>x</mi><mn>2</mn></msqrt></math> is the length of the pier, as the harbour office says on Monday.",
    ],
)
def test_a_sign_that_stands_in_no_text_keeps_nothing_else(parse, line):
    pruned = prune(parse(article(paragraphs(*STORY[:3]), f"<p>{PLEA}</p>", f"<p>{line}</p>", paragraphs(STORY[3]))))
    assert [block.text for block in pruned.document.removed] == [PLEA]
    assert solid(soup(line).get_text()) in shown(pruned.tree)
    assert solid(PLEA) not in shown(pruned.tree)
