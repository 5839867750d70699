"""Where the links of a block lead: to other pages of the site, or elsewhere."""

from urllib.parse import urlsplit

from cleaner.segment.page import RawBlock
from cleaner.text.addresses import has_scheme


def link_targets(block: RawBlock) -> list[str]:
    """The addresses that a block links to."""
    return [target for _, _, kind, target in block.markup if kind == "a" and target]


def lead_on_site(block: RawBlock, host: str) -> bool:
    """Whether a block has links, and all of them lead to other pages of the site with this host."""
    targets = link_targets(block)
    return bool(targets) and all(stays_on_site(target, host) for target in targets)


def stays_on_site(target: str, host: str) -> bool:
    """Whether a link leads to another page of the site with this host; "" for one that is not known: then only relative
    links do. An anchor stays on the page, and an address of mail leads to none.
    """
    if target.startswith("#") or (has_scheme(target) and not target.lower().startswith(("http:", "https:"))):
        return False
    linked = host_of(target)
    return not linked or linked == host or linked.endswith("." + host) or host.endswith("." + linked)


def host_of(address: str) -> str:
    """The host of an address without "www."; "" where it has none."""
    if "//" not in address:  # most links of a page
        return ""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
