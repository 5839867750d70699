"""Web addresses: the one that a page's relative links start from, and a link made absolute."""

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from cleaner.text.characters import strip_unsafe_chars

#: RFC 3986, 3.1. What begins with one is absolute, or no web address at all.
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BREAKS: Final = re.compile(r"[\t\r\n]")  # browsers drop them


def base_url(url: str, base: str = "", canonical: str = "") -> str:
    """The address that the relative links of a page are resolved against; "" where none is known.

    ``url`` is where the page was fetched, ``canonical`` the page's own word for it, which counts where ``url`` is no
    http(s) address. ``base`` is the href of the page's ``<base>``, itself resolved against the address of the page.

    >>> base_url("https://courier.example/news/ferry.html", "/archive/")
    'https://courier.example/archive/'
    >>> base_url("", "javascript:alert(1)", "https://courier.example/ferry")
    'https://courier.example/ferry'
    """
    page = _http(url) or _http(canonical)
    return (_http(resolve(base, page)) if base.strip() else "") or page


def has_scheme(address: str) -> bool:
    """Whether an address begins with a scheme, such as ``https:`` or ``mailto:``.

    >>> has_scheme("mailto:ann@courier.example"), has_scheme("/news/ferry.html")
    (True, False)
    """
    return _SCHEME.match(address) is not None


def resolve(href: str, base: str) -> str:
    """A link's address made absolute; unchanged where it has a scheme, or cannot be resolved.

    >>> resolve("../skarn?day=2#top", "https://courier.example/news/ferry.html")
    'https://courier.example/skarn?day=2#top'
    >>> resolve("mailto:ann@courier.example", "https://courier.example/")
    'mailto:ann@courier.example'
    >>> resolve("/skarn", "")
    '/skarn'
    """
    if not base or has_scheme(href):
        return href
    try:
        return urljoin(base, href)
    except ValueError:  # brackets that hold no IPv6 address
        return href


def _http(address: str) -> str:
    """The address where it is one of http or https with a host, or ""."""
    address = _BREAKS.sub("", strip_unsafe_chars(address)).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""
