"""The article's own pictures: which they are, and how Markdown and HTML show them."""

import json

import pytest
from helpers import count_calls

from cleaner import Block, Cleaner, Document, Image, Label, label
from cleaner.cli.main import main
from cleaner.segment import segment
from cleaner.segment.images import MAX_IMAGES, MAX_SRCSET

ADDRESS = "https://courier.example/news/ferry"
PARAGRAPHS = (
    "The ferry to Skarn Island sailed on Monday for the first time since the pier gave way two winters ago.",
    '"We had forgotten the sound of the horn," said Runa Tveit, who keeps the shop at the landing.',
    "The mayor of Skarn praised the engineers and promised a second hearing before the end of the summer.",
    "Forty passengers were on board, and most of them stood at the rail until the church came into sight.",
)
CAPTION = "<figcaption>Passengers at the new pier. Photo: Odd Brekke / Nordlys Foto</figcaption>"


def page(middle: str = "", *, above: str = "", below: str = "", outside: str = "") -> str:
    """A page; ``middle`` stands between its paragraphs, ``above`` and ``below`` at the ends of its article."""
    one, two, *rest = (f"<p>{text}</p>" for text in PARAGRAPHS)
    return (
        '<html lang="en"><head><title>Ferry to Skarn Island returns | Skarn Courier</title></head><body>'
        '<header><a href="/"><img src="/paper.png"></a><nav><a href="/">Home</a> <a href="/news">News</a></nav></header>'
        f'<article><h1>Ferry to Skarn Island returns</h1><p class="byline">By Mads Holm</p>{above}'
        f'{one}{two}{middle}{"".join(rest)}{below}</article>{outside}<footer>© 2026 Skarn Courier<img src="/f.png"></footer>'
        "</body></html>"
    )


def pictures(source: str, url: str | None = None) -> list[str]:
    """The addresses of the pictures of a page in its HTML output, which are those of its Markdown."""
    doc = Cleaner(images=True).label(source, url=url)
    plain = label(source, url=url)
    assert doc.text == plain.text
    assert doc.blocks == plain.blocks
    assert Document.from_dict(json.loads(json.dumps(doc.to_dict()))) == doc
    found = [part.split('"')[0] for part in doc.to_html().split(' src="')[1:]]
    assert doc.to_markdown().count("![") == len(found)
    return [address.replace("&amp;", "&") for address in found]


def test_without_the_option_there_are_none():
    source = page('<figure><img src="pier.jpg"></figure>')
    doc = label(source)
    assert doc.images == ()
    assert "images" not in doc.to_dict()
    assert "pier.jpg" not in doc.to_html() + doc.to_markdown()
    assert segment(source, "html").images == []


def test_pictures_stand_where_they_stood():
    source = page(
        f'<figure><img src="pier.jpg" alt="The new pier">{CAPTION}</figure>',
        above='<img src="ferry.jpg" alt="The *ferry*">',
        below='<figure><img src="church.jpg" alt="A [church] &amp; more"></figure>',
    )
    one, two, *rest = PARAGRAPHS
    markdown = Cleaner(images=True).label(source, url=ADDRESS).to_markdown()
    assert markdown.split("\n\n") == [
        r"![The \*ferry\*](https://courier.example/news/ferry.jpg)", one, two,
        "![The new pier](https://courier.example/news/pier.jpg)", *rest,
        r"![A \[church\] &amp; more](https://courier.example/news/church.jpg)",
    ]  # fmt: skip
    html = Cleaner(images=True).label(source).to_html()
    assert '<p><img alt="A [church] &amp; more" src="church.jpg"></p>' in html
    with_captions = Cleaner(images=True, also_keep=["caption"]).label(source).to_markdown()
    assert "![The new pier](pier.jpg)\n\nPassengers at the new pier." in with_captions


PLACES = {
    "between paragraphs": (page('<img src="a.jpg">'), ["a.jpg"]),
    "in a paragraph": (page('<p><img src="a.jpg"></p>'), ["a.jpg"]),
    "with a caption": (page(f'<figure><a href="/a"><img src="a.jpg"></a>{CAPTION}</figure>'), ["a.jpg"]),
    "below the byline": (page(above='<div><img src="a.jpg"></div>'), ["a.jpg"]),
    "below the article": (page(below=f'<figure><img src="a.jpg">{CAPTION}</figure>'), ["a.jpg"]),
    "twice": (page('<img src="a.jpg"><noscript><img src="a.jpg"></noscript>'), ["a.jpg"]),
    "in two sizes": (
        page('<picture><img src="a-2000.jpg" alt="pier"></picture><picture><img src="a.jpg" alt="pier"></picture>'),
        ["a-2000.jpg"],
    ),
    "beside the byline": (page(above='<div class="by"><img src="a.jpg"><span>By Mads Holm</span></div>'), []),
    "in a card": (
        page('<div class="related"><a href="/storm"><img src="a.jpg"><h4>Storm closes the coast road</h4></a></div>'),
        [],
    ),
    "behind the article": (
        page(outside='<div class="promo"><a href="/storm"><img src="a.jpg">Storm closes the coast road</a></div>'),
        [],
    ),
    "hidden": (page('<div hidden><img src="a.jpg"></div>'), []),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_the_place_of_a_picture(name):
    source, wanted = PLACES[name]
    assert pictures(source) == wanted


ATTRIBUTES = {
    'src="/a.jpg?w=1&amp;h=2"': ["https://courier.example/a.jpg?w=1&h=2"],
    'src="data:image/gif;base64,R0lG" data-src="a.jpg"': ["https://courier.example/news/a.jpg"],
    'src="low.jpg" data-lazy-src="//cdn.example/a.jpg"': ["https://cdn.example/a.jpg"],
    'src="low.jpg" srcset="a-300.jpg 300w, a-1200.jpg 1200w, a-600.jpg 600w"': [
        "https://courier.example/news/a-1200.jpg"
    ],
    'srcset="a.jpg"': ["https://courier.example/news/a.jpg"],
    'srcset="a.jpg, b.jpg 2x"': ["https://courier.example/news/b.jpg"],
    'data-srcset="https://c.example/w_300,h_9/a.jpg 300w,https://c.example/w_900,h_9/a.jpg 900w" src="x.jpg"': [
        "https://c.example/w_900,h_9/a.jpg"
    ],
    'src="a.jpg" width="640" height="100%"': ["https://courier.example/news/a.jpg"],
    'src="a.jpg" width="1" height="1"': [],
    'src="a.jpg" width="24px"': [],
    'src="a.jpg" class="wp-smiley emoji"': [],
    'src="a.jpg" class="avatar avatar-96"': [],
    'src="/img/icon-share.png"': [],
    'src="/tracking/pixel.gif?id=1"': [],
    'src="data:image/png;base64,iVBOR"': [],
    'src="javascript:alert(1)"': [],
    'src="java&#9;script:alert(1)"': [],
    'src="mailto:a@courier.example"': [],
    'src="blob:https://courier.example/1"': [],
    'src=""': [],
    "": [],
    'src="a.jpg" alt="iconic"': ["https://courier.example/news/a.jpg"],
    'src="/lexicon/emojis-explained.jpg"': ["https://courier.example/lexicon/emojis-explained.jpg"],
    f'src="/{"a" * 2_001}.jpg"': [],
}


@pytest.mark.parametrize("attributes", ATTRIBUTES, ids=lambda attributes: attributes[:40])
def test_the_address_of_a_picture(attributes):
    assert pictures(page(f"<figure><img {attributes}></figure>"), ADDRESS) == ATTRIBUTES[attributes]


def test_an_address_and_a_text_end_neither_attribute_nor_brackets():
    source = page("""<img src='a"><script>(b).jpg' alt='x"><script>alert(1)</script>](javascript:alert(1))'>""")
    doc = Cleaner(images=True).label(source)
    assert "<script" not in doc.to_html() + doc.to_markdown()
    assert "](javascript:" not in doc.to_markdown().replace("\\]", "")


def test_a_picture_between_cells_breaks_no_table():
    rows = "".join(f"<tr><td>Boat {n}</td><td><img src='b.jpg'></td><td>{n} passengers</td></tr>" for n in range(3))
    source = page(f"<table>{rows}</table>")
    assert Cleaner(images=True).label(source).to_markdown() == label(source).to_markdown()


def test_pictures_stay_in_lists_and_quotes():
    items = tuple(Block(text, tag="li", context=("ul", "li")) for text in ("The first boat.", "The second boat."))
    doc = Document(items, kind="html", images=(Image("b.jpg", "boat", 1), Image("c.jpg", "", 2)))
    assert doc.to_markdown() == "- The first boat.\n\n  ![boat](b.jpg)\n\n- The second boat.\n\n![](c.jpg)"
    quote = (Block("We had forgotten it.", context=("blockquote",)), Block("Not I.", context=("blockquote",)))
    assert "> ![](d.jpg)" in Document(quote, kind="html", images=(Image("d.jpg", before=1),)).to_markdown()


def test_a_plea_that_is_split_off_moves_no_picture():
    source = page('<img src="a.jpg">').replace(PARAGRAPHS[1], PARAGRAPHS[1] + " Sign up for our newsletter here.")
    doc = Cleaner(images=True).label(source)
    assert [block.label for block in doc.blocks].count(Label.SUBSCRIPTION) == 1
    markdown = doc.to_markdown().split("\n\n")
    assert markdown.index("![](a.jpg)") == markdown.index(PARAGRAPHS[2]) - 1


def test_the_pictures_of_an_article_in_the_page_s_data():
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:2]) + "<img src='a.jpg'>" + f"<p>{PARAGRAPHS[2]}</p>"
    script = json.dumps({"@type": "NewsArticle", "articleBody": body})
    source = (
        f'<title>Ferry to Skarn Island returns</title><script type="application/ld+json">{script}</script><div>x</div>'
    )
    assert pictures(source) == ["a.jpg"]


def test_the_number_of_pictures_is_limited():
    source = page("".join(f'<img src="{n}.jpg">' for n in range(MAX_IMAGES + 5)))
    assert len(segment(source, "html", images=True).images) == MAX_IMAGES


def test_an_older_document_has_none():
    data = Document((Block("One."),)).to_dict()
    assert Document.from_dict(data).images == ()


def test_the_command(tmp_path, capsys):
    file = tmp_path / "page.html"
    file.write_text(page('<figure><img src="a.jpg" alt="pier"></figure>'), "utf-8")
    assert main(["--markdown", "--images", str(file)]) == 0
    assert "![pier](a.jpg)" in capsys.readouterr().out
    assert main(["--markdown", str(file)]) == 0
    assert "![" not in capsys.readouterr().out


def test_the_option_shows():
    assert "images=True" in repr(Cleaner(images=True))
    assert "images" not in repr(Cleaner())


@pytest.mark.parametrize("part", ["a", "a" * 1_900 + " x ", "1w,", "a 1w,", "a,"], ids=lambda part: part[:5])
def test_of_a_long_srcset_only_the_beginning_is_read(part):
    def calls(srcset: str) -> int:
        return count_calls(lambda: segment(f'<p>x</p><img srcset="{srcset}">' * 20, "html", images=True))

    whole = part * (MAX_SRCSET // len(part) + 1)
    calls(whole)
    assert calls(whole * 4) <= calls(whole) + 500
