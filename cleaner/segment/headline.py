"""The headline of a page: its title without the name of the site.

A page states its title up to four times in its metadata (JSON-LD, Open Graph, Twitter, ``<title>``) and mostly once
more in a heading. In the metadata the site's name and section are often part of it, and search engines may get a
wording of their own; a heading may be the site's logo. So the choice goes by agreement: what stands both in the
metadata and on the page is the headline.

Exact matches with the gold title, except for case, white space, quotes and dashes:

=====================================  =====  ========  ================  ==========
pages                                     of  headline  metadata's title  first <h1>
=====================================  =====  ========  ================  ==========
WCXB, development split (2025)         1,358     1,091               592         896
static sites, 20 languages (2014-26)   1,163     1,028               684         844
news in many languages (2011-12)         877       783               340         484
blogs and news (2012)                    844       783               347         429
=====================================  =====  ========  ================  ==========

On the first set trafilatura 2.3.1 has 673 matches. Without step 2 of :func:`headline` 88 of 5,254 pages are lost,
without step 3 146.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final
from urllib.parse import urlsplit

from cleaner.segment.html_metadata import MAX_FIELD, Info, is_article
from cleaner.segment.page import RawBlock
from cleaner.text.structure import LEVELS
from cleaner.text.words import UNSPACED_CLASS

#: Between the parts of a title. A bar always separates, a dash or slash between spaces; after a character of a script
#: without spaces, a hyphen, a dash or a low line separates as well.
_SEPARATOR: Final = re.compile(
    rf"(\s+[|\-–—―·•∙⋅‧・›»«‹:~/｜]+\s+|\s*[|｜]\s*|\s*::\s*|(?<=[{UNSPACED_CLASS}”」』）？！])[-_—]+)"
)
_COLON: Final = re.compile(r":\s+")
_WORD: Final = re.compile(r"\w+")
_NO_WORD: Final = re.compile(r"[\W_]+")
#: Separators with nothing on their other side, which are removed from the beginning of a title or heading, and from its
#: end if a space stands before them.
_LEADING: Final = " :|–—·•»›>"
_TRAILING: Final = " |–—·•-"
#: Characters that documentation puts behind a heading as the link to it; icons of a font (U+E000-F8FF) are others.
_PERMALINKS: Final = "¶§🔗#\ufe0f"

#: Words by which the last part of a title may be longer than the site's name ("Courier" and "Courier Sport"). With 1 or
#: none 8 of 1,358 pages are lost.
MAX_EXTRA_WORDS: Final = 2
#: Letters and digits of the shortest name that is searched for in a longer one.
MIN_NAME: Final = 3
#: Words, or letters and digits, of the shortest part of a title that is the headline where it is also a block of the
#: page but no ``<h1>``: shorter blocks are often entries of menus.
MIN_WORDS: Final = 2
MIN_LETTERS: Final = 9
#: The same for a part in the middle or at the end of a title where the block is no heading, in words.
MIN_INNER_WORDS: Final = 3
#: Limits on the parts of a title, the blocks from the top of the page, and the names of the site that are compared:
#: real pages stay below, and hostile ones cannot cost much time.
MAX_PARTS: Final = 12
MAX_BLOCKS: Final = 2_000
MAX_NAMES: Final = 20
#: Share of an h1's words that the titles must hold where it equals no part of them. On an article any word will do: the
#: titles that it has for search engines are freely worded. (With .3 or .7 for all pages 10 of 1,358 are lost.)
MIN_SHARED: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Site:
    """The names of a page's site: their words, the keys of its host, and the keys of both without "The"."""

    names: tuple[tuple[str, ...], ...]
    hosts: frozenset[str]
    keys: frozenset[str]

    def is_name(self, part: str) -> bool:
        """Whether a part of a title is the site's name and no more."""
        return _key(part).removeprefix("the") in self.keys

    def is_site(self, part: str) -> bool:
        """Whether a part of a title names the site: by its name, a section or a short form of it."""
        if self.is_name(part):
            return True
        words = _words(part)
        return any(_same_name(words, name) for name in self.names) or any(_of_host(words, host) for host in self.hosts)


def headline(info: Info, blocks: Sequence[RawBlock]) -> str:
    """The headline of a page; "" where it is not known.

    ``info`` is the metadata, ``blocks`` are the blocks of the page. The headline is, in this order,

    1. an ``<h1>`` that equals one of the titles, without the site's name;
    2. a heading that equals some parts of one;
    3. some parts of a title that are a block of the page;
    4. the ``<h1>`` that shares most words with the titles, if that is half of its own (:data:`MIN_SHARED`);
    5. the first title, without the site's name.

    Where the metadata have no title, as those of a fragment, it is the ``<h1>`` if there is only one.

    >>> info = Info(titles=("Ferry returns to Skarn - Skarn Courier",), sites=("Skarn Courier",))
    >>> headline(info, [])
    'Ferry returns to Skarn'
    """
    titles = [title for title in dict.fromkeys(map(_clean, dict.fromkeys(info.titles))) if _key(title)]
    blocks = blocks[:MAX_BLOCKS]
    headings = [block for block in blocks if block.tag in LEVELS]
    site = _site(info, titles)
    h1s = [text for text in (_clean(block.plain[:MAX_FIELD]) for block in headings if block.tag == "h1") if _key(text)]
    h1s = [h1 for h1 in h1s if not site.is_name(h1)]
    if not titles:
        return h1s[0] if len(set(map(_key, h1s))) == 1 else ""
    bare = list(dict.fromkeys(_without_site(title, site) for title in titles))
    found = (
        _whole_title(h1s, bare, site)
        or _heading_in_title(headings, dict.fromkeys((*bare, *titles)), site)
        or _block_in_title(blocks, bare, site)
        or _most_shared(h1s, bare, 0.0 if is_article(info.types) else MIN_SHARED)
    )
    return _without_site(found, site, whole_names=True) if found else bare[0]


def _whole_title(h1s: Sequence[str], bare: Sequence[str], site: _Site) -> str:
    """The first h1 that equals a title."""
    keys = set(map(_key, bare))
    return next((h1 for h1 in h1s if _key(h1) in keys or _key(_without_site(h1, site)) in keys), "")


def _heading_in_title(headings: Sequence[RawBlock], titles: Iterable[str], site: _Site) -> str:
    """The heading that equals parts of a title.

    Of several, the last on the page that is at least half as long as the longest: the site and the section have their
    headings above the article, and mostly shorter ones.
    """
    parts = {_key(part) for title in titles for part in _parts(title)}
    found: dict[str, str] = {}
    for block in _short(headings, parts):
        text = _clean(block.plain)
        key = _key(text)
        if key in parts and not site.is_name(text) and (block.tag == "h1" or _may_be_headline(text, site)):
            found.setdefault(key, text)
    longest = max(map(len, found), default=0)
    return next((text for key, text in reversed(found.items()) if 2 * len(key) >= longest), "")


def _block_in_title(blocks: Sequence[RawBlock], bare: Sequence[str], site: _Site) -> str:
    """The parts of a title that are a block of the page: the longest at the beginning of one, or else the longest."""
    first = [part for title in bare for part in _first_parts(title) if len(_words(part)) >= MIN_WORDS]
    inner = [part for title in bare for part in _parts(title) if len(_words(part)) >= MIN_INNER_WORDS]
    keys = {_key(_clean(block.plain)) for block in _short(blocks, (*first, *inner))}
    inner = [part for part in inner if _key(part) in keys and not site.is_site(part)]
    return next((part for part in first if _key(part) in keys), "") or max(inner, key=len, default="")


def _short(blocks: Sequence[RawBlock], parts: Iterable[str]) -> Iterator[RawBlock]:
    """The blocks of about the length of the parts of titles: longer and shorter ones cannot equal any."""
    lengths = [len(_key(part)) for part in parts]
    shortest, longest = min(lengths, default=1), 2 * max(lengths, default=0)
    return (block for block in blocks if shortest <= len(block.plain) <= longest)


def _most_shared(h1s: Sequence[str], bare: Sequence[str], least: float) -> str:
    """The h1 of which the titles hold the largest share of words, of equal ones the first."""
    words = {word for title in bare for word in _words(title)}
    shares = [len(own & words) / len(own) if (own := set(_words(h1))) else 0.0 for h1 in h1s]
    best = max(shares, default=0.0)
    return h1s[shares.index(best)] if best > 0 and best >= least else ""


def _without_site(title: str, site: _Site, *, whole_names: bool = False) -> str:
    """The title without the parts at its ends that name the site.

    A part before a separator or a colon is removed only if it is the whole name, since headlines may begin with a name;
    with ``whole_names``, so is a part at the end. A title that is nothing but the name stays.
    """
    names_site = site.is_name if whole_names else site.is_site
    parts = _SEPARATOR.split(title)
    while len(parts) > 1:
        if names_site(parts[-1]):
            parts = parts[:-2]
        elif site.is_name(parts[0]):
            parts = parts[2:]
        else:
            break
    bare = "".join(parts).strip()
    colon = _COLON.search(bare)
    if colon and site.is_name(bare[: colon.start()]):
        bare = bare[colon.end() :]
    return bare if _key(bare) else title


def _parts(title: str) -> Iterator[str]:
    """Every run of parts of a title, and what stands behind its first colon."""
    split = _SEPARATOR.split(title)[: 2 * MAX_PARTS]
    for start, end in combinations(range(0, len(split) + 2, 2), 2):
        yield "".join(split[start : end - 1])
    colon = _COLON.search(title)
    if colon:
        yield title[colon.end() :]


def _first_parts(title: str) -> Iterator[str]:
    """The whole title, and what is left when one part after the other is taken from its end."""
    split = _SEPARATOR.split(title)[: 2 * MAX_PARTS]
    for end in range(len(split) | 1, 0, -2):
        yield "".join(split[:end])


def _may_be_headline(text: str, site: _Site) -> bool:
    return (len(_words(text)) >= MIN_WORDS or len(_key(text)) >= MIN_LETTERS) and not site.is_site(text)


def _site(info: Info, titles: Sequence[str]) -> _Site:
    # Some pages give their own title as the name of the site; a short name may be the title of a home page.
    whole = {_key(title) for title in titles if len(_words(title)) > MAX_EXTRA_WORDS + 1}
    names = [name for name in map(_clean, info.sites[:MAX_NAMES]) if _key(name) and _key(name) not in whole]
    words = tuple(tuple(_words(name)) for name in names)
    hosts = _host_keys(info.metadata.url)
    return _Site(words, hosts, frozenset(key.removeprefix("the") for key in (*hosts, *map(_key, names))))


def _host_keys(url: str) -> frozenset[str]:
    """The keys of an address's host: the whole host, and the label that names the site.

    >>> sorted(_host_keys("https://www.skarn-courier.co.uk/ferry"))
    ['skarncourier', 'skarncouriercouk']
    """
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return frozenset()
    *labels, _ = host.split(".")
    if len(labels) > 1 and len(labels[-1]) <= 3:  # a part of the suffix: co.uk, com.au
        del labels[-1]
    name = labels[-1] if labels else ""
    return frozenset({_key(host), _key(name)} - {""})


def _same_name(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether words are a name with few words more, or the first or last words of one."""
    short, long = sorted((tuple(words), tuple(name)), key=len)
    if len("".join(short)) < MIN_NAME or len(words) > len(name) + MAX_EXTRA_WORDS:
        return False
    return long[: len(short)] == short or long[-len(short) :] == short


def _of_host(words: Sequence[str], host: str) -> bool:
    """Whether words name a host: ``host`` begins with them, they with it, or it is most of them or their initials."""
    key = "".join(words)
    if len(host) > MIN_NAME and key.startswith(host) and len(words) <= 2 + MAX_EXTRA_WORDS:
        return True
    if len(key) > MIN_NAME + 1 and host.startswith(key):
        return True
    if len(host) > MIN_NAME + 1 and host in key and 2 * len(host) >= len(key):
        return True
    return len(words) >= MIN_NAME and host == "".join(word[0] for word in words)


def _clean(text: str) -> str:
    r"""A title or heading on one line, without separators at its ends and without the mark of a link to itself.

    >>> _clean(": Ferry  returns |"), _clean("Timetable¶"), _clean("Timetable #"), _clean("C#"), _clean("C# \ue0c1")
    ('Ferry returns', 'Timetable', 'Timetable', 'C#', 'C#')
    """
    text = " ".join(text.split())
    end = len(text)
    while end and (text[end - 1] in _PERMALINKS or "\ue000" <= text[end - 1] <= "\uf8ff"):
        end -= 1
    if text[end : end + 1] != "#" or text[end - 1 : end] == " ":  # "C#" is a word
        text = text[:end].rstrip()
    bare = text.rstrip(_TRAILING)
    return (bare if text[len(bare) : len(bare) + 1] == " " else text).lstrip(_LEADING)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


@lru_cache(maxsize=64)  # a page states its title several times, and each is compared several times
def _key(text: str) -> str:
    """The letters and digits of a text in lower case: what it is compared by."""
    return _NO_WORD.sub("", text.casefold())
