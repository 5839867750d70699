"""The pictures of a page: where they stand, and which of their addresses is the picture itself.

Pictures have no text. They are beside the blocks and not among them, so neither features nor rules see them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cleaner.text.characters import one_line

#: Pictures of a page that are recorded.
MAX_IMAGES: Final = 2_000
#: Characters of the longest address, of the longest ``srcset`` that is read, and of the longest alternative text.
MAX_ADDRESS: Final = 2_000
MAX_SRCSET: Final = 8_000
MAX_ALT: Final = 1_000
#: A picture that declares a width or height below this many pixels is an icon.
MIN_PIXELS: Final = 64

#: Elements that are pictures.
IMAGE_TAGS: Final = frozenset({"img", "amp-img"})
#: Attributes in which pages that load pictures late keep the address, and the candidates for several widths.
_LAZY: Final = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-orig-file")
_SETS: Final = ("data-srcset", "data-lazy-srcset", "srcset")
#: A width or density in a ``srcset``, and the next address, where only a comma stands between them.
_DESCRIPTOR: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)[wx](?:,(.*))?$", re.DOTALL)
_PIXELS: Final = re.compile(r"\s{0,9}(\d{1,6})(?:\.\d{1,9})?\s{0,9}(?:px)?\s{0,9}$")
#: Words in the class or id of a picture, or of a file's name, that is no picture of the article.
_ICON: Final = re.compile(
    r"(?<![a-z])(?:avatar|gravatar|emoji|smiley|smilies|wp-smiley|icon|icons|logo|sprite|spinner|pixel|tracking|tracker"
    r"|beacon|spacer|blank|1x1|badge|arrow|arrows)(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RawImage:
    """A picture of a page. ``before`` is the number of blocks above it, ``node`` the innermost element around it."""

    src: str
    alt: str
    before: int
    node: int


def read_image(attrs: Mapping[str, str], before: int, node: int) -> RawImage | None:
    """The picture of an ``<img>``; None for an icon, a tracking pixel, an emoji, an avatar, or one without address."""
    if any(_is_small(attrs.get(name, "")) for name in ("width", "height")):
        return None
    src = _address(attrs)
    names = f"{attrs.get('class', '')[:500]} {attrs.get('id', '')[:100]} {src.partition('?')[0].rpartition('/')[2]}"
    if not src or _ICON.search(names):
        return None
    return RawImage(src, one_line(attrs.get("alt", "")[:MAX_ALT]), before, node)


def _address(attrs: Mapping[str, str]) -> str:
    """The address of the picture itself. ``src`` counts last: it may be that of a placeholder."""
    for name in _LAZY:
        if address := _usable(attrs.get(name, "")):
            return address
    for name in _SETS:
        if name in attrs and (address := _usable(_largest(attrs[name][:MAX_SRCSET]))):
            return address
    return _usable(attrs.get("src", ""))


def _usable(address: str) -> str:
    address = address[: MAX_ADDRESS + 1].strip()
    is_usable = len(address) <= MAX_ADDRESS and not address.lower().startswith(("data:", "about:", "blob:", "#"))
    return address if is_usable else ""


def _largest(srcset: str) -> str:
    """The address of the widest or densest picture in a ``srcset``."""
    largest, best = 0.0, ""
    address = ""
    for token in srcset.split():
        match = _DESCRIPTOR.match(token) if address else None
        if match is None:
            if address and not best:  # one without a width
                best = address
            address = token.rstrip(",")
            continue
        if float(match[1]) > largest:
            largest, best = float(match[1]), address
        address = match[2] or ""
    return best or address


def _is_small(length: str) -> bool:
    match = _PIXELS.match(length[:30])
    return match is not None and int(match[1]) < MIN_PIXELS
