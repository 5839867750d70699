"""Generates hostile sources: kinds of input that have broken parsers, in sizes that show how time grows.

Each case names text that must be in some block of the result (``want``) and text that must not be in the output
(``reject``). The same seed gives the same bytes on every machine.
"""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

FIRST = "The harbour bell rang twice before the ferry for Skarn Island left the pier on Monday."
LAST = "Nobody on the landing could say who had painted the last of the forty boats green."
PROSE = (
    "The board met in the old customs house, since the new one has no heating and the evening was cold.",
    "Two of the captains said that the winter crossings had been the worst since the pier gave way.",
    "A loan pays for the repairs, and the island will pay it back over eleven years, the treasurer said.",
)
SECRET = "file-that-nobody-may-read"


@dataclass(frozen=True, slots=True)
class Case:
    """One source.

    ``name`` begins with the class of the case: ``nest/open/div/300``. Cases of one ``series`` are the same construct in
    several sizes; ``size`` is the number of its units. ``kind`` is passed to the library.
    """

    name: str
    source: str | bytes
    want: tuple[str, ...] = (FIRST, LAST)
    reject: tuple[str, ...] = ()
    series: str = ""
    size: int = 0
    kind: str = "auto"


def page(middle: str = "", head: str = "", first: str = FIRST, last: str = LAST) -> str:
    """A page; ``middle`` stands between the first and the last sentence of its article."""
    prose = "".join(f"<p>{text}</p>" for text in PROSE)
    return (
        f"<!doctype html><html><head><title>Ferry for Skarn</title>{head}</head><body><article><h1>Ferry for Skarn</h1>"
        f"<p>{first}</p>{prose}{middle}{prose}<p>{last}</p></article></body></html>"
    )


def article(middle: str = "") -> str:
    """A text; ``middle`` stands between its first and last sentence."""
    return "\n\n".join(part for part in (FIRST, *PROSE, middle, *PROSE, LAST) if part)


def cases(seed: int = 1, largest: int = 200_000) -> Iterator[Case]:
    """All cases. The last size of each series is close to ``largest`` bytes, at most twice that."""
    rng = random.Random(seed)
    for make in (nesting, width, runs, characters, encodings, markup, scripts, texts, page_data, degenerate):
        for case in make(largest):
            if len(case.source) <= 2 * largest:
                yield case
    yield from mutations(rng)


def _series(name: str, make: Callable[[int], str], unit: int, largest: int, **fields: object) -> Iterator[Case]:
    """One construct in three sizes: a quarter, a half and all of ``largest`` bytes. ``unit`` is in bytes."""
    for part in (4, 2, 1):
        n = max(largest // part // unit, 1)
        yield Case(f"{name}/{n}", make(n), series=name, size=n, **fields)  # type: ignore[arg-type]


NESTED = (
    "div span b i font ul table blockquote section a p em li details dl select button math svg ruby custom-box".split()
)


def nesting(largest: int) -> Iterator[Case]:
    """Nested elements, closed and never closed, before the rest of the article."""
    for tag in NESTED:
        unit = len(tag) + 2
        yield from _series(f"nest/open/{tag}", lambda n, t=tag: page(f"<{t}>" * n), unit, largest)
        yield from _series(
            f"nest/closed/{tag}", lambda n, t=tag: page(f"<{t}>" * n + f"</{t}>" * n), 2 * unit + 1, largest
        )
    for depth in (250, 254, 255, 256, 300, 1_000, 2_046, 2_100, 5_000):
        yield Case(f"nest/depth/{depth}", page("<div>" * depth + "<p>deep</p>" + "</div>" * depth))
    bare = "\n".join([FIRST, *PROSE, LAST])  # text outside of any element
    for name, text in (("above", "{bare}{nest}"), ("below", "{nest}{bare}")):
        make = lambda n, text=text: text.format(bare=bare, nest="<div></div>" + "<div>" * n)  # noqa: E731
        yield from _series(f"nest/bare/{name}", make, 5, largest, kind="html")
    pairs = "<table><tr><td>"
    yield from _series("nest/tables", lambda n: page(pairs * n), len(pairs), largest)
    mixed = "<b><i><p><a href=x><font>"
    yield from _series("nest/formatting", lambda n: page(mixed * n), len(mixed), largest)


def width(largest: int) -> Iterator[Case]:
    """Many siblings, attributes, classes, links."""
    for name, unit in (
        ("p", "<p>x"), ("br", "<br>"), ("div", "<div></div>"), ("li", "<li>x</li>"), ("a", "<a href=/x>x</a>"),
        ("td", "<td>1"), ("img", "<img src=x>"), ("meta", "<meta name=author content=x>"), ("h2", "<h2>x</h2>"),
        ("comment", "<!-- -->"), ("stray", "</p>"), ("option", "<option>x"), ("cell", "<table><tr><td>x</table>"),
        ("card", '<div class="newsletter card"><p>Sign up</p></div>'),
    ):  # fmt: skip
        yield from _series(f"width/{name}", lambda n, u=unit: page(u * n), len(unit), largest)
    yield from _series(
        "width/attributes", lambda n: page("<div " + "".join(f"a{k}=1 " for k in range(n)) + ">x</div>"), 8, largest
    )
    yield from _series("width/classes", lambda n: page(f'<div class="{"newsletter-box " * n}">x</div>'), 15, largest)
    yield from _series("width/class", lambda n: page(f'<div class="{"a-b_" * n}">x</div>'), 4, largest)
    yield from _series("width/head", lambda n: page(head="<link rel=x href=y>" * n), 19, largest)


UNITS = (
    " ", "\t", "\xa0", "a", "A", "ab ", "a,", ".", ". ", "-", "- ", "*", "_", "_a ", "**a", "[", "](", "![", "(", ")", '"', "“", "”",
    "'", "’", "|", "| ", "/", "\\", ":", "1", "12:30 ", "©", "@", "@a ", "#", "&", "&amp;", "&#65;", "%20", "Photo: ", "By ", "Share ",
    "Read more: ", "Sign up ", "said ", "according to ", "http://a.b/ ", "www.", "a@b.c ", "日", "。", "ก", "\u200b", "\u200d", "e\u0301",
    "\u202e", "\U0001f600", "\U000e0041", "\u0300", "a\u0300", "Ⅷ", "ß", "İ", "ﬁ",
)  # fmt: skip


def runs(largest: int) -> Iterator[Case]:
    """One unit repeated, as a line of a text, in a paragraph and in the head: backtracking patterns hang on these."""
    for number, unit in enumerate(UNITS):
        size = len(unit)
        yield from _series(f"run/text/{number}", lambda n, u=unit: article(u * n), size, largest, kind="text")
        escaped = unit.replace("<", "&lt;")
        yield from _series(f"run/page/{number}", lambda n, u=escaped: page(f"<p>{u * n}</p>"), size, largest)
    for name in ("author", "description", "title", "og:title", "date"):
        for unit in ("by ", "a ", "&", "1", "|", "，"):
            yield from _series(
                f"run/meta/{name}/{unit.strip() or 'space'}",
                lambda n, u=unit, m=name: page(head=f'<meta name="{m}" property="{m}" content="{u * n}">'),
                len(unit),
                largest,
            )


#: Characters in one case of :func:`characters`: few, so that the source does not look like binary data.
CODES = 4


def characters(_: int) -> Iterator[Case]:
    """Control characters, surrogates, noncharacters, bidirectional controls and broken entities."""
    # NEL (U+0085) is white space: it may come out as a line end.
    codes = [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xD800, 0xDFFF, 0xFDD0, 0xFFFE, 0xFFFF]
    codes += [0x202A, 0x202E, 0x2066, 0x2069, 0xE0041, 0x1FFFF]
    for start in range(0, len(codes), CODES):
        part = [chr(code) for code in codes[start : start + CODES]]
        reject = tuple(character for character in part if character != "\x85")
        lines = [f"one{character}two" for character in part]
        name = f"{codes[start]:05x}"
        yield Case(f"char/page/{name}", page("".join(f"<p>{line}</p>" for line in lines)), reject=reject)
        yield Case(f"char/text/{name}", article("\n\n".join(lines)), reject=reject, kind="text")
    for entity in ("&#0;", "&#xD800;", "&#x1F;", "&#xFFFF;", "&#x110000;", "&#99999999999;", "&nosuch;", "&#", "&#x"):
        yield Case(f"char/entity/{entity}", page(f"<p>one{entity}two</p>"))


CODECS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "cp1251", "koi8-r", "cp1250", "iso8859-2",
    "cp1253", "cp1255", "cp1256", "cp874", "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr",
)  # fmt: skip


def encodings(_: int) -> Iterator[Case]:
    """Encodings, declared and not, and declarations that lie."""
    for codec in CODECS:
        declared = page(head=f'<meta charset="{codec}">')
        yield Case(f"encoding/declared/{codec}", declared.encode(codec))
        yield Case(f"encoding/silent/{codec}", page().encode(codec))
    for lie in (
        "utf-99",
        "",
        "none",
        "rot13",
        "idna",
        "punycode",
        "unicode_escape",
        "x-user-defined",
        "utf-16",
        "\0",
        "a" * 1000,
    ):
        yield Case(f"encoding/lie/{lie[:12]!r}", page(head=f'<meta charset="{lie}">').encode())
    whole = page(middle="<p>Größe, naïve, žluťoučký kůň, 日本語の段落。</p>").encode()
    yield Case("encoding/one bad byte", whole.replace(b"forty", b"f\xe9orty", 1), want=(FIRST,))
    yield Case("encoding/latin-1 comment", whole.replace(b"</h1>", b"</h1><!-- \xe9\xe8 -->", 1))
    yield Case("encoding/cut", whole[:-300], want=(FIRST,))


def markup(_: int) -> Iterator[Case]:
    """Broken markup, and markup that refers to entities or files."""
    for end in ("</body>", "</html>", "</body></html>", "</article></body></html>", "</p></div></body>"):
        yield Case(f"markup/after {end}", page(end))
    for broken in (
        "<", "<p", "<p class=", "<p class='", "<!--", "<!-- --", "<![CDATA[", "<?", "<!", "</", "<a href='", "<script>", "<style>",
        "<textarea>", "<title>", "<noscript>", "<iframe>", "<xmp>", "<plaintext>", "<svg><style>", "<math><mi>", "<table><p>", "<select><p>",
        "<template><p>", "<frameset>", "<base href=//x>", "<isindex>", "<p>1 < 2 and vector<int></p>",
    ):  # fmt: skip
        yield Case(f"markup/{broken}", page(broken), want=(FIRST,))
    entity = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/{SECRET}"><!ENTITY y "yyyyyyyyyy">'
    entity += "".join(f'<!ENTITY y{k} "{f"&y{k - 1 if k else str()};" * 10}">' for k in range(8)) + "]>"
    yield Case("markup/entities", entity + page("<p>&x;&y7;</p>"), reject=(SECRET, "yyyyyyyyyyyyyyyyyyyy"))
    yield Case("markup/include", page('<xi:include href="file:///etc/passwd" parse="text"/>'), reject=("root:",))


LINKS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)",
    "&#106;avascript:alert(1)", "&#x6A;avascript:alert(1)", "javascript&colon;alert(1)", "vbscript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "feed:javascript:alert(1)", "//evil.example/javascript:alert(1)", "file:///etc/passwd", "\u2028javascript:alert(1)", "jar:x!/", "blob:x",
)  # fmt: skip


def scripts(_: int) -> Iterator[Case]:
    """Script injection: HTML and Markdown output must contain nothing that a browser would run."""
    for number, link in enumerate(LINKS):
        inside = f'<p>The bell is <a href="{link}">rung</a> by the keeper, who lives above the landing and sleeps little.</p>'
        yield Case(f"script/link/{number}", page(inside))
        yield Case(
            f"script/text/{number}", article(f"The bell is [rung]({link}) by the keeper, who lives above."), kind="text"
        )
    for number, active in enumerate(
        (
            "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<p onclick=alert(1)>x</p>",
            "<iframe src=javascript:alert(1)></iframe>", "<object data=x></object>", "<style>@import 'javascript:alert(1)'</style>",
            '<p style="background:url(javascript:alert(1))">x</p>', "&lt;script&gt;alert(1)&lt;/script&gt;", "<p>`<script>alert(1)</script>`</p>",
            "<pre>&lt;img src=x onerror=alert(1)&gt;</pre>", "<math><a xlink:href='javascript:alert(1)'>x</a></math>",
        )
    ):  # fmt: skip
        yield Case(f"script/active/{number}", page(f"{active}<p>{PROSE[0]}</p>"))


def texts(largest: int) -> Iterator[Case]:
    """Unusual plain text: one line, many lines, Markdown that is never closed."""
    yield from _series(
        "text/one line", lambda n: " ".join(PROSE[k % 3] for k in range(n)), 100, largest, want=(PROSE[0],), kind="text"
    )
    yield from _series("text/no sentence", lambda n: article("word " * n), 5, largest, kind="text")
    yield from _series(
        "text/lines", lambda n: article("\n".join(f"line {k}" for k in range(n))), 9, largest, kind="text"
    )
    yield from _series("text/same line", lambda n: article("Share this article\n" * n), 19, largest, kind="text")
    yield from _series("text/two lines", lambda n: article("one line\nand another\n" * n), 21, largest, kind="text")
    yield from _series("text/blank lines", lambda n: article("\n" * n), 1, largest, kind="text")
    yield from _series("text/bullets", lambda n: article("- item\n" * n), 7, largest, kind="text")
    yield from _series("text/headings", lambda n: article("# heading\n\n" * n), 11, largest, kind="text")
    yield from _series("text/rows", lambda n: article("| a | b |\n" * n), 10, largest, kind="text")
    yield from _series("text/fences", lambda n: article("```\ncode\n" * n), 9, largest, kind="text")
    yield from _series("text/links", lambda n: article("[a](b) " * n), 7, largest, kind="text")
    yield from _series("text/json", lambda n: article(json.dumps([{"key": "value"}] * n)), 18, largest, kind="text")
    yield from _series("text/emphasis", lambda n: article("*a* _b_ **c** " * n), 14, largest, kind="text")


def page_data(largest: int) -> Iterator[Case]:
    """Pages without text of their own, whose data are large, deep or many."""

    def shell(*scripts: str, kind: str) -> str:
        data = "".join(f'<script type="{kind}">{script}</script>' for script in scripts)
        return f"<title>The bell of the landing</title>{data}<div id=root></div>"

    for kind in ("application/ld+json", "application/json"):
        make = partial(shell, kind=kind)
        name = f"page-data/{kind[12:]}"
        body = json.dumps({"articleBody": " ".join(PROSE)})
        yield from _series(f"{name}/scripts", lambda n, m=make, b=body: m(*[b] * n), len(body) + 50, largest, want=())
        for unit, begin, middle, end in (
            ("one text", '{"articleBody": "', "The bell rang at nine. ", '"}'),
            ("one word", '{"articleBody": "', "a", '"}'),
            ("tags", '{"articleBody": "<p>', "<p ", '"}'),
            ("entities", '{"articleBody": "', "&amp;lt;p&amp;gt; x ", '"}'),
            ("paragraphs", '{"articleBody": [""', ', "The bell rang at nine in the evening."', "]}"),
            ("texts", '[{"articleBody": ""}', ', {"articleBody": "' + "The bell rang at nine. " * 12 + '"}', "]"),
            ("rich text", '{"blocks": [[]', ', {"content": [{"value": "The bell rang at nine."}]}', "]}"),
            ("json in json", '{"body": "[0', ', [\\"The bell rang at nine.\\"]', ']"}'),
            ("nested lists", "[0", ", [[[[[[[0]]]]]]]", "]"),
            ("deep", "", "[", ""),
            ("deep objects", "", '{"body": [', ""),
        ):
            yield from _series(
                f"{name}/{unit}",
                lambda n, m=make, b=begin, c=middle, e=end: m(b + c * n + e),
                len(middle),
                largest,
                want=(),
            )


def degenerate(_: int) -> Iterator[Case]:
    """Empty and nearly empty sources, binary data, malformed JSON-LD."""
    for name, source in {
        "empty": "", "no bytes": b"", "space": " \n\t ", "nul": "\0", "nuls": b"\0" * 1000, "bom": b"\xef\xbb\xbf", "bom16": b"\xff\xfe",
        "pdf": b"%PDF-1.7\n" + bytes(range(256)) * 20, "jpeg": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20,
        "gzip": gzip.compress(page().encode(), mtime=0), "random": random.Random(3).randbytes(20_000), "lt": "<", "comment": "<!-- x -->",
        "tag": "<p>", "surrogate": "\ud800", "surrogates": "\udc00" * 1000, "digits": "9" * 5000, "number": page(head=f"<meta name=date content={'9' * 5000}>"),
    }.items():  # fmt: skip
        yield Case(f"degenerate/{name}", source, want=())
    for name, block in {
        "null": "null", "number": "5", "list": "[[[]]]", "cut": '{"@type": "Article", "author": ', "deep": "[" * 5000 + "]" * 5000,
        "deep objects": '{"a":' * 5000 + "1" + "}" * 5000, "wrong types": '{"@type": 5, "author": [null, 3], "headline": {}, "datePublished": []}',
        "graph": '{"@graph": 5}', "digits": '{"wordCount": ' + "9" * 6000 + "}", "surrogate": '{"headline": "\\ud800"}', "nan": "[NaN, Infinity]",
    }.items():  # fmt: skip
        yield Case(f"json-ld/{name}", page(head=f'<script type="application/ld+json">{block}</script>'))


def mutations(rng: random.Random, pages: int = 20, each: int = 20) -> Iterator[Case]:
    """Pages with flipped, deleted, repeated, inserted and reversed bytes."""
    for number in range(pages):
        data = _made_page(rng).encode()
        for time in range(each):
            yield Case(f"mutation/{number}/{time}", _mutated(data, rng), want=())


def _made_page(rng: random.Random) -> str:
    parts = []
    for _ in range(rng.randrange(20, 80)):
        tag = rng.choice(("p", "div", "li", "h2", "td", "figcaption", "blockquote", "span", "a"))
        text = rng.choice(
            (*PROSE, "Share this", "Photo: Odd Brekke / Reuters", "Größe 42 – «ja»", "関連記事", "5 min read")
        )
        parts.append(f'<{tag} class="{rng.choice(("story", "card", "newsletter", "meta"))}">{text}</{tag}>')
    return page("".join(parts))


def _mutated(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randrange(1, 40)):
        at, other = rng.randrange(len(out)), rng.randrange(len(out))
        low, high = min(at, other), min(max(at, other), min(at, other) + 400)
        match rng.randrange(5):
            case 0:
                out[at] ^= 1 << rng.randrange(8)
            case 1:
                del out[low:high]
            case 2:
                out[at:at] = out[low:high]
            case 3:
                out[at:at] = rng.choice(
                    (b"<", b">", b'"', b"\0", b"\xff", b"&", b"<!--", b"</html>", b"]]>", b"\xed\xa0\x80")
                )
            case _:
                out[low:high] = out[low:high][::-1]
        if len(out) < 100:
            return bytes(out)
    return bytes(out)
