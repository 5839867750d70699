"""Which site, and which part of it, an address belongs to."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from cleaner.text.characters import encodable

#: Host names of a site's own front that name no part of it.
_FRONT: Final = re.compile(r"(?:www\d?|m|mobile|amp)\.")
_LETTER: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands: its ``site``, as ``example.org``, and the ``section`` of the site.

    The section is the rest of the host and the first folder of the path (``news.example.org``, ``example.org/sport``);
    "" where the address has neither. A folder without letters, such as a year, names no section.
    """

    site: str
    section: str = ""

    @property
    def section_number(self) -> int:
        """The section as 32 bits of a hash; 0 for none."""
        if not self.section:
            return 0
        return int.from_bytes(hashlib.blake2b(self.section.encode(), digest_size=4).digest(), "little")


@lru_cache(maxsize=4096)
def place_of(url: str) -> Place | None:
    """The place of an address; None where it has no host that UTF-8 can encode.

    The site is the part of the host that somebody registered, by the public suffix list, its private part included:
    each blog of a host of blogs is a site. Hosts that the list does not cover, such as IP addresses, are sites of their
    own.

    >>> place_of("https://www.example.co.uk/sport/2026/cup.html")
    Place(site='example.co.uk', section='example.co.uk/sport')
    >>> place_of("https://harbour.blogspot.com/ferry"), place_of("ferry.html")
    (Place(site='harbour.blogspot.com', section=''), None)
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:  # brackets that hold no IPv6 address
        return None
    if not host or host != encodable(host) or parts.scheme not in ("http", "https", ""):
        return None
    site = _registered(host)
    folder, _, below = parts.path.lstrip("/").partition("/")
    of_host = host if host != site and not _FRONT.fullmatch(host.removesuffix(site)) else ""
    of_path = f"/{encodable(folder.casefold())}" if below and _LETTER.search(folder) else ""
    return Place(site, (of_host or site) + of_path if of_host or of_path else "")


def _registered(host: str) -> str:
    """The part of a host that somebody registered; the host itself where the public suffix list does not cover it, and
    where it is a suffix (``github.io``).
    """
    from tld import parse_tld  # 0.2 s with its list: only who uses a memory needs it

    suffix, name, _ = parse_tld(f"https://{host}", fail_silently=True, search_private=True)
    return f"{name}.{suffix}" if suffix and name and suffix != host else host
